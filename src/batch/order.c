/*
 * Key order: see order.h. Keys are long and begin alike (a wamid with the number of the person), so
 * comparing two of them whole is slow. Here a range of rows is sorted by seven bytes at a time,
 * those behind what all keys of the range have in common, as one number; what is then still equal
 * is a range of its own.
 */
#include "base/arena.h"
#include "batch/order.h"

/* Bytes of a key that make a head; its last byte is how many of them there were, and if more. */
#define HEAD_BYTES 7

/* A range this short is sorted by whole keys. */
#define SHORT_RANGE 6

struct entry {
	uint64_t head;
	struct row *row;
};

struct order {
	const struct batch *batch;
	struct entry *spare; /* as many as the list has rows */
	uint32_t group;
};

static struct part *
part_of(const struct order *o, const struct row *r)
{
	return o->batch->parts.items[r->part];
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

			for (; at > 0 && e[at - 1].head > moved.head; at--)
				e[at] = e[at - 1];
			e[at] = moved;
		}
		return;
	}
	merge_sort(e, middle, spare);
	merge_sort(e + middle, n - middle, spare);
	if (e[middle - 1].head <= e[middle].head)
		return;
	memcpy(spare, e, middle * sizeof(*e));
	while (left < middle && right < n)
		e[to++] = e[right].head < spare[left].head ? e[right++] : spare[left++];
	memcpy(e + to, spare + left, (middle - left) * sizeof(*e));
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

		while (same < length && key.ptr[same] == first.ptr[same])
			same++;
		common = same;
	}
	return common;
}

static uint64_t
head_of(struct str key, size_t from)
{
	size_t left = key.len - from, taken = left < HEAD_BYTES ? left : HEAD_BYTES;
	uint64_t head = 0;

	for (size_t i = 0; i < taken; i++)
		head |= (uint64_t)(unsigned char)key.ptr[from + i] << (56 - 8 * i);
	return head | (left > HEAD_BYTES ? HEAD_BYTES + 1 : left);
}

static int
compare_whole(const struct row *x, const struct row *y)
{
	int order = str_compare(x->key, y->key);

	return order != 0 ? order : (x->part > y->part) - (x->part < y->part);
}

static void
sort_short(struct order *o, struct entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct entry moved = e[i];
		size_t at = i;

		for (; at > 0 && compare_whole(e[at - 1].row, moved.row) > 0; at--)
			e[at] = e[at - 1];
		e[at] = moved;
	}
	for (size_t i = 0; i < n; i++) {
		o->group += i == 0 || !str_equal(e[i].row->key, e[i - 1].row->key);
		e[i].row->group = o->group;
	}
}

/* One key. */
static void
sort_equal(struct order *o, struct entry *e, size_t n)
{
	o->group++;
	for (size_t i = 0; i < n; i++) {
		e[i].head = e[i].row->part;
		e[i].row->group = o->group;
	}
	merge_sort(e, n, o->spare);
}

/* Rows of one account whose keys agree in the first `depth` bytes. */
static void
sort_keys(struct order *o, struct entry *e, size_t n, size_t depth)
{
	size_t end;

	if (n <= SHORT_RANGE) {
		sort_short(o, e, n);
		return;
	}
	depth = common_length(e, n, depth);
	for (size_t i = 0; i < n; i++)
		e[i].head = head_of(e[i].row->key, depth);
	merge_sort(e, n, o->spare);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && e[end].head == e[i].head; end++)
			;
		if ((e[i].head & 0xFF) > HEAD_BYTES)
			sort_keys(o, e + i, end - i, depth + HEAD_BYTES);
		else
			sort_equal(o, e + i, end - i);
	}
}

void
order_rows(const struct batch *b, struct list *rows)
{
	struct entry *e = arena_alloc(b->arena, rows->count * sizeof(*e));
	struct order o = {b, arena_alloc(b->arena, (rows->count / 2 + 1) * sizeof(*e)), 0};
	size_t end;

	for (size_t i = 0; i < rows->count; i++) {
		struct row *r = rows->items[i];

		e[i] = (struct entry){(uint32_t)part_of(&o, r)->account->id, r};
	}
	merge_sort(e, rows->count, o.spare);
	for (size_t i = 0; i < rows->count; i = end) {
		for (end = i + 1; end < rows->count && e[end].head == e[i].head; end++)
			;
		sort_keys(&o, e + i, end - i, 0);
	}
	for (size_t i = 0; i < rows->count; i++)
		rows->items[i] = e[i].row;
}
