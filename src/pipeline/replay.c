/*
 * coexsync replay: stored payloads decoded again, merged with what is there; with --rebuild then
 * each account made anew, in one transaction.
 */
#include <stdio.h>

#include "base/log.h"
#include "decode/decode.h"
#include "pipeline/ingest.h"
#include "pipeline/pipeline.h"

static struct stored_query
query_of(struct str account, bool is_all)
{
	return (struct stored_query){account, DECODE_VERSION, is_all};
}

/* What has no bytes cannot be decoded again. */
static int
say_without_raw(struct session *s, const struct stored_query *q, struct err *e)
{
	struct stored_counts c;
	int64_t without_raw;

	if (store_count_stored(s->store, q, &c, e) != 0)
		return -1;
	without_raw = q->is_all ? c.without_raw : c.outdated_without_raw;
	if (without_raw > 0)
		log_warn("payloads kept without their raw bytes, which cannot be decoded again: "
			 "%jd; ingest their sources once more",
		    (intmax_t)without_raw);
	if (c.newer > 0)
		log_warn("%jd payloads were decoded by a newer version and are left as they are",
		    (intmax_t)c.newer);
	return 0;
}

static int
decode_again(struct session *s, const struct options *o, int *status, struct err *e)
{
	const struct stored_query q = query_of(str_of(o->account), o->replays_all);
	struct stored *stored;
	struct ingest in;
	int rc;

	if (say_without_raw(s, &q, e) != 0)
		return -1;
	stored = stored_open(s->store, &q);
	ingest_begin(&in, s, o, o->jobs + BATCHES_BESIDE_WRITERS);
	in.payloads = stored_iterator(stored);
	in.is_replay = in.totals.are_stored = true;
	rc = ingest_run(&in, status, e);
	ingest_end(&in);
	stored_close(stored);
	return rc;
}

/* Waits for the account's lock; nothing is written before it has it. */
static int
begin_rebuild(struct session *s, const struct stored_query *q, struct err *e)
{
	unsigned tries = 0;

	while (store_begin_rebuild(s->store, q, e) != 0)
		if (!store_may_retry(s->store, &tries, e))
			return -1;
	return 0;
}

static int
fill(struct ingest *in, const struct stored_query *q, int *status, struct err *e)
{
	struct store *store = in->session->store;
	struct stored *stored = stored_open(store, q);
	int rc = -1;

	in->payloads = stored_iterator(stored);
	if (reader_run(in, e) == 0 && ingest_judge(in, status, e) == 0)
		rc = store_commit_rebuild(store, e);
	store_end_rebuild(store);
	stored_close(stored);
	return rc;
}

static int
rebuild(struct session *s, const struct options *o, struct str account, int *status, struct err *e)
{
	const struct stored_query q = query_of(account, true);
	struct ingest in;
	int rc;

	ingest_begin(&in, s, o, 1);
	in.is_replay = in.is_single = in.totals.are_stored = true;
	in.only = account;
	if ((rc = ingest_begin_run(&in, e)) == 0) {
		rc = begin_rebuild(s, &q, e);
		if (rc == 0)
			rc = fill(&in, &q, status, e);
		if (rc != 0)
			pipeline_say_stopped(e);
		ingest_end_run(&in, rc, *status, e);
	}
	teller_set_phase(s->teller, TELLER_REPORTING);
	if (rc == 0) {
		printf("account %.*s rebuilt\n", STR_ARG(account));
		totals_print(&in.totals);
	}
	ingest_end(&in);
	return rc;
}

/* One transaction an account: each that was rebuilt stays so. */
static int
rebuild_all(struct session *s, const struct options *o, const struct list *names, int *status,
    struct err *e)
{
	for (size_t i = 0; i < names->count; i++) {
		int one = 0;

		if (rebuild(s, o, *(struct str *)names->items[i], &one, e) != 0)
			return -1;
		if (one != 0)
			*status = one;
	}
	return 0;
}

/* Before anything is done for any of them. */
static int
check_all(struct session *s, const struct list *names, struct err *e)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct stored_query q = query_of(*(struct str *)names->items[i], true);

		if (store_check_rebuild(s->store, &q, e) != 0)
			return -1;
	}
	return 0;
}

static int
replay(struct session *s, const struct options *o, int *status, struct err *e)
{
	struct list names;

	if (o->account != NULL && store_check_account(s->store, str_of(o->account), e) != 0)
		return -1;
	if (session_accounts(s, o, &names, e) != 0)
		return -1;
	if (o->rebuilds && check_all(s, &names, e) != 0)
		return -1;
	/* what is nobody's yet, and accounts that payloads name for the first time */
	if (decode_again(s, o, status, e) != 0)
		return -1;
	return o->rebuilds ? rebuild_all(s, o, &names, status, e) : 0;
}

int
pipeline_replay(const struct options *o, int *status, struct err *e)
{
	struct session session = {0};
	struct teller *teller;
	int rc = -1;

	if ((session.teller = teller = teller_start(o, e)) == NULL)
		return -1;
	*status = 0;
	if (session_open(&session, o, e) == 0)
		rc = replay(&session, o, status, e);
	rc = session_close(&session, rc, e);
	return teller_end(teller, rc, *status, e);
}
