/*
 * coexsync ingest: payloads in, rows out. Start reading here: the reader (reader.c) fills batches,
 * the writers (writers.c) put them into the database, the ledger makes the whole resumable.
 */
#include <stdio.h>

#include "base/log.h"
#include "decode/decode.h"
#include "pipeline/ingest.h"
#include "pipeline/inputs.h"
#include "pipeline/pipeline.h"

/* A batch takes about a second; the promise is to stop within five. */
#define BATCH_GRACE_MS 3000

/* "run " before the text */
#define RUN_NAME_BYTES (4 + STORE_RUN_TEXT_BYTES)

void
ingest_begin(struct ingest *in, struct session *s, const struct options *o, size_t batches)
{
	*in = (struct ingest){
	    .options = o,
	    .session = s,
	    .apply = {.decoder_version = DECODE_VERSION,
		.retry_seconds = o->retry_seconds,
		.is_stopping = pipeline_is_stopping},
	};
	totals_init(&in->totals);
	in->accounts = accounts_new();
	in->others = accounts_new();
	in->known = accounts_new();
	in->queue = queue_new(batches);
	in->settled = settled_new();
	in->overtaken = copies_new();
}

void
ingest_set_source(struct ingest *in, struct source *source)
{
	in->payloads = source_iterator(source);
	in->source = source;
	in->totals.bytes_total = source_total_bytes(source);
}

void
ingest_end(struct ingest *in)
{
	teller_leave(in->session->teller);
	queue_free(in->queue);
	settled_free(in->settled);
	copies_free(in->overtaken);
	accounts_free(in->accounts);
	accounts_free(in->others);
	accounts_free(in->known);
	totals_free(&in->totals);
}

static int
read_and_write(struct ingest *in, struct err *e)
{
	struct err writing = {0};
	struct writers *writers = writers_start(in, e);
	int rc;

	if (writers == NULL)
		return -1;
	rc = reader_run(in, e);
	if (rc == 0)
		queue_end(in->queue);
	else
		queue_stop(in->queue);
	if (writers_join(writers, &writing) != 0) {
		*e = writing; /* what stopped the reader, too */
		rc = -1;
	}
	if (rc != 0)
		pipeline_say_stopped(e);
	return rc;
}

static struct str
run_name(const struct run_id *run, char out[RUN_NAME_BYTES])
{
	char text[STORE_RUN_TEXT_BYTES];

	if (!store_is_run(run))
		return STR_LIT("dry run");
	snprintf(out, RUN_NAME_BYTES, "run %s", store_run_text(run, text));
	return str_of(out);
}

int
ingest_judge(const struct ingest *in, int *status, struct err *e)
{
	const struct totals *t = &in->totals;
	char run[RUN_NAME_BYTES];

	if (totals_check(t, run_name(&in->apply.run, run), e) != 0)
		return -1;
	*status = t->rejecting > 0 ? STATUS_REJECTED : 0;
	if (in->is_replay) /* there may be nothing but what is still of no use */
		return 0;
	return inputs_judge(in->options, t->payloads, t->unusable + t->repeated, e);
}

void
ingest_end_run(struct ingest *in, int rc, int status, const struct err *why)
{
	struct buf counts;

	buf_init(&counts, 1 << 16);
	totals_write_json(&in->totals, &counts);
	session_end_run(in->session, &in->apply.run, rc == 0 ? status : pipeline_exit_code(why),
	    buf_str(&counts));
	buf_free(&counts);
}

void
ingest_note_failure(struct session *s, struct err *why)
{
	pipeline_say_stopped(why);
	session_end_run(s, &s->run, pipeline_exit_code(why), STR_NULL);
}

int
ingest_begin_run(struct ingest *in, struct err *e)
{
	char text[STORE_RUN_TEXT_BYTES];

	if (store_begin_run(in->session->store, in->options->command, &in->apply.run, e) != 0)
		return -1;
	in->session->run = in->apply.run;
	log_set_run(store_run_text(&in->apply.run, text));
	log_verbose("run %s has begun", text);
	teller_follow(in->session->teller, in);
	return 0;
}

/* The operator may have named the wrong account. */
static void
say_if_all_is_excluded(const struct ingest *in)
{
	const struct counts *c = &in->totals.counts;

	if (in->options->account != NULL && c->seen > 0 && c->outcomes[OUTCOME_EXCLUDED] == c->seen)
		log_warn("account %s got none of the messages: they are of another account, of "
			 "groups, or samples; coexsync inspect says whose (the phone_number_id), "
			 "and without --account they are taken",
		    in->options->account);
}

int
ingest_run(struct ingest *in, int *status, struct err *e)
{
	struct session *s = in->session;
	int rc;

	if (ingest_begin_run(in, e) != 0)
		return -1;
	watch_allow(s->watch, BATCH_GRACE_MS);
	rc = read_and_write(in, e);
	if (rc == 0)
		rc = ingest_judge(in, status, e);
	ingest_end_run(in, rc, *status, e);
	teller_set_phase(s->teller, TELLER_REPORTING);
	if (rc == 0 || e->code == ERR_NO_USABLE_INPUT || e->code == ERR_INTERRUPTED)
		totals_print(&in->totals);
	if (rc == 0)
		say_if_all_is_excluded(in);
	return rc;
}

int
ingest_source(
    struct session *s, struct source *source, const struct options *o, int *status, struct err *e)
{
	struct ingest in;
	int rc;

	ingest_begin(&in, s, o, o->jobs + BATCHES_BESIDE_WRITERS);
	ingest_set_source(&in, source);
	rc = ingest_run(&in, status, e);
	session_note_given(s, in.accounts);
	session_note_given(s, in.known);
	ingest_end(&in);
	return rc;
}

int
pipeline_ingest(const struct options *o, int *status, struct err *e)
{
	if (o->is_dry_run)
		return pipeline_diff(o, status, e);

	struct teller *teller = teller_start(o, e);
	struct session session = {.may_make = true, .teller = teller};
	struct inputs inputs;
	int rc = -1;

	if (teller == NULL)
		return -1;
	if (inputs_open(&inputs, o, e) == 0 && session_open(&session, o, e) == 0 &&
	    inputs_begin(&inputs, &session, o, e) == 0)
		rc = ingest_source(&session, inputs.source, o, status, e);
	inputs_close(&inputs);
	rc = session_close(&session, rc, e);
	return teller_end(teller, rc, *status, e);
}
