/* SPDX-License-Identifier: ISC
 *
 * The names that a filing may be searched by: its business name, and those in the free text of its DBA and previous
 * names. How they are compared must not enter.
 */
#ifndef SYNC_NAMES_H
#define SYNC_NAMES_H

#include "base/buffer.h"
#include "cache/filing.h"

/* Writes the filing's record of the table `name` over what is in the buffer. False: no memory. */
bool
names_encode(const struct filing *filing, struct buffer *record);

#endif
