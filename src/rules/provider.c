/*
 * The table of provider_all: see provider.h.
 */
#include "base/count.h"
#include "rules/provider.h"

#define MEDIA_ID_MAX_BYTES 128

const struct provider provider_all[] = {
    {"meta", "https://graph.facebook.com/v23.0", "Authorization: Bearer ", true, true, false, 0,
	{"facebook.com", "fbcdn.net", "fbsbx.com"}},
    /* 20 errors within an hour block the endpoint for 30 minutes */
    {"360dialog", "https://waba-v2.360dialog.io", "D360-API-KEY: ", true, false, true, 20,
	{"360dialog.io"}},
    {"ycloud", "https://api.ycloud.com", "X-API-Key: ", false, false, false, 0, {"ycloud.com"}},
};
const size_t provider_count = COUNT(provider_all);

const struct provider *
provider_find(struct str name)
{
	for (size_t i = 0; i < provider_count; i++)
		if (str_is(name, provider_all[i].name))
			return &provider_all[i];
	return NULL;
}

bool
provider_is_within(struct str host, struct str domain)
{
	if (host.len > 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	if (domain.len == 0 || host.len < domain.len)
		return false;
	if (host.len > domain.len && host.ptr[host.len - domain.len - 1] != '.')
		return false;
	return strncasecmp(host.ptr + host.len - domain.len, domain.ptr, domain.len) == 0;
}

bool
provider_owns_host(const struct provider *p, struct str host)
{
	for (size_t i = 0; p->hosts[i] != NULL; i++)
		if (provider_is_within(host, str_of(p->hosts[i])))
			return true;
	return false;
}

bool
provider_is_media_id(struct str id)
{
	static const char allowed[] = "0123456789-_.abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (id.len == 0 || id.len > MEDIA_ID_MAX_BYTES || id.ptr[0] == '.')
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (memchr(allowed, id.ptr[i], sizeof(allowed) - 1) == NULL)
			return false;
	return true;
}
