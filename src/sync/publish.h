/* SPDX-License-Identifier: ISC
 *
 * A finished snapshot becomes the one that serves: verified, made durable, renamed, the old ones kept beside it.
 */
#ifndef SYNC_PUBLISH_H
#define SYNC_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Publishes directory/build_name as the current snapshot. `rotate`: what it replaces stays as rmd.mdb.1, up to `keep`
 * of them; where that cannot be, a warning tells of it. 0, or 73 (70: it does not verify) and one line, which says
 * whether the old snapshot still serves: all but the last step, which makes the new one's name durable, leave it. */
int
publish(const char *directory, const char *build_name, bool rotate, uint64_t keep, struct error *error);

/* Whether the snapshot that serves is, byte for byte, one that was published: its digest stands beside it. A snapshot
 * that has no digest beside it (somebody copied it alone) passes. 1 or 0, or -1 with errno: that cannot be told. */
int
published_intact(const char *directory);

/* The path of the snapshot that served `number` generations before, from 1 on, as long as it is kept. 0, or -1: it is
 * too long. */
int
kept_path(char *path, size_t size, const char *directory, uint64_t number);

#endif
