/* SPDX-License-Identifier: ISC
 *
 * Whether a B-tree of a snapshot can be read: LMDB believes every page, and one flipped bit in a page kills the
 * process that reads it. Looks only; what stands in keys and values must not be known here.
 */
#ifndef CACHE_TREE_H
#define CACHE_TREE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* A whole file in memory, of LMDB's data format 1 with 64 bits. */
struct tree_file {
	const unsigned char *bytes;
	atomic_uchar *seen; /* a page: the depth at which it was found good; 0: not yet */
	uint64_t pages;
	uint32_t page_bytes;
};

/* One of its trees. Without a page it is empty. */
struct tree {
	uint64_t root;
	unsigned depth;
};

enum tree_status { TREE_GOOD, TREE_DAMAGED, TREE_TOO_NEW };

/* Looks at the two pages that tell what the file is, before LMDB does. `seen` is the caller's. */
enum tree_status
tree_begin(struct tree_file *file, const void *bytes, uint64_t size);

/* The tree of the tables' names, from the meta page that serves. False: damaged. */
bool
tree_main(const struct tree_file *file, struct tree *tree);

/* The tree of one table. False: it is not there, or damaged. The main tree must be good. */
bool
tree_of(const struct tree_file *file, const struct tree *main, struct slice name, struct tree *tree);

/* Whether all of its pages can be read. */
bool
tree_good(const struct tree_file *file, const struct tree *tree);

/* Whether the pages on the way to a key can be. */
bool
tree_way_good(const struct tree_file *file, const struct tree *tree, struct slice key);

#endif
