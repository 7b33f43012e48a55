/*
 * The way to the Graph API: the token, out of a file or the environment, and the provider. See
 * parts.h.
 */
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"

bool
access_has_token(const struct options *o)
{
	return o->token_file != NULL || o->token != NULL;
}

int
access_check_token(const struct options *o, struct err *e)
{
	if (o->token_file != NULL)
		return secret_check("--token-file", o->token_file, e);
	if (o->token != NULL)
		return 0;
	err_set(e, ERR_USAGE, "no token given");
	return err_hint(e, "--token-file FILE, or the variable COEXSYNC_TOKEN");
}

int
access_read_token(struct options *o, struct secret *token, struct err *e)
{
	if (o->token_file == NULL)
		return 0;
	if (secret_read(token, "--token-file", o->token_file, e) != 0)
		return -1;
	o->token = token->bytes;
	o->token_file = NULL;
	return 0;
}

static const struct provider *
find_provider(const struct options *o, struct str dialect, struct err *e)
{
	const struct provider *p;

	if (o->provider != NULL) {
		if ((p = provider_find(str_of(o->provider))) == NULL)
			err_set(e, ERR_USAGE, "--provider: there is no %s", o->provider);
		return p;
	}
	p = dialect.ptr == NULL ? NULL : provider_find(dialect);
	return p == NULL ? &provider_all[0] : p;
}

int
access_check_meta(const struct options *o, struct str dialect, struct err *e)
{
	const struct provider *p = dialect.ptr == NULL ? NULL : provider_find(dialect);

	if (o->provider != NULL || p == NULL || p == &provider_all[0])
		return 0;
	err_set(e, ERR_USAGE, "the payloads came from %s, whose key is nothing for Meta's API",
	    p->name);
	return err_hint(e, "say with --provider whose the token is: %s, or %s if Meta gave it",
	    p->name, provider_all[0].name);
}

int
access_open(struct access *g, const struct options *o, struct str dialect, struct err *e)
{
	const struct provider *provider = find_provider(o, dialect, e);

	*g = (struct access){0};
	if (provider == NULL || access_check_token(o, e) != 0)
		return -1;
	if (o->token_file != NULL && secret_read(&g->secret, "--token-file", o->token_file, e) != 0)
		return -1;
	g->options = (struct graph_options){
	    .provider = provider,
	    .url = o->graph_url,
	    .token = o->token_file != NULL ? g->secret.bytes : o->token,
	    .media_hosts = &o->media_hosts,
	    .timeout_seconds = o->timeout_seconds,
	    .is_stopping = pipeline_is_stopping,
	};
	if ((g->graph = graph_open(&g->options, e)) != NULL)
		return 0;
	access_close(g);
	return -1;
}

void
access_close(struct access *g)
{
	graph_close(g->graph);
	secret_wipe(&g->secret);
	*g = (struct access){0};
}
