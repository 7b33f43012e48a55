/*
 * Decoding of wamids. The encoder is libcrypto's and the structures stand here byte by byte.
 * Numbers are made up; published samples are read where they lie, if they do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "rules/wamid.h"

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

static struct str
encode_wamid(struct arena *a, struct str bytes)
{
	unsigned char *text = arena_alloc(a, bytes.len * 4 / 3 + 8);
	int len = EVP_EncodeBlock(text, (const unsigned char *)bytes.ptr, (int)bytes.len);

	return arena_printf(a, "wamid.%.*s", len, (char *)text);
}

#define OUT DIRECTION_OUTBOUND
#define IN DIRECTION_INBOUND
#define NONE DIRECTION_NONE

/* The bytes of rules/wamid.c; lengths as varints. */
#define TEXT(length, text) "\x18" length text
#define PHONE "\x1C" TEXT("\x0B", "15550001111")
#define PHONE_USER PHONE "\x15\x02\x00"
#define BSUID_USER "\x1C" TEXT("\x13", "ZZ.1555000011112222") "\x15\x14\x00"
#define KEY(length, text) TEXT(length, text) "\x00"
#define KEY_20 KEY("\x14", "3A00112233445566AABB")

static const struct {
	const char *what;
	struct str bytes;
	enum direction direction;
	const char *key; /* NULL: the whole id */
} wamid_bytes[] = {
    {"phone, out, 18", S(PHONE_USER "\x11" KEY("\x12", "0123456789ABCDEF01")), OUT,
	"0123456789ABCDEF01"},
    {"phone, in, 20", S(PHONE_USER "\x12" KEY_20), IN, "3A00112233445566AABB"},
    {"phone, in, 22", S(PHONE_USER "\x12" KEY("\x16", "3EB000112233445566AABB")), IN,
	"3EB000112233445566AABB"},
    {"phone, in, 32", S(PHONE_USER "\x12" KEY("\x20", "AC00112233445566778899AABBCCDDEE")), IN,
	"AC00112233445566778899AABBCCDDEE"},
    {"bsuid, in", S(BSUID_USER "\x12" KEY_20), IN, "3A00112233445566AABB"},
    {"bsuid, out", S(BSUID_USER "\x11" KEY_20), OUT, "3A00112233445566AABB"},
    {"lower-case key stays", S(PHONE_USER "\x12" KEY("\x10", "0123456789abcdef")), IN,
	"0123456789abcdef"},
    {"varint of two bytes", S(PHONE_USER "\x12" KEY("\x94\x00", "3A00112233445566AABB")), IN,
	"3A00112233445566AABB"},
    {"16 hex digits", S(PHONE_USER "\x11" KEY("\x10", "0123456789ABCDEF")), OUT,
	"0123456789ABCDEF"},
    {"15 hex digits", S(PHONE_USER "\x11" KEY("\x0F", "0123456789ABCDE")), OUT, NULL},
    {"16 letters, not hex", S(PHONE_USER "\x11" KEY("\x10", "0123456789ABCDEG")), OUT, NULL},
    {"10 decimal", S(PHONE_USER "\x12" KEY("\x0A", "1234567890")), IN, NULL},
    {"a word", S(PHONE_USER "\x12" KEY("\x0F", "product_inquiry")), IN, NULL},
    {"empty key", S(PHONE_USER "\x12" KEY("\x00", "")), IN, NULL},

    {"nothing", S(""), NONE, NULL},
    {"no outer struct", S("\x0C" TEXT("\x0B", "15550001111") "\x15\x02\x00\x12" KEY_20), NONE,
	NULL},
    {"empty user", S("\x1C" TEXT("\x00", "") "\x15\x02\x00\x12" KEY_20), NONE, NULL},
    {"user type is no i32", S(PHONE "\x16\x02\x00\x12" KEY_20), NONE, NULL},
    {"no inner stop", S(PHONE "\x15\x02\x01\x12" KEY_20), NONE, NULL},
    {"flag is neither", S(PHONE_USER "\x13" KEY_20), NONE, NULL},
    {"key is no string",
	S(PHONE_USER "\x12\x19\x14"
		     "3A00112233445566AABB\0"),
	NONE, NULL},
    {"no stop", S(PHONE_USER "\x12" TEXT("\x14", "3A00112233445566AABB")), NONE, NULL},
    {"wrong stop", S(PHONE_USER "\x12" TEXT("\x14", "3A00112233445566AABB") "\x01"), NONE, NULL},
    {"bytes behind the stop", S(PHONE_USER "\x12" KEY_20 "\x00"), NONE, NULL},
    {"key longer than the rest", S(PHONE_USER "\x12" KEY("\x16", "3A00112233445566AABB")), NONE,
	NULL},
    {"length of 4 GiB", S(PHONE_USER "\x12" KEY("\xFF\xFF\xFF\xFF\x0F", "3A00")), NONE, NULL},
    {"length above 32 bits", S(PHONE_USER "\x12" KEY("\xFF\xFF\xFF\xFF\x7F", "3A00")), NONE, NULL},
    {"endless length",
	S(PHONE_USER "\x12" KEY("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", "")), NONE,
	NULL},
    {"endless user type", S(PHONE "\x15\x82\x80\x80\x80\x80\x00\x00\x12" KEY_20), NONE, NULL},
};

