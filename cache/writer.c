/* SPDX-License-Identifier: ISC
 *
 * Building a snapshot with LMDB. The file is private until it is renamed, so no lock and no sync is needed on the
 * way.
 */
#include "cache/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache/filing.h"

struct builder {
	char *path;
	MDB_env *environment;
	MDB_txn *transaction;
	MDB_dbi table[TABLE_COUNT];
	MDB_cursor *cursor[TABLE_COUNT];
	size_t dirty; /* bytes since the last commit */
	bool finished;
};

static int
builder_fail(struct builder *builder, int code, const char *what, struct error *error)
{
	/* LMDB gives EIO for a write that was cut short, as the last one before the disk is full is. */
	return error_set(error, EX_CANTCREAT, "%s: cannot %s: %s%s; the old snapshot keeps serving", builder->path,
			 what, code > 0 ? strerror(code) : mdb_strerror(code),
			 code == EIO ? ", or no space left on device" : "");
}

static int
transaction_begin(struct builder *builder, struct error *error)
{
	int code = mdb_txn_begin(builder->environment, NULL, 0, &builder->transaction);

	for (int table = 0; code == 0 && table < TABLE_COUNT; table++) {
		code = mdb_dbi_open(builder->transaction, snapshot_table_names[table], MDB_CREATE,
				    &builder->table[table]);
		if (code == 0)
			code = mdb_cursor_open(builder->transaction, builder->table[table], &builder->cursor[table]);
	}
	builder->dirty = 0;
	return code == 0 ? 0 : builder_fail(builder, code, "begin a snapshot", error);
}

static int
transaction_commit(struct builder *builder, struct error *error)
{
	int code = mdb_txn_commit(builder->transaction);

	/* A commit closes the cursors of a writing transaction, and frees the transaction even when it fails. */
	builder->transaction = NULL;
	return code == 0 ? 0 : builder_fail(builder, code, "write a snapshot", error);
}

int
builder_begin(const char *path, struct builder **result, struct error *error)
{
	struct builder *builder = calloc(1, sizeof *builder);
	int code;

	*result = NULL;
	if (builder == NULL || (builder->path = strdup(path)) == NULL) {
		free(builder);
		return error_set(error, EX_CANTCREAT, "%s: not enough memory for a snapshot", path);
	}
	*result = builder;
	if (unlink(path) != 0 && errno != ENOENT)
		return builder_fail(builder, errno, "replace an old build", error);
	code = mdb_env_create(&builder->environment);
	if (code == 0)
		code = mdb_env_set_maxdbs(builder->environment, TABLE_COUNT);
	if (code == 0)
		code = mdb_env_set_mapsize(builder->environment, LIMIT_BUILD_MAP);
	if (code == 0)
		code = mdb_env_open(builder->environment, path,
				    MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_NORDAHEAD, 0600);
	if (code != 0)
		return builder_fail(builder, code, "begin a snapshot", error);
	return transaction_begin(builder, error);
}

static MDB_val
val_of(struct slice slice)
{
	return (MDB_val){ slice.length, (void *)(uintptr_t)slice.data };
}

int
builder_append(struct builder *builder, enum snapshot_table table, struct slice key, struct slice value,
	       struct slice tail, struct error *error)
{
	MDB_val name = val_of(key), room = { value.length + tail.length, NULL };
	int code;

	/* Memory holds what was not committed; the file is private, so a commit in between shows to nobody. */
	if (builder->dirty > LIMIT_BUILD_SLICE) {
		if (transaction_commit(builder, error) != 0 || transaction_begin(builder, error) != 0)
			return error->code;
	}
	code = mdb_cursor_put(builder->cursor[table], &name, &room, MDB_APPEND | MDB_RESERVE);
	if (code != 0)
		return builder_fail(builder, code, "write a snapshot", error);
	if (value.length > 0)
		memcpy(room.mv_data, value.data, value.length);
	if (tail.length > 0)
		memcpy((char *)room.mv_data + value.length, tail.data, tail.length);
	builder->dirty += key.length + room.mv_size + 16;
	return 0;
}

int
builder_reserve(struct builder *builder, struct slice key, size_t bytes, void **target, struct error *error)
{
	MDB_val name = val_of(key), room = { bytes, NULL };
	int code = mdb_put(builder->transaction, builder->table[TABLE_META], &name, &room, MDB_RESERVE);

	if (code != 0)
		return builder_fail(builder, code, "write a snapshot", error);
	*target = room.mv_data;
	return 0;
}

/* LMDB keeps the size of the map in both meta pages and never lowers it, so a reader would reserve as much address
 * space as the build did. It stands behind the page header (16 bytes), the magic number, the version (4 each) and an
 * address (8) in data format 1. Whether that was right is seen when the file is opened again, before it is published.
 */
#define META_MAPSIZE_OFFSET 32

static int
map_trim(struct builder *builder, size_t page_bytes, uint64_t bytes, struct error *error)
{
	int file = open(builder->path, O_WRONLY | O_CLOEXEC);
	size_t size = (size_t)bytes;
	int status = 0;

	if (file < 0)
		return builder_fail(builder, errno, "trim a snapshot", error);
	for (int page = 0; page < 2 && status == 0; page++)
		if (pwrite(file, &size, sizeof size, (off_t)page_bytes * page + META_MAPSIZE_OFFSET) !=
		    (ssize_t)sizeof size)
			status = builder_fail(builder, errno, "trim a snapshot", error);
	/* A file may end in pages that were given back; readers need none of them. */
	if (status == 0 && ftruncate(file, (off_t)bytes) != 0)
		status = builder_fail(builder, errno, "trim a snapshot", error);
	if (close(file) != 0 && status == 0)
		status = builder_fail(builder, errno, "trim a snapshot", error);
	return status;
}

