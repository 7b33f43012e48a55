/*
 * Secrets in files: see secret.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "pipeline/secret.h"
#include "store/store.h"

static int
fail(const char *option, const char *path, struct err *e)
{
	enum err_code code = errno == ENOENT   ? ERR_NO_INPUT
			     : errno == EACCES ? ERR_PERMISSION
					       : ERR_IO;

	return err_sys(e, code, "%s: %s", option, path);
}

int
secret_check(const char *option, const char *path, struct err *e)
{
	struct stat st;

	if (access(path, R_OK) != 0)
		return fail(option, path, e);
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return 0;
	errno = EISDIR;
	return fail(option, path, e);
}

static int
open_file(const char *option, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return fail(option, path, e);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		log_warn("%s: %s may be read by others: chmod 600 keeps it secret", option, path);
	return fd;
}

/* Up to the first line feed, the end or the maximum; it may be a pipe. */
static int
read_line(struct secret *s, int fd)
{
	const char *end = NULL;
	ssize_t got = 1;

	while (got > 0 && end == NULL && s->len <= SECRET_MAX_BYTES) {
		got = read(fd, s->bytes + s->len, SECRET_MAX_BYTES + 1 - s->len);
		if (got < 0)
			return -1;
		end = memchr(s->bytes + s->len, '\n', (size_t)got);
		s->len += (size_t)got;
	}
	if (end != NULL)
		s->len = (size_t)(end - s->bytes);
	while (s->len > 0 && memchr(" \t\r", s->bytes[s->len - 1], 3) != NULL)
		s->len--; /* of an editor, or of a paste: no secret ends in them */
	s->bytes[s->len] = '\0';
	return 0;
}

int
secret_read(struct secret *s, const char *option, const char *path, struct err *e)
{
	int fd = open_file(option, path, e), rc;

	s->len = 0;
	if (fd < 0)
		return -1;
	secret_leave_no_core();
	rc = read_line(s, fd);
	if (rc != 0)
		err_sys(e, ERR_IO, "%s: %s", option, path);
	close(fd);
	if (rc != 0)
		return -1;
	if (s->len == 0 || s->len > SECRET_MAX_BYTES)
		return err_set(e, ERR_USAGE, "%s: the first line of %s is %s", option, path,
		    s->len == 0 ? "empty" : "too long for a secret");
	if (memchr(s->bytes, '\0', s->len) != NULL)
		return err_set(e, ERR_USAGE, "%s: %s is no text file", option, path);
	return 0;
}

struct str
secret_text(const struct secret *s)
{
	return s->len == 0 ? STR_NULL : (struct str){s->bytes, s->len};
}

void
secret_overwrite(const char *argument)
{
	if (argument != NULL)
		memset((char *)argument, '*',
		    strlen(argument)); /* the kernel shows what is there now */
}

const char *
secret_hide(struct arena *a, const char *option, const char *conninfo)
{
	const char *copy;

	if (conninfo == NULL || !store_has_password(conninfo))
		return conninfo;
	log_warn(
	    "%s: others can see the password in it, in the list of processes; in ~/.pgpass, or "
	    "the file that PGPASSFILE names, they cannot",
	    option);
	secret_leave_no_core();
	copy = arena_copy(a, str_of(conninfo)).ptr;
	secret_overwrite(conninfo);
	return copy;
}

void
secret_leave_no_core(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) != 0)
		return;
	limit.rlim_cur = 0;
	(void)setrlimit(RLIMIT_CORE, &limit);
}

void
secret_wipe(struct secret *s)
{
	explicit_bzero(s, sizeof(*s));
}
