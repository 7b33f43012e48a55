/*
 * A statement that is a transaction by itself: its results, and what is left of a connection that
 * did not give them in step. Without a server: see fake_libpq.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/log.h"
#include "fake_libpq.h"

/*
 * Results in order: `c` of a command, `r` a row, `t` the end of rows, `f` 40001, `g` 42601, `a` not
 * done for that, `s` the Sync, `-` behind the last of a statement, for ever at the end; `x` the
 * connection goes.
 */
static struct {
	const char *results;
	unsigned sent;
	unsigned shut;
	unsigned consumed;
	unsigned exits;
	bool refuses; /* to send */
} line;

int
PQenterPipelineMode(PGconn *conn)
{
	return conn != NULL;
}

int
PQsendQueryParams(PGconn *conn, const char *text, int count, const Oid *types,
    const char *const *values, const int *lengths, const int *formats, int format)
{
	(void)count;
	(void)types;
	(void)values;
	(void)lengths;
	(void)formats;
	(void)format;
	assert_string_equal(
	    text, line.sent++ == 0 && server.state == PQTRANS_IDLE ? "path" : "ledger");
	return conn != NULL && !line.refuses;
}

int
PQpipelineSync(PGconn *conn)
{
	return conn != NULL;
}

int
PQsetSingleRowMode(PGconn *conn)
{
	return conn != NULL;
}

PGresult *
PQgetResult(PGconn *conn)
{
	static const struct {
		char name;
		ExecStatusType status;
		const char *sqlstate;
	} kinds[] = {
	    {'c', PGRES_COMMAND_OK, ""},
	    {'r', PGRES_SINGLE_TUPLE, ""},
	    {'t', PGRES_TUPLES_OK, ""},
	    {'f', PGRES_FATAL_ERROR, "40001"},
	    {'g', PGRES_FATAL_ERROR, "42601"},
	    {'a', PGRES_PIPELINE_ABORTED, ""},
	    {'s', PGRES_PIPELINE_SYNC, ""},
	};
	char name = *line.results == '\0' ? '-' : *line.results++;

	(void)conn;
	server.is_down |= name == 'x';
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].name == name)
			return (PGresult *)result(kinds[i].status, kinds[i].sqlstate);
	return NULL;
}

int
PQexitPipelineMode(PGconn *conn)
{
	line.exits++;
	return conn != NULL;
}

int
shutdown(int fd, int how)
{
	(void)fd;
	assert_int_equal(how, SHUT_RDWR);
	line.shut++;
	return 0;
}

/* What is there still comes; then the end is noticed, as libpq does. */
int
PQconsumeInput(PGconn *conn)
{
	(void)conn;
	assert_true(line.shut > 0);
	if (line.consumed++ < 2)
		return 1;
	server.is_down = true;
	return 0;
}

static struct store *
open_store(const char *results)
{
	static const char *const turns[] = {"", NULL};
	struct err e = {0};
	struct store *s;

	memset(&server, 0, sizeof(server));
	memset(&line, 0, sizeof(line));
	server.turns = turns;
	s = store_open(NULL, &e);
	assert_non_null(s);
	line.results = results;
	return s;
}

/* A connection that is not in step is closed, and known to be; any other can be used. */
static void
close_store(struct store *s, const char *results, bool is_closed)
{
	if (line.sent != 2 || line.exits != 1 || s->is_alone || server.is_down != is_closed ||
	    (line.shut > 0) != is_closed)
		fail_msg("%s: %u sent, %u exits, %u shut, is down %d", results, line.sent,
		    line.exits, line.shut, server.is_down);
	store_close(s);
}

