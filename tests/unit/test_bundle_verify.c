/*
 * Verifying audit archives: every way to tamper is found and called by its name, and what is no
 * archive is an error.
 */
#include <zstd.h>

#include "bundle_sample.h"

static void
store_tar(const char *path, const struct tar *t)
{
	static const char zeros[RECORD];
	struct buf out;

	buf_init(&out, 4 * LARGE_BYTES);
	for (int i = 0; i < t->count; i++) {
		buf_put(&out, t->parts[i].header, BLOCK);
		buf_put(&out, t->parts[i].body, t->parts[i].size);
		buf_put(&out, zeros, (BLOCK - t->parts[i].size % BLOCK) % BLOCK);
	}
	buf_put(&out, zeros, (size_t)2 * BLOCK);
	buf_put(&out, zeros, (RECORD - out.len % RECORD) % RECORD);
	assert_true(buf_is_ok(&out));
	write_file(path, buf_str(&out));
	buf_free(&out);
}

/* The sum of all header bytes, its own field counted as blanks. */
static void
seal_header(struct part *p)
{
	unsigned sum = 0;

	snprintf((char *)p->header + 124, 12, "%011zo", p->size);
	p->header[135] = ' ';
	memset(p->header + 148, ' ', 8);
	for (int i = 0; i < BLOCK; i++)
		sum += p->header[i];
	snprintf((char *)p->header + 148, 7, "%06o", sum);
	p->header[155] = ' ';
}

static struct part *
part_of(struct tar *t, const char *name)
{
	for (int i = 0; i < t->count; i++) {
		if (strcmp((const char *)t->parts[i].header, name) == 0)
			return &t->parts[i];
	}
	fail_msg("no member %s", name);
	abort(); /* not reached, which the compiler cannot know */
}

static void
rename_part(struct part *p, const char *name)
{
	memset(p->header, 0, BAG_MAX_NAME);
	memcpy(p->header, name, strlen(name));
	seal_header(p);
}

static void
set_body(struct part *p, char *body)
{
	p->body = body;
	p->size = strlen(body);
	seal_header(p);
}

/* A copy of the member, right behind it. */
static struct part *
copy_part(struct tar *t, const char *name)
{
	struct part *p = part_of(t, name);

	memmove(p + 1, p, (size_t)(&t->parts[t->count] - p) * sizeof(*p));
	t->count++;
	return p + 1;
}

static void
remove_part(struct tar *t, const char *name)
{
	struct part *p = part_of(t, name);

	t->count--;
	memmove(p, p + 1, (size_t)(&t->parts[t->count] - p) * sizeof(*p));
}

/* A forger's manifest, right for what stands there now. */
static void
reseal(struct tar *t, bool is_of_tags)
{
	static char text[2][4096];
	struct buf out;

	buf_init(&out, sizeof(text[0]) - 1);
	for (int i = 0; i < t->count; i++) {
		const struct part *p = &t->parts[i];
		struct sha256 h = sha256_of(p->body, p->size);
		struct str name = str_of((const char *)p->header);
		bool is_data = strncmp(name.ptr, "data/", 5) == 0;

		if (is_data != is_of_tags && !str_is(name, BAG_TAGMANIFEST_NAME))
			bundle_put_manifest_line(&out, &h, name);
	}
	assert_true(buf_is_ok(&out));
	snprintf(text[is_of_tags], sizeof(text[0]), "%s", buf_str(&out).ptr);
	buf_free(&out);
	set_body(
	    part_of(t, is_of_tags ? BAG_TAGMANIFEST_NAME : BAG_MANIFEST_NAME), text[is_of_tags]);
}

/* ---- ways to tamper ---------------------------------------------------------------------- */

static void
leave_alone(struct tar *t)
{
	(void)t;
}

static void
alter_byte(struct tar *t)
{
	part_of(t, account_name)->body[1] = ' ';
}

static void
alter_info(struct tar *t)
{
	part_of(t, BAG_INFO_NAME)->body[0] = 's';
}

static void
remove_member(struct tar *t)
{
	remove_part(t, account_name);
}

static void
remove_tagmanifest(struct tar *t)
{
	remove_part(t, BAG_TAGMANIFEST_NAME);
}

static void
remove_manifest(struct tar *t)
{
	remove_part(t, BAG_MANIFEST_NAME);
}

static void
add_extra(struct tar *t)
{
	static char body[] = "x";
	struct part *p = copy_part(t, account_name);

	rename_part(p, "data/accounts.json");
	set_body(p, body);
}

static void
add_extra_tag(struct tar *t)
{
	rename_part(copy_part(t, "bagit.txt"), "ca\xc3\xa9\x1b.txt");
}

