/*
 * A server that is none: what is defined here takes the place of libpq's functions, of the clock
 * and of the texts of statements, which are their names.
 */
#ifndef TESTS_FAKE_LIBPQ_H
#define TESTS_FAKE_LIBPQ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/connection.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define MOST_TURNS 24
#define LOCK_CLASS "1668244856" /* of store/transaction.c */

/* Which is its name. */
#define TEXTS \
	[SQL_BEGIN] = "begin", [SQL_SET_PATH] = "path", [SQL_SET_LIMITS] = "limits", \
	[SQL_LOCK_ACCOUNT_SHARED] = "lock", [SQL_LOCK_ACCOUNT_EXCLUSIVE] = "alone", \
	[SQL_FIND_LEDGER] = "ledger", [SQL_LOCK_LEDGER] = "again", [SQL_CLEAR_PAYLOAD] = "clear", \
	[SQL_MERGE_PAYLOAD] = "renew", [SQL_FORSAKE_PAYLOAD] = "forsake", \
	[SQL_LOCK_DROPPED_RAW] = "raw", [SQL_DROP_PAYLOAD] = "drop", [SQL_LINK_PAYLOADS] = "link", \
	[SQL_NOTE_REQUEST] = "note", [SQL_UPSERT_ACCOUNT] = "account", \
	[SQL_FIND_ACCOUNT] = "find", [SQL_INSERT_ACTIVATION] = "activation", \
	[SQL_CLAIM_REQUEST] = "claim", [SQL_READ_REQUEST] = "read", [SQL_COMMIT] = "commit", \
	[SQL_ROLLBACK] = "rollback"

const char *const sql_texts[SQL_COUNT] = {TEXTS};
const char *const sql_names[SQL_COUNT] = {TEXTS};
const struct sql_migration sql_migrations[] = {{0}};
const size_t sql_migration_count = 0;

/* ---- the server ------------------------------------------------------------------------------ */

struct pg_result {
	ExecStatusType status;
	char sqlstate[6];
	char affected[2];
	char values[2][SHA256_HEX_BYTES + 2]; /* as the server writes them; "": NULL */
};

/*
 * How each transaction goes, the last one for ever: `STATEMENT SQLSTATE`, where it fails; `gone` in
 * place of the SQLSTATE: the connection is; "": well.
 */
static struct {
	const char *const *turns;
	const char *turn;
	unsigned count; /* of transactions */
	bool is_away; /* nobody connects */
	bool is_down; /* the connection is gone */
	PGTransactionStatusType state;
	struct sha256 known; /* what the ledger has */
	bool has_known;
	unsigned known_for; /* so many transactions; 0: all */
	bool is_empty; /* that gave its account nothing */
	const struct sha256 *named; /* what is given: `a` the first, `b` the next */
	size_t named_count;
	const char *claims; /* of each transaction, the last one for ever: is the request open? */
	const char *request[2]; /* what is read of it then */
	int64_t now_us;
	unsigned pauses;
	int64_t pause_ms[64];
	char told[4096]; /* statements, with the account */
	char given[1024]; /* `NAME:ACCOUNT:HASHES` of those that are given some, `:MORE` */
} server;

int
clock_gettime(clockid_t id, struct timespec *out)
{
	/* threads are waited for by the calendar */
	if (id == CLOCK_REALTIME)
		return timespec_get(out, TIME_UTC) == TIME_UTC ? 0 : -1;
	*out = (struct timespec){server.now_us / 1000000, server.now_us % 1000000 * 1000};
	return 0;
}

int
nanosleep(const struct timespec *wanted, struct timespec *left)
{
	int64_t us = (int64_t)wanted->tv_sec * 1000000 + wanted->tv_nsec / 1000;

	(void)left;
	server.now_us += us;
	if (server.pauses < COUNT(server.pause_ms))
		server.pause_ms[server.pauses++] = us / 1000;
	return 0;
}

static struct pg_result *
result(ExecStatusType status, const char *sqlstate)
{
	struct pg_result *r = calloc(1, sizeof(*r));

	r->status = status;
	snprintf(r->sqlstate, sizeof(r->sqlstate), "%s", sqlstate);
	return r;
}

static void
put_row(struct pg_result *r, const char *first, const char *second)
{
	r->status = PGRES_TUPLES_OK;
	snprintf(r->values[0], sizeof(r->values[0]), "%s", first);
	snprintf(r->values[1], sizeof(r->values[1]), "%s", second);
}

static void
put_answer(struct pg_result *r, const char *name)
{
	const char *claim = server.claims;
	char hex[SHA256_HEX_BYTES];

	if ((strcmp(name, "ledger") == 0 || strcmp(name, "again") == 0) && server.has_known &&
	    (server.known_for == 0 || server.count <= server.known_for))
		put_row(r, sha256_hex(&server.known, hex), server.is_empty ? "t" : hex);
	if (strcmp(name, "find") == 0)
		put_row(r, "1", "109");
	if (strcmp(name, "read") == 0)
		put_row(r, server.request[0], server.request[1]);
	if (strcmp(name, "claim") == 0) {
		for (unsigned i = 1; i < server.count && claim[1] != '\0'; i++)
			claim++;
		r->affected[0] = *claim;
	}
}

