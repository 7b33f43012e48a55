/*
 * Unwrapping, member by member and element by element: see unwrapper.h.
 */
#include <string.h>

#include "base/base64.h"
#include "base/json.h"
#include "base/space.h"
#include "model/time.h"
#include "rules/reject_codes.h"
#include "rules/signature.h"
#include "rules/text.h"
#include "rules/timestamp.h"
#include "rules/wrapper.h"
#include "source/unwrapper.h"

/* Longer ones are no signatures; they are cut for the ledger. */
#define SIGNATURE_MAX_BYTES 200

/* What is known on the way in. A copy goes down, so that neighbours do not meet. */
struct finding {
	struct payload observed; /* source, received_at_us, signature, signature_header */
	const char *member; /* that holds the text in hand */
	unsigned depth; /* wrappers and arrays around it */
};

static void open_value(struct unwrapper *u, struct str value, const struct finding *f);

void
unwrapper_init(struct unwrapper *u, const struct unwrapper_options *o)
{
	*u = (struct unwrapper){.options = *o, .arena = arena_new()};
}

void
unwrapper_free(struct unwrapper *u)
{
	arena_free(u->arena);
	u->arena = NULL;
}

bool
unwrapper_take(struct unwrapper *u, const struct payload *document)
{
	struct finding f = {.observed = *document};

	struct wrapper ignored[WRAPPER_PLACES];

	if (document->fault != NULL || json_kind(document->bytes) != JSON_OBJECT ||
	    wrapper_find(document->bytes, ignored) == 0)
		return false;
	arena_reset(u->arena);
	u->waiting = (struct list){0};
	u->given = 0;
	f.observed.source = arena_copy(u->arena, document->source);
	f.observed.signature_header = arena_copy(u->arena, document->signature_header);
	open_value(u, arena_copy(u->arena, document->bytes), &f);
	return true;
}

bool
unwrapper_next(struct unwrapper *u, struct arena *a, struct payload *out)
{
	if (u->given == u->waiting.count)
		return false;
	*out = *(const struct payload *)u->waiting.items[u->given++];
	out->bytes = arena_copy(a, out->bytes);
	payload_keep_texts(a, out);
	return true;
}

static struct str
trim(struct str text)
{
	return space_trim(space_skip_mark(text));
}

/* Headers as JSON, or as JSON in a string. */
static struct str
headers_of(struct arena *a, struct str headers)
{
	struct str text = json_bytes(a, headers);
	struct json_check check;

	if (text.ptr == NULL)
		return headers;
	text = trim(text);
	check = json_check(text.ptr, text.len);
	return check.fault == JSON_OK && check.end == text.len ? text : STR_NULL;
}

void
unwrapper_observe(const struct unwrapper *u, struct arena *a, struct str headers, struct str body,
    struct payload *observed)
{
	headers = headers_of(a, headers);
	for (size_t i = 0; i < signature_header_count; i++) {
		struct str value = json_bytes(a, wrapper_header(headers, signature_headers[i]));
		enum signature found;

		if (value.ptr == NULL)
			continue;
		found = signature_check(i, value, u->options.app_secret, body);
		if (found <= observed->signature)
			continue;
		observed->signature = found;
		observed->signature_header = text_printable(a, value, SIGNATURE_MAX_BYTES);
	}
}

void
unwrapper_judge(const struct unwrapper *u, struct payload *p)
{
	if (!u->options.requires_signature || p->fault != NULL || p->signature == SIGNATURE_VALID)
		return;
	p->fault = REJECT_SIGNATURE_NOT_VALID;
	p->fault_text = str_of(signature_refusal(p->signature));
}

static void
add(struct unwrapper *u, struct str bytes, const struct finding *f)
{
	struct payload *p = arena_alloc(u->arena, sizeof(*p));

	*p = f->observed;
	payload_set_bytes(p, bytes);
	list_add(u->arena, &u->waiting, p);
}

static void
add_faulty(struct unwrapper *u, struct str bytes, const char *fault, struct str text,
    const struct finding *f)
{
	struct finding broken = *f;

	broken.observed.fault = fault;
	broken.observed.fault_text = text;
	add(u, bytes, &broken);
}

