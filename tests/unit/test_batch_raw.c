/*
 * batch: which raw payloads lie together, in what order, and where in their frame.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <stdlib.h>

#include "batch/batch.h"
#include "batch/raw.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

struct fixture {
	struct batch *batch;
	struct filter *sent;
	struct settled *settled;
	struct pack *pack;
	struct account accounts[2];
};

static void
open_fixture(struct fixture *f)
{
	*f = (struct fixture){
	    batch_new(), filter_new(), settled_new(), pack_new(), {{.id = 2}, {.id = 1}}};
}

static void
close_fixture(struct fixture *f)
{
	batch_free(f->batch);
	filter_free(f->sent);
	settled_free(f->settled);
	pack_free(f->pack);
}

static struct payload *
make_payload(struct fixture *f, size_t number, size_t size)
{
	struct payload *p = arena_zero(f->batch->arena, 1, sizeof(*p));

	p->bytes = arena_printf(f->batch->arena, "{\"n\":%0*zu}", (int)size - 6, number);
	p->size_bytes = p->bytes.len;
	p->sha256 = sha256_of(p->bytes.ptr, p->bytes.len);
	return p;
}

/* As decode does. */
static struct part *
add_part(struct fixture *f, struct payload *p, size_t account)
{
	struct arena *a = f->batch->arena;
	struct part *part = arena_zero(a, 1, sizeof(*part));
	struct ledger_row *row = arena_zero(a, 1, sizeof(*row));

	part->payload = p;
	part->account = &f->accounts[account];
	part->keeps_raw = true;
	row->row.key = (struct str){(const char *)p->sha256.bytes, SHA256_BYTES};
	row->row.part = (uint32_t)f->batch->parts.count;
	list_add(a, &f->batch->parts, part);
	list_add(a, &f->batch->rows.of[REL_PAYLOAD], row);
	return part;
}

static void
close_batch(struct fixture *f)
{
	batch_close(f->batch, f->sent, f->settled);
	batch_add_raw(f->batch, f->pack);
}

static const struct list *
raw_rows(const struct fixture *f)
{
	return &f->batch->rows.of[REL_PAYLOAD_RAW];
}

/* The key says what is in the row: the hash of a payload, or that of the hashes of many. */
static void
check_key(const struct fixture *f, const struct raw_row *r)
{
	struct sha256 hashes[RAW_FRAME_PAYLOADS];

	assert_true(r->part_count >= 1 && r->part_count <= RAW_FRAME_PAYLOADS);
	for (size_t i = 0; i < r->part_count; i++)
		hashes[i] = ((struct part *)f->batch->parts.items[r->parts[i]])->payload->sha256;
	if (r->part_count > 1)
		hashes[0] = sha256_of(hashes, r->part_count * SHA256_BYTES);
	assert_int_equal(r->row.key.len, SHA256_BYTES);
	assert_memory_equal(r->row.key.ptr, hashes[0].bytes, SHA256_BYTES);
}

static struct str
restored(struct fixture *f, const struct raw_row *r)
{
	struct str packed =
	    r->packed.ptr != NULL ? r->packed : batch_part(f->batch, r->row.part)->payload->packed;
	char *to = arena_alloc(f->batch->arena, r->size_bytes);

	assert_true(pack_restore(packed, to, r->size_bytes));
	return (struct str){to, r->size_bytes};
}

/* Each part's bytes lie in its row, and rows are in the order of their keys within an account. */
static void
check_rows(struct fixture *f)
{
	const struct list *rows = raw_rows(f);

	for (size_t i = 0; i < rows->count; i++) {
		const struct raw_row *r = rows->items[i], *before = i ? rows->items[i - 1] : NULL;
		const struct account *account = batch_part(f->batch, r->row.part)->account;
		struct str bytes = restored(f, r);

		assert_int_equal(r->row.part, r->parts[0]);
		check_key(f, r);
		for (size_t j = 0; j < r->part_count; j++) {
			const struct part *p = f->batch->parts.items[r->parts[j]];
			struct str own = p->payload->bytes;

			assert_ptr_equal(p->account, account);
			assert_ptr_equal(p->frame, r->part_count > 1 ? r : NULL);
			assert_true(p->frame_offset + own.len <= bytes.len);
			assert_memory_equal(bytes.ptr + p->frame_offset, own.ptr, own.len);
		}
		if (before == NULL)
			continue;
		if (batch_part(f->batch, before->row.part)->account == account)
			assert_true(str_compare(before->row.key, r->row.key) < 0);
		else
			assert_true(
			    batch_part(f->batch, before->row.part)->account->id < account->id);
	}
}

