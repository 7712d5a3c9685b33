/* SPDX-License-Identifier: ISC
 *
 * A snapshot from its first record to its last reader: what was written is read again, and a file that is shortened,
 * damaged, newer or no snapshot at all is refused with its reason and never kills the reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache/filing.h"
#include "cache/writer.h"
#include "rmd.h"
#include "sync/build.h"

#define FILINGS 500
#define CHECKED_AT INT64_C(1760000000)
#define OTHER_USER 65534

static char directory[] = "/tmp/rmd-snapshot.XXXXXX";
static char path[64], copy[64];
static unsigned char form[FILING_ENCODED_MAX];

/* What to write wrongly. */
struct flaw {
	uint32_t format; /* 0: the right one */
	uint32_t filings, vanished, runs, generation;
	uint64_t events;
	int64_t checked_at, data_at;
	bool bad_form, bad_key, no_packed, no_state;
};

static struct slice
bytes(const void *data, size_t length)
{
	return (struct slice){ data, length };
}

static void
append(struct builder *builder, enum snapshot_table table, struct slice key, struct slice value, struct slice tail)
{
	struct error error = { 0 };

	assert_int_equal(builder_append(builder, table, key, value, tail, &error), 0);
	assert_int_equal(error.code, 0);
}

static void
filing_add(struct builder *builder, uint32_t number, const struct flaw *flaw)
{
	struct lifecycle lifecycle = { true, false, 1, 1, CHECKED_AT, CHECKED_AT };
	struct filing filing = { .number = number + flaw->bad_key,
				 .frn = UINT64_C(99000000) + number,
				 .implementation = RMD_IMPLEMENTATION_COMPLETE,
				 .roles = 1 << RMD_ROLE_VSP,
				 .last_updated = DAY_NONE,
				 .last_recertified = DAY_NONE };
	unsigned char key[KEY_MAX], head[LIFECYCLE_BYTES];
	size_t length;

	filing.text[COLUMN_BUSINESS_NAME] = slice_of("Alpha Telephone");
	filing.text[COLUMN_BUSINESS_ADDRESS] = slice_of("1 Example Street, Springfield, which is a town of many");
	length = filing_encode(&filing, form);
	lifecycle_encode(&lifecycle, head);
	append(builder, TABLE_FILING, key_filing(key, number), bytes(head, sizeof head),
	       bytes(form, length - flaw->bad_form));
}

static void
tables_add(struct builder *builder, const struct flaw *flaw)
{
	const struct event event = { RMD_EVENT_ADDED, 0, CHECKED_AT, { NULL, 0 } };
	struct run run = { .kind = RUN_PUBLISHED, .generation = 1, .rows = FILINGS, .source = "file:///test.csv" };
	unsigned char key[KEY_MAX], value[RUN_ENCODED_MAX];

	for (uint32_t i = 1; i <= FILINGS; i++)
		filing_add(builder, i, flaw);
	link_encode(TIME_NONE, value);
	for (uint32_t i = 1; i <= FILINGS; i++)
		append(builder, TABLE_BY_FRN, key_by_frn(key, UINT64_C(99000000) + i, i), bytes(value, LINK_BYTES),
		       bytes(NULL, 0));
	for (uint32_t i = 1; i <= FILINGS; i++)
		append(builder, TABLE_BY_NAME, key_by_name(key, slice_of("alpha telephone"), i), bytes(NULL, 0),
		       bytes(NULL, 0));
	event_encode(&event, value);
	for (uint32_t i = 1; i <= FILINGS; i++)
		append(builder, TABLE_HISTORY, key_history(key, i, 1), bytes(value, EVENT_BYTES), bytes(NULL, 0));
	/* Checks a hundred seconds apart, the last one twice: a rebuild has the time of the check before it. */
	for (uint32_t i = 1; i <= 4; i++) {
		run.kind = i == 1 ? RUN_PUBLISHED : i == 4 ? RUN_OFFLINE : RUN_UNCHANGED;
		run.rows = i;
		append(builder, TABLE_RUN, key_run(key, CHECKED_AT - 200 + 100 * (i == 4 ? 2 : i - 1), i),
		       bytes(value, run_encode(&run, value)), bytes(NULL, 0));
	}
}

