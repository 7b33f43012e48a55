/*
 * Unit tests of decode: payloads of very many items, which may take neither many rows nor much
 * memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "decode_fixture.h"

/* A value with a list of `count` items, each with its number in the place of the %. */
static struct str
flood_of(struct arena *a, const char *before, const char *item, size_t count)
{
	struct buf b;
	struct str flood;

	buf_init(&b, 32 << 20);
	buf_printf(&b, "{" METADATA ",%s[", before);
	for (size_t i = 0; i < count; i++) {
		char text[100];
		const char *place = strchr(item, '%');

		snprintf(text, sizeof(text), "%.*s%zu%s", (int)(place - item), item, i, place + 1);
		buf_printf(&b, "%s%s", i == 0 ? "" : ",", text);
	}
	buf_put_text(&b, "]}");
	flood = arena_copy(a, buf_str(&b));
	buf_free(&b);
	return flood;
}

/* Of very many rejected items the first have a row, and one row says how many more there are. */
static void
test_reject_flood(void **state)
{
	static const struct {
		size_t items;
		size_t rows;
		uint64_t more;
	} cases[] = {{1000, 1000, 0}, {1001, 1001, 1}, {5000, 1001, 4000}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct reject_row *last;
		const struct counts *c;
		struct fixture f;

		open_fixture(&f);
		decode(&f,
		    payload_of(
			&f, flood_of(f.batch.arena, "\"messages\":", "{\"to\":%}", cases[i].items)),
		    &plain);
		c = &((struct part *)f.batch.parts.items[0])->counts;
		assert_int_equal(c->rejects, cases[i].items);
		assert_int_equal(c->outcomes[OUTCOME_REJECTED], cases[i].items);
		assert_int_equal(f.batch.rows.of[REL_REJECT].count, cases[i].rows);
		last = f.batch.rows.of[REL_REJECT].items[cases[i].rows - 1];
		assert_string_equal(last->code, cases[i].more > 0 ? "more_rejects" : "id_missing");
		assert_int_equal(last->items, cases[i].more > 0 ? cases[i].more : 1);
		/* as no place begins */
		assert_int_equal(last->pointer.ptr[0] == '#', cases[i].more > 0);
		close_fixture(&f);
	}
}

/* More rows than any payload has: it is refused, and the batch is what it was. */
static void
test_row_flood(void **state)
{
	static const struct {
		const char *before;
		const char *item;
		size_t count;
		size_t rows; /* 0: refused */
	} cases[] = {
	    {"\"messages\":", "{\"id\":\"%\"}", DECODE_MOST_ROWS, DECODE_MOST_ROWS},
	    {"\"messages\":", "{\"id\":\"%\"}", DECODE_MOST_ROWS + 1, 0},
	    {"\"statuses\":", "{\"id\":\"%\",\"status\":\"x\"}", DECODE_MOST_ROWS + 1, 0},
	    {"\"state_sync\":", "{\"action\":\"add\",\"contact\":{\"user_id\":\"%\"}}",
		DECODE_MOST_ROWS + 1, 0},
	    {"\"history\":", "{\"errors\":[%]}", DECODE_MOST_ROWS + 1, 0},
	    {"\"messages\":[],\"contacts\":", "{\"user_id\":\"%\",\"profile\":{\"name\":\"x\"}}",
		DECODE_MOST_ROWS + 1, 0},
	    /* more than that, but each in 80 bytes */
	    {"\"messages\":",
		"{\"id\":\"%\",\"x\":\"----------------------------------------------------------"
		"\"}",
		DECODE_MOST_ROWS + 1, DECODE_MOST_ROWS + 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture f;
		size_t rows, rejects;

		open_fixture(&f);
		decode(&f, payload_of(&f, STR_LIT("{" METADATA ",\"messages\":[{\"id\":\"1\"}]}")),
		    &plain);
		decode(&f,
		    payload_of(&f,
			flood_of(f.batch.arena, cases[i].before, cases[i].item, cases[i].count)),
		    &plain);
		rejects = f.batch.rows.of[REL_REJECT].count;
		/* two ledger rows, and the message of the payload before */
		rows = f.batch.row_count - 3 - rejects;
		if (rows != cases[i].rows || rejects != (cases[i].rows == 0))
			fail_msg("case %zu: %zu rejects, %zu rows", i, rejects, rows);
		if (rejects > 0)
			assert_string_equal(
			    ((struct reject_row *)f.batch.rows.of[REL_REJECT].items[0])->code,
			    "too_many_rows");
		assert_int_equal(f.batch.parts.count, 2);
		assert_int_equal(f.batch.payloads.count, 2);
		close_fixture(&f);
	}
}

/* An account update is small; the tree of a large one would take all memory. */
static void
test_update_flood(void **state)
{
	static const struct {
		size_t items;
		const char *row;
	} cases[] = {{10000, "\n0 account_event "},
	    {20000, " unknown_shape detail=[an account update of more than 64 KiB]"}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture f;
		struct str update;

		open_fixture(&f);
		update = flood_of(f.batch.arena,
		    "\"field\":\"account_update\",\"event\":\"PARTNER_REMOVED\",\"x\":", "%",
		    cases[i].items);
		assert_non_null(strstr(dump(&f, update, &plain), cases[i].row));
		close_fixture(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reject_flood),
	    cmocka_unit_test(test_row_flood),
	    cmocka_unit_test(test_update_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
