/*
 * What the end of a request means for its file: see transfer.h. The order of the questions matters:
 * the disk, the transport, the answer's own word, its body.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "graph/transfer.h"
#include "rules/pace.h"

/* A URL of a lookup lives for five minutes (the Cloud API's documentation). */
#define URL_LIFE_MS (4 * 60000)
#define MAX_REDIRECTS 3
/* A body that is wrong may be right the next time; not the fourth. */
#define MAX_BAD_BODIES 3
#define MAX_RENEWALS 3
#define LONGEST_QUIET_S 60
#define HTTP_PARTIAL 206 /* nobody has asked for a part */
#define CODE_FILE_NOT_AT_API 131052

/* An outcome that needs no file. Gives 0. */
static int
conclude(struct job *job, enum media_outcome outcome, enum loss loss, bool *is_done)
{
	job->file->outcome = outcome;
	job->file->loss = loss;
	*is_done = true;
	return 0;
}

/* Of a file that can never be had, or that nobody gets for the moment: fetch.c tells. */
static int
conclude_doubtful(struct job *job, enum media_outcome outcome, enum loss loss, bool *is_done)
{
	bool was_due = outcome == MEDIA_ID_EXPIRED && job->file->deadline_us != TIME_NONE &&
		       job->file->deadline_us < clock_now_us();

	job->file->is_doubtful = !was_due;
	return conclude(job, outcome, loss, is_done);
}

static void
forget_url(struct job *job)
{
	url_free(job->url);
	job->url = NULL;
	job->redirects = 0;
}

/* Back to the lookup, where there is one. */
static void
begin_again(struct fetch *f, struct job *job)
{
	if (!f->graph->options->provider->has_lookup)
		return;
	forget_url(job);
	job->step = GRAPH_LOOKUP;
}

/* Has it been failing for longer than it may? Counts from its first failure. */
static bool
is_exhausted(struct fetch *f, struct job *job, int64_t now_ms)
{
	if (job->failing_since_ms == 0)
		job->failing_since_ms = now_ms;
	return now_ms - job->failing_since_ms >= (int64_t)f->o->retry_seconds * 1000;
}

/* Longer than anybody wants to look at a program that does nothing. */
static bool
is_too_long_a_wait(const struct fetch *f, int64_t retry_after_s)
{
	return retry_after_s > LONGEST_QUIET_S && retry_after_s > (int64_t)f->o->retry_seconds;
}

static int
try_later(struct fetch *f, struct job *job, int64_t retry_after_s, enum loss loss, bool *is_done)
{
	int64_t now_ms = clock_monotonic_ms();

	if (is_exhausted(f, job, now_ms) || is_too_long_a_wait(f, retry_after_s))
		return conclude(job, MEDIA_FAILED, loss, is_done);
	job->not_before_ms = now_ms + pace_back_off_ms(++job->failures, retry_after_s);
	if (job->step == GRAPH_DOWNLOAD && job->not_before_ms - job->url_since_ms > URL_LIFE_MS)
		begin_again(f, job);
	return 0;
}

/*
 * All have to wait; answers to what was sent before the last word about it do not count again. Once
 * nothing has gone through for as long as a file is tried, no file waits any more.
 */
static int
throttle(
    struct fetch *f, const struct transfer *t, int64_t retry_after_s, bool *is_done, struct err *e)
{
	int64_t now_ms = clock_monotonic_ms();

	if (is_too_long_a_wait(f, retry_after_s)) {
		t->job->file->loss = LOSS_TOO_MANY_CALLS;
		err_set(e, ERR_TEMPORARY, "too many calls: the API wants none for %jd seconds",
		    (intmax_t)retry_after_s);
		return err_hint(e, "what was fetched stays; give the same command again then");
	}
	if (f->throttles == 0)
		f->throttled_since_ms = now_ms;
	else if (now_ms - f->throttled_since_ms >= (int64_t)f->o->retry_seconds * 1000)
		return conclude(t->job, MEDIA_FAILED, LOSS_TOO_MANY_CALLS, is_done);
	if (f->throttles == 0 || t->started_ms >= f->throttled_at_ms) {
		f->throttles++;
		f->throttled_at_ms = now_ms;
		f->throttled_until_ms = now_ms + pace_back_off_ms(f->throttles, retry_after_s);
		log_verbose(
		    "too many calls: waiting %jd ms", (intmax_t)(f->throttled_until_ms - now_ms));
	}
	if (is_exhausted(f, t->job, now_ms))
		return conclude(t->job, MEDIA_FAILED, LOSS_TOO_MANY_CALLS, is_done);
	return 0;
}

