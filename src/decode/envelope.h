/*
 * The shapes that payloads come in: where their values lie.
 */
#ifndef DECODE_ENVELOPE_H
#define DECODE_ENVELOPE_H

#include "decode/reader.h"

/* Hands every value of the payload to value_read, whatever shape it has; rejects what has none. */
void envelope_read(struct reader *r, struct str root);

#endif
