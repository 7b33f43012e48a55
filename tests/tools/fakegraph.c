/*
 * A Graph API for tests: media lookups and downloads, the request for the sync, a phone number's
 * fields and a token's rights, and everything that can go wrong with them.
 *
 *   fakegraph [option ...] [-- COMMAND ...]
 *
 * serves until it is killed, or until COMMAND has ended; {graph} in its words is the URL,
 * COEXSYNC_TOKEN is set.
 *
 *   fakegraph [option ...] announce ID...
 *
 * prints the payload that announces these files.
 *
 * What goes wrong is said by the media id, `lookup.FAULT[.TIMES]-NAME` or `download.FAULT…` (see
 * the table; TIMES: then it is over), and by the control file, read at each request: lines
 * `sync FAULT`, `fields WHAT`, `permissions WHAT`, `all FAULT`. Every other id is a file: see
 * made_up_file.h.
 */
#include <getopt.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fakegraph_answers.h"

/* A body on its way. */
struct sending {
	enum flow flow;
	size_t len;
	char body[];
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
note(const struct request *r)
{
	FILE *f;

	if (fake.log == NULL)
		return;
	pthread_mutex_lock(&fake.lock);
	if ((f = fopen(fake.log, "a")) != NULL) {
		fprintf(f, "%s %s host=%s token=%s\n", r->method, r->path, r->host,
		    r->token[0] == '\0' ? "none"
		    : r->is_token_right ? "right"
					: "other");
		fclose(f);
	}
	pthread_mutex_unlock(&fake.lock);
}

/* ---- HTTP ----------------------------------------------------------------------------------- */

static ssize_t
send_piece(void *cls, uint64_t at, char *out, size_t max)
{
	struct sending *s = cls;
	const struct timespec pause = {0, 100000000};
	size_t end = s->len, piece;

	if (s->flow == FLOW_STALLED || s->flow == FLOW_CUT || s->flow == FLOW_CUT_OPEN)
		end = s->len / 2;
	if (s->flow == FLOW_ENDLESS)
		at %= s->len;
	if (at >= end) {
		if (s->flow == FLOW_STALLED)
			sleep(HANG_S);
		return s->flow == FLOW_STALLED || s->flow == FLOW_CUT
			   ? MHD_CONTENT_READER_END_WITH_ERROR
			   : MHD_CONTENT_READER_END_OF_STREAM;
	}
	piece = s->flow == FLOW_SLOW ? s->len / 10 + 1 : end;
	piece = piece < max ? piece : max;
	piece = piece < end - at ? piece : end - at;
	if (s->flow == FLOW_SLOW)
		nanosleep(&pause, NULL);
	memcpy(out, s->body + at, piece);
	return (ssize_t)piece;
}

static struct MHD_Response *
make_response(const struct answer *a)
{
	static const bool has_no_length[] = {
	    [FLOW_CHUNKED] = true, [FLOW_CUT_OPEN] = true, [FLOW_ENDLESS] = true};
	struct sending *s;

	if (a->flow == FLOW_WHOLE)
		return MHD_create_response_from_buffer(a->len, a->body, MHD_RESPMEM_MUST_COPY);
	if ((s = malloc(sizeof(*s) + a->len)) == NULL)
		abort();
	*s = (struct sending){.flow = a->flow, .len = a->len};
	memcpy(s->body, a->body, a->len);
	return MHD_create_response_from_callback(
	    a->flow <= FLOW_ENDLESS && has_no_length[a->flow] ? MHD_SIZE_UNKNOWN : a->len, 4096,
	    send_piece, s, free);
}

static enum MHD_Result
send_answer(struct MHD_Connection *c, struct answer *a)
{
	struct MHD_Response *response = make_response(a);
	enum MHD_Result result;
	char seconds[16];

	if (a->flow == FLOW_CUT_OPEN) /* ends where the connection does */
		MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
	MHD_add_response_header(response, "Content-Type", a->type);
	if (a->location[0] != '\0')
		MHD_add_response_header(response, "Location", a->location);
	snprintf(seconds, sizeof(seconds), "%d", a->retry_after);
	if (a->retry_after > 0)
		MHD_add_response_header(response, "Retry-After", seconds);
	result = MHD_queue_response(c, a->status, response);
	MHD_destroy_response(response);
	free(a->body);
	return result;
}

static const char *
header(struct MHD_Connection *c, const char *name)
{
	const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return value == NULL ? "" : value;
}

static const char *
token_of(struct MHD_Connection *c)
{
	const char *bearer = header(c, "Authorization");

	if (strncmp(bearer, "Bearer ", 7) == 0)
		return bearer + 7;
	return header(c, "D360-API-KEY")[0] != '\0' ? header(c, "D360-API-KEY")
						    : header(c, "X-API-Key");
}

static void
route(struct MHD_Connection *c, struct answer *a, struct request *r)
{
	const char *mid = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "mid");
	const char *ext = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "ext");
	const char *slash = strchr(r->path, '/');
	const char *last = strrchr(r->path, '/');

	if (strstr(r->path, "/attachments/") != NULL || strstr(r->path, "/link/") != NULL) {
		snprintf(r->id, sizeof(r->id), "%s", mid != NULL ? mid : last + 1);
		answer_download(a, r, ext == NULL ? 1 : (unsigned)strtoul(ext, NULL, 10));
	} else if (slash == NULL || last[1] == '\0') {
		say(a, 404, "text/plain", "nothing here");
	} else if (strcmp(last, "/smb_app_data") == 0) {
		answer_sync(a, r);
	} else if (strcmp(last, "/permissions") == 0) {
		answer_permissions(a, r);
	} else if (MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "fields") != NULL) {
		answer_phone(a, r);
	} else {
		snprintf(r->id, sizeof(r->id), "%s", last + 1);
		answer_lookup(a, r);
	}
}

