/*
 * Writes the payloads of a folder again: in another order, twice, or taken apart into one
 * document an item. What they say stays the same, byte for byte where strings and numbers are
 * concerned. What is no JSON is passed on as it is, once.
 */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

#include "split.h"

struct reshuffle {
	const char *in_dir;
	const char *out_dir;
	uint64_t seed;
	bool is_duplicating;
	bool is_splitting;
	bool is_ndjson;
	struct arena *arena;
	struct list documents; /* struct str */
	struct err *e;
};

/* A line must not break: outside of strings a line end is white space, inside there is none. */
static struct str
on_one_line(struct arena *a, struct str document)
{
	struct str line = arena_copy(a, document);
	char *bytes = (char *)(uintptr_t)line.ptr;

	for (size_t i = 0; i < line.len; i++)
		if (bytes[i] == '\n' || bytes[i] == '\r')
			bytes[i] = ' ';
	return line;
}

/* A payload is the document without what stands around it. */
static struct str
trimmed(struct str text)
{
	static const char blanks[] = " \t\r\n";

	while (text.len > 0 && memchr(blanks, text.ptr[text.len - 1], 4) != NULL)
		text.len--;
	while (text.len > 0 && memchr(blanks, text.ptr[0], 4) != NULL)
		text = (struct str){text.ptr + 1, text.len - 1};
	return text;
}

static bool
is_json(struct str document)
{
	struct json_check check = json_check(document.ptr, document.len);

	return check.fault == JSON_OK && check.end == document.len;
}

static int
take_document(struct reshuffle *r, struct str document)
{
	struct split split = {.arena = r->arena, .parts = &r->documents};
	size_t first = r->documents.count;

	document = trimmed(document);
	if (!is_json(document)) {
		if (r->is_ndjson && memchr(document.ptr, '\n', document.len) != NULL)
			return err_set(r->e, ERR_INPUT, "broken JSON of several lines");
		split_add(&split, document);
		return 0;
	}
	if (r->is_ndjson)
		document = on_one_line(r->arena, document);
	if (r->is_splitting && json_kind(document) == JSON_OBJECT)
		split_document(&split, document);
	else
		split_add(&split, document);
	for (size_t i = first, end = r->documents.count; r->is_duplicating && i < end; i++)
		split_add(
		    &split, split_with_more_blanks(r->arena, *(struct str *)r->documents.items[i]));
	return 0;
}

/* ---- files ---------------------------------------------------------------------------------- */

