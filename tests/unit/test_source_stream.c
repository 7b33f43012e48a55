/*
 * Unit tests of one stream after the other: nothing of an input is left for the next one, each
 * refusal is a payload of its own, archives of coexsync export are known, and who waits for bytes
 * can be stopped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "archive_input.h"

#define MIB ((size_t)1 << 20)

/* ---- one input after the other --------------------------------------------------------------- */

/* As coexsync export writes it, but without a manifest, and something follows. */
static void
make_own_and_junk(struct buf *b)
{
	static const struct sample_member members[] = {
	    {"bag-info.txt", "Bag-Software-Agent: coexsync 0.1.0\n", 0, NULL},
	    {"bagit.txt", "x", 0, NULL}, {"data/payloads/1.json", A, 0, NULL}, {0}};
	struct buf tar;

	buf_init(&tar, SAMPLE_MAX);
	sample_tar(&tar, members);
	sample_gzip(b, tar.ptr, tar.len);
	buf_put_text(b, "junk");
	buf_free(&tar);
}

/* 40 MiB: harmless, also if there are two of them. */
static void
make_spaces(struct buf *b)
{
	char *bytes = memset(malloc(MIB), ' ', MIB);

	for (int i = 0; i < 40; i++)
		sample_zstd(b, bytes, MIB);
	sample_zstd(b, A, strlen(A));
	free(bytes);
}

/* More than is harmless at once, but of a file that is not much smaller. */
static void
make_much(struct buf *b)
{
	char *bytes = malloc(MIB);
	uint64_t seed = 1;
	struct buf one;

	for (size_t i = 0; i < MIB; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		bytes[i] = " \n\t\r"[seed >> 62];
	}
	buf_init(&one, SAMPLE_MAX);
	sample_zstd(&one, bytes, MIB);
	for (int i = 0; i < 66; i++)
		buf_put(b, one.ptr, one.len);
	sample_zstd(b, A, strlen(A));
	buf_free(&one);
	free(bytes);
}

static void
test_apart(void **state)
{
	static const struct input_case cases[] = {
	    {"own", make_own_and_junk, "f!data/payloads/1.json f=archive_trailing "},
	    {"tar", make_tar, THREE},
	    {"spaces", make_spaces, "f "},
	    {"more spaces", make_spaces, "f "},
	    {"much", make_much, "f "},
	};
	struct stream *s = stream_new(&options);
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct payload refused;
		struct err e = {0};
		struct buf b, got;
		enum stream_step step;

		buf_init(&b, SAMPLE_MAX);
		buf_init(&got, SAMPLE_MAX);
		cases[i].make(&b);
		write_input(&b);
		assert_int_equal(stream_open(s, &(struct input){.path = "f"}, &e), 0);
		while ((step = stream_next(s, a, &refused, &e)) > STREAM_OVER)
			if (step == STREAM_BEGUN)
				put_stream(&got, s, MIB, a);
			else
				put_payload(&got, &refused);
		assert_int_equal(step, STREAM_OVER);
		assert_string_equal(buf_str(&got).ptr, cases[i].want);
		stream_close(s);
		buf_free(&b);
		buf_free(&got);
	}
	stream_free(s);
	arena_free(a);
}

/* The name of what refuses a file that is made so, its n-th refusal. */
static struct sha256
refusal_of(const struct sample_member *members, size_t n)
{
	char *paths[] = {"f"};
	struct arena *a = arena_new();
	struct err e = {0};
	struct payload_iterator it;
	struct payload got;
	struct source *s;
	struct buf b;

	buf_init(&b, SAMPLE_MAX);
	sample_tar(&b, members);
	write_input(&b);
	buf_free(&b);
	s = source_open(paths, 1, &options, &e);
	it = source_iterator(s);
	for (size_t i = 0; i <= n; i++)
		do
			assert_int_equal(it.next(it.state, a, &got, &e), 1);
		while (got.fault == NULL);
	source_close(s);
	arena_free(a);
	return got.sha256;
}

