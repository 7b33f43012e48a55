/*
 * What a message says: its text, the object of its type, its file, what hangs on it.
 */
#ifndef DECODE_CONTENT_H
#define DECODE_CONTENT_H

#include "decode/message.h"

/* Sets body, content and extra of the row (model/rows.h), and adds the media_asset row of a file.
 */
void content_read(struct value *v, const struct message *m, struct message_row *row);

/*
 * A media_asset row of the media object `object`, at the place `at`. False if it has neither an id
 * nor a link.
 */
bool content_add_asset(
    struct value *v, struct str wamid, struct str object, const struct pointer *at);

/* A message within an edit, its file of this type without the address: that is the asset's. */
struct str content_without_address(struct arena *a, struct str message, struct str type);

#endif
