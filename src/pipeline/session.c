/*
 * The database of one command: see session.h.
 */
#include <stdio.h>

#include "base/log.h"
#include "pipeline/session.h"

const char *
session_conninfo(const struct session *s, const struct options *o)
{
	return s->server != NULL ? server_conninfo(s->server) : o->conninfo;
}

int
session_open_any_schema(struct session *s, const struct options *o, struct err *e)
{
	*s = (struct session){.arena = arena_new()};
	if (o->is_embedded && (s->server = server_open(o->embedded_dir, e)) == NULL)
		goto failed;
	if ((s->store = store_open(session_conninfo(s, o), e)) == NULL)
		goto failed;
	return 0;
failed:
	session_close(s);
	return -1;
}

int
session_open(struct session *s, const struct options *o, struct err *e)
{
	size_t applied = 0;

	if (session_open_any_schema(s, o, e) != 0)
		return -1;
	if (o->migrates && store_migrate_up(s->store, &applied, e) != 0)
		goto failed;
	if (applied > 0)
		log_info("schema brought up to date (%zu migrations)", applied);
	if (store_check_schema(s->store, e) != 0)
		goto failed;
	return 0;
failed:
	session_close(s);
	return -1;
}

void
session_close(struct session *s)
{
	struct err e;

	store_close(s->store);
	if (s->server != NULL && server_close(s->server, &e) != 0)
		log_error(&e);
	arena_free(s->arena);
	*s = (struct session){0};
}

int
session_accounts(struct session *s, const struct options *o, struct list *names, struct err *e)
{
	struct str *only;

	if (o->account == NULL)
		return store_list_accounts(s->store, s->arena, names, e);
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
	if (names.count == 0)
		return err_set(e, ERR_NO_INPUT, "the database holds no account yet");
	err_set(e, ERR_USAGE, "the database holds %zu accounts", names.count);
	return err_hint(e, "name one with --account; coexsync report shows them");
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
