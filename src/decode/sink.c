/*
 * Rows into the batch: see sink.h.
 */
#include <inttypes.h>

#include "rules/reject_codes.h"
#include "rules/text.h"

#include "decode/rowkey.h"
#include "decode/sink.h"

/* Enough to recognise an item, too little to be a second copy of it. */
#define EXCERPT_MAX_BYTES 200

void
sink_add(struct sink *s, enum relation relation, struct row *row)
{
	row->part = s->part_index;
	list_add(s->batch->arena, &s->batch->rows.of[relation], row);
	if (++s->batch->row_count > s->most_rows)
		s->spans->is_closed = true;
}

static void
add_reject(struct sink *s, struct reject_row *row)
{
	row->row.key = rowkey_under(s->batch->arena, &s->part->payload->sha256, row->pointer);
	sink_add(s, REL_REJECT, &row->row);
}

void
sink_reject(
    struct sink *s, const struct pointer *at, const char *code, struct str detail, struct str item)
{
	struct arena *a = s->batch->arena;
	struct reject_row *row;

	if (++s->part->counts.rejects > SINK_LISTED_REJECTS)
		return;
	row = arena_zero(a, 1, sizeof(*row));
	row->pointer = pointer_text(a, at);
	row->code = code;
	row->detail = detail;
	row->excerpt = text_printable(a, item, EXCERPT_MAX_BYTES);
	row->items = 1;
	add_reject(s, row);
}

void
sink_finish(struct sink *s)
{
	struct arena *a = s->batch->arena;
	uint64_t rejects = s->part->counts.rejects;
	struct reject_row *row;

	if (rejects <= SINK_LISTED_REJECTS)
		return;
	row = arena_zero(a, 1, sizeof(*row));
	row->pointer = STR_LIT("#more"); /* no place begins like it */
	row->code = REJECT_MORE;
	row->items = rejects - SINK_LISTED_REJECTS;
	row->detail = arena_printf(a, "%" PRIu64 " more items of the payload", row->items);
	add_reject(s, row);
}
