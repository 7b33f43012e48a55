/*
 * Many files at once: when which request is sent. See graph.h for what is promised, transfer.h for
 * the pieces.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "graph/transfer.h"
#include "rules/loss.h"

/* While so many wait to be tried again, something is wrong with all: no further one is begun. */
#define MANY_WAITING 256

/* How often a wait asks whether to stop. */
#define POLL_MS 100

/* Some files may have something wrong of their own; when so many in a row cannot be fetched, it is
 * not theirs, and the next ones need not be tried. */
#define MANY_FAILED 64

/* Fewer at the end of a list of which others came have themselves to blame. */
#define FEW_DOUBTFUL 8

#define HOUR_MS (INT64_C(3600) * 1000)

static void
begin(struct fetch *f, struct graph *g, const struct graph_fetch *o)
{
	unsigned most = g->options->provider->errors_an_hour;

	*f = (struct fetch){.graph = g, .o = o, .job_count = o->files->count};
	f->arena = arena_new();
	f->multi = memory_of(curl_multi_init(), "libcurl");
	f->transfers = memory_zero(o->parallel, sizeof(*f->transfers));
	f->jobs = memory_zero(f->job_count + 1, sizeof(*f->jobs));
	f->waiting = memory_zero(f->job_count + 1, sizeof(*f->waiting));
	f->errors_ms = memory_zero(most + 1, sizeof(*f->errors_ms));
	while (f->error_count < most && f->error_count < o->errors_before)
		f->errors_ms[f->error_count++] = clock_monotonic_ms();
	curl_multi_setopt(f->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)o->parallel);
	curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, (long)o->parallel * 2);
	for (size_t i = 0; i < f->job_count; i++)
		f->jobs[i] = (struct job){.file = o->files->items[i],
		    .found = {.code = GRAPH_NO_CODE, .size = MEDIA_NO_SIZE}};
	for (unsigned i = 0; i < o->parallel; i++) {
		struct transfer *t = &f->transfers[i];

		buf_init(&t->body, 0);
		t->wire.easy = memory_of(curl_easy_init(), "libcurl");
	}
}

static void
end(struct fetch *f)
{
	for (unsigned i = 0; i < f->o->parallel; i++) {
		struct transfer *t = &f->transfers[i];

		if (t->job != NULL) {
			struct media_file *file = t->job->file;

			transfer_end(t);
			shelf_drop(f->o->shelf, file);
		}
		curl_easy_cleanup(t->wire.easy);
		buf_free(&t->body);
	}
	curl_multi_cleanup(f->multi);
	for (size_t i = 0; i < f->job_count; i++)
		url_free(f->jobs[i].url);
	free(f->errors_ms);
	free(f->waiting);
	free(f->jobs);
	free(f->transfers);
	arena_free(f->arena);
}

/* Forgets those that are older than an hour; how many there were since. */
static unsigned
recent_errors(struct fetch *f)
{
	int64_t from_ms = clock_monotonic_ms() - HOUR_MS;
	unsigned kept = 0;

	for (unsigned i = 0; i < f->error_count; i++)
		if (f->errors_ms[i] > from_ms)
			f->errors_ms[kept++] = f->errors_ms[i];
	f->error_count = kept;
	return kept;
}

/* Requests that may be in the air: each may bring an error, and the provider's last one must not be
 * reached. 0: it has been. */
static unsigned
allowed_requests(struct fetch *f)
{
	unsigned most = f->graph->options->provider->errors_an_hour;
	unsigned left, errors;

	if (most == 0)
		return f->o->parallel;
	errors = recent_errors(f);
	left = errors + 1 >= most ? 0 : most - 1 - errors;
	return left < f->o->parallel ? left : f->o->parallel;
}

static void
put_back(struct fetch *f, struct job *job)
{
	f->waiting[f->waiting_count++] = (size_t)(job - f->jobs);
}

/* The first of those that may be tried now; NULL if there is none. */
static struct job *
take_ready(struct fetch *f)
{
	int64_t now_ms = clock_monotonic_ms();
	size_t best = f->waiting_count;

	for (size_t i = 0; i < f->waiting_count; i++)
		if (f->jobs[f->waiting[i]].not_before_ms <= now_ms &&
		    (best == f->waiting_count || f->waiting[i] < f->waiting[best]))
			best = i;
	if (best < f->waiting_count) {
		struct job *job = &f->jobs[f->waiting[best]];

		f->waiting[best] = f->waiting[--f->waiting_count];
		return job;
	}
	return NULL;
}

/* Of the first so many in doubt: were they lost for reasons of their own? Else they failed for now.
 */
