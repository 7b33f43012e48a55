/*
 * Audit archives as they are written: the form, byte for byte, and what failures leave behind.
 */
#include "bundle_sample.h"

static void
test_round_trip_in_every_compression(void **state)
{
	static const char *const names[] = {"a.tar", "a.tar.gz", "a.tar.zst"};
	struct fixture *f = *state;
	struct sha256 expected = {0};

	for (size_t i = 0; i < 3; i++) {
		const char *path = path_in(f, names[i]);
		struct bundle_result made = write_good(f, path, i == 1);
		struct str bytes = read_file(f, path);
		struct bundle_report report;

		if (i == 0)
			expected = sha256_of(bytes.ptr, bytes.len);
		assert_memory_equal(made.archive_sha256.bytes, expected.bytes, SHA256_BYTES);
		assert_int_equal(made.members, 9);
		assert_int_equal(made.payload_bytes, LARGE_BYTES + strlen(payload_text) + 6);
		assert_string_equal(verify_text(f, path, &report).ptr, "");
		assert_memory_equal(report.archive_sha256.bytes, expected.bytes, SHA256_BYTES);
		assert_int_equal(report.members, 9);
		assert_int_equal(report.payload_bytes, made.payload_bytes);
		assert_int_equal(report.archive_bytes % RECORD, 0);
		assert_false(report.has_signature);
		assert_int_equal(report.info_count, 3);
		assert_true(str_equal(report.info[0].value, some_info[0].value));
		assert_true(str_is(report.info[2].label, "Payload-Oxum"));
	}
	assert_int_equal(count_files(f, false), 3);
}

static void
test_same_members_same_bytes(void **state)
{
	static const char *const names[] = {"x.tar", "x.tar.gz", "x.tar.zst"};
	struct fixture *f = *state;

	for (size_t i = 0; i < 3; i++) {
		const char *path = path_in(f, names[i]);
		struct str one, two;

		write_good(f, path, false);
		one = read_file(f, path);
		write_good(f, path, true);
		two = read_file(f, path);
		assert_true(str_equal(one, two));
	}
}

/* The form in the words of the ustar format, and the tag files in those of RFC 8493. */
static void
test_form_is_canonical(void **state)
{
	static const char *const tail[] = {"data/rejects.jsonl", "data/transcript/index.html",
	    "manifest-sha256.txt", "tagmanifest-sha256.txt"};
	struct fixture *f = *state;
	const char *path = path_in(f, "a.tar");
	char hex[SHA256_HEX_BYTES];
	struct sha256 empty = sha256_of("{}\n", 3);
	struct str line;
	struct tar t;

	write_good(f, path, false);
	load_tar(f, path, &t);
	assert_int_equal(t.count, 9);
	assert_string_equal((char *)t.parts[0].header, "bag-info.txt");
	assert_string_equal((char *)t.parts[1].header, "bagit.txt");
	assert_string_equal((char *)t.parts[2].header, account_name);
	for (int i = 0; i < 4; i++)
		assert_string_equal((char *)t.parts[5 + i].header, tail[i]);
	for (int i = 0; i < t.count; i++) {
		char *header = (char *)t.parts[i].header;

		assert_int_equal(strtoul(header + 100, NULL, 8), 0644);
		assert_int_equal(strtoul(header + 108, NULL, 8), 0);
		assert_int_equal(strtoul(header + 116, NULL, 8), 0);
		assert_int_equal(strtoull(header + 136, NULL, 8), 0);
		assert_int_equal(header[156], '0');
		assert_memory_equal(header + 257, "ustar\00000", 8);
		assert_int_equal(header[265], 0);
		assert_int_equal(header[297], 0);
	}
	/* sha256sum -c: the hash, two blanks, the name */
	line = arena_printf(f->arena, "%s  data/account.json\n", sha256_hex(&empty, hex));
	assert_memory_equal(t.parts[7].body, line.ptr, line.len);
	line = arena_printf(f->arena,
	    "Source-Organization: Caf\xc3\xa9 Example\nX-As-Of: 2026-03-02T09:00:00Z\n"
	    "Payload-Oxum: %zu.5\n",
	    LARGE_BYTES + strlen(payload_text) + 6);
	assert_true(str_equal((struct str){t.parts[0].body, t.parts[0].size}, line));
}

static void
test_failure_leaves_nothing(void **state)
{
	static const char *const stored[] = {"{\"object\":\"whatsapp_business_accounT\"}", "{}"};
	struct fixture *f = *state;
	const char *path = path_in(f, "a.tar.gz");
	struct bundle_result result;

	write_file(path, STR_LIT("older"));
	for (size_t i = 0; i < 2; i++) {
		struct err e = {0};
		struct bundle *b = bundle_open(path, &e);

		assert_non_null(b);
		add_members(f, b, false);
		assert_int_equal(count_files(f, false), 1); /* the spool has no name */
		assert_int_equal(finish(b, stored[i], &result, &e), -1);
		assert_int_equal(e.code, ERR_IO);
		bundle_close(b);
		assert_int_equal(count_files(f, false), 1);
		assert_true(str_is(read_file(f, path), "older"));
	}
}

static void
test_misuse_is_a_bug(void **state)
{
	static const char *const names[] = {"bagit.txt", "data/", "data//a", "data/../a", "/data/a",
	    "data/\xc3\xa9", "data/a b", "data/a%0A", "data/.a", ""};
	struct fixture *f = *state;
	struct bundle_result result;
	struct err e = {0};
	struct bundle *b = bundle_open(path_in(f, "a.tar"), &e);

	assert_non_null(b);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		e = (struct err){0};
		assert_int_equal(bundle_begin_member(b, names[i], &e), -1);
		assert_int_equal(e.code, ERR_BUG);
	}
	assert_int_equal(bundle_add(b, "x", 1, &e), -1);
	assert_int_equal(bundle_end_member(b, &e), -1);
	assert_int_equal(bundle_declare_payload(b, &f->payload, (uint64_t)8 << 30, &e), -1);
	assert_int_equal(e.code, ERR_CANNOT_CREATE);
	add_members(f, b, false);
	add_member(b, account_name, "{}\n", 3);
	assert_int_equal(finish(b, payload_text, &result, &e), -1);
	assert_int_equal(e.code, ERR_BUG);
	assert_non_null(strstr(e.text, account_name));
	bundle_close(b);
}

static void
test_path_is_checked_first(void **state)
{
	static const struct {
		const char *name;
		enum err_code code;
	} cases[] = {{"a.zip", ERR_USAGE}, {"a", ERR_USAGE}, {".tar", ERR_USAGE},
	    {"tar.gz", ERR_USAGE}, {"none/a.tar", ERR_CANNOT_CREATE}};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = {0};

		assert_null(bundle_open(path_in(f, cases[i].name), &e));
		assert_int_equal(e.code, cases[i].code);
	}
	bundle_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_round_trip_in_every_compression, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_same_members_same_bytes, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_form_is_canonical, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_failure_leaves_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_misuse_is_a_bug, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_path_is_checked_first, setup, teardown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
