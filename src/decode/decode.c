/*
 * One payload from beginning to end: see decode.h. What its dialect is says dialect.c, what
 * its values hold value.c.
 */
#include "rules/reject_codes.h"

#include "decode/decode.h"
#include "decode/dialect.h"
#include "rules/text.h"
#include "decode/reader.h"

static void reject_whole(struct reader *r);

void
decode_payload(struct batch *b, struct payload *p, const struct decode_options *o,
    const struct decode_accounts *accounts)
{
	struct reader r = {.batch = b, .payload = p, .options = o, .accounts = accounts};

	list_add(b->arena, &b->payloads, p);
	b->input_bytes += p->bytes.len;
	if (p->fault != NULL) {
		reject_whole(&r);
	} else {
		spans_find(&r.spans, b->arena, p->bytes);
		dialect_read(&r, p->bytes);
	}
	reader_finish(&r);
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
