/*
 * One payload at a time, out of the rows that decode made of it: see inspect.h.
 */
#include <inttypes.h>

#include "base/count.h"
#include "base/json.h"
#include "report/inspect.h"
#include "report/text.h"
#include "rules/reject_codes.h"
#include "rules/signature.h"

/* What people count; the ledger's own rows are none of it. */
static const struct {
	enum relation relation;
	const char *name; /* the table, for JSON */
	const char *one;
	const char *many;
} nouns[] = {
    {REL_MESSAGE, "message", "message", "messages"},
    {REL_MESSAGE_EVENT, "message_event", "event", "events"},
    {REL_CONTACT_EVENT, "contact_event", "contact", "contacts"},
    {REL_MEDIA_ASSET, "media_asset", "file", "files"},
    {REL_PROFILE_NAME, "profile_name", "profile name", "profile names"},
    {REL_IDENTITY_LINK, "identity_link", "identity link", "identity links"},
    {REL_IDENTITY_CHANGE, "identity_change", "identity change", "identity changes"},
    {REL_ACCOUNT_EVENT, "account_event", "account event", "account events"},
    {REL_CHUNK, "chunk", "chunk", "chunks"},
};

static const struct payload *
payload_of(const struct batch *b)
{
	return b->payloads.items[0];
}

static uint64_t
count_rows(const struct batch *b, enum relation relation, size_t part)
{
	const struct list *rows = &b->rows.of[relation];
	uint64_t count = 0;

	for (size_t i = 0; i < rows->count; i++)
		count += ((const struct row *)rows->items[i])->part == part;
	return count;
}

static const char *
dialect_of(const struct part *p)
{
	return p->dialect == NULL ? "no dialect" : p->dialect;
}

/* ---- sums ---- */

static void
add_sum(struct report_inspect_sums *s, struct list *sums, struct str name, uint64_t count)
{
	struct report_inspect_sum *sum;

	for (size_t i = 0; i < sums->count; i++) {
		sum = sums->items[i];
		if (str_equal(sum->name, name)) {
			sum->count += count;
			return;
		}
	}
	sum = arena_alloc(s->arena, sizeof(*sum));
	*sum = (struct report_inspect_sum){arena_copy(s->arena, name), count};
	list_add(s->arena, sums, sum);
}

void
report_inspect_add(struct report_inspect_sums *s, const struct batch *b)
{
	bool is_unusable = true;
	char name[64];

	for (size_t i = 0; i < b->parts.count; i++) {
		const struct part *p = batch_part(b, i);

		snprintf(name, sizeof(name), "%s (%s)", p->kind, dialect_of(p));
		add_sum(s, &s->kinds, str_of(name), 1);
		is_unusable &= strcmp(p->kind, "unusable") == 0;
		s->seen += p->counts.seen;
	}
	for (size_t i = 0; i < b->rows.of[REL_REJECT].count; i++) {
		const struct reject_row *r = b->rows.of[REL_REJECT].items[i];

		add_sum(s, &s->codes, str_of(r->code), r->items);
	}
	for (int i = 0; i < REL_COUNT; i++)
		s->rows[i] += b->rows.of[i].count;
	s->payloads++;
	s->unusable += is_unusable;
	s->rejecting += b->rows.of[REL_REJECT].count > 0;
}

/* ---- text ---- */

static void
put_clean(struct buf *out, struct arena *a, struct str text)
{
	buf_put_str(out, report_clean_text(a, text, true));
}

/* "12 messages, 3 events" */
static void
put_counts(struct buf *out, const uint64_t *rows)
{
	const char *comma = "";

	for (size_t i = 0; i < COUNT(nouns); i++) {
		uint64_t count = rows[nouns[i].relation];

		if (count == 0)
			continue;
		buf_printf(out, "%s%" PRIu64 " %s", comma, count,
		    count == 1 ? nouns[i].one : nouns[i].many);
		comma = ", ";
	}
	if (comma[0] == '\0')
		buf_put_text(out, "no rows");
}

/* What became of messages that are no rows, and what is not as it should be. */
static void
put_notes(struct buf *out, const struct counts *c)
{
	const struct {
		uint64_t count;
		const char *one, *many;
	} notes[] = {
	    {c->outcomes[OUTCOME_EXCLUDED], "message excluded", "messages excluded"},
	    {c->outcomes[OUTCOME_REJECTED], "message rejected", "messages rejected"},
	    {c->text_repaired, "letter repaired", "letters repaired"},
	    {c->time_unusable, "time unusable", "times unusable"},
	    {c->direction_unknown, "direction unknown", "directions unknown"},
	    {c->types_unknown, "type unknown", "types unknown"},
	    {c->group_events, "status of a group left out", "statuses of groups left out"},
	};

	for (size_t i = 0; i < COUNT(notes); i++)
		if (notes[i].count > 0)
			buf_printf(out, "; %" PRIu64 " %s", notes[i].count,
			    notes[i].count == 1 ? notes[i].one : notes[i].many);
}

