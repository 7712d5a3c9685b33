/* SPDX-License-Identifier: ISC
 *
 * Files that are there whole, or not at all, after a power cut too. What stands in them is not known here.
 */
#ifndef BASE_DURABLE_H
#define BASE_DURABLE_H

#include <stddef.h>

#include "base/error.h"

/* Makes the contents of a file durable, and sets its mode, by its path. 0, or -1 with errno. */
int
durable_sync_file(const char *path, unsigned mode);

/* Makes renames, links and removals in a directory durable. 0, or -1 with errno. */
int
durable_sync_directory(const char *directory);

/* Writes `path` by way of `path`.new: written, fsynced, renamed, the directory fsynced. A failure leaves the old file
 * and removes the new one. 0, or -1 with errno. */
int
durable_write(const char *directory, const char *name, const void *data, size_t length, unsigned mode);

/* The same in steps, for what is too long for memory or may turn out not to be wanted. Begins `path`.new, empty; what
 * an earlier run left of that name is gone. Its descriptor, for reading too, or -1 with errno. */
int
durable_begin(const char *directory, const char *name);

/* Ends it: fsynced, renamed, the directory fsynced. A failure leaves the old file and removes the new one. 0, or -1
 * with errno. */
int
durable_commit(const char *directory, const char *name, int file, unsigned mode);

/* Ends it: the old file stays. */
void
durable_drop(const char *directory, const char *name, int file);

/* The lock of those who write into the directory, waited for, but not for ever. Its descriptor, to be closed; or -1
 * after error_set: 75 where another one keeps it. */
int
directory_lock(const char *directory, struct error *error);

/* directory/name into `path`; -1 and ENAMETOOLONG where it does not fit. */
int
path_join(char *path, size_t size, const char *directory, const char *name);

/* `given` from the root on: what it means must not change with the working directory. 0, or -1 with errno: ENOENT
 * where it is empty. */
int
path_absolute(char *path, size_t size, const char *given);

/* Opens a file for reading and never waits: a pipe in its place would, for its other end, and no signal that is
 * handled would end that. -1 with errno, ESPIPE for a pipe. */
int
file_open(const char *path);

/* Writes all of it, whatever the kernel takes at once. 0, or -1 with errno. */
int
write_all(int file, const void *data, size_t length);

#endif
