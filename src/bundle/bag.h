/*
 * The letters of a bag: names of its tag files, which member names are used, lines
 * of manifests and of bag-info.txt. Pure text; shared by writing and verifying.
 */
#ifndef BUNDLE_BAG_H
#define BUNDLE_BAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"

#define BAG_DECLARATION_NAME "bagit.txt"
#define BAG_INFO_NAME "bag-info.txt"
#define BAG_MANIFEST_NAME "manifest-sha256.txt"
#define BAG_TAGMANIFEST_NAME "tagmanifest-sha256.txt"
#define BAG_SIGNATURE_NAME "tagmanifest-sha256.txt.sig"
#define BAG_DECLARATION "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#define BAG_OXUM_LABEL "Payload-Oxum"

/* What fits the name field of ustar without being split. */
#define BAG_MAX_NAME 100
/* Eleven octal digits, the size field of ustar. */
#define BAG_MAX_MEMBER_BYTES ((uint64_t)077777777777)

/* Is it a relative path of letters, digits, '.', '_', '-', no part of it empty or dotted in front?
 */
bool bundle_name_is_plain(struct str name);

/* Does it begin with "data/"? */
bool bundle_name_is_payload(struct str name);

/* The hash that data/payloads/<sha256>.json or data/media/<sha256> names. False for others. */
bool bundle_name_hash(struct str name, struct sha256 *out);

/* Takes the next line, without its LF, from *rest. *is_ended false: the LF was missing. */
bool bundle_next_line(struct str *rest, struct str *line, bool *is_ended);

/* "<64 lower-case hex digits>  <plain name>", the only form that is written. */
void bundle_put_manifest_line(struct buf *out, const struct sha256 *sha256, struct str name);
bool bundle_parse_manifest_line(struct str line, struct sha256 *sha256, struct str *name);

/* "label: value". The label is not empty and has no colon; neither has control characters. */
bool bundle_info_is_usable(struct str label, struct str value);
bool bundle_parse_info_line(struct str line, struct str *label, struct str *value);

/* For people: printable ASCII as it stands, every other byte as \xHH, cut after 200 bytes. */
struct str bundle_printable(struct arena *a, struct str s);

#endif