/* The text of a member: one document, or a fault. */
static void
open_text(struct unwrapper *u, struct str text, const struct finding *f)
{
	struct str document = trim(text);
	size_t before = (size_t)(document.ptr - text.ptr);
	struct json_check check;

	if (document.len == 0) {
		add_faulty(u, document, REJECT_EMPTY,
		    arena_printf(
			u->arena, "\"%s\" holds nothing, or nothing but white space", f->member),
		    f);
		return;
	}
	if (*document.ptr != '{' && *document.ptr != '[') {
		add_faulty(u, document, REJECT_NOT_JSON,
		    arena_printf(u->arena,
			"neither an object nor an array begins at byte %zu of the text in \"%s\"",
			before, f->member),
		    f);
		return;
	}
	check = json_check(document.ptr, document.len);
	if (check.fault == JSON_OK && check.end == document.len) {
		open_value(u, document, f);
		return;
	}
	if (check.fault == JSON_OK) /* and something behind it */
		check.fault = JSON_SYNTAX;
	add_faulty(u, document, reject_code_of_json(check.fault),
	    arena_printf(u->arena, "%s at byte %zu of the text in \"%s\"",
		json_fault_text(check.fault), before + check.end, f->member),
	    f);
}

/* Of several times the earlier; TIME_NONE is no time. */
static int64_t
earlier(int64_t a, int64_t b)
{
	if (a == TIME_NONE || b == TIME_NONE)
		return a == TIME_NONE ? b : a;
	return a < b ? a : b;
}

static void
open_wrapper(struct unwrapper *u, const struct wrapper *w, const struct finding *f)
{
	unsigned repairs = 0;
	struct str time = json_scalar(u->arena, w->received_at, &repairs);
	struct str body = w->form == WRAPPER_VALUE ? w->inner : json_bytes(u->arena, w->inner);
	struct finding inner = *f;

	inner.depth++;
	inner.member = w->member;
	inner.observed.received_at_us =
	    earlier(f->observed.received_at_us, timestamp_parse_noted(time));
	if (w->form == WRAPPER_BASE64) {
		struct str bytes = base64_decode(u->arena, body);

		if (bytes.ptr == NULL) {
			add_faulty(u, body, REJECT_NOT_JSON,
			    arena_printf(u->arena, "\"%s\" is no base64", w->member), &inner);
			return;
		}
		body = bytes;
	}
	unwrapper_observe(u, u->arena, w->headers, body, &inner.observed);
	if (w->form == WRAPPER_VALUE)
		open_value(u, body, &inner);
	else
		open_text(u, body, &inner);
}

static void
open_elements(struct unwrapper *u, struct str array, const struct finding *f)
{
	struct json_walk w = json_enter(array);
	struct finding element = *f;
	struct str value;

	element.depth++;
	for (size_t i = 0; json_element(&w, &value); i++) {
		element.observed.source =
		    arena_printf(u->arena, "%.*s[%zu]", STR_ARG(f->observed.source), i);
		open_value(u, value, &element);
	}
}

/*
 * Checked JSON. What lies too deep, or is no wrapper, is the payload: it is kept with its bytes,
 * and its reject says that its shape is unknown.
 */
static void
open_value(struct unwrapper *u, struct str value, const struct finding *f)
{
	struct json_walk w = json_enter(value);
	struct wrapper wrappers[WRAPPER_PLACES];
	struct str element;
	size_t count = 0;

	if (f->depth < WRAPPER_MAX_DEPTH && json_kind(value) == JSON_ARRAY &&
	    json_element(&w, &element)) {
		open_elements(u, value, f);
		return;
	}
	if (f->depth < WRAPPER_MAX_DEPTH && json_kind(value) == JSON_OBJECT)
		count = wrapper_find(value, wrappers);
	if (count == 0)
		add(u, value, f);
	for (size_t i = 0; i < count; i++)
		open_wrapper(u, &wrappers[i], f);
}
