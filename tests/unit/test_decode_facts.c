/*
 * Unit tests of decode: lists of words, digests, limits, and the ends of large values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rules/reject_codes.h"

#include "decode/canon.h"

#include "decode_fixture.h"

/* The dump of what stands in the place of the %s. */
static const char *
dump_with(struct fixture *f, const char *payload, const char *word)
{
	open_fixture(f);
	return dump(f, arena_printf(f->batch.arena, payload, word), &plain);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* Without a field: in small letters only events that are known, in capitals any. */
static void
test_account_words(void **state)
{
	static const char *const known[] = {"ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED",
	    "PARTNER_REMOVED", "PARTNER_ADDED", "PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED",
	    "ACCOUNT_DELETED"};
	static const char *const capitals[] = {"ACCOUNT_RESTRICTION", "A_Z", "A", "_"};
	static const char *const others[] = {"", "account_restriction", "aB", "Ab", "A1", "A B",
	    "A[", "A@", "partner_added_", "partner"};
	static const char *const by_event = "{\"value\":{" METADATA ",\"event\":\"%s\"}}";
	static const char *const by_object = "{\"value\":{" METADATA ",\"%s\":{}}}";
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known) + COUNT_OF(capitals); i++) {
		const char *word = i < COUNT_OF(known) ? known[i] : capitals[i - COUNT_OF(known)];
		char expected[64], small[64] = "";

		snprintf(expected, sizeof(expected), "\n0 account_event event=[%s]\n", word);
		assert_non_null(strstr(dump_with(&f, by_event, word), expected));
		close_fixture(&f);
		for (size_t k = 0; k < strlen(word); k++)
			small[k] = word[k] == '_' ? '_' : (char)(word[k] + ('a' - 'A'));
		if (i >= COUNT_OF(known))
			continue;
		assert_non_null(strstr(dump_with(&f, by_event, small), expected));
		close_fixture(&f);
		assert_non_null(strstr(dump_with(&f, by_object, small), expected));
		close_fixture(&f);
	}
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (strstr(dump_with(&f, by_event, others[i]), " unusable ") == NULL)
			fail_msg("%s", others[i]);
		close_fixture(&f);
	}
}

/* A message that says no type has that of its only content. */
static void
test_inferred_types(void **state)
{
	static const char *const contents[] = {"text", "image", "video", "audio", "voice",
	    "document", "sticker", "location", "contacts", "button", "interactive", "order",
	    "system", "template", "unsupported"};
	static const char *const events[] = {"reaction", "edit", "revoke"};
	static const char *const payload =
	    "{" METADATA ",\"messages\":[{\"id\":\"w1\",\"%s\":{\"id\":\"m\",\"message_id\":\"w0\","
	    "\"original_message_id\":\"w0\",\"message\":{}}}]}";
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		const struct message_row *row;

		(void)dump_with(&f, payload, contents[i]);
		row = f.batch.rows.of[REL_MESSAGE].items[0];
		if (!str_is(row->type, contents[i]))
			fail_msg("%s: %.*s", contents[i], STR_ARG(row->type));
		close_fixture(&f);
	}
	for (size_t i = 0; i < COUNT_OF(events); i++) {
		(void)dump_with(&f, payload, events[i]);
		assert_int_equal(f.batch.rows.of[REL_MESSAGE_EVENT].count, 1);
		close_fixture(&f);
	}
}

/* ---- digests --------------------------------------------------------------------------------- */

