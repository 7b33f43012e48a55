/*
 * Telling how far a run is: see teller.h. What there is to tell comes from the totals, which are
 * locked once a batch; a run without a teller would do the same work.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/thread.h"
#include "model/time.h"
#include "pipeline/ingest.h"
#include "pipeline/pipeline.h"
#include "pipeline/teller.h"
#include "report/metrics.h"

/* A bar that moves more often is not read, and costs a terminal over a slow line. */
#define NAP_US (SECOND_US / 5)

/* A line in a log that says nothing new is noise. */
#define LINE_US (30 * SECOND_US)

/* Collectors look every 15 to 60 seconds. */
#define PAGE_US (10 * SECOND_US)

#define TEXT_MAX_BYTES ((size_t)64 << 10)

enum form { TELL_NOTHING, TELL_BAR, TELL_LINES, TELL_JSON };

/* How often, at the least distance. */
static const int64_t distances_us[] = {
    [TELL_NOTHING] = INT64_MAX,
    [TELL_BAR] = NAP_US,
    [TELL_LINES] = LINE_US,
    [TELL_JSON] = SECOND_US * 9 / 10, /* a nap ends a little early */
};

static const char *const phase_names[TELLER_PHASES] = {
    "starting", "reading", "writing", "reporting", "exporting"};

struct teller {
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	const struct options *options;
	enum form form;
	const char *columns; /* what the environment says */
	bool is_ending;
	enum teller_phase phase;
	struct ingest *ingest; /* the one that is followed, or NULL */
	char run[STORE_RUN_TEXT_BYTES]; /* "" before it has begun */
	struct totals_figures figures; /* the last that were looked at */
	struct progress progress;
	int64_t begun_us;
	int64_t told_us;
	int64_t page_us;
	struct metrics page; /* what of it stays the same */
	bool has_page_failed;
};

/* ---- what is told ---------------------------------------------------------------------------- */

