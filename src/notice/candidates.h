/* SPDX-License-Identifier: ISC
 *
 * Filings of the snapshot that may be those of a provider that a document names, the likeliest first. It proposes and
 * never decides; how likely one is, is likeness.h's.
 */
#ifndef NOTICE_CANDIDATES_H
#define NOTICE_CANDIDATES_H

#include "base/error.h"
#include "notice/likeness.h"
#include "notice/notice.h"
#include "rmd.h"

struct candidate {
	struct likeness likeness;
	char rmd_number[RMD_NUMBER_SIZE];
	char frn[RMD_NUMBER_SIZE]; /* "" where the filing has none */
	bool listed;
	char *name;
	char *address;
};

struct candidates {
	struct candidate candidates[LIMIT_CANDIDATES]; /* by score, then by number */
	size_t count;
};

/* For each provider whose `wanted` is set, into the element of its index. All are freed by candidates_end. 0, or 66
 * (no snapshot, or a damaged one) or 73 (no memory) and one line. */
int
candidates_find(struct rmd *rmd, const struct notice *notice, const bool wanted[], struct candidates found[],
		struct error *error);
void
candidates_end(struct candidates *candidates);

/* The first filing with this FRN or, where that is 0, this RMD number; or the one whose key differs in the fewest
 * digits, *digits of them. It has no likeness and is freed by candidate_end. 0, or as candidates_find; 66 too where
 * the snapshot has no filing at all. */
int
candidate_nearest(struct rmd *rmd, uint64_t frn, uint32_t number, struct candidate *nearest, unsigned *digits,
		  struct error *error);
void
candidate_end(struct candidate *candidate);

#endif