/* A file came through; of too many calls it says something if it was sent after the last word. */
static void
note_success(struct fetch *f, const struct transfer *t)
{
	if (t->started_ms >= f->throttled_at_ms)
		f->throttles = 0;
}

/* A body that is not the file: the outcome after the third, a new lookup before. */
static bool
is_last_bad_body(struct fetch *f, struct job *job)
{
	if (++job->bad_bodies >= MAX_BAD_BODIES)
		return true;
	begin_again(f, job);
	job->not_before_ms = clock_monotonic_ms() + pace_back_off_ms(job->bad_bodies, 0);
	return false;
}

static int
settle_bad_body(
    struct fetch *f, struct transfer *t, enum media_outcome outcome, enum loss loss, bool *is_done)
{
	shelf_drop(f->o->shelf, t->job->file);
	return is_last_bad_body(f, t->job) ? conclude_doubtful(t->job, outcome, loss, is_done) : 0;
}

static bool
is_same(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->bytes, b->bytes, SHA256_BYTES) == 0;
}

static int
take_url(struct fetch *f, struct job *job, const char *url, bool *is_done)
{
	struct url_judged judged = url_judge(&f->graph->rules, f->graph->arena, url);

	if (judged.url == NULL) {
		job->file->host = judged.host;
		return conclude(job, MEDIA_REFUSED, judged.loss, is_done);
	}
	url_free(job->url);
	job->url = judged.url;
	job->is_base = judged.is_base;
	job->url_since_ms = clock_monotonic_ms();
	return 0;
}

/* What was fetched with a greater limit is here all the same. */
static bool
has_file(struct fetch *f, const struct media_file *file, const struct sha256 *hash, int64_t *size)
{
	int64_t most = (int64_t)f->o->max_file_bytes;

	if (file->has_kept && is_same(hash, &file->kept) && file->kept_bytes > most)
		most = file->kept_bytes;
	return shelf_has(f->o->shelf, hash, most, size);
}

/* Is it on the shelf already? Of two hashes the announced one counts. */
static bool
is_on_shelf(struct fetch *f, struct job *job)
{
	struct media_file *file = job->file;
	const struct sha256 *hash = file->has_announced ? &file->announced : &job->found.sha256;

	if (!file->has_announced && !job->found.has_sha256)
		return false;
	if (!has_file(f, file, hash, &file->size_bytes))
		return false;
	file->sha256 = *hash;
	file->is_here = file->was_here = true;
	return true;
}

int
settle_first(struct fetch *f, struct job *job, bool *is_done, struct err *e)
{
	const struct provider *provider = f->graph->options->provider;
	struct media_file *file = job->file;

	(void)e;
	*is_done = false;
	file->is_kept = file->has_kept && has_file(f, file, &file->kept, &(int64_t){0});
	if (is_on_shelf(f, job))
		return conclude(job, MEDIA_DOWNLOADED, LOSS_NONE, is_done);
	job->step = provider->has_lookup ? GRAPH_LOOKUP : GRAPH_DOWNLOAD;
	if (!provider->has_lookup && str_is_empty(file->url))
		return conclude(job, MEDIA_REFUSED, LOSS_NO_URL, is_done);
	if (!provider->has_lookup)
		return take_url(
		    f, job, arena_printf(f->arena, "%.*s", STR_ARG(file->url)).ptr, is_done);
	if (!provider_is_media_id(file->media_id))
		return conclude(job, MEDIA_REFUSED, LOSS_BAD_ID, is_done);
	return 0;
}

static int
settle_lookup(struct fetch *f, struct transfer *t, const struct answer *answer, bool *is_done)
{
	struct job *job = t->job;

	job->found = *answer;
	job->found.url = STR_NULL;
	if (answer->url.len == 0)
		return try_later(f, job, 0, LOSS_BAD_ANSWER, is_done);
	if (answer->size != MEDIA_NO_SIZE)
		job->file->size_bytes = answer->size;
	if (answer->size > 0 && (uint64_t)answer->size > f->o->max_file_bytes)
		return conclude(job, MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, is_done);
	if (is_on_shelf(f, job))
		return conclude(job, MEDIA_DOWNLOADED, LOSS_NONE, is_done);
	forget_url(job);
	job->step = GRAPH_DOWNLOAD;
	return take_url(f, job, answer->url.ptr, is_done);
}

