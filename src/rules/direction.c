/*
 * The sender of a message: see direction.h.
 */
#include "rules/direction.h"
#include "rules/phone.h"

/* Both said, and the same letter by letter. */
static bool
is_same(struct str a, struct str b)
{
	return !str_is_empty(a) && str_equal(a, b);
}

enum direction
direction_decide(const struct direction_evidence *ev)
{
	if (ev->is_from_me || ev->is_echo_array)
		return DIRECTION_OUTBOUND;
	if (is_same(ev->from, ev->business))
		return DIRECTION_OUTBOUND;
	if (is_same(ev->from, ev->peer) || is_same(ev->from_user_id, ev->peer_user_id))
		return DIRECTION_INBOUND;
	/* other forms of a number after that: the customer may have what is one of the business's
	 */
	if (phone_is_same(ev->from, ev->business))
		return DIRECTION_OUTBOUND;
	if (phone_is_same(ev->from, ev->peer))
		return DIRECTION_INBOUND;
	if (ev->is_plain_messages)
		return DIRECTION_INBOUND;
	return ev->wamid_flag;
}