static void
assert_wamid(
    struct arena *a, const char *what, struct str id, enum direction direction, struct str key)
{
	struct wamid decoded = wamid_decode(a, id);

	if (decoded.direction != direction)
		fail_msg("%s: direction %d, expected %d", what, decoded.direction, direction);
	assert_str(what, decoded.key, key);
}

static void
test_wamid_structure(void **state)
{
	for (size_t i = 0; i < COUNT(wamid_bytes); i++) {
		struct str id = encode_wamid(*state, wamid_bytes[i].bytes);
		const char *key = wamid_bytes[i].key;

		assert_wamid(*state, wamid_bytes[i].what, id, wamid_bytes[i].direction,
		    key == NULL ? id : str_of(key));
	}
}

/* 39 bytes: no padding, so that every shorter text is a cut one. */
static void
test_wamid_truncated(void **state)
{
	struct str id =
	    encode_wamid(*state, STR_LIT(PHONE_USER "\x11" KEY("\x12", "0123456789ABCDEF01")));

	assert_int_equal(id.len, 6 + 39 / 3 * 4);
	for (size_t len = 0; len < id.len; len++) {
		struct str cut = {id.ptr, len};

		assert_wamid(*state, "cut", cut, NONE, cut);
	}
	assert_wamid(*state, "whole", id, OUT, STR_LIT("0123456789ABCDEF01"));
}

/* The text around the bytes. 41 bytes take one `=`, 40 take two. */
static void
test_wamid_base64(void **state)
{
	struct arena *a = *state;
	struct str one = encode_wamid(a, STR_LIT(PHONE_USER "\x12" KEY_20));
	struct str two =
	    encode_wamid(a, STR_LIT("\x1C" TEXT("\x0A", "1555000111") "\x15\x02\x00\x12" KEY_20));
	struct str key = STR_LIT("3A00112233445566AABB"), text;

	assert_memory_equal(one.ptr + one.len - 2, "A=", 2);
	assert_memory_equal(two.ptr + two.len - 2, "==", 2);
	assert_wamid(a, "=", one, IN, key);
	assert_wamid(a, "==", two, IN, key);
	assert_wamid(a, "= stripped", (struct str){one.ptr, one.len - 1}, IN, key);
	assert_wamid(a, "== stripped", (struct str){two.ptr, two.len - 2}, IN, key);

	text = encode_wamid(a, STR_LIT(PHONE_USER "\x11" KEY("\x12", "0123456789ABCDEF01")));
	text = arena_printf(a, "%.*sA", STR_ARG(text));
	assert_wamid(a, "a letter too much", text, NONE, text);
	text = (struct str){two.ptr, two.len - 1};
	assert_wamid(a, "= for ==", text, NONE, text);
	text = arena_printf(a, "%.*s=", STR_ARG(one));
	assert_wamid(a, "== for =", text, NONE, text);
	text = arena_printf(a, "%.*sB=", (int)one.len - 2, one.ptr);
	assert_wamid(a, "bits left over", text, NONE, text);
	text = arena_printf(a, "%.*sB==", (int)two.len - 3, two.ptr);
	assert_wamid(a, "bits left over of two letters", text, NONE, text);
	text = arena_printf(a, "%.*s ", STR_ARG(one));
	assert_wamid(a, "space behind", text, NONE, text);
	text = arena_printf(a, "Wamid.%.*s", (int)one.len - 6, one.ptr + 6);
	assert_wamid(a, "upper case", text, NONE, text);
	text = (struct str){one.ptr + 6, one.len - 6};
	assert_wamid(a, "no prefix", text, NONE, text);
}

