/*
 * Chunks and threads: see history.h.
 */
#include "base/count.h"
#include "rules/phone.h"
#include "rules/reject_codes.h"

#include "decode/fields.h"
#include "decode/history.h"
#include "decode/message.h"
#include "decode/profile.h"
#include "decode/rowkey.h"

/* The business shares no history. */
#define CODE_DECLINED 2593109

/* An error that names no code. */
#define CODE_UNSAID 0

/* The members of a chunk, as slices. */
struct chunk_members {
	struct str metadata;
	struct str threads;
	struct str errors;
};

/* The members of a thread, as slices. */
struct thread_members {
	struct str id;
	struct str context;
	struct str messages;
};

static const struct field chunk_list[] = {
    FIELD(struct chunk_members, metadata),
    FIELD_LIST(struct chunk_members, threads),
    FIELD_LIST(struct chunk_members, errors),
};

static const struct field thread_list[] = {
    FIELD(struct thread_members, id),
    FIELD(struct thread_members, context),
    FIELD_LIST(struct thread_members, messages),
};

static const struct field numbers_list[] = {
    FIELD(struct chunk_numbers, phase),
    FIELD(struct chunk_numbers, chunk_order),
    FIELD(struct chunk_numbers, progress),
};

static const struct field_table chunk_table = FIELD_TABLE(chunk_list);
static const struct field_table numbers_table = FIELD_TABLE(numbers_list);
static const struct field_table thread_table = FIELD_TABLE(thread_list);

static void read_chunk(struct value *v, struct str json, const struct pointer *at);
static void read_threads(
    struct value *v, struct str array, const struct pointer *at, struct chunk_row *chunk);

/* Without its list: are there others that may hold what belongs into it? Then it would be lost. */
static void
keep_others(struct value *v, struct str json, const char *const *meant, const struct pointer *at)
{
	if (!v->is_unread && fields_has_others(v->arena, json, meant, JSON_ARRAY))
		sink_reject(v->sink, at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("without the list of its messages: not as Meta writes it"), json);
}

static bool
is_empty(struct str array)
{
	struct json_walk w = json_enter(array);
	struct str element;

	return !json_element(&w, &element);
}

void
history_read(struct value *v, struct str array, const struct pointer *at)
{
	struct json_walk w = json_enter(array);
	struct pointer place = {at, NULL, 0};
	struct str json;

	for (; spans_element(v->spans, &w, &json); place.index++)
		if (value_is_object(v, json, &place))
			read_chunk(v, json, &place);
}

static int32_t
int_of(struct str slice)
{
	int64_t n;

	return json_int(slice, &n) && n > INT_NONE && n <= INT32_MAX ? (int32_t)n : INT_NONE;
}

/* A percentage; what is none says nothing. */
static int32_t
progress_of(struct str slice)
{
	int32_t percent = int_of(slice);

	return percent >= 0 && percent <= 100 ? percent : INT_NONE;
}

/* Not every delivery says the code of what the words say plainly (docs/PAYLOADS.md). */
static int32_t
error_code(struct value *v, struct str error)
{
	static const char *const members[] = {"message", "title", "details"};
	static const char words[] = "turned off by the business";
	int32_t code = int_of(json_get(error, "code"));
	struct str data = json_get(error, "error_data");

	for (size_t i = 0; code == INT_NONE && i < COUNT(members); i++) {
		struct str text = value_text(v, json_get(i < 2 ? error : data, members[i]));

		if (text.ptr != NULL && memmem(text.ptr, text.len, words, sizeof(words) - 1))
			code = CODE_DECLINED;
	}
	return code == INT_NONE ? CODE_UNSAID : code;
}

/* That of the first error, or of any that says why there is no history. INT_NONE: no error. */
static int32_t
error_code_of(struct value *v, struct str errors)
{
	struct json_walk w = json_enter(errors);
	int32_t first = INT_NONE, code;
	struct str error;

	/* one, without a list around it; {} says no more than [] */
	if (json_kind(errors) == JSON_OBJECT)
		return json_element(&w, &error) ? error_code(v, errors) : INT_NONE;
	for (size_t i = 0; json_element(&w, &error); i++) {
		code = error_code(v, error);
		if (i == 0 || code == CODE_DECLINED)
			first = code;
	}
	return first;
}

