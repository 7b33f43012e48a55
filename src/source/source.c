/*
 * The iterator over all inputs: opens one after the other and hands it to the splitter.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/list.h"
#include "source/listing.h"
#include "source/source.h"
#include "source/splitter.h"

/* A few reads a second at the speed of a disk, and more than nearly every document. */
#define STEP_BYTES ((size_t)1 << 20)

/* Far beyond any payload; PostgreSQL takes no value of 1 GiB. */
#define MAX_PAYLOAD_LIMIT (((uint64_t)1 << 30) - 1)

struct source {
	struct source_options options;
	struct arena *arena;
	struct list inputs; /* struct input */
	size_t opened; /* inputs begun so far; the last of them may be open */
	int fd; /* -1 between inputs */
	uint64_t total_bytes;
	uint64_t bytes_read;
	struct splitter splitter;
};

static uint64_t sum_sizes(const struct list *inputs);
static int next_payload(void *state, struct arena *a, struct payload *out, struct err *e);
static void close_input(struct source *s);

struct source *
source_open(char *const *paths, size_t count, const struct source_options *o, struct err *e)
{
	struct source *s;

	if (o->max_payload_bytes == 0 || o->max_payload_bytes > MAX_PAYLOAD_LIMIT) {
		err_set(e, ERR_USAGE, "maximum of a payload: between 1 byte and 1 GiB");
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		err_sys(e, ERR_TEMPORARY, "source");
		return NULL;
	}
	s->options = *o;
	s->fd = -1;
	s->arena = arena_new();
	splitter_init(&s->splitter, (size_t)o->max_payload_bytes, STEP_BYTES);
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
	close_input(s);
	splitter_free(&s->splitter);
	arena_free(s->arena);
	free(s);
}

uint64_t
source_total_bytes(const struct source *s)
{
	return s->total_bytes;
}

uint64_t
source_bytes_read(const struct source *s)
{
	return s->bytes_read;
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

static ssize_t
read_input(void *state, char *to, size_t size, struct err *e)
{
	struct source *s = state;
	const struct input *in = s->inputs.items[s->opened - 1];
	ssize_t got;

	if (s->options.is_stopping != NULL && s->options.is_stopping(s->options.state))
		return err_set(e, ERR_INTERRUPTED, "%s: stopped", in->path);
	got = read(s->fd, to, size);
	/* not tried again: who waits for a pipe that stays silent must be able to stop */
	if (got < 0 && errno == EINTR)
		return err_set(e, ERR_INTERRUPTED, "%s: interrupted", in->path);
	if (got < 0)
		return err_sys(e, ERR_IO, "%s", in->path);
	s->bytes_read += (uint64_t)got;
	return got;
}

static int
open_input(struct source *s, struct err *e)
{
	const struct input *in = s->inputs.items[s->opened];

	if (strcmp(in->path, LISTING_STDIN) == 0)
		s->fd = STDIN_FILENO;
	else
		s->fd = open(in->path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return err_sys(e, ERR_IO, "%s", in->path);
	s->opened++;
	splitter_begin(&s->splitter, in->path, (struct reader){read_input, s});
	return 0;
}

static void
close_input(struct source *s)
{
	if (s->fd >= 0 && s->fd != STDIN_FILENO)
		close(s->fd);
	s->fd = -1;
}

static int
next_payload(void *state, struct arena *a, struct payload *out, struct err *e)
{
	struct source *s = state;

	for (;;) {
		int given;

		if (s->fd < 0 && s->opened == s->inputs.count)
			return 0;
		if (s->fd < 0 && open_input(s, e) != 0)
			return -1;
		given = splitter_next(&s->splitter, a, out, e);
		if (given != 0)
			return given;
		close_input(s);
	}
}
