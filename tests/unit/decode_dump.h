/*
 * Rows of a batch as text, a line each, what is not said left out: for the tests of decode.
 */
#ifndef TESTS_DECODE_DUMP_H
#define TESTS_DECODE_DUMP_H

#include <inttypes.h>

#include "base/buf.h"
#include "model/batch.h"
#include "rules/status.h"

static void
put_text(struct buf *b, const char *name, struct str s)
{
	if (s.ptr != NULL)
		buf_printf(b, " %s=[%.*s]", name, STR_ARG(s));
}

static void
put_time(struct buf *b, const char *name, int64_t us)
{
	if (us == TIME_NONE)
		return;
	buf_printf(b, " %s=%" PRId64, name, us / 1000000);
	if (us % 1000000 != 0)
		buf_printf(b, ".%06d", (int)(us % 1000000));
}

static void
put_int(struct buf *b, const char *name, int32_t n)
{
	if (n != INT_NONE)
		buf_printf(b, " %s=%d", name, (int)n);
}

static void
put_status(struct buf *b, enum status status)
{
	if (status != STATUS_NONE)
		buf_printf(b, " status=%s", status_names[status]);
}

static void
dump_account_event(struct buf *b, const struct row *row)
{
	const struct account_event_row *r = (const struct account_event_row *)row;

	put_text(b, "event", r->event);
	put_text(b, "reason", r->reason);
	put_text(b, "by", r->initiated_by);
	put_text(b, "waba", r->waba_id);
	put_text(b, "phone", r->phone);
	put_time(b, "at", r->at_us);
}

static void
dump_message(struct buf *b, const struct row *row)
{
	static const char *const directions[] = {"?", "in", "out"};
	const struct message_row *r = (const struct message_row *)row;

	put_text(b, "id", row->key);
	if (!str_equal(row->key, r->message_key))
		put_text(b, "key", r->message_key);
	buf_printf(b, " %s", directions[r->direction]);
	put_text(b, "thread", r->thread_id);
	put_time(b, "at", r->sent_at_us);
	put_text(b, "type", r->type);
	put_text(b, "body", r->body);
	put_text(b, "content", r->content);
	put_text(b, "extra", r->extra);
	put_status(b, r->status);
	put_text(b, "reply", r->reply_to);
	if (!str_equal(r->reply_to, r->reply_key))
		put_text(b, "reply_key", r->reply_key);
	/* stream: of content, direction, thread, time */
	buf_printf(b, " %d:%d%d%d%d", r->stream, r->content_stream, r->direction_from,
	    r->thread_from, r->time_from);
}

static void
dump_event(struct buf *b, const struct row *row)
{
	static const char *const kinds[] = {"edit", "revoke", "reaction", "status"};
	const struct message_event_row *r = (const struct message_event_row *)row;

	put_text(b, "id", row->key);
	buf_printf(b, " %s", kinds[r->kind]);
	put_text(b, "target", r->target);
	if (!str_equal(r->target, r->target_key))
		put_text(b, "target_key", r->target_key);
	put_text(b, "actor", r->actor);
	put_text(b, "thread", r->thread_id);
	put_time(b, "at", r->at_us);
	put_status(b, r->status);
	put_text(b, "content", r->content);
}

static void
dump_contact(struct buf *b, const struct row *row)
{
	const struct contact_event_row *r = (const struct contact_event_row *)row;

	buf_printf(b, " %s", r->is_add ? "add" : "remove");
	put_text(b, "identity", r->identity);
	put_time(b, "at", r->at_us);
	put_text(b, "full_name", r->full_name);
	put_text(b, "first_name", r->first_name);
	put_text(b, "phone", r->phone);
	put_text(b, "user_id", r->user_id);
	put_text(b, "username", r->username);
}

static void
dump_profile(struct buf *b, const struct row *row)
{
	const struct profile_name_row *r = (const struct profile_name_row *)row;

	put_text(b, "identity", r->identity);
	put_text(b, r->is_username ? "username" : "name", r->name);
	put_time(b, "last_seen", r->last_seen_us);
}

static void
dump_link(struct buf *b, const struct row *row)
{
	const struct identity_link_row *r = (const struct identity_link_row *)row;

	put_text(b, "user_id", r->user_id);
	put_text(b, "phone", r->phone);
}

static void
dump_change(struct buf *b, const struct row *row)
{
	const struct identity_change_row *r = (const struct identity_change_row *)row;

	put_text(b, "old", r->old_identity);
	put_text(b, "new", r->new_identity);
	put_time(b, "at", r->at_us);
}

