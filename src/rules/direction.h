/*
 * Who sent a message: the order of docs/DESIGN.md, "Direction" (evidence: docs/PAYLOADS.md).
 */
#ifndef RULES_DIRECTION_H
#define RULES_DIRECTION_H

#include <stdbool.h>

#include "base/str.h"
#include "model/rows.h"

/* What a payload says that bears on it. Numbers as digits; STR_NULL or "" where not said. */
struct direction_evidence {
	bool is_from_me; /* history_context.from_me is true */
	bool is_echo_array; /* an item of message_echoes[] */
	struct str business; /* the business number */
	struct str from; /* phone, or whatever `from` says */
	struct str peer; /* the thread's id, or its context.wa_id */
	struct str from_user_id;
	struct str peer_user_id; /* the thread's context.user_id */
	bool is_plain_messages; /* an item of messages[] outside history[].threads[] */
	enum direction wamid_flag; /* the last resort, see rules/wamid.h */
};

/* DIRECTION_NONE if nothing tells. `from` different from the peer proves nothing. */
enum direction direction_decide(const struct direction_evidence *ev);

#endif
