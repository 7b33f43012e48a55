/*
 * What the ledger says of payloads. See store.h.
 */
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
