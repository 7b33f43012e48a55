/*
 * Writes the activation of one made-up customer, as Meta delivers it (docs/PAYLOADS.md),
 * as files into a folder. Equal arguments give equal files. fixtures/activation was made by
 *   mkpayloads --seed 7 --messages 2400 --threads 40 --days 180 --out fixtures/activation
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/timestamp.h"

#include "delivery_live.h"

#define CHUNK_MESSAGES 2000 /* about what a history webhook holds */

/* ---- history -------------------------------------------------------------------------------- */

struct chunk {
	int phase;
	uint64_t order; /* from 1, across phases */
	uint64_t first;
	uint64_t count;
};

struct chunk_item {
	uint64_t index;
	uint32_t thread;
};

static int
compare_items(const void *a, const void *b)
{
	const struct chunk_item *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static struct chunk
chunk_of(const struct delivery *d, uint64_t nth)
{
	const struct phase *p = d->customer.phases;
	struct chunk chunk = {.order = nth + 1};

	while (nth >= p->chunks)
		nth -= (p++)->chunks;
	chunk.phase = (int)(p - d->customer.phases);
	chunk.first = p->first + p->count * nth / p->chunks;
	chunk.count = p->first + p->count * (nth + 1) / p->chunks - chunk.first;
	return chunk;
}

static void
begin_thread(struct delivery *d, uint32_t thread)
{
	struct json_writer *w = &d->w;

	json_begin_object(w);
	put_phone(&d->customer, w, "id", thread);
	if (is_known_by_user_id(thread)) {
		json_put_key(w, "context");
		json_begin_object(w);
		put_phone(&d->customer, w, "wa_id", thread);
		put_user_id(&d->customer, w, thread);
		put_username(&d->customer, w, thread);
		json_end_object(w);
	}
	json_put_key(w, "messages");
	json_begin_array(w);
}

static void
end_thread(struct delivery *d)
{
	json_end_array(&d->w);
	json_end_object(&d->w);
}

static void
put_threads(struct delivery *d, const struct chunk_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct message m = history_message(&d->customer, items[i].index);

		if (i == 0 || items[i].thread != items[i - 1].thread)
			begin_thread(d, items[i].thread);
		put_message(&d->customer, &d->w, &m, IN_HISTORY);
		if (i + 1 == count || items[i].thread != items[i + 1].thread)
			end_thread(d);
	}
}

static void
make_history(
    struct delivery *d, const struct chunk *chunk, const struct chunk_item *items, size_t count)
{
	struct json_writer *w = &d->w;

	begin_document(d);
	begin_change(d, "history");
	json_put_key(w, "history");
	json_begin_array(w);
	json_begin_object(w);
	json_put_key(w, "metadata");
	json_begin_object(w);
	json_put_key(w, "phase");
	json_put_int(w, chunk->phase);
	json_put_key(w, "chunk_order");
	json_put_int(w, (int64_t)chunk->order);
	json_put_key(w, "progress");
	json_put_int(w, (int64_t)(chunk->order * 100 / d->chunks));
	json_end_object(w);
	json_put_key(w, "threads");
	json_begin_array(w);
	put_threads(d, items, count);
	json_end_array(w);
	json_end_object(w);
	json_end_array(w);
	end_change(d, "history");
	end_document(d);
}

static void
deliver_chunk(
    struct delivery *d, const struct chunk *chunk, const struct chunk_item *items, size_t count)
{
	size_t step = d->is_one_message ? 1 : count;

	for (size_t i = 0; i < count; i += step) {
		make_history(d, chunk, items + i, step);
		write_document(d);
	}
}

/* The same facts as other bytes: members in another order, blanks behind commas and colons. */
static void
deliver_reordered(
    struct delivery *d, const struct chunk *chunk, const struct chunk_item *items, size_t count)
{
	struct buf compact = {0};
	bool is_string = false;

	d->customer.is_reordered = true;
	make_history(d, chunk, items, count);
	d->customer.is_reordered = false;
	compact = d->doc;
	buf_init(&d->doc, BUF_MAX);
	for (size_t i = 0; i < compact.len; i++) {
		char c = compact.ptr[i];

		if (c == '"')
			is_string = !is_string;
		buf_put_char(&d->doc, c);
		if (c == '\\')
			buf_put_char(&d->doc, compact.ptr[++i]);
		else if (!is_string && (c == ',' || c == ':'))
			buf_put_char(&d->doc, ' ');
	}
	buf_free(&compact);
	write_document(d);
}

