/*
 * What fakegraph answers: files, lookups, the other calls, and the faults that an id or the control
 * file asks for. How it goes over the wire is fakegraph.c.
 */
#ifndef TOOLS_FAKEGRAPH_ANSWERS_H
#define TOOLS_FAKEGRAPH_ANSWERS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "made_up.h"

#define ID_SIZE 160
#define BUCKETS 4096
#define HANG_S 30 /* longer than any client of a test waits */

/* How the body of an answer comes. */
enum flow {
	FLOW_WHOLE,
	FLOW_CHUNKED, /* whole, without a length */
	FLOW_SLOW, /* whole, in ten pieces with pauses */
	FLOW_STALLED, /* half of it, then nothing */
	FLOW_CUT, /* half of it, then the connection is closed */
	FLOW_CUT_OPEN, /* the same, without a length: the client cannot see it */
	FLOW_ENDLESS, /* without a length, again and again */
};

struct answer {
	unsigned status;
	char type[48];
	char location[256]; /* "" or of a redirect */
	int retry_after; /* seconds, 0: not said */
	enum flow flow;
	char *body; /* to be freed */
	size_t len;
};

struct request {
	const char *method;
	const char *path; /* behind the version */
	const char *host;
	const char *token; /* as it came, "" without */
	bool is_token_right;
	char id[ID_SIZE];
};

/* How often an id was asked for. */
struct seen {
	struct seen *next;
	unsigned lookups;
	unsigned downloads;
	char id[];
};

static struct {
	const char *port_file;
	const char *log;
	const char *control;
	const char *token;
	const char *cert;
	const char *key;
	const char *phone;
	size_t size;
	long long at_s;
	unsigned port;
	pthread_mutex_t lock; /* of all below */
	struct seen *seen[BUCKETS];
} fake = {.token = "made-up-token", .phone = PHONE_NUMBER_ID, .lock = PTHREAD_MUTEX_INITIALIZER};

static char *
read_file(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = path == NULL ? NULL : fopen(path, "r");

	if (text == NULL)
		abort();
	if (f != NULL) {
		text[fread(text, 1, 65535, f)] = '\0';
		fclose(f);
	}
	return text;
}

/* The word behind `key` in the control file, "" without. */
static void
control(const char *key, char out[48])
{
	char *text = read_file(fake.control), *rest = text, *line, name[48], value[48];

	out[0] = '\0';
	while ((line = strsep(&rest, "\n")) != NULL)
		if (sscanf(line, "%47s %47s", name, value) == 2 && strcmp(name, key) == 0)
			snprintf(out, 48, "%s", value);
	free(text);
}

/* Counts one more lookup or download; how many there were before. */
static unsigned
count(const char *id, bool is_lookup, unsigned *lookups)
{
	struct sha256 hash = sha256_of(id, strlen(id));
	struct seen **at = &fake.seen[(hash.bytes[0] << 4 | hash.bytes[1] >> 4) % BUCKETS];
	unsigned before;

	pthread_mutex_lock(&fake.lock);
	while (*at != NULL && strcmp((*at)->id, id) != 0)
		at = &(*at)->next;
	if (*at == NULL) {
		if ((*at = calloc(1, sizeof(**at) + strlen(id) + 1)) == NULL)
			abort();
		memcpy((*at)->id, id, strlen(id) + 1);
	}
	before = is_lookup ? (*at)->lookups++ : (*at)->downloads++;
	if (lookups != NULL)
		*lookups = (*at)->lookups;
	pthread_mutex_unlock(&fake.lock);
	return before;
}

/* ---- answers -------------------------------------------------------------------------------- */

static void
say(struct answer *a, unsigned status, const char *type, const char *text)
{
	free(a->body);
	a->status = status;
	snprintf(a->type, sizeof(a->type), "%s", type);
	a->body = strdup(text);
	a->len = strlen(text);
}

