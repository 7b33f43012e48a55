/*
 * The tables that a batch writes: see relations.h. The order of the columns here is the order in
 * which the encoders put them.
 */
#include "base/count.h"
#include "base/json.h"
#include "rules/accounting.h"
#include "rules/recount.h"
#include "rules/signature.h"
#include "rules/status.h"
#include "store/apply.h"
#include "store/relations.h"
#include "store/tuple.h"

static void
put_label(struct buf *b, const char *const *labels, unsigned index)
{
	tuple_put_text(b, str_of(labels[index]));
}

static void
encode_account_event(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct account_event_row *r = (const struct account_event_row *)row;

	(void)c;
	tuple_put_hash(b, &r->digest);
	tuple_put_text(b, r->event);
	tuple_put_text(b, r->reason);
	tuple_put_text(b, r->initiated_by);
	tuple_put_time(b, r->at_us);
	tuple_put_text(b, r->waba_id);
	tuple_put_text(b, r->phone);
}

static const char *const directions[] = {NULL, "inbound", "outbound"};

static void
encode_message(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct message_row *r = (const struct message_row *)row;

	(void)c;
	tuple_put_text(b, r->row.key);
	tuple_put_text(b, r->message_key);
	tuple_put_text(b, r->thread_id);
	put_label(b, directions, r->direction);
	tuple_put_time(b, r->sent_at_us);
	tuple_put_text(b, r->type);
	tuple_put_text(b, r->body);
	tuple_put_json(b, r->content);
	tuple_put_json(b, r->extra);
	put_label(b, status_names, r->status);
	tuple_put_text(b, r->reply_to);
	tuple_put_text(b, r->reply_key);
	tuple_put_int16(b, r->stream);
	tuple_put_int16(b, r->content_stream);
	tuple_put_int16(b, r->direction_from);
	tuple_put_int16(b, r->thread_from);
	tuple_put_int16(b, r->time_from);
	tuple_put_int16(b, 0);
}

static void
encode_message_event(struct buf *b, const struct row *row, const struct encode_context *c)
{
	static const char *const kinds[] = {"edit", "revoke", "reaction", "status"};
	const struct message_event_row *r = (const struct message_event_row *)row;

	(void)c;
	tuple_put_text(b, r->row.key);
	tuple_put_text(b, r->target);
	tuple_put_text(b, r->target_key);
	put_label(b, kinds, r->kind);
	put_label(b, status_names, r->status);
	tuple_put_text(b, r->actor);
	tuple_put_time(b, r->at_us);
	tuple_put_json(b, r->content);
	tuple_put_text(b, r->thread_id);
}

static void
encode_contact_event(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct contact_event_row *r = (const struct contact_event_row *)row;

	(void)c;
	tuple_put_text(b, r->identity);
	tuple_put_time_key(b, r->at_us);
	tuple_put_hash(b, &r->digest);
	tuple_put_text(b, str_of(r->is_add ? "add" : "remove"));
	tuple_put_text(b, r->full_name);
	tuple_put_text(b, r->first_name);
	tuple_put_text(b, r->phone);
	tuple_put_text(b, r->user_id);
	tuple_put_text(b, r->username);
}

static void
encode_profile_name(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct profile_name_row *r = (const struct profile_name_row *)row;

	(void)c;
	tuple_put_text(b, r->identity);
	tuple_put_text(b, str_of(r->is_username ? "username" : "name"));
	tuple_put_hash(b, &r->sha256);
	tuple_put_text(b, r->name);
	tuple_put_time(b, r->last_seen_us);
}

static void
encode_identity_link(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct identity_link_row *r = (const struct identity_link_row *)row;

	(void)c;
	tuple_put_text(b, r->user_id);
	tuple_put_text(b, r->phone);
}

static void
encode_identity_change(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct identity_change_row *r = (const struct identity_change_row *)row;

	(void)c;
	tuple_put_text(b, r->old_identity);
	tuple_put_text(b, r->new_identity);
	tuple_put_time_key(b, r->at_us);
}

static void
put_flag(struct buf *b, int8_t flag)
{
	if (flag < 0)
		tuple_put_null(b);
	else
		tuple_put_bool(b, flag != 0);
}

static void
encode_media_asset(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct media_asset_row *r = (const struct media_asset_row *)row;

	(void)c;
	tuple_put_text(b, r->wamid);
	tuple_put_text(b, r->media_id);
	tuple_put_text(b, r->mime_type);
	if (r->has_sha256)
		tuple_put_hash(b, &r->sha256);
	else
		tuple_put_null(b);
	tuple_put_text(b, r->filename);
	put_flag(b, r->voice);
	put_flag(b, r->animated);
	tuple_put_text(b, r->url);
	tuple_put_time(b, r->received_at_us);
}

