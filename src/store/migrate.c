/*
 * The schema: migrations embedded at build, applied one a transaction, with version and checksum
 * recorded in that same transaction. See store.h.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/connection.h"

/* What the database says of one migration. */
struct applied {
	int version;
	struct sha256 sha256;
	char at[24];
};

struct applied_list {
	struct applied *items;
	size_t count;
};

static int
read_applied(struct store *s, struct applied_list *out, struct err *e)
{
	PGresult *r = store_run(s, SQL_FIND_SCHEMA, NULL, e);
	bool is_there = r != NULL && store_bool(r, 0, 0);

	*out = (struct applied_list){0};
	if (r == NULL)
		return -1;
	PQclear(r);
	if (!is_there)
		return 0;
	if ((r = store_run(s, SQL_LIST_MIGRATIONS, NULL, e)) == NULL)
		return -1;
	out->count = (size_t)PQntuples(r);
	out->items = memory_zero(out->count + 1, sizeof(*out->items));
	for (int i = 0; i < PQntuples(r); i++) {
		struct applied *a = &out->items[i];

		a->version = (int)store_int(r, i, 0);
		(void)sha256_parse(store_text(r, i, 2), &a->sha256);
		snprintf(a->at, sizeof(a->at), "%s", PQgetvalue(r, i, 3));
	}
	PQclear(r);
	return 0;
}

static struct sha256
checksum(const struct sql_migration *m)
{
	return sha256_of(m->up, strlen(m->up));
}

/* Those applied must be the first of ours, unchanged. */
static int
compare(const struct applied_list *applied, struct err *e)
{
	for (size_t i = 0; i < applied->count; i++) {
		const struct applied *a = &applied->items[i];
		struct sha256 ours;

		if (i >= sql_migration_count) {
			err_set(e, ERR_CONFIG,
			    "the schema is newer than this program: it has migration %d",
			    a->version);
			return err_hint(e, "use the coexsync that made it, or a later one");
		}
		ours = checksum(&sql_migrations[i]);
		if (a->version != sql_migrations[i].version ||
		    memcmp(&a->sha256, &ours, sizeof(ours)) != 0) {
			err_set(e, ERR_CONFIG,
			    "the schema was changed: migration %d is not the one "
			    "that this program has",
			    a->version);
			return err_hint(e, "coexsync migrate status compares them");
		}
	}
	return 0;
}

/* Perhaps it is not the database that was meant. */
static int
fail_without_schema(struct store *s, struct err *e)
{
	err_set(e, ERR_CONFIG, "the database %s has no coexsync schema", PQdb(s->conn));
	return err_hint(e, "coexsync migrate up makes it, as --migrate does where it is taken; if "
			   "another database was meant, name it with -d");
}

/* *count: how many of ours are there. */
static int
count_applied(struct store *s, size_t *count, struct err *e)
{
	struct applied_list applied;
	int rc;

	if (read_applied(s, &applied, e) != 0)
		return -1;
	rc = compare(&applied, e);
	*count = applied.count;
	free(applied.items);
	return rc;
}

int
store_check_schema(struct store *s, struct err *e)
{
	size_t count;

	if (count_applied(s, &count, e) != 0)
		return -1;
	if (count == 0)
		return fail_without_schema(s, e);
	if (count == sql_migration_count)
		return 0;
	err_set(e, ERR_CONFIG, "the schema of the database %s is older than this program",
	    PQdb(s->conn));
	return err_hint(
	    e, "coexsync migrate up brings it up to date, as --migrate does where it is taken");
}

/* A migration holds many statements: the simple protocol takes them at once. */
static int
run_script(struct store *s, const char *name, const char *script, struct err *e)
{
	PGresult *r = PQexec(s->conn, script);
	int rc = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK
		     ? 0
		     : store_fail(s, r, name, e);

	PQclear(r);
	return rc;
}

static int
record(struct store *s, const struct sql_migration *m, struct err *e)
{
	struct sha256 sum = checksum(m);
	struct params p = {0};

	params_add_int(&p, m->version);
	params_add_text(&p, str_of(m->name));
	params_add_hash(&p, &sum);
	params_add_text(&p, STR_LIT(COEXSYNC_VERSION));
	return store_do(s, SQL_INSERT_MIGRATION, &p, e);
}

/* BEGIN, and nobody else migrates meanwhile. */
static int
begin_alone(struct store *s, struct err *e)
{
	if (store_do(s, SQL_BEGIN, NULL, e) != 0 || store_do(s, SQL_TAKE_TIME, NULL, e) != 0)
		return -1;
	return store_lock_account(s, SQL_LOCK_ACCOUNT_EXCLUSIVE, 0, e);
}

