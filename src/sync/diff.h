/* SPDX-License-Identifier: ISC
 *
 * What the new file changes in the old snapshot, filing by filing. Whether that is believable is the guard's
 * question; nothing is written here.
 */
#ifndef SYNC_DIFF_H
#define SYNC_DIFF_H

#include "cache/reader.h"
#include "sync/staging.h"

/* What becomes of one filing. The events have the values of enum rmd_event_kind. */
enum outcome_kind {
	OUTCOME_SAME = 0,
	OUTCOME_ADDED = 1,
	OUTCOME_CHANGED = 2,
	OUTCOME_VANISHED = 3,
	OUTCOME_RELISTED = 4,
	OUTCOME_GONE = 5,       /* vanished before, and still not there */
	OUTCOME_QUARANTINED = 6 /* its row cannot be understood: the old one stays */
};

#define NOT_STAGED UINT32_MAX

struct outcome {
	uint32_t number;
	uint32_t fields; /* the columns that differ, for changed and relisted */
	uint32_t staged; /* index, or NOT_STAGED where the old form stays */
	uint32_t kind;
};

struct difference {
	struct outcome *outcomes; /* every filing that is known, in the order of numbers */
	size_t count;
	size_t listed_before;
	size_t listed;
	size_t added;
	size_t changed;
	size_t vanished;
	size_t ordered; /* of the vanished, those that a removal order on file names: documents_explain */
	size_t relisted;
	size_t kept; /* quarantined rows whose provider keeps its old filing */
};

/* `old` NULL: there is no snapshot yet. `staging` NULL: the filings are those of the old snapshot.
 * 0, or 73 (memory) or 70 (the old snapshot cannot be read) and one line. */
int
diff(const struct snapshot *old, struct staging *staging, struct difference *difference, struct error *error);

void
difference_end(struct difference *difference);

#endif
