/*
 * Files to be fetched, and what came of them: see media.h.
 */
#include "rules/graph.h"
#include "rules/loss.h"
#include "rules/provider.h"
#include "store/connection.h"
#include "store/media.h"

static const char *const outcomes[MEDIA_OUTCOMES] = {
    [MEDIA_NONE] = "none",
    [MEDIA_DOWNLOADED] = "downloaded",
    [MEDIA_UNVERIFIED] = "unverified",
    [MEDIA_MISMATCH] = "mismatch",
    [MEDIA_TOO_LARGE] = "too_large",
    [MEDIA_REFUSED] = "refused",
    [MEDIA_ID_EXPIRED] = "id_expired",
    [MEDIA_FAILED] = "failed",
};

const char *
store_media_outcome(enum media_outcome outcome)
{
	return outcomes[outcome];
}

/*
 * The providers but Meta, as {a,b}: a provider hands on a part of the payloads in Meta's own shape,
 * so those say nothing.
 */
static struct str
provider_names(struct arena *a)
{
	struct str names = STR_LIT("{");

	for (size_t i = 1; i < provider_count; i++)
		names = arena_printf(
		    a, "%.*s%s%s", STR_ARG(names), i == 1 ? "" : ",", provider_all[i].name);
	return arena_printf(a, "%.*s}", STR_ARG(names));
}

int
store_find_media_account(
    struct store *s, struct arena *a, struct str name, struct media_account *out, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	params_add_text(&p, name);
	params_add_text(&p, provider_names(a));
	if ((r = store_run_long(s, SQL_FIND_MEDIA_ACCOUNT, &p, e)) == NULL)
		return -1;
	if (PQntuples(r) == 0) {
		PQclear(r);
		return store_fail_account(name, e);
	}
	*out = (struct media_account){
	    .id = (int32_t)store_int(r, 0, 0),
	    .phone_number_id = arena_copy(a, store_text(r, 0, 1)),
	    .dialect = arena_copy(a, store_text(r, 0, 2)),
	    .recent_errors = (unsigned)store_int(r, 0, 3),
	};
	PQclear(r);
	return 0;
}

static enum media_outcome
outcome_of(struct str word)
{
	for (int i = MEDIA_DOWNLOADED; i < MEDIA_OUTCOMES; i++)
		if (str_is(word, outcomes[i]))
			return (enum media_outcome)i;
	return MEDIA_NONE;
}

static struct media_file *
read_file(struct arena *a, const PGresult *r, int row)
{
	struct media_file *f = arena_zero(a, 1, sizeof(*f));

	f->wamid = arena_copy(a, store_text(r, row, 0));
	f->media_id = arena_copy(a, store_text(r, row, 1));
	f->url = arena_copy(a, store_text(r, row, 2));
	f->mime_type = arena_copy(a, store_text(r, row, 3));
	f->has_announced = sha256_parse(store_text(r, row, 4), &f->announced);
	f->deadline_us = store_time(r, row, 5);
	f->doubt = outcome_of(store_text(r, row, 6));
	f->has_kept = sha256_parse(store_text(r, row, 7), &f->kept);
	f->kept_bytes = PQgetisnull(r, row, 8) ? MEDIA_NO_SIZE : store_int(r, row, 8);
	f->graph_code = GRAPH_NO_CODE;
	f->size_bytes = MEDIA_NO_SIZE;
	f->fd = -1;
	return f;
}

int
store_list_media_to_fetch(struct store *s, struct arena *a, const struct media_query *q,
    struct list *files, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	*files = (struct list){0};
	params_add_int(&p, q->account_id);
	params_add_as_of(&p, &q->as_of);
	params_add_int(&p, (int64_t)q->max_file_bytes);
	params_add_text(&p, q->state);
	if ((r = store_run_long(s, SQL_LIST_MEDIA_TO_FETCH, &p, e)) == NULL)
		return -1;
	for (int i = 0; i < PQntuples(r); i++)
		list_add(a, files, read_file(a, r, i));
	PQclear(r);
	return 0;
}

/* What the answer of the API says is known only if there was one. */
static int
write_file(
    struct store *s, const struct media_group *group, const struct media_file *f, struct err *e)
{
	char run_text[STORE_RUN_TEXT_BYTES];
	struct params p = {0};

	params_add_int(&p, group->account_id);
	params_add_text(&p, f->wamid);
	params_add_text(&p, f->media_id);
	params_add_text(&p, str_of(outcomes[f->outcome]));
	f->http_status == 0 ? params_add_null(&p) : params_add_int(&p, f->http_status);
	f->graph_code == GRAPH_NO_CODE ? params_add_null(&p) : params_add_int(&p, f->graph_code);
	params_add_hash(&p, f->is_here ? &f->sha256 : NULL);
	f->size_bytes == MEDIA_NO_SIZE ? params_add_null(&p) : params_add_int(&p, f->size_bytes);
	params_add_text(&p, f->is_here ? str_of(f->path) : STR_NULL);
	params_add_int(&p, f->tries);
	params_add_text(&p, str_of(store_run_text(group->run, run_text)));
	params_add_text(&p, f->nearly == MEDIA_NONE ? STR_NULL : str_of(outcomes[f->nearly]));
	params_add_bool(&p, f->is_kept);
	params_add_text(&p, str_of(loss_words[f->loss].word));
	return store_do(s, SQL_WRITE_MEDIA_FILE, &p, e);
}

int
store_write_media_files(struct store *s, const struct media_group *group, struct err *e)
{
	if (store_begin(s, e) != 0)
		goto failed;
	for (size_t i = 0; i < group->count; i++)
		if (write_file(s, group, group->files[i], e) != 0)
			goto failed;
	if (store_commit(s, e) == 0)
		return 0;
failed:
	store_roll_back(s);
	return -1;
}

int
store_list_media_paths(
    struct store *s, int32_t account_id, const struct line_sink *sink, struct err *e)
{
	struct params p = {0};

	params_add_int(&p, account_id);
	if (store_begin_reading(s, e) != 0)
		return -1;
	return store_end_reading(s, store_each_line(s, SQL_LIST_MEDIA_PATHS, &p, sink, e), e);
}

int64_t
store_count_lost_media(struct store *s, int32_t account_id, struct err *e)
{
	struct params p = {0};
	int64_t count;
	PGresult *r;

	params_add_int(&p, account_id);
	if ((r = store_run_long(s, SQL_COUNT_LOST_MEDIA, &p, e)) == NULL)
		return -1;
	count = store_int(r, 0, 0);
	PQclear(r);
	return count;
}

int
store_list_media(struct store *s, const struct media_query *q, bool is_json,
    const struct line_sink *sink, struct err *e)
{
	struct params p = {0};

	params_add_int(&p, q->account_id);
	params_add_as_of(&p, &q->as_of);
	params_add_text(&p, q->state);
	params_add_bool(&p, is_json);
	if (store_begin_reading(s, e) != 0)
		return -1;
	return store_end_reading(s, store_each_line(s, SQL_LIST_MEDIA, &p, sink, e), e);
}
