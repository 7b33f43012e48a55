/*
 * coexsync inspect: what is each payload, and what would an import make of it? Without a database.
 */
#include <stdio.h>

#include "batch/accounts.h"
#include "batch/recent.h"
#include "decode/decode.h"
#include "pipeline/inputs.h"
#include "pipeline/pipeline.h"
#include "report/inspect.h"
#include "rules/observation.h"

/* A payload of very many chunks. */
#define MAX_OUTPUT_BYTES ((size_t)256 << 20)

/* A copy of a payload is told from a new one over so many: an import has its ledger. */
#define REMEMBERED_PAYLOADS ((size_t)1 << 20)

struct inspection {
	const struct options *options;
	struct accounts *accounts;
	struct recent *taken;
	struct recent *refused; /* for want of a signature, say */
	struct report_inspect_sums sums;
	struct buf out;
};

static int
flush(struct buf *out, struct err *e)
{
	struct str text = buf_str(out);

	if (!buf_is_ok(out))
		return err_set(e, ERR_IO, "what there is to say about a payload is too much");
	if (fwrite(text.ptr, 1, text.len, stdout) != text.len)
		return err_sys(e, ERR_IO, "cannot write to standard output");
	buf_reset(out);
	return 0;
}

/* An import takes a payload once, and in place of a copy that was refused one that is not. */
static bool
is_given_before(struct inspection *in, const struct payload *p)
{
	if (observation_of(p).is_refused)
		return recent_has(in->taken, &p->sha256) || recent_add(in->refused, &p->sha256);
	return recent_add(in->taken, &p->sha256);
}

static int
show(struct inspection *in, struct payload *p, struct arena *a, struct err *e)
{
	const struct decode_options decode = {
	    .account = str_of(in->options->account), .onboarded_at_us = TIME_NONE};
	struct batch b = {.arena = a};
	bool is_repeated = is_given_before(in, p);

	decode_payload(&b, p, &decode, &(struct decode_accounts){accounts_find, in->accounts});
	if (is_repeated) {
		in->sums.payloads++;
		in->sums.repeated++;
	} else {
		report_inspect_add(&in->sums, &b);
	}
	if (in->options->is_json)
		report_inspect_put_json(&b, is_repeated, &in->out);
	else if (!in->options->is_quiet && is_repeated)
		report_inspect_put_repeated(p, a, &in->out);
	else if (!in->options->is_quiet)
		report_inspect_put_text(&b, &in->out);
	return flush(&in->out, e);
}

static int
show_all(struct inspection *in, struct payload_iterator payloads, struct err *e)
{
	struct arena *a = arena_new();
	int got;

	for (;;) {
		struct payload p = {0};

		got = payloads.next(payloads.state, a, &p, e);
		if (got <= 0)
			break;
		payload_hash(&p);
		if (pipeline_caught_signal() != 0)
			got = err_set(e, ERR_INTERRUPTED, "stopped");
		else
			got = show(in, &p, a, e);
		if (got != 0)
			break;
		arena_reset(a);
	}
	arena_free(a);
	return got;
}

static int
conclude(struct inspection *in, int *status, struct err *e)
{
	const struct report_inspect_sums *s = &in->sums;

	if (!in->options->is_json)
		report_inspect_put_sums(s, &in->out);
	*status = s->rejecting > 0 ? STATUS_REJECTED : 0;
	if (flush(&in->out, e) != 0)
		return -1;
	return inputs_judge(in->options, s->payloads, s->unusable + s->repeated, e);
}

static int
inspect(struct inspection *in, struct source *source, int *status, struct err *e)
{
	int rc = -1;

	pipeline_catch_signals();
	if (show_all(in, source_iterator(source), e) == 0)
		rc = conclude(in, status, e);
	else if (pipeline_caught_signal() != 0)
		err_set(e, ERR_INTERRUPTED, "stopped; inspect writes nothing");
	pipeline_release_signals();
	return rc;
}

int
pipeline_inspect(const struct options *o, int *status, struct err *e)
{
	const struct session no_session = {0};
	struct inspection in = {.options = o, .accounts = accounts_new()};
	struct inputs inputs;
	int rc = -1;

	in.sums.arena = arena_new();
	in.taken = recent_new(REMEMBERED_PAYLOADS);
	in.refused = recent_new(REMEMBERED_PAYLOADS);
	buf_init(&in.out, MAX_OUTPUT_BYTES);
	if (inputs_open(&inputs, o, e) == 0 && inputs_begin(&inputs, &no_session, o, e) == 0)
		rc = inspect(&in, inputs.source, status, e);
	inputs_close(&inputs);
	buf_free(&in.out);
	arena_free(in.sums.arena);
	recent_free(in.taken);
	recent_free(in.refused);
	accounts_free(in.accounts);
	return rc;
}