static void
packed_add(struct builder *builder, const struct flaw *flaw)
{
	struct packed_source *sources = calloc(FILINGS, sizeof *sources);
	struct packed_plan plan = { .sources = sources, .source_count = FILINGS };
	struct error error = { 0 };
	void *target;

	assert_non_null(sources);
	plan.header.generation = 1 + flaw->generation;
	plan.header.checked_at = CHECKED_AT + flaw->checked_at;
	plan.header.data_at = CHECKED_AT - 200 + flaw->data_at;
	for (uint32_t i = 1; i <= FILINGS; i++)
		sources[i - 1] = (struct packed_source){ UINT64_C(99000000) + i,
							 i,
							 RMD_IMPLEMENTATION_COMPLETE,
							 1 << RMD_ROLE_VSP,
							 PACKED_LISTED,
							 TIME_NONE,
							 DAY_NONE };
	assert_int_equal(builder_reserve(builder, slice_of("packed"), packed_plan(&plan), &target, &error), 0);
	packed_build(&plan, target);
	free(sources);
}

static void
state_add(struct builder *builder, const struct flaw *flaw)
{
	const struct state state = { .format = flaw->format != 0 ? flaw->format : FORMAT_VERSION,
				     .generation = 1,
				     .decoder = 1,
				     .runs = 4 + flaw->runs,
				     .checked_at = CHECKED_AT,
				     .data_at = CHECKED_AT - 200,
				     .changed_at = CHECKED_AT - 200,
				     .first_checked_at = CHECKED_AT - 200,
				     .filings = FILINGS + flaw->filings,
				     .vanished = flaw->vanished,
				     .events = FILINGS + flaw->events,
				     .source = "file:///test.csv" };
	unsigned char value[STATE_ENCODED_MAX];
	size_t length = state_encode(&state, value);
	struct error error = { 0 };
	void *target;

	assert_int_equal(builder_reserve(builder, slice_of("state"), length, &target, &error), 0);
	memcpy(target, value, length);
}

static void
snapshot_write(const struct flaw *flaw)
{
	struct builder *builder;
	struct error error = { 0 };

	assert_int_equal(builder_begin(path, &builder, &error), 0);
	tables_add(builder, flaw);
	if (!flaw->no_packed)
		packed_add(builder, flaw);
	if (!flaw->no_state)
		state_add(builder, flaw);
	assert_int_equal(builder_finish(builder, &error), 0);
	builder_end(builder);
	assert_int_equal(error.code, 0);
}

static void
expect_open(const char *file, enum snapshot_status status)
{
	struct snapshot *snapshot;

	assert_int_equal(snapshot_open(file, &snapshot), status);
	assert_int_equal(snapshot == NULL, status != SNAPSHOT_GOOD);
	snapshot_close(snapshot);
}

static size_t
file_read(const char *file, unsigned char **data)
{
	struct stat status;
	int descriptor = open(file, O_RDONLY | O_CLOEXEC);

	assert_true(descriptor >= 0 && fstat(descriptor, &status) == 0);
	*data = malloc((size_t)status.st_size);
	assert_non_null(*data);
	assert_int_equal(read(descriptor, *data, (size_t)status.st_size), status.st_size);
	assert_int_equal(close(descriptor), 0);
	return (size_t)status.st_size;
}

static void
file_write(const char *file, const void *data, size_t length)
{
	int descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, data, length), length);
	assert_int_equal(close(descriptor), 0);
}

static int
good_snapshot(void **state)
{
	const struct flaw none = { 0 };

	(void)state;
	snapshot_write(&none);
	return 0;
}