/* The transfer was broken off by take_file. */
static int
settle_unwanted(struct fetch *f, struct transfer *t, bool *is_done)
{
	if (t->is_html)
		return settle_bad_body(f, t, MEDIA_REFUSED, LOSS_WEB_PAGE, is_done);
	if (t->job->found.size != MEDIA_NO_SIZE)
		return settle_bad_body(f, t, MEDIA_MISMATCH, LOSS_SIZE_DIFFERS, is_done);
	shelf_drop(f->o->shelf, t->job->file);
	/* at least: with a limit below that it need not be tried again */
	t->job->file->size_bytes = t->size;
	return conclude(t->job, MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, is_done);
}

/* Whole, as far as the transport can tell. A file that is not the announced one is kept as well. */
static int
settle_file(struct fetch *f, struct transfer *t, bool *is_done)
{
	struct job *job = t->job;
	struct media_file *file = job->file;
	const struct answer *found = &job->found;
	enum loss loss = LOSS_NONE;

	file->sha256 = sha256_end(t->hash);
	t->hash = NULL;
	if (file->has_announced && !is_same(&file->sha256, &file->announced))
		loss = LOSS_HASH_DIFFERS;
	else if (!file->has_announced && found->has_sha256 &&
		 !is_same(&file->sha256, &found->sha256))
		loss = LOSS_LOOKUP_HASH_DIFFERS;
	else if (!file->has_announced && found->size != MEDIA_NO_SIZE && t->size != found->size)
		loss = LOSS_SIZE_DIFFERS;
	else if (t->size == 0 && !file->has_announced)
		loss = LOSS_EMPTY;
	else if (file->http_status == HTTP_PARTIAL && !file->has_announced && !found->has_sha256)
		loss = LOSS_PARTIAL;
	if (loss != LOSS_NONE && !is_last_bad_body(f, job)) {
		shelf_drop(f->o->shelf, file);
		return 0;
	}
	file->size_bytes = t->size;
	file->is_here = true;
	if (loss != LOSS_NONE)
		return conclude_doubtful(job, MEDIA_MISMATCH, loss, is_done);
	note_success(f, t);
	return conclude(job,
	    file->has_announced || found->has_sha256 ? MEDIA_DOWNLOADED : MEDIA_UNVERIFIED,
	    LOSS_NONE, is_done);
}

static int
settle_redirect(struct fetch *f, struct transfer *t, bool *is_done)
{
	char *to = NULL;

	curl_easy_getinfo(t->wire.easy, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL || ++t->job->redirects > MAX_REDIRECTS)
		return conclude_doubtful(t->job, MEDIA_REFUSED, LOSS_REDIRECT_LOOP, is_done);
	return take_url(f, t->job, to, is_done);
}

/* The URL is no longer good: another, if the id can be looked up. */
static int
renew(struct fetch *f, struct job *job, bool *is_done)
{
	if (!f->graph->options->provider->has_lookup)
		return conclude_doubtful(job, MEDIA_ID_EXPIRED, LOSS_URL_DEAD, is_done);
	if (++job->renewals > MAX_RENEWALS)
		return conclude(job, MEDIA_FAILED, LOSS_URL_DEAD, is_done);
	begin_again(f, job);
	job->not_before_ms =
	    job->renewals == 1 ? 0 : clock_monotonic_ms() + pace_back_off_ms(job->renewals - 1, 0);
	return 0;
}

static int
fail_for_all(const struct transfer *t, int status, int32_t code, struct err *e)
{
	const char *what = t->job->step == GRAPH_LOOKUP ? "lookup" : "download";

	t->job->file->loss = LOSS_NO_ACCESS;
	if (code == GRAPH_NO_CODE)
		err_set(e, ERR_PERMISSION, "%s of a file: HTTP status %d: %s", what, status,
		    graph_meaning(status, code));
	else
		err_set(e, ERR_PERMISSION, "%s of a file: the Graph API says %d: %s", what,
		    (int)code, graph_meaning(status, code));
	return err_hint(e,
	    "what was fetched stays; see to the token and its rights (coexsync check --graph), "
	    "then the same command goes on");
}