/* What a capture says beside the payload. */
static void
put_capture(struct buf *out, struct arena *a, const struct payload *p)
{
	if (p->received_at_us != TIME_NONE)
		buf_printf(out, "; received %.*s", STR_ARG(report_time_text(a, p->received_at_us)));
	if (p->signature != SIGNATURE_ABSENT)
		buf_printf(out, "; signature %s", signature_names[p->signature]);
}

static void
put_part(struct buf *out, const struct batch *b, size_t index)
{
	const struct part *p = batch_part(b, index);
	uint64_t rows[REL_COUNT];

	for (int i = 0; i < REL_COUNT; i++)
		rows[i] = count_rows(b, (enum relation)i, index);
	put_clean(out, b->arena, payload_of(b)->source);
	buf_printf(out, ": %s (%s)", p->kind, dialect_of(p));
	if (!str_equal(p->account->name, NOBODY)) {
		buf_put_text(out, ", account ");
		put_clean(out, b->arena, p->account->name);
	}
	buf_put_text(out, ": ");
	put_counts(out, rows);
	put_notes(out, &p->counts);
	put_capture(out, b->arena, payload_of(b));
	buf_put_char(out, '\n');
}

static void
put_chunk(struct buf *out, struct arena *a, const struct chunk_row *c)
{
	buf_printf(out, "  chunk %.*s of phase %.*s, progress %.*s: %d message%s",
	    STR_ARG(report_number_text(a, c->chunk_order, "")),
	    STR_ARG(report_number_text(a, c->phase, "")),
	    STR_ARG(report_number_text(a, c->progress, " %")), (int)c->messages,
	    c->messages == 1 ? "" : "s");
	if (c->oldest_us != TIME_NONE)
		buf_printf(out, ", %.*s to %.*s", STR_ARG(report_time_text(a, c->oldest_us)),
		    STR_ARG(report_time_text(a, c->newest_us)));
	if (c->error_code == 0)
		buf_printf(out, ", an error without code");
	else if (c->error_code != INT_NONE)
		buf_printf(out, ", error %d", (int)c->error_code);
	buf_put_char(out, '\n');
}

static void
put_reject(struct buf *out, struct arena *a, const struct reject_row *r)
{
	buf_printf(out, "  rejected: %s", r->code);
	if (r->pointer.len > 0) {
		buf_put_text(out, " at ");
		put_clean(out, a, r->pointer);
	}
	buf_put_text(out, ": ");
	put_clean(out, a, r->detail);
	buf_put_char(out, '\n');
}

void
report_inspect_put_repeated(const struct payload *p, struct arena *a, struct buf *out)
{
	buf_put_str(out, report_clean_text(a, p->source, false));
	buf_put_text(out, ": given before, an import takes it once\n");
}

void
report_inspect_put_text(const struct batch *b, struct buf *out)
{
	for (size_t part = 0; part < b->parts.count; part++) {
		put_part(out, b, part);
		for (size_t i = 0; i < b->rows.of[REL_CHUNK].count; i++) {
			const struct chunk_row *c = b->rows.of[REL_CHUNK].items[i];

			if (c->row.part == part)
				put_chunk(out, b->arena, c);
		}
		for (size_t i = 0; i < b->rows.of[REL_REJECT].count; i++) {
			const struct reject_row *r = b->rows.of[REL_REJECT].items[i];

			if (r->row.part == part)
				put_reject(out, b->arena, r);
		}
	}
}

