/*
 * Who is asked for files: Meta's Graph API, or a provider in front of it. Where it is, how it takes
 * the token, and the hosts that may get it (the Cloud API's documentation).
 */
#ifndef RULES_PROVIDER_H
#define RULES_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define PROVIDER_HOSTS_MAX 3

struct provider {
	const char *name; /* as in payload.dialect */
	const char *url; /* unless --graph-url says another */
	const char *header; /* what stands before the token */
	bool has_lookup; /* false: files are fetched by the url that was announced */
	bool names_phone; /* a lookup says whose id it is */
	bool keeps_host; /* the urls of lookups are asked for at the provider's own host */
	unsigned errors_an_hour; /* so many and it locks us out; 0: it does not say */
	const char *hosts[PROVIDER_HOSTS_MAX + 1]; /* they and all below them */
};

/* The first is Meta. */
extern const struct provider provider_all[];
extern const size_t provider_count;

/* NULL if there is none of that name. */
const struct provider *provider_find(struct str name);

/* Is the host one of these domains, or below one? Letters of any case, a dot at the end allowed. */
bool provider_owns_host(const struct provider *p, struct str host);
bool provider_is_within(struct str host, struct str domain);

/* May the id stand in a path? Letters, digits, `.`, `-` and `_`, at most 128, no dot first. */
bool provider_is_media_id(struct str id);

#endif