static void
what_was_built_is_read_again(void **state)
{
	struct error error = { 0 };
	struct snapshot *snapshot;
	unsigned char key[KEY_MAX];
	struct slice value, text;
	struct lifecycle lifecycle;
	struct filing filing;

	(void)state;
	assert_int_equal(snapshot_verify(path, &error), 0);
	/* Twice at the same time, as a host and its module may. */
	expect_open(path, SNAPSHOT_GOOD);
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	expect_open(path, SNAPSHOT_GOOD);
	assert_int_equal(snapshot_state(snapshot)->filings, FILINGS);
	assert_true(snapshot_state(snapshot)->checked_at == CHECKED_AT);
	assert_true(snapshot_state(snapshot)->data_at == CHECKED_AT - 200);
	assert_true(snapshot_packed(snapshot)->header->data_at == CHECKED_AT - 200);
	assert_string_equal(snapshot_state(snapshot)->source, "file:///test.csv");
	assert_int_equal(snapshot_count(snapshot, TABLE_FILING), FILINGS);
	assert_int_equal(snapshot_count(snapshot, TABLE_REJECT), 0);
	assert_int_equal(snapshot_count(snapshot, TABLE_META), 2);
	for (uint32_t i = 1; i <= FILINGS; i++) {
		assert_true(snapshot_get(snapshot, TABLE_FILING, key_filing(key, i), &value));
		assert_true(lifecycle_decode(value, &lifecycle, &text));
		assert_true(filing_decode(text, &filing));
		assert_int_equal(filing.number, i);
		assert_non_null(packed_find(snapshot_packed(snapshot), packed_key(PACKED_RMD, i)));
	}
	assert_false(snapshot_get(snapshot, TABLE_FILING, key_filing(key, FILINGS + 1), &value));
	assert_false(snapshot_get(snapshot, TABLE_META, slice_of("operator"), &value));
	/* The slots stand where the cache lines do. */
	assert_int_equal((uintptr_t)snapshot_packed(snapshot)->slots % 64, 0);
	snapshot_close(snapshot);
	snapshot_close(NULL);
}

/* Whatever lost a filing on its way here: what cannot be downloaded again is not given up for it. */
static void
a_shorter_history_is_not_built(void **state)
{
	const struct operator_data none = { 0 };
	struct error error = { 0 };
	struct snapshot *old;
	struct difference difference;
	struct build_request request = { .path = copy,
					 .difference = &difference,
					 .operator_data = &none,
					 .generation = 2,
					 .checked_at = CHECKED_AT + 100,
					 .run = { .generation = 2, .kind = RUN_PUBLISHED } };
	struct state built;

	(void)state;
	assert_int_equal(snapshot_open(path, &old), SNAPSHOT_GOOD);
	assert_int_equal(diff(old, NULL, &difference, &error), 0);
	request.old = old;
	assert_int_equal(build(&request, &built, &error), 0);
	assert_int_equal(built.events, FILINGS);
	difference.count--;
	assert_int_equal(build(&request, &built, &error), 70);
	assert_string_equal(error.text, "the new history would be shorter than the old one; not published");
	difference.count++;
	difference_end(&difference);
	snapshot_close(old);
	assert_int_equal(access(copy, F_OK), -1);
}

