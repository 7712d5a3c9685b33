/* SPDX-License-Identifier: ISC
 *
 * From the rows of a new file to what it changes in the old snapshot: the waiting rows, in whatever order and however
 * many, and what becomes of every filing that is known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "rmd.h"
#include "sync/build.h"

#define SNAPSHOT "snapshot"
#define SOURCE_NAME "a-list-for-a-test"
#define FRN_BASE UINT64_C(21000000)
#define BIT(column) (UINT32_C(1) << (column))
#define GENERATIONS 4

static char directory[] = P_tmpdir "/rmd-diff-XXXXXX";

/* The snapshot of each generation so far, the last one open. */
struct world {
	char path[LIMIT_PATH_BYTES];
	struct snapshot *old;
	struct state state;
	uint32_t generation;
	struct staging staging; /* the new file */
	struct difference difference;
	uint64_t line;
	struct error error;
};

/* A filing of that number, as most are. */
static struct filing
filing_of(uint32_t number)
{
	struct filing filing = { .number = number,
				 .frn = FRN_BASE + number,
				 .implementation = RMD_IMPLEMENTATION_COMPLETE,
				 .roles = 1U << RMD_ROLE_VSP,
				 .foreign = FOREIGN_NO,
				 .last_updated = day_of(2025, 1, 2),
				 .last_recertified = DAY_NONE };

	filing.text[COLUMN_BUSINESS_NAME] = slice_of("Alpha Telephone");
	filing.text[COLUMN_BUSINESS_ADDRESS] = slice_of("1 Example Street\nSpringfield");
	return filing;
}

static void
stage(struct world *world, const struct filing *filing)
{
	struct decode_sink sink = staging_sink(&world->staging);

	world->line += 2;
	assert_int_equal(sink.filing(sink.context, filing, world->line, &world->error), 0);
}

static void
stage_number(struct world *world, uint32_t number)
{
	struct filing filing = filing_of(number);

	stage(world, &filing);
}

static void
stage_reject(struct world *world, uint32_t number, uint64_t frn)
{
	struct decode_sink sink = staging_sink(&world->staging);
	struct reject reject = {
		.line = ++world->line, .column = COLUMN_IMPLEMENTATION, .number = number, .frn = frn
	};

	assert_int_equal(sink.reject(sink.context, &reject, &world->error), 0);
}

static void
finish(struct world *world)
{
	assert_int_equal(staging_finish(&world->staging, SOURCE_NAME, &world->error), 0);
}

/* The next file begins. */
static void
file_begin(struct world *world)
{
	difference_end(&world->difference);
	staging_end(&world->staging);
	staging_begin(&world->staging, directory);
	world->line = 0;
}

static void
compare(struct world *world)
{
	finish(world);
	difference_end(&world->difference);
	assert_int_equal(diff(world->old, &world->staging, &world->difference, &world->error), 0);
	assert_string_equal(world->error.text, "");
}

/* What the new file says becomes the old snapshot. */
static void
publish_now(struct world *world)
{
	const struct operator_data operator_data = { .max_age = 1 };
	char path[LIMIT_PATH_BYTES], name[32];
	struct build_request request = {
		.path = path,
		.old = world->old,
		.staging = &world->staging,
		.difference = &world->difference,
		.operator_data = &operator_data,
		.generation = world->generation + 1,
		.decoder = 1,
		.checked_at = INT64_C(1000) * (world->generation + 1),
		.run = { .kind = RUN_PUBLISHED, .generation = world->generation + 1, .source = SOURCE_NAME },
	};

	compare(world);
	assert_int_equal(request.run.generation, ++world->generation);
	assert_true(snprintf(name, sizeof name, SNAPSHOT ".%u", world->generation) > 0);
	assert_int_equal(path_join(path, sizeof path, directory, name), 0);
	assert_int_equal(build(&request, &world->state, &world->error), 0);
	assert_int_equal(snapshot_verify(path, &world->error), 0);
	/* What the build gave back of the old snapshot is there when it is asked for. */
	if (world->old != NULL)
		assert_int_equal(snapshot_packed(world->old)->header->generation, world->generation - 1);
	snapshot_close(world->old);
	assert_int_equal(snapshot_open(path, &world->old), SNAPSHOT_GOOD);
	memcpy(world->path, path, sizeof path);
	file_begin(world);
}

