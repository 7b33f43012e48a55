/*
 * What the unit tests of decode share: a batch with its accounts, and payloads into it.
 */
#ifndef TESTS_DECODE_FIXTURE_H
#define TESTS_DECODE_FIXTURE_H

#include <string.h>

#include "base/json.h"
#include "decode/decode.h"

#include "decode_dump.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define METADATA "\"metadata\":{\"phone_number_id\":\"700100\"}"

/* The accounts of a test: the first naming is kept, as far as the dump is concerned. */
struct table {
	struct account accounts[8];
	size_t count;
};

static struct account *
find_account(void *state, const struct account *named)
{
	struct table *t = state;

	for (size_t i = 0; i < t->count; i++)
		if (str_equal(t->accounts[i].name, named->name))
			return &t->accounts[i];
	assert_true(t->count < COUNT_OF(t->accounts));
	t->accounts[t->count] = *named;
	return &t->accounts[t->count++];
}

static const struct decode_options plain = {.onboarded_at_us = TIME_NONE};

/* A batch and its accounts, for one test. */
struct fixture {
	struct batch batch;
	struct table table;
	struct buf text;
};

static void
open_fixture(struct fixture *f)
{
	*f = (struct fixture){.batch = {.arena = arena_new()}};
	buf_init(&f->text, 1 << 20);
}

static void
close_fixture(struct fixture *f)
{
	arena_free(f->batch.arena);
	buf_free(&f->text);
}

/* A checked payload, with its outline; a document that does not pass the check has a fault, as
 * source gives it. */
static struct payload *
payload_of(struct fixture *f, struct str bytes)
{
	struct payload *p = arena_zero(f->batch.arena, 1, sizeof(*p));
	struct json_check check =
	    json_check_outline(f->batch.arena, bytes.ptr, bytes.len, &p->outline);

	p->bytes = bytes;
	p->size_bytes = bytes.len;
	p->sha256 = sha256_of(bytes.ptr, bytes.len);
	p->source = STR_LIT("test.json");
	p->received_at_us = TIME_NONE;
	if (check.fault != JSON_OK || check.end != bytes.len) {
		p->fault = "json_syntax";
		p->fault_text = str_of(json_fault_text(check.fault));
	}
	return p;
}

/* What holds for every payload: a ledger row a part, and every message in one outcome. */
static void
check_accounting(const struct batch *b)
{
	const struct list *messages = &b->rows.of[REL_MESSAGE];
	size_t rows = 0;

	assert_true(b->parts.count > 0);
	assert_int_equal(b->rows.of[REL_PAYLOAD].count, b->parts.count);
	for (size_t i = 0; i < b->parts.count; i++) {
		const struct part *p = b->parts.items[i];
		uint64_t sum =
		    p->counts.outcomes[OUTCOME_REJECTED] + p->counts.outcomes[OUTCOME_EXCLUDED];

		for (size_t k = 0; k < messages->count; k++)
			sum += ((struct message_row *)messages->items[k])->row.part == i;
		assert_int_equal(sum, p->counts.seen);
		rows += p->keeps_raw; /* to come */
	}
	for (int relation = 0; relation < REL_COUNT; relation++)
		rows += b->rows.of[relation].count;
	assert_int_equal(rows, b->row_count);
}

static void
decode(struct fixture *f, struct payload *p, const struct decode_options *o)
{
	const struct decode_accounts accounts = {find_account, &f->table};

	decode_payload(&f->batch, p, o, &accounts);
	check_accounting(&f->batch);
	/* they are those of the table, which store gives their ids */
	for (size_t i = 0; i < f->batch.parts.count; i++) {
		const struct account *a = ((const struct part *)f->batch.parts.items[i])->account;

		assert_true(a >= f->table.accounts && a < f->table.accounts + f->table.count);
	}
}

/* The dump of what was decoded; borrowed from the fixture. */
static const char *
text_of(struct fixture *f)
{
	dump_batch(&f->text, &f->batch);
	assert_true(buf_is_ok(&f->text));
	return buf_str(&f->text).ptr;
}

/* The dump of one payload; likewise. */
static const char *
dump(struct fixture *f, struct str bytes, const struct decode_options *o)
{
	decode(f, payload_of(f, bytes), o);
	return text_of(f);
}

#endif
