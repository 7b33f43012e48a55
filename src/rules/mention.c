/*
 * Numbers named in bytes of any kind: see mention.h.
 */
#include "base/space.h"
#include "rules/mention.h"

#define NAME "phone_number_id"
#define DIGITS_MAX 32

static void
skip(struct str *s, size_t bytes)
{
	s->ptr += bytes;
	s->len -= bytes;
}

static bool
take_quote(struct str *s, bool is_escaped)
{
	size_t len = is_escaped ? 2 : 1;

	if (s->len < len || memcmp(s->ptr, is_escaped ? "\\\"" : "\"", len) != 0)
		return false;
	skip(s, len);
	return true;
}

/* `rest` stands behind the name: its closing quote, a colon, and a string of digits. */
static struct str
value_behind(struct str rest, bool is_escaped)
{
	struct str digits;

	if (!take_quote(&rest, is_escaped))
		return STR_NULL;
	skip(&rest, space_length(rest));
	if (rest.len == 0 || rest.ptr[0] != ':')
		return STR_NULL;
	skip(&rest, 1);
	skip(&rest, space_length(rest));
	if (!take_quote(&rest, is_escaped))
		return STR_NULL;
	digits = (struct str){rest.ptr, 0};
	while (rest.len > 0 && rest.ptr[0] >= '0' && rest.ptr[0] <= '9')
		skip(&rest, 1);
	digits.len = (size_t)(rest.ptr - digits.ptr);
	return digits.len > 0 && digits.len <= DIGITS_MAX && take_quote(&rest, is_escaped)
		   ? digits
		   : STR_NULL;
}

struct str
mention_phone_number_id(struct str bytes)
{
	const char *start = bytes.ptr, *end = start + bytes.len, *at = start;
	const size_t len = sizeof(NAME) - 1;
	struct str found = STR_NULL;

	while (at < end && (at = memmem(at, (size_t)(end - at), NAME, len)) != NULL) {
		bool is_escaped = at - start >= 2 && at[-2] == '\\';
		struct str rest = {at + len, (size_t)(end - at) - len}, digits = STR_NULL;

		if (at > start && at[-1] == '"')
			digits = value_behind(rest, is_escaped);
		if (digits.ptr != NULL && found.ptr != NULL && !str_equal(digits, found))
			return STR_NULL;
		if (digits.ptr != NULL)
			found = digits;
		at += len;
	}
	return found;
}