static void
assert_counts(const struct world *world, size_t before, size_t listed, size_t added, size_t changed, size_t vanished,
	      size_t relisted, size_t kept)
{
	const struct difference *difference = &world->difference;

	assert_int_equal(difference->listed_before, before);
	assert_int_equal(difference->listed, listed);
	assert_int_equal(difference->added, added);
	assert_int_equal(difference->changed, changed);
	assert_int_equal(difference->vanished, vanished);
	assert_int_equal(difference->relisted, relisted);
	assert_int_equal(difference->kept, kept);
	for (size_t i = 1; i < difference->count; i++)
		assert_true(difference->outcomes[i - 1].number < difference->outcomes[i].number);
}

/* The outcome of one filing; where it was staged, the form there is the one of that number. */
static void
assert_outcome(struct world *world, size_t index, uint32_t number, enum outcome_kind kind, uint32_t fields,
	       bool has_form)
{
	const struct outcome *outcome;
	struct filing filing;
	struct slice form;

	assert_true(index < world->difference.count);
	outcome = &world->difference.outcomes[index];
	assert_int_equal(outcome->number, number);
	assert_int_equal(outcome->kind, kind);
	assert_int_equal(outcome->fields, fields);
	assert_int_equal(outcome->staged != NOT_STAGED, has_form);
	if (!has_form)
		return;
	assert_true(outcome->staged < world->staging.count);
	form = staging_form(&world->staging, outcome->staged);
	assert_true(filing_decode(form, &filing));
	assert_int_equal(filing.number, number);
}

static int
world_begin(void **state)
{
	struct world *world = calloc(1, sizeof *world);

	if (world == NULL)
		return -1;
	world->staging.file = -1;
	file_begin(world);
	*state = world;
	return 0;
}

static int
world_end(void **state)
{
	struct world *world = *state;
	char path[LIMIT_PATH_BYTES], name[32];

	difference_end(&world->difference);
	staging_end(&world->staging);
	snapshot_close(world->old);
	free(world);
	for (int generation = 1; generation <= GENERATIONS; generation++)
		if (snprintf(name, sizeof name, SNAPSHOT ".%d", generation) < 0 ||
		    path_join(path, sizeof path, directory, name) != 0 || (unlink(path) != 0 && errno != ENOENT))
			return -1;
	/* Nothing else may be left behind: the staging's own file has no name. */
	if (rmdir(directory) != 0)
		return -1;
	return mkdir(directory, 0700);
}

static void
first_file(void **state)
{
	struct world *world = *state;

	compare(world);
	assert_int_equal(world->difference.count, 0);
	assert_counts(world, 0, 0, 0, 0, 0, 0, 0);
	file_begin(world);
	stage_number(world, 1);
	stage_number(world, 5);
	stage_number(world, 9999999);
	compare(world);
	assert_counts(world, 0, 3, 3, 0, 0, 0, 0);
	assert_int_equal(world->difference.count, 3);
	assert_outcome(world, 0, 1, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 1, 5, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 2, 9999999, OUTCOME_ADDED, 0, true);
}

