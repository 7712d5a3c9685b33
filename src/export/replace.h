/* SPDX-License-Identifier: ISC
 *
 * One file of an export, replaced whole, and only where it differs. What stands in it must not enter.
 */
#ifndef EXPORT_REPLACE_H
#define EXPORT_REPLACE_H

#include "export/export.h"

/* Writes the part into directory/name. *replaced tells whether there was a difference. 0, or the error's code. */
int
part_replace(struct edition *edition, const struct part *part, const char *directory, const char *name,
	     bool *replaced);

/* Writes the part to a descriptor, as the snapshot is; begun anew where a file can be, when another snapshot came
 * meanwhile. 0, or the error's code; a write that failed: `code`. */
int
part_write(struct edition *edition, const struct part *part, int file, const char *path, int code);

#endif
