/*
 * In place of libcurl's transfers and of the clock: each file has a script of answers, and time
 * passes only where a program would wait, so waits are exact and cost none. URLs are parsed by
 * libcurl itself. For one test program; what is defined here takes the place of the libraries' own.
 */
#ifndef TESTS_FAKE_CURL_H
#define TESTS_FAKE_CURL_H

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/transfer.h"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* 2026-03-01T00:00:00Z */
#define FAKE_EPOCH_S 1772323200
#define FAKE_EPOCH_US (INT64_C(1000000) * FAKE_EPOCH_S)
#define FAKE_TURNS 12
/* A loop that only turns and never waits. */
#define FAKE_MOST_POLLS 200000

/*
 * What is answered to one file, request by request, the last one for ever: `STATUS WORDS|BODY`.
 * Words: `wait=SECONDS` Retry-After, `takes=SECONDS`, `to=URL` Location, `type=TYPE`, `fails=CODE`
 * of libcurl, `at=ADDRESS` of the host. A body `*N` is N letters.
 */
struct fake_script {
	const char *id; /* of the file; "" for a call */
	const char *turns[FAKE_TURNS];
	unsigned count; /* of requests */
	char asked[512]; /* L or D and the second, for each request */
	char url[256]; /* of the last */
};

struct fake_easy {
	char url[256];
	const char *post;
	curl_write_callback write;
	void *to;
	struct transfer *transfer;
	curl_opensocket_callback open;
	void *open_state;
	long timeout_s;
	long slow_s;
	bool is_fresh; /* on a connection of its own */
	char token[64]; /* the header with it */
	char other[64]; /* the header behind it, or "" */

	const char *turn;
	char word[256];
	int64_t ends_us;
	bool is_added;
	bool is_running;
	bool is_over;
	struct CURLMsg message;
};

#define FAKE_EASIES 64

static struct {
	int64_t now_us;
	unsigned polls;
	struct fake_script *scripts;
	size_t count;
	struct fake_easy *easies[FAKE_EASIES];
	unsigned running;
	unsigned most_running;
	struct fake_easy last; /* request, as it was sent */
	char sent_post[256];
} fake;

static void
fake_begin(struct fake_script *scripts, size_t count)
{
	memset(&fake, 0, sizeof(fake));
	fake.now_us = INT64_C(1000000000);
	fake.scripts = scripts;
	fake.count = count;
}

static double
fake_seconds(void)
{
	return (double)(fake.now_us - INT64_C(1000000000)) / 1e6;
}

int
clock_gettime(clockid_t id, struct timespec *out)
{
	int64_t us = fake.now_us;

	if (id == CLOCK_REALTIME)
		us += FAKE_EPOCH_US - INT64_C(1000000000);
	*out = (struct timespec){us / 1000000, us % 1000000 * 1000};
	return 0;
}

/* ---- one request ----------------------------------------------------------------------------- */

/* The value of a word of the turn, or "". */
static const char *
fake_word(struct fake_easy *h, const char *name)
{
	const char *end = strchr(h->turn, '|'), *at = strstr(h->turn, name);
	size_t len;

	h->word[0] = '\0';
	if (at == NULL || (end != NULL && at > end))
		return h->word;
	at += strlen(name);
	len = strcspn(at, " |");
	memcpy(h->word, at, len);
	h->word[len] = '\0';
	return h->word;
}

static long
fake_number(struct fake_easy *h, const char *name)
{
	return strtol(fake_word(h, name), NULL, 10);
}

CURL *
curl_easy_init(void)
{
	struct fake_easy *h = calloc(1, sizeof(*h));

	for (size_t i = 0; i < FAKE_EASIES; i++)
		if (fake.easies[i] == NULL) {
			fake.easies[i] = h;
			return h;
		}
	fail_msg("too many handles");
	return NULL;
}

void
curl_easy_cleanup(CURL *curl)
{
	for (size_t i = 0; i < FAKE_EASIES; i++)
		if (fake.easies[i] == curl)
			fake.easies[i] = NULL;
	free(curl);
}

void
curl_easy_reset(CURL *curl)
{
	struct fake_easy *h = curl;

	*h = (struct fake_easy){.is_added = h->is_added};
}