static void
every_outcome(void **state)
{
	struct world *world = *state;
	struct filing changed = filing_of(20);

	for (uint32_t number = 10; number <= 60; number += 10)
		stage_number(world, number);
	publish_now(world);
	/* 50 vanishes, so that it can come back; 60 vanishes and stays away */
	for (uint32_t number = 10; number <= 40; number += 10)
		stage_number(world, number);
	publish_now(world);
	changed.roles |= 1U << RMD_ROLE_GATEWAY;
	stage_number(world, 5);
	stage_number(world, 10);
	stage(world, &changed);
	stage_reject(world, 40, 0);
	stage_number(world, 50);
	stage_number(world, 70);
	compare(world);
	assert_counts(world, 4, 6, 2, 1, 1, 1, 1);
	assert_int_equal(world->difference.count, 8);
	assert_outcome(world, 0, 5, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 1, 10, OUTCOME_SAME, 0, true);
	assert_outcome(world, 2, 20, OUTCOME_CHANGED, BIT(COLUMN_GATEWAY_PROVIDER_CHOICE), true);
	assert_outcome(world, 3, 30, OUTCOME_VANISHED, 0, false);
	assert_outcome(world, 4, 40, OUTCOME_QUARANTINED, 0, false);
	assert_outcome(world, 5, 50, OUTCOME_RELISTED, 0, true);
	assert_outcome(world, 6, 60, OUTCOME_GONE, 0, false);
	assert_outcome(world, 7, 70, OUTCOME_ADDED, 0, true);
}

/* Without a new file nothing changes, and what was quarantined or gone stays so. */
static void
without_a_file(void **state)
{
	struct world *world = *state;

	for (uint32_t number = 1; number <= 4; number++)
		stage_number(world, number);
	publish_now(world);
	stage_number(world, 1);
	stage_reject(world, 2, 0);
	stage_number(world, 4);
	publish_now(world);
	assert_int_equal(diff(world->old, NULL, &world->difference, &world->error), 0);
	assert_counts(world, 3, 3, 0, 0, 0, 0, 1);
	assert_outcome(world, 0, 1, OUTCOME_SAME, 0, false);
	assert_outcome(world, 1, 2, OUTCOME_QUARANTINED, 0, false);
	assert_outcome(world, 2, 3, OUTCOME_GONE, 0, false);
	assert_outcome(world, 3, 4, OUTCOME_SAME, 0, false);
	difference_end(&world->difference);
	assert_int_equal(diff(NULL, NULL, &world->difference, &world->error), 0);
	assert_int_equal(world->difference.count, 0);
}

/* Each column by itself, and several together. */
static void
changed_columns(void **state)
{
	struct world *world = *state;
	uint32_t expected[COLUMN_COUNT + 1] = { 0 }, together = 0;

	for (uint32_t number = 1; number <= COLUMN_COUNT; number++)
		stage_number(world, number);
	publish_now(world);
	for (uint32_t number = 1; number <= COLUMN_COUNT; number++) {
		struct filing filing = filing_of(number);
		enum column column = (enum column)(number - 1);

		expected[number] = BIT(column);
		if (column_definitions[column].text) {
			filing.text[column] = slice_of("another text");
		} else if (column == COLUMN_NUMBER) {
			/* A number does not change: this filing stays as it was. */
			expected[number] = 0;
		} else if (column == COLUMN_FRN) {
			filing.frn = 0;
		} else if (column == COLUMN_FOREIGN_VOICE_PROVIDER) {
			filing.foreign = FOREIGN_BLANK;
		} else if (column == COLUMN_IMPLEMENTATION) {
			filing.implementation = RMD_IMPLEMENTATION_NOT_CERTIFIED;
		} else if (column == COLUMN_VOICE_SERVICE_PROVIDER_CHOICE) {
			filing.roles = 0;
		} else if (column == COLUMN_GATEWAY_PROVIDER_CHOICE) {
			filing.roles |= 1U << RMD_ROLE_GATEWAY;
		} else if (column == COLUMN_INTERMEDIATE_PROVIDER_CHOICE) {
			filing.roles |= 1U << RMD_ROLE_INTERMEDIATE;
		} else if (column == COLUMN_LAST_UPDATED) {
			filing.last_updated = DAY_NONE;
		} else {
			assert_int_equal(column, COLUMN_LAST_RECERTIFIED);
			filing.last_recertified = day_of(2026, 2, 3);
		}
		stage(world, &filing);
	}
	compare(world);
	assert_counts(world, COLUMN_COUNT, COLUMN_COUNT, 0, COLUMN_COUNT - 1, 0, 0, 0);
	for (uint32_t number = 1; number <= COLUMN_COUNT; number++) {
		assert_outcome(world, number - 1, number, expected[number] != 0 ? OUTCOME_CHANGED : OUTCOME_SAME,
			       expected[number], true);
		together |= expected[number];
	}
	assert_int_equal(together, BIT(COLUMN_COUNT) - 1 - BIT(COLUMN_NUMBER));
}

