/*
 * Whether a process is still there, and why a server has ended: see remains.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/cluster.h"
#include "server/remains.h"

/* Of the log: the last lines, which are few where it has just ended. */
#define TAIL_BYTES 8192

static long read_pid(const char *path);
static bool is_other_program(struct arena *a, long pid);
static bool is_reason(const char *line);

bool
server_names_stranger(struct arena *a, const struct server_runner *r, const char *path)
{
	long pid = read_pid(path);
	const char *folder = arena_printf(a, "/proc/%ld/cwd", pid).ptr;
	/* as the server's user; what it may not look into may be our server all the same */
	const char *const argv[] = {
	    "/usr/bin/test", "-d", folder, "-a", "!", folder, "-ef", SERVER_DATA, NULL};
	struct server_output unused;
	struct err ignored;

	return pid > 0 && (is_other_program(a, pid) || server_run(r, argv, &unused, &ignored) == 0);
}

off_t
server_log_size(struct arena *a, const struct server_runner *r)
{
	struct stat st;

	return stat(arena_printf(a, "%s/" SERVER_LOG, r->folder).ptr, &st) == 0 ? st.st_size : 0;
}

const char *
server_log_cause(struct arena *a, const struct server_runner *r, off_t from)
{
	off_t size = server_log_size(a, r);
	int fd = open(arena_printf(a, "%s/" SERVER_LOG, r->folder).ptr, O_RDONLY | O_CLOEXEC);
	char *tail = arena_zero(a, 1, TAIL_BYTES + 1), *rest = NULL;
	const char *cause = NULL;

	if (fd < 0)
		return NULL;
	if (size - from > TAIL_BYTES)
		from = size - TAIL_BYTES;
	if (pread(fd, tail, TAIL_BYTES, from) > 0)
		for (char *line = strtok_r(tail, "\n", &rest); line != NULL;
		     line = strtok_r(NULL, "\n", &rest))
			if (is_reason(line))
				cause = strstr(line, ":  ") + 3;
	close(fd);
	return cause;
}

static long
read_pid(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[32] = "";
	long pid;

	if (f == NULL)
		return 0;
	pid = fgets(line, sizeof(line), f) == NULL ? 0 : strtol(line, NULL, 10);
	fclose(f);
	return pid;
}

/* No server, by its name; or dead, but its parent does not want to know: that of a container,
 * often. */
static bool
is_other_program(struct arena *a, long pid)
{
	FILE *f = fopen(arena_printf(a, "/proc/%ld/stat", pid).ptr, "re");
	char line[256] = "";
	const char *name, *name_end;

	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	fclose(f);
	name = strchr(line, '(');
	name_end = strrchr(line, ')');
	if (name == NULL || name_end == NULL)
		return false;
	return strncmp(name_end, ") Z", 3) == 0 ||
	       (strncmp(name, "(postgres)", 10) != 0 && strncmp(name, "(postmaster)", 12) != 0);
}

/* The end of a server, not of one of its clients that came too early or too late. */
static bool
is_reason(const char *line)
{
	return (strstr(line, "FATAL:  ") != NULL || strstr(line, "PANIC:  ") != NULL) &&
	       strstr(line, "the database system is ") == NULL &&
	       strstr(line, "terminating connection") == NULL;
}
