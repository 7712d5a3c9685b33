/* SPDX-License-Identifier: ISC
 *
 * A field of a table of Kamailio's db_text. Which columns there are must not enter.
 */
#ifndef EXPORT_DBTEXT_H
#define EXPORT_DBTEXT_H

#include "base/stream.h"
#include "base/text.h"

/* Colons, backslashes and line ends escaped as db_text reads them. */
void
dbtext_put(struct stream *out, struct slice text);

#endif
