/*
 * floor FOLDER: sends binary COPY files, each named by a table of the schema coexsync, straight
 * into these tables: two connections, 32,000 rows a transaction. No import that is safe to break
 * off can be faster by much, so it is what imports are measured against.
 */
#include <dirent.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

#define CONNECTIONS 2
#define ROWS 32000
#define SLICE (1 << 16) /* bytes handed to libpq at once */
#define HEADER 19 /* signature, flags, length of an extension that is empty */
#define MAX_PARTS 4096 /* of 131 million rows */

static const char header[HEADER + 1] = "PGCOPY\n\377\r\n"; /* the NULs behind it count */

/* What one transaction sends: rows of one table as they stand in its file. */
struct part {
	const char *table;
	const char *bytes;
	size_t len;
};

struct floor {
	struct dirent **names;
	int files;
	struct part *parts;
	size_t count;
	atomic_size_t next;
};

struct sender {
	struct floor *floor;
	pthread_t thread;
	struct err e;
	int rc;
};

/* ---- the files ------------------------------------------------------------------------------ */

static uint32_t
big_endian(const char *p, int bytes)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n = n << 8 | (uint8_t)p[i];
	return n;
}

/* The end of a row: the number of its fields, then for each its length (-1: null) and bytes. */
static const char *
end_of_row(const char *p)
{
	uint32_t fields = big_endian(p, 2);

	p += 2;
	for (uint32_t i = 0; i < fields; i++) {
		uint32_t len = big_endian(p, 4);

		p += 4 + (len == UINT32_MAX ? 0 : len);
	}
	return p;
}

static int
cut_file(struct floor *f, const char *table, const char *bytes, struct err *e)
{
	const char *p = bytes + HEADER, *end = NULL;

	if (memcmp(bytes, header, HEADER) != 0)
		return err_set(e, ERR_INPUT, "%s: no binary COPY", table);
	for (; big_endian(p, 2) != UINT16_MAX; p = end) {
		struct part *part = &f->parts[f->count];

		if (f->count++ == MAX_PARTS - 1)
			return err_set(e, ERR_INPUT, "%s: too many rows", table);
		end = p;
		for (int row = 0; row < ROWS && big_endian(end, 2) != UINT16_MAX; row++)
			end = end_of_row(end);
		part->table = table;
		part->bytes = p;
		part->len = (size_t)(end - p);
	}
	return 0;
}

/* Stays mapped until the program ends. */
static int
add_file(struct floor *f, const char *path, const char *table, struct err *e)
{
	struct stat st;
	const char *bytes = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < HEADER + 2)
		return err_sys(e, ERR_NO_INPUT, "%s", path);
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return err_sys(e, ERR_IO, "%s", path);
	return cut_file(f, table, bytes, e);
}

/* Tables in the order of their size and not of their names: both connections end together. */
static int
compare_sizes(const struct dirent **a, const struct dirent **b)
{
	struct stat x = {0}, y = {0};

	if (stat((*a)->d_name, &x) != 0 || stat((*b)->d_name, &y) != 0)
		return alphasort(a, b);
	return x.st_size > y.st_size ? -1 : x.st_size < y.st_size;
}

/* Works in the folder, for the names that compare_sizes gets. */
static int
read_folder(struct floor *f, const char *folder, struct err *e)
{
	if (chdir(folder) != 0 || (f->files = scandir(".", &f->names, NULL, compare_sizes)) < 0)
		return err_sys(e, ERR_NO_INPUT, "%s", folder);
	for (int i = 0; i < f->files; i++) {
		const char *name = f->names[i]->d_name;

		if (name[0] != '.' && add_file(f, name, name, e) != 0)
			return -1;
	}
	return 0;
}

static void
release(struct floor *f)
{
	for (int i = 0; i < f->files; i++)
		free(f->names[i]);
	free(f->names);
	free(f->parts);
}

/* ---- the server ----------------------------------------------------------------------------- */

static int
run(PGconn *conn, const char *statement, ExecStatusType want, struct err *e)
{
	PGresult *res = PQexec(conn, statement);
	bool is_good = PQresultStatus(res) == want;

	PQclear(res);
	return is_good ? 0 : err_set(e, ERR_UNAVAILABLE, "%s: %s", statement, PQerrorMessage(conn));
}

static int
put(PGconn *conn, const char *bytes, size_t len, struct err *e)
{
	for (size_t i = 0; i < len; i += SLICE)
		if (PQputCopyData(conn, bytes + i, len - i < SLICE ? (int)(len - i) : SLICE) != 1)
			return err_set(e, ERR_UNAVAILABLE, "%s", PQerrorMessage(conn));
	return 0;
}

static int
end_copy(PGconn *conn, struct err *e)
{
	PGresult *res = NULL;
	int rc = PQputCopyEnd(conn, NULL) == 1 ? 0 : -1;

	while ((res = PQgetResult(conn)) != NULL) {
		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			rc = -1;
		PQclear(res);
	}
	return rc == 0 ? 0 : err_set(e, ERR_UNAVAILABLE, "%s", PQerrorMessage(conn));
}

static int
send_part(PGconn *conn, const struct part *part, struct err *e)
{
	char copy[128];

	snprintf(copy, sizeof(copy), "COPY coexsync.%s FROM STDIN (FORMAT binary)", part->table);
	if (run(conn, "BEGIN", PGRES_COMMAND_OK, e) != 0 || run(conn, copy, PGRES_COPY_IN, e) != 0)
		return -1;
	if (put(conn, header, HEADER, e) != 0 || put(conn, part->bytes, part->len, e) != 0 ||
	    put(conn, "\377\377", 2, e) != 0)
		return -1;
	if (end_copy(conn, e) != 0)
		return err_wrap(e, "%s", part->table);
	return run(conn, "COMMIT", PGRES_COMMAND_OK, e);
}

static void *
send_parts(void *argument)
{
	struct sender *s = argument;
	struct floor *f = s->floor;
	PGconn *conn = PQconnectdb("");

	if (PQstatus(conn) != CONNECTION_OK)
		s->rc = err_set(&s->e, ERR_UNAVAILABLE, "%s", PQerrorMessage(conn));
	for (size_t i = 0; s->rc == 0 && (i = atomic_fetch_add(&f->next, 1)) < f->count;)
		s->rc = send_part(conn, &f->parts[i], &s->e);
	PQfinish(conn);
	return NULL;
}

static int
send_all(struct floor *f, struct err *e)
{
	struct sender senders[CONNECTIONS] = {0};
	int rc = 0;

	for (int i = 0; i < CONNECTIONS; i++) {
		senders[i].floor = f;
		if (pthread_create(&senders[i].thread, NULL, send_parts, &senders[i]) != 0)
			return err_set(e, ERR_TEMPORARY, "no thread");
	}
	for (int i = 0; i < CONNECTIONS; i++) {
		pthread_join(senders[i].thread, NULL);
		if (rc == 0 && senders[i].rc != 0) {
			*e = senders[i].e;
			rc = -1;
		}
	}
	return rc;
}

int
main(int argc, char **argv)
{
	struct floor f = {.parts = calloc(MAX_PARTS, sizeof(*f.parts))};
	struct err e = {0};
	int rc = -1;

	if (argc != 2 || f.parts == NULL) {
		fputs("usage: floor FOLDER\n", stderr);
		release(&f);
		return ERR_USAGE;
	}
	if (read_folder(&f, argv[1], &e) == 0)
		rc = send_all(&f, &e);
	if (rc != 0)
		fprintf(stderr, "floor: %s\n", e.text);
	release(&f);
	return rc == 0 ? 0 : (int)e.code;
}
