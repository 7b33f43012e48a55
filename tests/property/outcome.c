/*
 * Outcomes: see outcome.h.
 *
 * Not compared, because splitting and sending again may change them by contract:
 * - digest lines marked `-` (ledger, rejects, links: how the messages were sent);
 * - coverage.messages: of each chunk row, and a chunk sent again in other bytes is another row;
 * - the number of rejects: an item sent again in other bytes is rejected again, and what is kept
 *   in every part of a split document is rejected in each. Their codes are compared, each once.
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/json.h"

#include "../tools/made_up.h"

#include "place.h"

#define TEXT_MAX ((size_t)1 << 28)
#define SAID_MAX 600 /* of what is printed on standard error */

static const char *const compared[] = {"account.json", "contact_events.jsonl", "contacts.jsonl",
    "conversations.jsonl", "coverage.json", "media.jsonl", "message_events.jsonl",
    "message_versions.jsonl", "messages.jsonl", "rejects.jsonl"};

static void
add_part(struct arena *a, struct outcome *o, const char *name, struct str text)
{
	struct part *part = arena_alloc(a, sizeof(*part));

	*part = (struct part){name, text};
	list_add(a, &o->parts, part);
}

/* Keeps the first fault: a call that ended as it must not. */
static int
note_fault(struct arena *a, struct outcome *o, const struct call *call, struct err *e)
{
	struct str out, err;

	if (o->fault.ptr != NULL)
		return 0;
	if (place_read(a, call->out, &out, e) != 0 || place_read(a, call->err, &err, e) != 0)
		return -1;
	if (out.len > SAID_MAX)
		out.len = SAID_MAX;
	if (err.len > SAID_MAX)
		err.len = SAID_MAX;
	o->fault = arena_printf(a, "coexsync %s exits %d: %.*s%.*s", call->argv[1], call->code,
	    STR_ARG(err), STR_ARG(out));
	return 0;
}

/* ---- documents on disk ----------------------------------------------------------------------- */

static bool
is_whole(struct str document)
{
	struct json_check check = json_check(document.ptr, document.len);

	return check.fault == JSON_OK && check.end == document.len;
}

/* Each in a file; of five the first two as one array, where both are JSON. */
static int
write_folder(struct arena *a, const char *folder, const struct ingest *in, struct err *e)
{
	for (size_t i = 0; i < in->documents.count; i++) {
		struct str d = *(struct str *)in->documents.items[i];
		struct str path = arena_printf(a, "%s/%05zu.json", folder, i);

		if (i % 5 == 0 && i + 1 < in->documents.count) {
			struct str next = *(struct str *)in->documents.items[i + 1];

			if (is_whole(d) && is_whole(next)) {
				d = arena_printf(a, "[%.*s,\n%.*s]\n", STR_ARG(d), STR_ARG(next));
				i++;
			}
		}
		if (place_write(path.ptr, d, e) != 0)
			return -1;
	}
	return 0;
}

static int
write_lines(struct arena *a, const char *folder, const struct ingest *in, struct err *e)
{
	struct buf lines;
	int rc;

	buf_init(&lines, TEXT_MAX);
	for (size_t i = 0; i < in->documents.count; i++) {
		buf_put_str(&lines, *(struct str *)in->documents.items[i]);
		buf_put_char(&lines, '\n');
	}
	rc = place_write(arena_printf(a, "%s/all.ndjson", folder).ptr, buf_str(&lines), e);
	buf_free(&lines);
	return rc;
}