/* Letters are decoded in groups: wherever one is none, and whatever is left at the end, it tells.
 */
static void
test_wamid_letters(void **state)
{
	struct arena *a = *state;

	for (size_t user = 9; user <= 17; user++) {
		struct str bytes = arena_printf(a, "\x1C\x18%c%.*s\x15\x02%c\x12\x18\x14%s%c",
		    (char)user, (int)user, "155500011112222333", 0, "3A00112233445566AABB", 0);
		struct str id = encode_wamid(a, bytes);

		while (id.ptr[id.len - 1] == '=')
			id.len--;
		assert_wamid(a, "letters", id, IN, STR_LIT("3A00112233445566AABB"));
		for (size_t i = 6; i < id.len; i++) {
			struct str broken = arena_copy(a, id);

			((char *)broken.ptr)[i] = "*-_\x80"[i % 4];
			assert_wamid(a, "no letter", broken, NONE, broken);
		}
		for (const char *c = "BCDEFGHI"; id.len % 4 != 2 && *c != '\0'; c++) {
			struct str more = arena_printf(a, "%.*s%c", (int)id.len - 1, id.ptr, *c);

			assert_wamid(a, "bits left over", more, NONE, more);
		}
	}
}

static void
test_wamid_garbage(void **state)
{
	static const struct str texts[] = {{NULL, 0}, {"", 0}, S("wamid."), S("wamid.="),
	    S("wamid.===="), S("wamid.HBgL\0HBgL"), S("wamid.not-base64_at.all"), S("M0"),
	    S("ABGGFlA5Fpa"), S("wamid.\xF0\x9F\x98\x80")};
	char big[10000];
	uint32_t random = 1;

	for (size_t i = 0; i < COUNT(texts); i++)
		assert_wamid(*state, "garbage", texts[i], NONE, texts[i]);
	memset(big, 'A', sizeof(big));
	memcpy(big, "wamid.", 6);
	for (size_t len = 980; len <= 1020; len++)
		assert_wamid(*state, "zeros", (struct str){big, len}, NONE, (struct str){big, len});
	assert_wamid(*state, "10,000 zeros", (struct str){big, sizeof(big)}, NONE,
	    (struct str){big, sizeof(big)});
	for (size_t i = 6; i < sizeof(big); i++) {
		random = random * 1664525u + 1013904223u;
		big[i] = (char)(random >> 24);
	}
	assert_wamid(*state, "10,000 bytes", (struct str){big, sizeof(big)}, NONE,
	    (struct str){big, sizeof(big)});
}

/* The longest ids that are stored (1,000 bytes) still decode; what is longer stays in bounds. */
static void
test_wamid_long(void **state)
{
	static const char rest[] = "\x15\x14\x00\x11" KEY_20;
	char bytes[800] = "\x1C\x18";

	for (size_t user = 680; user <= 730; user++) {
		size_t head = 4, total = head + user + sizeof(rest) - 1;
		struct str id, key = STR_LIT("3A00112233445566AABB");

		bytes[2] = (char)(0x80 | (user & 0x7F));
		bytes[3] = (char)(user >> 7);
		memset(bytes + head, '7', user);
		memcpy(bytes + head + user, rest, sizeof(rest) - 1);
		id = encode_wamid(*state, (struct str){bytes, total});
		if (id.len <= 1000)
			assert_wamid(*state, "long", id, OUT, key);
		else
			(void)wamid_decode(*state, id);
	}
}

