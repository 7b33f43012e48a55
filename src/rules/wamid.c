/*
 * The Thrift Compact struct inside a wamid, read to the letter: see wamid.h.
 */
#include <stdbool.h>
#include <stdint.h>

#include "rules/wamid.h"

#define PREFIX "wamid."
#define PREFIX_BYTES (sizeof(PREFIX) - 1)

/* Of an id of 1,000 bytes, the longest that is stored. */
#define MAX_DECODED_BYTES 750

/* Shorter keys are decimal or words of system messages, the same for many messages. */
#define MIN_KEY_DIGITS 16

/* Thrift Compact field headers: distance to the field before in the upper half, type below. */
#define FIELD_STRUCT 0x1C
#define FIELD_STRING 0x18
#define FIELD_I32 0x15
#define FIELD_TRUE 0x11
#define FIELD_FALSE 0x12
#define FIELD_STOP 0x00

struct cursor {
	const unsigned char *at;
	const unsigned char *end;
};

/* The value of a base64 letter plus one; 0 for all else. */
static const unsigned char letter_values[256] = {
    ['A'] = 1,
    ['B'] = 2,
    ['C'] = 3,
    ['D'] = 4,
    ['E'] = 5,
    ['F'] = 6,
    ['G'] = 7,
    ['H'] = 8,
    ['I'] = 9,
    ['J'] = 10,
    ['K'] = 11,
    ['L'] = 12,
    ['M'] = 13,
    ['N'] = 14,
    ['O'] = 15,
    ['P'] = 16,
    ['Q'] = 17,
    ['R'] = 18,
    ['S'] = 19,
    ['T'] = 20,
    ['U'] = 21,
    ['V'] = 22,
    ['W'] = 23,
    ['X'] = 24,
    ['Y'] = 25,
    ['Z'] = 26,
    ['a'] = 27,
    ['b'] = 28,
    ['c'] = 29,
    ['d'] = 30,
    ['e'] = 31,
    ['f'] = 32,
    ['g'] = 33,
    ['h'] = 34,
    ['i'] = 35,
    ['j'] = 36,
    ['k'] = 37,
    ['l'] = 38,
    ['m'] = 39,
    ['n'] = 40,
    ['o'] = 41,
    ['p'] = 42,
    ['q'] = 43,
    ['r'] = 44,
    ['s'] = 45,
    ['t'] = 46,
    ['u'] = 47,
    ['v'] = 48,
    ['w'] = 49,
    ['x'] = 50,
    ['y'] = 51,
    ['z'] = 52,
    ['0'] = 53,
    ['1'] = 54,
    ['2'] = 55,
    ['3'] = 56,
    ['4'] = 57,
    ['5'] = 58,
    ['6'] = 59,
    ['7'] = 60,
    ['8'] = 61,
    ['9'] = 62,
    ['+'] = 63,
    ['/'] = 64,
};

static struct str strip_padding(struct str text);
static size_t decode_base64(struct str text, unsigned char out[MAX_DECODED_BYTES]);
static bool read_structure(struct cursor r, struct str *key, bool *is_from_me);
static bool is_message_key(struct str key);

struct wamid
wamid_decode(struct arena *a, struct str wamid)
{
	struct wamid decoded = {.key = wamid, .direction = DIRECTION_NONE};
	unsigned char bytes[MAX_DECODED_BYTES];
	struct str key;
	bool is_from_me;
	size_t len;

	if (wamid.len <= PREFIX_BYTES || memcmp(wamid.ptr, PREFIX, PREFIX_BYTES) != 0)
		return decoded;
	len =
	    decode_base64((struct str){wamid.ptr + PREFIX_BYTES, wamid.len - PREFIX_BYTES}, bytes);
	if (!read_structure((struct cursor){bytes, bytes + len}, &key, &is_from_me))
		return decoded;
	decoded.direction = is_from_me ? DIRECTION_OUTBOUND : DIRECTION_INBOUND;
	if (is_message_key(key))
		decoded.key = arena_copy(a, key);
	return decoded;
}

