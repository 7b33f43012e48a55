/*
 * Raw rows: see raw.h.
 */
#include "batch/order.h"
#include "batch/raw.h"

struct framing {
	struct batch *batch;
	struct pack *pack;
	uint32_t parts[RAW_FRAME_PAYLOADS]; /* that wait for their frame, of one account */
	const struct row *ledger[RAW_FRAME_PAYLOADS]; /* their rows */
	struct sha256 hashes[RAW_FRAME_PAYLOADS];
	size_t count;
	char *bytes; /* of those */
	size_t size_bytes;
};

static struct part *
part_at(const struct framing *f, uint32_t index)
{
	return batch_part(f->batch, index);
}

static struct raw_row *
add_row(struct framing *f, const uint32_t *parts, size_t count)
{
	struct arena *a = f->batch->arena;
	struct raw_row *r = arena_zero(a, 1, sizeof(*r));
	uint32_t *copy = arena_alloc(a, count * sizeof(*copy));

	memcpy(copy, parts, count * sizeof(*copy));
	r->row.part = copy[0];
	r->parts = copy;
	r->part_count = count;
	list_add(a, &f->batch->rows.of[REL_PAYLOAD_RAW], r);
	return r;
}

static void
add_single(struct framing *f, const struct row *ledger)
{
	struct raw_row *r = add_row(f, &ledger->part, 1);

	r->row.key = ledger->key;
	r->size_bytes = part_at(f, ledger->part)->payload->size_bytes;
}

/* The hashes of its payloads, in their order, name the bytes of a frame as well as these would. */
static void
add_frame(struct framing *f)
{
	struct arena *a = f->batch->arena;
	struct raw_row *r = add_row(f, f->parts, f->count);
	const struct sha256 hash = sha256_of(f->hashes, f->count * sizeof(f->hashes[0]));

	r->row.key = arena_copy(a, sha256_str(&hash));
	r->packed = pack_bytes(f->pack, a, (struct str){f->bytes, f->size_bytes});
	r->size_bytes = f->size_bytes;
	for (size_t i = 0, offset = 0; i < f->count; i++) {
		struct part *p = part_at(f, f->parts[i]);

		p->frame = r;
		p->frame_offset = (uint32_t)offset;
		offset += p->payload->bytes.len;
	}
}

static void
close_frame(struct framing *f)
{
	if (f->count >= RAW_FRAME_LEAST || f->size_bytes >= RAW_FRAME_BYTES)
		add_frame(f);
	else
		for (size_t i = 0; i < f->count; i++)
			add_single(f, f->ledger[i]);
	f->count = f->size_bytes = 0;
}

static void
add_bytes(struct framing *f, const struct row *ledger)
{
	const struct part *p = part_at(f, ledger->part);
	struct str bytes = p->payload->bytes;

	if (!p->keeps_raw)
		return;
	if (p->payload->packed.ptr != NULL || bytes.len >= RAW_SMALL_BYTES) {
		add_single(f, ledger);
		return;
	}
	f->parts[f->count] = ledger->part;
	f->hashes[f->count] = p->payload->sha256;
	f->ledger[f->count++] = ledger;
	memcpy(f->bytes + f->size_bytes, bytes.ptr, bytes.len);
	f->size_bytes += bytes.len;
	if (f->count == RAW_FRAME_PAYLOADS || f->size_bytes >= RAW_FRAME_BYTES)
		close_frame(f);
}

/* What came packed had a row of its own from the start; what else got one is packed now. */
static void
pack_singles(const struct framing *f, const struct list *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct raw_row *r = rows->items[i];
		struct payload *p = part_at(f, r->row.part)->payload;

		if (r->packed.ptr == NULL && p->packed.ptr == NULL)
			p->packed = pack_bytes(f->pack, f->batch->arena, p->bytes);
	}
}

void
batch_add_raw(struct batch *b, struct pack *pack)
{
	const struct list *ledger = &b->rows.of[REL_PAYLOAD];
	struct list *rows = &b->rows.of[REL_PAYLOAD_RAW];
	struct framing f = {.batch = b, .pack = pack};

	f.bytes = arena_alloc(b->arena, RAW_FRAME_BYTES + RAW_SMALL_BYTES);
	for (size_t i = 0; i < ledger->count; i++) {
		const struct row *r = ledger->items[i];

		if (f.count > 0 &&
		    part_at(&f, f.parts[0])->account != part_at(&f, r->part)->account)
			close_frame(&f);
		add_bytes(&f, r);
	}
	close_frame(&f);
	pack_singles(&f, rows);
	if (rows->count > 0)
		order_rows(b, rows);
}
