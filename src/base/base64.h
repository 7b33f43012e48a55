/*
 * Base64 as people's loggers write it.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/arena.h"
#include "base/str.h"

/*
 * The bytes of RFC 4648 base64, either alphabet, padded or not; line ends and spaces in it are
 * skipped. In the arena, with a NUL behind them that is not counted. STR_NULL if it is none.
 */
struct str base64_decode(struct arena *a, struct str text);

#endif
