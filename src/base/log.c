/*
 * Words for the operator: see log.h. A line is one write, whoever else writes; the one that is
 * drawn in place makes room for it.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/letter.h"
#include "base/log.h"

#define MESSAGE_BYTES 1024
#define SHOWN_BYTES (3 * MESSAGE_BYTES) /* each byte may become U+FFFD */
#define LINE_MAX_BYTES ((size_t)64 << 10)
#define RUN_TEXT_BYTES 37
#define RUN_SHORT_LETTERS 8
#define DRAWN_BYTES 512

/* To the beginning of the line, and nothing behind it. */
#define ERASE_LINE "\r\033[K"

static struct {
	pthread_mutex_t lock; /* of all below, and of stderr */
	enum log_level level;
	enum log_format format;
	char run[RUN_TEXT_BYTES]; /* "" before one has begun */
	char drawn[DRAWN_BYTES]; /* "" if there is no such line */
} current = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void write_message(const char *level, const char *message, const char *hint);

void
log_set_level(enum log_level level)
{
	pthread_mutex_lock(&current.lock);
	current.level = level;
	pthread_mutex_unlock(&current.lock);
}

void
log_set_format(enum log_format format)
{
	pthread_mutex_lock(&current.lock);
	current.format = format;
	pthread_mutex_unlock(&current.lock);
}

void
log_set_run(const char *run_id)
{
	pthread_mutex_lock(&current.lock);
	snprintf(current.run, sizeof(current.run), "%s", run_id);
	pthread_mutex_unlock(&current.lock);
}

static void
log_at(enum log_level at, const char *level, const char *fmt, va_list ap)
{
	char message[MESSAGE_BYTES];

	pthread_mutex_lock(&current.lock);
	if (current.level >= at) {
		vsnprintf(message, sizeof(message), fmt, ap);
		write_message(level, message, "");
	}
	pthread_mutex_unlock(&current.lock);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_QUIET, "warning", fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_NORMAL, "info", fmt, ap);
	va_end(ap);
}

void
log_verbose(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_at(LOG_VERBOSE, "debug", fmt, ap);
	va_end(ap);
}

void
log_error(const struct err *e)
{
	pthread_mutex_lock(&current.lock);
	write_message("error", e->text, e->hint);
	pthread_mutex_unlock(&current.lock);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* With the lock held. */
static void
write_lines(struct str lines)
{
	struct buf out;

	buf_init(&out, 2 * LINE_MAX_BYTES);
	if (current.drawn[0] != '\0')
		buf_put_text(&out, ERASE_LINE);
	buf_put_str(&out, lines);
	buf_put_text(&out, current.drawn);
	fwrite(out.ptr, 1, out.len, stderr);
	buf_free(&out);
}

void
log_put_line(struct str line)
{
	struct buf out;

	buf_init(&out, LINE_MAX_BYTES);
	buf_put_str(&out, line);
	buf_put_char(&out, '\n');
	pthread_mutex_lock(&current.lock);
	write_lines(buf_str(&out));
	pthread_mutex_unlock(&current.lock);
	buf_free(&out);
}

void
log_draw(const char *line)
{
	pthread_mutex_lock(&current.lock);
	if (current.drawn[0] != '\0' || line[0] != '\0')
		fprintf(stderr, ERASE_LINE "%s", line);
	snprintf(current.drawn, sizeof(current.drawn), "%s", line);
	pthread_mutex_unlock(&current.lock);
}

static void
put_text(struct json_writer *w, const char *key, const char *text)
{
	json_put_key(w, key);
	json_put_str(w, str_of(text));
}

static void
format_json(struct buf *out, const char *level, const char *message, const char *hint)
{
	struct json_writer w = {out, false};
	char time[CLOCK_TEXT_BYTES];

	json_begin_object(&w);
	put_text(&w, "time", clock_format_rfc3339(clock_now_us(), time, sizeof(time)));
	put_text(&w, "level", level);
	json_put_key(&w, "run_id");
	json_put_str(&w, current.run[0] == '\0' ? STR_NULL : str_of(current.run));
	put_text(&w, "message", message);
	if (hint[0] != '\0')
		put_text(&w, "hint", hint);
	json_end_object(&w);
	buf_put_char(out, '\n');
}

static void
format_text(struct buf *out, const char *message, const char *hint)
{
	if (current.level >= LOG_VERBOSE && current.run[0] != '\0')
		buf_printf(out, "coexsync[%.*s]: %s\n", RUN_SHORT_LETTERS, current.run, message);
	else
		buf_printf(out, "coexsync: %s\n", message);
	if (hint[0] != '\0')
		buf_printf(out, "hint: %s\n", hint);
}

/* A file's name may be any bytes, and a cut may go through a letter. */
static void
show(const char *text, char shown[SHOWN_BYTES])
{
	struct buf clean;

	buf_init(&clean, SHOWN_BYTES);
	letter_put_shown(&clean, str_of(text));
	snprintf(shown, SHOWN_BYTES, "%.*s", STR_ARG(buf_str(&clean)));
	buf_free(&clean);
}

static void
write_message(const char *level, const char *message, const char *hint)
{
	char shown[2][SHOWN_BYTES];
	struct buf out;

	show(message, shown[0]);
	show(hint, shown[1]);
	buf_init(&out, LINE_MAX_BYTES);
	if (current.format == LOG_JSON)
		format_json(&out, level, shown[0], shown[1]);
	else
		format_text(&out, shown[0], shown[1]);
	write_lines(buf_str(&out));
	buf_free(&out);
}
