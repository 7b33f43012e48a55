/*
 * Unit tests of decode: payloads and the rows that they must become. The cases without options
 * lie in fixtures/decode-<case>/ (payload.json, rows.txt); the program runs in the root of the
 * repository.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "decode/decode.h"
#include "decode/pointer.h"

#include "decode_fixture.h"

/* The whole file without the newline at its end, allocated to the byte so that asan sees its end.
 */
static struct str
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	size_t len;

	if (file == NULL)
		fail_msg("%s cannot be read", path);
	fseek(file, 0, SEEK_END);
	len = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(len + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, len, file), len);
	fclose(file);
	while (len > 0 && bytes[len - 1] == '\n')
		len--;
	bytes = realloc(bytes, len + 1);
	bytes[len] = '\0';
	return (struct str){bytes, len};
}

static void
compare_rows(const char *path, struct str payload, struct str rows, bool has_outline)
{
	struct fixture f;
	struct payload *p;
	const char *text;

	open_fixture(&f);
	p = payload_of(&f, payload);
	if (!has_outline)
		p->outline = (struct json_outline){0};
	decode(&f, p, &plain);
	text = text_of(&f);
	if (strlen(text) != rows.len + 1 || memcmp(text, rows.ptr, rows.len) != 0)
		fail_msg("%s: the rows are not those of rows.txt but\n%s", path, text);
	close_fixture(&f);
}

static void
compare_case(const char *payload_path)
{
	char rows_path[512];
	struct str payload = read_file(payload_path), rows;

	snprintf(rows_path, sizeof(rows_path), "%.*s/rows.txt",
	    (int)(strrchr(payload_path, '/') - payload_path), payload_path);
	rows = read_file(rows_path);
	compare_rows(payload_path, payload, rows, true);
	compare_rows(payload_path, payload, rows, false);
	free((char *)payload.ptr);
	free((char *)rows.ptr);
}

