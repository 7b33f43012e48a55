/*
 * Why an item was not used: the codes of reject.code, with words for the operator.
 * They are kept: scripts compare them.
 */
#ifndef RULES_REJECT_CODES_H
#define RULES_REJECT_CODES_H

#include <stddef.h>

#include "base/json.h"

/* of a whole payload */
#define REJECT_JSON_SYNTAX "json_syntax"
#define REJECT_JSON_TRUNCATED "json_truncated"
#define REJECT_JSON_TOO_DEEP "json_too_deep"
#define REJECT_NOT_JSON "not_json"
#define REJECT_EMPTY "empty"
#define REJECT_TOO_LARGE "too_large"
#define REJECT_ARCHIVE_DAMAGED "archive_damaged"
#define REJECT_ARCHIVE_TRAILING "archive_trailing"
#define REJECT_ARCHIVE_NESTED "archive_nested"
#define REJECT_ARCHIVE_NOT_A_FILE "archive_not_a_file"
#define REJECT_ARCHIVE_NAME "archive_name"
#define REJECT_ARCHIVE_MEMBERS "archive_members"
#define REJECT_ARCHIVE_BOMB "archive_bomb"
#define REJECT_ARCHIVE_ENCRYPTED "archive_encrypted"
#define REJECT_ARCHIVE_METHOD "archive_method"
#define REJECT_ARCHIVE_PARTIAL "archive_partial"
#define REJECT_SIGNATURE_NOT_VALID "signature_not_valid"
#define REJECT_UNKNOWN_SHAPE "unknown_shape"
#define REJECT_TOO_MANY_ROWS "too_many_rows"
#define REJECT_NO_ACCOUNT "no_account"
#define REJECT_ACCOUNT_UNUSABLE "account_unusable"
/* of an item in it */
#define REJECT_NOT_AN_OBJECT "not_an_object"
#define REJECT_ID_MISSING "id_missing"
#define REJECT_ID_TOO_LONG "id_too_long"
#define REJECT_MEDIA_ID_MISSING "media_id_missing"
#define REJECT_UNKNOWN_CONTACT_TYPE "unknown_contact_type"
#define REJECT_SERVER_REFUSED "server_refused"
#define REJECT_MORE "more_rejects"

struct reject_code {
	const char *code;
	const char *meaning;
	const char *remedy; /* what the operator can do */
};

/* In the order of `coexsync help rejects`. */
extern const struct reject_code reject_codes[];
extern const size_t reject_code_count;

/* That of a document with this fault, NULL for JSON_OK. */
const char *reject_code_of_json(enum json_fault fault);

/* NULL if there is no such code. */
const struct reject_code *reject_code_find(const char *code);

#endif
