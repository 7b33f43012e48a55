/*
 * See answer.h.
 */
#include "base/json.h"
#include "base/space.h"
#include "graph/answer.h"
#include "model/media.h"
#include "rules/graph.h"

struct str
answer_json(struct str body)
{
	struct json_check check;

	body = space_trim(body);
	if (body.len == 0)
		return STR_NULL;
	check = json_check(body.ptr, body.len);
	return check.fault == JSON_OK && check.end == body.len ? body : STR_NULL;
}

struct answer
answer_read(struct arena *a, struct str body)
{
	struct answer out = {.code = GRAPH_NO_CODE, .size = MEDIA_NO_SIZE};
	struct str error;
	unsigned repairs = 0;
	int64_t n;

	body = answer_json(body);
	if (json_kind(body) != JSON_OBJECT)
		return out;
	out.is_json = true;
	error = json_get(body, "error");
	if (json_kind(error) == JSON_OBJECT)
		out.code = json_int(json_get(error, "code"), &n) && n >= 0 && n <= INT32_MAX
			       ? (int32_t)n
			       : INT32_MAX; /* an error that names no code that can be one */
	/* libcurl wants a NUL behind it */
	out.url = arena_copy(a, json_text(a, json_get(body, "url"), &repairs));
	out.has_sha256 =
	    sha256_parse(json_text(a, json_get(body, "sha256"), &repairs), &out.sha256);
	if (json_int(json_get(body, "file_size"), &n) && n >= 0)
		out.size = n;
	if (repairs > 0) /* what was repaired is another URL */
		out.url = STR_NULL;
	return out;
}
