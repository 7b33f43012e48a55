/*
 * coexsync media: fetches what was announced, before it is gone. One thread asks the API and takes
 * the files (graph/fetch.c), another puts them and their rows in place (keeper.c). A file has a row
 * only when it is on the disk, and a file on the disk is not asked for again, so the same command
 * goes on wherever this one was stopped.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "pipeline/keeper.h"
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"
#include "report/words.h"

/* Files that are whole are kept, after a signal too; the promise is to stop within five seconds. */
#define KEEP_GRACE_MS 3000

/* What one run of it shares. */
struct work {
	struct session *session;
	const struct options *options;
	struct shelf *shelf;
	struct run_id run;
	struct media_counts counts;
	int64_t lost; /* files of these accounts, by this run or another */
};

int
media_check(const struct options *o, struct err *e)
{
	struct shelf *trial;

	if (access_check_token(o, e) != 0)
		return -1;
	if (o->media_dir == NULL) {
		err_set(e, ERR_USAGE, "a token is given, but no folder for the files");
		return err_hint(e, "name it with --media-dir DIR");
	}
	if ((trial = shelf_open(o->media_dir, e)) == NULL)
		return -1;
	shelf_close(trial);
	return 0;
}

/*
 * A token that cannot see the number would find every id gone (code 100), and that would be written
 * down for good.
 */
static int
check_number(struct work *w, struct graph *g, const struct media_account *account, struct err *e)
{
	struct graph_reply reply;
	enum graph_action action;
	struct str path;

	if (!provider_is_media_id(account->phone_number_id))
		return 0;
	path = arena_printf(w->session->arena, "%.*s?fields=id", STR_ARG(account->phone_number_id));
	graph_read(g, w->session->arena, path.ptr, &reply);
	action = graph_judge(GRAPH_LOOKUP, reply.http_status, reply.code);
	if (action != GRAPH_STOP && action != GRAPH_DENIED && action != GRAPH_GONE &&
	    action != GRAPH_REFUSED)
		return 0; /* the fetch finds out, and waits if it has to */
	graph_fail(&reply, "the number of the account", e);
	return err_hint(
	    e, "is the token the one of this number? coexsync check --graph tells more");
}

static int
fetch_list(struct work *w, struct access *access, const struct media_account *account,
    const struct list *files, struct err *e)
{
	const struct options *o = w->options;
	const struct keeper_options keeping = {w->session->store, w->shelf, w->run, account->id};
	struct graph_fetch fetch = {
	    .files = files,
	    .phone_number_id = account->phone_number_id,
	    .shelf = w->shelf,
	    .max_file_bytes = o->max_media_bytes,
	    .parallel = o->parallel,
	    .rate = o->rate,
	    .retry_seconds = o->retry_seconds,
	    .errors_before = account->recent_errors,
	    .deadline_us = o->deadline_us,
	    .done = keeper_put,
	};
	struct err keeping_error;
	int rc;

	if (access->options.provider->names_phone &&
	    check_number(w, access->graph, account, e) != 0)
		return -1;
	if ((fetch.state = keeper_start(&keeping, &w->counts, e)) == NULL)
		return -1;
	rc = graph_fetch_files(access->graph, &fetch, e);
	if (keeper_end(fetch.state, &keeping_error) != 0) {
		*e = keeping_error; /* what stopped the fetch, too */
		rc = -1;
	}
	return rc;
}

static int
count_lost(struct work *w, int32_t account_id, struct err *e)
{
	int64_t lost = store_count_lost_media(w->session->store, account_id, e);

	w->lost += lost;
	return lost < 0 ? -1 : 0;
}

/* What a row says is here, and is not in the folder. */
struct absence {
	const struct shelf *shelf;
	uint64_t files;
};

static int
look_for(void *state, struct str path, struct err *e)
{
	struct absence *absent = state;

	(void)e;
	absent->files += !shelf_is_there(absent->shelf, path);
	return 0;
}

/* Another folder, or somebody took files out of it. */
static int
warn_of_absent(struct work *w, int32_t account_id, struct err *e)
{
	struct absence absent = {w->shelf, 0};
	const struct line_sink look = {look_for, &absent};

	if (store_list_media_paths(w->session->store, account_id, &look, e) != 0)
		return -1;
	if (absent.files > 0)
		log_warn("%" PRIu64 " files that were fetched are not in %s: coexsync media "
			 "--state downloaded fetches them again",
		    absent.files, w->options->media_dir);
	return 0;
}

static int
fetch_account(struct work *w, struct str name, struct err *e)
{
	const struct options *o = w->options;
	struct session *s = w->session;
	struct media_account account;
	struct media_query query = {
	    .as_of = o->as_of, .max_file_bytes = o->max_media_bytes, .state = str_of(o->state)};
	struct access access;
	struct list files;
	int rc;

	if (store_find_media_account(s->store, s->arena, name, &account, e) != 0)
		return -1;
	query.account_id = account.id;
	if (store_list_media_to_fetch(s->store, s->arena, &query, &files, e) != 0)
		return -1;
	w->counts.files += files.count;
	if (warn_of_absent(w, account.id, e) != 0)
		return -1;
	if (files.count == 0)
		return count_lost(w, account.id, e);
	if (access_open(&access, o, account.dialect, e) != 0)
		return -1;
	log_info("%zu files to fetch", files.count);
	rc = fetch_list(w, &access, &account, &files, e);
	access_close(&access);
	return rc == 0 ? count_lost(w, account.id, e) : -1;
}