static int
release_doubtful(struct fetch *f, size_t count, bool are_lost, struct err *e)
{
	struct media_file *files[MANY_DOUBTFUL];

	memcpy(files, f->doubtful, count * sizeof(*files));
	f->doubtful_count -= count;
	memmove(f->doubtful, f->doubtful + count, f->doubtful_count * sizeof(*files));
	for (size_t i = 0; i < count; i++) {
		struct media_file *file = files[i];

		if (!are_lost) {
			shelf_drop(f->o->shelf, file);
			file->is_here = false;
			file->nearly = file->outcome;
			file->outcome = MEDIA_FAILED;
		}
		if (f->o->done(f->o->state, file, e) != 0)
			return -1;
	}
	return 0;
}

/* Those that failed before this file, which came, was asked for. */
static size_t
doubts_before(const struct fetch *f, const struct media_file *file)
{
	size_t count = 0;

	while (count < f->doubtful_count && f->doubtful[count]->doubted_ms <= file->asked_ms)
		count++;
	return count;
}

/* Over the network, now. */
static bool
has_come(const struct media_file *f)
{
	return (f->outcome == MEDIA_DOWNLOADED || f->outcome == MEDIA_UNVERIFIED) && !f->was_here;
}

/*
 * A file has its outcome. What is lost for good in a bad hour is lost by mistake, so the next file
 * that comes is waited for. One that failed so in another hour, too, is lost.
 */
static int
hand_over(struct fetch *f, struct media_file *file, struct err *e)
{
	if (file->is_doubtful && file->doubt != file->outcome) {
		if (f->doubtful_count == MANY_DOUBTFUL &&
		    release_doubtful(f, MANY_DOUBTFUL, false, e) != 0)
			return -1;
		file->doubted_ms = clock_monotonic_ms();
		f->doubtful[f->doubtful_count++] = file;
		return 0;
	}
	if (file->outcome == MEDIA_FAILED) {
		f->last_failed = file;
		f->failed_in_a_row++;
	} else if (has_come(file)) {
		f->failed_in_a_row = 0;
		f->has_delivered = true;
		if (release_doubtful(f, doubts_before(f, file), true, e) != 0)
			return -1;
	}
	return f->o->done(f->o->state, file, e);
}

/* A file that nobody has looked at; those that need no request are done on the way. */
static int
take_fresh(struct fetch *f, struct job **out, struct err *e)
{
	int64_t until_ms = clock_monotonic_ms() + POLL_MS;

	*out = NULL;
	while (f->fresh < f->job_count && f->waiting_count < MANY_WAITING) {
		struct job *job = &f->jobs[f->fresh++];
		bool is_done;

		arena_reset(f->arena);
		job->file->fd = -1;
		if (settle_first(f, job, &is_done, e) != 0)
			return -1;
		if (!is_done) {
			*out = job;
			return 0;
		}
		if (hand_over(f, job->file, e) != 0)
			return -1;
		/* to hash what is here takes its time, and others wait */
		if (clock_monotonic_ms() >= until_ms)
			return 0;
	}
	return 0;
}

static struct transfer *
free_transfer(struct fetch *f)
{
	struct transfer *t = f->transfers;

	while (t->job != NULL)
		t++;
	return t;
}

static int
start_ready(struct fetch *f, struct err *e)
{
	unsigned allowed = allowed_requests(f);

	while (f->running < allowed && clock_monotonic_ms() >= f->throttled_until_ms &&
	       clock_monotonic_us() >= f->next_start_us) {
		struct job *job = take_ready(f);
		int64_t now_us = clock_monotonic_us();

		if (job == NULL && take_fresh(f, &job, e) != 0)
			return -1;
		if (job == NULL)
			return 0;
		arena_reset(f->arena);
		if (transfer_start(f, free_transfer(f), job, e) != 0)
			return -1;
		if (f->o->rate > 0) /* no burst after a pause */
			f->next_start_us =
			    (f->next_start_us > now_us - 1000000 / f->o->rate ? f->next_start_us
									      : now_us) +
			    1000000 / f->o->rate;
	}
	return 0;
}

/* At the end: few, where others came, have themselves to blame. */
static int
judge_doubtful(struct fetch *f, int rc, struct err *e)
{
	bool are_lost = rc == 0 && f->has_delivered && f->doubtful_count < FEW_DOUBTFUL;
	struct err later;

	if (release_doubtful(f, f->doubtful_count, are_lost, &later) == 0)
		return rc;
	if (rc == 0)
		*e = later;
	return -1;
}

