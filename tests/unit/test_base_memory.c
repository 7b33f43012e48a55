/*
 * The ground everything stands on: arena, buffer, list, str, err, SHA-256.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/sha256.h"

#include "arena_fixture.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define MIB ((size_t)1 << 20)

/* ---- arena ---------------------------------------------------------------------------------- */

/* Every piece is aligned and keeps its bytes while others come, over many blocks. */
static void
test_arena_pieces(void **state)
{
	unsigned char *pieces[2000];

	for (size_t i = 0; i < COUNT(pieces); i++) {
		pieces[i] = arena_alloc(*state, i);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		memset(pieces[i], (int)(i & 0xFF), i);
	}
	for (size_t i = 0; i < COUNT(pieces); i++)
		for (size_t k = 0; k < i; k++)
			assert_int_equal(pieces[i][k], i & 0xFF);
	assert_true(arena_size(*state) >= COUNT(pieces) * (COUNT(pieces) - 1) / 2);
}

static void
fill(struct arena *a, size_t pieces, size_t size)
{
	for (size_t i = 0; i < pieces; i++)
		memset(arena_alloc(a, size), 0xA5, size);
}

/* Ordinary blocks are used again; the arena does not grow with the number of batches. */
static void
test_arena_reset(void **state)
{
	struct arena *a = *state;
	size_t held;

	fill(a, 5000, 1000);
	held = arena_size(a);
	assert_true(held >= 5000 * 1000);
	for (int batch = 0; batch < 10; batch++) {
		arena_reset(a);
		assert_int_equal(arena_size(a), held);
		fill(a, 5000, 1000);
		assert_int_equal(arena_size(a), held);
	}
	arena_reset(a);
	arena_reset(a);
	assert_int_equal(arena_size(a), held);
}

/* Larger than a block: it is given, it goes back, and what stood around it is unharmed. */
static void
test_arena_outsized(void **state)
{
	static const size_t sizes[] = {MIB - 1, MIB, MIB + 1, 5 * MIB};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct str before = arena_copy(a, STR_LIT("before")), after;
		char *big = arena_alloc(a, sizes[i]);

		assert_true(arena_size(a) >= sizes[i]);
		memset(big, 'x', sizes[i]);
		after = arena_copy(a, STR_LIT("after"));
		assert_true(str_is(before, "before"));
		assert_true(str_is(after, "after"));
		assert_int_equal(big[sizes[i] - 1], 'x');
		arena_reset(a);
		assert_true(arena_size(a) <= 3 * MIB);
	}
}

/* A batch of small pieces, then one of large ones: the arena holds the most of one, not both. */
static void
test_arena_mixture(void **state)
{
	struct arena *a = *state, *other = arena_new();

	for (int round = 0; round < 3; round++) {
		fill(a, 8 * 1024, 1024);
		arena_reset(a);
		fill(a, 8, MIB + 1);
		assert_true(arena_size(a) <= 9 * MIB);
		arena_reset(a);
		for (int i = 0; i < 8; i++) {
			struct str piece = {arena_alloc(other, MIB + 1), MIB};

			assert_ptr_equal(arena_take(a, other, piece).ptr, piece.ptr);
		}
		assert_true(arena_size(a) <= 9 * MIB);
		arena_reset(a);
	}
	arena_free(other);
}

/* Small or large, first in its block or not: it is in the other arena, and the first may go. */
static void
test_arena_take(void **state)
{
	static const size_t sizes[] = {1, MIB / 2, MIB, MIB + 1, 5 * MIB};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct arena *from = arena_new();
		char *text = arena_alloc(from, sizes[i] + 1);
		struct str taken;
		size_t used = arena_used(a);

		memset(text, 'x', sizes[i]);
		text[sizes[i]] = '\0';
		fill(from, 3, MIB / 2);
		taken = arena_take(a, from, (struct str){text, sizes[i]});
		arena_free(from);
		assert_int_equal(taken.len, sizes[i]);
		assert_int_equal(strspn(taken.ptr, "x"), sizes[i]);
		assert_true(arena_used(a) >= used + sizes[i]);
	}
	arena_reset(a);
	assert_true(arena_size(a) <= 4 * MIB); /* the giant went back */
	assert_int_equal(arena_used(a), 0);
}

