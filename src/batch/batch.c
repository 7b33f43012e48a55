/*
 * Batches and their key order: see batch.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "batch/batch.h"
#include "batch/order.h"

struct batch *
batch_new(void)
{
	struct batch *b = memory_zero(1, sizeof(*b));

	b->arena = arena_new();
	return b;
}

void
batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	arena_free(b->arena);
	free(b);
}

void
batch_reset(struct batch *b)
{
	struct arena *a = b->arena;

	arena_reset(a);
	*b = (struct batch){.arena = a, .round = b->round + 1};
}

static size_t
count_accounts(struct batch *b)
{
	for (; b->counted_parts < b->parts.count; b->counted_parts++) {
		struct account *account = batch_part(b, b->counted_parts)->account;

		if (account->counted_in == b && account->counted_round == b->round)
			continue;
		account->counted_in = b;
		account->counted_round = b->round;
		b->account_count++;
	}
	return b->account_count;
}

bool
batch_is_full(struct batch *b, size_t max_rows)
{
	return count_accounts(b) >= BATCH_ACCOUNTS || b->row_count >= max_rows ||
	       b->input_bytes >= BATCH_INPUT_BYTES || arena_used(b->arena) >= BATCH_MEMORY_BYTES;
}

/* Equal "not said" and equal text. */
static bool
is_same_text(struct str x, struct str y)
{
	return str_compare(x, y) == 0;
}

static bool
is_same_message(const struct message_row *x, const struct message_row *y)
{
	return x->sent_at_us == y->sent_at_us && x->direction == y->direction &&
	       x->status == y->status && x->stream == y->stream &&
	       x->direction_from == y->direction_from && x->thread_from == y->thread_from &&
	       x->time_from == y->time_from && is_same_text(x->thread_id, y->thread_id) &&
	       is_same_text(x->type, y->type) && is_same_text(x->body, y->body) &&
	       is_same_text(x->content, y->content) && is_same_text(x->extra, y->extra) &&
	       is_same_text(x->reply_to, y->reply_to);
}

static bool
is_same_event(const struct message_event_row *x, const struct message_event_row *y)
{
	return x->at_us == y->at_us && x->kind == y->kind && x->status == y->status &&
	       is_same_text(x->target, y->target) && is_same_text(x->actor, y->actor) &&
	       is_same_text(x->thread_id, y->thread_id) && is_same_text(x->content, y->content);
}

static bool
is_same_asset(const struct media_asset_row *x, const struct media_asset_row *y)
{
	return x->received_at_us == y->received_at_us && x->voice == y->voice &&
	       x->animated == y->animated && x->has_sha256 == y->has_sha256 &&
	       (!x->has_sha256 || memcmp(&x->sha256, &y->sha256, sizeof(x->sha256)) == 0) &&
	       is_same_text(x->mime_type, y->mime_type) && is_same_text(x->filename, y->filename) &&
	       is_same_text(x->url, y->url);
}

/* Two rows of one key: do they say the same? Of most relations the key is all there is. */
static bool
is_same_row(enum relation relation, const struct row *x, const struct row *y)
{
	switch (relation) {
	case REL_MESSAGE:
		return is_same_message(
		    (const struct message_row *)x, (const struct message_row *)y);
	case REL_PROFILE_NAME:
		return ((const struct profile_name_row *)x)->last_seen_us ==
		       ((const struct profile_name_row *)y)->last_seen_us;
	case REL_MESSAGE_EVENT:
		return is_same_event(
		    (const struct message_event_row *)x, (const struct message_event_row *)y);
	case REL_MEDIA_ASSET:
		return is_same_asset(
		    (const struct media_asset_row *)x, (const struct media_asset_row *)y);
	default:
		return true;
	}
}

/* Relations whose keys hold the payload's hash: new, because the ledger did not know the payload,
 * or because store takes away what there was before it applies the payload again. */
static bool
is_new_with_payload(enum relation relation)
{
	return relation == REL_CHUNK || relation == REL_PAYLOAD || relation == REL_REJECT;
}

/* How far the memory of the filter is fetched ahead. */
#define FILTER_AHEAD 16

/* Before they are sorted, while they lie in the order in which they were made. */
static void
feed_filter(struct batch *b, enum relation relation, struct filter *sent)
{
	const struct list *l = &b->rows.of[relation];
	uint64_t hashes[FILTER_AHEAD];

	for (size_t i = 0; i < l->count + FILTER_AHEAD; i++) {
		uint64_t *hash = &hashes[i % FILTER_AHEAD];

		if (i >= FILTER_AHEAD) {
			struct row *r = l->items[i - FILTER_AHEAD];

			r->may_be_known = filter_add(sent, *hash);
		}
		if (i < l->count) {
			const struct row *r = l->items[i];

			*hash = filter_hash(relation, batch_part(b, r->part)->account->id, r->key);
			filter_prefetch(sent, *hash);
		}
	}
}

static bool
has_left_out(const struct batch *b)
{
	for (size_t i = 0; i < b->parts.count; i++)
		if (batch_part(b, i)->is_left_out)
			return true;
	return false;
}

/* Before equal rows are dropped: one that is written must not go in favour of one that is not. */
static void
drop_left_out(struct batch *b, enum relation relation)
{
	struct list *l = &b->rows.of[relation];
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++)
		if (!batch_part(b, ((struct row *)l->items[i])->part)->is_left_out)
			l->items[kept++] = l->items[i];
	l->count = kept;
}

static void
drop_settled(struct batch *b, enum relation relation, struct settled *settled)
{
	struct list *l = &b->rows.of[relation];
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct row *r = l->items[i];

		if (!settled_has(settled, relation, batch_part(b, r->part)->account->id, r))
			l->items[kept++] = r;
	}
	l->count = kept;
}

static void
close_relation(struct batch *b, enum relation relation, struct filter *sent)
{
	struct list *l = &b->rows.of[relation];
	struct row **same_end = NULL; /* of the last that was kept */
	size_t kept = 0;

	if (l->count == 0)
		return;
	if (!is_new_with_payload(relation))
		feed_filter(b, relation, sent);
	order_rows(b, l);
	for (size_t i = 0; i < l->count; i++) {
		struct row *r = l->items[i], *before = kept == 0 ? NULL : l->items[kept - 1];
		struct part *p = batch_part(b, r->part);
		bool is_repeated = before != NULL && before->group == r->group;

		if (is_repeated && is_same_row(relation, before, r)) {
			if (relation == REL_MESSAGE)
				p->counts.outcomes[OUTCOME_DUPLICATE]++;
			*same_end = r;
			same_end = &r->same;
			continue;
		}
		if (!r->may_be_known && !is_new_with_payload(relation) &&
		    !(p->account->is_empty >> relation & 1u)) {
			r->may_be_known = true;
			r->is_to_probe = relation == REL_MESSAGE;
		}
		same_end = &r->same;
		l->items[kept++] = r;
	}
	l->count = kept;
}

void
batch_close(struct batch *b, struct filter *sent, struct settled *settled)
{
	bool leaves_out = has_left_out(b);

	for (int relation = 0; relation < REL_COUNT; relation++) {
		if (leaves_out)
			drop_left_out(b, (enum relation)relation);
		if (settled_is_about((enum relation)relation))
			drop_settled(b, (enum relation)relation, settled);
		close_relation(b, (enum relation)relation, sent);
	}
}
