/*
 * The window over a stream: see window.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "source/window.h"

void
window_init(struct window *w, size_t step, size_t limit)
{
	*w = (struct window){.step = step, .limit = limit, .is_at_end = true};
}

void
window_free(struct window *w)
{
	free(w->bytes);
	w->bytes = NULL;
}

void
window_attach(struct window *w, struct byte_reader reader)
{
	w->reader = reader;
	w->start = 0;
	w->end = 0;
	w->offset = 0;
	w->line = 1;
	w->is_line_start = true;
	w->is_at_end = false;
}

/* Room for `want` bytes of view, doubling, so that copying stays linear in what is read. */
static void
make_room(struct window *w, size_t want)
{
	size_t cap = w->cap == 0 ? w->step : w->cap;

	if (w->start > 0) {
		memmove(w->bytes, w->bytes + w->start, w->end - w->start);
		w->end -= w->start;
		w->start = 0;
	}
	if (want > cap)
		cap = want > cap * 2 ? want : cap * 2;
	if (cap > w->limit)
		cap = w->limit > w->step ? w->limit : w->step;
	if (cap <= w->cap)
		return;
	w->bytes = memory_grow(w->bytes, cap);
	w->cap = cap;
}

int
window_fill(struct window *w, size_t want, struct err *e)
{
	if (want > w->limit)
		want = w->limit;
	if (w->is_at_end || w->end - w->start >= want)
		return 0;
	make_room(w, want);
	while (!w->is_at_end && w->end < want) {
		size_t room = w->cap - w->end;
		ssize_t got = w->reader.read(
		    w->reader.state, w->bytes + w->end, room < w->step ? room : w->step, e);

		if (got < 0)
			return -1;
		w->is_at_end = got == 0;
		w->end += (size_t)got;
	}
	return 0;
}

struct str
window_view(const struct window *w)
{
	/* never NULL: an empty view is no missing one */
	return (struct str){w->bytes == NULL ? "" : w->bytes + w->start, w->end - w->start};
}

void
window_consume(struct window *w, size_t count)
{
	const char *at, *stop;

	if (count == 0)
		return;
	at = w->bytes + w->start;
	stop = at + count;
	while ((at = memchr(at, '\n', (size_t)(stop - at))) != NULL) {
		w->line++;
		at++;
	}
	w->is_line_start = stop[-1] == '\n';
	w->start += count;
	w->offset += count;
}
