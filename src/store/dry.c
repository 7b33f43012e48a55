/*
 * A dry run: the same statements in a transaction around them all, rolled back, and what they would
 * have changed. See store.h.
 */
#include "store/connection.h"

int
store_begin_dry(struct store *s, const struct as_of *as_of, struct err *e)
{
	s->is_dry = true;
	s->dry_as_of = *as_of;
	if (store_begin_nested(s, e) == 0 && store_do(s, SQL_CREATE_ACCOUNT_STATE, NULL, e) == 0)
		return 0;
	store_end_dry(s);
	return -1;
}

static int
add_state(struct store *s, int32_t account_id, bool is_after, struct err *e)
{
	struct params p = {0};

	params_add_int(&p, account_id);
	params_add_as_of(&p, &s->dry_as_of);
	params_add_bool(&p, is_after);
	if (store_do(s, SQL_LIFT_LIMITS, NULL, e) != 0)
		return -1;
	return store_do(s, SQL_INSERT_ACCOUNT_STATE, &p, e);
}

int
store_remember_account(struct store *s, int32_t account_id, struct err *e)
{
	return add_state(s, account_id, false, e);
}

int
store_list_changes(
    struct store *s, const struct list *accounts, const struct line_sink *sink, struct err *e)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (add_state(s, ((struct account *)accounts->items[i])->id, true, e) != 0)
			return -1;
	return store_each_line(s, SQL_LIST_CHANGES, NULL, sink, e);
}

void
store_end_dry(struct store *s)
{
	store_end_nested(s);
	s->is_dry = false;
}
