/*
 * The database of one command: the embedded server if asked for, a connection, the schema checked.
 */
#ifndef PIPELINE_SESSION_H
#define PIPELINE_SESSION_H

#include "base/arena.h"
#include "batch/accounts.h"
#include "model/sink.h"
#include "pipeline/options.h"
#include "pipeline/teller.h"
#include "pipeline/watch.h"
#include "server/server.h"
#include "store/store.h"

struct session {
	bool may_make; /* --embedded: a database where there is none; set before session_open */
	struct server *server; /* NULL without --embedded */
	struct store *store;
	struct watch *watch; /* ends what the store does when a signal comes */
	struct arena *arena; /* for what the command reads */
	struct arena *line; /* for one line of what it says */
	struct teller *teller; /* the command's own, set before session_open; NULL: it has none */
	struct run_id run; /* the last import */
	bool has_given; /* it has imported something */
	struct list given; /* of what it was given, the accounts, as struct str *; in no order */
};

/*
 * Of *s the teller and may_make are read, all else is overwritten. Migrates if asked for, else
 * refuses a schema that does not fit. Until session_close, INT and TERM make the statement at hand
 * and all later ones fail.
 */
int session_open(struct session *s, const struct options *o, struct err *e);

/* As session_open, and leaves the schema alone. */
int session_open_any_schema(struct session *s, const struct options *o, struct err *e);

/* Ends it all, the server too. Gives rc back; an error after a signal becomes ERR_INTERRUPTED. */
int session_close(struct session *s, int rc, struct err *e);

const char *session_conninfo(const struct session *s, const struct options *o);

/* Another connection of the command; a server of our own is started again if it dies. */
struct store *session_connect(const struct session *s, const struct options *o, struct err *e);

/* The account that the command is about: --account, or the only one. ERR_USAGE if there are
 * several. */
int session_account(struct session *s, const struct options *o, struct str *name, struct err *e);

/*
 * The accounts that the command is about, as struct str *, ascending: --account, or those of the
 * payloads that it has imported, or all. Another customer's are no matter of who imports for one.
 */
int session_accounts(struct session *s, const struct options *o, struct list *names, struct err *e);

/* Notes how a run has ended, also behind a signal. That it cannot be noted is no other failure. */
void session_end_run(struct session *s, const struct run_id *run, int status, struct str counts);

/* An import is over, and these were named in it. */
void session_note_given(struct session *s, const struct accounts *named);

/* Lines to stdout, as they are: JSON, SQL, hashes. */
struct line_sink session_stdout(void);

/* Lines for people: a name in them may hold anything that a terminal obeys. */
struct line_sink session_stdout_printable(struct session *s);

#endif
