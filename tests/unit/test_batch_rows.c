/*
 * batch: when one is full, which of its rows are equal, and which are worth a question.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "batch/batch.h"
#include "batch_sample.h"

/* Every column counts: of a message each pair differs in one; a profile name has its time. */
static void
keeps_messages_that_differ(void **state)
{
	enum { COLUMNS = 13 };
	struct account account = {.id = 1};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();
	struct part *p = add_part(b, &account);
	struct message_row *m[COLUMNS];
	struct profile_name_row names[3] = {0};

	(void)state;
	for (int i = 0; i < COLUMNS; i++) {
		add_message(b, 0, "a", "one");
		m[i] = add_message(b, 0, "a", "one");
	}
	m[0]->sent_at_us = 2;
	m[1]->direction = DIRECTION_OUTBOUND;
	m[2]->status = STATUS_READ;
	m[3]->stream = STREAM_LIVE;
	m[4]->direction_from = STREAM_LIVE;
	m[5]->thread_from = STREAM_LIVE;
	m[6]->time_from = STREAM_LIVE;
	m[7]->thread_id = STR_LIT("t");
	m[8]->type = STR_LIT("text");
	m[9]->body = STR_NULL;
	m[10]->content = STR_LIT("{}");
	m[11]->extra = STR_LIT("{}");
	m[12]->reply_to = STR_LIT("r");
	for (int i = 0; i < 3; i++) {
		names[i].row.key = STR_LIT("n");
		names[i].last_seen_us = i > 0;
		list_add(b->arena, &b->rows.of[REL_PROFILE_NAME], &names[i]);
	}
	close_batch(b, sent);
	assert_int_equal(b->rows.of[REL_MESSAGE].count, 2 * COLUMNS);
	assert_int_equal(b->rows.of[REL_PROFILE_NAME].count, 2);
	assert_int_equal(p->counts.outcomes[OUTCOME_DUPLICATE], 0); /* a name is no message */
	batch_free(b);
	filter_free(sent);
}

/* Of an account that had rows: what its payload brings is new; a message is worth a question. */
static void
asks_about_messages_only(void **state)
{
	static const enum relation relations[] = {
	    REL_MESSAGE, REL_IDENTITY_LINK, REL_CHUNK, REL_PAYLOAD, REL_REJECT};
	struct account account = {.id = 1};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();

	(void)state;
	for (int round = 0; round < 2; round++) {
		struct message_row rows[5] = {0};

		add_part(b, &account);
		for (int i = 0; i < 5; i++) {
			rows[i].row.key = STR_LIT("k");
			list_add(b->arena, &b->rows.of[relations[i]], &rows[i]);
		}
		close_batch(b, sent);
		for (int i = 0; i < 5; i++) {
			assert_int_equal(rows[i].row.may_be_known, i < 2);
			/* what this run has sent is known without */
			assert_int_equal(rows[i].row.is_to_probe, i == 0 && round == 0);
		}
		batch_reset(b);
	}
	batch_free(b);
	filter_free(sent);
}

/* By rows, by what they were made of, by memory. */
static void
is_full_in_time(void **state)
{
	struct batch *b = batch_new();

	(void)state;
	b->row_count = 9;
	b->input_bytes = BATCH_INPUT_BYTES - 1;
	assert_false(batch_is_full(b, 10));
	b->row_count = 10;
	assert_true(batch_is_full(b, 10));
	batch_reset(b);
	b->input_bytes = BATCH_INPUT_BYTES;
	assert_true(batch_is_full(b, 10));
	batch_reset(b);
	assert_false(batch_is_full(b, 10));
	arena_alloc(b->arena, BATCH_MEMORY_BYTES);
	assert_true(batch_is_full(b, 10));
	batch_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_messages_that_differ),
	    cmocka_unit_test(asks_about_messages_only),
	    cmocka_unit_test(is_full_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