/* The status that comes with a code; 400 for all others. */
static const struct {
	int code;
	unsigned status;
} statuses_of[] = {{0, 401}, {190, 401}, {1, 500}, {2, 503}, {3, 500}, {10, 403}, {200, 403},
    {299, 403}, {368, 403}, {131000, 500}, {131005, 403}, {131016, 500}, {131031, 403},
    {133004, 503}};

/* As Meta does, the message repeats what came as token. */
static void
say_error(struct answer *a, const struct request *r, int code)
{
	char text[512];
	unsigned status = 400;

	for (size_t i = 0; i < COUNT_OF(statuses_of); i++)
		if (statuses_of[i].code == code)
			status = statuses_of[i].status;
	snprintf(text, sizeof(text),
	    "{\"error\":{\"message\":\"(#%d) Malformed access token %s\",\"type\":"
	    "\"OAuthException\",\"code\":%d,%s\"fbtrace_id\":\"Amadeup\"}}",
	    code, r->token, code, code == 100 ? "\"error_subcode\":33," : "");
	say(a, status, "application/json", text);
}

static void
make_code(struct answer *a, const struct request *r, int n)
{
	say_error(a, r, n);
}

static void
make_http(struct answer *a, const struct request *r, int n)
{
	(void)r;
	say(a, (unsigned)n, "text/plain", "made up");
	a->retry_after = n == 429 ? 1 : 0;
}

/* With a long page. */
static void
make_page(struct answer *a, const struct request *r, int n)
{
	(void)r;
	free(a->body);
	a->status = (unsigned)n;
	snprintf(a->type, sizeof(a->type), "text/html");
	a->len = 300000;
	if ((a->body = malloc(a->len)) == NULL)
		abort();
	memset(a->body, 'x', a->len);
}

/* As 429, and with a long time to wait. */
static void
make_long_wait(struct answer *a, const struct request *r, int n)
{
	(void)r;
	say(a, 429, "text/plain", "made up");
	a->retry_after = n;
}

static void
make_html(struct answer *a, const struct request *r, int n)
{
	(void)r;
	(void)n;
	say(a, 200, "text/html; charset=utf-8", "<html><body>please log in</body></html>");
}

static void
make_elsewhere(struct answer *a, const struct request *r, int n)
{
	(void)r;
	say(a, 302, "text/plain", "");
	snprintf(a->location, sizeof(a->location), "%s://elsewhere.example:443/taken",
	    n == 0 ? "https" : "http");
}

/* To another way to the same, once. */
static void
make_redirect(struct answer *a, const struct request *r, int n)
{
	(void)n;
	if (strncmp(r->path, "/again", 6) == 0)
		return;
	say(a, 302, "text/plain", "");
	snprintf(a->location, sizeof(a->location), "/again%.100s?mid=%.100s", r->path, r->id);
}

static void
make_loop(struct answer *a, const struct request *r, int n)
{
	(void)n;
	say(a, 302, "text/plain", "");
	snprintf(a->location, sizeof(a->location), "%.100s?mid=%.100s", r->path, r->id);
}

static void
make_silence(struct answer *a, const struct request *r, int n)
{
	(void)r;
	(void)n;
	sleep(HANG_S);
	say(a, 500, "text/plain", "too late");
}

static void
make_garbage(struct answer *a, const struct request *r, int n)
{
	(void)r;
	(void)n;
	say(a, 200, "application/json", "{\"url\":");
}

static void
make_flow(struct answer *a, const struct request *r, int n)
{
	(void)r;
	a->flow = (enum flow)n;
}

/* The file is another than the one announced, but as long. */
static void
make_other_bytes(struct answer *a, const struct request *r, int n)
{
	(void)r;
	(void)n;
	a->body[a->len / 2] ^= 1;
}

/* The first half, and says so. */
static void
make_part(struct answer *a, const struct request *r, int n)
{
	(void)r;
	a->status = (unsigned)n;
	a->len /= 2;
}

