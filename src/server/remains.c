/*
 * Whether a process is still there: see remains.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/cluster.h"
#include "server/remains.h"

static long read_pid(const char *path);
static bool is_zombie(struct arena *a, long pid);

bool
server_names_stranger(struct arena *a, const struct server_runner *r, const char *path)
{
	long pid = read_pid(path);
	const char *process = arena_printf(a, "/proc/%ld", pid).ptr;
	const char *folder = arena_printf(a, "%s/cwd", process).ptr;
	/* as the server's user, who may look at its server, which works in the folder of its data
	 */
	const char *const argv[] = {
	    "/usr/bin/test", "-d", process, "-a", "!", folder, "-ef", SERVER_DATA, NULL};
	struct server_output unused;
	struct err ignored;

	return pid > 0 && (is_zombie(a, pid) || server_run(r, argv, &unused, &ignored) == 0);
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

/* Dead, but its parent does not want to know: that of a container, often. */
static bool
is_zombie(struct arena *a, long pid)
{
	FILE *f = fopen(arena_printf(a, "/proc/%ld/stat", pid).ptr, "re");
	char line[256] = "";
	const char *name_end;

	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	fclose(f);
	name_end = strrchr(line, ')');
	return name_end != NULL && strncmp(name_end, ") Z", 3) == 0;
}
