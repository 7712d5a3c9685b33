/* SPDX-License-Identifier: ISC
 *
 * One run of rmdsync from its first look at the source to its last rename. Options come parsed; printing is report.c.
 */
#ifndef SYNC_RUN_H
#define SYNC_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/summary.h"
#include "base/time.h"

#define EXIT_HELD 3

/* The decoder's edition: a file of the same digest is read again when this grows. */
#define DECODER_REVISION 1

struct run_options {
	const char *conf_path;
	bool conf_required;    /* the operator named it */
	const char *directory; /* the state directory */
	const char *source;    /* NULL: rmd.conf's */
	const char *accept;    /* digest of the candidate to publish; NULL: none */
	uint32_t rollback;     /* the older generation that is to serve again; 0: none */
	bool dry_run;
	bool offline;
	bool quiet;
	bool verbose;
	bool hooks_later; /* hooks are told by `rmdsync --run-hooks`, not by the run */
	int64_t as_of;    /* the run's time; TIME_NONE: now */
	int64_t now;
};

/* What happened, in the words of --json. */
struct report {
	enum run_result result;
	const char *reason; /* of held and failed, and of a rollback: a stable word */
	bool dry_run;
	uint32_t generation;
	uint64_t rows;
	uint64_t rejected;
	uint64_t added;
	uint64_t removed;
	uint64_t changed;
	uint64_t relisted;
	char digest[65];
	char source[LIMIT_SOURCE_BYTES + 1];
	int64_t checked_at;  /* the run's own instant */
	int64_t data_at;     /* the check that the list is from: another one for a rollback */
	char note[400];      /* the guard's sentence */
	const char *message; /* why it is held, or failed; NULL or empty: it is neither */
	int64_t started_at;  /* by the clock, whatever the run's own instant is */
	int exit_status;
	int64_t durations[PHASE_COUNT]; /* milliseconds; NO_DURATION: there was no such phase yet */
	int ended_by;                   /* the signal that came while hooks ran, for main to end by; 0: none */
};

/* Returns the exit code of the contract; after anything but 0 and EXIT_HELD the error holds the line to print. */
int
run(const struct run_options *options, struct report *report, struct error *error);

/* No run: hooks are told what waits for them; of the report only ended_by is set. 0, or an exit code and the line to
 * print. */
int
run_hooks(const struct run_options *options, struct report *report, struct error *error);

#endif
