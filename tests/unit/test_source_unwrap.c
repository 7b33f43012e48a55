/*
 * Unit tests of unwrapping and of handed-over documents: what goes in are documents, what comes out
 * are payloads with their names, faults, times and signatures. What is a wrapper:
 * test_rules_wrapper.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/time.h"
#include "rules/signature.h"
#include "source/source.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

#define MAX_DOCUMENTS 4
#define MAX_PAYLOADS 8 /* of a case */

struct unwrap_case {
	const char *name;
	const char *secret;
	bool requires_signature;
	struct document documents[MAX_DOCUMENTS];
	/* a line a payload: source, fault or `good`, signature and its header, seconds since
	 * 2026-01-01 or -, bytes */
	const char *wanted;
};

#define BODY "{\"entry\":[{\"id\":\"1\"}]}"
#define BODY_IN "{\\\"entry\\\":[{\\\"id\\\":\\\"1\\\"}]}"
#define BODY_64 "eyJlbnRyeSI6W3siaWQiOiIxIn1dfQ=="
#define SIGN "sha256=8430f0641b4a67575aa91b309ab10b345c2ddc2424d60d378cb14c497819983c"
#define BAD "sha256=0430f0641b4a67575aa91b309ab10b345c2ddc2424d60d378cb14c497819983c"
#define CLOUD_SIGN "t=1767225600,s=190d95287f44297c96f52a2e9dbd90fab9965611c024af9b92740495e23a4d0f"
/* A capture with a bad signature, and the good one of the whole. */
#define AROUND "{\"headers\":{\"x-hub-signature-256\":\"sha256=00\"},\"body\":" BODY "}"
#define AROUND_SIGN "sha256=9b5a0c5f567cc18332e64c2ff34e089a7014f70fba40b38c03320006a8d1cba3"
#define SECRET "made-up secret"
#define LETTERS_50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define LETTERS_200 LETTERS_50 LETTERS_50 LETTERS_50 LETTERS_50

/* One document, named d. */
#define D(text) \
	{ \
		{ \
			.bytes = S(text), .name = S("d") \
		} \
	}

