/*
 * The table of options: see options.h. parse.c reads the command line by it; which commands there
 * are is in commands.c.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/count.h"
#include "base/log.h"
#include "cli/options.h"
#include "model/batch.h"
#include "pipeline/secret.h"
#include "rules/provider.h"
#include "rules/text.h"
#include "rules/window.h"

/* The member of the options that the option sets. */
static void *
field_of(const struct cli_option *option, struct options *o)
{
	return (char *)o + option->field;
}

static int
set_text(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	(void)e;
	*(const char **)field_of(option, o) = value;
	return 0;
}

static int
set_flag(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	(void)value;
	(void)e;
	*(bool *)field_of(option, o) = true;
	return 0;
}

static int
parse_number(const struct cli_option *option, const char *value, unsigned *out, struct err *e)
{
	char *end;
	unsigned long long n = strtoull(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end != '\0' || n < option->least ||
	    n > option->most)
		return err_set(e, ERR_USAGE, "--%s takes %s from %u to %u", option->name,
		    option->unit, option->least, option->most);
	*out = (unsigned)n;
	return 0;
}

static int
set_number(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	return parse_number(option, value, field_of(option, o), e);
}

static int
set_mib(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	unsigned mib = 0;

	if (parse_number(option, value, &mib, e) != 0)
		return -1;
	*(uint64_t *)field_of(option, o) = (uint64_t)mib << 20;
	return 0;
}

static int
set_time(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	int64_t *us = field_of(option, o);
	char text[CLOCK_TEXT_BYTES];

	/* its zone may put it into a year of five digits, or before the first */
	if (clock_parse_rfc3339(str_of(value), us) == 0 &&
	    clock_format_rfc3339(*us, text, sizeof(text))[0] != '-')
		return 0;
	err_set(e, ERR_USAGE, "--%s: %s is no time of RFC 3339 with a zone", option->name, value);
	return err_hint(e, "like 2026-03-01T09:00:00Z or 2026-03-01T10:00:00+01:00");
}

static int
set_window(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	if (window_parse(str_of(value), field_of(option, o)))
		return 0;
	err_set(
	    e, ERR_USAGE, "--%s takes days from 1 to %d, or hours", option->name, WINDOW_MAX_DAYS);
	return err_hint(e, "like 14 or 14d, or 336h");
}

/* The last one counts; one before it may hold a password. */
static int
set_conninfo(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	secret_overwrite(*(const char **)field_of(option, o));
	return set_text(option, o, value, e);
}

static int
set_embedded(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	o->is_embedded = true;
	return set_text(option, o, value, e);
}

static int
set_account(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	if (str_equal(str_of(value), NOBODY))
		return err_set(e, ERR_USAGE, "--account needs the name of an account");
	if (!text_is_name(str_of(value)))
		return err_set(e, ERR_USAGE,
		    "--account: no account has letters in its name that cannot be seen, or more "
		    "than %d bytes",
		    TEXT_NAME_MAX_BYTES);
	return set_text(option, o, value, e);
}

static int
set_no_raw(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	(void)option;
	(void)value;
	(void)e;
	o->keeps_raw = false;
	return 0;
}

static int
set_query(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	if (value[strspn(value, " \t\n;")] == '\0')
		return err_set(e, ERR_USAGE, "--from-query needs a query");
	return set_text(option, o, value, e);
}

static int
set_provider(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	if (provider_find(str_of(value)) == NULL) {
		err_set(e, ERR_USAGE, "--provider: there is no %s", value);
		return err_hint(e, "meta, 360dialog or ycloud");
	}
	return set_text(option, o, value, e);
}

static int
add_media_host(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	(void)option;
	if (strpbrk(value, "/@ ") != NULL)
		return err_set(e, ERR_USAGE, "--media-host takes HOST or HOST:PORT");
	list_add(o->arena, &o->media_hosts, (char *)value);
	return 0;
}

