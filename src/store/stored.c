/*
 * Stored payloads as an iterator, like those of a source: a page of keys, then the bytes of some of
 * them at a time. See store.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/pack.h"
#include "rules/reject_codes.h"
#include "rules/signature.h"
#include "store/raw.h"
#include "store/tuple.h"

/* Bytes of payloads that are asked for at once (a frame comes as a whole, for one of them, too),
 * and the keys of a page (list_stored.sql). */
#define GROUP_BYTES ((uint64_t)2 << 20)
#define PAGE_KEYS 1000

/* A ledger row whose payload is to be given. */
struct stored_key {
	struct sha256 sha256; /* first: compare_key */
	int32_t account_id;
	struct raw_place place;
	struct payload payload; /* but its bytes */
};

struct stored {
	struct store *store;
	const struct stored_query *query;
	struct arena *arena; /* of the page */
	struct stored_key *page;
	size_t count;
	size_t at;
	struct stored_key last; /* where the next page begins */
	bool is_last_page;
	PGresult *bytes; /* of the keys [.., group_end) */
	struct frames *frames;
	size_t group_end;
};

struct stored *
stored_open(struct store *s, const struct stored_query *q)
{
	struct stored *t = memory_zero(1, sizeof(*t));

	t->store = s;
	t->query = q;
	t->arena = arena_new();
	t->frames = frames_new();
	t->last.account_id = -1; /* before nobody's */
	return t;
}

void
stored_close(struct stored *t)
{
	if (t == NULL)
		return;
	PQclear(t->bytes);
	frames_free(t->frames);
	arena_free(t->arena);
	free(t);
}

static enum signature
signature_of(struct str label)
{
	for (int i = SIGNATURE_ABSENT; i <= SIGNATURE_VALID; i++)
		if (str_is(label, signature_names[i]))
			return (enum signature)i;
	return SIGNATURE_ABSENT;
}

/* The fault that the reject tells of, and its sentence without the source before it. */
static void
read_fault(struct arena *a, const PGresult *r, int row, struct payload *p)
{
	const struct reject_code *code;
	struct str text = store_text(r, row, 7);
	size_t skip = p->source.len + 2; /* "source: " */

	if (store_is_null(r, row, 6) ||
	    (code = reject_code_find(store_text(r, row, 6).ptr)) == NULL)
		return;
	if (text.len > skip && memcmp(text.ptr, p->source.ptr, p->source.len) == 0)
		text = (struct str){text.ptr + skip, text.len - skip};
	p->fault = code->code;
	p->fault_text = arena_copy(a, text);
}

static void
read_key(struct arena *a, const PGresult *r, int row, struct stored_key *k)
{
	struct payload *p = &k->payload;

	*k = (struct stored_key){.account_id = (int32_t)store_int(r, row, 0)};
	sha256_parse(store_text(r, row, 1), &k->sha256);
	k->place = raw_read_place(r, row, 8, &k->sha256);
	p->sha256 = k->sha256;
	p->size_bytes = k->place.size_bytes;
	p->source = arena_copy(a, store_text(r, row, 2));
	p->received_at_us = store_time(r, row, 3);
	p->signature = signature_of(store_text(r, row, 4));
	p->signature_header = arena_copy(a, store_text(r, row, 5));
	p->is_again = true;
	read_fault(a, r, row, p);
}

static int
read_page(struct stored *t, struct err *e)
{
	struct params p = {0};
	PGresult *r;

	params_add_int(&p, t->last.account_id);
	params_add_hash(&p, &t->last.sha256);
	params_add_text(&p, t->query->account);
	params_add_int(&p, t->query->decoder_version);
	params_add_bool(&p, t->query->is_all);
	if ((r = store_run(t->store, SQL_LIST_STORED, &p, e)) == NULL)
		return -1;
	arena_reset(t->arena);
	t->at = t->group_end = 0;
	t->count = (size_t)PQntuples(r);
	t->page = arena_alloc(t->arena, t->count * sizeof(*t->page));
	for (size_t i = 0; i < t->count; i++)
		read_key(t->arena, r, (int)i, &t->page[i]);
	PQclear(r);
	t->is_last_page = t->count < PAGE_KEYS;
	if (t->count > 0)
		t->last = t->page[t->count - 1];
	return 0;
}

/* The keys from t->at on that are asked about together: of one account, some bytes. */
static size_t
group_end(const struct stored *t)
{
	uint64_t bytes = t->page[t->at].place.size_bytes;
	size_t end = t->at + 1;

	while (end < t->count && t->page[end].account_id == t->page[t->at].account_id &&
	       bytes + t->page[end].place.size_bytes <= GROUP_BYTES)
		bytes += t->page[end++].place.size_bytes;
	return end;
}

