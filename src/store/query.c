/*
 * Statements and results: see connection.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "store/connection.h"

static const struct params no_params;

static bool
is_good(const PGresult *r)
{
	switch (PQresultStatus(r)) {
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
	case PGRES_COMMAND_OK:
	case PGRES_EMPTY_QUERY:
		return true;
	default:
		return false;
	}
}

/* r, or NULL and e set. */
static PGresult *
checked(struct store *s, PGresult *r, const char *name, struct err *e)
{
	if (is_good(r))
		return r;
	store_fail(s, r, name, e);
	PQclear(r);
	return NULL;
}

static int
check_stopped(struct store *s, struct err *e)
{
	return atomic_load(&s->is_stopped) ? err_set(e, ERR_INTERRUPTED, "stopped") : 0;
}

static PGresult *
run_text(struct store *s, const char *name, const char *text, const struct params *p, struct err *e)
{
	if (check_stopped(s, e) != 0)
		return NULL;
	return checked(s,
	    PQexecParams(s->conn, text, p->count, NULL, p->values, p->lengths, p->formats, 0), name,
	    e);
}

static int
send_one(struct store *s, enum sql id, const struct params *p)
{
	return PQsendQueryParams(
	    s->conn, sql_texts[id], p->count, NULL, p->values, p->lengths, p->formats, 0);
}

/* ---- the path -------------------------------------------------------------------------------- */

/* Both in one message. The operator's own query has the path that its database gives it. */
static PGresult *
begin(struct store *s, enum sql id, struct err *e)
{
	struct buf text;
	PGresult *r;

	if (s->is_foreign)
		return run_text(s, sql_names[id], sql_texts[id], &no_params, e);
	if (check_stopped(s, e) != 0)
		return NULL;
	buf_init(&text, strlen(sql_texts[id]) + strlen(sql_texts[SQL_SET_PATH]) + 3);
	buf_put_text(&text, sql_texts[id]);
	buf_put_text(&text, ";\n");
	buf_put_text(&text, sql_texts[SQL_SET_PATH]);
	r = PQexec(s->conn, buf_str(&text).ptr);
	buf_free(&text);
	return checked(s, r, sql_names[id], e);
}

/* Not within a transaction: it is one, by itself. */
static bool
stands_alone(const struct store *s)
{
	return !s->is_foreign && PQtransactionStatus(s->conn) == PQTRANS_IDLE;
}

/*
 * What is left until the server has ended the transaction, which may fail as well. Of several
 * failures the first is told.
 */
static int
end_alone(struct store *s, enum sql id, bool is_done, struct err *e)
{
	bool is_over = false;
	int gaps = 0;
	PGresult *r;

	s->is_alone = false;
	/* a gap is between two statements; after a second one no Sync will come: it has gone */
	while (!is_over && gaps < 2 && PQstatus(s->conn) == CONNECTION_OK) {
		if ((r = PQgetResult(s->conn)) == NULL) {
			gaps++;
			continue;
		}
		gaps = 0;
		is_over = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
		if (!is_over && is_done && !is_good(r)) {
			store_fail(s, r, sql_names[id], e);
			is_done = false;
		}
		PQclear(r);
	}
	if (is_done && !is_over)
		store_fail(s, NULL, sql_names[id], e);
	/* what is not in step any more must not be used again, and who tries again asks its status
	 */
	if (!is_over && shutdown(PQsocket(s->conn), SHUT_RDWR) == 0)
		while (PQconsumeInput(s->conn) == 1)
			continue;
	(void)PQexitPipelineMode(s->conn);
	return is_done && is_over ? 0 : -1;
}

/*
 * Up to one Sync all is one transaction, without words and without another round trip: the path,
 * then the statement, whose results come next.
 */
static int
begin_alone(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	PGresult *r;

	if (PQenterPipelineMode(s->conn) != 1 || send_one(s, SQL_SET_PATH, &no_params) != 1 ||
	    send_one(s, id, p) != 1 || PQpipelineSync(s->conn) != 1)
		return store_fail(s, NULL, sql_names[id], e);
	s->is_alone = true;
	if ((r = checked(s, PQgetResult(s->conn), sql_names[id], e)) == NULL)
		return end_alone(s, id, false, e);
	PQclear(r);
	PQclear(PQgetResult(s->conn)); /* behind its last */
	return 0;
}

