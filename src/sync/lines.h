/* SPDX-License-Identifier: ISC
 *
 * The operator's plain files: one item a line, `#` lines are comments. What an item means is the caller's.
 */
#ifndef SYNC_LINES_H
#define SYNC_LINES_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Takes one item; false, with *why a short clause, when it is wrong. */
typedef bool lines_item(void *context, struct slice item, const char **why);

/* Calls `item` for each line, trimmed. *found tells whether there is such a file: a missing one is no failure.
 * 0, or 78 and one line with file and line number. */
int
lines_read(const char *path, lines_item *item, void *context, bool *found, struct error *error);

#endif
