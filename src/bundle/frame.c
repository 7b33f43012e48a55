/*
 * Frames of zstd, RFC 8878, of which only lengths are read; and members of gzip: see frame.h.
 */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "bundle/frame.h"

#define MAGIC "\x28\xB5\x2F\xFD"
#define MAGIC_BYTES 4
#define BLOCK_HEADER_BYTES 3
#define CHECKSUM_BYTES 4

/* zlib: windows of 32 KiB, and the header and trailer of gzip. */
#define GZIP_WINDOW_BITS (15 + 16)

/* A block that repeats one byte: its size is that of what comes out. */
#define BLOCK_IS_RLE 1

static bool
read_at(int fd, uint64_t at, unsigned char *to, size_t len)
{
	return pread(fd, to, len, (off_t)at) == (ssize_t)len;
}

/* Behind the magic number: the descriptor, and the fields that it tells of. */
static uint64_t
header_bytes(unsigned descriptor)
{
	static const unsigned char dictionary_bytes[] = {0, 1, 2, 4};
	static const unsigned char size_bytes[] = {0, 2, 4, 8};
	bool is_single = (descriptor & 0x20) != 0;
	unsigned size = size_bytes[descriptor >> 6];

	if (size == 0 && is_single)
		size = 1;
	return 1u + !is_single + dictionary_bytes[descriptor & 3] + size;
}

uint64_t
bundle_frame_end(int fd)
{
	unsigned char bytes[MAGIC_BYTES + 1], block[BLOCK_HEADER_BYTES];
	uint64_t at;
	bool is_last = false;

	if (!read_at(fd, 0, bytes, sizeof(bytes)) || memcmp(bytes, MAGIC, MAGIC_BYTES) != 0)
		return 0;
	at = MAGIC_BYTES + header_bytes(bytes[MAGIC_BYTES]);
	while (!is_last) {
		unsigned header;

		if (!read_at(fd, at, block, sizeof(block)))
			return 0;
		header = block[0] | (unsigned)block[1] << 8 | (unsigned)block[2] << 16;
		is_last = (header & 1) != 0;
		at += BLOCK_HEADER_BYTES + ((header >> 1 & 3) == BLOCK_IS_RLE ? 1 : header >> 3);
	}
	return at + ((bytes[MAGIC_BYTES] & 4) != 0 ? CHECKSUM_BYTES : 0);
}

uint64_t
bundle_gzip_end(int fd)
{
	unsigned char in[64 << 10], out[64 << 10];
	z_stream z = {0};
	uint64_t read = 0;
	int rc = inflateInit2(&z, GZIP_WINDOW_BITS);

	while (rc == Z_OK) {
		ssize_t got = z.avail_in > 0 ? 0 : pread(fd, in, sizeof(in), (off_t)read);

		if (got > 0) {
			read += (uint64_t)got;
			z.next_in = in;
			z.avail_in = (unsigned)got;
		}
		z.next_out = out;
		z.avail_out = sizeof(out);
		rc = inflate(&z, Z_NO_FLUSH); /* without input it makes no progress and says so */
	}
	inflateEnd(&z);
	return rc == Z_STREAM_END ? read - z.avail_in : 0;
}
