/*
 * Judging a scanned archive: see judge.h. The entries are sorted by name once; a
 * manifest is walked line by line and matched by binary search.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/bag.h"
#include "bundle/findings.h"
#include "bundle/judge.h"

/* A line of a manifest whose member is not there. */
struct absent {
	struct sha256 sha256;
	struct str name;
	bool is_found; /* under another name */
};

struct judge {
	struct arena *arena; /* of the report */
	struct bundle_scan *scan;
	struct bundle_report *report;
	struct bundle_entry **by_name; /* each name once */
	size_t count;
};

/* Lines of a tag file that are not as they must be; one finding for all, there may be millions. */
struct faults {
	uint64_t count;
	uint64_t first;
};

static void judge_form(struct judge *j);
static void judge_names(struct judge *j);
static void judge_texts(struct judge *j);
static void judge_declaration(struct judge *j);
static void judge_info(struct judge *j);
static void judge_manifest(struct judge *j, enum bundle_text which);
static void judge_lines(struct judge *j, enum bundle_text which, struct list *absent);
static void judge_unlisted(struct judge *j, enum bundle_text which, struct list *absent);

void
bundle_judge(struct arena *a, struct bundle_scan *s, struct bundle_report *report)
{
	struct judge j = {.arena = a, .scan = s, .report = report};

	judge_names(&j);
	judge_texts(&j);
	judge_declaration(&j);
	judge_manifest(&j, BUNDLE_TEXT_TAGMANIFEST);
	judge_manifest(&j, BUNDLE_TEXT_MANIFEST);
	judge_info(&j);
	judge_form(&j);
}

static void
find(struct judge *j, enum bundle_finding_code code, struct str member, struct str text)
{
	bundle_add_finding(j->arena, j->report, code, member, text);
}

static void
note_fault(struct faults *f, uint64_t line)
{
	if (f->count++ == 0)
		f->first = line;
}

static void
find_faults(struct judge *j, struct str member, const struct faults *f)
{
	if (f->count > 0)
		find(j, BUNDLE_BAD_BAG, member,
		    arena_printf(j->arena,
			"lines malformed, out of order or out of place: %" PRIu64
			", the first is line %" PRIu64,
			f->count, f->first));
}

/* NULL unless the whole text was read. */
static struct buf *
whole_text(struct judge *j, enum bundle_text which)
{
	struct buf *text = &j->scan->texts[which];

	return j->scan->has_text[which] && buf_is_ok(text) ? text : NULL;
}

static int
compare_names(const void *left, const void *right)
{
	const struct bundle_entry *l = *(struct bundle_entry *const *)left;
	const struct bundle_entry *r = *(struct bundle_entry *const *)right;

	return str_compare(l->name, r->name);
}

/* glibc's qsort is stable only while memory lasts, so the order of standing is not relied on. */
static void
judge_names(struct judge *j)
{
	const struct list *all = &j->scan->entries;
	bool is_ordered = true;

	j->by_name = arena_zero(j->scan->arena, all->count + 1, sizeof(*j->by_name));
	for (size_t i = 0; i < all->count; i++) {
		struct bundle_entry *entry = all->items[i];

		j->by_name[i] = entry;
		if (i > 0 && is_ordered && compare_names(&all->items[i - 1], &all->items[i]) > 0) {
			is_ordered = false;
			find(j, BUNDLE_NOT_CANONICAL, entry->name,
			    STR_LIT("members are not in the order of their names from here on"));
		}
		if (entry->is_linked)
			find(j, BUNDLE_LINKED, entry->name,
			    STR_LIT("is a link, folder or device, not a file"));
	}
	if (all->count > 1)
		qsort(j->by_name, all->count, sizeof(*j->by_name), compare_names);
	for (size_t i = 0; i < all->count; i++) {
		if (j->count > 0 && compare_names(&j->by_name[j->count - 1], &j->by_name[i]) == 0)
			find(j, BUNDLE_DUPLICATED, j->by_name[i]->name,
			    STR_LIT("stands in the archive more than once"));
		else
			j->by_name[j->count++] = j->by_name[i];
	}
}

static void
judge_texts(struct judge *j)
{
	for (int i = 0; i < BUNDLE_TEXT_COUNT; i++) {
		struct str name = str_of(bundle_text_name((enum bundle_text)i));

		if (!j->scan->has_text[i])
			find(j, BUNDLE_MISSING, name, STR_LIT("is not in the archive"));
		else if (!buf_is_ok(&j->scan->texts[i]))
			find(j, BUNDLE_BAD_BAG, name, STR_LIT("is too large to be read"));
	}
}

