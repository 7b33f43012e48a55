/*
 * Foreign bytes as text: see text.h.
 */
#include "base/json_text.h"

#include "rules/text.h"

/* C0, DEL, and C1 (U+0080 to U+009F: terminals obey some of them). */
static bool
is_control(const unsigned char *letter, size_t length)
{
	if (length == 1)
		return letter[0] < 0x20 || letter[0] == 0x7F;
	return length == 2 && letter[0] == 0xC2 && letter[1] < 0xA0;
}

/* How many of the next bytes are letters of ASCII: most texts are nothing else. */
static size_t
plain_length(const unsigned char *at, size_t most)
{
	size_t length = 0;

	while (length < most && at[length] >= 0x20 && at[length] < 0x7F)
		length++;
	return length;
}

struct str
text_printable(struct arena *a, struct str bytes, size_t max_bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.ptr, *end = at + bytes.len;
	size_t most = bytes.len < max_bytes ? bytes.len : max_bytes, len, length;
	char *text;

	if (bytes.ptr == NULL)
		return STR_NULL;
	text = arena_alloc(a, most);
	len = plain_length(at, most);
	memcpy(text, at, len);
	for (at += len; at < end; at += length == 0 ? 1 : length) {
		length = json_utf8_length(at, end);
		if (len + (length == 0 ? 1 : length) > max_bytes)
			break;
		if (length == 0) {
			text[len++] = '?';
		} else if (is_control(at, length)) {
			text[len++] = ' ';
		} else {
			memcpy(text + len, at, length);
			len += length;
		}
	}
	return (struct str){text, len};
}

bool
text_is_name(struct str text)
{
	const unsigned char *at = (const unsigned char *)text.ptr, *end = at + text.len;

	if (text.len == 0 || text.len > TEXT_NAME_MAX_BYTES)
		return false;
	while (at < end) {
		size_t length = json_utf8_length(at, end);

		if (length == 0 || is_control(at, length))
			return false;
		at += length;
	}
	return true;
}
