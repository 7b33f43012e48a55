/*
 * Unit tests of what stands around and beside payloads: wrappers, headers, signatures, times.
 * Digests were computed by the openssl command line with the secret `made-up secret`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "rules/signature.h"
#include "rules/timestamp.h"
#include "rules/wrapper.h"

/* Of no wrapper. */
#define WRAPPER_NONE ((enum wrapper_form) - 1)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- wrappers -------------------------------------------------------------------------------- */

#define ENTRY "{\"entry\":[]}"
#define ENTRY_TEXT "\"{\\\"entry\\\":[]}\""

static const struct {
	const char *object;
	enum wrapper_form form;
	const char *inner; /* of the first */
} wrappers[] = {
    /* payloads */
    {"{}", WRAPPER_NONE, NULL},
    {"{\"object\":\"whatsapp_business_account\",\"entry\":[{}]}", WRAPPER_NONE, NULL},
    {"{\"entry\":[],\"body\":" ENTRY "}", WRAPPER_NONE, NULL},
    {"{\"body\":" ENTRY ",\"entry\" : []}", WRAPPER_NONE, NULL},
    {"{\"changes\":[],\"data\":" ENTRY "}", WRAPPER_NONE, NULL},
    {"{\"data\":" ENTRY ",\"field\":\"history\",\"value\":{}}", WRAPPER_NONE, NULL},
    {"{\"payload\":" ENTRY ",\"history\":[]}", WRAPPER_NONE, NULL},
    {"{\"payload\":" ENTRY ",\"state_sync\":[]}", WRAPPER_NONE, NULL},
    {"{\"payload\":" ENTRY ",\"messages\":[]}", WRAPPER_NONE, NULL},
    {"{\"payload\":" ENTRY ",\"message_echoes\":[]}", WRAPPER_NONE, NULL},
    {"{\"payload\":" ENTRY ",\"statuses\":[]}", WRAPPER_NONE, NULL},
    {"{\"context\":{},\"whatsAppWebhookEntry\":\"{}\",\"data\":" ENTRY "}", WRAPPER_NONE, NULL},
    {"{\"id\":\"1\",\"event\":\"history\",\"data\":{\"history\":[]}}", WRAPPER_NONE, NULL},
    {"{\"data\":{\"history\":[]},\"event\":\"history\",\"id\":\"1\"}", WRAPPER_NONE, NULL},
    {"{\"id\":\"e\",\"type\":\"whatsapp.smb.history\",\"data\":" ENTRY "}", WRAPPER_NONE, NULL},
    {"{\"data\":{\"event_type\":\"message.echo\",\"payload\":{\"body\":{\"type\":\"text\"}}}}",
	WRAPPER_NONE, NULL},
    {"{\"app\":\"a\",\"type\":\"message\",\"payload\":{\"id\":\"1\",\"payload\":{\"text\":\"{\"}}}",
	WRAPPER_NONE, NULL},
    {"{\"data\":\"no JSON\"}", WRAPPER_NONE, NULL},
    {"{\"data\":\"{\"}", WRAPPER_TEXT, "\"{\""},
    {"{\"data\":\"[\"}", WRAPPER_TEXT, "\"[\""},
    {"{\"data\":5,\"payload\":null}", WRAPPER_NONE, NULL},
    {"{\"Records\":[{\"s3\":{}}]}", WRAPPER_NONE, NULL},
    {"{\"Type\":\"SubscriptionConfirmation\",\"Message\":\"You have\"}", WRAPPER_NONE, NULL},
    {"{\"Message\":" ENTRY_TEXT "}", WRAPPER_NONE, NULL},
    /* loggers' members */
    {"{\"body\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"body\":[" ENTRY "]}", WRAPPER_VALUE, "[" ENTRY "]"},
    {"{\"body\":" ENTRY_TEXT "}", WRAPPER_TEXT, ENTRY_TEXT},
    {"{\"query_params\":{},\"body_params\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"timestamp\":1,\"payload\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"payload\":\" \\n\\ufeff {}\"}", WRAPPER_TEXT, "\" \\n\\ufeff {}\""},
    {"{\"data\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"data\":{\"payload\":" ENTRY "}}", WRAPPER_VALUE, "{\"payload\":" ENTRY "}"},
    {"{\"event\":\"webhook\",\"body\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"event\":\"webhook\",\"data\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"data\":" ENTRY_TEXT ",\"event\":\"webhook\"}", WRAPPER_TEXT, ENTRY_TEXT},
    {"{\"messages\":3,\"statuses\":\"x\",\"body\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"body\":{\"id\":\"1\",\"event\":\"e\",\"data\":{}}}", WRAPPER_VALUE,
	"{\"id\":\"1\",\"event\":\"e\",\"data\":{}}"},
    {"{\"payload\":{\"id\":\"1\",\"event\":\"e\",\"data\":{}}}", WRAPPER_VALUE,
	"{\"id\":\"1\",\"event\":\"e\",\"data\":{}}"},
    {"{\"type\":\"http.request.received\",\"body\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"data\":{\"type\":\"whatsapp.smb.history\"}}", WRAPPER_VALUE,
	"{\"type\":\"whatsapp.smb.history\"}"},
    /* a dialect, which decode reads */
    {"{\"eventDetails\":{\"rawEvent\":" ENTRY "}}", WRAPPER_NONE, NULL},
    {"{\"payload\":{\"eventDetails\":{\"rawEvent\":{}}}}", WRAPPER_VALUE,
	"{\"eventDetails\":{\"rawEvent\":{}}}"},
    {"{\"data\":{\"whatsAppWebhookEntry\":{}}}", WRAPPER_VALUE, "{\"whatsAppWebhookEntry\":{}}"},
    /* of several the one in which a payload lies */
    {"{\"body\":{\"a\":1},\"data\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"payload\":{\"a\":1},\"data\":" ENTRY "}", WRAPPER_VALUE, ENTRY},
    {"{\"data\":" ENTRY ",\"body\":" ENTRY_TEXT "}", WRAPPER_TEXT, ENTRY_TEXT},
    {"{\"body_params\":" ENTRY ",\"body\":" ENTRY_TEXT "}", WRAPPER_TEXT, ENTRY_TEXT},
    {"{\"body\":" ENTRY_TEXT ",\"body_base64\":\"e30=\"}", WRAPPER_BASE64, "\"e30=\""},
    /* data beside an event: the list of a value is 360dialog's */
    {"{\"event\":\"e\",\"data\":{\"body\":" ENTRY_TEXT "}}", WRAPPER_VALUE,
	"{\"body\":" ENTRY_TEXT "}"},
    {"{\"event\":\"e\",\"data\":{\"changes\":[]}}", WRAPPER_VALUE, "{\"changes\":[]}"},
    {"{\"event\":\"e\",\"data\":{\"statuses\":[]}}", WRAPPER_NONE, NULL},
    {"{\"event\":\"e\",\"data\":{\"phone_number\":\"1\"}}", WRAPPER_NONE, NULL},
    /* a line of an archive of our own: what a customer wrote is no payload */
    {"{\"body\":" ENTRY_TEXT ",\"conversation_id\":\"1\",\"thread_id\":\"1\",\"wamid\":\"w\"}",
	WRAPPER_NONE, NULL},
    {"{\"payload\":" ENTRY ",\"thread_id\":\"1\",\"wamid\":\"w\"}", WRAPPER_VALUE, ENTRY},
    {"{\"body\":" ENTRY_TEXT ",\"content_sha256\":\"0\",\"stream\":1,\"wamid\":\"w\"}",
	WRAPPER_NONE, NULL},
    {"{\"payload\":" ENTRY ",\"thread_id\":\"1\",\"stream\":1,\"wamid\":\"w\"}", WRAPPER_VALUE,
	ENTRY},
    /* what holds nothing but payloads */
    {"{\"body\":\"no JSON\"}", WRAPPER_TEXT, "\"no JSON\""},
    {"{\"Body\":\"no JSON\"}", WRAPPER_TEXT, "\"no JSON\""},
    {"{\"body\":{\"a\":1}}", WRAPPER_VALUE, "{\"a\":1}"},
    {"{\"body\":null}", WRAPPER_NONE, NULL},
    {"{\"body_base64\":\"e30=\"}", WRAPPER_BASE64, "\"e30=\""},
    {"{\"body\":\"e30=\",\"isBase64Encoded\":true}", WRAPPER_BASE64, "\"e30=\""},
    {"{\"body\":\"{}\",\"isBase64Encoded\":false}", WRAPPER_TEXT, "\"{}\""},
    {"{\"data\":{\"body_base64\":\"e30=\"}}", WRAPPER_VALUE, "{\"body_base64\":\"e30=\"}"},
    /* queues */
    {"{\"Type\":\"Notification\",\"Message\":" ENTRY_TEXT "}", WRAPPER_TEXT, ENTRY_TEXT},
    {"{\"Type\":\"Notification\",\"Message\":\"hello\"}", WRAPPER_TEXT, "\"hello\""},
    {"{\"Records\":[{\"body\":" ENTRY_TEXT "}]}", WRAPPER_VALUE, "[{\"body\":" ENTRY_TEXT "}]"},
    {"{\"Messages\":[{\"Body\":\"{}\"}]}", WRAPPER_VALUE, "[{\"Body\":\"{}\"}]"},
    {"{\"MessageId\":\"1\",\"Body\":\"{}\"}", WRAPPER_TEXT, "\"{}\""},
    {"{\"Records\":[{\"Sns\":{\"Type\":\"Notification\",\"Message\":\"{}\"}}]}", WRAPPER_VALUE,
	"[{\"Sns\":{\"Type\":\"Notification\",\"Message\":\"{}\"}}]"},
};

