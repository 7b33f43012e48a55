/*
 * The table of reject codes: see reject_codes.h.
 */
#include <string.h>

#include "base/count.h"
#include "rules/reject_codes.h"

const struct reject_code reject_codes[] = {
    {REJECT_JSON_SYNTAX, "the document is not JSON (RFC 8259) at the byte named",
	"get the payload again from where it was captured, or mend it, and ingest it"},
    {REJECT_JSON_TRUNCATED, "the document ends before it is complete",
	"the capture was cut: get the whole payload and ingest it; then coexsync reject drop "
	"forgets this one"},
    {REJECT_JSON_TOO_DEEP, "arrays and objects are nested too deeply for any payload",
	"look whether this file belongs to the capture"},
    {REJECT_NOT_JSON, "the file begins like neither JSON nor an archive that is read",
	"take it out of the folder, or unpack it first (gzip, zstd, tar and zip are read); of a "
	"log "
	"or a table keep only the JSON, one document a line, or ask the table with --from-query"},
    {REJECT_EMPTY, "the file is empty, or holds nothing but white space",
	"look whether the capture was complete"},
    {REJECT_TOO_LARGE, "the document is larger than --max-payload",
	"give a greater --max-payload if it is a payload after all"},
    {REJECT_ARCHIVE_DAMAGED,
	"a compressed file or an archive is cut, or its checksum is wrong; what came before went "
	"in",
	"get the whole file again and ingest it: what is known already is skipped; then coexsync "
	"reject drop forgets this one"},
    {REJECT_ARCHIVE_TRAILING, "something follows the end of the compressed data; it was not read",
	"look what it is: cut it off, or ingest it by itself"},
    {REJECT_ARCHIVE_NESTED, "an archive or compressed file within another one",
	"unpack the outer one and ingest what was in it"},
    {REJECT_ARCHIVE_NOT_A_FILE, "a link, device, pipe or sparse file in an archive",
	"nothing, if what it points to is in the archive, too; else ingest that"},
    {REJECT_ARCHIVE_NAME, "a member's name is absolute, holds .., or is longer than 4,096 bytes",
	"look who made the archive; if it is to be trusted, unpack it and ingest the folder"},
    {REJECT_ARCHIVE_MEMBERS,
	"an archive of more than 1,000,000 members; those behind were not read",
	"split the archive, or unpack it and ingest the folder"},
    {REJECT_ARCHIVE_BOMB, "it unpacks to more than 500 times its size; the rest was not read",
	"if it is a capture after all: unpack it, and ingest what was in it"},
    {REJECT_ARCHIVE_ENCRYPTED, "a member of a zip archive has a password",
	"unpack it with the password and ingest the folder"},
    {REJECT_ARCHIVE_METHOD, "compressed in a way that is not read",
	"compress it with gzip, zip or zstd up to level 19 without --long, or not at all"},
    {REJECT_ARCHIVE_PARTIAL,
	"an archive of coexsync export that lacks the bytes of payloads, or has other files in it, "
	"or no manifest; its payloads went in",
	"ingest what the lacking ones were captured in, or what else lies in it by itself"},
    {REJECT_SIGNATURE_NOT_VALID, "--require-signature was given, and no valid signature with it",
	"give a capture that holds its headers and exact body, or leave --require-signature out"},
    {REJECT_UNKNOWN_SHAPE,
	"JSON, or an item in it, that is not built as a webhook payload is; the detail says how",
	"look whether it is a payload; if so, report its shape: replay decodes it later"},
    {REJECT_TOO_MANY_ROWS,
	"it holds more than 200,000 messages, contacts and the like, and more than one in 80 "
	"bytes: no webhook does",
	"look who sent it; if it is real, split it, and ingest the parts"},
    {REJECT_NO_ACCOUNT, "the payload does not say which business number it is about",
	"ingest it again with --account NAME: it then belongs to that account"},
    {REJECT_ACCOUNT_UNUSABLE,
	"what names the business number is longer than 200 bytes or holds letters that cannot be "
	"seen",
	"look at the excerpt; the capture or the provider has changed the payload: mend it"},
    {REJECT_NOT_AN_OBJECT, "an item of a list that must be an object is something else",
	"look at the excerpt; the capture or the provider has changed the payload"},
    {REJECT_ID_MISSING, "a message or contact without the id that names it",
	"get the original payload; an item without id cannot be told from its repetition"},
    {REJECT_ID_TOO_LONG, "an id of more than 1,000 bytes",
	"look at the excerpt; no id that WhatsApp gives is that long"},
    {REJECT_MEDIA_ID_MISSING,
	"a message with a file that names neither the file's id nor a link; the message is in",
	"get the original payload; if it says no more, the file cannot be had"},
    {REJECT_UNKNOWN_CONTACT_TYPE, "an item of the address book that is not a contact",
	"look at the excerpt; if Meta has a new kind, report it: replay decodes it later"},
    {REJECT_SERVER_REFUSED, "PostgreSQL refused the values of this row",
	"see the detail, correct the cause, then run replay"},
    {REJECT_MORE, "items behind the first 1,000 of a payload that cannot be used: only counted",
	"look at the first ones; the payload's bytes hold all of them"},
};

const size_t reject_code_count = COUNT(reject_codes);

const char *
reject_code_of_json(enum json_fault fault)
{
	static const char *const codes[] = {
	    [JSON_OK] = NULL,
	    [JSON_SYNTAX] = REJECT_JSON_SYNTAX,
	    [JSON_TRUNCATED] = REJECT_JSON_TRUNCATED,
	    [JSON_TOO_DEEP] = REJECT_JSON_TOO_DEEP,
	};

	return codes[fault];
}

const struct reject_code *
reject_code_find(const char *code)
{
	for (size_t i = 0; i < reject_code_count; i++)
		if (strcmp(reject_codes[i].code, code) == 0)
			return &reject_codes[i];
	return NULL;
}