static void
judge_declaration(struct judge *j)
{
	struct buf *text = whole_text(j, BUNDLE_TEXT_DECLARATION);

	if (text != NULL && !str_is(buf_str(text), BAG_DECLARATION))
		find(j, BUNDLE_BAD_BAG, STR_LIT(BAG_DECLARATION_NAME),
		    STR_LIT("does not declare BagIt 1.0 in UTF-8"));
}

static struct bundle_entry *
entry_of(const struct judge *j, struct str name)
{
	struct bundle_entry key = {.name = name}, *wanted = &key, **found;

	found = bsearch(&wanted, j->by_name, j->count, sizeof(*j->by_name), compare_names);
	return found == NULL ? NULL : *found;
}

/* Does the manifest answer for members of this name? */
static bool
is_in_scope(enum bundle_text which, struct str name)
{
	if (which == BUNDLE_TEXT_MANIFEST)
		return bundle_name_is_payload(name);
	return !bundle_name_is_payload(name) && !str_is(name, BAG_TAGMANIFEST_NAME) &&
	       !str_is(name, BAG_SIGNATURE_NAME);
}

static bool
is_required(struct str name)
{
	for (int i = 0; i < BUNDLE_TEXT_COUNT; i++) {
		if (str_is(name, bundle_text_name((enum bundle_text)i)))
			return true;
	}
	return false;
}

static void
judge_manifest(struct judge *j, enum bundle_text which)
{
	struct list absent = {0};

	if (whole_text(j, which) == NULL)
		return; /* found missing or too large; nothing can be said of the rest */
	judge_lines(j, which, &absent);
	judge_unlisted(j, which, &absent);
}

static bool
is_same(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->bytes, b->bytes, SHA256_BYTES) == 0;
}

static void
judge_listed(struct judge *j, struct bundle_entry *entry, const struct sha256 *said)
{
	struct sha256 named;

	entry->is_listed = true;
	if (entry->is_linked)
		return;
	if (!is_same(&entry->sha256, said))
		find(j, BUNDLE_ALTERED, entry->name,
		    STR_LIT("its content is not what the manifest says"));
	else if (bundle_name_hash(entry->name, &named) && !is_same(&entry->sha256, &named))
		find(j, BUNDLE_ALTERED, entry->name,
		    STR_LIT("its content is not what its name says"));
}

static void
judge_lines(struct judge *j, enum bundle_text which, struct list *absent)
{
	struct str rest = buf_str(whole_text(j, which)), line, name, before = STR_NULL;
	struct faults faults = {0};
	struct sha256 sha256;
	bool is_ended;

	for (uint64_t number = 1; bundle_next_line(&rest, &line, &is_ended); number++) {
		struct bundle_entry *entry;

		if (!bundle_parse_manifest_line(line, &sha256, &name) || !is_ended ||
		    !is_in_scope(which, name) || str_compare(before, name) >= 0) {
			note_fault(&faults, number);
			continue;
		}
		before = name;
		entry = entry_of(j, name);
		if (entry != NULL) {
			judge_listed(j, entry, &sha256);
		} else if (!is_required(name)) { /* or else found missing already */
			struct absent *a = arena_zero(j->scan->arena, 1, sizeof(*a));

			*a = (struct absent){sha256, name, false};
			list_add(j->scan->arena, absent, a);
		}
	}
	find_faults(j, str_of(bundle_text_name(which)), &faults);
}

static int
compare_absent_hash(const void *left, const void *right)
{
	const struct absent *l = *(void *const *)left, *r = *(void *const *)right;
	int order = memcmp(l->sha256.bytes, r->sha256.bytes, SHA256_BYTES);

	return order != 0 ? order : str_compare(l->name, r->name);
}

static int
compare_entry_hash(const void *left, const void *right)
{
	const struct bundle_entry *l = *(void *const *)left, *r = *(void *const *)right;
	int order = memcmp(l->sha256.bytes, r->sha256.bytes, SHA256_BYTES);

	return order != 0 ? order : str_compare(l->name, r->name);
}

/* Both sorted by hash: pairs off equal ones, so that any number of equal files stays cheap. */
static void
pair_renamed(struct list *unlisted, struct list *absent)
{
	size_t i = 0, k = 0;

	if (unlisted->count == 0 || absent->count == 0)
		return;
	qsort(unlisted->items, unlisted->count, sizeof(*unlisted->items), compare_entry_hash);
	qsort(absent->items, absent->count, sizeof(*absent->items), compare_absent_hash);
	while (i < unlisted->count && k < absent->count) {
		struct bundle_entry *entry = unlisted->items[i];
		struct absent *line = absent->items[k];
		int order = memcmp(entry->sha256.bytes, line->sha256.bytes, SHA256_BYTES);

		if (order == 0) {
			entry->listed_as = line->name;
			line->is_found = true;
		}
		i += order <= 0;
		k += order >= 0;
	}
}

