/*
 * The embedded database's life: see server.h. Whatever starts or stops it happens under the
 * start lock; every client holds the clients lock shared, and who gets it alone is the last.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/count.h"
#include "base/log.h"
#include "model/time.h"
#include "server/cluster.h"
#include "server/place.h"
#include "server/remains.h"
#include "server/run.h"
#include "server/server.h"

#define PORT "5432"
#define USER "coexsync"
#define DATABASE "coexsync"

/* What PGHOSTADDR and the like say of another server; PGHOSTADDR would lead there. */
#define IGNORED_ENVIRONMENT \
	" hostaddr='' options='' target_session_attrs=any sslmode=disable gssencmode=disable" \
	" channel_binding=disable requirepeer=''"

/* After a crash the server first applies its log; max_wal_size of it takes minutes at most. */
#define START_TIMEOUT_US (600 * SECOND_US)
#define POLL_MS 50

/* A start fails too if a server that a killed client began to start is still coming up. */
#define START_TRIES 3

/* How long pg_ctl waits: as it does by itself; and in the middle of a run, where a signal may come
 * that is to end it within five seconds. */
#define START_WAIT "60"
#define REVIVE_WAIT "2"

/*
 * A server that has died is started again, once a second and so often at most. The first start may
 * fail as long as processes of the one that died hold its memory.
 */
#define REVIVE_TRIES 12
#define REVIVE_PAUSE_US SECOND_US

/* What `pg_ctl status` says of a server that is not there. */
#define STATUS_NOT_RUNNING 3

/* What names the process of a server, in the folder of its data and in that of its socket. */
#define PID_FILE SERVER_DATA "/postmaster.pid"
#define SOCKET ".s.PGSQL." PORT
#define SOCKET_LOCK SOCKET ".lock"

/* Of postmaster.pid: where the server's socket is. */
#define PID_SOCKET_LINE 5

struct server {
	struct arena *arena; /* of this struct too */
	struct server_runner runner;
	const char *programs;
	const char *socket_folder;
	const char *conninfo;
	int start_lock;
	int clients_lock;
	bool may_make; /* the data, where there are none */
	bool is_alone; /* when it was opened, or is closed, there was no other client */
	pthread_mutex_t reviving; /* of the next two, and of all above while a run goes on */
	off_t log_from; /* where in the log the last start begins */
	int revivals;
	int64_t next_revival_us; /* by the monotonic clock */
};

enum readiness { READY, COMING_UP, NOT_RUNNING };

static int prepare(struct server *s, const char *dir, struct err *e);
static int lock_start(struct server *s, struct err *e);
static int bring_up(struct server *s, struct err *e);
static int make_ready(struct server *s, struct err *e);
static enum readiness ask(struct server *s);
static int start(
    struct server *s, const char *wait_seconds, struct server_output *out, struct err *e);
static int start_again(struct server *s, struct err *e);
static bool is_dead(struct server *s);
static bool has_stranger(struct server *s);
static void clear_numbers(struct server *s);
static void remove_socket(struct server *s);
static bool is_foreign(struct server *s, const char *socket_folder);
static int fail_to_start(struct server *s, struct server_output *out, struct err *e);
static int make_database(struct server *s, struct err *e);
static int stop_if_last(struct server *s, struct err *e);
static int run_program(struct server *s, const char *name, const char *const args[],
    struct server_output *out, struct err *e);
static void free_server(struct server *s);

struct server *
server_open(const char *dir, bool may_make, struct err *e)
{
	struct arena *a = arena_new();
	struct server *s = arena_zero(a, 1, sizeof(*s));
	struct err ignored;

	s->arena = a;
	s->may_make = may_make;
	s->start_lock = s->clients_lock = s->runner.lock_fd = -1;
	pthread_mutex_init(&s->reviving, NULL);
	if (prepare(s, dir, e) != 0 || lock_start(s, e) != 0)
		goto failed;
	if (bring_up(s, e) != 0) {
		if (s->socket_folder != NULL)
			stop_if_last(s, &ignored);
		goto failed;
	}
	flock(s->start_lock, LOCK_UN);
	return s;
failed:
	free_server(s);
	return NULL;
}

