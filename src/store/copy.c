/*
 * COPY: see copy.h.
 */
#include "store/copy.h"
#include "store/tuple.h"

int
copy_begin(struct store *s, const char *text, struct buf *b, struct err *e)
{
	PGresult *r = PQexec(s->conn, text);
	bool is_ready = PQresultStatus(r) == PGRES_COPY_IN;

	if (!is_ready)
		store_fail(s, r, "copy", e);
	PQclear(r);
	if (!is_ready)
		return -1;
	buf_reset(b);
	tuple_put_header(b);
	return 0;
}

int
copy_send(struct store *s, struct buf *b, struct err *e)
{
	if (!buf_is_ok(b)) {
		PQputCopyEnd(s->conn, "a row is too large");
		return err_set(e, ERR_INPUT, "a row is larger than the server takes");
	}
	if (b->len > 0 && PQputCopyData(s->conn, b->ptr, (int)b->len) != 1)
		return store_fail(s, NULL, "copy", e);
	buf_reset(b);
	return 0;
}

int
copy_end(struct store *s, struct buf *b, struct err *e)
{
	PGresult *r;
	int rc = -1;

	tuple_put_trailer(b);
	if (copy_send(s, b, e) != 0)
		return -1;
	if (PQputCopyEnd(s->conn, NULL) != 1)
		return store_fail(s, NULL, "copy", e);
	r = PQgetResult(s->conn);
	if (PQresultStatus(r) == PGRES_COMMAND_OK)
		rc = 0;
	else
		store_fail(s, r, "copy", e);
	while (r != NULL) {
		PQclear(r);
		r = PQgetResult(s->conn);
	}
	return rc;
}