static enum MHD_Result
serve(void *cls, struct MHD_Connection *c, const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_len, void **state)
{
	struct request r = {.method = method, .path = url, .host = header(c, "Host")};
	struct answer a = {.status = 200};

	(void)cls;
	(void)version;
	(void)upload;
	if (*state == NULL || *upload_len > 0) { /* the request's own body is of no interest */
		*state = &fake;
		*upload_len = 0;
		return MHD_YES;
	}
	r.token = token_of(c);
	r.is_token_right = strcmp(r.token, fake.token) == 0;
	note(&r);
	if (!r.is_token_right)
		say_error(&a, &r, 190);
	else
		route(c, &a, &r);
	return send_answer(c, &a);
}

static void
start(void)
{
	char *cert = read_file(fake.cert), *key = read_file(fake.key);
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	unsigned flags =
	    MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
	struct MHD_Daemon *d;

	d = MHD_start_daemon(flags | (fake.cert != NULL ? MHD_USE_TLS : 0), 0, NULL, NULL, serve,
	    NULL, MHD_OPTION_SOCK_ADDR, &here,
	    fake.cert != NULL ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, cert,
	    MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_END);
	if (d == NULL)
		die("fakegraph: cannot listen");
	fake.port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
	if (fake.port_file != NULL) {
		FILE *f = fopen(fake.port_file, "w");

		if (f == NULL || fprintf(f, "%u\n", fake.port) < 0 || fclose(f) != 0)
			die(fake.port_file);
	}
}

/* ---- called as a program -------------------------------------------------------------------- */

static char *
with_url(const char *word)
{
	const char *at = strstr(word, "{graph}");
	char *out = NULL;

	if (at == NULL)
		return strdup(word);
	if (asprintf(&out, "%.*shttp://127.0.0.1:%u/v23.0%s", (int)(at - word), word, fake.port,
		at + 7) < 0)
		abort();
	return out;
}

/* Its status. */
static int
run_command(char **words)
{
	int status = 0;
	pid_t pid;

	for (char **w = words; *w != NULL; w++)
		*w = with_url(*w);
	setenv("COEXSYNC_TOKEN", fake.token, 1);
	if ((pid = fork()) == 0) {
		execvp(words[0], words);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die("fakegraph");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A follow-up of history media; ids with `nohash` in them are announced without hash. */
static void
announce(char **ids, int id_count)
{
	struct buf b;

	buf_init(&b, (size_t)1 << 30);
	buf_printf(&b,
	    "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"" WABA_ID
	    "\",\"changes\":[{\"field\":\"history\",\"value\":{\"messaging_product\":\"whatsapp\","
	    "\"metadata\":{\"display_phone_number\":\"" BUSINESS_PHONE
	    "\",\"phone_number_id\":\"%s\"},"
	    "\"messages\":[",
	    fake.phone);
	for (int i = 0; i < id_count; i++) {
		struct made_up_file file = made_up_file(ids[i], fake.size);

		buf_printf(&b,
		    "%s{\"from\":\"15552000007\",\"id\":\"wamid.%s\",\"timestamp\":\"%lld\","
		    "\"type\":"
		    "\"image\",\"image\":{\"mime_type\":\"image/jpeg\",\"id\":\"%s\"",
		    i == 0 ? "" : ",", ids[i], fake.at_s, ids[i]);
		if (strstr(ids[i], "nohash") == NULL) {
			buf_put_text(&b, ",\"sha256\":\"");
			made_up_base64(&b, file.sha256.bytes, SHA256_BYTES);
			buf_put_text(&b, "\"");
		}
		buf_put_text(&b, "}}");
		free(file.bytes);
	}
	buf_put_text(&b, "]}}]}]}\n");
	fwrite(b.ptr, 1, b.len, stdout);
	buf_free(&b);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {{"port-file", required_argument, NULL, 'p'},
	    {"log", required_argument, NULL, 'l'}, {"control", required_argument, NULL, 'c'},
	    {"token", required_argument, NULL, 't'}, {"size", required_argument, NULL, 's'},
	    {"cert", required_argument, NULL, 'C'}, {"key", required_argument, NULL, 'K'},
	    {"phone", required_argument, NULL, 'P'}, {"at", required_argument, NULL, 'a'}, {0}};
	const char **const texts[] = {['p'] = &fake.port_file,
	    ['l'] = &fake.log,
	    ['c'] = &fake.control,
	    ['t'] = &fake.token,
	    ['C'] = &fake.cert,
	    ['K'] = &fake.key,
	    ['P'] = &fake.phone};
	int option;

	fake.at_s = time(NULL) - 3600;
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 's')
			fake.size = strtoul(optarg, NULL, 10);
		else if (option == 'a')
			fake.at_s = strtoll(optarg, NULL, 10);
		else if (option != '?')
			*texts[option] = optarg;
		else
			return 64;
	}
	signal(SIGPIPE, SIG_IGN);
	if (optind < argc && strcmp(argv[optind], "announce") == 0) {
		announce(argv + optind + 1, argc - optind - 1);
		return 0;
	}
	start();
	if (optind < argc)
		return run_command(argv + optind);
	for (;;)
		pause();
}
