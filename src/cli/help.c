/*
 * help: made of the tables, so that it cannot tell of what is not there.
 */
#include <string.h>

#include "base/count.h"
#include "cli/options.h"
#include "pipeline/pipeline.h"
#include "rules/reject_codes.h"

/* Those of the command, NULL: all. */
static void
print_options(const char *command, FILE *out)
{
	fputs("\noptions:\n", out);
	for (size_t i = 0; i < cli_option_count; i++) {
		const struct cli_option *o = &cli_options[i];
		char name[48];

		if (command != NULL && !cli_is_option_of(o, command))
			continue;
		snprintf(name, sizeof(name), "%c%c%s --%s%s%s", o->letter != 0 ? '-' : ' ',
		    o->letter != 0 ? o->letter : ' ', o->letter != 0 ? "," : " ", o->name,
		    o->arg == NULL || o->arg[0] == '[' ? "" : " ", o->arg == NULL ? "" : o->arg);
		fprintf(out, "  %-28s %s\n", name, o->help);
	}
}

static void
print_overview(FILE *out)
{
	fputs("coexsync: a WhatsApp Business number's past into PostgreSQL\n\ncommands:\n", out);
	for (size_t i = 0; i < cli_command_count; i++) {
		char usage[48];

		snprintf(usage, sizeof(usage), "%s %s", cli_commands[i].name, cli_commands[i].args);
		fprintf(out, "  %-36s %s\n", usage, cli_commands[i].summary);
	}
	print_options(NULL, out);
	fputs("\nmore: coexsync help rejects, help exit, help sources; man coexsync\n", out);
}

static void
print_rejects(FILE *out)
{
	for (size_t i = 0; i < reject_code_count; i++)
		fprintf(out, "%-20s %s\n%-20s -> %s\n", reject_codes[i].code,
		    reject_codes[i].meaning, "", reject_codes[i].remedy);
}

static void
print_exits(FILE *out)
{
	static const struct {
		int code;
		const char *meaning;
	} codes[] = {
	    {0, "done, whatever the verdict"},
	    {STATUS_REJECTED,
		"done, but sources hold rejected items, or files asked for failed for good"},
	    {ERR_USAGE, "the command line is wrong"},
	    {ERR_NO_USABLE_INPUT, "no usable payload at all; verify: the archive is not intact"},
	    {ERR_NO_INPUT, "a path, account, activation or database of --embedded that does not "
			   "exist; an empty folder"},
	    {ERR_UNAVAILABLE, "the database or the Graph API cannot be reached: try again"},
	    {ERR_BUG, "a bug: please report it; check --data: findings"},
	    {ERR_CANNOT_CREATE, "cannot create the output"},
	    {ERR_IO, "I/O error, disk full, out of memory (fewer --jobs, a smaller --batch-rows)"},
	    {ERR_TEMPORARY, "retries exhausted, too many calls, the deadline: try again"},
	    {ERR_PROTOCOL, "an answer that is not understood; request: the outcome is unknown"},
	    {ERR_PERMISSION, "no permission, wrong password, a token that is refused; "
			     "request: made before, or too late"},
	    {ERR_CONFIG, "configuration; schema missing, old, newer or changed; a database not in "
			 "UTF8; a rebuild without raw bytes"},
	    {130, "stopped by INT; what was committed stays, the same command goes on"},
	    {143, "stopped by TERM; likewise"},
	};

	for (size_t i = 0; i < COUNT(codes); i++)
		fprintf(out, "%4d  %s\n", codes[i].code, codes[i].meaning);
}

static void
print_sources(FILE *out)
{
	fputs(
	    "A source is a file, a folder (all regular files below it) or - for standard input.\n"
	    "A file holds one JSON document, several, or one a line; each element of a top-level\n"
	    "array is a document. Documents are webhook payloads as Meta delivers them, or\n"
	    "360dialog, YCloud, Gupshup (version 3), AWS End User Messaging or 8x8.\n"
	    "Each of them may be compressed with gzip or zstd, or be an archive (tar, tar.gz,\n"
	    "tar.zst, zip), standard input, too; its bytes say so, not its name. Each file in an\n"
	    "archive is read by itself, in the order of the archive, and called ARCHIVE!FILE.\n"
	    "Of an archive that coexsync export wrote, the payloads in it are read.\n"
	    "Nothing is unpacked to disk. What is not read of an archive is rejected with a code\n"
	    "(coexsync help rejects) and stops nothing else.\n"
	    "\n"
	    "A payload may lie inside of something else; its own bytes count, however it was\n"
	    "captured:\n"
	    "  captures     {\"received_at\": TIME, \"headers\": {...}, \"body\": \"...\"}, one a "
	    "line;\n"
	    "               body_base64 for body; TIME as RFC 3339 or as seconds since 1970\n"
	    "  loggers      body, payload, body_params or data: an object, an array, or JSON in a\n"
	    "               string, beside whatever else\n"
	    "  queues       messages of SNS and SQS, from their APIs or as Lambda gets them\n"
	    "\n"
	    "--from-query reads payloads out of a table: the column payload, body or bytes, else "
	    "the\n"
	    "first that is none of id, received_at and headers, which are read, too.\n",
	    out);
}

static const struct {
	const char *name;
	void (*print)(FILE *out);
} topics[] = {{"rejects", print_rejects}, {"exit", print_exits}, {"sources", print_sources}};

bool
cli_help(const char *topic, FILE *out)
{
	const struct cli_command *command;

	if (topic == NULL) {
		print_overview(out);
		return true;
	}
	for (size_t i = 0; i < COUNT(topics); i++)
		if (strcmp(topics[i].name, topic) == 0) {
			topics[i].print(out);
			return true;
		}
	if ((command = cli_find_command(topic)) == NULL)
		return false;
	fprintf(out, "coexsync %s %s\n  %s\n", command->name, command->args, command->summary);
	print_options(command->name, out);
	return true;
}
