/*
 * Replacing a file: see file.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

/* A path may hold 4,096 bytes. */
#define NAME_MAX_BYTES ((size_t)8 << 10)

/* No mode is 0: the kind of the file is in it. */
#define NO_FILE ((mode_t)0)

static int
write_all(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes.ptr += n;
		bytes.len -= (size_t)n;
	}
	return fsync(fd);
}

/* `old`: the mode of the file that will be replaced, or NO_FILE. */
static int
write_beside(const char *temporary, mode_t old, struct str bytes, struct err *e)
{
	int fd, failed;

	/* of a process that had this id and was killed */
	(void)unlink(temporary);
	fd = open(
	    temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, old == NO_FILE ? 0666 : old & 0600);
	if (fd < 0)
		return err_sys(e, ERR_CANNOT_CREATE, "cannot create %s", temporary);
	failed = old != NO_FILE && fchmod(fd, old & 0777) != 0;
	failed = failed || write_all(fd, bytes) != 0;
	if (failed)
		err_sys(e, ERR_IO, "cannot write %s", temporary);
	if (close(fd) != 0 && !failed) {
		err_sys(e, ERR_IO, "cannot write %s", temporary);
		failed = 1;
	}
	return failed ? -1 : 0;
}

/* Some file systems cannot sync a folder; the file is whole without, only perhaps the old one. */
static void
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

int
file_replace(const char *path, struct str bytes, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	struct buf folder, temporary;
	mode_t old = NO_FILE;
	struct stat st;
	int rc = -1;

	buf_init(&folder, NAME_MAX_BYTES);
	buf_init(&temporary, NAME_MAX_BYTES);
	buf_printf(&folder, "%.*s", (int)(name - path), path);
	buf_printf(&temporary, "%s.%s.%d.tmp", buf_str(&folder).ptr, name, (int)getpid());
	/* of a link, as /dev/stdout is one, its place would be taken */
	if (lstat(path, &st) == 0)
		old = st.st_mode;
	if (*name == '\0' || (old != NO_FILE && !S_ISREG(old))) {
		err_set(e, ERR_CANNOT_CREATE, "%s: not a file", path);
		goto out;
	}
	if (write_beside(buf_str(&temporary).ptr, old, bytes, e) != 0)
		goto out;
	if (rename(temporary.ptr, path) != 0) {
		err_sys(e, ERR_CANNOT_CREATE, "%s: cannot be put in place", path);
		goto out;
	}
	sync_folder(folder.len == 0 ? "." : folder.ptr);
	rc = 0;
out:
	if (rc != 0 && temporary.len > 0)
		(void)unlink(temporary.ptr);
	buf_free(&folder);
	buf_free(&temporary);
	return rc;
}
