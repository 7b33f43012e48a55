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
#include "source/own.h"

/* What is not as it was found does not hold us, and leads nowhere. */
#define FOUND_FLAGS (O_NOFOLLOW | O_NONBLOCK)

/* An archive of coexsync export, unpacked. */
struct bag {
	const char *path;
	size_t above; /* so many letters of paths stand before names relative to it */
	size_t foreign; /* files that are not of it, and not read */
};

struct folder {
	const char *path;
	struct found found;
	struct bag *bag; /* that it is in, or NULL */
};

/* Of one path of the command line. */
struct walk {
	struct arena *arena;
	struct list folders; /* that were found; it grows while it is gone through */
	struct list bags;
	struct list *inputs;
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

	if (fd < 0 && (!found->is_found || (errno != ELOOP && errno != ENOTDIR && errno != ENXIO)))
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
add_folder(struct walk *w, const char *path, const struct stat *st, struct bag *bag)
{
	struct folder *f = arena_zero(w->arena, 1, sizeof(*f));

	*f = (struct folder){path, st == NULL ? (struct found){0} : found_of(st), bag};
	list_add(w->arena, &w->folders, f);
}

/* Of an archive of our own, what was made of the payloads is none. */
static bool
is_passed_over(struct bag *bag, const char *path)
{
	const char *name;

	if (bag == NULL)
		return false;
	name = path + bag->above;
	bag->foreign += !own_is_payload(name) && !own_is_written(name);
	return !own_is_payload(name);
}

static void
add_entry(struct walk *w, const char *path, const struct stat *st, struct bag *bag)
{
	if (S_ISREG(st->st_mode) && !is_passed_over(bag, path))
		add_input(w->arena, path, st, w->inputs)->found = found_of(st);
	else if (S_ISDIR(st->st_mode))
		add_folder(w, path, st, bag);
	else if (!S_ISREG(st->st_mode))
		log_warn("%s: skipped, it is %s", path,
		    S_ISLNK(st->st_mode) ? "a symbolic link" : "neither a file nor a folder");
}

/* The beginning of the file in which a folder says that it is such an archive; "" without one. */
static void
read_info(int folder_fd, char text[OWN_INFO_BYTES + 1])
{
	int fd = openat(folder_fd, OWN_INFO_NAME, O_RDONLY | O_CLOEXEC | FOUND_FLAGS);
	struct stat st;
	ssize_t got = 0;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		got = read(fd, text, OWN_INFO_BYTES);
	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
}

static bool
has_entry(int folder_fd, const char *name, mode_t type)
{
	struct stat st;

	return fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (st.st_mode & S_IFMT) == type;
}

/* One file that says so is not enough: it would take all others away. NULL: it is none. */
static struct bag *
find_bag(struct walk *w, int folder_fd, const char *path, const char *slash)
{
	char info[OWN_INFO_BYTES + 1];
	struct bag *bag;
	struct str lacking;

	read_info(folder_fd, info);
	if (!own_says_so(info, strlen(info)) ||
	    !has_entry(folder_fd, OWN_DECLARATION_NAME, S_IFREG) ||
	    !has_entry(folder_fd, OWN_MANIFEST_NAME, S_IFREG) ||
	    !has_entry(folder_fd, OWN_DATA_NAME, S_IFDIR))
		return NULL;
	lacking = own_lacking(info);
	if (lacking.len > 0)
		log_warn(
		    "%s: payloads of this archive without their bytes, which it cannot give: %.*s",
		    path, STR_ARG(lacking));
	bag = arena_zero(w->arena, 1, sizeof(*bag));
	*bag = (struct bag){path, strlen(path) + strlen(slash), 0};
	list_add(w->arena, &w->bags, bag);
	return bag;
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
read_folder(struct walk *w, const struct folder *f, struct err *e)
{
	const char *slash = f->path[strlen(f->path) - 1] == '/' ? "" : "/";
	const struct dirent *entry;
	DIR *dir = open_folder(f, e);
	struct bag *bag = f->bag;
	int rc = -1;

	if (dir == NULL)
		return -1;
	if (bag == NULL)
		bag = find_bag(w, dirfd(dir), f->path, slash);
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		const char *path =
		    arena_printf(w->arena, "%s%s%s", f->path, slash, entry->d_name).ptr;
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		/* of this folder, whatever stands at its path by now */
		if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
			err_sys(e, ERR_IO, "%s", path);
			goto out;
		}
		add_entry(w, path, &st, bag);
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
read_folders(struct walk *w, struct err *e)
{
	for (size_t i = 0; i < w->folders.count; i++) {
		const struct folder *f = w->folders.items[i];

		if (is_of_server(w->arena, f->path)) {
			err_set(e, ERR_USAGE, "%s: the data of a PostgreSQL server, no payloads",
			    f->path);
			return err_hint(
			    e, "the folder of --embedded goes behind =: --embedded=DIR");
		}
		if (read_folder(w, f, e) != 0)
			return -1;
	}
	for (size_t i = 0; i < w->bags.count; i++) {
		const struct bag *bag = w->bags.items[i];

		if (bag->foreign > 0)
			log_warn("%s: files beside the payloads of this archive that coexsync "
				 "export has not written, and that are not read: %zu",
			    bag->path, bag->foreign);
	}
	return 0;
}

static int
list_folder(struct arena *a, const char *path, struct list *inputs, struct err *e)
{
	struct walk w = {.arena = a, .inputs = inputs};
	size_t before = inputs->count;

	add_folder(&w, path, NULL, NULL);
	if (read_folders(&w, e) != 0)
		return -1;
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