/* The bytes of a digest are kept in databases: they stay what they are. */
static void
test_canon(void **state)
{
	static const char bytes[] = "+\x80\0\0\0\0\0\0\2ab" /* said, its length, the text */
				    "-\x80\0\0\0\0\0\0\0"
				    "+\x80\0\0\0\0\0\0\0"
				    "+\x80\0\0\0\0\0\0\1x"
				    "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFE"; /* 2 before 1970 */
	struct sha256 expected = sha256_of(bytes, sizeof(bytes) - 1), got;
	struct arena *a = arena_new();
	struct canon c = {.arena = a};
	char text[2000], all[3 * sizeof(text)];
	size_t len = 0;

	(void)state;
	canon_add_text(&c, STR_LIT("ab"));
	canon_add_text(&c, STR_NULL);
	canon_add_text(&c, STR_LIT(""));
	canon_add_text(&c, STR_LIT("x"));
	canon_add_time(&c, -2);
	got = canon_digest(&c);
	assert_memory_equal(&got, &expected, SHA256_BYTES);

	/* of many letters, on both sides of where memory is taken for them */
	c = (struct canon){.arena = a};
	memset(text, 't', sizeof(text));
	for (size_t i = 0; i < 3; i++) {
		size_t count = (size_t[]){CANON_FEW_BYTES - 9, 1, 2000}[i];

		canon_add_text(&c, (struct str){text, count});
		memcpy(all + len,
		    (char[]){'+', '\x80', 0, 0, 0, 0, 0, (char)(count >> 8), (char)count}, 9);
		memcpy(all + len + 9, text, count);
		len += 9 + count;
		expected = sha256_of(all, len);
		got = canon_digest(&c);
		assert_memory_equal(&got, &expected, SHA256_BYTES);
	}
	arena_free(a);
}

/* The same account event said twice has one digest; each fact changes it. */
static void
test_account_digest(void **state)
{
	static const char *const updates[] = {
	    "\"value\":{\"event\":\"A\"}",
	    "\"value\":{\"event\":\"B\"}",
	    "\"value\":{\"event\":\"A\",\"disconnection_info\":{\"reason\":\"U\"}}",
	    "\"value\":{\"event\":\"A\",\"disconnection_info\":{\"initiated_by\":\"U\"}}",
	    "\"value\":{\"event\":\"A\",\"phone_number\":\"15550001000\"}",
	    "\"value\":{\"event\":\"A\",\"waba_info\":{\"waba_id\":\"15550001000\"}}",
	};
	static const char *const frames[] = {
	    "{\"id\":\"9\",\"changes\":[{\"field\":\"account_update\",%s}]}",
	    "{\"id\":\"9\",\"time\":1772355600,\"changes\":[{%s,\"field\":\"account_update\"}]}"};
	struct sha256 digests[COUNT_OF(updates) * COUNT_OF(frames)];
	size_t count = 0;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (size_t i = 0; i < COUNT_OF(updates); i++)
		for (size_t k = 0; k < COUNT_OF(frames); k++) {
			struct str entry = arena_printf(f.batch.arena, frames[k], updates[i]);
			const struct list *rows = &f.batch.rows.of[REL_ACCOUNT_EVENT];

			/* twice */
			decode(&f,
			    payload_of(&f, arena_printf(f.batch.arena, "{\"entry\":[%.*s,%.*s]}",
					       STR_ARG(entry), STR_ARG(entry))),
			    &plain);
			assert_int_equal(rows->count, 2 * ++count);
			digests[count - 1] =
			    ((struct account_event_row *)rows->items[rows->count - 1])->digest;
			assert_memory_equal(&digests[count - 1],
			    &((struct account_event_row *)rows->items[rows->count - 2])->digest,
			    SHA256_BYTES);
		}
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			assert_memory_not_equal(&digests[i], &digests[k], SHA256_BYTES);
	close_fixture(&f);
}

/* What is digested of a contact, in this order: digests are parts of keys. */
static void
test_contact_facts(void **state)
{
	static const char *const actions[] = {"add", "remove"};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(actions); i++) {
		const struct contact_event_row *row;
		struct canon c = {0};
		struct sha256 expected;

		(void)dump_with(&f,
		    "{" METADATA
		    ",\"state_sync\":[{\"action\":\"%s\",\"contact\":{\"username\":\"n\","
		    "\"user_id\":\"U\",\"phone_number\":\"1\",\"first_name\":\"b\"}}]}",
		    actions[i]);
		c.arena = f.batch.arena;
		canon_add_text(&c, str_of(actions[i]));
		canon_add_text(&c, STR_NULL);
		canon_add_text(&c, STR_LIT("b"));
		canon_add_text(&c, STR_LIT("1"));
		canon_add_text(&c, STR_LIT("U"));
		canon_add_text(&c, STR_LIT("n"));
		expected = canon_digest(&c);
		row = f.batch.rows.of[REL_CONTACT_EVENT].items[0];
		assert_memory_equal(&row->digest, &expected, SHA256_BYTES);
		close_fixture(&f);
	}
}

