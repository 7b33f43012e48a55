/*
 * The members of a tar or zip archive, in its order, as streams. Nothing is ever extracted.
 */
#ifndef SOURCE_MEMBERS_H
#define SOURCE_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "source/limits.h"
#include "source/byte_reader.h"
#include "source/refusal.h"
#include "source/sniff.h"

struct members;

/*
 * `kind` is SNIFF_TAR or SNIFF_ZIP. Of a zip, `x->out` is counted here. NULL with the
 * error of the reader below.
 */
struct members *members_open(
    enum sniff_kind kind, struct byte_reader below, struct expansion *x, struct err *e);
void members_close(struct members *m);

/*
 * 1: a regular file, to be read by members_reader, or a refusal; 0: there are no more; -1: the
 * error of the reader below. Folders are passed over. What is left of the member before is skipped.
 * Where the archive cannot be read on, the last one is a refusal without a name.
 */
int members_next(struct members *m, struct err *e);

/* Of the member in hand, any bytes; NULL: of the archive. Borrowed until the next one. */
const char *members_name(const struct members *m);

/*
 * The bytes of the member. Where the archive is cut or damaged, all that came before, then the end;
 * ERR_INPUT after a wrong checksum, or of a bomb. Then, too, there is a refusal.
 */
struct byte_reader members_reader(struct members *m);

/* Of the member, or of the rest of the archive. */
struct refusal *members_refusal(struct members *m);

/* Nothing more can be read. */
bool members_is_over(const struct members *m);

/* Those begun so far, without folders. */
uint64_t members_count(const struct members *m);

#endif
