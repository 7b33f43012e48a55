/*
 * The rules about the Graph API: codes and statuses, hosts that may get the token, ids that may
 * stand in a path, addresses, waiting. What is expected is written from the Cloud API's
 * documentation
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "rules/address.h"
#include "rules/graph.h"
#include "rules/loss.h"
#include "rules/pace.h"
#include "rules/provider.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define NO_CODE GRAPH_NO_CODE

static const struct {
	int status;
	int32_t code;
	enum graph_action lookup;
	enum graph_action download;
} judge_rows[] = {
    {200, NO_CODE, GRAPH_DONE, GRAPH_DONE},
    {206, NO_CODE, GRAPH_DONE, GRAPH_DONE},
    /* the code counts, not the status */
    {400, 4, GRAPH_BACK_OFF, GRAPH_BACK_OFF},
    {400, 80007, GRAPH_BACK_OFF, GRAPH_BACK_OFF},
    {400, 130429, GRAPH_BACK_OFF, GRAPH_BACK_OFF},
    {400, 131048, GRAPH_BACK_OFF, GRAPH_BACK_OFF},
    {400, 131056, GRAPH_BACK_OFF, GRAPH_BACK_OFF},
    {400, 0, GRAPH_STOP, GRAPH_STOP},
    {401, 0, GRAPH_STOP, GRAPH_STOP},
    {401, 190, GRAPH_STOP, GRAPH_STOP},
    {400, 190, GRAPH_STOP, GRAPH_STOP},
    {500, 3, GRAPH_DENIED, GRAPH_DENIED},
    {403, 10, GRAPH_DENIED, GRAPH_DENIED},
    {403, 200, GRAPH_DENIED, GRAPH_DENIED},
    {400, 299, GRAPH_DENIED, GRAPH_DENIED},
    {403, 131005, GRAPH_DENIED, GRAPH_DENIED},
    {403, 368, GRAPH_STOP, GRAPH_STOP},
    {403, 131031, GRAPH_STOP, GRAPH_STOP},
    {400, 1, GRAPH_RETRY, GRAPH_RETRY},
    {503, 2, GRAPH_RETRY, GRAPH_RETRY},
    {500, 131000, GRAPH_RETRY, GRAPH_RETRY},
    {500, 131016, GRAPH_RETRY, GRAPH_RETRY},
    {503, 133004, GRAPH_RETRY, GRAPH_RETRY},
    {400, 33, GRAPH_GONE, GRAPH_GONE},
    {400, 100, GRAPH_GONE, GRAPH_GONE},
    {400, 131052, GRAPH_REFUSED, GRAPH_REFUSED},
    {400, 2593107, GRAPH_REFUSED, GRAPH_REFUSED},
    {400, 2593108, GRAPH_REFUSED, GRAPH_REFUSED},
    {400, 2593109, GRAPH_REFUSED, GRAPH_REFUSED},
    /* a code nobody knows: by the status */
    {400, 300, GRAPH_REFUSED, GRAPH_REFUSED},
    {400, 777777, GRAPH_REFUSED, GRAPH_REFUSED},
    {500, 777777, GRAPH_RETRY, GRAPH_RETRY},
    {200, 777777, GRAPH_REFUSED, GRAPH_REFUSED},
    /* no code at all */
    {0, NO_CODE, GRAPH_RETRY, GRAPH_RETRY},
    {429, NO_CODE, GRAPH_BACK_OFF, GRAPH_BACK_OFF},
    {401, NO_CODE, GRAPH_STOP, GRAPH_DENIED},
    {403, NO_CODE, GRAPH_DENIED, GRAPH_RENEW},
    {404, NO_CODE, GRAPH_RETRY, GRAPH_RENEW},
    {410, NO_CODE, GRAPH_RETRY, GRAPH_RENEW},
    {400, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {408, NO_CODE, GRAPH_RETRY, GRAPH_RETRY},
    {425, NO_CODE, GRAPH_RETRY, GRAPH_RETRY},
    /* the neighbours of those */
    {402, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {405, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {407, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {409, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {411, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {424, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {426, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {428, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {430, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {499, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {1, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {199, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {299, NO_CODE, GRAPH_DONE, GRAPH_DONE},
    {300, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {302, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
    {500, NO_CODE, GRAPH_RETRY, GRAPH_RETRY},
    {599, NO_CODE, GRAPH_RETRY, GRAPH_RETRY},
    {600, NO_CODE, GRAPH_REFUSED, GRAPH_REFUSED},
};

static void
test_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(judge_rows); i++) {
		enum graph_action lookup =
		    graph_judge(GRAPH_LOOKUP, judge_rows[i].status, judge_rows[i].code);
		enum graph_action download =
		    graph_judge(GRAPH_DOWNLOAD, judge_rows[i].status, judge_rows[i].code);

		if (lookup != judge_rows[i].lookup || download != judge_rows[i].download)
			fail_msg("%d, code %d: lookup %d, download %d", judge_rows[i].status,
			    (int)judge_rows[i].code, (int)lookup, (int)download);
	}
}

/* A code stands in one row only, and every row has words. */
static void
test_codes_once(void **state)
{
	int known = 0;

	(void)state;
	for (size_t i = 0; i < graph_code_count; i++) {
		assert_ptr_equal(graph_code_find(graph_codes[i].first), &graph_codes[i]);
		assert_ptr_equal(graph_code_find(graph_codes[i].last), &graph_codes[i]);
		assert_true(graph_codes[i].meaning[0] != '\0');
	}
	/* those of the documentation, of which 200 to 299 are a hundred, and no other */
	for (int32_t code = -1; code < 3000000; code++)
		known += graph_code_find(code) != NULL;
	assert_int_equal(known, 123);
	assert_null(graph_code_find(-1));
	assert_null(graph_code_find(GRAPH_NO_CODE));
	assert_string_equal(graph_meaning(429, GRAPH_NO_CODE), "too many calls");
	assert_string_equal(graph_meaning(700, GRAPH_NO_CODE), "an answer that is not understood");
}

static void
test_hosts(void **state)
{
	static const struct {
		const char *provider;
		const char *host;
		bool is_owned;
	} rows[] = {
	    {"meta", "graph.facebook.com", true},
	    {"meta", "facebook.com", true},
	    {"meta", "LOOKASIDE.FBSBX.COM", true},
	    {"meta", "lookaside.fbsbx.com.", true},
	    {"meta", "scontent.xx.fbcdn.net", true},
	    {"meta", "evilfacebook.com", false},
	    {"meta", "facebook.com.evil.example", false},
	    {"meta", "facebook.co", false},
	    {"meta", "com", false},
	    {"meta", "", false},
	    {"meta", ".", false},
	    {"meta", "waba-v2.360dialog.io", false},
	    {"360dialog", "waba-v2.360dialog.io", true},
	    {"360dialog", "lookaside.fbsbx.com", false},
	    {"ycloud", "api.ycloud.com", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct provider *p = provider_find(str_of(rows[i].provider));

		assert_non_null(p);
		if (provider_owns_host(p, str_of(rows[i].host)) != rows[i].is_owned)
			fail_msg("%s: %s", rows[i].provider, rows[i].host);
	}
	assert_null(provider_find(str_of("bare")));
	assert_string_equal(provider_all[0].name, "meta");
	assert_false(provider_is_within(str_of("example"), str_of("")));
}

/* Where they are and how they take the token: the documentation of each. */
static void
test_providers(void **state)
{
	static const struct provider rows[] = {
	    {"meta", "https://graph.facebook.com/v", "Authorization: Bearer ", true, true, false, 0,
		{0}},
	    {"360dialog", "https://waba-v2.360dialog.io", "D360-API-KEY: ", true, false, true, 20,
		{0}},
	    {"ycloud", "https://api.ycloud.com", "X-API-Key: ", false, false, false, 0, {0}},
	};

	(void)state;
	assert_int_equal(provider_count, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct provider *p = provider_find(str_of(rows[i].name));

		assert_non_null(p);
		/* of Meta's any version */
		assert_memory_equal(p->url, rows[i].url, strlen(rows[i].url));
		assert_string_equal(p->header, rows[i].header);
		assert_int_equal(p->has_lookup, rows[i].has_lookup);
		assert_int_equal(p->names_phone, rows[i].names_phone);
		assert_int_equal(p->keeps_host, rows[i].keeps_host);
		assert_int_equal(p->errors_an_hour, rows[i].errors_an_hour);
	}
}

static void
test_media_ids(void **state)
{
	static const char *const good[] = {"1", "700000000019074", "a-B_9.z"};
	static const char *const bad[] = {
	    "", "/", "?a", ".", "..", ".a", "a/b", "../x", "a?b", "a b", "a%2e", "a\n", "a#b", "ä"};
	char longest[129];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(provider_is_media_id(str_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		if (provider_is_media_id(str_of(bad[i])))
			fail_msg("%s", bad[i]);
	assert_false(provider_is_media_id((struct str){"a\0b", 3}));
	memset(longest, 'a', sizeof(longest));
	assert_true(provider_is_media_id((struct str){longest, 128}));
	assert_false(provider_is_media_id((struct str){longest, 129}));
}

static const struct {
	const char *text;
	bool is_private;
} addresses_rows[] = {
    {"0.0.0.0", true},
    {"0.255.255.255", true},
    {"1.0.0.0", false},
    {"10.0.0.1", true},
    {"9.255.255.255", false},
    {"10.255.255.255", true},
    {"11.0.0.0", false},
    {"100.63.255.255", false},
    {"100.64.0.0", true},
    {"100.127.255.255", true},
    {"100.128.0.0", false},
    {"126.255.255.255", false},
    {"127.0.0.1", true},
    {"127.255.255.255", true},
    {"128.0.0.1", false},
    {"169.253.255.255", false},
    {"169.254.169.254", true},
    {"169.255.0.0", false},
    {"172.15.0.1", false},
    {"172.16.0.0", true},
    {"172.31.255.255", true},
    {"172.32.0.0", false},
    {"191.255.255.255", false},
    {"192.0.0.0", true},
    {"192.0.0.255", true},
    {"192.0.1.0", false},
    {"192.0.1.255", false},
    {"192.0.2.0", true},
    {"192.0.2.255", true},
    {"192.0.3.0", false},
    {"192.88.98.255", false},
    {"192.88.99.0", true},
    {"192.88.99.255", true},
    {"192.88.100.0", false},
    {"192.167.255.255", false},
    {"192.168.0.0", true},
    {"192.168.255.255", true},
    {"192.169.0.1", false},
    {"198.17.255.255", false},
    {"198.18.0.0", true},
    {"198.19.255.255", true},
    {"198.20.0.0", false},
    {"198.51.99.255", false},
    {"198.51.100.0", true},
    {"198.51.100.255", true},
    {"198.51.101.0", false},
    {"198.50.100.1", false},
    {"203.0.112.255", false},
    {"203.0.113.0", true},
    {"203.0.113.255", true},
    {"203.0.114.0", false},
    {"223.255.255.255", false},
    {"224.0.0.1", true},
    {"255.255.255.255", true},
    {"157.240.1.1", false},
    {"::", true},
    {"::1", true},
    {"::127.0.0.1", true},
    {"::ffff:127.0.0.1", true},
    {"::192.168.0.1", true},
    {"::ffff:192.168.0.1", true},
    {"::ffff:157.240.1.1", false},
    {"64:ff9b::a00:1", true},
    {"64:ff9b::c0a8:1", true},
    {"64:ff9b::9df0:101", false},
    {"100::", true},
    {"100::ffff:ffff:ffff:ffff", true},
    {"2002:a00:1::", true},
    {"2002:9df0:101::", false},
    {"2001:0::1", true},
    {"2001:1ff:ffff::", true},
    {"2001:200::1", false},
    {"2001:db7:ffff::", false},
    {"2001:db8::1", true},
    {"2001:db8:ffff::", true},
    {"2001:db9::", false},
    {"2002:c0a8:1::", true},
    {"2003::1", false},
    {"2a03:2880:f003::1", false},
    {"fc00::1", true},
    {"fd12::1", true},
    {"fe80::1", true},
    {"febf::1", true},
    {"fec0::1", true},
    {"feff::1", true},
    {"ff00::", true},
    {"ff02::1", true},
    {"ffff::", true},
};

static void
test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(addresses_rows); i++) {
		unsigned char bytes[16];
		bool is_private;

		if (inet_pton(AF_INET, addresses_rows[i].text, bytes) == 1) {
			is_private = address_is_private4(bytes);
		} else {
			assert_int_equal(inet_pton(AF_INET6, addresses_rows[i].text, bytes), 1);
			is_private = address_is_private6(bytes);
		}
		if (is_private != addresses_rows[i].is_private)
			fail_msg("%s", addresses_rows[i].text);
	}
}

static void
test_back_off(void **state)
{
	static const struct {
		unsigned failures;
		int64_t retry_after_s;
		int64_t ms;
	} rows[] = {{1, 0, 1000}, {2, 0, 2000}, {3, 0, 4000}, {6, 0, 32000}, {7, 0, 60000},
	    {8, 0, 60000}, {4000000000u, 0, 60000}, {1, 1, 1000}, {1, 7, 7000}, {5, 7, 16000},
	    {1, 300, 300000}, {1, INT64_MAX, 3600000}, {1, -5, 1000}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
		    pace_back_off_ms(rows[i].failures, rows[i].retry_after_s), rows[i].ms);
}

static void
test_sync_window(void **state)
{
	const int64_t t = INT64_C(1772355600000000), day = INT64_C(86400000000);

	(void)state;
	assert_true(pace_is_sync_open(t, t));
	assert_true(pace_is_sync_open(t, t + day - 1));
	assert_true(pace_is_sync_open(t, t + day));
	assert_false(pace_is_sync_open(t, t + day + 1));
}

/* Each has a word and a meaning of its own; only where an answer says more, its own is told. */
static void
test_losses(void **state)
{
	static const struct {
		enum loss loss;
		int http_status;
		int32_t code;
		const char *word;
		const char *text;
	} rows[] = {
	    {LOSS_NONE, 200, NO_CODE, NULL, NULL},
	    {LOSS_HOST_NOT_ALLOWED, 200, NO_CODE, "host_not_allowed",
		"its URL leads to a host that is not allowed (see --media-host)"},
	    {LOSS_OVER_LIMIT, 200, NO_CODE, "over_limit", "it is larger than --max-media-size"},
	    {LOSS_TOO_MANY_CALLS, 400, 4, "too_many_calls", "the API has too many calls"},
	    {LOSS_ID_GONE, 400, 33, "id_gone", "there is no such id"},
	    {LOSS_SERVER_FAILED, 404, NO_CODE, "server_failed", "nothing is there"},
	    {LOSS_CALL_REFUSED, 422, NO_CODE, "call_refused", "the call was refused"},
	    {LOSS_NO_PERMISSION, 403, 10, "no_permission",
		"the permission for this call is missing or was taken back"},
	    {LOSS_NOT_TRIED, 0, NO_CODE, "not_tried", "nobody asked for it while its id lived"},
	};

	/* by what the API or the host answered; of the others coexsync knows itself */
	static const enum loss answered[] = {LOSS_ID_GONE, LOSS_CALL_REFUSED, LOSS_NO_PERMISSION,
	    LOSS_NO_ACCESS, LOSS_SERVER_FAILED};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct media_file f = {.loss = rows[i].loss,
		    .http_status = rows[i].http_status,
		    .graph_code = rows[i].code};
		const char *text = loss_text(&f);

		assert_true(str_equal(str_of(loss_words[f.loss].word), str_of(rows[i].word)));
		if (!str_equal(str_of(text), str_of(rows[i].text)))
			fail_msg("%s: %s", rows[i].word, text == NULL ? "nothing" : text);
	}
	for (int i = LOSS_NONE + 1; i < LOSS_COUNT; i++) {
		assert_non_null(loss_words[i].word);
		assert_int_equal(strspn(loss_words[i].word, "abcdefghijklmnopqrstuvwxyz_"),
		    strlen(loss_words[i].word));
		/* of two equal words the first would be found */
		assert_ptr_equal(
		    loss_find_meaning(str_of(loss_words[i].word)), loss_words[i].meaning);
	}
	for (int i = LOSS_NONE + 1; i < LOSS_COUNT; i++) {
		const struct media_file f = {
		    .loss = (enum loss)i, .http_status = 404, .graph_code = NO_CODE};
		bool has_answer = false;

		for (size_t k = 0; k < COUNT(answered); k++)
			has_answer |= answered[k] == f.loss;
		assert_string_equal(
		    loss_text(&f), has_answer ? "nothing is there" : loss_words[i].meaning);
	}
	assert_null(loss_find_meaning(str_of("")));
	assert_null(loss_find_meaning(str_of("host")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_judge),
	    cmocka_unit_test(test_codes_once),
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test(test_providers),
	    cmocka_unit_test(test_media_ids),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_back_off),
	    cmocka_unit_test(test_sync_window),
	    cmocka_unit_test(test_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
