/*
 * The commands that are one question to the database: activation, reject, status, digest, migrate,
 * check.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/count.h"
#include "decode/decode.h"
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"
#include "pipeline/session.h"

static int
ask(const struct options *o, int *status,
    int (*question)(struct session *s, const struct options *o, struct err *e), struct err *e)
{
	struct session session = {0};
	int rc;

	if (session_open(&session, o, e) != 0)
		return -1;
	*status = 0;
	rc = o->account == NULL ? 0 : store_check_account(session.store, str_of(o->account), e);
	if (rc == 0)
		rc = question(&session, o, e);
	return session_close(&session, rc, e);
}

static int
activation(struct session *s, const struct options *o, struct err *e)
{
	const struct line_sink out = session_stdout_printable(s);
	struct str name;
	int64_t at_us;

	if (strcmp(o->args[0], "list") == 0)
		return store_list_activations(s->store, str_of(o->account), &out, e);
	(void)clock_parse_rfc3339(str_of(o->args[1]), &at_us);
	if (session_account(s, o, &name, e) != 0)
		return -1;
	return store_drop_activation(s->store, name, at_us, e);
}

int
pipeline_activation(const struct options *o, int *status, struct err *e)
{
	bool is_list = o->arg_count == 1 && strcmp(o->args[0], "list") == 0;
	bool is_drop = o->arg_count == 2 && strcmp(o->args[0], "drop") == 0;
	int64_t at_us;

	if (!is_list && !is_drop)
		return err_set(e, ERR_USAGE, "activation takes `list` or `drop TIME`");
	if (is_drop && clock_parse_rfc3339(str_of(o->args[1]), &at_us) != 0) {
		err_set(e, ERR_USAGE, "%s is no time of RFC 3339 with a zone", o->args[1]);
		return err_hint(e, "as coexsync activation list shows them: 2026-03-01T09:00:00Z");
	}
	return ask(o, status, activation, e);
}

static int
drop_rejects(struct session *s, const struct options *o, struct err *e)
{
	struct sha256 hash;

	for (size_t i = 1; i < o->arg_count; i++) {
		(void)sha256_parse(str_of(o->args[i]), &hash);
		if (store_drop_unusable(s->store, str_of(o->account), &hash, e) != 0)
			return -1;
	}
	return 0;
}

static int
reject(struct session *s, const struct options *o, struct err *e)
{
	const struct line_sink out = session_stdout_printable(s);

	return strcmp(o->args[0], "list") == 0
		   ? store_list_rejects(s->store, str_of(o->account), &out, e)
		   : drop_rejects(s, o, e);
}

int
pipeline_reject(const struct options *o, int *status, struct err *e)
{
	bool is_list = o->arg_count == 1 && strcmp(o->args[0], "list") == 0;
	bool is_drop = o->arg_count > 1 && strcmp(o->args[0], "drop") == 0;
	struct sha256 hash;

	if (!is_list && !is_drop)
		return err_set(e, ERR_USAGE, "reject takes `list` or `drop SHA256...`");
	for (size_t i = 1; i < o->arg_count; i++)
		if (!sha256_parse(str_of(o->args[i]), &hash)) {
			err_set(e, ERR_USAGE, "%s is no SHA-256", o->args[i]);
			return err_hint(
			    e, "as coexsync reject list shows them: 64 hexadecimal digits");
		}
	return ask(o, status, reject, e);
}

static int
runs(struct session *s, const struct options *o, struct err *e)
{
	const struct line_sink out = o->is_json ? session_stdout() : session_stdout_printable(s);
	const struct status_query q = {
	    .account = str_of(o->account),
	    .as_of = o->as_of,
	    .decoder_version = DECODE_VERSION,
	    .is_json = o->is_json,
	};

	return store_list_status(s->store, &q, &out, e);
}

int
pipeline_status(const struct options *o, int *status, struct err *e)
{
	return ask(o, status, runs, e);
}

static int
digest(struct session *s, const struct options *o, struct err *e)
{
	const struct line_sink out = session_stdout();
	char hex[SHA256_HEX_BYTES];
	struct sha256 total;

	if (store_digest(s->store, str_of(o->account), &out, &total, e) != 0)
		return -1;
	printf("%s  total\n", sha256_hex(&total, hex));
	return 0;
}

int
pipeline_digest(const struct options *o, int *status, struct err *e)
{
	return ask(o, status, digest, e);
}

static int
check(struct session *s, const struct options *o, struct err *e)
{
	const struct line_sink out = session_stdout_printable(s);
	int64_t findings = 0;

	puts("schema as this program has it");
	if ((o->checks_graph || access_has_token(o)) && rights_check(s, o, e) != 0)
		return -1;
	if (!o->checks_data)
		return 0;
	findings = store_check_data(s->store, &out, e);
	if (findings < 0)
		return -1;
	if (findings > 0) {
		err_set(e, ERR_BUG, "%jd findings in the data", (intmax_t)findings);
		return err_hint(e,
		    "somebody changed the tables by hand, or this is a bug: keep the "
		    "output and report it");
	}
	puts("data without findings");
	return 0;
}

int
pipeline_check(const struct options *o, int *status, struct err *e)
{
	return ask(o, status, check, e);
}

static int
show_status(struct session *s, struct err *e)
{
	const struct line_sink out = session_stdout();

	return store_migrate_status(s->store, &out, e);
}

static int
migrate_up(struct session *s, struct err *e)
{
	size_t applied = 0;

	if (store_migrate_up(s->store, &applied, e) != 0)
		return -1;
	printf("migrations applied: %zu\n", applied);
	return 0;
}

static int
migrate_down(struct session *s, struct err *e)
{
	const struct line_sink out = session_stdout();

	return store_migrate_down(s->store, &out, e);
}

static int
print_migrations(struct err *e)
{
	const struct line_sink out = session_stdout();

	return store_migrate_print(&out, e);
}

static const struct {
	const char *verb;
	int (*act)(struct session *s, struct err *e);
} migrations[] = {{"up", migrate_up}, {"down", migrate_down}, {"status", show_status}};

int
pipeline_migrate(const struct options *o, int *status, struct err *e)
{
	struct session session = {0};
	size_t i = 0;
	int rc;

	*status = 0;
	if (o->arg_count == 1 && strcmp(o->args[0], "print") == 0)
		return print_migrations(e);
	while (i < COUNT(migrations) &&
	       (o->arg_count != 1 || strcmp(o->args[0], migrations[i].verb) != 0))
		i++;
	if (i == COUNT(migrations))
		return err_set(e, ERR_USAGE, "migrate takes up, down, status or print");
	session.may_make = migrations[i].act == migrate_up;
	if (session_open_any_schema(&session, o, e) != 0)
		return -1;
	rc = migrations[i].act(&session, e);
	return session_close(&session, rc, e);
}
