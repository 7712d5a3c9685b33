/* SPDX-License-Identifier: ISC
 *
 * The handle: which snapshot answers, and how another takes its place under running threads. What a snapshot says is
 * not known here.
 */
#ifndef LIB_HANDLE_H
#define LIB_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/limits.h"
#include "cache/reader.h"
#include "rmd.h"

/* Threads count themselves in on one of these lines of cache, so that they seldom meet. */
#define STRIPES 32

struct stripe {
	_Alignas(64) atomic_uint visitors[2];
};

/* A snapshot that was replaced. It is closed when nobody can be in it any more. */
struct retired {
	struct retired *next;
	struct snapshot *snapshot;
	unsigned drained; /* how often a side was seen empty since it was replaced */
};

struct rmd {
	struct stripe *stripes;              /* STRIPES of them; all zero again in a child after fork */
	_Atomic(struct snapshot *) snapshot; /* NULL: none that is good */
	atomic_uint side;                    /* its last bit: where visitors count themselves in now */
	_Atomic int64_t looked_at;           /* the second of the last look at the file */
	atomic_int keeper;                   /* the process that is adopting a snapshot; 0: none */
	atomic_int status;
	atomic_int reload_status;
	/* Of the keeper alone. */
	struct retired *retired;
	bool refused_known;
	struct snapshot_identity refused; /* a file that was looked at and was bad */
	bool pinned;                      /* to the generation that was asked for: nothing is adopted any more */
	char path[LIMIT_PATH_BYTES];
};

/* While a visit lasts, its snapshot stays open. */
struct visit {
	const struct snapshot *snapshot; /* NULL: no data */
	atomic_uint *counter;
};

/* The system's clock. Coarse: it costs a few nanoseconds and is good to a few milliseconds. RMD_TIME_NONE: none. */
int64_t
seconds_now(void);

/* Looks at the file now, whenever the last look was. */
void
handle_look(struct rmd *rmd);

/* Adopts a new snapshot first, when the last look at the file was in another second than now. Takes no lock and waits
 * for nobody. */
static inline struct visit
visit_begin(struct rmd *rmd, int64_t now)
{
	uintptr_t self = (uintptr_t)pthread_self();
	struct stripe *stripe = &rmd->stripes[(self >> 12 ^ self >> 20) % STRIPES];
	struct visit visit;

	/* Not "later than": a clock that is set back must not stop the looks. */
	if (now != atomic_load_explicit(&rmd->looked_at, memory_order_relaxed))
		handle_look(rmd);
	visit.counter = &stripe->visitors[atomic_load(&rmd->side) & 1];
	atomic_fetch_add(visit.counter, 1);
	visit.snapshot = atomic_load(&rmd->snapshot);
	return visit;
}

static inline void
visit_end(struct visit visit)
{
	atomic_fetch_sub(visit.counter, 1);
}

/* A snapshot of its own for a walk: the newest, or of the generation that the handle is of, whatever its file is
 * called by now. */
enum rmd_status
handle_snapshot(struct rmd *rmd, struct snapshot **result);

/* Likewise, and a walk through one of its tables. Both are the caller's to end, whatever the status is. */
enum rmd_status
handle_walk(struct rmd *rmd, enum snapshot_table table, struct snapshot **snapshot, struct walk **walk);

/* Why a walk could not begin. */
enum rmd_status
walk_failure(const struct snapshot *snapshot, enum snapshot_table table);

/* Why a visit found no snapshot; never RMD_OK. */
enum rmd_status
status_without_snapshot(struct rmd *rmd);

#endif