/* The first, how many in *count; of none its form says so. */
static struct wrapper
find_first(struct str object, struct wrapper found[WRAPPER_PLACES], size_t *count)
{
	*count = wrapper_find(object, found);
	return *count == 0 ? (struct wrapper){.form = WRAPPER_NONE} : found[0];
}

static void
test_wrappers(void **state)
{
	struct wrapper found[WRAPPER_PLACES];
	size_t count;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrappers); i++) {
		struct str object = str_of(wrappers[i].object);
		struct wrapper got;

		assert_int_equal(json_check(object.ptr, object.len).fault, JSON_OK);
		got = find_first(object, found, &count);
		if (got.form != wrappers[i].form || !str_is(got.inner, wrappers[i].inner))
			fail_msg("%s gives form %d, `%.*s`", object.ptr, (int)got.form,
			    STR_ARG(got.inner));
	}
}

/* Nothing of several payloads is lost, and of the forms of one body one is taken. */
static void
test_several(void **state)
{
	static const struct {
		const char *object;
		size_t count;
		const char *last;
	} cases[] = {
	    {"{\"data\":" ENTRY ",\"body\":" ENTRY_TEXT "}", 2, ENTRY},
	    {"{\"payload\":" ENTRY ",\"data\":{\"changes\":[]}}", 2, "{\"changes\":[]}"},
	    {"{\"payload\":" ENTRY ",\"data\":{\"a\":1}}", 1, ENTRY},
	    {"{\"body\":" ENTRY ",\"Body\":" ENTRY_TEXT "}", 2, ENTRY_TEXT},
	    {"{\"Type\":\"Notification\",\"body\":" ENTRY ",\"Message\":" ENTRY_TEXT "}", 2,
		ENTRY_TEXT},
	    {"{\"body\":" ENTRY ",\"Records\":[{\"body\":" ENTRY_TEXT "}]}", 2,
		"[{\"body\":" ENTRY_TEXT "}]"},
	    /* the capture of one request, with a copy */
	    {"{\"headers\":{},\"body\":" ENTRY_TEXT ",\"payload\":" ENTRY "}", 1, ENTRY_TEXT},
	    {"{\"body_params\":" ENTRY ",\"body\":" ENTRY_TEXT "}", 1, ENTRY_TEXT},
	    {"{\"body\":" ENTRY_TEXT ",\"body_base64\":\"e30=\"}", 1, "\"e30=\""},
	    {"{\"body\":\"no JSON\",\"Body\":\"nor this\"}", 1, "\"no JSON\""},
	};
	struct wrapper found[WRAPPER_PLACES];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t count = wrapper_find(str_of(cases[i].object), found);

		if (count != cases[i].count || !str_is(found[count - 1].inner, cases[i].last))
			fail_msg("%s: %zu places", cases[i].object, count);
	}
}

