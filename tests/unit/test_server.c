/*
 * The embedded PostgreSQL against its promises: reuse, last client, killed clients, strange
 * folders.
 */
#include <fcntl.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "server/run.h"

#include "server_fixture.h"

/* Three clients begin at once on a folder without data: one makes it, all use it, the last stops
 * it. */
static void
test_first_use_by_several(void **state)
{
	const struct place *p = *state;
	pid_t pids[3];
	int said[3], go[3];

	for (size_t i = 0; i < 3; i++)
		pids[i] = fork_client(p->dir, true, &said[i], &go[i]);
	for (size_t i = 0; i < 3; i++)
		wait_byte(said[i]);
	for (size_t i = 0; i < 3; i++) {
		assert_false(is_stopped(p->dir));
		assert_int_equal(write(go[i], "", 1), 1);
		assert_int_equal(status_of(pids[i]), 0);
		close(said[i]);
		close(go[i]);
	}
	assert_true(is_stopped(p->dir));
}

static void
test_open_twice(void **state)
{
	const struct place *p = *state;
	char folder[64], conninfo[128];
	struct stat st;

	socket_folder(p->dir, folder);
	snprintf(
	    conninfo, sizeof(conninfo), "host=%s port=5432 user=coexsync dbname=coexsync", folder);
	for (int round = 0; round < 2; round++) {
		struct server *s = must_open(p->dir);

		assert_memory_equal(server_conninfo(s), conninfo, strlen(conninfo));
		assert_int_equal(select_one(conninfo), 0);
		assert_int_equal(stat(folder, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0700);
		must_close(s);
		assert_true(is_stopped(p->dir));
		assert_int_not_equal(select_one(conninfo), 0);
		assert_int_not_equal(access(folder, F_OK), 0);
	}
}

/* Settings that the code promises, as the running server sees them. */
static void
test_settings(void **state)
{
	static const struct {
		const char *name;
		const char *value;
	} rows[] = {
	    {"listen_addresses", ""},
	    {"fsync", "on"},
	    {"full_page_writes", "on"},
	    {"server_encoding", "UTF8"},
	    {"max_connections", "40"},
	    {"max_wal_size", "2GB"},
	    {"unix_socket_permissions", "0700"},
	    {"log_min_error_statement", "panic"},
	};
	const struct place *p = *state;
	struct server *s = must_open(p->dir);
	char sql[160];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const argv[] = {"psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d",
		    server_conninfo(s), "-c", sql, NULL};
		int status;

		snprintf(sql, sizeof(sql), "SELECT 1 / (current_setting('%s') = '%s')::int",
		    rows[i].name, rows[i].value);
		run(argv, &status);
		if (status != 0)
			fail_msg("%s is not %s", rows[i].name, rows[i].value);
	}
	must_close(s);
}

/* The environment names another server: nothing of it counts. */
static void
test_environment_of_another(void **state)
{
	const struct place *p = *state;
	struct server *s = must_open(p->dir);
	const char *const argv[] = {"env", "PGHOST=/nowhere", "PGHOSTADDR=127.0.0.1", "PGPORT=1",
	    "PGUSER=nobody", "PGDATABASE=nothing", "PGOPTIONS=-c nosuch=1", "PGSSLMODE=verify-full",
	    "PGTARGETSESSIONATTRS=standby", "PGGSSENCMODE=require", "PGCHANNELBINDING=require",
	    "psql", "-XqAt", "-d", server_conninfo(s), "-c", "SELECT 1", NULL};
	int status;

	run(argv, &status);
	must_close(s);
	assert_int_equal(status, 0);
}

/* The database stays while a second client has it, whoever opened it. */
static void
test_last_client_stops(void **state)
{
	const struct place *p = *state;
	struct server *s = must_open(p->dir);
	int said, go;
	pid_t pid = fork_client(p->dir, true, &said, &go);

	wait_byte(said);
	must_close(s);
	assert_false(is_stopped(p->dir));
	assert_int_equal(write(go, "", 1), 1);
	assert_int_equal(status_of(pid), 0);
	assert_true(is_stopped(p->dir));
	close(said);
	close(go);
}

static void
test_killed_client(void **state)
{
	const struct place *p = *state;
	struct server *s;
	int said, go;
	pid_t pid = fork_client(p->dir, true, &said, &go);

	wait_byte(said);
	kill(pid, SIGKILL);
	assert_int_equal(status_of(pid), -SIGKILL);
	assert_false(is_stopped(p->dir));
	s = must_open(p->dir);
	assert_int_equal(select_one(server_conninfo(s)), 0);
	must_close(s);
	assert_true(is_stopped(p->dir));
	close(said);
	close(go);
}

