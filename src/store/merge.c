/*
 * The merge phase: keys that existed, and second observations within the batch, wave by wave.
 * The rules are in sql/merge_*.sql; here is only their order.
 */
#include "store/apply.h"

#define FEW_WAVES 32

/* What a statement leaves to do: rows that another transaction has changed, and observations behind
 * the first that changes a row. */
struct rest {
	int64_t missed;
	int64_t later;
};

/* One row of what merge_message.sql returns. */
static void
note_merged(struct apply *ap, const PGresult *r, int row, struct rest *rest)
{
	struct str what = store_text(r, row, 0);
	size_t index = (size_t)store_int(r, row, 1);
	int64_t count = store_int(r, row, 2);
	bool is_conflicting = str_is(what, "conflicting");

	if (str_is(what, "missed")) {
		rest->missed = count;
	} else if (str_is(what, "later")) {
		rest->later = count;
	} else {
		struct part *p = batch_part(ap->batch, index);

		p->counts.outcomes[is_conflicting ? OUTCOME_CONFLICTING : OUTCOME_ENRICHED] +=
		    (uint64_t)count;
		ap->staged[index] -= (uint64_t)count;
	}
}

/* Waves [first, until). */
struct waves {
	int first;
	int until;
};

static int
merge_waves(
    struct apply *ap, int32_t account_id, struct waves waves, struct rest *rest, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	params_add_int(&p, account_id);
	params_add_int(&p, waves.first);
	params_add_int(&p, waves.until);
	if ((r = store_run(ap->store, SQL_MERGE_MESSAGE, &p, e)) == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++)
		note_merged(ap, r, i, rest);
	PQclear(r);
	return 0;
}

/* What comes behind waves that left `later` observations: few while each changes the row, for all
 * of them are looked at each time. */
static struct waves
next_waves(struct waves done, int64_t later)
{
	int width = done.until - done.first;

	if (later > 0)
		return (struct waves){done.first + 1, done.first + 1 + FEW_WAVES};
	return (struct waves){done.until, done.until + 2 * width};
}

/* All at first: that locks the rows. */
static int
merge_account(struct apply *ap, int32_t account_id, struct err *e)
{
	struct rest rest = {0};
	struct waves waves = {0, ap->waves};

	while (waves.first < ap->waves) {
		if (merge_waves(ap, account_id, waves, &rest, e) != 0)
			return -1;
		if (rest.missed == 0)
			waves = next_waves(waves, rest.later);
	}
	return 0;
}

static int
merge_messages(struct apply *ap, struct err *e)
{
	if (ap->to_merge == 0)
		return 0;
	for (size_t i = 0; i < ap->in_stage[REL_MESSAGE].count; i++)
		if (merge_account(ap, ap->in_stage[REL_MESSAGE].ids[i], e) != 0)
			return -1;
	/* what was neither inserted nor changed anything */
	for (size_t i = ap->first_part; i < ap->end_part; i++) {
		struct part *p = batch_part(ap->batch, i);

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
	for (size_t i = 0; i < ap->in_stage[relation].count; i++) {
		struct params account = {0};

		params_add_int(&account, ap->in_stage[relation].ids[i]);
		for (const enum sql *id = info->merge; *id != SQL_COUNT; id++)
			if (store_do(ap->store, *id, &account, e) != 0)
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
	if (store_do(ap->store, SQL_PREFER_INDEX_JOINS, NULL, e) != 0)
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