CURLcode
curl_easy_setopt(CURL *curl, CURLoption option, ...)
{
	struct fake_easy *h = curl;
	struct curl_slist *headers;
	va_list args;

	va_start(args, option);
	if (option == CURLOPT_URL) {
		snprintf(h->url, sizeof(h->url), "%s", va_arg(args, char *));
	} else if (option == CURLOPT_WRITEFUNCTION) {
		h->write = va_arg(args, curl_write_callback);
	} else if (option == CURLOPT_WRITEDATA) {
		h->to = va_arg(args, void *);
	} else if (option == CURLOPT_PRIVATE) {
		h->transfer = va_arg(args, void *);
	} else if (option == CURLOPT_POSTFIELDS) {
		h->post = va_arg(args, char *);
	} else if (option == CURLOPT_OPENSOCKETFUNCTION) {
		h->open = va_arg(args, curl_opensocket_callback);
	} else if (option == CURLOPT_OPENSOCKETDATA) {
		h->open_state = va_arg(args, void *);
	} else if (option == CURLOPT_TIMEOUT) {
		h->timeout_s = va_arg(args, long);
	} else if (option == CURLOPT_LOW_SPEED_TIME) {
		h->slow_s = va_arg(args, long);
	} else if (option == CURLOPT_FRESH_CONNECT) {
		h->is_fresh = va_arg(args, long) != 0;
	} else if (option == CURLOPT_HTTPHEADER) {
		headers = va_arg(args, void *);
		snprintf(h->token, sizeof(h->token), "%s", headers->data);
		snprintf(h->other, sizeof(h->other), "%s",
		    headers->next == NULL ? "" : headers->next->data);
	} else if (option == CURLOPT_FOLLOWLOCATION) {
		assert_int_equal(va_arg(args, long), 0);
	} else if (option == CURLOPT_SSL_VERIFYPEER) {
		assert_int_equal(va_arg(args, long), 1);
	} else if (option == CURLOPT_SSL_VERIFYHOST) {
		assert_int_equal(va_arg(args, long), 2);
	}
	va_end(args);
	return CURLE_OK;
}

CURLcode
curl_easy_getinfo(CURL *curl, CURLINFO info, ...)
{
	struct fake_easy *h = curl;
	const char *word;
	va_list args;

	va_start(args, info);
	if (info == CURLINFO_RESPONSE_CODE) {
		*va_arg(args, long *) = strtol(h->turn, NULL, 10);
	} else if (info == CURLINFO_PRIVATE) {
		*va_arg(args, void **) = h->transfer;
	} else if (info == CURLINFO_RETRY_AFTER) {
		*va_arg(args, curl_off_t *) = fake_number(h, "wait=");
	} else if (info == CURLINFO_REQUEST_SIZE) {
		*va_arg(args, long *) = fake_number(h, "fails=") == CURLE_COULDNT_CONNECT ? 0 : 9;
	} else {
		word = fake_word(h, info == CURLINFO_REDIRECT_URL ? "to=" : "type=");
		*va_arg(args, const char **) = *word == '\0' ? NULL : word;
	}
	va_end(args);
	return CURLE_OK;
}

/* ---- all of them ----------------------------------------------------------------------------- */

CURLM *
curl_multi_init(void)
{
	return calloc(1, 1);
}

CURLMcode
curl_multi_cleanup(CURLM *multi)
{
	free(multi);
	return CURLM_OK;
}

CURLMcode
curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
	(void)multi;
	(void)option;
	return CURLM_OK;
}

static struct fake_script *
fake_script_of(const struct fake_easy *h)
{
	struct str id = h->transfer == NULL ? STR_LIT("") : h->transfer->job->file->media_id;

	for (size_t i = 0; i < fake.count; i++)
		if (str_is(id, fake.scripts[i].id))
			return &fake.scripts[i];
	fail_msg("nobody knows this file: %s", h->url);
	return NULL;
}

static const char *
fake_step(const struct fake_easy *h)
{
	if (h->transfer == NULL)
		return "C";
	return h->transfer->job->step == GRAPH_LOOKUP ? "L" : "D";
}

