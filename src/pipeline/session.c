/*
 * The database of one command: see session.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "pipeline/pipeline.h"
#include "pipeline/session.h"
#include "rules/text.h"

/* For one statement behind a signal. */
#define NOTE_GRACE_MS 500

const char *
session_conninfo(const struct session *s, const struct options *o)
{
	return s->server != NULL ? server_conninfo(s->server) : o->conninfo;
}

/* Who is stopped by a signal goes on without it. */
static int
revive(void *server, struct err *e)
{
	return pipeline_caught_signal() != 0 ? 0 : server_revive(server, e);
}

struct store *
session_connect(const struct session *s, const struct options *o, struct err *e)
{
	struct store *store = store_open(session_conninfo(s, o), e);

	if (store != NULL && s->server != NULL)
		store_set_reviver(store, (struct store_reviver){revive, s->server});
	return store;
}

int
session_open_any_schema(struct session *s, const struct options *o, struct err *e)
{
	*s = (struct session){.arena = arena_new(),
	    .line = arena_new(),
	    .teller = s->teller,
	    .may_make = s->may_make};
	if (o->is_embedded) {
		pipeline_catch_signals(); /* the server must be stopped */
		s->server = server_open(o->embedded_dir, s->may_make, e);
		if (s->server == NULL)
			goto failed;
	}
	if ((s->store = session_connect(s, o, e)) == NULL)
		goto failed;
	pipeline_catch_signals(); /* nothing can end the wait for a server that does not answer */
	if ((s->watch = watch_start(s->store, e)) == NULL)
		goto failed;
	return 0;
failed:
	return session_close(s, -1, e);
}

int
session_open(struct session *s, const struct options *o, struct err *e)
{
	size_t applied = 0;

	if (session_open_any_schema(s, o, e) != 0)
		return -1;
	if ((o->migrates || o->is_embedded) && store_migrate_up(s->store, &applied, e) != 0)
		goto failed;
	if (applied > 0)
		log_info("schema brought up to date (%zu migrations)", applied);
	if (store_check_schema(s->store, e) != 0)
		goto failed;
	return 0;
failed:
	return session_close(s, -1, e);
}

int
session_close(struct session *s, int rc, struct err *e)
{
	struct err closing;

	watch_end(s->watch);
	store_close(s->store);
	if (s->server != NULL && server_close(s->server, &closing) != 0)
		log_error(&closing);
	arena_free(s->arena);
	arena_free(s->line);
	*s = (struct session){0};
	if (rc != 0)
		pipeline_say_stopped(e);
	pipeline_release_signals();
	return rc;
}

void
session_end_run(struct session *s, const struct run_id *run, int status, struct str counts)
{
	struct err e;

	watch_allow(s->watch, NOTE_GRACE_MS);
	if (store_end_run(s->store, run, status, counts, &e) != 0)
		log_verbose("%s", e.text);
	watch_allow(s->watch, 0);
}

void
session_note_given(struct session *s, const struct accounts *named)
{
	const struct list *all = accounts_all(named);

	s->has_given = true;
	for (size_t i = 0; i < all->count; i++) {
		struct str *name = arena_alloc(s->arena, sizeof(*name));

		*name = arena_copy(s->arena, ((struct account *)all->items[i])->name);
		list_add(s->arena, &s->given, name);
	}
}

static int
compare_names(const void *left, const void *right)
{
	return str_compare(**(const struct str *const *)left, **(const struct str *const *)right);
}

/* Of all names, ascending, those that were given: not those that have samples only, or nothing. */
static void
keep_given(struct session *s, struct list *names)
{
	size_t kept = 0;

	if (s->given.count > 1)
		qsort(s->given.items, s->given.count, sizeof(*s->given.items), compare_names);
	for (size_t i = 0; i < names->count; i++)
		if (s->given.count > 0 && bsearch(&names->items[i], s->given.items, s->given.count,
					      sizeof(*s->given.items), compare_names) != NULL)
			names->items[kept++] = names->items[i];
	names->count = kept;
}

int
session_accounts(struct session *s, const struct options *o, struct list *names, struct err *e)
{
	struct str *only;

	if (o->account == NULL) {
		if (store_list_accounts(s->store, s->arena, names, e) != 0)
			return -1;
		if (s->has_given)
			keep_given(s, names);
		return 0;
	}
	only = arena_alloc(s->arena, sizeof(*only));
	*only = str_of(o->account);
	*names = (struct list){0};
	list_add(s->arena, names, only);
	return 0;
}

int
session_account(struct session *s, const struct options *o, struct str *name, struct err *e)
{
	struct list names;

	if (session_accounts(s, o, &names, e) != 0)
		return -1;
	if (names.count == 1) {
		*name = *(struct str *)names.items[0];
		return 0;
	}
	if (names.count == 0 && s->has_given)
		return err_set(e, ERR_NO_INPUT, "nothing that was given is of an account");
	if (names.count == 0) {
		err_set(e, ERR_NO_INPUT, "the database holds no account yet");
		return err_hint(e, "coexsync run SOURCE... imports one");
	}
	err_set(e, ERR_USAGE,
	    s->has_given ? "what was given is of %zu accounts" : "the database holds %zu accounts",
	    names.count);
	return err_hint(e, "name one with --account; coexsync status lists them");
}

static int
print_line(void *state, struct str line, struct err *e)
{
	(void)state;
	if (fwrite(line.ptr, 1, line.len, stdout) == line.len && putchar('\n') != EOF)
		return 0;
	return err_sys(e, ERR_IO, "cannot write to standard output");
}

struct line_sink
session_stdout(void)
{
	return (struct line_sink){print_line, NULL};
}

static int
print_printable(void *state, struct str line, struct err *e)
{
	struct session *s = state;

	arena_reset(s->line);
	return print_line(NULL, text_printable(s->line, line, line.len), e);
}

struct line_sink
session_stdout_printable(struct session *s)
{
	return (struct line_sink){print_printable, s};
}
