/*
 * Worlds: see world.h. Who there is, what happened, and how the items are put into documents.
 */
#include <inttypes.h>

#include "maker.h"

/* Messages lie around these; the same chunk numbers come under both. */
const char *const world_activations[MAX_ACTIVATIONS] = {
    "2026-03-01T09:00:00Z", "2026-04-10T09:00:00Z"};
#define FIRST_ONBOARDED_S 1772355600 /* 2026-03-01T09:00:00Z */
#define DAY_S 86400

static const char *const clocks[] = {
    "2026-03-01T10:00:00Z", "2026-03-02T09:00:00Z", "2026-03-09T00:00:00Z", "2026-04-12T00:00:00Z"};

static const struct {
	const char *field;
	const char *array;
} lanes[LANES] = {
    [IN_HISTORY] = {"history", "history"},
    [IN_MEDIA] = {"history", "messages"},
    [IN_MEDIA_OUT] = {"history", "message_echoes"},
    [IN_ECHOES] = {"smb_message_echoes", "message_echoes"},
    [IN_LIVE] = {"messages", "messages"},
    [IN_STATUSES] = {"messages", "statuses"},
    [IN_BOOK] = {"smb_app_state_sync", "state_sync"},
};

/* What is being written: one document, which holds changes. */
struct sheet {
	struct maker *m;
	struct buf b;
	struct json_writer w;
	int activation;
	bool is_bare; /* a value by itself */
};

/* ---- who and what ---------------------------------------------------------------------------- */

static void
make_people(struct maker *m)
{
	/* Brazil, Mexico, Argentina, and numbers of one form */
	static const char *const forms[][2] = {{"5511985500001", "551185500001"},
	    {"551185500001", "5511985500001"}, {"5215550000001", "525550000001"},
	    {"5491155500001", "541155500001"}, {"15550102030", "15550102030"},
	    {"15550102031", "15550102031"}, {"15550102032", "15550102032"},
	    {"15559999999", "15550102030"}};

	m->person_count = 1 + (unsigned)draw(m, MAX_PEOPLE);
	for (unsigned i = 0; i < m->person_count; i++) {
		struct someone *p = &m->people[i];
		uint64_t form = draw(m, COUNT_OF(forms));

		p->forms[0] = forms[form][0];
		p->forms[1] = forms[form][1];
		/* now and then two of them share one */
		if (chance(m, 60))
			snprintf(p->user_id, sizeof(p->user_id), "US.1349120865530%u",
			    (unsigned)draw(m, m->person_count + 1));
	}
}

static void
make_messages(struct maker *m)
{
	m->message_count = 5 + (unsigned)draw(m, chance(m, 10) ? 56 : 12);
	m->event_ids = 1 + m->message_count / 4;
	for (unsigned i = 0; i < m->message_count; i++) {
		struct happened *h = &m->messages[i];
		/* one key in two conversations, and in two directions, too */
		uint64_t key = i > 0 && chance(m, 6) ? draw(m, i) : i;

		made_up_key(m->seed, key, h->key);
		if (chance(m, 4))
			memcpy(h->key, "1234567890", 11); /* too short to be one */
		h->person = (unsigned)draw(m, m->person_count);
		h->is_outbound = chance(m, 45);
		h->has_twin = chance(m, 40);
		h->is_opaque = chance(m, 5);
		h->at_s = FIRST_ONBOARDED_S - (int64_t)draw(m, 30) * DAY_S +
			  (int64_t)draw(m, 40) * DAY_S * (int64_t)draw(m, 2) +
			  (int64_t)draw(m, 5) * 30;
		h->kind = (unsigned)draw(m, content_kinds());
		h->reply_to = chance(m, 20) ? (int)draw(m, m->message_count) : -1;
	}
}

/* ---- documents ------------------------------------------------------------------------------- */

static void
put_metadata(struct sheet *s)
{
	json_put_key(&s->w, "metadata");
	json_begin_object(&s->w);
	put_member(
	    &s->w, "display_phone_number", chance(s->m, 20) ? "+1 555-000-0001" : BUSINESS_PHONE);
	put_member(&s->w, "phone_number_id", PHONE_NUMBER_ID);
	json_end_object(&s->w);
}

static void
begin_sheet(struct sheet *s, struct maker *m, int activation, bool is_bare)
{
	*s = (struct sheet){.m = m, .activation = activation, .is_bare = is_bare};
	buf_init(&s->b, DOCUMENT_MAX);
	s->w = (struct json_writer){.out = &s->b};
	json_begin_object(&s->w);
	if (is_bare)
		return;
	put_member(&s->w, "object", "whatsapp_business_account");
	json_put_key(&s->w, "entry");
	json_begin_array(&s->w);
	json_begin_object(&s->w);
	put_member(&s->w, "id", WABA_ID);
	/* so no part of a document of one T equals a part of one of the other, which would belong
	 * to both */
	json_put_key(&s->w, "time");
	json_put_int(&s->w, FIRST_ONBOARDED_S + activation);
	json_put_key(&s->w, "changes");
	json_begin_array(&s->w);
}

