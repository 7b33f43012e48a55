/*
 * base: restored frames, which of them are kept, what is cut out of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <string.h>

#include "base/frames.h"
#include "base/pack.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

struct fixture {
	struct arena *arena;
	struct pack *pack;
	struct frames *frames;
};

static struct fixture
open_fixture(void)
{
	return (struct fixture){arena_new(), pack_new(), frames_new()};
}

static void
close_fixture(struct fixture *f)
{
	frames_free(f->frames);
	pack_free(f->pack);
	arena_free(f->arena);
}

static struct str
text_of(struct fixture *f, unsigned number)
{
	return arena_printf(f->arena, "frame %u", number);
}

static struct sha256
hash_of(struct fixture *f, unsigned number)
{
	struct str text = text_of(f, number);

	return sha256_of(text.ptr, text.len);
}

static void
add(struct fixture *f, unsigned number)
{
	struct str text = text_of(f, number);
	struct sha256 hash = hash_of(f, number);

	assert_int_equal(
	    str_compare(
		frames_add(f->frames, &hash, pack_bytes(f->pack, f->arena, text), text.len), text),
	    0);
}

static bool
is_kept(struct fixture *f, unsigned number)
{
	struct sha256 hash = hash_of(f, number);

	return str_equal(frames_find(f->frames, &hash), text_of(f, number));
}

static void
keeps_what_was_asked_for_last(void **state)
{
	struct fixture f = open_fixture();

	(void)state;
	for (unsigned i = 0; i < FRAMES_KEPT; i++)
		add(&f, i);
	assert_true(is_kept(&f, 0)); /* so 1 is the one that nobody asks for */
	add(&f, FRAMES_KEPT);
	assert_false(is_kept(&f, 1));
	assert_true(is_kept(&f, 0));
	assert_true(is_kept(&f, 2));
	assert_true(is_kept(&f, FRAMES_KEPT));
	add(&f, 1);
	assert_false(is_kept(&f, 3));
	assert_true(is_kept(&f, 2));
	close_fixture(&f);
}

static void
keeps_nothing_that_is_damaged(void **state)
{
	struct fixture f = open_fixture();
	struct str text = text_of(&f, 7), packed = pack_bytes(f.pack, f.arena, text);
	const struct {
		struct str packed;
		size_t size;
	} damaged[] = {
	    {{packed.ptr, packed.len - 1}, text.len},
	    {packed, text.len - 1},
	    {packed, text.len + 1},
	    {packed, SIZE_MAX},
	    {STR_LIT("no frame"), text.len},
	    {STR_LIT(""), text.len},
	    {STR_NULL, text.len},
	};
	struct sha256 hash = hash_of(&f, 7);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damaged); i++) {
		assert_null(frames_add(f.frames, &hash, damaged[i].packed, damaged[i].size).ptr);
		assert_null(frames_find(f.frames, &hash).ptr);
	}
	add(&f, 7);
	assert_true(is_kept(&f, 7));
	close_fixture(&f);
}

static void
cuts_within_the_frame(void **state)
{
	static const struct {
		uint64_t offset;
		uint64_t size;
		const char *want; /* NULL: it does not lie in it */
	} cases[] = {
	    {0, 6, "abcdef"},
	    {0, 2, "ab"},
	    {4, 2, "ef"},
	    {6, 0, ""},
	    {0, 7, NULL},
	    {5, 2, NULL},
	    {7, 0, NULL},
	    {UINT64_MAX, 2, NULL},
	    {1, UINT64_MAX, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str got = frames_cut(STR_LIT("abcdef"), cases[i].offset, cases[i].size);

		assert_int_equal(got.ptr == NULL, cases[i].want == NULL);
		assert_true(cases[i].want == NULL || str_equal(got, str_of(cases[i].want)));
	}
	assert_null(frames_cut(STR_NULL, 0, 0).ptr);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_what_was_asked_for_last),
	    cmocka_unit_test(keeps_nothing_that_is_damaged),
	    cmocka_unit_test(cuts_within_the_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
