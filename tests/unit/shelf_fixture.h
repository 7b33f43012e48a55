/*
 * A folder for a shelf as the state of a test; it goes with the test.
 */
#ifndef SHELF_FIXTURE_H
#define SHELF_FIXTURE_H

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static inline size_t
count_entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

struct place {
	char root[64];
	char shelf[96];
};

static inline int
make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	snprintf(p->root, sizeof(p->root), "/tmp/coexsync-unit.XXXXXX");
	if (mkdtemp(p->root) == NULL)
		return -1;
	snprintf(p->shelf, sizeof(p->shelf), "%s/media", p->root);
	*state = p;
	return 0;
}

static inline int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline int
remove_place(void **state)
{
	struct place *p = *state;
	int rc = nftw(p->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(p);
	return rc;
}

#endif
