/* SPDX-License-Identifier: ISC
 *
 * INI files of which every line is understood: sections, keys and their values. The only file that knows inih. What a
 * key means is its caller's.
 */
#ifndef SYNC_SECTIONS_H
#define SYNC_SECTIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

struct sections {
	/* A section begins; its whole name. False: there is no such section. */
	bool (*begin)(void *context, struct slice name, unsigned line);
	/* A key of the section begun last (`section` is cut where it is long). 0, or the error's code. */
	int (*key)(void *context, const char *section, const char *name, const char *value, unsigned line);
	void *context;
};

/* Reads the file. *found tells whether there is one: a missing file is no failure. 0, or 78 and one line with file
 * and line. */
int
sections_read(const char *path, const struct sections *sections, bool *found, struct error *error);

#endif
