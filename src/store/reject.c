/*
 * Rejected items, and payloads that are unusable as a whole taken back. See store.h.
 */
#include "base/count.h"
#include "store/connection.h"
#include "store/tuple.h"

int
store_list_rejects(struct store *s, struct str account, const struct line_sink *sink, struct err *e)
{
	struct params p = {0};

	params_add_text(&p, account);
	if (store_begin_reading(s, e) != 0)
		return -1;
	return store_end_reading(s, store_each_line(s, SQL_LIST_REJECTS, &p, sink, e), e);
}

/* As one that turned out not to be the account's: all that its ledger row leads to goes. */
static int
drop_of_account(struct store *s, int32_t account_id, const struct sha256 *hash, struct err *e)
{
	static const enum sql steps[] = {SQL_CLEAR_PAYLOAD, SQL_LOCK_DROPPED_RAW, SQL_DROP_PAYLOAD};
	struct params p = {0};
	struct buf array;
	int rc = 0;

	buf_init(&array, 1 << 10);
	tuple_put_hash_array(&array, hash, 1);
	params_add_int(&p, account_id);
	params_add_bytes(&p, buf_str(&array));
	for (size_t i = 0; rc == 0 && i < COUNT(steps); i++)
		rc = store_do(s, steps[i], &p, e);
	buf_free(&array);
	return rc;
}

static int
drop_found(struct store *s, const PGresult *found, const struct sha256 *hash, struct err *e)
{
	char hex[SHA256_HEX_BYTES];

	if (PQntuples(found) == 0) {
		err_set(e, ERR_NO_INPUT, "there is no payload %s", sha256_hex(hash, hex));
		return err_hint(e, "coexsync reject list shows them");
	}
	for (int i = 0; i < PQntuples(found); i++)
		if (!store_bool(found, i, 1)) {
			err_set(e, ERR_USAGE, "payload %s is usable: its items stay",
			    sha256_hex(hash, hex));
			return err_hint(e, "only what is unusable as a whole can be dropped");
		}
	for (int i = 0; i < PQntuples(found); i++)
		if (drop_of_account(s, (int32_t)store_int(found, i, 0), hash, e) != 0)
			return -1;
	return 0;
}

/* Imports into these accounts, and rebuilds of them, wait or are waited for. */
static int
lock_accounts(struct store *s, const PGresult *found, struct err *e)
{
	for (int i = 0; i < PQntuples(found); i++)
		if (store_lock_account(
			s, SQL_LOCK_ACCOUNT_EXCLUSIVE, (int32_t)store_int(found, i, 0), e) != 0)
			return -1;
	return 0;
}

int
store_drop_unusable(struct store *s, struct str account, const struct sha256 *hash, struct err *e)
{
	PGresult *found = NULL, *locked = NULL;
	struct params p = {0};
	int rc = -1;

	params_add_hash(&p, hash);
	params_add_text(&p, account);
	/* asked again under the locks: somebody may have made it usable */
	if (store_begin(s, e) == 0 && (found = store_run(s, SQL_FIND_UNUSABLE, &p, e)) != NULL &&
	    lock_accounts(s, found, e) == 0 &&
	    (locked = store_run(s, SQL_FIND_UNUSABLE, &p, e)) != NULL &&
	    drop_found(s, locked, hash, e) == 0)
		rc = store_commit(s, e);
	PQclear(found);
	PQclear(locked);
	if (rc != 0)
		store_roll_back(s);
	return rc;
}
