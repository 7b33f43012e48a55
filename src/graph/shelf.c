/*
 * See shelf.h. Order of a group: contents to the disk, names, folders to the disk. Rows come last,
 * from elsewhere; so a row never names a file that is not there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/memory.h"
#include "graph/shelf.h"

/* A folder of what arrives. */
#define ARRIVING ".arriving-"
#define NAME_BYTES 24
/* From so many on a group is written to the disk by one syncfs; measured with 16 requests at once.
 */
#define SYNC_ALL_FILES 8

struct shelf {
	int fd;
	int arriving_fd; /* holds the lock */
	char *arriving;
	const char *path; /* the caller's, for messages */
	unsigned next_number;
	bool is_known[256]; /* subfolders that are there, and on the disk */
	bool reports_errors; /* syncfs does, on this kernel */
};

static int check_rights(struct shelf *s, struct err *e);
static int sweep(struct shelf *s);
static int make_arriving(struct shelf *s);
static int sync_folder(struct shelf *s, const char *name);
static bool reports_sync_errors(void);

struct shelf *
shelf_open(const char *path, struct err *e)
{
	struct shelf *s = memory_zero(1, sizeof(*s));

	s->path = path;
	s->arriving_fd = -1;
	s->reports_errors = reports_sync_errors();
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		err_sys(e, ERR_CANNOT_CREATE, "cannot create the folder %s", path);
		free(s);
		return NULL;
	}
	s->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->fd >= 0 && check_rights(s, e) != 0)
		goto failed;
	if (s->fd >= 0 && sweep(s) == 0 && make_arriving(s) == 0)
		return s;
	err_sys(e, ERR_CANNOT_CREATE, "cannot write into the folder %s", path);
failed:
	shelf_close(s);
	return NULL;
}

/* Anybody could put another file, or a link, in the place of one whose hash was proved. */
static int
check_rights(struct shelf *s, struct err *e)
{
	struct stat st;

	if (fstat(s->fd, &st) != 0)
		return err_sys(e, ERR_IO, "%s", s->path);
	if ((st.st_mode & S_IWOTH) == 0)
		return 0;
	err_set(e, ERR_PERMISSION, "others may write into the folder %s", s->path);
	return err_hint(e, "chmod o-w '%s', and look at what lies in it", s->path);
}

/* What is in it goes, then itself. */
static void
remove_arriving(struct shelf *s, int fd, const char *name)
{
	DIR *dir = fdopendir(fcntl(fd, F_DUPFD_CLOEXEC, 3));
	struct dirent *entry;

	if (dir != NULL) {
		rewinddir(dir);
		while ((entry = readdir(dir)) != NULL)
			if (entry->d_name[0] != '.')
				(void)unlinkat(fd, entry->d_name, 0);
		closedir(dir);
	}
	(void)unlinkat(s->fd, name, AT_REMOVEDIR);
}

void
shelf_close(struct shelf *s)
{
	if (s == NULL)
		return;
	if (s->arriving_fd >= 0) {
		remove_arriving(s, s->arriving_fd, s->arriving);
		close(s->arriving_fd);
	}
	if (s->fd >= 0)
		close(s->fd);
	free(s->arriving);
	free(s);
}

