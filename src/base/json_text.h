/*
 * The letters of JSON strings, shared by the check and by the walk.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* An escape sequence, a surrogate pair as one. */
struct json_escape {
	size_t length; /* bytes it takes, 0 if it is malformed */
	size_t fault_at; /* then: offset of the offending byte */
	uint32_t point; /* U+FFFD if damaged */
	bool is_damaged; /* \u0000 or a lone surrogate */
};

/* At a backslash. */
struct json_escape json_read_escape(const unsigned char *at, const unsigned char *end);

/* Length of the well-formed UTF-8 sequence (RFC 3629) at `at`, 0 if it is not one. */
size_t json_utf8_length(const unsigned char *at, const unsigned char *end);

/* Does the number, digits as they stand, have an exponent beyond JSON_MAX_EXPONENT? */
bool json_is_absurd(const unsigned char *at, const unsigned char *end);

/* Writes a code point as UTF-8; returns the bytes written, at most 4. */
size_t json_put_utf8(char *to, uint32_t point);

/* The first byte that is a quote, a backslash, a control character or not ASCII. */
static inline const unsigned char *
json_skip_plain(const unsigned char *at, const unsigned char *end)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

	while (end - at >= 8) {
		uint64_t v, quote, slash;

		memcpy(&v, at, 8);
		quote = v ^ (ones * '"');
		slash = v ^ (ones * '\\');
		/* a high bit in any lane: not ASCII, below 0x20, or one of the two (or a false
		 * alarm behind one of them, which the loop below settles) */
		if (((v | (v - ones * 0x20) | (quote - ones) | (slash - ones)) & highs) != 0)
			break;
		at += 8;
	}
	while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

#endif
