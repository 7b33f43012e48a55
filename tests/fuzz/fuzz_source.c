/*
 * Any bytes as a file of documents: wherever its reads are cut, the splitter gives the same
 * payloads, good ones pass the strict check, and no byte that is not white space is lost. What lies
 * in wrappers passes the check, too.
 */
#include <string.h>

#include "base/json.h"
#include "rules/reject_codes.h"
#include "base/space.h"
#include "source/splitter.h"
#include "source/unwrapper.h"

#include "fuzz.h"

/* So small that inputs of a fuzzer meet the limits. */
#define MAX_PAYLOAD 512

struct memory {
	struct str bytes;
	size_t at;
};

struct sum {
	struct sha256_stream *hash;
	size_t payloads;
	uint64_t bytes;
};

static ssize_t
read_memory(void *state, char *to, size_t size, struct err *e)
{
	struct memory *m = state;
	size_t left = m->bytes.len - m->at;

	(void)e;
	if (size > left)
		size = left;
	memcpy(to, m->bytes.ptr + m->at, size);
	m->at += size;
	return (ssize_t)size;
}

static void
require_json(const struct payload *p)
{
	struct json_check check = json_check(p->bytes.ptr, p->bytes.len);

	REQUIRE(check.fault == JSON_OK && check.end == p->bytes.len);
	REQUIRE(p->bytes.len == p->size_bytes && p->size_bytes <= MAX_PAYLOAD);
	REQUIRE(!space_is(p->bytes.ptr[0]) && !space_is(p->bytes.ptr[p->bytes.len - 1]));
}

static void
unwrap(const struct payload *p, struct arena *a)
{
	static struct unwrapper u;
	struct payload inner;

	if (u.arena == NULL)
		unwrapper_init(&u, &(struct unwrapper_options){.app_secret = STR_LIT("secret")});
	if (!unwrapper_take(&u, p))
		return;
	while (unwrapper_next(&u, a, &inner)) {
		if (inner.fault == NULL)
			require_json(&inner);
		else
			REQUIRE(reject_code_find(inner.fault) != NULL && inner.fault_text.len > 0);
	}
}

static void
add(struct sum *s, const struct payload *p)
{
	sha256_add(s->hash, &p->sha256, sizeof(p->sha256));
	sha256_add(s->hash, p->source.ptr, p->source.len);
	s->payloads++;
	s->bytes += p->size_bytes;
	if (p->fault != NULL) {
		sha256_add(s->hash, p->fault, strlen(p->fault));
		sha256_add(s->hash, p->fault_text.ptr, p->fault_text.len);
		return;
	}
	require_json(p);
}

static struct sha256
split(struct str bytes, size_t step, struct sum *s)
{
	static struct arena *a;
	struct memory m = {.bytes = bytes};
	struct splitter splitter;
	struct payload p = {0};
	struct err e;
	int got;

	if (a == NULL)
		a = arena_new();
	*s = (struct sum){.hash = sha256_begin()};
	splitter_init(&splitter, MAX_PAYLOAD, step);
	splitter_begin(&splitter, "f", (struct byte_reader){read_memory, &m});
	while ((got = splitter_next(&splitter, a, &p, &e)) > 0) {
		add(s, &p);
		unwrap(&p, a);
		p = (struct payload){0};
		arena_reset(a);
	}
	REQUIRE(got == 0 && m.at == bytes.len);
	arena_reset(a);
	splitter_free(&splitter);
	return sha256_end(s->hash);
}

/* What cannot lie outside of payloads: all but white space, array brackets, commas and BOMs. */
static uint64_t
count_substance(struct str bytes)
{
	static const char outside[] = " \t\r\n[],\xEF\xBB\xBF";
	uint64_t count = 0;

	for (size_t i = 0; i < bytes.len; i++)
		count += bytes.ptr[i] == '\0' || strchr(outside, bytes.ptr[i]) == NULL;
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str bytes = {(const char *)data, size};
	struct sum whole, cut;
	struct sha256 hash = split(bytes, 4096, &whole);
	static const size_t steps[] = {1, 7, 300};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct sha256 other = split(bytes, steps[i], &cut);

		REQUIRE(memcmp(&hash, &other, sizeof(hash)) == 0);
	}
	REQUIRE(whole.bytes >= count_substance(bytes));
	return 0;
}
