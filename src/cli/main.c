/*
 * The program: reads the command line, calls one command, turns its outcome into an exit code.
 * The only code that ends the process.
 */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/log.h"
#include "cli/options.h"
#include "pipeline/pipeline.h"
#include "pipeline/secret.h"

static int
fail(const struct err *e)
{
	log_error(e);
	return pipeline_exit_code(e);
}

static int
print_version(bool is_json)
{
	if (is_json)
		printf("{\"name\":\"coexsync\",\"version\":\"%s\"}\n", COEXSYNC_VERSION);
	else
		puts("coexsync " COEXSYNC_VERSION);
	return 0;
}

static int
print_help(const struct options *o, struct err *e)
{
	const char *topic = o->arg_count > 0 ? o->args[0] : NULL;

	if (cli_help(topic, stdout))
		return 0;
	err_set(e, ERR_USAGE, "there is no help about %s", topic);
	err_hint(e, "coexsync help shows the topics");
	return fail(e);
}

static int
run_command(const struct options *o, struct err *e)
{
	const struct cli_command *command = cli_find_command(o->command);
	int status = 0;

	if (command == NULL) {
		err_set(e, ERR_USAGE, "there is no command %s", o->command);
		err_hint(e, "coexsync help shows them");
		return fail(e);
	}
	if (o->wants_help) {
		cli_help(command->name, stdout);
		return 0;
	}
	if (strcmp(command->name, "version") == 0)
		return print_version(o->is_json);
	if (strcmp(command->name, "help") == 0)
		return print_help(o, e);
	/* a lost connection, and a file that may not grow, are errors to handle, not a death */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return command->run(o, &status, e) != 0 ? fail(e) : status;
}

/* What is still to be written may not get there: then nothing went well. */
static int
flush(int code, struct err *e)
{
	if (code >= ERR_USAGE || fflush(stdout) == 0)
		return code;
	err_sys(e, ERR_IO, "cannot write to standard output");
	return fail(e);
}

/* Where one of the three is closed, no file or connection may get its number, and what is written
 * to it into itself: a reading end for those that are written, and the other way round. */
static bool
hold_standard_streams(void)
{
	static const int flags[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) != fd)
			return false;
	return true;
}

/* What is made is read again, some of it at once: a umask may not keep it from who has made it. */
static void
keep_own_rights(void)
{
	mode_t mask = umask(0);

	umask(mask & ~(mode_t)S_IRWXU);
}

/*
 * The token leaves the environment at once: a private server and other children must not inherit
 * it, and /proc shows the environment to whoever may look. In the arena, NULL without.
 */
static const char *
take_token(struct arena *a)
{
	char *value = getenv("COEXSYNC_TOKEN");
	struct str token = arena_copy(a, str_of(value));

	if (value != NULL) {
		secret_leave_no_core();
		explicit_bzero(value, strlen(value));
	}
	unsetenv("COEXSYNC_TOKEN");
	return str_is_empty(token) ? NULL : token.ptr;
}

/* Large pieces go back to the system when they are freed. By default glibc keeps them from the
 * second on, and memory grows with the length of an import. */
static void
keep_memory_flat(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 256 << 10);
#endif
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	const char *token = take_token(a);
	struct options options;
	struct err e = {0};
	int code;

	if (!hold_standard_streams())
		return ERR_IO;
	keep_own_rights();
	keep_memory_flat();
	/* characters as UTF-8 whatever the environment says; libarchive crashes without */
	if (setlocale(LC_CTYPE, "") == NULL || strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	if (cli_parse(a, argc, argv, &options, &e) != 0) {
		code = fail(&e);
	} else if (options.wants_version) {
		code = print_version(options.is_json);
	} else if (options.command == NULL) {
		cli_help(NULL, options.wants_help ? stdout : stderr);
		code = options.wants_help ? 0 : ERR_USAGE;
	} else {
		options.token = token;
		options.conninfo = secret_hide(a, "--dbname", options.conninfo);
		options.query_conninfo = secret_hide(a, "--from-dbname", options.query_conninfo);
		code = run_command(&options, &e);
	}
	code = flush(code, &e);
	arena_free(a);
	return code;
}
