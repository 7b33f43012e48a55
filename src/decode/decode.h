/*
 * Payloads to rows. A payload never fails: what cannot be used becomes reject rows.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/batch.h"
#include "model/payload.h"

/* Raised when the same bytes give other rows: `replay` decodes what an older one decoded. */
#define DECODE_VERSION 3

/* Rows of one payload, or one in so many bytes, if that is more: with more of them it is refused as
 * a whole (too_many_rows). The densest that WhatsApp sends takes some 120 bytes a row. It bounds
 * the memory of one payload. */
#define DECODE_MOST_ROWS 200000
#define DECODE_ROW_BYTES 80

struct decode_options {
	struct str account; /* --account: takes what names no number, others are out; or STR_NULL */
	bool keeps_raw;
	int64_t onboarded_at_us; /* TIME_NONE, or: an activation_payload row a part with history */
};

/* Finds or makes the account of that name; the table of a run outlives its batches. */
struct decode_accounts {
	struct account *(*find)(void *state, const struct account *named);
	void *state;
};

/*
 * Appends the payload, its parts (one for each account that it names; "-" for what is nobody's)
 * and their rows to the batch, with row keys in the order of the tables (may_be_known is left
 * false), and adds to its row_count and input_bytes. Every part has a REL_PAYLOAD row; with
 * keeps_raw a REL_PAYLOAD_RAW row is to come (batch/raw.h), if all the bytes are there. In counts,
 * `seen` and the outcomes rejected and excluded are final; the other outcomes are for whoever
 * writes the rows.
 *
 * The bytes of a payload without fault have passed json_check. Texts of the rows are slices of
 * them where they need no repair, so they must live as long as the batch. `p` is borrowed too.
 */
void decode_payload(struct batch *b, struct payload *p, const struct decode_options *o,
    const struct decode_accounts *accounts);

#endif