/* ---- limits ---------------------------------------------------------------------------------- */

static struct account *
find_any(void *state, const struct account *named)
{
	struct account *account = arena_alloc(state, sizeof(*account));

	*account = *named;
	return account;
}

/* A payload of `count` numbers, and a change that cannot be used and mentions one more. */
static struct str
payload_of_numbers(struct arena *a, size_t count)
{
	struct str text = STR_LIT("");
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < count; i++)
		buf_printf(&b,
		    "{\"value\":{\"metadata\":{\"phone_number_id\":\"%zu\"},\"messages\":[]}},", i);
	text = arena_printf(a, "{\"changes\":[%s[{\"phone_number_id\":\"70000\"}]]}",
	    count == 0 ? "" : buf_str(&b).ptr);
	buf_free(&b);
	return text;
}

static size_t
count_rejects(const struct fixture *f, const char *code, const char *detail)
{
	const struct list *rejects = &f->batch.rows.of[REL_REJECT];
	size_t count = 0;

	for (size_t i = 0; i < rejects->count; i++) {
		const struct reject_row *r = rejects->items[i];

		count += strcmp(r->code, code) == 0 && str_is(r->detail, detail);
	}
	return count;
}

/* Of so many accounts each has its part, those behind are nobody's; the ledger counts nobody, too.
 */
static void
test_many_accounts(void **state)
{
	static const struct {
		size_t numbers;
		size_t parts;
		uint64_t rejects; /* of nobody */
	} cases[] = {{999, 1000, 0}, {1000, 1001, 1}, {1001, 1001, 2}, {1003, 1001, 4}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct part *nobody = NULL;
		struct decode_accounts accounts = {find_any, NULL};
		struct fixture f;

		open_fixture(&f);
		accounts.state = f.batch.arena;
		decode_payload(&f.batch,
		    payload_of(&f, payload_of_numbers(f.batch.arena, cases[i].numbers)), &plain,
		    &accounts);
		assert_int_equal(f.batch.parts.count, cases[i].parts);
		for (size_t k = 0; k < f.batch.parts.count; k++) {
			const struct part *p = f.batch.parts.items[k];

			assert_int_equal(p->accounts, cases[i].parts);
			if (str_is(p->account->name, "-"))
				nobody = p;
		}
		assert_int_equal(nobody == NULL ? 0 : nobody->counts.rejects, cases[i].rejects);
		assert_int_equal(count_rejects(&f, REJECT_ACCOUNT_UNUSABLE,
				     "the payload names too many numbers before this one"),
		    cases[i].numbers > 1000 ? cases[i].numbers - 1000 : 0);
		close_fixture(&f);
	}
}

/* Where the file of an edit stands that has too long an id. */
static void
test_place_of_edit(void **state)
{
	char id[1002];
	struct fixture f;

	(void)state;
	memset(id, 'i', sizeof(id));
	id[sizeof(id) - 1] = '\0';
	assert_non_null(
	    strstr(dump_with(&f,
		       "{" METADATA ",\"messages\":[{\"id\":\"e\",\"type\":\"edit\",\"edit\":"
		       "{\"original_message_id\":\"w\",\"message\":{\"type\":\"image\",\"image\":{"
		       "\"id\":\"%s\"}}}}]}",
		       id),
		"\n0 reject at=[/messages/0/edit/message/image] id_too_long "));
	close_fixture(&f);
}

/* As deep as a document may be; the tree that is made of it counts what stands innermost, too. */
static void
test_deep_update(void **state)
{
	char open[JSON_MAX_DEPTH], close[JSON_MAX_DEPTH];
	struct fixture f;

	(void)state;
	memset(open, '[', sizeof(open));
	memset(close, ']', sizeof(close));
	open_fixture(&f);
	assert_non_null(
	    strstr(dump(&f,
		       arena_printf(f.batch.arena, "{" METADATA ",\"x\":%.*s1%.*s,\"event\":\"A\"}",
			   JSON_MAX_DEPTH - 1, open, JSON_MAX_DEPTH - 1, close),
		       &plain),
		"\n0 account_event event=[A]\n"));
	close_fixture(&f);
}

