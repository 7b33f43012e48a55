/*
 * The strict check: one pass, no recursion, no memory but for the outline. See json.h.
 */
#include "base/json.h"
#include "base/json_text.h"

/* The outline in the making. */
struct notes {
	struct arena *arena;
	const unsigned char *start;
	struct json_span *spans;
	size_t count;
	size_t cap;
	size_t open[JSON_SPAN_LEVELS + 1]; /* index of the open value of each level */
};

struct checker {
	const unsigned char *at;
	const unsigned char *end;
	bool has_damage;
	enum json_fault fault;
	struct notes *notes; /* or NULL */
};

static bool
fail(struct checker *c, enum json_fault fault)
{
	c->fault = c->at >= c->end && fault == JSON_SYNTAX ? JSON_TRUNCATED : fault;
	return false;
}

static inline bool
is_space(unsigned char c)
{
	return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

static inline void
skip_space(struct checker *c)
{
	while (c->at < c->end && is_space(*c->at))
		c->at++;
}

static bool
check_escape(struct checker *c)
{
	struct json_escape esc = json_read_escape(c->at, c->end);

	if (esc.length == 0) {
		c->at += esc.fault_at;
		return fail(c, JSON_SYNTAX);
	}
	c->has_damage |= esc.is_damaged;
	c->at += esc.length;
	return true;
}

/* The rest of a string, from a letter on that is not plain. Not inline: most strings have none. */
static __attribute__((noinline)) bool
check_letters(struct checker *c)
{
	for (;; c->at = json_skip_plain(c->at, c->end)) {
		if (c->at >= c->end)
			return fail(c, JSON_TRUNCATED);
		if (*c->at == '"') {
			c->at++;
			return true;
		}
		if (*c->at == '\\') {
			if (!check_escape(c))
				return false;
		} else if (*c->at >= 0x80) {
			size_t length = json_utf8_length(c->at, c->end);

			c->has_damage |= length == 0;
			c->at += length == 0 ? 1 : length;
		} else {
			return fail(c, JSON_SYNTAX);
		}
	}
}

/* At the opening quote. */
static inline bool
check_string(struct checker *c)
{
	c->at = json_skip_plain(c->at + 1, c->end);
	if (c->at >= c->end || *c->at != '"')
		return check_letters(c);
	c->at++;
	return true;
}

static bool
check_digits(struct checker *c)
{
	const unsigned char *start = c->at;

	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
	return c->at > start || fail(c, JSON_SYNTAX);
}

static bool
check_exponent(struct checker *c)
{
	const unsigned char *start = c->at++;

	if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
		c->at++;
	if (!check_digits(c))
		return false;
	c->has_damage |= json_is_absurd(start, c->at);
	return true;
}

static bool
check_number(struct checker *c)
{
	if (*c->at == '-')
		c->at++;
	if (c->at < c->end && *c->at == '0')
		c->at++;
	else if (!check_digits(c))
		return false;
	if (c->at < c->end && *c->at == '.') {
		c->at++;
		if (!check_digits(c))
			return false;
	}
	if (c->at < c->end && (*c->at == 'e' || *c->at == 'E'))
		return check_exponent(c);
	return true;
}

static bool
check_word(struct checker *c, const char *word)
{
	for (; *word != '\0'; word++, c->at++)
		if (c->at >= c->end || *c->at != (unsigned char)*word)
			return fail(c, JSON_SYNTAX);
	return true;
}

static bool
check_scalar(struct checker *c)
{
	if (c->at >= c->end)
		return fail(c, JSON_TRUNCATED);
	switch (*c->at) {
	case '"':
		return check_string(c);
	case 't':
		return check_word(c, "true");
	case 'f':
		return check_word(c, "false");
	case 'n':
		return check_word(c, "null");
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return check_number(c);
	default:
		return fail(c, JSON_SYNTAX);
	}
}

/* `"key":` of a member, with the white space around it. */
static bool
check_key(struct checker *c)
{
	skip_space(c);
	if (c->at >= c->end || *c->at != '"')
		return fail(c, JSON_SYNTAX);
	if (!check_string(c))
		return false;
	skip_space(c);
	if (c->at >= c->end || *c->at != ':')
		return fail(c, JSON_SYNTAX);
	c->at++;
	return true;
}

static int
fault(struct checker *c, enum json_fault what)
{
	(void)fail(c, what);
	return -1;
}

/* The walk stands at the first byte of the value. */
static void
note_open(struct notes *n, size_t level, const unsigned char *at)
{
	if (level > JSON_SPAN_LEVELS)
		return;
	if (n->count == n->cap) {
		size_t cap = n->cap == 0 ? 16 : 2 * n->cap;
		struct json_span *spans = arena_alloc(n->arena, cap * sizeof(*spans));

		if (n->count > 0)
			memcpy(spans, n->spans, n->count * sizeof(*spans));
		n->spans = spans;
		n->cap = cap;
	}
	n->open[level] = n->count;
	n->spans[n->count++].begin = (size_t)(at - n->start);
}

/* Behind its last byte. What is small is forgotten; all in it was smaller and is forgotten. */
static void
note_close(struct notes *n, size_t level, const unsigned char *at)
{
	size_t end = (size_t)(at - n->start);
	size_t large = end / 8 < JSON_SPAN_BYTES ? end / 8 : JSON_SPAN_BYTES;
	struct json_span *span;

	if (level > JSON_SPAN_LEVELS)
		return;
	span = &n->spans[n->open[level]];
	span->end = end;
	if (end - span->begin < large)
		n->count = n->open[level];
}

/* Behind a value: closes what ends here. 1: another value follows, 0: all is closed, -1: fault. */
static int
close_containers(struct checker *c, const bool *is_object, size_t *depth)
{
	while (*depth > 0) {
		unsigned char closing = is_object[*depth] ? '}' : ']';

		skip_space(c);
		if (c->at >= c->end)
			return fault(c, JSON_TRUNCATED);
		if (*c->at == ',') {
			c->at++;
			if (is_object[*depth] && !check_key(c))
				return -1;
			return 1;
		}
		if (*c->at != closing)
			return fault(c, JSON_SYNTAX);
		c->at++;
		if (c->notes != NULL)
			note_close(c->notes, *depth, c->at);
		(*depth)--;
	}
	return 0;
}

/* At `{` or `[`. 1: its first value follows, 0: it is empty and closed, -1: fault. */
static int
open_container(struct checker *c, bool *is_object, size_t *depth)
{
	const unsigned char *start = c->at;
	bool object = *start == '{';

	if (*depth == JSON_MAX_DEPTH)
		return fault(c, JSON_TOO_DEEP);
	c->at++;
	skip_space(c);
	if (c->at < c->end && *c->at == (object ? '}' : ']')) {
		c->at++;
		return 0;
	}
	is_object[++*depth] = object;
	if (c->notes != NULL)
		note_open(c->notes, *depth, start);
	if (object && !check_key(c))
		return -1;
	return 1;
}

static bool
check_value(struct checker *c)
{
	bool is_object[JSON_MAX_DEPTH + 1];
	size_t depth = 0;
	int follows = 1;

	while (follows == 1) {
		skip_space(c);
		if (c->at < c->end && (*c->at == '{' || *c->at == '[')) {
			follows = open_container(c, is_object, &depth);
			if (follows == 1)
				continue;
		} else {
			follows = check_scalar(c) ? 0 : -1;
		}
		if (follows == 0)
			follows = close_containers(c, is_object, &depth);
	}
	return follows == 0;
}

static struct json_check
check(const char *bytes, size_t len, struct notes *notes)
{
	struct checker c = {.at = (const unsigned char *)bytes, .notes = notes};

	c.end = c.at + len;
	(void)check_value(&c);
	return (struct json_check){
	    .fault = c.fault,
	    .end = (size_t)(c.at - (const unsigned char *)bytes),
	    .has_damage = c.has_damage,
	};
}

struct json_check
json_check(const char *bytes, size_t len)
{
	return check(bytes, len, NULL);
}

struct json_check
json_check_outline(struct arena *a, const char *bytes, size_t len, struct json_outline *out)
{
	struct notes notes = {.arena = a, .start = (const unsigned char *)bytes};
	struct json_check found = check(bytes, len, &notes);

	*out = (struct json_outline){.spans = notes.spans,
	    .count = notes.count,
	    .is_known = found.fault == JSON_OK,
	    .is_clean = !found.has_damage};
	return found;
}

struct json_outline
json_outline_copy(struct arena *a, const struct json_outline *o)
{
	struct json_outline copy = *o;

	if (o->count == 0)
		return copy;
	copy.spans = arena_alloc(a, o->count * sizeof(*copy.spans));
	memcpy(copy.spans, o->spans, o->count * sizeof(*copy.spans));
	return copy;
}

const char *
json_fault_text(enum json_fault fault)
{
	static const char *const texts[] = {
	    [JSON_OK] = "no fault",
	    [JSON_SYNTAX] = "unexpected character",
	    [JSON_TRUNCATED] = "the document ends too early",
	    [JSON_TOO_DEEP] = "nested too deeply",
	};

	return texts[fault];
}
