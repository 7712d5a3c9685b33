/* SPDX-License-Identifier: ISC
 *
 * What a run of rmdsync leaves to be read: for its hooks, and for whoever asks how the last run ended. How it
 * is written is sync/report.c's matter; the words for it stand here.
 */
#ifndef BASE_SUMMARY_H
#define BASE_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

/* In the state directory: the summary of the last run there. */
#define LAST_RUN_NAME "last-run.json"
/* And what is held, and why. */
#define HELD_RECORD_NAME "candidate.held"

enum run_result { RESULT_FAILED, RESULT_HELD, RESULT_UNCHANGED, RESULT_PUBLISHED };

/* A run as a whole, and what of it takes time. */
enum run_phase { PHASE_RUN, PHASE_FETCH, PHASE_DECODE, PHASE_PUBLISH };
#define PHASE_COUNT (PHASE_PUBLISH + 1)
#define NO_DURATION (-1)

struct summary {
	enum run_result result;
	uint32_t generation;
	uint64_t added, removed, changed, relisted;
	int64_t started_at; /* TIME_NONE: not told */
	int exit_status;
	int64_t durations[PHASE_COUNT]; /* milliseconds; NO_DURATION: the run had no such phase */
};

const char *
run_result_name(enum run_result result);
const char *
run_phase_name(enum run_phase phase);

/* False: it is no such object. */
bool
summary_parse(const char *json, struct summary *summary);

/* Whether a list that the guard does not believe waits in that state directory for a person. */
bool
held_list_waits(const char *directory);

/* Of the last run in that state directory. False: the file is missing or broken, and nothing is known. */
bool
last_run_read(const char *directory, struct summary *summary);

#endif