static int
read_file(struct reshuffle *r, const char *path, struct str *out)
{
	struct stat st;
	char *bytes = NULL;
	FILE *f = fopen(path, "rb");
	int rc = -1;

	if (f == NULL || fstat(fileno(f), &st) != 0)
		goto out;
	bytes = arena_alloc(r->arena, (size_t)st.st_size + 1);
	if (fread(bytes, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		goto out;
	bytes[st.st_size] = '\0';
	*out = (struct str){bytes, (size_t)st.st_size};
	rc = 0;
out:
	if (rc != 0)
		err_sys(r->e, ERR_IO, "%s", path);
	if (f != NULL)
		fclose(f);
	return rc;
}

static int
take_lines(struct reshuffle *r, struct str text)
{
	while (text.len > 0) {
		const char *newline = memchr(text.ptr, '\n', text.len);
		size_t len = newline == NULL ? text.len : (size_t)(newline - text.ptr);
		struct str line = {text.ptr, len};

		if (trimmed(line).len > 0 && take_document(r, line) != 0)
			return -1;
		len += newline != NULL;
		text = (struct str){text.ptr + len, text.len - len};
	}
	return 0;
}

static bool
ends_in(const char *name, const char *suffix)
{
	size_t len = strlen(name), suffix_len = strlen(suffix);

	return len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

static int
is_payload_file(const struct dirent *entry)
{
	return ends_in(entry->d_name, ".json") || ends_in(entry->d_name, ".ndjson");
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
take_file(struct reshuffle *r, const char *path)
{
	struct str text = STR_NULL;
	int rc;

	if (read_file(r, path, &text) != 0)
		return -1;
	rc = ends_in(path, ".ndjson") ? take_lines(r, text) : take_document(r, text);
	return rc == 0 ? 0 : err_wrap(r->e, "%s", path);
}

static int
take_folder(struct reshuffle *r)
{
	struct dirent **names = NULL;
	int count = scandir(r->in_dir, &names, is_payload_file, compare_names);
	int rc = count < 0 ? err_sys(r->e, ERR_NO_INPUT, "%s", r->in_dir) : 0;

	for (int i = 0; i < count; i++) {
		struct str path = arena_printf(r->arena, "%s/%s", r->in_dir, names[i]->d_name);

		if (rc == 0)
			rc = take_file(r, path.ptr);
		free(names[i]);
	}
	free(names);
	return rc;
}

static int
write_documents(struct reshuffle *r, const size_t *order)
{
	FILE *f = NULL;

	for (size_t i = 0; i < r->documents.count; i++) {
		const struct str *document = r->documents.items[order[i]];
		struct str path = r->is_ndjson
				      ? arena_printf(r->arena, "%s/all.ndjson", r->out_dir)
				      : arena_printf(r->arena, "%s/%06zu.json", r->out_dir, i + 1);

		if (f == NULL)
			f = fopen(path.ptr, "wb");
		if (f == NULL)
			return err_sys(r->e, ERR_IO, "%s", path.ptr);
		fwrite(document->ptr, 1, document->len, f);
		if (r->is_ndjson)
			fputc('\n', f);
		if (r->is_ndjson && i + 1 < r->documents.count)
			continue;
		if (ferror(f) != 0 || fclose(f) != 0)
			return err_sys(r->e, ERR_IO, "%s", path.ptr);
		f = NULL;
	}
	return 0;
}

static int
reshuffle(struct reshuffle *r)
{
	size_t *order = NULL;
	int rc = -1;

	r->arena = arena_new();
	/* an empty folder is taken, one with anything in it is not */
	if ((rmdir(r->out_dir) != 0 && errno != ENOENT) || mkdir(r->out_dir, 0755) != 0) {
		err_sys(r->e, ERR_CANNOT_CREATE, "%s", r->out_dir);
		goto out;
	}
	if (take_folder(r) != 0)
		goto out;
	order = arena_zero(r->arena, r->documents.count + 1, sizeof(*order));
	prng_permute(r->seed, order, r->documents.count);
	if (write_documents(r, order) != 0)
		goto out;
	printf("documents=%zu\n", r->documents.count);
	rc = 0;
out:
	arena_free(r->arena);
	return rc;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {{"seed", required_argument, NULL, 's'},
	    {"duplicate", no_argument, NULL, 'd'}, {"split", no_argument, NULL, 'p'},
	    {"ndjson", no_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
	struct err e = {0};
	struct reshuffle r = {.seed = 1, .e = &e};
	char *end = "";
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			r.seed = strtoull(optarg, &end, 10);
		r.is_duplicating |= option == 'd';
		r.is_splitting |= option == 'p';
		r.is_ndjson |= option == 'n';
		if (option == '?' || *end != '\0')
			optind = argc; /* then there are no folders: usage */
	}
	if (optind + 2 != argc) {
		fputs("usage: reshuffle IN_DIR OUT_DIR [--seed N] [--duplicate] [--split] "
		      "[--ndjson]\n",
		    stderr);
		return ERR_USAGE;
	}
	r.in_dir = argv[optind];
	r.out_dir = argv[optind + 1];
	if (reshuffle(&r) != 0) {
		fprintf(stderr, "reshuffle: %s\n", e.text);
		return (int)e.code;
	}
	return 0;
}
