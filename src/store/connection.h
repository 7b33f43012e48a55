/*
 * Within store: the connection and how statements are sent. Statements are files of sql/, named by
 * enum sql; values travel as parameters or by COPY, never in the text.
 */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"
#include "sql_texts.h"
#include "store/params.h"
#include "store/store.h"

struct store {
	PGconn *conn;
	char *conninfo;
	pthread_mutex_t cancel_lock; /* of the next three */
	struct canceller *canceller; /* of the present connection, or NULL */
	int socket; /* likewise, or -1 */
	int64_t cancelled_us; /* store_cancel began, by the monotonic clock; 0: it did not */
	struct store_reviver reviver; /* revive may be NULL */
	bool is_nested; /* within one transaction, dry or a rebuild: batches are savepoints */
	bool is_dry; /* it will be rolled back: see store_begin_dry */
	struct as_of dry_as_of;
	bool is_foreign; /* see store_open_foreign */
	bool is_alone; /* the statement whose results come is a transaction of its own */
	enum sql sent; /* by store_send */
	struct documents *documents; /* what store_begin_documents began, or NULL */
	atomic_bool is_stopped; /* by store_cancel */
	const struct export_query *export_query; /* between begin_export and end_export */
	int32_t export_account_id;
	struct export_facts export_facts;
	struct raw_reader *export_raw; /* since the first export, see raw.h */
};

/* Runs a statement; the result is the caller's to clear. NULL on failure. p may be NULL. Whatever
 * it is, it finds functions and operators of PostgreSQL only: see set_path.sql. */
PGresult *store_run(struct store *s, enum sql id, const struct params *p, struct err *e);

/* Runs it and drops the result. */
int store_do(struct store *s, enum sql id, const struct params *p, struct err *e);

/* As store_do, for a text that was made of a template of sql/. */
int store_do_text(struct store *s, const char *text, const struct params *p, struct err *e);

/* Sends it for row-by-row reading; then store_next_row gives 1 and a one-row result (the caller
 * clears it), 0 at the end, -1 on failure. Read to the end or fail. */
int store_send(struct store *s, enum sql id, const struct params *p, struct err *e);
int store_next_row(struct store *s, PGresult **row, struct err *e);

/* Hands on the first column of every row as a line. */
int store_each_line(struct store *s, enum sql id, const struct params *p,
    const struct line_sink *sink, struct err *e);

/* Columns of a text result. */
struct str store_text(const PGresult *r, int row, int column); /* borrowed; STR_NULL for NULL */
int64_t store_int(const PGresult *r, int row, int column); /* 0 for NULL */
bool store_bool(const PGresult *r, int row, int column); /* false for NULL */
bool store_is_null(const PGresult *r, int row, int column);
int64_t store_time(const PGresult *r, int row, int column); /* of a bigint; NULL is TIME_NONE */

/* Of a bytea, STR_NULL for NULL; given back with store_free_bytes. */
struct str store_bytes(const PGresult *r, int row, int column);
void store_free_bytes(struct str bytes);

/* Sets e: no account has this name. Returns -1. */
int store_fail_account(struct str name, struct err *e);

/* The id of the account of this name; fails if there is none. */
int store_find_account(struct store *s, struct str name, int32_t *account_id, struct err *e);

/* Sets e from the state of the connection or the result, and returns -1. */
int store_fail(struct store *s, const PGresult *r, const char *what, struct err *e);

/*
 * A transaction with our limits; within a dry run or a rebuild a savepoint in the one around.
 * store_roll_back ignores errors: the first failure is the one to tell.
 */
int store_begin(struct store *s, struct err *e);
int store_commit(struct store *s, struct err *e);
void store_roll_back(struct store *s);

/* The lock of an account until the end of the transaction; `how`: SQL_LOCK_ACCOUNT_SHARED for those
 * who write beside each other, SQL_LOCK_ACCOUNT_EXCLUSIVE. Account 0 stands for the schema, too. */
int store_lock_account(struct store *s, enum sql how, int32_t account_id, struct err *e);

/* If it is not there. Links of payloads to it are written in the same transaction, behind the
 * account's lock: whoever drops it waits for that. */
int store_make_activation(
    struct store *s, int32_t account_id, int64_t onboarded_at_us, struct err *e);

/* One statement that writes, in a transaction as those of store_begin: never by itself, because the
 * role or the database may have it that a transaction only reads. */
int store_write(struct store *s, enum sql id, const struct params *p, struct err *e);

/*
 * A snapshot whose reader may take time. store_end_reading takes what became of the reading, 0 or
 * -1, and gives back what became of it all. A failed begin leaves nothing.
 */
int store_begin_reading(struct store *s, struct err *e);
int store_end_reading(struct store *s, int rc, struct err *e);

/* As store_run, for one question that may take time. */
PGresult *store_run_long(struct store *s, enum sql id, const struct params *p, struct err *e);

/* Begins the transaction around; store_end_nested rolls back what of it is not committed. */
int store_begin_nested(struct store *s, struct err *e);
void store_end_nested(struct store *s);

/* Within a dry run: remembers what is there of an account before anything is written. */
int store_remember_account(struct store *s, int32_t account_id, struct err *e);

/* Opens a new connection in place of a lost one. */
int store_reconnect(struct store *s, struct err *e);

/* Is this a failure that a new try may cure? */
bool store_is_temporary(const struct err *e);

#endif
