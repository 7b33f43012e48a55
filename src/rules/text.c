/*
 * Foreign bytes as text: see text.h.
 */
#include <string.h>

#include "base/letter.h"
#include "rules/text.h"

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
	const char *at = bytes.ptr, *end;
	size_t most = bytes.len < max_bytes ? bytes.len : max_bytes, len;
	struct letter letter;
	char *text;

	if (bytes.ptr == NULL)
		return STR_NULL;
	end = at + bytes.len;
	text = arena_alloc(a, most);
	len = plain_length((const unsigned char *)at, most);
	memcpy(text, at, len);
	for (at += len; at < end; at += letter.length) {
		letter = letter_read(at, end);
		if (len + letter.length > max_bytes)
			break;
		if (letter.is_shown) {
			memcpy(text + len, at, letter.length);
			len += letter.length;
		} else {
			text[len++] = letter.point == LETTER_NONE ? '?' : ' ';
		}
	}
	return (struct str){text, len};
}

bool
text_is_name(struct str text)
{
	return text.len > 0 && text.len <= TEXT_NAME_MAX_BYTES && letter_all_shown(text);
}
