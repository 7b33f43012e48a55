/*
 * Sums of one run: see totals.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "pipeline/totals.h"
#include "rules/accounting.h"

void
totals_init(struct totals *t)
{
	*t = (struct totals){.arena = arena_new()};
	pthread_mutex_init(&t->lock, NULL);
}

void
totals_free(struct totals *t)
{
	pthread_mutex_destroy(&t->lock);
	arena_free(t->arena);
}

static void
name_source(struct totals *t, struct str source)
{
	if (t->rejecting < TOTALS_NAMED_SOURCES)
		t->sources[t->rejecting] = arena_copy(t->arena, source);
	t->rejecting++;
}

void
totals_add_known(struct totals *t, struct str source, int64_t rejects, bool is_unusable)
{
	pthread_mutex_lock(&t->lock);
	t->payloads++;
	t->known++;
	t->unusable += is_unusable;
	if (rejects > 0)
		name_source(t, source);
	pthread_mutex_unlock(&t->lock);
}

void
totals_add_repeated(struct totals *t)
{
	pthread_mutex_lock(&t->lock);
	t->payloads++;
	t->known++;
	t->repeated++;
	pthread_mutex_unlock(&t->lock);
}

static void
add_counts(struct counts *to, const struct counts *c)
{
	to->seen += c->seen;
	for (int i = 0; i < OUTCOME_COUNT; i++)
		to->outcomes[i] += c->outcomes[i];
	to->events += c->events;
	to->contacts += c->contacts;
	to->chunks += c->chunks;
	to->rejects += c->rejects;
	to->text_repaired += c->text_repaired;
	to->time_unusable += c->time_unusable;
	to->direction_unknown += c->direction_unknown;
	to->types_unknown += c->types_unknown;
	to->group_events += c->group_events;
}

/* The parts of one payload stand side by side. */
static size_t
add_payload(struct totals *t, const struct batch *b, size_t first)
{
	const struct payload *payload = payload_given(batch_part(b, first)->payload);
	bool is_known = true;
	uint64_t rejects = 0;
	size_t i, parts = 0, unusable = 0;

	for (i = first; i < b->parts.count; i++) {
		const struct part *p = batch_part(b, i);

		if (payload_given(p->payload) != payload)
			break;
		if (p->is_left_out)
			continue;
		is_known &= p->is_known;
		parts++;
		unusable += strcmp(p->kind, "unusable") == 0;
		rejects += p->counts.rejects;
		if (part_is_written(p))
			add_counts(&t->counts, &p->counts);
	}
	if (payload->is_counted)
		return i;
	t->payloads++;
	t->known += is_known;
	t->unusable += parts > 0 && unusable == parts;
	if (rejects > 0)
		name_source(t, payload->source);
	return i;
}

void
totals_add_batch(struct totals *t, const struct batch *b)
{
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < b->parts.count;)
		i = add_payload(t, b, i);
	pthread_mutex_unlock(&t->lock);
}

int
totals_check(const struct totals *t, struct str run, struct err *e)
{
	return accounting_check(&t->counts, run, e);
}

void
totals_look(struct totals *t, struct totals_figures *out)
{
	pthread_mutex_lock(&t->lock);
	*out = (struct totals_figures){
	    .payloads = t->payloads,
	    .known = t->known,
	    .unusable = t->unusable,
	    .bytes_read = atomic_load_explicit(&t->bytes_read, memory_order_relaxed),
	    .counts = t->counts,
	};
	pthread_mutex_unlock(&t->lock);
}

void
totals_write_json(struct totals *t, struct buf *out)
{
	struct totals_figures f;

	totals_look(t, &f);
	buf_printf(out,
	    "{\"payloads\":%" PRIu64 ",\"known\":%" PRIu64 ",\"unusable\":%" PRIu64
	    ",\"bytes_read\":%" PRIu64 ",\"bytes_total\":%" PRIu64 ",\"seen\":%" PRIu64,
	    f.payloads, f.known, f.unusable, f.bytes_read, t->bytes_total, f.counts.seen);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		buf_printf(out, ",\"%s\":%" PRIu64, accounting_names[i], f.counts.outcomes[i]);
	buf_printf(out,
	    ",\"events\":%" PRIu64 ",\"contacts\":%" PRIu64 ",\"chunks\":%" PRIu64
	    ",\"rejects\":%" PRIu64 ",\"text_repaired\":%" PRIu64 ",\"time_unusable\":%" PRIu64
	    ",\"direction_unknown\":%" PRIu64 ",\"types_unknown\":%" PRIu64
	    ",\"group_events\":%" PRIu64 "}",
	    f.counts.events, f.counts.contacts, f.counts.chunks, f.counts.rejects,
	    f.counts.text_repaired, f.counts.time_unusable, f.counts.direction_unknown,
	    f.counts.types_unknown, f.counts.group_events);
}

static void
print_rejecting(const struct totals *t)
{
	uint64_t named = t->rejecting < TOTALS_NAMED_SOURCES ? t->rejecting : TOTALS_NAMED_SOURCES;

	if (t->rejecting == 0)
		return;
	log_warn("payloads with items that cannot be used: %" PRIu64 "; %s:", t->rejecting,
	    t->are_stored ? "coexsync reject list says where and why, coexsync help rejects what "
			    "to do"
			  : "coexsync inspect says of the same sources where, why and what to do");
	for (uint64_t i = 0; i < named; i++)
		log_warn("  %.*s", STR_ARG(t->sources[i]));
	if (named < t->rejecting)
		log_warn("  and %" PRIu64 " more", t->rejecting - named);
}

void
totals_print(const struct totals *t)
{
	printf("payloads %" PRIu64 ": %" PRIu64 " new, %" PRIu64 " known, %" PRIu64 " unusable\n",
	    t->payloads, t->payloads - t->known, t->known, t->unusable);
	printf("messages seen %" PRIu64 " =", t->counts.seen);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		printf("%s %" PRIu64 " %s", i == 0 ? "" : " +", t->counts.outcomes[i],
		    accounting_names[i]);
	printf("\nevents %" PRIu64 ", contacts %" PRIu64 ", chunks %" PRIu64 ", rejects %" PRIu64
	       "\n",
	    t->counts.events, t->counts.contacts, t->counts.chunks, t->counts.rejects);
	if (t->counts.types_unknown > 0)
		printf("unknown types %" PRIu64 " (kept as they came)\n", t->counts.types_unknown);
	if (t->counts.group_events > 0)
		printf("statuses of groups %" PRIu64 " (left out)\n", t->counts.group_events);
	print_rejecting(t);
}