/* All must stop for this one: it has been tried, so that the next run begins with the others. */
static int
give_up(struct fetch *f, struct media_file *file, const struct err *e)
{
	struct err ignored;

	if (e->code != ERR_PERMISSION && e->code != ERR_TEMPORARY)
		return -1;
	file->outcome = MEDIA_FAILED;
	(void)f->o->done(f->o->state, file, &ignored);
	return -1;
}

static int
take_results(struct fetch *f, struct err *e)
{
	struct CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(f->multi, &left)) != NULL) {
		CURLcode result = message->data.result;
		struct transfer *t = NULL;
		struct job *job;
		bool is_done;
		int rc;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		job = t->job;
		arena_reset(f->arena);
		rc = settle_transfer(f, t, result, &is_done, e);
		transfer_end(t);
		if (rc != 0) {
			shelf_drop(f->o->shelf, job->file);
			return give_up(f, job->file, e);
		}
		if (!is_done)
			put_back(f, job);
		else if (hand_over(f, job->file, e) != 0)
			return -1;
	}
	return 0;
}

/* Have so many failed that the rest would? Before a provider locks us out, where one does. */
static int
check_failures(const struct fetch *f, struct err *e)
{
	unsigned errors = f->graph->options->provider->errors_an_hour;
	unsigned most = errors > 0 && errors < MANY_FAILED ? errors / 2 : MANY_FAILED;
	bool is_denied;

	if (f->failed_in_a_row < most)
		return 0;
	is_denied = f->last_failed->is_denied;
	err_set(e, is_denied ? ERR_PERMISSION : ERR_TEMPORARY,
	    "%u files in a row could not be fetched: %s", f->failed_in_a_row,
	    loss_text(f->last_failed));
	return err_hint(e, "%s",
	    is_denied ? "what was fetched stays; see to the token and its rights (coexsync check "
			"--graph), then the same command goes on"
		      : "what was fetched stays; give the same command again later");
}

static int
may_go_on(struct fetch *f, struct err *e)
{
	if (f->graph->options->is_stopping(f->graph->options->state))
		return err_set(e, ERR_INTERRUPTED, "stopped");
	if (f->o->deadline_us != TIME_NONE && clock_now_us() >= f->o->deadline_us) {
		err_set(e, ERR_TEMPORARY, "the time of --deadline has come");
		return err_hint(e, "what was fetched stays; the same command goes on");
	}
	if (f->running == 0 && allowed_requests(f) == 0) {
		err_set(e, ERR_TEMPORARY,
		    "%u errors within an hour: with one more the provider locks us out",
		    f->error_count);
		return err_hint(e, "what was fetched stays; go on in %" PRId64 " minutes",
		    (f->errors_ms[0] + HOUR_MS - clock_monotonic_ms()) / 60000 + 1);
	}
	return check_failures(f, e);
}

static bool
is_over(const struct fetch *f)
{
	return f->running == 0 && f->waiting_count == 0 && f->fresh == f->job_count;
}

/* Until something can be started; at most a moment. */
static int
wait_ms(const struct fetch *f)
{
	int64_t now_us = clock_monotonic_us(), until_us = now_us + POLL_MS * 1000;
	int64_t start_us = f->throttled_until_ms * 1000;

	if (f->running == f->o->parallel)
		return POLL_MS;
	start_us = start_us > f->next_start_us ? start_us : f->next_start_us;
	if (f->fresh < f->job_count && f->waiting_count < MANY_WAITING && start_us < until_us)
		until_us = start_us;
	for (size_t i = 0; i < f->waiting_count; i++) {
		int64_t at_us = f->jobs[f->waiting[i]].not_before_ms * 1000;

		at_us = at_us > start_us ? at_us : start_us;
		until_us = at_us < until_us ? at_us : until_us;
	}
	return until_us <= now_us ? 1 : (int)((until_us - now_us) / 1000) + 1;
}

int
graph_fetch_files(struct graph *g, const struct graph_fetch *o, struct err *e)
{
	struct fetch f;
	int running, rc = -1;

	begin(&f, g, o);
	for (;;) {
		if (may_go_on(&f, e) != 0 || start_ready(&f, e) != 0)
			goto out;
		if (is_over(&f))
			break;
		if (curl_multi_perform(f.multi, &running) != CURLM_OK) {
			err_set(e, ERR_BUG, "libcurl fails");
			goto out;
		}
		if (take_results(&f, e) != 0)
			goto out;
		/* libcurl wakes up when bytes come; 0 if a transfer has just ended */
		if (!is_over(&f))
			curl_multi_poll(f.multi, NULL, 0,
			    (unsigned)running < f.running ? 0 : wait_ms(&f), NULL);
	}
	rc = 0;
out:
	rc = judge_doubtful(&f, rc, e);
	end(&f);
	return rc;
}
