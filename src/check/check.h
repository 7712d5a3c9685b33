/* SPDX-License-Identifier: ISC
 *
 * What rmdcheck does in each of its modes. Each function returns the exit code of the contract and fills the error
 * where there is something to tell.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "check/options.h"

/* What is wrong with the data, in words. */
const char *
trouble_text(const struct options *options, enum rmd_status status);

/* Likewise as the error, which `consequence` ends, with what the system says (errno) where it refused. EX_NOINPUT. */
#define NO_DATA_ANSWER "without data the answer is unknown"
int
no_data_set(const struct options *options, enum rmd_status status, const char *consequence, struct error *error);

/* The exit code of an answer. */
int
verdict_code(enum rmd_verdict verdict);

/* Answers every PROVIDER, every line of stdin, or every peer. */
int
check_run(const struct options *options, struct error *error);

/* The bare verdict of one PROVIDER, whatever happens. */
int
word_run(const struct options *options, struct error *error);

/* What happened to the filings of one PROVIDER. */
int
history_run(const struct options *options, struct error *error);

/* One PROVIDER's answer, and all that it rests on, as one JSON object. */
int
evidence_run(const struct options *options, struct error *error);

/* Filings whose names are like what was typed: advice, and no verdict. */
int
search_run(const struct options *options, struct error *error);

/* The line for a monitoring system. */
int
status_run(const struct options *options, struct error *error);

#endif
