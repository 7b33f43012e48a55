/*
 * Any bytes as a payload: no crash, every message in one outcome, and rows that PostgreSQL takes
 * (UTF-8 without NUL, JSON without damage, keys that fit into an index).
 */
#include "base/json.h"
#include "base/json_text.h"
#include "decode/decode.h"

#include "fuzz.h"

/* A key of a btree: 2,704 bytes, less account_id and what each column costs. */
#define MAX_KEY_BYTES 2600

struct table {
	struct account accounts[1100];
	size_t count;
};

static struct account *
find_account(void *state, const struct account *named)
{
	struct table *t = state;

	for (size_t i = 0; i < t->count; i++)
		if (str_equal(t->accounts[i].name, named->name))
			return &t->accounts[i];
	REQUIRE(t->count < sizeof(t->accounts) / sizeof(t->accounts[0]));
	t->accounts[t->count] = *named;
	return &t->accounts[t->count++];
}

static void
require_text(struct str s)
{
	const unsigned char *at = (const unsigned char *)s.ptr, *end;

	if (at == NULL)
		return;
	end = at + s.len;
	while (at < end) {
		size_t length = json_utf8_length(at, end);

		REQUIRE(length > 0 && *at != '\0');
		at += length;
	}
}

static void
require_json(struct str s)
{
	struct json_check check;

	if (s.ptr == NULL)
		return;
	check = json_check(s.ptr, s.len);
	REQUIRE(check.fault == JSON_OK && check.end == s.len && !check.has_damage);
}

static void
require_message(const struct row *row)
{
	const struct message_row *m = (const struct message_row *)row;
	const struct str texts[] = {
	    m->row.key, m->message_key, m->thread_id, m->type, m->body, m->reply_to, m->reply_key};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		require_text(texts[i]);
	REQUIRE(m->row.key.len > 0);
	require_json(m->content);
	require_json(m->extra);
}

static void
require_event(const struct row *row)
{
	const struct message_event_row *e = (const struct message_event_row *)row;
	const struct str texts[] = {e->row.key, e->target, e->target_key, e->actor, e->thread_id};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		require_text(texts[i]);
	require_json(e->content);
}

static void
require_contact(const struct row *row)
{
	const struct contact_event_row *c = (const struct contact_event_row *)row;
	const struct str texts[] = {
	    c->identity, c->full_name, c->first_name, c->phone, c->user_id, c->username};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		require_text(texts[i]);
}

static void
require_asset(const struct row *row)
{
	const struct media_asset_row *m = (const struct media_asset_row *)row;
	const struct str texts[] = {m->wamid, m->media_id, m->mime_type, m->filename, m->url};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		require_text(texts[i]);
}

static void
require_reject(const struct row *row)
{
	const struct reject_row *r = (const struct reject_row *)row;

	require_text(r->pointer);
	require_text(r->detail);
	require_text(r->excerpt);
}

static void (*const required[REL_COUNT])(const struct row *row) = {
    [REL_MESSAGE] = require_message,
    [REL_MESSAGE_EVENT] = require_event,
    [REL_CONTACT_EVENT] = require_contact,
    [REL_MEDIA_ASSET] = require_asset,
    [REL_REJECT] = require_reject,
};

static void
require_rows(const struct batch *b)
{
	size_t rows = 0;

	for (int relation = 0; relation < REL_COUNT; relation++) {
		const struct list *l = &b->rows.of[relation];

		rows += l->count;
		for (size_t i = 0; i < l->count; i++) {
			const struct row *row = l->items[i];

			REQUIRE(row->key.len <= MAX_KEY_BYTES && row->part < b->parts.count);
			if (required[relation] != NULL)
				required[relation](row);
		}
	}
	/* those of raw bytes come when the batch is closed */
	for (size_t i = 0; i < b->parts.count; i++)
		rows += ((const struct part *)b->parts.items[i])->keeps_raw;
	REQUIRE(rows == b->row_count);
}

static void
require_accounting(const struct batch *b)
{
	const struct list *messages = &b->rows.of[REL_MESSAGE];
	uint64_t seen = 0, left = 0;

	REQUIRE(b->parts.count > 0 && b->rows.of[REL_PAYLOAD].count == b->parts.count);
	for (size_t i = 0; i < b->parts.count; i++) {
		const struct part *p = b->parts.items[i];

		seen += p->counts.seen;
		left += p->counts.outcomes[OUTCOME_REJECTED] + p->counts.outcomes[OUTCOME_EXCLUDED];
		require_text(p->account->name);
	}
	REQUIRE(seen == left + messages->count);
}

static void
decode(const struct payload *given, struct str account)
{
	static struct table table;
	static struct arena *arena;
	const struct decode_options o = {
	    .account = account, .keeps_raw = true, .onboarded_at_us = INT64_C(1772355600000000)};
	struct payload p = *given;
	struct batch b = {0};

	if (arena == NULL)
		arena = arena_new();
	arena_reset(arena);
	b.arena = arena;
	table.count = 0;
	decode_payload(&b, &p, &o, &(struct decode_accounts){find_account, &table});
	require_rows(&b);
	require_accounting(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	struct json_outline outline;
	struct json_check check;
	struct payload p;

	if (arena == NULL)
		arena = arena_new();
	arena_reset(arena);
	/* as the splitter gives them: without outer white space */
	while (size > 0 && data[size - 1] == '\n')
		size--;
	check = json_check_outline(arena, (const char *)data, size, &outline);
	p = (struct payload){.bytes = {(const char *)data, size},
	    .size_bytes = size,
	    .sha256 = sha256_of(data, size),
	    .source = STR_LIT("fuzz.json"),
	    .received_at_us = TIME_NONE};

	if (check.fault != JSON_OK || check.end != size) {
		p.fault = "json_syntax";
		p.fault_text = str_of(json_fault_text(check.fault));
	}
	decode(&p, STR_NULL);
	p.outline = outline; /* as it mostly comes */
	decode(&p, STR_LIT("700100"));
	return 0;
}
