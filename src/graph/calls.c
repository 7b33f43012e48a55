/*
 * Calls one by one: the request for the sync, and questions. See graph.h.
 */

#include "base/json.h"
#include "base/memory.h"
#include "graph/answer.h"
#include "graph/client.h"

/* No answer of these calls is longer. */
#define BODY_MAX_BYTES ((size_t)1 << 20)

/* How often a wait asks whether to stop. */
#define POLL_MS 100

static size_t
take_body(char *bytes, size_t size, size_t count, void *state)
{
	struct buf *body = state;

	buf_put(body, bytes, size * count);
	return buf_is_ok(body) ? count : 0;
}

/* Until it is over, or is to stop. */
static CURLcode
wait_for(struct graph *g, CURLM *multi)
{
	struct CURLMsg *message;
	int running = 1, left;

	for (;;) {
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		if ((message = curl_multi_info_read(multi, &left)) != NULL)
			return message->data.result;
		if (g->options->is_stopping(g->options->state))
			return CURLE_ABORTED_BY_CALLBACK;
		curl_multi_poll(multi, NULL, 0, POLL_MS, NULL);
	}
}

static void
call(struct graph *g, struct arena *a, struct str url, const char *post, struct graph_reply *out)
{
	CURLM *multi = memory_of(curl_multi_init(), "libcurl");
	struct wire w = {.easy = memory_of(curl_easy_init(), "libcurl")};
	struct answer answer;
	struct buf body;
	long status = 0, sent = 0;
	CURLcode result;

	buf_init(&body, BODY_MAX_BYTES);
	client_prepare(g, &w, url.ptr, true);
	curl_easy_setopt(w.easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(w.easy, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(w.easy, CURLOPT_TIMEOUT, (long)g->options->timeout_seconds * 2);
	/* a connection that dies under it would make libcurl send it again */
	curl_easy_setopt(w.easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(w.easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (post != NULL) {
		curl_easy_setopt(w.easy, CURLOPT_POSTFIELDS, post);
		curl_easy_setopt(w.easy, CURLOPT_HTTPHEADER, g->json_headers);
	}
	curl_multi_add_handle(multi, w.easy);
	result = wait_for(g, multi);
	curl_easy_getinfo(w.easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(w.easy, CURLINFO_REQUEST_SIZE, &sent);
	answer = answer_read(a, buf_str(&body));
	*out = (struct graph_reply){
	    .was_sent = sent > 0,
	    .http_status = result == CURLE_OK ? (int)status : 0,
	    .trouble = curl_easy_strerror(result),
	    .code = result == CURLE_OK ? answer.code : GRAPH_NO_CODE,
	    .body = result == CURLE_OK ? arena_copy(a, answer_json(buf_str(&body))) : STR_NULL,
	};
	curl_multi_remove_handle(multi, w.easy);
	curl_easy_cleanup(w.easy);
	curl_multi_cleanup(multi);
	buf_free(&body);
}

void
graph_request_sync(struct graph *g, struct arena *a, struct str phone_number_id,
    const char *sync_type, struct graph_reply *out)
{
	struct str path = arena_printf(a, "%.*s/smb_app_data", STR_ARG(phone_number_id));
	struct str post =
	    arena_printf(a, "{\"messaging_product\":\"whatsapp\",\"sync_type\":\"%s\"}", sync_type);

	call(g, a, client_url(g, a, path.ptr), post.ptr, out);
}

void
graph_read(struct graph *g, struct arena *a, const char *path, struct graph_reply *out)
{
	call(g, a, client_url(g, a, path), NULL, out);
}

int
graph_fail(const struct graph_reply *r, const char *what, struct err *e)
{
	static const enum err_code codes[] = {
	    [GRAPH_DONE] = ERR_PROTOCOL,
	    [GRAPH_STOP] = ERR_PERMISSION,
	    [GRAPH_DENIED] = ERR_PERMISSION,
	    [GRAPH_BACK_OFF] = ERR_TEMPORARY,
	    [GRAPH_RETRY] = ERR_UNAVAILABLE,
	    [GRAPH_RENEW] = ERR_PROTOCOL,
	    [GRAPH_GONE] = ERR_PERMISSION,
	    [GRAPH_REFUSED] = ERR_PERMISSION,
	};
	enum graph_action action = graph_judge(GRAPH_LOOKUP, r->http_status, r->code);
	const char *meaning = graph_meaning(r->http_status, r->code);

	if (r->code != GRAPH_NO_CODE)
		return err_set(
		    e, codes[action], "%s: the Graph API says %d: %s", what, (int)r->code, meaning);
	if (r->http_status != 0)
		return err_set(
		    e, codes[action], "%s: HTTP status %d: %s", what, r->http_status, meaning);
	err_set(e, ERR_UNAVAILABLE, "%s: no answer of the Graph API: %s", what, r->trouble);
	return err_hint(e, "check the network, and --graph-url if one is given");
}