static int
write_ingest(struct arena *a, const char *folder, const struct ingest *in, struct err *e)
{
	if (mkdir(folder, 0755) != 0)
		return err_sys(e, ERR_CANNOT_CREATE, "%s", folder);
	return in->is_folder ? write_folder(a, folder, in, e) : write_lines(a, folder, in, e);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void
make_ingest_call(struct arena *a, struct call *call, const struct ingest *in, const char *folder)
{
	place_argue(call, folder);
	place_argue(call, "-q");
	place_argue(call, "--jobs");
	place_argue(call, arena_printf(a, "%u", in->jobs).ptr);
	place_argue(call, "--batch-rows");
	place_argue(call, arena_printf(a, "%u", in->batch_rows).ptr);
	if (in->activation < 0)
		return;
	place_argue(call, "--onboarded-at");
	place_argue(call, world_activations[in->activation]);
}

/* 65: nothing usable in a part of the documents. If there was, the comparison misses it. */
static bool
is_fine(int code)
{
	return code == 0 || code == 3 || code == 65;
}

static int
run_ingests(
    struct arena *a, struct place *p, const struct plan *plan, struct outcome *out, struct err *e)
{
	struct call *calls = arena_zero(a, plan->ingests.count + 1, sizeof(*calls));
	size_t waited = 0;

	for (size_t i = 0; i < plan->ingests.count; i++) {
		const struct ingest *in = plan->ingests.items[i];
		struct str folder = arena_printf(a, "%s/in%zu", p->folder, i);

		if (write_ingest(a, folder.ptr, in, e) != 0)
			return -1;
		place_call(p, &calls[i], "ingest");
		make_ingest_call(a, &calls[i], in, folder.ptr);
		if (place_start(p, &calls[i], e) != 0)
			return -1;
		if (in->is_beside_next && i + 1 < plan->ingests.count)
			continue;
		for (; waited <= i; waited++) {
			if (place_wait(p, &calls[waited], e) != 0)
				return -1;
			if (!is_fine(calls[waited].code) &&
			    note_fault(a, out, &calls[waited], e) != 0)
				return -1;
		}
	}
	return 0;
}

static int
run_check(struct arena *a, struct place *p, struct outcome *out, struct err *e)
{
	struct call call;

	place_call(p, &call, "check");
	place_argue(&call, "--data");
	if (place_start(p, &call, e) != 0 || place_wait(p, &call, e) != 0)
		return -1;
	return call.code == 0 ? 0 : note_fault(a, out, &call, e);
}

/* `hash  rows  name` a line, those of the ledger marked with `-`, the last the total. */
static void
take_digest(struct arena *a, struct outcome *out, struct str text)
{
	while (text.len > 0) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t len = end == NULL ? text.len : (size_t)(end - text.ptr);
		struct str line = arena_copy(a, (struct str){text.ptr, len});
		const char *name = strrchr(line.ptr, ' ');

		if (name != NULL && strcmp(name, " -") != 0)
			add_part(a, out, arena_printf(a, "digest of%s", name).ptr, line);
		len += end != NULL;
		text = (struct str){text.ptr + len, text.len - len};
	}
}

static int
run_digest(struct arena *a, struct place *p, struct outcome *out, struct err *e)
{
	struct call call;
	struct str text;

	place_call(p, &call, "digest");
	if (place_start(p, &call, e) != 0 || place_wait(p, &call, e) != 0)
		return -1;
	if (call.code != 0)
		return note_fault(a, out, &call, e);
	if (place_read(a, call.out, &text, e) != 0)
		return -1;
	take_digest(a, out, text);
	return 0;
}

/* ---- the archive ----------------------------------------------------------------------------- */

/* The codes, each once, in the order of bytes. */
static struct str
codes_of(struct arena *a, struct str lines)
{
	struct list codes = {0};
	struct str all = STR_LIT("");

	while (lines.len > 0) {
		const char *end = memchr(lines.ptr, '\n', lines.len);
		size_t len = end == NULL ? lines.len : (size_t)(end - lines.ptr) + 1, at = 0;
		struct str *code = arena_alloc(a, sizeof(*code));

		*code = json_get((struct str){lines.ptr, len}, "code");
		while (at < codes.count && str_compare(*(struct str *)codes.items[at], *code) < 0)
			at++;
		if (at == codes.count || !str_equal(*(struct str *)codes.items[at], *code)) {
			list_add(a, &codes, code);
			memmove(codes.items + at + 1, codes.items + at,
			    (codes.count - 1 - at) * sizeof(*codes.items));
			codes.items[at] = code;
		}
		lines = (struct str){lines.ptr + len, lines.len - len};
	}
	for (size_t i = 0; i < codes.count; i++)
		all = arena_printf(
		    a, "%.*s%.*s\n", STR_ARG(all), STR_ARG(*(struct str *)codes.items[i]));
	return all;
}

