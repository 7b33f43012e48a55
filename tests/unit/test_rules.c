/*
 * The pure rules but wamid: phone, timestamp, direction, content, status, reject codes.
 * Numbers are made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rules/accounting.h"
#include "rules/content.h"
#include "rules/direction.h"
#include "rules/phone.h"
#include "rules/recount.h"
#include "rules/reject_codes.h"
#include "rules/status.h"
#include "rules/timestamp.h"

#include "arena_fixture.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* STR_LIT for tables */
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static void
assert_str(const char *what, struct str got, struct str expected)
{
	if (str_equal(got, expected) && (got.ptr == NULL) == (expected.ptr == NULL))
		return;
	fail_msg("%s: got `%.*s`, expected `%.*s`", what, STR_ARG(got), STR_ARG(expected));
}
/* ---- phone ---------------------------------------------------------------------------------- */

static const struct {
	struct str text;
	const char *digits; /* NULL: not a number */
} phones[] = {
    {S("15550001111"), "15550001111"}, {S("0"), "0"}, {S("+1 555-000-1111"), "15550001111"},
    {S("+1 (555) 000.1111"), "15550001111"},
    {S("+1\xC2\xA0"
       "555\xC2\xA0"
       "0001111"),
	"15550001111"},
    {S(" 1 "), "1"}, {S("+"), NULL}, {S("()-. "), NULL}, {S("\xC2\xA0"), NULL}, {S(""), NULL},
    {{NULL, 0}, NULL}, {S("US.1555000111122223333"), NULL}, {S("1555000111x"), NULL},
    {S("1555/000"), NULL}, {S("1555:000"), NULL}, {S("1555\t000"), NULL},
    {S("1555\0"
       "000"),
	NULL},
    {S("1555\xC2"), NULL},
    {S("1555\xA0"
       "000"),
	NULL},
    {S("1555\xC2\xA1"
       "000"),
	NULL},
    {S("\xD9\xA1\xD9\xA2"), NULL}, /* Arabic digits */
};

static void
test_phone_digits(void **state)
{
	for (size_t i = 0; i < COUNT(phones); i++)
		assert_str(phones[i].text.ptr, phone_digits(*state, phones[i].text),
		    str_of(phones[i].digits));
	assert_ptr_equal(phone_digits(*state, phones[0].text).ptr, phones[0].text.ptr);
	/* what stands behind belongs to something else */
	assert_str("+1 5559", phone_digits(*state, (struct str){"+1 5559", 6}), STR_LIT("1555"));
}

static const struct {
	const char *a;
	const char *b;
	bool is_same;
} phone_pairs[] = {
    {"15550001111", "15550001111", true},
    {"15550001111", "15550001112", false},
    {"15550001111", "5550001111", false},
    {"551185550000", "5511985550000", true}, /* Brazil */
    {"551185550000", "5511885550000", false},
    {"551185550000", "5512985550000", false},
    {"551185550000", "5511985550001", false},
    {"55118555000", "551198555000", false},
    {"5511855500001", "55119855500001", false},
    {"551165550000", "5511965550000", true},
    {"551155550000", "5511955550000", false}, /* a landline, and somebody's mobile */
    {"525555500001", "5215555500001", true}, /* Mexico */
    {"525555500001", "5295555500001", false},
    {"525555500001", "5215555500002", false},
    {"52555550000", "521555550000", false},
    {"541155550000", "5491155550000", true}, /* Argentina */
    {"541155550000", "5411955550000", false}, /* as Brazil would have it */
    {"541155550000", "5411155550000", false},
    {"151155550000", "1511955550000", false}, /* no such country rule */
    {"", "", false},
    {NULL, NULL, false},
    {NULL, "15550001111", false},
    {"+15550001111", "15550001111", false},
    {"+15550001111", "+15550001111", false},
    {"ZZ.1555", "ZZ.1555", false},
};

static void
test_phone_is_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(phone_pairs); i++) {
		struct str a = str_of(phone_pairs[i].a), b = str_of(phone_pairs[i].b);

		if (phone_is_same(a, b) != phone_pairs[i].is_same ||
		    phone_is_same(b, a) != phone_pairs[i].is_same)
			fail_msg("%.*s and %.*s", STR_ARG(a), STR_ARG(b));
	}
}

