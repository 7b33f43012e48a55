/*
 * Handed-over documents: see feed.h.
 */
#include <string.h>

#include "rules/reject_codes.h"
#include "rules/timestamp.h"
#include "source/feed.h"

void
feed_init(struct feed *f, const struct document_iterator *documents, struct splitter *splitter,
    const struct unwrapper *unwrapper)
{
	*f = (struct feed){.documents = *documents,
	    .splitter = splitter,
	    .unwrapper = unwrapper,
	    .arena = arena_new()};
}

void
feed_free(struct feed *f)
{
	arena_free(f->arena);
	f->arena = NULL;
}

static ssize_t
read_document(void *state, char *to, size_t size, struct err *e)
{
	struct feed *f = state;
	size_t left = f->document.bytes.len - f->read;

	(void)e;
	if (size > left)
		size = left;
	memcpy(to, f->document.bytes.ptr + f->read, size);
	f->read += size;
	f->bytes_read += size;
	return (ssize_t)size;
}

static void
give_missing(const struct feed *f, struct arena *a, struct payload *out)
{
	*out = f->observed;
	out->bytes = arena_copy(a, STR_LIT(""));
	out->sha256 = sha256_of("", 0);
	out->source = arena_copy(a, f->document.name);
	out->fault = REJECT_EMPTY;
	out->fault_text = STR_LIT("the value is NULL");
	out->signature_header = arena_copy(a, f->observed.signature_header);
}

static void
begin_document(struct feed *f)
{
	const struct document *d = &f->document;

	f->observed = (struct payload){.received_at_us = timestamp_parse_noted(d->received_at)};
	unwrapper_observe(f->unwrapper, f->arena, d->headers, d->bytes, &f->observed);
	f->read = 0;
	f->is_open = d->bytes.ptr != NULL;
	if (f->is_open)
		splitter_begin(f->splitter, d->name.ptr, (struct byte_reader){read_document, f});
}

static void
add_observed(const struct feed *f, struct arena *a, struct payload *out)
{
	out->received_at_us = f->observed.received_at_us;
	out->signature = f->observed.signature;
	out->signature_header = arena_copy(a, f->observed.signature_header);
}

int
feed_next(struct feed *f, struct arena *a, struct payload *out, struct err *e)
{
	int given;

	while (f->documents.next != NULL) {
		if (f->is_open) {
			given = splitter_next(f->splitter, a, out, e);
			if (given > 0)
				add_observed(f, a, out);
			if (given != 0)
				return given;
			f->is_open = false;
		}
		arena_reset(f->arena);
		given = f->documents.next(f->documents.state, f->arena, &f->document, e);
		if (given <= 0)
			return given;
		begin_document(f);
		if (!f->is_open) {
			give_missing(f, a, out);
			return 1;
		}
	}
	return 0;
}
