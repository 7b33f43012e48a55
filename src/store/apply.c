/*
 * One attempt at one batch, one transaction: lock, ledger, insert phase, merge phase, ledger rows.
 * The order is that of the rows of enum relation; all insert phases come before any merge phase.
 *
 * The reader has asked the ledger about every payload. What somebody else has written meanwhile is
 * told by the ledger's key: its row goes by COPY, the attempt fails, and the next one asks first.
 * (What such a copy adds is looked at when its batch is written: pipeline/writers.c.)
 */
#include <string.h>

#include "rules/accounting.h"
#include "store/apply.h"
#include "store/tuple.h"

int
apply_lock_accounts(struct apply *ap, enum sql how, struct err *e)
{
	for (size_t i = 0; i < ap->account_count; i++)
		if (store_lock_account(ap->store, how, ap->accounts[i], e) != 0)
			return -1;
	return 0;
}

static void
mark_known(struct apply *ap, int32_t account_id, struct str hex)
{
	struct sha256 hash;

	if (!sha256_parse(hex, &hash))
		return;
	for (size_t i = ap->first_part; i < ap->end_part; i++) {
		struct part *p = batch_part(ap->batch, i);

		if (p->account->id == account_id && !p->payload->is_again &&
		    memcmp(&p->payload->sha256, &hash, sizeof(hash)) == 0)
			p->is_known = true;
	}
}

static bool
is_asked(const struct apply *ap, size_t index, int32_t account_id)
{
	const struct part *p = batch_part(ap->batch, index);

	return p->account->id == account_id && !p->payload->is_again;
}

static int
check_account_ledger(struct apply *ap, int32_t account_id, struct err *e)
{
	struct params p = {0};
	struct sha256 *hashes;
	size_t count = 0;
	PGresult *r;

	for (size_t i = ap->first_part; i < ap->end_part; i++)
		count += is_asked(ap, i, account_id);
	if (count == 0)
		return 0;
	hashes = arena_alloc(ap->batch->arena, count * sizeof(*hashes));
	count = 0;
	for (size_t i = ap->first_part; i < ap->end_part; i++)
		if (is_asked(ap, i, account_id))
			hashes[count++] = batch_part(ap->batch, i)->payload->sha256;
	buf_reset(&ap->rows);
	tuple_put_hash_array(&ap->rows, hashes, count);
	params_add_int(&p, account_id);
	params_add_bytes(&p, buf_str(&ap->rows));
	r = store_run(ap->store, SQL_FIND_LEDGER, &p, e);
	if (r == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++)
		mark_known(ap, account_id, store_text(r, i, 0));
	PQclear(r);
	return 0;
}

int
apply_check_ledger(struct apply *ap, size_t *unknown, struct err *e)
{
	*unknown = 0;
	for (size_t i = 0; i < ap->account_count; i++)
		if (check_account_ledger(ap, ap->accounts[i], e) != 0)
			return -1;
	for (size_t i = ap->first_part; i < ap->end_part; i++)
		*unknown += !batch_part(ap->batch, i)->is_known;
	return 0;
}

/* An equal row takes the place of the message, which is the duplicate now. */
static void
swap_counts(struct apply *ap, const struct row *r, const struct row *heir)
{
	ap->base[r->part].outcomes[OUTCOME_DUPLICATE]++;
	ap->base[heir->part].outcomes[OUTCOME_DUPLICATE]--;
	batch_part(ap->batch, r->part)->counts.outcomes[OUTCOME_DUPLICATE]++;
	batch_part(ap->batch, heir->part)->counts.outcomes[OUTCOME_DUPLICATE]--;
}

/* In place of a row whose part is not written: the first equal one of a part that is. */
static struct row *
written_row(const struct apply *ap, struct row *r)
{
	struct row **link = &r->same, *heir;

	if (part_is_written(batch_part(ap->batch, r->part)))
		return r;
	while (*link != NULL && !part_is_written(batch_part(ap->batch, (*link)->part)))
		link = &(*link)->same;
	if ((heir = *link) == NULL)
		return r;
	*link = heir->same;
	heir->same = r;
	return heir;
}

/*
 * What others have written of a known payload need not be what this run makes of it: with --account
 * more values are its own. So what another payload says likewise is written for that one.
 */
static void
pass_rows_on(struct apply *ap)
{
	for (int relation = 0; relation < REL_COUNT; relation++) {
		struct list *l = &ap->batch->rows.of[relation];

		for (size_t i = 0; i < l->count; i++) {
			struct row *r = l->items[i];

			l->items[i] = written_row(ap, r);
			if (l->items[i] != r && relation == REL_MESSAGE)
				swap_counts(ap, r, l->items[i]);
		}
	}
}

