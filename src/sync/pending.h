/* SPDX-License-Identifier: ISC
 *
 * What runs have to tell and hooks have not heard yet: one file an event in the state directory, in the order of the
 * runs. Which hooks there are, and what an event means, is not known here.
 */
#ifndef SYNC_PENDING_H
#define SYNC_PENDING_H

#include <limits.h>
#include <stdint.h>

#include "base/limits.h"

struct pending {
	uint32_t number;                   /* its place in the order; 0: before all */
	char summary[LIMIT_SUMMARY_BYTES]; /* the run's JSON object, no newline */
	char started[NAME_MAX + 1];        /* the last hook that was started for it; "": none */
};

/* The number for a new event, behind all others; 0 with errno. *count: how many wait. */
uint32_t
pending_number(const char *directory, uint32_t *count);

/* The first event behind *pending's number. 1; 0: there is none; -1 with errno. */
int
pending_next(const char *directory, struct pending *pending);

/* Makes the event durable, or what of it is new. 0, or -1 with errno. */
int
pending_write(const char *directory, const struct pending *pending);

/* It is told, or never came to be: removes it and its difference. 0, or -1 with errno. */
int
pending_remove(const char *directory, const struct pending *pending);

/* Where the event's difference waits with it. 0, or -1 with errno. */
int
pending_difference_path(char path[LIMIT_PATH_BYTES], const char *directory, uint32_t number);

#endif