static void
add_escape(struct tar *t)
{
	rename_part(copy_part(t, "data/transcript/index.html"), "data/../../evil");
}

static void
rename_member(struct tar *t)
{
	rename_part(part_of(t, account_name), "data/accounts.json");
}

static void
duplicate_member(struct tar *t)
{
	copy_part(t, account_name);
}

static void
link_member(struct tar *t, char flag)
{
	struct part *p = part_of(t, account_name);

	p->header[156] = (unsigned char)flag;
	memcpy(p->header + 157, "/etc/passwd", 11);
	p->size = 0;
	seal_header(p);
}

static void
link_soft(struct tar *t)
{
	link_member(t, '2');
}

static void
link_hard(struct tar *t)
{
	link_member(t, '1');
}

static void
add_folder(struct tar *t)
{
	struct part *p = copy_part(t, "data/rejects.jsonl");

	rename_part(p, "data/transcript/");
	p->header[156] = '5';
	seal_header(p);
}

static void
change_time(struct tar *t)
{
	memcpy(part_of(t, account_name)->header + 136, "00000000001", 11);
	seal_header(part_of(t, account_name));
}

static void
change_owner(struct tar *t)
{
	memcpy(part_of(t, account_name)->header + 265, "root", 4);
	seal_header(part_of(t, account_name));
}

static void
swap_members(struct tar *t)
{
	struct part *p = part_of(t, account_name), first = *p;

	*p = p[1];
	p[1] = first;
}

static void
forge_declaration(struct tar *t)
{
	static char body[] = "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n";

	set_body(part_of(t, "bagit.txt"), body);
	reseal(t, true);
}

static void
forge_oxum(struct tar *t)
{
	static char body[] = "X-As-Of: now\nPayload-Oxum: 1.1\n";

	set_body(part_of(t, BAG_INFO_NAME), body);
	reseal(t, true);
}

static void
forge_info_line(struct tar *t)
{
	struct part *p = part_of(t, BAG_INFO_NAME);

	*(char *)memchr(p->body, ':', p->size) = ' ';
	reseal(t, true);
}

static void
forge_manifest_line(struct tar *t)
{
	part_of(t, BAG_MANIFEST_NAME)->body[65] = '*'; /* `hash *name`: another dialect */
	reseal(t, true);
}

static void
forge_payload(struct tar *t)
{
	for (int i = 0; i < t->count; i++) {
		if (strncmp((char *)t->parts[i].header, "data/payloads/", 14) == 0)
			t->parts[i].body[0] = '[';
	}
	reseal(t, false);
	reseal(t, true);
}

/* Three under other names, one that is new, one that is gone. */
static void
rename_several(struct tar *t)
{
	static char added[] = "x", page[] = "<p>", account[] = "{}\n";
	struct part *p = copy_part(t, account_name);

	rename_part(p, "data/ad.json");
	set_body(p, added);
	p = part_of(t, account_name);
	rename_part(p, "data/accounts.json");
	set_body(p, page);
	rename_part(part_of(t, "data/rejects.jsonl"), "data/rejected.jsonl");
	p = part_of(t, "data/transcript/index.html");
	rename_part(p, "data/transcript/start.html");
	set_body(p, account);
	remove_part(t, "data/messages.jsonl");
}

/* The last line of the manifest without its end. */
static void
cut_manifest(struct tar *t)
{
	struct part *p = part_of(t, BAG_MANIFEST_NAME);

	p->size--;
	seal_header(p);
	reseal(t, true);
}

/* The last line of the manifest once more. */
static void
repeat_manifest_line(struct tar *t)
{
	static char text[4096];
	const struct part *p = part_of(t, BAG_MANIFEST_NAME);
	int len = (int)p->size;

	/* 64 hex digits, two blanks, the name, its end */
	snprintf(text, sizeof(text), "%.*s%.*s", len, p->body,
	    (int)strlen("data/transcript/index.html") + 67,
	    p->body + len - strlen("data/transcript/index.html") - 67);
	set_body(part_of(t, BAG_MANIFEST_NAME), text);
	reseal(t, true);
}

/* A payload file that the list of tag files names, rightly or not. */
static void
list_payload_as_tag(struct tar *t)
{
	static char text[4096];
	const struct part *p = part_of(t, BAG_TAGMANIFEST_NAME);
	const char *last = p->body + p->size - strlen(BAG_MANIFEST_NAME) - 67;
	struct sha256 h = sha256_of("{}\n", 3);
	char hex[SHA256_HEX_BYTES];

	snprintf(text, sizeof(text), "%.*s%s  %s\n%.*s", (int)(last - p->body), p->body,
	    sha256_hex(&h, hex), account_name, (int)(p->body + p->size - last), last);
	set_body(part_of(t, BAG_TAGMANIFEST_NAME), text);
}

