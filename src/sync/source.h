/* SPDX-License-Identifier: ISC
 *
 * Which source, how often, and what was kept of what its server said. How one list travels is fetch.h's matter; what
 * stands in it is not known here.
 */
#ifndef SYNC_SOURCE_H
#define SYNC_SOURCE_H

#include "cache/record.h"
#include "sync/conf.h"
#include "sync/fetch.h"
#include "sync/run.h"

/* What sources need of the world. A test has a world of its own, in which an hour passes at once. */
struct source_world {
	int64_t (*now)(void *context);                     /* milliseconds; never goes back */
	void (*wait)(void *context, int64_t milliseconds); /* ends early when a signal comes */
	uint32_t (*random)(void *context);
	int (*fetch)(void *context, const struct fetch_request *request, struct fetch_result *result,
		     struct error *error);
	void *context;
};

/* The real one. */
extern const struct source_world source_world;

struct source_request {
	const struct run_options *options;
	const struct conf *conf;
	const char *candidate; /* the address of the held list, for --accept; NULL: it is not asked for */
	const struct validators *validators; /* those of the old snapshot; NULL: the list is needed whole */
	int64_t at;                          /* the time of the run */
	int spool;
};

struct source_result {
	char source[LIMIT_SOURCE_BYTES + 1]; /* who was asked last, after a failure too; without credentials */
	bool unchanged;                      /* the server says so; the spool is empty */
	char digest[65];                     /* unless unchanged */
	struct validators validators;        /* to be stored with the list, and only with it */
};

/* Asks the sources in their order until one delivers. When all have failed it waits and asks those again whose
 * failure may pass, as long as the next try begins within retry-for. A list that arrives is never replaced by another
 * source's, whatever is wrong with it. 0; or 64 or 73 at once; or, when all have failed, 75 if one of the failures
 * may pass, else the last one's code, and one line that names each source; or 75 and the line of stop.h. */
int
source_fetch(const struct source_request *request, const struct source_world *world, struct source_result *result,
	     struct error *error);

#endif
