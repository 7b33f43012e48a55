/*
 * Payloads that are applied again: the ledger has them, and their rows merge as any others do. What
 * names the payload in its key (ledger row, chunks, rejects) is replaced. See apply.h.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/observation.h"
#include "store/apply.h"
#include "store/tuple.h"

typedef bool part_test(const struct apply *ap, size_t index);

static const struct part *
part_at(const struct apply *ap, size_t index)
{
	return batch_part(ap->batch, index);
}

static bool
is_again(const struct apply *ap, size_t index)
{
	return part_at(ap, index)->payload->is_again && !part_at(ap, index)->is_left_out;
}

static bool
is_replaced(const struct apply *ap, size_t index)
{
	return ap->before[index].is_there;
}

static bool
is_renewed(const struct apply *ap, size_t index)
{
	return is_replaced(ap, index) && !part_at(ap, index)->is_gone;
}

static bool
is_dropped(const struct apply *ap, size_t index)
{
	return is_replaced(ap, index) && part_at(ap, index)->is_gone && ap->before[index].is_empty;
}

static bool
is_forsaken(const struct apply *ap, size_t index)
{
	return is_replaced(ap, index) && part_at(ap, index)->is_gone && !ap->before[index].is_empty;
}

/* Of a part, where it is and what it is called. */
struct named_part {
	struct sha256 hash; /* first: compare_hashes */
	size_t index;
};

struct selection {
	struct named_part *parts; /* hashes ascending */
	size_t count;
};

static int
compare_hashes(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct sha256));
}

/* The parts of one account for which the test is true. */
static struct selection
select_of_account(const struct apply *ap, int32_t account_id, part_test *test)
{
	struct selection s = {0};
	size_t count = 0;

	for (size_t i = ap->first_part; i < ap->end_part; i++)
		count += part_at(ap, i)->account->id == account_id && test(ap, i);
	if (count == 0)
		return s;
	s.parts = arena_alloc(ap->batch->arena, count * sizeof(*s.parts));
	for (size_t i = ap->first_part; i < ap->end_part; i++)
		if (part_at(ap, i)->account->id == account_id && test(ap, i))
			s.parts[s.count++] =
			    (struct named_part){part_at(ap, i)->payload->sha256, i};
	qsort(s.parts, s.count, sizeof(*s.parts), compare_hashes);
	return s;
}

/* $1 and $2 of the statements here. */
static void
add_params(struct apply *ap, struct params *p, int32_t account_id, const struct selection *s)
{
	struct sha256 *hashes = arena_alloc(ap->batch->arena, s->count * sizeof(*hashes));

	for (size_t i = 0; i < s->count; i++)
		hashes[i] = s->parts[i].hash;
	buf_reset(&ap->rows);
	tuple_put_hash_array(&ap->rows, hashes, s->count);
	params_add_int(p, account_id);
	params_add_bytes(p, buf_str(&ap->rows));
}

/* Refused, but somebody has taken it in since the reader asked: it stays in. */
static bool
is_taken_in(const struct part *p, const struct ledger_before *before)
{
	return observation_of(p->payload).is_refused && !before->is_empty;
}

/* Both are in the order of the hashes. */
static void
read_ledger(struct apply *ap, const struct selection *s, const PGresult *r)
{
	size_t at = 0;

	for (int row = 0; row < PQntuples(r); row++) {
		struct ledger_before *before;
		struct sha256 hash;
		struct part *part;

		if (!sha256_parse(store_text(r, row, 0), &hash))
			continue; /* the server has hashes of this length only */
		while (at < s->count && compare_hashes(&s->parts[at].hash, &hash) < 0)
			at++;
		if (at == s->count || compare_hashes(&s->parts[at].hash, &hash) != 0)
			continue;
		part = batch_part(ap->batch, s->parts[at].index);
		part->is_known = true;
		before = &ap->before[s->parts[at].index];
		before->decoder_version = (int32_t)store_int(r, row, 1);
		before->is_empty = store_bool(r, row, 2);
		before->has_raw = store_bool(r, row, 3);
		for (int i = OUTCOME_INSERTED; i <= OUTCOME_CONFLICTING; i++)
			before->counts.outcomes[i] = (uint64_t)store_int(r, row, 4 + i);
		part->is_left_out = is_taken_in(part, before);
		before->is_there = !part->is_left_out;
	}
}

static int
lock_of_account(struct apply *ap, int32_t account_id, struct err *e)
{
	struct selection s = select_of_account(ap, account_id, is_again);
	struct params p = {0};
	PGresult *r;

	if (s.count == 0)
		return 0;
	for (size_t i = 0; i < s.count; i++)
		ap->before[s.parts[i].index] = (struct ledger_before){0};
	add_params(ap, &p, account_id, &s);
	if ((r = store_run(ap->store, SQL_LOCK_LEDGER, &p, e)) == NULL)
		return -1;
	read_ledger(ap, &s, r);
	PQclear(r);
	return 0;
}

int
again_lock(struct apply *ap, struct err *e)
{
	for (size_t i = 0; ap->before != NULL && i < ap->account_count; i++)
		if (lock_of_account(ap, ap->accounts[i], e) != 0)
			return -1;
	return 0;
}

/* The statement for the parts for which the test is true, account by account. */
static int
do_for(struct apply *ap, enum sql id, part_test *test, struct err *e)
{
	for (size_t i = 0; i < ap->account_count; i++) {
		struct selection s = select_of_account(ap, ap->accounts[i], test);
		struct params p = {0};

		if (s.count == 0)
			continue;
		add_params(ap, &p, ap->accounts[i], &s);
		if (id == SQL_FORSAKE_PAYLOAD)
			params_add_int(&p, ap->options->decoder_version);
		if (store_do(ap->store, id, &p, e) != 0)
			return -1;
	}
	return 0;
}

int
again_clear(struct apply *ap, struct err *e)
{
	return ap->before == NULL ? 0 : do_for(ap, SQL_CLEAR_PAYLOAD, is_replaced, e);
}

int
again_renew(struct apply *ap, struct err *e)
{
	if (ap->before == NULL)
		return 0;
	return do_for(ap, SQL_MERGE_PAYLOAD, is_renewed, e) != 0 ||
		       do_for(ap, SQL_FORSAKE_PAYLOAD, is_forsaken, e) != 0 ||
		       do_for(ap, SQL_LOCK_DROPPED_RAW, is_dropped, e) != 0 ||
		       do_for(ap, SQL_DROP_PAYLOAD, is_dropped, e) != 0
		   ? -1
		   : 0;
}