const char *
server_conninfo(const struct server *s)
{
	return s->conninfo;
}

int
server_revive(struct server *s, struct err *e)
{
	int rc = 0;

	pthread_mutex_lock(&s->reviving);
	/* another coexsync that holds the lock is starting it */
	if (clock_monotonic_us() >= s->next_revival_us &&
	    flock(s->start_lock, LOCK_EX | LOCK_NB) == 0) {
		if (is_dead(s))
			rc = start_again(s, e);
		s->next_revival_us = clock_monotonic_us() + REVIVE_PAUSE_US;
		flock(s->start_lock, LOCK_UN);
	}
	pthread_mutex_unlock(&s->reviving);
	return rc;
}

int
server_close(struct server *s, struct err *e)
{
	int rc;

	if (s == NULL)
		return 0;
	while ((rc = flock(s->start_lock, LOCK_EX)) != 0 && errno == EINTR)
		continue;
	rc = rc == 0 ? stop_if_last(s, e) : err_sys(e, ERR_IO, "%s: cannot lock", s->runner.folder);
	free_server(s);
	return rc;
}

/* The folder and its locks; nothing is started yet. */
static int
prepare(struct server *s, const char *dir, struct err *e)
{
	struct arena *a = s->arena;
	const char *folder;

	if (server_choose_user(a, &s->runner.user, e) != 0)
		return -1;
	folder = server_make_folder(a, dir, &s->runner.user, s->may_make, e);
	if ((s->runner.folder = folder) == NULL) {
		if (dir == NULL && e->hint[0] == '\0')
			err_hint(e, "name a folder: --embedded=DIR");
		return -1;
	}
	s->start_lock = server_open_lock(arena_printf(a, "%s/" SERVER_START_LOCK, folder).ptr, e);
	if (s->start_lock < 0)
		return -1;
	s->clients_lock = server_open_lock(arena_printf(a, "%s/clients.lock", folder).ptr, e);
	return s->clients_lock < 0 ? -1 : 0;
}

