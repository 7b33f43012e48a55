/*
 * The table of options: see options.h. parse.c reads the command line by it; which commands there
 * are is in commands.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/options.h"
#include "model/time.h"
#include "pipeline/secret.h"
#include "rules/provider.h"
#include "rules/text.h"
#include "rules/window.h"

static int
parse_number(const char *value, uint64_t least, uint64_t most, uint64_t *out)
{
	char *end;
	unsigned long long n = strtoull(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end != '\0' || n < least || n > most)
		return -1;
	*out = n;
	return 0;
}

static int
set_dbname(struct options *o, const char *value, struct err *e)
{
	(void)e;
	secret_overwrite(o->conninfo); /* the last one counts */
	o->conninfo = value;
	return 0;
}

static int
set_embedded(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->is_embedded = true;
	o->embedded_dir = value;
	return 0;
}

static int
set_migrate(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->migrates = true;
	return 0;
}

static int
set_account(struct options *o, const char *value, struct err *e)
{
	if (strcmp(value, "-") == 0)
		return err_set(e, ERR_USAGE, "--account needs the name of an account");
	if (!text_is_name(str_of(value)))
		return err_set(e, ERR_USAGE,
		    "--account: no account has letters in its name that cannot be seen, or more "
		    "than %d bytes",
		    TEXT_NAME_MAX_BYTES);
	o->account = value;
	return 0;
}

static int
parse_time(const char *name, const char *value, int64_t *out, struct err *e)
{
	char text[CLOCK_TEXT_BYTES];

	/* its zone may put it into a year of five digits, or before the first */
	if (clock_parse_rfc3339(str_of(value), out) == 0 &&
	    clock_format_rfc3339(*out, text, sizeof(text))[0] != '-')
		return 0;
	err_set(e, ERR_USAGE, "%s: %s is no time of RFC 3339 with a zone", name, value);
	return err_hint(e, "like 2026-03-01T09:00:00Z or 2026-03-01T10:00:00+01:00");
}

static int
set_onboarded_at(struct options *o, const char *value, struct err *e)
{
	return parse_time("--onboarded-at", value, &o->onboarded_at_us, e);
}

static int
set_as_of(struct options *o, const char *value, struct err *e)
{
	return parse_time("--as-of", value, &o->as_of.at_us, e);
}

static int
parse_window(const char *name, const char *value, int *hours, struct err *e)
{
	if (window_parse(str_of(value), hours))
		return 0;
	err_set(e, ERR_USAGE, "%s takes days from 1 to %d, or hours", name, WINDOW_MAX_DAYS);
	return err_hint(e, "like 14 or 14d, or 336h");
}

static int
set_media_max_age(struct options *o, const char *value, struct err *e)
{
	return parse_window("--media-max-age", value, &o->as_of.max_age_hours, e);
}

static int
set_media_id_life(struct options *o, const char *value, struct err *e)
{
	return parse_window("--media-id-life", value, &o->as_of.id_life_hours, e);
}

static int
set_jobs(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 1, 16, &n) != 0)
		return err_set(e, ERR_USAGE, "--jobs takes a number from 1 to 16");
	o->jobs = (unsigned)n;
	return 0;
}

static int
set_batch_rows(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 1, 32000, &n) != 0)
		return err_set(e, ERR_USAGE, "--batch-rows takes a number from 1 to 32000");
	o->batch_rows = n;
	return 0;
}

static int
set_max_payload(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 1, 512, &n) != 0)
		return err_set(e, ERR_USAGE, "--max-payload takes MiB from 1 to 512");
	o->max_payload_bytes = n << 20;
	return 0;
}

static int
set_retry(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 0, 86400, &n) != 0)
		return err_set(e, ERR_USAGE, "--retry-seconds takes a number from 0 to 86400");
	o->retry_seconds = (unsigned)n;
	return 0;
}

static int
set_no_raw(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->keeps_raw = false;
	return 0;
}

static int
set_app_secret(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->app_secret_file = value;
	return 0;
}

static int
set_require_signature(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->requires_signature = true;
	return 0;
}

static int
set_from_query(struct options *o, const char *value, struct err *e)
{
	if (value[strspn(value, " \t\n;")] == '\0')
		return err_set(e, ERR_USAGE, "--from-query needs a query");
	o->query = value;
	return 0;
}

static int
set_from_dbname(struct options *o, const char *value, struct err *e)
{
	(void)e;
	secret_overwrite(o->query_conninfo);
	o->query_conninfo = value;
	return 0;
}

static int
set_dry_run(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->is_dry_run = true;
	return 0;
}

static int
set_output(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->output = value;
	return 0;
}

static int
set_previous(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->previous = value;
	return 0;
}

static int
set_json(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->is_json = true;
	return 0;
}

static int
set_html(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->html = value;
	return 0;
}

static int
set_redact(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->redacts = true;
	return 0;
}

