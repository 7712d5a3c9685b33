/* SPDX-License-Identifier: ISC
 *
 * Which days are business days: the federal holidays against the lists that OPM printed, closures from a file. The
 * due days of the annual recertification, and from when a filing is overdue by them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/durable.h"
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

static day
date_of(const char *text)
{
	day date = day_parse(slice_of(text));

	assert_int_not_equal(date, DAY_NONE);
	return date;
}

static void
assert_date(day date, const char *text)
{
	char written[11];

	day_format(written, date);
	assert_string_equal(written, text);
}

/* Every weekday of four years is a business day but for those of the lists. */
static void
holidays_as_printed(void **state)
{
	static const char *const printed[] = {
		"2025-01-01", "2025-01-20", "2025-02-17", "2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01",
		"2025-10-13", "2025-11-11", "2025-11-27", "2025-12-25", "2026-01-01", "2026-01-19", "2026-02-16",
		"2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26",
		"2026-12-25", "2027-01-01", "2027-01-18", "2027-02-15", "2027-05-31", "2027-06-18", "2027-07-05",
		"2027-09-06", "2027-10-11", "2027-11-11", "2027-11-25", "2027-12-24", "2027-12-31", "2028-01-17",
		"2028-02-21", "2028-05-29", "2028-06-19", "2028-07-04", "2028-09-04", "2028-10-09", "2028-11-10",
		"2028-11-23", "2028-12-25",
	};
	const size_t count = sizeof printed / sizeof printed[0];
	size_t next = 0;

	(void)state;
	for (day date = day_of(2025, 1, 1); date <= day_of(2028, 12, 31); date++) {
		bool weekend = day_weekday(date) == 0 || day_weekday(date) == 6;
		bool holiday = next < count && date == date_of(printed[next]);

		next += holiday;
		assert_int_equal(is_business_day(&no_closures, date), !weekend && !holiday);
		if (holiday)
			assert_true(is_federal_holiday(date));
	}
	assert_int_equal(next, count);
}

static void
assert_holiday(const char *date, bool expected)
{
	assert_int_equal(is_federal_holiday(date_of(date)), expected);
}

static void
odd_holidays(void **state)
{
	(void)state;
	/* Juneteenth is law since June 17, 2021, a Thursday; that year's was a Saturday. */
	assert_holiday("2020-06-19", false);
	assert_holiday("2021-06-18", true);
	assert_holiday("2022-06-20", true);
	/* Inauguration Day: every fourth year; from a Sunday to Monday, from a Saturday to no other day. */
	assert_holiday("2021-01-20", true);
	assert_holiday("2022-01-20", false);
	assert_holiday("2017-01-20", true);
	assert_holiday("2013-01-21", true);
	assert_holiday("2029-01-19", false);
	assert_holiday("2029-01-22", false);
	assert_holiday("2041-01-20", false);
	assert_holiday("2041-01-21", true);
	/* New Year on a Saturday is kept in the old year, on a Sunday on January 2. */
	assert_holiday("2021-12-31", true);
	assert_holiday("2022-01-03", false);
	assert_holiday("2023-01-02", true);
	assert_holiday("2022-12-30", false);
	/* Memorial Day is the last Monday of May, be it the fourth or the fifth. */
	assert_holiday("2021-05-31", true);
	assert_holiday("2021-05-24", false);
	/* Thanksgiving is the fourth Thursday, not the last. */
	assert_holiday("2029-11-22", true);
	assert_holiday("2029-11-29", false);
}

static void
assert_days_after(const struct calendar *calendar, const char *release, uint64_t count, const char *last)
{
	assert_date(business_days_after(calendar, date_of(release), count), last);
}

static void
business_days(void **state)
{
	(void)state;
	assert_days_after(&no_closures, "2025-08-06", 2, "2025-08-08");
	assert_days_after(&no_closures, "2026-11-25", 2, "2026-11-30");
	assert_days_after(&no_closures, "2026-11-09", 10, "2026-11-24");
	assert_days_after(&no_closures, "2025-08-06", 0, "2025-08-06");
	/* released on a Friday, a Saturday and a Sunday: Monday is day 1 */
	assert_days_after(&no_closures, "2025-08-08", 1, "2025-08-11");
	assert_days_after(&no_closures, "2025-08-09", 1, "2025-08-11");
	assert_days_after(&no_closures, "2025-08-10", 1, "2025-08-11");
	assert_days_after(&no_closures, "2026-12-30", 2, "2027-01-04");
	assert_days_after(&no_closures, "2028-02-28", 1, "2028-02-29");
}

static char directory[] = P_tmpdir "/rmd-calendar-XXXXXX";

static int
begin(void **state)
{
	(void)state;
	return mkdtemp(directory) != NULL ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	return rmdir(directory);
}

/* Loads a file of that text, and removes it. */
static int
load(const char *text, struct calendar *calendar, struct error *error)
{
	char path[LIMIT_PATH_BYTES];
	FILE *file;
	int code;

	*error = (struct error){ 0 };
	assert_int_equal(path_join(path, sizeof path, directory, "calendar.conf"), 0);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	code = calendar_load(path, calendar, error);
	assert_int_equal(code, error->code);
	assert_int_equal(remove(path), 0);
	return code;
}

