/*
 * The database: verbs only. The one room with libpq; its types do not leave it. Everything runs
 * behind PgBouncer in transaction mode: no session state, no named statements, no session locks.
 * Errors: ERR_UNAVAILABLE (69), ERR_PERMISSION (77), ERR_CONFIG (78, schema), ERR_TEMPORARY (75,
 * retries exhausted), ERR_BUG for what the server should never say.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "model/batch.h"
#include "model/document.h"
#include "model/report.h"
#include "model/sink.h"
#include "rules/observation.h"

struct store; /* one connection */

/* Is there a password in this text that names a database? False if it cannot be read. */
bool store_has_password(const char *conninfo);

/* conninfo as psql takes it (URI or key=value); NULL or "" for PG* and the defaults. */
struct store *store_open(const char *conninfo, struct err *e);
void store_close(struct store *s);

/*
 * Who is asked, with `state`, before a lost connection is opened again: a server that is ours may
 * have to be started first. -1: there is no hope, nothing is tried again.
 */
struct store_reviver {
	int (*revive)(void *state, struct err *e);
	void *state;
};
void store_set_reviver(struct store *s, struct store_reviver reviver);

/*
 * Ends what the connection is doing: the statement at hand is cancelled, and later ones fail with
 * ERR_INTERRUPTED. To be called again and again: a cancel may come between two statements. From any
 * thread. store_resume takes it back.
 */
void store_cancel(struct store *s);
void store_resume(struct store *s);

/* ---- schema ------------------------------------------------------------------------------- */

/* Refuses (ERR_CONFIG) a schema that is missing, older, newer or changed. */
int store_check_schema(struct store *s, struct err *e);

/* Brings the schema to the newest version, each migration in a transaction; *applied counts them.
 */
int store_migrate_up(struct store *s, size_t *applied, struct err *e);

/* Takes the newest migration back and says which; with the first one the schema is gone. */
int store_migrate_down(struct store *s, const struct line_sink *sink, struct err *e);

/* One line a migration: version, name, applied or pending, changed. */
int store_migrate_status(struct store *s, const struct line_sink *sink, struct err *e);

/* The SQL of all migrations, for people who apply them by other means. No connection needed. */
int store_migrate_print(const struct line_sink *sink, struct err *e);

/* ---- runs --------------------------------------------------------------------------------- */

/* A run's name: 16 bytes, all zero before it has begun; a dry run never has one. */
struct run_id {
	unsigned char bytes[16];
};

bool store_is_run(const struct run_id *id);

/* As the column run_id shows it, with a NUL. */
#define STORE_RUN_TEXT_BYTES 37
char *store_run_text(const struct run_id *id, char out[STORE_RUN_TEXT_BYTES]);

/* Makes the id and the row. command is what the operator called. */
int store_begin_run(struct store *s, const char *command, struct run_id *id, struct err *e);
/* It is alive, and this far (STR_NULL: as far as was said before). */
int store_beat_run(struct store *s, const struct run_id *id, struct str counts_json, struct err *e);
int store_end_run(
    struct store *s, const struct run_id *id, int exit_code, struct str counts_json, struct err *e);

/* ---- ingest ------------------------------------------------------------------------------- */

/*
 * Accounts in a short transaction of their own: makes or updates those given (names ascending),
 * sets their id and is_empty, and, with a T, their row in activation.
 */
int store_resolve_accounts(
    struct store *s, struct list *accounts, int64_t onboarded_at_us, struct err *e);

/* What the ledger says of one payload. */
struct ledger_entry {
	struct sha256 sha256;
	int32_t account_id;
	struct str account;
	uint16_t accounts; /* how many rows make it known */
	bool has_history;
	bool is_excluded; /* --account named this account, the payload does not speak of it */
	bool is_unusable; /* nothing in it could be read */
	bool has_raw;
	int64_t rejects;
	struct observation observed; /* beside its copies so far */
};

struct hashes {
	const struct sha256 *items;
	size_t count;
};

/* The ledger's rows of these hashes, any account, sorted by hash; in `a`. */
int store_find_payloads(struct store *s, struct arena *a, const struct hashes *hashes,
    struct list *entries, struct err *e);

/* "These known payloads were given under this T", in one transaction: struct ledger_entry *, those
 * of an account together and accounts ascending. The activations must be there. */
int store_link_payloads(
    struct store *s, const struct list *entries, int64_t onboarded_at_us, struct err *e);

/*
 * After a failed call outside of store_apply_batch: may it be given again? Then it waits a moment,
 * connects again where needed, and counts *tries (0 at first; about ten seconds in all). If not, *e
 * is why: the failure of the call, or that no connection comes about.
 */
