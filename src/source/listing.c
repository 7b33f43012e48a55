/*
 * Paths to files: see listing.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "source/listing.h"

#define BAG_INFO_BYTES 4096

/* What is not as it was found does not hold us, and leads nowhere. */
#define FOUND_FLAGS (O_NOFOLLOW | O_NONBLOCK)

struct folder {
	const char *path;
	struct found found;
};

static int list_path(struct arena *a, const char *path, struct list *inputs, struct err *e);

int
listing_read(struct arena *a, char *const *paths, size_t count, struct list *inputs, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		if (list_path(a, paths[i], inputs, e) != 0)
			return -1;
	return 0;
}

static struct found
found_of(const struct stat *st)
{
	return (struct found){true, st->st_mode & S_IFMT, st->st_dev, st->st_ino};
}

/* The number of what has gone may be another's. */
static bool
is_found(const struct stat *st, const struct found *found)
{
	return (st->st_mode & S_IFMT) == found->type && st->st_dev == found->device &&
	       st->st_ino == found->inode;
}

/* A descriptor of what was found, or of what is at a path of the command line. */
static int
open_found(const char *path, const struct found *found, int flags, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags | (found->is_found ? FOUND_FLAGS : 0));
	struct stat st;

	if (fd < 0 && (!found->is_found || (errno != ELOOP && errno != ENXIO)))
		return err_sys(e, ERR_IO, "%s", path);
	if (!found->is_found || (fd >= 0 && fstat(fd, &st) == 0 && is_found(&st, found)))
		return fd;
	if (fd >= 0)
		close(fd);
	err_set(e, ERR_IO, "%s: another stands there now than was found in this folder", path);
	return err_hint(e, "once nobody changes the folder any more: the same command again");
}

int
listing_open(const struct input *in, struct err *e)
{
	if (strcmp(in->path, LISTING_STDIN) == 0)
		return STDIN_FILENO;
	return open_found(in->path, &in->found, 0, e);
}

static struct input *
add_input(struct arena *a, const char *path, const struct stat *st, struct list *inputs)
{
	struct input *in = arena_zero(a, 1, sizeof(*in));

	in->path = path;
	in->has_size = st != NULL && S_ISREG(st->st_mode);
	in->size_bytes = in->has_size ? (uint64_t)st->st_size : 0;
	list_add(a, inputs, in);
	return in;
}

static void
add_folder(struct arena *a, const char *path, struct found found, struct list *folders)
{
	struct folder *f = arena_zero(a, 1, sizeof(*f));

	*f = (struct folder){path, found};
	list_add(a, folders, f);
}

static void
add_entry(struct arena *a, const char *path, const struct stat *st, struct list *folders,
    struct list *inputs)
{
	if (S_ISREG(st->st_mode))
		add_input(a, path, st, inputs)->found = found_of(st);
	else if (S_ISDIR(st->st_mode))
		add_folder(a, path, found_of(st), folders);
	else
		log_warn("%s: skipped, it is %s", path,
		    S_ISLNK(st->st_mode) ? "a symbolic link" : "neither a file nor a folder");
}

/* The beginning of bag-info.txt in a folder; "" where there is none. */
static void
read_bag_info(struct arena *a, const char *folder, char text[BAG_INFO_BYTES + 1])
{
	const char *path = arena_printf(a, "%s/bag-info.txt", folder).ptr;
	struct stat st;
	ssize_t got = 0;
	int fd = -1;

	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
		fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, text, BAG_INFO_BYTES);
		close(fd);
	}
	text[got > 0 ? got : 0] = '\0';
}

/*
 * An archive of coexsync export, unpacked: what was made of the payloads is none, so that there is
 * one folder in it.
 */
