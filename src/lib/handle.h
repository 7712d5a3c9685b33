/* SPDX-License-Identifier: ISC
 *
 * The handle: which snapshot answers, and how another takes its place under running threads. What a snapshot says is
 * not known here.
 */
#ifndef LIB_HANDLE_H
#define LIB_HANDLE_H

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
	_Atomic int64_t looked_at;           /* monotonic seconds of the last look at the file */
	atomic_int keeper;                   /* the process that is adopting a snapshot; 0: none */
	atomic_int status;
	atomic_int reload_status;
	/* Of the keeper alone. */
	struct retired *retired;
	bool refused_known;
	struct snapshot_identity refused; /* a file that was looked at and was bad */
	char path[LIMIT_PATH_BYTES];
};

/* While a visit lasts, its snapshot stays open. */
struct visit {
	const struct snapshot *snapshot; /* NULL: no data */
	atomic_uint *counter;
};

/* Adopts a new snapshot first, when the last look at the file is a second old. Takes no lock and waits for nobody. */
struct visit
visit_begin(struct rmd *rmd);
void
visit_end(struct visit visit);

/* Looks at the file now, whenever the last look was. */
void
handle_look(struct rmd *rmd);

enum rmd_status
status_of_snapshot(enum snapshot_status status);

/* Why a visit found no snapshot; never RMD_OK. */
enum rmd_status
status_without_snapshot(struct rmd *rmd);

#endif