/* Forgets what an attempt before this one counted. */
static void
begin_attempt(struct apply *ap)
{
	for (size_t i = ap->first_part; i < ap->end_part; i++) {
		struct part *p = batch_part(ap->batch, i);

		p->counts = ap->base[i];
		p->is_known &= p->is_left_out; /* what somebody has taken in stays so */
		ap->staged[i] = 0;
	}
	memset(ap->is_selected, 0, ap->batch->parts.count * sizeof(*ap->is_selected));
	memset(ap->is_late, 0, ap->batch->parts.count * sizeof(*ap->is_late));
	memset(ap->has_more, 0, sizeof(ap->has_more));
	memset(ap->has_stage, 0, sizeof(ap->has_stage));
	for (int relation = 0; relation < REL_COUNT; relation++)
		ap->in_stage[relation].count = 0;
	ap->has_merged = false;
	ap->to_merge = 0;
	ap->waves = 0;
}

/* What this attempt writes into the ledger must add up, payload by payload. A trial leaves out rows
 * that have no outcome yet, and writes nothing. */
static int
check_accounting(const struct apply *ap, struct err *e)
{
	if (ap->is_trial)
		return 0;
	for (size_t i = ap->first_part; i < ap->end_part; i++) {
		const struct part *p = batch_part(ap->batch, i);
		char hex[SHA256_HEX_BYTES];
		struct str where;

		if (!part_is_written(p) || accounting_adds_up(&p->counts))
			continue;
		where = arena_printf(ap->batch->arena, "payload %s of account %.*s",
		    sha256_hex(&p->payload->sha256, hex), STR_ARG(p->account->name));
		return accounting_check(&p->counts, where, e);
	}
	return 0;
}

typedef int relation_step(struct apply *ap, enum relation relation, struct err *e);

static int
for_relations(
    struct apply *ap, enum relation first, enum relation end, relation_step *step, struct err *e)
{
	for (int relation = (int)first; relation < (int)end; relation++)
		if (step(ap, (enum relation)relation, e) != 0)
			return -1;
	return 0;
}

/*
 * What is surely new comes first, of all relations: an INSERT may have to wait for the batch of
 * another writer, which had the key before. (Of one run's batches it is the earlier one that is
 * waited for, so they never wait in a ring.)
 */
static int
write_rows(struct apply *ap, struct err *e)
{
	if (for_relations(ap, 0, REL_COUNT, copy_relation, e) != 0 ||
	    for_relations(ap, 0, REL_PAYLOAD, stage_relation, e) != 0 || merge_staged(ap, e) != 0)
		return -1;
	ap->has_merged = true;
	if (check_accounting(ap, e) != 0 || copy_relation(ap, REL_PAYLOAD, e) != 0)
		return -1;
	return for_relations(ap, REL_PAYLOAD, REL_COUNT, stage_relation, e);
}

/* A COMMIT whose answer does not come may have happened or not. */
static int
commit(struct apply *ap, struct err *e)
{
	PGresult *r = PQexec(ap->store->conn, sql_texts[SQL_COMMIT]);
	int rc = -1;

	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		ap->is_commit_unknown = PQstatus(ap->store->conn) != CONNECTION_OK;
		store_fail(ap->store, r, "commit", e);
	} else if (strcmp(PQcmdStatus(r), "COMMIT") != 0) {
		err_set(e, ERR_BUG, "database: commit answered with %s", PQcmdStatus(r));
	} else {
		rc = 0;
	}
	PQclear(r);
	return rc;
}

/* The transaction goes on, so what else would go with its end is emptied here. */
static int
end_nested_batch(struct apply *ap, struct err *e)
{
	for (int relation = 0; relation < REL_COUNT; relation++) {
		const struct relation_info *info = relation_info((enum relation)relation);

		if (ap->has_stage[relation] &&
		    store_do_text(
			ap->store, relation_text(&ap->text, SQL_CLEAR_STAGE, info), NULL, e) != 0)
			return -1;
	}
	return store_commit(ap->store, e);
}

/* Before PostgreSQL 15 nobody is asked, and there was no compression that costs so little. */
static int
compress_wal(struct store *s, struct err *e)
{
	return PQserverVersion(s->conn) < 150000 ? 0 : store_do(s, SQL_COMPRESS_WAL, NULL, e);
}

static int
run_transaction(struct apply *ap, struct err *e)
{
	enum sql lock = ap->is_alone ? SQL_LOCK_ACCOUNT_EXCLUSIVE : SQL_LOCK_ACCOUNT_SHARED;
	size_t unknown;

	if (store_begin(ap->store, e) != 0 || compress_wal(ap->store, e) != 0 ||
	    apply_lock_accounts(ap, lock, e) != 0 ||
	    (ap->is_staged && apply_check_ledger(ap, &unknown, e) != 0) || again_lock(ap, e) != 0)
		return -1;
	if (ap->is_staged)
		pass_rows_on(ap);
	apply_select(ap, false);
	if (again_clear(ap, e) != 0 || write_rows(ap, e) != 0 || again_renew(ap, e) != 0)
		return -1;
	if (ap->is_trial) {
		store_roll_back(ap->store);
		return 0;
	}
	return ap->store->is_nested ? end_nested_batch(ap, e) : commit(ap, e);
}

int
apply_attempt(struct apply *ap, struct err *e)
{
	begin_attempt(ap);
	if (run_transaction(ap, e) == 0)
		return 0;
	store_roll_back(ap->store);
	return -1;
}
