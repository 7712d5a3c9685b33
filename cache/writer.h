/* SPDX-License-Identifier: ISC
 *
 * A snapshot while it is built, under a private name that no reader knows. Only when it is whole, verified and
 * durable does anyone rename it; renaming is not done here.
 */
#ifndef CACHE_WRITER_H
#define CACHE_WRITER_H

#include "base/error.h"
#include "cache/reader.h"

struct builder;

/* Begins an empty snapshot at `path`, which must not exist or is replaced. 0, or 73 and one line. */
int
builder_begin(const char *path, struct builder **builder, struct error *error);

/* Adds a record behind the last one of its table: keys must ascend. `tail` goes behind `value`. */
int
builder_append(struct builder *builder, enum snapshot_table table, struct slice key, struct slice value,
	       struct slice tail, struct error *error);

/* Room for a large value in the meta table, to be filled before the next call. */
int
builder_reserve(struct builder *builder, struct slice key, size_t bytes, void **target, struct error *error);

/* Commits, trims the map to the data and closes. The file is complete, but not yet durable. */
int
builder_finish(struct builder *builder, struct error *error);

/* Gives up and removes the file. NULL is allowed; after builder_finish it only frees. */
void
builder_end(struct builder *builder);

/* Opens the file as a reader would and goes through every table: keys ascend, every record can be read, the counts
 * are those of the state. 0, or 70 and one line: a snapshot that does not pass is never published. */
int
snapshot_verify(const char *path, struct error *error);

#endif
