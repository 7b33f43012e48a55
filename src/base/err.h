/*
 * Errors: one idiom. A function that may fail returns 0 or -1 (a pointer: NULL)
 * and takes `struct err *e` last. The first failure is set once, where it is
 * detected; callers pass it on, or prefix it with err_wrap. Nothing here prints.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* What a caller may do about it; the numbers above 63 are the exit codes of the program. */
enum err_code {
	ERR_NONE = 0,
	ERR_INPUT = 1, /* this item is unusable: reject it and go on */
	ERR_RETRY = 2, /* try again within limits (deadlock, lost connection …) */
	ERR_USAGE = 64,
	ERR_NO_USABLE_INPUT = 65,
	ERR_NO_INPUT = 66,
	ERR_UNAVAILABLE = 69,
	ERR_BUG = 70,
	ERR_CANNOT_CREATE = 73,
	ERR_IO = 74,
	ERR_TEMPORARY = 75,
	ERR_PROTOCOL = 76,
	ERR_PERMISSION = 77,
	ERR_CONFIG = 78,
	ERR_INTERRUPTED = 130,
};

struct err {
	enum err_code code;
	char sqlstate[6]; /* of the server, "" when it did not come from there */
	char text[512]; /* lower case, no full stop, names the thing and the cause */
	char hint[256]; /* what the user can do, or "" */
};

/* Sets code and text. Returns -1, so that `return err_set(…)` is the whole failure path. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set with ": " and strerror(errno) behind the text. */
int err_sys(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the second line. Returns -1. */
int err_hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts "prefix: " before the text. Returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
