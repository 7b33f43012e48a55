/*
 * store_apply_batch: what to do when an attempt fails. Temporary failures are tried again within
 * limits; a COMMIT without an answer is looked up; a row that the server refuses is found by
 * halving and goes to reject, so that it does not stop an account for ever.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "rules/reject_codes.h"
#include "rules/text.h"
#include "store/apply.h"

/* One value or one statement; PostgreSQL itself ends at 1 GB. */
#define BUFFER_MAX ((size_t)1 << 30)

/* Of the id of a refused row, what the reject names. */
#define NAMED_KEY_BYTES 200

/* 50 ms doubling to 2 s, the second half of it by chance: side by side runs must not keep step. */
static void
pause_before_retry(const struct store *s, unsigned attempt)
{
	long ms = attempt > 5 ? 2000 : 50L << attempt;
	struct timespec t;

	ms = ms / 2 + (long)((clock_monotonic_ms() ^ (intptr_t)s) % (ms / 2 + 1));
	t = (struct timespec){ms / 1000, ms % 1000 * 1000000};
	nanosleep(&t, NULL);
}

bool
store_may_retry(struct store *s, unsigned *tries, struct err *e)
{
	while (
	    store_is_temporary(e) && *tries < 10 && !s->is_nested && !atomic_load(&s->is_stopped)) {
		store_roll_back(s);
		pause_before_retry(s, (*tries)++);
		if (PQstatus(s->conn) == CONNECTION_OK || store_reconnect(s, e) == 0)
			return true;
	}
	return false;
}

static int
compare_ids(const void *left, const void *right)
{
	int32_t x = *(const int32_t *)left, y = *(const int32_t *)right;

	return (x > y) - (x < y);
}

static void
select_parts(struct apply *ap, size_t first, size_t end)
{
	size_t kept = 0;

	ap->first_part = first;
	ap->end_part = end;
	ap->account_count = 0;
	for (size_t i = first; i < end; i++) {
		const struct part *p = batch_part(ap->batch, i);
		int32_t id = p->account->id;

		/* mostly that of the part before: there is little to sort */
		if (!p->is_left_out &&
		    (ap->account_count == 0 || ap->accounts[ap->account_count - 1] != id))
			ap->accounts[ap->account_count++] = id;
	}
	qsort(ap->accounts, ap->account_count, sizeof(*ap->accounts), compare_ids);
	for (size_t i = 0; i < ap->account_count; i++)
		if (kept == 0 || ap->accounts[kept - 1] != ap->accounts[i])
			ap->accounts[kept++] = ap->accounts[i];
	ap->account_count = kept;
}

/*
 * Taking the account's lock exclusively waits until the old backend has finished or died (its idle
 * timeout bounds that); then the ledger knows. *is_done: all of it is there.
 */
static int
ask_ledger(struct apply *ap, bool *is_done, struct err *e)
{
	size_t unknown;

	if (store_begin(ap->store, e) != 0 ||
	    apply_lock_accounts(ap, SQL_LOCK_ACCOUNT_EXCLUSIVE, e) != 0 ||
	    apply_check_ledger(ap, &unknown, e) != 0)
		return -1;
	*is_done = unknown == 0;
	store_roll_back(ap->store);
	return 0;
}

/*
 * The parts that were ours are not "known": this run has written them. Of links, and of payloads
 * that are applied again, the ledger cannot tell: they are sent once more. That does no harm: rows
 * merge and rejects are replaced by the same; of the counts, what the first time inserted or
 * changed is in the ledger row, and the second time finds nothing to add. (Only the totals of the
 * run then call duplicate what was new.)
 */
static int
resolve_commit(struct apply *ap, bool *is_done, struct err *e)
{
	bool can_tell = false;
	int rc;
	bool *was_known = arena_alloc(ap->batch->arena, ap->batch->parts.count * sizeof(bool));

	for (size_t i = ap->first_part; i < ap->end_part; i++) {
		was_known[i] = batch_part(ap->batch, i)->is_known;
		can_tell |= !was_known[i];
	}
	rc = ask_ledger(ap, is_done, e);
	if (rc != 0)
		store_roll_back(ap->store);
	else
		ap->is_commit_unknown = false;
	for (size_t i = ap->first_part; i < ap->end_part; i++)
		batch_part(ap->batch, i)->is_known = was_known[i];
	*is_done &= can_tell && ap->before == NULL;
	return rc;
}

static int
try_once(struct apply *ap, struct err *e)
{
	bool is_done = false;

	if (PQstatus(ap->store->conn) != CONNECTION_OK && store_reconnect(ap->store, e) != 0)
		return -1;
	if (ap->is_commit_unknown && resolve_commit(ap, &is_done, e) != 0)
		return -1;
	return is_done ? 0 : apply_attempt(ap, e);
}

