/*
 * The digest: one hash a relation over its rows in key order, and one over those. See store.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/count.h"
#include "store/connection.h"

static const struct {
	const char *name;
	enum sql rows;
	bool is_in_total;
} relations[] = {
    /* how the messages were sent, not what they say */
    {"payload", SQL_DIGEST_PAYLOAD, false},
    {"reject", SQL_DIGEST_REJECT, false},
    {"activation_payload", SQL_DIGEST_ACTIVATION_PAYLOAD, false},
    {"message", SQL_DIGEST_MESSAGE, true},
    {"message_version", SQL_DIGEST_MESSAGE_VERSION, true},
    {"message_event", SQL_DIGEST_MESSAGE_EVENT, true},
    {"contact_event", SQL_DIGEST_CONTACT_EVENT, true},
    {"profile_name", SQL_DIGEST_PROFILE_NAME, true},
    {"identity_link", SQL_DIGEST_IDENTITY_LINK, true},
    {"identity_change", SQL_DIGEST_IDENTITY_CHANGE, true},
    {"media_asset", SQL_DIGEST_MEDIA_ASSET, true},
    {"chunk", SQL_DIGEST_CHUNK, true},
};

struct tally {
	struct sha256_stream *hash;
	uint64_t rows;
};

static int
add_row(void *state, struct str line, struct err *e)
{
	struct tally *t = state;

	(void)e;
	sha256_add(t->hash, line.ptr, line.len);
	sha256_add(t->hash, "\n", 1);
	t->rows++;
	return 0;
}

struct digest {
	struct store *store;
	struct params account;
	const struct line_sink *sink; /* may be NULL */
	struct sha256_stream *total;
};

static int
digest_relation(struct digest *d, size_t index, struct err *e)
{
	struct tally tally = {.hash = sha256_begin()};
	const struct line_sink rows = {add_row, &tally};
	char hex[SHA256_HEX_BYTES], line[160];
	struct sha256 sum;
	int rc, len;

	rc = store_each_line(d->store, relations[index].rows, &d->account, &rows, e);
	sum = sha256_end(tally.hash);
	if (rc != 0)
		return -1;
	len = snprintf(line, sizeof(line), "%s  %" PRIu64 "  %s%s", sha256_hex(&sum, hex),
	    tally.rows, relations[index].name, relations[index].is_in_total ? "" : " -");
	if (relations[index].is_in_total) {
		sha256_add(d->total, line, (size_t)len);
		sha256_add(d->total, "\n", 1);
	}
	return d->sink == NULL ? 0
			       : d->sink->line(d->sink->state, (struct str){line, (size_t)len}, e);
}

/* By its id: the planner then knows how much of a table is the account's. */
static int
name_account(struct digest *d, struct str account, struct err *e)
{
	int32_t account_id;

	if (account.ptr == NULL) {
		params_add_null(&d->account);
		return 0;
	}
	if (store_find_account(d->store, account, &account_id, e) != 0)
		return -1;
	params_add_int(&d->account, account_id);
	return 0;
}

int
store_digest(struct store *s, struct str account, const struct line_sink *sink,
    struct sha256 *total, struct err *e)
{
	struct digest d = {.store = s, .sink = sink, .total = sha256_begin()};
	bool has_snapshot = PQtransactionStatus(s->conn) == PQTRANS_INTRANS;
	int rc = has_snapshot ? 0 : store_begin_reading(s, e);

	if (rc == 0)
		rc = name_account(&d, account, e);
	for (size_t i = 0; i < COUNT(relations) && rc == 0; i++)
		rc = digest_relation(&d, i, e);
	*total = sha256_end(d.total);
	return has_snapshot ? rc : store_end_reading(s, rc, e);
}