static void
test_phone_is_number(void **state)
{
	(void)state;
	assert_true(phone_is_number(STR_LIT("15550001111")));
	assert_true(phone_is_number(STR_LIT("0")));
	assert_false(phone_is_number(STR_LIT("+15550001111")));
	assert_false(phone_is_number(STR_LIT("ZZ.1555")));
	assert_false(phone_is_number(STR_LIT("1555 ")));
	assert_false(phone_is_number(STR_LIT("")));
	assert_false(phone_is_number(STR_NULL));
}

/* ---- timestamp ------------------------------------------------------------------------------ */

#define US(seconds) (INT64_C(seconds) * 1000000)

static const struct {
	const char *text;
	int64_t us;
} timestamps[] = {
    {"1772355600", US(1772355600)}, /* 2026-03-01T09:00:00Z */
    {"1772355600123", US(1772355600) + 123000},
    {"0001772355600", US(1772355600)},
    {"1230767999", TIME_NONE},
    {"1230768000", US(1230768000)}, /* 2009 */
    {"4102444800", US(4102444800)}, /* 2100 */
    {"4102444801", TIME_NONE},
    {"1230767999999", TIME_NONE},
    {"1230768000000", US(1230768000)},
    {"4102444800000", US(4102444800)},
    {"4102444800001", TIME_NONE},
    {"100000000000", TIME_NONE}, /* the limit: seconds of 5138 … */
    {"100000000001", TIME_NONE}, /* … and milliseconds of 1973 */
    {"999999999999999999", TIME_NONE},
    {"9999999999999999999", TIME_NONE},
    {"1772355600000000", TIME_NONE}, /* microseconds are nobody's */
    {"0", TIME_NONE},
    {"", TIME_NONE},
    {NULL, TIME_NONE},
    {"-1772355600", TIME_NONE},
    {"+1772355600", TIME_NONE},
    {" 1772355600", TIME_NONE},
    {"1772355600 ", TIME_NONE},
    {"1772355600.5", TIME_NONE},
    {"1.7e9", TIME_NONE},
    {"yesterday", TIME_NONE},

    {"2026-03-01T09:00:00Z", US(1772355600)},
    {"2026-03-01t09:00:00z", US(1772355600)},
    {"2026-03-01 09:00:00Z", US(1772355600)},
    {"2026-03-01T09:00:00.5Z", US(1772355600) + 500000},
    {"2026-03-01T09:00:00.000001Z", US(1772355600) + 1},
    {"2026-03-01T09:00:00.1234569999Z", US(1772355600) + 123456},
    {"2026-03-01T09:00:00+00:00", US(1772355600)},
    {"2026-03-01T09:00:00-00:00", US(1772355600)},
    {"2026-03-01T14:30:00+05:30", US(1772355600)},
    {"2026-02-28T23:00:00-10:00", US(1772355600)},
    {"2026-03-02T08:59:00+23:59", US(1772355600)},
    {"2009-01-01T00:00:00Z", US(1230768000)},
    {"2008-12-31T23:59:59.999999Z", TIME_NONE},
    {"2008-12-31T23:59:59-01:00", US(1230771599)},
    {"2100-01-01T00:00:00Z", US(4102444800)},
    {"2100-01-01T00:00:00.000001Z", TIME_NONE},
    {"2024-02-29T00:00:00Z", US(1709164800)},
    {"2026-02-29T00:00:00Z", TIME_NONE},
    {"2026-04-31T00:00:00Z", TIME_NONE},
    {"2026-12-31T00:00:00Z", US(1798675200)},
    {"2016-12-31T23:59:60Z", US(1483228800)}, /* leap seconds */
    {"2016-12-31T18:59:60-05:00", US(1483228800)},
    {"2016-12-31T22:59:60Z", TIME_NONE},
    {"2026-03-01T09:00:61Z", TIME_NONE},
    {"2026-03-01T24:00:00Z", TIME_NONE},
    {"2026-03-01T09:60:00Z", TIME_NONE},
    {"2026-00-01T09:00:00Z", TIME_NONE},
    {"2026-13-01T09:00:00Z", TIME_NONE},
    {"2026-03-00T09:00:00Z", TIME_NONE},
    {"0000-03-01T09:00:00Z", TIME_NONE},
    {"9999-03-01T09:00:00Z", TIME_NONE},
    {"2026-03-01T09:00:00", TIME_NONE}, /* no zone */
    {"2026-03-01T09:00:00.Z", TIME_NONE},
    {"2026-03-01T09:00:00,5Z", TIME_NONE},
    {"2026-03-01T09:00:00+0530", TIME_NONE},
    {"2026-03-01T09:00:00+24:00", TIME_NONE},
    {"2026-03-01T09:00:00+05:60", TIME_NONE},
    {"2026-03-01T09:00:00Zulu", TIME_NONE},
    {"2026-03-01T09:00Z", TIME_NONE},
    {"2026-03-01", TIME_NONE},
    {"2026-3-1T09:00:00Z", TIME_NONE},
    {"20260301T090000Z", TIME_NONE},
};

