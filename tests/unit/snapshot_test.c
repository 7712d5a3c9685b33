/* SPDX-License-Identifier: ISC
 *
 * A snapshot file on its worst day: shortened, damaged, of another format, not readable; and what a builder refuses.
 * A reader must say so and must never die.
 */
#include "world.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "cache/writer.h"

static char path[160];

static int
snapshot_begin(void **state)
{
	if (world_begin(state) != 0)
		return -1;
	NIGHT("2026-03-10T09:00:00Z", { "RMD0000001", "0099000001", "One" }, { "RMD0000002", "0099000002", "Two" });
	snprintf(path, sizeof path, "%s/%s", world_state, SNAPSHOT_NAME);
	return 0;
}

static enum snapshot_status
status_of(const char *file)
{
	struct snapshot *snapshot;
	enum snapshot_status status = snapshot_open(file, &snapshot);

	snapshot_close(snapshot);
	return status;
}

/* The snapshot's bytes; the caller frees them. */
static unsigned char *
contents(size_t *size)
{
	int file = open(path, O_RDONLY);
	struct stat status;
	unsigned char *bytes;

	assert_true(file >= 0);
	assert_int_equal(fstat(file, &status), 0);
	*size = (size_t)status.st_size;
	bytes = malloc(*size);
	assert_non_null(bytes);
	assert_int_equal(read(file, bytes, *size), *size);
	assert_int_equal(close(file), 0);
	return bytes;
}

static const char *
copy_of(const void *bytes, size_t size)
{
	static char copy[160];
	int file;

	snprintf(copy, sizeof copy, "%s/copy", world);
	file = open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(file >= 0);
	assert_int_equal(write_all(file, bytes, size), 0);
	assert_int_equal(close(file), 0);
	return copy;
}

static void
good_one(void **state)
{
	struct snapshot *snapshot;
	struct stat status;

	(void)state;
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	assert_int_equal(snapshot_state(snapshot)->filings, 2);
	assert_int_equal(snapshot_count(snapshot, TABLE_HISTORY), 2);
	snapshot_close(snapshot);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0444);
}

static void
shortened_anywhere(void **state)
{
	size_t size;
	unsigned char *bytes = contents(&size);

	(void)state;
	assert_int_equal(status_of(copy_of(bytes, size)), SNAPSHOT_GOOD);
	for (size_t length = 0; length < size; length += 1111)
		assert_int_equal(status_of(copy_of(bytes, length)), SNAPSHOT_DAMAGED);
	for (size_t length = 4096; length < size; length += 4096)
		assert_int_equal(status_of(copy_of(bytes, length)), SNAPSHOT_DAMAGED);
	assert_int_equal(status_of(copy_of(bytes, size - 1)), SNAPSHOT_DAMAGED);
	free(bytes);
}

/* A child opens it, so that even a death by a signal is seen as one. */
static void
damaged_packed_table(void **state)
{
	size_t size, place;
	unsigned char *bytes = contents(&size);
	const uint64_t magic = PACKED_MAGIC;
	unsigned char *packed = memmem(bytes, size, &magic, sizeof magic);

	(void)state;
	assert_non_null(packed);
	place = (size_t)(packed - bytes);
	for (size_t i = 0; i < 2048; i += 37) {
		const char *copy;
		int status;
		pid_t child;

		bytes[place + i] ^= 0x10;
		copy = copy_of(bytes, size);
		bytes[place + i] ^= 0x10;
		child = fork();
		if (child == 0)
			_exit(status_of(copy) == SNAPSHOT_DAMAGED ? 0 : 1);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	free(bytes);
}

static void
other_things(void **state)
{
	char name[160];

	(void)state;
	snprintf(name, sizeof name, "%s/nothing", world);
	assert_int_equal(status_of(name), SNAPSHOT_MISSING);
	assert_int_equal(status_of(copy_of("", 0)), SNAPSHOT_DAMAGED);
	assert_int_equal(status_of(world), SNAPSHOT_SYSTEM);
	if (geteuid() == 0) {
		int status;
		pid_t child;

		assert_int_equal(chmod(copy_of("x", 1), 0), 0);
		snprintf(name, sizeof name, "%s/copy", world);
		assert_int_equal(chmod(world, 0755), 0);
		child = fork();
		if (child == 0)
			_exit(setuid(65534) == 0 && status_of(name) == SNAPSHOT_SYSTEM && errno == EACCES ? 0 : 1);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

static void
newer_format(void **state)
{
	size_t size;
	unsigned char *bytes = contents(&size);
	struct snapshot *snapshot;
	struct slice value;
	unsigned char *found;
	unsigned char record[64];

	(void)state;
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	assert_true(snapshot_get(snapshot, TABLE_META, slice_of("state"), &value));
	assert_true(value.length >= sizeof record);
	memcpy(record, value.data, sizeof record);
	snapshot_close(snapshot);
	found = memmem(bytes, size, record, sizeof record);
	assert_non_null(found);
	found[0] = FORMAT_VERSION + 1;
	assert_int_equal(status_of(copy_of(bytes, size)), SNAPSHOT_TOO_NEW);
	free(bytes);
}

static void
keys_must_ascend(void **state)
{
	struct error error = { 0 };
	struct builder *builder;
	char name[160];

	(void)state;
	snprintf(name, sizeof name, "%s/build", world);
	assert_int_equal(builder_begin(name, &builder, &error), 0);
	assert_int_equal(
		builder_append(builder, TABLE_FILING, slice_of("bbbb"), slice_of("1"), slice_of("2"), &error), 0);
	assert_int_equal(
		builder_append(builder, TABLE_FILING, slice_of("aaaa"), slice_of("1"), slice_of("2"), &error),
		EX_CANTCREAT);
	builder_end(builder);
	/* Who gives up leaves nothing. */
	assert_int_equal(access(name, F_OK), -1);
}

static void
unreadable_records_are_not_published(void **state)
{
	struct error error = { 0 };
	struct builder *builder;
	char name[160];

	(void)state;
	snprintf(name, sizeof name, "%s/build", world);
	assert_int_equal(builder_begin(name, &builder, &error), 0);
	assert_int_equal(
		builder_append(builder, TABLE_FILING, slice_of("bbbb"), slice_of("1"), slice_of("2"), &error), 0);
	assert_int_equal(builder_finish(builder, &error), 0);
	builder_end(builder);
	assert_int_equal(snapshot_verify(name, &error), EX_SOFTWARE);
}

static void
walks_end_where_tables_end(void **state)
{
	struct snapshot *snapshot;
	struct slice key, value;
	unsigned char wanted[KEY_MAX];
	struct walk *walk;

	(void)state;
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	walk = walk_begin(snapshot, TABLE_FILING);
	assert_non_null(walk);
	/* Behind the last one: the previous is the last. */
	assert_false(walk_seek(walk, (struct slice){ (const char *)wanted, key_filing(wanted, 3) }, &key, &value));
	assert_true(walk_previous(walk, &key, &value));
	assert_int_equal(key_u32((const unsigned char *)key.data), 2);
	assert_true(walk_previous(walk, &key, &value));
	assert_false(walk_previous(walk, &key, &value));
	walk_end(walk);
	walk_end(NULL);
	snapshot_close(snapshot);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, snapshot_begin, world_end)
	const struct CMUnitTest tests[] = {
		TEST(good_one),
		TEST(shortened_anywhere),
		TEST(damaged_packed_table),
		TEST(other_things),
		TEST(newer_format),
		TEST(keys_must_ascend),
		TEST(unreadable_records_are_not_published),
		TEST(walks_end_where_tables_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
