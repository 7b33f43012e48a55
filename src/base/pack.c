/*
 * zstd with one context for all frames: see pack.h.
 */
#include <stdlib.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/pack.h"

/* Of little there is little to gain: half the time for a sixth more bytes. */
#define SMALL_BYTES 2048
#define SMALL_LEVEL (-1)
#define LEVEL 1

/* No payload is larger than the server takes in one value. */
#define PACKED_MAX ((size_t)1 << 31)

struct pack {
	ZSTD_CCtx *context;
	struct buf frame;
};

struct pack *
pack_new(void)
{
	struct pack *p = memory_zero(1, sizeof(*p));

	p->context = memory_of(ZSTD_createCCtx(), "zstd");
	buf_init(&p->frame, PACKED_MAX);
	return p;
}

void
pack_free(struct pack *p)
{
	if (p == NULL)
		return;
	ZSTD_freeCCtx(p->context);
	buf_free(&p->frame);
	free(p);
}

struct str
pack_bytes(struct pack *p, struct arena *a, struct str bytes)
{
	size_t bound = ZSTD_compressBound(bytes.len), used;
	char *to;

	buf_reset(&p->frame);
	to = buf_reserve(&p->frame, bound);
	if (to == NULL)
		memory_end("a packed payload"); /* more than there is of any */
	used = ZSTD_compressCCtx(p->context, to, bound, bytes.ptr, bytes.len,
	    bytes.len < SMALL_BYTES ? SMALL_LEVEL : LEVEL);
	if (ZSTD_isError(used))
		memory_end("zstd"); /* the frame has room, so memory it is */
	return arena_copy(a, (struct str){to, used});
}

bool
pack_restore(struct str frame, char *to, size_t size)
{
	size_t got = ZSTD_decompress(to, size, frame.ptr, frame.len);

	if (ZSTD_isError(got) && ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation)
		memory_end("zstd");
	return got == size;
}
