/*
 * How the made-up customer's activation reaches the disk: documents in Meta's
 * envelope, lanes that collect items for one value, files under shuffled names.
 */
#ifndef TOOLS_DELIVERY_H
#define TOOLS_DELIVERY_H

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"

#include "made_up_messages.h"

#define LINES_PER_FILE 10000 /* with --one-message-payloads */
#define BUF_MAX ((size_t)1 << 30)
#define NAME_MAX_BYTES 4096

enum lane_id { LIVE, STATUSES, ECHOES, MEDIA_IN, MEDIA_OUT, ADDRESS_BOOK, LANE_COUNT };

/* Items on their way into one value of a webhook. */
struct lane {
	struct buf items;
	struct buf contacts;
	struct json_writer w;
	struct json_writer contacts_w;
	size_t count;
	uint32_t last_contact; /* thread + 1 */
};

static const struct {
	const char *field;
	const char *array;
} lane_names[LANE_COUNT] = {
    [LIVE] = {"messages", "messages"},
    [STATUSES] = {"messages", "statuses"},
    [ECHOES] = {"smb_message_echoes", "message_echoes"},
    [MEDIA_IN] = {"history", "messages"},
    [MEDIA_OUT] = {"history", "message_echoes"},
    [ADDRESS_BOOK] = {"smb_app_state_sync", "state_sync"},
};

struct facts {
	size_t files, documents, repeated, placeholders, followups, statuses, events, contacts;
};

struct delivery {
	struct customer customer;
	const char *dir;
	bool is_one_message;
	bool is_chunks_only; /* history, each chunk once: no files, live traffic or contacts */
	bool is_in_order; /* files are named in the order in which they were made */
	uint64_t chunks;
	size_t group; /* items that a lane holds before it is written */
	struct buf doc;
	struct json_writer w;
	struct buf lines;
	size_t line_count;
	struct lane lanes[LANE_COUNT];
	struct facts facts;
	struct err *e;
	bool has_failed; /* the error is set; nothing more is written */
};

/* ---- files ---------------------------------------------------------------------------------- */

static void
name_file(const struct delivery *d, size_t number, const char *suffix, char out[NAME_MAX_BYTES])
{
	snprintf(out, NAME_MAX_BYTES, "%s/%04zu.%s", d->dir, number, suffix);
}

/* Under a passing name: the last one comes when the number of files is known. */
static void
write_file(struct delivery *d, struct buf *b)
{
	char name[NAME_MAX_BYTES];
	FILE *f = NULL;

	if (d->has_failed)
		return;
	name_file(d, ++d->facts.files, "part", name);
	f = fopen(name, "wb");
	if (f == NULL || !buf_is_ok(b) || fwrite(b->ptr, 1, b->len, f) != b->len) {
		err_sys(d->e, ERR_IO, "%s", name);
		d->has_failed = true;
	}
	if (f != NULL && fclose(f) != 0 && !d->has_failed) {
		err_sys(d->e, ERR_IO, "%s", name);
		d->has_failed = true;
	}
}

static void
write_lines(struct delivery *d)
{
	if (d->line_count > 0)
		write_file(d, &d->lines);
	buf_reset(&d->lines);
	d->line_count = 0;
}

static void
write_document(struct delivery *d)
{
	d->facts.documents++;
	if (!d->is_one_message) {
		write_file(d, &d->doc);
		return;
	}
	buf_put_str(&d->lines, buf_str(&d->doc));
	buf_put_char(&d->lines, '\n');
	if (++d->line_count == LINES_PER_FILE)
		write_lines(d);
}