/* All that is wanted is a result; of several failures the first is told. */
static void
test_run(void **state)
{
	static const struct {
		const char *results;
		const char *sqlstate; /* NULL: done */
		bool is_closed;
	} rows[] = {
	    {"c-t-s", NULL, false},
	    {"c-c-s", NULL, false},
	    {"f-a-s", "40001", false},
	    {"c-f-s", "40001", false},
	    {"c-f-g-s", "40001", false},
	    /* at its end */
	    {"c-t-f-s", "40001", false},
	    {"c-t-f-g-s", "40001", false},
	    {"c-t-g-f-s", "42601", false},
	    /* no Sync comes */
	    {"c-t--", "08006", true},
	    {"c-t-f--", "40001", true},
	    {"c-f--", "40001", true},
	    {"f--", "40001", true},
	    {"c-t-x", "08006", true},
	    {"c-x", "08006", true},
	    {"x", "08006", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct store *s = open_store(rows[i].results);
		struct err e = {0};
		PGresult *r = store_run(s, SQL_FIND_LEDGER, NULL, &e);

		if ((r != NULL) != (rows[i].sqlstate == NULL) ||
		    (r == NULL && strcmp(e.sqlstate, rows[i].sqlstate) != 0))
			fail_msg("%s: %s", rows[i].results, e.text);
		PQclear(r);
		close_store(s, rows[i].results, rows[i].is_closed);
	}
}

/* Row by row; that the last one came is not the end. */
static void
test_rows(void **state)
{
	static const struct {
		const char *results;
		int rows;
		const char *sqlstate; /* NULL: to the end */
		bool is_closed;
	} rows[] = {
	    {"c-t-s", 0, NULL, false},
	    {"c-rt-s", 1, NULL, false},
	    {"c-rrrt-s", 3, NULL, false},
	    {"c-rrf-s", 2, "40001", false},
	    {"c-f-s", 0, "40001", false},
	    {"c-rf-g-s", 1, "40001", false},
	    {"c-rt-f-s", 1, "40001", false},
	    {"c-rt---", 1, "08006", true},
	    {"c-rf--", 1, "40001", true},
	    {"c-rx", 1, "08006", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct store *s = open_store(rows[i].results);
		struct err e = {0};
		PGresult *r;
		int count = 0, got;

		assert_int_equal(store_send(s, SQL_FIND_LEDGER, NULL, &e), 0);
		for (; (got = store_next_row(s, &r, &e)) == 1; count++)
			PQclear(r);
		if (count != rows[i].rows || got != (rows[i].sqlstate == NULL ? 0 : -1) ||
		    (got < 0 && strcmp(e.sqlstate, rows[i].sqlstate) != 0))
			fail_msg("%s: %d rows, %d, %s", rows[i].results, count, got, e.text);
		if (got < 0 && strstr(e.text, ": read: ") == NULL &&
		    strstr(e.text, ": ledger: ") == NULL)
			fail_msg("%s: %s", rows[i].results, e.text);
		close_store(s, rows[i].results, rows[i].is_closed);
	}
}

/* One whose path is refused sends no rows. */
static void
test_not_sent(void **state)
{
	static const char *const results[] = {"f-a-s", "f--"};

	(void)state;
	for (size_t i = 0; i < COUNT(results); i++) {
		struct store *s = open_store(results[i]);
		struct err e = {0};

		assert_int_equal(store_send(s, SQL_FIND_LEDGER, NULL, &e), -1);
		assert_string_equal(e.sqlstate, "40001");
		close_store(s, results[i], i == 1);
	}
}

/* Within a transaction nothing goes with it, and what follows an error is taken. */
static void
test_within(void **state)
{
	static const struct {
		const char *results;
		int rows;
		int got;
	} rows[] = {{"t-", 0, 0}, {"rrt-", 2, 0}, {"rf-", 1, -1}, {"rfgg-", 1, -1}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct store *s = open_store(rows[i].results);
		struct err e = {0};
		PGresult *r;
		int count = 0, got;

		server.state = PQTRANS_INTRANS;
		assert_int_equal(store_send(s, SQL_FIND_LEDGER, NULL, &e), 0);
		for (; (got = store_next_row(s, &r, &e)) == 1; count++)
			PQclear(r);
		if (count != rows[i].rows || got != rows[i].got || *line.results != '\0')
			fail_msg("%s: %d rows, %d", rows[i].results, count, got);
		assert_int_equal(line.sent, 1);
		assert_int_equal(line.exits + line.shut, 0);
		store_close(s);
	}
}

/* Nor is what could not be sent waited for; once told to stop nothing is. */
static void
test_nothing_sent(void **state)
{
	static const PGTransactionStatusType states[] = {PQTRANS_IDLE, PQTRANS_INTRANS};

	(void)state;
	for (size_t i = 0; i < COUNT(states); i++) {
		struct store *s = open_store("");
		struct err e = {0};

		server.state = states[i];
		line.refuses = true;
		assert_int_equal(store_send(s, SQL_FIND_LEDGER, NULL, &e), -1);
		assert_string_equal(e.sqlstate, "08006");
		assert_int_equal(line.sent, 1);
		line.sent = 0;
		atomic_store(&s->is_stopped, true);
		assert_int_equal(store_send(s, SQL_FIND_LEDGER, NULL, &e), -1);
		assert_int_equal(e.code, ERR_INTERRUPTED);
		assert_null(store_run(s, SQL_FIND_LEDGER, NULL, &e));
		assert_int_equal(e.code, ERR_INTERRUPTED);
		assert_int_equal(line.sent, 0);
		store_close(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_run),
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_not_sent),
	    cmocka_unit_test(test_within),
	    cmocka_unit_test(test_nothing_sent),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
