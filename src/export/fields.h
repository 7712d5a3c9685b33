/* SPDX-License-Identifier: ISC
 *
 * A field of text in the formats that have an escaping of their own, each in the file of its format. Which fields
 * there are must not enter.
 */
#ifndef EXPORT_FIELDS_H
#define EXPORT_FIELDS_H

#include "base/stream.h"
#include "base/text.h"

/* CSV as RFC 4180 has it. The text is not altered; one that a spreadsheet would take for a formula is quoted. */
void
csv_put(struct stream *out, struct slice text);

/* Of Kamailio's db_text: colons, backslashes and line ends escaped as it reads them. */
void
dbtext_put(struct stream *out, struct slice text);

/* The value of a label of Prometheus' text format, quoted; \, " and line ends escaped, and bytes that are no UTF-8
 * replaced by U+FFFD. */
void
label_put(struct stream *out, struct slice text);

/* A command as Redis reads it: an array of bulk strings, each with its length in bytes, so that text of any bytes is
 * safe. */
void
resp_put(struct stream *out, const struct slice *words, size_t count);

#endif
