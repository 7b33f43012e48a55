/*
 * The reader's half of ingest: payloads are taken some hundreds ahead, the ledger is asked about
 * them at once, and what it does not know is decoded into batches.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/pack.h"
#include "batch/accounts.h"
#include "batch/batch.h"
#include "batch/copies.h"
#include "batch/raw.h"
#include "batch/recent.h"
#include "decode/decode.h"
#include "pipeline/ingest.h"
#include "pipeline/known.h"
#include "pipeline/pipeline.h"
#include "pipeline/redecode.h"
#include "rules/observation.h"
#include "rules/reject_codes.h"
#include "rules/text.h"
#include "source/hasher.h"

/* How far the reader looks ahead, whichever comes first: one question to the ledger. */
#define AHEAD_PAYLOADS 1000
#define AHEAD_BYTES ((uint64_t)2 << 20)

/* The first batches are an eighth, a quarter and half as large: the writers begin early, and of a
 * small import each gets about as much. */
#define SMALL_BATCHES 3

/* Of a file's name, which may be any bytes, what the ledger keeps. */
#define SOURCE_NAME_BYTES 1000

/* A run whose heartbeat is five minutes old counts as dead; `status` says how far it is. */
#define HEARTBEAT_US (5 * SECOND_US)

struct reader {
	struct ingest *ingest;
	struct store *store;
	struct payload_iterator source;
	struct accounts *accounts;
	struct filter *sent;
	struct recent *decoded;
	struct copies *copies; /* of those, with something captured beside them */
	struct pack *pack;
	struct decode_options decode;
	struct redecode *redecode; /* for those that are known */
	struct batch *batch; /* the one being filled, or NULL */
	unsigned batches_sent; /* up to SMALL_BATCHES */
	int64_t last_beat_us;
	uint64_t stored_bytes; /* of the payloads so far */

	struct hasher *hasher; /* of those ahead */
	struct arena *ahead_arena;
	struct payload ahead[AHEAD_PAYLOADS];
	size_t ahead_count;
	struct known known; /* of those ahead */
	struct list to_link; /* of its entries */
};

/* For who tells how far it is: one store, and no lock. */
static void
note_bytes(struct reader *r)
{
	const struct source *source = r->ingest->source;

	r->stored_bytes += r->ahead[r->ahead_count - 1].bytes.len;
	atomic_store_explicit(&r->ingest->totals.bytes_read,
	    source != NULL ? source_bytes_read(source) : r->stored_bytes, memory_order_relaxed);
}

/* Never within the one transaction of a dry run or a rebuild: nobody would see it. */
static bool
is_beat_due(const struct reader *r)
{
	return !r->ingest->is_single && clock_monotonic_us() - r->last_beat_us >= HEARTBEAT_US;
}

static int
beat_now(struct reader *r, struct err *e)
{
	struct buf counts;
	int rc;

	r->last_beat_us = clock_monotonic_us();
	buf_init(&counts, 1 << 16);
	totals_write_json(&r->ingest->totals, &counts);
	rc = store_beat_run(r->store, &r->ingest->apply.run, buf_str(&counts), e);
	buf_free(&counts);
	return rc;
}

static int
beat(struct reader *r, struct err *e)
{
	unsigned tries = 0;

	if (!is_beat_due(r))
		return 0;
	while (beat_now(r, e) != 0)
		if (!store_may_retry(r->store, &tries, e))
			return -1;
	return 0;
}

/* While the writers are behind: what does not get through now is no matter, another one follows. */
static void
beat_once(void *reader)
{
	struct reader *r = reader;
	struct err ignored;

	if (is_beat_due(r))
		(void)beat_now(r, &ignored);
}

static struct queue_patience
patience_of(struct reader *r)
{
	return (struct queue_patience){
	    r->ingest->apply.is_stopping, r->ingest->apply.state, beat_once, r};
}

/* Fills `ahead`; leaves it empty at the end of the source. */
static int
look_ahead(struct reader *r, struct err *e)
{
	uint64_t bytes = 0;
	int got = 1;

	arena_reset(r->ahead_arena);
	r->ahead_count = 0;
	while (r->ahead_count < AHEAD_PAYLOADS && bytes < AHEAD_BYTES) {
		if (pipeline_caught_signal() != 0)
			return err_set(e, ERR_INTERRUPTED, "stopped");
		got = r->source.next(r->source.state, r->ahead_arena, &r->ahead[r->ahead_count], e);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		bytes += r->ahead[r->ahead_count].bytes.len;
		hasher_put(r->hasher, &r->ahead[r->ahead_count++]);
		note_bytes(r);
		/* who feeds standard input may be slow */
		if (r->ingest->source != NULL && beat(r, e) != 0)
			return -1;
	}
	return 0;
}