CURLMcode
curl_multi_add_handle(CURLM *multi, CURL *curl)
{
	struct fake_easy *h = curl;
	struct fake_script *s = fake_script_of(h);
	unsigned turn;
	size_t len = strlen(s->asked);

	(void)multi;
	if (h->is_added)
		return CURLM_ADDED_ALREADY;
	turn = s->count++;
	/* files lie at this host, ids are not looked up there */
	if (fake_step(h)[0] == 'L' && strstr(h->url, "lookaside") != NULL)
		fail_msg("a lookup at %s", h->url);
	for (h->turn = NULL; h->turn == NULL; turn--)
		h->turn = turn < FAKE_TURNS ? s->turns[turn] : NULL;
	snprintf(s->asked + len, sizeof(s->asked) - len, "%s%s%.4g", len > 0 ? " " : "",
	    fake_step(h), (double)(int64_t)(fake_seconds() * 10) / 10);
	memcpy(s->url, h->url, sizeof(s->url));
	h->ends_us = fake.now_us + (int64_t)(strtod(fake_word(h, "takes="), NULL) * 1e6);
	h->is_added = h->is_running = true;
	h->is_over = false;
	if (++fake.running > fake.most_running)
		fake.most_running = fake.running;
	fake.last = *h;
	snprintf(fake.sent_post, sizeof(fake.sent_post), "%s", h->post == NULL ? "" : h->post);
	return CURLM_OK;
}

CURLMcode
curl_multi_remove_handle(CURLM *multi, CURL *curl)
{
	struct fake_easy *h = curl;

	(void)multi;
	fake.running -= h->is_running;
	h->is_added = h->is_running = h->is_over = false;
	return CURLM_OK;
}

/* As libcurl does before it connects: a refused socket is a failed connection. */
static CURLcode
fake_connect(struct fake_easy *h)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct curl_sockaddr address = {AF_INET, SOCK_STREAM, 0, sizeof(in), {0}};
	const char *at = fake_word(h, "at=");
	int fd;

	if (*at == '\0')
		return CURLE_OK;
	inet_pton(AF_INET, at, &in.sin_addr);
	memcpy(&address.addr, &in, sizeof(in));
	fd = h->open(h->open_state, CURLSOCKTYPE_IPCXN, &address);
	if (fd == CURL_SOCKET_BAD)
		return CURLE_COULDNT_CONNECT;
	close(fd);
	return CURLE_OK;
}

static CURLcode
fake_deliver(struct fake_easy *h)
{
	const char *body = strchr(h->turn, '|');
	bool is_many = body != NULL && body[1] == '*';
	size_t len = body == NULL ? 0
		     : is_many	  ? (size_t)strtol(body + 2, NULL, 10)
				  : strlen(body + 1);
	char *bytes = malloc(len + 1);
	CURLcode result = fake_connect(h);

	memset(bytes, 'x', len + 1);
	if (body != NULL && !is_many)
		memcpy(bytes, body + 1, len);
	/* libcurl hands out pieces */
	for (size_t at = 0, piece; result == CURLE_OK && at < len; at += piece) {
		piece = len - at > 700 ? 700 : len - at > 1 ? (len - at) / 2 : 1;
		if (h->write(bytes + at, 1, piece, h->to) != piece)
			result = CURLE_WRITE_ERROR;
	}
	free(bytes);
	return result == CURLE_OK ? (CURLcode)fake_number(h, "fails=") : result;
}

CURLMcode
curl_multi_perform(CURLM *multi, int *running)
{
	(void)multi;
	for (size_t i = 0; i < FAKE_EASIES; i++) {
		struct fake_easy *h = fake.easies[i];

		if (h == NULL || !h->is_running || h->ends_us > fake.now_us)
			continue;
		h->message = (struct CURLMsg){.msg = CURLMSG_DONE, .easy_handle = h};
		h->message.data.result = fake_deliver(h);
		h->is_running = false;
		h->is_over = true;
		fake.running--;
	}
	*running = (int)fake.running;
	return CURLM_OK;
}

CURLMsg *
curl_multi_info_read(CURLM *multi, int *left)
{
	(void)multi;
	*left = 0;
	for (size_t i = 0; i < FAKE_EASIES; i++) {
		struct fake_easy *h = fake.easies[i];

		if (h != NULL && h->is_over) {
			h->is_over = false;
			return &h->message;
		}
	}
	return NULL;
}

/* Until the time is over, or the first request. */
CURLMcode
curl_multi_poll(
    CURLM *multi, struct curl_waitfd *others, unsigned count, int timeout_ms, int *events)
{
	int64_t until_us = fake.now_us + (int64_t)timeout_ms * 1000;

	(void)multi;
	(void)others;
	(void)count;
	(void)events;
	for (size_t i = 0; i < FAKE_EASIES; i++) {
		const struct fake_easy *h = fake.easies[i];

		if (h != NULL && h->is_running && h->ends_us < until_us)
			until_us = h->ends_us;
	}
	if (until_us > fake.now_us)
		fake.now_us = until_us;
	if (++fake.polls > FAKE_MOST_POLLS)
		fail_msg("it turns and turns");
	return CURLM_OK;
}

#endif