static void
the_map_is_as_large_as_the_file(void **state)
{
	MDB_env *environment;
	MDB_envinfo info;
	struct stat status;

	(void)state;
	assert_int_equal(mdb_env_create(&environment), 0);
	assert_int_equal(mdb_env_open(environment, path, MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR, 0), 0);
	assert_int_equal(mdb_env_info(environment, &info), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(info.me_mapsize, status.st_size);
	assert_int_equal((info.me_last_pgno + 1) * 4096, status.st_size);
	mdb_env_close(environment);
}

static void
walks_go_both_ways(void **state)
{
	struct snapshot *snapshot;
	struct slice key, value;
	unsigned char wanted[KEY_MAX];
	struct walk *walk;

	(void)state;
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	walk = walk_begin(snapshot, TABLE_FILING);
	assert_non_null(walk);
	for (uint32_t i = 1; i <= FILINGS; i++) {
		assert_true(walk_next(walk, &key, &value));
		assert_int_equal(key_u32(key.data), i);
	}
	assert_false(walk_next(walk, &key, &value));
	assert_false(walk_next(walk, &key, &value));
	walk_end(walk);
	walk = walk_begin(snapshot, TABLE_FILING);
	assert_non_null(walk);
	for (uint32_t i = FILINGS; i >= 1; i--) {
		assert_true(walk_previous(walk, &key, &value));
		assert_int_equal(key_u32(key.data), i);
	}
	assert_false(walk_previous(walk, &key, &value));
	/* From every record, across every page's border, to the one before it. */
	for (uint32_t i = 1; i <= FILINGS; i++) {
		assert_true(walk_seek(walk, key_filing(wanted, i), &key, &value));
		assert_int_equal(key_u32(key.data), i);
		assert_int_equal(walk_previous(walk, &key, &value), i > 1);
		assert_true(i == 1 || key_u32(key.data) == i - 1);
	}
	walk_end(walk);
	walk_end(NULL);
	snapshot_close(snapshot);
}

/* past.c looks for the last event of a filing in this way: behind the last key of the table there is none. */
static void
a_seek_beyond_the_end_then_previous_is_the_last_record(void **state)
{
	struct snapshot *snapshot;
	struct slice key, value;
	unsigned char wanted[KEY_MAX];
	struct walk *walk;

	(void)state;
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	walk = walk_begin(snapshot, TABLE_HISTORY);
	assert_non_null(walk);
	assert_false(walk_seek(walk, key_history(wanted, FILINGS + 1, 0), &key, &value));
	assert_true(walk_previous(walk, &key, &value));
	assert_int_equal(key_u32(key.data), FILINGS);
	assert_true(walk_previous(walk, &key, &value));
	assert_int_equal(key_u32(key.data), FILINGS - 1);
	walk_end(walk);
	walk = walk_begin(snapshot, TABLE_REJECT);
	assert_non_null(walk);
	assert_false(walk_seek(walk, key_filing(wanted, 0), &key, &value));
	assert_false(walk_previous(walk, &key, &value));
	assert_false(walk_next(walk, &key, &value));
	walk_end(walk);
	snapshot_close(snapshot);
}

static void
the_last_check_at_or_before(void **state)
{
	static const struct {
		int64_t at;
		uint32_t run; /* 0: none */
		int64_t checked_at;
	} cases[] = {
		{ INT64_MIN, 0, 0 },
		{ CHECKED_AT - 201, 0, 0 },
		{ CHECKED_AT - 200, 1, CHECKED_AT - 200 },
		{ CHECKED_AT - 101, 1, CHECKED_AT - 200 },
		{ CHECKED_AT - 100, 2, CHECKED_AT - 100 },
		{ CHECKED_AT - 1, 2, CHECKED_AT - 100 },
		{ CHECKED_AT, 4, CHECKED_AT },
		{ CHECKED_AT + 1, 4, CHECKED_AT },
		{ INT64_MAX - 1, 4, CHECKED_AT },
		{ INT64_MAX, 4, CHECKED_AT },
	};
	struct snapshot *snapshot;

	(void)state;
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t checked_at;
		struct run run;

		assert_int_equal(snapshot_run_at(snapshot, cases[i].at, &checked_at, &run), cases[i].run != 0);
		if (cases[i].run == 0)
			continue;
		assert_int_equal(run.rows, cases[i].run);
		assert_true(checked_at == cases[i].checked_at);
	}
	snapshot_close(snapshot);
}

static void
a_shortened_file_is_damaged(void **state)
{
	static const size_t odd[] = { 1, 15, 16, 151, 152, 153, 2048, 4095 };
	unsigned char *data;
	size_t size = file_read(path, &data);

	(void)state;
	assert_true(size % 4096 == 0 && size > 30 * (size_t)4096);
	for (size_t page = 0; page < size; page += 4096) {
		file_write(copy, data, page);
		expect_open(copy, SNAPSHOT_DAMAGED);
		for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
			file_write(copy, data, page + odd[i]);
			expect_open(copy, SNAPSHOT_DAMAGED);
		}
	}
	file_write(copy, data, size);
	expect_open(copy, SNAPSHOT_GOOD);
	free(data);
}

