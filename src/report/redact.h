/*
 * A report that can go into a ticket: numbers, ids, names and texts become pseudonyms, the rest
 * stays true. Applied to the report itself, so that all forms say the same.
 */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

#include "base/arena.h"
#include "base/sha256.h"
#include "model/report.h"

/*
 * Account, phone number id and wamids become pseudonyms: what it is (number, message, text), a
 * hyphen and the first 12 hex digits of HMAC-SHA-256(key, it). So does every code that is not of
 * the form of the tool's own, every word of an account event that is not the platform's, and in
 * sentences every word with seven digits or with signs that the tool's own have not; sentences that
 * are made of counts, codes and times stay. Equal texts have equal pseudonyms under one key; a
 * number has one with and without its +. Hashes of contents stay hashes: their HMAC. Counts, times
 * and ranges of chunks stay.
 *
 * Nobody without the key can tell from a pseudonym whose it is, not even by trying all numbers:
 * the key has 244 random bits.
 */
void report_redact(struct arena *a, struct report *r, const struct sha256 *key);

/* What stands above a redacted report: what is promised, and what is not. */
struct str report_redaction_text(void);

#endif