static int
settle_error(struct fetch *f, struct transfer *t, int status, bool *is_done, struct err *e)
{
	int32_t code = t->job->file->graph_code;
	curl_off_t retry_after = 0;

	curl_easy_getinfo(t->wire.easy, CURLINFO_RETRY_AFTER, &retry_after);
	switch (graph_judge(t->job->step, status, code)) {
	case GRAPH_STOP:
		return fail_for_all(t, status, code, e);
	case GRAPH_DENIED:
		t->job->file->is_denied = true;
		return conclude(t->job, MEDIA_FAILED, LOSS_NO_PERMISSION, is_done);
	case GRAPH_BACK_OFF:
		return throttle(f, t, retry_after, is_done, e);
	case GRAPH_RENEW:
		return renew(f, t->job, is_done);
	case GRAPH_GONE:
		return conclude_doubtful(t->job, MEDIA_ID_EXPIRED, LOSS_ID_GONE, is_done);
	case GRAPH_REFUSED:
		return conclude_doubtful(t->job, MEDIA_REFUSED,
		    code == CODE_FILE_NOT_AT_API ? LOSS_FILE_NOT_AT_API : LOSS_CALL_REFUSED,
		    is_done);
	case GRAPH_RETRY:
	case GRAPH_DONE:
		break;
	}
	return try_later(f, t->job, retry_after, LOSS_SERVER_FAILED, is_done);
}

/* No whole answer came. */
static int
settle_transport(struct fetch *f, struct transfer *t, CURLcode result, bool *is_done, struct err *e)
{
	bool is_api = t->job->step == GRAPH_LOOKUP;

	if (t->wire.is_blocked && !is_api)
		return conclude(t->job, MEDIA_REFUSED, LOSS_PRIVATE_ADDRESS, is_done);
	if (t->wire.is_blocked) {
		err_set(e, ERR_CONFIG, "the Graph API has a private address here");
		return err_hint(e, "give it with --graph-url if that is meant");
	}
	if (is_api && result == CURLE_PEER_FAILED_VERIFICATION)
		return err_set(e, ERR_UNAVAILABLE, "the certificate of the Graph API is not valid");
	if (try_later(f, t->job, 0, LOSS_NO_ANSWER, is_done) != 0)
		return -1;
	if (*is_done && is_api && !f->has_answer) {
		err_set(e, ERR_UNAVAILABLE, "no answer of the Graph API: %s",
		    curl_easy_strerror(result));
		return err_hint(e, "check the network, and --graph-url if one is given");
	}
	return 0;
}

/* The provider counts them, too. */
static void
count_error(struct fetch *f)
{
	unsigned most = f->graph->options->provider->errors_an_hour;

	if (most == 0)
		return;
	if (f->error_count == most)
		memmove(f->errors_ms, f->errors_ms + 1, --f->error_count * sizeof(*f->errors_ms));
	f->errors_ms[f->error_count++] = clock_monotonic_ms();
}

int
settle_transfer(struct fetch *f, struct transfer *t, CURLcode result, bool *is_done, struct err *e)
{
	struct job *job = t->job;
	struct answer answer;
	long status = 0;

	*is_done = false;
	curl_easy_getinfo(t->wire.easy, CURLINFO_RESPONSE_CODE, &status);
	job->file->http_status = (int)status;
	job->file->graph_code = GRAPH_NO_CODE;
	if (t->io_error != 0)
		return err_set(e, ERR_IO, "cannot write a file: %s", strerror(t->io_error));
	f->has_answer |= status != 0;
	if (t->is_html || t->is_too_long)
		return settle_unwanted(f, t, is_done);
	if (status >= 200 && status < 300 && job->step == GRAPH_DOWNLOAD && result == CURLE_OK)
		return settle_file(f, t, is_done);
	shelf_drop(f->o->shelf, job->file);
	if (result != CURLE_OK && !t->is_cut)
		return settle_transport(f, t, result, is_done, e);
	if (status >= 300 && status < 400)
		return settle_redirect(f, t, is_done);
	answer = answer_read(f->arena, buf_str(&t->body));
	job->file->graph_code = answer.code;
	if (status >= 400)
		count_error(f);
	if (status >= 200 && status < 300 && answer.code == GRAPH_NO_CODE)
		return settle_lookup(f, t, &answer, is_done);
	return settle_error(f, t, (int)status, is_done, e);
}
