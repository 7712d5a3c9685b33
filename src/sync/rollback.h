/* SPDX-License-Identifier: ISC
 *
 * An older generation that was kept, in the place of a source: its filings and its quarantined rows become those of a
 * new file. Nothing is judged or published here.
 */
#ifndef SYNC_ROLLBACK_H
#define SYNC_ROLLBACK_H

#include "cache/reader.h"
#include "sync/staging.h"

/* Finds the kept snapshot of that generation, holds it against the history of the one that serves, and stages what it
 * lists. *kept: what it says of itself. 0; or 64: that generation serves; 69: it is not kept; 73: it cannot be read,
 * or is not what the history says it was; and one line. */
int
rollback_stage(const char *directory, uint32_t generation, const struct snapshot *serving, struct staging *staging,
	       struct state *kept, struct error *error);

#endif
