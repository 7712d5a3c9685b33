/* SPDX-License-Identifier: ISC
 *
 * Open, reload, close. A reload opens the new snapshot before it lets go of the old one, and keeps the old one on any
 * failure. Nothing here may wait: a call is being set up.
 */
#include "lib/handle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/durable.h"

#ifndef RMD_STATE_DIRECTORY
#error "RMD_STATE_DIRECTORY is set by configure"
#endif

/* Whoever is in an old snapshot counted itself in before that was replaced, on one side or the other. So when each
 * side was seen empty once since then, nobody is. Turning the sides is only for a busy switch, where one side alone
 * would never be empty. */
#define DRAINS 2

static enum rmd_status
status_of_snapshot(enum snapshot_status status)
{
	switch (status) {
	case SNAPSHOT_GOOD:
		return RMD_OK;
	case SNAPSHOT_MISSING:
		return RMD_ERROR_NO_DATA;
	case SNAPSHOT_DAMAGED:
		return RMD_ERROR_DAMAGED;
	case SNAPSHOT_TOO_NEW:
		return RMD_ERROR_FORMAT;
	case SNAPSHOT_NO_MEMORY:
		return RMD_ERROR_MEMORY;
	case SNAPSHOT_SYSTEM:
		break;
	}
	return RMD_ERROR_SYSTEM;
}

enum rmd_status
walk_failure(const struct snapshot *snapshot, enum snapshot_table table)
{
	return snapshot_table_good(snapshot, table) ? RMD_ERROR_MEMORY : RMD_ERROR_DAMAGED;
}

int64_t
seconds_now(void)
{
	struct timespec now = { 0, 0 };

	if (clock_gettime(CLOCK_REALTIME_COARSE, &now) != 0)
		return RMD_TIME_NONE;
	return now.tv_sec;
}

/* One adopts, the others go on with what there is. A keeper that is another process died out of this one's sight: it
 * was a thread of the parent when it forked. */
static bool
keeper_become(struct rmd *rmd)
{
	int self = (int)getpid();
	int holder = 0;

	if (atomic_compare_exchange_strong(&rmd->keeper, &holder, self))
		return true;
	return holder != self && atomic_compare_exchange_strong(&rmd->keeper, &holder, self);
}

static bool
side_empty(struct rmd *rmd, unsigned side)
{
	for (unsigned i = 0; i < STRIPES; i++)
		if (atomic_load(&rmd->stripes[i].visitors[side]) != 0)
			return false;
	return true;
}

/* Closes old snapshots that nobody can be in. Never waits: what is not empty now is looked at a second later. */
static void
retired_close(struct rmd *rmd)
{
	struct retired **link = &rmd->retired;

	for (unsigned turn = 0; rmd->retired != NULL && turn < DRAINS; turn++) {
		if (!side_empty(rmd, (atomic_load(&rmd->side) & 1) ^ 1))
			return;
		for (struct retired *old = rmd->retired; old != NULL; old = old->next)
			old->drained++;
		atomic_fetch_add(&rmd->side, 1);
	}
	while (*link != NULL) {
		struct retired *old = *link;

		if (old->drained < DRAINS) {
			link = &old->next;
			continue;
		}
		*link = old->next;
		snapshot_close(old->snapshot);
		free(old);
	}
}

/* Puts a good snapshot in the place of the one that answers. */
static bool
snapshot_adopt(struct rmd *rmd, struct snapshot *snapshot)
{
	struct retired *old = calloc(1, sizeof *old);

	if (old == NULL)
		return false;
	old->snapshot = atomic_exchange(&rmd->snapshot, snapshot);
	if (old->snapshot == NULL) {
		free(old);
		return true;
	}
	old->next = rmd->retired;
	rmd->retired = old;
	return true;
}

/* Of the keeper: takes a newer file if there is one and it is good. */
static void
file_look(struct rmd *rmd)
{
	struct snapshot *current = atomic_load(&rmd->snapshot), *fresh = NULL;
	struct snapshot_identity found, known;
	enum rmd_status status;

	if (!snapshot_identity_at(rmd->path, &found)) {
		status = errno == ENOENT ? RMD_ERROR_NO_DATA : RMD_ERROR_SYSTEM;
		atomic_store(current == NULL ? &rmd->status : &rmd->reload_status, status);
		rmd->refused_known = false;
		return;
	}
	if (current != NULL) {
		known = snapshot_identity(current);
		if (snapshot_identity_equal(&known, &found)) {
			atomic_store(&rmd->reload_status, RMD_OK);
			return;
		}
	}
	if (rmd->refused_known && snapshot_identity_equal(&rmd->refused, &found))
		return;
	status = status_of_snapshot(snapshot_open(rmd->path, &fresh));
	if (status == RMD_OK && !snapshot_adopt(rmd, fresh)) {
		snapshot_close(fresh);
		status = RMD_ERROR_MEMORY;
	}
	/* A bad file is not opened every second; a passing failure is tried again. */
	rmd->refused_known = status == RMD_ERROR_DAMAGED || status == RMD_ERROR_FORMAT;
	rmd->refused = found;
	if (status == RMD_OK || current == NULL)
		atomic_store(&rmd->status, status);
	atomic_store(&rmd->reload_status, status);
}