static void
test_cases(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob("fixtures/decode-*/payload.json", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		compare_case(found.gl_pathv[i]);
	globfree(&found);
}

#define OTHER_METADATA "\"metadata\":{\"phone_number_id\":\"700200\"}"
#define MESSAGES \
	"\"messages\":[{\"id\":\"w1\"},{\"id\":\"w2\",\"type\":\"revoke\",\"revoke\":{\"original_" \
	"message_id\":\"w1\"}},{}]"

static void
test_options(void **state)
{
	static const struct {
		const char *payload;
		const char *account; /* --account */
		bool has_activation; /* --onboarded-at, and raw payloads */
		const char *rows;
	} cases[] = {
	    /* what names another number is only counted, here and in threads */
	    {"{" OTHER_METADATA "," MESSAGES "}", "700100", false,
		"part 0 700100 excluded bare accounts=1 seen=2 excluded=2\n0 payload\n"},
	    {"{" OTHER_METADATA ",\"history\":[{\"threads\":[{\"id\":\"1\"," MESSAGES "}]},7]}",
		"700100", true,
		"part 0 700100 excluded bare accounts=1 seen=2 excluded=2\n0 payload\n0 raw\n"},
	    /* what names no number is its */
	    {"{\"messages\":[{\"id\":\"w1\"}]}", "700100", false,
		"part 0 700100 messages bare accounts=1 seen=1"
		" types_unknown=1\n"
		"0 message id=[w1] in 8:0800\n0 payload\n"},
	    /* and so does the number that is named later */
	    {"{\"changes\":[{\"value\":{\"statuses\":[]}},{\"value\":{" METADATA
	     ",\"statuses\":[]}}]}",
		"700100", false,
		"part 0 700100 messages meta number=[700100] accounts=2\n0 payload\n"},
	    /* the payload names two, of which one is asked for */
	    {"{\"changes\":[{\"value\":{" OTHER_METADATA "," MESSAGES "}},{\"value\":{" METADATA
	     ",\"statuses\":[]}}]}",
		"700200", false,
		"part 0 700200 messages meta number=[700200] accounts=2 seen=2 rejected=1 events=1"
		" rejects=1 types_unknown=1\n"
		"0 message id=[w1] in 8:0800\n0 event id=[revoke:w2] revoke target=[w1]\n0 "
		"payload\n"
		"0 reject at=[/changes/0/value/messages/2] id_missing"
		" detail=[a message needs an id of 1 to 1,000 bytes]\n"},
	    /* raw bytes, and the activation of history */
	    {"{\"field\":\"history\",\"value\":{" METADATA "}}", NULL, true,
		"part 0 700100 history meta number=[700100] accounts=1 has_history\n"
		"0 activation\n0 payload\n0 raw\n"},
	    {"{" METADATA ",\"messages\":[]}", NULL, true,
		"part 0 700100 messages bare number=[700100] accounts=1\n0 payload\n0 raw\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct decode_options o = {str_of(cases[i].account), cases[i].has_activation,
		    cases[i].has_activation ? INT64_C(1772355600000000) : TIME_NONE};
		struct fixture f;

		open_fixture(&f);
		assert_string_equal(dump(&f, str_of(cases[i].payload), &o), cases[i].rows);
		close_fixture(&f);
	}
}

/* Documents that are none: nobody's, with their beginning. */
static void
test_faults(void **state)
{
	static const struct decode_options raw = {.keeps_raw = true, .onboarded_at_us = TIME_NONE};
	static const struct {
		const char *bytes;
		const char *account;
		const char *part;
	} owners[] = {
	    {"{" METADATA ",", NULL,
		"part 0 700100 unusable - number=[700100] accounts=1 rejects=1"},
	    {"{" METADATA "," OTHER_METADATA ",", NULL, "part 0 - unusable - accounts=1 rejects=1"},
	    {"{" METADATA "," OTHER_METADATA ",", "700200",
		"part 0 700200 unusable - accounts=1 rejects=1"},
	    {"{,", "700100", "part 0 700100 unusable - accounts=1 rejects=1"},
	    {"{" METADATA ",", "700100",
		"part 0 700100 unusable - number=[700100] accounts=1 rejects=1"},
	    {"{" METADATA ",", "700200", "part 0 700200 excluded - accounts=1"},
	};
	struct str bytes = STR_LIT("{\"a\":\"\x01\xC3\xA4\xFF\xC2\x9B\x7F");
	const struct reject_row *reject;
	struct payload *p;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	p = payload_of(&f, bytes);
	p->source = STR_LIT("\xFF.json");
	decode(&f, p, &raw);
	dump_batch(&f.text, &f.batch);
	assert_string_equal(buf_str(&f.text).ptr,
	    "part 0 - unusable - accounts=1 rejects=1\n0 payload\n0 raw\n"
	    "0 reject at=[] json_syntax detail=[?.json: unexpected character]\n");
	reject = f.batch.rows.of[REL_REJECT].items[0];
	assert_string_equal(
	    arena_copy(f.batch.arena, reject->excerpt).ptr, "{\"a\":\" \xC3\xA4?  ");
	close_fixture(&f);

	/* whose it is, its bytes say; --account speaks for those that name no number */
	for (size_t i = 0; i < COUNT_OF(owners); i++) {
		const struct decode_options o = {str_of(owners[i].account), false, TIME_NONE};

		open_fixture(&f);
		p = payload_of(&f, str_of(owners[i].bytes));
		p->fault = "json_syntax";
		decode(&f, p, &o);
		dump_batch(&f.text, &f.batch);
		f.text.ptr[strcspn(buf_str(&f.text).ptr, "\n")] = '\0';
		assert_string_equal(f.text.ptr, owners[i].part);
		close_fixture(&f);
	}

	/* of one too large there is only the beginning: no raw payload; the excerpt is cut */
	open_fixture(&f);
	bytes = arena_printf(f.batch.arena, "{%0300d", 0);
	p = payload_of(&f, bytes);
	p->size_bytes = 1 << 30;
	decode(&f, p, &raw);
	assert_false(((struct part *)f.batch.parts.items[0])->keeps_raw);
	reject = f.batch.rows.of[REL_REJECT].items[0];
	assert_int_equal(reject->excerpt.len, 200);
	assert_int_equal(f.batch.input_bytes, 301);
	close_fixture(&f);
}

/* Ids of `len` letters in the place of the %s of a payload; how many rows and rejects it gives. */
static const struct {
	const char *payload;
	int len;
	size_t rows; /* but for ledger and rejects */
	size_t rejects;
	char letter; /* of the id */
} long_ids[] = {
    {"{" METADATA ",\"messages\":[{\"id\":\"%s\",\"type\":\"text\"}]}", 1000, 1, 0, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"%s\",\"type\":\"text\"}]}", 1001, 0, 1, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"%s\",\"type\":\"revoke\",\"revoke\":"
     "{\"original_message_id\":\"w\"}}]}",
	993, 1, 0, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"%s\",\"type\":\"revoke\",\"revoke\":"
     "{\"original_message_id\":\"w\"}}]}",
	994, 0, 1, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"type\":\"revoke\",\"revoke\":"
     "{\"original_message_id\":\"%s\"}}]}",
	1000, 1, 0, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"type\":\"revoke\",\"revoke\":"
     "{\"original_message_id\":\"%s\"}}]}",
	1001, 0, 1, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"from_user_id\":\"%s\"}]}", 1000, 1, 0, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"from_user_id\":\"%s\"}]}", 1001, 0, 1, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"from\":\"%s\"}]}", 1000, 1, 0, '1'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"from\":\"%s\"}]}", 1001, 0, 1, '1'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"type\":\"system\",\"from\":\"15\","
     "\"system\":{\"wa_id\":\"%s\"}}]}",
	1000, 2, 0, '1'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"type\":\"system\",\"from\":\"15\","
     "\"system\":{\"wa_id\":\"%s\"}}]}",
	1001, 1, 0, '1'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"type\":\"image\",\"image\":"
     "{\"id\":\"%s\"}}]}",
	1000, 2, 0, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"type\":\"image\",\"image\":"
     "{\"id\":\"%s\"}}]}",
	1001, 1, 1, 'x'},
    {"{" METADATA ",\"messages\":[{\"id\":\"1\",\"context\":{\"id\":\"%s\"}}]}", 1001, 1, 0, 'x'},
    {"{" METADATA ",\"statuses\":[{\"id\":\"%s\",\"status\":\"read\"}]}", 986, 1, 0, 'x'},
    {"{" METADATA ",\"statuses\":[{\"id\":\"%s\",\"status\":\"read\"}]}", 987, 0, 1, 'x'},
    {"{" METADATA ",\"state_sync\":[{\"action\":\"add\",\"contact\":{\"user_id\":\"%s\"}}]}", 1001,
	0, 1, 'x'},
    {"{" METADATA ",\"contacts\":[{\"user_id\":\"%s\",\"profile\":{\"name\":\"n\"}}],"
     "\"messages\":[]}",
	1001, 0, 1, 'x'},
    {"{" METADATA ",\"history\":[{\"threads\":[{\"id\":\"%s\",\"messages\":"
     "[{\"id\":\"1\"}]}]}]}",
	1001, 2, 1, 'x'},
    {"{\"metadata\":{\"phone_number_id\":\"%s\"},\"state_sync\":[]}", 1001, 0, 1, 'x'},
};

static void
test_long_ids(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(long_ids); i++) {
		struct fixture f;
		char id[1002], payload[1500];
		size_t rejects;

		memset(id, long_ids[i].letter, sizeof(id));
		id[long_ids[i].len] = '\0';
		snprintf(payload, sizeof(payload), long_ids[i].payload, id);
		open_fixture(&f);
		decode(&f, payload_of(&f, str_of(payload)), &plain);
		rejects = f.batch.rows.of[REL_REJECT].count;
		if (rejects != long_ids[i].rejects ||
		    f.batch.row_count - f.batch.parts.count - rejects != long_ids[i].rows)
			fail_msg("case %zu: %zu rejects, %zu rows in all", i, rejects,
			    f.batch.row_count);
		close_fixture(&f);
	}
}