static void
add_times(char text[256], size_t times, const char *piece)
{
	for (size_t i = 0; i < times; i++)
		strncat(text, piece, 255 - strlen(text));
}

/* Levels of `data` around a payload: as many as are unwrapped, and one more; an array is one, too.
 */
static void
test_depth(void **state)
{
	static const struct {
		const char *before;
		const char *behind;
		size_t levels;
	} cases[] = {{"{\"data\":", "}", 1}, {"{\"data\":[", "]}", 2}};
	struct wrapper found[WRAPPER_PLACES];
	size_t count;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (size_t levels = 1; levels <= WRAPPER_MAX_DEPTH + 2; levels++) {
			size_t times = levels / cases[i].levels;
			char text[256] = "";

			add_times(text, times, cases[i].before);
			add_times(text, 1, ENTRY);
			add_times(text, times, cases[i].behind);
			if (times > 0)
				assert_int_equal(find_first(str_of(text), found, &count).form,
				    times * cases[i].levels <= WRAPPER_MAX_DEPTH ? WRAPPER_VALUE
										 : WRAPPER_NONE);
		}
}

/* A payload's large member is not looked at: here most of it is not even there, but for the rest of
 * the block that its key stands in. */
static void
test_looks_no_further(void **state)
{
	char *text = strdup("{\"object\":\"x\",\"entry\":[[[[[[[[[[");
	struct wrapper found[WRAPPER_PLACES];

	(void)state;
	assert_int_equal(wrapper_find((struct str){text, (size_t)1 << 30}, found), 0);
	free(text);
}