int
builder_finish(struct builder *builder, struct error *error)
{
	MDB_envinfo info;
	MDB_stat stats;
	uint64_t bytes;
	int code;

	if (transaction_commit(builder, error) != 0)
		return error->code;
	code = mdb_env_info(builder->environment, &info);
	if (code == 0)
		code = mdb_env_stat(builder->environment, &stats);
	if (code != 0)
		return builder_fail(builder, code, "write a snapshot", error);
	mdb_env_close(builder->environment);
	builder->environment = NULL;
	bytes = ((uint64_t)info.me_last_pgno + 1) * stats.ms_psize;
	if (map_trim(builder, stats.ms_psize, bytes, error) != 0)
		return error->code;
	builder->finished = true;
	return 0;
}

void
builder_end(struct builder *builder)
{
	if (builder == NULL)
		return;
	if (builder->transaction != NULL)
		mdb_txn_abort(builder->transaction);
	if (builder->environment != NULL)
		mdb_env_close(builder->environment);
	/* What cannot be removed is removed by the next run, before it builds. */
	if (!builder->finished && unlink(builder->path) != 0)
		errno = 0;
	free(builder->path);
	free(builder);
}

/* Whether one record of a table can be read. */
static bool
record_good(enum snapshot_table table, struct slice key, struct slice value)
{
	struct lifecycle lifecycle;
	struct slice form;
	struct filing filing;
	struct event event;
	struct name_record name;
	struct run run;
	struct reject_record reject;
	struct notice_record notice;
	struct peer_record peer;
	int64_t until;

	switch (table) {
	case TABLE_FILING:
		return key.length == 4 && lifecycle_decode(value, &lifecycle, &form) &&
		       filing_decode(form, &filing) && filing.number == key_u32(key.data);
	case TABLE_BY_FRN:
		return key.length == 12 && link_decode(value, &until);
	case TABLE_BY_NAME:
		return key.length >= 5 && value.length == 0;
	case TABLE_NAME:
		while (name_next(&value, &name))
			continue;
		return key.length == 4 && value.length == 0;
	case TABLE_HISTORY:
		return key.length == 8 && event_decode(value, &event);
	case TABLE_RUN:
		return key.length == 12 && run_decode(value, &run);
	case TABLE_REJECT:
		return key.length == 4 && reject_decode(value, &reject);
	case TABLE_NOTICE:
		return key.length == 4 && notice_decode(value, &notice);
	case TABLE_PEER:
		return key.length == 4 && peer_decode(value, &peer);
	case TABLE_META:
	case TABLE_COUNT:
		break;
	}
	return true;
}

static int
table_verify(const struct snapshot *snapshot, const char *path, enum snapshot_table table, struct error *error)
{
	struct walk *walk = walk_begin(snapshot, table);
	unsigned char before[KEY_MAX];
	struct slice key, value;
	size_t length = 0, count = 0;
	int status = 0;

	if (walk == NULL)
		return error_set(error, EX_CANTCREAT, "%s: not enough memory to verify a snapshot", path);
	while (status == 0 && walk_next(walk, &key, &value)) {
		size_t shorter = key.length < length ? key.length : length;
		int order = memcmp(before, key.data, shorter);

		if (key.length > sizeof before ||
		    (count > 0 && (order > 0 || (order == 0 && key.length <= length))) ||
		    !record_good(table, key, value)) {
			status = error_set(error, EX_SOFTWARE,
					   "%s: record %zu of the table %s cannot be read back; not published", path,
					   count, snapshot_table_names[table]);
			break;
		}
		memcpy(before, key.data, key.length);
		length = key.length;
		count++;
	}
	walk_end(walk);
	if (status == 0 && count != snapshot_count(snapshot, table))
		status = error_set(error, EX_SOFTWARE, "%s: the table %s has %zu records and says %zu; not published",
				   path, snapshot_table_names[table], count, snapshot_count(snapshot, table));
	return status;
}

/* Whether the map was trimmed to the file: what map_trim assumed of LMDB's format is proven here. */
static int
trim_verify(const char *path, struct error *error)
{
	MDB_env *environment = NULL;
	MDB_envinfo info = { 0 };
	struct snapshot_identity identity;
	int code = mdb_env_create(&environment);

	if (code == 0)
		code = mdb_env_open(environment, path, MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR, 0);
	if (code == 0)
		code = mdb_env_info(environment, &info);
	if (environment != NULL)
		mdb_env_close(environment);
	if (code != 0 || !snapshot_identity_at(path, &identity) || info.me_mapsize != (size_t)identity.size)
		return error_set(error, EX_SOFTWARE, "%s: this LMDB keeps the map size elsewhere; not published",
				 path);
	return 0;
}

int
snapshot_verify(const char *path, struct error *error)
{
	struct snapshot *snapshot;
	enum snapshot_status opened = snapshot_open(path, &snapshot);
	int status = 0;

	if (opened != SNAPSHOT_GOOD || !snapshot_has_names(snapshot)) {
		snapshot_close(snapshot);
		return error_set(error, EX_SOFTWARE, "%s: the new snapshot cannot be opened again; not published",
				 path);
	}
	for (int table = 0; table < TABLE_COUNT && status == 0; table++)
		status = table_verify(snapshot, path, (enum snapshot_table)table, error);
	snapshot_close(snapshot);
	return status == 0 ? trim_verify(path, error) : status;
}
