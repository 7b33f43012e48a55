/*
 * The rows of `run`, activations, and the lists that the operator asks for. See store.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/log.h"
#include "store/connection.h"

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

int
store_list_activations(
    struct store *s, struct str account, const struct line_sink *sink, struct err *e)
{
	struct params p = {0};

	params_add_text(&p, account);
	return store_each_line(s, SQL_LIST_ACTIVATIONS, &p, sink, e);
}

/* `request` would not know of them any more, and Meta takes each once. */
static void
warn_of_requests(const PGresult *dropped)
{
	bool contacts = store_bool(dropped, 0, 0);
	bool history = store_bool(dropped, 0, 1);

	if (contacts || history)
		log_warn("%s requested under this time, which is forgotten with it: coexsync "
			 "request would ask again",
		    !history	? "contacts were"
		    : !contacts ? "history was"
				: "contacts and history were");
}

int
store_drop_activation(struct store *s, struct str account, int64_t onboarded_at_us, struct err *e)
{
	PGresult *dropped = NULL;
	struct params p = {0};
	int rc = -1;

	params_add_text(&p, account);
	params_add_time(&p, onboarded_at_us);
	if (store_begin(s, e) != 0 || store_do(s, SQL_DROP_ACTIVATION_LINKS, &p, e) != 0 ||
	    (dropped = store_run(s, SQL_DROP_ACTIVATION, &p, e)) == NULL ||
	    store_do(s, SQL_COMMIT, NULL, e) != 0) {
		store_roll_back(s);
	} else if (PQntuples(dropped) > 0) {
		warn_of_requests(dropped);
		rc = 0;
	} else {
		err_set(e, ERR_NO_INPUT, "account %.*s has no activation of that time",
		    STR_ARG(account));
		err_hint(e, "coexsync activation list shows them");
	}
	PQclear(dropped);
	return rc;
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

int
store_list_accounts(struct store *s, struct arena *a, struct list *names, struct err *e)
{
	PGresult *r = store_run(s, SQL_LIST_ACCOUNTS, NULL, e);

	*names = (struct list){0};
	if (r == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++) {
		struct str *name = arena_alloc(a, sizeof(*name));

		*name = arena_copy(a, store_text(r, i, 0));
		list_add(a, names, name);
	}
	PQclear(r);
	return 0;
}