bool store_may_retry(struct store *s, unsigned *tries, struct err *e);

/* What a writer needs to know besides the batch. */
struct apply_options {
	struct run_id run;
	int32_t decoder_version;
	unsigned retry_seconds; /* how long a batch is tried again */
	bool (*is_stopping)(void *state); /* asked before a retry */
	void *state;
};

/*
 * Writes a closed batch in one transaction and fills the outcomes of its parts; part.is_known tells
 * parts that the ledger held after all, and nothing is written of them.
 *
 * Applied again: of a payload that is_again the parts that the ledger holds are written, too. Their
 * rows merge with what is there, their chunks and rejects are replaced, and of the ledger row all
 * but run and source: what this decoder reads, the earlier received_at, the better signature, and
 * counts that say what the payload has done altogether (rules/recount.h), while the outcomes of
 * the part are what was done now. Raw bytes are added where there were none. A part that is_gone
 * takes the ledger row of its account back; one that has given messages stays, as excluded. All of
 * this may be done twice, and by several at once.
 *
 * Tries again what can be tried again, finds out about a COMMIT whose answer was lost, and moves
 * rows that the server refuses to reject. On failure nothing of the batch is in the database, but
 * for payloads that were written before a refused row was found, and, where the answer to a COMMIT
 * was lost and could not be looked up, perhaps all of it. The same command finds out.
 */
int store_apply_batch(
    struct store *s, struct batch *b, const struct apply_options *o, struct err *e);

/* ---- stored payloads, again --------------------------------------------------------------- */

struct stored_query {
	struct str account; /* STR_NULL: all of them, and of nobody */
	int32_t decoder_version; /* of this program */
	bool is_all; /* else: what an older version decoded, and what holds rejected items */
};

struct stored_counts {
	int64_t outdated_without_raw; /* could be decoded again if there were bytes */
	int64_t without_raw; /* ledger rows without their bytes; too_large never had them */
	int64_t newer; /* decoded by a newer version */
};

/* Ledger rows, of one account or of all. */
int store_count_stored(
    struct store *s, const struct stored_query *q, struct stored_counts *out, struct err *e);

struct stored;

/*
 * Stored payloads, each once, in the order of (account_id, sha256), as the source gave them: with
 * the fault of a faulty one, unless its bytes are JSON to this program. Pages are statements of
 * their own on s, so others may come between; memory is that of a page of keys and some bytes. The
 * query is borrowed. Fails with ERR_IO if stored bytes are damaged.
 */
struct stored *stored_open(struct store *s, const struct stored_query *q);
struct payload_iterator stored_iterator(struct stored *t);
void stored_close(struct stored *t); /* NULL is fine */

/* May the account be rebuilt? ERR_CONFIG, and how many rows of its ledger stand against it. */
int store_check_rebuild(struct store *s, const struct stored_query *q, struct err *e);

/*
 * From here on everything that the connection writes is one transaction, which holds the account's
 * lock exclusively and finds its decoded tables empty (not media_file, activation, export, links).
 * Refuses as store_check_rebuild does; then, and after any other failure, nothing has changed.
 */
int store_begin_rebuild(struct store *s, const struct stored_query *q, struct err *e);
int store_commit_rebuild(struct store *s, struct err *e);

/* Rolls back what is not committed. */
void store_end_rebuild(struct store *s);

/* ---- payloads in a table ------------------------------------------------------------------ */

/* As store_open, for a database that is only read with store_documents: of any encoding. */
struct store *store_open_foreign(const char *conninfo, struct err *e);

/*
 * Begins the operator's query, in a transaction that reads only. The document is in the column
 * payload, body or bytes, else in the first that is none of id, received_at and headers. ERR_USAGE
 * for a query that fails, with the server's words where they hold no data; ERR_UNAVAILABLE.
 */
int store_begin_documents(struct store *s, const char *query, struct err *e);

/* Its rows, named query:ID or query:NUMBER (from 1). It fails likewise. Until store_close. */
struct document_iterator store_documents(struct store *s);

/* ---- dry runs ----------------------------------------------------------------------------- */

/*
 * From here on everything that the connection writes is one transaction. It holds the locks of
 * what it writes until store_end_dry rolls it back, and leaves dead rows behind.
 */
int store_begin_dry(struct store *s, const struct as_of *as_of, struct err *e);

/* What it would rename, put in conflict and lose of these accounts; lines for people. */
int store_list_changes(
    struct store *s, const struct list *accounts, const struct line_sink *sink, struct err *e);