static const struct unwrap_case unwrap_cases[] = {
    {"a payload", NULL, false, D(BODY), "d good absent  - " BODY "\n"},
    {"JSON in a string", NULL, false, D("{\"body\":\"" BODY_IN "\"}"),
	"d good absent  - " BODY "\n"},
    {"a capture", NULL, false,
	D("{\"received_at\":\"2026-01-01T00:00:10Z\",\"headers\":{},\"body\":\"" BODY_IN "\"}"),
	"d good absent  10 " BODY "\n"},
    {"as it stands", NULL, false, D("{\"received_at\":1767225611.5,\"body\": {\"a\" : 1 } }"),
	"d good absent  11 {\"a\" : 1 }\n"},
    {"base64", NULL, false, D("{\"body_base64\":\"" BODY_64 "\"}"), "d good absent  - " BODY "\n"},
    {"outer white space and a mark are dropped", NULL, false,
	D("{\"body\":\"\\ufeff \\n" BODY_IN "\\r\\n\"}"), "d good absent  - " BODY "\n"},
    {"escapes of the inner text stay", NULL, false,
	D("{\"body\":\"{\\\"t\\\":\\\"\\\\u00e9\\u00e9\\\\n\\\\\\\"\\\\/\\/\\\"}\"}"),
	"d good absent  - {\"t\":\"\\u00e9\xC3\xA9\\n\\\"\\//\"}\n"},
    {"bytes that are not UTF-8 stay", SECRET, false,
	D("{\"headers\":{\"x-hub-signature-256\":\"sha256="
	  "cada61c3f76655395d52149ade9188b7e024f143604db80b81936afd151316a5\"},"
	  "\"body\":\"{\\\"t\\\":\\\"\xFF\\\"}\"}"),
	"d good valid "
	"sha256=cada61c3f76655395d52149ade9188b7e024f143604db80b81936afd151316a5"
	" - {\"t\":\"\xFF\"}\n"},
    {"lines of a log", NULL, false,
	D("{\"data\":" BODY "}\n{\"payload\":\"" BODY_IN "\"}\n{\"history\":[]}\n"),
	"d:1 good absent  - " BODY "\nd:2 good absent  - " BODY
	"\nd:3 good absent  - {\"history\":[]}\n"},
    {"elements of arrays, outside and inside", NULL, false,
	D("[{\"body\":[" BODY ",{\"a\":1},5]},{\"body\":\"[" BODY_IN "]\"}]"),
	"d:1[0][0] good absent  - " BODY "\nd:1[0][1] good absent  - {\"a\":1}\n"
	"d:1[0][2] good absent  - 5\nd:1[1][0] good absent  - " BODY "\n"},
    {"two members", NULL, false, D("{\"payload\":\"" BODY_IN "\",\"data\":" BODY "}"),
	"d good absent  - " BODY "\nd good absent  - " BODY "\n"},
    {"an empty array", NULL, false, D("{\"body\":[]}"), "d good absent  - []\n"},
    {"SNS in SQS", NULL, false,
	D("{\"Records\":[{\"messageId\":\"m\",\"body\":\"{\\\"Type\\\":\\\"Notification\\\","
	  "\\\"Timestamp\\\":\\\"2026-01-01T00:00:12.345Z\\\",\\\"Message\\\":\\\"{\\\\\\\"entry"
	  "\\\\\\\":[]}\\\"}\"},{\"messageId\":\"n\",\"body\":\"" BODY_IN "\"}]}"),
	"d[0] good absent  12 {\"entry\":[]}\nd[1] good absent  - " BODY "\n"},
    {"AWS's own message is a payload", NULL, false,
	D("{\"Type\":\"Notification\",\"Message\":\"{\\\"whatsAppWebhookEntry\\\":\\\"{}\\\"}\"}"),
	"d good absent  - {\"whatsAppWebhookEntry\":\"{}\"}\n"},
    {"of two times the earlier", NULL, false,
	D("{\"received_at\":1767225620,\"body\":{\"received_at\":1767225613,\"body\":" BODY "}}\n"
	  "{\"received_at\":1767225614,\"body\":{\"received_at\":1767225620,\"body\":" BODY "}}\n"
	  "{\"received_at\":1767225615,\"body\":{\"received_at\":\"soon\",\"body\":" BODY "}}"),
	"d:1 good absent  13 " BODY "\nd:2 good absent  14 " BODY "\nd:3 good absent  15 " BODY
	"\n"},
    {"a header that is longer than any signature is cut", NULL, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"" LETTERS_200 "x\"},\"body\":" BODY "}\n"
	  "{\"headers\":{\"X-Hub-Signature-256\":\"" LETTERS_200 "\"},\"body\":" BODY "}"),
	"d:1 good unchecked " LETTERS_200 " - " BODY "\nd:2 good unchecked " LETTERS_200 " - " BODY
	"\n"},
    /* eight are opened, the ninth is the payload */
    {"too deep", NULL, false,
	D("{\"body\":{\"body\":{\"body\":{\"body\":{\"body\":{\"body\":{\"body\":{\"body\":"
	  "{\"body\":{}}}}}}}}}}"),
	"d good absent  - {\"body\":{}}\n"},
    {"arrays, too deep", NULL, false, D("{\"body\":[[[[[[[[[5]]]]]]]]]}"),
	"d[0][0][0][0][0][0][0] good absent  - [[5]]\n"},
    /* faults */
    {"no JSON", NULL, false, D("{\"body\":\" hello \"}"), "d not_json absent  - hello\n"},
    {"nothing", NULL, false, D("{\"body\":\" \\n\"}"), "d empty absent  - \n"},
    {"cut", NULL, false, D("{\"body\":\"{\\\"entry\\\":[\"}"),
	"d json_truncated absent  - {\"entry\":[\n"},
    {"broken", NULL, false, D("{\"payload\":\"{'entry':[]}\"}"),
	"d json_syntax absent  - {'entry':[]}\n"},
    {"two in a string", NULL, false, D("{\"body\":\"{}{}\"}"), "d json_syntax absent  - {}{}\n"},
    {"no base64", NULL, false, D("{\"body_base64\":\"e30\\u003d*\"}"),
	"d not_json absent  - e30=*\n"},
    {"a broken wrapper", NULL, false, D("{\"body\":\"{}\",x"),
	"d json_syntax absent  - {\"body\":\"{}\",x\n"},
    {"an array is no wrapper", NULL, false, D("[[\"body\",{\"a\":1}]]"),
	"d:1[0] good absent  - [\"body\",{\"a\":1}]\n"},
    {"a broken one among good ones", NULL, false,
	D("{\"Messages\":[{\"Body\":\"" BODY_IN "\"},{\"Body\":\"{\"},{\"Body\":\"{}\"}]}"),
	"d[0] good absent  - " BODY "\nd[1] json_truncated absent  - {\nd[2] good absent  - {}\n"},
    /* signatures */
    {"valid", SECRET, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"" SIGN "\"},\"body\":\"" BODY_IN "\"}"),
	"d good valid " SIGN " - " BODY "\n"},
    {"of an object as it stands", SECRET, false,
	D("{\"headers\":[[\"x-hub-signature-256\",\"" SIGN "\"]],\"body\": " BODY " }"),
	"d good valid " SIGN " - " BODY "\n"},
    {"of base64", SECRET, false,
	D("{\"body_base64\":\"" BODY_64 "\",\"headers\":\"{\\\"X-HUB-SIGNATURE-256\\\":\\\"" SIGN
	  "\\\"}\"}"),
	"d good valid " SIGN " - " BODY "\n"},
    {"of headers in a string, with white space", SECRET, false,
	D("{\"body\":\"" BODY_IN "\",\"headers\":\" {\\\"X-HUB-SIGNATURE-256\\\":\\\"" SIGN
	  "\\\"}\\n\"}"),
	"d good valid " SIGN " - " BODY "\n"},
    {"headers in a string with something behind", SECRET, false,
	D("{\"body\":\"" BODY_IN "\",\"headers\":\"{\\\"X-HUB-SIGNATURE-256\\\":\\\"" SIGN
	  "\\\"}}\"}"),
	"d good absent  - " BODY "\n"},
    {"of YCloud", SECRET, false,
	D("{\"headers\":[{\"name\":\"YCloud-Signature\",\"value\":\"" CLOUD_SIGN
	  "\"}],\"body\":\"" BODY_IN "\\n\"}"),
	"d good valid " CLOUD_SIGN " - " BODY "\n"},
    {"of two the better", SECRET, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"" BAD "\",\"YCloud-Signature\":\"" CLOUD_SIGN
	  "\"},\"body\":\"" BODY_IN "\"}"),
	"d good valid " CLOUD_SIGN " - " BODY "\n"},
    {"of two that are as good the first", SECRET, false,
	D("{\"headers\":{\"YCloud-Signature\":\"t=1,s=00\",\"X-Hub-Signature-256\":\"" BAD
	  "\"},\"body\":\"" BODY_IN "\"}"),
	"d good invalid " BAD " - " BODY "\n"},
    {"of a wrapper and of what lies in it the better", SECRET, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"" AROUND_SIGN "\"},\"body\":" AROUND "}"),
	"d good valid " AROUND_SIGN " - " BODY "\n"},
    {"invalid", SECRET, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"" BAD "\"},\"body\":" BODY "}"),
	"d good invalid " BAD " - " BODY "\n"},
    {"without a secret", NULL, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"" BAD "\"},\"body\":" BODY "}"),
	"d good unchecked " BAD " - " BODY "\n"},
    {"a header of any bytes", NULL, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"a\\n\xFF\"},\"body\":{}}"),
	"d good unchecked a ? - {}\n"},
    {"headers without one", SECRET, false, D("{\"headers\":{\"Host\":\"h\"},\"body\":" BODY "}"),
	"d good absent  - " BODY "\n"},
    {"it is of the body that the headers came with", SECRET, false,
	D("{\"headers\":{\"X-Hub-Signature-256\":\"" SIGN "\"},\"body\":{\"body\":" BODY "}}\n"
	  "{\"body\":{\"headers\":{\"X-Hub-Signature-256\":\"" SIGN "\"},\"body\":" BODY "}}"),
	"d:1 good invalid " SIGN " - " BODY "\nd:2 good valid " SIGN " - " BODY "\n"},
    {"required", SECRET, true,
	D(BODY "\n{\"headers\":{\"X-Hub-Signature-256\":\"" SIGN "\"},\"body\":" BODY "}\n"
	       "{\"headers\":{\"X-Hub-Signature-256\":\"" BAD "\"},\"body\":" BODY "}\n"
	       "{\"body\":\"{\"}"),
	"d:1 signature_not_valid absent  - " BODY "\nd:2 good valid " SIGN " - " BODY
	"\nd:3 signature_not_valid invalid " BAD " - " BODY "\nd:4 json_truncated absent  - {\n"},
    /* what is handed over beside a document */
    {"rows", SECRET, false,
	{{S(BODY "\n"), S("query:1"), S("2026-01-01 00:00:20+00"),
	     S("{\"x-hub-signature-256\":\"" SIGN "\"}")},
	    {S("{\"received_at\":1767225600,\"body\":" BODY "}"), S("query:2"), S("1767225621.5"),
		{NULL, 0}},
	    {{NULL, 0}, S("query:3"), S("1767225622"), {NULL, 0}},
	    {S("{}\n{\"a\":1}"), S("query:4"), {NULL, 0}, S("no JSON")}},
	"query:1 good valid " SIGN " 20 " BODY "\nquery:2 good absent  0 " BODY
	"\nquery:3 empty absent  22 \nquery:4:1 good absent  - {}\nquery:4:2 good absent  - "
	"{\"a\":1}\n"},
    {"rows of several", NULL, false,
	{{S("{\"data\":[" BODY "," BODY "]}"), S("query:1"), {NULL, 0},
	    S("{\"X-Hub-Signature-256\":\"" BAD "\"}")}},
	"query:1[0] good unchecked " BAD " - " BODY "\nquery:1[1] good unchecked " BAD " - " BODY
	"\n"},
    {"rows that are no documents", NULL, false,
	{{S(""), S("query:1"), {NULL, 0}, {NULL, 0}},
	    {S("hello"), S("query:2"), {NULL, 0}, {NULL, 0}},
	    {S("{\"a\":"), S("query:3"), {NULL, 0}, {NULL, 0}},
	    {{NULL, 0}, S("query:4"), {NULL, 0}, S("{\"X-Hub-Signature-256\":\"" BAD "\"}")}},
	"query:1 empty absent  - \nquery:2 not_json absent  - hello\n"
	"query:3 json_truncated absent  - {\"a\":\nquery:4 empty unchecked " BAD " - \n"},
};

