/* SPDX-License-Identifier: ISC
 *
 * The guard's judgement of numbers, each limit from both sides, and which test speaks first where several could.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "sync/guard.h"

/* The filings of January 2025, and what two orders of August 2025 removed. */
#define FILINGS 9494
#define FIRST_ORDER 185
#define SECOND_ORDER 1203
#define FIRST_NUMBER 1000

/* The defaults of the manual. */
static const struct guard_limits defaults = { 1000, 250, 5, 20, 100, 50, 1, 43200 };

/* A file of `rows` good rows, and what it changes. */
struct world {
	struct guard_limits limits;
	bool first;
	struct staging staging;
	struct difference difference;
	struct reject reject;
	struct guard_judgement judgement;
};

static void
world_end(struct world *world)
{
	free(world->difference.outcomes);
}

/* Every filing of the old snapshot stands in the new file. */
static struct world
world_of(size_t filings)
{
	struct world world = { .limits = defaults };

	world.staging.count = world.staging.with_frn = world.staging.with_name = filings;
	/* Room for as many again, which a test may add. */
	world.difference.outcomes = calloc(2 * filings + 1, sizeof *world.difference.outcomes);
	assert_non_null(world.difference.outcomes);
	world.difference.count = world.difference.listed_before = world.difference.listed = filings;
	for (size_t i = 0; i < filings; i++)
		world.difference.outcomes[i].number = (uint32_t)(FIRST_NUMBER + i);
	return world;
}

static struct world
first_load(size_t rows)
{
	struct world world = world_of(rows);

	world.first = true;
	for (size_t i = 0; i < rows; i++)
		world.difference.outcomes[i].kind = OUTCOME_ADDED;
	world.difference.added = rows;
	world.difference.listed_before = 0;
	return world;
}

static void
vanish(struct world *world, size_t index)
{
	assert_int_equal(world->difference.outcomes[index].kind, OUTCOME_SAME);
	world->difference.outcomes[index].kind = OUTCOME_VANISHED;
	world->difference.vanished++;
	world->difference.listed--;
	world->staging.count--;
	world->staging.with_frn--;
	world->staging.with_name--;
}

static void
vanish_run(struct world *world, size_t from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		vanish(world, from + i);
}

/* One in five, as long as there are any: no two are neighbours. */
static void
vanish_scattered(struct world *world, size_t count)
{
	for (size_t i = 0; i < count; i++)
		vanish(world, i * 5);
}

static void
quarantine(struct world *world, size_t count)
{
	world->staging.reject_count = count;
	world->staging.rejects_kept = count > 0;
	world->staging.rejects = &world->reject;
	world->reject.line = 4711;
	memcpy(world->reject.reason, "\"RMD12\" is wrong", sizeof "\"RMD12\" is wrong");
}

static enum guard_reason
reason_of(struct world *world)
{
	struct guard_judgement *judgement = &world->judgement;

	/* Who reads one outcome too many sees a loss. */
	world->difference.outcomes[world->difference.count].kind = OUTCOME_VANISHED;
	guard_judge(&world->limits, world->first, &world->staging, &world->difference, judgement);
	/* Each reason has one verdict, and all but the best of them a sentence. */
	switch (judgement->reason) {
	case GUARD_FINE:
		assert_int_equal(judgement->verdict, GUARD_PASS);
		assert_string_equal(judgement->text, "");
		break;
	case GUARD_COLUMN_EMPTY:
	case GUARD_TOO_SMALL:
	case GUARD_TOO_MANY_REJECTS:
		assert_int_equal(judgement->verdict, GUARD_REFUSED);
		break;
	default:
		assert_int_equal(judgement->verdict, GUARD_HELD);
		break;
	}
	assert_true(judgement->reason == GUARD_FINE || judgement->text[0] != '\0');
	return judgement->reason;
}

static void
assert_reason(struct world world, enum guard_reason reason)
{
	assert_int_equal(reason_of(&world), reason);
	world_end(&world);
}

