/*
 * One input at a time, whatever it is: a plain or compressed file, an archive, standard input. It
 * gives streams for the splitter, and refusals of what is not read, as faulty payloads.
 */
#ifndef SOURCE_STREAM_H
#define SOURCE_STREAM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/payload.h"
#include "source/byte_reader.h"
#include "source/listing.h"
#include "source/source.h"

struct stream;

enum stream_step {
	STREAM_FAILED = -1,
	STREAM_OVER, /* the input has nothing more */
	STREAM_BEGUN, /* there are bytes to split */
	STREAM_REFUSED, /* there is a faulty payload */
};

struct stream *stream_new(const struct source_options *o);
void stream_free(struct stream *s);

/* Fails as listing_open does. The path is borrowed until stream_close. */
int stream_open(struct stream *s, const struct input *in, struct err *e);
void stream_close(struct stream *s);

/*
 * Goes on to the next stream of the input, or to a refusal, whose payload lives in the arena: its
 * bytes are empty, its sha256 is of its code, its place in the archive and the file's beginning.
 * Fails as source_iterator does.
 */
enum stream_step stream_next(
    struct stream *s, struct arena *a, struct payload *refused, struct err *e);

/* `file` or `archive.tar!member`; the member's name may be any bytes. Until the next step. */
const char *stream_name(struct stream *s);

/*
 * Of the stream that was begun. ERR_INPUT: what is in hand is not to be used, a refusal follows;
 * plain files are read straight to where they are wanted.
 */
struct byte_reader stream_reader(struct stream *s);

/* Of all inputs so far, as they are on disk. */
uint64_t stream_bytes_read(const struct stream *s);

#endif