static void
dump_asset(struct buf *b, const struct row *row)
{
	const struct media_asset_row *r = (const struct media_asset_row *)row;
	char hex[SHA256_HEX_BYTES];

	put_text(b, "wamid", r->wamid);
	put_text(b, "id", r->media_id);
	put_text(b, "mime", r->mime_type);
	put_text(b, "filename", r->filename);
	put_text(b, "url", r->url);
	if (r->has_sha256)
		buf_printf(b, " sha256=%.8s", sha256_hex(&r->sha256, hex));
	put_time(b, "received", r->received_at_us);
	if (r->voice >= 0)
		buf_printf(b, " voice=%d", r->voice);
	if (r->animated >= 0)
		buf_printf(b, " animated=%d", r->animated);
}

static void
dump_chunk(struct buf *b, const struct row *row)
{
	const struct chunk_row *r = (const struct chunk_row *)row;

	put_text(b, "at", r->pointer);
	put_int(b, "phase", r->phase);
	put_int(b, "order", r->chunk_order);
	put_int(b, "progress", r->progress);
	put_int(b, "error", r->error_code);
	put_int(b, "messages", r->messages);
	put_time(b, "oldest", r->oldest_us);
	put_time(b, "newest", r->newest_us);
}

static void
dump_reject(struct buf *b, const struct row *row)
{
	const struct reject_row *r = (const struct reject_row *)row;

	put_text(b, "at", r->pointer);
	buf_printf(b, " %s", r->code);
	put_text(b, "detail", r->detail);
}

static void
dump_nothing(struct buf *b, const struct row *row)
{
	(void)b;
	(void)row;
}

static const struct {
	const char *name;
	void (*dump)(struct buf *b, const struct row *row);
} dumps[REL_COUNT] = {
    [REL_ACCOUNT_EVENT] = {"account_event", dump_account_event},
    [REL_MESSAGE] = {"message", dump_message},
    [REL_MESSAGE_EVENT] = {"event", dump_event},
    [REL_CONTACT_EVENT] = {"contact", dump_contact},
    [REL_PROFILE_NAME] = {"profile", dump_profile},
    [REL_IDENTITY_LINK] = {"link", dump_link},
    [REL_IDENTITY_CHANGE] = {"change", dump_change},
    [REL_MEDIA_ASSET] = {"asset", dump_asset},
    [REL_CHUNK] = {"chunk", dump_chunk},
    [REL_ACTIVATION_PAYLOAD] = {"activation", dump_nothing},
    [REL_PAYLOAD] = {"payload", dump_nothing},
    [REL_REJECT] = {"reject", dump_reject},
};

static void
dump_part(struct buf *b, size_t index, const struct part *p)
{
	const struct counts *c = &p->counts;
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = {{"seen", c->seen}, {"rejected", c->outcomes[OUTCOME_REJECTED]},
	    {"excluded", c->outcomes[OUTCOME_EXCLUDED]}, {"events", c->events},
	    {"contacts", c->contacts}, {"chunks", c->chunks}, {"rejects", c->rejects},
	    {"repaired", c->text_repaired}, {"time_unusable", c->time_unusable},
	    {"direction_unknown", c->direction_unknown}, {"types_unknown", c->types_unknown},
	    {"group_events", c->group_events}};

	buf_printf(b, "part %zu %.*s %s %s", index, STR_ARG(p->account->name), p->kind,
	    p->dialect == NULL ? "-" : p->dialect);
	put_text(b, "number", p->account->phone_number_id);
	put_text(b, "phone", p->account->business_phone);
	put_text(b, "waba", p->account->waba_id);
	buf_printf(b, " accounts=%u%s", p->accounts, p->has_history ? " has_history" : "");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (counts[i].n != 0)
			buf_printf(b, " %s=%" PRIu64, counts[i].name, counts[i].n);
	buf_put_char(b, '\n');
}

/* The rows of payload_raw are made later, of what decode says of the parts. */
static void
dump_kept(struct buf *b, const struct batch *batch)
{
	for (size_t i = 0; i < batch->parts.count; i++)
		if (((struct part *)batch->parts.items[i])->keeps_raw)
			buf_printf(b, "%zu raw\n", i);
}

/* Parts, then the rows in the order of their relations; each begins with the index of its part. */
static void
dump_batch(struct buf *b, const struct batch *batch)
{
	for (size_t i = 0; i < batch->parts.count; i++)
		dump_part(b, i, batch->parts.items[i]);
	for (int relation = 0; relation < REL_COUNT; relation++) {
		const struct list *rows = &batch->rows.of[relation];

		if (relation == REL_PAYLOAD_RAW)
			dump_kept(b, batch);
		for (size_t i = 0; i < rows->count; i++) {
			const struct row *row = rows->items[i];

			buf_printf(b, "%u %s", row->part, dumps[relation].name);
			dumps[relation].dump(b, row);
			buf_put_char(b, '\n');
		}
	}
}

#endif
