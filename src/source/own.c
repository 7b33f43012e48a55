/*
 * Archives of coexsync export: see own.h.
 */
#include <string.h>

#include "base/count.h"
#include "base/sha256.h"
#include "source/own.h"

#define MEDIA "data/media/"
#define PAGES "data/transcript/"
#define PAYLOADS "data/payloads/"

bool
own_says_so(const char *info, size_t len)
{
	static const char words[] = "Bag-Software-Agent: coexsync ";

	return len >= sizeof(words) - 1 && memcmp(info, words, sizeof(words) - 1) == 0;
}

struct str
own_lacking(const char *info)
{
	static const char label[] = "\nCoexsync-Payloads-Without-Raw-Bytes: ";
	const char *count = strstr(info, label);

	if (count == NULL || count[sizeof(label) - 1] == '0')
		return STR_LIT("");
	count += sizeof(label) - 1;
	return (struct str){count, strspn(count, "0123456789")};
}

static bool
is_below(const char *name, const char *folder)
{
	return strncmp(name, folder, strlen(folder)) == 0;
}

bool
own_is_payload(const char *name)
{
	return is_below(name, PAYLOADS);
}

/* Is it a hash, and the suffix? */
static bool
is_hash(const char *name, const char *suffix)
{
	struct sha256 ignored;

	return strlen(name) >= SHA256_HEX_BYTES - 1 &&
	       sha256_parse((struct str){name, SHA256_HEX_BYTES - 1}, &ignored) &&
	       strcmp(name + SHA256_HEX_BYTES - 1, suffix) == 0;
}

bool
own_is_written(const char *name)
{
	static const char *const names[] = {
	    OWN_INFO_NAME,
	    OWN_DECLARATION_NAME,
	    OWN_MANIFEST_NAME,
	    "tagmanifest-sha256.txt",
	    "tagmanifest-sha256.txt.sig",
	    "data/account.json",
	    "data/contact_events.jsonl",
	    "data/contacts.jsonl",
	    "data/conversations.jsonl",
	    "data/coverage.json",
	    "data/media.jsonl",
	    "data/message_events.jsonl",
	    "data/message_versions.jsonl",
	    "data/messages.jsonl",
	    "data/rejects.jsonl",
	    "data/report.html",
	    PAGES "index.html",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return (is_below(name, MEDIA) && is_hash(name + strlen(MEDIA), "")) ||
	       (is_below(name, PAGES) && is_hash(name + strlen(PAGES), ".html"));
}
