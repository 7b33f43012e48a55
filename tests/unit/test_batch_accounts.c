/*
 * Accounts of a run: found by name, joined with what is said of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "batch/accounts.h"

static void
accounts_join_what_is_said(void **state)
{
	struct accounts *t = accounts_new();
	struct arena *a = arena_new();
	struct account *one, *again;
	struct list changed;

	(void)state;
	accounts_find(t, &(struct account){.name = STR_LIT("b")});
	one = accounts_find(
	    t, &(struct account){.name = STR_LIT("a"), .business_phone = STR_LIT("15550000001")});
	changed = accounts_take_changed(t, a);
	assert_int_equal(changed.count, 2);
	assert_ptr_equal(changed.items[0], one); /* names ascending */
	assert_int_equal(accounts_take_changed(t, a).count, 0);

	again = accounts_find(
	    t, &(struct account){.name = STR_LIT("a"), .business_phone = STR_LIT("15550000000")});
	assert_ptr_equal(again, one);
	assert_true(str_is(one->business_phone, "15550000001")); /* the greater stays */
	assert_int_equal(accounts_take_changed(t, a).count, 0);
	accounts_find(t, &(struct account){.name = STR_LIT("a"), .waba_id = STR_LIT("2")});
	assert_true(str_is(one->waba_id, "2"));
	assert_int_equal(accounts_take_changed(t, a).count, 1);
	accounts_find(t, &(struct account){.name = STR_LIT("a"), .waba_id = STR_LIT("2")});
	assert_int_equal(accounts_take_changed(t, a).count, 0); /* nothing new */
	assert_int_equal(one->id, -1); /* until store has given it one */
	/* whichever was found last */
	again = accounts_find(t, &(struct account){.name = STR_LIT("b")});
	assert_ptr_not_equal(again, one);
	assert_ptr_equal(accounts_find(t, &(struct account){.name = STR_LIT("a")}), one);
	assert_ptr_equal(accounts_find(t, &(struct account){.name = STR_LIT("b")}), again);
	assert_int_equal(accounts_all(t)->count, 2);
	assert_ptr_equal(accounts_all(t)->items[0], again);
	arena_free(a);
	accounts_free(t);
}

/* The texts are its own. */
static void
accounts_outlive_their_payloads(void **state)
{
	char name[] = "a", text[] = "1";
	const struct str said = {text, 1};
	struct accounts *t = accounts_new();
	struct account *account = accounts_find(t, &(struct account){.name = {name, 1},
						       .phone_number_id = said,
						       .business_phone = said,
						       .waba_id = said});

	(void)state;
	name[0] = text[0] = 'x';
	assert_true(str_is(account->name, "a"));
	assert_true(str_is(account->phone_number_id, "1"));
	assert_true(str_is(account->business_phone, "1"));
	assert_true(str_is(account->waba_id, "1"));
	accounts_free(t);
}

/* Who takes webhooks for thousands of customers has them in any order. */
static void
accounts_are_many(void **state)
{
	enum { COUNT = 3000 };
	struct accounts *t = accounts_new();
	struct arena *a = arena_new();
	struct account *first[COUNT];

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		struct account named = {.name = arena_printf(a, "%d", i)};

		first[i] = accounts_find(t, &named);
		first[i]->id = i;
	}
	for (int i = 0; i < COUNT; i++) {
		int other = (int)(i * 7919L % COUNT);
		struct account named = {.name = arena_printf(a, "%d", other)};

		assert_ptr_equal(accounts_find(t, &named), first[other]);
	}
	assert_int_equal(accounts_all(t)->count, COUNT);
	assert_int_equal(
	    ((struct account *)accounts_all(t)->items[2999])->id, 2999); /* as they came */
	arena_free(a);
	accounts_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(accounts_join_what_is_said),
	    cmocka_unit_test(accounts_outlive_their_payloads),
	    cmocka_unit_test(accounts_are_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
