/*
 * Trials: see shrink.h. Documents are left out by delta debugging: parts of ever smaller size, in
 * the end one by one.
 */
#include "shrink.h"

/* ---- one trial ------------------------------------------------------------------------------- */

static bool
holds(struct str document, struct str text)
{
	return memmem(document.ptr, document.len, text.ptr, text.len) != NULL;
}

static bool
others_hold(const struct world *w, size_t but, struct str text)
{
	for (size_t i = 0; i < w->documents.count; i++)
		if (i != but && holds(((struct document *)w->documents.items[i])->bytes, text))
			return true;
	return false;
}

/* Does a document hold an edit, and another the target's id? */
static bool
has_edit_and_target(struct arena *a, const struct world *w)
{
	static const char edit[] = "\"edit\":{\"original_message_id\":\"";

	for (size_t i = 0; i < w->documents.count; i++) {
		struct str rest = ((struct document *)w->documents.items[i])->bytes;
		const char *at;

		while ((at = memmem(rest.ptr, rest.len, edit, sizeof(edit) - 1)) != NULL) {
			const char *target = at + sizeof(edit) - 1;
			size_t len = strcspn(target, "\"");

			if (others_hold(w, i, arena_printf(a, "\"id\":\"%.*s\"", (int)len, target)))
				return true;
			rest = (struct str){target, rest.len - (size_t)(target - rest.ptr)};
		}
	}
	return false;
}

int
trial_run(struct arena *a, struct trial *t, const struct world *w, struct err *e)
{
	struct outcome reference, variant;
	struct plan plan;

	t->said = STR_NULL;
	if (t->fail_on != NULL) {
		if (has_edit_and_target(a, w))
			t->said = STR_LIT("  fails on purpose\n");
		return 0;
	}
	variant_reference(a, w, &plan);
	if (outcome_of(a, t->place, &plan, &reference, e) != 0)
		return -1;
	variant_make(a, w, t->variant, t->wild, &plan);
	if (outcome_of(a, t->place, &plan, &variant, e) != 0)
		return -1;
	t->said = outcome_compare(a, &reference, &variant);
	return 0;
}

/* ---- less ------------------------------------------------------------------------------------ */

/* 1 if it fails, 0 if not, -1 if that cannot be told. */
static int
fails(const struct trial *t, const struct world *w, struct err *e)
{
	struct arena *a = arena_new();
	struct trial own = *t;
	int rc = trial_run(a, &own, w, e);

	if (rc == 0)
		rc = own.said.ptr != NULL;
	arena_free(a);
	return rc;
}

/* The world without the documents from `first` on. */
static struct world
without(struct arena *a, const struct world *w, size_t first, size_t count)
{
	struct world less = *w;

	less.documents = (struct list){0};
	for (size_t i = 0; i < w->documents.count; i++)
		if (i < first || i >= first + count)
			list_add(a, &less.documents, w->documents.items[i]);
	return less;
}

/* Leaves out one of `parts` parts, if what remains fails. As `fails`. */
static int
leave_out_part(struct arena *a, const struct trial *t, struct world *w, size_t parts, struct err *e)
{
	size_t count = w->documents.count;

	for (size_t i = 0; i < parts; i++) {
		size_t first = count * i / parts, end = count * (i + 1) / parts;
		struct world less = without(a, w, first, end - first);
		int rc = fails(t, &less, e);

		if (rc > 0)
			*w = less;
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int
leave_out(struct arena *a, const struct trial *t, struct world *w, struct err *e)
{
	size_t parts = 2;

	while (w->documents.count > 1) {
		int rc = leave_out_part(a, t, w, parts, e);

		if (rc < 0)
			return -1;
		if (rc > 0)
			parts = parts > 2 ? parts - 1 : 2;
		else if (parts >= w->documents.count)
			break;
		else
			parts *= 2;
		if (parts > w->documents.count)
			parts = w->documents.count;
	}
	return 0;
}

static int
take_apart(struct arena *a, const struct trial *t, struct world *w, struct err *e)
{
	struct world apart;
	int rc;

	variant_take_apart(a, w, &apart);
	if (apart.documents.count == w->documents.count)
		return 0;
	rc = fails(t, &apart, e);
	if (rc <= 0)
		return rc;
	*w = apart;
	return leave_out(a, t, w, e);
}

/* The strangest first. */
static int
calm_down(struct trial *t, const struct world *w, struct err *e)
{
	for (unsigned flag = 1; flag < WILD_ALL; flag <<= 1) {
		struct trial calmer = *t;
		int rc;

		calmer.wild &= ~flag;
		rc = fails(&calmer, w, e);
		if (rc < 0)
			return -1;
		if (rc > 0)
			*t = calmer;
	}
	return 0;
}

int
trial_shrink(struct arena *a, struct trial *t, struct world *w, struct err *e)
{
	if (calm_down(t, w, e) != 0 || leave_out(a, t, w, e) != 0 || take_apart(a, t, w, e) != 0)
		return -1;
	if (calm_down(t, w, e) != 0)
		return -1;
	return leave_out(a, t, w, e);
}