void
handle_look(struct rmd *rmd)
{
	if (!keeper_become(rmd))
		return;
	atomic_store(&rmd->looked_at, seconds_now());
	if (!rmd->pinned)
		file_look(rmd);
	retired_close(rmd);
	atomic_store(&rmd->keeper, 0);
}

enum rmd_status
status_without_snapshot(struct rmd *rmd)
{
	enum rmd_status status = (enum rmd_status)atomic_load(&rmd->status);

	/* One may have been adopted since the visit began. */
	return status == RMD_OK ? RMD_ERROR_NO_DATA : status;
}

/* A thread of the parent that is on a visit while another one forks is no thread of the child, and nobody there would
 * ever count it out: old snapshots would stay open. An old kernel cannot wipe; a child then keeps them. */
static struct stripe *
stripes_begin(void)
{
	const size_t bytes = STRIPES * sizeof(struct stripe);
	void *stripes = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (stripes == MAP_FAILED)
		return NULL;
	if (madvise(stripes, bytes, MADV_WIPEONFORK) != 0)
		errno = 0;
	return stripes;
}

/* A handle that has not looked for a file yet. */
static enum rmd_status
handle_begin(const char *directory, const char *name, struct rmd **result)
{
	char place[LIMIT_PATH_BYTES];
	struct rmd *rmd;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	rmd = calloc(1, sizeof *rmd);
	if (rmd == NULL)
		return RMD_ERROR_MEMORY;
	/* A switch that goes to another directory once it has begun must find the next snapshot, too. */
	if (path_absolute(place, sizeof place, directory != NULL ? directory : RMD_STATE_DIRECTORY) != 0 ||
	    path_join(rmd->path, sizeof rmd->path, place, name) != 0) {
		free(rmd);
		return RMD_ERROR_ARGUMENT;
	}
	rmd->stripes = stripes_begin();
	if (rmd->stripes == NULL) {
		free(rmd);
		return RMD_ERROR_MEMORY;
	}
	atomic_store(&rmd->status, RMD_ERROR_NO_DATA);
	*result = rmd;
	return RMD_OK;
}

enum rmd_status
rmd_open(const char *directory, struct rmd **result)
{
	enum rmd_status status = handle_begin(directory, SNAPSHOT_NAME, result);

	if (status != RMD_OK)
		return status;
	handle_look(*result);
	return (enum rmd_status)atomic_load(&(*result)->status);
}

/* The current snapshot, or one that is kept beside it: rmd.mdb.1 is the one before it, and so on. From the oldest on,
 * as rmdsync may be giving each the name of an older one. */
static enum rmd_status
generation_open(const struct rmd *rmd, uint32_t generation, struct snapshot **result)
{
	char path[LIMIT_PATH_BYTES];

	for (int number = LIMIT_KEEP; number >= 0; number--) {
		int length = number > 0 ? snprintf(path, sizeof path, "%s.%d", rmd->path, number)
					: snprintf(path, sizeof path, "%s", rmd->path);

		if (length < 0 || (size_t)length >= sizeof path || snapshot_open(path, result) != SNAPSHOT_GOOD)
			continue;
		if (snapshot_state(*result)->generation == generation)
			return RMD_OK;
		snapshot_close(*result);
	}
	*result = NULL;
	return RMD_ERROR_NO_DATA;
}

enum rmd_status
handle_snapshot(struct rmd *rmd, struct snapshot **result)
{
	if (rmd->pinned)
		return generation_open(rmd, snapshot_state(atomic_load(&rmd->snapshot))->generation, result);
	return status_of_snapshot(snapshot_open(rmd->path, result));
}

enum rmd_status
handle_walk(struct rmd *rmd, enum snapshot_table table, struct snapshot **snapshot, struct walk **walk)
{
	enum rmd_status status = handle_snapshot(rmd, snapshot);

	if (status != RMD_OK)
		return status;
	*walk = walk_begin(*snapshot, table);
	return *walk != NULL ? RMD_OK : walk_failure(*snapshot, table);
}

enum rmd_status
rmd_open_generation(const char *directory, uint32_t generation, struct rmd **result)
{
	enum rmd_status status = handle_begin(directory, SNAPSHOT_NAME, result);
	struct snapshot *snapshot;

	if (status != RMD_OK)
		return status;
	(*result)->pinned = true;
	status = generation_open(*result, generation, &snapshot);
	if (status != RMD_OK) {
		rmd_close(*result);
		*result = NULL;
		return status;
	}
	atomic_store(&(*result)->snapshot, snapshot);
	atomic_store(&(*result)->status, RMD_OK);
	return RMD_OK;
}

void
rmd_close(struct rmd *rmd)
{
	if (rmd == NULL)
		return;
	while (rmd->retired != NULL) {
		struct retired *old = rmd->retired;

		rmd->retired = old->next;
		snapshot_close(old->snapshot);
		free(old);
	}
	snapshot_close(atomic_load(&rmd->snapshot));
	if (munmap(rmd->stripes, STRIPES * sizeof *rmd->stripes) != 0)
		errno = 0;
	free(rmd);
}
