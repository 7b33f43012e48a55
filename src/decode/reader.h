/*
 * The reading of one payload: its parts, one for each account that it speaks of.
 */
#ifndef DECODE_READER_H
#define DECODE_READER_H

#include "decode/decode.h"
#include "decode/sink.h"
#include "decode/spans.h"

/* What a part tells about; bits, in the order of the names of reader.c. */
enum kind {
	KIND_HISTORY = 1,
	KIND_HISTORY_MEDIA = 2,
	KIND_ECHOES = 4,
	KIND_MESSAGES = 8,
	KIND_CONTACTS = 16,
	KIND_ACCOUNT = 32,
	KIND_SAMPLE = 64,
};

struct reader {
	struct batch *batch;
	struct payload *payload;
	const struct decode_options *options;
	const struct decode_accounts *accounts;
	struct spans spans;
	size_t most_rows; /* of the batch, with all of this payload */
	struct list names; /* struct str: distinct names of accounts, as the payload gives them */
	struct str mentioned; /* number that all its bytes mention, once has_looked */
	bool has_looked;
	struct list sinks; /* struct sink, one a part */
	unsigned repairs; /* of text around values */
};

/*
 * A value of the payload names this account (whatever --account says). False if it names more
 * than any payload does and this one is not counted.
 */
bool reader_note_name(struct reader *r, struct str name);

/* The part of the account, made if it is its first mention. */
struct sink *reader_sink(struct reader *r, const struct account *named, const char *dialect);

/* --account: what names no number is its. False for what names another: it is only counted. */
bool reader_apply_option(const struct reader *r, struct account *named);

/*
 * A reject of what no value claims: it belongs to the number that the item, else the whole payload,
 * mentions as text (rules/mention.h), else to --account, else to nobody.
 */
void reader_reject(struct reader *r, const struct pointer *at, const char *code, struct str detail,
    struct str item);

/* The provider says in a slice when the event was made: the payload was received then, unless its
 * capture says that it was earlier. */
void reader_note_received(struct reader *r, struct str time);

/* When all is read: kinds and ledger rows of the parts. */
void reader_finish(struct reader *r);

#endif
