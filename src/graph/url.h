/*
 * Within graph: may a URL be asked for, with the token?
 */
#ifndef GRAPH_URL_H
#define GRAPH_URL_H

#include "base/arena.h"
#include "base/list.h"
#include "model/media.h"
#include "rules/provider.h"

/* Scheme, host and port of the API itself. */
struct url_base {
	char *scheme; /* of libcurl, as all below */
	char *host;
	char *port;
	char *path; /* without a slash at its end */
	bool is_given; /* by the operator: it may be a private address */
};

/* -1 if it is no URL of http or https. */
int url_parse_base(const char *text, struct url_base *out);
void url_free_base(struct url_base *b);

struct url_rules {
	struct url_base base;
	const struct provider *provider;
	const struct list *media_hosts;
};

struct url_judged {
	char *url; /* to be freed with url_free; NULL if it may not be asked for */
	enum loss loss; /* then: why not */
	struct str host; /* of LOSS_HOST_NOT_ALLOWED: as --media-host takes it; in the arena */
	bool is_base; /* it leads to the API itself */
};

/*
 * keeps_host of the provider: the URL is asked for at the API's own host. The token goes along, so
 * all but the API's own scheme, host and port must be https.
 */
struct url_judged url_judge(const struct url_rules *r, struct arena *a, const char *text);
void url_free(char *url);

#endif