static PGresult *
answer(const char *name, const char *account)
{
	const char *space = strchr(server.turn, ' ');
	size_t len = strlen(server.told);
	struct pg_result *r;

	snprintf(server.told + len, sizeof(server.told) - len, "%s%s%s", len > 0 ? " " : "", name,
	    account);
	if (server.is_down)
		return NULL;
	if (space != NULL && strncmp(name, server.turn, (size_t)(space - server.turn)) == 0) {
		server.is_down = strcmp(space + 1, "gone") == 0;
		server.state = PQTRANS_INERROR;
		return server.is_down ? NULL : (PGresult *)result(PGRES_FATAL_ERROR, space + 1);
	}
	r = result(PGRES_COMMAND_OK, "");
	put_answer(r, name);
	if (strcmp(name, "commit") == 0 || strcmp(name, "rollback") == 0)
		server.state = PQTRANS_IDLE;
	return (PGresult *)r;
}

PGresult *
PQexec(PGconn *conn, const char *text)
{
	(void)conn;
	if (strncmp(text, "begin", 5) != 0)
		return answer(text, "");
	server.turn = server.turns[0];
	for (unsigned i = 0; i < server.count && server.turns[i + 1] != NULL; i++)
		server.turn = server.turns[i + 1];
	if (server.count < MOST_TURNS - 2)
		server.count++;
	server.state = PQTRANS_INTRANS;
	return answer("begin", "");
}

static char
name_hash(const char *hash)
{
	for (size_t i = 0; i < server.named_count; i++)
		if (memcmp(&server.named[i], hash, SHA256_BYTES) == 0)
			return (char)('a' + i);
	return '?';
}

/* $1 an account, $2 an array of hashes: 20 bytes, and each behind its length. */
static void
note_hashes(const char *name, int count, const char *const *values, const int *lengths)
{
	size_t len = strlen(server.given);
	char hashes[16] = "";

	if (count < 2 || lengths[1] < 20 + 4 + SHA256_BYTES)
		return;
	for (int at = 24, i = 0; at < lengths[1] && i < 15; at += 4 + SHA256_BYTES, i++)
		hashes[i] = name_hash(values[1] + at);
	snprintf(server.given + len, sizeof(server.given) - len, "%s%s:%s:%s%s%s",
	    len > 0 ? " " : "", name, values[0], hashes, count > 2 ? ":" : "",
	    count > 2 ? values[2] : "");
}

PGresult *
PQexecParams(PGconn *conn, const char *text, int count, const Oid *types, const char *const *values,
    const int *lengths, const int *formats, int format)
{
	(void)conn;
	(void)types;
	(void)formats;
	(void)format;
	note_hashes(text, count, values, lengths);
	return answer(text, count == 2 && strcmp(values[0], LOCK_CLASS) == 0 ? values[1] : "");
}

void
PQclear(PGresult *r)
{
	free(r);
}

ExecStatusType
PQresultStatus(const PGresult *r)
{
	return r == NULL ? PGRES_FATAL_ERROR : ((const struct pg_result *)r)->status;
}

char *
PQresultErrorField(const PGresult *r, int field)
{
	return field == PG_DIAG_SQLSTATE ? ((struct pg_result *)(uintptr_t)r)->sqlstate : NULL;
}

char *
PQcmdStatus(PGresult *r)
{
	static char word[] = "COMMIT";

	(void)r;
	return word;
}

char *
PQcmdTuples(PGresult *r)
{
	return ((struct pg_result *)r)->affected;
}

int
PQntuples(const PGresult *r)
{
	return ((const struct pg_result *)r)->status == PGRES_TUPLES_OK;
}

char *
PQgetvalue(const PGresult *r, int row, int column)
{
	(void)row;
	return ((struct pg_result *)(uintptr_t)r)->values[column > 0];
}

int
PQgetlength(const PGresult *r, int row, int column)
{
	return (int)strlen(PQgetvalue(r, row, column));
}

int
PQgetisnull(const PGresult *r, int row, int column)
{
	return PQgetlength(r, row, column) == 0;
}

PGconn *
PQconnectdbParams(const char *const *keywords, const char *const *values, int expand)
{
	(void)keywords;
	(void)values;
	(void)expand;
	server.is_down = server.is_away;
	server.state = PQTRANS_IDLE;
	return (PGconn *)&server;
}

ConnStatusType
PQstatus(const PGconn *conn)
{
	return conn == NULL || server.is_down ? CONNECTION_BAD : CONNECTION_OK;
}

PGTransactionStatusType
PQtransactionStatus(const PGconn *conn)
{
	(void)conn;
	return server.state;
}

char *
PQerrorMessage(const PGconn *conn)
{
	static char words[] = "it is gone";

	(void)conn;
	return words;
}

void
PQfinish(PGconn *conn)
{
	(void)conn;
}

char *
PQhost(const PGconn *conn)
{
	return PQerrorMessage(conn);
}

char *
PQport(const PGconn *conn)
{
	return PQerrorMessage(conn);
}

int
PQsocket(const PGconn *conn)
{
	(void)conn;
	return -1;
}

PGcancel *
PQgetCancel(PGconn *conn)
{
	(void)conn;
	return NULL;
}

int
PQserverVersion(const PGconn *conn)
{
	(void)conn;
	return 140000;
}

const char *
PQparameterStatus(const PGconn *conn, const char *name)
{
	(void)conn;
	(void)name;
	return "UTF8";
}

PQnoticeProcessor
PQsetNoticeProcessor(PGconn *conn, PQnoticeProcessor processor, void *state)
{
	(void)conn;
	(void)processor;
	(void)state;
	return NULL;
}

#endif
