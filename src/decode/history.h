/*
 * history[]: chunks of threads of messages, or the reason why there are none.
 */
#ifndef DECODE_HISTORY_H
#define DECODE_HISTORY_H

#include "decode/value.h"

/* A chunk row for each element, and the messages of its threads. */
void history_read(struct value *v, struct str array, const struct pointer *at);

/* Errors of a value of the history, beside its chunks or in their place: a chunk row with the code.
 */
void history_read_errors(struct value *v, struct str errors, const struct pointer *at);

/* What a chunk says of its place among the others, as slices. */
struct chunk_numbers {
	struct str phase;
	struct str chunk_order;
	struct str progress;
};

/* A chunk by itself, for dialects that have no array of them; its messages are counted into it
 * before it is added. */
struct chunk_row *history_new_chunk(
    struct value *v, const struct pointer *at, const struct chunk_numbers *said);
void history_add_chunk(struct value *v, struct chunk_row *row);

#endif