/* Large pieces travel from one arena to another, round for round: what is spare travels back. */
static void
test_arena_exchange(void **state)
{
	struct arena *a = *state, *from = arena_new();
	size_t given;

	for (int round = 0; round < 10; round++) {
		given = 0;
		for (size_t i = 0; i < 8; i++) {
			size_t size = MIB / 2 + (i + (size_t)round) % 8 * MIB / 20;
			struct str piece = {arena_alloc(from, size), size - 1};

			memset(arena_alloc(from, size), 'x', size); /* one stays behind */
			assert_ptr_equal(arena_take(a, from, piece).ptr, piece.ptr);
			arena_reset(from);
			given += size;
		}
		assert_true(arena_size(a) >= given);
		assert_true(arena_size(a) + arena_size(from) <= given + 5 * MIB);
		arena_reset(a);
	}
	arena_free(from);
}

/* Large pieces are moved, one of the size of an ordinary block as well. */
static void
test_arena_moves(void **state)
{
	static const size_t sizes[] = {MIB / 2, MIB - 100, MIB, MIB + 1, 5 * MIB};
	struct arena *a = *state, *from = arena_new();

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct str piece = {arena_alloc(from, sizes[i]), sizes[i] - 1};

		assert_ptr_equal(arena_take(a, from, piece).ptr, piece.ptr);
	}
	arena_free(from);
}

/* A piece of about the size of one that was given back takes no new memory. */
static void
test_arena_large_again(void **state)
{
	struct arena *a = *state;
	char *first = arena_alloc(a, MIB / 2);
	size_t held = arena_size(a);

	arena_alloc(a, MIB / 2 + MIB / 8);
	arena_reset(a);
	assert_ptr_equal(arena_alloc(a, MIB / 2 - 100), first);
	assert_true(arena_size(a) > held);
	held = arena_size(a);
	arena_alloc(a, MIB / 2);
	assert_int_equal(arena_size(a), held);
}

static void
test_arena_texts(void **state)
{
	struct arena *a = *state;
	struct str text = arena_copy(a, (struct str){"a\0b", 3});
	const unsigned char *zeros;

	assert_int_equal(text.len, 3);
	assert_memory_equal(text.ptr, "a\0b", 4);
	assert_null(arena_copy(a, STR_NULL).ptr);
	text = arena_copy(a, STR_LIT(""));
	assert_non_null(text.ptr);
	assert_int_equal(text.len, 0);
	assert_int_equal(text.ptr[0], '\0');
	text = arena_printf(a, "%d-%.*s", 42, STR_ARG(STR_LIT("x")));
	assert_true(str_is(text, "42-x"));
	assert_int_equal(text.ptr[text.len], '\0');

	fill(a, 100, 1000);
	arena_reset(a);
	zeros = arena_zero(a, 100, 1000); /* memory that was used before */
	for (size_t i = 0; i < 100 * 1000; i++)
		assert_int_equal(zeros[i], 0);
	arena_free(NULL);
}

/* Of each length, over many blocks: what does not fit into the rest of one stands in the next. */
static void
test_arena_printed(void **state)
{
	struct str texts[4000];

	for (size_t i = 0; i < COUNT(texts); i++)
		texts[i] = arena_printf(*state, "%0*d", (int)i + 1, 7);
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(texts[i].len, i + 1);
		assert_int_equal(strspn(texts[i].ptr, "0"), i);
		assert_string_equal(texts[i].ptr + i, "7");
	}
	assert_true(arena_size(*state) > 4 * MIB);
}

/* ---- buffer --------------------------------------------------------------------------------- */

static void
test_buf_content(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	assert_true(str_is(buf_str(&b), ""));
	assert_non_null(buf_str(&b).ptr);
	buf_put_text(&b, "one");
	buf_put_char(&b, ' ');
	buf_put_str(&b, STR_LIT("two"));
	buf_put_str(&b, STR_NULL);
	buf_put(&b, "\0", 1);
	buf_printf(&b, "%03d%s", 7, "");
	memcpy(buf_reserve(&b, 3), "end", 3);
	b.len += 3;
	assert_true(str_equal(buf_str(&b), (struct str){"one two\0"
							"007end",
					       14}));
	assert_int_equal(buf_str(&b).ptr[14], '\0');
	assert_true(buf_is_ok(&b));
	buf_reset(&b);
	assert_true(str_is(buf_str(&b), ""));
	buf_free(&b);
	assert_true(str_is(buf_str(&b), ""));
	buf_free(&b);
}