static void
test_timestamp(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(timestamps); i++) {
		int64_t us = timestamp_parse(str_of(timestamps[i].text));

		if (us != timestamps[i].us)
			fail_msg("%s: %lld", timestamps[i].text, (long long)us);
	}
	assert_int_equal(timestamp_parse(STR_LIT("2026-03-01T09:00:00\0Z")), TIME_NONE);
}

/* Every day of the usable range, counted one by one, against the arithmetic; 29 to 32 of shorter
 * months are none. */
static void
test_timestamp_calendar(void **state)
{
	int64_t day = 1230768000 / 86400;

	(void)state;
	for (int i = 2009 * 12 * 32; i < 2100 * 12 * 32; i++) {
		char text[64];
		int64_t us;

		snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z", i / (12 * 32),
		    i / 32 % 12 + 1, i % 32 + 1);
		us = timestamp_parse(str_of(text));
		if (us != TIME_NONE)
			assert_int_equal(us, US(86400) * day++);
	}
	assert_int_equal(day, 4102444800 / 86400);
}

/* ---- direction ------------------------------------------------------------------------------ */

#define US_PHONE S("15550009999")
#define PEER S("15550001111")

static const struct {
	const char *what;
	struct direction_evidence ev;
	enum direction expected;
} directions[] = {
    {"nothing", {.wamid_flag = DIRECTION_NONE}, DIRECTION_NONE},
    {"from_me beats the sender", {.is_from_me = true, .from = PEER, .peer = PEER},
	DIRECTION_OUTBOUND},
    {"an echo beats the sender",
	{.is_echo_array = true, .from = PEER, .peer = PEER, .wamid_flag = DIRECTION_INBOUND},
	DIRECTION_OUTBOUND},
    {"from is the business",
	{.business = US_PHONE, .from = US_PHONE, .peer = PEER, .wamid_flag = DIRECTION_INBOUND},
	DIRECTION_OUTBOUND},
    {"from is the business, in messages",
	{.business = US_PHONE, .from = US_PHONE, .is_plain_messages = true}, DIRECTION_OUTBOUND},
    {"a note to self", {.business = US_PHONE, .from = US_PHONE, .peer = US_PHONE},
	DIRECTION_OUTBOUND},
    {"from is a variant of the business",
	{.business = S("551185550000"), .from = S("5511985550000"), .peer = PEER},
	DIRECTION_OUTBOUND},
    {"from is a variant of the business, and just the peer",
	{.business = S("541155550000"), .from = S("5491155550000"), .peer = S("5491155550000")},
	DIRECTION_INBOUND},
    {"from is a variant of both",
	{.business = S("541155550000"), .from = S("5491155550000"), .peer = S("541155550000")},
	DIRECTION_OUTBOUND},
    {"from is the peer",
	{.business = US_PHONE, .from = PEER, .peer = PEER, .wamid_flag = DIRECTION_OUTBOUND},
	DIRECTION_INBOUND},
    {"from is a variant of the peer",
	{.business = US_PHONE, .from = S("5215555500001"), .peer = S("525555500001")},
	DIRECTION_INBOUND},
    {"from is the peer's BSUID", {.from = S("ZZ.1555"), .peer = S("ZZ.1555")}, DIRECTION_INBOUND},
    {"from_user_id is the peer's",
	{.business = US_PHONE,
	    .from_user_id = S("ZZ.1555"),
	    .peer_user_id = S("ZZ.1555"),
	    .wamid_flag = DIRECTION_OUTBOUND},
	DIRECTION_INBOUND},
    {"another from proves nothing", {.business = US_PHONE, .from = S("15550002222"), .peer = PEER},
	DIRECTION_NONE},
    {"another user id proves nothing", {.from_user_id = S("ZZ.1555"), .peer_user_id = S("ZZ.1556")},
	DIRECTION_NONE},
    {"messages outside threads",
	{.from = S("15550002222"), .is_plain_messages = true, .wamid_flag = DIRECTION_OUTBOUND},
	DIRECTION_INBOUND},
    {"the flag, out", {.from = S("15550002222"), .wamid_flag = DIRECTION_OUTBOUND},
	DIRECTION_OUTBOUND},
    {"the flag, in", {.wamid_flag = DIRECTION_INBOUND}, DIRECTION_INBOUND},
    {"empty is not said",
	{.business = S(""),
	    .from = S(""),
	    .peer = S(""),
	    .from_user_id = S(""),
	    .peer_user_id = S("")},
	DIRECTION_NONE},
};

