/*
 * Where the embedded database lives: its folder, its socket's folder, its locks, its user.
 */
#ifndef SERVER_PLACE_H
#define SERVER_PLACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "server/run.h"

/* The user that the server runs as: ours, or for root postgres, else nobody. */
int server_choose_user(struct arena *a, struct server_user *user, struct err *e);

/*
 * The absolute folder for `dir` (NULL: the default), made if it is missing: `dir` itself, or its
 * stand-in below /var/lib/coexsync if `user` cannot reach it and no database is there (PERMISSION:
 * it is an ordinary user's). Only the folders that the caller
 * makes in it belong to `user`. Unless `may_make`, NO_INPUT where there is no database, nor anybody
 * who may be making one; then nothing is made.
 */
const char *server_make_folder(
    struct arena *a, const char *dir, const struct server_user *user, bool may_make, struct err *e);

/* Is there a database, or something that may not be looked into? */
bool server_has_data(struct arena *a, const char *folder);

/* Fails with NO_INPUT: there is none, and the command makes none. */
int server_fail_without_data(const char *folder, struct err *e);

/*
 * A folder of `user`, mode 0700, whose name is short (a socket's path holds 107 bytes) and follows
 * from `dir`. Refuses one that somebody else has put there (PERMISSION).
 */
const char *server_make_socket_folder(
    struct arena *a, const char *dir, const struct server_user *user, struct err *e);

/* Makes folder `path` (or takes it if it is there), mode 0700, and gives it to `user`. */
int server_own_folder(const char *path, const struct server_user *user, struct err *e);

/* Opens a file to lock, made if it is missing; the lock ends with the process. -1 on failure. */
int server_open_lock(const char *path, struct err *e);

#endif
