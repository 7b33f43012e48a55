/*
 * Finding PostgreSQL and initdb: see cluster.h. Callers hold the start lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <locale.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/count.h"
#include "base/log.h"
#include "server/cluster.h"
#include "server/place.h"

/* Made here, then renamed to SERVER_DATA. */
#define DATA_NEW "data.new"

/* Behind initdb's own lines; of two settings of one name the later counts. */
static const char settings[] = "\n# coexsync: one machine, one tool, a unix socket only\n"
			       "listen_addresses = ''\n"
			       "unix_socket_permissions = 0700\n"
			       "max_connections = 40\n"
			       /* a first import writes fast: fewer checkpoints */
			       "max_wal_size = '2GB'\n"
			       "jit = off\n"
			       "timezone = 'UTC'\n"
			       "log_timezone = 'UTC'\n"
			       /* the log must not repeat the customers' messages */
			       "log_min_error_statement = panic\n"
			       "log_error_verbosity = terse\n";

/* wanted: a major version, 0 for the newest. */
struct search {
	struct arena *a;
	const struct server_runner *runner;
	int wanted;
	int best;
	const char *programs;
};

static int read_data_major(struct arena *a, const struct server_runner *r);
static void consider(struct search *s, const char *folder);
static int major_of(struct search *s, const char *folder);
static int check_name(const struct server_runner *r, struct err *e);
static int discard(struct arena *a, const struct server_runner *r, const char *path, struct err *e);
static int init_data(
    struct arena *a, const struct server_runner *r, const char *programs, struct err *e);
static int append_settings(const char *path, struct err *e);
static int sync_folder(const char *path, struct err *e);

const char *
server_find_programs(struct arena *a, const struct server_runner *r, struct err *e)
{
	static const char *const patterns[] = {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"};
	struct search s = {a, r, read_data_major(a, r), 0, NULL};
	const char *at = getenv("PATH");
	glob_t found;

	for (size_t i = 0; i < COUNT(patterns); i++) {
		if (glob(patterns[i], 0, NULL, &found) == 0) {
			for (size_t j = 0; j < found.gl_pathc; j++)
				consider(&s, found.gl_pathv[j]);
			globfree(&found);
		}
	}
	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, ":");

		if (*at == '/')
			consider(&s, arena_copy(a, (struct str){at, len}).ptr);
		at += len + (at[len] == ':');
	}
	if (s.programs != NULL)
		return s.programs;
	if (s.wanted == 0) {
		err_set(e, ERR_CONFIG, "PostgreSQL is not installed here");
		err_hint(e, "install the package postgresql, or name a server with --dbname");
		return NULL;
	}
	err_set(e, ERR_CONFIG, "%s/" SERVER_DATA ": made by PostgreSQL %d, which is not installed",
	    r->folder, s.wanted);
	err_hint(e, "install postgresql-%d, or name another folder: --embedded=DIR", s.wanted);
	return NULL;
}

int
server_make_cluster(
    struct arena *a, const struct server_runner *r, const char *programs, struct err *e)
{
	const char *data = arena_printf(a, "%s/" SERVER_DATA, r->folder).ptr;
	const char *fresh = arena_printf(a, "%s/" DATA_NEW, r->folder).ptr;
	const char *conf = arena_printf(a, "%s/postgresql.conf", fresh).ptr;
	struct stat st;

	if (lstat(data, &st) == 0) {
		if (st.st_uid == r->user.uid)
			return 0;
		return err_set(e, ERR_PERMISSION, "%s: belongs to another user", data);
	}
	if (errno != ENOENT)
		return err_sys(e, ERR_PERMISSION, "%s", data);
	if (check_name(r, e) != 0)
		return -1;
	log_verbose("making the database in %s", r->folder);
	if (discard(a, r, fresh, e) != 0 || server_own_folder(fresh, &r->user, e) != 0 ||
	    init_data(a, r, programs, e) != 0 || append_settings(conf, e) != 0)
		return -1;
	if (rename(fresh, data) != 0)
		return err_sys(e, ERR_CANNOT_CREATE, "%s", data);
	return sync_folder(r->folder, e);
}

