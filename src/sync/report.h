/* SPDX-License-Identifier: ISC
 *
 * What a person or a script sees of a run. The only file of rmdsync that prints, but for usage; the only one that
 * knows jansson.
 */
#ifndef SYNC_REPORT_H
#define SYNC_REPORT_H

#include <stdio.h>

#include "sync/diff.h"
#include "sync/run.h"

/* A line for the operator that is no failure, on stderr. */
void
report_note(const struct run_options *options, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line that speaks even where the operator asked for silence: something failed, and the run goes on. */
void
report_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Names the quarantined rows; all of them with -v, the first ten without. */
void
report_rejects(const struct run_options *options, const char *name, const struct staging *staging);

/* Row by row what changes, with -v. */
void
report_changes(const struct run_options *options, const struct snapshot *old, const struct difference *difference,
	       struct staging *staging);

/* Bytes so far, on a terminal; `context` is a struct run_options. */
void
report_progress(void *context, uint64_t bytes);
void
report_progress_end(const struct run_options *options);

/* The object of --json; free() it. NULL: no memory. */
char *
report_json(const struct report *report);

/* One object a filing that changes, one a line. `staging` and `old` may be NULL where there is none. False: it could
 * not be written, or memory was short. */
bool
report_difference(FILE *file, const struct report *report, const struct difference *difference,
		  struct staging *staging, const struct snapshot *old);

/* The last line. False: stdout cannot be written. */
bool
report_summary(const struct report *report, bool json, bool quiet);

#endif
