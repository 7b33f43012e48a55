/*
 * The rows of one relation in the order (account id, key, part).
 */
#ifndef BATCH_ORDER_H
#define BATCH_ORDER_H

#include "model/batch.h"

/* Sorts the rows of the list; rows of one account and key get the same number in row->group, the
 * first group 1. */
void order_rows(const struct batch *b, struct list *rows);

#endif
