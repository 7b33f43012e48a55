/*
 * Tables of members that tell payloads and wrappers: see wrapper.h.
 */
#include <strings.h>

#include "base/count.h"
#include "base/json.h"
#include "rules/wrapper.h"

#define BIT(kind) (1u << (kind))
#define CONTAINER (BIT(JSON_OBJECT) | BIT(JSON_ARRAY))
#define ANY (CONTAINER | BIT(JSON_STRING))
#define NAME(text) \
	{ \
		text, sizeof(text) - 1 \
	}

/* Who holds one of these, of that kind, is a payload itself. */
static const struct {
	struct str name;
	unsigned kinds;
} payload_members[] = {
    {NAME("entry"), CONTAINER}, {NAME("changes"), CONTAINER}, {NAME("value"), CONTAINER},
    {NAME("history"), CONTAINER}, {NAME("state_sync"), CONTAINER}, {NAME("messages"), CONTAINER},
    {NAME("message_echoes"), CONTAINER}, {NAME("statuses"), CONTAINER},
    {NAME("whatsAppWebhookEntry"),
	BIT(JSON_STRING) | BIT(JSON_OBJECT)}, /* AWS: a dialect, its context names the number */
    {NAME("eventDetails"), BIT(JSON_OBJECT)}, /* 8x8: a dialect */
};

/* YCloud's and Kapso's events: {"type": "whatsapp.smb.history", …} */
#define EVENT_TYPE_PREFIX STR_LIT("\"whatsapp.")

/*
 * Where a payload may lie. `is_body`: a form of the body of one request, of which the first counts
 * in which one does. `is_certain`: the member of a wrapper that holds nothing else, so what is no
 * payload in it is a broken one.
 */
static const struct place {
	struct str name;
	unsigned kinds;
	bool is_body;
	bool is_certain;
} places[] = {
    {NAME("body_base64"), BIT(JSON_STRING), true, true},
    /* captures; Lambda, n8n and others likewise; SQS as Lambda gets it */
    {NAME("body"), ANY, true, true},
    {NAME("body_params"), ANY, true, false},
    {NAME("payload"), ANY, false, false},
    {NAME("data"), ANY, false, false},
    {NAME("Message"), BIT(JSON_STRING), false, true}, /* SNS, see is_place */
    {NAME("Body"), BIT(JSON_STRING), false, true}, /* SQS as its API gives it */
    {NAME("Records"), BIT(JSON_ARRAY), false, false}, /* SQS and SNS as Lambda gets them */
    {NAME("Messages"), BIT(JSON_ARRAY), false, false}, /* SQS as its API gives them */
    {NAME("Sns"), BIT(JSON_OBJECT), false, false},
};
_Static_assert(COUNT(places) == WRAPPER_PLACES, "wrapper.h says how many");

/* Who holds all of one line is a line of our own archives, messages.jsonl or
 * message_versions.jsonl: a text of a customer, which may be any, is its `body`. */
static const struct own_member {
	struct str name;
	unsigned lines; /* a bit each */
} own_members[] = {{NAME("wamid"), 3}, {NAME("thread_id"), 1}, {NAME("conversation_id"), 1},
    {NAME("content_sha256"), 2}, {NAME("stream"), 2}};
#define OWN_COUNT 3 /* of each line */

/* The members of one object, as far as they matter here. */
struct members {
	bool is_payload;
	bool has_event; /* `event` is a string, see is_360dialog */
	bool is_notification; /* SNS: `Type` */
	bool is_base64; /* Lambda: `isBase64Encoded` */
	unsigned own[2]; /* members of each line of own_members */
	struct str found[COUNT(places)];
	struct str headers;
	struct str received_at;
	struct str timestamp;
};

static bool leads(struct str value, unsigned depth);
static bool is_value(struct str object);

static bool
has_kind(struct str value, unsigned kinds)
{
	return (BIT(json_kind(value)) & kinds) != 0;
}

/*
 * Keys are compared as they stand, for each payload passes here: one that is written with escapes
 * is none of ours.
 */

/* Looks at no more of the value than its first byte: behind it may stand all of a payload. */
static bool
is_payload_member(struct str key, const struct json_walk *w)
{
	const char *at = w->at;

	while (at < w->end && (*at == ':' || (unsigned char)*at <= ' '))
		at++;
	for (size_t i = 0; i < COUNT(payload_members); i++)
		if (str_equal(key, payload_members[i].name))
			return has_kind((struct str){at, at < w->end}, payload_members[i].kinds);
	return false;
}