static int
apply_next(struct store *s, bool *is_done, struct err *e)
{
	struct applied_list applied = {0};
	const struct sql_migration *m;
	int rc = -1;

	if (begin_alone(s, e) != 0 || store_do(s, SQL_CREATE_SCHEMA, NULL, e) != 0 ||
	    store_do(s, SQL_CREATE_SCHEMA_MIGRATION, NULL, e) != 0 ||
	    read_applied(s, &applied, e) != 0 || compare(&applied, e) != 0)
		goto out;
	*is_done = applied.count == sql_migration_count;
	if (!*is_done) {
		m = &sql_migrations[applied.count];
		if (run_script(s, m->name, m->up, e) != 0 || record(s, m, e) != 0)
			goto out;
	}
	rc = store_do(s, SQL_COMMIT, NULL, e);
out:
	free(applied.items);
	if (rc != 0)
		store_roll_back(s);
	return rc;
}

int
store_migrate_up(struct store *s, size_t *applied, struct err *e)
{
	bool is_done = false;
	size_t count;

	/* asked first: creating a schema that is there takes rights that a plain user has not */
	*applied = 0;
	if (count_applied(s, &count, e) != 0)
		return -1;
	if (count == sql_migration_count)
		return 0;
	for (*applied = 0;; ++*applied) {
		if (apply_next(s, &is_done, e) != 0)
			return -1;
		if (is_done)
			return 0;
	}
}

static int
take_back(struct store *s, const struct applied_list *applied, struct err *e)
{
	const struct sql_migration *m = &sql_migrations[applied->count - 1];
	struct params p = {0};

	params_add_int(&p, m->version);
	if (run_script(s, m->name, m->down, e) != 0 ||
	    store_do(s, SQL_DELETE_MIGRATION, &p, e) != 0)
		return -1;
	return applied->count == 1 ? store_do(s, SQL_DROP_SCHEMA, NULL, e) : 0;
}

static int say(const struct line_sink *sink, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int
say(const struct line_sink *sink, struct err *e, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return sink->line(sink->state, str_of(line), e);
}

static int
say_taken_back(const struct applied_list *applied, const struct line_sink *sink, struct err *e)
{
	const struct sql_migration *m = &sql_migrations[applied->count - 1];

	return say(sink, e, "migration %04d %s is taken back%s", m->version, m->name,
	    applied->count == 1 ? ": the schema coexsync is gone, and all its data" : "");
}

int
store_migrate_down(struct store *s, const struct line_sink *sink, struct err *e)
{
	struct applied_list applied = {0};
	int rc = -1;

	if (begin_alone(s, e) != 0 || read_applied(s, &applied, e) != 0 ||
	    compare(&applied, e) != 0)
		goto out;
	if (applied.count == 0) {
		(void)fail_without_schema(s, e);
		goto out;
	}
	if (take_back(s, &applied, e) == 0)
		rc = store_do(s, SQL_COMMIT, NULL, e);
out:
	if (rc != 0)
		store_roll_back(s);
	else
		rc = say_taken_back(&applied, sink, e);
	free(applied.items);
	return rc;
}

int
store_migrate_status(struct store *s, const struct line_sink *sink, struct err *e)
{
	struct applied_list applied;
	int rc = 0;

	if (read_applied(s, &applied, e) != 0)
		return -1;
	for (size_t i = 0; i < applied.count && rc == 0; i++) {
		const struct applied *a = &applied.items[i];
		bool is_ours = i < sql_migration_count && sql_migrations[i].version == a->version;
		struct sha256 sum = {0};

		if (is_ours)
			sum = checksum(&sql_migrations[i]);
		rc = say(sink, e, "%04d  %-20s  %s  %s", a->version,
		    is_ours ? sql_migrations[i].name : "?", a->at,
		    !is_ours					 ? "unknown to this program"
		    : memcmp(&sum, &a->sha256, sizeof(sum)) == 0 ? "applied"
								 : "applied, but changed");
	}
	for (size_t i = applied.count; i < sql_migration_count && rc == 0; i++)
		rc = say(sink, e, "%04d  %-20s  pending", sql_migrations[i].version,
		    sql_migrations[i].name);
	free(applied.items);
	return rc;
}

/* One migration as the tool would apply it: its statements, then its row. */
static int
print_migration(const struct sql_migration *m, const struct line_sink *sink, struct err *e)
{
	struct sha256 sum = checksum(m);
	char hex[SHA256_HEX_BYTES];

	if (sink->line(sink->state, str_of(m->up), e) != 0)
		return -1;
	return say(sink, e,
	    "INSERT INTO coexsync.schema_migration (version, name, sha256, tool_version)\n"
	    "VALUES (%d, '%s', '\\x%s', '%s');\n",
	    m->version, m->name, sha256_hex(&sum, hex), COEXSYNC_VERSION);
}

int
store_migrate_print(const struct line_sink *sink, struct err *e)
{
	if (say(sink, e, "BEGIN;\nSET LOCAL search_path = pg_catalog, pg_temp;\n%s;\n%s;",
		sql_texts[SQL_CREATE_SCHEMA], sql_texts[SQL_CREATE_SCHEMA_MIGRATION]) != 0)
		return -1;
	for (size_t i = 0; i < sql_migration_count; i++)
		if (print_migration(&sql_migrations[i], sink, e) != 0)
			return -1;
	return say(sink, e, "COMMIT;");
}
