/* SPDX-License-Identifier: ISC
 *
 * Is this still the same database? A pure judgement of numbers, in a fixed order, each test with its own reason. What
 * to do with a file that is held is not decided here.
 */
#ifndef SYNC_GUARD_H
#define SYNC_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/diff.h"

/* The section [guard] of rmd.conf. */
struct guard_limits {
	uint64_t minimum_rows;
	uint64_t vanished_rows;
	uint64_t vanished_percent;
	uint64_t contiguous_rows;
	uint64_t relisted_rows;
	uint64_t changed_percent;
	uint64_t rejected_percent;
	uint64_t release_after; /* seconds */
};

enum guard_verdict { GUARD_PASS, GUARD_HELD, GUARD_REFUSED };

enum guard_reason {
	GUARD_FINE,
	GUARD_COLUMN_EMPTY,
	GUARD_TOO_SMALL,
	GUARD_TEN_THOUSAND,
	GUARD_TOO_MANY_REJECTS,
	GUARD_CONTIGUOUS,
	GUARD_VANISHED,
	GUARD_RELISTED,
	GUARD_CHANGED
};

struct guard_judgement {
	enum guard_verdict verdict;
	enum guard_reason reason;
	char text[320]; /* for a person: the numbers, the limit, the shape of the loss */
};

/* A stable word for a reason. */
const char *
guard_reason_name(enum guard_reason reason);

/* The reason of a word; GUARD_FINE where it is none. */
enum guard_reason
guard_reason_parse(const char *name);

/* `first`: there is no snapshot yet. */
void
guard_judge(const struct guard_limits *limits, bool first, const struct staging *staging,
	    const struct difference *difference, struct guard_judgement *judgement);

#endif
