/*
 * coexsync diff: what an ingest would do. The same reader and the same statements, on one
 * connection, in one transaction that is rolled back.
 */
#include <stdio.h>

#include "pipeline/ingest.h"
#include "pipeline/inputs.h"
#include "pipeline/pipeline.h"

static int
tell(struct ingest *in, struct err *e)
{
	const struct line_sink out = session_stdout_printable(in->session);

	puts("dry run: nothing of this was written");
	totals_print(&in->totals);
	return store_list_changes(in->session->store, accounts_all(in->accounts), &out, e);
}

static int
try_source(
    struct session *s, struct source *source, const struct options *o, int *status, struct err *e)
{
	struct err telling;
	struct ingest in;
	int rc;

	if (store_begin_dry(s->store, &o->as_of, e) != 0)
		return -1;
	ingest_begin(&in, s, o, 1);
	ingest_set_source(&in, source);
	in.is_single = true;
	teller_follow(s->teller, &in);
	rc = reader_run(&in, e);
	teller_set_phase(s->teller, TELLER_REPORTING);
	if (rc == 0 && (rc = ingest_judge(&in, status, e)) == 0)
		rc = tell(&in, e);
	else if (e->code == ERR_NO_USABLE_INPUT)
		(void)tell(&in, &telling); /* as an import does, which fails likewise */
	store_end_dry(s->store);
	ingest_end(&in);
	return rc;
}

int
pipeline_diff(const struct options *o, int *status, struct err *e)
{
	struct session session = {.may_make = true};
	struct teller *teller;
	struct inputs inputs;
	int rc = -1;

	if (o->metrics_file != NULL)
		return err_set(e, ERR_USAGE, "--metrics-file goes with what writes, not with diff");
	if (o->migrates) {
		err_set(e, ERR_USAGE, "--migrate goes with what writes, not with diff");
		return err_hint(e, "coexsync migrate up makes the schema");
	}
	if ((session.teller = teller = teller_start(o, e)) == NULL)
		return -1;
	if (inputs_open(&inputs, o, e) == 0 && session_open(&session, o, e) == 0 &&
	    inputs_begin(&inputs, &session, o, e) == 0)
		rc = try_source(&session, inputs.source, o, status, e);
	inputs_close(&inputs);
	rc = session_close(&session, rc, e);
	if (rc != 0 && e->code == ERR_INTERRUPTED)
		err_set(e, ERR_INTERRUPTED, "stopped; a dry run writes nothing");
	return teller_end(teller, rc, *status, e);
}
