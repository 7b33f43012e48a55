/*
 * The public suite of JSON parsers (nst/JSONTestSuite), where it lies beside the repository:
 * y_ is accepted, n_ refused, and for i_, which is left to the parser, this tool's decision.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define SUITE "../shared/jsontestsuite/test_parsing"

/* The largest file of the suite has 250 kB. */
#define MAX_BYTES ((size_t)1 << 20)

enum decision { REFUSED, SOUND, DAMAGED };

static const struct {
	const char *name;
	enum decision decision;
} decisions[] = {
    /* numbers stay text: no size is too great */
    {"i_number_double_huge_neg_exp.json", DAMAGED},
    {"i_number_huge_exp.json", DAMAGED},
    {"i_number_neg_int_huge_exp.json", DAMAGED},
    {"i_number_pos_double_huge_exp.json", DAMAGED},
    {"i_number_real_neg_overflow.json", DAMAGED},
    {"i_number_real_pos_overflow.json", DAMAGED},
    {"i_number_real_underflow.json", DAMAGED},
    {"i_number_too_big_neg_int.json", SOUND},
    {"i_number_too_big_pos_int.json", SOUND},
    {"i_number_very_big_negative_int.json", SOUND},
    /* lone surrogates are repaired */
    {"i_object_key_lone_2nd_surrogate.json", DAMAGED},
    {"i_string_1st_surrogate_but_2nd_missing.json", DAMAGED},
    {"i_string_1st_valid_surrogate_2nd_invalid.json", DAMAGED},
    {"i_string_incomplete_surrogate_and_escape_valid.json", DAMAGED},
    {"i_string_incomplete_surrogate_pair.json", DAMAGED},
    {"i_string_incomplete_surrogates_escape_valid.json", DAMAGED},
    {"i_string_invalid_lonely_surrogate.json", DAMAGED},
    {"i_string_invalid_surrogate.json", DAMAGED},
    {"i_string_inverted_surrogates_U+1D11E.json", DAMAGED},
    {"i_string_lone_second_surrogate.json", DAMAGED},
    /* so is invalid UTF-8 within strings */
    {"i_string_UTF-8_invalid_sequence.json", DAMAGED},
    {"i_string_UTF8_surrogate_U+D800.json", DAMAGED},
    {"i_string_invalid_utf-8.json", DAMAGED},
    {"i_string_iso_latin_1.json", DAMAGED},
    {"i_string_lone_utf8_continuation_byte.json", DAMAGED},
    {"i_string_not_in_unicode_range.json", DAMAGED},
    {"i_string_overlong_sequence_2_bytes.json", DAMAGED},
    {"i_string_overlong_sequence_6_bytes.json", DAMAGED},
    {"i_string_overlong_sequence_6_bytes_null.json", DAMAGED},
    {"i_string_truncated-utf-8.json", DAMAGED},
    /* other encodings are not JSON; a BOM is stripped before */
    {"i_string_UTF-16LE_with_BOM.json", REFUSED},
    {"i_string_utf16BE_no_BOM.json", REFUSED},
    {"i_string_utf16LE_no_BOM.json", REFUSED},
    {"i_structure_UTF-8_BOM_empty_object.json", REFUSED},
    /* deeper than JSON_MAX_DEPTH */
    {"i_structure_500_nested_arrays.json", REFUSED},
};

/* As one whole document: nothing but white space behind the value. */
static enum decision
decide(const char *bytes, size_t len)
{
	struct json_check c = json_check(bytes, len);

	if (c.fault != JSON_OK)
		return REFUSED;
	for (size_t i = c.end; i < len; i++)
		if (bytes[i] == '\0' || strchr(" \t\r\n", bytes[i]) == NULL)
			return REFUSED;
	return c.has_damage ? DAMAGED : SOUND;
}

static enum decision
decide_file(const char *name, char *bytes)
{
	char path[512];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", SUITE, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	len = fread(bytes, 1, MAX_BYTES, file);
	assert_true(len < MAX_BYTES);
	fclose(file);
	return decide(bytes, len);
}

static bool
is_as_expected(const char *name, enum decision got)
{
	if (name[0] == 'y')
		return got != REFUSED;
	if (name[0] == 'n')
		return got == REFUSED;
	for (size_t i = 0; i < COUNT(decisions); i++)
		if (strcmp(decisions[i].name, name) == 0)
			return got == decisions[i].decision;
	return false; /* undecided */
}

static void
test_suite(void **state)
{
	DIR *dir = opendir(SUITE);
	char *bytes = malloc(MAX_BYTES);
	const struct dirent *entry;
	int files = 0, failed = 0;

	(void)state;
	if (dir == NULL) {
		free(bytes);
		print_message("skipped: no " SUITE "\n");
		skip();
	}
	assert_non_null(bytes);
	while ((entry = readdir(dir)) != NULL) {
		enum decision got;

		if (strstr(entry->d_name, ".json") == NULL)
			continue;
		files++;
		got = decide_file(entry->d_name, bytes);
		if (!is_as_expected(entry->d_name, got)) {
			print_message("%s: decision %d\n", entry->d_name, got);
			failed++;
		}
	}
	closedir(dir);
	free(bytes);
	print_message("%d files\n", files);
	assert_true(files > 0);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_suite)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
