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
 * A media_asset row, if the media object `object` of this type (a media type) has an id. `at` is
 * the place of the object.
 */
void content_add_asset(
    struct value *v, struct str wamid, struct str object, const struct pointer *at);

#endif
