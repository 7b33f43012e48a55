/*
 * Phone numbers: see phone.h.
 */
#include "base/count.h"
#include "rules/phone.h"

#define NBSP "\xC2\xA0"

/* Two forms of one number: the longer has one digit more, at a fixed place. */
struct variant {
	const char *country;
	char digit;
	size_t at; /* index of the digit in the longer form */
	size_t short_len; /* digits of the shorter form */
	const char *next; /* digits that may stand there in the shorter form; NULL: any */
};

static const struct variant variants[] = {
    {"55", '9', 4, 12, "6789"}, /* Brazil: 55 AA [9] NNNN NNNN; landlines begin with 2 to 5 */
    {"52", '1', 2, 12, NULL}, /* Mexico: 52 [1] and 10 digits */
    {"54", '9', 2, 12, NULL}, /* Argentina: 54 [9] and 10 digits */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
phone_is_number(struct str identity)
{
	for (size_t i = 0; i < identity.len; i++)
		if (!is_digit(identity.ptr[i]))
			return false;
	return identity.len > 0;
}

/* Bytes of the digit or separator that `text` begins with, 0 if it begins with neither. */
static size_t
letter_length(struct str text)
{
	if (text.ptr[0] != '\0' && strchr("0123456789+()-. ", text.ptr[0]) != NULL)
		return 1;
	return str_begins(text, NBSP) ? strlen(NBSP) : 0;
}

static bool
is_formatted_number(struct str text)
{
	while (text.len > 0) {
		size_t step = letter_length(text);

		if (step == 0)
			return false;
		text.ptr += step;
		text.len -= step;
	}
	return true;
}

struct str
phone_digits(struct arena *a, struct str text)
{
	char *digits;
	size_t count = 0;

	if (phone_is_number(text))
		return text;
	if (str_is_empty(text) || !is_formatted_number(text))
		return STR_NULL;
	digits = arena_alloc(a, text.len);
	for (size_t i = 0; i < text.len; i++)
		if (is_digit(text.ptr[i]))
			digits[count++] = text.ptr[i];
	return count == 0 ? STR_NULL : (struct str){digits, count};
}

/* Is `longer` the number `shorter` with the digit of the variant put in? */
static bool
is_variant(const struct variant *v, struct str shorter, struct str longer)
{
	return shorter.len == v->short_len && longer.len == v->short_len + 1 &&
	       str_begins(shorter, v->country) && longer.ptr[v->at] == v->digit &&
	       (v->next == NULL || strchr(v->next, shorter.ptr[v->at]) != NULL) &&
	       memcmp(shorter.ptr, longer.ptr, v->at) == 0 &&
	       memcmp(shorter.ptr + v->at, longer.ptr + v->at + 1, v->short_len - v->at) == 0;
}

bool
phone_is_same(struct str a, struct str b)
{
	struct str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;

	if (!phone_is_number(a) || !phone_is_number(b))
		return false;
	if (str_equal(a, b))
		return true;
	for (size_t i = 0; i < COUNT(variants); i++)
		if (is_variant(&variants[i], shorter, longer))
			return true;
	return false;
}
