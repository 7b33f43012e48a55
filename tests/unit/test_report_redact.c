/*
 * Pseudonyms: nothing that names somebody is left in any form, and the same name has the same
 * pseudonym. Values of HMAC by
 *   printf TEXT | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1e1f
 */
#include "report_sample.h"

#include "report/redact.h"

#define NUMBER "15550100001"
#define WAMID "wamid.HBgLMTU1NTAxMDAwMDEVAgARGBI="
#define NUMBER_PSEUDONYM "number-da4179243a44"
#define WAMID_PSEUDONYM "message-5fdeea356e0d"

enum { TERMINAL, JSON, HTML, FORM_COUNT };

static struct sha256
key_of(unsigned char first)
{
	struct sha256 key;

	for (unsigned char i = 0; i < SHA256_BYTES; i++)
		key.bytes[i] = (unsigned char)(first + i);
	return key;
}

static char *
text_of(const struct report *r, int form)
{
	const struct report_style style = {132, true, false};
	const struct report_html_options options = {false};
	char *text = NULL;
	struct err e;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (form == TERMINAL)
		assert_int_equal(report_write_terminal(r, &style, out, &e), 0);
	else if (form == JSON)
		assert_int_equal(report_write_json(r, out, &e), 0);
	else
		assert_int_equal(report_write_html(r, &options, out, &e), 0);
	fclose(out);
	return text;
}

/* Everything that a report holds, of values that must not be left. */
struct hostile {
	struct report_reason reasons[4];
	struct report_activation activation;
	struct report_content contents[2];
	struct report_conflict conflicts[2];
	struct report_tally states[1], rejects[1], names[1];
	struct report_media ages[1];
	struct report_loss losses[1];
	struct report report;
	struct report_account_event events[2];
};

static void
fill(struct hostile *h)
{
	*h = (struct hostile){
	    .reasons = {{STR_LIT("Code <Ann>"),
			    STR_LIT(
				"the number " NUMBER ", and +1-555-010-0002, <Bob>, " WAMID ".")},
		{STR_LIT("holes"),
		    STR_LIT("Chunks missing between those that came: 1234567-1234569.")},
		{STR_LIT("silent_days"), STR_LIT("Days without any message: 1 (2026-02-16).")},
		{STR_LIT("chunk_errors"), STR_LIT("Errors came, by code: 2593108.")}},
	    .contents = {{STR_LIT(HASH_A), STR_LIT("live")}, {STR_LIT(HASH_B), STR_LIT("Carol!")}},
	    .states = {{STR_LIT("State-Dan"), 1}},
	    .rejects = {{STR_LIT("reject-Eve"), 2}},
	    .names = {{STR_LIT("Name F\xC3\xA9lix"), 3}},
	    .losses = {{STR_LIT("State-Mia"), STR_LIT("reason-Ned"), 1}},
	    .ages = {{STR_LIT("Age-Gus"), STR_LIT("State-Dan"), 1, TIME_NONE}},
	};
	h->activation = incomplete;
	h->activation.phases = two_phases;
	h->activation.phase_count = sizeof(two_phases) / sizeof(two_phases[0]);
	h->activation.verdict = STR_LIT("Verdict \033[2JHal");
	h->activation.reasons = h->reasons;
	h->activation.reason_count = sizeof(h->reasons) / sizeof(h->reasons[0]);
	h->conflicts[0] =
	    (struct report_conflict){STR_LIT(WAMID), STR_LIT("direction, content"), h->contents, 2};
	h->conflicts[1] =
	    (struct report_conflict){STR_LIT("\xE2\x80\xAEIvy"), STR_LIT("time"), NULL, 0};
	h->report = full_report(&h->activation, 1);
	h->report.account = STR_LIT("+" NUMBER);
	h->report.phone_number_id = STR_LIT("waba:Jo 4711000");
	memcpy(h->events, two_account_events, sizeof(h->events));
	h->events[0].reason = STR_LIT("CALL KIM EXAMPLE");
	h->events[0].initiated_by = STR_LIT("LEE");
	h->report.account_events = h->events;
	h->report.conflicting = h->conflicts;
	h->report.conflicting_count = 2;
	h->report.conflicts = 2;
	h->report.media = h->states;
	h->report.media_ages = h->ages;
	h->report.losses = h->losses;
	h->report.media_count = h->report.media_age_count = h->report.loss_count = 1;
	h->report.rejects = h->rejects;
	h->report.names = h->names;
	h->report.reject_count = h->report.name_count = 1;
}

