/*
 * What foreign keys and sums would prove, asked when the operator wants to know. See store.h.
 */
#include "base/count.h"
#include "store/connection.h"

static const enum sql checks[] = {
    SQL_CHECK_ACCOUNT,
    SQL_CHECK_ACTIVATION_PAYLOAD,
    SQL_CHECK_CHUNK_PAYLOAD,
    SQL_CHECK_LEDGER_REJECTS,
    SQL_CHECK_MEDIA_FILE,
    SQL_CHECK_MESSAGE_COUNTS,
    SQL_CHECK_MESSAGE_INSERTED,
    SQL_CHECK_MESSAGE_VERSION,
    SQL_CHECK_MESSAGE_WITHOUT_VERSION,
    SQL_CHECK_PAYLOAD_FRAME,
    SQL_CHECK_RAW_PAYLOAD,
    SQL_CHECK_REJECT_PAYLOAD,
};

struct counting {
	const struct line_sink *sink;
	int64_t lines;
};

static int
count_line(void *state, struct str line, struct err *e)
{
	struct counting *c = state;

	c->lines++;
	return c->sink->line(c->sink->state, line, e);
}

static int
run_checks(struct store *s, const struct line_sink *lines, struct err *e)
{
	if (store_do(s, SQL_BEGIN_READING, NULL, e) != 0 ||
	    store_do(s, SQL_PREFER_HASH_JOINS, NULL, e) != 0)
		return -1;
	for (size_t i = 0; i < COUNT(checks); i++)
		if (store_each_line(s, checks[i], NULL, lines, e) != 0)
			return -1;
	return store_do(s, SQL_COMMIT, NULL, e);
}

int64_t
store_check_data(struct store *s, const struct line_sink *sink, struct err *e)
{
	struct counting counting = {sink, 0};
	const struct line_sink lines = {count_line, &counting};

	if (run_checks(s, &lines, e) == 0)
		return counting.lines;
	store_roll_back(s);
	return -1;
}
