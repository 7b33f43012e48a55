/*
 * Within graph: the API's address and the token, and one transfer at a time by a handle of libcurl.
 */
#ifndef GRAPH_CLIENT_H
#define GRAPH_CLIENT_H

#include <curl/curl.h>

#include "graph/graph.h"
#include "graph/url.h"

struct graph {
	const struct graph_options *options;
	struct url_rules rules;
	char *header; /* with the token */
	struct curl_slist *headers;
	struct curl_slist *json_headers; /* of a call with a body */
	struct arena *arena; /* names of hosts that files may not come from */
};

/* One request on its way: what its callbacks need. */
struct wire {
	CURL *easy;
	bool may_be_private; /* the address */
	bool is_blocked; /* it was private */
};

/*
 * Everything that a request with the token needs, but for where its body goes. The handle is as new
 * afterwards, its connections are kept. url must have been judged.
 */
void client_prepare(struct graph *g, struct wire *w, const char *url, bool is_base);

/* The URL of a path below the API; in the arena. */
struct str client_url(const struct graph *g, struct arena *a, const char *path);

#endif
