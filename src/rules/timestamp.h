/*
 * Times as payloads write them (docs/PAYLOADS.md).
 */
#ifndef RULES_TIMESTAMP_H
#define RULES_TIMESTAMP_H

#include <stdint.h>

#include "base/str.h"
#include "model/time.h"

/*
 * Microseconds since 1970 of digits (seconds; milliseconds if above 10^11) or of an RFC 3339
 * time with its zone. TIME_NONE if the text is neither or STR_NULL, or if the time lies before
 * 2009-01-01 (there was no WhatsApp) or after 2100-01-01 UTC. A finer fraction than
 * microseconds is cut.
 */
int64_t timestamp_parse(struct str text);

/*
 * As timestamp_parse, for what stands beside a payload: loggers and databases also write seconds
 * with a fraction (`1767225600.25`) and zones without minutes (`2026-01-01 00:00:00+00`).
 */
int64_t timestamp_parse_noted(struct str text);

#endif