static int
set_color(struct options *o, const char *value, struct err *e)
{
	static const char *const words[] = {
	    [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0) {
			o->color = (enum color)i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--color takes auto, always or never");
}

static int
set_data(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->checks_data = true;
	return 0;
}

static int
set_all(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->replays_all = true;
	return 0;
}

static int
set_rebuild(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->rebuilds = true;
	return 0;
}

static int
set_token_file(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->token_file = value;
	return 0;
}

static int
set_graph_url(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->graph_url = value;
	return 0;
}

static int
set_provider(struct options *o, const char *value, struct err *e)
{
	if (provider_find(str_of(value)) == NULL) {
		err_set(e, ERR_USAGE, "--provider: there is no %s", value);
		return err_hint(e, "meta, 360dialog or ycloud");
	}
	o->provider = value;
	return 0;
}

static int
set_media_host(struct options *o, const char *value, struct err *e)
{
	if (strpbrk(value, "/@ ") != NULL)
		return err_set(e, ERR_USAGE, "--media-host takes HOST or HOST:PORT");
	list_add(o->arena, &o->media_hosts, (char *)value);
	return 0;
}

static int
set_media_dir(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->media_dir = value;
	return 0;
}

static int
set_max_media_size(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 1, 4096, &n) != 0)
		return err_set(e, ERR_USAGE, "--max-media-size takes MiB from 1 to 4096");
	o->max_media_bytes = n << 20;
	return 0;
}

static int
set_parallel(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 1, 64, &n) != 0)
		return err_set(e, ERR_USAGE, "--parallel takes a number from 1 to 64");
	o->parallel = (unsigned)n;
	return 0;
}

static int
set_rate(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 0, 10000, &n) != 0)
		return err_set(e, ERR_USAGE, "--rate takes a number from 0 (no limit) to 10000");
	o->rate = (unsigned)n;
	return 0;
}

static int
set_timeout(struct options *o, const char *value, struct err *e)
{
	uint64_t n;

	if (parse_number(value, 1, 3600, &n) != 0)
		return err_set(e, ERR_USAGE, "--timeout takes seconds from 1 to 3600");
	o->timeout_seconds = (unsigned)n;
	return 0;
}

static int
set_deadline(struct options *o, const char *value, struct err *e)
{
	return parse_time("--deadline", value, &o->deadline_us, e);
}

static int
set_state(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->state = value;
	return 0;
}

static int
set_list(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->is_list = true;
	return 0;
}

static int
set_graph(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->checks_graph = true;
	return 0;
}

