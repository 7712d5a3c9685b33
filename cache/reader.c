/* SPDX-License-Identifier: ISC
 *
 * A published snapshot through LMDB, read-only and without its locks. LMDB's own codes and types end here.
 */
#include "cache/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/tree.h"

const char *const snapshot_table_names[TABLE_COUNT] = { "filing", "by_frn", "by_name", "name", "history",
							"run",    "reject", "notice",  "peer", "meta" };

struct snapshot {
	MDB_env *environment;
	MDB_dbi table[TABLE_COUNT];
	struct tree_file file;
	struct tree tree[TABLE_COUNT];
	atomic_bool tree_good[TABLE_COUNT]; /* all of it was looked at */
	struct snapshot_identity identity;
	bool has_names;
	struct packed packed;
	struct state state;
};

struct walk {
	MDB_txn *transaction;
	MDB_cursor *cursor;
	bool begun;
	uintptr_t page; /* the machine's page size */
	char *slice;    /* where resident pages begin that were not given back yet */
};

static struct snapshot_identity
identity_of(const struct stat *file)
{
	return (struct snapshot_identity){
		.device = file->st_dev,
		.inode = file->st_ino,
		.modified = (int64_t)file->st_mtim.tv_sec * 1000000000 + file->st_mtim.tv_nsec,
		.size = file->st_size,
	};
}

bool
snapshot_identity_at(const char *path, struct snapshot_identity *identity)
{
	struct stat file;

	if (stat(path, &file) != 0)
		return false;
	*identity = identity_of(&file);
	return true;
}

bool
snapshot_identity_equal(const struct snapshot_identity *a, const struct snapshot_identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->modified == b->modified && a->size == b->size;
}

struct snapshot_identity
snapshot_identity(const struct snapshot *snapshot)
{
	return snapshot->identity;
}

static enum snapshot_status
status_of(int code)
{
	switch (code) {
	case 0:
		return SNAPSHOT_GOOD;
	case ENOENT:
		/* LMDB says so too for a file that is too short to hold its first page. */
		return SNAPSHOT_MISSING;
	case EBADF:
		/* LMDB takes an empty file for a new one, and fails to begin it. */
		return SNAPSHOT_DAMAGED;
	case ENOMEM:
		return SNAPSHOT_NO_MEMORY;
	case MDB_VERSION_MISMATCH:
		return SNAPSHOT_TOO_NEW;
	case MDB_INVALID:
	case MDB_CORRUPTED:
	case MDB_NOTFOUND:
	case MDB_PAGE_NOTFOUND:
	case MDB_INCOMPATIBLE:
	case MDB_PANIC:
		return SNAPSHOT_DAMAGED;
	default:
		if (code > 0)
			errno = code;
		return code > 0 ? SNAPSHOT_SYSTEM : SNAPSHOT_DAMAGED;
	}
}

/* What the file is, seen before LMDB is let near it, in a map of our own: LMDB does not tell where its is. */
static enum snapshot_status
file_map(struct snapshot *snapshot, int descriptor)
{
	static const enum snapshot_status statuses[] = {
		[TREE_GOOD] = SNAPSHOT_GOOD,
		[TREE_DAMAGED] = SNAPSHOT_DAMAGED,
		[TREE_TOO_NEW] = SNAPSHOT_TOO_NEW,
	};
	enum snapshot_status status;
	struct tree main;
	struct stat file;
	void *bytes;

	if (fstat(descriptor, &file) != 0)
		return SNAPSHOT_SYSTEM;
	if (S_ISDIR(file.st_mode)) {
		errno = EISDIR;
		return SNAPSHOT_SYSTEM;
	}
	if (!S_ISREG(file.st_mode) || file.st_size == 0)
		return SNAPSHOT_DAMAGED;
	snapshot->identity = identity_of(&file);
	bytes = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_SHARED, descriptor, 0);
	if (bytes == MAP_FAILED)
		return errno == ENOMEM ? SNAPSHOT_NO_MEMORY : SNAPSHOT_SYSTEM;
	status = statuses[tree_begin(&snapshot->file, bytes, (uint64_t)file.st_size)];
	if (status != SNAPSHOT_GOOD)
		return status;
	snapshot->file.seen = calloc(snapshot->file.pages, sizeof *snapshot->file.seen);
	if (snapshot->file.seen == NULL)
		return SNAPSHOT_NO_MEMORY;
	return tree_main(&snapshot->file, &main) && tree_good(&snapshot->file, &main) ? SNAPSHOT_GOOD
										      : SNAPSHOT_DAMAGED;
}

