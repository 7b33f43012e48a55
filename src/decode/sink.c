/*
 * Rows into the batch: see sink.h.
 */
#include "decode/sink.h"
#include "rules/text.h"
#include "decode/rowkey.h"

/* Enough to recognise an item, too little to be a second copy of it. */
#define EXCERPT_MAX_BYTES 200

void
sink_add(struct sink *s, enum relation relation, struct row *row)
{
	row->part = s->part_index;
	list_add(s->batch->arena, &s->batch->rows.of[relation], row);
	s->batch->row_count++;
}

void
sink_reject(
    struct sink *s, const struct pointer *at, const char *code, struct str detail, struct str item)
{
	struct arena *a = s->batch->arena;
	struct reject_row *row = arena_zero(a, 1, sizeof(*row));

	row->pointer = pointer_text(a, at);
	row->row.key = rowkey_under(a, &s->part->payload->sha256, row->pointer);
	row->code = code;
	row->detail = detail;
	row->excerpt = text_printable(a, item, EXCERPT_MAX_BYTES);
	sink_add(s, REL_REJECT, &row->row);
	s->part->counts.rejects++;
}
