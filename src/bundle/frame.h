/*
 * Where the one frame of a .tar.zst, or the one member of a .tar.gz, ends. libarchive reads on over
 * others that hold nothing of the tar (RFC 8878, 3.1.2: skippable ones), in which anything could be
 * hidden, and does not check what gzip says of its data.
 */
#ifndef BUNDLE_FRAME_H
#define BUNDLE_FRAME_H

#include <stdint.h>

/* Bytes up to the end of the first frame; 0 if the file does not begin with a whole one. */
uint64_t bundle_frame_end(int fd);

/* Bytes up to the end of the first member; 0 if the file does not begin with a whole one, whose
 * checksum is right. Reads and decompresses all of it. */
uint64_t bundle_gzip_end(int fd);

#endif
