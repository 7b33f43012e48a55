/*
 * The connection: open, close, cancel, and what the server's errors mean. See connection.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/count.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/connect.h"
#include "store/raw.h"

/* SQLSTATE prefixes and what they mean for the run. The first that fits counts. */
static const struct {
	const char *prefix;
	enum err_code code;
} meanings[] = {
    {"40001", ERR_RETRY}, /* serialization failure */
    {"40003", ERR_RETRY}, /* statement completion unknown */
    {"40P01", ERR_RETRY}, /* deadlock */
    {"55P03", ERR_RETRY}, /* lock timeout */
    {"57014", ERR_RETRY}, /* statement timeout, cancel */
    {"25P03", ERR_RETRY}, /* idle in transaction timeout */
    {"25P04", ERR_RETRY}, /* transaction timeout */
    {"57P0", ERR_RETRY}, /* shutdown, crash, starting up */
    {"08", ERR_RETRY}, /* connection */
    {"53200", ERR_RETRY}, /* out of memory */
    {"25006", ERR_RETRY}, /* a standby that is about to take over */
    {"53300", ERR_RETRY}, /* too many connections */
    {"23505", ERR_RETRY}, /* somebody else has written the key meanwhile */
    {"53100", ERR_IO}, /* disk full */
    {"53", ERR_IO}, /* another limit of its resources: temp_file_limit */
    {"58030", ERR_IO}, /* I/O error of the server */
    {"22", ERR_INPUT}, /* a value that the server refuses */
    {"54", ERR_INPUT}, /* a limit of the server */
    {"0A000", ERR_RETRY}, /* to write on a standby, which may be about to take over */
    {"28", ERR_PERMISSION}, /* password, pg_hba.conf */
    {"42501", ERR_PERMISSION}, /* privilege */
    {"3D000", ERR_CONFIG}, /* no such database */
    {"3F000", ERR_CONFIG}, /* no such schema */
    {"42P01", ERR_CONFIG}, /* no such table */
    {"42703", ERR_CONFIG}, /* no such column */
    {"42883", ERR_CONFIG}, /* no such function */
};

bool
store_is_temporary(const struct err *e)
{
	return e->code == ERR_RETRY;
}

static enum err_code
meaning_of(const char *sqlstate)
{
	for (size_t i = 0; i < COUNT(meanings); i++)
		if (strncmp(sqlstate, meanings[i].prefix, strlen(meanings[i].prefix)) == 0)
			return meanings[i].code;
	return ERR_BUG;
}

/* The first line, without the line feed and without "ERROR:  ". */
static int
first_line(const char *message, const char **start)
{
	const char *colon = strstr(message, ":  ");
	size_t line = strcspn(message, "\n");

	*start = colon != NULL && (size_t)(colon - message) < line ? colon + 3 : message;
	return (int)strcspn(*start, "\n");
}

static int
hint_privileges(struct err *e)
{
	return err_hint(e,
	    "reading needs USAGE on the schema coexsync and SELECT on its tables; an import also "
	    "TEMPORARY on the database and INSERT, UPDATE, DELETE; migrate up CREATE on the "
	    "database and, where the schema is there, the role that made it");
}

int
store_fail(struct store *s, const PGresult *r, const char *what, struct err *e)
{
	const char *sqlstate = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *primary = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *start;
	int len;

	if (sqlstate == NULL) /* the connection is gone */
		sqlstate = "08006";
	if (primary == NULL) {
		primary = PQerrorMessage(s->conn);
		connect_check_memory(primary);
	}
	len = first_line(primary, &start);
	err_set(e, meaning_of(sqlstate), "database: %s: %.*s", what, len, start);
	snprintf(e->sqlstate, sizeof(e->sqlstate), "%s", sqlstate);
	return strcmp(sqlstate, "42501") == 0 ? hint_privileges(e) : -1;
}

/* Any other encoding cannot hold what people write, and the server would refuse it row by row. */
static int
check_encoding(PGconn *conn, struct err *e)
{
	const char *encoding = PQparameterStatus(conn, "server_encoding");

	if (encoding == NULL || strcmp(encoding, "UTF8") == 0)
		return 0;
	err_set(
	    e, ERR_CONFIG, "the database %s has the encoding %s, not UTF8", PQdb(conn), encoding);
	return err_hint(e, "createdb -E UTF8 -T template0 NAME makes one; name it with -d");
}

static void
ignore_notice(void *arg, const char *message)
{
	(void)arg;
	log_verbose("server: %.*s", (int)strcspn(message, "\n"), message);
}

/* ---- cancelling ------------------------------------------------------------------------------ */

/* A server that has not ended a statement by then does not answer at all. */
#define CUT_US (INT64_C(1500) * 1000)

/* The request waits for the server's answer, so a thread asks. The last user frees it. */
struct canceller {
	PGcancel *request;
	atomic_int users;
	atomic_bool is_asking;
};

static void
release_canceller(struct canceller *c)
{
	if (c == NULL || atomic_fetch_sub(&c->users, 1) > 1)
		return;
	PQfreeCancel(c->request);
	free(c);
}

static void *
ask(void *canceller)
{
	struct canceller *c = canceller;
	char words[256];

	PQcancel(c->request, words, sizeof(words));
	atomic_store(&c->is_asking, false);
	release_canceller(c);
	return NULL;
}

static void
ask_to_cancel(struct canceller *c)
{
	pthread_attr_t detached;
	pthread_t thread;

	if (c == NULL || atomic_exchange(&c->is_asking, true))
		return;
	atomic_fetch_add(&c->users, 1);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &detached, ask, c) != 0) {
		atomic_store(&c->is_asking, false);
		release_canceller(c);
	}
	pthread_attr_destroy(&detached);
}

