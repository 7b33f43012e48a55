/*
 * The way to the Graph API: the token, out of a file or the environment, and the provider. See
 * parts.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"

/* Longer than any token; a wrong file is not read whole. */
#define TOKEN_FILE_MAX_BYTES 8192

static bool
is_stopping(void *state)
{
	(void)state;
	return pipeline_caught_signal() != 0;
}

bool
access_has_token(const struct options *o)
{
	return o->token_file != NULL || o->token != NULL;
}

/* Without the line feed that an editor puts behind it. */
static void
trim(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		text[--len] = '\0';
}

static char *
read_token_file(const char *path, struct err *e)
{
	char *text = calloc(1, TOKEN_FILE_MAX_BYTES + 1);
	FILE *f = fopen(path, "re");
	struct stat st;

	if (text == NULL)
		abort();
	if (f == NULL) {
		err_sys(e, errno == EACCES ? ERR_PERMISSION : ERR_NO_INPUT, "%s", path);
		free(text);
		return NULL;
	}
	if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
		log_warn("%s: others may read the token; chmod 600 keeps it yours", path);
	text[fread(text, 1, TOKEN_FILE_MAX_BYTES, f)] = '\0';
	fclose(f);
	trim(text);
	return text;
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
access_open(struct access *g, const struct options *o, struct str dialect, struct err *e)
{
	const struct provider *provider = find_provider(o, dialect, e);

	*g = (struct access){0};
	if (provider == NULL)
		return -1;
	if (!access_has_token(o)) {
		err_set(e, ERR_USAGE, "no token given");
		return err_hint(e, "--token-file FILE, or the variable COEXSYNC_TOKEN");
	}
	g->token = o->token_file != NULL ? read_token_file(o->token_file, e) : strdup(o->token);
	if (g->token == NULL)
		return -1;
	g->options = (struct graph_options){
	    .provider = provider,
	    .url = o->graph_url,
	    .token = g->token,
	    .media_hosts = &o->media_hosts,
	    .timeout_seconds = o->timeout_seconds,
	    .is_stopping = is_stopping,
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
	if (g->token != NULL)
		explicit_bzero(g->token, strlen(g->token));
	free(g->token);
	*g = (struct access){0};
}
