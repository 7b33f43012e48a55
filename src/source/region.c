/*
 * Regions: see region.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/space.h"
#include "source/region.h"

struct region
region_begin(struct window *w, size_t max)
{
	return (struct region){.window = w, .max = max};
}

struct str
region_rest(const struct region *r)
{
	struct str view = window_view(r->window);

	return (struct str){view.ptr + r->len, view.len - r->len};
}

/* The region is larger than max by now, so the same bytes are kept however they came. */
static void
keep_head(struct region *r)
{
	r->head_len = r->max < REGION_HEAD_BYTES ? r->max : REGION_HEAD_BYTES;
	r->head = memory_new(r->head_len);
	memcpy(r->head, window_view(r->window).ptr, r->head_len);
}

static void
spill(struct region *r)
{
	if (r->hash == NULL) {
		r->hash = sha256_begin();
		keep_head(r);
	}
	sha256_add(r->hash, window_view(r->window).ptr, r->len);
	window_consume(r->window, r->len);
	r->spilled += r->len;
	r->len = 0;
}

int
region_grow(struct region *r, struct err *e)
{
	/* what was once too large stays so: then nothing needs to be kept any more */
	if (r->len > r->max || r->spilled > 0)
		spill(r);
	if (window_fill(r->window, r->len + 1, e) != 0)
		return -1;
	return region_rest(r).len > 0;
}

int
region_grow_all(struct region *r, struct err *e)
{
	int more;

	do {
		r->len += region_rest(r).len;
		more = region_grow(r, e);
	} while (more > 0);
	return more;
}

static bool
is_at_line_start(const struct region *r)
{
	if (r->len == 0)
		return r->window->is_line_start;
	return window_view(r->window).ptr[r->len - 1] == '\n';
}

int
region_grow_to_line(struct region *r, struct err *e)
{
	for (;;) {
		struct str rest = region_rest(r);
		const char *newline;

		if (rest.len == 0) {
			int more = region_grow(r, e);

			if (more <= 0)
				return more;
			continue;
		}
		if (is_at_line_start(r) && rest.ptr[0] == '{')
			return 0;
		newline = memchr(rest.ptr, '\n', rest.len);
		r->len += newline == NULL ? rest.len : (size_t)(newline - rest.ptr) + 1;
	}
}

void
region_take(struct region *r, struct arena *a, enum region_trim trim, struct payload *out)
{
	struct str bytes = {window_view(r->window).ptr, r->len};

	if (r->spilled + r->len > r->max) {
		spill(r);
		out->bytes = arena_copy(a, (struct str){r->head, r->head_len});
		free(r->head);
		r->head = NULL;
		out->size_bytes = r->spilled;
		out->sha256 = sha256_end(r->hash);
		r->hash = NULL;
		return;
	}
	while (trim == REGION_TRIMMED && bytes.len > 0 && space_is(bytes.ptr[bytes.len - 1]))
		bytes.len--;
	payload_set_bytes(out, arena_copy(a, bytes));
	window_consume(r->window, r->len);
}

void
region_drop(struct region *r)
{
	region_cancel(r);
	window_consume(r->window, r->len);
}

void
region_cancel(struct region *r)
{
	sha256_cancel(r->hash);
	r->hash = NULL;
	free(r->head);
	r->head = NULL;
}
