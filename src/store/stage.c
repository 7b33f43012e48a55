/*
 * The insert phase, of one relation each: surely new keys, and those that a probe does not find, by
 * binary COPY straight into the table; then what may be known by temp table and INSERT … ORDER BY
 * key ON CONFLICT DO NOTHING. See apply.h.
 */
#include "store/apply.h"
#include "store/copy.h"
#include "store/tuple.h"

/* Messages of one question whether they are there. */
#define PROBE_KEYS 8000
/* Of so many accounts the statements of each may read the whole stage; an index takes as long. */
#define UNINDEXED_ACCOUNTS 16

static struct part *
part_of(const struct apply *ap, const struct row *r)
{
	return batch_part(ap->batch, r->part);
}

/* That a payload was given under this T is said of known ones, too. */
void
apply_select(struct apply *ap, bool is_linking)
{
	ap->is_linking = is_linking;
	for (size_t i = ap->first_part; i < ap->end_part; i++) {
		const struct part *p = batch_part(ap->batch, i);

		ap->is_selected[i] = is_linking || part_is_written(p);
	}
}

static bool
is_selected(const struct apply *ap, const struct row *r)
{
	return ap->is_selected[r->part] && !r->is_skipped;
}

/* Bytes that are there under one hash are not kept under another as well. */
static bool
is_missed(const struct apply *ap, const struct raw_row *r)
{
	for (size_t i = 0; i < r->part_count; i++)
		if (ap->is_selected[r->parts[i]] &&
		    (ap->before == NULL || !ap->before[r->parts[i]].has_raw))
			return true;
	return false;
}

static bool
is_written(const struct apply *ap, enum relation relation, const struct row *r)
{
	return relation == REL_PAYLOAD_RAW ? is_missed(ap, (const struct raw_row *)r)
					   : is_selected(ap, r);
}

/* Of a batch that is written by halves, a frame may have come with the half before. */
static bool
is_half(const struct apply *ap)
{
	return ap->end_part - ap->first_part < ap->batch->parts.count;
}

/*
 * A ledger row always does, unless the payload is applied again: where somebody else has written it
 * meanwhile, the attempt must fail (23505) and not pass in silence.
 */
static bool
goes_by_copy(const struct apply *ap, enum relation relation, const struct row *r)
{
	if (relation == REL_PAYLOAD)
		return !part_of(ap, r)->is_known;
	return !ap->is_staged && !r->may_be_known && !(relation == REL_PAYLOAD_RAW && is_half(ap));
}

/* A ledger row has the outcomes of the part's messages: those that are staged have none yet. */
static bool
is_due(const struct apply *ap, enum relation relation, const struct row *r)
{
	return relation != REL_PAYLOAD || ap->is_late[r->part] == ap->has_merged;
}

static void
put_row(struct apply *ap, const struct relation_info *info, const struct row *r, unsigned more)
{
	const struct part *p = part_of(ap, r);

	tuple_begin(&ap->rows, info->column_count + more);
	tuple_put_int32(&ap->rows, p->account->id);
	info->encode(&ap->rows, r, &ap->encode);
}

static void
prefetch(const void *what, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += 64)
		__builtin_prefetch((const char *)what + i);
}

/* In key order rows, and what they belong to, lie anywhere in the batch: memory is asked for some
 * rows ahead, of each as much as the largest take, a message. */
static void
fetch_ahead(const struct apply *ap, const struct list *l, size_t i)
{
	if (i + 16 < l->count)
		prefetch(l->items[i + 16], sizeof(struct message_row));
	if (i + 8 < l->count) {
		const struct row *r = l->items[i + 8];

		__builtin_prefetch(r->key.ptr);
		prefetch(part_of(ap, r), sizeof(struct part));
	}
	if (i + 4 < l->count)
		prefetch(part_of(ap, l->items[i + 4])->payload, sizeof(struct payload));
}

/* All accounts at once: a COPY for each would take a thousand round trips where a batch is of a
 * thousand, and rows know whose they are. */