/* The messages of this chunk, and one in a hundred of the chunk before (of the first: the last). */
static size_t
collect_items(struct delivery *d, uint64_t nth, struct chunk_item *items)
{
	const struct customer *c = &d->customer;
	struct chunk own = chunk_of(d, nth), other = chunk_of(d, (nth + d->chunks - 1) % d->chunks);
	size_t count = 0;

	for (uint64_t i = own.first; i < own.first + own.count; i++) {
		items[count++] = (struct chunk_item){i, thread_of(c, i)};
		d->facts.placeholders += kind_of(c, i) == PLACEHOLDER;
	}
	for (uint64_t i = other.first; d->chunks > 1 && i < other.first + other.count; i++) {
		if (made_up_draw(c->seed, i, OF_REPEAT) % 100 != 0)
			continue;
		items[count++] = (struct chunk_item){i, thread_of(c, i)};
		d->facts.repeated++;
	}
	qsort(items, count, sizeof(*items), compare_items);
	return count;
}

static void
deliver_history(struct delivery *d)
{
	/* a chunk and what is repeated of its neighbour; the division leaves one more than the aim
	 */
	struct chunk_item *items = calloc((size_t)2 * (CHUNK_MESSAGES + 1), sizeof(*items));

	if (items == NULL) {
		d->has_failed = true;
		err_sys(d->e, ERR_IO, "out of memory");
		return;
	}
	for (uint64_t nth = 0; nth < d->chunks; nth++) {
		struct chunk chunk = chunk_of(d, nth);
		size_t count = collect_items(d, nth, items);

		deliver_chunk(d, &chunk, items, count);
		if (nth == d->chunks / 2 && !d->is_chunks_only) {
			deliver_chunk(d, &chunk, items, count);
			deliver_reordered(d, &chunk, items, count);
		}
	}
	free(items);
}

/* ---- the plan -------------------------------------------------------------------------------- */

/* Phases as in docs/PAYLOADS.md, a tenth of the messages in the newest day. */
static void
plan_phases(struct delivery *d, int64_t days)
{
	static const int64_t bounds_d[] = {0, 1, 90, 180};
	static const unsigned shares[][3] = {{100, 0, 0}, {15, 85, 0}, {10, 55, 35}};
	struct customer *c = &d->customer;
	const unsigned *share = shares[days <= 1 ? 0 : days <= 90 ? 1 : 2];
	uint64_t first = 0, parts = 0;

	/* chunks of full size only where there are many; otherwise enough to be out of order */
	uint64_t aim = c->messages / 16 < 1 ? 1 : c->messages / 16;
	if (aim > CHUNK_MESSAGES)
		aim = CHUNK_MESSAGES;
	for (size_t i = 0; i < COUNT_OF(c->phases); i++) {
		struct phase *p = &c->phases[i];

		parts += share[i];
		p->first = first;
		p->count = c->messages * parts / 100 - first;
		p->from_s = bounds_d[i] * DAY_S + (i == 0 ? 60 : 0);
		p->until_s = (days < bounds_d[i + 1] || i == 2 ? days : bounds_d[i + 1]) * DAY_S;
		p->chunks = (p->count + aim - 1) / aim;
		if (p->chunks < 3)
			p->chunks = p->count < 3 ? p->count : 3;
		first += p->count;
		d->chunks += p->chunks;
	}
	c->live = c->messages / 100 < 60 ? 60 : c->messages / 100;
	if (d->is_chunks_only)
		c->live = 0;
	d->group = d->is_one_message ? 1 : 1 + aim / 10;
}

static int
make_folder(struct delivery *d)
{
	/* an empty one is taken, one with anything in it is not */
	if (rmdir(d->dir) != 0 && errno != ENOENT)
		return err_sys(d->e, ERR_CANNOT_CREATE, "%s", d->dir);
	if (mkdir(d->dir, 0755) != 0)
		return err_sys(d->e, ERR_CANNOT_CREATE, "%s", d->dir);
	return 0;
}

