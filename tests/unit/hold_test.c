/* SPDX-License-Identifier: ISC
 *
 * A held list and its release by a later one that repeats it, over whole runs: what releases, what does not, and
 * when.
 */
#include "world.h"

#include "rmd.h"
#include "sync/hold.h"

#define LIMITS                                                                                                       \
	"[guard]\nminimum-rows = 1\nvanished-rows = 2\nvanished-percent = 100\ncontiguous-rows = 4\nrelisted-rows "  \
	"= 2\nrelease-after = 12h\n"

static const char *name_of_all = "Somebody";

/* RMD numbers of a list of 20, without those that stand in `missing`. */
static void
list_without(const char *missing)
{
	static char numbers[20][RMD_NUMBER_SIZE], frns[20][RMD_NUMBER_SIZE];
	struct row rows[20];
	size_t count = 0;

	for (unsigned i = 1; i <= 20; i++) {
		char wanted[8];

		snprintf(wanted, sizeof wanted, " %u ", i);
		if (strstr(missing, wanted) != NULL)
			continue;
		rmd_number_format(numbers[count], i);
		frn_format(frns[count], 99000000 + i);
		rows[count] = (struct row){ .number = numbers[count], .frn = frns[count], .name = name_of_all };
		count++;
	}
	world_rows(rows, count);
}

static int
begin(void **state)
{
	if (world_begin(state) != 0)
		return -1;
	world_write(world_conf, LIMITS);
	list_without("");
	world_run("2026-03-10T09:00:00Z", 0);
	return 0;
}

static bool
candidate_there(void)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", world_state, HOLD_CANDIDATE_NAME);
	return access(path, F_OK) == 0;
}

static void
released_when_repeated(void **state)
{
	struct report report;

	(void)state;
	list_without(" 2 5 9 ");
	report = world_run("2026-03-11T09:00:00Z", EXIT_HELD);
	assert_string_equal(report.reason, "vanished");
	assert_true(candidate_there());
	/* A second short of the time it is held still, and the first time counts on. */
	world_run("2026-03-11T20:59:59Z", EXIT_HELD);
	report = world_run("2026-03-11T21:00:00Z", 0);
	assert_int_equal(report.result, RESULT_PUBLISHED);
	assert_int_equal(report.removed, 3);
	assert_false(candidate_there());
}

static void
a_few_more_may_vanish_meanwhile(void **state)
{
	(void)state;
	list_without(" 2 5 9 ");
	world_run("2026-03-11T09:00:00Z", EXIT_HELD);
	list_without(" 2 5 9 12 15 ");
	assert_int_equal(world_run("2026-03-12T09:00:00Z", 0).removed, 5);
}

static void
many_more_are_another_loss(void **state)
{
	(void)state;
	list_without(" 2 5 9 ");
	world_run("2026-03-11T09:00:00Z", EXIT_HELD);
	list_without(" 2 5 9 12 15 18 ");
	world_run("2026-03-12T09:00:00Z", EXIT_HELD);
}

static void
one_that_came_back_begins_anew(void **state)
{
	(void)state;
	list_without(" 2 5 9 ");
	world_run("2026-03-11T09:00:00Z", EXIT_HELD);
	list_without(" 2 5 12 ");
	world_run("2026-03-12T09:00:00Z", EXIT_HELD);
	world_run("2026-03-12T20:00:00Z", EXIT_HELD);
	world_run("2026-03-12T21:00:00Z", 0);
}

/* Of what came back all must still be there. */
static void
one_that_went_again_begins_anew(void **state)
{
	(void)state;
	list_without(" 2 5 ");
	world_run("2026-03-11T09:00:00Z", 0);
	list_without(" 2 5 9 12 ");
	world_run("2026-03-12T09:00:00Z", 0);
	list_without("");
	assert_string_equal(world_run("2026-03-13T09:00:00Z", EXIT_HELD).reason, "relisted");
	list_without(" 12 ");
	assert_string_equal(world_run("2026-03-14T09:00:00Z", EXIT_HELD).reason, "relisted");
	world_run("2026-03-14T20:59:59Z", EXIT_HELD);
	assert_int_equal(world_run("2026-03-14T21:00:00Z", 0).relisted, 3);
}

/* That too many change at once names no filing, so any later list would repeat it. */
static void
another_reason_begins_anew(void **state)
{
	(void)state;
	list_without(" 2 5 ");
	world_run("2026-03-11T09:00:00Z", 0);
	list_without(" 2 5 9 12 ");
	world_run("2026-03-12T09:00:00Z", 0);
	name_of_all = "Another";
	list_without(" 2 5 9 12 ");
	assert_string_equal(world_run("2026-03-13T09:00:00Z", EXIT_HELD).reason, "changed");
	name_of_all = "Somebody";
	list_without("");
	assert_string_equal(world_run("2026-03-14T09:00:00Z", EXIT_HELD).reason, "relisted");
	world_run("2026-03-14T21:00:00Z", 0);
}

static void
neighbours_are_never_released_so(void **state)
{
	struct report report;

	(void)state;
	list_without(" 5 6 7 8 ");
	report = world_run("2026-03-11T09:00:00Z", EXIT_HELD);
	assert_string_equal(report.reason, "vanished-contiguous");
	world_run("2026-03-20T09:00:00Z", EXIT_HELD);
	assert_true(candidate_there());
}

static void
a_good_list_forgets_it(void **state)
{
	(void)state;
	list_without(" 2 5 9 ");
	world_run("2026-03-11T09:00:00Z", EXIT_HELD);
	list_without("");
	world_run("2026-03-11T12:00:00Z", 0);
	assert_false(candidate_there());
	list_without(" 2 5 9 ");
	world_run("2026-03-12T09:00:00Z", EXIT_HELD);
}

static void
a_record_that_cannot_be_read_releases_nothing(void **state)
{
	static const char *const records[] = {
		"",
		"held-at yesterday\nfetched-at 2026-03-11T09:00:00Z\nreason vanished\n",
		"held-at 2026-03-10T09:00:00Z\nfetched-at 2026-03-10T09:00:00Z\nreason nonsense\n",
		"held-at 2026-03-10T09:00:00Z\nfetched-at 2026-03-10T09:00:00Z\nreason vanished\nRMD12\n",
		"what is this\n",
	};
	struct hold hold;

	(void)state;
	for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
		char path[160];

		snprintf(path, sizeof path, "%s/%s", world_state, HELD_RECORD_NAME);
		world_write(path, records[i]);
		assert_false(hold_read(world_state, &hold));
		assert_int_equal(unlink(path), 0);
	}
	assert_false(hold_read(world_state, &hold));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, world_end)
	const struct CMUnitTest tests[] = {
		TEST(released_when_repeated),
		TEST(a_few_more_may_vanish_meanwhile),
		TEST(many_more_are_another_loss),
		TEST(one_that_came_back_begins_anew),
		TEST(one_that_went_again_begins_anew),
		TEST(another_reason_begins_anew),
		TEST(neighbours_are_never_released_so),
		TEST(a_good_list_forgets_it),
		TEST(a_record_that_cannot_be_read_releases_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