static void
a_bit_in_the_packed_table_is_seen(void **state)
{
	const uint64_t magic = PACKED_MAGIC;
	unsigned char *data, *table;
	size_t size = file_read(path, &data), length;
	uint64_t size_of_table;
	int file;

	(void)state;
	table = memmem(data, size, &magic, sizeof magic);
	assert_non_null(table);
	memcpy(&size_of_table, table + offsetof(struct packed_header, bytes), sizeof size_of_table);
	length = (size_t)size_of_table;
	assert_true(length >= sizeof(struct packed_header) + 4 * FILINGS * sizeof(struct packed_slot) &&
		    length <= size);
	file_write(copy, data, size);
	file = open(copy, O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	for (size_t i = 0; i < length; i += 61) {
		off_t place = (off_t)(table + i - data);
		unsigned char bad = table[i] ^ (unsigned char)(1 << i % 8);

		assert_int_equal(pwrite(file, &bad, 1, place), 1);
		expect_open(copy, SNAPSHOT_DAMAGED);
		assert_int_equal(pwrite(file, table + i, 1, place), 1);
	}
	assert_int_equal(close(file), 0);
	expect_open(copy, SNAPSHOT_GOOD);
	free(data);
}

/* All that can be read of it. */
static size_t
read_all(const char *name)
{
	struct slice key, value;
	struct snapshot *snapshot;
	size_t records = 0, sum = 0;

	if (snapshot_open(name, &snapshot) != SNAPSHOT_GOOD)
		return 0;
	for (int table = 0; table < TABLE_COUNT; table++) {
		struct walk *walk = walk_begin(snapshot, (enum snapshot_table)table);
		unsigned char number[KEY_MAX];

		/* No damage makes a table longer. */
		while (walk != NULL && walk_next(walk, &key, &value) && ++records < 1000000)
			for (size_t i = 0; i < value.length; i++)
				sum += (unsigned char)value.data[i];
		walk_end(walk);
		for (uint32_t i = 1; i <= FILINGS; i += 7)
			if (snapshot_get(snapshot, (enum snapshot_table)table, key_filing(number, i), &value))
				for (size_t k = 0; k < value.length; k++)
					sum += (unsigned char)value.data[k];
	}
	snapshot_close(snapshot);
	assert_true(records < 1000000);
	return records + (sum & 1);
}

/* A bit in a page's head or in the places of its nodes sent LMDB anywhere: the process died (SIGSEGV, SIGBUS). */
static void
a_bit_in_any_page_kills_no_reader(void **state)
{
	unsigned char *data;
	size_t size = file_read(path, &data);
	int file;

	(void)state;
	file_write(copy, data, size);
	assert_true(read_all(copy) > FILINGS);
	file = open(copy, O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	for (size_t page = 0; page < size; page += 4096)
		for (size_t i = 0; i < 64; i++) {
			size_t place = page + (i < 48 ? i : 4096 - 8 * (i - 47));
			unsigned char bad = data[place] ^ (unsigned char)(1 << (page / 4096 + i) % 8);

			assert_int_equal(pwrite(file, &bad, 1, (off_t)place), 1);
			(void)read_all(copy);
			bad = 0xff;
			assert_int_equal(pwrite(file, &bad, 1, (off_t)place), 1);
			(void)read_all(copy);
			assert_int_equal(pwrite(file, data + place, 1, (off_t)place), 1);
		}
	assert_int_equal(close(file), 0);
	assert_true(read_all(copy) > FILINGS);
	free(data);
}

/* A tree that leads back into itself has an end all the same. */
static void
a_tree_in_a_ring_ends(void **state)
{
	unsigned char *data;
	size_t size = file_read(path, &data), rings = 0;

	(void)state;
	for (size_t page = 2; page < size / 4096; page++) {
		unsigned char *head = data + page * 4096;
		uint16_t lower, place;

		/* Each child of each branch becomes its first one. */
		if (head[10] != 1 || head[11] != 0)
			continue;
		memcpy(&lower, head + 12, sizeof lower);
		for (uint16_t at = 18; at < lower; at = (uint16_t)(at + 2)) {
			uint16_t first;

			memcpy(&first, head + 16, sizeof first);
			memcpy(&place, head + at, sizeof place);
			memcpy(head + place, head + first, 6);
		}
		rings++;
	}
	assert_true(rings > 0);
	file_write(copy, data, size);
	(void)read_all(copy);
	free(data);
}

static void
another_format_is_told_as_such(void **state)
{
	struct flaw flaw = { .format = FORMAT_VERSION + 1 };
	struct error error = { 0 };
	unsigned char *data;
	size_t size;

	(void)state;
	snapshot_write(&flaw);
	expect_open(path, SNAPSHOT_TOO_NEW);
	assert_int_equal(snapshot_verify(path, &error), EX_SOFTWARE);
	flaw.format = UINT32_MAX;
	snapshot_write(&flaw);
	expect_open(path, SNAPSHOT_TOO_NEW);
	flaw.format = 0;
	snapshot_write(&flaw);
	expect_open(path, SNAPSHOT_GOOD);
	/* A newer LMDB's file: the version stands behind the page's head and the magic number. */
	size = file_read(path, &data);
	data[16 + 4]++;
	data[4096 + 16 + 4]++;
	file_write(copy, data, size);
	expect_open(copy, SNAPSHOT_TOO_NEW);
	free(data);
}

/* Gives each table of that name in the file another one. */
static void
table_rename(unsigned char *data, size_t size, const char *name)
{
	size_t length = strlen(name), found = 0;

	for (size_t i = 0; i + length <= size; i++)
		if (memcmp(data + i, name, length) == 0) {
			data[i + length - 1]++;
			found++;
		}
	assert_true(found > 0);
}

/* It was told as damaged, so that the operator was asked to throw it away. */
static void
a_newer_format_may_lack_a_table(void **state)
{
	struct flaw flaw = { .format = FORMAT_VERSION + 1 };
	unsigned char *data;
	size_t size;

	(void)state;
	for (int newer = 1; newer >= 0; newer--) {
		flaw.format = newer ? FORMAT_VERSION + 1 : 0;
		snapshot_write(&flaw);
		size = file_read(path, &data);
		table_rename(data, size, "by_name");
		file_write(copy, data, size);
		expect_open(copy, newer ? SNAPSHOT_TOO_NEW : SNAPSHOT_DAMAGED);
		free(data);
	}
}

/* A snapshot of an older rmdsync, after the library was updated and before the next run. */
static void
a_snapshot_without_names_serves_all_but_a_search(void **state)
{
	static const char name[] = "\4\0name"; /* as LMDB writes a table's name: its length before it */
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	const struct flaw none = { 0 };
	struct snapshot *snapshot;
	struct rmd_search *search;
	struct error error = { 0 };
	unsigned char *data, *place;
	char serving[80];
	struct rmd *rmd;
	size_t size;

	(void)state;
	snapshot_write(&none);
	size = file_read(path, &data);
	while ((place = memmem(data, size, name, sizeof name - 1)) != NULL)
		place[sizeof name - 2]++;
	snprintf(serving, sizeof serving, "%s/rmd.mdb", directory);
	file_write(serving, data, size);
	free(data);
	assert_int_equal(snapshot_open(serving, &snapshot), SNAPSHOT_GOOD);
	assert_false(snapshot_has_names(snapshot));
	assert_null(walk_begin(snapshot, TABLE_NAME));
	snapshot_close(snapshot);
	assert_int_equal(rmd_open(directory, &rmd), RMD_OK);
	query.provider = "RMD0000001";
	query.provider_length = 10;
	query.now = CHECKED_AT;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_string_equal(answer.rmd_number, "RMD0000001");
	assert_int_equal(rmd_search(rmd, "alpha", 5, &search), RMD_ERROR_NO_NAMES);
	assert_null(search);
	rmd_close(rmd);
	/* And rmdsync publishes none. */
	assert_int_equal(snapshot_verify(serving, &error), EX_SOFTWARE);
	assert_int_equal(unlink(serving), 0);
}

static void
contents_that_contradict_each_other_are_damage(void **state)
{
	static const struct flaw flaws[] = {
		{ .filings = 1 },      { .filings = UINT32_MAX }, { .vanished = 1 },   { .runs = 1 },
		{ .generation = 1 },   { .events = 1 },           { .checked_at = 1 }, { .data_at = 1 },
		{ .no_packed = true }, { .no_state = true },
	};
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
		error = (struct error){ 0 };
		snapshot_write(&flaws[i]);
		expect_open(path, SNAPSHOT_DAMAGED);
		assert_int_equal(snapshot_verify(path, &error), EX_SOFTWARE);
	}
}

static void
a_record_that_cannot_be_read_back_is_not_published(void **state)
{
	static const struct flaw flaws[] = { { .bad_form = true }, { .bad_key = true } };
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
		error = (struct error){ 0 };
		snapshot_write(&flaws[i]);
		assert_int_equal(snapshot_verify(path, &error), EX_SOFTWARE);
		assert_non_null(strstr(error.text, "table filing"));
		assert_null(strchr(error.text, '\n'));
	}
	assert_int_equal(good_snapshot(NULL), 0);
}