static int
try_for_a_while(struct apply *ap, struct err *e)
{
	int64_t deadline = clock_monotonic_ms() + (int64_t)ap->options->retry_seconds * 1000;

	for (unsigned attempt = 0;; attempt++) {
		if (try_once(ap, e) == 0)
			return 0;
		if (!store_is_temporary(e))
			return -1;
		if (ap->options->is_stopping(ap->options->state))
			return err_set(e, ERR_INTERRUPTED, "stopped");
		if (clock_monotonic_ms() > deadline) {
			e->code = PQstatus(ap->store->conn) == CONNECTION_OK ? ERR_TEMPORARY
									     : ERR_UNAVAILABLE;
			return err_hint(e,
			    "given up after %u tries in %u s; what was committed stays, "
			    "the same command goes on",
			    attempt + 1, ap->options->retry_seconds);
		}
		/* a key was there after all, or the order of COPY and INSERT met another's */
		if (strcmp(e->sqlstate, "23505") == 0 || strcmp(e->sqlstate, "40P01") == 0)
			ap->is_staged = true;
		/* the same order may meet again */
		ap->is_alone |= attempt > 1 && strcmp(e->sqlstate, "40P01") == 0;
		log_verbose("batch is sent again (%s)", e->sqlstate);
		pause_before_retry(ap->store, attempt);
	}
}

/* All rows of one part but its ledger rows, which the server must take. */
static struct list
rows_of_part(struct apply *ap, size_t index)
{
	struct list rows = {0};

	for (int relation = 0; relation < REL_PAYLOAD; relation++) {
		const struct list *l = &ap->batch->rows.of[relation];

		for (size_t i = 0; i < l->count; i++)
			if (((struct row *)l->items[i])->part == index)
				list_add(ap->batch->arena, &rows, l->items[i]);
	}
	return rows;
}

static void
skip_rows(const struct list *rows, size_t first, size_t end, bool is_skipped)
{
	for (size_t i = first; i < end; i++)
		((struct row *)rows->items[i])->is_skipped = is_skipped;
}

/* Where it stands in the lists of the batch. */
static struct row **
place_of(const struct apply *ap, const struct row *r, enum relation *relation)
{
	for (int i = 0; i < REL_COUNT; i++) {
		const struct list *l = &ap->batch->rows.of[i];

		*relation = (enum relation)i;
		for (size_t j = 0; j < l->count; j++)
			if (l->items[j] == r)
				return (struct row **)&l->items[j];
	}
	return NULL;
}

/* Of how many rows of the part with this key it has been said before. */
static size_t
refused_before(const struct apply *ap, size_t part, struct str pointer)
{
	const struct list *rejects = &ap->batch->rows.of[REL_REJECT];
	size_t count = 0;

	for (size_t i = 0; i < rejects->count; i++) {
		const struct reject_row *x = rejects->items[i];

		count += x->row.part == part && x->pointer.len >= pointer.len &&
			 memcmp(x->pointer.ptr, pointer.ptr, pointer.len) == 0;
	}
	return count;
}

static void
add_reject(struct apply *ap, enum relation relation, struct row *r, const struct err *why)
{
	struct arena *a = ap->batch->arena;
	struct reject_row *reject = arena_zero(a, 1, sizeof(*reject));
	struct part *p = batch_part(ap->batch, r->part);
	struct sha256 key_hash = sha256_of(r->key.ptr, r->key.len);
	struct str id = text_printable(a, r->key, NAMED_KEY_BYTES);
	char hex[SHA256_HEX_BYTES];
	size_t before;
	char *key;

	reject->pointer =
	    arena_printf(a, "%s:%s", relation_info(relation)->name, sha256_hex(&key_hash, hex));
	before = refused_before(ap, r->part, reject->pointer);
	if (before > 0) /* a payload may say a key twice */
		reject->pointer = arena_printf(a, "%s#%zu", reject->pointer.ptr, before);
	reject->code = REJECT_SERVER_REFUSED;
	reject->items = 1;
	reject->detail = arena_printf(a, "%s (SQLSTATE %s)", why->text, why->sqlstate);
	if (relation == REL_MESSAGE || relation == REL_MESSAGE_EVENT) /* rows know no place */
		reject->detail =
		    arena_printf(a, "%.*s: %.*s", STR_ARG(id), STR_ARG(reject->detail));
	key = arena_alloc(a, SHA256_BYTES + reject->pointer.len);
	memcpy(key, p->payload->sha256.bytes, SHA256_BYTES);
	memcpy(key + SHA256_BYTES, reject->pointer.ptr, reject->pointer.len);
	/* group 0: rejects have no waves */
	reject->row = (struct row){.key = {key, SHA256_BYTES + reject->pointer.len},
	    .part = r->part,
	    .may_be_known = true};
	list_add(a, &ap->batch->rows.of[REL_REJECT], reject);
	ap->base[r->part].rejects++;
	if (relation == REL_MESSAGE)
		ap->base[r->part].outcomes[OUTCOME_REJECTED]++;
}

