/*
 * Variants: see variant.h. Documents become pieces, pieces are merged, put in order, and dealt out
 * to runs.
 */
#include <stdlib.h>

#include "base/json.h"

#include "../tools/made_up.h"
#include "../tools/split.h"

#include "variant.h"

#define MANY_ROWS 32000

/* What is decided about a document, a copy, a piece or a run. */
enum choice {
	OF_COPIES,
	OF_BYTES,
	OF_SPLIT,
	OF_HALVES,
	OF_PLACE,
	OF_RUN,
	OF_AGAIN,
	OF_MERGE,
	OF_CHANGES,
	OF_SIDE,
	OF_SILENCE,
	OF_ROWS,
	OF_JOBS,
	OF_FOLDER,
	OF_DEBT,
	OF_TWO,
	CHOICES
};

/* Of the variant as a whole; documents have smaller ids. */
#define WHOLE UINT64_MAX

struct piece {
	struct str bytes;
	uint64_t id;
	uint64_t place;
	int activation;
	unsigned runs; /* bits: in which of them it is given */
};

struct maker {
	struct arena *arena;
	const struct world *world;
	uint64_t seed;
	unsigned wild;
	unsigned run_count;
	struct list pieces; /* struct piece */
	struct list owed[MAX_ACTIVATIONS]; /* struct str: given without their T so far */
	struct plan *plan;
};

static uint64_t
choose(const struct maker *m, uint64_t id, enum choice choice)
{
	return prng_mix(prng_mix(m->seed ^ prng_mix(id)) * CHOICES + choice);
}

static void
add_str(struct arena *a, struct list *l, struct str s)
{
	struct str *added = arena_alloc(a, sizeof(*added));

	*added = s;
	list_add(a, l, added);
}

static void
add_all(struct arena *a, struct list *to, const struct list *from)
{
	for (size_t i = 0; i < from->count; i++)
		add_str(a, to, *(struct str *)from->items[i]);
}

static bool
is_json_object(struct str document)
{
	struct json_check check = json_check(document.ptr, document.len);

	return check.fault == JSON_OK && check.end == document.len &&
	       json_kind(document) == JSON_OBJECT;
}

bool
variant_names_account(const struct ingest *in)
{
	for (size_t i = 0; i < in->documents.count; i++) {
		struct str d = *(struct str *)in->documents.items[i];

		if (memmem(d.ptr, d.len, PHONE_NUMBER_ID, sizeof(PHONE_NUMBER_ID) - 1) != NULL)
			return true;
	}
	return false;
}

/* ---- ingests --------------------------------------------------------------------------------- */

static struct ingest *
add_ingest(struct arena *a, struct plan *plan, int activation)
{
	struct ingest *in = arena_zero(a, 1, sizeof(*in));

	in->activation = activation;
	in->batch_rows = MANY_ROWS;
	in->jobs = 1;
	list_add(a, &plan->ingests, in);
	return in;
}

void
variant_reference(struct arena *a, const struct world *w, struct plan *out)
{
	*out = (struct plan){.as_of = w->as_of};
	for (int t = w->activations == 0 ? -1 : 0; t < (int)w->activations; t++) {
		struct ingest *in = add_ingest(a, out, t);

		for (size_t i = 0; i < w->documents.count; i++) {
			const struct document *d = w->documents.items[i];

			if (d->activation == t)
				add_str(a, &in->documents, d->bytes);
		}
	}
}

static void
set_options(struct maker *m, struct ingest *in)
{
	/* a transaction for some rows is what costs time, so few of the small ones */
	static const unsigned rows[] = {1, 4, 15, 60, 60, 200, MANY_ROWS, MANY_ROWS};
	uint64_t id = WHOLE - 16 - m->plan->ingests.count;

	if (m->wild & WILD_OPTIONS) {
		in->batch_rows = rows[choose(m, id, OF_ROWS) % COUNT_OF(rows)];
		in->jobs = 1 + (unsigned)(choose(m, id, OF_JOBS) % 4);
	}
	in->is_folder = (m->wild & WILD_FILES) && choose(m, id, OF_FOLDER) % 2 == 0;
}

/* Those of one of two sides; some, and the first, are of both. */
static void
take_side(
    struct maker *m, struct ingest *in, const struct list *documents, uint64_t id, unsigned side)
{
	for (size_t i = 0; i < documents->count; i++)
		if (i == 0 || choose(m, id + i * 1000, OF_SIDE) % 3 != side)
			add_str(m->arena, &in->documents, *(struct str *)documents->items[i]);
}