/* 0 if there is no data yet. */
static int
read_data_major(struct arena *a, const struct server_runner *r)
{
	const char *path = arena_printf(a, "%s/" SERVER_DATA "/PG_VERSION", r->folder).ptr;
	FILE *f = fopen(path, "re");
	char line[32];
	int major = 0;

	if (f == NULL)
		return 0;
	if (fgets(line, sizeof(line), f) != NULL)
		major = (int)strtol(line, NULL, 10);
	fclose(f);
	return major;
}

static void
consider(struct search *s, const char *folder)
{
	int major;

	if (access(arena_printf(s->a, "%s/initdb", folder).ptr, X_OK) != 0)
		return;
	major = major_of(s, folder);
	if (major > s->best && (s->wanted == 0 || major == s->wanted)) {
		s->best = major;
		s->programs = arena_copy(s->a, str_of(folder)).ptr;
	}
}

/* `postgres (PostgreSQL) 15.4 (…)`; 0 if it is something else. */
static int
major_of(struct search *s, const char *folder)
{
	static const char mark[] = "(PostgreSQL) ";
	const char *argv[] = {arena_printf(s->a, "%s/postgres", folder).ptr, "-V", NULL};
	struct server_output out;
	struct err ignored;
	const char *at;

	if (server_run(s->runner, argv, &out, &ignored) != 0)
		return 0;
	at = strstr(out.text, mark);
	return at == NULL ? 0 : (int)strtol(at + sizeof(mark) - 1, NULL, 10);
}

/* initdb asks for the name of its user, which a container need not have; the server does not. */
static int
check_name(const struct server_runner *r, struct err *e)
{
	if (getpwuid(r->user.uid) != NULL)
		return 0;
	err_set(e, ERR_CONFIG,
	    "--embedded: the user id %ju has no name here, so PostgreSQL makes "
	    "no database",
	    (uintmax_t)r->user.uid);
	return err_hint(e, "add it to /etc/passwd, or name a server with --dbname");
}

/* What is left of an initdb that was killed. Its content is the user's, so the user removes it. */
static int
discard(struct arena *a, const struct server_runner *r, const char *path, struct err *e)
{
	const char *const argv[] = {"/bin/rm", "-rf", "--", path, NULL};
	struct server_output *out = arena_alloc(a, sizeof(*out));

	if (access(path, F_OK) != 0)
		return 0;
	/* rm's status does not matter: the folder itself lies in one that may be ours */
	if (server_own_folder(path, &r->user, e) != 0 || server_run(r, argv, out, e) < 0)
		return -1;
	if (rmdir(path) != 0 && errno != ENOENT)
		return err_sys(e, ERR_CANNOT_CREATE, "%s: cannot remove it", path);
	return 0;
}

static int
init_data(struct arena *a, const struct server_runner *r, const char *programs, struct err *e)
{
	/* old systems have no C.UTF-8; nothing that is compared depends on it */
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	const char *locale = utf8 != (locale_t)0 ? "--locale=C.UTF-8" : "--locale=C";
	const char *const argv[] = {arena_printf(a, "%s/initdb", programs).ptr, "-D", DATA_NEW,
	    "-U", "coexsync", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", locale,
	    NULL};
	struct server_output *out = arena_alloc(a, sizeof(*out));
	int status;

	if (utf8 != (locale_t)0)
		freelocale(utf8);
	status = server_run(r, argv, out, e);
	if (status > 0) {
		const char *cause = server_output_cause(out);

		err_set(e, server_code_of_cause(cause, ERR_CANNOT_CREATE), "%s: initdb failed: %s",
		    r->folder, cause);
	}
	return status == 0 ? 0 : -1;
}

static int
append_settings(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC), rc = -1;

	if (fd < 0 || write(fd, settings, sizeof(settings) - 1) != (ssize_t)sizeof(settings) - 1 ||
	    fsync(fd) != 0)
		err_sys(e, ERR_CANNOT_CREATE, "%s", path);
	else
		rc = 0;
	if (fd >= 0)
		close(fd);
	return rc;
}

static int
sync_folder(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;

	if (fd < 0 || fsync(fd) != 0)
		rc = err_sys(e, ERR_IO, "%s", path);
	if (fd >= 0)
		close(fd);
	return rc;
}