static void
test_direction(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(directions); i++) {
		enum direction got = direction_decide(&directions[i].ev);

		if (got != directions[i].expected)
			fail_msg("%s: %d", directions[i].what, got);
	}
}

/* ---- content, status, reject codes ---------------------------------------------------------- */

static const struct {
	const char *type;
	int class;
	bool is_media;
} types[] = {
    {"text", 5, false},
    {"image", 5, true},
    {"video", 5, true},
    {"audio", 5, true},
    {"voice", 5, true},
    {"document", 5, true},
    {"sticker", 5, true},
    {"location", 5, false},
    {"contacts", 5, false},
    {"a_type_of_2030", 5, false},
    {"Image", 5, false},
    {"images", 5, false},
    {"media_placeholder", 4, false},
    {"unsupported", 3, false},
    {"errors", 2, false},
    {"unknown", 1, false},
    {"", 1, false},
    {NULL, 1, false},
};

static void
test_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		struct str type = str_of(types[i].type);

		if (content_class(type) != types[i].class)
			fail_msg("class of %s: %d", types[i].type, content_class(type));
		if (content_is_media(type) != types[i].is_media)
			fail_msg("media: %s", types[i].type);
	}
}

/* Those of docs/PAYLOADS.md. */
static void
test_content_is_known(void **state)
{
	static const char *const known[] = {"text", "image", "video", "document", "audio", "voice",
	    "sticker", "location", "contacts", "button", "interactive", "template", "order",
	    "reaction", "edit", "revoke", "system", "media_placeholder", "unsupported", "errors",
	    "unknown", "request_welcome", "ephemeral"};
	static const char *const others[] = {"", "tex", "texts", "Text", "poll", "a_type_of_2030"};

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++)
		if (!content_is_known(str_of(known[i])))
			fail_msg("%s", known[i]);
	for (size_t i = 0; i < COUNT(others); i++)
		if (content_is_known(str_of(others[i])))
			fail_msg("%s", others[i]);
	assert_false(content_is_known(STR_NULL));
}

static const struct {
	const char *text;
	enum status status;
} statuses[] = {
    {"pending", STATUS_PENDING},
    {"PENDING", STATUS_PENDING},
    {"sent", STATUS_SENT},
    {"Sent", STATUS_SENT},
    {"failed", STATUS_FAILED},
    {"ERROR", STATUS_FAILED},
    {"error", STATUS_FAILED},
    {"DELIVERED", STATUS_DELIVERED},
    {"read", STATUS_READ},
    {"Played", STATUS_PLAYED},
    {"rea", STATUS_NONE},
    {"reads", STATUS_NONE},
    {"deleted", STATUS_NONE},
    {" read", STATUS_NONE},
    {"", STATUS_NONE},
    {NULL, STATUS_NONE},
};

static void
test_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(statuses); i++)
		if (status_parse(str_of(statuses[i].text)) != statuses[i].status)
			fail_msg("%s", statuses[i].text);
	assert_null(status_names[STATUS_NONE]);
	assert_string_equal(status_names[STATUS_FAILED], "failed");
	for (int s = STATUS_PENDING; s <= STATUS_PLAYED; s++)
		assert_int_equal(status_parse(str_of(status_names[s])), s);
}

static void
test_reject_codes(void **state)
{
	(void)state;
	assert_true(reject_code_count > 0);
	for (size_t i = 0; i < reject_code_count; i++) {
		const struct reject_code *rc = &reject_codes[i];

		/* found where it stands, so no code stands twice */
		assert_ptr_equal(reject_code_find(rc->code), rc);
		assert_int_equal(strspn(rc->code, "abcdefghijklmnopqrstuvwxyz_"), strlen(rc->code));
		assert_true(strlen(rc->meaning) > 10 && strlen(rc->remedy) > 10);
	}
	assert_non_null(reject_code_find("json_syntax"));
	assert_null(reject_code_find("JSON_SYNTAX"));
	assert_null(reject_code_find(""));
}

/* ---- counts of a payload applied again ------------------------------------------------------- */

/* Outcomes in the order of enum outcome: inserted, enriched, duplicate, conflicting, rejected,
 * excluded; of `before` the first four. */