/* A line a phase and a verdict; without what the head of this file excepts. */
static struct str
judgements_of(struct arena *a, struct str json)
{
	static const char *const lists[] = {"coverage", "verdict"};
	struct str object, key, value, text;
	struct json_walk list, members, sentences;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		list = json_enter(json_get(json, lists[i]));
		while (json_element(&list, &object)) {
			buf_put_text(&b, lists[i]);
			members = json_enter(object);
			while (json_member(&members, &key, &value)) {
				if (json_key_is(key, "messages"))
					continue;
				buf_printf(&b, " %.*s:", STR_ARG(key));
				if (!json_key_is(key, "sentences")) {
					buf_put_str(&b, value);
					continue;
				}
				sentences = json_enter(value);
				while (json_element(&sentences, &value))
					if (memmem(value.ptr, value.len, "could not be used", 17) ==
					    NULL)
						buf_printf(&b, " %.*s", STR_ARG(value));
			}
			buf_put_char(&b, '\n');
		}
	}
	text = arena_copy(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static void
take_member(struct arena *a, struct outcome *out, const char *name, struct str text)
{
	for (size_t i = 0; i < COUNT_OF(compared); i++) {
		if (strcmp(name, compared[i]) != 0)
			continue;
		if (strcmp(name, "rejects.jsonl") == 0)
			text = codes_of(a, text);
		else if (strcmp(name, "coverage.json") == 0)
			text = judgements_of(a, text);
		add_part(a, out, compared[i], text);
	}
}

static int
take_archive(struct arena *a, struct outcome *out, const char *path, struct err *e)
{
	struct archive *tar = archive_read_new();
	struct archive_entry *entry;
	int rc = -1, status = ARCHIVE_FATAL;

	archive_read_support_format_tar(tar);
	if (archive_read_open_filename(tar, path, 1 << 16) != ARCHIVE_OK)
		goto out;
	while ((status = archive_read_next_header(tar, &entry)) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);
		size_t size = (size_t)archive_entry_size(entry);
		char *bytes = arena_alloc(a, size + 1);

		if (archive_read_data(tar, bytes, size) != (la_ssize_t)size)
			goto out;
		if (strncmp(name, "data/", 5) == 0)
			take_member(a, out, name + 5, (struct str){bytes, size});
	}
	if (status == ARCHIVE_EOF)
		rc = 0;
out:
	if (rc != 0)
		err_set(e, ERR_IO, "%s: %s", path, archive_error_string(tar));
	archive_read_free(tar);
	return rc;
}

static int
run_export(struct arena *a, struct place *p, const char *as_of, struct outcome *out, struct err *e)
{
	struct str path = arena_printf(a, "%s/x.tar", p->folder);
	struct call call;

	place_call(p, &call, "export");
	place_argue(&call, "-q");
	place_argue(&call, "--account");
	place_argue(&call, PHONE_NUMBER_ID);
	place_argue(&call, "--as-of");
	place_argue(&call, as_of);
	place_argue(&call, "-o");
	place_argue(&call, path.ptr);
	if (place_start(p, &call, e) != 0 || place_wait(p, &call, e) != 0)
		return -1;
	if (call.code != 0)
		return note_fault(a, out, &call, e);
	return take_archive(a, out, path.ptr, e);
}

static bool
has_account(const struct plan *plan)
{
	for (size_t i = 0; i < plan->ingests.count; i++)
		if (variant_names_account(plan->ingests.items[i]))
			return true;
	return false;
}