/* From now on, and no longer: the connection can be cancelled. */
static void
let_cancel(struct store *s, PGcancel *request, int socket)
{
	struct canceller *c = request == NULL ? NULL : memory_zero(1, sizeof(*c)), *old;

	if (c != NULL) {
		c->request = request;
		atomic_store(&c->users, 1);
	}
	pthread_mutex_lock(&s->cancel_lock);
	old = s->canceller;
	s->canceller = c;
	s->socket = socket;
	pthread_mutex_unlock(&s->cancel_lock);
	release_canceller(old);
}

void
store_cancel(struct store *s)
{
	int64_t now_us = clock_monotonic_us();

	atomic_store(&s->is_stopped, true);
	pthread_mutex_lock(&s->cancel_lock);
	if (s->cancelled_us == 0)
		s->cancelled_us = now_us;
	ask_to_cancel(s->canceller);
	if (s->socket >= 0 && now_us - s->cancelled_us >= CUT_US)
		(void)shutdown(s->socket, SHUT_RDWR);
	pthread_mutex_unlock(&s->cancel_lock);
}

void
store_resume(struct store *s)
{
	pthread_mutex_lock(&s->cancel_lock);
	s->cancelled_us = 0;
	pthread_mutex_unlock(&s->cancel_lock);
	atomic_store(&s->is_stopped, false);
}

/* ---- connecting ------------------------------------------------------------------------------ */

static int
connect_now(struct store *s, struct err *e)
{
	s->conn = connect_to(s->conninfo, &s->is_stopped, e);
	if (s->conn == NULL)
		return -1;
	if (!s->is_foreign && check_encoding(s->conn, e) != 0)
		return -1;
	PQsetNoticeProcessor(s->conn, ignore_notice, NULL);
	let_cancel(s, PQgetCancel(s->conn), PQsocket(s->conn));
	return 0;
}

/* Or is it only the name of a database? */
static bool
is_conninfo(const char *text)
{
	return strchr(text, '=') != NULL || strstr(text, "://") != NULL;
}

bool
store_has_password(const char *conninfo)
{
	PQconninfoOption *options = is_conninfo(conninfo) ? PQconninfoParse(conninfo, NULL) : NULL;
	bool has = false;

	/* `*` is libpq's mark of what a form should not show */
	for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
		has |= o->val != NULL && *o->val != '\0' && strcmp(o->dispchar, "*") == 0;
	PQconninfoFree(options);
	return has;
}

/* What libpq says of a text that it cannot read holds pieces of it, as a password. */
static int
check_conninfo(const char *conninfo, struct err *e)
{
	PQconninfoOption *options;
	char *words = NULL;

	if (!is_conninfo(conninfo))
		return 0;
	options = PQconninfoParse(conninfo, &words);
	PQfreemem(words);
	PQconninfoFree(options);
	if (options != NULL)
		return 0;
	err_set(e, ERR_USAGE, "what names the database cannot be read");
	return err_hint(e, "give host=… port=… dbname=… user=…, with quotes where a value has "
			   "spaces, or postgres://user@host/name; a password goes into ~/.pgpass");
}

static struct store *
open_connection(const char *conninfo, bool is_foreign, struct err *e)
{
	struct store *s;

	if (conninfo != NULL && check_conninfo(conninfo, e) != 0)
		return NULL;
	s = memory_zero(1, sizeof(*s));
	s->conninfo = memory_of(strdup(conninfo == NULL ? "" : conninfo), "a connection");
	s->is_foreign = is_foreign;
	s->socket = -1;
	pthread_mutex_init(&s->cancel_lock, NULL);
	if (connect_now(s, e) != 0) {
		store_close(s);
		return NULL;
	}
	return s;
}

struct store *
store_open(const char *conninfo, struct err *e)
{
	return open_connection(conninfo, false, e);
}

struct store *
store_open_foreign(const char *conninfo, struct err *e)
{
	return open_connection(conninfo, true, e);
}

void
store_set_reviver(struct store *s, struct store_reviver reviver)
{
	s->reviver = reviver;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	let_cancel(s, NULL, -1);
	PQfinish(s->conn);
	pthread_mutex_destroy(&s->cancel_lock);
	free(s->documents);
	raw_reader_free(s->export_raw);
	free(s->conninfo);
	free(s);
}

int
store_reconnect(struct store *s, struct err *e)
{
	if (s->is_nested)
		return err_set(e, ERR_UNAVAILABLE,
		    "the connection was lost in the middle of a %s; nothing was written",
		    s->is_dry ? "dry run" : "rebuild");
	if (s->reviver.revive != NULL && s->reviver.revive(s->reviver.state, e) != 0)
		return -1;
	let_cancel(s, NULL, -1);
	PQfinish(s->conn);
	s->conn = NULL;
	if (connect_now(s, e) != 0) {
		/* the server may be starting again */
		if (e->code == ERR_UNAVAILABLE)
			e->code = ERR_RETRY;
		return -1;
	}
	return 0;
}

void
store_roll_back(struct store *s)
{
	if (PQstatus(s->conn) != CONNECTION_OK || PQtransactionStatus(s->conn) == PQTRANS_IDLE)
		return;
	if (!s->is_nested) {
		PQclear(PQexec(s->conn, sql_texts[SQL_ROLLBACK]));
		return;
	}
	PQclear(PQexec(s->conn, sql_texts[SQL_ROLLBACK_SAVEPOINT]));
	PQclear(PQexec(s->conn, sql_texts[SQL_RELEASE_SAVEPOINT]));
}