/* Of what is out of all proportion the good part goes in. */
static void
test_huge(void **state)
{
	enum { BODY = 3 << 20, ID = 10000 };
	struct fixture f;
	struct str payload;
	char *body = malloc(BODY + 1);

	(void)state;
	assert_non_null(body);
	memset(body, 'x', BODY);
	body[BODY] = '\0';
	open_fixture(&f);
	payload = arena_printf(f.batch.arena,
	    "{" METADATA ",\"messages\":[{\"id\":\"w1\",\"type\":\"text\",\"text\":"
	    "{\"body\":\"%s\"}},{\"id\":\"%.*s\",\"type\":\"text\"},"
	    "{\"id\":\"w3\",\"type\":\"%.*s\",\"context\":{\"id\":\"%.*s\"}}]}",
	    body, ID, body, ID, body, ID, body);
	decode(&f, payload_of(&f, payload), &plain);
	assert_int_equal(f.batch.rows.of[REL_MESSAGE].count, 2);
	assert_int_equal(
	    ((struct message_row *)f.batch.rows.of[REL_MESSAGE].items[0])->body.len, BODY);
	/* a target that can be no id is none */
	assert_null(((struct message_row *)f.batch.rows.of[REL_MESSAGE].items[1])->reply_to.ptr);
	assert_int_equal(f.batch.rows.of[REL_REJECT].count, 1);
	assert_string_equal(
	    ((struct reject_row *)f.batch.rows.of[REL_REJECT].items[0])->code, "id_too_long");
	close_fixture(&f);
	free(body);
}

