/*
 * HTML: see html.h.
 */
#include "base/html.h"
#include "base/json_text.h"
#include "base/letter.h"
#include "base/sha256.h"

/* 32 bytes in base64, with its NUL */
#define DIGEST_BASE64_BYTES 45

static const char *reference_of(unsigned char c);
static bool is_control(const unsigned char *at, size_t length);
static void encode_digest(const struct sha256 *h, char out[DIGEST_BASE64_BYTES]);

void
html_put_text(struct buf *out, struct str s)
{
	const unsigned char *at = (const unsigned char *)s.ptr, *end = at + s.len;

	while (at < end) {
		const char *reference = reference_of(*at);
		size_t length = json_utf8_length(at, end);

		if (reference != NULL)
			buf_put_text(out, reference);
		else if (length == 0 || is_control(at, length))
			buf_put_text(out, LETTER_REPLACEMENT);
		else
			buf_put(out, at, length);
		at += length == 0 ? 1 : length;
	}
}

void
html_put_head(struct buf *out, struct str title, const char *style)
{
	struct sha256 h = sha256_of(style, strlen(style));
	char digest[DIGEST_BASE64_BYTES];

	encode_digest(&h, digest);
	buf_put_text(
	    out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	buf_printf(out,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
	    digest);
	buf_put_text(out,
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	html_put_text(out, title);
	buf_printf(out, "</title>\n<style>%s</style>\n</head>\n", style);
}

static const char *
reference_of(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Controls but tab and line ends. Those behind U+007F are two bytes: C2 80-9F. */
static bool
is_control(const unsigned char *at, size_t length)
{
	if (length == 2)
		return at[0] == 0xc2 && at[1] < 0xa0;
	return (*at < 0x20 && *at != '\t' && *at != '\n' && *at != '\r') || *at == 0x7f;
}

static void
encode_digest(const struct sha256 *h, char out[DIGEST_BASE64_BYTES])
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = 0;

	for (size_t i = 0; i < SHA256_BYTES; i += 3) {
		/* 32 = 10 * 3 + 2: the last group lacks one byte */
		unsigned last = i + 2 < SHA256_BYTES ? h->bytes[i + 2] : 0;
		unsigned group =
		    (unsigned)h->bytes[i] << 16 | (unsigned)h->bytes[i + 1] << 8 | last;

		for (int shift = 18; shift >= 0; shift -= 6)
			out[n++] = letters[group >> shift & 63];
	}
	out[n - 1] = '=';
	out[n] = '\0';
}
