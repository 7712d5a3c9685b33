/* SPDX-License-Identifier: ISC
 *
 * A list that the guard has held: the file itself and why, kept in the state directory until somebody accepts it, a
 * later list repeats it, or another one serves. Whether to hold is the guard's judgement.
 */
#ifndef SYNC_HOLD_H
#define SYNC_HOLD_H

#include "base/summary.h"
#include "sync/guard.h"

#define HOLD_CANDIDATE_NAME "candidate"

/* Why a list is held, and since when. */
struct hold {
	int64_t held_at;    /* the check that first held it */
	int64_t fetched_at; /* the check that fetched the candidate: the age of its data */
	enum guard_reason reason;
	char source[LIMIT_SOURCE_BYTES + 1];
	uint32_t *numbers; /* of the filings that vanished or came back, ascending */
	size_t count;
};

/* What is held in the directory. False: nothing, or nothing that can be read. */
bool
hold_read(const char *directory, struct hold *hold);
void
hold_end(struct hold *hold);

/* Whether the difference repeats what is held: at least `release_after` seconds later everything that had vanished is
 * still missing and everything that had come back is still there; and what vanished besides would not be held by
 * itself. A run of neighbouring numbers and a list of exactly 10,000 rows are never released so. */
bool
hold_repeats(const struct hold *hold, const struct guard_limits *limits, const struct guard_judgement *judgement,
	     const struct difference *difference, int64_t checked_at);

/* Keeps the spool as the candidate and writes why. A reason that stays keeps its first time. 0, or 73 and one line.
 */
int
hold_keep(const char *directory, const char *spool, const struct guard_judgement *judgement,
	  const struct difference *difference, const char *source, const char *digest, int64_t checked_at,
	  struct error *error);

/* Forgets both. 0, or -1 with errno. */
int
hold_forget(const char *directory);

#endif
