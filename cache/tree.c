/* SPDX-License-Identifier: ISC
 *
 * A page: its number (8 bytes), 2 of padding, flags, where free room begins and ends (2 each; on an overflow page
 * both are the count of its pages), then the places of its nodes, each 2. A node: 4 bytes and flags (2), which are
 * the child of a branch or the size of a leaf's data; the size of its key (2), the key, the data or the page where
 * they overflow.
 */
#include "cache/tree.h"

#include <string.h>
#include <sys/mman.h>

#include "base/limits.h"

#define PAGE_HEADER 16
#define PAGE_FLAGS 10
#define PAGE_LOWER 12
#define PAGE_UPPER 14
#define PAGE_BRANCH 0x01
#define PAGE_LEAF 0x02
#define PAGE_OVERFLOW 0x04

#define NODE_HEADER 8
#define NODE_OVERFLOW 0x01
#define NODE_TABLE 0x02
#define NODE_KEY_MAX 511

/* A meta page: magic number and version, an address, the size of the map, two tables (the first has the size of a
 * page in it), the last page, the transaction. */
#define MAGIC 0xbeefc0de
#define VERSION 1
#define PAGE_BYTES_MIN 512
#define PAGE_BYTES_MAX 65536
#define META_MAGIC PAGE_HEADER
#define META_VERSION (PAGE_HEADER + 4)
#define META_MAP_BYTES (PAGE_HEADER + 16)
#define META_PAGE_BYTES (PAGE_HEADER + 24)
#define META_MAIN (META_PAGE_BYTES + TABLE_BYTES)
#define META_LAST_PAGE (META_MAIN + TABLE_BYTES)
#define META_TRANSACTION (META_LAST_PAGE + 8)
#define META_PAGES 2

/* What a table is, as LMDB keeps it. */
#define TABLE_BYTES 48
#define TABLE_FLAGS 4
#define TABLE_DEPTH 6
#define TABLE_ROOT 40
#define NO_PAGE UINT64_MAX
/* LMDB's own limit. */
#define DEPTH_MAX 32

struct node {
	struct slice key;
	struct slice data; /* in this page */
	uint64_t child;
	uint16_t flags;
};

static uint16_t
get16(const unsigned char *bytes)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof value);
	return value;
}

static uint32_t
get32(const unsigned char *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof value);
	return value;
}

static uint64_t
get64(const unsigned char *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof value);
	return value;
}

/* NULL: there is none of that number and kind. */
static const unsigned char *
page_at(const struct tree_file *file, uint64_t number, unsigned kind)
{
	const unsigned char *page;

	if (number < META_PAGES || number >= file->pages)
		return NULL;
	page = file->bytes + number * file->page_bytes;
	return get64(page) == number && get16(page + PAGE_FLAGS) == kind ? page : NULL;
}

/* Data that begin on a page of their own and go on behind it. */
static bool
overflow_good(const struct tree_file *file, uint64_t number, uint64_t bytes)
{
	const unsigned char *page = page_at(file, number, PAGE_OVERFLOW);
	uint64_t pages = page != NULL ? get32(page + PAGE_LOWER) : 0;

	return page != NULL && pages <= file->pages - number && bytes + PAGE_HEADER <= pages * file->page_bytes;
}

static unsigned
node_count(const unsigned char *page)
{
	return (unsigned)(get16(page + PAGE_LOWER) - PAGE_HEADER) / 2;
}

static bool
node_get(const struct tree_file *file, const unsigned char *page, unsigned index, struct node *node)
{
	unsigned place = get16(page + PAGE_HEADER + 2 * index), end;
	const unsigned char *bytes = page + place;
	uint64_t size;

	if (place < get16(page + PAGE_UPPER) || place % 2 != 0 || place + NODE_HEADER > file->page_bytes)
		return false;
	size = get32(bytes);
	node->flags = get16(bytes + 4);
	node->key = (struct slice){ (const char *)bytes + NODE_HEADER, get16(bytes + 6) };
	node->child = size | (uint64_t)node->flags << 32;
	end = place + NODE_HEADER + (unsigned)node->key.length;
	node->data = (struct slice){ (const char *)page + end, 0 };
	if (node->key.length > NODE_KEY_MAX || end > file->page_bytes)
		return false;
	if (get16(page + PAGE_FLAGS) == PAGE_BRANCH)
		return true;
	if ((node->flags & ~(NODE_OVERFLOW | NODE_TABLE)) != 0)
		return false;
	if ((node->flags & NODE_OVERFLOW) != 0)
		return end + 8 <= file->page_bytes && overflow_good(file, get64(page + end), size);
	node->data.length = size;
	return size <= file->page_bytes - end;
}

/* The page of a tree at that depth, the root's being 1. NULL: it cannot be read. */
static const unsigned char *
page_good(const struct tree_file *file, const struct tree *tree, uint64_t number, unsigned depth)
{
	const unsigned char *page = page_at(file, number, depth == tree->depth ? PAGE_LEAF : PAGE_BRANCH);
	unsigned lower, upper;
	struct node node;

	if (page == NULL || atomic_load_explicit(&file->seen[number], memory_order_relaxed) == depth)
		return page;
	lower = get16(page + PAGE_LOWER);
	upper = get16(page + PAGE_UPPER);
	if (lower < PAGE_HEADER || lower % 2 != 0 || lower > upper || upper > file->page_bytes ||
	    node_count(page) < (depth == tree->depth ? 1 : 2))
		return NULL;
	for (unsigned i = 0; i < node_count(page); i++)
		if (!node_get(file, page, i, &node))
			return NULL;
	atomic_store_explicit(&file->seen[number], (unsigned char)depth, memory_order_relaxed);
	return page;
}