static void
test_beside(void **state)
{
	static const struct {
		const char *object;
		const char *received_at;
		const char *headers;
	} cases[] = {
	    {"{\"received_at\":12,\"headers\":{\"a\":\"b\"},\"body\":\"{}\"}", "12",
		"{\"a\":\"b\"}"},
	    {"{\"body\":\"{}\"}", NULL, NULL},
	    {"{\"Type\":\"Notification\",\"Timestamp\":\"t\",\"Message\":\"{}\"}", "\"t\"", NULL},
	    {"{\"Timestamp\":\"t\",\"body\":\"{}\"}", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct wrapper found[WRAPPER_PLACES];
		size_t count;
		struct wrapper got = find_first(str_of(cases[i].object), found, &count);

		assert_true(str_is(got.received_at, cases[i].received_at));
		assert_true(str_is(got.headers, cases[i].headers));
	}
}

/* ---- headers --------------------------------------------------------------------------------- */

static const struct {
	const char *headers;
	const char *value; /* of X-Sig */
} headers[] = {
    {"{\"X-Sig\":\"1\"}", "\"1\""},
    {"{\"a\":\"2\",\"x-sig\":\"1\",\"b\":{\"x-sig\":\"3\"}}", "\"1\""},
    {"{\"X-SIG\":[\"1\",\"2\"]}", "\"1\""},
    {"[[\"a\",\"2\"],[\"x-Sig\",\"1\"]]", "\"1\""},
    {"[{\"name\":\"a\",\"value\":\"2\"},{\"value\":\"1\",\"name\":\"x-sig\"}]", "\"1\""},
    {"{\"X-Sig\":1}", NULL},
    {"{\"X-Sig\":[]}", NULL},
    {"{\"X-Sig2\":\"1\",\"X-Si\":\"1\"}", NULL},
    {"[[\"x-sig\"],[],5,\"x-sig\",{\"name\":\"x-sig\"}]", NULL},
    {"\"X-Sig: 1\"", NULL},
    {NULL, NULL},
};

static void
test_headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		struct str got = wrapper_header(str_of(headers[i].headers), "X-Sig");

		if (!str_is(got, headers[i].value))
			fail_msg("%s gives `%.*s`", headers[i].headers, STR_ARG(got));
	}
}

