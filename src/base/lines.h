/* SPDX-License-Identifier: ISC
 *
 * The operator's plain files: one item a line, `#` lines are comments. What an item means is the caller's.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

/* Opens such a file. NULL: there is none, or after error_set: 78, or 75 where it may be read later. */
FILE *
lines_open(const char *path, struct error *error);

/* Takes one item; false, with *why a short clause, when it is wrong. */
typedef bool
lines_item(void *context, struct slice item, const char **why);

/* Calls `item` for each line, trimmed. *found tells whether there is such a file: a missing one is no failure.
 * 0, or 78 and one line with file and line number. */
int
lines_read(const char *path, lines_item *item, void *context, bool *found, struct error *error);

/* The next line, its newline too, and *number one more. `line` holds `size` bytes. False: the end, or after
 * error_set: the line is too long, holds a NUL, is one too many or cannot be read. */
bool
line_next(FILE *file, const char *path, unsigned *number, char *line, size_t size, struct error *error);

#endif
