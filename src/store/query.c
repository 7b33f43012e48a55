/*
 * Statements and results: see connection.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/connection.h"

static PGresult *
run_text(struct store *s, const char *name, const char *text, const struct params *p, struct err *e)
{
	static const struct params none;
	PGresult *r;

	if (atomic_load(&s->is_stopped)) {
		err_set(e, ERR_INTERRUPTED, "stopped");
		return NULL;
	}
	p = p == NULL ? &none : p;
	r = PQexecParams(s->conn, text, p->count, NULL, p->values, p->lengths, p->formats, 0);
	switch (PQresultStatus(r)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
	case PGRES_EMPTY_QUERY:
		return r;
	default:
		store_fail(s, r, name, e);
		PQclear(r);
		return NULL;
	}
}

PGresult *
store_run(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	return run_text(s, sql_names[id], sql_texts[id], p, e);
}

static int
drop_result(PGresult *r, int64_t *affected)
{
	if (r == NULL)
		return -1;
	if (affected != NULL)
		*affected = strtoll(PQcmdTuples(r), NULL, 10);
	PQclear(r);
	return 0;
}

int
store_do(struct store *s, enum sql id, const struct params *p, int64_t *affected, struct err *e)
{
	return drop_result(store_run(s, id, p, e), affected);
}

int
store_do_text(
    struct store *s, const char *text, const struct params *p, int64_t *affected, struct err *e)
{
	return drop_result(run_text(s, "stage", text, p, e), affected);
}

int
store_send(struct store *s, enum sql id, const struct params *p, struct err *e)
{
	static const struct params none;

	if (atomic_load(&s->is_stopped))
		return err_set(e, ERR_INTERRUPTED, "stopped");
	p = p == NULL ? &none : p;
	if (PQsendQueryParams(s->conn, sql_texts[id], p->count, NULL, p->values, p->lengths,
		p->formats, 0) != 1 ||
	    PQsetSingleRowMode(s->conn) != 1)
		return store_fail(s, NULL, sql_names[id], e);
	return 0;
}

int
store_next_row(struct store *s, PGresult **row, struct err *e)
{
	PGresult *r;

	while ((r = PQgetResult(s->conn)) != NULL) {
		switch (PQresultStatus(r)) {
		case PGRES_SINGLE_TUPLE:
			*row = r;
			return 1;
		case PGRES_TUPLES_OK: /* behind the last row */
			PQclear(r);
			continue;
		default:
			store_fail(s, r, "read", e);
			PQclear(r);
			while ((r = PQgetResult(s->conn)) != NULL)
				PQclear(r);
			return -1;
		}
	}
	return 0;
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
