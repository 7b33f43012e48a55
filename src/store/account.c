/*
 * Accounts: made, found by their names, listed. See store.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "store/connection.h"

int
store_fail_account(struct str name, struct err *e)
{
	err_set(e, ERR_NO_INPUT, "there is no account %.*s", STR_ARG(name));
	return err_hint(e, "coexsync status shows those that there are");
}

int
store_find_account(struct store *s, struct str name, int32_t *account_id, struct err *e)
{
	struct params p = {0};
	PGresult *r;
	int rc = 0;

	params_add_text(&p, name);
	if ((r = store_run(s, SQL_FIND_ACCOUNT, &p, e)) == NULL)
		return -1;
	if (PQntuples(r) == 0)
		rc = store_fail_account(name, e);
	else
		*account_id = (int32_t)store_int(r, 0, 0);
	PQclear(r);
	return rc;
}

int
store_check_account(struct store *s, struct str name, struct err *e)
{
	int32_t ignored;

	return store_find_account(s, name, &ignored, e);
}

int
store_list_accounts(struct store *s, struct arena *a, struct list *names, struct err *e)
{
	PGresult *r = store_run(s, SQL_LIST_ACCOUNTS, NULL, e);

	*names = (struct list){0};
	if (r == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++) {
		struct str *name = arena_alloc(a, sizeof(*name));

		*name = arena_copy(a, store_text(r, i, 0));
		list_add(a, names, name);
	}
	PQclear(r);
	return 0;
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
	struct params p = {0};
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
	return store_make_activation(s, found->id, onboarded_at_us, e);
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
