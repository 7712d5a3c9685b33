/* SPDX-License-Identifier: ISC
 *
 * A command as Redis reads it. Which commands there are must not enter.
 */
#ifndef EXPORT_RESP_H
#define EXPORT_RESP_H

#include "base/stream.h"
#include "base/text.h"

/* An array of bulk strings, each with its length in bytes: text of any bytes is safe. */
void
resp_put(struct stream *out, const struct slice *words, size_t count);

#endif
