/*
 * The bytes of a gzip or zstd file: all members or frames, one behind the other, each with its
 * checksum. Not by libarchive, which does not look at the checksums of gzip, takes what follows
 * the last member for nothing, and unpacks what was compressed twice without a word.
 */
#ifndef SOURCE_UNPACK_H
#define SOURCE_UNPACK_H

#include "base/err.h"
#include "source/limits.h"
#include "source/byte_reader.h"
#include "source/refusal.h"
#include "source/sniff.h"

struct unpack;

/*
 * `kind` is SNIFF_GZIP or SNIFF_ZSTD; `x->in` is counted by whoever reads the file, `x->out` here.
 */
struct unpack *unpack_open(enum sniff_kind kind, struct byte_reader below, struct expansion *x);
void unpack_close(struct unpack *u);

/*
 * What comes out. Of cut or damaged data all that came before, then the end; after a wrong checksum
 * or of a bomb ERR_INPUT; bytes behind the compressed data are not read. Then there is a refusal.
 */
struct byte_reader unpack_reader(struct unpack *u);
struct refusal *unpack_refusal(struct unpack *u);

#endif
