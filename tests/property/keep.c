/*
 * Failures on disk: see shrink.h.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "place.h"
#include "shrink.h"

#define PLAN_FORMAT "seed %" PRIu64 "\nvariant %u\nwild %u\nactivations %zu\nas-of %s\nfail-on %s\n"

static int
make_folder(const char *path, struct err *e)
{
	return mkdir(path, 0755) == 0 ? 0 : err_sys(e, ERR_CANNOT_CREATE, "%s", path);
}

/* NNNN is the place in the world, ID what the plan is drawn by, T the activation. */
static int
keep_documents(struct arena *a, const char *folder, const struct world *w, struct err *e)
{
	if (make_folder(arena_printf(a, "%s/documents", folder).ptr, e) != 0)
		return -1;
	for (size_t i = 0; i < w->documents.count; i++) {
		const struct document *d = w->documents.items[i];
		struct str path = arena_printf(
		    a, "%s/documents/%04zu.%" PRIu64 ".%d.json", folder, i, d->id, d->activation);

		if (place_write(path.ptr, d->bytes, e) != 0)
			return -1;
	}
	return 0;
}

static int
keep_plans(struct arena *a, const char *folder, const struct trial *t, const struct world *w,
    struct err *e)
{
	struct str text = arena_printf(a, PLAN_FORMAT, w->seed, t->variant, t->wild, w->activations,
	    w->as_of, t->fail_on == NULL ? "-" : t->fail_on);
	struct plan plan;

	if (place_write(arena_printf(a, "%s/plan", folder).ptr, text, e) != 0)
		return -1;
	variant_reference(a, w, &plan);
	if (outcome_keep_plan(a, arena_printf(a, "%s/reference", folder).ptr, &plan, e) != 0)
		return -1;
	variant_make(a, w, t->variant, t->wild, &plan);
	return outcome_keep_plan(a, arena_printf(a, "%s/variant", folder).ptr, &plan, e);
}

int
trial_keep(struct arena *a, const char *folder, const struct trial *t, const struct world *w,
    struct err *e)
{
	struct str script = arena_printf(a,
	    "#!/usr/bin/env bash\n"
	    "# Shows the difference again; exit 1 while it is there.\n"
	    "here=$(cd \"$(dirname \"$0\")\" && pwd)\n"
	    "cd \"$here/../../..\" && exec bash tests/property/run.sh --again \"$here\"\n");

	if (make_folder(folder, e) != 0 || keep_documents(a, folder, w, e) != 0 ||
	    keep_plans(a, folder, t, w, e) != 0)
		return -1;
	if (place_write(arena_printf(a, "%s/difference", folder).ptr, t->said, e) != 0)
		return -1;
	return place_write(arena_printf(a, "%s/again.sh", folder).ptr, script, e);
}

/* ---- and back -------------------------------------------------------------------------------- */

static int
load_document(struct arena *a, const char *folder, const char *name, struct world *w, struct err *e)
{
	struct document d = {.activation = -1};
	struct str path = arena_printf(a, "%s/documents/%s", folder, name);

	if (sscanf(name, "%*u.%" SCNu64 ".%d.json", &d.id, &d.activation) != 2)
		return 0;
	if (place_read(a, path.ptr, &d.bytes, e) != 0)
		return -1;
	world_add(a, w, d);
	return 0;
}

static int
load_documents(struct arena *a, const char *folder, struct world *w, struct err *e)
{
	struct dirent **names = NULL;
	struct str path = arena_printf(a, "%s/documents", folder);
	int count = scandir(path.ptr, &names, NULL, alphasort);
	int rc = count < 0 ? err_sys(e, ERR_NO_INPUT, "%s", path.ptr) : 0;

	for (int i = 0; i < count; i++) {
		if (rc == 0)
			rc = load_document(a, folder, names[i]->d_name, w, e);
		free(names[i]);
	}
	free(names);
	return rc;
}

int
trial_load(struct arena *a, const char *folder, struct trial *t, struct world *w, struct err *e)
{
	struct str text, path = arena_printf(a, "%s/plan", folder);
	char as_of[40], fail_on[40];

	*w = (struct world){0};
	if (place_read(a, path.ptr, &text, e) != 0)
		return -1;
	if (sscanf(text.ptr,
		"seed %" SCNu64 " variant %u wild %u activations %zu as-of %39s fail-on %39s",
		&w->seed, &t->variant, &t->wild, &w->activations, as_of, fail_on) != 6)
		return err_set(e, ERR_INPUT, "%s: not a plan", path.ptr);
	w->as_of = arena_copy(a, str_of(as_of)).ptr;
	t->fail_on = strcmp(fail_on, "-") == 0 ? NULL : arena_copy(a, str_of(fail_on)).ptr;
	return load_documents(a, folder, w, e);
}
