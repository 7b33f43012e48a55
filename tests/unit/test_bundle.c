/*
 * Audit archives: written, read back, and tampered with. The tests take tar files
 * apart and put them together with code of their own, from the ustar format.
 */
#include <dirent.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bundle/bag.h"
#include "bundle/bundle.h"

#define BLOCK 512
#define RECORD 10240
#define MAX_PARTS 16
/* Larger than a pipe, a record and a copy buffer, and no multiple of any. */
#define LARGE_BYTES 150001

static const char payload_text[] = "{\"object\":\"whatsapp_business_account\"}";
static const char account_name[] = "data/account.json";

struct part {
	unsigned char header[BLOCK];
	char *body;
	size_t size;
};

struct tar {
	struct part parts[MAX_PARTS];
	int count;
};

struct fixture {
	char folder[64];
	struct arena *arena;
	struct sha256 payload;
	char large[LARGE_BYTES];
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	snprintf(f->folder, sizeof(f->folder), "/tmp/test_bundle.XXXXXX");
	if (mkdtemp(f->folder) == NULL)
		return -1;
	f->arena = arena_new();
	f->payload = sha256_of(payload_text, strlen(payload_text));
	/* incompressible enough that a cut compressed file has lost something */
	for (uint32_t i = 0, x = 1; i < LARGE_BYTES; i++) {
		x = x * 1664525 + 1013904223;
		f->large[i] = (char)(x >> 24);
	}
	*state = f;
	return 0;
}

/* The files in the folder; removes them if asked to. */
static int
count_files(const struct fixture *f, bool and_remove)
{
	DIR *dir = opendir(f->folder);
	struct dirent *d;
	int count = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL) {
		char path[400];

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		count++;
		snprintf(path, sizeof(path), "%s/%s", f->folder, d->d_name);
		if (and_remove)
			unlink(path);
	}
	closedir(dir);
	return count;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	count_files(f, true);
	rmdir(f->folder);
	arena_free(f->arena);
	free(f);
	return 0;
}

static const char *
path_in(struct fixture *f, const char *name)
{
	return arena_printf(f->arena, "%s/%s", f->folder, name).ptr;
}

static int
read_payload(void *state, const struct sha256 *sha256, struct buf *out, struct err *e)
{
	const char *text = state;
	struct sha256 wanted = sha256_of(payload_text, strlen(payload_text));

	if (memcmp(sha256->bytes, wanted.bytes, SHA256_BYTES) != 0)
		return err_set(e, ERR_BUG, "asked for another payload");
	buf_put_text(out, text);
	return 0;
}

/* In pieces, as an exporter writes lines. */
static void
add_member(struct bundle *b, const char *name, const char *bytes, size_t len)
{
	struct err e = {0};
	size_t half = len / 2;

	assert_int_equal(bundle_begin_member(b, name, &e), 0);
	assert_int_equal(bundle_add(b, bytes, half, &e), 0);
	assert_int_equal(bundle_add(b, bytes + half, len - half, &e), 0);
	assert_int_equal(bundle_end_member(b, &e), 0);
}

static void
add_members(struct fixture *f, struct bundle *b, bool is_reversed)
{
	struct err e = {0};

	for (int i = 0; i < 5; i++) {
		switch (is_reversed ? 4 - i : i) {
		case 0:
			add_member(b, "data/messages.jsonl", f->large, LARGE_BYTES);
			break;
		case 1:
			assert_int_equal(
			    bundle_declare_payload(b, &f->payload, strlen(payload_text), &e), 0);
			break;
		case 2:
			add_member(b, account_name, "{}\n", 3);
			break;
		case 3:
			add_member(b, "data/rejects.jsonl", "", 0);
			break;
		default:
			add_member(b, "data/transcript/index.html", "<p>", 3);
		}
	}
}

static const struct bundle_info some_info[] = {
    {{"Source-Organization", 19}, {"Caf\xc3\xa9 Example", 13}},
    {{"X-As-Of", 7}, {"2026-03-02T09:00:00Z", 20}},
};

static int
finish(struct bundle *b, const char *stored, struct bundle_result *out, struct err *e)
{
	char text[100];
	struct bundle_input input = {
	    .info = some_info, .info_count = 2, .reader = {read_payload, text}};

	snprintf(text, sizeof(text), "%s", stored);
	return bundle_finish(b, &input, out, e);
}

