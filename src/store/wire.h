/*
 * Within store: PostgreSQL's types as they go over the wire.
 */
#ifndef STORE_WIRE_H
#define STORE_WIRE_H

#include "model/time.h"

/* pg_type.h */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_JSON = 114,
	OID_BPCHAR = 1042,
	OID_VARCHAR = 1043,
	OID_JSONB = 3802,
};

/* Binary times count from 2000-01-01T00:00:00Z. */
#define Y2000_US (INT64_C(946684800) * SECOND_US)

#endif