void store_end_dry(struct store *s);

/* ---- activations -------------------------------------------------------------------------- */

/* One line an activation: account, time. */
int store_list_activations(
    struct store *s, struct str account, const struct line_sink *sink, struct err *e);

/* Takes a wrong T back, with its links. ERR_NO_INPUT if there is none. */
int store_drop_activation(
    struct store *s, struct str account, int64_t onboarded_at_us, struct err *e);

/* ---- rejects ------------------------------------------------------------------------------ */

/* One line a rejected item: account, payload, whole or item, code, source, place. */
int store_list_rejects(
    struct store *s, struct str account, const struct line_sink *sink, struct err *e);

/* Forgets a payload that is unusable as a whole: somebody has it better. account STR_NULL: of all.
 * ERR_NO_INPUT if there is none, ERR_USAGE for one that is usable. */
int store_drop_unusable(
    struct store *s, struct str account, const struct sha256 *hash, struct err *e);

/* ---- questions ---------------------------------------------------------------------------- */

/* Names of all accounts but "-" that have payloads, ascending, as struct str *; in `a`. */
int store_list_accounts(struct store *s, struct arena *a, struct list *names, struct err *e);

/* ERR_NO_INPUT if there is none of that name. */
int store_check_account(struct store *s, struct str name, struct err *e);

struct report_query {
	struct str account;
	struct as_of as_of;
	bool is_of_account_alone; /* no reason that rows of others give: for an archive */
};

/* The report of one account (ERR_NO_INPUT if there is none); texts in `a`. */
int store_read_report(struct store *s, struct arena *a, const struct report_query *q,
    struct report *out, struct err *e);

/* The key of the pseudonyms in redacted reports of this database; it must not leave the program. */
int store_read_pseudonym_key(struct store *s, struct sha256 *key, struct err *e);

/* Tells the planner of what was imported, if that is much of what is there; to be called before the
 * questions that follow a load. Waits for nobody who vacuums or counts. */
int store_analyze(struct store *s, struct err *e);

struct status_query {
	struct str account; /* of the next steps; STR_NULL: all */
	struct as_of as_of; /* files that can be fetched then */
	int32_t decoder_version;
	bool is_json;
};

/*
 * Past and running runs, newest first, then what to do next in each account, accounts that share a
 * number, and how many payloads an older decoder has read; lines of text or JSON.
 */
int store_list_status(
    struct store *s, const struct status_query *q, const struct line_sink *sink, struct err *e);

/* `sha256  rows  name` a relation; *total gets the last line's hash. account STR_NULL: all. */
int store_digest(struct store *s, struct str account, const struct line_sink *sink,
    struct sha256 *total, struct err *e);

/* Proves what foreign keys would; one line a finding. Returns the number of findings or -1. */
int64_t store_check_data(struct store *s, const struct line_sink *sink, struct err *e);

/* ---- export ------------------------------------------------------------------------------- */

/* All calls between begin and end see one snapshot. */
struct export_facts {
	struct str account;
	struct sha256 digest; /* of this account */
	struct sha256 previous; /* the archive before this one, if has_previous */
	bool has_previous;
	int64_t payloads_without_raw;
};

struct export_query {
	struct str account;
	struct as_of as_of;
	struct str filters; /* JSON of what else makes the archive another: "{}" */
	bool has_override; /* the operator names the predecessor */
	bool overrides_with_none; /* then: none, or this one */
	struct sha256 override;
};

int store_begin_export(
    struct store *s, const struct export_query *q, struct export_facts *out, struct err *e);

/* The members of data/ that are made of rows: a file name and its query, in order of name. */
size_t store_export_member_count(void);
const char *store_export_member_name(size_t member);

/* The lines of one member. */
int store_export_rows(struct store *s, size_t member, const struct line_sink *sink, struct err *e);

/* Every stored payload: hash and size; then the bytes of one. */
struct payload_sink {
	int (*payload)(void *state, const struct sha256 *hash, uint64_t size_bytes, struct err *e);
	void *state;
};
int store_export_payloads(struct store *s, const struct payload_sink *sink, struct err *e);
int store_read_payload(struct store *s, const struct sha256 *hash, struct buf *out, struct err *e);

/* Records the archive in `export`: as long as the snapshot has not ended, for nobody to see. */
int store_note_export(struct store *s, const struct sha256 *archive, struct err *e);

/* Ends the snapshot: all of it, or after a failure nothing. */
int store_end_export(struct store *s, struct err *e);
void store_cancel_export(struct store *s);

#endif