static void
encode_chunk(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct chunk_row *r = (const struct chunk_row *)row;

	tuple_put_hash(b, &batch_part(c->batch, row->part)->payload->sha256);
	tuple_put_text(b, r->pointer);
	tuple_put_optional(b, r->phase);
	tuple_put_optional(b, r->chunk_order);
	tuple_put_optional(b, r->progress);
	tuple_put_int32(b, r->messages);
	tuple_put_time(b, r->oldest_us);
	tuple_put_time(b, r->newest_us);
	tuple_put_optional(b, r->error_code);
}

static void
encode_activation_payload(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct activation_payload_row *r = (const struct activation_payload_row *)row;

	tuple_put_time(b, r->onboarded_at_us);
	tuple_put_hash(b, &batch_part(c->batch, row->part)->payload->sha256);
}

/* Nothing of what there was none: a payload of one message has few counts. */
static void
put_count(struct json_writer *w, const char *name, uint64_t count)
{
	if (count == 0)
		return;
	json_put_key(w, name);
	json_put_int(w, (int64_t)count);
}

static void
write_counts(struct buf *out, const struct counts *counts)
{
	const struct {
		const char *name;
		uint64_t count;
	} others[] = {
	    {"events", counts->events},
	    {"contacts", counts->contacts},
	    {"chunks", counts->chunks},
	    {"rejects", counts->rejects},
	    {"text_repaired", counts->text_repaired},
	    {"time_unusable", counts->time_unusable},
	    {"direction_unknown", counts->direction_unknown},
	    {"types_unknown", counts->types_unknown},
	    {"group_events", counts->group_events},
	};
	struct json_writer w = {.out = out};

	json_begin_object(&w);
	put_count(&w, "seen", counts->seen);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		put_count(&w, accounting_names[i], counts->outcomes[i]);
	for (size_t i = 0; i < COUNT(others); i++)
		put_count(&w, others[i].name, others[i].count);
	json_end_object(&w);
}

static struct str
counts_json(struct counted *last, const struct counts *counts)
{
	if (last->json.len == 0 || memcmp(&last->counts, counts, sizeof(*counts)) != 0) {
		last->counts = *counts;
		buf_reset(&last->json);
		write_counts(&last->json, counts);
	}
	return buf_str(&last->json);
}

static void
encode_payload(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct part *part = batch_part(c->batch, row->part);
	const struct payload *p = part->payload;
	struct counts counts = part->counts;

	tuple_put_hash(b, &p->sha256);
	tuple_put_int16(b, part->accounts);
	tuple_put_bytes(
	    b, (struct str){(const char *)c->options->run.bytes, sizeof(c->options->run.bytes)});
	tuple_put_text(b, p->source);
	tuple_put_int64(b, (int64_t)p->size_bytes);
	tuple_put_text(b, str_of(part->kind));
	tuple_put_text(b, str_of(part->dialect));
	tuple_put_time(b, p->received_at_us);
	put_label(b, signature_names, p->signature);
	tuple_put_text(b, p->signature_header);
	tuple_put_int32(b, c->options->decoder_version);
	tuple_put_bool(b, part->has_history);
	if (c->before != NULL && c->before[row->part].is_there)
		recount(&counts, &c->before[row->part].counts,
		    c->before[row->part].decoder_version == c->options->decoder_version);
	tuple_put_json(b, counts_json(c->counted, &counts));
	if (part->frame == NULL) {
		tuple_put_null(b);
		tuple_put_null(b);
	} else {
		tuple_put_bytes(b, part->frame->row.key);
		tuple_put_int32(b, (int32_t)part->frame_offset);
	}
}

static void
encode_payload_raw(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct raw_row *r = (const struct raw_row *)row;
	const struct part *part = batch_part(c->batch, row->part);

	tuple_put_bytes(b, r->row.key);
	tuple_put_bytes(b, r->packed.ptr == NULL ? part->payload->packed : r->packed);
	tuple_put_int64(b, (int64_t)r->size_bytes);
}

static void
encode_reject(struct buf *b, const struct row *row, const struct encode_context *c)
{
	const struct reject_row *r = (const struct reject_row *)row;

	tuple_put_hash(b, &batch_part(c->batch, row->part)->payload->sha256);
	tuple_put_text(b, r->pointer);
	tuple_put_text(b, str_of(r->code));
	tuple_put_text(b, r->detail);
	tuple_put_text(b, r->excerpt);
	tuple_put_int64(b, (int64_t)r->items);
}

