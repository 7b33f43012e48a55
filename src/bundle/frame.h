/*
 * Where the one frame of a .tar.zst ends. libarchive reads on over frames that hold nothing of the
 * tar (RFC 8878, 3.1.2: skippable ones), in which anything could be hidden.
 */
#ifndef BUNDLE_FRAME_H
#define BUNDLE_FRAME_H

#include <stdint.h>

/* Bytes up to the end of the first frame; 0 if the file does not begin with a whole one. */
uint64_t bundle_frame_end(int fd);

#endif
