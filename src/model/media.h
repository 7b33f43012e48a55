/*
 * A file that was announced, and what became of it: read by store, fetched by graph, kept by the
 * pipeline, written by store. Texts are borrowed from the arena of the command.
 */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/str.h"
#include "model/time.h"

/* In media_file.outcome; `failed` is no state: the file stays announced. */
enum media_outcome {
	MEDIA_NONE,
	MEDIA_DOWNLOADED,
	MEDIA_UNVERIFIED,
	MEDIA_MISMATCH,
	MEDIA_TOO_LARGE,
	MEDIA_REFUSED,
	MEDIA_ID_EXPIRED,
	MEDIA_FAILED,
	MEDIA_OUTCOMES
};

/* Why a file is not here, or not as it should be: rules/loss.h has the words of it. */
enum loss {
	LOSS_NONE,
	/* what was announced */
	LOSS_NO_URL,
	LOSS_BAD_ID,
	LOSS_BAD_URL,
	LOSS_NOT_HTTPS,
	LOSS_HOST_NOT_ALLOWED,
	LOSS_PRIVATE_ADDRESS,
	LOSS_OVER_LIMIT,
	/* what was answered */
	LOSS_ID_GONE,
	LOSS_URL_DEAD,
	LOSS_REDIRECT_LOOP,
	LOSS_FILE_NOT_AT_API,
	LOSS_CALL_REFUSED,
	LOSS_NO_PERMISSION,
	LOSS_NO_ACCESS,
	LOSS_TOO_MANY_CALLS,
	LOSS_SERVER_FAILED,
	LOSS_BAD_ANSWER,
	LOSS_NO_ANSWER,
	/* what came */
	LOSS_WEB_PAGE,
	LOSS_EMPTY,
	LOSS_PARTIAL,
	LOSS_SIZE_DIFFERS,
	LOSS_HASH_DIFFERS,
	LOSS_LOOKUP_HASH_DIFFERS,
	LOSS_NOT_TRIED, /* of no row: nobody asked while the id lived */
	LOSS_COUNT
};

#define MEDIA_NO_SIZE (-1)

/* `ab/cdef…`, the SHA-256 in hex, and a NUL. */
#define MEDIA_PATH_BYTES (SHA256_HEX_BYTES + 1)

struct media_file {
	/* as announced */
	struct str wamid;
	struct str media_id;
	struct str url;
	struct str mime_type;
	struct sha256 announced;
	bool has_announced;
	int64_t deadline_us; /* TIME_NONE if nothing says it */
	enum media_outcome doubt; /* as which it was nearly lost, an hour ago or more; else NONE */
	struct sha256 kept; /* of the file that its row says is here */
	bool has_kept;
	int64_t kept_bytes; /* its size, MEDIA_NO_SIZE if nobody knows */

	/* as found */
	enum media_outcome outcome;
	enum loss loss;
	struct str host; /* of LOSS_HOST_NOT_ALLOWED: `host`, or `host:port`; borrowed from graph */
	bool is_denied; /* failed: the token lacks a permission for it */
	bool is_doubtful; /* lost, but perhaps by what was wrong with all of them */
	enum media_outcome nearly; /* failed, and in doubt: as which it would have been lost */
	bool is_kept; /* it lies here all the same, under `kept` */
	int64_t asked_ms; /* graph's: its lookup, or without one its download, began */
	int64_t doubted_ms; /* graph's: it failed in doubt */
	int http_status; /* of the last answer, 0 without one */
	int32_t graph_code; /* GRAPH_NO_CODE without one */
	struct sha256 sha256;
	bool is_here; /* on the shelf, under sha256, or on its way there */
	char path[MEDIA_PATH_BYTES]; /* then, once it is kept: relative to the folder */
	bool was_here; /* and was before this run */
	int64_t size_bytes;
	unsigned tries; /* of this run */
	int fd; /* of the temporary file until it is kept, -1 without */
	unsigned number; /* its name */
};

#endif