/* ---- tests ------------------------------------------------------------------------------- */

#define OXUM "; bad_bag bag-info.txt"

/* The payload's name; replaced in an expected text. */
#define PAYLOAD "@"

static const struct {
	const char *what;
	void (*tamper)(struct tar *t);
	const char *findings;
} tamperings[] = {
    {"nothing", leave_alone, ""},
    {"a byte", alter_byte, "; altered data/account.json"},
    {"a byte of a tag file", alter_info, "; altered bag-info.txt"},
    {"removed", remove_member, "; missing data/account.json" OXUM},
    {"tag manifest removed", remove_tagmanifest, "; missing tagmanifest-sha256.txt"},
    {"manifest removed", remove_manifest, "; missing manifest-sha256.txt"},
    {"added", add_extra, "; extra data/accounts.json" OXUM},
    {"odd name", add_extra_tag,
	"; extra ca\\xc3\\xa9\\x1b.txt; not_canonical ca\\xc3\\xa9\\x1b.txt"},
    {"escaping", add_escape,
	"; not_canonical data/../../evil; extra data/../../evil" OXUM
	"; not_canonical data/../../evil"},
    {"renamed", rename_member, "; renamed data/accounts.json"},
    {"several at once", rename_several,
	"; extra data/ad.json; renamed data/accounts.json; renamed data/transcript/start.html"
	"; renamed data/rejected.jsonl; missing data/messages.jsonl" OXUM},
    {"twice", duplicate_member, "; duplicated data/account.json" OXUM},
    {"soft link", link_soft, "; linked data/account.json" OXUM "; not_canonical data/account.json"},
    {"hard link", link_hard, "; linked data/account.json" OXUM "; not_canonical data/account.json"},
    {"folder", add_folder, "; linked data/transcript/" OXUM "; not_canonical data/transcript/"},
    {"time", change_time, "; not_canonical "},
    {"owner", change_owner, "; not_canonical "},
    {"order", swap_members, "; not_canonical data/account.json"},
    {"bagit.txt", forge_declaration, "; bad_bag bagit.txt"},
    {"oxum", forge_oxum, OXUM},
    {"info line", forge_info_line, OXUM},
    {"manifest line", forge_manifest_line,
	"; bad_bag manifest-sha256.txt; extra data/account.json"},
    {"manifest without its end", cut_manifest,
	"; bad_bag manifest-sha256.txt; extra data/transcript/index.html"},
    {"manifest line twice", repeat_manifest_line, "; bad_bag manifest-sha256.txt"},
    {"payload among tag files", list_payload_as_tag, "; bad_bag tagmanifest-sha256.txt"},
    {"payload under a wrong name", forge_payload, "; altered " PAYLOAD},
};

static void
test_tampering_is_found(void **state)
{
	struct fixture *f = *state;
	const char *path = path_in(f, "a.tar"), *bad = path_in(f, "bad.tar");
	char hex[SHA256_HEX_BYTES];

	write_good(f, path, false);
	for (size_t i = 0; i < sizeof(tamperings) / sizeof(tamperings[0]); i++) {
		struct bundle_report report;
		struct tar t;
		struct str found, wanted = str_of(tamperings[i].findings);

		load_tar(f, path, &t);
		tamperings[i].tamper(&t);
		store_tar(bad, &t);
		if (strchr(wanted.ptr, PAYLOAD[0]) != NULL)
			wanted = arena_printf(f->arena, "%.*sdata/payloads/%s.json",
			    (int)wanted.len - 1, wanted.ptr, sha256_hex(&f->payload, hex));
		found = verify_text(f, bad, &report);
		if (!str_equal(found, wanted))
			fail_msg("%s: found \"%.*s\", not \"%.*s\"", tamperings[i].what,
			    STR_ARG(found), STR_ARG(wanted));
	}
}

/* A name of 101 letters, in the two parts that ustar has for it: what follows is not looked at. */
static void
test_overlong_name(void **state)
{
	struct fixture *f = *state;
	const char *path = path_in(f, "a.tar"), *bad = path_in(f, "bad.tar");
	struct bundle_report report;
	char name[BAG_MAX_NAME + 1];
	struct part *p;
	struct tar t;
	struct str want;

	write_good(f, path, false);
	load_tar(f, path, &t);
	p = part_of(&t, account_name);
	memset(name, 'n', sizeof(name));
	name[96] = '\0';
	rename_part(p, name);
	memcpy(p->header + 345, "data", 4);
	seal_header(p);
	store_tar(bad, &t);
	want = arena_printf(f->arena, "; not_canonical data/%s", name);
	assert_string_equal(verify_text(f, bad, &report).ptr, want.ptr);
	assert_non_null(strstr(report.findings[0].text.ptr, "was not looked at"));
	assert_int_equal(report.members, 2); /* bag-info.txt, bagit.txt */
}

