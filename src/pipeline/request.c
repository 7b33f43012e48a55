/*
 * coexsync request: asks for history or contacts. It can be asked for once, within 24 hours of
 * onboarding (the Cloud API's documentation), so the intention is written first; whoever finds it
 * does not ask again, whatever became of it.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/count.h"
#include "base/json.h"
#include "base/log.h"
#include "model/time.h"
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"
#include "rules/pace.h"
#include "rules/text.h"
#include "store/media.h"

/* An answer without an id is written down as this. */
#define NO_ID "-"
/* Of one, what is kept and printed. */
#define ID_MAX_BYTES 200

/* After a signal: what became of the request is still written. */
#define NOTE_GRACE_MS 2000

/* What helps when nobody knows what became of a request. */
#define WAIT_FOR_WEBHOOKS \
	"webhooks come within half an hour or so: ingest them and see coexsync report; else ask " \
	"Meta's support, then onboard again"

static const struct request_kind {
	const char *name;
	const char *sync_type;
	bool is_history;
} kinds[] = {{"history", "history", true}, {"contacts", "smb_app_state_sync", false}};

static int
check_options(const struct options *o, struct err *e)
{
	int64_t now_us = clock_now_us();

	if (o->account == NULL || o->onboarded_at_us == TIME_NONE) {
		err_set(e, ERR_USAGE, "request needs --account and --onboarded-at");
		return err_hint(
		    e, "the account is the phone_number_id, the time that of onboarding");
	}
	if (o->onboarded_at_us > now_us)
		return err_set(e, ERR_USAGE, "--onboarded-at lies in the future");
	if (!pace_is_sync_open(o->onboarded_at_us, now_us)) {
		err_set(e, ERR_PERMISSION,
		    "the 24 hours after onboarding are over: the sync can no longer be requested");
		return err_hint(
		    e, "disconnect the number in the app, onboard it again, and request at once");
	}
	return 0;
}

/* Somebody, perhaps this program before it was killed, has asked already. */
static int
refuse(const struct sync_request *r, const char *name, struct err *e)
{
	char time[CLOCK_TEXT_BYTES];

	clock_format_rfc3339(r->requested_at_us, time, sizeof(time));
	if (r->request_id.ptr != NULL) {
		err_set(e, ERR_PERMISSION, "%s was requested at %s already (request id %.*s)", name,
		    time, STR_ARG(r->request_id));
		return err_hint(e, "it can be requested once an onboarding; ingest what comes");
	}
	err_set(e, ERR_PROTOCOL,
	    "%s was requested at %s, and whether it was accepted is unknown; it is not sent again",
	    name, time);
	return err_hint(e, "if it was, " WAIT_FOR_WEBHOOKS);
}

static int
note_accepted(
    struct session *s, const struct sync_request *r, const char *name, struct str id, struct err *e)
{
	struct err why;

	printf("%s requested, request id %.*s\n", name, STR_ARG(id));
	if (store_note_request(s->store, r, id, &why) == 0)
		return 0;
	err_set(
	    e, why.code, "the request was accepted, but its id could not be written: %s", why.text);
	return err_hint(e, "keep the request id that is printed; do not request again");
}

/* The request may have arrived, and may have been accepted: it stays written. */
static int
note_unknown(const struct graph_reply *reply, const char *name, struct err *e)
{
	if (reply->http_status == 0)
		err_set(e, ERR_PROTOCOL, "%s: no answer (%s); whether it was accepted is unknown",
		    name, reply->trouble);
	else
		err_set(e, ERR_PROTOCOL,
		    "%s: HTTP status %d, %s; whether it was accepted is unknown", name,
		    reply->http_status, graph_meaning(reply->http_status, reply->code));
	return err_hint(e, "it is not sent again. If it was accepted, " WAIT_FOR_WEBHOOKS);
}

/* A redirect that wants the same request at another place: here it was not carried out. */
static bool
is_moved(const struct graph_reply *r)
{
	return r->http_status == 301 || r->http_status == 307 || r->http_status == 308;
}

static int
note_refused(struct session *s, const struct sync_request *r, const struct graph_reply *reply,
    const char *name, struct err *e)
{
	struct err ignored;

	if (is_moved(reply)) {
		err_set(e, ERR_CONFIG, "%s: HTTP status %d: the API is elsewhere", name,
		    reply->http_status);
		err_hint(e, "nothing was requested; see to --graph-url, then request again");
	} else {
		graph_fail(reply, name, e);
	}
	if (store_release_request(s->store, r, &ignored) != 0)
		log_warn("the request was not accepted, but is still written as sent");
	if (reply->code == 2593107)
		err_hint(e, "somebody has requested it; if nothing comes, onboard again");
	else if (reply->code == 2593108)
		err_hint(e, "disconnect the number in the app, onboard it again, request at once");
	else if (e->code == ERR_PERMISSION)
		err_hint(e, "coexsync check --graph says what is missing; then request again");
	return -1;
}