static void
closures(void **state)
{
	struct calendar calendar;
	struct error error;

	(void)state;
	/* in no order, one within another, with reasons or none */
	assert_int_equal(
		load("# a comment\n\n2026-01-26\tsnow\n 2025-10-01..2025-11-12 lapse in funding\n2025-10-06\n",
		     &calendar, &error),
		0);
	assert_int_equal(calendar.count, 3);
	assert_true(is_business_day(&calendar, date_of("2025-09-30")));
	assert_false(is_business_day(&calendar, date_of("2025-10-01")));
	assert_false(is_business_day(&calendar, date_of("2025-10-07")));
	assert_false(is_business_day(&calendar, date_of("2025-11-12")));
	assert_true(is_business_day(&calendar, date_of("2025-11-13")));
	assert_false(is_business_day(&calendar, date_of("2026-01-26")));
	assert_true(is_business_day(&calendar, date_of("2026-01-27")));
	assert_days_after(&calendar, "2025-09-30", 2, "2025-11-14");
	assert_days_after(&no_closures, "2025-09-30", 2, "2025-10-02");
	calendar_end(&calendar);
	assert_int_equal(calendar.count, 0);
}

static void
closure_moves_the_due_day(void **state)
{
	struct calendar calendar;
	struct error error;
	char text[TIME_TEXT_SIZE];

	(void)state;
	assert_int_equal(load("2026-03-02..2026-03-03 snow\n", &calendar, &error), 0);
	time_format(text, recertification_due_ended(&calendar, 2026));
	assert_string_equal(text, "2026-03-05T00:00:00-05:00");
	time_format(text, recertification_due_ended(&calendar, 2027));
	assert_string_equal(text, "2027-03-02T00:00:00-05:00");
	calendar_end(&calendar);
}

static void
no_calendar(void **state)
{
	struct calendar calendar;
	struct error error = { 0 };
	char path[LIMIT_PATH_BYTES];

	(void)state;
	assert_int_equal(path_join(path, sizeof path, directory, "none.conf"), 0);
	assert_int_equal(calendar_load(path, &calendar, &error), 0);
	assert_int_equal(calendar.count, 0);
	calendar_end(&calendar);
	assert_int_equal(load("", &calendar, &error), 0);
	assert_int_equal(calendar.count, 0);
	calendar_end(&calendar);
}

static void
wrong_closures(void **state)
{
	static const struct {
		const char *text, *message;
	} wrong[] = {
		{ "snow", ":1: \"snow\" is not a date" },
		{ "# one\n2025-02-29", ":2: \"2025-02-29\" is not a date" },
		{ "2025-10-01...2025-11-12", ":1: \"2025-10-01...2025-11-12\" is not a date" },
		{ "2025-10-01..", ":1: \"2025-10-01..\" is not a date" },
		{ "2025-10", ":1: \"2025-10\" is not a date" },
		/* a range with spaces was once read as its first day */
		{ "2025-10-01 .. 2025-11-12", ":1: \"2025-10-01 .. 2025-11-12\" has something behind the date" },
		{ "2025-10-01 - 2025-11-12", ":1: \"2025-10-01 - 2025-11-12\" has something behind the date" },
		{ "2025-10-01 2025-10-02", ":1: \"2025-10-01 2025-10-02\" has something behind the date" },
		{ "2025-11-12..2025-10-01", ":1: \"2025-11-12..2025-10-01\" ends before it begins" },
		{ "2025-10-01..2035-11-12", ":1: \"2025-10-01..2035-11-12\" is longer than any closure has been" },
		{ "2025-10-01,snow", ":1: \"2025-10-01,snow\" is not a date" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct calendar calendar;
		struct error error;
		char expected[LIMIT_PATH_BYTES];

		assert_int_equal(load(wrong[i].text, &calendar, &error), EX_CONFIG);
		assert_true(snprintf(expected, sizeof expected, "%s/calendar.conf%s", directory, wrong[i].message) >
			    0);
		expected[sizeof error.text - 1] = '\0';
		assert_memory_equal(error.text, expected, strlen(expected));
		assert_int_equal(calendar.count, 0);
		calendar_end(&calendar);
	}
}

/* The file that is installed: what it says is read, and nothing beside the shutdown is closed. */
static void
as_shipped(void **state)
{
	const char *source = getenv("srcdir");
	struct calendar calendar;
	struct error error = { 0 };
	char path[LIMIT_PATH_BYTES];

	(void)state;
	assert_int_equal(path_join(path, sizeof path, source != NULL ? source : ".", "contrib/conf/calendar.conf"),
			 0);
	assert_int_equal(access(path, R_OK), 0);
	assert_int_equal(calendar_load(path, &calendar, &error), 0);
	assert_int_equal(calendar.count, 1);
	assert_date(calendar.closures[0].first, "2025-10-01");
	assert_date(calendar.closures[0].last, "2025-11-12");
	calendar_end(&calendar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(due_days),
		cmocka_unit_test(overdue),
		cmocka_unit_test(never_backwards),
		cmocka_unit_test(blank),
		cmocka_unit_test(holidays_as_printed),
		cmocka_unit_test(odd_holidays),
		cmocka_unit_test(business_days),
		cmocka_unit_test(closures),
		cmocka_unit_test(closure_moves_the_due_day),
		cmocka_unit_test(no_calendar),
		cmocka_unit_test(wrong_closures),
		cmocka_unit_test(as_shipped),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