static void
what_is_no_snapshot(void **state)
{
	static char text[20000];
	char missing[80];

	(void)state;
	snprintf(missing, sizeof missing, "%s/missing/rmd.mdb", directory);
	expect_open(missing, SNAPSHOT_MISSING);
	snprintf(missing, sizeof missing, "%s/missing.mdb", directory);
	expect_open(missing, SNAPSHOT_MISSING);
	errno = 0;
	expect_open(directory, SNAPSHOT_SYSTEM);
	assert_int_equal(errno, EISDIR);
	file_write(copy, "", 0);
	expect_open(copy, SNAPSHOT_DAMAGED);
	memset(text, 'x', sizeof text);
	file_write(copy, text, sizeof text);
	expect_open(copy, SNAPSHOT_DAMAGED);
	memset(text, 0, sizeof text);
	file_write(copy, text, sizeof text);
	expect_open(copy, SNAPSHOT_DAMAGED);
}

/* Another user may read a published snapshot (0444) and needs no more than that; without it he is told why. */
static void
another_user_needs_to_read_and_no_more(void **state)
{
	int status;
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(directory, 0711), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct snapshot *snapshot;

		if (setgid(OTHER_USER) != 0 || setuid(OTHER_USER) != 0)
			_exit(1);
		if (snapshot_open(path, &snapshot) != SNAPSHOT_SYSTEM || errno != EACCES || snapshot != NULL)
			_exit(2);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(chmod(path, 0444), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct snapshot *snapshot;

		if (setgid(OTHER_USER) != 0 || setuid(OTHER_USER) != 0)
			_exit(1);
		_exit(snapshot_open(path, &snapshot) == SNAPSHOT_GOOD ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
keys_must_ascend(void **state)
{
	static const uint32_t wrong[] = { 4, 5 }; /* behind 5 */
	unsigned char key[KEY_MAX];
	struct builder *builder;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct error error = { 0 };

		assert_int_equal(builder_begin(copy, &builder, &error), 0);
		assert_int_equal(builder_append(builder, TABLE_FILING, key_filing(key, 5), bytes("x", 1),
						bytes(NULL, 0), &error),
				 0);
		assert_int_equal(builder_append(builder, TABLE_FILING, key_filing(key, wrong[i]), bytes("y", 1),
						bytes(NULL, 0), &error),
				 EX_CANTCREAT);
		assert_non_null(strstr(error.text, copy));
		assert_null(strchr(error.text, '\n'));
		builder_end(builder);
		assert_int_equal(access(copy, F_OK), -1);
	}
	builder_end(NULL);
}

static void
a_build_that_cannot_begin_says_so(void **state)
{
	struct error error = { 0 };
	struct builder *builder;
	char nowhere[80];

	(void)state;
	snprintf(nowhere, sizeof nowhere, "%s/missing/build", directory);
	assert_int_equal(builder_begin(nowhere, &builder, &error), EX_CANTCREAT);
	assert_non_null(strstr(error.text, strerror(ENOENT)));
	builder_end(builder);
}

/* More than a slice: committed in between, and pages given back in a walk. */
static void
a_build_of_several_commits_is_whole(void **state)
{
	const uint32_t count = LIMIT_BUILD_SLICE / LIMIT_FIELD_BYTES * 5 / 2;
	unsigned char key[KEY_MAX], *large = malloc(LIMIT_FIELD_BYTES);
	struct error error = { 0 };
	struct snapshot *snapshot;
	struct builder *builder;
	struct slice name, value;
	struct walk *walk;

	(void)state;
	assert_non_null(large);
	memset(large, 'x', LIMIT_FIELD_BYTES);
	assert_int_equal(builder_begin(copy, &builder, &error), 0);
	/* History first: the other tables are as in every snapshot. */
	tables_add(builder, &(struct flaw){ 0 });
	for (uint32_t i = 0; i < count; i++) {
		memcpy(large, &i, sizeof i);
		append(builder, TABLE_REJECT, key_filing(key, i), bytes(large, 100), bytes(large, LIMIT_FIELD_BYTES));
	}
	packed_add(builder, &(struct flaw){ 0 });
	state_add(builder, &(struct flaw){ 0 });
	assert_int_equal(builder_finish(builder, &error), 0);
	builder_end(builder);
	assert_int_equal(snapshot_open(copy, &snapshot), SNAPSHOT_GOOD);
	walk = walk_begin(snapshot, TABLE_REJECT);
	assert_non_null(walk);
	for (uint32_t i = 0; i < count; i++) {
		assert_true(walk_next(walk, &name, &value));
		assert_int_equal(key_u32(name.data), i);
		assert_int_equal(value.length, 100 + LIMIT_FIELD_BYTES);
		assert_memory_equal(value.data, &i, sizeof i);
		assert_memory_equal(value.data + 100, &i, sizeof i);
		assert_int_equal(value.data[value.length - 1], 'x');
	}
	assert_false(walk_next(walk, &name, &value));
	walk_end(walk);
	snapshot_close(snapshot);
	free(large);
}

static void
another_file_in_its_place_is_told_apart(void **state)
{
	struct snapshot_identity opened, there;
	struct snapshot *snapshot;
	unsigned char *data;
	size_t size = file_read(path, &data);

	(void)state;
	assert_int_equal(snapshot_open(path, &snapshot), SNAPSHOT_GOOD);
	opened = snapshot_identity(snapshot);
	assert_true(snapshot_identity_at(path, &there));
	assert_true(snapshot_identity_equal(&opened, &there));
	/* The same bytes in another file are another snapshot. */
	file_write(copy, data, size);
	assert_int_equal(rename(copy, path), 0);
	assert_true(snapshot_identity_at(path, &there));
	assert_false(snapshot_identity_equal(&opened, &there));
	assert_int_equal(unlink(path), 0);
	assert_false(snapshot_identity_at(path, &there));
	assert_int_equal(errno, ENOENT);
	/* What is unlinked is read on. */
	assert_int_equal(snapshot_count(snapshot, TABLE_FILING), FILINGS);
	snapshot_close(snapshot);
	free(data);
}

static int
leave_nothing(void **state)
{
	(void)state;
	if (unlink(path) != 0 && errno != ENOENT)
		return -1;
	if (unlink(copy) != 0 && errno != ENOENT)
		return -1;
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_was_built_is_read_again, good_snapshot),
		cmocka_unit_test(a_shorter_history_is_not_built),
		cmocka_unit_test(the_map_is_as_large_as_the_file),
		cmocka_unit_test(walks_go_both_ways),
		cmocka_unit_test(a_seek_beyond_the_end_then_previous_is_the_last_record),
		cmocka_unit_test(the_last_check_at_or_before),
		cmocka_unit_test(a_shortened_file_is_damaged),
		cmocka_unit_test(a_bit_in_the_packed_table_is_seen),
		cmocka_unit_test(a_bit_in_any_page_kills_no_reader),
		cmocka_unit_test(a_tree_in_a_ring_ends),
		cmocka_unit_test(another_format_is_told_as_such),
		cmocka_unit_test(a_newer_format_may_lack_a_table),
		cmocka_unit_test(a_snapshot_without_names_serves_all_but_a_search),
		cmocka_unit_test(contents_that_contradict_each_other_are_damage),
		cmocka_unit_test(a_record_that_cannot_be_read_back_is_not_published),
		cmocka_unit_test(what_is_no_snapshot),
		cmocka_unit_test(another_user_needs_to_read_and_no_more),
		cmocka_unit_test(keys_must_ascend),
		cmocka_unit_test(a_build_that_cannot_begin_says_so),
		cmocka_unit_test(a_build_of_several_commits_is_whole),
		cmocka_unit_test_setup(another_file_in_its_place_is_told_apart, good_snapshot),
	};

	if (mkdtemp(directory) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/rmd.mdb", directory);
	snprintf(copy, sizeof copy, "%s/copy.mdb", directory);
	return cmocka_run_group_tests(tests, NULL, leave_nothing);
}
