/*
 * The table of commands: see options.h.
 */
#include <string.h>

#include "base/count.h"
#include "cli/options.h"
#include "pipeline/pipeline.h"

const struct cli_command cli_commands[] = {
    {"run", "SOURCE...", "ingest, media if a token is given, report, an archive with -o", true,
	pipeline_run},
    {"ingest", "SOURCE...", "payloads in, rows out", true, pipeline_ingest},
    {"diff", "SOURCE...", "what ingest would do, rolled back: ingest --dry-run", true,
	pipeline_diff},
    {"inspect", "SOURCE...", "what payloads are and what an import would make of them, no database",
	true, pipeline_inspect},
    {"replay", "[--all | --rebuild]", "stored payloads decoded again", false, pipeline_replay},
    {"request", "history | contacts", "ask for the sync: once, within 24 hours of onboarding", true,
	pipeline_request},
    {"media", "[--list]", "fetch the announced files; with --list show them", false,
	pipeline_media},
    {"report", "[--json | --html FILE]", "is it all there, and what to do", false, pipeline_report},
    {"status", "[--json]", "past and running runs", false, pipeline_status},
    {"digest", "", "one hash over all facts, the same for the same messages", false,
	pipeline_digest},
    {"export", "-o FILE", "an archive that an auditor can verify", false, pipeline_export},
    {"verify", "FILE", "check an archive, without a database", true, pipeline_verify},
    {"activation", "list | drop TIME", "the moments of onboarding", true, pipeline_activation},
    {"reject", "list | drop SHA256...", "what could not be used; forget what came better since",
	true, pipeline_reject},
    {"check", "[--data] [--graph]",
	"check the schema; --data: the data as well; --graph: number and token", false,
	pipeline_check},
    {"migrate", "up | down | status | print", "the schema", true, pipeline_migrate},
    {"version", "[--json]", "the version", false, NULL},
    {"help", "[TOPIC]", "this, or more about a command, `rejects`, `exit`, `sources`", true, NULL},
};
const size_t cli_command_count = COUNT(cli_commands);

const struct cli_command *
cli_find_command(const char *name)
{
	for (size_t i = 0; i < cli_command_count; i++)
		if (strcmp(cli_commands[i].name, name) == 0)
			return &cli_commands[i];
	return NULL;
}