/* A filing that comes back is relisted, not changed, and says in what it differs from when it vanished. */
static void
relisted_with_other_columns(void **state)
{
	struct world *world = *state;
	struct filing filing = filing_of(1);

	stage(world, &filing);
	stage_number(world, 2);
	publish_now(world);
	stage_number(world, 2);
	publish_now(world);
	filing.frn++;
	filing.text[COLUMN_BUSINESS_NAME] = slice_of("Beta Telephone");
	stage(world, &filing);
	stage_number(world, 2);
	compare(world);
	assert_counts(world, 1, 2, 0, 0, 0, 1, 0);
	assert_outcome(world, 0, 1, OUTCOME_RELISTED, BIT(COLUMN_FRN) | BIT(COLUMN_BUSINESS_NAME), true);
	publish_now(world);
	/* and once more it is as any other */
	stage(world, &filing);
	stage_number(world, 2);
	compare(world);
	assert_counts(world, 2, 2, 0, 0, 0, 0, 0);
}

/* A row that cannot be understood keeps its provider's filing: by its number, or by its FRN where that is all there
 * is. */
static void
quarantined(void **state)
{
	struct world *world = *state;
	struct filing blank = filing_of(5), same_frn = filing_of(7);

	blank.frn = 0;
	same_frn.frn = FRN_BASE + 2;
	stage_number(world, 1);
	stage_number(world, 2);
	stage_number(world, 3);
	stage_number(world, 4);
	stage(world, &blank);
	stage_number(world, 6);
	stage(world, &same_frn);
	publish_now(world);
	stage_reject(world, 1, 0);
	stage_reject(world, 0, FRN_BASE + 2);
	/* the number says whose row it is; the FRN in it may be what is wrong */
	stage_reject(world, 3, FRN_BASE + 4);
	/* a row without either is nobody's, the filing without an FRN not its owner either */
	stage_reject(world, 0, 0);
	/* a row beside a good one, and rows of nobody that is known */
	stage_number(world, 6);
	stage_reject(world, 6, FRN_BASE + 6);
	stage_reject(world, 1000, 0);
	stage_reject(world, 0, 1000);
	compare(world);
	assert_counts(world, 7, 5, 0, 0, 2, 0, 4);
	assert_int_equal(world->difference.count, 7);
	assert_outcome(world, 0, 1, OUTCOME_QUARANTINED, 0, false);
	assert_outcome(world, 1, 2, OUTCOME_QUARANTINED, 0, false);
	assert_outcome(world, 2, 3, OUTCOME_QUARANTINED, 0, false);
	assert_outcome(world, 3, 4, OUTCOME_VANISHED, 0, false);
	assert_outcome(world, 4, 5, OUTCOME_VANISHED, 0, false);
	assert_outcome(world, 5, 6, OUTCOME_SAME, 0, true);
	assert_outcome(world, 6, 7, OUTCOME_QUARANTINED, 0, false);
	publish_now(world);
	/* one that was quarantined may vanish; one that is gone does not come back by a row that nobody can read */
	for (uint32_t number = 1; number <= 7; number++)
		if (number != 4 && number != 1)
			stage_number(world, number);
	stage_reject(world, 4, 0);
	compare(world);
	assert_outcome(world, 0, 1, OUTCOME_VANISHED, 0, false);
	assert_outcome(world, 3, 4, OUTCOME_GONE, 0, false);
}

/* Of a rollback: rows that an older file could not give already then come with the form that was kept, and with the
 * mark. */
