/*
 * The Thrift Compact struct inside a wamid, read to the letter: see wamid.h.
 */
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "rules/wamid.h"

#define PREFIX "wamid."
#define PREFIX_BYTES (sizeof(PREFIX) - 1)

/* Of an id of 1,000 bytes, the longest that is stored. */
#define MAX_DECODED_BYTES 750

/* Letters that are decoded at once, and their bytes; they are written as eight. */
#define LETTERS 8
#define LETTER_BYTES 6
#define DECODED_ROOM (MAX_DECODED_BYTES + 8)

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

static const bool hex_digits[256] = {
    ['0'] = true,
    ['1'] = true,
    ['2'] = true,
    ['3'] = true,
    ['4'] = true,
    ['5'] = true,
    ['6'] = true,
    ['7'] = true,
    ['8'] = true,
    ['9'] = true,
    ['A'] = true,
    ['B'] = true,
    ['C'] = true,
    ['D'] = true,
    ['E'] = true,
    ['F'] = true,
    ['a'] = true,
    ['b'] = true,
    ['c'] = true,
    ['d'] = true,
    ['e'] = true,
    ['f'] = true,
};

static struct str strip_padding(struct str text);
static size_t decode_base64(struct str text, unsigned char out[DECODED_ROOM]);
static bool read_structure(struct cursor r, struct str *key, bool *is_from_me);
static bool is_message_key(struct str key);

struct wamid
wamid_decode(struct arena *a, struct str wamid)
{
	struct wamid decoded = {.key = wamid, .direction = DIRECTION_NONE};
	unsigned char bytes[DECODED_ROOM];
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

/* Eight bytes, of which the first six are meant. */
static inline void
put_bytes(unsigned char *to, uint64_t bits)
{
	bits = htobe64(bits << 16);
	memcpy(to, &bits, sizeof(bits));
}

/* 24 bits of four letters, the first ones highest; all above are set if one is no letter. */
static inline uint64_t
decode_group(const unsigned char at[4])
{
	return (letter_values[at[0]] - UINT64_C(1)) << 18 |
	       (letter_values[at[1]] - UINT64_C(1)) << 12 |
	       (letter_values[at[2]] - UINT64_C(1)) << 6 | (letter_values[at[3]] - UINT64_C(1));
}

static inline uint64_t
decode_letters(const unsigned char at[LETTERS])
{
	return decode_group(at) << 24 | decode_group(at + 4);
}

/*
 * The last letters, fewer than eight, as eight. What is left of the last of them is zero if it was
 * encoded: then what is behind its bytes is.
 */
static size_t
decode_tail(const unsigned char *at, size_t letters, unsigned char *out, size_t len)
{
	unsigned char full[LETTERS] = {'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A'};
	size_t bytes = letters * 6 / 8;
	uint64_t bits;

	memcpy(full, at, letters);
	bits = decode_letters(full);
	if (bits >> 48 != 0 || (bits << 16 << 8 * bytes) != 0)
		return 0;
	put_bytes(out + len, bits);
	return len + bytes;
}

/* The number of bytes; 0 if the text is not base64 or too long. */
static size_t
decode_base64(struct str text, unsigned char out[DECODED_ROOM])
{
	const unsigned char *at;
	size_t len = 0, left;

	text = strip_padding(text);
	if (text.len / 4 * 3 + 2 > MAX_DECODED_BYTES || text.len % 4 == 1)
		return 0;
	at = (const unsigned char *)text.ptr;
	for (left = text.len; left >= LETTERS; left -= LETTERS, at += LETTERS) {
		uint64_t bits = decode_letters(at);

		if (bits >> 48 != 0)
			return 0;
		put_bytes(out + len, bits);
		len += LETTER_BYTES;
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

/* Looks at all letters: which of them are digits is chance, and branches would be mispredicted. */
static bool
is_message_key(struct str key)
{
	bool is_hex = key.len >= MIN_KEY_DIGITS;

	for (size_t i = 0; i < key.len; i++)
		is_hex &= hex_digits[(unsigned char)key.ptr[i]];
	return is_hex;
}
