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

#include "decode_dump.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

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

/* A checked payload; a document that does not pass the check has a fault, as source gives it. */
static struct payload *
payload_of(struct fixture *f, struct str bytes)
{
	struct payload *p = arena_zero(f->batch.arena, 1, sizeof(*p));
	struct json_check check = json_check(bytes.ptr, bytes.len);

	p->bytes = bytes;
	p->size_bytes = bytes.len;
	p->sha256 = sha256_of(bytes.ptr, bytes.len);
	p->source = STR_LIT("test.json");
	p->received_at_us = TIME_NONE;
	if (check.fault != JSON_OK) {
		p->fault = "json_syntax";
		p->fault_text = str_of(json_fault_text(check.fault));
	}
	return p;
}

static void
decode(struct fixture *f, struct payload *p, const struct decode_options *o)
{
	const struct decode_accounts accounts = {find_account, &f->table};

	decode_payload(&f->batch, p, o, &accounts);
}

/* The dump of one payload; borrowed from the fixture. */
static const char *
dump(struct fixture *f, struct str bytes, const struct decode_options *o)
{
	decode(f, payload_of(f, bytes), o);
	dump_batch(&f->text, &f->batch);
	assert_true(buf_is_ok(&f->text));
	return buf_str(&f->text).ptr;
}

/* The whole file without the newline at its end, allocated to the byte so that asan sees its end. */
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
compare_case(const char *payload_path)
{
	char rows_path[512];
	struct fixture f;
	struct str payload = read_file(payload_path), rows;
	const char *text;

	snprintf(rows_path, sizeof(rows_path), "%.*s/rows.txt",
	    (int)(strrchr(payload_path, '/') - payload_path), payload_path);
	rows = read_file(rows_path);
	open_fixture(&f);
	text = dump(&f, payload, &plain);
	if (strlen(text) != rows.len + 1 || memcmp(text, rows.ptr, rows.len) != 0)
		fail_msg("%s: the rows are not those of rows.txt but\n%s", payload_path, text);
	close_fixture(&f);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
