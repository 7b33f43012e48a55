/*
 * The database, as far as the Graph API is concerned: files to be fetched and what came of them,
 * the request for the sync. Verbs like those of store.h, with the same errors.
 */
#ifndef STORE_MEDIA_H
#define STORE_MEDIA_H

#include "model/media.h"
#include "store/store.h"

/* ---- files ----------------------------------------------------------------------------------- */

struct media_account {
	int32_t id;
	struct str phone_number_id; /* STR_NULL if nothing says it */
	struct str dialect; /* of its payloads, if of one provider; STR_NULL */
	unsigned recent_errors; /* answers in the last hour that were one */
};

/* ERR_NO_INPUT if there is none of that name. Texts in `a`. */
int store_find_media_account(
    struct store *s, struct arena *a, struct str name, struct media_account *out, struct err *e);

struct media_query {
	int32_t account_id;
	struct as_of as_of;
	uint64_t max_file_bytes;
	struct str state; /* STR_NULL: those that can be fetched */
};

/* struct media_file *, in the order in which they are to be fetched; in `a`. */
int store_list_media_to_fetch(struct store *s, struct arena *a, const struct media_query *q,
    struct list *files, struct err *e);

/* Files with an outcome, and with the path of those that are here. */
struct media_group {
	const struct run_id *run; /* that fetched them */
	int32_t account_id;
	struct media_file **files;
	size_t count;
};

/* In one transaction. */
int store_write_media_files(struct store *s, const struct media_group *group, struct err *e);

/* One line a file that was fetched: its path. */
int store_list_media_paths(
    struct store *s, int32_t account_id, const struct line_sink *sink, struct err *e);

/* Files of the account that failed for good; -1 on failure. */
int64_t store_count_lost_media(struct store *s, int32_t account_id, struct err *e);

/* One line a file; all states if q->state is STR_NULL. */
int store_list_media(struct store *s, const struct media_query *q, bool is_json,
    const struct line_sink *sink, struct err *e);

/* The word of an outcome, as in media_file. */
const char *store_media_outcome(enum media_outcome outcome);

/* ---- the request for the sync ---------------------------------------------------------------- */

struct sync_request {
	struct str account;
	struct str phone_number_id; /* of a new account; then as the account has it */
	int64_t onboarded_at_us;
	bool is_history; /* else contacts */

	/* set by claim */
	int32_t account_id;
	bool is_ours; /* nobody has requested it: now we shall, and nobody else */
	int64_t requested_at_us; /* when */
	struct str request_id; /* otherwise: with what answer; STR_NULL: nobody knows */
};

/* Makes account and activation where they are not there, and writes the intention. */
int store_claim_request(
    struct store *s, struct arena *a, struct sync_request *r, int64_t now_us, struct err *e);

/* It was accepted; or surely not, and may be made again. A connection that was lost is made anew.
 */
int store_note_request(
    struct store *s, const struct sync_request *r, struct str request_id, struct err *e);
int store_release_request(struct store *s, const struct sync_request *r, struct err *e);

#endif
