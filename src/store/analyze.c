/*
 * Statistics for the planner, after an import: table by table, each in a transaction of its own, so
 * that no lock is held longer than it must. See store.h.
 */
#include "store/connection.h"
#include "store/relations.h"

/* "ANALYZE (SKIP_LOCKED) …" with what stands before it */
#define TEXT_MAX 4096

static int
analyze_one(struct store *s, const char *name, struct err *e)
{
	const struct relation_info relation = {.name = name, .columns = "", .key = ""};
	struct buf text;
	int rc = -1;

	buf_init(&text, TEXT_MAX);
	if (store_do(s, SQL_BEGIN, NULL, e) == 0 && store_do(s, SQL_TAKE_TIME, NULL, e) == 0 &&
	    store_do_text(s, relation_text(&text, SQL_ANALYZE_RELATION, &relation), NULL, e) == 0)
		rc = store_do(s, SQL_COMMIT, NULL, e);
	buf_free(&text);
	if (rc != 0)
		store_roll_back(s);
	return rc;
}

static int
analyze(struct store *s, struct err *e)
{
	PGresult *r = store_run_long(s, SQL_LIST_UNCOUNTED, NULL, e);
	int rc = r == NULL ? -1 : 0;

	for (int i = 0; rc == 0 && i < PQntuples(r); i++)
		rc = analyze_one(s, PQgetvalue(r, i, 0), e);
	PQclear(r);
	return rc;
}

int
store_analyze(struct store *s, struct err *e)
{
	unsigned tries = 0;

	while (analyze(s, e) != 0)
		if (!store_may_retry(s, &tries, e))
			return -1;
	return 0;
}
