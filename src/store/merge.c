/*
 * The merge phase: keys that existed, and second observations within the batch, wave by wave.
 * The rules are in sql/plan_message.sql and sql/merge_*.sql; here is only their order.
 */
#include "store/apply.h"

/* $2 of plan_message.sql */
#define PLAN_ALL_WAVES (-1)

static int
count_plan(struct apply *ap, struct err *e)
{
	PGresult *r = store_run(ap->store, SQL_COUNT_PLAN, NULL, e);

	if (r == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++) {
		size_t index = (size_t)store_int(r, i, 0);
		bool is_conflicting = store_text(r, i, 1).ptr[0] == 't';
		uint64_t changed = (uint64_t)store_int(r, i, 2);
		struct part *p = ap->batch->parts.items[index];

		p->counts.outcomes[is_conflicting ? OUTCOME_CONFLICTING : OUTCOME_ENRICHED] +=
		    changed;
		ap->staged[index] -= changed;
	}
	PQclear(r);
	return 0;
}

static int
plan(struct apply *ap, int32_t account_id, int wave, int64_t *changed, struct err *e)
{
	struct params p = {0};

	params_add_int(&p, account_id);
	params_add_int(&p, wave);
	return store_do(ap->store, SQL_PLAN_MESSAGE, &p, changed, e);
}

/*
 * Locks, keys ascending, the planned rows; *outdated: how many of them the plan does not know as
 * they are now.
 */
static int
lock_planned(struct apply *ap, int32_t account_id, int64_t *outdated, struct err *e)
{
	struct params account = {0};
	PGresult *r;

	params_add_int(&account, account_id);
	if ((r = store_run(ap->store, SQL_LOCK_MESSAGE, &account, e)) == NULL)
		return -1;
	*outdated = store_int(r, 0, 0);
	PQclear(r);
	return 0;
}

/*
 * Plans the first wave and locks the rows that any wave would change. Waves may not lock one by
 * one: the second would begin again at the first key, and two writers would wait in a ring. What
 * changes nothing now changes nothing after the waves before it: rows only grow.
 */
static int
plan_first_wave(struct apply *ap, int32_t account_id, int64_t *changed, struct err *e)
{
	int64_t outdated = 0;

	if (plan(ap, account_id, PLAN_ALL_WAVES, changed, e) != 0)
		return -1;
	if (*changed == 0)
		return 0;
	if (lock_planned(ap, account_id, &outdated, e) != 0)
		return -1;
	if (outdated == 0)
		return ap->wave_count > 1 ? store_do(ap->store, SQL_KEEP_FIRST_WAVE, NULL, NULL, e)
					  : 0;
	return store_do(ap->store, SQL_CLEAR_PLAN, NULL, NULL, e) != 0
		   ? -1
		   : plan(ap, account_id, 0, NULL, e);
}

/* What is planned, its rows locked. */
static int
merge_planned(struct apply *ap, int32_t account_id, struct err *e)
{
	struct store *s = ap->store;
	struct params account = {0};

	params_add_int(&account, account_id);
	if (store_do(s, SQL_MERGE_MESSAGE_VERSION, NULL, NULL, e) != 0 ||
	    store_do(s, SQL_MERGE_MESSAGE, &account, NULL, e) != 0 || count_plan(ap, e) != 0)
		return -1;
	return store_do(s, SQL_CLEAR_PLAN, NULL, NULL, e);
}

static int
merge_account(struct apply *ap, int32_t account_id, struct err *e)
{
	int64_t changed = 0;

	if (plan_first_wave(ap, account_id, &changed, e) != 0)
		return -1;
	if (changed == 0)
		return 0;
	if (merge_planned(ap, account_id, e) != 0)
		return -1;
	for (unsigned wave = 1; wave < ap->wave_count; wave++) {
		if (plan(ap, account_id, (int)wave, &changed, e) != 0)
			return -1;
		if (changed > 0 && merge_planned(ap, account_id, e) != 0)
			return -1;
	}
	return 0;
}

static int
merge_messages(struct apply *ap, struct err *e)
{
	if (ap->to_merge == 0)
		return 0;
	if (store_do(ap->store, SQL_CREATE_PLAN, NULL, NULL, e) != 0)
		return -1;
	for (size_t i = 0; i < ap->account_count; i++)
		if (merge_account(ap, ap->accounts[i], e) != 0)
			return -1;
	/* what was neither inserted nor changed anything */
	for (size_t i = ap->first_part; i < ap->end_part; i++) {
		struct part *p = ap->batch->parts.items[i];

		p->counts.outcomes[OUTCOME_DUPLICATE] += ap->staged[i];
	}
	return 0;
}

static int
merge_relation(struct apply *ap, enum relation relation, struct err *e)
{
	const struct relation_info *info = relation_info(relation);

	if (!ap->has_stage[relation])
		return 0;
	for (size_t i = 0; i < ap->account_count; i++) {
		struct params account = {0};

		params_add_int(&account, ap->accounts[i]);
		for (const enum sql *id = info->merge; *id != SQL_COUNT; id++)
			if (store_do(ap->store, *id, &account, NULL, e) != 0)
				return -1;
	}
	return 0;
}

int
merge_staged(struct apply *ap, struct err *e)
{
	bool is_needed = false;

	for (int relation = 0; relation < REL_COUNT; relation++)
		is_needed |= ap->has_stage[relation];
	if (!is_needed)
		return 0;
	if (store_do(ap->store, SQL_PREFER_INDEX_JOINS, NULL, NULL, e) != 0)
		return -1;
	for (int relation = 0; relation < REL_COUNT; relation++) {
		int rc = relation == REL_MESSAGE
			     ? (ap->has_stage[REL_MESSAGE] ? merge_messages(ap, e) : 0)
			     : merge_relation(ap, (enum relation)relation, e);

		if (rc != 0)
			return -1;
	}
	return 0;
}
