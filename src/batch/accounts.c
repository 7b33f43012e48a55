/*
 * The accounts of one run: see accounts.h. Payloads side by side mostly name the same one, so
 * the last is looked at first; a capture of thousands of customers may name any of them next, so
 * the others are found by a hash.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "batch/accounts.h"

struct entry {
	struct account account; /* first: a struct account * is its entry */
	bool is_changed;
};

struct accounts {
	struct arena *arena;
	struct list all;
	struct entry *last; /* found last */
	struct entry **slots; /* a power of two, half of them free; by hash, the next free one */
	size_t slot_count;
};

#define FIRST_SLOTS 64

struct accounts *
accounts_new(void)
{
	struct accounts *t = memory_zero(1, sizeof(*t));

	t->arena = arena_new();
	t->slot_count = FIRST_SLOTS;
	t->slots = memory_zero(t->slot_count, sizeof(struct entry *));
	return t;
}

void
accounts_free(struct accounts *t)
{
	if (t == NULL)
		return;
	arena_free(t->arena);
	free(t->slots);
	free(t);
}

/* FNV-1a: names are short. */
static uint64_t
hash_of(struct str name)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.ptr[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

/* Where the name is, or would be. */
static struct entry **
slot_of(struct accounts *t, struct str name)
{
	size_t i = hash_of(name) & (t->slot_count - 1);

	while (t->slots[i] != NULL && !str_equal(t->slots[i]->account.name, name))
		i = (i + 1) & (t->slot_count - 1);
	return &t->slots[i];
}

static struct entry *
look_up(struct accounts *t, struct str name)
{
	if (t->last != NULL && str_equal(t->last->account.name, name))
		return t->last;
	return *slot_of(t, name);
}

static void
make_room(struct accounts *t)
{
	if (2 * (t->all.count + 1) <= t->slot_count)
		return;
	free(t->slots);
	t->slot_count *= 2;
	t->slots = memory_zero(t->slot_count, sizeof(struct entry *));
	for (size_t i = 0; i < t->all.count; i++)
		*slot_of(t, ((struct entry *)t->all.items[i])->account.name) = t->all.items[i];
}

static struct entry *
add(struct accounts *t, struct str name)
{
	struct entry *e = arena_zero(t->arena, 1, sizeof(*e));

	e->account.name = arena_copy(t->arena, name);
	e->account.id = -1;
	e->is_changed = true;
	make_room(t);
	*slot_of(t, e->account.name) = e;
	list_add(t->arena, &t->all, e);
	return e;
}

static void
join(struct accounts *t, struct entry *e, struct str *have, struct str said)
{
	if (!str_keep_greater(have, said))
		return;
	*have = arena_copy(t->arena, said);
	e->is_changed = true;
}

struct account *
accounts_find(void *accounts, const struct account *named)
{
	struct accounts *t = accounts;
	struct entry *e = look_up(t, named->name);

	if (e == NULL)
		e = add(t, named->name);
	t->last = e;
	join(t, e, &e->account.phone_number_id, named->phone_number_id);
	join(t, e, &e->account.business_phone, named->business_phone);
	join(t, e, &e->account.waba_id, named->waba_id);
	return &e->account;
}

static int
compare_names(const void *left, const void *right)
{
	const struct account *x = *(const struct account *const *)left;
	const struct account *y = *(const struct account *const *)right;

	return str_compare(x->name, y->name);
}

struct list
accounts_take_changed(struct accounts *t, struct arena *a)
{
	struct list changed = {0};

	for (size_t i = 0; i < t->all.count; i++) {
		struct entry *e = t->all.items[i];

		if (e->is_changed)
			list_add(a, &changed, &e->account);
		e->is_changed = false;
	}
	if (changed.count > 1)
		qsort(changed.items, changed.count, sizeof(*changed.items), compare_names);
	return changed;
}

const struct list *
accounts_all(const struct accounts *t)
{
	return &t->all;
}
