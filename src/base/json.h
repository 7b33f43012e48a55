/*
 * Strict JSON (RFC 8259 to the letter), without a tree. First json_check proves
 * that a document is well formed and says where it ends; then the walk hands out
 * slices of the checked bytes. Walking unchecked bytes is a bug.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* Deep enough for any payload (a dozen levels are usual), shallow enough for jsonb and json-c. */
#define JSON_MAX_DEPTH 128

/* 12 bytes 1e100000 are 100 kB once PostgreSQL prints them; no payload means such numbers. */
#define JSON_MAX_EXPONENT 400

enum json_fault {
	JSON_OK,
	JSON_SYNTAX, /* an unexpected character */
	JSON_TRUNCATED, /* the input ends within the value */
	JSON_TOO_DEEP,
};

struct json_check {
	enum json_fault fault;
	size_t end; /* offset behind the value; on a fault, of the offending byte */
	bool has_damage; /* what json_text or json_repaired repair */
};

/* Checks the one value that begins at `bytes` (white space before it is allowed). */
struct json_check json_check(const char *bytes, size_t len);

/* Where an array or object stands in a document. */
struct json_span {
	size_t begin;
	size_t end; /* behind its last byte */
};

/* What a check has seen, for who reads the document then. */
struct json_outline {
	struct json_span *spans; /* by begin: those of JSON_SPAN_BYTES and more, and some others */
	size_t count;
	bool is_known; /* false: nobody has looked */
	bool is_clean; /* nothing in it needs repair */
};

/* Smaller values are read again where they are met: that is cheaper than to look them up. Of a
 * small document, what is less than an eighth of it. */
#define JSON_SPAN_BYTES 1024

/* A message stands at level 12 of a raw payload; what is deeper is small or rare, and not kept. */
#define JSON_SPAN_LEVELS 16

/* As json_check. The outline, of a value without fault, lives in the arena. */
struct json_check json_check_outline(
    struct arena *a, const char *bytes, size_t len, struct json_outline *out);

/* The same outline in another arena. */
struct json_outline json_outline_copy(struct arena *a, const struct json_outline *o);

/* "unexpected character", … */
const char *json_fault_text(enum json_fault fault);

enum json_kind {
	JSON_NONE,
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* The kind of a slice; JSON_NONE for STR_NULL. */
static inline enum json_kind
json_kind(struct str value)
{
	if (value.ptr == NULL || value.len == 0)
		return JSON_NONE;
	switch (value.ptr[0]) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
	case 'f':
		return JSON_BOOL;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

/* Over the members of an object or the elements of an array; over nothing for any other kind. */
struct json_walk {
	const char *at;
	const char *end;
};

struct json_walk json_enter(struct str value);

/* Is there another value, or the end of what is around it? Then the walk stands at its first
 * letter, and w->at may be read. */
bool json_is_more(struct json_walk *w);

/* The next member: key as it stands between its quotes, value as slice. False at the end. */
bool json_member(struct json_walk *w, struct str *key, struct str *value);
bool json_element(struct json_walk *w, struct str *value);

/* The first half of a member: behind it json_is_more, and json_element gives its value. */
bool json_key(struct json_walk *w, struct str *key);

/* Does the raw key mean `name`? Looks through escapes. */
bool json_key_is(struct str key, const char *name);

/* The value of the last member called `name` (duplicate keys: the last wins), or STR_NULL. */
struct str json_get(struct str object, const char *name);

/*
 * The text of a string slice, unescaped; STR_NULL for any other kind. Without escapes it is
 * the slice itself, otherwise a copy in the arena. \u0000, lone surrogates and invalid UTF-8
 * become U+FFFD and are added to *repairs; `repairs` NULL: an outline says that there are none.
 */
struct str json_text(struct arena *a, struct str value, unsigned *repairs);

/*
 * As json_text for bytes that are a document themselves: what is not UTF-8 stays as it is, so that
 * the document has the hash and the signature of its original.
 */
struct str json_bytes(struct arena *a, struct str value);

/* As json_text, but a number gives its digits as they stand (`"phase": 1` and `"phase": "1"`). */
struct str json_scalar(struct arena *a, struct str value, unsigned *repairs);

/* An integer, given as a number (`100`, `100.0`) or as a string of one (`"100"`). False if it is
 * none or does not fit. */
bool json_int(struct str value, int64_t *out);

bool json_is_true(struct str value);

/*
 * The value as JSON text that PostgreSQL takes: strings repaired as json_text does, numbers with an
 * exponent beyond JSON_MAX_EXPONENT put in quotes, all else as it stands. `repairs` as above.
 */
struct str json_repaired(struct arena *a, struct str value, unsigned *repairs);

/*
 * Writer. Appends to a buffer; commas and escapes are its business, balance is the caller's.
 * Text is expected to be valid UTF-8.
 */
struct json_writer {
	struct buf *out;
	bool needs_comma;
};

void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_put_key(struct json_writer *w, const char *key);
void json_put_str(struct json_writer *w, struct str s); /* STR_NULL writes null */
void json_put_int(struct json_writer *w, int64_t n);
void json_put_bool(struct json_writer *w, bool b);
void json_put_null(struct json_writer *w);
void json_put_raw(struct json_writer *w, struct str json); /* already JSON */

#endif