/* The documents in one process, or in two at once. */
static void
plan_ingest(struct maker *m, const struct list *documents, int activation)
{
	uint64_t id = WHOLE - 16 - m->plan->ingests.count;
	bool is_two = (m->wild & WILD_PROCESSES) && choose(m, id, OF_TWO) % 6 == 0;
	struct ingest *in;

	if (documents->count == 0)
		return;
	in = add_ingest(m->arena, m->plan, activation);
	set_options(m, in);
	if (!is_two) {
		add_all(m->arena, &in->documents, documents);
		return;
	}
	in->is_beside_next = true;
	take_side(m, in, documents, id, 0);
	in = add_ingest(m->arena, m->plan, activation);
	set_options(m, in);
	take_side(m, in, documents, id, 1);
}

/* ---- pieces ---------------------------------------------------------------------------------- */

static void
add_piece(struct maker *m, const struct document *d, uint64_t id, struct str bytes)
{
	struct piece *p = arena_zero(m->arena, 1, sizeof(*p));

	p->bytes = bytes;
	p->id = id;
	p->activation = d->activation;
	p->place = m->wild & WILD_ORDER ? choose(m, id, OF_PLACE) : m->pieces.count;
	p->runs = 1u << choose(m, id, OF_RUN) % m->run_count;
	if ((m->wild & WILD_REPEATS) && choose(m, id, OF_AGAIN) % 5 == 0)
		p->runs |= 1u << choose(m, id, OF_AGAIN) / 8 % m->run_count;
	list_add(m->arena, &m->pieces, p);
}

static void
add_copy(struct maker *m, const struct document *d, uint64_t id, bool is_in_other_bytes)
{
	uint64_t how = m->wild & WILD_SPLITS ? choose(m, id, OF_SPLIT) % 4 : 0;
	struct list parts = {0};
	struct split split = {.arena = m->arena,
	    .parts = &parts,
	    .is_halving = how == 3,
	    .seed = choose(m, id, OF_HALVES)};
	bool is_object = is_json_object(d->bytes);

	if (how >= 2 && is_object)
		split_document(&split, d->bytes);
	else
		split_add(&split, d->bytes);
	for (size_t i = 0; i < parts.count; i++) {
		struct str bytes = *(struct str *)parts.items[i];

		if (is_in_other_bytes && is_object)
			bytes = split_with_more_blanks(m->arena, bytes);
		add_piece(m, d, id * 1000 + i, bytes);
	}
}

