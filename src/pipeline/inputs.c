/*
 * Paths, a query and a secret become one source: see inputs.h.
 */
#include "pipeline/inputs.h"
#include "pipeline/pipeline.h"

static int
check_options(const struct options *o, struct err *e)
{
	if (o->arg_count == 0 && o->query == NULL) {
		err_set(e, ERR_USAGE, "no source given");
		return err_hint(
		    e, "name files or folders, - for standard input, or give --from-query");
	}
	if (o->query_conninfo != NULL && o->query == NULL)
		return err_set(e, ERR_USAGE, "--from-dbname goes with --from-query");
	if (o->requires_signature && o->app_secret_file == NULL)
		return err_set(e, ERR_USAGE, "--require-signature needs --app-secret-file");
	return 0;
}

/* The source has it from the beginning; the query is begun when the session is there. */
static int
next_document(void *state, struct arena *a, struct document *out, struct err *e)
{
	const struct inputs *in = state;

	return in->documents.next(in->documents.state, a, out, e);
}

int
inputs_open(struct inputs *in, const struct options *o, struct err *e)
{
	struct source_options source = {
	    .max_payload_bytes = o->max_payload_bytes,
	    .is_stopping = pipeline_is_stopping,
	    .requires_signature = o->requires_signature,
	};

	*in = (struct inputs){0};
	if (check_options(o, e) != 0)
		return -1;
	if (o->app_secret_file != NULL &&
	    secret_read(&in->secret, "--app-secret-file", o->app_secret_file, e) != 0)
		return -1;
	source.app_secret = secret_text(&in->secret);
	if (o->query != NULL)
		source.documents = (struct document_iterator){next_document, in};
	in->source = source_open(o->args, o->arg_count, &source, e);
	return in->source == NULL ? -1 : 0;
}

int
inputs_begin(struct inputs *in, const struct session *s, const struct options *o, struct err *e)
{
	const char *conninfo =
	    o->query_conninfo != NULL ? o->query_conninfo : session_conninfo(s, o);

	if (o->query == NULL)
		return 0;
	in->foreign = store_open_foreign(conninfo, e);
	if (in->foreign == NULL) {
		err_wrap(e, "--from-query");
		if (o->query_conninfo != NULL)
			err_hint(e, "--from-dbname says where it is");
		return -1;
	}
	in->watch = watch_start(in->foreign, e);
	if (in->watch == NULL || store_begin_documents(in->foreign, o->query, e) != 0)
		return -1;
	in->documents = store_documents(in->foreign);
	return 0;
}

int
inputs_judge(const struct options *o, uint64_t payloads, uint64_t useless, struct err *e)
{
	if (useless < payloads || (payloads == 0 && o->query != NULL))
		return 0;
	err_set(e, ERR_NO_USABLE_INPUT, "none of %ju payloads is usable", (uintmax_t)payloads);
	return err_hint(e, "are these webhook payloads? coexsync help sources says what is read");
}

void
inputs_close(struct inputs *in)
{
	watch_end(in->watch);
	store_close(in->foreign);
	source_close(in->source);
	secret_wipe(&in->secret);
	*in = (struct inputs){0};
}