static void
quarantined_before_a_rollback(void **state)
{
	struct world *world = *state;

	for (uint32_t number = 1; number <= 4; number++)
		stage_number(world, number);
	publish_now(world);
	stage_number(world, 1);
	stage_number(world, 2);
	stage_number(world, 4);
	publish_now(world);
	for (uint32_t number = 1; number <= 3; number++) {
		struct filing filing = filing_of(number);

		filing.roles = number == 2 ? 1U << RMD_ROLE_GATEWAY : filing.roles;
		stage(world, &filing);
		world->staging.filings[number - 1].row_quarantined = number > 1;
		if (number > 1)
			stage_reject(world, number, 0);
	}
	compare(world);
	assert_counts(world, 3, 3, 0, 1, 1, 1, 2);
	assert_outcome(world, 0, 1, OUTCOME_SAME, 0, true);
	assert_outcome(world, 1, 2, OUTCOME_CHANGED,
		       BIT(COLUMN_VOICE_SERVICE_PROVIDER_CHOICE) | BIT(COLUMN_GATEWAY_PROVIDER_CHOICE), true);
	assert_outcome(world, 2, 3, OUTCOME_RELISTED, 0, true);
	assert_outcome(world, 3, 4, OUTCOME_VANISHED, 0, false);
	publish_now(world);
	for (uint32_t number = 1; number <= 4; number++) {
		unsigned char key[KEY_MAX];
		struct lifecycle lifecycle;
		struct slice value, form;

		assert_true(snapshot_get(world->old, TABLE_FILING, key_filing(key, number), &value));
		assert_true(lifecycle_decode(value, &lifecycle, &form));
		assert_int_equal(lifecycle.listed, number < 4);
		assert_int_equal(lifecycle.row_quarantined, number == 2 || number == 3);
	}
}

static void
unsorted_file(void **state)
{
	static const uint32_t numbers[] = { 7, 3, 9999999, 1, 5, 2 };
	struct world *world = *state;

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		stage_number(world, numbers[i]);
	compare(world);
	assert_counts(world, 0, 6, 6, 0, 0, 0, 0);
	assert_outcome(world, 0, 1, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 1, 2, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 2, 3, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 3, 5, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 4, 7, OUTCOME_ADDED, 0, true);
	assert_outcome(world, 5, 9999999, OUTCOME_ADDED, 0, true);
	publish_now(world);
	/* the order of a file is no change */
	for (size_t i = sizeof numbers / sizeof numbers[0]; i-- > 0;)
		stage_number(world, numbers[i]);
	compare(world);
	assert_counts(world, 6, 6, 0, 0, 0, 0, 0);
}

static void
assert_doubled(struct world *world, const char *message)
{
	assert_int_equal(staging_finish(&world->staging, SOURCE_NAME, &world->error), EX_DATAERR);
	assert_string_equal(world->error.text, message);
	world->error = (struct error){ 0 };
	file_begin(world);
}

static void
doubled_number(void **state)
{
	struct world *world = *state;

	/* far apart */
	stage_number(world, 4);
	stage_number(world, 1410);
	stage_number(world, 2);
	stage_number(world, 1410);
	assert_doubled(world, SOURCE_NAME ":8: number RMD0001410 stands in line 4 too; the file is refused, the old "
					  "snapshot keeps serving");
	/* side by side in a file that ascends otherwise */
	stage_number(world, 1);
	stage_number(world, 2);
	stage_number(world, 2);
	stage_number(world, 3);
	assert_doubled(world, SOURCE_NAME ":6: number RMD0000002 stands in line 4 too; the file is refused, the old "
					  "snapshot keeps serving");
	/* the first of several */
	for (int i = 0; i < 3; i++) {
		stage_number(world, 9);
		stage_number(world, 8);
	}
	assert_doubled(world, SOURCE_NAME ":8: number RMD0000008 stands in line 4 too; the file is refused, the old "
					  "snapshot keeps serving");
}

