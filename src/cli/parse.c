/*
 * Reading the command line by the table of options: see options.h.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/options.h"
#include "model/time.h"

static const struct cli_option *
find_long(const char *word, size_t len)
{
	for (size_t i = 0; i < cli_option_count; i++)
		if (strlen(cli_options[i].name) == len &&
		    strncmp(cli_options[i].name, word, len) == 0)
			return &cli_options[i];
	return NULL;
}

static const struct cli_option *
find_short(char letter)
{
	for (size_t i = 0; i < cli_option_count; i++)
		if (letter != '\0' && cli_options[i].letter == letter)
			return &cli_options[i];
	return NULL;
}

struct words {
	char **at;
	char **end;
	struct list given; /* const struct cli_option * */
};

/* A variable of the shell that is not set. For libpq it is a database like any other. */
static bool
is_forgotten(const struct cli_option *option, const char *value)
{
	return value != NULL && value[0] == '\0' && strcmp(option->arg, "CONNINFO") != 0;
}

/* The option's value: behind `=`, behind the letter, or the next word. */
static int
set_option(struct options *o, const struct cli_option *option, const char *value, struct words *w,
    struct err *e)
{
	if (option->arg == NULL && value != NULL)
		return err_set(e, ERR_USAGE, "--%s takes no value", option->name);
	if (option->arg != NULL && option->arg[0] != '[' && value == NULL) {
		if (w->at == w->end)
			return err_set(e, ERR_USAGE, "--%s needs %s", option->name, option->arg);
		value = *w->at++;
	}
	if (is_forgotten(option, value)) {
		err_set(e, ERR_USAGE, "--%s: the value is empty", option->name);
		return err_hint(e, "is a variable of the shell not set?");
	}
	list_add(o->arena, &w->given, (void *)option);
	return option->set(option, o, value, e);
}

static int
parse_option(struct options *o, const char *word, struct words *w, struct err *e)
{
	const struct cli_option *option;
	const char *value = NULL;

	if (word[1] == '-') {
		size_t len = strcspn(word + 2, "=");

		option = find_long(word + 2, len);
		value = word[2 + len] == '=' ? word + 3 + len : NULL;
	} else {
		option = find_short(word[1]);
		value = word[2] == '\0' ? NULL : word + 2;
	}
	if (option == NULL) {
		err_set(e, ERR_USAGE, "there is no option %s", word);
		return err_hint(e, "coexsync help shows them");
	}
	return set_option(o, option, value, w, e);
}

/* Left out in silence, `report --rebuild` or `status 4711` would seem to have been done. */
static int
check_command(const struct options *o, const struct list *given, struct err *e)
{
	const struct cli_command *command = cli_find_command(o->command);

	if (command == NULL || o->wants_help)
		return 0;
	for (size_t i = 0; i < given->count; i++) {
		const struct cli_option *option = given->items[i];

		if (cli_is_option_of(option, command->name))
			continue;
		err_set(e, ERR_USAGE, "--%s does not go with %s", option->name, command->name);
		return err_hint(e, "it goes with %s", option->commands);
	}
	if (o->arg_count > 0 && !command->takes_words) {
		err_set(e, ERR_USAGE, "%s takes no argument: %s", command->name, o->args[0]);
		return err_hint(e, "coexsync help %s shows what it takes", command->name);
	}
	return 0;
}

/* A mistake before the option that says how is told so, too. */
static void
look_for_log_format(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--log-format=json") == 0 ||
		    (strcmp(argv[i], "--log-format") == 0 && i + 1 < argc &&
			strcmp(argv[i + 1], "json") == 0))
			log_set_format(LOG_JSON);
}

int
cli_parse(struct arena *a, int argc, char **argv, struct options *o, struct err *e)
{
	struct words w = {argv + 1, argv + argc, {0}};
	char **kept = argv + 1;
	bool has_options = true;

	*o = (struct options){
	    .onboarded_at_us = TIME_NONE,
	    .as_of = {clock_now_us(), AS_OF_MAX_AGE_HOURS, AS_OF_ID_LIFE_HOURS},
	    .jobs = 2,
	    .batch_rows = 32000,
	    .max_payload_bytes = (uint64_t)16 << 20,
	    .retry_seconds = 300,
	    .keeps_raw = true,
	    .max_media_bytes = (uint64_t)100 << 20,
	    .parallel = 8,
	    .rate = 20,
	    .timeout_seconds = 30,
	    .deadline_us = TIME_NONE,
	    .arena = a,
	};
	look_for_log_format(argc, argv);
	while (w.at < w.end) {
		char *word = *w.at++;

		if (has_options && strcmp(word, "--") == 0)
			has_options = false;
		else if (has_options && word[0] == '-' && word[1] != '\0') {
			if (parse_option(o, word, &w, e) != 0)
				return -1;
		} else
			*kept++ = word;
	}
	if (kept > argv + 1) {
		o->command = argv[1];
		o->args = argv + 2;
		o->arg_count = (size_t)(kept - argv) - 2;
		return check_command(o, &w.given, e);
	}
	return 0;
}
