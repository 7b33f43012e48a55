/*
 * Signatures of webhooks: see signature.h.
 */
#include <stdbool.h>

#include "base/count.h"
#include "base/hmac.h"
#include "base/sha256.h"
#include "base/space.h"
#include "rules/signature.h"

/* What a header says: the digest, and what stands before the body where it is computed. */
struct claim {
	struct sha256 digest;
	struct str prefix; /* "" if there is none */
};

const char *const signature_names[] = {
    [SIGNATURE_ABSENT] = "absent",
    [SIGNATURE_UNCHECKED] = "unchecked",
    [SIGNATURE_INVALID] = "invalid",
    [SIGNATURE_VALID] = "valid",
};

static bool parse_hub(struct str value, struct claim *out);
static bool parse_ycloud(struct str value, struct claim *out);

/* In the order of signature_headers. */
static bool (*const parsers[])(struct str value, struct claim *out) = {parse_hub, parse_ycloud};

const char *const signature_headers[] = {"X-Hub-Signature-256", "YCloud-Signature"};
const size_t signature_header_count = COUNT(signature_headers);

const char *
signature_refusal(enum signature s)
{
	static const char *const whys[] = {
	    [SIGNATURE_ABSENT] = "no header with a signature was captured",
	    [SIGNATURE_UNCHECKED] = "its signature cannot be checked",
	    [SIGNATURE_INVALID] = "its signature is not that of these bytes and this secret",
	    [SIGNATURE_VALID] = "its signature is valid", /* it was refused for something else */
	};

	return whys[s];
}

static bool
is_signed(const struct claim *c, struct str secret, struct str body)
{
	const struct str dot = c->prefix.len > 0 ? STR_LIT(".") : STR_LIT("");
	const struct str pieces[] = {c->prefix, dot, body, STR_NULL};
	struct sha256 computed = hmac_sha256(secret, pieces);

	return hmac_is_equal(&computed, &c->digest);
}

static struct str
without_line_feeds(struct str body)
{
	while (body.len > 0 && (body.ptr[body.len - 1] == '\n' || body.ptr[body.len - 1] == '\r'))
		body.len--;
	return body;
}

enum signature
signature_check(size_t header, struct str value, struct str secret, struct str body)
{
	const struct str unmarked = space_skip_mark(body);
	const struct str forms[] = {
	    body, unmarked, without_line_feeds(body), without_line_feeds(unmarked)};
	struct claim claim = {.prefix = STR_LIT("")};

	if (secret.len == 0)
		return SIGNATURE_UNCHECKED;
	if (!parsers[header](value, &claim))
		return SIGNATURE_INVALID;
	for (size_t i = 0; i < COUNT(forms); i++)
		if ((i == 0 || forms[i].len != body.len) && is_signed(&claim, secret, forms[i]))
			return SIGNATURE_VALID;
	return SIGNATURE_INVALID;
}

/* Takes `name=` off the front. */
static bool
take_name(struct str *s, const char *name)
{
	size_t len = strlen(name);

	if (!str_begins(*s, name))
		return false;
	s->ptr += len;
	s->len -= len;
	return true;
}

static bool
parse_hex(struct str text, struct sha256 *out)
{
	return text.len == SHA256_HEX_BYTES - 1 && sha256_parse(text, out);
}

/* sha256=<hex> */
static bool
parse_hub(struct str value, struct claim *out)
{
	value = space_trim(value);
	return take_name(&value, "sha256=") && parse_hex(value, &out->digest);
}

/* t=<seconds>,s=<hex>: the digest is of `<seconds>.<body>` */
static bool
parse_ycloud(struct str value, struct claim *out)
{
	bool has_digest = false;

	while (value.len > 0) {
		const char *comma = memchr(value.ptr, ',', value.len);
		size_t len = comma == NULL ? value.len : (size_t)(comma - value.ptr);
		struct str word = space_trim((struct str){value.ptr, len});

		if (take_name(&word, "t="))
			out->prefix = word;
		else if (take_name(&word, "s="))
			has_digest = parse_hex(word, &out->digest);
		len += comma != NULL;
		value = (struct str){value.ptr + len, value.len - len};
	}
	return has_digest && out->prefix.len > 0;
}
