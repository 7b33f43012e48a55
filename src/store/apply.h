/*
 * Within store: the pieces of writing one batch. apply.c: one attempt, one transaction; stage.c:
 * the rows of one relation; merge.c: the merge phase; again.c: payloads that the ledger has;
 * retry.c: what to do when an attempt fails.
 */
#ifndef STORE_APPLY_H
#define STORE_APPLY_H

#include "model/batch.h"
#include "store/connection.h"
#include "store/relations.h"

/* What the ledger said of a part that is applied again. */
struct ledger_before {
	bool is_there;
	bool has_raw;
	bool is_empty; /* it gave the account no row but rejects */
	int32_t decoder_version;
	struct counts counts; /* the outcomes of messages that were used */
};

/* Those of which rows of a relation are staged, ascending; a batch may be of thousands. */
struct staged_accounts {
	int32_t *ids;
	size_t count;
};

struct apply {
	struct store *store;
	struct batch *batch;
	const struct apply_options *options;
	struct encode_context encode;

	/* what is written now: the parts [first_part, end_part) that the ledger does not know */
	size_t first_part;
	size_t end_part;
	bool is_staged; /* nothing by direct COPY: a key was there after all */
	bool is_trial; /* roll back at the end: only to learn whether the server takes the rows */
	bool is_commit_unknown;
	bool is_alone; /* after deadlocks: nobody else may write into these accounts meanwhile */
	bool is_linking; /* the rows of known parts are written as well */
	bool *is_selected; /* of each part: are its rows written now? Asked for each row */

	int32_t *accounts; /* of those parts, ascending */
	size_t account_count;
	struct counts *base; /* of each part, as decode and batch left them */
	struct ledger_before *before; /* of each part; NULL if no payload is_again */

	/* of the current attempt */
	bool has_more[REL_COUNT]; /* rows that direct COPY leaves to the stage */
	bool *is_late; /* of each part: are messages of it left to the stage? */
	bool has_merged; /* all messages have their outcome */
	bool has_stage[REL_COUNT];
	struct staged_accounts in_stage[REL_COUNT];
	uint64_t *staged; /* messages staged and not inserted, by part */
	uint64_t to_merge; /* their sum */
	int waves; /* of those of a key, at most */

	struct str *asked_keys; /* of one question, and their rows; made when one is asked */
	struct row **asked_rows;

	struct buf rows; /* COPY data on its way */
	struct counted counted;
	struct buf text; /* one statement made of a template */
};

/* One transaction; on failure it is rolled back. */
int apply_attempt(struct apply *ap, struct err *e);

/* The locks of the accounts of the parts, ascending; `how` as for store_lock_account. */
int apply_lock_accounts(struct apply *ap, enum sql how, struct err *e);

/* Marks the parts that the ledger knows, but for those applied again. *unknown is the number of
 * the others. */
int apply_check_ledger(struct apply *ap, size_t *unknown, struct err *e);

/*
 * Payloads that are applied again (again.c). Behind the accounts' locks: locks their ledger rows,
 * in order, before any row of the tables that the transaction writes, and marks their parts as
 * known.
 */
int again_lock(struct apply *ap, struct err *e);

/* Takes away what will be replaced; behind the rows of the batch, renews the ledger rows. */
int again_clear(struct apply *ap, struct err *e);
int again_renew(struct apply *ap, struct err *e);

/* Selects the parts to write, when it is known what the ledger has. */
void apply_select(struct apply *ap, bool is_linking);

/* The insert phase of one relation: new keys by COPY; then the rest, staged and inserted. */
int copy_relation(struct apply *ap, enum relation relation, struct err *e);
int stage_relation(struct apply *ap, enum relation relation, struct err *e);

/* The merge phase of everything that is staged. */
int merge_staged(struct apply *ap, struct err *e);

#endif
