/*
 * coexsync export: the facts of one account, in one snapshot, into an archive.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/count.h"
#include "bundle/bundle.h"
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"
#include "report/report.h"
#include "rules/window.h"

struct export
{
	struct session *session;
	struct bundle *bundle;
	struct export_facts facts;
};

static int
add_line(void *state, struct str line, struct err *e)
{
	struct export *x = state;

	return bundle_add(x->bundle, line.ptr, line.len, e) != 0
		   ? -1
		   : bundle_add(x->bundle, "\n", 1, e);
}

static int
add_rows(struct export *x, struct err *e)
{
	const struct line_sink lines = {add_line, x};

	for (size_t i = 0; i < store_export_member_count(); i++)
		if (bundle_begin_member(x->bundle, store_export_member_name(i), e) != 0 ||
		    store_export_rows(x->session->store, i, &lines, e) != 0 ||
		    bundle_end_member(x->bundle, e) != 0)
			return -1;
	return 0;
}

static int
declare_payload(void *state, const struct sha256 *hash, uint64_t size_bytes, struct err *e)
{
	struct export *x = state;

	return bundle_declare_payload(x->bundle, hash, size_bytes, e);
}

static int
read_payload(void *state, const struct sha256 *hash, struct buf *out, struct err *e)
{
	struct export *x = state;

	return store_read_payload(x->session->store, hash, out, e);
}

/* The page is written into memory: it is small. */
static int
add_report(struct export *x, const struct options *o, struct err *e)
{
	const struct report_html_options options = {.is_archive = true};
	const struct report_query query = {x->facts.account, o->as_of, true};
	struct report r;
	char *page = NULL;
	size_t size = 0;
	FILE *out;
	int rc = -1;

	if (store_read_report(x->session->store, x->session->arena, &query, &r, e) != 0)
		return -1;
	out = open_memstream(&page, &size);
	if (out == NULL)
		return err_sys(e, ERR_IO, "cannot write the report");
	rc = report_write_html(&r, &options, out, e);
	if (fclose(out) != 0 && rc == 0)
		rc = err_sys(e, ERR_IO, "cannot write the report");
	if (rc == 0 &&
	    (bundle_begin_member(x->bundle, "data/report.html", e) != 0 ||
		bundle_add(x->bundle, page, size, e) != 0 || bundle_end_member(x->bundle, e) != 0))
		rc = -1;
	free(page);
	return rc;
}

static int
note(void *state, const struct sha256 *archive, struct err *e)
{
	struct export *x = state;

	return store_note_export(x->session->store, archive, e);
}

static int
finish(struct export *x, const struct options *o, struct bundle_result *result, struct err *e)
{
	char as_of[CLOCK_EXACT_BYTES], digest[SHA256_HEX_BYTES], previous[SHA256_HEX_BYTES];
	struct str when = str_of(clock_format_exact(o->as_of.at_us, as_of, sizeof(as_of)));
	struct str without_raw =
	    arena_printf(x->session->arena, "%jd", (intmax_t)x->facts.payloads_without_raw);
	struct str max_age = arena_printf(x->session->arena, "%dh", o->as_of.max_age_hours);
	struct str id_life = arena_printf(x->session->arena, "%dh", o->as_of.id_life_hours);
	const struct bundle_info info[] = {
	    {STR_LIT("Bag-Software-Agent"), STR_LIT("coexsync " COEXSYNC_VERSION)},
	    {STR_LIT("Bagging-Date"), {when.ptr, strlen("2026-01-01")}},
	    {STR_LIT("External-Identifier"), x->facts.account},
	    {STR_LIT("Coexsync-As-Of"), when},
	    {STR_LIT("Coexsync-Digest"), str_of(sha256_hex(&x->facts.digest, digest))},
	    {STR_LIT("Coexsync-Previous-Archive"),
		x->facts.has_previous ? str_of(sha256_hex(&x->facts.previous, previous))
				      : STR_LIT("none")},
	    {STR_LIT("Coexsync-Payloads-Without-Raw-Bytes"), without_raw},
	    /* as the options take them; left out where they are the usual ones */
	    {STR_LIT("Coexsync-Media-Max-Age"), max_age},
	    {STR_LIT("Coexsync-Media-Id-Life"), id_life},
	};
	size_t info_count = COUNT(info) - (window_is_usual(&o->as_of) ? 2 : 0);
	const struct bundle_input input = {
	    .info = info,
	    .info_count = info_count,
	    .reader = {read_payload, x},
	    .is_stopping = pipeline_is_stopping,
	    .note = note,
	    .state = x,
	};

	return bundle_finish(x->bundle, &input, result, e);
}