static void
test_nothing_is_left(void **state)
{
	static const char *const unwanted[] = {"15550100001", "HBgLMTU", "010-0002", "Ann", "Bob",
	    "Carol!", "Dan", "Eve", "lix", "Gus", "Hal", "Ivy", "Jo", "KIM", "LEE", "Mia", "Ned",
	    "4711", "01234567", "fedcba98", NULL};
	struct sha256 key = key_of(0);
	struct arena *a = arena_new();
	struct hostile h;

	(void)state;
	for (int form = 0; form < FORM_COUNT; form++) {
		char *text;

		fill(&h);
		text = text_of(&h.report, form);
		/* the test would see them */
		assert_non_null(strstr(text, "15550100001"));
		assert_non_null(strstr(text, "Ivy"));
		free(text);
		report_redact(a, &h.report, &key);
		text = text_of(&h.report, form);
		expect_none(text, unwanted);
		free(text);
	}
	arena_free(a);
}

static void
test_what_stays(void **state)
{
	static const char *const wanted[] = {NUMBER_PSEUDONYM, WAMID_PSEUDONYM,
	    "Chunks missing between those that came: 1234567-1234569.", "holes",
	    "Days without any message: 1 (2026-02-16).", "Errors came, by code: 2593108.",
	    "direction, content", "live", "4, 7-9, 11", "ACCOUNT_RECONNECTED", "PRIMARY_INACTIVITY",
	    "SYSTEM", NULL};
	struct sha256 key = key_of(0);
	struct arena *a = arena_new();
	struct hostile h;

	(void)state;
	fill(&h);
	report_redact(a, &h.report, &key);
	for (int form = 0; form < FORM_COUNT; form++) {
		char *text = text_of(&h.report, form);
		const char *first = strstr(text, NUMBER_PSEUDONYM);

		expect_all(text, wanted);
		/* the account, and the number in a sentence */
		assert_non_null(strstr(first + 1, NUMBER_PSEUDONYM));
		assert_non_null(
		    strstr(text, form == JSON ? "\"redacted\":true" : "Redacted: numbers, ids"));
		free(text);
	}
	arena_free(a);
}

static void
test_key(void **state)
{
	struct sha256 keys[] = {key_of(0), key_of(0), key_of(1)};
	struct str accounts[3], hashes[3];
	struct arena *a = arena_new();
	struct hostile h;

	(void)state;
	for (int i = 0; i < 3; i++) {
		fill(&h);
		report_redact(a, &h.report, &keys[i]);
		accounts[i] = h.report.account;
		hashes[i] = h.contents[0].sha256;
	}
	assert_true(str_is(accounts[0], NUMBER_PSEUDONYM));
	assert_true(str_equal(accounts[0], accounts[1]));
	assert_false(str_equal(accounts[0], accounts[2]));
	assert_true(str_equal(hashes[0], hashes[1]));
	assert_false(str_equal(hashes[0], hashes[2]));
	assert_int_equal(hashes[0].len, 64);
	arena_free(a);
}

/* Of an account that belongs to nobody nothing is to be hidden. */
static void
test_nobody(void **state)
{
	struct report_activation activation = activation_of(T_SECOND, "complete", one_phase);
	struct report r = full_report(&activation, 1);
	struct sha256 key = key_of(0);
	struct arena *a = arena_new();

	(void)state;
	r.conflicting_count = r.media_count = r.media_age_count = r.reject_count = r.name_count = 0;
	r.loss_count = 0;
	r.account_event_count = 0;
	r.account = STR_LIT("-");
	r.phone_number_id = STR_NULL;
	report_redact(a, &r, &key);
	assert_true(str_is(r.account, "-"));
	assert_null(r.phone_number_id.ptr);
	assert_true(str_is(activation.verdict, "complete"));
	arena_free(a);
}

static void
test_not_redacted(void **state)
{
	struct hostile h;

	(void)state;
	fill(&h);
	for (int form = 0; form < FORM_COUNT; form++) {
		char *text = text_of(&h.report, form);

		assert_null(strstr(text, "Redacted"));
		assert_null(strstr(text, "\"redacted\":true"));
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_is_left),
	    cmocka_unit_test(test_what_stays),
	    cmocka_unit_test(test_key),
	    cmocka_unit_test(test_nobody),
	    cmocka_unit_test(test_not_redacted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
