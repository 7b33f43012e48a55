/*
 * See url.h. libcurl's own parser is used, so that what is judged is what is asked for.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "graph/url.h"

static char *
part(CURLU *u, CURLUPart what, unsigned flags)
{
	char *text = NULL;

	return curl_url_get(u, what, &text, flags) == CURLUE_OK ? text : NULL;
}

static bool
is_http(const char *scheme)
{
	return scheme != NULL && (strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0);
}

int
url_parse_base(const char *text, struct url_base *out)
{
	CURLU *u = curl_url();
	size_t len;
	int rc = -1;

	*out = (struct url_base){0};
	if (u == NULL || curl_url_set(u, CURLUPART_URL, text, 0) != CURLUE_OK)
		goto out;
	out->scheme = part(u, CURLUPART_SCHEME, 0);
	out->host = part(u, CURLUPART_HOST, 0);
	out->port = part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	out->path = part(u, CURLUPART_PATH, 0);
	if (!is_http(out->scheme) || out->host == NULL || out->port == NULL || out->path == NULL)
		goto out;
	for (len = strlen(out->path); len > 0 && out->path[len - 1] == '/'; len--)
		out->path[len - 1] = '\0';
	rc = 0;
out:
	if (rc != 0)
		url_free_base(out);
	curl_url_cleanup(u);
	return rc;
}

void
url_free_base(struct url_base *b)
{
	curl_free(b->scheme);
	curl_free(b->host);
	curl_free(b->port);
	curl_free(b->path);
	*b = (struct url_base){0};
}

/* `host` alone stands for the port of https. */
static bool
is_listed(const struct list *hosts, const char *host, const char *port)
{
	for (size_t i = 0; hosts != NULL && i < hosts->count; i++) {
		const char *entry = hosts->items[i], *colon = strrchr(entry, ':');
		struct str domain =
		    colon == NULL ? str_of(entry) : (struct str){entry, (size_t)(colon - entry)};

		if (provider_is_within(str_of(host), domain) &&
		    strcmp(port, colon == NULL ? "443" : colon + 1) == 0)
			return true;
	}
	return false;
}

/* As --media-host takes it. */
static struct str
host_text(struct arena *a, const char *host, const char *port)
{
	bool is_plain = strcmp(port, "443") == 0;

	return arena_printf(a, "%s%s%s", host, is_plain ? "" : ":", is_plain ? "" : port);
}

static bool
is_allowed(const struct url_rules *r, const char *host, const char *port)
{
	return is_listed(r->media_hosts, host, port) ||
	       (strcmp(port, "443") == 0 && provider_owns_host(r->provider, str_of(host)));
}

static void
judge_parts(const struct url_rules *r, struct arena *a, CURLU *u, struct url_judged *out)
{
	char *scheme = part(u, CURLUPART_SCHEME, 0), *host = part(u, CURLUPART_HOST, 0);
	char *port = part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	char *user = part(u, CURLUPART_USER, 0);

	if (!is_http(scheme) || host == NULL || port == NULL || user != NULL)
		goto out;
	out->loss = LOSS_NONE;
	out->is_base = strcmp(scheme, r->base.scheme) == 0 && strcasecmp(host, r->base.host) == 0 &&
		       strcmp(port, r->base.port) == 0;
	/* without TLS only the API itself: a test, or a provider's container */
	if (!out->is_base && strcmp(scheme, "https") != 0) {
		out->loss = LOSS_NOT_HTTPS;
	} else if (!out->is_base && !is_allowed(r, host, port)) {
		out->loss = LOSS_HOST_NOT_ALLOWED;
		out->host = host_text(a, host, port);
	}
out:
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(user);
}

static void
move_to_base(const struct url_rules *r, CURLU *u)
{
	curl_url_set(u, CURLUPART_SCHEME, r->base.scheme, 0);
	curl_url_set(u, CURLUPART_HOST, r->base.host, 0);
	curl_url_set(u, CURLUPART_PORT, r->base.port, 0);
}

struct url_judged
url_judge(const struct url_rules *r, struct arena *a, const char *text)
{
	struct url_judged out = {.loss = LOSS_BAD_URL};
	CURLU *u = curl_url();

	if (u == NULL || curl_url_set(u, CURLUPART_URL, text, CURLU_DISALLOW_USER) != CURLUE_OK)
		goto out;
	if (r->provider->keeps_host)
		move_to_base(r, u);
	curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
	judge_parts(r, a, u, &out);
	if (out.loss == LOSS_NONE)
		out.url = part(u, CURLUPART_URL, 0);
out:
	curl_url_cleanup(u);
	return out;
}

void
url_free(char *url)
{
	curl_free(url);
}
