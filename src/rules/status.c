/*
 * Delivery statuses: see status.h.
 */
#include "rules/status.h"

const char *const status_names[] = {
    [STATUS_NONE] = NULL,
    [STATUS_PENDING] = "pending",
    [STATUS_SENT] = "sent",
    [STATUS_FAILED] = "failed",
    [STATUS_DELIVERED] = "delivered",
    [STATUS_READ] = "read",
    [STATUS_PLAYED] = "played",
};

enum status
status_parse(struct str text)
{
	for (int s = STATUS_PENDING; s <= STATUS_PLAYED; s++)
		if (str_is_word(text, status_names[s]))
			return (enum status)s;
	return str_is_word(text, "error") ? STATUS_FAILED : STATUS_NONE;
}
