/* SPDX-License-Identifier: ISC
 *
 * The new snapshot out of the old one and what changed: every table, in the order of its keys, and the packed table.
 * Whether to build is decided elsewhere; who sees it, too.
 */
#ifndef SYNC_BUILD_H
#define SYNC_BUILD_H

#include "cache/writer.h"
#include "sync/diff.h"
#include "sync/documents.h"
#include "sync/peers.h"

struct build_request {
	const char *path;           /* private; replaced when it is there */
	const struct snapshot *old; /* NULL: none yet */
	struct staging *staging;    /* NULL: the filings are those of the old snapshot */
	const struct difference *difference;
	const struct operator_data *operator_data;
	const struct documents *documents; /* NULL: none */
	const struct peers *peers;         /* NULL: none */
	uint32_t generation;
	uint32_t decoder;
	int64_t checked_at;                  /* of the run; not before the old snapshot's */
	const struct validators *validators; /* of the list; without any, nothing is stored */
	struct run run;                      /* counts, digest, source and age of the data */
};

/* Writes the file whole, commits and closes it; it is neither verified nor durable yet. Fills *state. 0, or a code
 * and one line. */
int
build(const struct build_request *request, struct state *state, struct error *error);

#endif