static int
read_group(struct stored *t, struct err *e)
{
	size_t end = group_end(t), count = end - t->at;
	struct sha256 *hashes = arena_alloc(t->arena, count * sizeof(*hashes));
	struct params p = {0};
	struct buf array;
	int rc = -1;

	for (size_t i = 0; i < count; i++)
		hashes[i] = t->page[t->at + i].place.row;
	buf_init(&array, (size_t)64 << 20);
	tuple_put_hash_array(&array, hashes, count);
	params_add_int(&p, t->page[t->at].account_id);
	params_add_bytes(&p, buf_str(&array));
	PQclear(t->bytes);
	t->bytes = store_run(t->store, SQL_READ_STORED, &p, e);
	if (t->bytes != NULL) {
		t->group_end = end;
		rc = 0;
	}
	buf_free(&array);
	return rc;
}

/* Again while it may be, as the reader's own questions are. */
static int
read_patiently(struct stored *t, int (*read)(struct stored *t, struct err *e), struct err *e)
{
	unsigned tries = 0;

	while (read(t, e) != 0)
		if (!store_may_retry(t->store, &tries, e))
			return -1;
	return 0;
}

/* Into out->bytes, from a row of its own. */
static bool
restore(struct arena *a, struct str packed, struct payload *out)
{
	size_t size = (size_t)out->size_bytes;
	char *to = arena_alloc(a, size + 1);

	out->packed = arena_copy(a, packed);
	to[size] = '\0';
	out->bytes = (struct str){to, size};
	return pack_restore(packed, to, size);
}

/* Of `out`, which has its hash and size. */
static int
unpack(struct stored *t, const struct stored_key *k, int row, struct arena *a, struct payload *out)
{
	struct sha256 hash;
	struct str bytes;
	bool is_whole;

	if (k->place.is_framed) {
		bytes = raw_cut(t->frames, &k->place, t->bytes, row);
		out->bytes = arena_copy(a, bytes);
		is_whole = bytes.ptr != NULL;
	} else {
		bytes = store_bytes(t->bytes, row, 1);
		is_whole = restore(a, bytes, out);
		store_free_bytes(bytes);
	}
	if (!is_whole)
		return -1;
	hash = sha256_of(out->bytes.ptr, out->bytes.len);
	return memcmp(&hash, &out->sha256, sizeof(hash)) == 0 ? 0 : -1;
}

/* Is it JSON to this program? What was never meant as such (text, nothing) is no better now. */
static void
check_json(struct payload *p, struct arena *a)
{
	struct json_check check = json_check(p->bytes.ptr, p->bytes.len);
	bool is_text = p->fault != NULL && strncmp(p->fault, "json_", 5) != 0;

	if (check.fault == JSON_OK && check.end < p->bytes.len)
		check.fault = JSON_SYNTAX;
	if (check.fault == JSON_OK && !is_text) {
		p->fault = NULL;
	} else if (p->fault == NULL) {
		p->fault = reject_code_of_json(check.fault);
		p->fault_text =
		    arena_printf(a, "%s at byte %zu", json_fault_text(check.fault), check.end);
	}
}

/* The row of its bytes, or -1: it was kept without them, or somebody has taken it away since. */
static int
find_bytes(const struct stored *t, const struct stored_key *k)
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex(&k->place.row, hex);
	for (int row = 0; row < PQntuples(t->bytes); row++)
		if (strcmp(PQgetvalue(t->bytes, row, 0), hex) == 0)
			return row;
	return -1;
}

static int
give(struct stored *t, const struct stored_key *k, struct arena *a, struct payload *out,
    struct err *e)
{
	int row = find_bytes(t, k);

	if (row < 0)
		return 0;
	*out = k->payload;
	payload_keep_texts(a, out);
	if (unpack(t, k, row, a, out) != 0)
		return raw_fail_damaged(&out->sha256, e);
	check_json(out, a);
	return 1;
}

static int
next(void *state, struct arena *a, struct payload *out, struct err *e)
{
	struct stored *t = state;
	int got = 0;

	while (got == 0) {
		if (t->at == t->count) {
			if (t->is_last_page)
				return 0;
			if (read_patiently(t, read_page, e) != 0)
				return -1;
			continue;
		}
		if (t->at >= t->group_end && read_patiently(t, read_group, e) != 0)
			return -1;
		got = give(t, &t->page[t->at++], a, out, e);
	}
	return got;
}

struct payload_iterator
stored_iterator(struct stored *t)
{
	return (struct payload_iterator){next, t};
}
