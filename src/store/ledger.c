/*
 * Questions to the ledger, and the accounts that its rows belong to. See store.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/connection.h"
#include "store/tuple.h"

static struct observation
read_observation(struct arena *a, const PGresult *r, int row, int column)
{
	return (struct observation){
	    .received_at_us = store_time(r, row, column),
	    .signature = (enum signature)store_int(r, row, column + 1),
	    .signature_header = arena_copy(a, store_text(r, row, column + 2)),
	    .is_refused = store_bool(r, row, column + 3),
	};
}

int
store_find_payloads(struct store *s, struct arena *a, const struct hashes *hashes,
    struct list *entries, struct err *e)
{
	struct params p = {0};
	struct buf array;
	PGresult *r = NULL;
	int rc = -1;

	*entries = (struct list){0};
	buf_init(&array, (size_t)64 << 20);
	tuple_put_hash_array(&array, hashes->items, hashes->count);
	params_add_bytes(&p, buf_str(&array));
	if ((r = store_run(s, SQL_FIND_PAYLOADS, &p, e)) == NULL)
		goto out;
	for (int i = 0; i < PQntuples(r); i++) {
		struct ledger_entry *entry = arena_alloc(a, sizeof(*entry));

		if (!sha256_parse(store_text(r, i, 0), &entry->sha256))
			continue; /* the server has hashes of this length only */
		entry->account_id = (int32_t)store_int(r, i, 1);
		entry->account = arena_copy(a, store_text(r, i, 2));
		entry->accounts = (uint16_t)store_int(r, i, 3);
		entry->has_history = store_bool(r, i, 4);
		entry->is_excluded = store_bool(r, i, 5);
		entry->rejects = store_int(r, i, 6);
		entry->is_unusable = store_bool(r, i, 7);
		entry->observed = read_observation(a, r, i, 8);
		entry->has_raw = store_bool(r, i, 12);
		list_add(a, entries, entry);
	}
	rc = 0;
out:
	PQclear(r);
	buf_free(&array);
	return rc;
}

/* Of one account. */
static int
link_account(
    struct store *s, void *const *entries, size_t count, int64_t onboarded_at_us, struct err *e)
{
	struct sha256 *hashes = memory_zero(count, sizeof(*hashes));
	struct params p = {0};
	struct buf array;
	int rc;

	for (size_t i = 0; i < count; i++)
		hashes[i] = ((struct ledger_entry *)entries[i])->sha256;
	buf_init(&array, (size_t)64 << 20);
	tuple_put_hash_array(&array, hashes, count);
	params_add_int(&p, ((struct ledger_entry *)entries[0])->account_id);
	params_add_time(&p, onboarded_at_us);
	params_add_bytes(&p, buf_str(&array));
	rc = store_do(s, SQL_LINK_PAYLOADS, &p, e);
	buf_free(&array);
	free(hashes);
	return rc;
}

static size_t
account_end(const struct list *entries, size_t first)
{
	int32_t account_id = ((struct ledger_entry *)entries->items[first])->account_id;
	size_t end = first;

	while (end < entries->count &&
	       ((struct ledger_entry *)entries->items[end])->account_id == account_id)
		end++;
	return end;
}

int
store_link_payloads(
    struct store *s, const struct list *entries, int64_t onboarded_at_us, struct err *e)
{
	if (entries->count == 0)
		return 0;
	if (store_begin(s, e) != 0)
		goto failed;
	for (size_t first = 0, end; first < entries->count; first = end) {
		end = account_end(entries, first);
		if (link_account(s, &entries->items[first], end - first, onboarded_at_us, e) != 0)
			goto failed;
	}
	if (store_commit(s, e) == 0)
		return 0;
failed:
	store_roll_back(s);
	return -1;
}

static int
read_account(struct store *s, struct account *found, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	params_add_text(&p, found->name);
	if ((r = store_run(s, SQL_READ_ACCOUNT, &p, e)) == NULL)
		return -1;
	found->id = (int32_t)store_int(r, 0, 0);
	for (int i = 1; i < PQnfields(r); i++)
		if (store_bool(r, 0, i))
			found->is_empty |= 1u << (i - 1);
	PQclear(r);
	return 0;
}

static int
resolve(struct store *s, struct account *found, int64_t onboarded_at_us, struct err *e)
{
	struct params p = {0}, activation = {0};
	bool is_first = found->id < 0;

	params_add_text(&p, found->name);
	params_add_text(&p, found->phone_number_id);
	params_add_text(&p, found->business_phone);
	params_add_text(&p, found->waba_id);
	if (store_do(s, SQL_UPSERT_ACCOUNT, &p, e) != 0)
		return -1;
	if (is_first && read_account(s, found, e) != 0)
		return -1;
	if (is_first && s->is_dry && store_remember_account(s, found->id, e) != 0)
		return -1;
	if (onboarded_at_us == TIME_NONE || found->id == 0)
		return 0;
	params_add_int(&activation, found->id);
	params_add_time(&activation, onboarded_at_us);
	return store_do(s, SQL_INSERT_ACTIVATION, &activation, e);
}

static int
resolve_all(struct store *s, const struct list *accounts, struct account *found,
    int64_t onboarded_at_us, struct err *e)
{
	if (store_begin(s, e) != 0)
		return -1;
	for (size_t i = 0; i < accounts->count; i++) {
		found[i] = *(const struct account *)accounts->items[i];
		if (resolve(s, &found[i], onboarded_at_us, e) != 0)
			return -1;
	}
	return store_commit(s, e);
}

/* An id counts once it is committed: a number that was rolled back is not given again. */
int
store_resolve_accounts(
    struct store *s, struct list *accounts, int64_t onboarded_at_us, struct err *e)
{
	struct account *found;
	int rc;

	if (accounts->count == 0)
		return 0;
	found = memory_zero(accounts->count, sizeof(*found));
	rc = resolve_all(s, accounts, found, onboarded_at_us, e);
	if (rc != 0)
		store_roll_back(s);
	for (size_t i = 0; rc == 0 && i < accounts->count; i++) {
		struct account *account = accounts->items[i];

		if (account->id >= 0)
			continue; /* writers read it */
		account->is_empty = found[i].is_empty;
		account->id = found[i].id;
	}
	free(found);
	return rc;
}