/* Shorter or longer by some bytes, and the length says so. */
static void
make_length(struct answer *a, const struct request *r, int n)
{
	(void)r;
	a->len = (size_t)((long)a->len + n);
}

/* Of a lookup: the answer with another url, size or hash. */
static void
make_lookup(struct answer *a, const struct request *r, int n)
{
	static const char *const urls[] = {"", "https://elsewhere.example/file",
	    "file:///etc/passwd", "https://127.0.0.2:%u/file", "https://localhost:%u/file",
	    "http://user@127.0.0.1:%u/file", "http://localhost:%u/file"};
	char url[128], text[256];

	(void)r;
	snprintf(url, sizeof(url), "%s", urls[n]);
	if (strstr(urls[n], "%u") != NULL) {
		size_t len = strcspn(urls[n], "%");

		snprintf(
		    url, sizeof(url), "%.*s%u%s", (int)len, urls[n], fake.port, urls[n] + len + 2);
	}
	snprintf(text, sizeof(text), "{\"messaging_product\":\"whatsapp\"%s%s%s,\"id\":\"1\"}",
	    n == 0 ? "" : ",\"url\":\"", url, n == 0 ? "" : "\"");
	say(a, 200, "application/json", text);
}

/* Cuts the member out of a lookup's answer, by renaming it. */
static void
make_without(struct answer *a, const struct request *r, int n)
{
	char *member = strstr(a->body, n == 0 ? "\"sha256\"" : "\"file_size\"");

	(void)r;
	if (member != NULL)
		member[1] = '_';
}

static void
make_size(struct answer *a, const struct request *r, int n)
{
	char *member = strstr(a->body, "\"file_size\":");

	(void)r;
	(void)n;
	if (member != NULL)
		memcpy(member + 12, "9999999999      ", 16);
}

/* `code`, `http` and `page` are followed by their number. */
static const struct fault {
	const char *name;
	void (*make)(struct answer *a, const struct request *r, int n);
	int n;
} faults[] = {
    {"longwait", make_long_wait, 7200},
    {"html", make_html, 0},
    {"elsewhere", make_elsewhere, 0},
    {"plainly", make_elsewhere, 1},
    {"redirect", make_redirect, 0},
    {"loop", make_loop, 0},
    {"silent", make_silence, 0},
    {"garbage", make_garbage, 0},
    {"chunked", make_flow, FLOW_CHUNKED},
    {"slow", make_flow, FLOW_SLOW},
    {"stalled", make_flow, FLOW_STALLED},
    {"cut", make_flow, FLOW_CUT},
    {"cutopen", make_flow, FLOW_CUT_OPEN},
    {"endless", make_flow, FLOW_ENDLESS},
    {"hash", make_other_bytes, 0},
    {"part", make_part, 206},
    {"short", make_length, -9},
    {"long", make_length, 7},
    {"nourl", make_lookup, 0},
    {"otherhost", make_lookup, 1},
    {"fileurl", make_lookup, 2},
    {"private", make_lookup, 3},
    {"local", make_lookup, 4},
    {"userinfo", make_lookup, 5},
    {"plain", make_lookup, 6},
    {"nohash", make_without, 0},
    {"nosize", make_without, 1},
    {"huge", make_size, 0},
};

/* The fault `word` with the number behind it, done to the answer. False if there is none. */
static bool
spoil(struct answer *a, const struct request *r, const char *word)
{
	int n;

	if (sscanf(word, "code%d", &n) == 1)
		return make_code(a, r, n), true;
	if (sscanf(word, "http%d", &n) == 1)
		return make_http(a, r, n), true;
	if (sscanf(word, "page%d", &n) == 1)
		return make_page(a, r, n), true;
	for (size_t i = 0; i < COUNT_OF(faults); i++)
		if (strcmp(faults[i].name, word) == 0)
			return faults[i].make(a, r, faults[i].n), true;
	return false;
}