void
report_inspect_put_sums(const struct report_inspect_sums *s, struct buf *out)
{
	buf_printf(out, "payloads %" PRIu64 ": %" PRIu64 " usable, %" PRIu64 " unusable, ",
	    s->payloads, s->payloads - s->repeated - s->unusable, s->unusable);
	if (s->repeated > 0)
		buf_printf(out, "%" PRIu64 " given before, ", s->repeated);
	buf_printf(out, "%" PRIu64 " with something to reject\n", s->rejecting);
	for (size_t i = 0; i < s->kinds.count; i++) {
		const struct report_inspect_sum *sum = s->kinds.items[i];

		buf_printf(out, "  %" PRIu64 " %.*s\n", sum->count, STR_ARG(sum->name));
	}
	buf_printf(out, "messages seen %" PRIu64 "; rows: ", s->seen);
	put_counts(out, s->rows);
	buf_put_char(out, '\n');
	for (size_t i = 0; i < s->codes.count; i++) {
		const struct report_inspect_sum *sum = s->codes.items[i];
		const struct reject_code *code = reject_code_find(sum->name.ptr);

		buf_printf(out, "rejects %" PRIu64 " %.*s", sum->count, STR_ARG(sum->name));
		if (code != NULL)
			buf_printf(out, ": %s\n  -> %s", code->meaning, code->remedy);
		buf_put_char(out, '\n');
	}
}

/* ---- JSON ---- */

static void
put_json_rows(struct json_writer *w, const struct batch *b, size_t part)
{
	json_put_key(w, "rows");
	json_begin_object(w);
	for (size_t i = 0; i < COUNT(nouns); i++) {
		json_put_key(w, nouns[i].name);
		json_put_int(w, (int64_t)count_rows(b, nouns[i].relation, part));
	}
	json_end_object(w);
}

static void
put_json_rejects(struct json_writer *w, const struct batch *b, size_t part)
{
	json_put_key(w, "rejects");
	json_begin_array(w);
	for (size_t i = 0; i < b->rows.of[REL_REJECT].count; i++) {
		const struct reject_row *r = b->rows.of[REL_REJECT].items[i];

		if (r->row.part != part)
			continue;
		json_begin_object(w);
		json_put_key(w, "pointer");
		json_put_str(w, r->pointer);
		json_put_key(w, "code");
		json_put_str(w, str_of(r->code));
		json_put_key(w, "detail");
		json_put_str(w, r->detail);
		json_put_key(w, "items");
		json_put_int(w, (int64_t)r->items);
		json_end_object(w);
	}
	json_end_array(w);
}

static void
put_json_counts(struct json_writer *w, const struct counts *c)
{
	const struct {
		const char *name;
		uint64_t count;
	} members[] = {
	    {"seen", c->seen},
	    {"excluded", c->outcomes[OUTCOME_EXCLUDED]},
	    {"rejected", c->outcomes[OUTCOME_REJECTED]},
	    {"text_repaired", c->text_repaired},
	    {"time_unusable", c->time_unusable},
	    {"direction_unknown", c->direction_unknown},
	    {"types_unknown", c->types_unknown},
	    {"group_events", c->group_events},
	};

	for (size_t i = 0; i < COUNT(members); i++) {
		json_put_key(w, members[i].name);
		json_put_int(w, (int64_t)members[i].count);
	}
}

static void
put_json_part(struct json_writer *w, const struct batch *b, size_t index)
{
	const struct part *p = batch_part(b, index);

	json_begin_object(w);
	json_put_key(w, "account");
	json_put_str(w, p->account->name);
	json_put_key(w, "kind");
	json_put_str(w, str_of(p->kind));
	json_put_key(w, "dialect");
	json_put_str(w, str_of(p->dialect));
	put_json_counts(w, &p->counts);
	put_json_rows(w, b, index);
	put_json_rejects(w, b, index);
	json_end_object(w);
}

void
report_inspect_put_json(const struct batch *b, bool is_repeated, struct buf *out)
{
	const struct payload *p = payload_of(b);
	struct json_writer w = {.out = out};
	char hex[SHA256_HEX_BYTES];

	json_begin_object(&w);
	json_put_key(&w, "source");
	/* a name of a file may be any bytes */
	json_put_str(&w, report_clean_text(b->arena, p->source, true));
	json_put_key(&w, "sha256");
	json_put_str(&w, str_of(sha256_hex(&p->sha256, hex)));
	json_put_key(&w, "size_bytes");
	json_put_int(&w, (int64_t)p->size_bytes);
	json_put_key(&w, "received_at");
	json_put_str(&w, p->received_at_us == TIME_NONE
			     ? STR_NULL
			     : report_time_text(b->arena, p->received_at_us));
	json_put_key(&w, "signature");
	json_put_str(&w, str_of(signature_names[p->signature]));
	json_put_key(&w, "given_before");
	json_put_bool(&w, is_repeated);
	json_put_key(&w, "parts");
	json_begin_array(&w);
	for (size_t i = 0; i < b->parts.count; i++)
		put_json_part(&w, b, i);
	json_end_array(&w);
	json_end_object(&w);
	buf_put_char(out, '\n');
}
