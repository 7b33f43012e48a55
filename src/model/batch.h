/*
 * A batch: whole payloads, the rows decoded from them, and what became of them.
 */
#ifndef MODEL_BATCH_H
#define MODEL_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "model/payload.h"
#include "model/rows.h"

/* Every message seen is counted in exactly one of these. */
enum outcome {
	OUTCOME_INSERTED,
	OUTCOME_ENRICHED,
	OUTCOME_DUPLICATE,
	OUTCOME_CONFLICTING,
	OUTCOME_REJECTED,
	OUTCOME_EXCLUDED,
	OUTCOME_COUNT
};

struct counts {
	uint64_t seen; /* messages: the sum of the outcomes */
	uint64_t outcomes[OUTCOME_COUNT];
	uint64_t events;
	uint64_t contacts;
	uint64_t chunks;
	uint64_t rejects; /* of any kind, messages or not: the items of the reject rows */
	uint64_t text_repaired;
	uint64_t time_unusable;
	uint64_t direction_unknown;
	uint64_t types_unknown; /* messages of a type that is not known yet, or of none */
	uint64_t group_events; /* statuses of groups, left out */
};

struct batch;

/* The account of what names none, made by the migration. */
#define NOBODY STR_LIT("-")

/* An account as its payloads name it: see design, "account.name is a pure function". */
struct account {
	struct str name;
	struct str phone_number_id;
	struct str business_phone; /* digits */
	struct str waba_id;
	int32_t id; /* -1 until store has resolved it */
	uint32_t is_empty; /* bit 1 << relation: the table had no row of it when it was resolved */
	const struct batch *counted_in; /* the last batch that has counted it, and its round then */
	uint64_t counted_round;
};

/* What one payload says about one account; becomes one ledger row. */
struct part {
	struct payload *payload;
	struct account *account;
	struct counts counts;
	/* history, history_media, echoes, messages, contacts, account, mixed; sample (of the App
	 * Dashboard); excluded (nothing in it is of this account, which --account named); unusable
	 */
	const char *kind;
	const char *dialect;
	uint16_t accounts; /* how many accounts the payload names */
	bool has_history;
	bool is_known; /* found in the ledger: its rows are not written, unless it is_again */
	bool is_left_out; /* nothing is written: what is of other accounts is not wanted now */
	bool is_gone; /* has no rows: the payload, applied again, no longer speaks of the account */
	bool keeps_raw; /* a REL_PAYLOAD_RAW row is to have its bytes */
	const struct raw_row *frame; /* that row, if the bytes of others lie in it, too */
	uint32_t frame_offset;
};

/* Are the part's rows for the tables? */
static inline bool
part_is_written(const struct part *p)
{
	return !p->is_left_out && (!p->is_known || p->payload->is_again);
}

struct batch {
	struct arena *arena;
	struct list payloads; /* struct payload */
	struct list parts; /* struct part */
	struct row_set rows;
	uint64_t input_bytes;
	size_t row_count;
	uint64_t round; /* how often it has been emptied */
	size_t account_count; /* of the first counted_parts */
	size_t counted_parts;
};

/* By its index, as rows name it. */
static inline struct part *
batch_part(const struct batch *b, size_t index)
{
	return b->parts.items[index];
}

#endif
