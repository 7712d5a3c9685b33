/* SPDX-License-Identifier: ISC
 *
 * A field of CSV. Which columns there are must not enter.
 */
#ifndef EXPORT_CSV_H
#define EXPORT_CSV_H

#include "base/stream.h"
#include "base/text.h"

/* As RFC 4180 has it. The text is not altered; one that a spreadsheet would take for a formula is quoted. */
void
csv_put(struct stream *out, struct slice text);

#endif
