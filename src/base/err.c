/*
 * The error idiom: see err.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

/* Two names of any length, and words about them. */
#define WHOLE_BYTES (2 * PATH_MAX + 1024)

#define CUT " ... "

static void keep(char *to, size_t size, const char *whole);

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	char whole[WHOLE_BYTES];
	va_list ap;

	e->code = code;
	e->sqlstate[0] = '\0';
	e->hint[0] = '\0';
	va_start(ap, fmt);
	vsnprintf(whole, sizeof(whole), fmt, ap);
	va_end(ap);
	keep(e->text, sizeof(e->text), whole);
	return -1;
}

int
err_sys(struct err *e, enum err_code code, const char *fmt, ...)
{
	const char *cause = strerror(errno);
	char what[WHOLE_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(e, code, "%s: %s", what, cause);
}

int
err_hint(struct err *e, const char *fmt, ...)
{
	char whole[WHOLE_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(whole, sizeof(whole), fmt, ap);
	va_end(ap);
	keep(e->hint, sizeof(e->hint), whole);
	return -1;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char whole[WHOLE_BYTES];
	va_list ap;
	size_t used;

	va_start(ap, fmt);
	vsnprintf(whole, sizeof(whole), fmt, ap);
	va_end(ap);
	used = strlen(whole);
	snprintf(whole + used, sizeof(whole) - used, ": %s", e->text);
	keep(e->text, sizeof(e->text), whole);
	return -1;
}

/* What is too long is cut in the middle: the beginning says which thing, the end says why. */
static void
keep(char *to, size_t size, const char *whole)
{
	size_t len = strlen(whole), head = size / 2;

	if (len < size)
		memcpy(to, whole, len + 1);
	else
		snprintf(to, size, "%.*s" CUT "%s", (int)head, whole,
		    whole + len - (size - 1 - head - strlen(CUT)));
}