static enum form
form_of(const struct options *o)
{
	const char *term = getenv("TERM");
	bool can_draw = isatty(STDERR_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0;

	if (o->progress == PROGRESS_JSON)
		return TELL_JSON;
	if (o->progress == PROGRESS_NONE || o->is_quiet)
		return TELL_NOTHING;
	return can_draw && !o->logs_json ? TELL_BAR : TELL_LINES;
}

static bool
tells_json(const struct teller *t)
{
	return t->form == TELL_JSON || t->options->logs_json;
}

static void
look(struct teller *t, int64_t now_us)
{
	if (t->ingest == NULL)
		return;
	totals_look(&t->ingest->totals, &t->figures);
	progress_add(&t->progress, &(struct progress_sample){now_us, t->figures.payloads,
				       t->figures.counts.seen, t->figures.bytes_read});
}

static struct progress_view
view_of(const struct teller *t, int64_t now_us)
{
	return t->ingest != NULL ? progress_look(&t->progress, now_us)
				 : progress_sum(&t->progress, t->progress.last.at_us);
}

/* exit_code below 0: it goes on. */
static void
put_object(const struct teller *t, const struct progress_view *v, int exit_code)
{
	char time[CLOCK_TEXT_BYTES];
	struct buf out;

	buf_init(&out, TEXT_MAX_BYTES);
	buf_printf(&out, "{\"time\":\"%s\",\"event\":\"%s\"",
	    clock_format_rfc3339(clock_now_us(), time, sizeof(time)),
	    exit_code < 0 ? "progress" : "end");
	if (t->run[0] == '\0')
		buf_put_text(&out, ",\"run_id\":null");
	else
		buf_printf(&out, ",\"run_id\":\"%s\"", t->run);
	buf_printf(&out, ",\"phase\":\"%s\"", phase_names[t->phase]);
	progress_put_members(&out, v);
	if (exit_code >= 0)
		buf_printf(&out, ",\"exit_code\":%d", exit_code);
	buf_put_char(&out, '}');
	log_put_line(buf_str(&out));
	buf_free(&out);
}

static void
put_words(const struct teller *t, const struct progress_view *v, bool is_asked)
{
	struct buf out;

	buf_init(&out, TEXT_MAX_BYTES);
	if (is_asked)
		buf_put_text(&out, "coexsync: ");
	buf_put_text(&out, phase_names[t->phase]);
	if (t->run[0] != '\0')
		buf_printf(&out, ", run %.8s", t->run);
	buf_put_text(&out, ": ");
	progress_put_words(&out, v);
	if (is_asked)
		log_put_line(buf_str(&out));
	else
		log_info("%s", buf_str(&out).ptr);
	buf_free(&out);
}

static void
draw(const struct teller *t, const struct progress_view *v)
{
	struct winsize size = {0};
	struct buf out;

	buf_init(&out, TEXT_MAX_BYTES);
	(void)ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	progress_put_bar(&out, v, progress_columns(t->columns, size.ws_col));
	log_draw(buf_str(&out).ptr);
	buf_free(&out);
}

/* What it is time for. */
static void
tell(struct teller *t, int64_t now_us)
{
	struct progress_view v;

	if (now_us - t->told_us < distances_us[t->form])
		return;
	t->told_us = now_us;
	v = view_of(t, now_us);
	if (t->form == TELL_BAR) {
		if (t->phase == TELLER_READING || t->phase == TELLER_WRITING)
			draw(t, &v);
	} else if (tells_json(t))
		put_object(t, &v, -1);
	else
		put_words(t, &v, false);
}

static void
tell_state(struct teller *t, int64_t now_us)
{
	struct progress_view v = view_of(t, now_us);

	if (tells_json(t))
		put_object(t, &v, -1);
	else
		put_words(t, &v, true);
}

/* ---- metrics --------------------------------------------------------------------------------- */

static int
write_page(struct teller *t, int64_t now_us, struct err *e)
{
	struct metrics m = t->page;
	struct buf out;
	int rc;

	m.run_id = t->run;
	m.updated_at_us = clock_now_us();
	m.duration_us = now_us - t->begun_us;
	m.payloads = t->figures.payloads;
	m.known = t->figures.known;
	m.unusable = t->figures.unusable;
	m.bytes_read = t->figures.bytes_read;
	m.bytes_total = t->progress.bytes_total;
	m.counts = t->figures.counts;
	buf_init(&out, TEXT_MAX_BYTES);
	metrics_put(&out, &m);
	rc = file_replace(t->options->metrics_file, buf_str(&out), e);
	if (rc != 0)
		err_wrap(e, "--metrics-file");
	buf_free(&out);
	return rc;
}

static void
refresh_page(struct teller *t, int64_t now_us)
{
	struct err e;

	if (t->options->metrics_file == NULL || now_us - t->page_us < PAGE_US)
		return;
	t->page_us = now_us;
	if (write_page(t, now_us, &e) == 0 || t->has_page_failed)
		return;
	t->has_page_failed = true; /* the import is worth more; said once */
	log_warn("%s", e.text);
}

/* A pipe must not hold us: what is no file is refused when it is to be replaced. */
static void
read_last_success(struct teller *t)
{
	int fd = open(t->options->metrics_file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	char page[TEXT_MAX_BYTES];
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return;
	got = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, page, sizeof(page)) : 0;
	close(fd);
	if (got > 0)
		t->page.last_success_s = metrics_last_success((struct str){page, (size_t)got});
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* SIGUSR1 is taken here, and interrupts nobody. */
static bool
nap(const struct teller *t, const sigset_t *asking)
{
	const struct timespec time = {0, t->form == TELL_BAR ? NAP_US * 1000L : 5 * NAP_US * 999L};

	return sigtimedwait(asking, NULL, &time) == SIGUSR1;
}

static void *
tell_all(void *state)
{
	struct teller *t = state;
	bool goes_on = true;
	sigset_t asking;

	sigemptyset(&asking);
	sigaddset(&asking, SIGUSR1);
	while (goes_on) {
		bool is_asked = nap(t, &asking);
		int64_t now_us = clock_monotonic_us();

		pthread_mutex_lock(&t->lock);
		goes_on = !t->is_ending;
		if (goes_on) {
			look(t, now_us);
			tell(t, now_us);
			if (is_asked)
				tell_state(t, now_us);
			refresh_page(t, now_us);
		}
		pthread_mutex_unlock(&t->lock);
	}
	return NULL;
}

static int
start_thread(struct teller *t, struct err *e)
{
	sigset_t asked;

	/* this thread, and those that it starts, leave it to the teller; what it executes does not
	 */
	sigemptyset(&asked);
	sigaddset(&asked, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &asked, NULL);
	return thread_start(&t->thread, tell_all, t, e);
}

struct teller *
teller_start(const struct options *o, struct err *e)
{
	struct teller *t = memory_zero(1, sizeof(*t));

	pthread_mutex_init(&t->lock, NULL);
	t->options = o;
	t->form = form_of(o);
	t->columns = getenv("COLUMNS");
	t->begun_us = t->told_us = t->page_us = clock_monotonic_us();
	t->page = (struct metrics){
	    .command = o->command, .is_in_progress = true, .started_at_us = clock_now_us()};
	progress_begin(&t->progress, t->begun_us, 0);
	if (o->metrics_file != NULL) {
		read_last_success(t);
		if (write_page(t, t->begun_us, e) != 0)
			goto failed;
	}
	if (start_thread(t, e) == 0)
		return t;
failed:
	pthread_mutex_destroy(&t->lock);
	free(t);
	return NULL;
}

void
teller_follow(struct teller *t, struct ingest *in)
{
	if (t == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	t->ingest = in;
	t->phase = TELLER_READING;
	if (store_is_run(&in->apply.run))
		store_run_text(&in->apply.run, t->run);
	progress_begin(&t->progress, clock_monotonic_us(), in->totals.bytes_total);
	pthread_mutex_unlock(&t->lock);
}

void
teller_leave(struct teller *t)
{
	if (t == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	look(t, clock_monotonic_us());
	t->ingest = NULL;
	pthread_mutex_unlock(&t->lock);
}

void
teller_set_phase(struct teller *t, enum teller_phase phase)
{
	if (t == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	t->phase = phase;
	if (phase != TELLER_READING && phase != TELLER_WRITING)
		log_draw("");
	pthread_mutex_unlock(&t->lock);
}

static void
tell_end(struct teller *t, int exit_code)
{
	int64_t now_us = clock_monotonic_us();
	struct progress_view v = view_of(t, now_us);
	struct err e;

	log_draw("");
	if (t->form == TELL_JSON)
		put_object(t, &v, exit_code);
	if (t->options->metrics_file == NULL)
		return;
	t->page.is_in_progress = false;
	t->page.exit_code = exit_code;
	if (exit_code == 0 || exit_code == STATUS_REJECTED)
		t->page.last_success_s = clock_now_us() / SECOND_US;
	if (write_page(t, now_us, &e) != 0)
		log_warn("%s", e.text);
}

int
teller_end(struct teller *t, int rc, int status, const struct err *e)
{
	if (t == NULL)
		return rc;
	pthread_mutex_lock(&t->lock);
	t->is_ending = true;
	pthread_mutex_unlock(&t->lock);
	pthread_kill(t->thread, SIGUSR1); /* out of its nap */
	pthread_join(t->thread, NULL);
	tell_end(t, rc == 0 ? status : pipeline_exit_code(e));
	pthread_mutex_destroy(&t->lock);
	free(t);
	return rc;
}
