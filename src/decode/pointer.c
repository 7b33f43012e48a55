/*
 * JSON pointers: see pointer.h.
 */
#include "base/sha256.h"

#include "decode/pointer.h"

static struct str cut(struct arena *a, struct str text);

static size_t
digits_of(size_t n)
{
	size_t digits = 1;

	while (n >= 10) {
		n /= 10;
		digits++;
	}
	return digits;
}

/* Bytes that the step takes, at most: '~' and '/' are written as two. */
static size_t
step_bytes(const struct pointer *p)
{
	return 1 + (p->name == NULL ? digits_of(p->index) : 2 * strlen(p->name));
}

static char *
put_index(char *to, size_t n)
{
	char *end = to + digits_of(n);

	for (char *c = end; c > to; n /= 10)
		*--c = (char)('0' + n % 10);
	return end;
}

static char *
put_step(char *to, const struct pointer *p)
{
	*to++ = '/';
	if (p->name == NULL)
		return put_index(to, p->index);
	for (const char *c = p->name; *c != '\0'; c++) {
		if (*c == '~' || *c == '/') {
			*to++ = '~';
			*to++ = *c == '~' ? '0' : '1';
		} else {
			*to++ = *c;
		}
	}
	return to;
}

static char *
put_steps(char *to, const struct pointer *p)
{
	return p == NULL ? to : put_step(put_steps(to, p->parent), p);
}

struct str
pointer_text(struct arena *a, const struct pointer *p)
{
	size_t bytes = 1;
	char *text;

	for (const struct pointer *step = p; step != NULL; step = step->parent)
		bytes += step_bytes(step);
	text = arena_alloc(a, bytes);
	return cut(a, (struct str){text, (size_t)(put_steps(text, p) - text)});
}

static struct str
cut(struct arena *a, struct str text)
{
	char hex[SHA256_HEX_BYTES];
	size_t kept = POINTER_MAX_BYTES - SHA256_HEX_BYTES;
	struct sha256 hash;

	if (text.len <= POINTER_MAX_BYTES)
		return text;
	while (kept > 0 && ((unsigned char)text.ptr[kept] & 0xC0) == 0x80)
		kept--; /* not within a letter */
	hash = sha256_of(text.ptr, text.len);
	return arena_printf(a, "%.*s#%s", (int)kept, text.ptr, sha256_hex(&hash, hex));
}
