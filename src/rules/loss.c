/*
 * The table of losses: see loss.h.
 */
#include "rules/graph.h"
#include "rules/loss.h"

const struct loss_word loss_words[LOSS_COUNT] = {
    [LOSS_NO_URL] = {"no_url", "no URL of it was announced", false},
    [LOSS_BAD_ID] = {"bad_id", "its id cannot be asked for", false},
    [LOSS_BAD_URL] = {"bad_url", "its URL is none that may be asked for", false},
    [LOSS_NOT_HTTPS] = {"not_https", "its URL is not https", false},
    [LOSS_HOST_NOT_ALLOWED] = {"host_not_allowed",
	"its URL leads to a host that is not allowed (see --media-host)", false},
    [LOSS_PRIVATE_ADDRESS] = {"private_address", "its URL leads to a private address", false},
    [LOSS_OVER_LIMIT] = {"over_limit", "it is larger than --max-media-size", false},
    [LOSS_ID_GONE] = {"id_gone", "the API does not know its id, or not for this token", true},
    [LOSS_URL_DEAD] = {"url_dead", "nothing is at its URL, or not any more", false},
    [LOSS_REDIRECT_LOOP] = {"redirect_loop", "it is redirected without an end", false},
    [LOSS_FILE_NOT_AT_API] = {"file_not_at_api", "the API itself could not get the file", false},
    [LOSS_CALL_REFUSED] = {"call_refused", "the API or the host of the file refused the call",
	true},
    [LOSS_NO_PERMISSION] = {"no_permission", "the token lacks a permission for it", true},
    [LOSS_NO_ACCESS] = {"no_access", "the token is not accepted, or the account is locked", true},
    [LOSS_TOO_MANY_CALLS] = {"too_many_calls", "the API has too many calls", false},
    [LOSS_SERVER_FAILED] = {"server_failed", "the API or the host of the file failed", true},
    [LOSS_BAD_ANSWER] = {"bad_answer", "the answer to its lookup is not understood", false},
    [LOSS_NO_ANSWER] = {"no_answer", "the transfer failed again and again", false},
    [LOSS_WEB_PAGE] = {"web_page", "a web page came instead of it", false},
    [LOSS_EMPTY] = {"empty", "nothing came", false},
    [LOSS_PARTIAL] = {"partial", "only a part of it came", false},
    [LOSS_SIZE_DIFFERS] = {"size_differs", "its length is not the one that the lookup told", false},
    [LOSS_HASH_DIFFERS] = {"hash_differs", "its content is not the announced one", false},
    [LOSS_LOOKUP_HASH_DIFFERS] = {"lookup_hash_differs",
	"its content is not the one that the lookup told", false},
    [LOSS_NOT_TRIED] = {"not_tried", "nobody asked for it while its id lived", false},
};

const char *
loss_find_meaning(struct str word)
{
	for (int i = LOSS_NONE + 1; i < LOSS_COUNT; i++)
		if (str_is(word, loss_words[i].word))
			return loss_words[i].meaning;
	return NULL;
}

const char *
loss_text(const struct media_file *f)
{
	const struct loss_word *word = &loss_words[f->loss];

	return word->has_answer ? graph_meaning(f->http_status, f->graph_code) : word->meaning;
}
