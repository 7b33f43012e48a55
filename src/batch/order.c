/*
 * Key order: see order.h. Keys are long and begin alike (a wamid with the number of the person), so
 * comparing two of them whole is slow. Here a range of rows is sorted by fifteen bytes at a time,
 * those behind what all keys of the range have in common, as two numbers; what is then still equal
 * is a range of its own. The first pass reads the keys in the order of their addresses.
 */
#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "batch/order.h"

/* Bytes of a key in a head; its last byte is how many of them there were, and if more. */
#define HEAD_BYTES 15

/* A range this short is sorted by insertion. */
#define SHORT_RANGE 6

/* How many rows ahead memory is asked for: behind the first pass they lie anywhere in the batch. */
#define AHEAD_ROWS 16
#define AHEAD_KEYS 8

struct entry {
	uint64_t high; /* of the head; behind the sort the group */
	uint64_t low;
	struct row *row;
};

struct order {
	struct entry *spare; /* half as many as the list has rows */
	uint32_t group;
};

static bool
is_less(const struct entry *x, const struct entry *y)
{
	return x->high != y->high ? x->high < y->high : x->low < y->low;
}

static bool
is_equal(const struct entry *x, const struct entry *y)
{
	return x->high == y->high && x->low == y->low;
}

/* Stable, by heads. */
static void
merge_sort(struct entry *e, size_t n, struct entry *spare)
{
	size_t middle = n / 2, left = 0, right = middle, to = 0;

	if (n <= SHORT_RANGE) {
		for (size_t i = 1; i < n; i++) {
			struct entry moved = e[i];
			size_t at = i;

			for (; at > 0 && is_less(&moved, &e[at - 1]); at--)
				e[at] = e[at - 1];
			e[at] = moved;
		}
		return;
	}
	merge_sort(e, middle, spare);
	merge_sort(e + middle, n - middle, spare);
	if (!is_less(&e[middle], &e[middle - 1]))
		return;
	memcpy(spare, e, middle * sizeof(*e));
	while (left < middle && right < n)
		e[to++] = is_less(&e[right], &spare[left]) ? e[right++] : spare[left++];
	memcpy(e + to, spare + left, (middle - left) * sizeof(*e));
}

static void
fetch_ahead(const struct entry *e, size_t n, size_t i)
{
	if (i + AHEAD_ROWS < n)
		__builtin_prefetch(e[i + AHEAD_ROWS].row, 1);
	if (i + AHEAD_KEYS < n)
		__builtin_prefetch(e[i + AHEAD_KEYS].row->key.ptr);
}

/* How many bytes, `depth` at least, all keys begin with alike. */
static size_t
common_length(const struct entry *e, size_t n, size_t depth)
{
	struct str first = e[0].row->key;
	size_t common = first.len;

	for (size_t i = 1; i < n && common > depth; i++) {
		struct str key = e[i].row->key;
		size_t length = key.len < common ? key.len : common, same = depth;

		fetch_ahead(e, n, i);
		if (length == common &&
		    memcmp(key.ptr + depth, first.ptr + depth, length - depth) == 0)
			continue;
		while (same < length && key.ptr[same] == first.ptr[same])
			same++;
		common = same;
	}
	return common;
}

static uint64_t
big_endian(const char *bytes)
{
	uint64_t v;

	memcpy(&v, bytes, sizeof(v));
	return be64toh(v);
}

static void
set_head(struct entry *e, size_t from)
{
	struct str key = e->row->key;
	size_t left = key.len - from, taken = left < HEAD_BYTES ? left : HEAD_BYTES;
	char head[HEAD_BYTES + 1] = {0};

	memcpy(head, key.ptr + from, taken);
	head[HEAD_BYTES] = (char)(left > HEAD_BYTES ? HEAD_BYTES + 1 : left);
	e->high = big_endian(head);
	e->low = big_endian(head + 8);
}

/* One key. */
static void
sort_equal(struct order *o, struct entry *e, size_t n)
{
	o->group++;
	if (n > 1) {
		for (size_t i = 0; i < n; i++)
			e[i].high = e[i].row->part;
		merge_sort(e, n, o->spare);
	}
	for (size_t i = 0; i < n; i++)
		e[i].high = o->group;
}

/* Rows of one account whose keys agree in the first `depth` bytes. */
static void
sort_keys(struct order *o, struct entry *e, size_t n, size_t depth)
{
	size_t end;

	depth = common_length(e, n, depth);
	for (size_t i = 0; i < n; i++) {
		fetch_ahead(e, n, i);
		set_head(&e[i], depth);
	}
	merge_sort(e, n, o->spare);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && is_equal(&e[end], &e[i]); end++)
			;
		if ((e[i].low & 0xFF) > HEAD_BYTES)
			sort_keys(o, e + i, end - i, depth + HEAD_BYTES);
		else
			sort_equal(o, e + i, end - i);
	}
}

void
order_rows(const struct batch *b, struct list *rows)
{
	struct entry *e = arena_alloc(b->arena, rows->count * sizeof(*e));
	struct order o = {arena_alloc(b->arena, (rows->count / 2 + 1) * sizeof(*e)), 0};
	size_t end;

	for (size_t i = 0; i < rows->count; i++) {
		struct row *r = rows->items[i];

		e[i] = (struct entry){(uint32_t)batch_part(b, r->part)->account->id, 0, r};
	}
	merge_sort(e, rows->count, o.spare);
	for (size_t i = 0; i < rows->count; i = end) {
		for (end = i + 1; end < rows->count && is_equal(&e[end], &e[i]); end++)
			;
		sort_keys(&o, e + i, end - i, 0);
	}
	for (size_t i = 0; i < rows->count; i++) {
		fetch_ahead(e, rows->count, i);
		e[i].row->group = (uint32_t)e[i].high;
		rows->items[i] = e[i].row;
	}
}