struct chunk_row *
history_new_chunk(struct value *v, const struct pointer *at, const struct chunk_numbers *said)
{
	struct chunk_row *row = arena_zero(v->arena, 1, sizeof(*row));

	row->pointer = pointer_text(v->arena, at);
	row->row.key = rowkey_under(v->arena, &v->sink->part->payload->sha256, row->pointer);
	row->phase = int_of(said->phase);
	row->chunk_order = int_of(said->chunk_order);
	row->progress = progress_of(said->progress);
	row->error_code = INT_NONE;
	row->oldest_us = TIME_NONE;
	row->newest_us = TIME_NONE;
	return row;
}

void
history_add_chunk(struct value *v, struct chunk_row *row)
{
	if (v->is_unread)
		return;
	v->sink->part->counts.chunks++;
	sink_add(v->sink, REL_CHUNK, &row->row);
}

static void
read_chunk(struct value *v, struct str json, const struct pointer *at)
{
	static const char *const meant[] = {"metadata", "threads", "errors", NULL};
	const struct pointer threads_at = {at, "threads", 0}, errors_at = {at, "errors", 0};
	struct chunk_numbers said = {0};
	struct chunk_members m = {0};
	struct chunk_row *row;

	fields_read(&chunk_table, v->arena, v->spans, json, &m);
	fields_read(&numbers_table, v->arena, NULL, m.metadata, &said);
	row = history_new_chunk(v, at, &said);
	if (value_is_errors(v, m.errors, &errors_at))
		row->error_code = error_code_of(v, m.errors);
	if (value_is_array(v, m.threads, &threads_at))
		read_threads(v, m.threads, &threads_at, row);
	if (is_empty(m.threads))
		keep_others(v, json, meant, at);
	history_add_chunk(v, row);
}

void
history_read_errors(struct value *v, struct str errors, const struct pointer *at)
{
	struct chunk_row *row = history_new_chunk(v, at, &(struct chunk_numbers){0});

	row->error_code = error_code_of(v, errors);
	if (row->error_code != INT_NONE)
		history_add_chunk(v, row);
}

/* The customer: thread.id, in the place of which context came in 2026 (docs/PAYLOADS.md). */
static struct person
read_peer(struct value *v, const struct thread_members *m, const struct pointer *at)
{
	struct person p = value_person(v, m->id, json_get(m->context, "user_id"));

	if (p.phone.ptr == NULL)
		p.phone = phone_digits(v->arena, value_text(v, json_get(m->context, "wa_id")));
	if (!person_is_too_long(p))
		return p;
	sink_reject(v->sink, at, REJECT_ID_TOO_LONG,
	    STR_LIT("a thread's identity is longer than 1,000 bytes"), m->id);
	return (struct person){0};
}

static void
read_thread(struct value *v, struct str json, const struct pointer *at, struct chunk_row *chunk)
{
	static const char *const meant[] = {"id", "context", "messages", NULL};
	const struct pointer messages_at = {at, "messages", 0};
	struct thread_members m = {0};
	int64_t newest_us = TIME_NONE;
	struct message_place place = {.at = &messages_at,
	    .stream = STREAM_HISTORY,
	    .is_thread = true,
	    .chunk = chunk,
	    .newest_us = &newest_us};

	fields_read(&thread_table, v->arena, v->spans, json, &m);
	if (!v->is_unread)
		place.peer = read_peer(v, &m, at);
	if (value_is_array(v, m.messages, &messages_at))
		message_read_list(v, m.messages, &place);
	if (is_empty(m.messages))
		keep_others(v, json, meant, at);
	if (!person_is_known(place.peer))
		return;
	person_link(v->sink, place.peer);
	profile_saw(v, place.peer, newest_us);
	profile_add_of_thread(
	    v, place.peer, value_username(v, json_get(m.context, "username")), newest_us);
}

static void
read_threads(struct value *v, struct str array, const struct pointer *at, struct chunk_row *chunk)
{
	struct json_walk w = json_enter(array);
	struct pointer place = {at, NULL, 0};
	struct str json;

	for (; spans_element(v->spans, &w, &json); place.index++)
		if (value_is_object(v, json, &place))
			read_thread(v, json, &place, chunk);
}