/* As a machine that dies: the server's processes are gone, its pid file and socket are not. */
static void
kill_server(const char *dir)
{
	char path[256], line[32];
	FILE *f;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/data/postmaster.pid", dir);
	assert_non_null(f = fopen(path, "r"));
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	pid = (pid_t)strtol(line, NULL, 10);
	assert_true(pid > 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
}

static void
test_killed_server(void **state)
{
	const struct place *p = *state;
	struct server *s = must_open(p->dir);
	char folder[64];

	socket_folder(p->dir, folder);
	kill_server(p->dir);
	must_close(s);
	assert_int_not_equal(access(folder, F_OK), 0);
	s = must_open(p->dir);
	assert_int_equal(select_one(server_conninfo(s)), 0);
	must_close(s);
	assert_true(is_stopped(p->dir));
}

/* Another process of the server's user; or what is left of one that nobody has waited for. */
static pid_t
fork_stranger(bool is_zombie)
{
	const struct passwd *pw = geteuid() == 0 ? getpwnam("postgres") : NULL;
	siginfo_t info;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && (pw == NULL || setuid(pw->pw_uid) != 0))
			_exit(1);
		while (!is_zombie)
			pause();
		_exit(0);
	}
	if (is_zombie)
		assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	return pid;
}

/* Puts another number into the first line of a server's file. */
static void
name_process(const char *path, pid_t pid)
{
	char text[1024];
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	len = fread(text, 1, sizeof(text), f);
	assert_non_null(f = freopen(path, "w", f));
	fprintf(f, "%d\n%.*s", (int)pid, (int)len, text);
	assert_int_equal(fclose(f), 0);
}

/* The server is dead, and somebody else has got its number since, as after a power cut. */
static void
test_number_given_anew(void **state)
{
	const struct place *p = *state;
	char pid_file[256], folder[64], lock[128];

	snprintf(pid_file, sizeof(pid_file), "%s/data/postmaster.pid", p->dir);
	socket_folder(p->dir, folder);
	snprintf(lock, sizeof(lock), "%s/.s.PGSQL.5432.lock", folder);
	for (int is_zombie = 0; is_zombie < 2; is_zombie++) {
		pid_t stranger = fork_stranger(is_zombie);
		struct server *s;
		int said, go;
		pid_t client = fork_client(p->dir, true, &said, &go);

		wait_byte(said);
		kill(client, SIGKILL);
		status_of(client);
		kill_server(p->dir);
		name_process(pid_file, stranger);
		name_process(lock, stranger);
		s = must_open(p->dir);
		assert_int_equal(select_one(server_conninfo(s)), 0);
		kill_server(p->dir);
		name_process(pid_file, stranger);
		must_close(s);
		must_close(must_open(p->dir));
		assert_true(is_stopped(p->dir));
		assert_int_equal(kill(stranger, SIGKILL), 0);
		assert_int_equal(status_of(stranger), is_zombie ? 0 : -SIGKILL);
		close(said), close(go);
	}
}

/* What the server says as it ends is in its log only. A full disk cannot be had without a mount:
 * its words can. */
static void
test_says_why(void **state)
{
	static const struct {
		const char *line;
		const char *words;
		enum err_code code;
	} rows[] = {
	    {"max_connections = many", "configuration file", ERR_UNAVAILABLE},
	    {"shared_preload_libraries = 'No space left on device'", "No space left on device",
		ERR_IO},
	};
	const struct place *p = *state;
	struct stat st;
	char path[256];

	snprintf(path, sizeof(path), "%s/data/postgresql.conf", p->dir);
	assert_int_equal(stat(path, &st), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = {0};
		FILE *f = fopen(path, "a");

		assert_non_null(f);
		fprintf(f, "%s\n", rows[i].line);
		assert_int_equal(fclose(f), 0);
		assert_null(server_open(p->dir, true, &e));
		assert_int_equal(truncate(path, st.st_size), 0);
		assert_int_equal(e.code, rows[i].code);
		assert_non_null(strstr(e.text, rows[i].words));
		assert_non_null(strstr(e.hint, "data/server.log"));
	}
	assert_true(is_stopped(p->dir));
}