static void
print_counts(const struct media_counts *c)
{
	uint64_t done = 0;

	for (int i = 0; i < MEDIA_OUTCOMES; i++)
		done += c->outcomes[i];
	printf("files %" PRIu64 ": %" PRIu64 " downloaded, %" PRIu64 " unverified (%" PRIu64
	       " of them were here), %" PRIu64 " mismatch, %" PRIu64 " too large, %" PRIu64
	       " refused, %" PRIu64 " expired, %" PRIu64 " failed for now, %" PRIu64 " left\n",
	    c->files, c->outcomes[MEDIA_DOWNLOADED], c->outcomes[MEDIA_UNVERIFIED], c->was_here,
	    c->outcomes[MEDIA_MISMATCH], c->outcomes[MEDIA_TOO_LARGE], c->outcomes[MEDIA_REFUSED],
	    c->outcomes[MEDIA_ID_EXPIRED], c->outcomes[MEDIA_FAILED], c->files - done);
	if (c->named > KEEPER_NAMED_FILES)
		log_warn("and %" PRIu64 " more that cannot be had: coexsync media --list",
		    c->named - KEEPER_NAMED_FILES);
}

static void
end_run(struct work *w, int rc, int status, const struct err *why)
{
	struct media_counts *c = &w->counts;
	struct buf counts;

	buf_init(&counts, 4096);
	buf_printf(&counts, "{\"files\":%" PRIu64 ",\"bytes\":%" PRIu64, c->files, c->bytes);
	for (int i = MEDIA_DOWNLOADED; i < MEDIA_OUTCOMES; i++)
		buf_printf(&counts, ",\"%s\":%" PRIu64, store_media_outcome((enum media_outcome)i),
		    c->outcomes[i]);
	buf_put_char(&counts, '}');
	session_end_run(
	    w->session, &w->run, rc == 0 ? status : pipeline_exit_code(why), buf_str(&counts));
	buf_free(&counts);
}

/* Those that another try may get come first: for the others somebody has to do something. */
static int
check_failed(const struct media_counts *c, struct err *e)
{
	uint64_t denied = c->denied, later = c->outcomes[MEDIA_FAILED] - denied;

	if (later > 0) {
		err_set(e, ERR_TEMPORARY, "%" PRIu64 " files could not be fetched for now", later);
		return err_hint(e, "the same command tries them again; -v says why");
	}
	if (denied == 0)
		return 0;
	err_set(e, ERR_PERMISSION, "a permission is missing for %" PRIu64 " files", denied);
	return err_hint(e, "all others were tried; see to the token and its rights (coexsync check "
			   "--graph), then the same command tries these again");
}

static int
fetch_accounts(struct work *w, struct err *e)
{
	struct err first = {0};
	struct list names;

	if (session_accounts(w->session, w->options, &names, e) != 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		struct str name = *(struct str *)names.items[i];

		if (fetch_account(w, name, e) == 0)
			continue;
		if (names.count > 1)
			err_wrap(e, "account %.*s", STR_ARG(name));
		if ((e->code != ERR_PERMISSION && e->code != ERR_TEMPORARY) ||
		    pipeline_caught_signal() != 0)
			return -1;
		/* what is wrong with one may be right for another */
		if (first.code == ERR_NONE)
			first = *e;
		else
			log_warn("%s", e->text);
	}
	if (first.code == ERR_NONE)
		return check_failed(&w->counts, e);
	*e = first;
	return -1;
}

int
media_fetch(struct session *s, const struct options *o, int *status, struct err *e)
{
	struct options with_token = *o;
	struct work w = {.session = s, .options = &with_token};
	struct secret token = {0};
	int rc = -1;

	if (access_read_token(&with_token, &token, e) != 0 ||
	    (w.shelf = shelf_open(o->media_dir, e)) == NULL ||
	    store_begin_run(s->store, o->command, &w.run, e) != 0)
		goto out;
	watch_allow(s->watch, KEEP_GRACE_MS);
	rc = fetch_accounts(&w, e);
	if (rc != 0)
		pipeline_say_stopped(e);
	else if (w.lost > 0)
		*status = STATUS_REJECTED;
	end_run(&w, rc, *status, e);
	print_counts(&w.counts);
out:
	shelf_close(w.shelf);
	secret_wipe(&token);
	return rc;
}

static int
list_files(struct session *s, const struct options *o, struct err *e)
{
	const struct line_sink out = o->is_json ? session_stdout() : session_stdout_printable(s);
	struct list names;

	if (session_accounts(s, o, &names, e) != 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		struct media_query query = {.as_of = o->as_of, .state = str_of(o->state)};
		struct media_account account;

		if (store_find_media_account(
			s->store, s->arena, *(struct str *)names.items[i], &account, e) != 0)
			return -1;
		query.account_id = account.id;
		if (store_list_media(s->store, &query, o->is_json, &out, e) != 0)
			return -1;
	}
	return 0;
}

/* No file is in a state that does not exist: it would seem that all is well. */
static int
check_state(const char *state, struct err *e)
{
	if (state == NULL || report_find_media_state(str_of(state)) != NULL)
		return 0;
	err_set(e, ERR_USAGE, "--state: there is no state %s", state);
	return err_hint(e,
	    "announced, awaiting, downloaded, unverified, too_old, never_announced, id_expired, "
	    "mismatch, too_large or refused");
}

int
pipeline_media(const struct options *o, int *status, struct err *e)
{
	struct session session = {0};
	int rc;

	*status = 0;
	if (o->is_json && !o->is_list)
		return err_set(e, ERR_USAGE, "media: --json goes with --list");
	if (check_state(o->state, e) != 0 || (!o->is_list && media_check(o, e) != 0) ||
	    session_open(&session, o, e) != 0)
		return -1;
	rc = o->is_list ? list_files(&session, o, e) : media_fetch(&session, o, status, e);
	return session_close(&session, rc, e);
}
