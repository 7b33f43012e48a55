/*
 * Pieces that `run` shares with the commands of their own.
 */
#ifndef PIPELINE_PARTS_H
#define PIPELINE_PARTS_H

#include "pipeline/session.h"

/* The report of every account that the options name, to stdout (or --html FILE). */
int report_accounts(struct session *s, const struct options *o, struct err *e);

/* Before anything starts: can --previous be meant, the archive be written, the page? */
int export_check(const struct options *o, struct err *e);
int report_check(const struct options *o, struct err *e);

/* Writes the archive of the one account that the options name to o->output. */
int export_account(struct session *s, const struct options *o, struct err *e);

#endif