/* Padding may be missing; where it stands it must be right. STR_NULL if it is not. */
static struct str
strip_padding(struct str text)
{
	size_t padding = 0;

	while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
		padding++;
	if (padding > 0 && text.len % 4 != 0)
		return STR_NULL;
	return (struct str){text.ptr, text.len - padding};
}

/* 24 bits of four letters, the first ones highest; more than 24 if one is no letter. */
static inline uint32_t
decode_group(const unsigned char at[4])
{
	return (letter_values[at[0]] - 1u) << 18 | (letter_values[at[1]] - 1u) << 12 |
	       (letter_values[at[2]] - 1u) << 6 | (letter_values[at[3]] - 1u);
}

/* One or two bytes in two or three letters; what is left of the last is zero if it was encoded. */
static size_t
decode_tail(const unsigned char *at, size_t letters, unsigned char *out, size_t len)
{
	const unsigned char group[4] = {at[0], at[1], letters == 3 ? at[2] : 'A', 'A'};
	uint32_t bits = decode_group(group);

	if (bits >> 24 != 0 || (bits & (letters == 2 ? 0xFFFFu : 0xFFu)) != 0)
		return 0;
	out[len++] = (unsigned char)(bits >> 16);
	if (letters == 3)
		out[len++] = (unsigned char)(bits >> 8);
	return len;
}

/* The number of bytes; 0 if the text is not base64 or too long. */
static size_t
decode_base64(struct str text, unsigned char out[MAX_DECODED_BYTES])
{
	const unsigned char *at;
	size_t len = 0, left;

	text = strip_padding(text);
	if (text.len / 4 * 3 + 2 > MAX_DECODED_BYTES || text.len % 4 == 1)
		return 0;
	at = (const unsigned char *)text.ptr;
	for (left = text.len; left >= 4; left -= 4, at += 4) {
		uint32_t bits = decode_group(at);

		if (bits >> 24 != 0)
			return 0;
		out[len++] = (unsigned char)(bits >> 16);
		out[len++] = (unsigned char)(bits >> 8);
		out[len++] = (unsigned char)bits;
	}
	return left == 0 ? len : decode_tail(at, left, out, len);
}

static bool
read_byte(struct cursor *r, unsigned char expected)
{
	return r->at < r->end && *r->at++ == expected;
}

static bool
read_varint(struct cursor *r, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift < 35 && r->at < r->end; shift += 7) {
		unsigned char c = *r->at++;

		*out |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80)
			return *out <= UINT32_MAX;
	}
	return false;
}

static bool
read_string(struct cursor *r, struct str *out)
{
	uint64_t len;

	if (!read_byte(r, FIELD_STRING) || !read_varint(r, &len))
		return false;
	if (len > (uint64_t)(r->end - r->at))
		return false;
	*out = (struct str){(const char *)r->at, (size_t)len};
	r->at += len;
	return true;
}

static bool
read_flag(struct cursor *r, bool *out)
{
	if (r->at >= r->end || (*r->at != FIELD_TRUE && *r->at != FIELD_FALSE))
		return false;
	*out = *r->at++ == FIELD_TRUE;
	return true;
}

/* {1: {1: user, 2: type of user}, 2: is it from me, 3: key}, and nothing behind it. */
static bool
read_structure(struct cursor r, struct str *key, bool *is_from_me)
{
	struct str user;
	uint64_t user_type;

	return read_byte(&r, FIELD_STRUCT) && read_string(&r, &user) && user.len > 0 &&
	       read_byte(&r, FIELD_I32) && read_varint(&r, &user_type) &&
	       read_byte(&r, FIELD_STOP) && read_flag(&r, is_from_me) && read_string(&r, key) &&
	       read_byte(&r, FIELD_STOP) && r.at == r.end;
}

static bool
is_message_key(struct str key)
{
	if (key.len < MIN_KEY_DIGITS)
		return false;
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}
