/*
 * coexsync check --graph: is the number in coexistence, and may the token do what is needed?
 */
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "base/json.h"
#include "pipeline/parts.h"
#include "rules/text.h"
#include "store/media.h"

/* Of an answer of the API, what is shown. */
#define WORD_MAX_BYTES 40

/* the Cloud API's documentation: management for the sync, messaging for the files */
static const char *const rights[] = {"whatsapp_business_management", "whatsapp_business_messaging"};

static struct str
word(struct arena *a, struct str object, const char *name)
{
	unsigned repairs = 0;
	struct str text = json_scalar(a, json_get(object, name), &repairs);

	return text.ptr == NULL ? STR_LIT("not said") : text_printable(a, text, WORD_MAX_BYTES);
}

/* A portal or a proxy may answer in the place of the API. */
static int
fail_not_understood(const char *what, struct err *e)
{
	err_set(e, ERR_PROTOCOL, "%s: the answer is none of the Graph API", what);
	return err_hint(e, "check --graph-url, and whether something else answers in its place");
}

/* Of the token itself; an account that is blocked or locked is so for any. */
static bool
is_token_refused(const struct graph_reply *reply)
{
	if (reply->code == GRAPH_NO_CODE)
		return reply->http_status == 401;
	return reply->code == 0 || reply->code == 190;
}

static int
fail_token(const struct graph_reply *reply, struct err *e)
{
	graph_fail(reply, "the token", e);
	if (!is_token_refused(reply))
		return -1;
	return err_hint(e,
	    "make a new one that may do whatsapp_business_management and "
	    "whatsapp_business_messaging, and give it: --token-file or COEXSYNC_TOKEN");
}

static int
check_number(struct arena *a, struct graph *g, struct str number, unsigned *missing, struct err *e)
{
	struct str path =
	    arena_printf(a, "%.*s?fields=is_on_biz_app,platform_type", STR_ARG(number));
	const char *what = arena_printf(a, "number %.*s", STR_ARG(number)).ptr;
	struct graph_reply reply;
	struct str platform;
	bool is_on_app;

	graph_read(g, a, path.ptr, &reply);
	if (reply.http_status != 200 || reply.code != GRAPH_NO_CODE)
		return graph_fail(&reply, what, e);
	if (json_get(reply.body, "is_on_biz_app").ptr == NULL &&
	    json_get(reply.body, "platform_type").ptr == NULL)
		return fail_not_understood(what, e);
	platform = word(a, reply.body, "platform_type");
	is_on_app = json_is_true(json_get(reply.body, "is_on_biz_app"));
	printf("number %.*s: %s the Business app, platform %.*s\n", STR_ARG(number),
	    is_on_app ? "on" : "NOT on", STR_ARG(platform));
	if (!is_on_app || !str_is(platform, "CLOUD_API"))
		puts("  missing: coexistence is a number on the app and on CLOUD_API both");
	*missing += !is_on_app || !str_is(platform, "CLOUD_API");
	return 0;
}

static bool
has_right(struct arena *a, struct str list, const char *right)
{
	struct json_walk walk = json_enter(list);
	struct str entry;

	while (json_element(&walk, &entry))
		if (str_is(word(a, entry, "permission"), right) &&
		    str_is(word(a, entry, "status"), "granted"))
			return true;
	return false;
}

/* A token that cannot be asked about its rights may have them all the same. */
static int
check_rights(struct arena *a, struct graph *g, unsigned *missing, struct err *e)
{
	enum graph_action action;
	struct graph_reply reply;
	struct str list;

	graph_read(g, a, "me/permissions", &reply);
	action = graph_judge(GRAPH_LOOKUP, reply.http_status, reply.code);
	/* of a proxy that found nothing, too, the status says to try again */
	if (action == GRAPH_STOP || action == GRAPH_BACK_OFF ||
	    (action == GRAPH_RETRY && reply.http_status != 404 && reply.http_status != 410))
		return fail_token(&reply, e);
	list = json_get(reply.body, "data");
	if (reply.code == GRAPH_NO_CODE && json_kind(list) != JSON_ARRAY)
		return fail_not_understood("the token", e);
	if (reply.code != GRAPH_NO_CODE) {
		puts("token: accepted; the API does not list its rights");
		return 0;
	}
	puts("token: accepted");
	for (size_t i = 0; i < COUNT(rights); i++) {
		bool is_there = has_right(a, list, rights[i]);

		printf("  %s: %s\n", rights[i], is_there ? "granted" : "MISSING");
		*missing += !is_there;
	}
	return 0;
}

/* No key is shown to Meta that is another's. */
static int
check_accounts(struct session *s, const struct options *o, const struct list *names, struct err *e)
{
	struct media_account account;

	for (size_t i = 0; i < names->count; i++)
		if (store_find_media_account(
			s->store, s->arena, *(struct str *)names->items[i], &account, e) != 0 ||
		    access_check_meta(o, account.dialect, e) != 0)
			return -1;
	return 0;
}

int
rights_check(struct session *s, const struct options *o, struct err *e)
{
	struct access access;
	struct list names;
	unsigned missing = 0;
	int rc;

	if (session_accounts(s, o, &names, e) != 0)
		return -1;
	if (check_accounts(s, o, &names, e) != 0) {
		if (o->checks_graph || e->code != ERR_USAGE)
			return -1;
		puts("token: not asked about, it may be a provider's"); /* nobody wanted it */
		return 0;
	}
	if (access_open(&access, o, STR_NULL, e) != 0)
		return -1;
	rc = access.options.provider->names_phone
		 ? check_rights(s->arena, access.graph, &missing, e)
		 : 0;
	for (size_t i = 0; rc == 0 && i < names.count; i++) {
		struct media_account account;

		rc = store_find_media_account(
		    s->store, s->arena, *(struct str *)names.items[i], &account, e);
		if (rc == 0 && provider_is_media_id(account.phone_number_id))
			rc = check_number(
			    s->arena, access.graph, account.phone_number_id, &missing, e);
	}
	access_close(&access);
	if (rc != 0 || missing == 0)
		return rc;
	err_set(e, ERR_PERMISSION, "%u things are missing", missing);
	return err_hint(e, "they are marked above; without them requests and downloads fail");
}
