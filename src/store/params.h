/*
 * Within store: the parameters of one statement.
 */
#ifndef STORE_PARAMS_H
#define STORE_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/str.h"
#include "model/as_of.h"

#define PARAMS_MAX 16

/* Parameters of one statement, in order. Values are borrowed until it has run; numbers lie in its
 * own scratch space, so it must not be copied. */
struct params {
	int count;
	const char *values[PARAMS_MAX];
	int lengths[PARAMS_MAX];
	int formats[PARAMS_MAX];
	char scratch[PARAMS_MAX][32];
};

void params_add_int(struct params *p, int64_t n);
void params_add_bool(struct params *p, bool b);
void params_add_text(struct params *p, struct str s); /* for $n::text only; STR_NULL is NULL */
void params_add_bytes(struct params *p, struct str s); /* bytea or another type in binary */
void params_add_hash(struct params *p, const struct sha256 *hash); /* NULL is NULL */
void params_add_time(struct params *p, int64_t at_us); /* TIME_NONE is NULL */
void params_add_as_of(struct params *p, const struct as_of *as_of); /* the moment, then the hours */
void params_add_null(struct params *p);

#endif
