/*
 * Within store: the tables that a batch writes, as a table. Columns, keys and how a row is encoded.
 */
#ifndef STORE_RELATIONS_H
#define STORE_RELATIONS_H

#include "base/buf.h"
#include "model/batch.h"
#include "sql_texts.h"
#include "store/store.h"

struct ledger_before;

/* The counts that were encoded last, and their JSON: small payloads mostly count the same. */
struct counted {
	struct counts counts;
	struct buf json;
};

/* What encoders need besides the row. */
struct encode_context {
	const struct batch *batch;
	const struct apply_options *options;
	const struct ledger_before *before; /* see apply.h; NULL if no payload is_again */
	struct counted *counted;
};

struct relation_info {
	const char *name;
	const char *columns; /* account_id first */
	const char *key; /* the primary key */
	unsigned column_count;
	/* writes all columns but account_id */
	void (*encode)(struct buf *b, const struct row *r, const struct encode_context *c);
	/* statements that merge what is staged into what is there, $1 = account_id; ended by
	 * SQL_COUNT. Relations whose rows are facts as a whole have none: their key says all. */
	enum sql merge[3];
};

const struct relation_info *relation_info(enum relation relation);

/* A template of sql/ with {relation}, {columns} and {key} filled in; borrowed until b changes. */
const char *relation_text(struct buf *b, enum sql template, const struct relation_info *info);

#endif
