/*
 * Any bytes as an input: plain, compressed, an archive. It comes to an end, each refusal has a code
 * and a reason, and wherever reads are cut the payloads and refusals are the same (but of damaged
 * data: what came before the damage was noticed goes in, and how much that is depends on reads).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rules/reject_codes.h"
#include "source/splitter.h"
#include "source/stream.h"

#include "fuzz.h"

#define MAX_PAYLOAD 256

/* What unpacks to more is not read three bytes at a time: that would take minutes. */
#define SMALL_BYTES 65536

/* What came out of one input. */
struct sum {
	struct sha256_stream *hash;
	uint64_t bytes;
	bool is_damaged;
};

static const struct source_options options = {.max_payload_bytes = MAX_PAYLOAD};

static void
add(struct sum *sum, const struct payload *p)
{
	sum->bytes += p->size_bytes;
	sha256_add(sum->hash, &p->sha256, sizeof(p->sha256));
	sha256_add(sum->hash, p->source.ptr, p->source.len);
	if (p->fault == NULL)
		return;
	REQUIRE(reject_code_find(p->fault) != NULL && p->fault_text.len > 0);
	sha256_add(sum->hash, p->fault, strlen(p->fault));
	sha256_add(sum->hash, p->fault_text.ptr, p->fault_text.len);
}

static void
split(struct stream *s, size_t step, struct arena *a, struct sum *sum)
{
	struct splitter splitter;
	struct payload p = {0};
	struct err e = {0};
	int got;

	splitter_init(&splitter, MAX_PAYLOAD, step);
	splitter_begin(&splitter, stream_name(s), stream_reader(s));
	while ((got = splitter_next(&splitter, a, &p, &e)) == 1) {
		add(sum, &p);
		p = (struct payload){0};
	}
	REQUIRE(got == 0 || e.code == ERR_INPUT);
	splitter_free(&splitter);
}

static struct sha256
read_input(const char *path, size_t step, struct sum *sum)
{
	static struct arena *a;
	struct payload refused = {0};
	struct err e = {0};
	struct stream *s = stream_new(&options);
	enum stream_step got;

	if (a == NULL)
		a = arena_new();
	*sum = (struct sum){.hash = sha256_begin()};
	REQUIRE(s != NULL && stream_open(s, &(struct input){.path = path}, &e) == 0);
	while ((got = stream_next(s, a, &refused, &e)) > STREAM_OVER) {
		if (got == STREAM_BEGUN)
			split(s, step, a, sum);
		else
			add(sum, &refused);
		sum->is_damaged |=
		    got == STREAM_REFUSED && strcmp(refused.fault, REJECT_ARCHIVE_DAMAGED) == 0;
		arena_reset(a);
	}
	REQUIRE(got == STREAM_OVER);
	stream_free(s);
	return sha256_end(sum->hash);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", 0);
	struct sum first, second;
	struct sha256 whole, cut;
	char path[64];

	REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	whole = read_input(path, 4096, &first);
	cut = read_input(path, first.bytes < SMALL_BYTES ? 3 : 509, &second);
	REQUIRE(first.is_damaged || second.is_damaged || memcmp(&whole, &cut, sizeof(whole)) == 0);
	close(fd);
	return 0;
}