static bool
is_event_type(struct str value)
{
	const struct str prefix = EVENT_TYPE_PREFIX;

	return value.len > prefix.len && memcmp(value.ptr, prefix.ptr, prefix.len) == 0;
}

static void
note_place(struct members *m, struct str key, struct str value)
{
	for (size_t i = 0; i < COUNT(places); i++)
		if (str_equal(key, places[i].name)) {
			m->found[i] = has_kind(value, places[i].kinds) ? value : STR_NULL;
			return;
		}
}

/* Is it, with this member, a line of our own? */
static bool
note_own(struct members *m, struct str key)
{
	for (size_t i = 0; i < COUNT(own_members); i++)
		for (unsigned line = 0; line < 2; line++)
			m->own[line] += (own_members[i].lines >> line & 1) != 0 &&
					str_equal(key, own_members[i].name);
	return m->own[0] == OWN_COUNT || m->own[1] == OWN_COUNT;
}

static void
note_member(struct members *m, struct str key, struct str value)
{
	m->is_payload |= note_own(m, key);
	if (str_equal(key, STR_LIT("type")))
		m->is_payload |= is_event_type(value);
	else if (str_equal(key, STR_LIT("event")))
		m->has_event = json_kind(value) == JSON_STRING;
	else if (str_equal(key, STR_LIT("Type")))
		m->is_notification = str_equal(value, STR_LIT("\"Notification\""));
	else if (str_equal(key, STR_LIT("isBase64Encoded")))
		m->is_base64 = json_is_true(value);
	else if (str_equal(key, STR_LIT("headers")))
		m->headers = value;
	else if (str_equal(key, STR_LIT("received_at")))
		m->received_at = value;
	else if (str_equal(key, STR_LIT("Timestamp")))
		m->timestamp = value;
	else
		note_place(m, key, value);
}

static void
read_members(struct str object, struct members *m)
{
	struct json_walk w = json_enter(object);
	struct str key, value;

	*m = (struct members){0};
	while (!m->is_payload && json_element(&w, &key)) {
		key = (struct str){key.ptr + 1, key.len - 2};
		m->is_payload = is_payload_member(key, &w);
		if (!m->is_payload && json_element(&w, &value))
			note_member(m, key, value);
	}
}

/* {id, event, data}: `data` holds a value's members. A logger's `data` beside its own event is
 * text, or holds what goes around values. */
static bool
is_360dialog(const struct members *m, struct str data)
{
	return m->has_event && json_kind(data) == JSON_OBJECT && is_value(data);
}

/* Can the member hold a payload, as its neighbours are? */
static bool
is_place(const struct members *m, size_t i)
{
	if (m->found[i].ptr == NULL)
		return false;
	if (str_is(places[i].name, "Message"))
		return m->is_notification;
	return !str_is(places[i].name, "data") || !is_360dialog(m, m->found[i]);
}

/* Does the text in the string begin like an object or array, behind a BOM and white space? */
static bool
begins_like_json(struct str string)
{
	static const char *const skipped[] = {
	    " ", "\\n", "\\r", "\\t", "\\ufeff", "\\uFEFF", "\xEF\xBB\xBF"};
	struct str s = {string.ptr + 1, string.len - 2};
	size_t i = 0;

	while (i < COUNT(skipped)) {
		size_t len = strlen(skipped[i]);

		if (s.len < len || memcmp(s.ptr, skipped[i], len) != 0) {
			i++;
			continue;
		}
		s = (struct str){s.ptr + len, s.len - len};
		i = 0;
	}
	return s.len > 0 && (*s.ptr == '{' || *s.ptr == '[');
}

static bool
is_base64(const struct members *m, size_t i)
{
	return str_is(places[i].name, "body_base64") ||
	       (m->is_base64 && str_is(places[i].name, "body"));
}

/* Does a payload lie in the member? */
static bool
is_leading_place(const struct members *m, size_t i, unsigned depth)
{
	return is_place(m, i) && (is_base64(m, i) || leads(m->found[i], depth));
}

static bool
has_leading_place(const struct members *m, unsigned depth)
{
	size_t i = 0;

	while (i < COUNT(places) && !is_leading_place(m, i, depth))
		i++;
	return i < COUNT(places);
}

