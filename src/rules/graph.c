/*
 * The tables of codes and statuses: see graph.h.
 */
#include "base/count.h"
#include "rules/graph.h"

const struct graph_code graph_codes[] = {
    {0, 0, GRAPH_STOP, "the token is not valid"},
    {1, 1, GRAPH_RETRY, "an unknown error of the API, perhaps passing"},
    {2, 2, GRAPH_RETRY, "the service is not available for the moment"},
    {3, 3, GRAPH_DENIED, "the app lacks the capability for this call"},
    {4, 4, GRAPH_BACK_OFF, "too many calls of the app"},
    {10, 10, GRAPH_DENIED, "the permission for this call is missing or was taken back"},
    {33, 33, GRAPH_GONE, "there is no such id"},
    {100, 100, GRAPH_GONE, "there is no such id, or it is not the token's to see"},
    {190, 190, GRAPH_STOP, "the token has expired or was taken back"},
    {200, 299, GRAPH_DENIED, "a permission is missing"},
    {368, 368, GRAPH_STOP, "the account is blocked for a policy violation"},
    {80007, 80007, GRAPH_BACK_OFF, "too many calls for the WhatsApp Business account"},
    {130429, 130429, GRAPH_BACK_OFF, "more calls a second than the number may have"},
    {131000, 131000, GRAPH_RETRY, "something went wrong at the API"},
    {131005, 131005, GRAPH_DENIED, "the permission is missing or was taken back"},
    {131016, 131016, GRAPH_RETRY, "the service is overloaded or down for the moment"},
    {131031, 131031, GRAPH_STOP, "the account is locked"},
    {131048, 131048, GRAPH_BACK_OFF, "the number is limited for its quality"},
    {131052, 131052, GRAPH_REFUSED, "the API itself could not get the file"},
    {131056, 131056, GRAPH_BACK_OFF, "too many calls for this pair of numbers"},
    {133004, 133004, GRAPH_RETRY, "the server is not available for the moment"},
    {2593107, 2593107, GRAPH_REFUSED, "it was requested before; it can be requested only once"},
    {2593108, 2593108, GRAPH_REFUSED, "the 24 hours after onboarding are over"},
    {2593109, 2593109, GRAPH_REFUSED, "the business has turned history sharing off"},
};
const size_t graph_code_count = COUNT(graph_codes);

/* Without a code in the answer. The first that fits counts. */
static const struct {
	int first;
	int last;
	enum graph_action lookup;
	enum graph_action download;
	const char *meaning;
} statuses[] = {
    {0, 0, GRAPH_RETRY, GRAPH_RETRY, "no answer"},
    {200, 299, GRAPH_DONE, GRAPH_DONE, "an answer that is not understood"},
    /* of a download it may be this file's alone; of a token that is over the next lookup tells */
    {401, 401, GRAPH_STOP, GRAPH_DENIED, "the token was not accepted"},
    /* of a download it may be the signature of the URL */
    {403, 403, GRAPH_DENIED, GRAPH_RENEW, "access was refused"},
    /* of a lookup it proves nothing: the address of the API may be wrong */
    {404, 404, GRAPH_RETRY, GRAPH_RENEW, "nothing is there"},
    {408, 408, GRAPH_RETRY, GRAPH_RETRY, "the server waited too long"},
    {410, 410, GRAPH_RETRY, GRAPH_RENEW, "nothing is there any more"},
    {425, 425, GRAPH_RETRY, GRAPH_RETRY, "too early"},
    {429, 429, GRAPH_BACK_OFF, GRAPH_BACK_OFF, "too many calls"},
    {400, 499, GRAPH_REFUSED, GRAPH_REFUSED, "the call was refused"},
    {500, 599, GRAPH_RETRY, GRAPH_RETRY, "the server failed"},
};

const struct graph_code *
graph_code_find(int32_t code)
{
	for (size_t i = 0; i < graph_code_count; i++)
		if (code >= graph_codes[i].first && code <= graph_codes[i].last)
			return &graph_codes[i];
	return NULL;
}

static size_t
find_status(int http_status)
{
	size_t i = 0;

	while (i < COUNT(statuses) &&
	       (http_status < statuses[i].first || http_status > statuses[i].last))
		i++;
	return i;
}

enum graph_action
graph_judge(enum graph_step step, int http_status, int32_t code)
{
	const struct graph_code *known = graph_code_find(code);
	size_t i = find_status(http_status);

	if (known != NULL)
		return known->action;
	if (i == COUNT(statuses))
		return GRAPH_REFUSED;
	/* an error in an answer that says it is none */
	if (code != GRAPH_NO_CODE && statuses[i].lookup == GRAPH_DONE)
		return GRAPH_REFUSED;
	return step == GRAPH_LOOKUP ? statuses[i].lookup : statuses[i].download;
}

const char *
graph_meaning(int http_status, int32_t code)
{
	const struct graph_code *known = graph_code_find(code);
	size_t i = find_status(http_status);

	if (known != NULL)
		return known->meaning;
	return i == COUNT(statuses) ? "an answer that is not understood" : statuses[i].meaning;
}
