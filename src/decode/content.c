/*
 * Contents: see content.h. Plain text, seven messages of ten, never becomes JSON.
 */
#include "base/count.h"
#include "rules/content.h"
#include "rules/reject_codes.h"

#include "decode/content.h"
#include "decode/fields.h"
#include "decode/rowkey.h"

/* The members of a media object, as slices. */
struct media_members {
	struct str id;
	struct str mime_type;
	struct str sha256;
	struct str filename;
	struct str url;
	struct str link;
	struct str voice;
	struct str animated;
};

static const struct field media_list[] = {
    FIELD(struct media_members, id),
    FIELD(struct media_members, mime_type),
    FIELD(struct media_members, sha256),
    FIELD(struct media_members, filename),
    FIELD(struct media_members, url),
    FIELD(struct media_members, link), /* YCloud, likewise below */
    FIELD_AS(struct media_members, "mimeType", mime_type),
    FIELD(struct media_members, voice),
    FIELD(struct media_members, animated),
};

static const struct field_table media_table = FIELD_TABLE(media_list);

static struct str read_text(
    struct value *v, const struct message *m, struct message_row *row, bool has_errors);
static struct str read_object(struct value *v, const struct message *m, struct message_row *row);
static void reject_without_file(struct value *v, const struct message *m, struct str item);
static struct str read_media(
    struct value *v, const struct message *m, struct str object, struct message_row *row);
static bool is_of_message(struct str name, struct str value);
static struct str without(
    struct arena *a, struct str object, bool (*is_left_out)(struct str name, struct str value));
static struct str with_errors(
    struct value *v, const struct message *m, struct str object, struct str errors);
static struct str extra_of(struct value *v, const struct message *m);

void
content_read(struct value *v, const struct message *m, struct message_row *row)
{
	struct str errors = value_errors(v, m->members.errors, m->at), object;
	bool has_errors = errors.ptr != NULL;

	if (str_is(m->type, "text"))
		object = read_text(v, m, row, has_errors);
	else
		object = read_object(v, m, row);
	if (has_errors || str_is(m->type, "unsupported") || str_is(m->type, "errors"))
		object = with_errors(v, m, object, errors);
	row->content = object;
	row->extra = extra_of(v, m);
}

/* The member that is called like the type. */
static struct str
object_of(struct value *v, const struct message *m)
{
	if (content_class(m->type) == CONTENT_PLACEHOLDER) /* many, and they have none */
		return m->members.media_placeholder;
	return m->type.ptr == NULL ? STR_NULL : fields_find(v->arena, m->json, m->type);
}

/* The object of the type, or whatever else the message has where that is missing. */
static struct str
read_object(struct value *v, const struct message *m, struct message_row *row)
{
	struct str object = object_of(v, m);

	if (content_class(m->type) == CONTENT_PLACEHOLDER && json_kind(object) <= JSON_NULL)
		return STR_NULL;
	if (content_is_media(m->type) && json_kind(object) != JSON_OBJECT)
		reject_without_file(v, m, m->json);
	if (json_kind(object) > JSON_NULL) {
		object = json_repaired(v->arena, object, value_repairs(v));
		if (content_is_media(m->type) && json_kind(object) == JSON_OBJECT)
			object = read_media(v, m, object, row);
		return object;
	}
	return json_repaired(v->arena, without(v->arena, m->json, is_of_message), value_repairs(v));
}

/* The body of a text; gives the object where there is more to keep than that. */
static struct str
read_text(struct value *v, const struct message *m, struct message_row *row, bool has_errors)
{
	struct str text = m->members.text, body = m->members.body;
	enum json_kind kind = json_kind(body);

	if (kind == JSON_STRING || kind == JSON_NUMBER)
		row->body = json_scalar(v->arena, body, value_repairs(v));
	if (json_kind(text) <= JSON_NULL)
		return json_repaired(
		    v->arena, without(v->arena, m->json, is_of_message), value_repairs(v));
	if (row->body.ptr != NULL && !has_errors)
		return STR_NULL;
	return json_repaired(v->arena, text, value_repairs(v));
}