/* How many rows hold one payload, how many hold more. */
static void
count_rows(const struct fixture *f, size_t *singles, size_t *frames)
{
	*singles = *frames = 0;
	for (size_t i = 0; i < raw_rows(f)->count; i++)
		++*(((struct raw_row *)raw_rows(f)->items[i])->part_count == 1 ? singles : frames);
}

static void
small_ones_lie_together(void **state)
{
	static const struct {
		size_t payloads;
		size_t size;
		size_t singles;
		size_t frames;
	} cases[] = {
	    {0, 100, 0, 0},
	    {1, 100, 1, 0},
	    {31, 100, 31, 0},
	    {32, 100, 0, 1},
	    {64, 100, 0, 1},
	    {65, 100, 1, 1},
	    {95, 100, 31, 1},
	    {96, 100, 0, 2},
	    /* 32 KiB are full with the ninth */
	    {8, 4095, 8, 0},
	    {9, 4095, 0, 1},
	    {18, 4095, 0, 2},
	    {64, 512, 0, 1},
	    /* or with the 55th */
	    {70, 600, 15, 1},
	    {100, 4096, 100, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture f;
		size_t singles, frames;

		open_fixture(&f);
		for (size_t j = 0; j < cases[i].payloads; j++)
			add_part(&f, make_payload(&f, j, cases[i].size), 0);
		close_batch(&f);
		check_rows(&f);
		count_rows(&f, &singles, &frames);
		assert_int_equal(singles, cases[i].singles);
		assert_int_equal(frames, cases[i].frames);
		close_fixture(&f);
	}
}

/* A payload of both lies in a frame of each, or in one and in a row of its own. */
static void
accounts_lie_apart(void **state)
{
	struct fixture f;
	size_t singles, frames;

	(void)state;
	open_fixture(&f);
	for (size_t i = 0; i < 40; i++) {
		struct payload *p = make_payload(&f, i, 100);

		add_part(&f, p, 0);
		if (i % 2 == 0)
			add_part(&f, p, 1);
	}
	close_batch(&f);
	check_rows(&f);
	count_rows(&f, &singles, &frames);
	assert_int_equal(singles, 20);
	assert_int_equal(frames, 1);
	close_fixture(&f);
}

static void
only_what_is_kept_has_bytes(void **state)
{
	struct fixture f;
	size_t singles, frames;
	const char *packed = NULL;

	(void)state;
	open_fixture(&f);
	for (size_t i = 0; i < 50; i++) {
		struct payload *p = make_payload(&f, i, 100);
		struct part *part = add_part(&f, p, 0);

		part->keeps_raw = i != 3;
		part->is_left_out = i == 5;
		if (i == 7) { /* read from a row of its own */
			p->packed = pack_bytes(f.pack, f.batch->arena, p->bytes);
			packed = p->packed.ptr;
		}
	}
	close_batch(&f);
	check_rows(&f);
	count_rows(&f, &singles, &frames);
	assert_int_equal(singles, 1);
	assert_int_equal(frames, 1);
	assert_ptr_equal(((struct part *)f.batch->parts.items[7])->payload->packed.ptr, packed);
	for (size_t i = 0; i < 50; i++)
		assert_int_equal(((struct part *)f.batch->parts.items[i])->frame == NULL,
		    i == 3 || i == 5 || i == 7);
	close_fixture(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(small_ones_lie_together),
	    cmocka_unit_test(accounts_lie_apart),
	    cmocka_unit_test(only_what_is_kept_has_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
