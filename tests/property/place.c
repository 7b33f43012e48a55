/*
 * One worker's place: a database of its own, a folder in memory, and coexsync run in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "place.h"

extern char **environ;

static int
read_whole(struct arena *a, const char *path, struct str *out, struct err *e)
{
	struct stat st;
	char *bytes;
	FILE *f = fopen(path, "rb");
	int rc = -1;

	if (f == NULL || fstat(fileno(f), &st) != 0)
		goto out;
	bytes = arena_alloc(a, (size_t)st.st_size + 1);
	if (fread(bytes, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		goto out;
	bytes[st.st_size] = '\0';
	*out = (struct str){bytes, (size_t)st.st_size};
	rc = 0;
out:
	if (rc != 0)
		err_sys(e, ERR_IO, "%s", path);
	if (f != NULL)
		fclose(f);
	return rc;
}

int
place_read(struct arena *a, const char *path, struct str *out, struct err *e)
{
	return read_whole(a, path, out, e);
}

int
place_write(const char *path, struct str bytes, struct err *e)
{
	FILE *f = fopen(path, "wb");
	bool is_written = f != NULL && fwrite(bytes.ptr, 1, bytes.len, f) == bytes.len;

	if (!is_written)
		err_sys(e, ERR_IO, "%s", path);
	if (f != NULL && fclose(f) != 0 && is_written)
		is_written = err_sys(e, ERR_IO, "%s", path) == 0;
	return is_written ? 0 : -1;
}

/* ---- the database ---------------------------------------------------------------------------- */

static int
ask(PGconn *db, const char *sql, struct err *e)
{
	PGresult *r = PQexec(db, sql);
	ExecStatusType status = PQresultStatus(r);
	int rc = 0;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		rc = err_set(e, ERR_UNAVAILABLE, "%.40s: %s", sql, PQerrorMessage(db));
	PQclear(r);
	return rc;
}

/* Makes it anew over the database that PGDATABASE or the user's name stands for. */
static int
make_database(const char *name, struct err *e)
{
	PGconn *db = PQconnectdb("");
	char sql[80];
	int rc = -1;

	if (PQstatus(db) != CONNECTION_OK) {
		err_set(e, ERR_UNAVAILABLE, "%s", PQerrorMessage(db));
		goto out;
	}
	snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
	if (ask(db, "SET client_min_messages = error", e) != 0 || ask(db, sql, e) != 0)
		goto out;
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", name);
	rc = ask(db, sql, e);
out:
	PQfinish(db);
	return rc;
}

/* ---- time ------------------------------------------------------------------------------------ */

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
spend(struct place *p, const char *command, double since)
{
	for (size_t i = 0; i < sizeof(p->spent) / sizeof(p->spent[0]); i++) {
		struct spent *s = &p->spent[i];

		if (s->command != NULL && strcmp(s->command, command) != 0)
			continue;
		s->command = command;
		s->calls++;
		s->seconds += now() - since;
		return;
	}
}

void
place_say_times(const struct place *p)
{
	for (size_t i = 0; i < sizeof(p->spent) / sizeof(p->spent[0]); i++)
		if (p->spent[i].command != NULL)
			printf("    %-8s %6u calls %8.1f s\n", p->spent[i].command,
			    p->spent[i].calls, p->spent[i].seconds);
}

int
place_empty(struct place *p, struct err *e)
{
	double since = now();
	int rc = ask(p->db, p->empty.ptr, e);

	spend(p, "empty", since);
	return rc;
}

/* ---- coexsync -------------------------------------------------------------------------------- */

int
place_start(struct place *p, struct call *call, struct err *e)
{
	posix_spawn_file_actions_t actions;
	int fault;

	call->out = arena_printf(p->arena, "%s/%u.out", p->folder, p->calls).ptr;
	call->err = arena_printf(p->arena, "%s/%u.err", p->folder, p->calls++).ptr;
	call->since = now();
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(
	    &actions, 1, call->out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	posix_spawn_file_actions_addopen(
	    &actions, 2, call->err, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	fault = posix_spawn(&call->pid, call->argv[0], &actions, NULL, call->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (fault == 0)
		return 0;
	errno = fault;
	return err_sys(e, ERR_NO_INPUT, "%s", call->argv[0]);
}

int
place_wait(struct place *p, struct call *call, struct err *e)
{
	int status;

	while (waitpid(call->pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(e, ERR_BUG, "waitpid");
	spend(p, call->argv[1], call->since);
	call->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return 0;
}

void
place_call(struct place *p, struct call *call, const char *command)
{
	*call = (struct call){0};
	place_argue(call, p->coexsync);
	place_argue(call, command);
	if (p->conninfo == NULL || strcmp(command, "migrate") == 0)
		return;
	place_argue(call, "-d");
	place_argue(call, p->conninfo);
}

void
place_argue(struct call *call, const char *argument)
{
	call->argv[call->argc++] = (char *)(uintptr_t)argument;
}

/* ---- one worker's ---------------------------------------------------------------------------- */

static int
make_folder(struct place *p, struct err *e)
{
	/* in memory where there is any: archives are synced to disk otherwise */
	const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	struct str name = arena_printf(p->own, "%s/coexsync-property.XXXXXX", parent);
	char *folder = (char *)(uintptr_t)name.ptr;

	if (mkdtemp(folder) == NULL)
		return err_sys(e, ERR_CANNOT_CREATE, "%s", folder);
	p->folder = folder;
	return 0;
}

static int
make_schema(struct place *p, struct err *e)
{
	struct call call;

	place_call(p, &call, "migrate");
	place_argue(&call, "up");
	if (place_start(p, &call, e) != 0 || place_wait(p, &call, e) != 0)
		return -1;
	return call.code == 0 ? 0 : err_set(e, ERR_CONFIG, "migrate up exits %d", call.code);
}

/* host:port, as a connection string */
static const char *
conninfo_of(struct arena *a, const char *through, const char *database)
{
	const char *colon = through == NULL ? NULL : strrchr(through, ':');

	if (colon == NULL)
		return NULL;
	return arena_printf(
	    a, "host=%.*s port=%s dbname=%s", (int)(colon - through), through, colon + 1, database)
	    .ptr;
}

struct place *
place_open(const struct place_options *o, struct err *e)
{
	struct arena *own = arena_new();
	struct place *p = arena_zero(own, 1, sizeof(*p));
	struct str name = arena_printf(own, "property_%u", o->worker);

	p->own = own;
	p->arena = own;
	p->coexsync = o->coexsync;
	p->conninfo = conninfo_of(own, o->through, name.ptr);
	if (read_whole(own, arena_printf(own, "%s/empty.sql", o->folder).ptr, &p->empty, e) != 0 ||
	    make_folder(p, e) != 0 || make_database(name.ptr, e) != 0)
		goto fail;
	setenv("PGDATABASE", name.ptr, 1);
	p->db = PQconnectdb("");
	if (PQstatus(p->db) != CONNECTION_OK) {
		err_set(e, ERR_UNAVAILABLE, "%s", PQerrorMessage(p->db));
		goto fail;
	}
	if (make_schema(p, e) == 0)
		return p;
fail:
	place_close(p);
	return NULL;
}

void
place_close(struct place *p)
{
	if (p == NULL)
		return;
	if (p->folder != NULL) {
		place_clear(p);
		rmdir(p->folder);
	}
	PQfinish(p->db);
	arena_free(p->own);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	return at->level == 0 ? 0 : remove(path);
}

void
place_clear(struct place *p)
{
	nftw(p->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	p->calls = 0;
}
