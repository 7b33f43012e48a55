/*
 * Facts for an archive, in one snapshot, in key order, as JSON lines. See store.h.
 */

#include "base/count.h"
#include "base/json.h"
#include "store/raw.h"
#include "store/wire.h"

/* One line of JSON; a message is at most as large as the payload that it came in. */
#define LINE_MAX_BYTES ((size_t)256 << 20)

static const struct {
	const char *name;
	enum sql rows;
	bool is_judged; /* by the windows of media, too */
} members[] = {
    {"data/account.json", SQL_EXPORT_ACCOUNT, false},
    {"data/contact_events.jsonl", SQL_EXPORT_CONTACT_EVENTS, false},
    {"data/contacts.jsonl", SQL_EXPORT_CONTACTS, false},
    {"data/conversations.jsonl", SQL_EXPORT_CONVERSATIONS, false},
    {"data/coverage.json", SQL_EXPORT_COVERAGE, true},
    {"data/media.jsonl", SQL_EXPORT_MEDIA, true},
    {"data/message_events.jsonl", SQL_EXPORT_MESSAGE_EVENTS, false},
    {"data/message_versions.jsonl", SQL_EXPORT_MESSAGE_VERSIONS, false},
    {"data/messages.jsonl", SQL_EXPORT_MESSAGES, false},
    {"data/rejects.jsonl", SQL_EXPORT_REJECTS, false},
};

size_t
store_export_member_count(void)
{
	return COUNT(members);
}

const char *
store_export_member_name(size_t member)
{
	return members[member].name;
}

static int
check_right(struct store *s, struct err *e)
{
	PGresult *r = store_run(s, SQL_MAY_NOTE_EXPORT, NULL, e);
	bool may_note;

	if (r == NULL)
		return -1;
	may_note = store_bool(r, 0, 0);
	PQclear(r);
	if (may_note)
		return 0;
	err_set(e, ERR_PERMISSION, "the role may not INSERT into coexsync.export");
	return err_hint(e, "every archive is noted there, and named by the next: grant it");
}

static int
find_previous(
    struct store *s, const struct export_query *q, struct export_facts *out, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	if (q->has_override) {
		out->has_previous = !q->overrides_with_none;
		out->previous = q->override;
		return 0;
	}
	params_add_int(&p, s->export_account_id);
	params_add_time(&p, q->as_of.at_us);
	params_add_text(&p, q->filters);
	params_add_hash(&p, &out->digest);
	if ((r = store_run(s, SQL_FIND_PREVIOUS_EXPORT, &p, e)) == NULL)
		return -1;
	out->has_previous = PQntuples(r) == 1 && sha256_parse(store_text(r, 0, 0), &out->previous);
	PQclear(r);
	return 0;
}

static int
count_without_raw(struct store *s, struct export_facts *out, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	params_add_int(&p, s->export_account_id);
	if ((r = store_run(s, SQL_COUNT_WITHOUT_RAW, &p, e)) == NULL)
		return -1;
	out->payloads_without_raw = store_int(r, 0, 0);
	PQclear(r);
	return 0;
}

int
store_begin_export(
    struct store *s, const struct export_query *q, struct export_facts *out, struct err *e)
{
	*out = (struct export_facts){.account = q->account};
	if (store_do(s, SQL_BEGIN_SNAPSHOT, NULL, e) != 0 ||
	    store_do(s, SQL_PREFER_HASH_JOINS, NULL, e) != 0 || check_right(s, e) != 0 ||
	    store_find_account(s, q->account, &s->export_account_id, e) != 0 ||
	    store_digest(s, q->account, NULL, &out->digest, e) != 0 ||
	    find_previous(s, q, out, e) != 0 || count_without_raw(s, out, e) != 0) {
		store_roll_back(s);
		return -1;
	}
	s->export_query = q;
	s->export_facts = *out;
	raw_reader_free(s->export_raw);
	s->export_raw = raw_reader_new();
	return 0;
}

/* What is JSON already, or a number, as it stands; all else is text. */
static void
put_column(struct json_writer *w, const PGresult *r, int column)
{
	struct str value = store_text(r, 0, column);

	json_put_key(w, PQfname(r, column));
	switch (PQftype(r, column)) {
	case OID_BOOL:
		json_put_raw(w, value.ptr == NULL     ? STR_LIT("null")
				: value.ptr[0] == 't' ? STR_LIT("true")
						      : STR_LIT("false"));
		break;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_JSONB:
		json_put_raw(w, value.ptr == NULL ? STR_LIT("null") : value);
		break;
	default:
		json_put_str(w, value);
	}
}

/* The columns come in the order of their names: the statements see to it. */
static int
put_line(const PGresult *r, struct buf *line, const struct line_sink *sink, struct err *e)
{
	struct json_writer w = {.out = line};

	buf_reset(line);
	json_begin_object(&w);
	for (int i = 0; i < PQnfields(r); i++)
		put_column(&w, r, i);
	json_end_object(&w);
	if (!buf_is_ok(line))
		return err_set(e, ERR_IO, "a row is too large for a line");
	return sink->line(sink->state, buf_str(line), e);
}

int
store_export_rows(struct store *s, size_t member, const struct line_sink *sink, struct err *e)
{
	struct params p = {0};
	struct buf line;
	PGresult *row;
	int got, rc = 0;

	params_add_int(&p, s->export_account_id);
	if (members[member].is_judged)
		params_add_as_of(&p, &s->export_query->as_of);
	else
		params_add_time(&p, s->export_query->as_of.at_us);
	if (store_send(s, members[member].rows, &p, e) != 0)
		return -1;
	buf_init(&line, LINE_MAX_BYTES);
	while ((got = store_next_row(s, &row, e)) == 1) {
		if (rc == 0)
			rc = put_line(row, &line, sink, e);
		PQclear(row);
	}
	buf_free(&line);
	return got < 0 ? -1 : rc;
}

int
store_note_export(struct store *s, const struct sha256 *archive, struct err *e)
{
	const struct export_query *q = s->export_query;
	const struct export_facts *facts = &s->export_facts;
	struct params p = {0};

	params_add_int(&p, s->export_account_id);
	params_add_hash(&p, archive);
	params_add_time(&p, q->as_of.at_us);
	params_add_text(&p, q->filters);
	params_add_hash(&p, &facts->digest);
	params_add_hash(&p, facts->has_previous ? &facts->previous : NULL);
	return store_do(s, SQL_INSERT_EXPORT, &p, e);
}

int
store_end_export(struct store *s, struct err *e)
{
	return store_do(s, SQL_COMMIT, NULL, e);
}

void
store_cancel_export(struct store *s)
{
	store_roll_back(s);
}
