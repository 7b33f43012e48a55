/*
 * Parts of a payload: see reader.h.
 */
#include "base/count.h"
#include "rules/mention.h"
#include "rules/timestamp.h"

#include "decode/reader.h"
#include "decode/rowkey.h"

/* Webhooks of one app speak of a few accounts at once; the ledger counts them in 15 bits. */
#define MAX_NAMES 1000

static const char *kind_name(const struct sink *s);
static void add_ledger_rows(struct reader *r, struct sink *s);

bool
reader_note_name(struct reader *r, struct str name)
{
	struct str *noted;

	for (size_t i = r->names.count; i > 0; i--)
		if (str_equal(*(struct str *)r->names.items[i - 1], name))
			return true;
	if (r->names.count >= MAX_NAMES && !str_equal(name, NOBODY))
		return false;
	noted = arena_alloc(r->batch->arena, sizeof(*noted));
	*noted = name;
	list_add(r->batch->arena, &r->names, noted);
	return true;
}

/* As batch/accounts.h does, which is asked only at the end: a payload that is refused as a whole
 * leaves no account behind that only it names. */
static void
join_account(struct account *account, const struct account *named)
{
	(void)str_keep_greater(&account->phone_number_id, named->phone_number_id);
	(void)str_keep_greater(&account->business_phone, named->business_phone);
	(void)str_keep_greater(&account->waba_id, named->waba_id);
}

struct sink *
reader_sink(struct reader *r, const struct account *named, const char *dialect)
{
	struct arena *a = r->batch->arena;
	struct sink *s;

	for (size_t i = r->sinks.count; i > 0; i--) {
		s = r->sinks.items[i - 1];
		if (!str_equal(s->part->account->name, named->name))
			continue;
		join_account(s->part->account, named);
		if (s->part->dialect == NULL) /* made for a reject */
			s->part->dialect = dialect;
		return s;
	}
	s = arena_zero(a, 1, sizeof(*s));
	s->batch = r->batch;
	s->most_rows = r->most_rows;
	s->spans = &r->spans;
	s->part = arena_zero(a, 1, sizeof(*s->part));
	s->part_index = (uint32_t)r->batch->parts.count;
	s->part->payload = r->payload;
	s->part->account = arena_alloc(a, sizeof(*named));
	*s->part->account = *named;
	s->part->dialect = dialect;
	list_add(a, &r->batch->parts, s->part);
	list_add(a, &r->sinks, s);
	return s;
}

bool
reader_apply_option(const struct reader *r, struct account *named)
{
	struct str only = r->options->account;
	bool is_other =
	    named->phone_number_id.ptr != NULL && !str_equal(named->phone_number_id, only);

	if (only.ptr == NULL)
		return true;
	if (is_other)
		*named = (struct account){.id = -1};
	named->name = only;
	return !is_other;
}

static struct account
mentioned_account(struct reader *r, struct str item)
{
	struct str number = mention_phone_number_id(item);

	if (number.ptr == NULL && !r->has_looked) {
		r->mentioned = mention_phone_number_id(r->payload->bytes);
		r->has_looked = true;
	}
	if (number.ptr == NULL)
		number = r->mentioned;
	return (struct account){
	    .name = number.ptr == NULL ? NOBODY : number, .phone_number_id = number, .id = -1};
}

void
reader_reject(struct reader *r, const struct pointer *at, const char *code, struct str detail,
    struct str item)
{
	struct account named = mentioned_account(r, item);
	bool is_read;

	if (!reader_note_name(r, named.name)) {
		named = (struct account){.name = NOBODY, .id = -1};
		(void)reader_note_name(r, NOBODY);
	}
	is_read = reader_apply_option(r, &named);
	if (is_read)
		sink_reject(reader_sink(r, &named, NULL), at, code, detail, item);
	else
		(void)reader_sink(r, &named, NULL);
}

void
reader_note_received(struct reader *r, struct str time)
{
	struct payload *p = r->payload;
	int64_t received = timestamp_parse(json_scalar(r->batch->arena, time, &r->repairs));

	if (received != TIME_NONE &&
	    (p->received_at_us == TIME_NONE || received < p->received_at_us))
		p->received_at_us = received;
}

void
reader_finish(struct reader *r)
{
	/* there is one: what names nobody is nobody's */
	((struct sink *)r->sinks.items[0])->part->counts.text_repaired += r->repairs;
	for (size_t i = 0; i < r->sinks.count; i++) {
		struct sink *s = r->sinks.items[i];

		s->part->account = r->accounts->find(r->accounts->state, s->part->account);
		s->part->kind = kind_name(s);
		s->part->accounts = (uint16_t)r->names.count;
		sink_finish(s);
		add_ledger_rows(r, s);
	}
}

static const char *
kind_name(const struct sink *s)
{
	static const char *const names[] = {
	    "history", "history_media", "echoes", "messages", "contacts", "account", "sample"};

	if (s->kinds == 0)
		return s->part->counts.rejects > 0 ? "unusable" : "excluded";
	for (size_t i = 0; i < COUNT(names); i++)
		if (s->kinds == 1u << i)
			return names[i];
	return "mixed";
}

static void
add_ledger_row(struct reader *r, struct sink *s)
{
	struct ledger_row *row = arena_zero(r->batch->arena, 1, sizeof(*row));

	row->row.key = sha256_str(&r->payload->sha256);
	sink_add(s, REL_PAYLOAD, &row->row);
}

static void
add_activation(struct reader *r, struct sink *s)
{
	struct arena *a = r->batch->arena;
	struct activation_payload_row *row = arena_zero(a, 1, sizeof(*row));
	char *key = arena_alloc(a, ROWKEY_TIME_BYTES + SHA256_BYTES);

	rowkey_time(r->options->onboarded_at_us, (unsigned char *)key);
	memcpy(key + ROWKEY_TIME_BYTES, r->payload->sha256.bytes, SHA256_BYTES);
	row->row.key = (struct str){key, ROWKEY_TIME_BYTES + SHA256_BYTES};
	row->onboarded_at_us = r->options->onboarded_at_us;
	sink_add(s, REL_ACTIVATION_PAYLOAD, &row->row);
}

static void
add_ledger_rows(struct reader *r, struct sink *s)
{
	add_ledger_row(r, s);
	/* the beginning of what was too large is not what the hash names: it is no raw payload */
	if (r->options->keeps_raw && payload_is_whole(r->payload)) {
		s->part->keeps_raw = true;
		r->batch->row_count++; /* it comes when the batch is closed */
	}
	if (s->part->has_history && r->options->onboarded_at_us != TIME_NONE)
		add_activation(r, s);
}
