/*
 * See client.h. What keeps the token where it belongs is set here, and nowhere else.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "graph/client.h"
#include "rules/address.h"

#define TOKEN_MAX_BYTES 4096
#define CONNECT_TIMEOUT_S 15
#define SLOWEST_BYTES_A_SECOND 50 /* a drip is no sign of life */

static int make_headers(struct graph *g, struct err *e);

struct graph *
graph_open(const struct graph_options *o, struct err *e)
{
	struct graph *g = memory_zero(1, sizeof(*g));
	const char *url = o->url != NULL ? o->url : o->provider->url;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	g->options = o;
	g->arena = arena_new();
	g->rules = (struct url_rules){.provider = o->provider, .media_hosts = o->media_hosts};
	if (url_parse_base(url, &g->rules.base) != 0) {
		err_set(e, ERR_USAGE, "--graph-url: %s is no URL of http or https", url);
		goto failed;
	}
	g->rules.base.is_given = o->url != NULL;
	if (make_headers(g, e) != 0)
		goto failed;
	return g;
failed:
	graph_close(g);
	return NULL;
}

static void
free_headers(struct curl_slist *headers)
{
	for (struct curl_slist *h = headers; h != NULL; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(headers);
}

void
graph_close(struct graph *g)
{
	if (g == NULL)
		return;
	if (g->header != NULL)
		explicit_bzero(g->header, strlen(g->header));
	free_headers(g->headers);
	free_headers(g->json_headers);
	free(g->header);
	url_free_base(&g->rules.base);
	arena_free(g->arena);
	free(g);
	curl_global_cleanup();
}

/* A line feed in it would make another header. */
static bool
is_token(const char *token)
{
	size_t len = strlen(token);

	for (size_t i = 0; i < len; i++)
		if (token[i] <= ' ' || token[i] > '~')
			return false;
	return len > 0 && len <= TOKEN_MAX_BYTES;
}

static int
make_headers(struct graph *g, struct err *e)
{
	struct curl_slist *longer;
	size_t size;

	if (!is_token(g->options->token)) {
		err_set(e, ERR_USAGE,
		    "the token is empty, too long or holds letters that no token has");
		return err_hint(e, "the file of --token-file, or COEXSYNC_TOKEN, holds it alone");
	}
	size = strlen(g->options->provider->header) + strlen(g->options->token) + 1;
	g->header = memory_new(size);
	snprintf(g->header, size, "%s%s", g->options->provider->header, g->options->token);
	g->headers = curl_slist_append(NULL, g->header);
	g->json_headers = curl_slist_append(NULL, g->header);
	longer = curl_slist_append(g->json_headers, "Content-Type: application/json");
	if (g->headers == NULL || longer == NULL)
		memory_end("libcurl");
	return 0;
}

static bool
is_private(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&in, address, sizeof(in));
		return address_is_private4((const unsigned char *)&in.sin_addr);
	case AF_INET6:
		memcpy(&in6, address, sizeof(in6));
		return address_is_private6(in6.sin6_addr.s6_addr);
	default:
		return true;
	}
}

/* The address itself is judged, so it does not matter what a name resolves to, or when. */
static curl_socket_t
open_socket(void *state, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct wire *w = state;

	(void)purpose;
	if (!w->may_be_private && is_private(&address->addr)) {
		w->is_blocked = true;
		errno = EACCES;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void
client_prepare(struct graph *g, struct wire *w, const char *url, bool is_base)
{
	CURL *easy = w->easy;

	w->may_be_private = is_base && g->rules.base.is_given;
	w->is_blocked = false;
	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, g->headers);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "coexsync/" COEXSYNC_VERSION);
	/* redirects are judged like any URL, by hand */
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, w);
	/* a proxy of the environment would connect in our place */
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* a name server that does not answer keeps nobody who wants to stop */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST_BYTES_A_SECOND);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)g->options->timeout_seconds);
}

struct str
client_url(const struct graph *g, struct arena *a, const char *path)
{
	const struct url_base *b = &g->rules.base;

	return arena_printf(a, "%s://%s:%s%s/%s", b->scheme, b->host, b->port, b->path, path);
}