/* A program says much before it says why it ends. */
static void
test_long_output(void **state)
{
	static const char *const argv[] = {
	    "/bin/sh", "-c", "seq 5000; echo 'FATAL:  the cause'; seq 100; exit 1", NULL};
	const struct server_runner here = {.lock_fd = -1};
	struct server_output out;
	struct err e = {0};

	(void)state;
	assert_int_equal(server_run(&here, argv, &out, &e), 1);
	assert_string_equal(server_output_cause(&out), "the cause");
}

static void
test_code_of_cause(void **state)
{
	static const struct {
		const char *cause;
		enum err_code code;
	} rows[] = {
	    {"could not write to file \"pg_wal/xlogtemp.1\": No space left on device", ERR_IO},
	    {"could not extend file \"base/1/2\": wrote only 4096 of 8192 bytes at block 7",
		ERR_IO},
	    {"could not map anonymous shared memory: Cannot allocate memory", ERR_IO},
	    {"could not create directory \"data.new\": Permission denied", ERR_CANNOT_CREATE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    server_code_of_cause(rows[i].cause, ERR_CANNOT_CREATE), rows[i].code);
}

/* Left by an initdb that was killed, under a folder with no data yet: done again. */
static void
test_half_made(void **state)
{
	const struct place *p = *state;
	char path[256], aside[256];
	struct server *s;

	snprintf(path, sizeof(path), "%s/data", p->dir);
	snprintf(aside, sizeof(aside), "%s/data.aside", p->dir);
	assert_int_equal(rename(path, aside), 0);
	snprintf(path, sizeof(path), "%s/data.new", p->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/data.new/PG_VERSION", p->dir);
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	s = must_open(p->dir);
	assert_int_equal(select_one(server_conninfo(s)), 0);
	must_close(s);
}

static void
test_other_version(void **state)
{
	const struct place *p = *state;
	struct err e = {0};
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/data/PG_VERSION", p->dir);
	f = fopen(path, "r+");
	assert_non_null(f);
	fputs("7\n", f);
	fclose(f);
	assert_null(server_open(p->dir, true, &e));
	assert_int_equal(e.code, ERR_CONFIG);
	assert_non_null(strstr(e.text, "made by PostgreSQL 7, which is not installed"));
	assert_string_not_equal(e.hint, "");
	assert_true(is_stopped(p->dir));
}

/* A command that only reads: nothing is made, not even beside a lock that is nobody's any more. */
static void
test_reader_makes_nothing(void **state)
{
	const struct place *p = *state;
	struct err e = {0};
	char dir[128], path[256];

	snprintf(dir, sizeof(dir), "%s/mistyped", p->root);
	assert_null(server_open(dir, false, &e));
	assert_int_equal(e.code, ERR_NO_INPUT);
	assert_non_null(strstr(e.text, dir));
	assert_non_null(strstr(e.hint, "makes one"));
	assert_int_not_equal(access(dir, F_OK), 0);
	assert_int_equal(mkdir(dir, 0755), 0);
	snprintf(path, sizeof(path), "%s/start.lock", dir);
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	assert_null(server_open(dir, false, &e));
	assert_int_equal(e.code, ERR_NO_INPUT);
	snprintf(path, sizeof(path), "%s/data", dir);
	assert_int_not_equal(access(path, F_OK), 0);
}

/* Does somebody wait for the lock of this file? */
static bool
is_waited_for(int fd)
{
	FILE *f = fopen("/proc/locks", "r");
	char line[256], file[32];
	bool is_found = false;
	struct stat st;

	assert_non_null(f);
	assert_int_equal(fstat(fd, &st), 0);
	snprintf(file, sizeof(file), ":%ju ", (uintmax_t)st.st_ino);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strstr(line, "-> FLOCK") != NULL && strstr(line, file) != NULL)
			is_found = true;
	fclose(f);
	return is_found;
}

/* One that reads comes while another makes the database: it waits, and then there is one. */
static void
test_reader_waits_for_maker(void **state)
{
	const struct place *p = *state;
	char dir[128], from[256], to[256];
	int fd, said, go;
	pid_t pid;

	snprintf(dir, sizeof(dir), "%s/begun", p->root);
	assert_int_equal(mkdir(dir, 0755), 0);
	snprintf(to, sizeof(to), "%s/start.lock", dir);
	assert_true((fd = open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)) >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	pid = fork_client(dir, false, &said, &go);
	while (!is_waited_for(fd) && waitpid(pid, NULL, WNOHANG) == 0)
		usleep(1000);
	snprintf(from, sizeof(from), "%s/data.aside", p->dir);
	snprintf(to, sizeof(to), "%s/data", dir);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(flock(fd, LOCK_UN), 0);
	wait_byte(said);
	assert_int_equal(write(go, "", 1), 1);
	assert_int_equal(status_of(pid), 0);
	assert_int_equal(rename(to, from), 0);
	close(said), close(go), close(fd);
}

/* Somebody else's link or file where the socket's folder has to be. */
static void
test_planted_socket_folder(void **state)
{
	const struct place *p = *state;
	struct err e = {0};
	char dir[128], folder[64], from[256], to[256];

	/* data of its own would need an initdb: any folder with a PG_VERSION comes as far as the
	 * socket */
	snprintf(dir, sizeof(dir), "%s/planted", p->root);
	assert_int_equal(mkdir(dir, 0755), 0);
	snprintf(from, sizeof(from), "%s/data.aside", p->dir);
	snprintf(to, sizeof(to), "%s/data", dir);
	assert_int_equal(rename(from, to), 0);
	socket_folder(dir, folder);
	assert_int_equal(symlink(p->root, folder), 0);
	assert_null(server_open(dir, true, &e));
	assert_int_equal(unlink(folder), 0);
	assert_int_equal(e.code, ERR_PERMISSION);
	assert_non_null(strstr(e.text, folder));
}

/* As root: a stand-in below /var/lib, and the same one again. Otherwise a refusal. */
static void
test_unreachable(void **state)
{
	const struct place *p = *state;
	struct err e = {0};
	char hidden[128], dir[160], stand_in[160], hex[SHA256_HEX_BYTES];
	const char *const argv[] = {"rm", "-rf", "--", stand_in, NULL};
	struct sha256 hash;
	struct server *s;
	int status;

	snprintf(hidden, sizeof(hidden), "%s/hidden", p->root);
	snprintf(dir, sizeof(dir), "%s/x/pg", hidden);
	assert_int_equal(mkdir(hidden, geteuid() == 0 ? 0700 : 0), 0);
	if (geteuid() != 0) {
		assert_null(server_open(dir, true, &e));
		assert_int_equal(e.code, ERR_PERMISSION);
		return;
	}
	hash = sha256_of(dir, strlen(dir));
	snprintf(stand_in, sizeof(stand_in), "/var/lib/coexsync/%.16s", sha256_hex(&hash, hex));
	s = must_open(dir);
	assert_int_equal(select_one(server_conninfo(s)), 0);
	assert_false(is_stopped(stand_in));
	must_close(s);
	assert_true(is_stopped(stand_in));
	assert_int_not_equal(access(dir, F_OK), 0);
	run(argv, &status);
	assert_int_equal(status, 0);
	rmdir("/var/lib/coexsync"); /* unless somebody else uses it */
}

static void
test_not_a_folder(void **state)
{
	const struct place *p = *state;
	struct err e = {0};
	char file[128];

	snprintf(file, sizeof(file), "%s/file", p->root);
	assert_int_equal(close(open(file, O_CREAT | O_WRONLY, 0644)), 0);
	assert_null(server_open(file, true, &e));
	assert_int_equal(e.code, ERR_CANNOT_CREATE);
	assert_non_null(strstr(e.text, file));
}

static void
test_close_null(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(server_close(NULL, &e), 0);
	assert_int_equal(e.code, ERR_NONE);
}

int
main(void)
{
	/* in this order: test_half_made puts the data aside for test_planted_socket_folder */
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_first_use_by_several),
	    cmocka_unit_test(test_open_twice),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_environment_of_another),
	    cmocka_unit_test(test_last_client_stops),
	    cmocka_unit_test(test_killed_client),
	    cmocka_unit_test(test_killed_server),
	    cmocka_unit_test(test_number_given_anew),
	    cmocka_unit_test(test_says_why),
	    cmocka_unit_test(test_long_output),
	    cmocka_unit_test(test_code_of_cause),
	    cmocka_unit_test(test_half_made),
	    cmocka_unit_test(test_other_version),
	    cmocka_unit_test(test_reader_makes_nothing),
	    cmocka_unit_test(test_reader_waits_for_maker),
	    cmocka_unit_test(test_planted_socket_folder),
	    cmocka_unit_test(test_unreachable),
	    cmocka_unit_test(test_not_a_folder),
	    cmocka_unit_test(test_close_null),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