int
outcome_of(
    struct arena *a, struct place *p, const struct plan *plan, struct outcome *out, struct err *e)
{
	*out = (struct outcome){0};
	p->arena = a;
	place_clear(p);
	if (place_empty(p, e) != 0 || run_ingests(a, p, plan, out, e) != 0)
		return -1;
	/* the rest would only follow from it */
	if (out->fault.ptr != NULL)
		return 0;
	if (run_digest(a, p, out, e) != 0)
		return -1;
	out->is_exported = plan->as_of != NULL;
	if (plan->as_of != NULL && has_account(plan) && run_export(a, p, plan->as_of, out, e) != 0)
		return -1;
	return run_check(a, p, out, e);
}

/* ---- comparison ------------------------------------------------------------------------------ */

/* Takes the next line off the text. */
static struct str
next_line(struct str *text)
{
	const char *end = text->len == 0 ? NULL : memchr(text->ptr, '\n', text->len);
	size_t len = end == NULL ? text->len : (size_t)(end - text->ptr);
	struct str line = {text->ptr, len};

	len += end != NULL;
	*text = (struct str){text->ptr + len, text->len - len};
	return line;
}

static struct str
first_difference(struct arena *a, const char *name, struct str x, struct str y)
{
	struct str left = STR_LIT(""), right = STR_LIT("");

	while (str_equal(left, right) && (x.len > 0 || y.len > 0)) {
		left = next_line(&x);
		right = next_line(&y);
	}
	return arena_printf(a, "  %s\n    reference: %.*s\n    variant:   %.*s\n", name,
	    STR_ARG(left), STR_ARG(right));
}

struct str
outcome_compare(struct arena *a, const struct outcome *reference, const struct outcome *variant)
{
	struct str said = STR_LIT("");

	if (reference->fault.ptr != NULL || variant->fault.ptr != NULL)
		return arena_printf(a, "  reference: %.*s\n  variant: %.*s\n",
		    STR_ARG(reference->fault), STR_ARG(variant->fault));
	if (variant->is_exported && reference->parts.count != variant->parts.count)
		return arena_printf(
		    a, "  %zu parts and %zu\n", reference->parts.count, variant->parts.count);
	for (size_t i = 0; i < reference->parts.count && i < variant->parts.count; i++) {
		const struct part *x = reference->parts.items[i], *y = variant->parts.items[i];
		struct str found;

		if (strcmp(x->name, y->name) == 0 && str_equal(x->text, y->text))
			continue;
		found = first_difference(a, x->name, x->text, y->text);
		said = arena_printf(a, "%.*s%.*s", STR_ARG(said), STR_ARG(found));
	}
	return said.len == 0 ? STR_NULL : said;
}

/* ---- for a reader ---------------------------------------------------------------------------- */

int
outcome_keep_plan(struct arena *a, const char *folder, const struct plan *plan, struct err *e)
{
	struct str calls = STR_LIT("");

	if (mkdir(folder, 0755) != 0)
		return err_sys(e, ERR_CANNOT_CREATE, "%s", folder);
	for (size_t i = 0; i < plan->ingests.count; i++) {
		const struct ingest *in = plan->ingests.items[i];
		struct str path = arena_printf(a, "%s/in%zu", folder, i);
		struct call call = {0};

		if (write_ingest(a, path.ptr, in, e) != 0)
			return -1;
		make_ingest_call(a, &call, in, path.ptr + strlen(folder) + 1);
		calls = arena_printf(a, "%.*scoexsync ingest", STR_ARG(calls));
		for (int j = 0; j < call.argc; j++)
			calls = arena_printf(a, "%.*s %s", STR_ARG(calls), call.argv[j]);
		calls = arena_printf(a, "%.*s%s\n", STR_ARG(calls), in->is_beside_next ? " &" : "");
	}
	return place_write(arena_printf(a, "%s/calls", folder).ptr, calls, e);
}