/* By its code, its place in the archive, and the file's beginning (stream.h). */
static void
test_refusals_differ(void **state)
{
	static const struct sample_member twice[] = {
	    {"../a", A, 0, NULL}, {"../a", A, 0, NULL}, {0}};
	static const struct sample_member later[] = {{"b", A, 0, NULL}, {"../a", A, 0, NULL}, {0}};
	static const struct sample_member names[] = {
	    {"../a", A, 0, NULL}, {"../b", A, 0, NULL}, {0}};
	struct sha256 first = refusal_of(twice, 0), again = refusal_of(twice, 0);
	struct sha256 second = refusal_of(twice, 1), other = refusal_of(later, 0);
	struct sha256 named = refusal_of(names, 1);

	(void)state;
	assert_memory_equal(&first, &again, sizeof(first));
	assert_memory_not_equal(&first, &second, sizeof(first));
	assert_memory_not_equal(&first, &other, sizeof(first));
	assert_memory_not_equal(&second, &named, sizeof(first));
}

/* ---- archives of coexsync export ------------------------------------------------------------- */

#define INFO "Bag-Software-Agent: coexsync 0.1.0\n"
#define LACKING INFO "Coexsync-Payloads-Without-Raw-Bytes: 2\n"
#define OWN_DATA \
	{"data/messages.jsonl", A, 0, NULL}, \
	{ \
		"data/payloads/1.json", B, 0, NULL \
	}

/* Its payloads are read, and nothing of the rest goes in silence unless it is one as it is written.
 */
static void
test_own(void **state)
{
	static const struct {
		const char *name;
		const char *want;
		struct sample_member members[8];
	} cases[] = {
	    {"as it is written", "f!data/payloads/1.json ",
		{{"bag-info.txt", INFO, 0, NULL}, {"bagit.txt", "x", 0, NULL}, OWN_DATA,
		    {"manifest-sha256.txt", "x", 0, NULL},
		    {"tagmanifest-sha256.txt", "x", 0, NULL}}},
	    {"says so too late",
		"f!data/messages.jsonl f!data/payloads/1.json f!bag-info.txt=not_json "
		"f!bagit.txt=not_json f!manifest-sha256.txt=not_json ",
		{OWN_DATA, {"bag-info.txt", INFO, 0, NULL}, {"bagit.txt", "x", 0, NULL},
		    {"manifest-sha256.txt", "x", 0, NULL}}},
	    {"says so elsewhere",
		"f!info.txt=not_json f!bagit.txt=not_json f!data/messages.jsonl "
		"f!data/payloads/1.json f!manifest-sha256.txt=not_json ",
		{{"info.txt", INFO, 0, NULL}, {"bagit.txt", "x", 0, NULL}, OWN_DATA,
		    {"manifest-sha256.txt", "x", 0, NULL}}},
	    {"what is refused is passed over nowhere",
		"f!data/payloads/1.json f!../a=archive_name f!bagit.txt=archive_not_a_file ",
		{{"bag-info.txt", INFO, 0, NULL}, {"bagit.txt", "x", 0, NULL}, OWN_DATA,
		    {"../a", A, 0, NULL}, {"bagit.txt", NULL, AE_IFLNK, "x"},
		    {"manifest-sha256.txt", "x", 0, NULL}}},
	    {"payloads lack their bytes", "f!data/payloads/1.json f=archive_partial ",
		{{"bag-info.txt", LACKING, 0, NULL}, {"bagit.txt", "x", 0, NULL}, OWN_DATA,
		    {"manifest-sha256.txt", "x", 0, NULL}}},
	    {"something else in it", "f!data/payloads/1.json f=archive_partial ",
		{{"bag-info.txt", INFO, 0, NULL}, {"bagit.txt", "x", 0, NULL}, OWN_DATA,
		    {"hook.json", C, 0, NULL}, {"manifest-sha256.txt", "x", 0, NULL}}},
	    {"no manifest", "f!data/payloads/1.json f=archive_partial ",
		{{"bag-info.txt", INFO, 0, NULL}, {"bagit.txt", "x", 0, NULL}, OWN_DATA}},
	    {"only its word",
		"f!hook.json f!data/messages.jsonl f!data/payloads/1.json f=not_json ",
		{{"bag-info.txt", INFO, 0, NULL}, {"hook.json", C, 0, NULL}, OWN_DATA}},
	};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_init(&b, SAMPLE_MAX);
		sample_tar(&b, cases[i].members);
		assert_input(cases[i].name, &b, 1, cases[i].want);
		buf_free(&b);
	}
}