#define NO_MERGE \
	{ \
		SQL_COUNT, SQL_COUNT, SQL_COUNT \
	}

static const struct relation_info relations[REL_COUNT] = {
    [REL_ACCOUNT_EVENT] = {"account_event",
	"account_id, digest, event, reason, initiated_by, at, waba_id, phone", "account_id, digest",
	8, encode_account_event, NO_MERGE},
    [REL_MESSAGE] = {"message",
	"account_id, wamid, key, thread_id, direction, sent_at, type, body, content, extra, "
	"status, "
	"reply_to, reply_key, streams, content_stream, direction_from, thread_from, time_from, "
	"conflicts",
	"account_id, wamid", 19, encode_message, NO_MERGE /* in waves: store/merge.c */},
    [REL_MESSAGE_EVENT] = {"message_event",
	"account_id, event_id, target, target_key, kind, status, actor, at, content, thread_id",
	"account_id, event_id", 10, encode_message_event,
	{SQL_LOCK_MESSAGE_EVENT, SQL_MERGE_MESSAGE_EVENT, SQL_COUNT}},
    [REL_CONTACT_EVENT] = {"contact_event",
	"account_id, identity, at, digest, action, full_name, first_name, phone, user_id, username",
	"account_id, identity, at, digest", 10, encode_contact_event, NO_MERGE},
    [REL_PROFILE_NAME] = {"profile_name", "account_id, identity, kind, sha256, name, last_seen",
	"account_id, identity, kind, sha256", 6, encode_profile_name,
	{SQL_LOCK_PROFILE_NAME, SQL_MERGE_PROFILE_NAME, SQL_COUNT}},
    [REL_IDENTITY_LINK] = {"identity_link", "account_id, user_id, phone",
	"account_id, user_id, phone", 3, encode_identity_link, NO_MERGE},
    [REL_IDENTITY_CHANGE] = {"identity_change", "account_id, old, new, at",
	"account_id, old, new, at", 4, encode_identity_change, NO_MERGE},
    [REL_MEDIA_ASSET] = {"media_asset",
	"account_id, wamid, media_id, mime_type, sha256, filename, voice, animated, url, "
	"received_at",
	"account_id, wamid, media_id", 10, encode_media_asset,
	{SQL_LOCK_MEDIA_ASSET, SQL_MERGE_MEDIA_ASSET, SQL_COUNT}},
    [REL_CHUNK] = {"chunk",
	"account_id, sha256, pointer, phase, chunk_order, progress, messages, oldest, newest, "
	"error_code",
	"account_id, sha256, pointer", 10, encode_chunk, NO_MERGE},
    [REL_ACTIVATION_PAYLOAD] = {"activation_payload", "account_id, onboarded_at, sha256",
	"account_id, onboarded_at, sha256", 3, encode_activation_payload, NO_MERGE},
    [REL_PAYLOAD] = {"payload",
	"account_id, sha256, accounts, run_id, source, size_bytes, kind, dialect, received_at, "
	"signature, signature_header, decoder_version, has_history, counts, frame, frame_offset",
	"account_id, sha256", 16, encode_payload, NO_MERGE},
    [REL_PAYLOAD_RAW] = {"payload_raw", "account_id, sha256, bytes, size_bytes",
	"account_id, sha256", 4, encode_payload_raw, NO_MERGE},
    [REL_REJECT] = {"reject", "account_id, sha256, pointer, code, detail, excerpt, items",
	"account_id, sha256, pointer", 7, encode_reject, NO_MERGE},
};

const struct relation_info *
relation_info(enum relation relation)
{
	return &relations[relation];
}

const char *
relation_text(struct buf *b, enum sql template, const struct relation_info *info)
{
	const struct {
		const char *mark;
		const char *text;
	} fills[] = {
	    {"{relation}", info->name}, {"{columns}", info->columns}, {"{key}", info->key}};
	const char *at = sql_texts[template];

	buf_reset(b);
	while (*at != '\0') {
		size_t plain = strcspn(at, "{");

		buf_put(b, at, plain);
		at += plain;
		for (size_t i = 0; i < COUNT(fills); i++) {
			if (strncmp(at, fills[i].mark, strlen(fills[i].mark)) != 0)
				continue;
			buf_put_text(b, fills[i].text);
			at += strlen(fills[i].mark);
			break;
		}
	}
	return buf_str(b).ptr;
}
