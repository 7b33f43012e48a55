/*
 * Known payloads, decoded again for the accounts that have them. What a payload says may be
 * somebody's because --account said so when it was imported, and the ledger does not tell; it must
 * stay so.
 */
#ifndef PIPELINE_REDECODE_H
#define PIPELINE_REDECODE_H

#include "batch/accounts.h"
#include "decode/decode.h"
#include "model/batch.h"
#include "pipeline/known.h"

struct redecode;

/*
 * `o` as for decode_payload, but of its account: parts of others are left out and their accounts
 * not made, but kept in `others`; or STR_NULL. Batches name accounts of both. Of a replay the
 * payloads are stored ones, and the rows say what is known of them.
 */
struct redecode *redecode_new(struct accounts *accounts, struct accounts *others,
    const struct decode_options *o, bool is_replay);
void redecode_free(struct redecode *d); /* NULL is fine */

/*
 * Appends the parts of the payload, which is_again. An account that has it and that it names, when
 * all accounts have it that it named then, gets what an import without --account gives it, and so
 * does one that it names for the first time. Other accounts that have it were given it by
 * --account, and get what an import with it gives, as does the account of an import with --account.
 * Only if that is nothing, and it once was something, this decoder has changed its mind, and it is
 * an import without --account. What is nobody's no longer, or not the account's any more, becomes a
 * part that is_gone.
 *
 * Each account gets it as it knows it: what was captured beside copies that were given to others is
 * theirs, and so is a refusal. What is refused is linked to no onboarding.
 */
void redecode_payload(
    struct redecode *d, struct batch *b, struct payload *p, const struct ledger_rows *rows);

#endif
