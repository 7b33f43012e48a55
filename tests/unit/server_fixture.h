/*
 * A folder with an embedded database in it, and what looks at it from outside. psql is the client,
 * because libpq belongs to another room.
 */
#ifndef SERVER_FIXTURE_H
#define SERVER_FIXTURE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/sha256.h"
#include "server/server.h"

/* What the tests share: a folder with a database in it, made once because initdb is slow. */
struct place {
	char root[64]; /* of mkdtemp; any user may enter it */
	char dir[96];
};

static void
run(const char *const argv[], int *status)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int null_fd = open("/dev/null", O_RDWR);

		dup2(null_fd, 1);
		dup2(null_fd, 2);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, status, 0), pid);
	assert_true(WIFEXITED(*status));
	*status = WEXITSTATUS(*status);
}

/* 0 if the server answers with 1, as psql's exit status says. */
static int
select_one(const char *conninfo)
{
	const char *const argv[] = {
	    "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-c", "SELECT 1", NULL};
	int status;

	run(argv, &status);
	return status;
}

static bool
is_stopped(const char *dir)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/data/postmaster.pid", dir);
	return access(path, F_OK) != 0;
}

static struct server *
must_open(const char *dir)
{
	struct err e = {0};
	struct server *s = server_open(dir, true, &e);

	if (s == NULL)
		fail_msg("%s (%s)", e.text, e.hint);
	return s;
}

static void
must_close(struct server *s)
{
	struct err e = {0};

	if (server_close(s, &e) != 0)
		fail_msg("%s (%s)", e.text, e.hint);
}

/* Where the socket of `dir` has to be: a pure function of its name. */
static void
socket_folder(const char *dir, char out[64])
{
	struct sha256 hash = sha256_of(dir, strlen(dir));
	char hex[SHA256_HEX_BYTES];

	snprintf(out, 64, "/tmp/coexsync-%.16s", sha256_hex(&hash, hex));
}

/*
 * A client in a process of its own: opens, says so by a byte on *said, waits for a byte on *go,
 * asks the server something and closes. Its status is 0 if all went well.
 */
static pid_t
fork_client(const char *dir, bool may_make, int *said, int *go)
{
	int to_us[2], to_client[2];
	pid_t pid;

	assert_int_equal(pipe2(to_us, O_CLOEXEC), 0);
	assert_int_equal(pipe2(to_client, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct err e;
		struct server *s = server_open(dir, may_make, &e);
		char byte = 0;
		bool is_good = s != NULL && write(to_us[1], &byte, 1) == 1 &&
			       read(to_client[0], &byte, 1) == 1 &&
			       select_one(server_conninfo(s)) == 0;

		if (server_close(s, &e) != 0)
			is_good = false;
		_exit(is_good ? 0 : 1);
	}
	close(to_us[1]);
	close(to_client[0]);
	*said = to_us[0];
	*go = to_client[1];
	return pid;
}

static void
wait_byte(int fd)
{
	char byte;

	assert_int_equal(read(fd, &byte, 1), 1);
}

static int
status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int
set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	snprintf(p->root, sizeof(p->root), "/tmp/coexsync-unit.XXXXXX");
	if (mkdtemp(p->root) == NULL || chmod(p->root, 0755) != 0)
		return -1;
	snprintf(p->dir, sizeof(p->dir), "%s/a b'$x/pg", p->root);
	*state = p;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *p = *state;
	const char *const argv[] = {"rm", "-rf", "--", p->root, NULL};
	int status;

	run(argv, &status);
	free(p);
	return status;
}

#endif