static void
counts_of_the_file(void **state)
{
	struct world *world = *state;
	struct filing filing = filing_of(1);

	stage(world, &filing);
	filing.number = 2;
	filing.frn = 0;
	stage(world, &filing);
	filing.number = 3;
	filing.text[COLUMN_BUSINESS_NAME] = (struct slice){ NULL, 0 };
	stage(world, &filing);
	stage_reject(world, 4, 5);
	assert_int_equal(world->staging.count, 3);
	assert_int_equal(world->staging.with_frn, 1);
	assert_int_equal(world->staging.with_name, 2);
	assert_int_equal(world->staging.reject_count, 1);
	assert_int_equal(world->staging.rejects_kept, 1);
	assert_int_equal(world->staging.rejects[0].number, 4);
	assert_int_equal(world->staging.rejects[0].frn, 5);
	assert_int_equal(world->staging.rejects[0].line, world->line);
}

/* More rejects than are kept are counted all the same. */
static void
many_rejects(void **state)
{
	struct world *world = *state;

	for (uint32_t i = 1; i <= LIMIT_REJECTS + 5; i++)
		stage_reject(world, i, 0);
	assert_int_equal(world->staging.reject_count, LIMIT_REJECTS + 5);
	assert_int_equal(world->staging.rejects_kept, LIMIT_REJECTS);
	assert_int_equal(world->staging.rejects[LIMIT_REJECTS - 1].number, LIMIT_REJECTS);
	finish(world);
}

/* Filings of 120 kB each, until they are more than what waits in memory. */
#define LARGE_TEXT 60000
#define LARGE_FILINGS ((uint32_t)(2 * (LIMIT_BUILD_SLICE / (2 * LARGE_TEXT)) + 50))

static void
stage_large(struct world *world, uint32_t number, char *text)
{
	struct filing filing = filing_of(number);

	memset(text, 'a' + (int)(number % 26), LARGE_TEXT);
	filing.text[COLUMN_BUSINESS_ADDRESS] = (struct slice){ text, LARGE_TEXT };
	filing.text[COLUMN_OTHER_DBA_NAMES] = (struct slice){ text, LARGE_TEXT };
	stage(world, &filing);
}

static void
assert_large(struct world *world, uint32_t number)
{
	struct slice form = staging_form(&world->staging, number - 1);
	struct filing filing;

	assert_true(filing_decode(form, &filing));
	assert_int_equal(filing.number, number);
	assert_int_equal(filing.text[COLUMN_BUSINESS_ADDRESS].length, LARGE_TEXT);
	assert_int_equal(filing.text[COLUMN_BUSINESS_ADDRESS].data[0], 'a' + (int)(number % 26));
	assert_int_equal(filing.text[COLUMN_OTHER_DBA_NAMES].data[LARGE_TEXT - 1], 'a' + (int)(number % 26));
}

/* The forms overflow into the file, and are found there: up, down, and up again, though pages are given back. */
static void
larger_than_memory(void **state)
{
	struct world *world = *state;
	char *text = malloc(LARGE_TEXT);

	assert_non_null(text);
	for (uint32_t number = LARGE_FILINGS; number >= 1; number--)
		stage_large(world, number, text);
	free(text);
	assert_true(world->staging.bytes > 2 * (uint64_t)LIMIT_BUILD_SLICE);
	finish(world);
	for (uint32_t number = 1; number <= LARGE_FILINGS; number++)
		assert_large(world, number);
	for (uint32_t number = LARGE_FILINGS; number >= 1; number--)
		assert_large(world, number);
	for (uint32_t number = 1; number <= LARGE_FILINGS; number += 17)
		assert_large(world, number);
	assert_int_equal(diff(NULL, &world->staging, &world->difference, &world->error), 0);
	assert_counts(world, 0, LARGE_FILINGS, LARGE_FILINGS, 0, 0, 0, 0);
}