static void
end_sheet(struct sheet *s)
{
	struct document d = {.id = s->m->world->documents.count, .activation = s->activation};

	if (!s->is_bare) {
		json_end_array(&s->w);
		json_end_object(&s->w);
		json_end_array(&s->w);
	}
	json_end_object(&s->w);
	d.bytes = arena_copy(s->m->arena, buf_str(&s->b));
	buf_free(&s->b);
	world_add(s->m->arena, s->m->world, d);
}

static void
begin_value(struct sheet *s)
{
	if (s->is_bare) {
		json_put_key(&s->w, "time");
		json_put_int(&s->w, FIRST_ONBOARDED_S + s->activation);
	} else {
		json_begin_object(&s->w);
		json_put_key(&s->w, "value");
		json_begin_object(&s->w);
	}
	put_member(&s->w, "messaging_product", "whatsapp");
	put_metadata(s);
}

static void
end_value(struct sheet *s, const char *field)
{
	if (s->is_bare)
		return;
	json_end_object(&s->w);
	put_member(&s->w, "field", field);
	json_end_object(&s->w);
}

/* Profiles of those whom the items are about, of others, of nobody. */
static void
put_contacts(struct sheet *s, struct item *const *items, size_t count)
{
	static const char *const keys[2] = {"wa_id", "user_id"};
	struct maker *m = s->m;
	struct json_writer *w = &s->w;

	if (chance(m, 30))
		return;
	json_put_key(w, "contacts");
	json_begin_array(w);
	for (size_t i = 0; i < count && !chance(m, 10); i++) {
		unsigned person =
		    chance(m, 10) ? (unsigned)draw(m, m->person_count) : items[i]->person;

		json_begin_object(w);
		json_put_key(w, "profile");
		json_begin_object(w);
		if (!chance(m, 20))
			put_quoted(m, w, "name", content_name(m, person));
		if (chance(m, 30))
			put_quoted(m, w, "username", content_name(m, person));
		json_end_object(w);
		put_person(m, w, person, keys);
		json_end_object(w);
		if (chance(m, 40))
			break;
	}
	json_end_array(w);
}

static void
put_thread(struct sheet *s, const struct item *item)
{
	static const char *const keys[2] = {"wa_id", "user_id"};
	struct maker *m = s->m;
	struct json_writer *w = &s->w;
	const struct someone *p = &m->people[item->person];

	json_begin_object(w);
	if (p->user_id[0] == '\0' || !chance(m, 25))
		put_member(w, "id", chance(m, 4) ? "" : p->forms[chance(m, 25)]);
	if (p->user_id[0] != '\0' && chance(m, 60)) {
		json_put_key(w, "context");
		json_begin_object(w);
		put_person(m, w, item->person, keys);
		if (chance(m, 40))
			put_quoted(m, w, "username", content_name(m, item->person));
		json_end_object(w);
	}
	json_put_key(w, "messages");
	json_begin_array(w);
}

/* Runs of items of one person are a thread; the same person may have another in the chunk. */
static void
put_threads(struct sheet *s, struct item *const *items, size_t count)
{
	struct json_writer *w = &s->w;

	json_put_key(w, "threads");
	json_begin_array(w);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || items[i]->person != items[i - 1]->person)
			put_thread(s, items[i]);
		json_put_raw(w, items[i]->bytes);
		if (i + 1 < count && items[i]->person == items[i + 1]->person)
			continue;
		json_end_array(w);
		json_end_object(w);
	}
	json_end_array(w);
}

static void
put_chunk(struct sheet *s, struct item *const *items, size_t count)
{
	static const char *const errors[] = {
	    "[{\"code\":2593109}]", "[{\"code\":\"2593109\"}]", "[{\"message\":\"off\"}]", "[]"};
	struct maker *m = s->m;
	struct json_writer *w = &s->w;

	json_begin_object(w);
	if (!chance(m, 6)) {
		json_put_key(w, "metadata");
		json_begin_object(w);
		if (!chance(m, 3))
			put_number(m, w, "phase", (int64_t)draw(m, 3));
		if (!chance(m, 5))
			put_number(m, w, "chunk_order", (int64_t)draw(m, 6));
		if (!chance(m, 5))
			put_number(m, w, "progress", chance(m, 40) ? 100 : (int64_t)draw(m, 101));
		json_end_object(w);
	}
	if (count == 0 || chance(m, 3)) {
		json_put_key(w, "errors");
		json_put_raw(w, str_of(DRAW_OF(m, errors)));
	}
	if (count > 0 || chance(m, 40))
		put_threads(s, items, count);
	json_end_object(w);
}

