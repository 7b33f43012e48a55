/*
 * Unit tests of HMAC-SHA256 and base64. Digests were computed by the openssl command line, and
 * the first is test case 2 of RFC 4231.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hmac.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static const struct {
	struct str key;
	struct str message;
	const char *hex;
} digests[] = {
    {S("Jefe"), S("what do ya want for nothing?"),
	"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {S("made-up secret"), S("{\"entry\":[{\"id\":\"1\"}]}"),
	"8430f0641b4a67575aa91b309ab10b345c2ddc2424d60d378cb14c497819983c"},
    {S("k"), S("a\0b"), "982872ff8422d2d84de2d26d7900850ff9f3b3275079b02813b572f9ff0ef0b2"},
};

static void
assert_digest(struct sha256 got, const char *hex)
{
	char text[SHA256_HEX_BYTES];

	assert_string_equal(sha256_hex(&got, text), hex);
}

static void
test_digests(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(digests); i++) {
		const struct str message = digests[i].message;
		const struct str whole[] = {message, STR_NULL};
		const struct str pieces[] = {
		    {message.ptr, 1}, STR_LIT(""), {message.ptr + 1, message.len - 1}, STR_NULL};

		assert_digest(hmac_sha256(digests[i].key, whole), digests[i].hex);
		assert_digest(hmac_sha256(digests[i].key, pieces), digests[i].hex);
	}
}

/* A key longer than a block of SHA-256 is hashed first. */
static void
test_long_key(void **state)
{
	char key[100], message[1000];
	const struct str pieces[] = {{message, sizeof(message)}, STR_NULL};

	(void)state;
	memset(key, 'y', sizeof(key));
	memset(message, 'x', sizeof(message));
	assert_digest(hmac_sha256((struct str){key, sizeof(key)}, pieces),
	    "ae831e706ce96f93426e13420cf2a51aaf6bd5230b7b960e502ddeba2c4f2e91");
}

static void
test_equal(void **state)
{
	struct sha256 a = sha256_of("a", 1), b = a;

	(void)state;
	assert_true(hmac_is_equal(&a, &b));
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		b = a;
		b.bytes[i] ^= 0x80;
		assert_false(hmac_is_equal(&a, &b));
	}
}

static const struct {
	struct str text;
	struct str bytes; /* ptr NULL: it is no base64 */
} encoded[] = {
    {S(""), S("")},
    {S("Zg=="), S("f")},
    {S("Zm8="), S("fo")},
    {S("Zm9v"), S("foo")},
    {S("Zm9vYg=="), S("foob")},
    {S("Zg"), S("f")},
    {S("Zm8"), S("fo")},
    {S("+//+ew=="), S("\xFB\xFF\xFE{")},
    {S("-__-ew"), S("\xFB\xFF\xFE{")},
    {S("Zm9v\r\nYg=\n=\n"), S("foob")},
    {S("Z"), {NULL, 0}},
    {S("Zm9vY"), {NULL, 0}},
    {S("Zg="), {NULL, 0}},
    {S("Zg==="), {NULL, 0}},
    {S("Zm9v="), {NULL, 0}},
    {S("Zg==Zg=="), {NULL, 0}},
    {S("===="), {NULL, 0}},
    {S("Zm9*"), {NULL, 0}},
    {S("Zm\0v"), {NULL, 0}},
    {{NULL, 0}, {NULL, 0}},
};

static void
test_base64(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(encoded); i++) {
		struct str got = base64_decode(a, encoded[i].text);

		if (!str_equal(got, encoded[i].bytes) ||
		    (got.ptr == NULL) != (encoded[i].bytes.ptr == NULL))
			fail_msg("`%.*s` gives `%.*s`", STR_ARG(encoded[i].text), STR_ARG(got));
		assert_true(got.ptr == NULL || got.ptr[got.len] == '\0');
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_digests),
	    cmocka_unit_test(test_long_key),
	    cmocka_unit_test(test_equal),
	    cmocka_unit_test(test_base64),
	};

	return cmocka_run_group_tests_name("base_hmac", tests, NULL, NULL);
}
