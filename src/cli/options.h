/*
 * One table of commands and one of options: usage, help and parsing all come from it.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "pipeline/options.h"

struct cli_command {
	const char *name;
	const char *args; /* for the usage line */
	const char *summary; /* one line */
	bool takes_words; /* behind the command, beside options */
	int (*run)(const struct options *o, int *status, struct err *e);
};

struct cli_option {
	char letter; /* 0 if it has none */
	const char *name;
	const char *arg; /* NULL if it takes none; in [brackets] if it may be left out */
	const char *help;
	const char *commands; /* that it goes with: "run, ingest"; NULL: all */
	int (*set)(
	    const struct cli_option *option, struct options *o, const char *value, struct err *e);
	size_t field; /* offset of the member of struct options that it sets */
	unsigned least; /* of a number, likewise below */
	unsigned most;
	const char *unit; /* "MiB" */
};

extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;
extern const struct cli_option cli_options[];
extern const size_t cli_option_count;

/*
 * Reads the words behind the program's name; what is no option becomes an argument, in *argv's own
 * array; lists live in `a`. Defaults first. What the command does not take is refused; whether
 * there is such a command, and what its arguments mean, is not looked at. ERR_USAGE with a hint.
 */
int cli_parse(struct arena *a, int argc, char **argv, struct options *o, struct err *e);

const struct cli_command *cli_find_command(const char *name);

bool cli_is_option_of(const struct cli_option *option, const char *command);

/* `help`, `help COMMAND`, `help rejects`, `help exit`. False if there is no such topic. */
bool cli_help(const char *topic, FILE *out);

#endif
