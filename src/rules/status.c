/*
 * Delivery statuses: see status.h.
 */
#include <strings.h>

#include "rules/status.h"

static const char *const names[] = {
    [STATUS_PENDING] = "pending",
    [STATUS_SENT] = "sent",
    [STATUS_FAILED] = "failed",
    [STATUS_DELIVERED] = "delivered",
    [STATUS_READ] = "read",
    [STATUS_PLAYED] = "played",
};

static bool
is_name(struct str text, const char *name)
{
	return text.len == strlen(name) && strncasecmp(text.ptr, name, text.len) == 0;
}

enum status
status_parse(struct str text)
{
	for (int s = STATUS_PENDING; s <= STATUS_PLAYED; s++)
		if (is_name(text, names[s]))
			return (enum status)s;
	return is_name(text, "error") ? STATUS_FAILED : STATUS_NONE;
}

const char *
status_name(enum status status)
{
	return names[status];
}