static int
ask_ledger(struct reader *r, struct err *e)
{
	struct sha256 *items = arena_alloc(r->ahead_arena, r->ahead_count * sizeof(*items));
	const struct hashes hashes = {items, r->ahead_count};
	unsigned tries = 0;

	hasher_finish(r->hasher);
	for (size_t i = 0; i < r->ahead_count; i++)
		items[i] = r->ahead[i].sha256;
	while (store_find_payloads(r->store, r->ahead_arena, &hashes, &r->known.entries, e) != 0)
		if (!store_may_retry(r->store, &tries, e))
			return -1;
	return 0;
}

static int
resolve_accounts(struct reader *r, struct err *e)
{
	struct list changed = accounts_take_changed(r->accounts, r->ahead_arena);
	unsigned tries = 0;

	while (
	    store_resolve_accounts(r->store, &changed, r->ingest->options->onboarded_at_us, e) != 0)
		if (!store_may_retry(r->store, &tries, e))
			return -1;
	return 0;
}

/* The facts are there; that they were given under this T may be new, unless the copy is refused. */
static void
note_link(struct reader *r, const struct payload *p, struct ledger_entry *l)
{
	struct account named = {.name = l->account};

	if (r->ingest->options->onboarded_at_us == TIME_NONE || !known_is_asked(&r->known, l))
		return;
	accounts_find(r->accounts, &named);
	if (l->has_history && !observation_of(p).is_refused)
		list_add(r->ahead_arena, &r->to_link, l);
}

static int
compare_accounts(const void *left, const void *right)
{
	const struct ledger_entry *x = *(const struct ledger_entry *const *)left;
	const struct ledger_entry *y = *(const struct ledger_entry *const *)right;

	return (x->account_id > y->account_id) - (x->account_id < y->account_id);
}

/* Of all that were looked ahead at. */
static int
link_known(struct reader *r, struct err *e)
{
	unsigned tries = 0;

	if (r->ingest->options->onboarded_at_us == TIME_NONE)
		return 0;
	if (resolve_accounts(r, e) != 0)
		return -1;
	if (r->to_link.count > 1)
		qsort(r->to_link.items, r->to_link.count, sizeof(*r->to_link.items),
		    compare_accounts);
	while (
	    store_link_payloads(r->store, &r->to_link, r->ingest->options->onboarded_at_us, e) != 0)
		if (!store_may_retry(r->store, &tries, e))
			return -1;
	r->to_link = (struct list){0}; /* it lies in the arena of what was ahead */
	return 0;
}

static void
pass_known(struct reader *r, const struct payload *p, const struct ledger_rows *rows)
{
	int64_t rejects = 0;
	size_t asked = 0, unusable = 0;

	for (size_t i = 0; i < rows->count; i++) {
		struct ledger_entry *l = rows->items[i];

		if (!known_is_asked(&r->known, l))
			continue;
		rejects += l->rejects;
		asked++;
		unusable += l->is_unusable;
		note_link(r, p, l);
	}
	totals_add_known(&r->ingest->totals, p->source, rejects, asked > 0 && unusable == asked);
}

static size_t
rows_of_batch(const struct reader *r)
{
	size_t rows = r->ingest->options->batch_rows >> (SMALL_BATCHES - r->batches_sent);

	return rows == 0 ? 1 : rows;
}

static int
send_batch(struct reader *r, struct err *e)
{
	struct batch *b = r->batch;

	if (b == NULL || b->parts.count == 0)
		return 0;
	if (r->batches_sent != SMALL_BATCHES)
		r->batches_sent++;
	if (resolve_accounts(r, e) != 0)
		return -1;
	batch_close(b, r->sent, r->ingest->settled);
	batch_add_raw(b, r->pack);
	queue_put_filled(r->ingest->queue, b);
	r->batch = NULL;
	/* one connection, one thread: nobody else is there to write it */
	if (r->ingest->is_single)
		return ingest_write_batch(r->ingest, r->store, e) < 0 ? -1 : 0;
	return beat(r, e);
}

