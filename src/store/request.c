/*
 * The request for the sync, which can be made once: see media.h.
 */
#include <string.h>

#include "store/connection.h"
#include "store/media.h"

static void
add_key(struct params *p, const struct sync_request *r)
{
	params_add_int(p, r->account_id);
	params_add_time(p, r->onboarded_at_us);
	params_add_bool(p, r->is_history);
}

static int
find_account(struct store *s, struct arena *a, struct sync_request *r, struct err *e)
{
	struct params p = {0};
	PGresult *found;

	params_add_text(&p, r->account);
	if ((found = store_run(s, SQL_FIND_ACCOUNT, &p, e)) == NULL)
		return -1;
	r->account_id = (int32_t)store_int(found, 0, 0);
	r->phone_number_id = arena_copy(a, store_text(found, 0, 1));
	PQclear(found);
	return 0;
}

static int
make_rows(struct store *s, struct arena *a, struct sync_request *r, struct err *e)
{
	struct params account = {0};

	params_add_text(&account, r->account);
	params_add_text(&account, r->phone_number_id);
	params_add_null(&account);
	params_add_null(&account);
	if (store_do(s, SQL_UPSERT_ACCOUNT, &account, e) != 0 || find_account(s, a, r, e) != 0)
		return -1;
	return store_make_activation(s, r->account_id, r->onboarded_at_us, e);
}

static int
read_request(struct store *s, struct arena *a, struct sync_request *r, struct err *e)
{
	struct params p = {0};
	PGresult *found;

	add_key(&p, r);
	if ((found = store_run(s, SQL_READ_REQUEST, &p, e)) == NULL)
		return -1;
	r->requested_at_us = store_time(found, 0, 0);
	r->request_id = arena_copy(a, store_text(found, 0, 1));
	PQclear(found);
	return 0;
}

static int
claim(struct store *s, struct arena *a, struct sync_request *r, int64_t now_us, struct err *e)
{
	struct params p = {0};
	PGresult *claimed;

	if (store_begin(s, e) != 0 || make_rows(s, a, r, e) != 0)
		goto failed;
	add_key(&p, r);
	params_add_time(&p, now_us);
	if ((claimed = store_run(s, SQL_CLAIM_REQUEST, &p, e)) == NULL)
		goto failed;
	r->is_ours = strcmp(PQcmdTuples(claimed), "1") == 0;
	PQclear(claimed);
	if (read_request(s, a, r, e) == 0 && store_commit(s, e) == 0)
		return 0;
failed:
	store_roll_back(s);
	return -1;
}

int
store_claim_request(
    struct store *s, struct arena *a, struct sync_request *r, int64_t now_us, struct err *e)
{
	unsigned tries = 0;

	while (claim(s, a, r, now_us, e) != 0)
		if (!store_may_retry(s, &tries, e))
			return -1;
	/* the one that is found may be of a try whose COMMIT was not answered */
	r->is_ours |= tries > 0 && r->request_id.ptr == NULL && r->requested_at_us == now_us;
	return 0;
}

/* While the API was asked, the connection may have gone. */
static int
write_outcome(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	unsigned tries = 0;

	while (store_write(s, id, p, e) != 0)
		if (!store_may_retry(s, &tries, e))
			return -1;
	return 0;
}

int
store_note_request(
    struct store *s, const struct sync_request *r, struct str request_id, struct err *e)
{
	struct params p = {0};

	add_key(&p, r);
	params_add_text(&p, request_id);
	return write_outcome(s, SQL_NOTE_REQUEST, &p, e);
}

int
store_release_request(struct store *s, const struct sync_request *r, struct err *e)
{
	struct params p = {0};

	add_key(&p, r);
	params_add_time(&p, r->requested_at_us);
	return write_outcome(s, SQL_RELEASE_REQUEST, &p, e);
}