static bool
tree_get(const struct tree_file *file, const unsigned char *table, struct tree *tree)
{
	tree->root = get64(table + TABLE_ROOT);
	tree->depth = get16(table + TABLE_DEPTH);
	/* No table of ours has any: others would have keys compared otherwise. */
	return get16(table + TABLE_FLAGS) == 0 && tree->depth <= DEPTH_MAX &&
	       (tree->depth == 0 ? tree->root == NO_PAGE : tree->root >= META_PAGES && tree->root < file->pages);
}

/* The one that the last transaction wrote. */
static const unsigned char *
meta_of(const struct tree_file *file)
{
	const unsigned char *other = file->bytes + file->page_bytes;

	return get64(file->bytes + META_TRANSACTION) < get64(other + META_TRANSACTION) ? other : file->bytes;
}

enum tree_status
tree_begin(struct tree_file *file, const void *bytes, uint64_t size)
{
	const unsigned char *meta;
	uint64_t needed;

	*file = (struct tree_file){ .bytes = bytes };
	if (size < PAGE_BYTES_MIN || get32(file->bytes + META_MAGIC) != MAGIC)
		return TREE_DAMAGED;
	if (get32(file->bytes + META_VERSION) != VERSION)
		return TREE_TOO_NEW;
	file->page_bytes = get32(file->bytes + META_PAGE_BYTES);
	if (file->page_bytes < PAGE_BYTES_MIN || file->page_bytes > PAGE_BYTES_MAX ||
	    (file->page_bytes & (file->page_bytes - 1)) != 0)
		return TREE_DAMAGED;
	file->pages = size / file->page_bytes;
	if (file->pages < META_PAGES || get32(file->bytes + file->page_bytes + META_PAGE_BYTES) != file->page_bytes)
		return TREE_DAMAGED;
	/* A read beyond the end of the file kills the process, so it must reach to its last page. */
	meta = meta_of(file);
	if (get64(meta + META_LAST_PAGE) >= file->pages)
		return TREE_DAMAGED;
	needed = (get64(meta + META_LAST_PAGE) + 1) * file->page_bytes;
	return get64(meta + META_MAP_BYTES) >= needed ? TREE_GOOD : TREE_DAMAGED;
}

bool
tree_main(const struct tree_file *file, struct tree *tree)
{
	return tree_get(file, meta_of(file) + META_MAIN, tree);
}

/* Which node of a page leads to a key: the last that does not lie behind it, and the first node before all. */
static unsigned
node_find(const struct tree_file *file, const unsigned char *page, struct slice key, struct node *found)
{
	unsigned low = 0, high = node_count(page);
	struct node node;

	while (high - low > 1) {
		unsigned middle = low + (high - low) / 2;
		size_t shorter;
		int order;

		node_get(file, page, middle, &node);
		shorter = node.key.length < key.length ? node.key.length : key.length;
		order = shorter > 0 ? memcmp(node.key.data, key.data, shorter) : 0;
		if (order < 0 || (order == 0 && node.key.length <= key.length))
			low = middle;
		else
			high = middle;
	}
	node_get(file, page, low, found);
	return low;
}

/* The leaf that would hold the key; NULL: the way there cannot be read. */
static const unsigned char *
leaf_find(const struct tree_file *file, const struct tree *tree, struct slice key)
{
	const unsigned char *page = page_good(file, tree, tree->root, 1);
	struct node node;

	for (unsigned depth = 2; page != NULL && depth <= tree->depth; depth++) {
		node_find(file, page, key, &node);
		page = page_good(file, tree, node.child, depth);
	}
	return page;
}

bool
tree_of(const struct tree_file *file, const struct tree *main, struct slice name, struct tree *tree)
{
	const unsigned char *leaf = main->depth > 0 ? leaf_find(file, main, name) : NULL;
	struct node node;

	if (leaf == NULL)
		return false;
	node_find(file, leaf, name, &node);
	return slice_equal(node.key, name) && node.flags == NODE_TABLE && node.data.length == TABLE_BYTES &&
	       tree_get(file, (const unsigned char *)node.data.data, tree);
}

bool
tree_way_good(const struct tree_file *file, const struct tree *tree, struct slice key)
{
	return tree->depth == 0 || leaf_find(file, tree, key) != NULL;
}

bool
tree_good(const struct tree_file *file, const struct tree *tree)
{
	struct {
		const unsigned char *page;
		unsigned next;
	} way[DEPTH_MAX + 1];
	const uint64_t bytes = file->pages * file->page_bytes;
	const uint64_t pace = LIMIT_BUILD_SLICE / LIMIT_PAGES_AROUND / file->page_bytes;
	unsigned depth = 1;
	uint64_t seen = 1;
	struct node node;

	if (tree->depth == 0)
		return true;
	way[1].page = page_good(file, tree, tree->root, 1);
	way[1].next = 0;
	while (depth > 0) {
		if (way[depth].page == NULL)
			return false;
		if (depth == tree->depth || way[depth].next == node_count(way[depth].page)) {
			depth--;
			continue;
		}
		/* No page stands in a tree twice, so that a loop ends. */
		if (seen++ == file->pages || !node_get(file, way[depth].page, way[depth].next++, &node))
			return false;
		/* The pages stay in the page cache; a failure costs memory only. A small file is kept: it is asked
		 * again. */
		if (bytes > LIMIT_BUILD_SLICE && seen % pace == 0)
			(void)madvise((void *)(uintptr_t)file->bytes, bytes, MADV_DONTNEED);
		depth++;
		way[depth].page = page_good(file, tree, node.child, depth);
		way[depth].next = 0;
	}
	return true;
}
