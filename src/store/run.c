/*
 * The rows of `run`: begun, alive, ended, listed with what follows from them. See store.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "store/connection.h"

bool
store_is_run(const struct run_id *id)
{
	static const struct run_id none;

	return memcmp(id, &none, sizeof(none)) != 0;
}

char *
store_run_text(const struct run_id *id, char out[STORE_RUN_TEXT_BYTES])
{
	size_t used = 0;

	for (size_t i = 0; i < sizeof(id->bytes); i++) {
		const char *dash = i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";

		used += (size_t)snprintf(
		    out + used, STORE_RUN_TEXT_BYTES - used, "%s%02x", dash, id->bytes[i]);
	}
	return out;
}

static void
add_run(struct params *p, const struct run_id *id, char text[STORE_RUN_TEXT_BYTES])
{
	params_add_text(p, str_of(store_run_text(id, text)));
}

int
store_begin_run(struct store *s, const char *command, struct run_id *id, struct err *e)
{
	char text[STORE_RUN_TEXT_BYTES], host[256] = "";
	struct params p = {0};

	if (getrandom(id->bytes, sizeof(id->bytes), 0) != (ssize_t)sizeof(id->bytes))
		return err_sys(e, ERR_IO, "cannot get random bytes");
	id->bytes[6] = (unsigned char)((id->bytes[6] & 0x0f) | 0x40); /* RFC 4122, version 4 */
	id->bytes[8] = (unsigned char)((id->bytes[8] & 0x3f) | 0x80);
	gethostname(host, sizeof(host) - 1);
	add_run(&p, id, text);
	params_add_text(&p, str_of(command));
	params_add_text(&p, STR_LIT(COEXSYNC_VERSION));
	params_add_text(&p, str_of(getenv("USER")));
	params_add_text(&p, str_of(host));
	return store_write(s, SQL_BEGIN_RUN, &p, e);
}

int
store_beat_run(struct store *s, const struct run_id *id, struct str counts_json, struct err *e)
{
	char text[STORE_RUN_TEXT_BYTES];
	struct params p = {0};

	add_run(&p, id, text);
	params_add_text(&p, counts_json);
	return store_write(s, SQL_BEAT_RUN, &p, e);
}

int
store_end_run(
    struct store *s, const struct run_id *id, int exit_code, struct str counts_json, struct err *e)
{
	char text[STORE_RUN_TEXT_BYTES];
	struct params p = {0};
	unsigned tries = 0;

	add_run(&p, id, text);
	params_add_int(&p, exit_code);
	params_add_text(&p, counts_json);
	if (PQstatus(s->conn) != CONNECTION_OK && store_reconnect(s, e) != 0)
		return -1;
	/* it may be lost, and nobody knows it yet */
	while (store_write(s, SQL_END_RUN, &p, e) != 0)
		if (!store_may_retry(s, &tries, e))
			return -1;
	return 0;
}

int
store_list_status(
    struct store *s, const struct status_query *q, const struct line_sink *sink, struct err *e)
{
	struct params all = {0}, steps = {0}, outdated = {0};
	int rc = -1;

	params_add_bool(&all, q->is_json);
	params_add_bool(&steps, q->is_json);
	params_add_time(&steps, q->as_of.at_us);
	params_add_int(&steps, q->as_of.id_life_hours);
	params_add_text(&steps, q->account);
	params_add_bool(&outdated, q->is_json);
	params_add_int(&outdated, q->decoder_version);
	params_add_text(&outdated, q->account);
	if (store_begin_reading(s, e) != 0)
		return -1;
	if (store_each_line(s, SQL_LIST_RUNS, &all, sink, e) == 0 &&
	    store_each_line(s, SQL_LIST_NEXT_STEPS, &steps, sink, e) == 0 &&
	    store_each_line(s, SQL_LIST_SHARED_NUMBERS, &all, sink, e) == 0)
		rc = store_each_line(s, SQL_LIST_OUTDATED, &outdated, sink, e);
	return store_end_reading(s, rc, e);
}
