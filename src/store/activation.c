/*
 * Activations: listed, taken back, and which payloads were given under which. See store.h.
 */
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "store/connection.h"
#include "store/tuple.h"

int
store_list_activations(
    struct store *s, struct str account, const struct line_sink *sink, struct err *e)
{
	struct params p = {0};

	params_add_text(&p, account);
	return store_each_line(s, SQL_LIST_ACTIVATIONS, &p, sink, e);
}

/* `request` would not know of them any more, and Meta takes each once. */
static void
warn_of_requests(const PGresult *dropped)
{
	bool contacts = store_bool(dropped, 0, 0);
	bool history = store_bool(dropped, 0, 1);

	if (contacts || history)
		log_warn("%s requested under this time, which is forgotten with it: coexsync "
			 "request would ask again",
		    !history	? "contacts were"
		    : !contacts ? "history was"
				: "contacts and history were");
}

int
store_make_activation(struct store *s, int32_t account_id, int64_t onboarded_at_us, struct err *e)
{
	struct params p = {0};

	params_add_int(&p, account_id);
	params_add_time(&p, onboarded_at_us);
	return store_do(s, SQL_INSERT_ACTIVATION, &p, e);
}

/* Behind the batches of whoever imports under it, whose links go as well. */
int
store_drop_activation(struct store *s, struct str account, int64_t onboarded_at_us, struct err *e)
{
	PGresult *dropped = NULL;
	struct params p = {0};
	int32_t account_id;
	int rc = -1;

	if (store_find_account(s, account, &account_id, e) != 0)
		return -1;
	params_add_int(&p, account_id);
	params_add_time(&p, onboarded_at_us);
	if (store_begin(s, e) != 0 ||
	    store_lock_account(s, SQL_LOCK_ACCOUNT_EXCLUSIVE, account_id, e) != 0 ||
	    store_do(s, SQL_DROP_ACTIVATION_LINKS, &p, e) != 0 ||
	    (dropped = store_run(s, SQL_DROP_ACTIVATION, &p, e)) == NULL ||
	    store_do(s, SQL_COMMIT, NULL, e) != 0) {
		store_roll_back(s);
	} else if (PQntuples(dropped) > 0) {
		warn_of_requests(dropped);
		rc = 0;
	} else {
		err_set(e, ERR_NO_INPUT, "account %.*s has no activation of that time",
		    STR_ARG(account));
		err_hint(e, "coexsync activation list shows them");
	}
	PQclear(dropped);
	return rc;
}

/* Of one account. */
static int
link_account(
    struct store *s, void *const *entries, size_t count, int64_t onboarded_at_us, struct err *e)
{
	int32_t account_id = ((struct ledger_entry *)entries[0])->account_id;
	struct sha256 *hashes = memory_zero(count, sizeof(*hashes));
	struct params p = {0};
	struct buf array;
	int rc = -1;

	for (size_t i = 0; i < count; i++)
		hashes[i] = ((struct ledger_entry *)entries[i])->sha256;
	buf_init(&array, (size_t)64 << 20);
	tuple_put_hash_array(&array, hashes, count);
	params_add_int(&p, account_id);
	params_add_time(&p, onboarded_at_us);
	params_add_bytes(&p, buf_str(&array));
	if (store_lock_account(s, SQL_LOCK_ACCOUNT_SHARED, account_id, e) == 0 &&
	    store_make_activation(s, account_id, onboarded_at_us, e) == 0)
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