/* --previous SHA names another predecessor than the chain has, --previous none none at all. */
static int
override_previous(struct export_query *q, const char *previous, struct err *e)
{
	if (previous == NULL)
		return 0;
	q->has_override = true;
	q->overrides_with_none = strcmp(previous, "none") == 0;
	if (q->overrides_with_none || sha256_parse(str_of(previous), &q->override))
		return 0;
	return err_set(e, ERR_USAGE, "--previous: %s is neither a SHA-256 nor none", previous);
}

int
export_check(const struct options *o, struct err *e)
{
	struct export_query ignored = {0};
	struct bundle *trial;

	if (override_previous(&ignored, o->previous, e) != 0)
		return -1;
	if (o->output == NULL)
		return 0;
	if ((trial = bundle_open(o->output, e)) == NULL)
		return -1;
	bundle_close(trial);
	return 0;
}

/* Archives by other windows are others: each names the predecessor that it named. */
static struct str
filters(struct arena *a, const struct as_of *as_of)
{
	if (window_is_usual(as_of))
		return STR_LIT("{}");
	return arena_printf(a, "{\"media_id_life_hours\": %d, \"media_max_age_hours\": %d}",
	    as_of->id_life_hours, as_of->max_age_hours);
}

int
export_account(struct session *s, const struct options *o, struct err *e)
{
	struct export_query query = {.as_of = o->as_of, .filters = filters(s->arena, &o->as_of)};
	struct export x = {.session = s};
	const struct payload_sink payloads = {declare_payload, &x};
	struct bundle_result result;
	char hex[SHA256_HEX_BYTES];
	bool is_begun = false;
	int rc = -1;

	if (override_previous(&query, o->previous, e) != 0 ||
	    session_account(s, o, &query.account, e) != 0 ||
	    (x.bundle = bundle_open(o->output, e)) == NULL)
		goto out;
	if (store_begin_export(s->store, &query, &x.facts, e) != 0)
		goto out;
	is_begun = true;
	if (add_rows(&x, e) != 0 || add_report(&x, o, e) != 0 ||
	    store_export_payloads(s->store, &payloads, e) != 0 || finish(&x, o, &result, e) != 0)
		goto out;
	printf("archive %s: %ju members, sha256 of the tar %s\n", o->output,
	    (uintmax_t)result.members, sha256_hex(&result.archive_sha256, hex));
	rc = store_end_export(s->store, e);
	if (rc != 0)
		err_wrap(e, "%s is whole, but perhaps not noted", o->output);
	is_begun = rc != 0;
out:
	if (is_begun)
		store_cancel_export(s->store);
	bundle_close(x.bundle);
	return rc;
}

int
pipeline_export(const struct options *o, int *status, struct err *e)
{
	struct session session = {0};
	int rc;

	if (o->output == NULL) {
		err_set(e, ERR_USAGE, "export needs -o FILE");
		return err_hint(
		    e, "its suffix .tar, .tar.gz or .tar.zst says how it is compressed");
	}
	if (export_check(o, e) != 0 || session_open(&session, o, e) != 0)
		return -1;
	*status = 0;
	rc = export_account(&session, o, e);
	return session_close(&session, rc, e);
}
