/*
 * Message types: see content.h.
 */
#include "base/count.h"
#include "rules/content.h"

int
content_class(struct str type)
{
	static const struct {
		const char *type;
		int class;
	} classes[] = {
	    {"media_placeholder", CONTENT_PLACEHOLDER},
	    {"unsupported", CONTENT_UNSUPPORTED},
	    {"errors", CONTENT_ERRORS},
	    {"unknown", CONTENT_UNKNOWN},
	    {"", CONTENT_UNKNOWN},
	};

	for (size_t i = 0; i < COUNT(classes); i++)
		if (str_is(type, classes[i].type))
			return classes[i].class;
	return CONTENT_REAL;
}

bool
content_is_known(struct str type)
{
	/* in the order in which they mostly come */
	static const char *const types[] = {"text", "media_placeholder", "image", "audio",
	    "document", "video", "sticker", "location", "contacts", "voice", "interactive",
	    "button", "template", "order", "system", "unsupported", "errors", "unknown", "reaction",
	    "edit", "revoke", "request_welcome", "ephemeral"};

	for (size_t i = 0; i < COUNT(types); i++)
		if (str_is(type, types[i]))
			return true;
	return false;
}

bool
content_is_media(struct str type)
{
	static const char *const types[] = {
	    "image", "video", "audio", "voice", "document", "sticker"};

	for (size_t i = 0; i < COUNT(types); i++)
		if (str_is(type, types[i]))
			return true;
	return false;
}
