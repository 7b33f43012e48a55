/*
 * Refusals: see refusal.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "rules/reject_codes.h"
#include "source/limits.h"
#include "source/refusal.h"

void
refusal_set(struct refusal *r, const char *code, const char *fmt, ...)
{
	va_list args;

	if (r->code != NULL)
		return;
	r->code = code;
	va_start(args, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, args);
	va_end(args);
}

void
refusal_set_bomb(struct refusal *r)
{
	refusal_set(r, REJECT_ARCHIVE_BOMB,
	    "more than %" PRIu64 " bytes come out of each byte: the rest is not read",
	    LIMITS_RATIO);
}

ssize_t
refusal_fail(const struct refusal *r, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s", r->text);
}
