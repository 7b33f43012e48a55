/*
 * Within store: where the raw bytes of a payload lie, and how they come out of the frame that they
 * share with others (batch/raw.h).
 */
#ifndef STORE_RAW_H
#define STORE_RAW_H

#include "base/frames.h"
#include "store/connection.h"

struct raw_place {
	struct sha256 row; /* of payload_raw */
	bool is_framed; /* it is a frame, in which the bytes begin at frame_offset */
	uint64_t frame_offset;
	uint64_t size_bytes;
};

/* Of the payload of this hash. The columns from `column` on: frame in hex, frame_offset,
 * size_bytes. */
struct raw_place raw_read_place(
    const PGresult *r, int row, int column, const struct sha256 *payload);

/*
 * The bytes of a payload that lie in a frame, borrowed until the next call; STR_NULL if the frame
 * is damaged. It is kept, or in this row of read_stored.sql.
 */
struct str raw_cut(struct frames *f, const struct raw_place *place, const PGresult *r, int row);

/* Sets e: the bytes of this payload are not what was stored. Returns -1. */
int raw_fail_damaged(const struct sha256 *payload, struct err *e);

/* What store_read_payload has read of an account so far. */
struct raw_reader *raw_reader_new(void);
void raw_reader_free(struct raw_reader *raw); /* NULL is fine */

#endif
