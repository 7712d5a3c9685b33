/* SPDX-License-Identifier: ISC
 *
 * The long form of a result: one fact a line, its label in a column before it. Which facts there are must not enter.
 */
#ifndef BASE_FACT_H
#define BASE_FACT_H

#include "base/stream.h"

/* Columns, its blanks too; a screen that is narrow takes fewer. */
#define FACT_LABEL_WIDTH 34

/* The label alone; the fact and the newline are the caller's. */
void
fact_label(struct stream *stream, const char *label);

/* Text of a stranger, "-" where it is "". */
void
fact_text(struct stream *stream, const char *label, const char *text);
void
fact_time(struct stream *stream, const char *label, int64_t instant);

#endif