struct hand {
	const struct document *documents;
	size_t given;
	size_t fail_at;
};

static int
next_document(void *state, struct arena *a, struct document *out, struct err *e)
{
	struct hand *h = state;
	const struct document *d = &h->documents[h->given];

	if (h->fail_at > 0 && h->given + 1 == h->fail_at)
		return err_set(e, ERR_USAGE, "the query failed");
	if (h->given == MAX_DOCUMENTS || d->name.ptr == NULL)
		return 0;
	h->given++;
	*out = (struct document){arena_copy(a, d->bytes), arena_copy(a, d->name),
	    arena_copy(a, d->received_at), arena_copy(a, d->headers)};
	return 1;
}

static void
put_payload(struct buf *out, const struct payload *p)
{
	const struct sha256 hash = sha256_of(p->bytes.ptr, p->bytes.len);

	assert_memory_equal(&p->sha256, &hash, sizeof(hash));
	assert_int_equal(p->size_bytes, p->bytes.len);
	assert_int_equal(p->bytes.ptr[p->bytes.len], '\0');
	assert_int_equal(p->fault != NULL, p->fault_text.len > 0);
	/* copied, not printed: ASan looks at that */
	buf_put_str(out, p->source);
	buf_printf(
	    out, " %s %s ", p->fault == NULL ? "good" : p->fault, signature_names[p->signature]);
	buf_put_str(out, p->signature_header);
	buf_put_char(out, ' ');
	if (p->received_at_us == TIME_NONE)
		buf_put_char(out, '-');
	else
		buf_printf(out, "%d", (int)(p->received_at_us / 1000000 - INT64_C(1767225600)));
	buf_printf(out, " %.*s\n", STR_ARG(p->bytes));
}

