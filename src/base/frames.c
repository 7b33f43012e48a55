/*
 * Restored frames: see frames.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/frames.h"
#include "base/memory.h"
#include "base/pack.h"

/* The row may say anything; no value of the server's is larger. */
#define FRAME_MAX_BYTES ((size_t)1 << 30)

struct frame {
	struct sha256 hash;
	struct str bytes; /* of malloc */
	uint64_t last_asked;
};

struct frames {
	struct frame kept[FRAMES_KEPT];
	size_t count;
	uint64_t asked; /* how often */
};

struct frames *
frames_new(void)
{
	return memory_zero(1, sizeof(struct frames));
}

static void
forget(struct frame *frame)
{
	free((void *)frame->bytes.ptr);
	frame->bytes = STR_NULL;
}

void
frames_free(struct frames *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->count; i++)
		forget(&f->kept[i]);
	free(f);
}

struct str
frames_find(struct frames *f, const struct sha256 *hash)
{
	for (size_t i = 0; i < f->count; i++) {
		struct frame *frame = &f->kept[i];

		if (memcmp(&frame->hash, hash, sizeof(*hash)) != 0)
			continue;
		frame->last_asked = ++f->asked;
		return frame->bytes;
	}
	return STR_NULL;
}

static struct frame *
free_place(struct frames *f)
{
	struct frame *oldest = &f->kept[0];

	if (f->count < FRAMES_KEPT)
		return &f->kept[f->count++];
	for (size_t i = 1; i < f->count; i++)
		if (f->kept[i].last_asked < oldest->last_asked)
			oldest = &f->kept[i];
	forget(oldest);
	return oldest;
}

struct str
frames_add(struct frames *f, const struct sha256 *hash, struct str packed, size_t size)
{
	char *bytes = size > FRAME_MAX_BYTES ? NULL : memory_new(size + 1);
	struct frame *frame;

	if (bytes == NULL || !pack_restore(packed, bytes, size)) {
		free(bytes);
		return STR_NULL;
	}
	frame = free_place(f);
	*frame = (struct frame){*hash, {bytes, size}, ++f->asked};
	return frame->bytes;
}

struct str
frames_cut(struct str frame, uint64_t offset, uint64_t size)
{
	if (frame.ptr == NULL || offset > frame.len || size > frame.len - offset)
		return STR_NULL;
	return (struct str){frame.ptr + offset, (size_t)size};
}