static void
test_trailing_bytes_are_found(void **state)
{
	static const struct {
		const char *name;
		struct str tail;
	} cases[] = {
	    {"a.tar", {"x", 1}},
	    {"a.tar.gz", {"x", 1}},
	    /* what the decompressor skips: a frame to be skipped, an empty frame */
	    {"a.tar.zst", {"\x50\x2A\x4D\x18\x03\0\0\0abc", 11}},
	    {"a.tar.zst", {"\x28\xB5\x2F\xFD\x20\0\x01\0\0", 9}},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = path_in(f, cases[i].name);
		struct bundle_report report;
		struct str bytes;

		write_good(f, path, false);
		assert_string_equal(verify_text(f, path, &report).ptr, "");
		bytes = read_file(f, path);
		/* read_file has room to spare */
		memcpy((char *)bytes.ptr + bytes.len, cases[i].tail.ptr, cases[i].tail.len);
		bytes.len += cases[i].tail.len;
		write_file(path, bytes);
		if (!str_is(verify_text(f, path, &report), "; not_canonical "))
			fail_msg("%s, case %zu: not found", cases[i].name, i);
	}
}

/* Compressed once more by somebody else, with or without what a frame need not have: the archive is
 * the same, and what follows it is found all the same. */
static void
test_other_frames(void **state)
{
	/* a frame to be skipped */
	static const struct str tail = {"\x50\x2A\x4D\x18\x03\0\0\0abc", 11};
	struct fixture *f = *state;
	const char *path = path_in(f, "a.tar"), *packed = path_in(f, "b.tar.zst");
	struct bundle_report report;
	struct str bytes;

	write_good(f, path, false);
	bytes = read_file(f, path);
	for (int i = 0; i < 8; i++) {
		size_t most = ZSTD_compressBound(bytes.len) + tail.len;
		char *to = arena_alloc(f->arena, most);
		ZSTD_CCtx *z = ZSTD_createCCtx();
		size_t len;

		ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, i & 1);
		ZSTD_CCtx_setParameter(z, ZSTD_c_contentSizeFlag, i >> 1 & 1);
		ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, (i & 4) != 0 ? 12 : 20);
		len = ZSTD_compress2(z, to, most - tail.len, bytes.ptr, bytes.len);
		assert_false(ZSTD_isError(len));
		ZSTD_freeCCtx(z);
		write_file(packed, (struct str){to, len});
		if (!str_is(verify_text(f, packed, &report), ""))
			fail_msg("frame %d: %.*s", i, STR_ARG(report.findings[0].text));
		memcpy(to + len, tail.ptr, tail.len);
		write_file(packed, (struct str){to, len + tail.len});
		if (!str_is(verify_text(f, packed, &report), "; not_canonical "))
			fail_msg("frame %d: what follows it is not found", i);
	}
}

static void
test_unusable_files_are_errors(void **state)
{
	static const struct {
		const char *name;
		size_t keep_percent;
	} cuts[] = {{"a.tar", 50}, {"a.tar.gz", 50}, {"a.tar.gz", 99}, {"a.tar.zst", 50},
	    {"a.tar.zst", 99}, {"a.tar", 0}, {"a.tar.gz", 0}};
	struct fixture *f = *state;
	struct bundle_report report;
	struct err e = {0};

	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		const char *path = path_in(f, cuts[i].name);
		struct str bytes;

		write_good(f, path, false);
		bytes = read_file(f, path);
		bytes.len = bytes.len * cuts[i].keep_percent / 100;
		write_file(path, bytes);
		e = (struct err){0};
		assert_int_equal(bundle_verify(f->arena, path, &report, &e), -1);
		assert_int_equal(e.code, ERR_NO_USABLE_INPUT);
		assert_non_null(strstr(e.text, path));
	}
	write_file(path_in(f, "text.tar"), STR_LIT("this is no archive, whatever its name says\n"));
	assert_int_equal(bundle_verify(f->arena, path_in(f, "text.tar"), &report, &e), -1);
	assert_int_equal(e.code, ERR_NO_USABLE_INPUT);
	assert_int_equal(bundle_verify(f->arena, f->folder, &report, &e), -1);
	assert_int_equal(e.code, ERR_NO_USABLE_INPUT);
	assert_int_equal(bundle_verify(f->arena, path_in(f, "none.tar"), &report, &e), -1);
	assert_int_equal(e.code, ERR_NO_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_tampering_is_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_overlong_name, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_trailing_bytes_are_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_other_frames, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unusable_files_are_errors, setup, teardown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("bundle verify", tests, NULL, NULL);
}