static void
assert_text(struct world world, enum guard_reason reason, const char *text)
{
	assert_int_equal(reason_of(&world), reason);
	assert_string_equal(world.judgement.text, text);
	world_end(&world);
}

static void
names(void **state)
{
	static const struct {
		enum guard_reason reason;
		const char *name;
	} words[] = {
		{ GUARD_FINE, "" },
		{ GUARD_COLUMN_EMPTY, "column-empty" },
		{ GUARD_TOO_SMALL, "too-small" },
		{ GUARD_TEN_THOUSAND, "exactly-10000-rows" },
		{ GUARD_TOO_MANY_REJECTS, "too-many-quarantined" },
		{ GUARD_CONTIGUOUS, "vanished-contiguous" },
		{ GUARD_VANISHED, "vanished" },
		{ GUARD_RELISTED, "relisted" },
		{ GUARD_CHANGED, "changed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		assert_string_equal(guard_reason_name(words[i].reason), words[i].name);
		assert_int_equal(guard_reason_parse(words[i].name), words[i].reason);
	}
	assert_int_equal(guard_reason_parse("vanish"), GUARD_FINE);
	assert_int_equal(guard_reason_parse("vanished "), GUARD_FINE);
}

static void
nothing_changed(void **state)
{
	(void)state;
	assert_reason(world_of(FILINGS), GUARD_FINE);
	assert_reason(world_of(1), GUARD_FINE);
	assert_reason(first_load(FILINGS), GUARD_FINE);
}

static void
minimum_rows_on_a_first_load_only(void **state)
{
	struct world world = first_load(1000);

	(void)state;
	assert_reason(world, GUARD_FINE);
	assert_text(first_load(999), GUARD_TOO_SMALL, "999 rows, at least 1000 are needed");
	/* rows that were quarantined are rows */
	world = first_load(995);
	quarantine(&world, 5);
	assert_reason(world, GUARD_FINE);
	world = first_load(3);
	world.limits.minimum_rows = 3;
	assert_reason(world, GUARD_FINE);
	world = first_load(2);
	world.limits.minimum_rows = 3;
	assert_reason(world, GUARD_TOO_SMALL);
	/* with a snapshot, what vanished is asked instead */
	assert_reason(world_of(999), GUARD_FINE);
}

static void
no_rows(void **state)
{
	struct world world = first_load(0);

	(void)state;
	assert_reason(world, GUARD_TOO_SMALL);
	world = first_load(0);
	world.limits.minimum_rows = 0;
	assert_reason(world, GUARD_TOO_SMALL);
	world = world_of(3);
	vanish_run(&world, 0, 3);
	assert_text(world, GUARD_TOO_SMALL, "0 rows, at least 1 are needed");
}

static void
column_gone_empty(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	world.staging.with_frn = 0;
	assert_text(world, GUARD_COLUMN_EMPTY, "the column frn is empty in all 9494 rows");
	world = world_of(FILINGS);
	world.staging.with_frn = 1;
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	world.staging.with_name = 0;
	assert_text(world, GUARD_COLUMN_EMPTY, "the column business_name is empty in all 9494 rows");
	world = world_of(FILINGS);
	world.staging.with_name = 1;
	assert_reason(world, GUARD_FINE);
	/* of one row, too */
	world = world_of(1);
	world.staging.with_frn = 0;
	assert_reason(world, GUARD_COLUMN_EMPTY);
	world = world_of(1);
	world.staging.with_name = 0;
	assert_reason(world, GUARD_COLUMN_EMPTY);
	/* before the number of rows, on a first load too */
	world = first_load(10);
	world.staging.with_name = 0;
	assert_reason(world, GUARD_COLUMN_EMPTY);
	/* where no row could be read, no column is empty: too many rows are quarantined */
	world = world_of(0);
	quarantine(&world, 5);
	assert_reason(world, GUARD_TOO_MANY_REJECTS);
}

static void
quarantined_percent(void **state)
{
	struct world world = world_of(9801);

	(void)state;
	/* 1 % exactly, and a little more */
	quarantine(&world, 99);
	assert_reason(world, GUARD_FINE);
	world = world_of(9800);
	quarantine(&world, 99);
	assert_text(world, GUARD_TOO_MANY_REJECTS,
		    "99 of 9899 rows cannot be understood (limit 1 %); the first: line 4711: \"RMD12\" is wrong");
	world = world_of(100);
	world.limits.rejected_percent = 0;
	quarantine(&world, 1);
	assert_reason(world, GUARD_TOO_MANY_REJECTS);
	world = world_of(100);
	world.limits.rejected_percent = 100;
	quarantine(&world, 100000);
	assert_reason(world, GUARD_FINE);
}

static void
exactly_ten_thousand_rows(void **state)
{
	struct world world = first_load(10000);

	(void)state;
	assert_text(world, GUARD_TEN_THOUSAND,
		    "exactly 10000 rows: the service cuts its exports there without a word");
	assert_reason(first_load(9999), GUARD_FINE);
	assert_reason(first_load(10001), GUARD_FINE);
	assert_reason(world_of(10000), GUARD_TEN_THOUSAND);
	/* it is the file's rows that are counted, readable or not */
	world = world_of(9999);
	quarantine(&world, 1);
	assert_reason(world, GUARD_TEN_THOUSAND);
	/* a file that must be refused is refused, whatever its number of rows */
	world = world_of(9800);
	quarantine(&world, 200);
	assert_reason(world, GUARD_TOO_MANY_REJECTS);
	/* before what vanished */
	world = world_of(10500);
	vanish_run(&world, 0, 500);
	assert_reason(world, GUARD_TEN_THOUSAND);
}

static void
orders_of_2025(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	vanish_scattered(&world, FIRST_ORDER);
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	vanish_scattered(&world, SECOND_ORDER);
	assert_text(
		world, GUARD_VANISHED,
		"1203 of 9494 filings vanished (limit 250 rows or 5 %), scattered, at most 1 side by side: this is "
		"the shape of an enforcement order");
}

/* The second order of August 2025, once it is on file: most of what vanished must be named, one more than half. */
static void
what_orders_name_passes(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	vanish_scattered(&world, SECOND_ORDER);
	world.difference.ordered = SECOND_ORDER / 2 + 1;
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	vanish_scattered(&world, SECOND_ORDER);
	world.difference.ordered = SECOND_ORDER / 2;
	assert_text(world, GUARD_VANISHED,
		    "1203 of 9494 filings vanished (limit 250 rows or 5 %), 601 named by removal orders, scattered, "
		    "at most "
		    "1 side by side: this is the shape of an enforcement order");
	/* one half exactly is not most */
	world = world_of(FILINGS);
	vanish_scattered(&world, 300);
	world.difference.ordered = 150;
	assert_reason(world, GUARD_VANISHED);
	world = world_of(FILINGS);
	vanish_scattered(&world, 251);
	world.difference.ordered = 1;
	assert_text(world, GUARD_VANISHED,
		    "251 of 9494 filings vanished (limit 250 rows or 5 %), 1 named by removal orders, scattered, at "
		    "most 1 side by side: this is the shape of an enforcement order");
	/* No order takes neighbours: their absence is a piece of the file that is missing. */
	world = world_of(FILINGS);
	for (size_t i = 100; i < 120; i++)
		vanish(&world, i);
	world.difference.ordered = 20;
	assert_reason(world, GUARD_CONTIGUOUS);
}

static void
vanished_rows(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	vanish_scattered(&world, 250);
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	vanish_scattered(&world, 251);
	assert_reason(world, GUARD_VANISHED);
	world = world_of(FILINGS);
	world.limits.vanished_rows = 0;
	vanish(&world, 7);
	assert_reason(world, GUARD_VANISHED);
}

/* Of few filings the percent is the smaller limit. */
static void
vanished_percent(void **state)
{
	struct world world = world_of(1000);

	(void)state;
	vanish_scattered(&world, 50);
	assert_reason(world, GUARD_FINE);
	world = world_of(1000);
	vanish_scattered(&world, 51);
	assert_text(
		world, GUARD_VANISHED,
		"51 of 1000 filings vanished (limit 250 rows or 5 %), scattered, at most 1 side by side: this is the "
		"shape of an enforcement order");
	/* of those that were listed: what was gone before does not count */
	world = world_of(1000);
	vanish_scattered(&world, 50);
	for (size_t i = 990; i < 1000; i++)
		world.difference.outcomes[i].kind = OUTCOME_GONE;
	world.difference.listed_before -= 10;
	assert_reason(world, GUARD_VANISHED);
}

static void
side_by_side(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	vanish_run(&world, 3, 19);
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	vanish_run(&world, 3, 20);
	assert_text(world, GUARD_CONTIGUOUS,
		    "20 of 9494 filings vanished, 20 of them side by side (RMD0001003 to RMD0001022): this is the "
		    "shape of "
		    "a broken export");
	/* at the beginning, and at the end, where an export is cut */
	world = world_of(FILINGS);
	vanish_run(&world, 0, 20);
	assert_reason(world, GUARD_CONTIGUOUS);
	world = world_of(FILINGS);
	vanish_run(&world, FILINGS - 20, 20);
	assert_text(world, GUARD_CONTIGUOUS,
		    "20 of 9494 filings vanished, 20 of them side by side (RMD0010474 to RMD0010493): this is the "
		    "shape of "
		    "a broken export");
	/* the longest of several is named, the first of two alike */
	world = world_of(FILINGS);
	vanish_run(&world, 10, 21);
	vanish_run(&world, 50, 22);
	vanish_run(&world, 100, 22);
	vanish_run(&world, 200, 5);
	assert_text(world, GUARD_CONTIGUOUS,
		    "70 of 9494 filings vanished, 22 of them side by side (RMD0001050 to RMD0001071): this is the "
		    "shape of "
		    "a broken export");
	/* before their number */
	world = world_of(FILINGS);
	vanish_run(&world, 0, 2000);
	assert_reason(world, GUARD_CONTIGUOUS);
}

static void
side_by_side_limit(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	world.limits.contiguous_rows = 1;
	vanish(&world, 5);
	assert_reason(world, GUARD_CONTIGUOUS);
	world = world_of(FILINGS);
	world.limits.contiguous_rows = 1;
	assert_reason(world, GUARD_FINE);
	/* 0: not asked */
	world = world_of(FILINGS);
	world.limits.contiguous_rows = 0;
	vanish_run(&world, 5, 100);
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	world.limits.contiguous_rows = 0;
	vanish_run(&world, 5, 251);
	assert_text(world, GUARD_VANISHED,
		    "251 of 9494 filings vanished (limit 250 rows or 5 %), up to 251 side by side: this is the shape "
		    "of a "
		    "broken export");
	/* so many neighbours are called a piece, whatever the limit */
	world = world_of(FILINGS);
	world.limits.contiguous_rows = 0;
	world.limits.vanished_rows = 19;
	vanish_run(&world, 5, 20);
	assert_text(
		world, GUARD_VANISHED,
		"20 of 9494 filings vanished (limit 19 rows or 5 %), up to 20 side by side: this is the shape of a "
		"broken export");
}

/* What was not in the old list was no neighbour in it; numbers are sparse, so what counts is that none stayed
 * between. */
static void
neighbours(void **state)
{
	static const enum outcome_kind transparent[] = { OUTCOME_GONE, OUTCOME_ADDED, OUTCOME_RELISTED };
	static const enum outcome_kind staying[] = { OUTCOME_SAME, OUTCOME_CHANGED, OUTCOME_QUARANTINED };
	struct world world;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		world = world_of(FILINGS);
		vanish_run(&world, 0, 10);
		world.difference.outcomes[10].kind = transparent[i];
		world.difference.outcomes[11].kind = transparent[i];
		vanish_run(&world, 12, 9);
		assert_reason(world, GUARD_FINE);
		world = world_of(FILINGS);
		vanish_run(&world, 0, 10);
		world.difference.outcomes[10].kind = transparent[i];
		world.difference.outcomes[11].kind = transparent[i];
		vanish_run(&world, 12, 10);
		assert_text(world, GUARD_CONTIGUOUS,
			    "20 of 9494 filings vanished, 20 of them side by side (RMD0001000 to RMD0001021): this "
			    "is the "
			    "shape of a broken export");
		world = world_of(FILINGS);
		vanish_run(&world, 0, 10);
		world.difference.outcomes[10].kind = staying[i];
		vanish_run(&world, 11, 19);
		assert_reason(world, GUARD_FINE);
	}
	world = world_of(FILINGS);
	vanish_run(&world, 0, 20);
	for (size_t i = 0; i < world.difference.count; i++)
		world.difference.outcomes[i].number *= 700;
	assert_reason(world, GUARD_CONTIGUOUS);
}