/* Of the first row. */
static struct str
key_of(const struct batch *b, enum relation relation)
{
	return ((const struct row *)b->rows.of[relation].items[0])->key;
}

static void
check_key(const struct batch *b, enum relation relation, const char *bytes, size_t len)
{
	struct str key = key_of(b, relation);

	assert_true(key.len >= len);
	assert_memory_equal(key.ptr, bytes, len);
}

/* Behind `len` bytes of the key stands the hash, and nothing else. */
static void
check_end(const struct batch *b, enum relation relation, size_t len, const struct sha256 *hash)
{
	struct str key = key_of(b, relation);

	assert_int_equal(key.len, len + SHA256_BYTES);
	assert_memory_equal(key.ptr + len, hash->bytes, SHA256_BYTES);
}

/* The key is the hash and a place behind it. */
static void
check_under(
    const struct batch *b, enum relation relation, const struct sha256 *hash, const char *place)
{
	struct str key = key_of(b, relation);

	assert_int_equal(key.len, SHA256_BYTES + strlen(place));
	assert_memory_equal(key.ptr, hash->bytes, SHA256_BYTES);
	assert_memory_equal(key.ptr + SHA256_BYTES, place, strlen(place));
}

/* The bytes of composite keys. */
static void
test_keys(void **state)
{
	static const char payload[] =
	    "{" METADATA
	    ",\"contacts\":[{\"wa_id\":\"15\",\"user_id\":\"U\",\"profile\":{\"username\":\"m\"}}],"
	    "\"messages\":[{\"id\":\"w\",\"type\":\"image\",\"image\":{\"id\":\"i\"}},"
	    "{\"id\":\"s\",\"type\":\"system\",\"timestamp\":\"1772355600\",\"from\":\"15\","
	    "\"system\":{\"wa_id\":\"16\"}}],"
	    "\"state_sync\":[{\"action\":\"add\",\"contact\":{\"user_id\":\"U\"}},7],"
	    "\"history\":[{}]}";
	const struct decode_options o = {.onboarded_at_us = -1};
	const struct sha256 hash = sha256_of(payload, sizeof(payload) - 1), m = sha256_of("m", 1);
	const struct contact_event_row *contact;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	decode(&f, payload_of(&f, str_of(payload)), &o);
	check_key(&f.batch, REL_PROFILE_NAME, "15\0\1", 4);
	check_end(&f.batch, REL_PROFILE_NAME, 4, &m);
	check_key(&f.batch, REL_IDENTITY_LINK, "U\00015", 4);
	check_key(&f.batch, REL_MEDIA_ASSET, "w\0i", 3);
	/* 1772355600000000 = 0x00064BF2B1F42400 */
	check_key(&f.batch, REL_IDENTITY_CHANGE, "15\00016\0\x80\x06\x4B\xF2\xB1\xF4\x24\x00", 14);
	check_key(&f.batch, REL_CONTACT_EVENT, "U\0\0\0\0\0\0\0\0\0", 10);
	contact = f.batch.rows.of[REL_CONTACT_EVENT].items[0];
	check_end(&f.batch, REL_CONTACT_EVENT, 10, &contact->digest);
	check_key(&f.batch, REL_ACTIVATION_PAYLOAD, "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8);
	check_end(&f.batch, REL_ACTIVATION_PAYLOAD, 8, &hash);
	check_end(&f.batch, REL_PAYLOAD, 0, &hash);
	check_key(&f.batch, REL_PAYLOAD, (const char *)hash.bytes, SHA256_BYTES);
	check_key(&f.batch, REL_CHUNK, (const char *)hash.bytes, SHA256_BYTES);
	check_under(&f.batch, REL_CHUNK, &hash, "/history/0");
	check_under(&f.batch, REL_REJECT, &hash, "/state_sync/1");
	assert_int_equal(key_of(&f.batch, REL_MEDIA_ASSET).len, 3);
	assert_int_equal(key_of(&f.batch, REL_IDENTITY_LINK).len, 4);
	assert_int_equal(key_of(&f.batch, REL_IDENTITY_CHANGE).len, 14);
	close_fixture(&f);
}

/* The same contact said twice has one digest; each fact changes it. */
static void
test_contact_digest(void **state)
{
	static const char *const contacts[] = {
	    "{\"action\":\"add\",\"contact\":{\"user_id\":\"U\",\"full_name\":\"ab\"}}",
	    "{\"contact\":{\"full_name\":\"ab\",\"user_id\":\"U\"},\"type\":\"contact\","
	    "\"action\":\"ADD\"}",
	    "{\"action\":\"remove\",\"contact\":{\"user_id\":\"U\",\"full_name\":\"ab\"}}",
	    "{\"action\":\"add\",\"contact\":{\"user_id\":\"U\",\"first_name\":\"ab\"}}",
	    "{\"action\":\"add\",\"contact\":{\"user_id\":\"U\",\"full_name\":\"a\","
	    "\"first_name\":\"b\"}}",
	    "{\"action\":\"add\",\"contact\":{\"user_id\":\"U\",\"username\":\"ab\"}}",
	    "{\"action\":\"add\",\"contact\":{\"user_id\":\"U\"}}",
	    "{\"action\":\"add\",\"contact\":{\"user_id\":\"U\",\"phone_number\":\"1\"}}",
	    "{\"action\":\"add\",\"contact\":{\"phone_number\":\"1\"}}",
	};
	struct sha256 digests[COUNT_OF(contacts)];
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (size_t i = 0; i < COUNT_OF(contacts); i++) {
		struct str payload =
		    arena_printf(f.batch.arena, "{" METADATA ",\"state_sync\":[%s]}", contacts[i]);

		decode(&f, payload_of(&f, payload), &plain);
		digests[i] =
		    ((struct contact_event_row *)f.batch.rows.of[REL_CONTACT_EVENT].items[i])
			->digest;
	}
	assert_memory_equal(&digests[0], &digests[1], SHA256_BYTES);
	for (size_t i = 1; i < COUNT_OF(contacts); i++)
		for (size_t k = i + 1; k < COUNT_OF(contacts); k++)
			assert_memory_not_equal(&digests[i], &digests[k], SHA256_BYTES);
	close_fixture(&f);
}

static void
test_pointer(void **state)
{
	char name[1200], hex[SHA256_HEX_BYTES];
	const struct pointer list = {NULL, "a/b~c", 0}, item = {&list, NULL, 12},
			     longer = {&item, name, 0};
	static const struct {
		size_t index;
		const char *text;
	} indexes[] = {{0, "/0"}, {9, "/9"}, {10, "/10"}, {99, "/99"}, {100, "/100"},
	    {1234567890, "/1234567890"}};
	struct arena *a = arena_new();
	struct sha256 hash;
	struct str text;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(indexes); i++) {
		const struct pointer at = {NULL, NULL, indexes[i].index};

		assert_string_equal(arena_copy(a, pointer_text(a, &at)).ptr, indexes[i].text);
	}
	assert_string_equal(arena_copy(a, pointer_text(a, NULL)).ptr, "");
	assert_string_equal(arena_copy(a, pointer_text(a, &item)).ptr, "/a~1b~0c/12");
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	text = pointer_text(a, &longer);
	assert_int_equal(text.len, POINTER_MAX_BYTES);
	assert_memory_equal(text.ptr, "/a~1b~0c/12/nnn", 15);
	text = arena_printf(a, "/a~1b~0c/12/%s", name);
	hash = sha256_of(text.ptr, text.len);
	text = pointer_text(a, &longer);
	assert_memory_equal(text.ptr + text.len - 64, sha256_hex(&hash, hex), 64);
	arena_free(a);
}

