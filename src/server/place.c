/*
 * Folders, locks and the user of the embedded database: see place.h. Nothing is
 * started here.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/count.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/str.h"
#include "server/cluster.h"
#include "server/place.h"

/* 64 bits of a hash: enough to tell folders apart, and a socket path stays short. */
#define TAG_DIGITS 16

#define FALLBACK_ROOT "/var/lib/coexsync"

static bool is_missing(struct arena *a, const char *folder, const char *name);
static const char *default_folder(struct arena *a, struct err *e);
static const char *resolve(struct arena *a, const char *dir, const char **existing, struct err *e);
static const char *join(struct arena *a, const char *folder, const char *rest);
static const char *tag_of(struct arena *a, const char *dir);
static int make_path(struct arena *a, const char *path, mode_t mode, struct err *e);
static enum err_code code_of(int system_error);

int
server_choose_user(struct arena *a, struct server_user *user, struct err *e)
{
	static const char *const names[] = {"postgres", "nobody"};

	*user = (struct server_user){"", geteuid(), getegid(), false};
	if (user->uid != 0)
		return 0;
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct passwd *pw = getpwnam(names[i]);

		if (pw == NULL || pw->pw_uid == 0)
			continue;
		user->name = arena_copy(a, str_of(names[i])).ptr;
		user->uid = pw->pw_uid;
		user->gid = pw->pw_gid;
		user->is_other = true;
		return 0;
	}
	err_set(e, ERR_CONFIG, "no user to run PostgreSQL as: it refuses root");
	return err_hint(e, "add a user postgres, or run coexsync as an ordinary user");
}

/* Of an ordinary user who keeps it where the server's user cannot reach it: root would be shown an
 * empty one in its place. */
static int
check_no_data(struct arena *a, const char *path, struct err *e)
{
	struct stat st;
	const struct passwd *owner;

	if (stat(arena_printf(a, "%s/" SERVER_DATA "/PG_VERSION", path).ptr, &st) != 0)
		return 0;
	owner = getpwuid(st.st_uid);
	err_set(e, ERR_PERMISSION, "%s: the database there belongs to user %s", path,
	    owner == NULL ? arena_printf(a, "%jd", (intmax_t)st.st_uid).ptr : owner->pw_name);
	return err_hint(e, "give the command as that user");
}

const char *
server_make_folder(
    struct arena *a, const char *dir, const struct server_user *user, bool may_make, struct err *e)
{
	const char *path, *existing, *kept;

	if (dir == NULL)
		dir = default_folder(a, e);
	if (dir == NULL)
		return NULL;
	path = resolve(a, dir, &existing, e);
	if ((kept = path) == NULL)
		return NULL;
	if (user->is_other && !server_can_enter(user, existing)) {
		if (check_no_data(a, path, e) != 0)
			return NULL;
		kept = join(a, FALLBACK_ROOT, tag_of(a, path));
	}
	/* who holds the lock may be making it */
	if (!may_make && !server_has_data(a, kept) && is_missing(a, kept, SERVER_START_LOCK)) {
		server_fail_without_data(path, e);
		return NULL;
	}
	if (kept != path)
		log_info(
		    "user %s cannot reach %s: the database is kept in %s", user->name, path, kept);
	/* as root the parents must let the other user through; the data is 0700 anyway */
	if (make_path(a, kept, user->is_other ? 0755 : 0700, e) != 0)
		return NULL;
	if (user->is_other && !server_can_enter(user, kept)) {
		err_set(e, ERR_PERMISSION, "%s: user %s cannot enter it", kept, user->name);
		return NULL;
	}
	return resolve(a, kept, &existing, e);
}

bool
server_has_data(struct arena *a, const char *folder)
{
	return !is_missing(a, folder, SERVER_DATA);
}

int
server_fail_without_data(const char *folder, struct err *e)
{
	err_set(e, ERR_NO_INPUT, "--embedded: there is no database in %s", folder);
	return err_hint(e,
	    "is that the right folder? coexsync run SOURCE... makes one there, coexsync migrate up "
	    "an empty one");
}

const char *
server_make_socket_folder(
    struct arena *a, const char *dir, const struct server_user *user, struct err *e)
{
	const char *path = arena_printf(a, "/tmp/coexsync-%s", tag_of(a, dir)).ptr;

	if (server_own_folder(path, user, e) == 0)
		return path;
	if (access("/tmp", W_OK | X_OK) != 0)
		err_hint(e, "the socket of --embedded lies in /tmp, which has to be writable");
	return NULL;
}

