/*
 * Files that are fetched from a made-up API: what is given, what is expected of each.
 */
#ifndef TESTS_FAKE_FETCH_H
#define TESTS_FAKE_FETCH_H

#include <sys/stat.h>

#include "base/log.h"
#include "fake_curl.h"
#include "shelf_fixture.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FETCH_MOST_BYTES 1000
#define FETCH_TIMEOUT_S 7

/* How all of it is run; nothing given: Meta, 300 s to try again, one at a time. */
struct run {
	const char *provider;
	const char *base;
	const char *phone;
	unsigned parallel;
	unsigned rate;
	unsigned retry_s;
	unsigned errors_before;
	int deadline_s; /* from now; 0: none */
	bool (*is_stopping)(void *state);

	int rc;
	struct err e;
	char done[4096]; /* ids of files that have an outcome, in this order */
	char host[64]; /* that the last of them was refused for */
};

static inline bool
is_never(void *state)
{
	(void)state;
	return false;
}

static inline int
note_done(void *state, struct media_file *f, struct err *e)
{
	struct run *run = state;
	size_t len = strlen(run->done);
	struct stat st;

	(void)e;
	snprintf(run->host, sizeof(run->host), "%.*s", STR_ARG(f->host));
	snprintf(run->done + len, sizeof(run->done) - len, "%s%.*s", len > 0 ? " " : "",
	    STR_ARG(f->media_id));
	if (f->fd >= 0) {
		assert_int_equal(fstat(f->fd, &st), 0);
		assert_int_equal(st.st_size, f->size_bytes);
		close(f->fd);
	}
	f->fd = -1;
	return 0;
}

static inline const char *
or_else(const char *given, const char *otherwise)
{
	return given == NULL ? otherwise : given;
}

/* What nobody says of a file. */
static inline struct media_file
file_of(const char *id)
{
	return (struct media_file){.media_id = str_of(id),
	    .url = str_of(""),
	    .mime_type = str_of(""),
	    .deadline_us = TIME_NONE,
	    .fd = -1};
}

/* Each file by the script of its id. No descriptor is lost. */
static inline void
run_fetch(struct place *p, struct run *run, struct list *files, struct fake_script *scripts)
{
	struct graph_options o = {.provider = provider_find(str_of(or_else(run->provider, "meta"))),
	    .url = run->base,
	    .token = "canary",
	    .timeout_seconds = FETCH_TIMEOUT_S,
	    .is_stopping = run->is_stopping == NULL ? is_never : run->is_stopping};
	struct graph_fetch fetch = {.files = files,
	    .phone_number_id = str_of(or_else(run->phone, "15550000001")),
	    .max_file_bytes = FETCH_MOST_BYTES,
	    .parallel = run->parallel == 0 ? 1 : run->parallel,
	    .rate = run->rate,
	    .retry_seconds = run->retry_s == 0 ? 300 : run->retry_s,
	    .errors_before = run->errors_before,
	    .deadline_us = TIME_NONE,
	    .done = note_done,
	    .state = run};
	size_t open_before = count_entries("/proc/self/fd");
	struct graph *graph;

	fake_begin(scripts, files->count);
	if (run->deadline_s != 0)
		fetch.deadline_us = FAKE_EPOCH_US + run->deadline_s * INT64_C(1000000);
	fetch.shelf = shelf_open(p->shelf, &run->e);
	graph = graph_open(&o, &run->e);
	assert_non_null(fetch.shelf);
	assert_non_null(graph);
	run->rc = graph_fetch_files(graph, &fetch, &run->e);
	graph_close(graph);
	shelf_close(fetch.shelf);
	assert_int_equal(count_entries("/proc/self/fd"), open_before);
}

#endif