/* Every byte in the user and every length of a key, with each of the three ways in which bytes lie
 * in groups of letters: so every letter of base64 stands somewhere, most where they are seen. */
static void
test_wamid_groups(void **state)
{
	static const char rest[] = "\x15\x02\x00\x12\x18";
	char bytes[600] = "\x1C\x18";
	struct str key = {bytes + 400, 0};

	memset(bytes + 400, 'A', 200);
	for (size_t user = 0x80; user < 0x83; user++) {
		size_t head = 4 + user;

		bytes[2] = (char)(0x80 | (user & 0x7F));
		bytes[3] = (char)(user >> 7);
		memcpy(bytes + head, rest, sizeof(rest) - 1);
		head += sizeof(rest) - 1;
		for (key.len = 16; key.len < 0x80; key.len++) {
			/* bytes of the user, another half of all with each length */
			for (size_t i = 0; i < user; i++)
				bytes[4 + i] = (char)((key.len & 1) << 7 | (i & 0x7F));
			bytes[head] = (char)key.len;
			memcpy(bytes + head + 1, key.ptr, key.len);
			bytes[head + 1 + key.len] = '\0';
			assert_wamid(*state, "letters",
			    encode_wamid(*state, (struct str){bytes, head + 2 + key.len}), IN, key);
		}
	}
}

/* Published ids: how many of a file decode, and to what (docs/PAYLOADS.md). */
static const struct {
	const char *file;
	int outbound;
	int inbound;
	int none;
} wamid_files[] = {
    {"gupshup_history_real", 3, 2, 0}, {"meta_history_approved", 1, 0, 3}, /* three are scrambled */
    {"meta_echo_text_2026", 1, 0, 0},
    {"meta_echo_revoke_2026", 0, 2, 0}, /* flagged inbound, although echoes: never rank the flag */
    {"meta_messages_audio_voice", 0, 1, 0}, {"meta_messages_text_ad_referral", 0, 1, 0},
    {"meta_messages_group", 0, 0, 1}, /* invented */
};

static struct str
read_sample(struct arena *a, const char *name)
{
	struct str path = arena_printf(a, "../shared/payloads/%s.json", name);
	FILE *file = fopen(path.ptr, "rb");
	char *bytes = arena_alloc(a, 1 << 20);
	size_t len;

	if (file == NULL)
		return STR_NULL;
	len = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return (struct str){bytes, len};
}

static void
count_wamids(struct arena *a, struct str text, int counts[3])
{
	const char *at = text.ptr, *end = text.ptr + text.len;

	while ((at = memmem(at, (size_t)(end - at), "\"wamid.", 7)) != NULL) {
		const char *start = at + 1;
		const char *quote = memchr(start, '"', (size_t)(end - start));
		struct str id = {start, (size_t)(quote - start)};
		struct wamid decoded = wamid_decode(a, id);

		counts[decoded.direction]++;
		assert_int_equal(decoded.direction == NONE, str_equal(decoded.key, id));
		at = quote;
	}
}

static void
test_wamid_samples(void **state)
{
	for (size_t i = 0; i < COUNT(wamid_files); i++) {
		struct str text = read_sample(*state, wamid_files[i].file);
		int counts[3] = {0};

		if (text.ptr == NULL) {
			print_message("skipped: no published payloads beside the repository\n");
			skip();
		}
		count_wamids(*state, text, counts);
		print_message("%s\n", wamid_files[i].file);
		assert_int_equal(counts[OUT], wamid_files[i].outbound);
		assert_int_equal(counts[IN], wamid_files[i].inbound);
		assert_int_equal(counts[NONE], wamid_files[i].none);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wamid_structure),
	    cmocka_unit_test(test_wamid_truncated),
	    cmocka_unit_test(test_wamid_base64),
	    cmocka_unit_test(test_wamid_letters),
	    cmocka_unit_test(test_wamid_garbage),
	    cmocka_unit_test(test_wamid_long),
	    cmocka_unit_test(test_wamid_groups),
	    cmocka_unit_test(test_wamid_samples),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