static enum snapshot_status
file_open(struct snapshot *snapshot, const char *path)
{
	/* A pipe would wait for its other end, for ever. */
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), code;
	enum snapshot_status status;

	if (descriptor < 0)
		return errno == ENOENT ? SNAPSHOT_MISSING : SNAPSHOT_SYSTEM;
	status = file_map(snapshot, descriptor);
	code = errno;
	(void)close(descriptor);
	errno = code;
	return status;
}

/* The same file once more, by LMDB. *replaced: it is another one that has come in between. */
static enum snapshot_status
environment_open(struct snapshot *snapshot, const char *path, bool *replaced)
{
	struct snapshot_identity identity;
	mdb_filehandle_t descriptor;
	struct stat file;
	int code = mdb_env_create(&snapshot->environment);

	if (code == 0)
		code = mdb_env_set_maxdbs(snapshot->environment, TABLE_COUNT);
	if (code == 0)
		code = mdb_env_open(snapshot->environment, path, MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR | MDB_NOTLS,
				    0);
	if (code == 0)
		code = mdb_env_get_fd(snapshot->environment, &descriptor);
	if (code != 0)
		return status_of(code);
	if (fstat(descriptor, &file) != 0)
		return SNAPSHOT_SYSTEM;
	identity = identity_of(&file);
	*replaced = !snapshot_identity_equal(&identity, &snapshot->identity);
	return *replaced ? SNAPSHOT_DAMAGED : SNAPSHOT_GOOD;
}

/* A newer format need not have our tables, so that it is newer must be seen before they are looked for. */
static bool
is_newer(const struct snapshot *snapshot, MDB_txn *transaction, MDB_dbi meta, const struct tree *main)
{
	MDB_val name = { strlen("state"), "state" }, found;
	struct tree tree;

	return tree_of(&snapshot->file, main, slice_of(snapshot_table_names[TABLE_META]), &tree) &&
	       tree_way_good(&snapshot->file, &tree, slice_of("state")) &&
	       mdb_get(transaction, meta, &name, &found) == 0 && found.mv_size >= sizeof(uint32_t) &&
	       state_format((struct slice){ found.mv_data, found.mv_size }) > FORMAT_VERSION;
}

/* The tables' handles outlive this transaction; every read begins one of its own, without locks: the file never
 * changes, so they all see the same. */
static enum snapshot_status
tables_open(struct snapshot *snapshot)
{
	MDB_txn *transaction;
	struct tree main;
	int code = mdb_txn_begin(snapshot->environment, NULL, MDB_RDONLY, &transaction);

	if (code != 0)
		return status_of(code);
	if (!tree_main(&snapshot->file, &main))
		code = MDB_CORRUPTED;
	if (code == 0)
		code = mdb_dbi_open(transaction, snapshot_table_names[TABLE_META], 0, &snapshot->table[TABLE_META]);
	if (code == 0 && is_newer(snapshot, transaction, snapshot->table[TABLE_META], &main))
		code = MDB_VERSION_MISMATCH;
	for (int table = 0; code == 0 && table < TABLE_META; table++) {
		code = mdb_dbi_open(transaction, snapshot_table_names[table], 0, &snapshot->table[table]);
		if (table == TABLE_NAME) {
			snapshot->has_names = code == 0;
			code = code == MDB_NOTFOUND ? 0 : code;
		}
	}
	for (int table = 0; code == 0 && table < TABLE_COUNT; table++)
		if ((table != TABLE_NAME || snapshot->has_names) &&
		    !tree_of(&snapshot->file, &main, slice_of(snapshot_table_names[table]), &snapshot->tree[table]))
			code = MDB_CORRUPTED;
	if (code != 0) {
		mdb_txn_abort(transaction);
		return status_of(code);
	}
	return status_of(mdb_txn_commit(transaction));
}