/* What only tells where the file is: that differs each time it is told. */
static bool
is_of_asset(struct str name, struct str value)
{
	(void)value;
	return str_is(name, "id") || str_is(name, "url") || str_is(name, "sha256") ||
	       str_is(name, "link");
}

/* Of that, what bears a secret and leads to the file for minutes. */
static bool
is_address(struct str name, struct str value)
{
	(void)value;
	return str_is(name, "url") || str_is(name, "link");
}

/* Members of a message that are no content. */
static bool
is_of_message(struct str name, struct str value)
{
	static const char *const names[] = {"from", "from_user_id", "from_parent_user_id", "to",
	    "to_user_id", "to_parent_user_id", "id", "timestamp", "type", "context",
	    "history_context", "referral", "errors", "group_id", "status", "wamid", "wabaId",
	    "fromUserId", "fromParentUserId", "toUserId", "toParentUserId", "sendTime",
	    "createTime", "updateTime", "customerProfile"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (str_is(name, names[i]))
			return true;
	return json_kind(value) == JSON_NULL;
}

/* Writes a member behind those that are there, or the first; gives where it ends. */
static size_t
put_member(char *text, size_t len, struct str key, struct str value)
{
	text[len] = len == 0 ? '{' : ',';
	memcpy(text + len + 1, key.ptr - 1, key.len + 2);
	len += key.len + 3;
	text[len++] = ':';
	memcpy(text + len, value.ptr, value.len);
	return len + value.len;
}

/* The object without some of its members; STR_NULL without any. */
static struct str
without(struct arena *a, struct str object, bool (*is_left_out)(struct str name, struct str value))
{
	char *text = arena_alloc(a, object.len + 1);
	struct json_walk w = json_enter(object);
	struct str key, value;
	size_t len = 0;

	while (json_member(&w, &key, &value))
		if (!is_left_out(fields_key(a, key), value))
			len = put_member(text, len, key, value);
	if (len == 0)
		return STR_NULL;
	text[len++] = '}';
	return (struct str){text, len};
}

struct str
content_without_address(struct arena *a, struct str message, struct str type)
{
	char *text = arena_alloc(a, message.len + 1);
	struct json_walk w = json_enter(message);
	struct str key, value;
	size_t len = 0;

	while (json_member(&w, &key, &value)) {
		if (json_kind(value) == JSON_OBJECT && str_equal(fields_key(a, key), type)) {
			value = without(a, value, is_address);
			if (value.ptr == NULL)
				value = STR_LIT("{}");
		}
		len = put_member(text, len, key, value);
	}
	text[len++] = '}';
	return (struct str){text, len};
}

/* The message goes in; its file is lost, and said to be. */
static void
reject_without_file(struct value *v, const struct message *m, struct str item)
{
	const struct pointer at = {m->at, arena_copy(v->arena, m->type).ptr, 0};

	sink_reject(v->sink, &at, REJECT_MEDIA_ID_MISSING,
	    STR_LIT("neither an id nor a link of the file"), item);
}

static struct str
read_media(struct value *v, const struct message *m, struct str object, struct message_row *row)
{
	const struct pointer at = {m->at, arena_copy(v->arena, m->type).ptr, 0};
	unsigned repaired_already = 0;

	row->body = json_text(v->arena, json_get(object, "caption"), &repaired_already);
	if (!content_add_asset(v, m->id, object, &at))
		reject_without_file(v, m, object);
	object = without(v->arena, object, is_of_asset);
	return object.ptr == NULL ? STR_LIT("{}") : object;
}

static int8_t
flag_of(struct str slice)
{
	return json_kind(slice) != JSON_BOOL ? -1 : (int8_t)json_is_true(slice);
}

static struct str
link_of(const struct media_members *m)
{
	return json_kind(m->url) > JSON_NULL ? m->url : m->link;
}

/*
 * Of a file that has a link and no id: what stays the same when it is told again with another
 * link. A message has one file, and an edit of it another one, which has another hash.
 */
static struct str
media_id_of(struct value *v, const struct media_members *m)
{
	struct str id = value_text(v, m->id);
	char hex[SHA256_HEX_BYTES];
	struct sha256 hash;

	if (id.ptr != NULL || value_text(v, link_of(m)).ptr == NULL)
		return id;
	if (sha256_parse(value_text(v, m->sha256), &hash))
		return arena_printf(v->arena, "sha256:%s", sha256_hex(&hash, hex));
	return STR_LIT("link");
}

bool
content_add_asset(struct value *v, struct str wamid, struct str object, const struct pointer *at)
{
	struct media_members m = {0};
	struct media_asset_row *row;
	struct str media_id;

	fields_read(&media_table, v->arena, NULL, object, &m);
	media_id = media_id_of(v, &m);
	if (media_id.len > ID_MAX_BYTES) {
		sink_reject(v->sink, at, REJECT_ID_TOO_LONG,
		    STR_LIT("a media id is longer than 1,000 bytes"), object);
		return true;
	}
	if (media_id.ptr == NULL)
		return false;
	row = arena_zero(v->arena, 1, sizeof(*row));
	row->row.key = rowkey_join(v->arena, wamid, media_id);
	row->wamid = wamid;
	row->media_id = media_id;
	row->mime_type = value_text(v, m.mime_type);
	row->filename = value_text(v, m.filename);
	row->url = value_text(v, link_of(&m));
	row->has_sha256 = sha256_parse(value_text(v, m.sha256), &row->sha256);
	row->received_at_us = v->sink->part->payload->received_at_us;
	row->voice = flag_of(m.voice);
	row->animated = flag_of(m.animated);
	sink_add(v->sink, REL_MEDIA_ASSET, &row->row);
	return true;
}

/* The type as a JSON string. */
static struct str
quoted_type(struct value *v, const struct message *m)
{
	unsigned repaired_already = 0;

	if (json_kind(m->members.type) == JSON_STRING && m->members.type.len > 2)
		return json_repaired(v->arena, m->members.type, &repaired_already);
	return arena_printf(v->arena, "\"%.*s\"", STR_ARG(m->type));
}

/* What went wrong beside the object of the type, as far as they are there. */
static struct str
with_errors(struct value *v, const struct message *m, struct str object, struct str errors)
{
	bool has_object = object.ptr != NULL && !str_is(m->type, "errors");
	struct str type = has_object ? quoted_type(v, m) : STR_NULL;

	if (errors.ptr == NULL)
		return has_object
			   ? arena_printf(v->arena, "{%.*s:%.*s}", STR_ARG(type), STR_ARG(object))
			   : STR_NULL;
	if (!has_object)
		return arena_printf(v->arena, "{\"errors\":%.*s}", STR_ARG(errors));
	return arena_printf(v->arena, "{\"errors\":%.*s,%.*s:%.*s}", STR_ARG(errors), STR_ARG(type),
	    STR_ARG(object));
}

/* `,"name":` and the object, or nothing. */
static struct str
extra_member(struct value *v, const char *name, struct str slice)
{
	if (json_kind(slice) != JSON_OBJECT)
		return STR_LIT("");
	slice = json_repaired(v->arena, slice, value_repairs(v));
	return arena_printf(v->arena, ",\"%s\":%.*s", name, STR_ARG(slice));
}

static struct str
extra_of(struct value *v, const struct message *m)
{
	struct str referral = extra_member(v, "referral", m->members.referral);
	struct str product = extra_member(v, "referred_product", m->members.referred_product);
	struct str list;

	if (!m->is_forwarded && !m->is_frequently_forwarded && referral.len + product.len == 0)
		return STR_NULL;
	list = arena_printf(v->arena, "%s%s%.*s%.*s", m->is_forwarded ? ",\"forwarded\":true" : "",
	    m->is_frequently_forwarded ? ",\"frequently_forwarded\":true" : "", STR_ARG(referral),
	    STR_ARG(product));
	return arena_printf(v->arena, "{%.*s}", (int)list.len - 1, list.ptr + 1);
}
