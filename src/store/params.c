/*
 * Parameters: see params.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "model/time.h"
#include "store/params.h"
#include "store/wire.h"

static void
add(struct params *p, const char *value, size_t len, int format)
{
	if (p->count == PARAMS_MAX)
		return; /* the server says then that one is missing */
	p->values[p->count] = value;
	p->lengths[p->count] = (int)len;
	p->formats[p->count] = format;
	p->count++;
}

void
params_add_int(struct params *p, int64_t n)
{
	char *to = p->scratch[p->count];

	snprintf(to, sizeof(p->scratch[0]), "%" PRId64, n);
	add(p, to, 0, 0);
}

void
params_add_bool(struct params *p, bool b)
{
	add(p, b ? "t" : "f", 1, 0);
}

void
params_add_text(struct params *p, struct str s)
{
	add(p, s.ptr, s.len, 1); /* a text in binary is its bytes, and needs no NUL */
}

void
params_add_bytes(struct params *p, struct str s)
{
	add(p, s.ptr, s.len, 1);
}

void
params_add_hash(struct params *p, const struct sha256 *hash)
{
	params_add_bytes(p, hash == NULL ? STR_NULL : sha256_str(hash));
}

void
params_add_time(struct params *p, int64_t at_us)
{
	uint64_t v = (uint64_t)(at_us - Y2000_US);
	char *to = p->scratch[p->count];

	if (at_us == TIME_NONE) {
		params_add_null(p);
		return;
	}
	for (int i = 0; i < 8; i++)
		to[i] = (char)(v >> (56 - 8 * i));
	add(p, to, 8, 1);
}

void
params_add_as_of(struct params *p, const struct as_of *as_of)
{
	params_add_time(p, as_of->at_us);
	params_add_int(p, as_of->max_age_hours);
	params_add_int(p, as_of->id_life_hours);
}

void
params_add_null(struct params *p)
{
	add(p, NULL, 0, 0);
}