static enum snapshot_status
contents_check(struct snapshot *snapshot)
{
	struct slice value;
	uint32_t format;

	if (!snapshot_get(snapshot, TABLE_META, slice_of("state"), &value) || value.length < sizeof format)
		return SNAPSHOT_DAMAGED;
	if (state_format(value) < FORMAT_VERSION || !state_decode(value, &snapshot->state))
		return SNAPSHOT_DAMAGED;
	if (!snapshot_get(snapshot, TABLE_META, slice_of("packed"), &value) ||
	    !packed_open(value, &snapshot->packed) ||
	    snapshot->packed.header->generation != snapshot->state.generation ||
	    snapshot->packed.header->checked_at != snapshot->state.checked_at ||
	    snapshot->packed.header->data_at != snapshot->state.data_at)
		return SNAPSHOT_DAMAGED;
	if (snapshot_count(snapshot, TABLE_FILING) != (size_t)snapshot->state.filings + snapshot->state.vanished ||
	    snapshot_count(snapshot, TABLE_HISTORY) != snapshot->state.events ||
	    snapshot_count(snapshot, TABLE_RUN) != snapshot->state.runs ||
	    snapshot_count(snapshot, TABLE_NOTICE) != snapshot->state.notices ||
	    snapshot_count(snapshot, TABLE_PEER) != snapshot->state.peers)
		return SNAPSHOT_DAMAGED;
	return SNAPSHOT_GOOD;
}

static enum snapshot_status
snapshot_try(const char *path, struct snapshot **result, bool *replaced)
{
	struct snapshot *snapshot = calloc(1, sizeof *snapshot);
	enum snapshot_status status;

	*replaced = false;
	if (snapshot == NULL)
		return SNAPSHOT_NO_MEMORY;
	status = file_open(snapshot, path);
	if (status == SNAPSHOT_GOOD)
		status = environment_open(snapshot, path, replaced);
	if (status == SNAPSHOT_GOOD)
		status = tables_open(snapshot);
	if (status == SNAPSHOT_GOOD)
		status = contents_check(snapshot);
	if (status != SNAPSHOT_GOOD) {
		int saved = errno;

		snapshot_close(snapshot);
		errno = saved;
		return status;
	}
	*result = snapshot;
	return SNAPSHOT_GOOD;
}

enum snapshot_status
snapshot_open(const char *path, struct snapshot **result)
{
	enum snapshot_status status;
	bool replaced;

	*result = NULL;
	for (int attempt = 0; attempt < LIMIT_VERIFY_ATTEMPTS; attempt++) {
		status = snapshot_try(path, result, &replaced);
		if (!replaced)
			return status;
	}
	errno = EAGAIN;
	return SNAPSHOT_SYSTEM;
}

void
snapshot_close(struct snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	if (snapshot->environment != NULL)
		mdb_env_close(snapshot->environment);
	free(snapshot->file.seen);
	if (snapshot->file.bytes != NULL)
		(void)munmap((void *)(uintptr_t)snapshot->file.bytes, (size_t)snapshot->identity.size);
	free(snapshot);
}

const struct packed *
snapshot_packed(const struct snapshot *snapshot)
{
	return &snapshot->packed;
}

void
snapshot_packed_forget(const struct snapshot *snapshot)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	char *begin = (char *)((uintptr_t)snapshot->packed.header & ~(page - 1));

	/* The pages stay in the page cache; a failure costs memory only. */
	(void)madvise(begin, snapshot->packed.header->bytes, MADV_DONTNEED);
}

const struct state *
snapshot_state(const struct snapshot *snapshot)
{
	return &snapshot->state;
}

static MDB_val
val_of(struct slice slice)
{
	return (MDB_val){ slice.length, (void *)(uintptr_t)slice.data };
}

static struct slice
slice_of_val(MDB_val value)
{
	return (struct slice){ value.mv_data, value.mv_size };
}

bool
snapshot_get(const struct snapshot *snapshot, enum snapshot_table table, struct slice key, struct slice *value)
{
	MDB_val name = val_of(key), found;
	MDB_txn *transaction;
	int code;

	if (!tree_way_good(&snapshot->file, &snapshot->tree[table], key) ||
	    mdb_txn_begin(snapshot->environment, NULL, MDB_RDONLY, &transaction) != 0)
		return false;
	code = mdb_get(transaction, snapshot->table[table], &name, &found);
	/* The value is in the map, which outlives the transaction. */
	mdb_txn_abort(transaction);
	if (code != 0)
		return false;
	*value = slice_of_val(found);
	return true;
}