static int
set_color(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	static const char *const words[] = {
	    [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

	(void)option;
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(value, words[i]) == 0) {
			o->color = (enum color)i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--color takes auto, always or never");
}

static int
set_progress(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	static const char *const words[] = {
	    [PROGRESS_AUTO] = "auto", [PROGRESS_JSON] = "json", [PROGRESS_NONE] = "none"};

	(void)option;
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(value, words[i]) == 0) {
			o->progress = (enum progress_mode)i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--progress takes auto, json or none");
}

static int
set_log_format(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	(void)option;
	o->logs_json = strcmp(value, "json") == 0;
	if (!o->logs_json && strcmp(value, "text") != 0)
		return err_set(e, ERR_USAGE, "--log-format takes text or json");
	log_set_format(o->logs_json ? LOG_JSON : LOG_TEXT);
	return 0;
}

static int
set_quiet(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	(void)option;
	(void)value;
	(void)e;
	o->is_quiet = true;
	log_set_level(LOG_QUIET);
	return 0;
}

static int
set_verbose(const struct cli_option *option, struct options *o, const char *value, struct err *e)
{
	(void)option;
	(void)o;
	(void)value;
	(void)e;
	log_set_level(LOG_VERBOSE);
	return 0;
}

/* The offset of a member; the type is what its setter takes it for, another does not compile. */
#define FIELD(type, member) \
	(offsetof(struct options, member) + \
	    0 * sizeof(1 ? (type *)0 : &((struct options *)0)->member))

/* How an option is set, and the member of the options that it sets. */
#define TEXT(member) set_text, FIELD(const char *, member), NO_RANGE
#define CONNINFO(member) set_conninfo, FIELD(const char *, member), NO_RANGE
#define FLAG(member) set_flag, FIELD(bool, member), NO_RANGE
#define TIME(member) set_time, FIELD(int64_t, member), NO_RANGE
#define WINDOW(member) set_window, FIELD(int, member), NO_RANGE
#define NUMBER(member, least, most, unit) set_number, FIELD(unsigned, member), least, most, unit
#define MIB(member, most) set_mib, FIELD(uint64_t, member), 1, most, "MiB"
#define BY(set, member) set, offsetof(struct options, member), NO_RANGE
#define NO_RANGE 0, 0, NULL

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
	DATABASE, CONNINFO(conninfo)},
    {0, "embedded", "[=DIR]",
	"a private PostgreSQL in DIR, behind = (default: the user's data folder)", DATABASE,
	BY(set_embedded, embedded_dir)},
    {0, "migrate", NULL, "bring the schema up to date first", MIGRATES, FLAG(migrates)},
    {0, "account", "NAME", "the account: phone_number_id, +digits or waba:ID", ACCOUNT,
	BY(set_account, account)},
    {0, "onboarded-at", "TIME", "when the number was connected (RFC 3339 with zone)",
	"run, ingest, diff, request", TIME(onboarded_at_us)},
    {0, "as-of", "TIME", "takes the clock's place in judgements", JUDGE, TIME(as_of.at_us)},
    {0, "media-max-age", "DAYS", "files of messages older at the onboarding never come (14)", JUDGE,
	WINDOW(as_of.max_age_hours)},
    {0, "media-id-life", "DAYS", "how long a media id can be fetched (7)", JUDGE,
	WINDOW(as_of.id_life_hours)},
    {'j', "jobs", "N", "writers side by side, 1 to 16 (2)", APPLY, NUMBER(jobs, 1, 16, "a number")},
    {0, "batch-rows", "N", "rows a transaction, about; 1 to 32000 (32000)", APPLY,
	NUMBER(batch_rows, 1, 32000, "a number")},
    {0, "max-payload", "MIB", "larger documents are rejected (16)", READ,
	MIB(max_payload_bytes, 512)},
    {0, "retry-seconds", "N", "how long a batch or a file is tried again (300)", APPLY ", media",
	NUMBER(retry_seconds, 0, 86400, "a number")},
    {0, "no-raw", NULL, "do not keep the raw bytes of payloads", "run, ingest, diff",
	BY(set_no_raw, keeps_raw)},
    {0, "app-secret-file", "FILE", "check the signatures of captures with its first line", READ,
	TEXT(app_secret_file)},
    {0, "require-signature", NULL, "reject what is not signed rightly", READ,
	FLAG(requires_signature)},
    {0, "from-query", "SELECT", "payloads in a table: column payload, body, bytes or the first",
	READ, BY(set_query, query)},
    {0, "from-dbname", "CONNINFO", "where --from-query is asked, if not at -d", READ,
	CONNINFO(query_conninfo)},
    {0, "dry-run", NULL, "ingest: say what it would do, and roll it back", "ingest, diff",
	FLAG(is_dry_run)},
    {0, "token-file", "FILE", "the token for the Graph API; else COEXSYNC_TOKEN", GRAPH,
	TEXT(token_file)},
    {0, "media-dir", "DIR", "where the files go, named by their SHA-256", FETCH, TEXT(media_dir)},
    {0, "provider", "NAME", "who is asked: meta, 360dialog, ycloud (as the payloads say)", GRAPH,
	BY(set_provider, provider)},
    {0, "graph-url", "URL", "where the API is (https://graph.facebook.com/v23.0)", GRAPH,
	TEXT(graph_url)},
    {0, "media-host", "HOST", "one more host that may get the token, and files come from", GRAPH,
	BY(add_media_host, media_hosts)},
    {0, "max-media-size", "MIB", "larger files are not fetched (100)", FETCH,
	MIB(max_media_bytes, 4096)},
    {0, "parallel", "N", "requests to the API at once, 1 to 64 (8)", FETCH,
	NUMBER(parallel, 1, 64, "a number")},
    {0, "rate", "N", "requests to the API a second; 0: no limit (20)", FETCH,
	NUMBER(rate, 0, 10000, "a number (0: no limit)")},
    {0, "timeout", "SECONDS", "a request without a sign of life for so long has failed (30)", GRAPH,
	NUMBER(timeout_seconds, 1, 3600, "seconds")},
    {0, "deadline", "TIME", "media: stop then", FETCH, TIME(deadline_us)},
    {0, "list", NULL, "media: show the files instead of fetching them", "media", FLAG(is_list)},
    {0, "state", "STATE", "media: only the files in this state", "media", TEXT(state)},
    {'o', "output", "FILE", "the archive: .tar, .tar.gz or .tar.zst", "run, export", TEXT(output)},
    {0, "previous", "SHA|none", "the archive before this one, instead of the chain's",
	"run, export", TEXT(previous)},
    {0, "json", NULL, "machine-readable output", "inspect, report, status, media, version",
	FLAG(is_json)},
    {0, "html", "FILE", "the report as a page", "run, report", TEXT(html)},
    {0, "redact", NULL, "the report with pseudonyms for numbers, ids and names", "run, report",
	FLAG(redacts)},
    {0, "color", "WHEN", "colours of the report: auto, always or never (auto)", "run, report",
	BY(set_color, color)},
    {0, "data", NULL, "check: also the data", "check", FLAG(checks_data)},
    {0, "all", NULL, "replay: also what is up to date and without rejected items", "replay",
	FLAG(replays_all)},
    {0, "rebuild", NULL, "replay: make the account's tables anew, in one transaction", "replay",
	FLAG(rebuilds)},
    {0, "graph", NULL, "check: also the number and the token", "check", FLAG(checks_graph)},
    {0, "progress", "WHICH", "how far it is, on stderr: auto, json or none (auto)", APPLY,
	BY(set_progress, progress)},
    {0, "metrics-file", "FILE", "the run as metrics of Prometheus, written every ten seconds",
	"run, ingest, replay", TEXT(metrics_file)},
    {0, "log-format", "text|json", "what is said on stderr: text, or one JSON object a line", NULL,
	BY(set_log_format, logs_json)},
    {'q', "quiet", NULL, "errors and warnings only", NULL, BY(set_quiet, is_quiet)},
    {'v', "verbose", NULL, "say more", NULL, set_verbose, 0, NO_RANGE},
    {'h', "help", NULL, "this, or of the command", NULL, FLAG(wants_help)},
    {0, "version", NULL, "the version", NULL, FLAG(wants_version)},
};
const size_t cli_option_count = COUNT(cli_options);

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
