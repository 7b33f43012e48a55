/*
 * The iterator over all inputs: opens one after the other, hands its streams to the splitter, and
 * what the splitter gives to the unwrapper.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/memory.h"
#include "source/feed.h"
#include "source/listing.h"
#include "source/source.h"
#include "source/splitter.h"
#include "source/stream.h"
#include "source/unwrapper.h"

/* A few reads a second at the speed of a disk, and more than nearly every document. */
#define STEP_BYTES ((size_t)1 << 20)

/* Far beyond any payload; PostgreSQL takes no value of 1 GiB. */
#define MAX_PAYLOAD_LIMIT (((uint64_t)1 << 30) - 1)

struct source {
	struct source_options options;
	struct arena *arena;
	struct list inputs; /* struct input */
	size_t opened; /* inputs begun so far; the last of them may be open */
	uint64_t total_bytes;
	struct stream *stream;
	bool is_open; /* the stream has an input */
	bool is_splitting; /* and the splitter something of it */
	struct splitter splitter;
	struct unwrapper unwrapper;
	struct feed feed; /* behind the inputs */
};

static uint64_t sum_sizes(const struct list *inputs);
static int next_payload(void *state, struct arena *a, struct payload *out, struct err *e);

struct source *
source_open(char *const *paths, size_t count, const struct source_options *o, struct err *e)
{
	struct source *s;

	if (o->max_payload_bytes == 0 || o->max_payload_bytes > MAX_PAYLOAD_LIMIT) {
		err_set(e, ERR_USAGE, "maximum of a payload: between 1 byte and 1 GiB");
		return NULL;
	}
	s = memory_zero(1, sizeof(*s));
	s->options = *o;
	s->arena = arena_new();
	splitter_init(&s->splitter, (size_t)o->max_payload_bytes, STEP_BYTES);
	unwrapper_init(
	    &s->unwrapper, &(struct unwrapper_options){o->app_secret, o->requires_signature});
	feed_init(&s->feed, &o->documents, &s->splitter, &s->unwrapper);
	s->stream = stream_new(o);
	if (listing_read(s->arena, paths, count, &s->inputs, e) != 0) {
		source_close(s);
		return NULL;
	}
	s->total_bytes = sum_sizes(&s->inputs);
	return s;
}

struct payload_iterator
source_iterator(struct source *s)
{
	return (struct payload_iterator){next_payload, s};
}

void
source_close(struct source *s)
{
	if (s == NULL)
		return;
	stream_free(s->stream);
	splitter_free(&s->splitter);
	unwrapper_free(&s->unwrapper);
	feed_free(&s->feed);
	arena_free(s->arena);
	free(s);
}

uint64_t
source_total_bytes(const struct source *s)
{
	return s->feed.documents.next == NULL ? s->total_bytes : 0;
}

uint64_t
source_bytes_read(const struct source *s)
{
	return stream_bytes_read(s->stream) + s->feed.bytes_read;
}

static uint64_t
sum_sizes(const struct list *inputs)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < inputs->count; i++) {
		const struct input *in = inputs->items[i];

		if (!in->has_size)
			return 0;
		sum += in->size_bytes;
	}
	return sum;
}

/* To the next stream, of this input or of the next one. 1: a refusal came out, -1: error. */
static int
next_stream(struct source *s, struct arena *a, struct payload *out, struct err *e)
{
	enum stream_step step;

	if (!s->is_open) {
		if (stream_open(s->stream, s->inputs.items[s->opened], e) != 0)
			return -1;
		s->opened++;
		s->is_open = true;
	}
	step = stream_next(s->stream, a, out, e);
	if (step == STREAM_FAILED)
		return -1;
	s->is_splitting = step == STREAM_BEGUN;
	if (step == STREAM_BEGUN)
		splitter_begin(&s->splitter, stream_name(s->stream), stream_reader(s->stream));
	if (step == STREAM_OVER) {
		stream_close(s->stream);
		s->is_open = false;
	}
	return step == STREAM_REFUSED;
}

/* 1: a payload, 0: the stream ends, -1: error. What is not to be used is none; a refusal follows.
 */
static int
next_of_stream(struct source *s, struct arena *a, struct payload *out, struct err *e)
{
	int given = splitter_next(&s->splitter, a, out, e);

	if (given == 1)
		return 1;
	s->is_splitting = false;
	if (given < 0 && e->code != ERR_INPUT)
		return -1;
	*e = (struct err){0};
	return 0;
}

static int
next_document(struct source *s, struct arena *a, struct payload *out, struct err *e)
{
	int given = 0;

	while (given == 0) {
		if (s->is_splitting)
			given = next_of_stream(s, a, out, e);
		else if (s->is_open || s->opened < s->inputs.count)
			given = next_stream(s, a, out, e);
		else
			return feed_next(&s->feed, a, out, e);
	}
	return given;
}

static int
next_payload(void *state, struct arena *a, struct payload *out, struct err *e)
{
	struct source *s = state;

	while (!unwrapper_next(&s->unwrapper, a, out)) {
		int given = next_document(s, a, out, e);

		if (given <= 0)
			return given;
		if (!unwrapper_take(&s->unwrapper, out))
			break;
	}
	unwrapper_judge(&s->unwrapper, out);
	return 1;
}