static PGresult *
run_alone(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	PGresult *r;

	if (check_stopped(s, e) != 0 || begin_alone(s, id, p, e) != 0)
		return NULL;
	r = checked(s, PQgetResult(s->conn), sql_names[id], e);
	if (end_alone(s, id, r != NULL, e) == 0)
		return r;
	PQclear(r);
	return NULL;
}

PGresult *
store_run(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	p = p == NULL ? &no_params : p;
	if (id == SQL_BEGIN || id == SQL_BEGIN_READING || id == SQL_BEGIN_SNAPSHOT)
		return begin(s, id, e);
	return stands_alone(s) ? run_alone(s, id, p, e)
			       : run_text(s, sql_names[id], sql_texts[id], p, e);
}

static int
drop_result(PGresult *r)
{
	if (r == NULL)
		return -1;
	PQclear(r);
	return 0;
}

int
store_do(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	return drop_result(store_run(s, id, p, e));
}

int
store_do_text(struct store *s, const char *text, const struct params *p, struct err *e)
{
	return drop_result(run_text(s, "stage", text, p == NULL ? &no_params : p, e));
}

int
store_send(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	p = p == NULL ? &no_params : p;
	if (check_stopped(s, e) != 0)
		return -1;
	s->sent = id;
	if (stands_alone(s)) {
		if (begin_alone(s, id, p, e) != 0)
			return -1;
	} else if (send_one(s, id, p) != 1) {
		return store_fail(s, NULL, sql_names[id], e);
	}
	if (PQsetSingleRowMode(s->conn) != 1)
		return store_fail(s, NULL, sql_names[id], e);
	return 0;
}

int
store_next_row(struct store *s, PGresult **row, struct err *e)
{
	PGresult *r;

	while ((r = PQgetResult(s->conn)) != NULL) {
		if (PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
			*row = r;
			return 1;
		}
		if (PQresultStatus(r) == PGRES_TUPLES_OK) { /* behind the last row */
			PQclear(r);
			continue;
		}
		store_fail(s, r, "read", e);
		PQclear(r);
		if (s->is_alone)
			return end_alone(s, s->sent, false, e);
		while ((r = PQgetResult(s->conn)) != NULL)
			PQclear(r);
		return -1;
	}
	return s->is_alone ? end_alone(s, s->sent, true, e) : 0;
}

int
store_each_line(struct store *s, enum sql id, const struct params *p, const struct line_sink *sink,
    struct err *e)
{
	PGresult *row;
	int got, rc = 0;

	if (store_send(s, id, p, e) != 0)
		return -1;
	while ((got = store_next_row(s, &row, e)) == 1) {
		if (rc == 0)
			rc = sink->line(sink->state, store_text(row, 0, 0), e);
		PQclear(row);
	}
	return got < 0 ? -1 : rc;
}

struct str
store_text(const PGresult *r, int row, int column)
{
	if (PQgetisnull(r, row, column))
		return STR_NULL;
	return (struct str){PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column)};
}

int64_t
store_int(const PGresult *r, int row, int column)
{
	return strtoll(PQgetvalue(r, row, column), NULL, 10);
}

bool
store_bool(const PGresult *r, int row, int column)
{
	return *PQgetvalue(r, row, column) == 't';
}

bool
store_is_null(const PGresult *r, int row, int column)
{
	return PQgetisnull(r, row, column) == 1;
}

struct str
store_bytes(const PGresult *r, int row, int column)
{
	unsigned char *bytes;
	size_t len;

	if (PQgetisnull(r, row, column))
		return STR_NULL;
	bytes = memory_of(
	    PQunescapeBytea((const unsigned char *)PQgetvalue(r, row, column), &len), "libpq");
	return (struct str){(char *)bytes, len};
}

void
store_free_bytes(struct str bytes)
{
	PQfreemem((void *)bytes.ptr);
}

int64_t
store_time(const PGresult *r, int row, int column)
{
	return store_is_null(r, row, column) ? TIME_NONE : store_int(r, row, column);
}
