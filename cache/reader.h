/* SPDX-License-Identifier: ISC
 *
 * A published snapshot, read. It is a file that never changes, so there is no lock file, no reader slot and no writer
 * to wait for. Nothing here may write, and nothing here knows the rules.
 *
 * Any number of threads may use one snapshot, and a process that was forked while it was open. A walk is one
 * thread's.
 */
#ifndef CACHE_READER_H
#define CACHE_READER_H

#include <stdbool.h>
#include <sys/types.h>

#include "cache/packed.h"
#include "cache/record.h"

/* The name of the current snapshot in a state directory, and of the digests beside it. */
#define SNAPSHOT_NAME "rmd.mdb"
#define SNAPSHOT_DIGEST_NAME "rmd.mdb.sha256"

enum snapshot_table {
	TABLE_FILING,
	TABLE_BY_FRN,
	TABLE_BY_NAME,
	TABLE_NAME, /* the only one that a snapshot may lack: walk_begin then gives NULL */
	TABLE_HISTORY,
	TABLE_RUN,
	TABLE_REJECT,
	TABLE_NOTICE,
	TABLE_PEER,
	TABLE_META,
	TABLE_COUNT
};
extern const char *const snapshot_table_names[TABLE_COUNT];

enum snapshot_status {
	SNAPSHOT_GOOD,
	SNAPSHOT_MISSING, /* no such file */
	SNAPSHOT_DAMAGED, /* shortened, or its contents contradict each other */
	SNAPSHOT_TOO_NEW, /* of a format that this code does not know */
	SNAPSHOT_NO_MEMORY,
	SNAPSHOT_SYSTEM /* errno says why */
};

struct snapshot;

/* Opens it and holds its size against its last page, its packed table against its checksum, and its state against
 * its tables. *snapshot is NULL unless SNAPSHOT_GOOD. */
enum snapshot_status
snapshot_open(const char *path, struct snapshot **snapshot);

/* NULL is allowed. */
void
snapshot_close(struct snapshot *snapshot);

const struct packed *
snapshot_packed(const struct snapshot *snapshot);
/* Gives back the memory of the packed table, which the opening has read whole: for those who ask for no verdict. */
void
snapshot_packed_forget(const struct snapshot *snapshot);
const struct state *
snapshot_state(const struct snapshot *snapshot);

/* What the opened file is, to see that another has taken its place. */
struct snapshot_identity {
	dev_t device;
	ino_t inode;
	int64_t modified; /* nanoseconds */
	off_t size;
};
struct snapshot_identity
snapshot_identity(const struct snapshot *snapshot);

/* Of the file that is at the path now; false with errno. */
bool
snapshot_identity_at(const char *path, struct snapshot_identity *identity);
bool
snapshot_identity_equal(const struct snapshot_identity *a, const struct snapshot_identity *b);

/* The value of a key, into the map: valid until the snapshot is closed. False: there is none. */
bool
snapshot_get(const struct snapshot *snapshot, enum snapshot_table table, struct slice key, struct slice *value);

bool
snapshot_has_names(const struct snapshot *snapshot);

/* How many records a table has. */
size_t
snapshot_count(const struct snapshot *snapshot, enum snapshot_table table);

/* Whether each page of a table can be read. */
bool
snapshot_table_good(const struct snapshot *snapshot, enum snapshot_table table);

/* A walk through one table in the order of its keys. NULL: the table is damaged, or there is no memory. */
struct walk;
struct walk *
walk_begin(const struct snapshot *snapshot, enum snapshot_table table);
void
walk_end(struct walk *walk); /* NULL is allowed */

/* Goes to the first key that is not less than `key`; what it gives is the next record. False: none. */
bool
walk_seek(struct walk *walk, struct slice key, struct slice *found, struct slice *value);
/* The first record at first, then each next one. Pages behind a long walk are given back. */
bool
walk_next(struct walk *walk, struct slice *key, struct slice *value);
/* The last record, or the one before the one that the walk stands on. */
bool
walk_previous(struct walk *walk, struct slice *key, struct slice *value);

/* The last run at or before `at`: its instant in *checked_at. False: there is none, or it is damaged. */
bool
snapshot_run_at(const struct snapshot *snapshot, int64_t at, int64_t *checked_at, struct run *run);

#endif