/* What the id and the control file say of this step. `before`: how often it was taken. */
static void
spoil_by_id(struct answer *a, const struct request *r, const char *step, unsigned before)
{
	char word[48], where[16], fault[32];
	unsigned times = UINT32_MAX;

	control("all", word);
	if (word[0] != '\0')
		spoil(a, r, word);
	else if (sscanf(r->id, "%15[a-z].%31[a-z0-9].%u", where, fault, &times) >= 2 &&
		 strcmp(where, step) == 0 && before < times)
		spoil(a, r, fault);
}

static void
answer_lookup(struct answer *a, const struct request *r)
{
	struct made_up_file file = made_up_file(r->id, fake.size);
	char hex[SHA256_HEX_BYTES], text[1024];
	unsigned lookups = 0, before = count(r->id, true, &lookups);

	snprintf(text, sizeof(text),
	    "{\"messaging_product\":\"whatsapp\",\"url\":\"%s://127.0.0.1:%u/whatsapp_business/"
	    "attachments/?mid=%s&ext=%u&hash=secret\",\"mime_type\":\"image/"
	    "jpeg\",\"sha256\":\"%s\","
	    "\"file_size\":%zu                ,\"id\":\"%s\"}",
	    fake.cert == NULL ? "http" : "https", fake.port, r->id, lookups,
	    sha256_hex(&file.sha256, hex), file.len, r->id);
	say(a, 200, "application/json", text);
	free(file.bytes);
	spoil_by_id(a, r, "lookup", before);
}

/* `download.expired.N-…`: a url of the first N lookups is expired. */
static void
answer_download(struct answer *a, const struct request *r, unsigned ext)
{
	struct made_up_file file = made_up_file(r->id, fake.size);
	unsigned times, before = count(r->id, false, NULL);

	free(a->body);
	*a = (struct answer){.status = 200, .body = (char *)file.bytes, .len = file.len};
	snprintf(a->type, sizeof(a->type), "image/jpeg");
	if (sscanf(r->id, "download.expired.%u", &times) == 1 && ext <= times)
		say(a, 404, "text/plain", "URL signature expired");
	else
		spoil_by_id(a, r, "download", before);
}

static void
answer_sync(struct answer *a, const struct request *r)
{
	char word[48];

	control("sync", word);
	say(a, 200, "application/json",
	    strcmp(word, "noid") == 0 ? "{\"messaging_product\":\"whatsapp\",\"success\":true}"
	    : strcmp(word, "escape") == 0
		? "{\"messaging_product\":\"whatsapp\",\"request_id\":\"req\\u001b[2J1\"}"
		: "{\"messaging_product\":\"whatsapp\",\"request_id\":\"req-1\"}");
	spoil(a, r, word);
}

static void
answer_phone(struct answer *a, const struct request *r)
{
	char word[48];

	control("fields", word);
	say(a, 200, "application/json",
	    strcmp(word, "noapp") == 0
		? "{\"is_on_biz_app\":false,\"platform_type\":\"ON_PREMISE\",\"id\":\"1\"}"
		: "{\"is_on_biz_app\":true,\"platform_type\":\"CLOUD_API\",\"id\":\"1\"}");
	spoil(a, r, word);
}

static void
answer_permissions(struct answer *a, const struct request *r)
{
	char word[48];

	control("permissions", word);
	say(a, 200, "application/json",
	    strcmp(word, "few") == 0
		? "{\"data\":[{\"permission\":\"whatsapp_business_messaging\",\"status\":"
		  "\"granted\"}]}"
		: "{\"data\":[{\"permission\":\"whatsapp_business_messaging\",\"status\":"
		  "\"granted\"},"
		  "{\"permission\":\"whatsapp_business_management\",\"status\":\"granted\"}]}");
	spoil(a, r, word);
}

#endif
