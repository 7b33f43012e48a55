/*
 * One captured document, and the iterator that rooms hand payloads on with.
 */
#ifndef MODEL_PAYLOAD_H
#define MODEL_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sha256.h"
#include "base/str.h"

enum signature { SIGNATURE_ABSENT, SIGNATURE_UNCHECKED, SIGNATURE_INVALID, SIGNATURE_VALID };

struct payload {
	struct str bytes; /* the JSON document, checked; of a faulty one what there is of it */
	struct json_outline outline; /* of the bytes, where their check has made one */
	struct str packed; /* all of it as a zstd frame, where it is kept by itself */
	uint64_t size_bytes; /* may be more than bytes.len if it was too large to keep */
	struct sha256 sha256; /* its name: of all its bytes */
	bool awaits_hash; /* sha256 is not there yet (payload_hash) */
	struct str source; /* where it was found, for people: `dir/0012.json`, `log.ndjson:17` */
	const char *fault; /* NULL, or why it is no payload: a reject code, e.g. "json_syntax" */
	struct str fault_text; /* then: the sentence, with the byte offset in the source */
	int64_t received_at_us;
	enum signature signature;
	struct str signature_header;
	/* written though the ledger has it: its rows are merged, its ledger row and rejects are
	 * replaced (store.h, "applied again"). Of one that the ledger does not have it says
	 * nothing. */
	bool is_again;
	bool is_counted; /* in the totals of the run, which looks at it once more */
	struct payload *given; /* NULL, or: this is as an account knows it, and it was given so */
};

/* Who takes longer ones from a source hashes them, and may do so beside other work. */
#define PAYLOAD_LONG_BYTES ((size_t)64 << 10)

/* All its bytes, and what follows from them. */
static inline void
payload_set_bytes(struct payload *p, struct str bytes)
{
	p->bytes = bytes;
	p->outline = (struct json_outline){0};
	p->size_bytes = bytes.len;
	p->awaits_hash = bytes.len >= PAYLOAD_LONG_BYTES;
	if (!p->awaits_hash)
		p->sha256 = sha256_of(bytes.ptr, bytes.len);
}

/* Does nothing where the hash is there. */
static inline void
payload_hash(struct payload *p)
{
	if (p->awaits_hash)
		p->sha256 = sha256_of(p->bytes.ptr, p->bytes.len);
	p->awaits_hash = false;
}

/* Are all its bytes here? Of what was too large, or refused in an archive, they are not. */
static inline bool
payload_is_whole(const struct payload *p)
{
	return p->bytes.len > 0 && p->bytes.len == p->size_bytes;
}

/* Of the parts of one payload it is the same. */
static inline struct payload *
payload_given(struct payload *p)
{
	return p->given == NULL ? p : p->given;
}

/* What it says besides its bytes, into another arena. */
static inline void
payload_keep_texts(struct arena *a, struct payload *p)
{
	p->source = arena_copy(a, p->source);
	p->fault_text = arena_copy(a, p->fault_text);
	p->signature_header = arena_copy(a, p->signature_header);
}

/* next gives 1 and a payload (everything in it lives in `a`), 0 at the end, -1 and an error. */
struct payload_iterator {
	int (*next)(void *state, struct arena *a, struct payload *out, struct err *e);
	void *state;
};

#endif