/* Of what another number's payload holds nothing is looked at. */
static void
test_excluded_thread(void **state)
{
	const struct decode_options o = {STR_LIT("700200"), false, TIME_NONE};
	char id[1002];
	struct fixture f;

	(void)state;
	memset(id, '1', sizeof(id));
	id[sizeof(id) - 1] = '\0';
	open_fixture(&f);
	assert_string_equal(
	    dump(&f,
		arena_printf(f.batch.arena,
		    "{" METADATA ",\"history\":[{\"threads\":[{\"id\":\"%s\",\"context\":"
		    "{\"username\":\"u\\u0000\"},\"messages\":[{\"id\":\"w1\"}]}]}]}",
		    id),
		&o),
	    "part 0 700200 excluded bare accounts=1 seen=1 excluded=1\n0 payload\n");
	close_fixture(&f);
}

/* When it was received says the capture, else the provider. */
static void
test_received_at(void **state)
{
	static const struct {
		int64_t captured_us;
		int64_t received_us;
	} cases[] = {{TIME_NONE, INT64_C(1772355600000000)}, {5, 5}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture f;
		struct payload *p;

		open_fixture(&f);
		p = payload_of(
		    &f, STR_LIT("{\"message_timestamp\":\"2026-03-01T09:00:00Z\","
				"\"whatsAppWebhookEntry\":{" METADATA ",\"messages\":[]}}"));
		p->received_at_us = cases[i].captured_us;
		decode(&f, p, &plain);
		assert_int_equal(p->received_at_us, cases[i].received_us);
		close_fixture(&f);
	}
}

/* What names no number, under --account. */
static void
test_ycloud_without_message(void **state)
{
	static const struct {
		const char *payload;
		const char *rows;
	} cases[] = {
	    /* how far YCloud's history has come, and what it does not tell in its own way */
	    {"{\"type\":\"whatsapp.smb.history\",\"progress\":7}",
		"part 0 700100 history ycloud accounts=1 has_history chunks=1\n"
		"0 chunk at=[] progress=7 messages=0\n0 payload\n"},
	    {"{\"type\":\"whatsapp.smb.history\",\"progress\":7,\"errors\":[{\"code\":1}]}",
		"part 0 700100 history ycloud accounts=1 has_history chunks=1 rejects=1\n"
		"0 chunk at=[] progress=7 messages=0\n0 payload\n"
		"0 reject at=[] unknown_shape"
		" detail=[without its message: not as YCloud writes it]\n"},
	    {"{\"type\":\"whatsapp.smb.history\",\"progress\":7,\"whatsappMessage\":[{}]}",
		"part 0 700100 history ycloud accounts=1 has_history chunks=1 rejects=1\n"
		"0 chunk at=[] progress=7 messages=0\n0 payload\n"
		"0 reject at=[/whatsappMessage] unknown_shape"
		" detail=[beside the one message of an event, or a list of them]\n"},
	};
	const struct decode_options o = {
	    .account = STR_LIT("700100"), .onboarded_at_us = TIME_NONE};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture f;

		open_fixture(&f);
		assert_string_equal(dump(&f, str_of(cases[i].payload), &o), cases[i].rows);
		close_fixture(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ycloud_without_message),
	    cmocka_unit_test(test_account_words),
	    cmocka_unit_test(test_inferred_types),
	    cmocka_unit_test(test_canon),
	    cmocka_unit_test(test_account_digest),
	    cmocka_unit_test(test_contact_facts),
	    cmocka_unit_test(test_many_accounts),
	    cmocka_unit_test(test_place_of_edit),
	    cmocka_unit_test(test_deep_update),
	    cmocka_unit_test(test_excluded_thread),
	    cmocka_unit_test(test_received_at),
	};

	return cmocka_run_group_tests_name("decode_facts", tests, NULL, NULL);
}