/* Up to the maximum and not a byte more, by whatever way it is written. */
static void
test_buf_maximum(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_put_text(&b, "0123456789");
	assert_true(buf_is_ok(&b));
	assert_int_equal(buf_str(&b).len, 10);
	buf_put(&b, "", 0);
	assert_true(buf_is_ok(&b));
	buf_put_char(&b, 'x');
	assert_false(buf_is_ok(&b));
	assert_true(str_is(buf_str(&b), "0123456789"));

	buf_reset(&b);
	buf_printf(&b, "%s", "0123456789");
	assert_true(buf_is_ok(&b));
	buf_reset(&b);
	buf_printf(&b, "%s", "0123456789x");
	assert_false(buf_is_ok(&b));
	buf_reset(&b);
	assert_null(buf_reserve(&b, 11));
	assert_false(buf_is_ok(&b));
	buf_reset(&b);
	assert_null(buf_reserve(&b, SIZE_MAX));
	buf_free(&b);
}

/* After a failure nothing is added, however small, until a reset. */
static void
test_buf_sticky(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_put_text(&b, "ab");
	buf_put_text(&b, "too long");
	buf_put_char(&b, 'c');
	buf_printf(&b, "d");
	assert_null(buf_reserve(&b, 0));
	assert_false(buf_is_ok(&b));
	assert_true(str_is(buf_str(&b), "ab"));
	buf_reset(&b);
	assert_true(buf_is_ok(&b));
	buf_put_text(&b, "cdef");
	assert_true(str_is(buf_str(&b), "cdef"));
	buf_free(&b);
}

static void
test_buf_growth(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, MIB);
	for (size_t i = 0; i < MIB; i++)
		buf_put_char(&b, (char)('a' + i % 26));
	assert_true(buf_is_ok(&b));
	assert_int_equal(buf_str(&b).len, MIB);
	for (size_t i = 0; i < MIB; i++)
		if (b.ptr[i] != (char)('a' + i % 26))
			fail_msg("byte %zu", i);
	buf_free(&b);
}

/* ---- list, str ------------------------------------------------------------------------------ */

static void
test_list(void **state)
{
	static int items[1000];
	struct list l = {0};

	for (size_t i = 0; i < COUNT(items); i++) {
		list_add(*state, &l, &items[i]);
		assert_int_equal(l.count, i + 1);
		assert_true(l.cap >= l.count);
	}
	for (size_t i = 0; i < COUNT(items); i++)
		assert_ptr_equal(l.items[i], &items[i]);
}

/* Each is less than all behind it. */
static void
test_str_order(void **state)
{
	static const struct str ordered[] = {
	    {NULL, 0}, {"", 0}, {"\0", 1}, {"a", 1}, {"a\0", 2}, {"aa", 2}, {"b", 1}, {"\xC3", 1}};

	(void)state;
	for (size_t i = 0; i < COUNT(ordered); i++)
		for (size_t k = 0; k < COUNT(ordered); k++) {
			int order = str_compare(ordered[i], ordered[k]);

			if ((order > 0) - (order < 0) != (i > k) - (i < k))
				fail_msg("%zu and %zu: %d", i, k, order);
			/* not said and empty are equal texts, though not in order */
			assert_int_equal(
			    str_equal(ordered[i], ordered[k]), i == k || (i < 2 && k < 2));
		}
	assert_true(str_is_empty(STR_NULL));
	assert_true(str_is_empty(STR_LIT("")));
	assert_false(str_is_empty(STR_LIT("\0")));
	assert_null(str_of(NULL).ptr);
}

/* ---- err ------------------------------------------------------------------------------------ */

static void
test_err(void **state)
{
	struct err e = {.sqlstate = "40001"};

	(void)state;
	assert_int_equal(err_set(&e, ERR_INPUT, "%s: line %d", "a.json", 3), -1);
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.text, "a.json: line 3");
	assert_string_equal(e.sqlstate, "");
	assert_string_equal(e.hint, "");

	assert_int_equal(err_hint(&e, "look at line %d", 3), -1);
	assert_int_equal(err_wrap(&e, "folder %s", "b"), -1);
	assert_string_equal(e.text, "folder b: a.json: line 3");
	assert_string_equal(e.hint, "look at line 3");
	assert_int_equal(e.code, ERR_INPUT);

	/* a later error has nothing of the one before */
	errno = ENOENT;
	assert_int_equal(err_sys(&e, ERR_NO_INPUT, "cannot open %s", "c"), -1);
	assert_int_equal(e.code, ERR_NO_INPUT);
	assert_string_equal(e.text, "cannot open c: No such file or directory");
	assert_string_equal(e.hint, "");
}