/* So that the order of names is not the order in which things happened. */
static int
shuffle_files(struct delivery *d)
{
	const char *suffix = d->is_one_message ? "ndjson" : "json";
	size_t *order = calloc(d->facts.files + 1, sizeof(*order));
	char from[NAME_MAX_BYTES], to[NAME_MAX_BYTES];
	int rc = -1;

	if (order == NULL) {
		err_sys(d->e, ERR_IO, "out of memory");
		goto out;
	}
	prng_permute(d->customer.seed, order, d->facts.files);
	for (size_t i = 0; i < d->facts.files; i++) {
		name_file(d, i + 1, "part", from);
		name_file(d, (d->is_in_order ? i : order[i]) + 1, suffix, to);
		if (rename(from, to) != 0) {
			err_sys(d->e, ERR_IO, "%s", from);
			goto out;
		}
	}
	rc = 0;
out:
	free(order);
	return rc;
}

/* ---- envelope ------------------------------------------------------------------------------- */

static void
begin_document(struct delivery *d)
{
	struct json_writer *w = &d->w;

	buf_reset(&d->doc);
	*w = (struct json_writer){.out = &d->doc};
	json_begin_object(w);
	if (!d->customer.is_reordered)
		put_member(w, "object", "whatsapp_business_account");
	json_put_key(w, "entry");
	json_begin_array(w);
	json_begin_object(w);
	put_member(w, "id", WABA_ID);
	json_put_key(w, "changes");
	json_begin_array(w);
}

static void
end_document(struct delivery *d)
{
	struct json_writer *w = &d->w;

	json_end_array(w);
	json_end_object(w);
	json_end_array(w);
	if (d->customer.is_reordered)
		put_member(w, "object", "whatsapp_business_account");
	json_end_object(w);
}

static void
begin_change(struct delivery *d, const char *field)
{
	struct json_writer *w = &d->w;

	json_begin_object(w);
	if (d->customer.is_reordered)
		put_member(w, "field", field);
	json_put_key(w, "value");
	json_begin_object(w);
	put_member(w, "messaging_product", "whatsapp");
	json_put_key(w, "metadata");
	json_begin_object(w);
	put_member(w, "display_phone_number", BUSINESS_PHONE);
	put_member(w, "phone_number_id", PHONE_NUMBER_ID);
	json_end_object(w);
}

static void
end_change(struct delivery *d, const char *field)
{
	json_end_object(&d->w);
	if (!d->customer.is_reordered)
		put_member(&d->w, "field", field);
	json_end_object(&d->w);
}

/* ---- lanes ---------------------------------------------------------------------------------- */

static void
init_lane(struct lane *lane)
{
	buf_init(&lane->items, BUF_MAX);
	buf_init(&lane->contacts, BUF_MAX);
	lane->w = (struct json_writer){.out = &lane->items};
	lane->contacts_w = (struct json_writer){.out = &lane->contacts};
}

static void
reset_lane(struct lane *lane)
{
	buf_reset(&lane->items);
	buf_reset(&lane->contacts);
	lane->w.needs_comma = false;
	lane->contacts_w.needs_comma = false;
	lane->count = 0;
	lane->last_contact = 0;
}

static void
put_lane(struct delivery *d, enum lane_id id)
{
	struct lane *lane = &d->lanes[id];

	begin_change(d, lane_names[id].field);
	if (lane->contacts.len > 0) {
		json_put_key(&d->w, "contacts");
		json_begin_array(&d->w);
		json_put_raw(&d->w, buf_str(&lane->contacts));
		json_end_array(&d->w);
	}
	json_put_key(&d->w, lane_names[id].array);
	json_begin_array(&d->w);
	json_put_raw(&d->w, buf_str(&lane->items));
	json_end_array(&d->w);
	end_change(d, lane_names[id].field);
	reset_lane(lane);
}

static void
end_item(struct delivery *d, enum lane_id id)
{
	if (++d->lanes[id].count < d->group)
		return;
	begin_document(d);
	put_lane(d, id);
	end_document(d);
	write_document(d);
}

/* One document with several changes of different fields. */
static void
deliver_rest(struct delivery *d)
{
	bool is_empty = true;

	begin_document(d);
	for (int id = 0; id < LANE_COUNT; id++) {
		if (d->lanes[id].count == 0)
			continue;
		put_lane(d, (enum lane_id)id);
		is_empty = false;
	}
	end_document(d);
	if (!is_empty)
		write_document(d);
}

#endif
