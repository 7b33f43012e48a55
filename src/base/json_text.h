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

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
 * A block of bytes at once: sixteen where the processor compares so many (on x86-64 always), else
 * a word of eight. The lowest bit of `hits` tells the first byte found; others may be wrong.
 * JSON_WORDS: words in any case, for tests.
 */
#if defined(__SSE2__) && !defined(JSON_WORDS)
#define JSON_BLOCK 16
#define JSON_HIT_BITS 1 /* of each byte */

static inline __m128i
json_hits_in(__m128i block, char letter)
{
	return _mm_cmpeq_epi8(block, _mm_set1_epi8(letter));
}

/* Quotes and backslashes. */
static inline uint64_t
json_letter_hits(const void *at)
{
	__m128i block = _mm_loadu_si128((const __m128i *)at);

	return (unsigned)_mm_movemask_epi8(
	    _mm_or_si128(json_hits_in(block, '"'), json_hits_in(block, '\\')));
}

/* Besides them control characters, and what is not ASCII: as signed numbers both are less than a
 * space. */
static inline uint64_t
json_special_hits(const void *at)
{
	__m128i block = _mm_loadu_si128((const __m128i *)at);
	__m128i letters = _mm_or_si128(json_hits_in(block, '"'), json_hits_in(block, '\\'));

	return (unsigned)_mm_movemask_epi8(
	    _mm_or_si128(letters, _mm_cmplt_epi8(block, _mm_set1_epi8(' '))));
}
#else
#define JSON_BLOCK 8
#define JSON_HIT_BITS 8
#define JSON_ONES 0x0101010101010101u
#define JSON_HIGHS 0x8080808080808080u

/* Bytes count from the lowest. */
static inline uint64_t
json_word(const void *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return le64toh(word);
}

/* The borrow of a byte found may hit the one behind it. */
static inline uint64_t
json_hits_in(uint64_t word, char letter)
{
	word ^= JSON_ONES * (unsigned char)letter;
	return (word - JSON_ONES) & ~word & JSON_HIGHS;
}

static inline uint64_t
json_letter_hits(const void *at)
{
	uint64_t word = json_word(at);

	return json_hits_in(word, '"') | json_hits_in(word, '\\');
}

static inline uint64_t
json_special_hits(const void *at)
{
	uint64_t word = json_word(at);

	return json_letter_hits(at) | ((word | ((word - JSON_ONES * ' ') & ~word)) & JSON_HIGHS);
}
#endif

static inline size_t
json_first_hit(uint64_t hits)
{
	return (size_t)__builtin_ctzll(hits) / JSON_HIT_BITS;
}

/* The first byte that is a quote, a backslash, a control character or not ASCII. */
static inline const unsigned char *
json_skip_plain(const unsigned char *at, const unsigned char *end)
{
	for (; end - at >= JSON_BLOCK; at += JSON_BLOCK) {
		uint64_t hits = json_special_hits(at);

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
	for (; end - at >= JSON_BLOCK; at += JSON_BLOCK) {
		uint64_t hits = json_letter_hits(at);

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