static const struct {
	const char *what;
	bool is_same_decoder;
	uint64_t before[4], now[6], seen, ledger[6];
} recounts[] = {
    {"nothing new", true, {3, 1, 2, 1}, {0, 0, 7, 0, 1, 2}, 10, {3, 1, 2, 1, 1, 2}},
    {"one more message", false, {3, 0, 1, 0}, {1, 0, 4, 0, 0, 0}, 5, {4, 0, 1, 0, 0, 0}},
    {"a rejected one is taken", false, {2, 0, 0, 0}, {1, 0, 2, 0, 0, 0}, 3, {3, 0, 0, 0, 0, 0}},
    {"inserted then, enriched now: one outcome", false, {2, 0, 0, 0}, {0, 2, 0, 0, 0, 0}, 2,
	{2, 0, 0, 0, 0, 0}},
    {"a duplicate is enriched", false, {1, 0, 2, 0}, {0, 1, 2, 0, 0, 0}, 3, {1, 1, 1, 0, 0, 0}},
    {"a conflict comes before what was enriched", false, {0, 2, 0, 0}, {0, 0, 1, 1, 0, 0}, 2,
	{0, 1, 0, 1, 0, 0}},
    {"messages that are none to this decoder", false, {2, 0, 1, 0}, {0, 0, 0, 0, 0, 3}, 5,
	{2, 0, 0, 0, 0, 3}},
    {"and once more", true, {2, 0, 0, 0}, {0, 0, 0, 0, 0, 3}, 5, {2, 0, 0, 0, 0, 3}},
    {"other messages", false, {2, 0, 0, 0}, {3, 0, 0, 0, 0, 0}, 5, {5, 0, 0, 0, 0, 0}},
    {"a lost row is back", true, {2, 0, 0, 0}, {1, 0, 1, 0, 0, 0}, 2, {2, 0, 0, 0, 0, 0}},
};

static void
test_recount(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(recounts); i++) {
		struct counts before = {0}, now = {0};

		memcpy(before.outcomes, recounts[i].before, sizeof(recounts[i].before));
		memcpy(now.outcomes, recounts[i].now, sizeof(recounts[i].now));
		recount(&now, &before, recounts[i].is_same_decoder);
		if (now.seen != recounts[i].seen ||
		    memcmp(now.outcomes, recounts[i].ledger, sizeof(recounts[i].ledger)) != 0)
			fail_msg("%s: seen %ju, outcomes %ju %ju %ju %ju %ju %ju", recounts[i].what,
			    (uintmax_t)now.seen, (uintmax_t)now.outcomes[0],
			    (uintmax_t)now.outcomes[1], (uintmax_t)now.outcomes[2],
			    (uintmax_t)now.outcomes[3], (uintmax_t)now.outcomes[4],
			    (uintmax_t)now.outcomes[5]);
	}
}

/* Each outcome is part of the sum, and a breach is a bug with its place named. */
static void
test_accounting(void **state)
{
	struct counts c = {.seen = 63, .outcomes = {1, 2, 4, 8, 16, 32}};
	struct err e = {0};

	(void)state;
	assert_true(accounting_adds_up(&c));
	assert_int_equal(accounting_check(&c, STR_LIT("payload ab"), &e), 0);
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		c.outcomes[i]++;
		assert_int_equal(accounting_check(&c, STR_LIT("payload ab"), &e), -1);
		c.outcomes[i]--;
	}
	c.seen = 62;
	assert_int_equal(accounting_check(&c, STR_LIT("payload ab"), &e), -1);
	assert_int_equal(e.code, ERR_BUG);
	assert_string_equal(e.text, "payload ab: 62 messages seen, but 63 outcomes counted");
	/* what is no message has no outcome */
	c = (struct counts){.events = 1, .contacts = 1, .chunks = 1, .rejects = 1};
	assert_int_equal(accounting_check(&c, STR_LIT("payload ab"), &e), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_phone_digits),
	    cmocka_unit_test(test_phone_is_same),
	    cmocka_unit_test(test_phone_is_number),
	    cmocka_unit_test(test_timestamp),
	    cmocka_unit_test(test_timestamp_calendar),
	    cmocka_unit_test(test_direction),
	    cmocka_unit_test(test_content),
	    cmocka_unit_test(test_content_is_known),
	    cmocka_unit_test(test_status),
	    cmocka_unit_test(test_reject_codes),
	    cmocka_unit_test(test_recount),
	    cmocka_unit_test(test_accounting),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
