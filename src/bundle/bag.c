/*
 * Letters of a bag: see bag.h.
 */
#include <string.h>

#include "base/count.h"
#include "base/letter.h"

#include "bundle/bag.h"

#define HEX_DIGITS (SHA256_HEX_BYTES - 1)
/* Enough to recognise a name; a hostile one may have megabytes. */
#define PRINTABLE_BYTES 200

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool
bundle_name_is_plain(struct str name)
{
	bool at_part = true;

	if (name.len == 0 || name.len > BAG_MAX_NAME)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c == '/' ? at_part : !is_name_char(c))
			return false;
		if (at_part && c == '.')
			return false;
		at_part = c == '/';
	}
	return !at_part;
}

bool
bundle_name_is_payload(struct str name)
{
	return str_begins(name, "data/");
}

/* sha256_parse takes more spellings than the one that is written. */
static bool
parse_lower_hex(struct str text, struct sha256 *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] >= 'A' && text.ptr[i] <= 'F')
			return false;
	}
	return text.len == HEX_DIGITS && sha256_parse(text, out);
}

bool
bundle_name_hash(struct str name, struct sha256 *out)
{
	static const struct {
		struct str folder, suffix;
	} forms[] = {
	    {{"data/payloads/", 14}, {".json", 5}},
	    {{"data/media/", 11}, {"", 0}},
	};

	for (size_t i = 0; i < COUNT(forms); i++) {
		size_t around = forms[i].folder.len + forms[i].suffix.len;
		const char *hex;

		if (name.len != around + HEX_DIGITS || !str_begins(name, forms[i].folder.ptr))
			continue;
		hex = name.ptr + forms[i].folder.len;
		if (memcmp(hex + HEX_DIGITS, forms[i].suffix.ptr, forms[i].suffix.len) == 0)
			return parse_lower_hex((struct str){hex, HEX_DIGITS}, out);
	}
	return false;
}

bool
bundle_next_line(struct str *rest, struct str *line, bool *is_ended)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->ptr, '\n', rest->len);
	*is_ended = end != NULL;
	*line = (struct str){rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr)};
	rest->ptr += line->len + (*is_ended ? 1 : 0);
	rest->len -= line->len + (*is_ended ? 1 : 0);
	return true;
}

void
bundle_put_manifest_line(struct buf *out, const struct sha256 *sha256, struct str name)
{
	char hex[SHA256_HEX_BYTES];

	buf_put_text(out, sha256_hex(sha256, hex));
	buf_put_text(out, "  ");
	buf_put_str(out, name);
	buf_put_char(out, '\n');
}

bool
bundle_parse_manifest_line(struct str line, struct sha256 *sha256, struct str *name)
{
	if (line.len < HEX_DIGITS + 2 || memcmp(line.ptr + HEX_DIGITS, "  ", 2) != 0)
		return false;
	*name = (struct str){line.ptr + HEX_DIGITS + 2, line.len - HEX_DIGITS - 2};
	return parse_lower_hex((struct str){line.ptr, HEX_DIGITS}, sha256) &&
	       bundle_name_is_plain(*name);
}

bool
bundle_info_is_usable(struct str label, struct str value)
{
	if (label.len == 0 || value.ptr == NULL || memchr(label.ptr, ':', label.len) != NULL)
		return false;
	/* white space in front would make the line a continuation of the one before */
	return label.ptr[0] != ' ' && letter_all_shown(label) && letter_all_shown(value);
}

bool
bundle_parse_info_line(struct str line, struct str *label, struct str *value)
{
	const char *colon = memchr(line.ptr, ':', line.len);
	size_t len = colon == NULL ? 0 : (size_t)(colon - line.ptr);

	if (colon == NULL || line.len < len + 2 || colon[1] != ' ')
		return false;
	*label = (struct str){line.ptr, len};
	*value = (struct str){colon + 2, line.len - len - 2};
	return bundle_info_is_usable(*label, *value);
}

struct str
bundle_printable(struct arena *a, struct str s)
{
	static const char digits[] = "0123456789abcdef";
	size_t used = s.len < PRINTABLE_BYTES ? s.len : PRINTABLE_BYTES, len = 0;
	char text[PRINTABLE_BYTES * 4];

	for (size_t i = 0; i < used; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c >= 0x20 && c < 0x7f && c != '\\') {
			text[len++] = (char)c;
			continue;
		}
		text[len++] = '\\';
		text[len++] = 'x';
		text[len++] = digits[c >> 4];
		text[len++] = digits[c & 15];
	}
	return arena_copy(a, (struct str){text, len});
}
