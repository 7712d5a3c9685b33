/* SPDX-License-Identifier: ISC
 *
 * What an answer rests on, gathered from the library: documents and history. How it is shown must not enter.
 */
#ifndef CHECK_EVIDENCE_H
#define CHECK_EVIDENCE_H

#include "base/text.h"
#include "check/options.h"

struct documents {
	struct rmd_notice *notices; /* freed by the caller */
	size_t count;
};

/* The documents that name the provider, in place of those that were there; none for a key that leads to no provider.
 * False: memory is short. */
bool
documents_read(struct rmd *rmd, struct slice provider, struct documents *documents);

struct events {
	struct rmd_event *events; /* freed by the caller */
	size_t count;
};

/* What happened to the provider's filings. Status: as rmd_history_open and rmd_history_next. */
enum rmd_status
events_read(struct rmd *rmd, const char *provider, struct events *events);

#endif