/* Cut between letters: of a name of letters of three bytes, shifted by one letter each time. */
static void
test_pointer_cut(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		char name[1200] = "aa";
		const struct pointer at = {NULL, name, 0};
		struct str text;
		size_t kept;

		for (size_t i = shift; i + 4 < sizeof(name); i += 3)
			memcpy(name + i, "\xE2\x82\xAC", 4);
		text = pointer_text(a, &at);
		kept = (size_t)((const char *)memchr(text.ptr, '#', text.len) - text.ptr);
		/* as many as there is room for before the '#' and the hash: "/", the shift, letters
		 */
		assert_int_equal((kept - 1 - shift) % 3, 0);
		assert_true(kept >= POINTER_MAX_BYTES - 65 - 2 && kept <= POINTER_MAX_BYTES - 65);
		assert_int_equal(text.len, kept + 65);
	}
	arena_free(a);
}

/* Bytes of every case replaced by letters that matter: what is still JSON must add up. Of a small
 * case all of them. */
static void
mutate(const char *path)
{
	static const char letters[] = "\"{}[],:0nx\\";
	struct str payload = read_file(path);
	char *bytes = (char *)payload.ptr;
	struct fixture f;

	open_fixture(&f);
	for (size_t i = 0; i < payload.len; i += 1 + payload.len / 2000) {
		char kept = bytes[i];

		for (const char *letter = letters; *letter != '\0'; letter++) {
			bytes[i] = *letter;
			decode(&f, payload_of(&f, payload), &plain);
			arena_reset(f.batch.arena);
			f = (struct fixture){.batch = {.arena = f.batch.arena}};
		}
		bytes[i] = kept;
	}
	close_fixture(&f);
	free(bytes);
}

static void
test_mutations(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob("fixtures/decode-*/payload.json", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		mutate(found.gl_pathv[i]);
	globfree(&found);
}

/* Samples as others published them, where they are at hand. */
static void
test_published_samples(void **state)
{
	glob_t found;

	(void)state;
	if (glob("../shared/payloads/*.json", 0, NULL, &found) != 0) {
		print_message("no published samples here\n");
		skip();
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct str payload = read_file(found.gl_pathv[i]);
		struct fixture f;

		open_fixture(&f);
		(void)dump(&f, payload, &plain);
		if (strstr(found.gl_pathv[i], "INVALID") != NULL)
			assert_string_equal(
			    ((struct part *)f.batch.parts.items[0])->kind, "unusable");
		close_fixture(&f);
		free((char *)payload.ptr);
	}
	globfree(&found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_options),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_long_ids),
	    cmocka_unit_test(test_huge),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_contact_digest),
	    cmocka_unit_test(test_pointer),
	    cmocka_unit_test(test_pointer_cut),
	    cmocka_unit_test(test_mutations),
	    cmocka_unit_test(test_published_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
