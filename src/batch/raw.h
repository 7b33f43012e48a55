/*
 * The rows of payload_raw. Small payloads lie together: each by itself costs the server more than
 * its bytes are worth, and compresses to little less.
 */
#ifndef BATCH_RAW_H
#define BATCH_RAW_H

#include "base/pack.h"
#include "model/batch.h"

/* A document below this may lie in a frame with others. */
#define RAW_SMALL_BYTES ((size_t)4 << 10)

/* A frame is full then. It is read as a whole for each of its payloads. */
#define RAW_FRAME_PAYLOADS 64
#define RAW_FRAME_BYTES ((size_t)32 << 10)

/* What is left over when a batch ends is a frame from so many payloads on. */
#define RAW_FRAME_LEAST 32

/*
 * Behind batch_close: makes the rows of the parts that keep their bytes, in the order (account id,
 * key). Frames are of one account; in them payloads lie in the order of their hashes, which is that
 * of their readers. Payloads that come packed, and large ones, have a row of their own; what of
 * them is not packed yet is packed here. The reader's thread does this: writers are kept busy by
 * the server.
 */
void batch_add_raw(struct batch *b, struct pack *pack);

#endif