static void
find_renamed(struct judge *j, const struct bundle_entry *entry)
{
	struct str text = STR_NULL;

	/* one that will only be counted needs no text */
	if (j->report->finding_count < BUNDLE_MAX_FINDINGS)
		text = arena_printf(
		    j->arena, "has the content of the missing %.*s", STR_ARG(entry->listed_as));
	find(j, BUNDLE_RENAMED, entry->name, text);
}

static void
judge_unlisted(struct judge *j, enum bundle_text which, struct list *absent)
{
	struct list unlisted = {0};

	for (size_t i = 0; i < j->count; i++) {
		struct bundle_entry *entry = j->by_name[i];

		if (is_in_scope(which, entry->name) && !entry->is_listed && !entry->is_linked)
			list_add(j->scan->arena, &unlisted, entry);
	}
	pair_renamed(&unlisted, absent);
	for (size_t i = 0; i < unlisted.count; i++) {
		const struct bundle_entry *entry = unlisted.items[i];

		if (entry->listed_as.ptr == NULL)
			find(j, BUNDLE_EXTRA, entry->name, STR_LIT("no manifest names it"));
		else
			find_renamed(j, entry);
	}
	for (size_t i = 0; i < absent->count; i++) {
		const struct absent *line = absent->items[i];

		if (!line->is_found)
			find(j, BUNDLE_MISSING, line->name,
			    STR_LIT("is named by the manifest only"));
	}
}

static void
judge_oxum(struct judge *j, struct str said)
{
	uint64_t files = 0;
	char real[64];

	for (size_t i = 0; i < j->scan->entries.count; i++) {
		const struct bundle_entry *entry = j->scan->entries.items[i];

		files += bundle_name_is_payload(entry->name);
	}
	snprintf(real, sizeof(real), "%" PRIu64 ".%" PRIu64, j->report->payload_bytes, files);
	if (!str_is(said, real))
		find(j, BUNDLE_BAD_BAG, STR_LIT(BAG_INFO_NAME),
		    arena_printf(
			j->arena, "its Payload-Oxum is not %s, the bytes and files found", real));
}

static void
keep_info(struct judge *j, const struct list *lines)
{
	j->report->info_count = lines->count;
	j->report->info = arena_zero(j->arena, lines->count + 1, sizeof(*j->report->info));
	for (size_t i = 0; i < lines->count; i++)
		j->report->info[i] = *(const struct bundle_info *)lines->items[i];
}

static void
judge_info(struct judge *j)
{
	struct buf *text = whole_text(j, BUNDLE_TEXT_INFO);
	struct str rest, line, label, value, oxum = STR_NULL;
	struct faults faults = {0};
	struct list lines = {0};
	bool is_ended;

	if (text == NULL)
		return;
	rest = arena_copy(j->arena, buf_str(text));
	for (uint64_t number = 1; bundle_next_line(&rest, &line, &is_ended); number++) {
		struct bundle_info *info;

		if (!is_ended || !bundle_parse_info_line(line, &label, &value) ||
		    (oxum.ptr != NULL && str_is(label, BAG_OXUM_LABEL))) {
			note_fault(&faults, number);
			continue;
		}
		info = arena_zero(j->arena, 1, sizeof(*info));
		*info = (struct bundle_info){label, value};
		list_add(j->arena, &lines, info);
		if (str_is(label, BAG_OXUM_LABEL))
			oxum = value;
	}
	find_faults(j, STR_LIT(BAG_INFO_NAME), &faults);
	keep_info(j, &lines);
	judge_oxum(j, oxum);
}

static void
judge_form(struct judge *j)
{
	const struct bundle_scan *s = j->scan;

	if (!s->is_rewritable)
		find(j, BUNDLE_NOT_CANONICAL, s->unwritable,
		    STR_LIT("a member cannot be written in the canonical form"));
	else if (!is_same(&s->rewritten_sha256, &s->archive_sha256))
		find(j, BUNDLE_NOT_CANONICAL, STR_LIT(""),
		    STR_LIT("header fields, padding or the end of the tar are not in the canonical "
			    "form"));
	if (s->bytes_behind > 0)
		find(j, BUNDLE_NOT_CANONICAL, STR_LIT(""),
		    arena_printf(j->arena, "%" PRIu64 " bytes follow the compressed archive",
			s->bytes_behind));
}