/* ---- signatures ------------------------------------------------------------------------------ */

#define BODY "{\"entry\":[{\"id\":\"1\"}]}"
#define BODY_HEX "8430f0641b4a67575aa91b309ab10b345c2ddc2424d60d378cb14c497819983c"
#define BODY_LF_HEX "523e987d2cdf327346a66ceb72ecb82beb94edd69707d75ca37e23d8901ab33a"
#define BODY_BOM_HEX "b907ce3d3cfae12c475828d0abbf3bcc4131c5dd731f254919ab29d8080b709e"
#define EMPTY_HEX "013e1b5114774331159ae8ea1825e6b90cedd3ecff19aa341996c85ddb26cbcd"
/* of the body without its first three letters, and of "5." and the body */
#define BODY_REST_HEX "dfcc7c2f833b6eedfe306f4c0742ee883bbf9238450b9407478b90c104bc4dac"
#define BODY_5_HEX "48f72e7b0949a5821c753ce8ecdfad9730802ce92dee0608f914dfc9ed3deaa1"
#define BODY_BOM_LF_HEX "0f8c37da31af8e5cff708a2d9adde2da6dd596a9b24ea3245542cc7c74dfa39e"
#define BODY_AT_HEX "190d95287f44297c96f52a2e9dbd90fab9965611c024af9b92740495e23a4d0f"

enum { HUB, YCLOUD };

static const struct {
	size_t header;
	const char *value;
	const char *body;
	enum signature signature;
} signatures[] = {
    {HUB, "sha256=" BODY_HEX, BODY, SIGNATURE_VALID},
    {HUB, " sha256=" BODY_HEX " ", BODY, SIGNATURE_VALID},
    {HUB, "sha256=8430F0641B4A67575AA91B309AB10B345C2DDC2424D60D378CB14C497819983C", BODY,
	SIGNATURE_VALID},
    {HUB, "sha256=" BODY_HEX, "\xEF\xBB\xBF" BODY, SIGNATURE_VALID},
    {HUB, "sha256=" BODY_HEX, BODY "\n", SIGNATURE_VALID},
    {HUB, "sha256=" BODY_HEX, "\xEF\xBB\xBF" BODY "\r\n", SIGNATURE_VALID},
    {HUB, "sha256=" BODY_LF_HEX, BODY "\n", SIGNATURE_VALID},
    {HUB, "sha256=" BODY_BOM_HEX, "\xEF\xBB\xBF" BODY, SIGNATURE_VALID},
    {HUB, "sha256=" EMPTY_HEX, "\xEF\xBB\xBF", SIGNATURE_VALID},
    {HUB, "sha256=" EMPTY_HEX, "\n", SIGNATURE_VALID},
    {HUB, "sha256=" BODY_BOM_LF_HEX, "\xEF\xBB\xBF" BODY "\n", SIGNATURE_VALID},
    {HUB, "sha256=" BODY_REST_HEX, BODY, SIGNATURE_INVALID}, /* these three are no BOM */
    {HUB, "sha256=" BODY_LF_HEX, BODY, SIGNATURE_INVALID},
    {HUB, "sha256=" BODY_HEX, BODY " ", SIGNATURE_INVALID},
    {HUB, "sha256=" BODY_HEX, "{\"entry\": [{\"id\":\"1\"}]}", SIGNATURE_INVALID},
    {HUB, BODY_HEX, BODY, SIGNATURE_INVALID},
    {HUB, "sha1=" BODY_HEX, BODY, SIGNATURE_INVALID},
    {HUB, "sha256=", BODY, SIGNATURE_INVALID},
    {HUB, "sha256=" BODY_HEX "00", BODY, SIGNATURE_INVALID},
    {HUB, "", BODY, SIGNATURE_INVALID},
    {HUB, "sha256=" BODY_AT_HEX, BODY, SIGNATURE_INVALID},
    {YCLOUD, "t=1767225600,s=" BODY_AT_HEX, BODY, SIGNATURE_VALID},
    {YCLOUD, "s=" BODY_AT_HEX ", t=1767225600", BODY, SIGNATURE_VALID},
    {YCLOUD, "t=1767225600,s=" BODY_AT_HEX, BODY "\n", SIGNATURE_VALID},
    {YCLOUD, "t=5,s=" BODY_5_HEX, BODY, SIGNATURE_VALID},
    {YCLOUD, "t=1767225601,s=" BODY_AT_HEX, BODY, SIGNATURE_INVALID},
    {YCLOUD, "s=" BODY_AT_HEX, BODY, SIGNATURE_INVALID},
    {YCLOUD, "t=,s=" BODY_HEX, BODY, SIGNATURE_INVALID},
    {YCLOUD, "t=1767225600", BODY, SIGNATURE_INVALID},
    {YCLOUD, "sha256=" BODY_HEX, BODY, SIGNATURE_INVALID},
};