static int
judge(struct session *s, const struct sync_request *r, const struct graph_reply *reply,
    const char *name, struct err *e)
{
	unsigned repairs = 0;
	struct str id = json_scalar(s->arena, json_get(reply->body, "request_id"), &repairs);
	bool is_success = reply->http_status >= 200 && reply->http_status < 300;
	enum graph_action action = graph_judge(GRAPH_LOOKUP, reply->http_status, reply->code);

	if (is_success && reply->code == GRAPH_NO_CODE && json_kind(reply->body) == JSON_OBJECT &&
	    (id.ptr != NULL || json_is_true(json_get(reply->body, "success"))))
		return note_accepted(s, r, name,
		    id.ptr == NULL ? STR_LIT(NO_ID) : text_printable(s->arena, id, ID_MAX_BYTES),
		    e);
	/* a server that failed may have done it before; one that says 4xx has not, unless it waited
	 * too long or knows no better than that it may pass */
	if (!reply->was_sent ||
	    (reply->http_status >= 400 && reply->http_status < 500 && reply->http_status != 408 &&
		(action != GRAPH_RETRY || reply->code == GRAPH_NO_CODE)) ||
	    is_moved(reply) || action == GRAPH_STOP || action == GRAPH_DENIED)
		return note_refused(s, r, reply, name, e);
	return note_unknown(reply, name, e);
}

/* No key is sent to Meta that is another's; of an account without payloads nothing says so. */
static int
check_key(struct session *s, const struct options *o, struct str name, struct err *e)
{
	struct media_account account;

	if (store_find_media_account(s->store, s->arena, name, &account, e) == 0)
		return access_check_meta(o, account.dialect, e);
	return e->code == ERR_NO_INPUT ? 0 : -1;
}

/* The intention is written, then it is sent: see above. */
static int
claim_and_send(struct session *s, struct graph *g, struct sync_request *r,
    const struct request_kind *kind, struct err *e)
{
	struct graph_reply reply;

	if (store_claim_request(s->store, s->arena, r, clock_now_us(), e) != 0)
		return -1;
	if (!r->is_ours)
		return refuse(r, kind->name, e);
	if (!provider_is_media_id(r->phone_number_id)) {
		store_release_request(s->store, r, e);
		return err_set(e, ERR_USAGE, "the account has no phone_number_id");
	}
	graph_request_sync(g, s->arena, r->phone_number_id, kind->sync_type, &reply);
	watch_allow(s->watch, NOTE_GRACE_MS);
	return judge(s, r, &reply, kind->name, e);
}

static int
request(struct session *s, const struct options *o, const struct request_kind *kind, struct err *e)
{
	struct sync_request r = {
	    .account = str_of(o->account),
	    .phone_number_id = str_of(o->account),
	    .onboarded_at_us = o->onboarded_at_us,
	    .is_history = kind->is_history,
	};
	struct access access;
	int rc;

	/* an account of another name is one that payloads have named: it knows its number */
	if (strspn(o->account, "0123456789") != strlen(o->account))
		r.phone_number_id = STR_NULL;
	if (r.phone_number_id.ptr == NULL && store_check_account(s->store, r.account, e) != 0)
		return -1;
	if (check_key(s, o, r.account, e) != 0 || access_open(&access, o, STR_NULL, e) != 0)
		return -1;
	rc = claim_and_send(s, access.graph, &r, kind, e);
	access_close(&access);
	return rc;
}

int
pipeline_request(const struct options *o, int *status, struct err *e)
{
	struct session session = {.may_make = true};
	size_t i = 0;
	struct err said;
	int rc;

	*status = 0;
	while (i < COUNT(kinds) && (o->arg_count != 1 || strcmp(o->args[0], kinds[i].name) != 0))
		i++;
	if (i == COUNT(kinds))
		return err_set(e, ERR_USAGE, "request takes `history` or `contacts`");
	if (check_options(o, e) != 0 || session_open(&session, o, e) != 0)
		return -1;
	rc = request(&session, o, &kinds[i], e);
	said = *e;
	rc = session_close(&session, rc, e);
	if (rc != 0 && e->code == ERR_INTERRUPTED && said.code == ERR_PROTOCOL) {
		*e = said; /* the same command does not go on here */
		e->code = ERR_INTERRUPTED;
	}
	return rc;
}