static struct source *
open_case(const struct unwrap_case *c, struct hand *h)
{
	struct err e = {0};
	const struct source_options options = {
	    .max_payload_bytes = SOURCE_MAX_PAYLOAD,
	    .documents = {next_document, h},
	    .app_secret = str_of(c->secret),
	    .requires_signature = c->requires_signature,
	};

	*h = (struct hand){.documents = c->documents};
	return source_open(NULL, 0, &options, &e);
}

static void
assert_wanted(const struct unwrap_case *c, struct buf *out)
{
	if (strcmp(buf_str(out).ptr, c->wanted) != 0)
		fail_msg("%s:\n%swanted:\n%s", c->name, buf_str(out).ptr, c->wanted);
	buf_free(out);
}

/*
 * With an arena for each payload, as the reader has one for some hundred: what waits must not lie
 * in one that is gone.
 */
static void
test_unwrapping(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unwrap_cases); i++) {
		struct hand hand;
		struct source *s = open_case(&unwrap_cases[i], &hand);
		struct payload_iterator it = source_iterator(s);
		struct arena *a = arena_new();
		struct payload got;
		struct err e = {0};
		struct buf out;
		int given;

		buf_init(&out, 1 << 16);
		while ((given = it.next(it.state, a, &got, &e)) == 1) {
			put_payload(&out, &got);
			arena_free(a);
			a = arena_new();
		}
		assert_int_equal(given, 0);
		assert_wanted(&unwrap_cases[i], &out);
		arena_free(a);
		source_close(s);
	}
}