/*
 * A row that the server refuses, and equal ones, which were dropped for it: those of its part are
 * refused with it, and the first of a part that is still to come takes its place.
 */
static void
refuse(struct apply *ap, struct row *r, const struct err *why)
{
	enum relation relation;
	struct row **place = place_of(ap, r, &relation), *equal;

	add_reject(ap, relation, r, why);
	for (equal = r->same; equal != NULL; equal = equal->same) {
		if (equal->part < r->part)
			continue;
		if (relation == REL_MESSAGE)
			ap->base[equal->part].outcomes[OUTCOME_DUPLICATE]--;
		if (equal->part > r->part) {
			*place = equal;
			return;
		}
		add_reject(ap, relation, equal, why);
	}
}

/* Trials, each rolled back, with only the rows [first, end) of a part: those refused get skipped.
 */
static int
find_refused(struct apply *ap, const struct list *rows, size_t first, size_t end, struct err *e)
{
	size_t middle = first + (end - first) / 2;
	int rc;

	if (first == end)
		return 0;
	skip_rows(rows, first, end, false);
	ap->is_trial = true;
	rc = try_for_a_while(ap, e);
	ap->is_trial = false;
	skip_rows(rows, first, end, true);
	if (rc == 0)
		return 0;
	if (e->code != ERR_INPUT)
		return -1;
	if (end - first == 1) {
		refuse(ap, rows->items[first], e);
		rows->items[first] = NULL;
		return 0;
	}
	return find_refused(ap, rows, first, middle, e) != 0 ||
		       find_refused(ap, rows, middle, end, e) != 0
		   ? -1
		   : 0;
}

static int
apply_without_refused(struct apply *ap, size_t index, struct err *e)
{
	struct list rows = rows_of_part(ap, index);

	skip_rows(&rows, 0, rows.count, true);
	if (find_refused(ap, &rows, 0, rows.count, e) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++)
		if (rows.items[i] != NULL)
			((struct row *)rows.items[i])->is_skipped = false;
	return try_for_a_while(ap, e);
}

/* Halves down to one part when the server refuses a row. */
static int
apply_parts(struct apply *ap, size_t first, size_t end, struct err *e)
{
	size_t middle = first + (end - first) / 2;

	select_parts(ap, first, end);
	if (try_for_a_while(ap, e) == 0)
		return 0;
	if (e->code != ERR_INPUT)
		return -1;
	log_verbose("the server refuses a row (%s): looking for it", e->sqlstate);
	if (end - first == 1)
		return apply_without_refused(ap, first, e);
	return apply_parts(ap, first, middle, e) != 0 || apply_parts(ap, middle, end, e) != 0 ? -1
											      : 0;
}

int
store_apply_batch(struct store *s, struct batch *b, const struct apply_options *o, struct err *e)
{
	struct apply ap = {.store = s, .batch = b, .options = o};
	size_t parts = b->parts.count;
	int rc;

	if (parts == 0)
		return 0;
	ap.accounts = arena_alloc(b->arena, parts * sizeof(*ap.accounts));
	ap.base = arena_alloc(b->arena, parts * sizeof(*ap.base));
	ap.staged = arena_zero(b->arena, parts, sizeof(*ap.staged));
	ap.is_selected = arena_zero(b->arena, parts, sizeof(*ap.is_selected));
	ap.is_late = arena_zero(b->arena, parts, sizeof(*ap.is_late));
	for (size_t i = 0; i < parts; i++) {
		const struct part *p = batch_part(b, i);

		ap.base[i] = p->counts;
		if (p->payload->is_again && ap.before == NULL)
			ap.before = arena_zero(b->arena, parts, sizeof(*ap.before));
	}
	buf_init(&ap.rows, BUFFER_MAX);
	buf_init(&ap.counted.json, BUFFER_MAX);
	buf_init(&ap.text, BUFFER_MAX);
	ap.encode = (struct encode_context){b, o, ap.before, &ap.counted};
	rc = apply_parts(&ap, 0, parts, e);
	if (rc != 0 && e->code == ERR_INPUT)
		e->code = ERR_BUG; /* refused, but not for a row that can be left out */
	buf_free(&ap.rows);
	buf_free(&ap.counted.json);
	buf_free(&ap.text);
	return rc;
}
