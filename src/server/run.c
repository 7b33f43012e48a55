/*
 * fork, drop of user, exec: see run.h. Between fork and exec only calls that are
 * safe in a process that had threads.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/count.h"
#include "server/run.h"

/* What a child says if it cannot become the program; shells use the same numbers. */
#define STATUS_REFUSED 126
#define STATUS_NOT_FOUND 127

/* Where a program finds the lock that it holds. */
#define LOCK_FD 3

static _Noreturn void become_program(
    const struct server_runner *r, const char *const argv[], int null_fd, int out_fd);
static bool has_become(const struct server_user *user);
static void read_output(int fd, struct server_output *out);
static int wait_for(pid_t pid, int *status);
static int status_of(int status, const char *program, struct err *e);

int
server_run(const struct server_runner *r, const char *const argv[], struct server_output *out,
    struct err *e)
{
	int rc = -1, status, null_fd = -1, pipe_fds[2] = {-1, -1};
	pid_t pid;

	null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null_fd < 0 || pipe2(pipe_fds, O_CLOEXEC) != 0) {
		err_sys(e, ERR_IO, "%s: cannot prepare to run it", argv[0]);
		goto out;
	}
	pid = fork();
	if (pid == 0)
		become_program(r, argv, null_fd, pipe_fds[1]);
	if (pid < 0) {
		err_sys(e, ERR_IO, "%s: cannot fork", argv[0]);
		goto out;
	}
	close(pipe_fds[1]);
	pipe_fds[1] = -1;
	read_output(pipe_fds[0], out);
	if (wait_for(pid, &status) != 0) {
		err_sys(e, ERR_IO, "%s: cannot wait for it", argv[0]);
		goto out;
	}
	rc = status_of(status, argv[0], e);
out:
	if (null_fd >= 0)
		close(null_fd);
	if (pipe_fds[0] >= 0)
		close(pipe_fds[0]);
	if (pipe_fds[1] >= 0)
		close(pipe_fds[1]);
	return rc;
}

const char *
server_output_cause(struct server_output *out)
{
	static const char *const marks[] = {"FATAL:", "error:", "ERROR:"};
	char *at = NULL, *end;

	for (size_t i = 0; i < COUNT(marks) && at == NULL; i++)
		at = strstr(out->text, marks[i]);
	if (at == NULL)
		at = out->text;
	else
		at = strchr(at, ':') + 1;
	at += strspn(at, " \n");
	end = strchr(at, '\n');
	if (end != NULL)
		*end = '\0';
	return *at == '\0' ? "it gave no reason" : at;
}

enum err_code
server_code_of_cause(const char *cause, enum err_code otherwise)
{
	static const int limits[] = {ENOSPC, EDQUOT, EFBIG, ENOMEM, EMFILE, ENFILE};

	for (size_t i = 0; i < COUNT(limits); i++)
		if (strstr(cause, strerror(limits[i])) != NULL)
			return ERR_IO;
	/* where the last piece had room for a part of it */
	return strstr(cause, "could not extend file") != NULL ? ERR_IO : otherwise;
}

bool
server_can_enter(const struct server_user *user, const char *folder)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(has_become(user) && chdir(folder) == 0 ? 0 : STATUS_REFUSED);
	return pid > 0 && wait_for(pid, &status) == 0 && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

static _Noreturn void
become_program(const struct server_runner *r, const char *const argv[], int null_fd, int out_fd)
{
	/* nothing of ours: PGPORT, PGOPTIONS, PGDATA and the like would change what the programs do
	 */
	static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
	unsigned first_closed = LOCK_FD;
	sigset_t none;

	/* a session of its own: the operator's Ctrl-C stops coexsync, which then stops the server
	 */
	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(null_fd, 0) < 0 || dup2(out_fd, 1) < 0 || dup2(out_fd, 2) < 0)
		_exit(STATUS_REFUSED);
	if (r->lock_fd >= 0) {
		if (r->lock_fd == LOCK_FD ? fcntl(LOCK_FD, F_SETFD, 0) < 0
					  : dup2(r->lock_fd, LOCK_FD) < 0)
			_exit(STATUS_REFUSED);
		first_closed = LOCK_FD + 1;
	}
	/* whatever else the caller had open would live as long as the server */
	close_range(first_closed, ~0u, 0);
	if (!has_become(&r->user) || chdir(r->folder == NULL ? "/" : r->folder) != 0)
		_exit(STATUS_REFUSED);
	umask(077);
	execve(argv[0], (char *const *)argv, (char *const *)environment);
	_exit(STATUS_NOT_FOUND);
}

static bool
has_become(const struct server_user *user)
{
	if (!user->is_other)
		return true;
	return setgroups(1, &user->gid) == 0 && setgid(user->gid) == 0 && setuid(user->uid) == 0;
}

/* Reads to the end, so that the program never waits for us; keeps the end, where the cause is. */
static void
read_output(int fd, struct server_output *out)
{
	char chunk[512];
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		size_t over;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		over = used + (size_t)n;
		over = over < sizeof(out->text) ? 0 : over - (sizeof(out->text) - 1);
		memmove(out->text, out->text + over, used - over);
		memcpy(out->text + used - over, chunk, (size_t)n);
		used += (size_t)n - over;
	}
	out->text[used] = '\0';
}

static int
wait_for(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return 0;
}

static int
status_of(int status, const char *program, struct err *e)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return err_set(e, ERR_IO, "%s: ended by signal %d", program, WTERMSIG(status));
}