/* A stored payload comes packed, unless it lies in a frame; what is small waits for the others. */
static struct str
packed(struct reader *r, const struct payload *ahead, struct str bytes)
{
	struct arena *a = r->batch->arena;

	if (ahead->packed.ptr != NULL)
		return arena_take(a, r->ahead_arena, ahead->packed);
	return !r->decode.keeps_raw || bytes.len < RAW_SMALL_BYTES ? STR_NULL
								   : pack_bytes(r->pack, a, bytes);
}

/* Into rows: of one that is known, for the accounts that have it. */
static void
decode_into_batch(struct reader *r, struct payload *p)
{
	struct ledger_rows rows;

	if (!p->is_again) {
		decode_payload(
		    r->batch, p, &r->decode, &(struct decode_accounts){accounts_find, r->accounts});
		return;
	}
	rows = known_find(&r->known, p);
	redecode_payload(r->redecode, r->batch, p, &rows);
}

/* The payload moves into the arena of its batch. */
static int
decode(struct reader *r, const struct payload *ahead, struct err *e)
{
	const struct queue_patience patience = patience_of(r);
	struct payload *p;

	if (r->batch == NULL && (r->batch = queue_take_empty(r->ingest->queue, &patience)) == NULL)
		return err_set(e, ERR_INTERRUPTED, "stopped");
	p = arena_alloc(r->batch->arena, sizeof(*p));
	*p = *ahead;
	p->bytes = arena_take(r->batch->arena, r->ahead_arena, ahead->bytes);
	p->outline = json_outline_copy(r->batch->arena, &ahead->outline);
	p->packed = packed(r, ahead, p->bytes);
	p->source = text_printable(r->batch->arena, ahead->source, SOURCE_NAME_BYTES);
	p->fault_text = arena_copy(r->batch->arena, ahead->fault_text);
	p->signature_header = arena_copy(r->batch->arena, ahead->signature_header);
	decode_into_batch(r, p);
	return batch_is_full(r->batch, rows_of_batch(r)) ? send_batch(r, e) : 0;
}

/*
 * A known payload, of which the copy says more: its rows merge with what is there. What is in the
 * tables stays there, though this copy alone would be refused.
 */
static int
decode_again(struct reader *r, const struct payload *p, struct err *e)
{
	struct payload copy = *p;

	copy.is_again = true;
	return decode(r, &copy, e);
}

/* Its first copy may not be in the database yet, so what this one adds cannot be told. */
static void
put_aside(struct reader *r, const struct payload *p)
{
	if (observation_is_any(p))
		copies_add(r->copies, p);
	else if (p->fault != NULL && strcmp(p->fault, REJECT_SIGNATURE_NOT_VALID) != 0)
		totals_add_known(&r->ingest->totals, p->source, 1, true); /* named like its first */
	else
		totals_add_repeated(&r->ingest->totals);
}

/* Whose it is, for what follows the import. */
static void
note_known(struct reader *r, const struct ledger_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct account named = {.name = rows->items[i]->account};

		if (!rows->items[i]->is_excluded)
			accounts_find(r->ingest->known, &named);
	}
}

static int
take(struct reader *r, const struct payload *p, struct err *e)
{
	const struct ledger_rows rows = known_find(&r->known, p);
	bool was_there = !r->ingest->is_replay && known_is_complete(&r->known, &rows);

	if (was_there)
		note_known(r, &rows);
	if (was_there && !known_is_outdone(&r->known, &rows, p)) {
		pass_known(r, p, &rows);
		return 0;
	}
	if (recent_add(r->decoded, &p->sha256)) {
		put_aside(r, p);
		return 0;
	}
	return was_there ? decode_again(r, p, e) : decode(r, p, e);
}

typedef int take_copy(struct reader *r, const struct payload *p, struct err *e);

/* As take, for a copy that was put aside; its first is in the database now. */
static int
take_aside(struct reader *r, const struct payload *p, struct err *e)
{
	const struct ledger_rows rows = known_find(&r->known, p);

	if (!known_is_complete(&r->known, &rows))
		return decode(r, p, e);
	if (known_is_outdone(&r->known, &rows, p))
		return decode_again(r, p, e);
	totals_add_repeated(&r->ingest->totals);
	return 0;
}

