/* SPDX-License-Identifier: ISC
 *
 * The history, counted a generation, and generations drawn together where there are too many for a plot. How a plot
 * looks must not enter.
 */
#ifndef EXPORT_TALLY_H
#define EXPORT_TALLY_H

#include "base/buffer.h"
#include "export/export.h"

/* What happened in one generation, or in several one after the other. */
struct tally {
	uint32_t first; /* generation */
	uint32_t last;
	int64_t at; /* the check that saw the last of it */
	uint64_t added;
	uint64_t changed;
	uint64_t vanished;
	uint64_t relisted;
	uint64_t listed; /* filings listed after it */
	bool rollback;   /* an older generation was made to serve again */
};

/* Appends the generations in which something happened to a filing, ascending. 0, or the error's code. */
int
tallies_read(struct edition *edition, struct buffer *tallies);

uint64_t
tally_events(const struct tally *tally);

/* Draws them together to as many as a plot can show; the first one, which is the first load, stays alone. How many
 * there are then. */
#define TALLIES_DRAWN 60
size_t
tallies_join(const struct tally *tallies, size_t count, struct tally drawn[TALLIES_DRAWN]);

#endif
