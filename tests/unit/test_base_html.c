/*
 * Escaping for HTML: what a browser must not see as markup, and what must not reach it at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/html.h"

#define R "\xEF\xBF\xBD" /* U+FFFD */

static void
test_text(void **state)
{
	static const struct {
		struct str text;
		const char *html;
	} cases[] = {
	    {{NULL, 0}, ""}, {{"", 0}, ""}, {{"plain", 5}, "plain"},
	    {{"<script>", 8}, "&lt;script&gt;"},
	    {{"a & \"b\" 'c'", 11}, "a &amp; &quot;b&quot; &#39;c&#39;"}, {{"&lt;", 4}, "&amp;lt;"},
	    {{"a\tb\r\nc", 6}, "a\tb\r\nc"}, {{"a\0b", 3}, "a" R "b"},
	    {{"\033[2J\177", 5}, R "[2J" R},
	    {{"\xC2\x80|\xC2\x9F|\xC2\xA0", 8}, R "|" R "|\xC2\xA0"},
	    {{"\xE6\x97\xA5 \xF0\x9F\x99\x82", 8}, "\xE6\x97\xA5 \xF0\x9F\x99\x82"},
	    {{"\xE2\x80\xAE", 3}, "\xE2\x80\xAE"}, /* right-to-left override: the caller's <bdi> */
	    {{"\xFF<", 2}, R "&lt;"}, /* a broken byte hides nothing behind it */
	    {{"\xC3<", 2}, R "&lt;"}, {{"\xC0\xBC", 2}, R R}, /* an overlong < */
	    {{"\xED\xA0\x80", 3}, R R R}, /* a surrogate */
	    {{"\xE6\x97", 2}, R R}, /* cut */
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&out);
		html_put_text(&out, cases[i].text);
		assert_string_equal(buf_str(&out).ptr, cases[i].html);
	}
	buf_free(&out);
}

static void
test_head(void **state)
{
	/* printf 'p{margin:0}' | openssl dgst -sha256 -binary | base64 */
	static const char policy[] = "content=\"default-src 'none'; style-src "
				     "'sha256-QRQPRLGyxt3RJiKpYNjpkgHcmHU2PywsfL2e8oI0LQA='; "
				     "base-uri 'none'; form-action 'none'\">";
	struct buf out;

	(void)state;
	buf_init(&out, 10000);
	html_put_head(&out, STR_LIT("a <b> & c"), "p{margin:0}");
	assert_non_null(strstr(buf_str(&out).ptr, policy));
	assert_non_null(strstr(buf_str(&out).ptr, "<title>a &lt;b&gt; &amp; c</title>\n"));
	assert_non_null(strstr(buf_str(&out).ptr, "<style>p{margin:0}</style>\n</head>\n"));
	assert_memory_equal(buf_str(&out).ptr, "<!DOCTYPE html>\n<html lang=\"en\">", 32);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
