/*
 * One payload from beginning to end: see decode.h. What its dialect is says dialect.c, what
 * its values hold value.c.
 */
#include "rules/reject_codes.h"
#include "rules/text.h"

#include "decode/decode.h"
#include "decode/dialect.h"
#include "decode/reader.h"

static void reject_whole(struct reader *r);
static void read_document(struct reader *r);

void
decode_payload(struct batch *b, struct payload *p, const struct decode_options *o,
    const struct decode_accounts *accounts)
{
	struct reader r = {.batch = b, .payload = p, .options = o, .accounts = accounts};

	list_add(b->arena, &b->payloads, p);
	b->input_bytes += p->bytes.len;
	r.most_rows = SIZE_MAX;
	if (p->fault != NULL)
		reject_whole(&r);
	else
		read_document(&r);
	reader_finish(&r);
}

static size_t
most_rows(const struct reader *r)
{
	size_t rows = r->payload->bytes.len / DECODE_ROW_BYTES;

	return r->batch->row_count + (rows > DECODE_MOST_ROWS ? rows : DECODE_MOST_ROWS);
}

/* Whoever checked the payload may have made an outline. */
static struct spans
spans_of(struct arena *a, const struct payload *p)
{
	struct spans s = {.document = p->bytes.ptr, .outline = p->outline};

	if (!s.outline.is_known)
		(void)json_check_outline(a, p->bytes.ptr, p->bytes.len, &s.outline);
	return s;
}

/* Of one with too many rows nothing stays but that. */
static void
read_document(struct reader *r)
{
	const struct reader unread = *r;
	const struct batch before = *r->batch;

	r->most_rows = most_rows(r);
	r->spans = spans_of(r->batch->arena, r->payload);
	dialect_read(r, r->payload->bytes);
	if (!r->spans.is_closed)
		return;
	*r->batch = before;
	*r = unread;
	reader_reject(r, NULL, REJECT_TOO_MANY_ROWS,
	    STR_LIT("more than 200,000 rows, and more than one in 80 bytes"), r->payload->bytes);
}

static void
reject_whole(struct reader *r)
{
	struct payload *p = r->payload;
	struct arena *a = r->batch->arena;
	struct str detail =
	    arena_printf(a, "%.*s: %.*s", STR_ARG(p->source), STR_ARG(p->fault_text));

	/* a name of a file may be any bytes */
	reader_reject(r, NULL, p->fault, text_printable(a, detail, detail.len), p->bytes);
}
