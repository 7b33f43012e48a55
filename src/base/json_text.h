/*
 * The letters of JSON strings, shared by the check and by the walk.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <endian.h>
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

/*
 * Eight bytes at once. A lane of `hits` is 0x80 where something was found, and perhaps in lanes
 * behind the first one found, by its borrow: so the first is right. Lanes count from the lowest.
 */
#define JSON_ONES 0x0101010101010101u
#define JSON_HIGHS 0x8080808080808080u

static inline uint64_t
json_lanes(const unsigned char *at)
{
	uint64_t v;

	memcpy(&v, at, 8);
	return le64toh(v);
}

static inline uint64_t
json_hits_of(uint64_t lanes, unsigned char letter)
{
	uint64_t v = lanes ^ (JSON_ONES * letter);

	return (v - JSON_ONES) & ~v & JSON_HIGHS;
}

static inline size_t
json_first_hit(uint64_t hits)
{
	return (size_t)__builtin_ctzll(hits) / 8;
}

/* The first byte that is a quote, a backslash, a control character or not ASCII. */
static inline const unsigned char *
json_skip_plain(const unsigned char *at, const unsigned char *end)
{
	for (; end - at >= 8; at += 8) {
		uint64_t v = json_lanes(at);
		uint64_t hits = (v | ((v - JSON_ONES * 0x20) & ~v)) & JSON_HIGHS;

		hits |= json_hits_of(v, '"') | json_hits_of(v, '\\');
		if (hits != 0)
			return at + json_first_hit(hits);
	}
	while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* The first quote or backslash. */
static inline const char *
json_skip_letters(const char *at, const char *end)
{
	for (; end - at >= 8; at += 8) {
		uint64_t v = json_lanes((const unsigned char *)at);
		uint64_t hits = json_hits_of(v, '"') | json_hits_of(v, '\\');

		if (hits != 0)
			return at + json_first_hit(hits);
	}
	while (at < end && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* Behind the string of checked JSON whose opening quote is at `at`. */
static inline const char *
json_skip_string(const char *at, const char *end)
{
	at = json_skip_letters(at + 1, end);
	while (at < end && *at == '\\')
		at = end - at < 2 ? end : json_skip_letters(at + 2, end);
	return at < end ? at + 1 : end;
}

#endif