static int
copy_new(struct apply *ap, enum relation relation, struct err *e)
{
	const struct relation_info *info = relation_info(relation);
	const struct list *l = &ap->batch->rows.of[relation];
	bool has_begun = false;

	for (size_t i = 0; i < l->count; i++) {
		const struct row *r = l->items[i];

		fetch_ahead(ap, l, i);
		if (!is_written(ap, relation, r) || !is_due(ap, relation, r))
			continue;
		if (!goes_by_copy(ap, relation, r)) {
			ap->has_more[relation] = true;
			ap->is_late[r->part] |= relation == REL_MESSAGE;
			continue;
		}
		if (!has_begun &&
		    copy_begin(ap->store, relation_text(&ap->text, SQL_COPY, info), &ap->rows, e))
			return -1;
		has_begun = true;
		put_row(ap, info, r, 0);
		if (relation == REL_MESSAGE)
			part_of(ap, r)->counts.outcomes[OUTCOME_INSERTED]++;
		if (ap->rows.len >= COPY_SEND_BYTES && copy_send(ap->store, &ap->rows, e) != 0)
			return -1;
	}
	return has_begun ? copy_end(ap->store, &ap->rows, e) : 0;
}

static int
begin_stage(struct apply *ap, enum relation relation, struct err *e)
{
	const struct relation_info *info = relation_info(relation);
	const char *text = relation_text(&ap->text, SQL_CREATE_STAGE, info);

	if (store_do_text(ap->store, text, NULL, e) != 0)
		return -1;
	ap->has_stage[relation] = true;
	text = relation_text(&ap->text, SQL_COPY_STAGE, info);
	return copy_begin(ap->store, text, &ap->rows, e);
}

/* Rows are ordered by account. */
static void
note_account(struct apply *ap, enum relation relation, int32_t account_id)
{
	struct staged_accounts *in_stage = &ap->in_stage[relation];

	if (in_stage->count > 0 && in_stage->ids[in_stage->count - 1] == account_id)
		return;
	if (in_stage->ids == NULL)
		in_stage->ids =
		    arena_alloc(ap->batch->arena, ap->batch->parts.count * sizeof(*in_stage->ids));
	in_stage->ids[in_stage->count++] = account_id;
}

/* Each statement is of one account: where there are many, it is not to read the rows of all. */
static int
end_stage(struct apply *ap, enum relation relation, struct err *e)
{
	if (copy_end(ap->store, &ap->rows, e) != 0)
		return -1;
	if (ap->in_stage[relation].count <= UNINDEXED_ACCOUNTS)
		return 0;
	return store_do_text(
	    ap->store, relation_text(&ap->text, SQL_INDEX_STAGE, relation_info(relation)), NULL, e);
}

/* How many selected observations of its key come before each row is its wave. */
static int
fill_stage(struct apply *ap, enum relation relation, struct err *e)
{
	const struct relation_info *info = relation_info(relation);
	const struct list *l = &ap->batch->rows.of[relation];
	const struct row *before = NULL;
	unsigned wave = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct row *r = l->items[i];

		fetch_ahead(ap, l, i);
		if (!is_written(ap, relation, r))
			continue;
		wave = before != NULL && before->group == r->group ? wave + 1 : 0;
		before = r;
		if (goes_by_copy(ap, relation, r))
			continue;
		if (!ap->has_stage[relation] && begin_stage(ap, relation, e) != 0)
			return -1;
		note_account(ap, relation, part_of(ap, r)->account->id);
		put_row(ap, info, r, 2);
		tuple_put_int32(&ap->rows, (int32_t)r->part);
		tuple_put_int32(&ap->rows, (int32_t)wave);
		if (relation == REL_MESSAGE) {
			ap->staged[r->part]++;
			ap->to_merge++;
			ap->waves = (int)wave < ap->waves ? ap->waves : (int)wave + 1;
		}
		if (ap->rows.len >= COPY_SEND_BYTES && copy_send(ap->store, &ap->rows, e) != 0)
			return -1;
	}
	return ap->has_stage[relation] ? end_stage(ap, relation, e) : 0;
}

static int
insert_messages(struct apply *ap, const struct params *account, struct err *e)
{
	PGresult *r = store_run(ap->store, SQL_INSERT_MESSAGE, account, e);

	if (r == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++) {
		size_t index = (size_t)store_int(r, i, 0);
		uint64_t inserted = (uint64_t)store_int(r, i, 1);
		struct part *p = batch_part(ap->batch, index);

		p->counts.outcomes[OUTCOME_INSERTED] += inserted;
		ap->staged[index] -= inserted;
		ap->to_merge -= inserted;
	}
	PQclear(r);
	return 0;
}