static int
deliver_all(struct delivery *d)
{
	int rc = -1;

	buf_init(&d->doc, BUF_MAX);
	buf_init(&d->lines, BUF_MAX);
	buf_init(&d->customer.scratch, BUF_MAX);
	for (int id = 0; id < LANE_COUNT; id++)
		init_lane(&d->lanes[id]);
	if (make_folder(d) != 0)
		goto out;
	deliver_history(d);
	if (!d->is_chunks_only) {
		deliver_media(d);
		deliver_live(d);
		deliver_address_book(d);
	}
	if (d->is_one_message)
		write_lines(d);
	if (!d->has_failed)
		rc = shuffle_files(d);
out:
	buf_free(&d->doc);
	buf_free(&d->lines);
	buf_free(&d->customer.scratch);
	for (int id = 0; id < LANE_COUNT; id++) {
		buf_free(&d->lanes[id].items);
		buf_free(&d->lanes[id].contacts);
	}
	return rc;
}

static void
print_facts(const struct delivery *d)
{
	const struct customer *c = &d->customer;
	const struct facts *f = &d->facts;

	printf(
	    "files=%zu documents=%zu messages=%" PRIu64 " history=%" PRIu64 " live=%" PRIu64
	    " repeated=%zu placeholders=%zu followups=%zu statuses=%zu events=%zu contacts=%zu\n",
	    f->files, f->documents, c->messages + c->live, c->messages, c->live, f->repeated,
	    f->placeholders, f->followups, f->statuses, f->events, f->contacts);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static const char usage[] =
    "usage: mkpayloads [--seed N] [--messages N] [--threads N] [--days N]\n"
    "                  [--chunks-only] [--one-message-payloads] [--in-order]\n"
    "                  [--onboarded-at RFC3339] --out DIR\n";

static bool
parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end = NULL;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *out >= min && *out <= max;
}

static int
parse_options(struct delivery *d, uint64_t *days, int argc, char **argv)
{
	static const struct option options[] = {{"seed", required_argument, NULL, 's'},
	    {"messages", required_argument, NULL, 'm'}, {"threads", required_argument, NULL, 't'},
	    {"days", required_argument, NULL, 'd'}, {"out", required_argument, NULL, 'o'},
	    {"onboarded-at", required_argument, NULL, 'a'},
	    {"one-message-payloads", no_argument, NULL, '1'}, {"in-order", no_argument, NULL, 'i'},
	    {"chunks-only", no_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};
	struct customer *c = &d->customer;
	uint64_t threads = c->threads;
	bool is_good = true;
	int option;

	while (is_good && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			is_good = parse_number(optarg, 0, UINT32_MAX, &c->seed);
		else if (option == 'm')
			is_good = parse_number(optarg, 1, 100000000, &c->messages);
		else if (option == 't')
			is_good = parse_number(optarg, 1, 1000000, &threads);
		else if (option == 'd')
			is_good = parse_number(optarg, 1, 3650, days);
		else if (option == 'a')
			c->onboarded_s = timestamp_parse(str_of(optarg)) / 1000000;
		else if (option == 'o')
			d->dir = optarg;
		else if (option == '1')
			d->is_one_message = true;
		else if (option == 'c')
			d->is_chunks_only = true;
		else if (option == 'i')
			d->is_in_order = true;
		else
			is_good = false;
	}
	c->threads = (uint32_t)threads;
	is_good = is_good && optind == argc && d->dir != NULL && c->onboarded_s > 0;
	return is_good ? 0 : err_set(d->e, ERR_USAGE, "%s", "bad arguments");
}

int
main(int argc, char **argv)
{
	struct err e = {0};
	struct delivery d = {.e = &e,
	    .customer = {.seed = 1,
		.messages = 2000,
		.threads = 40,
		.onboarded_s = 1772355600 /* 2026-03-01T09:00:00Z */}};
	uint64_t days = 180;

	if (parse_options(&d, &days, argc, argv) != 0) {
		fputs(usage, stderr);
		return ERR_USAGE;
	}
	plan_phases(&d, (int64_t)days);
	if (deliver_all(&d) != 0) {
		fprintf(stderr, "mkpayloads: %s\n", e.text);
		return (int)e.code;
	}
	print_facts(&d);
	return 0;
}