static int
set_progress(struct options *o, const char *value, struct err *e)
{
	static const char *const words[] = {
	    [PROGRESS_AUTO] = "auto", [PROGRESS_JSON] = "json", [PROGRESS_NONE] = "none"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0) {
			o->progress = (enum progress_mode)i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--progress takes auto, json or none");
}

static int
set_metrics_file(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->metrics_file = value;
	return 0;
}

static int
set_log_format(struct options *o, const char *value, struct err *e)
{
	o->logs_json = strcmp(value, "json") == 0;
	if (!o->logs_json && strcmp(value, "text") != 0)
		return err_set(e, ERR_USAGE, "--log-format takes text or json");
	log_set_format(o->logs_json ? LOG_JSON : LOG_TEXT);
	return 0;
}

static int
set_help(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->wants_help = true;
	return 0;
}

static int
set_version(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->wants_version = true;
	return 0;
}

static int
set_quiet(struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	o->is_quiet = true;
	log_set_level(LOG_QUIET);
	return 0;
}

static int
set_verbose(struct options *o, const char *value, struct err *e)
{
	(void)o;
	(void)value;
	(void)e;
	log_set_level(LOG_VERBOSE);
	return 0;
}

/* Which commands an option goes with. */
#define READ "run, ingest, diff, inspect" /* payloads out of sources */
#define APPLY "run, ingest, diff, replay" /* them to the tables */
#define GRAPH "run, request, media, check"
#define FETCH "run, media"
#define JUDGE "run, ingest, diff, media, report, status, export"
#define ACCOUNT \
	"run, ingest, diff, inspect, replay, request, media, report, status, digest, export, " \
	"activation, reject, check"

#define DATABASE ACCOUNT ", migrate"
#define MIGRATES \
	"run, ingest, replay, request, media, report, status, digest, export, activation, " \
	"reject, check"

const struct cli_option cli_options[] = {
    {'d', "dbname", "CONNINFO", "the database, as psql takes it; else PG*, .pgpass, PGSERVICE",
	DATABASE, set_dbname},
    {0, "embedded", "[=DIR]",
	"a private PostgreSQL in DIR, behind = (default: the user's data folder)", DATABASE,
	set_embedded},
    {0, "migrate", NULL, "bring the schema up to date first", MIGRATES, set_migrate},
    {0, "account", "NAME", "the account: phone_number_id, +digits or waba:ID", ACCOUNT,
	set_account},
    {0, "onboarded-at", "TIME", "when the number was connected (RFC 3339 with zone)",
	"run, ingest, diff, request", set_onboarded_at},
    {0, "as-of", "TIME", "takes the clock's place in judgements", JUDGE, set_as_of},
    {0, "media-max-age", "DAYS", "files of messages older at the onboarding never come (14)", JUDGE,
	set_media_max_age},
    {0, "media-id-life", "DAYS", "how long a media id can be fetched (7)", JUDGE,
	set_media_id_life},
    {'j', "jobs", "N", "writers side by side, 1 to 16 (2)", APPLY, set_jobs},
    {0, "batch-rows", "N", "rows a transaction, about; 1 to 32000 (32000)", APPLY, set_batch_rows},
    {0, "max-payload", "MIB", "larger documents are rejected (16)", READ, set_max_payload},
    {0, "retry-seconds", "N", "how long a batch or a file is tried again (300)", APPLY ", media",
	set_retry},
    {0, "no-raw", NULL, "do not keep the raw bytes of payloads", "run, ingest, diff", set_no_raw},
    {0, "app-secret-file", "FILE", "check the signatures of captures with its first line", READ,
	set_app_secret},
    {0, "require-signature", NULL, "reject what is not signed rightly", READ,
	set_require_signature},
    {0, "from-query", "SELECT", "payloads in a table: column payload, body, bytes or the first",
	READ, set_from_query},
    {0, "from-dbname", "CONNINFO", "where --from-query is asked, if not at -d", READ,
	set_from_dbname},
    {0, "dry-run", NULL, "ingest: say what it would do, and roll it back", "ingest, diff",
	set_dry_run},
    {0, "token-file", "FILE", "the token for the Graph API; else COEXSYNC_TOKEN", GRAPH,
	set_token_file},
    {0, "media-dir", "DIR", "where the files go, named by their SHA-256", FETCH, set_media_dir},
    {0, "provider", "NAME", "who is asked: meta, 360dialog, ycloud (as the payloads say)", GRAPH,
	set_provider},
    {0, "graph-url", "URL", "where the API is (https://graph.facebook.com/v23.0)", GRAPH,
	set_graph_url},
    {0, "media-host", "HOST", "one more host that may get the token, and files come from", GRAPH,
	set_media_host},
    {0, "max-media-size", "MIB", "larger files are not fetched (100)", FETCH, set_max_media_size},
    {0, "parallel", "N", "requests to the API at once, 1 to 64 (8)", FETCH, set_parallel},
    {0, "rate", "N", "requests to the API a second; 0: no limit (20)", FETCH, set_rate},
    {0, "timeout", "SECONDS", "a request without a sign of life for so long has failed (30)", GRAPH,
	set_timeout},
    {0, "deadline", "TIME", "media: stop then", FETCH, set_deadline},
    {0, "list", NULL, "media: show the files instead of fetching them", "media", set_list},
    {0, "state", "STATE", "media: only the files in this state", "media", set_state},
    {'o', "output", "FILE", "the archive: .tar, .tar.gz or .tar.zst", "run, export", set_output},
    {0, "previous", "SHA|none", "the archive before this one, instead of the chain's",
	"run, export", set_previous},
    {0, "json", NULL, "machine-readable output", "inspect, report, status, media, version",
	set_json},
    {0, "html", "FILE", "the report as a page", "run, report", set_html},
    {0, "redact", NULL, "the report with pseudonyms for numbers, ids and names", "run, report",
	set_redact},
    {0, "color", "WHEN", "colours of the report: auto, always or never (auto)", "run, report",
	set_color},
    {0, "data", NULL, "check: also the data", "check", set_data},
    {0, "all", NULL, "replay: also what is up to date and without rejected items", "replay",
	set_all},
    {0, "rebuild", NULL, "replay: make the account's tables anew, in one transaction", "replay",
	set_rebuild},
    {0, "graph", NULL, "check: also the number and the token", "check", set_graph},
    {0, "progress", "WHICH", "how far it is, on stderr: auto, json or none (auto)", APPLY,
	set_progress},
    {0, "metrics-file", "FILE", "the run as metrics of Prometheus, written every ten seconds",
	"run, ingest, replay", set_metrics_file},
    {0, "log-format", "text|json", "what is said on stderr: text, or one JSON object a line", NULL,
	set_log_format},
    {'q', "quiet", NULL, "errors and warnings only", NULL, set_quiet},
    {'v', "verbose", NULL, "say more", NULL, set_verbose},
    {'h', "help", NULL, "this, or of the command", NULL, set_help},
    {0, "version", NULL, "the version", NULL, set_version},
};
const size_t cli_option_count = sizeof(cli_options) / sizeof(cli_options[0]);

bool
cli_is_option_of(const struct cli_option *option, const char *command)
{
	size_t len = strlen(command);

	if (option->commands == NULL)
		return true;
	for (const char *c = option->commands; *c != '\0'; c += strspn(c, ", ")) {
		size_t word = strcspn(c, ",");

		if (word == len && strncmp(c, command, len) == 0)
			return true;
		c += word;
	}
	return false;
}