static int
insert_staged(struct apply *ap, enum relation relation, struct err *e)
{
	for (size_t i = 0; i < ap->in_stage[relation].count; i++) {
		struct params account = {0};
		const char *text;

		params_add_int(&account, ap->in_stage[relation].ids[i]);
		if (relation == REL_MESSAGE) {
			if (insert_messages(ap, &account, e) != 0)
				return -1;
			continue;
		}
		text = relation == REL_PAYLOAD_RAW
			   ? sql_texts[SQL_INSERT_PAYLOAD_RAW]
			   : relation_text(&ap->text, SQL_INSERT, relation_info(relation));
		if (store_do_text(ap->store, text, &account, e) != 0)
			return -1;
	}
	return 0;
}

/* Of the rows [*at, end), as many keys to ask about as one question takes. */
static size_t
take_keys(struct apply *ap, const struct list *l, size_t *at, size_t end)
{
	size_t count = 0;

	for (; *at < end && count < PROBE_KEYS; ++*at) {
		struct row *r = l->items[*at];

		if (!r->is_to_probe || !is_selected(ap, r))
			continue;
		if (ap->asked_keys == NULL) {
			struct arena *a = ap->batch->arena;

			ap->asked_keys = arena_alloc(a, PROBE_KEYS * sizeof(*ap->asked_keys));
			ap->asked_rows = arena_alloc(a, PROBE_KEYS * sizeof(struct row *));
		}
		r->may_be_known = false;
		ap->asked_keys[count] = r->key;
		ap->asked_rows[count++] = r;
	}
	return count;
}

static int
ask(struct apply *ap, int32_t account_id, size_t count, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	buf_reset(&ap->rows);
	tuple_put_text_array(&ap->rows, ap->asked_keys, count);
	params_add_int(&p, account_id);
	params_add_bytes(&p, buf_str(&ap->rows));
	if ((r = store_run(ap->store, SQL_PROBE_MESSAGE, &p, e)) == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++)
		ap->asked_rows[store_int(r, i, 0) - 1]->may_be_known = true;
	PQclear(r);
	return 0;
}

/* Messages of an account that had some, [first, end) of the list: which of them are there? */
static int
probe(struct apply *ap, const struct list *l, size_t first, size_t end, struct err *e)
{
	int32_t account_id = part_of(ap, l->items[first])->account->id;
	size_t count;

	while ((count = take_keys(ap, l, &first, end)) > 0)
		if (ask(ap, account_id, count, e) != 0)
			return -1;
	return 0;
}

/* Where the rows of the account of row first end: rows are ordered by account. */
static size_t
account_end(const struct apply *ap, const struct list *l, size_t first)
{
	int32_t account_id = part_of(ap, l->items[first])->account->id;
	size_t low = first + 1, high = l->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (part_of(ap, l->items[middle])->account->id == account_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
probe_accounts(struct apply *ap, const struct list *l, struct err *e)
{
	for (size_t first = 0, end; first < l->count; first = end) {
		const struct account *account = part_of(ap, l->items[first])->account;

		end = account_end(ap, l, first);
		if (!(account->is_empty >> REL_MESSAGE & 1u) && probe(ap, l, first, end, e) != 0)
			return -1;
	}
	return 0;
}

static void
select_for(struct apply *ap, enum relation relation)
{
	if (ap->is_linking != (relation == REL_ACTIVATION_PAYLOAD))
		apply_select(ap, relation == REL_ACTIVATION_PAYLOAD);
}

/* What links name is there as long as the accounts are locked: dropped before, it is made again. */
static int
make_activations(struct apply *ap, const struct list *links, struct err *e)
{
	const struct activation_payload_row *first;

	if (links->count == 0)
		return 0;
	first = links->items[0];
	for (size_t i = 0; i < ap->account_count; i++)
		if (ap->accounts[i] != 0 && store_make_activation(ap->store, ap->accounts[i],
						first->onboarded_at_us, e) != 0)
			return -1;
	return 0;
}

int
copy_relation(struct apply *ap, enum relation relation, struct err *e)
{
	const struct list *l = &ap->batch->rows.of[relation];

	select_for(ap, relation);
	if (relation == REL_ACTIVATION_PAYLOAD && make_activations(ap, l, e) != 0)
		return -1;
	if (relation == REL_MESSAGE && !ap->is_staged && probe_accounts(ap, l, e) != 0)
		return -1;
	return copy_new(ap, relation, e);
}

int
stage_relation(struct apply *ap, enum relation relation, struct err *e)
{
	if (!ap->has_more[relation])
		return 0;
	select_for(ap, relation);
	if (fill_stage(ap, relation, e) != 0)
		return -1;
	return ap->has_stage[relation] ? insert_staged(ap, relation, e) : 0;
}
