/*
 * Within store: sending rows by COPY … FROM STDIN.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "base/buf.h"
#include "store/connection.h"

/* One COPY … FROM STDIN: begin, then send the buffer (which it empties) whenever it is large. */
int copy_begin(struct store *s, const char *text, struct buf *b, struct err *e);
int copy_send(struct store *s, struct buf *b, struct err *e);
int copy_end(struct store *s, struct buf *b, struct err *e);

#define COPY_SEND_BYTES ((size_t)128 << 10)

#endif