static void
relisted(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	world.difference.relisted = 100;
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	world.difference.relisted = 101;
	assert_text(world, GUARD_RELISTED, "101 vanished filings came back at once (limit 100)");
	/* behind what vanished */
	world = world_of(FILINGS);
	world.difference.relisted = 101;
	vanish_scattered(&world, 251);
	assert_reason(world, GUARD_VANISHED);
}

static void
changed(void **state)
{
	struct world world = world_of(FILINGS);

	(void)state;
	world.difference.changed = FILINGS / 2;
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	world.difference.changed = FILINGS / 2 + 1;
	assert_text(world, GUARD_CHANGED, "4748 of 9494 filings changed at once (limit 50 %)");
	world = world_of(FILINGS);
	world.limits.changed_percent = 100;
	world.difference.changed = FILINGS;
	assert_reason(world, GUARD_FINE);
	world = world_of(FILINGS);
	world.limits.changed_percent = 0;
	world.difference.changed = 1;
	assert_reason(world, GUARD_CHANGED);
	/* behind what came back */
	world = world_of(FILINGS);
	world.difference.changed = FILINGS;
	world.difference.relisted = 101;
	assert_reason(world, GUARD_RELISTED);
}

/* The longest sentence that there can be is whole. */
static void
long_reject(void **state)
{
	struct world world = world_of(0);

	(void)state;
	quarantine(&world, SIZE_MAX / 200);
	world.limits.rejected_percent = 99;
	world.reject.line = UINT64_MAX;
	memset(world.reject.reason, 'x', sizeof world.reject.reason - 1);
	assert_int_equal(reason_of(&world), GUARD_TOO_MANY_REJECTS);
	assert_true(strlen(world.judgement.text) < sizeof world.judgement.text - 1);
	assert_int_equal(world.judgement.text[strlen(world.judgement.text) - 1], 'x');
	world_end(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(nothing_changed),
		cmocka_unit_test(minimum_rows_on_a_first_load_only),
		cmocka_unit_test(no_rows),
		cmocka_unit_test(column_gone_empty),
		cmocka_unit_test(quarantined_percent),
		cmocka_unit_test(exactly_ten_thousand_rows),
		cmocka_unit_test(orders_of_2025),
		cmocka_unit_test(what_orders_name_passes),
		cmocka_unit_test(vanished_rows),
		cmocka_unit_test(vanished_percent),
		cmocka_unit_test(side_by_side),
		cmocka_unit_test(side_by_side_limit),
		cmocka_unit_test(neighbours),
		cmocka_unit_test(relisted),
		cmocka_unit_test(changed),
		cmocka_unit_test(long_reject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
