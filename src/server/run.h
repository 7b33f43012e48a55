/*
 * Programs of PostgreSQL, run as the user that owns the server. No shell.
 */
#ifndef SERVER_RUN_H
#define SERVER_RUN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* is_other: we are root and drop to this user, because the server refuses root. */
struct server_user {
	const char *name;
	uid_t uid;
	gid_t gid;
	bool is_other;
};

struct server_runner {
	struct server_user user;
	const char *folder; /* the working folder, NULL for the root of the file system */
	int lock_fd; /* a lock that the program holds as long as it lives, even if we die; or -1 */
};

/* The last bytes that a program printed on stdout and stderr, with a NUL. */
struct server_output {
	char text[4096];
};

/*
 * Runs argv[0], an absolute path, and waits for it. Returns its exit status, 126 or 127 if it
 * could not be started; -1 if it was ended by a signal or the system refused (IO).
 */
int server_run(const struct server_runner *r, const char *const argv[], struct server_output *out,
    struct err *e);

/* The line of the output that tells the cause; cuts the output. */
const char *server_output_cause(struct server_output *out);

/* Of what such a line says: IO if the disk is full, or the memory, or a limit is reached. */
enum err_code server_code_of_cause(const char *cause, enum err_code otherwise);

/* Can the server's user enter this folder? */
bool server_can_enter(const struct server_user *user, const char *folder);

#endif