static int
drain(struct reader *r, struct err *e)
{
	const struct queue_patience patience = patience_of(r);

	if (send_batch(r, e) != 0)
		return -1;
	/* one that is begun and empty */
	if (r->batch != NULL)
		queue_put_empty(r->ingest->queue, r->batch);
	r->batch = NULL;
	return queue_drain(r->ingest->queue, &patience) ? 0
							: err_set(e, ERR_INTERRUPTED, "stopped");
}

/* As take, for one that the writers found in the ledger, and that is counted. */
static int
take_overtaken(struct reader *r, const struct payload *p, struct err *e)
{
	const struct ledger_rows rows = known_find(&r->known, p);

	return known_is_outdone(&r->known, &rows, p) ? decode_again(r, p, e) : 0;
}

/* All copies, once what was read before is written: one question to the ledger at a time. */
static int
take_all(struct reader *r, struct copies *c, take_copy *take_one, struct err *e)
{
	struct list copies;
	size_t repeated;

	if (drain(r, e) != 0)
		return -1;
	copies = copies_take(c, &repeated);
	for (; repeated > 0; repeated--)
		totals_add_repeated(&r->ingest->totals);
	for (size_t at = 0; at < copies.count;) {
		arena_reset(r->ahead_arena);
		for (r->ahead_count = 0; r->ahead_count < AHEAD_PAYLOADS && at < copies.count;)
			r->ahead[r->ahead_count++] = *(struct payload *)copies.items[at++];
		if (ask_ledger(r, e) != 0)
			return -1;
		for (size_t i = 0; i < r->ahead_count; i++)
			if (take_one(r, &r->ahead[i], e) != 0)
				return -1;
	}
	copies_clear(c);
	return 0;
}

static int
take_copies(struct reader *r, struct err *e)
{
	return take_all(r, r->copies, take_aside, e) != 0 ||
		       take_all(r, r->ingest->overtaken, take_overtaken, e) != 0
		   ? -1
		   : 0;
}

static int
read_all(struct reader *r, struct err *e)
{
	do {
		if (look_ahead(r, e) != 0)
			return -1;
		if (beat(r, e) != 0 || (r->ahead_count > 0 && ask_ledger(r, e) != 0))
			return -1;
		for (size_t i = 0; i < r->ahead_count; i++)
			if (take(r, &r->ahead[i], e) != 0)
				return -1;
		if (link_known(r, e) != 0)
			return -1;
		if ((copies_is_full(r->copies) || copies_is_full(r->ingest->overtaken)) &&
		    take_copies(r, e) != 0)
			return -1;
	} while (r->ahead_count > 0);
	teller_set_phase(r->ingest->session->teller, TELLER_WRITING);
	return take_copies(r, e) != 0 ? -1 : send_batch(r, e);
}

int
reader_run(struct ingest *in, struct err *e)
{
	const struct options *o = in->options;
	struct reader *r = memory_zero(1, sizeof(*r));
	int rc = -1;

	r->ingest = in;
	r->store = in->session->store;
	r->source = in->payloads;
	r->accounts = in->accounts;
	r->sent = filter_new();
	/* must hold all that is decoded and perhaps not committed: the payloads in the ring (each
	 * takes a row at least), and those that the ledger was asked about before */
	r->decoded =
	    recent_new((o->jobs + BATCHES_BESIDE_WRITERS) * o->batch_rows + AHEAD_PAYLOADS);
	r->copies = copies_new();
	r->pack = pack_new();
	r->ahead_arena = arena_new();
	r->last_beat_us = clock_monotonic_us();
	r->decode = (struct decode_options){
	    .account = str_of(o->account),
	    .keeps_raw = o->keeps_raw,
	    .onboarded_at_us = o->onboarded_at_us,
	};
	r->known = (struct known){.account = r->decode.account, .keeps_raw = o->keeps_raw};
	r->redecode = redecode_new(in->accounts, in->others,
	    in->is_replay ? &(struct decode_options){.account = in->only,
				.keeps_raw = true, /* they are here */
				.onboarded_at_us = TIME_NONE}
			  : &r->decode,
	    in->is_replay);
	r->hasher = hasher_start(e);
	if (r->hasher != NULL)
		rc = read_all(r, e);
	hasher_end(r->hasher);
	redecode_free(r->redecode);
	arena_free(r->ahead_arena);
	filter_free(r->sent);
	recent_free(r->decoded);
	copies_free(r->copies);
	pack_free(r->pack);
	free(r);
	return rc;
}
