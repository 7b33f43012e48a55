/*
 * Transactions: those that write, those whose reader takes time, and those within another one,
 * which a dry run (dry.c) or a rebuild (rebuild.c) has around. See connection.h.
 */
#include "store/connection.h"

/* First key of our advisory locks: "coex". The second is the account_id. */
#define LOCK_CLASS 0x636f6578

/* How long the account's lock may be held by who says nothing. A dry run may wait for its input. */
static int
set_limits(struct store *s, struct err *e)
{
	struct params p = {0};

	params_add_text(&p, s->is_dry ? STR_LIT("0") : STR_LIT("30s"));
	return store_do(s, SQL_SET_LIMITS, &p, e);
}

int
store_begin(struct store *s, struct err *e)
{
	if (store_do(s, s->is_nested ? SQL_CREATE_SAVEPOINT : SQL_BEGIN, NULL, e) != 0)
		return -1;
	return set_limits(s, e);
}

int
store_commit(struct store *s, struct err *e)
{
	return store_do(s, s->is_nested ? SQL_RELEASE_SAVEPOINT : SQL_COMMIT, NULL, e);
}

int
store_lock_account(struct store *s, enum sql how, int32_t account_id, struct err *e)
{
	struct params p = {0};

	params_add_int(&p, LOCK_CLASS);
	params_add_int(&p, account_id);
	return store_do(s, how, &p, e);
}

int
store_write(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	if (store_begin(s, e) == 0 && store_do(s, id, p, e) == 0 && store_commit(s, e) == 0)
		return 0;
	store_roll_back(s);
	return -1;
}

int
store_begin_reading(struct store *s, struct err *e)
{
	if (store_do(s, SQL_BEGIN_READING, NULL, e) == 0 &&
	    store_do(s, SQL_TAKE_TIME, NULL, e) == 0)
		return 0;
	store_roll_back(s);
	return -1;
}

int
store_end_reading(struct store *s, int rc, struct err *e)
{
	if (rc == 0 && store_do(s, SQL_COMMIT, NULL, e) == 0)
		return 0;
	store_roll_back(s);
	return -1;
}

PGresult *
store_run_long(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	PGresult *r;

	if (store_begin_reading(s, e) != 0)
		return NULL;
	r = store_run(s, id, p, e);
	if (store_end_reading(s, r == NULL ? -1 : 0, e) == 0)
		return r;
	PQclear(r);
	return NULL;
}

int
store_begin_nested(struct store *s, struct err *e)
{
	if (store_do(s, SQL_BEGIN, NULL, e) != 0)
		return -1;
	s->is_nested = true;
	return set_limits(s, e);
}

void
store_end_nested(struct store *s)
{
	s->is_nested = false;
	store_roll_back(s);
}