bool
snapshot_has_names(const struct snapshot *snapshot)
{
	return snapshot->has_names;
}

size_t
snapshot_count(const struct snapshot *snapshot, enum snapshot_table table)
{
	MDB_txn *transaction;
	MDB_stat stats;
	size_t count = 0;

	if (mdb_txn_begin(snapshot->environment, NULL, MDB_RDONLY, &transaction) != 0)
		return 0;
	if (mdb_stat(transaction, snapshot->table[table], &stats) == 0)
		count = stats.ms_entries;
	mdb_txn_abort(transaction);
	return count;
}

bool
snapshot_table_good(const struct snapshot *snapshot, enum snapshot_table table)
{
	/* Looked at once: the file never changes. */
	atomic_bool *good = (atomic_bool *)(uintptr_t)&snapshot->tree_good[table];

	if (!atomic_load(good) && tree_good(&snapshot->file, &snapshot->tree[table]))
		atomic_store(good, true);
	return atomic_load(good);
}

struct walk *
walk_begin(const struct snapshot *snapshot, enum snapshot_table table)
{
	struct walk *walk = (table != TABLE_NAME || snapshot->has_names) && snapshot_table_good(snapshot, table)
				    ? calloc(1, sizeof *walk)
				    : NULL;

	if (walk == NULL)
		return NULL;
	walk->page = (uintptr_t)sysconf(_SC_PAGESIZE);
	if (mdb_txn_begin(snapshot->environment, NULL, MDB_RDONLY, &walk->transaction) != 0 ||
	    mdb_cursor_open(walk->transaction, snapshot->table[table], &walk->cursor) != 0) {
		walk_end(walk);
		return NULL;
	}
	return walk;
}

void
walk_end(struct walk *walk)
{
	if (walk == NULL)
		return;
	if (walk->cursor != NULL)
		mdb_cursor_close(walk->cursor);
	if (walk->transaction != NULL)
		mdb_txn_abort(walk->transaction);
	free(walk);
}

static bool
walk_move(struct walk *walk, MDB_cursor_op operation, struct slice *key, struct slice *value)
{
	MDB_val name = val_of(*key), found;

	if (mdb_cursor_get(walk->cursor, &name, &found, operation) != 0)
		return false;
	walk->begun = true;
	*key = slice_of_val(name);
	*value = slice_of_val(found);
	return true;
}

bool
walk_seek(struct walk *walk, struct slice key, struct slice *found, struct slice *value)
{
	*found = key;
	return walk_move(walk, MDB_SET_RANGE, found, value);
}

bool
walk_next(struct walk *walk, struct slice *key, struct slice *value)
{
	char *here;

	*key = (struct slice){ NULL, 0 };
	if (!walk_move(walk, walk->begun ? MDB_NEXT : MDB_FIRST, key, value))
		return false;
	here = (char *)((uintptr_t)value->data & ~(walk->page - 1));
	if (walk->slice == NULL || here < walk->slice) {
		walk->slice = here;
	} else if (here - walk->slice > LIMIT_BUILD_SLICE) {
		/* The pages stay in the page cache; only our own share of memory shrinks. */
		if (madvise(walk->slice, (size_t)(here - walk->slice), MADV_DONTNEED) != 0)
			return true;
		walk->slice = here;
	}
	return true;
}

bool
walk_previous(struct walk *walk, struct slice *key, struct slice *value)
{
	*key = (struct slice){ NULL, 0 };
	return walk_move(walk, walk->begun ? MDB_PREV : MDB_LAST, key, value);
}

bool
snapshot_run_at(const struct snapshot *snapshot, int64_t at, int64_t *checked_at, struct run *run)
{
	unsigned char wanted[KEY_MAX];
	struct slice key, value;
	struct walk *walk = walk_begin(snapshot, TABLE_RUN);
	bool found = false;

	if (walk == NULL)
		return false;
	/* The check sought is the one before the first that lies after `at`. */
	if (at < INT64_MAX && walk_seek(walk, key_run(wanted, at + 1, 0), &key, &value))
		found = walk_previous(walk, &key, &value);
	else {
		walk->begun = false;
		found = walk_previous(walk, &key, &value);
	}
	if (found && key.length == 12)
		*checked_at = key_run_instant(key.data);
	else
		found = false;
	if (found && !run_decode(value, run))
		found = false;
	walk_end(walk);
	return found;
}