static int
lock_start(struct server *s, struct err *e)
{
	if (flock(s->start_lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	log_info("waiting for another coexsync that starts or stops %s", s->runner.folder);
	if (flock(s->start_lock, LOCK_EX) == 0)
		return 0;
	if (errno == EINTR)
		return err_set(e, ERR_INTERRUPTED, "%s: stopped while waiting", s->runner.folder);
	return err_sys(e, ERR_IO, "%s: cannot lock", s->runner.folder);
}

/* The socket tells who has started the server: that of a coexsync which was killed is ours. */
static bool
is_foreign(struct server *s, const char *socket_folder)
{
	FILE *f = fopen(arena_printf(s->arena, "%s/" PID_FILE, s->runner.folder).ptr, "re");
	char line[PATH_MAX + 1] = "";

	if (f == NULL)
		return false;
	for (int i = 0; i < PID_SOCKET_LINE && fgets(line, sizeof(line), f) != NULL; i++)
		line[strcspn(line, "\n")] = '\0';
	fclose(f);
	return strcmp(line, socket_folder) != 0 && !is_dead(s);
}

/* Under the start lock. */
static int
bring_up(struct server *s, struct err *e)
{
	struct arena *a = s->arena;
	const struct server_runner *r = &s->runner;
	const char *socket_folder;

	/* while others are there their server may be alive where we do not see it: in a container
	 */
	s->is_alone = flock(s->clients_lock, LOCK_EX | LOCK_NB) == 0;
	/* never waits: who holds it alone has the start lock too */
	if (flock(s->clients_lock, LOCK_SH) != 0)
		return err_sys(e, ERR_IO, "%s: cannot lock", r->folder);
	/* initdb keeps the lock if we are killed, so that nobody works on the same folder */
	s->runner.lock_fd = s->start_lock;
	/* nobody who held the lock has made it */
	if (!s->may_make && !server_has_data(a, r->folder))
		return server_fail_without_data(r->folder, e);
	s->programs = server_find_programs(a, r, e);
	if (s->programs == NULL || server_make_cluster(a, r, s->programs, e) != 0)
		return -1;
	socket_folder = server_make_socket_folder(a, r->folder, &r->user, e);
	if (socket_folder == NULL)
		return -1;
	if (is_foreign(s, socket_folder)) {
		err_set(e, ERR_UNAVAILABLE, "%s: somebody else has started a server on these data",
		    r->folder);
		return err_hint(e, "stop it first%s%s: %s/pg_ctl -D %s/" SERVER_DATA " stop",
		    r->user.is_other ? ", as user " : "", r->user.name, s->programs, r->folder);
	}
	s->socket_folder = socket_folder; /* from here on the server is ours to stop */
	s->log_from = server_log_size(a, r);
	s->conninfo = arena_printf(a,
	    "host=%s port=" PORT " user=" USER " dbname=" DATABASE IGNORED_ENVIRONMENT,
	    s->socket_folder)
			  .ptr;
	return make_ready(s, e) != 0 ? -1 : make_database(s, e);
}

static int
make_ready(struct server *s, struct err *e)
{
	struct server_output out = {"nothing answers on its socket"};
	const struct timespec nap = {0, POLL_MS * 1000000L};
	const int64_t deadline_us = clock_monotonic_us() + START_TIMEOUT_US;
	int tries = 0;

	while (clock_monotonic_us() < deadline_us) {
		enum readiness readiness = ask(s);

		if (readiness == READY)
			return 0;
		if (readiness == NOT_RUNNING) {
			if (tries++ == START_TRIES)
				break;
			if (start(s, START_WAIT, &out, e) < 0)
				return -1;
		}
		nanosleep(&nap, NULL);
	}
	return fail_to_start(s, &out, e);
}

/* Under the start lock. */
static int
start_again(struct server *s, struct err *e)
{
	struct server_output out = {"it has died again and again"};

	if (s->revivals < REVIVE_TRIES) {
		if (s->revivals++ == 0)
			log_warn(
			    "the database in %s has died: starting it again", s->runner.folder);
		if (start(s, REVIVE_WAIT, &out, e) < 0)
			return -1;
		if (s->revivals < REVIVE_TRIES || !is_dead(s))
			return 0;
	}
	return fail_to_start(s, &out, e);
}

static bool
is_dead(struct server *s)
{
	const char *const args[] = {"status", "-D", SERVER_DATA, NULL};
	struct server_output unused;
	struct err ignored;

	return run_program(s, "pg_ctl", args, &unused, &ignored) == STATUS_NOT_RUNNING ||
	       has_stranger(s);
}

static bool
has_stranger(struct server *s)
{
	return s->is_alone && server_names_stranger(s->arena, &s->runner,
				  arena_printf(s->arena, "%s/" PID_FILE, s->runner.folder).ptr);
}

/*
 * What would keep the server from starting though nobody holds it. Processes of one that died are
 * still noticed by the server: it knows its shared memory by the folder of the data.
 */
static void
clear_numbers(struct server *s)
{
	const char *const paths[] = {
	    arena_printf(s->arena, "%s/" PID_FILE, s->runner.folder).ptr,
	    arena_printf(s->arena, "%s/" SOCKET_LOCK, s->socket_folder).ptr,
	};

	for (size_t i = 0; i < COUNT(paths); i++)
		if (s->is_alone && server_names_stranger(s->arena, &s->runner, paths[i]))
			unlink(paths[i]);
}

/* A server that was killed has left it there. */
static void
remove_socket(struct server *s)
{
	unlink(arena_printf(s->arena, "%s/" SOCKET, s->socket_folder).ptr);
	unlink(arena_printf(s->arena, "%s/" SOCKET_LOCK, s->socket_folder).ptr);
	rmdir(s->socket_folder);
}

static int
fail_to_start(struct server *s, struct server_output *out, struct err *e)
{
	const char *cause = server_log_cause(s->arena, &s->runner, s->log_from);
	struct statvfs disk;
	/* of a full disk there may be no room for a word in the log either */
	bool is_full = cause == NULL && statvfs(s->runner.folder, &disk) == 0 && disk.f_bavail == 0;

	if (cause == NULL)
		cause = server_output_cause(out);
	err_set(e, is_full ? ERR_IO : server_code_of_cause(cause, ERR_UNAVAILABLE),
	    "%s: the database does not start: %s", s->runner.folder, cause);
	return err_hint(e, "its log is %s/" SERVER_LOG, s->runner.folder);
}

static enum readiness
ask(struct server *s)
{
	const char *const args[] = {
	    "-q", "-h", s->socket_folder, "-p", PORT, "-U", USER, "-d", "postgres", NULL};
	struct server_output out;
	struct err ignored;
	int status = run_program(s, "pg_isready", args, &out, &ignored);

	return status == 0 ? READY : status == 1 ? COMING_UP : NOT_RUNNING;
}

/* Its status is not asked for: pg_isready says better what has become of it. */
static int
start(struct server *s, const char *wait_seconds, struct server_output *out, struct err *e)
{
	/* relative to the folder: pg_ctl hands its arguments to a shell, and these have no odd
	 * letter */
	const char *options = arena_printf(s->arena, "-p " PORT " -k %s", s->socket_folder).ptr;
	const char *const args[] = {"start", "-w", "-t", wait_seconds, "-s", "-D", SERVER_DATA,
	    "-l", SERVER_LOG, "-o", options, NULL};
	int status;

	clear_numbers(s);
	s->log_from = server_log_size(s->arena, &s->runner);
	log_verbose("starting the database in %s", s->runner.folder);
	/* the server would hold it for ever */
	s->runner.lock_fd = -1;
	status = run_program(s, "pg_ctl", args, out, e);
	s->runner.lock_fd = s->start_lock;
	return status < 0 ? -1 : 0;
}

/* Whoever made the data may have been killed before it made the database. */
static int
make_database(struct server *s, struct err *e)
{
	const char *const look[] = {"-XqAt", "-w", "-h", s->socket_folder, "-p", PORT, "-U", USER,
	    "-d", DATABASE, "-c", "", NULL};
	const char *const create[] = {"-w", "-h", s->socket_folder, "-p", PORT, "-U", USER,
	    "--maintenance-db=postgres", DATABASE, NULL};
	struct server_output out;
	int status = run_program(s, "psql", look, &out, e);

	if (status > 0)
		status = run_program(s, "createdb", create, &out, e);
	if (status > 0) {
		const char *cause = server_output_cause(&out);

		err_set(e, server_code_of_cause(cause, ERR_UNAVAILABLE),
		    "%s: cannot make the database: %s", s->runner.folder, cause);
	}
	return status == 0 ? 0 : -1;
}

/* Under the start lock. */
static int
stop_if_last(struct server *s, struct err *e)
{
	/* a stop writes everything out first: as long as a start may take */
	const char *const stop[] = {
	    "stop", "-w", "-t", "600", "-s", "-m", "fast", "-D", SERVER_DATA, NULL};
	struct server_output out;
	int status = 0;

	if (flock(s->clients_lock, LOCK_EX | LOCK_NB) != 0)
		return 0;
	s->is_alone = true;
	log_verbose("stopping the database in %s", s->runner.folder);
	s->runner.lock_fd = s->start_lock;
	/* it would be the stranger who is stopped */
	if (!has_stranger(s))
		status = run_program(s, "pg_ctl", stop, &out, e);
	if (status < 0)
		return -1;
	/* pg_ctl complains as well if there is no server any more */
	if (status > 0 && !is_dead(s))
		return err_set(e, ERR_UNAVAILABLE, "%s: the database does not stop: %s",
		    s->runner.folder, server_output_cause(&out));
	remove_socket(s);
	return 0;
}

static int
run_program(struct server *s, const char *name, const char *const args[], struct server_output *out,
    struct err *e)
{
	const char *argv[16] = {arena_printf(s->arena, "%s/%s", s->programs, name).ptr};

	for (size_t i = 0; args[i] != NULL; i++)
		argv[i + 1] = args[i];
	return server_run(&s->runner, argv, out, e);
}

static void
free_server(struct server *s)
{
	const int locks[] = {s->clients_lock, s->start_lock};

	/* unlocked in so many words: a close does not unlock while a forked child has the file open
	 */
	for (size_t i = 0; i < COUNT(locks); i++) {
		if (locks[i] >= 0) {
			flock(locks[i], LOCK_UN);
			close(locks[i]);
		}
	}
	pthread_mutex_destroy(&s->reviving);
	arena_free(s->arena);
}
