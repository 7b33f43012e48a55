/*
 * A small archive written with bundle, and a tar taken apart by code that knows only the
 * ustar format. Shared by the tests of writing and of verifying.
 */
#ifndef TESTS_BUNDLE_SAMPLE_H
#define TESTS_BUNDLE_SAMPLE_H

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

static inline int
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
static inline int
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

static inline int
teardown(void **state)
{
	struct fixture *f = *state;

	count_files(f, true);
	rmdir(f->folder);
	arena_free(f->arena);
	free(f);
	return 0;
}

static inline const char *
path_in(struct fixture *f, const char *name)
{
	return arena_printf(f->arena, "%s/%s", f->folder, name).ptr;
}

static inline int
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
static inline void
add_member(struct bundle *b, const char *name, const char *bytes, size_t len)
{
	struct err e = {0};
	size_t half = len / 2;

	assert_int_equal(bundle_begin_member(b, name, &e), 0);
	assert_int_equal(bundle_add(b, bytes, half, &e), 0);
	assert_int_equal(bundle_add(b, bytes + half, len - half, &e), 0);
	assert_int_equal(bundle_end_member(b, &e), 0);
}

static inline void
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

static inline int
finish(struct bundle *b, const char *stored, struct bundle_result *out, struct err *e)
{
	char text[100];
	struct bundle_input input = {
	    .info = some_info, .info_count = 2, .reader = {read_payload, text}};

	snprintf(text, sizeof(text), "%s", stored);
	return bundle_finish(b, &input, out, e);
}

static inline struct bundle_result
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

static inline struct str
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

static inline void
write_file(const char *path, struct str bytes)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
	assert_int_equal(fclose(out), 0);
}

/* ---- a tar in pieces --------------------------------------------------------------------- */

static inline void
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

/* "; code member" for each finding. */
static inline struct str
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

#endif
