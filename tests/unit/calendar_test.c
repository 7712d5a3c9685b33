/* SPDX-License-Identifier: ISC
 *
 * The due days of the annual recertification, and from when a filing is overdue by them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cache/packed.h"
#include "notice/calendar.h"

static const struct calendar no_closures;

/* As a snapshot has it. */
static int64_t
overdue_from(day last_recertified)
{
	static struct packed_header header;

	for (int i = 0; i < DUE_YEARS; i++)
		header.recertification_due[i] = recertification_due_ended(&no_closures, DUE_FIRST_YEAR + i);
	return packed_overdue_from(&header, last_recertified);
}

static void
assert_due_ended(int year, const char *ended)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, recertification_due_ended(&no_closures, year));
	assert_string_equal(text, ended);
}

static void
assert_overdue(const char *last_recertified, const char *from)
{
	char text[TIME_TEXT_SIZE];
	day date = day_parse(slice_of(last_recertified));

	assert_int_not_equal(date, DAY_NONE);
	time_format(text, overdue_from(date));
	assert_string_equal(text, from);
}

static void
due_days(void **state)
{
	(void)state;
	/* March 1, 2026 is a Sunday: due on Monday the 2nd, overdue when that day has ended. */
	assert_due_ended(2026, "2026-03-03T00:00:00-05:00");
	assert_due_ended(2027, "2027-03-02T00:00:00-05:00"); /* a Monday */
	assert_due_ended(2028, "2028-03-02T00:00:00-05:00"); /* a Wednesday, in a leap year */
	assert_due_ended(2030, "2030-03-02T00:00:00-05:00"); /* a Friday */
	assert_due_ended(2031, "2031-03-04T00:00:00-05:00"); /* a Saturday */
	assert_due_ended(2037, "2037-03-03T00:00:00-05:00"); /* a Sunday */
}

static void
overdue(void **state)
{
	(void)state;
	assert_overdue("2021-06-30", "2026-03-03T00:00:00-05:00");
	assert_overdue("2025-02-01", "2026-03-03T00:00:00-05:00");
	assert_overdue("2025-12-31", "2026-03-03T00:00:00-05:00");
	assert_overdue("2026-01-31", "2026-03-03T00:00:00-05:00");
	/* within the window, and late: both are good until next year's */
	assert_overdue("2026-02-01", "2027-03-02T00:00:00-05:00");
	assert_overdue("2026-03-02", "2027-03-02T00:00:00-05:00");
	assert_overdue("2026-09-01", "2027-03-02T00:00:00-05:00");
	assert_overdue("2027-01-31", "2027-03-02T00:00:00-05:00");
	assert_overdue("2027-02-01", "2028-03-02T00:00:00-05:00");
	assert_overdue("2028-02-29", "2029-03-02T00:00:00-05:00");
	assert_overdue("2030-05-01", "2031-03-04T00:00:00-05:00");
}

/* A later recertification never makes a filing overdue earlier. */
static void
never_backwards(void **state)
{
	int64_t last = 0;

	(void)state;
	for (day date = day_of(2020, 1, 1); date <= day_of(2088, 12, 31); date++) {
		int64_t from = overdue_from(date);

		assert_true(from >= last);
		assert_true(from > day_begins(date));
		last = from;
	}
}

static void
blank(void **state)
{
	(void)state;
	assert_int_equal(overdue_from(DAY_NONE), TIME_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(due_days),
		cmocka_unit_test(overdue),
		cmocka_unit_test(never_backwards),
		cmocka_unit_test(blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