/* ---- waiting --------------------------------------------------------------------------------- */

static bool
count_calls(void *state)
{
	int *left = state;

	return (*left)-- <= 0;
}

/* Before each read, also of an archive of which nothing comes out, and of what is decompressed. */
static void
test_stop_before_reads(void **state)
{
	int left = 0;
	struct source_options stopping = {
	    .max_payload_bytes = SOURCE_MAX_PAYLOAD, .is_stopping = count_calls, .state = &left};
	struct stream *s = stream_new(&stopping);
	struct arena *a = arena_new();
	struct payload got;
	struct err e = {0};
	struct buf b;

	(void)state;
	buf_init(&b, SAMPLE_MAX);
	make_spaces(&b);
	write_input(&b);
	buf_free(&b);
	assert_int_equal(stream_open(s, &(struct input){.path = "f"}, &e), 0);
	assert_int_equal(stream_next(s, a, &got, &e), STREAM_FAILED);
	assert_int_equal(e.code, ERR_INTERRUPTED);
	stream_close(s);
	left = 1000;
	assert_int_equal(stream_open(s, &(struct input){.path = "f"}, &e), 0);
	assert_int_equal(stream_next(s, a, &got, &e), STREAM_BEGUN);
	buf_init(&b, SAMPLE_MAX);
	put_stream(&b, s, MIB, a);
	assert_true(left <= 1000 - 40);
	buf_free(&b);
	stream_free(s);
	arena_free(a);
}

static void
do_nothing(int signal_number)
{
	(void)signal_number;
}

/* Somebody else's pipe, that does not block, and a writer who is slow. */
static void
test_slow_pipe(void **state)
{
	char *paths[] = {"-"};
	int saved = dup(STDIN_FILENO), ends[2];
	struct sigaction interrupt = {.sa_handler = do_nothing}, before;
	/* again and again: the first may come before the wait */
	struct itimerval soon = {{.tv_usec = 50000}, {.tv_usec = 50000}}, never = {0};
	struct arena *a = arena_new();
	struct payload_iterator it;
	struct payload got;
	struct err e = {0};
	struct source *s;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	pid = fork();
	if (pid == 0) {
		usleep(100000);
		_exit(write(ends[1], A "\n" B, 15) == 15 ? 0 : 1);
	}
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	s = source_open(paths, 1, &options, &e);
	it = source_iterator(s);
	assert_int_equal(it.next(it.state, a, &got, &e), 1);
	assert_string_equal(got.bytes.ptr, A);
	waitpid(pid, NULL, 0);
	/* and a signal ends the wait for an end that does not come */
	sigaction(SIGALRM, &interrupt, &before);
	setitimer(ITIMER_REAL, &soon, NULL);
	while (it.next(it.state, a, &got, &e) == 1)
		continue;
	assert_int_equal(e.code, ERR_INTERRUPTED);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &before, NULL);
	source_close(s);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), 0); /* it is not ours to close */
	close(ends[1]);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    INPUT_TEST(test_apart),
	    INPUT_TEST(test_refusals_differ),
	    INPUT_TEST(test_own),
	    INPUT_TEST(test_stop_before_reads),
	    INPUT_TEST(test_slow_pipe),
	};

	return cmocka_run_group_tests_name("source_stream", tests, NULL, NULL);
}