static void
no_place_for_the_file(void **state)
{
	struct world *world = *state;
	struct decode_sink sink = staging_sink(&world->staging);
	struct filing filing = filing_of(1);
	char *text = calloc(1, LARGE_TEXT);
	int code = 0;

	assert_non_null(text);
	world->staging.directory = "no such directory";
	filing.text[COLUMN_BUSINESS_ADDRESS] = filing.text[COLUMN_OTHER_DBA_NAMES] =
		(struct slice){ text, LARGE_TEXT };
	for (filing.number = 1; code == 0 && filing.number <= LARGE_FILINGS; filing.number++)
		code = sink.filing(sink.context, &filing, filing.number, &world->error);
	free(text);
	assert_int_equal(code, EX_CANTCREAT);
	assert_string_equal(world->error.text,
			    "no such directory: cannot keep the new filings there: No such file or "
			    "directory; the old snapshot keeps serving");
}

/* Changes 8 or 4 bytes of the snapshot's file wherever `pattern` is followed by them; how often. */
static unsigned
file_patch(const char *path, const void *pattern, size_t length, size_t skip, uint64_t was, uint64_t is, size_t size)
{
	FILE *file = fopen(path, "rb");
	char *data = malloc(1 << 20);
	char fresh[LIMIT_PATH_BYTES];
	size_t bytes;
	unsigned found = 0;

	assert_true(file != NULL && data != NULL);
	bytes = fread(data, 1, 1 << 20, file);
	assert_true(bytes > 0 && bytes < 1 << 20);
	assert_int_equal(fclose(file), 0);
	for (size_t i = 0; i + length + skip + size <= bytes; i++) {
		if (memcmp(data + i, pattern, length) != 0 || memcmp(data + i + length + skip, &was, size) != 0)
			continue;
		memcpy(data + i + length + skip, &is, size);
		found++;
	}
	assert_int_equal(path_join(fresh, sizeof fresh, directory, SNAPSHOT ".4"), 0);
	assert_int_equal(durable_write(directory, SNAPSHOT ".4", data, bytes, 0600), 0);
	free(data);
	return found;
}

/* A snapshot whose table says that it has one filing more, or fewer, than the walk through it finds: by damage the
 * filings behind the place would be taken for new ones, and their past be lost. */
static void
walk_that_contradicts_the_count(void **state)
{
	struct world *world = *state;
	char patched[LIMIT_PATH_BYTES];
	unsigned char form[STATE_ENCODED_MAX];
	size_t before_filings = 4 * 4 + 4 * 8;

	stage_number(world, 1);
	stage_number(world, 2);
	stage_number(world, 3);
	publish_now(world);
	assert_int_equal(path_join(patched, sizeof patched, directory, SNAPSHOT ".4"), 0);
	for (uint64_t says = 2; says <= 4; says += 2) {
		snapshot_close(world->old);
		world->old = NULL;
		/* LMDB keeps a table's count behind 32 bytes of its record; ours stands in the state. */
		assert_int_equal(file_patch(world->path, "filing", 6, 32, 3, says, 8), 1);
		assert_true(state_encode(&world->state, form) > before_filings);
		assert_int_equal(file_patch(patched, form, before_filings, 0, 3, says, 4), 1);
		assert_int_equal(snapshot_open(patched, &world->old), SNAPSHOT_GOOD);
		file_begin(world);
		stage_number(world, 1);
		stage_number(world, 2);
		stage_number(world, 3);
		finish(world);
		assert_int_equal(diff(world->old, &world->staging, &world->difference, &world->error), EX_SOFTWARE);
		assert_string_equal(world->error.text,
				    "the old snapshot holds a filing that cannot be read; it keeps serving");
		world->error = (struct error){ 0 };
	}
}

static int
directory_begin(void **state)
{
	(void)state;
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
directory_end(void **state)
{
	(void)state;
	return rmdir(directory);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_file),
		TEST(every_outcome),
		TEST(without_a_file),
		TEST(changed_columns),
		TEST(relisted_with_other_columns),
		TEST(quarantined),
		TEST(quarantined_before_a_rollback),
		TEST(unsorted_file),
		TEST(doubled_number),
		TEST(counts_of_the_file),
		TEST(many_rejects),
		TEST(larger_than_memory),
		TEST(no_place_for_the_file),
		TEST(walk_that_contradicts_the_count),
	};

	return cmocka_run_group_tests(tests, directory_begin, directory_end);
}
