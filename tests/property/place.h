/*
 * The inside of a worker's place, and the calls that are made in it.
 */
#ifndef PROPERTY_PLACE_H
#define PROPERTY_PLACE_H

#include <sys/types.h>

#include "outcome.h"

#define MAX_ARGUMENTS 24

struct pg_conn;

struct spent {
	const char *command;
	unsigned calls;
	double seconds;
};

struct place {
	struct arena *own; /* until it is closed */
	struct arena *arena; /* of the outcome at hand */
	const char *coexsync;
	const char *conninfo; /* NULL: PGHOST and the like */
	const char *folder;
	struct pg_conn *db; /* direct */
	struct str empty; /* the statements of empty.sql */
	unsigned calls;
	struct spent spent[6]; /* by command, and by emptying */
};

/* One call of coexsync; its output goes to files. */
struct call {
	char *argv[MAX_ARGUMENTS];
	int argc;
	pid_t pid;
	double since;
	int code;
	const char *out;
	const char *err;
};

void place_call(struct place *p, struct call *call, const char *command);
void place_argue(struct call *call, const char *argument);
int place_start(struct place *p, struct call *call, struct err *e);
int place_wait(struct place *p, struct call *call, struct err *e);

/* Empties the database; removes the files. */
int place_empty(struct place *p, struct err *e);
void place_clear(struct place *p);

int place_read(struct arena *a, const char *path, struct str *out, struct err *e);
int place_write(const char *path, struct str bytes, struct err *e);

#endif
