/*
 * Raw bytes: see raw.h; and those of an archive, one payload after the other, in the order of their
 * hashes. See store.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pack.h"
#include "store/raw.h"
#include "store/tuple.h"

/* locate_payloads.sql */
#define PAGE_PAYLOADS 1000

struct located {
	struct sha256 sha256; /* first: compare_hash */
	struct raw_place place;
};

struct raw_reader {
	struct frames *frames;
	struct located page[PAGE_PAYLOADS]; /* ascending */
	size_t count;
};

struct raw_place
raw_read_place(const PGresult *r, int row, int column, const struct sha256 *payload)
{
	struct raw_place p = {.row = *payload,
	    .is_framed = !store_is_null(r, row, column),
	    .frame_offset = (uint64_t)store_int(r, row, column + 1),
	    .size_bytes = (uint64_t)store_int(r, row, column + 2)};

	if (p.is_framed)
		sha256_parse(store_text(r, row, column), &p.row);
	return p;
}

struct str
raw_cut(struct frames *f, const struct raw_place *place, const PGresult *r, int row)
{
	struct str frame = frames_find(f, &place->row), packed;

	if (frame.ptr == NULL) {
		packed = store_bytes(r, row, 1);
		frame = frames_add(f, &place->row, packed, (size_t)store_int(r, row, 2));
		store_free_bytes(packed);
	}
	return frames_cut(frame, place->frame_offset, place->size_bytes);
}

struct raw_reader *
raw_reader_new(void)
{
	struct raw_reader *raw = memory_zero(1, sizeof(*raw));

	raw->frames = frames_new();
	return raw;
}

void
raw_reader_free(struct raw_reader *raw)
{
	if (raw == NULL)
		return;
	frames_free(raw->frames);
	free(raw);
}

int
store_export_payloads(struct store *s, const struct payload_sink *sink, struct err *e)
{
	struct params p = {0};
	PGresult *row;
	int got, rc = 0;

	params_add_int(&p, s->export_account_id);
	if (store_send(s, SQL_EXPORT_PAYLOADS, &p, e) != 0)
		return -1;
	while ((got = store_next_row(s, &row, e)) == 1) {
		struct sha256 hash;

		if (rc == 0 && sha256_parse(store_text(row, 0, 0), &hash))
			rc = sink->payload(sink->state, &hash, (uint64_t)store_int(row, 0, 1), e);
		PQclear(row);
	}
	return got < 0 ? -1 : rc;
}

static int
compare_hash(const void *hash, const void *located)
{
	return memcmp(hash, located, sizeof(struct sha256));
}

static struct located *
find_located(struct raw_reader *raw, const struct sha256 *hash)
{
	return bsearch(hash, raw->page, raw->count, sizeof(raw->page[0]), compare_hash);
}

static int
read_page(struct store *s, const struct sha256 *hash, struct err *e)
{
	struct raw_reader *raw = s->export_raw;
	struct params p = {0};
	PGresult *r;

	params_add_int(&p, s->export_account_id);
	params_add_hash(&p, hash);
	if ((r = store_run(s, SQL_LOCATE_PAYLOADS, &p, e)) == NULL)
		return -1;
	raw->count = (size_t)PQntuples(r);
	for (size_t i = 0; i < raw->count; i++) {
		struct located *l = &raw->page[i];

		sha256_parse(store_text(r, (int)i, 0), &l->sha256);
		l->place = raw_read_place(r, (int)i, 1, &l->sha256);
	}
	PQclear(r);
	return 0;
}

static PGresult *
read_row(struct store *s, const struct sha256 *row, struct err *e)
{
	struct params p = {0};
	struct buf array;
	PGresult *r;

	buf_init(&array, 1 << 10);
	tuple_put_hash_array(&array, row, 1);
	params_add_int(&p, s->export_account_id);
	params_add_bytes(&p, buf_str(&array));
	r = store_run(s, SQL_READ_STORED, &p, e);
	if (r != NULL && PQntuples(r) == 0) {
		PQclear(r);
		r = NULL;
		err_set(e, ERR_BUG, "a payload has gone from the snapshot");
	}
	buf_free(&array);
	return r;
}

/* What lies in a row of its own. */
static bool
restore(const PGresult *r, size_t size, struct buf *out)
{
	struct str packed = store_bytes(r, 0, 1);
	char *to = buf_reserve(out, size);
	bool is_whole = to != NULL && pack_restore(packed, to, size);

	store_free_bytes(packed);
	out->len = is_whole ? size : 0;
	return is_whole;
}

static bool
put_bytes(struct raw_reader *raw, const struct raw_place *place, const PGresult *r, struct buf *out)
{
	struct str bytes;

	buf_reset(out);
	if (!place->is_framed)
		return restore(r, (size_t)place->size_bytes, out);
	bytes = raw_cut(raw->frames, place, r, 0);
	buf_put_str(out, bytes);
	return bytes.ptr != NULL && buf_is_ok(out);
}

int
raw_fail_damaged(const struct sha256 *payload, struct err *e)
{
	char hex[SHA256_HEX_BYTES];

	err_set(e, ERR_IO, "payload %s: its stored bytes are damaged", sha256_hex(payload, hex));
	return err_hint(e,
	    "restore its row of coexsync.payload_raw from a backup; or delete that row, "
	    "which raw_sha256 of its row of payload names, and ingest the source again");
}

int
store_read_payload(struct store *s, const struct sha256 *hash, struct buf *out, struct err *e)
{
	struct raw_reader *raw = s->export_raw;
	const struct located *l = find_located(raw, hash);
	PGresult *r = NULL;
	int rc = 0;

	if (l == NULL && read_page(s, hash, e) != 0)
		return -1;
	if (l == NULL && (l = find_located(raw, hash)) == NULL)
		return err_set(e, ERR_BUG, "a payload has gone from the ledger");
	if (!l->place.is_framed || frames_find(raw->frames, &l->place.row).ptr == NULL)
		if ((r = read_row(s, &l->place.row, e)) == NULL)
			return -1;
	if (!put_bytes(raw, &l->place, r, out))
		rc = raw_fail_damaged(hash, e);
	PQclear(r);
	return rc;
}
