/* SPDX-License-Identifier: ISC
 *
 * The small pieces of a page that is HTML and XML alike: text of strangers, instants, counts. What the page tells
 * must not enter.
 */
#ifndef EXPORT_MARKUP_H
#define EXPORT_MARKUP_H

#include "base/stream.h"
#include "base/text.h"

/* Text or the value of an attribute. What looks like another text or shows nothing, and what is no UTF-8, becomes
 * \u{202e} or \xff, as on a terminal. */
void
markup_put(struct stream *out, struct slice text);

/* A stranger's name, whose direction of writing must not reach what stands beside it. */
void
name_put(struct stream *out, const char *name);

/* "9,494" */
void
count_put(struct stream *out, uint64_t count);

/* "9,494 filings", "1 filing" */
void
counted_put(struct stream *out, uint64_t count, const char *one, const char *many);

/* New York's wall clock for a person, all of it for a program. A dash for RMD_TIME_NONE. */
void
instant_put(struct stream *out, int64_t instant);

/* The same without markup: "2025-08-06 00:00", and the day alone. */
void
instant_text_put(struct stream *out, int64_t instant);
void
day_put(struct stream *out, int64_t instant);

#endif
