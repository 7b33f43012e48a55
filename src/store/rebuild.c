/*
 * An account's tables made anew: the transaction around the batches. See store.h.
 */
#include "store/connection.h"

int
store_count_stored(
    struct store *s, const struct stored_query *q, struct stored_counts *out, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	params_add_text(&p, q->account);
	params_add_int(&p, q->decoder_version);
	if ((r = store_run(s, SQL_COUNT_STORED, &p, e)) == NULL)
		return -1;
	out->outdated_without_raw = store_int(r, 0, 0);
	out->without_raw = store_int(r, 0, 1);
	out->newer = store_int(r, 0, 2);
	PQclear(r);
	return 0;
}

int
store_check_rebuild(struct store *s, const struct stored_query *q, struct err *e)
{
	struct stored_counts c;

	if (store_count_stored(s, q, &c, e) != 0)
		return -1;
	if (c.newer > 0) {
		err_set(e, ERR_CONFIG, "account %.*s: %jd payloads were decoded by a newer version",
		    STR_ARG(q->account), (intmax_t)c.newer);
		return err_hint(e, "rebuild it with that version; nothing was changed");
	}
	if (c.without_raw == 0)
		return 0;
	err_set(e, ERR_CONFIG, "account %.*s: %jd payloads have no raw bytes to rebuild it from",
	    STR_ARG(q->account), (intmax_t)c.without_raw);
	return err_hint(e,
	    "nothing was changed; ingest their sources again without --no-raw, which "
	    "stores the bytes; coexsync replay decodes again what can be");
}

static int
lock_and_empty(struct store *s, const struct stored_query *q, struct err *e)
{
	struct params p = {0};
	int32_t account_id = 0;

	if (store_find_account(s, q->account, &account_id, e) != 0)
		return -1;
	params_add_int(&p, account_id);
	/* in this order: nobody adds to the ledger between the question and the end */
	if (store_lock_account(s, SQL_LOCK_ACCOUNT_EXCLUSIVE, account_id, e) != 0 ||
	    store_do(s, SQL_LIFT_LIMITS, NULL, e) != 0 || store_check_rebuild(s, q, e) != 0)
		return -1;
	return store_do(s, SQL_EMPTY_ACCOUNT, &p, e);
}

int
store_begin_rebuild(struct store *s, const struct stored_query *q, struct err *e)
{
	if (store_begin_nested(s, e) == 0 && lock_and_empty(s, q, e) == 0)
		return 0;
	store_end_nested(s);
	return -1;
}

int
store_commit_rebuild(struct store *s, struct err *e)
{
	return store_do(s, SQL_COMMIT, NULL, e);
}

void
store_end_rebuild(struct store *s)
{
	store_end_nested(s);
}