/* Long texts are cut in the middle, within bounds, with a NUL: what and why stay. */
static void
test_err_long(void **state)
{
	struct err e = {0};
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	err_set(&e, ERR_BUG, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	err_hint(&e, "%s", big);
	assert_int_equal(strlen(e.hint), sizeof(e.hint) - 1);
	err_wrap(&e, "front");
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_memory_equal(e.text, "front: xxx", 10);
	err_wrap(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	errno = EIO;
	err_sys(&e, ERR_IO, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_memory_equal(e.text, "xxx", 3);
	assert_string_equal(e.text + strlen(e.text) - 23, "xxx: Input/output error");
	err_hint(&e, "its log is %s/server.log", big);
	assert_memory_equal(e.hint, "its log is xxx", 14);
	assert_string_equal(e.hint + strlen(e.hint) - 14, "xxx/server.log");
}

/* ---- SHA-256 -------------------------------------------------------------------------------- */

/* FIPS 180-4 examples and the empty message of the NIST test vectors. */
static const struct {
	const char *message;
	const char *hex;
} digests[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
     "lmnopqrsmnopqrstnopqrstu",
	"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
};

static void
test_sha256_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(digests); i++) {
		const char *message = digests[i].message;
		size_t len = strlen(message);
		struct sha256 whole = sha256_of(message, len);
		char hex[SHA256_HEX_BYTES];

		assert_ptr_equal(sha256_hex(&whole, hex), hex);
		assert_string_equal(hex, digests[i].hex);
		for (size_t cut = 0; cut <= len; cut++) {
			struct sha256_stream *s = sha256_begin();
			struct sha256 pieces;

			sha256_add(s, message, cut);
			sha256_add(s, message + cut, len - cut);
			pieces = sha256_end(s);
			assert_memory_equal(pieces.bytes, whole.bytes, SHA256_BYTES);
		}
	}
}

static void
test_sha256_million(void **state)
{
	struct sha256_stream *s = sha256_begin();
	struct sha256 h;
	char a[1000], hex[SHA256_HEX_BYTES];

	(void)state;
	memset(a, 'a', sizeof(a));
	for (int i = 0; i < 1000; i++)
		sha256_add(s, a, sizeof(a));
	h = sha256_end(s);
	assert_string_equal(sha256_hex(&h, hex),
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	sha256_cancel(sha256_begin());
	sha256_cancel(NULL);
}

/* Of the empty message, as Meta's webhooks (base64) and its Graph API (hex) would write it. */
static const struct {
	const char *text;
	bool is_digest;
} digest_texts[] = {
    {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", true},
    {"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", true},
    {"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", true},
    {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85", false},
    {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555", false},
    {"g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false},
    {" 3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false},
    {"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", true},
    {"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF=", false},
    {"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==", false},
    {"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA", false},
    {"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", false},
    {" 7DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", false},
    {"", false},
    {NULL, false},
};

static void
test_sha256_parse(void **state)
{
	struct sha256 expected = sha256_of("", 0);

	(void)state;
	for (size_t i = 0; i < COUNT(digest_texts); i++) {
		struct sha256 h = {{0}};
		bool is_digest = sha256_parse(str_of(digest_texts[i].text), &h);

		if (is_digest != digest_texts[i].is_digest)
			fail_msg("%s: %d", digest_texts[i].text, is_digest);
		if (is_digest)
			assert_memory_equal(h.bytes, expected.bytes, SHA256_BYTES);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_arena_pieces, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_reset, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_outsized, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_mixture, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_take, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_exchange, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_moves, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_large_again, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_texts, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_arena_printed, make_arena, free_arena),
	    cmocka_unit_test(test_buf_content),
	    cmocka_unit_test(test_buf_maximum),
	    cmocka_unit_test(test_buf_sticky),
	    cmocka_unit_test(test_buf_growth),
	    cmocka_unit_test_setup_teardown(test_list, make_arena, free_arena),
	    cmocka_unit_test(test_str_order),
	    cmocka_unit_test(test_err),
	    cmocka_unit_test(test_err_long),
	    cmocka_unit_test(test_sha256_vectors),
	    cmocka_unit_test(test_sha256_million),
	    cmocka_unit_test(test_sha256_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