/* Does it hold a list of a value itself? */
static bool
is_value(struct str object)
{
	static const char *const lists[] = {
	    "history", "state_sync", "messages", "message_echoes", "statuses"};

	for (size_t i = 0; i < COUNT(lists); i++)
		if (has_kind(json_get(object, lists[i]), CONTAINER))
			return true;
	return false;
}

static bool
object_leads(struct str object, unsigned depth)
{
	struct members m;

	read_members(object, &m);
	if (m.is_payload || has_leading_place(&m, depth))
		return true;
	return m.has_event && json_kind(json_get(object, "data")) == JSON_OBJECT;
}

/* Does a payload lie here, as far as can be told without unwrapping? */
static bool
leads(struct str value, unsigned depth)
{
	struct json_walk w = json_enter(value);
	struct str element;

	switch (json_kind(value)) {
	case JSON_STRING:
		return begins_like_json(value);
	case JSON_OBJECT:
		return depth < WRAPPER_MAX_DEPTH && object_leads(value, depth + 1);
	case JSON_ARRAY:
		while (depth < WRAPPER_MAX_DEPTH && json_element(&w, &element))
			if (json_kind(element) == JSON_OBJECT && leads(element, depth + 1))
				return true;
		return false;
	default:
		return false;
	}
}

/* Those in which payloads lie; else what can hold nothing else. Gives how many. */
static size_t
find_places(const struct members *m, size_t found[COUNT(places)])
{
	bool has_body = false;
	size_t count = 0;

	for (size_t i = 0; i < COUNT(places); i++) {
		/* with its headers it is the capture of one request: what else there is are copies
		 */
		if (has_body && (places[i].is_body || m->headers.ptr != NULL))
			continue;
		if (!is_leading_place(m, i, 0))
			continue;
		found[count++] = i;
		has_body |= places[i].is_body;
	}
	for (size_t i = 0; i < COUNT(places) && count == 0; i++)
		if (places[i].is_certain && is_place(m, i))
			found[count++] = i;
	return count;
}

static enum wrapper_form
form_of(const struct members *m, size_t place)
{
	if (json_kind(m->found[place]) != JSON_STRING)
		return WRAPPER_VALUE;
	return is_base64(m, place) ? WRAPPER_BASE64 : WRAPPER_TEXT;
}

size_t
wrapper_find(struct str object, struct wrapper out[WRAPPER_PLACES])
{
	size_t found[COUNT(places)], count;
	struct members m;

	read_members(object, &m);
	if (m.is_payload)
		return 0;
	count = find_places(&m, found);
	for (size_t i = 0; i < count; i++)
		out[i] = (struct wrapper){
		    .form = form_of(&m, found[i]),
		    .member = places[found[i]].name.ptr,
		    .inner = m.found[found[i]],
		    .headers = m.headers,
		    .received_at = m.is_notification ? m.timestamp : m.received_at,
		};
	return count;
}

static bool
is_header(struct str key, const char *name)
{
	size_t len = strlen(name);

	return json_kind(key) == JSON_STRING && key.len == len + 2 &&
	       strncasecmp(key.ptr + 1, name, len) == 0;
}

/* {name: value} */
static struct str
find_member(struct str headers, const char *name)
{
	struct json_walk w = json_enter(headers);
	struct str key, value, found = STR_NULL;

	while (json_element(&w, &key) && json_element(&w, &value))
		if (is_header(key, name))
			found = value;
	return found;
}

/* [name, value] or {name, value} */
static struct str
find_pair(struct str pair, const char *name)
{
	struct json_walk w = json_enter(pair);
	struct str key = STR_NULL, value = STR_NULL;

	if (json_kind(pair) == JSON_OBJECT) {
		key = json_get(pair, "name");
		value = json_get(pair, "value");
	} else if (!json_element(&w, &key) || !json_element(&w, &value)) {
		return STR_NULL;
	}
	return is_header(key, name) ? value : STR_NULL;
}

struct str
wrapper_header(struct str headers, const char *name)
{
	struct json_walk w;
	struct str found = STR_NULL, pair;

	if (json_kind(headers) == JSON_OBJECT)
		found = find_member(headers, name);
	else
		for (w = json_enter(headers); found.ptr == NULL && json_element(&w, &pair);)
			found = find_pair(pair, name);
	if (json_kind(found) == JSON_ARRAY) {
		w = json_enter(found);
		if (!json_element(&w, &found))
			return STR_NULL;
	}
	return json_kind(found) == JSON_STRING ? found : STR_NULL;
}