static bool
is_own_bag(struct arena *a, const char *folder, struct list *folders)
{
	static const char words[] = "Bag-Software-Agent: coexsync ";
	static const char label[] = "\nCoexsync-Payloads-Without-Raw-Bytes: ";
	char text[BAG_INFO_BYTES + 1];
	const char *count, *payloads;
	struct stat st;

	read_bag_info(a, folder, text);
	if (strncmp(text, words, sizeof(words) - 1) != 0)
		return false;
	count = strstr(text, label);
	if (count != NULL && count[sizeof(label) - 1] != '0')
		log_warn(
		    "%s: payloads of this archive without their bytes, which it cannot give: %.*s",
		    folder, (int)strspn(count + sizeof(label) - 1, "0123456789"),
		    count + sizeof(label) - 1);
	payloads = arena_printf(a, "%s/data/payloads", folder).ptr;
	if (lstat(payloads, &st) == 0 && S_ISDIR(st.st_mode))
		add_folder(a, payloads, found_of(&st), folders);
	return true;
}

static DIR *
open_folder(const struct folder *f, struct err *e)
{
	int fd = open_found(f->path, &f->found, O_DIRECTORY, e);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = fdopendir(fd);
	if (dir == NULL) {
		err_sys(e, ERR_IO, "%s", f->path);
		close(fd);
	}
	return dir;
}

/* Adds the files of one folder to the inputs and the folders in it to the folders. */
static int
read_folder(struct arena *a, const struct folder *f, struct list *folders, struct list *inputs,
    struct err *e)
{
	const char *slash = f->path[strlen(f->path) - 1] == '/' ? "" : "/";
	const struct dirent *entry;
	DIR *dir = open_folder(f, e);
	int rc = -1;

	if (dir == NULL)
		return -1;
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		const char *path = arena_printf(a, "%s%s%s", f->path, slash, entry->d_name).ptr;
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		/* of this folder, whatever stands at its path by now */
		if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
			err_sys(e, ERR_IO, "%s", path);
			goto out;
		}
		add_entry(a, path, &st, folders, inputs);
	}
	if (errno != 0) {
		err_sys(e, ERR_IO, "%s", f->path);
		goto out;
	}
	rc = 0;
out:
	closedir(dir);
	return rc;
}

/* All paths of a folder begin alike, so this is the order of the relative names. */
static int
compare_inputs(const void *a, const void *b)
{
	const struct input *x = *(void *const *)a, *y = *(void *const *)b;

	return strcmp(x->path, y->path);
}

/* The folder of --embedded, say, given behind a space. */
static bool
is_of_server(struct arena *a, const char *folder)
{
	struct stat st;

	return lstat(arena_printf(a, "%s/PG_VERSION", folder).ptr, &st) == 0;
}

static int
list_folder(struct arena *a, const char *path, struct list *inputs, struct err *e)
{
	struct list folders = {0};
	size_t before = inputs->count;

	add_folder(a, path, (struct found){0}, &folders);
	for (size_t i = 0; i < folders.count; i++) {
		const struct folder *f = folders.items[i];

		if (is_of_server(a, f->path)) {
			err_set(e, ERR_USAGE, "%s: the data of a PostgreSQL server, no payloads",
			    f->path);
			return err_hint(
			    e, "the folder of --embedded goes behind =: --embedded=DIR");
		}
		if (!is_own_bag(a, f->path, &folders) &&
		    read_folder(a, f, &folders, inputs, e) != 0)
			return -1;
	}
	if (inputs->count == before)
		return err_set(e, ERR_NO_INPUT, "%s: there is no file in this folder", path);
	qsort(
	    inputs->items + before, inputs->count - before, sizeof(*inputs->items), compare_inputs);
	return 0;
}

static int
list_path(struct arena *a, const char *path, struct list *inputs, struct err *e)
{
	const char *copy = arena_copy(a, str_of(path)).ptr;
	struct stat st;

	if (strcmp(path, LISTING_STDIN) == 0) {
		add_input(a, copy, NULL, inputs);
		return 0;
	}
	if (stat(path, &st) != 0)
		return err_sys(
		    e, errno == ENOENT || errno == ENOTDIR ? ERR_NO_INPUT : ERR_IO, "%s", path);
	if (S_ISDIR(st.st_mode))
		return list_folder(a, copy, inputs, e);
	add_input(a, copy, &st, inputs);
	return 0;
}