static void
test_signatures(void **state)
{
	(void)state;
	assert_int_equal(signature_header_count, 2);
	assert_string_equal(signature_headers[HUB], "X-Hub-Signature-256");
	assert_string_equal(signature_headers[YCLOUD], "YCloud-Signature");
	for (size_t i = 0; i < COUNT_OF(signatures); i++) {
		struct str value = str_of(signatures[i].value), body = str_of(signatures[i].body);

		if (signature_check(signatures[i].header, value, STR_LIT("made-up secret"), body) !=
		    signatures[i].signature)
			fail_msg("%s", value.ptr);
		assert_int_not_equal(
		    signature_check(signatures[i].header, value, STR_LIT("made-up secre"), body),
		    SIGNATURE_VALID);
		assert_int_equal(signature_check(signatures[i].header, value, STR_NULL, body),
		    SIGNATURE_UNCHECKED);
	}
}

/* ---- times ----------------------------------------------------------------------------------- */

#define SECOND INT64_C(1767225600) /* 2026-01-01T00:00:00Z */
#define US INT64_C(1000000)

static const struct {
	const char *text;
	int64_t us;
} times[] = {
    {"1767225600", SECOND *US},
    {"1767225600123", SECOND *US + 123000},
    {"2026-01-01T01:00:00+01:00", SECOND *US},
    {"1767225600.25", SECOND *US + 250000},
    {"1767225600.1234567", SECOND *US + 123456},
    {"1767225600123.9", SECOND *US + 123000},
    {"1767225600000.5", SECOND *US},
    {"1767225600000.5x", TIME_NONE},
    {"1767225600.", SECOND *US},
    {"1767225600.05", SECOND *US + 50000},
    {"1767225600.2x", TIME_NONE},
    {"2026-01-01 00:00:00+00", SECOND *US},
    {"2026-01-01 00:00:00.5-01", (SECOND + 3600) * US + 500000},
    {"2026-01-01 00:00:00", TIME_NONE},
    {"2026-01-01", TIME_NONE},
    {"1.5", TIME_NONE},
    {".5", TIME_NONE},
    {"+01", TIME_NONE},
    {"", TIME_NONE},
    {"2026-01-01T00:00:00.00000000000000000000000000000000000000000000000000000000+00", TIME_NONE},
    /* 61 letters are the most, with 62 there would be no room for the rest of the zone */
    {"2026-01-01 00:00:00.00000000000000000000000000000000000000+00", SECOND *US},
    {"2026-01-01 00:00:00.000000000000000000000000000000000000000+00", TIME_NONE},
    {NULL, TIME_NONE},
};

static void
test_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++)
		if (timestamp_parse_noted(str_of(times[i].text)) != times[i].us)
			fail_msg("%s", times[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wrappers),
	    cmocka_unit_test(test_several),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_looks_no_further),
	    cmocka_unit_test(test_beside),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_signatures),
	    cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests_name("rules_wrapper", tests, NULL, NULL);
}