static void
put_value(struct sheet *s, struct item *const *items, size_t count)
{
	enum lane lane = items[0]->lane;
	struct json_writer *w = &s->w;

	begin_value(s);
	if (lane != IN_BOOK && lane != IN_HISTORY)
		put_contacts(s, items, count);
	json_put_key(w, lanes[lane].array);
	json_begin_array(w);
	if (lane == IN_HISTORY) {
		size_t first = chance(s->m, 20) ? draw(s->m, count + 1) : count;

		put_chunk(s, items, first);
		if (first < count)
			put_chunk(s, items + first, count - first);
	} else {
		for (size_t i = 0; i < count; i++)
			json_put_raw(w, items[i]->bytes);
	}
	json_end_array(w);
	end_value(s, lanes[lane].field);
}

/* Items of one lane and one T to the document; gives the number of those taken. */
static size_t
take_items(struct sheet *s, struct item *const *items, size_t count)
{
	size_t taken = 1, want = 1 + draw(s->m, 6);

	while (taken < count && taken < want && items[taken]->lane == items[0]->lane &&
	       items[taken]->activation == items[0]->activation)
		taken++;
	put_value(s, items, taken);
	return taken;
}

/* Lane by lane, the items of each T by themselves, for the rest in disorder. */
static void
sort_items(struct maker *m, struct item **sorted)
{
	size_t count = m->items.count, at = 0;
	size_t *order = arena_zero(m->arena, count + 1, sizeof(*order));

	prng_permute(prng_next(&m->state), order, count);
	for (int t = -1; t < MAX_ACTIVATIONS; t++)
		for (int lane = 0; lane < LANES; lane++)
			for (size_t i = 0; i < count; i++) {
				struct item *item = m->items.items[order[i]];

				if (item->activation == t && (int)item->lane == lane)
					sorted[at++] = item;
			}
}

static void
make_documents(struct maker *m)
{
	size_t count = m->items.count;
	struct item **items = arena_zero(m->arena, count + 1, sizeof(*items));
	struct sheet s;

	sort_items(m, items);
	for (size_t i = 0; i < count;) {
		bool is_bare = items[i]->lane == IN_HISTORY && chance(m, 3);

		begin_sheet(&s, m, items[i]->activation, is_bare);
		i += take_items(&s, items + i, count - i);
		while (
		    !is_bare && i < count && items[i]->activation == s.activation && chance(m, 25))
			i += take_items(&s, items + i, count - i);
		end_sheet(&s);
	}
}

/* A chunk that holds no message: of a phase without data, or of a business that declined. */
static void
make_empty_chunk(struct maker *m)
{
	struct item none = {.lane = IN_HISTORY};
	struct item *list = &none;
	struct sheet s;

	begin_sheet(&s, m, m->world->activations == 0 ? -1 : (int)draw(m, m->world->activations),
	    chance(m, 30));
	put_value(&s, &list, 0);
	end_sheet(&s);
}

/* Of a line or a file that is no payload; none of it may swallow the next line. */
static void
make_rubbish(struct maker *m)
{
	static const char *const rubbish[] = {"{not json", "{\"entry\":[{\"id\":\"cut", "{}",
	    "{\"a\":1}", "{\"field\":\"messages\",\"value\":{\"messages\":[{\"id\":\"nobodys\"}]}}",
	    "{\"entry\":[{\"id\":\"2\",\"changes\":[{\"field\":\"history\",\"value\":{}}]}]}",
	    "{\"entry\":[7,{\"changes\":[7,{}]}]}"};
	struct document d = {.bytes = str_of(DRAW_OF(m, rubbish)),
	    .id = m->world->documents.count,
	    .activation = m->world->activations == 0 ? -1 : 0};

	world_add(m->arena, m->world, d);
}

void
world_add(struct arena *a, struct world *w, struct document document)
{
	struct document *added = arena_alloc(a, sizeof(*added));

	*added = document;
	list_add(a, &w->documents, added);
}

void
world_make(struct arena *a, uint64_t seed, struct world *out)
{
	struct maker *m = arena_zero(a, 1, sizeof(*m));

	*out = (struct world){.seed = seed};
	*m = (struct maker){.arena = a, .state = prng_mix(seed), .seed = seed, .world = out};
	buf_init(&m->scratch, DOCUMENT_MAX);
	out->activations = chance(m, 30) ? 0 : chance(m, 60) ? 1 : 2;
	out->as_of = DRAW_OF(m, clocks);
	make_people(m);
	make_messages(m);
	item_make_all(m);
	make_documents(m);
	for (uint64_t n = draw(m, 3); n > 0; n--)
		make_empty_chunk(m);
	for (uint64_t n = chance(m, 20) ? 1 + draw(m, 2) : 0; n > 0; n--)
		make_rubbish(m);
	buf_free(&m->scratch);
}
