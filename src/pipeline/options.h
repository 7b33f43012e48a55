/*
 * What the operator asked for: filled by cli, read by the commands.
 */
#ifndef PIPELINE_OPTIONS_H
#define PIPELINE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "model/as_of.h"

/* How far it is: on a terminal a bar, else a line now and then; JSON; nothing. */
enum progress_mode { PROGRESS_AUTO, PROGRESS_JSON, PROGRESS_NONE };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	const char *command; /* as given: "ingest" */
	char *const *args; /* behind the command */
	size_t arg_count;

	const char *conninfo; /* -d, NULL for PG* */
	bool is_embedded;
	const char *embedded_dir; /* NULL: the user's data folder */
	bool migrates; /* as is_embedded does */

	const char *account; /* NULL: all that the payloads name */
	int64_t onboarded_at_us;
	struct as_of as_of;
	unsigned jobs;
	unsigned batch_rows;
	uint64_t max_payload_bytes;
	unsigned retry_seconds;
	bool keeps_raw;
	const char *app_secret_file; /* signatures are checked with its first line */
	bool requires_signature;
	const char *query; /* --from-query: payloads in a table */
	const char *query_conninfo; /* --from-dbname, NULL: the database that is written to */
	bool is_dry_run; /* ingest: what it would do, rolled back */

	const char *token; /* of COEXSYNC_TOKEN, which is gone from the environment; NULL */
	const char *token_file;
	const char *graph_url; /* NULL: the provider's */
	const char *provider; /* NULL: as the payloads say */
	struct list media_hosts; /* char *, in the arena */
	struct arena *arena; /* of the command line */
	const char *media_dir;
	uint64_t max_media_bytes;
	unsigned parallel; /* requests at once */
	unsigned rate; /* requests a second, 0: no limit */
	unsigned timeout_seconds;
	int64_t deadline_us;
	const char *state; /* media: only files in it */
	bool is_list; /* media --list */
	bool checks_graph; /* check --graph */

	const char *output; /* -o */
	const char *previous; /* --previous SHA|none, NULL: as the chain has it */
	bool is_json;
	const char *html; /* --html FILE */
	bool redacts; /* the report */
	enum color color; /* of the report on a terminal */
	bool checks_data; /* check --data */
	bool rebuilds; /* replay --rebuild */
	bool replays_all; /* replay --all */
	bool is_quiet;
	enum progress_mode progress;
	const char *metrics_file; /* NULL: none */
	bool logs_json; /* --log-format=json */
	bool wants_help; /* --help, whatever else */
	bool wants_version;
};

#endif