/* And as long as that arena is there all of them stay as they were given. */
static void
test_payloads_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unwrap_cases); i++) {
		struct hand hand;
		struct source *s = open_case(&unwrap_cases[i], &hand);
		struct payload_iterator it = source_iterator(s);
		struct arena *a = arena_new();
		struct payload got[MAX_PAYLOADS + 1];
		struct err e = {0};
		struct buf out;
		size_t count = 0;

		buf_init(&out, 1 << 16);
		while (count <= MAX_PAYLOADS && it.next(it.state, a, &got[count], &e) == 1)
			count++;
		assert_true(count <= MAX_PAYLOADS);
		source_close(s);
		for (size_t k = 0; k < count; k++)
			put_payload(&out, &got[k]);
		assert_wanted(&unwrap_cases[i], &out);
		arena_free(a);
	}
}

/* Where in the member the fault is. */
static void
test_fault_text(void **state)
{
	static const struct {
		struct unwrap_case c;
		const char *text;
	} cases[] = {
	    {{"", NULL, false, D("{\"body\":\" {\\\"a\\\":x}\"}"), ""},
		"unexpected character at byte 6 of the text in \"body\""},
	    {{"", NULL, false, D("{\"body\":\" hello\"}"), ""},
		"neither an object nor an array begins at byte 1 of the text in \"body\""},
	    {{"", NULL, true, D(BODY), ""}, "no header with a signature was captured"},
	    {{"", NULL, true,
		 D("{\"headers\":{\"X-Hub-Signature-256\":\"" SIGN "\"},\"body\":" BODY "}"), ""},
		"its signature cannot be checked"},
	    {{"", SECRET, true,
		 D("{\"headers\":{\"X-Hub-Signature-256\":\"" BAD "\"},\"body\":" BODY "}"), ""},
		"its signature is not that of these bytes and this secret"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct hand hand;
		struct source *s = open_case(&cases[i].c, &hand);
		struct payload_iterator it = source_iterator(s);
		struct arena *a = arena_new();
		struct payload got;
		struct err e = {0};

		assert_int_equal(it.next(it.state, a, &got, &e), 1);
		assert_string_equal(got.fault_text.ptr, cases[i].text);
		arena_free(a);
		source_close(s);
	}
}

/* What hands over may fail; what it says is passed on. */
static void
test_failure(void **state)
{
	struct hand hand;
	struct source *s = open_case(&unwrap_cases[0], &hand);
	struct payload_iterator it = source_iterator(s);
	struct arena *a = arena_new();
	struct payload got;
	struct err e = {0};

	(void)state;
	hand.fail_at = 2;
	assert_int_equal(it.next(it.state, a, &got, &e), 1);
	assert_int_equal(it.next(it.state, a, &got, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	assert_int_equal(source_bytes_read(s), strlen(BODY));
	assert_int_equal(source_total_bytes(s), 0);
	arena_free(a);
	source_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_unwrapping),
	    cmocka_unit_test(test_payloads_stay),
	    cmocka_unit_test(test_fault_text),
	    cmocka_unit_test(test_failure),
	};

	return cmocka_run_group_tests_name("source_unwrap", tests, NULL, NULL);
}