static int
compare_places(const void *left, const void *right)
{
	const struct piece *x = *(const struct piece *const *)left;
	const struct piece *y = *(const struct piece *const *)right;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static void
make_pieces(struct maker *m)
{
	for (size_t i = 0; i < m->world->documents.count; i++) {
		const struct document *d = m->world->documents.items[i];
		uint64_t drawn = choose(m, d->id, OF_COPIES), copies = 1;

		if ((m->wild & WILD_REPEATS) && drawn % 4 == 0)
			copies += 1 + drawn / 4 % 2;
		for (uint64_t c = 0; c < copies; c++) {
			uint64_t id = d->id * 10 + c;

			add_copy(m, d, id, c > 0 && choose(m, id, OF_BYTES) % 2 == 0);
		}
	}
	if (m->pieces.count > 0)
		qsort(m->pieces.items, m->pieces.count, sizeof(*m->pieces.items), compare_places);
}

/* ---- several documents as one ---------------------------------------------------------------- */

/* What stands between the brackets of an array. */
static struct str
inside(struct str array)
{
	return (struct str){array.ptr + 1, array.len - 2};
}

static bool
is_envelope(struct str document)
{
	struct str entries = STR_NULL;

	if (is_json_object(document))
		entries = json_get(document, "entry");
	return json_kind(entries) == JSON_ARRAY && inside(entries).len > 0;
}

/* The changes of a document that has one entry. */
static struct str
changes_of(struct str document)
{
	struct json_walk w = json_enter(json_get(document, "entry"));
	struct str entry = STR_NULL, second, changes;

	if (!json_element(&w, &entry) || json_element(&w, &second) ||
	    json_kind(entry) != JSON_OBJECT)
		return STR_NULL;
	changes = json_get(entry, "changes");
	return json_kind(changes) == JSON_ARRAY && inside(changes).len > 0 ? changes : STR_NULL;
}

/* Two documents of one T: as two entries, or as the changes of one. */
static struct str
merge(struct maker *m, struct str x, struct str y, bool is_one_entry)
{
	struct str cx = changes_of(x), cy = changes_of(y);
	struct json_walk w = json_enter(json_get(x, "entry"));
	struct str entry = STR_NULL, id;

	if (!is_one_entry || cx.ptr == NULL || cy.ptr == NULL) {
		cx = inside(json_get(x, "entry"));
		cy = inside(json_get(y, "entry"));
		return arena_printf(m->arena, "{\"entry\":[%.*s,%.*s]}", STR_ARG(cx), STR_ARG(cy));
	}
	json_element(&w, &entry);
	id = json_get(entry, "id");
	cx = inside(cx);
	cy = inside(cy);
	return arena_printf(m->arena,
	    "{\"entry\":[{\"id\":%.*s,\"time\":%.*s,\"changes\":[%.*s,%.*s]}]}", STR_ARG(id),
	    STR_ARG(json_get(entry, "time")), STR_ARG(cx), STR_ARG(cy));
}

/* May it be the same entry? The accounts of rubbish stay their own. */
static bool
is_same_business(struct str x, struct str y)
{
	struct json_walk wx = json_enter(json_get(x, "entry")),
			 wy = json_enter(json_get(y, "entry"));
	struct str ex = STR_NULL, ey = STR_NULL;

	if (!json_element(&wx, &ex) || !json_element(&wy, &ey))
		return false;
	return json_kind(ex) == JSON_OBJECT && json_kind(ey) == JSON_OBJECT &&
	       json_get(ex, "time").ptr != NULL && json_get(ey, "time").ptr != NULL;
}

/* Adds a piece to the documents of its run, perhaps to the last of its T. */
static void
put_piece(struct maker *m, struct list *documents, const struct piece *p)
{
	struct str *last = documents->count == 0 ? NULL : documents->items[documents->count - 1];

	if (last != NULL && (m->wild & WILD_MERGES) && choose(m, p->id, OF_MERGE) % 4 == 0 &&
	    is_envelope(*last) && is_envelope(p->bytes) && is_same_business(*last, p->bytes))
		*last = merge(m, *last, p->bytes, choose(m, p->id, OF_CHANGES) % 2 == 0);
	else
		add_str(m->arena, documents, p->bytes);
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* One run that names no T, or one a T. */
static void
plan_run(struct maker *m, unsigned run)
{
	bool is_silent = (m->wild & WILD_RUNS) && choose(m, WHOLE - run, OF_SILENCE) % 3 == 0;
	struct list silent = {0};

	for (int t = m->world->activations == 0 ? -1 : 0; t < (int)m->world->activations; t++) {
		struct list documents = {0};

		for (size_t i = 0; i < m->pieces.count; i++) {
			const struct piece *p = m->pieces.items[i];

			if ((p->runs & 1u << run) && p->activation == t)
				put_piece(m, &documents, p);
		}
		if (is_silent && t >= 0) {
			add_all(m->arena, &silent, &documents);
			add_all(m->arena, &m->owed[t], &documents);
		} else {
			plan_ingest(m, &documents, t);
		}
	}
	plan_ingest(m, &silent, -1);
}

/* Was the only T there is named by a run that made the account known? */
static bool
is_needless(const struct maker *m)
{
	if (m->world->activations != 1 || choose(m, WHOLE, OF_DEBT) % 2 == 0)
		return false;
	for (size_t i = 0; i < m->plan->ingests.count; i++) {
		const struct ingest *in = m->plan->ingests.items[i];

		if (in->activation == 0 && variant_names_account(in))
			return true;
	}
	return false;
}

/* What was given without T is given under it, too: after that, or before. */
static void
pay_debts(struct maker *m)
{
	struct list *all = &m->plan->ingests;
	size_t before = all->count, paid;
	void **moved;

	if (is_needless(m))
		return;
	for (int t = 0; t < MAX_ACTIVATIONS; t++)
		plan_ingest(m, &m->owed[t], t);
	paid = all->count - before;
	if (paid == 0 || choose(m, WHOLE, OF_PLACE) % 3 != 0)
		return;
	moved = arena_zero(m->arena, all->count, sizeof(*moved));
	memcpy(moved, all->items + before, paid * sizeof(*moved));
	memcpy(moved + paid, all->items, before * sizeof(*moved));
	memcpy(all->items, moved, all->count * sizeof(*moved));
}

void
variant_make(
    struct arena *a, const struct world *w, unsigned number, unsigned wild, struct plan *out)
{
	static const unsigned run_counts[] = {1, 1, 1, 2, 2, 3};
	struct maker m = {.arena = a,
	    .world = w,
	    .seed = prng_mix(w->seed * 16 + number),
	    .wild = wild,
	    .plan = out};

	*out = (struct plan){.as_of = w->as_of};
	m.run_count =
	    wild & WILD_RUNS ? run_counts[choose(&m, WHOLE, OF_RUN) % COUNT_OF(run_counts)] : 1;
	make_pieces(&m);
	for (unsigned run = 0; run < m.run_count; run++)
		plan_run(&m, run);
	pay_debts(&m);
}

void
variant_take_apart(struct arena *a, const struct world *from, struct world *out)
{
	*out = *from;
	out->documents = (struct list){0};
	for (size_t i = 0; i < from->documents.count; i++) {
		const struct document *d = from->documents.items[i];
		struct list parts = {0};
		struct split split = {.arena = a, .parts = &parts};

		if (is_json_object(d->bytes))
			split_document(&split, d->bytes);
		else
			split_add(&split, d->bytes);
		for (size_t j = 0; j < parts.count; j++) {
			struct document part = {
			    *(struct str *)parts.items[j], d->id * 1000 + j, d->activation};

			world_add(a, out, part);
		}
	}
}
