/*
 * coexsync run: ingest, files if a token is given, report, and an archive if -o is given.
 */
#include "pipeline/ingest.h"
#include "pipeline/inputs.h"
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"

/* What is given for a part that is left out: a variable with the token that is not set would let
 * the files expire in silence. */
static int
check_parts(const struct options *o, struct err *e)
{
	if (o->media_dir != NULL && !access_has_token(o)) {
		err_set(e, ERR_USAGE, "a folder for the files is given, but no token");
		return err_hint(e,
		    "--token-file FILE, or the variable COEXSYNC_TOKEN; without --media-dir no "
		    "files are fetched");
	}
	if (o->previous != NULL && o->output == NULL)
		return err_set(e, ERR_USAGE, "--previous goes with -o");
	return 0;
}

static int
report_and_export(struct session *s, const struct options *o, struct err *e)
{
	int rc = report_accounts(s, o, e);

	teller_set_phase(s->teller, TELLER_EXPORTING);
	if (rc == 0 && o->output != NULL && (rc = export_account(s, o, e)) != 0)
		err_wrap(e, "the payloads are in, but there is no archive");
	return rc;
}

/* Behind the import. What files could not be fetched is no reason to keep the rest back. */
static int
go_on(struct session *s, const struct options *o, int *status, struct err *e)
{
	struct err fetching;
	int fetched = 0, rc = store_analyze(s->store, e);

	if (rc == 0 && access_has_token(o))
		fetched = media_fetch(s, o, status, &fetching);
	if (fetched != 0 && fetching.code == ERR_INTERRUPTED) {
		*e = fetching;
		rc = -1;
	}
	if (rc != 0 || report_and_export(s, o, e) != 0) {
		ingest_note_failure(s, e);
		return -1;
	}
	if (fetched != 0)
		*e = fetching;
	return fetched;
}

int
pipeline_run(const struct options *o, int *status, struct err *e)
{
	struct inputs inputs = {0};
	struct session session = {.may_make = true};
	struct teller *teller;
	int rc = -1;

	if ((session.teller = teller = teller_start(o, e)) == NULL)
		return -1;
	/* an hour of work would go before it was noticed */
	if (check_parts(o, e) != 0 || export_check(o, e) != 0 || report_check(o, e) != 0 ||
	    (access_has_token(o) && media_check(o, e) != 0) || inputs_open(&inputs, o, e) != 0 ||
	    session_open(&session, o, e) != 0 || inputs_begin(&inputs, &session, o, e) != 0 ||
	    ingest_source(&session, inputs.source, o, status, e) != 0)
		goto out;
	rc = go_on(&session, o, status, e);
out:
	inputs_close(&inputs);
	rc = session_close(&session, rc, e);
	return teller_end(teller, rc, *status, e);
}