/* Removes the folders of runs that are dead: the lock goes with the process. */
static int
sweep(struct shelf *s)
{
	DIR *dir = fdopendir(fcntl(s->fd, F_DUPFD_CLOEXEC, 3));
	struct dirent *entry;

	if (dir == NULL)
		return -1;
	rewinddir(dir);
	while ((entry = readdir(dir)) != NULL) {
		int fd;

		if (strncmp(entry->d_name, ARRIVING, strlen(ARRIVING)) != 0)
			continue;
		fd = openat(s->fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			remove_arriving(s, fd, entry->d_name);
		close(fd);
	}
	closedir(dir);
	return 0;
}

/* Another run may sweep the folder away between its birth and its lock: then the next one. */
static int
make_arriving(struct shelf *s)
{
	for (unsigned tries = 0; tries < 100; tries++) {
		struct stat st;

		free(s->arriving);
		if (asprintf(&s->arriving, "%s%ld-%u", ARRIVING, (long)getpid(), tries) < 0) {
			s->arriving = NULL;
			return -1;
		}
		if (mkdirat(s->fd, s->arriving, 0700) != 0) {
			if (errno != EEXIST)
				return -1;
			continue; /* a living run's of the same id, or nobody's of ours */
		}
		s->arriving_fd =
		    openat(s->fd, s->arriving, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (s->arriving_fd < 0)
			continue;
		if (flock(s->arriving_fd, LOCK_EX | LOCK_NB) == 0 &&
		    fstat(s->arriving_fd, &st) == 0 && st.st_nlink > 0)
			return 0;
		close(s->arriving_fd);
		s->arriving_fd = -1;
	}
	errno = EBUSY;
	return -1;
}

char *
shelf_path(const struct sha256 *hash, char out[MEDIA_PATH_BYTES])
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex(hash, hex);
	snprintf(out, MEDIA_PATH_BYTES, "%.2s/%s", hex, hex + 2);
	return out;
}

/* The subfolder `ab` of a path `ab/cdef…`; no link is one. */
static int
open_subfolder(const struct shelf *s, const char *path)
{
	const char folder[3] = {path[0], path[1], '\0'};

	return openat(s->fd, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Of such a path, what it is called in its subfolder. */
static const char *
name_in(const char *path)
{
	return path + 3;
}

/* -1 if it is larger than `most`, as a few bytes on the disk may be, or cannot be read to its end.
 */
static int
hash_file(int fd, int64_t most, struct sha256 *hash, int64_t *size)
{
	struct sha256_stream *stream;
	char bytes[65536];
	struct stat st;
	ssize_t got = 0;

	if (fstat(fd, &st) != 0 || st.st_size > most)
		return -1;
	stream = sha256_begin();
	*size = 0;
	while (*size <= most && (got = read(fd, bytes, sizeof(bytes))) > 0) {
		sha256_add(stream, bytes, (size_t)got);
		*size += got;
	}
	*hash = sha256_end(stream);
	return got < 0 || *size > most ? -1 : 0;
}

bool
shelf_has(struct shelf *s, const struct sha256 *hash, int64_t most, int64_t *size)
{
	char path[MEDIA_PATH_BYTES];
	struct sha256 found;
	int folder_fd = open_subfolder(s, shelf_path(hash, path)), fd, rc = -1;
	bool is_same = false;

	if (folder_fd < 0)
		return false;
	/* what lies there may be no file, and its other end may never come */
	fd = openat(folder_fd, name_in(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		rc = hash_file(fd, most, &found, size);
		close(fd);
	}
	if (rc == 0)
		is_same = memcmp(&found, hash, sizeof(found)) == 0;
	if (rc == 0 && !is_same)
		(void)unlinkat(folder_fd, name_in(path), 0);
	close(folder_fd);
	return is_same;
}

bool
shelf_is_there(const struct shelf *s, struct str path)
{
	char text[MEDIA_PATH_BYTES];
	struct stat st;
	int fd, rc;

	if (path.len != sizeof(text) - 1 || path.ptr[2] != '/')
		return false;
	memcpy(text, path.ptr, path.len);
	text[path.len] = '\0';
	fd = open_subfolder(s, text);
	if (fd < 0)
		return false;
	rc = fstatat(fd, name_in(text), &st, AT_SYMLINK_NOFOLLOW);
	close(fd);
	return rc == 0 && S_ISREG(st.st_mode);
}

int
shelf_begin(struct shelf *s, struct media_file *f, struct err *e)
{
	char name[NAME_BYTES];

	do {
		f->number = s->next_number++;
		snprintf(name, sizeof(name), "%u", f->number);
		f->fd = openat(s->arriving_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	} while (f->fd < 0 && errno == EEXIST);
	if (f->fd >= 0)
		return 0;
	return err_sys(e, errno == ENOSPC || errno == EDQUOT ? ERR_IO : ERR_CANNOT_CREATE,
	    "cannot create a file in %s", s->path);
}

void
shelf_drop(struct shelf *s, struct media_file *f)
{
	char name[NAME_BYTES];

	if (f->fd < 0)
		return;
	close(f->fd);
	f->fd = -1;
	snprintf(name, sizeof(name), "%u", f->number);
	(void)unlinkat(s->arriving_fd, name, 0);
}

static int
put_in_place(struct shelf *s, struct media_file *f)
{
	char name[NAME_BYTES], folder[3] = {0};
	unsigned char first = f->sha256.bytes[0];
	int fd, rc;

	memcpy(folder, shelf_path(&f->sha256, f->path), 2);
	if (!s->is_known[first] && mkdirat(s->fd, folder, 0700) != 0 && errno != EEXIST)
		return -1;
	if (f->fd < 0)
		return 0;
	fd = open_subfolder(s, f->path);
	if (fd < 0)
		return -1;
	snprintf(name, sizeof(name), "%u", f->number);
	rc = renameat(s->arriving_fd, name, fd, name_in(f->path));
	close(fd);
	return rc;
}

/* Before Linux 5.8 it said nothing of contents that could not be written. */
static bool
reports_sync_errors(void)
{
	struct utsname u;
	unsigned major = 0, minor = 0;

	if (uname(&u) != 0 || sscanf(u.release, "%u.%u", &major, &minor) != 2)
		return false;
	return major > 5 || (major == 5 && minor >= 8);
}

static int
sync_folder(struct shelf *s, const char *name)
{
	int fd = open_subfolder(s, name);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return rc;
}

static int
sync_folders(struct shelf *s, struct media_file **files, size_t count)
{
	bool is_done[256] = {false}, has_new = false;

	for (size_t i = 0; i < count; i++) {
		unsigned char first = files[i]->sha256.bytes[0];
		char folder[3];

		if (!files[i]->is_here || is_done[first])
			continue;
		snprintf(folder, sizeof(folder), "%02x", first);
		if (sync_folder(s, folder) != 0)
			return -1;
		is_done[first] = true;
		has_new |= !s->is_known[first];
	}
	if (has_new && fsync(s->fd) != 0)
		return -1;
	for (size_t i = 0; i < 256; i++)
		s->is_known[i] |= is_done[i];
	return 0;
}

/* One call for the whole file system where a call a file would take longer; what it costs others
 * would be too much for a few files. */
static bool
is_for_all(const struct shelf *s, size_t count)
{
	return s->reports_errors && count >= SYNC_ALL_FILES;
}

static int
sync_contents(struct shelf *s, struct media_file **files, size_t count)
{
	if (is_for_all(s, count))
		return syncfs(s->fd);
	for (size_t i = 0; i < count; i++)
		if (files[i]->is_here && files[i]->fd >= 0 && fsync(files[i]->fd) != 0)
			return -1;
	return 0;
}

static int
sync_names(struct shelf *s, struct media_file **files, size_t count)
{
	return is_for_all(s, count) ? syncfs(s->fd) : sync_folders(s, files, count);
}

int
shelf_keep(struct shelf *s, struct media_file **files, size_t count, struct err *e)
{
	if (sync_contents(s, files, count) != 0)
		goto failed;
	for (size_t i = 0; i < count; i++) {
		if (!files[i]->is_here)
			continue;
		if (put_in_place(s, files[i]) != 0)
			return err_sys(
			    e, ERR_IO, "cannot write the file %s/%s", s->path, files[i]->path);
		if (files[i]->fd >= 0)
			close(files[i]->fd);
		files[i]->fd = -1;
	}
	if (sync_names(s, files, count) == 0)
		return 0;
failed:
	return err_sys(e, ERR_IO, "cannot write into the folder %s", s->path);
}