int
server_own_folder(const char *path, const struct server_user *user, struct err *e)
{
	struct stat st;
	int fd = -1, rc = -1;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_sys(e, code_of(errno), "%s: cannot make the folder", path);
	/* never through a link: anybody may have put one into /tmp */
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		err_sys(e, ERR_PERMISSION, "%s: not a folder of ours", path);
		goto out;
	}
	if (fstat(fd, &st) != 0) {
		err_sys(e, ERR_IO, "%s", path);
		goto out;
	}
	/* root's own: just made, or left so by a client that was killed before the next line */
	if (st.st_uid != user->uid && !(user->is_other && st.st_uid == 0)) {
		err_set(e, ERR_PERMISSION, "%s: the folder belongs to another user", path);
		goto out;
	}
	if ((st.st_uid != user->uid && fchown(fd, user->uid, user->gid) != 0) ||
	    fchmod(fd, 0700) != 0) {
		err_sys(e, ERR_PERMISSION, "%s: cannot give it to the server's user", path);
		goto out;
	}
	rc = 0;
out:
	if (fd >= 0)
		close(fd);
	return rc;
}

int
server_open_lock(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		err_sys(e, code_of(errno), "%s: cannot open the lock", path);
	return fd;
}

static bool
is_missing(struct arena *a, const char *folder, const char *name)
{
	struct stat st;

	return lstat(join(a, folder, name), &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static const char *
default_folder(struct arena *a, struct err *e)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	/* the XDG rules: a relative path is to be ignored */
	if (data != NULL && data[0] == '/')
		return join(a, data, "coexsync/pg");
	if (home == NULL || home[0] != '/') {
		const struct passwd *pw = getpwuid(getuid());

		home = pw == NULL ? NULL : pw->pw_dir;
	}
	if (home == NULL) {
		err_set(e, ERR_CONFIG, "no home folder to keep the database in");
		return NULL;
	}
	return join(a, home, ".local/share/coexsync/pg");
}

/* Absolute and without links, so that one folder has one name; *existing is the part that is there.
 */
static const char *
resolve(struct arena *a, const char *dir, const char **existing, struct err *e)
{
	char cwd[PATH_MAX], real[PATH_MAX];
	const char *path = dir, *rest;
	struct stat st;
	char *head;

	if (dir[0] != '/') {
		if (getcwd(cwd, sizeof(cwd)) == NULL) {
			err_sys(e, ERR_IO, "the current folder");
			return NULL;
		}
		path = join(a, cwd, dir);
	}
	head = arena_alloc(a, strlen(path) + 1);
	memcpy(head, path, strlen(path) + 1);
	rest = "";
	while (realpath(head[0] == '\0' ? "/" : head, real) == NULL) {
		char *slash = strrchr(head, '/');

		if (errno != ENOENT || slash == NULL) {
			err_sys(e, code_of(errno), "%s", dir);
			return NULL;
		}
		rest = path + (slash - head) + 1;
		*slash = '\0';
	}
	if (stat(real, &st) != 0 || !S_ISDIR(st.st_mode)) {
		err_set(e, ERR_CANNOT_CREATE, "%s: not a folder", real);
		return NULL;
	}
	*existing = arena_copy(a, str_of(real)).ptr;
	return join(a, *existing, rest);
}

/* One slash between the two, none at the end. */
static const char *
join(struct arena *a, const char *folder, const char *rest)
{
	size_t len = strlen(folder), rest_len = strlen(rest);

	while (len > 0 && folder[len - 1] == '/')
		len--;
	while (rest_len > 0 && rest[rest_len - 1] == '/')
		rest_len--;
	if (rest_len == 0)
		return len == 0 ? "/" : arena_printf(a, "%.*s", (int)len, folder).ptr;
	return arena_printf(a, "%.*s/%.*s", (int)len, folder, (int)rest_len, rest).ptr;
}

static const char *
tag_of(struct arena *a, const char *dir)
{
	struct sha256 hash = sha256_of(dir, strlen(dir));
	char hex[SHA256_HEX_BYTES];

	sha256_hex(&hash, hex);
	return arena_copy(a, (struct str){hex, TAG_DIGITS}).ptr;
}

static int
make_path(struct arena *a, const char *path, mode_t mode, struct err *e)
{
	char *at = arena_alloc(a, strlen(path) + 1);

	memcpy(at, path, strlen(path) + 1);
	for (char *slash = at; slash != NULL;) {
		slash = strchr(slash + 1, '/');
		if (slash != NULL)
			*slash = '\0';
		/* chmod: the umask may be narrower than what the server's user needs */
		if (mkdir(at, mode) == 0 ? chmod(at, mode) != 0 : errno != EEXIST)
			return err_sys(e, code_of(errno), "%s: cannot make the folder", at);
		if (slash != NULL)
			*slash = '/';
	}
	return 0;
}

static enum err_code
code_of(int system_error)
{
	return system_error == EACCES || system_error == EPERM ? ERR_PERMISSION : ERR_CANNOT_CREATE;
}
