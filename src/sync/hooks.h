/* SPDX-License-Identifier: ISC
 *
 * The operator's executables, told what a run did: recorded before it is done, told after it, each hook started at
 * most once for an event. Nothing that a hook does, or fails to do, may reach the run.
 */
#ifndef SYNC_HOOKS_H
#define SYNC_HOOKS_H

#include <dirent.h>

#include "sync/conf.h"
#include "sync/report.h"

#define DIFFERENCE_NAME "diff.jsonl"

struct hooks {
	const struct run_options *options;
	const char *state;           /* the state directory, absolute; the caller holds its lock */
	char path[LIMIT_PATH_BYTES]; /* where they are, absolute; "": rmd.conf says that there are none */
	uint64_t timeout;            /* seconds for each */
	/* Private. */
	bool listed;
	bool unreadable;
	struct dirent **entries; /* in the order of the bytes of their names */
	size_t count;
};

/* 0, or 78 and one line. */
int
hooks_begin(struct hooks *hooks, const struct run_options *options, const struct conf *conf, const char *state,
	    struct error *error);
void
hooks_end(struct hooks *hooks);

/* Makes durable what hooks are to be told: of a new generation before it is published, so that no kill can lose it.
 * `difference` is NULL for a run that failed. What goes wrong is a warning: the run goes on. */
void
hooks_record(struct hooks *hooks, const struct report *report, const struct difference *difference,
	     struct staging *staging, const struct snapshot *old);

/* Tells everything that waits, the oldest first. 0, or the signal that ended it: what is not told waits on. */
int
hooks_tell(struct hooks *hooks);

#endif