static struct bundle_result
write_good(struct fixture *f, const char *path, bool is_reversed)
{
	struct bundle_result result = {0};
	struct err e = {0};
	struct bundle *b = bundle_open(path, &e);

	assert_non_null(b);
	add_members(f, b, is_reversed);
	if (finish(b, payload_text, &result, &e) != 0)
		fail_msg("%s", e.text);
	bundle_close(b);
	return result;
}

static struct str
read_file(struct fixture *f, const char *path)
{
	size_t max = 4 * LARGE_BYTES, len;
	char *bytes = arena_alloc(f->arena, max);
	FILE *in = fopen(path, "rb");

	assert_non_null(in);
	len = fread(bytes, 1, max, in);
	fclose(in);
	assert_true(len < max);
	return (struct str){bytes, len};
}

static void
write_file(const char *path, struct str bytes)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
	assert_int_equal(fclose(out), 0);
}

/* ---- a tar in pieces --------------------------------------------------------------------- */

static void
load_tar(struct fixture *f, const char *path, struct tar *t)
{
	struct str bytes = read_file(f, path);
	size_t at = 0;

	t->count = 0;
	while (bytes.ptr[at] != '\0') {
		struct part *p = &t->parts[t->count++];

		assert_true(t->count < MAX_PARTS);
		memcpy(p->header, bytes.ptr + at, BLOCK);
		p->size = strtoull(bytes.ptr + at + 124, NULL, 8);
		p->body = arena_alloc(f->arena, p->size + 1);
		memcpy(p->body, bytes.ptr + at + BLOCK, p->size);
		at += BLOCK + (p->size + BLOCK - 1) / BLOCK * BLOCK;
		assert_true(at < bytes.len);
	}
}

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
	return NULL;
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
    {"odd name", add_extra_tag, "; extra ca\\xc3\\xa9\\x1b.txt; not_canonical "},
    {"escaping", add_escape,
	"; not_canonical data/../../evil; extra data/../../evil" OXUM "; not_canonical "},
    {"renamed", rename_member, "; renamed data/accounts.json"},
    {"twice", duplicate_member, "; duplicated data/account.json" OXUM},
    {"soft link", link_soft, "; linked data/account.json" OXUM "; not_canonical "},
    {"hard link", link_hard, "; linked data/account.json" OXUM "; not_canonical "},
    {"folder", add_folder, "; linked data/transcript/" OXUM "; not_canonical "},
    {"time", change_time, "; not_canonical "},
    {"owner", change_owner, "; not_canonical "},
    {"order", swap_members, "; not_canonical data/account.json"},
    {"bagit.txt", forge_declaration, "; bad_bag bagit.txt"},
    {"oxum", forge_oxum, OXUM},
    {"info line", forge_info_line, OXUM},
    {"manifest line", forge_manifest_line,
	"; bad_bag manifest-sha256.txt; extra data/account.json"},
    {"payload under a wrong name", forge_payload, "; altered " PAYLOAD},
};

/* "; code member" for each finding. */
static struct str
verify_text(struct fixture *f, const char *path, struct bundle_report *report)
{
	struct str text = STR_LIT("");
	struct err e = {0};

	if (bundle_verify(f->arena, path, report, &e) != 0)
		fail_msg("%s", e.text);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct bundle_finding *found = &report->findings[i];

		text = arena_printf(f->arena, "%.*s; %s %.*s", STR_ARG(text),
		    bundle_finding_name(found->code), STR_ARG(found->member));
		assert_true(found->text.len > 0);
	}
	assert_int_equal(report->findings_total, report->finding_count);
	return text;
}

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
test_trailing_bytes_are_found(void **state)
{
	static const char *const names[] = {"a.tar", "a.tar.gz"};
	struct fixture *f = *state;

	for (size_t i = 0; i < 2; i++) {
		const char *path = path_in(f, names[i]);
		struct bundle_report report;
		struct str bytes;

		write_good(f, path, false);
		bytes = read_file(f, path);
		((char *)bytes.ptr)[bytes.len++] = 'x'; /* read_file has room to spare */
		write_file(path, bytes);
		assert_string_equal(verify_text(f, path, &report).ptr, "; not_canonical ");
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
	    cmocka_unit_test_setup_teardown(test_tampering_is_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_trailing_bytes_are_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unusable_files_are_errors, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_failure_leaves_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_misuse_is_a_bug, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_path_is_checked_first, setup, teardown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
