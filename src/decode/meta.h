/*
 * Meta's own shapes: where their values lie.
 */
#ifndef DECODE_META_H
#define DECODE_META_H

#include "decode/dialect.h"

/* {entry: [{id, changes: [{field, value}]}]}, or one entry, or one change by itself. */
bool meta_is(struct reader *r, const struct root *root);

/* The same with Gupshup's own ids beside entry. */
bool meta_is_gupshup(struct reader *r, const struct root *root);

void meta_read(struct reader *r, const struct root *root, const struct dialect *d);

/* {metadata, history | messages | …}: a value by itself. */
bool meta_is_bare(struct reader *r, const struct root *root);
void meta_read_bare(struct reader *r, const struct root *root, const struct dialect *d);

/*
 * Meta's shape within another: an object of entry, of changes, or of a value. False if it is none
 * of them. `at` is its place.
 */
bool meta_read_inner(
    struct reader *r, const struct pointer *at, struct str json, const char *dialect);

#endif
