/*
 * Documents that a query of the operator gives: a cursor in a transaction that reads only, behind
 * a pooler too. See store.h.
 */
#include <inttypes.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "rules/text.h"
#include "store/connection.h"
#include "store/wire.h"

/* Of an id, what names a payload. */
#define ID_MAX_BYTES 200

/* What may hold a document. */
static const Oid document_types[] = {
    OID_BYTEA, OID_TEXT, OID_VARCHAR, OID_BPCHAR, OID_JSON, OID_JSONB};

struct documents {
	int document; /* columns; those but the document are -1 if there is none */
	int id;
	int received_at;
	int headers;
	bool is_bytea;
	bool is_fetching;
	uint64_t in_step; /* rows that the last FETCH gave */
	uint64_t count;
};

/* The server's words name tables, columns and words of the query; others may name values. */
static const char *const telling[] = {"42", "0A", "25006", "3F", "34"};

/* Somebody else's doing: the query may be right. */
static const char *const temporary[] = {"08", "40", "53", "55", "57", "58"};

static bool
is_among(const char *sqlstate, const char *const *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(sqlstate, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* Says of a failure that it is the query's, and no more than may be told. */
static int
blame_query(struct store *s, struct err *e)
{
	char text[sizeof(e->text)], sqlstate[sizeof(e->sqlstate)];
	const char *words = strstr(e->text, ": ");

	if (e->code == ERR_INTERRUPTED)
		return -1;
	if (PQstatus(s->conn) != CONNECTION_OK) {
		err_set(e, ERR_UNAVAILABLE, "--from-query: the connection was lost");
		return err_hint(e, "what was committed stays, the same command goes on");
	}
	if (is_among(e->sqlstate, temporary, COUNT(temporary)))
		return err_wrap(e, "--from-query");
	words = words == NULL ? NULL : strstr(words + 2, ": ");
	snprintf(sqlstate, sizeof(sqlstate), "%s", e->sqlstate);
	snprintf(text, sizeof(text), "%s", words == NULL ? e->text : words + 2);
	if (!is_among(sqlstate, telling, COUNT(telling)))
		return err_set(e, ERR_USAGE,
		    "--from-query: the query failed with SQLSTATE %s; the server's words may hold "
		    "data",
		    sqlstate);
	return err_set(e, strcmp(sqlstate, "42501") == 0 ? ERR_PERMISSION : ERR_USAGE,
	    "--from-query: %s", text);
}

static int
create_cursor(struct store *s, const char *query, struct err *e)
{
	const char *template = sql_texts[SQL_CREATE_DOCUMENTS], *mark = "{query}\n";
	size_t fixed = strlen(template) - strlen(mark);
	struct buf text;
	int rc;

	buf_init(&text, fixed + strlen(query) + 1);
	buf_put(&text, template, fixed);
	buf_put_text(&text, query);
	rc = store_do_text(s, buf_str(&text).ptr, NULL, e);
	buf_free(&text);
	return rc;
}

static int
find_column(const PGresult *r, const char *name)
{
	for (int i = 0; i < PQnfields(r); i++)
		if (strcmp(PQfname(r, i), name) == 0)
			return i;
	return -1;
}

/* By name, else the first that is nothing else. */
static int
find_document(const PGresult *r, const struct documents *d)
{
	static const char *const names[] = {"payload", "body", "bytes"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (find_column(r, names[i]) >= 0)
			return find_column(r, names[i]);
	for (int i = 0; i < PQnfields(r); i++)
		if (i != d->id && i != d->received_at && i != d->headers)
			return i;
	return -1;
}

static int
find_columns(struct documents *d, const PGresult *r, struct err *e)
{
	d->id = find_column(r, "id");
	d->received_at = find_column(r, "received_at");
	d->headers = find_column(r, "headers");
	d->document = find_document(r, d);
	if (d->document < 0) {
		err_set(e, ERR_USAGE, "--from-query: no column is left for the document");
		return err_hint(e,
		    "select it as payload, body or bytes, beside id, received_at and "
		    "headers");
	}
	for (size_t i = 0; i < COUNT(document_types); i++)
		if (document_types[i] == PQftype(r, d->document)) {
			d->is_bytea = document_types[i] == OID_BYTEA;
			return 0;
		}
	err_set(e, ERR_USAGE, "--from-query: the column %s cannot hold a document",
	    PQfname(r, d->document));
	return err_hint(e, "bytea, text, json or jsonb; name it payload, or let it be the first");
}

static int
begin(struct store *s, const char *query, struct err *e)
{
	PGresult *r;
	int rc;

	if (store_do(s, SQL_BEGIN_READING, NULL, e) != 0 ||
	    store_do(s, SQL_SET_DOCUMENTS, NULL, e) != 0 || create_cursor(s, query, e) != 0 ||
	    (r = store_run(s, SQL_DESCRIBE_DOCUMENTS, NULL, e)) == NULL)
		return blame_query(s, e);
	rc = find_columns(s->documents, r, e);
	PQclear(r);
	return rc;
}

int
store_begin_documents(struct store *s, const char *query, struct err *e)
{
	s->documents = memory_zero(1, sizeof(*s->documents));
	return begin(s, query, e);
}

/* One row that the cursor still has: 1, 0 at its end. */
static int
next_row(struct store *s, PGresult **row, struct err *e)
{
	struct documents *d = s->documents;
	int got;

	for (;;) {
		if (!d->is_fetching && store_send(s, SQL_FETCH_DOCUMENTS, NULL, e) != 0)
			return blame_query(s, e);
		d->is_fetching = true;
		got = store_next_row(s, row, e);
		if (got < 0)
			return blame_query(s, e);
		if (got == 1) {
			d->in_step++;
			return 1;
		}
		d->is_fetching = false;
		if (d->in_step == 0)
			return 0;
		d->in_step = 0;
	}
}

static struct str
copy_column(struct arena *a, const PGresult *row, int column)
{
	return column < 0 ? STR_NULL : arena_copy(a, store_text(row, 0, column));
}

static struct str
copy_bytes(struct arena *a, const PGresult *row, int column)
{
	struct str bytes = store_bytes(row, 0, column), copy = arena_copy(a, bytes);

	store_free_bytes(bytes);
	return copy;
}

static void
read_row(struct documents *d, struct arena *a, const PGresult *row, struct document *out)
{
	struct str id = text_printable(a, copy_column(a, row, d->id), ID_MAX_BYTES);

	d->count++;
	if (id.len == 0)
		id = arena_printf(a, "%" PRIu64, d->count);
	out->name = arena_printf(a, "query:%.*s", STR_ARG(id));
	out->received_at = copy_column(a, row, d->received_at);
	out->headers = copy_column(a, row, d->headers);
	out->bytes =
	    d->is_bytea ? copy_bytes(a, row, d->document) : copy_column(a, row, d->document);
}

static int
next_document(void *state, struct arena *a, struct document *out, struct err *e)
{
	struct store *s = state;
	PGresult *row;
	int got = next_row(s, &row, e);

	if (got <= 0)
		return got;
	read_row(s->documents, a, row, out);
	PQclear(row);
	return got;
}

struct document_iterator
store_documents(struct store *s)
{
	return (struct document_iterator){next_document, s};
}
