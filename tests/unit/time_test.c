/* SPDX-License-Identifier: ISC
 *
 * Days, instants and New York's clock. No test here may ask what day it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/time.h"

/* Every day from 1900 to 2400, counted up by the calendar's own rule. */
static void
every_day(void **state)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	day date = -25567; /* 1900-01-01, a Monday */
	int weekday = 1;

	(void)state;
	for (int year = 1900; year <= 2400; year++) {
		bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

		for (int month = 1; month <= 12; month++) {
			int length = lengths[month - 1] + (month == 2 && leap ? 1 : 0);

			for (int dayofmonth = 1; dayofmonth <= length; dayofmonth++) {
				char text[11];

				assert_int_equal(day_of(year, month, dayofmonth), date);
				day_format(text, date);
				assert_int_equal(day_parse(slice_of(text)), date);
				assert_int_equal(day_year(date), year);
				assert_int_equal(day_weekday(date), weekday);
				date++;
				weekday = (weekday + 1) % 7;
			}
		}
	}
}

static void
days(void **state)
{
	static const char *const wrong[] = { "",           "2026-02-29", "2026-13-01",  "2026-00-01",
					     "2026-01-00", "2026-01-32", "2026-04-31",  "1899-12-31",
					     "2026/01/01", "2026-1-01",  "02026-01-01", "2026-01-0x",
					     " 2026-01-1", "2026-01-01 " };
	char text[11];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(day_parse(slice_of(wrong[i])), DAY_NONE);
	assert_int_equal(day_parse((struct slice){ NULL, 0 }), DAY_NONE);
	assert_int_equal(day_parse(slice_of("1970-01-01")), 0);
	assert_int_equal(day_parse(slice_of("9999-12-31")), day_of(9999, 12, 31));
	day_format(text, DAY_NONE);
	assert_string_equal(text, "");
	day_format(text, INT32_MAX);
	assert_string_equal(text, "");
	day_format(text, day_of(1, 1, 1) - 1);
	assert_string_equal(text, "");
	day_format(text, day_of(1, 1, 1));
	assert_string_equal(text, "0001-01-01");
	day_format(text, day_of(9999, 12, 31));
	assert_string_equal(text, "9999-12-31");
	assert_int_equal(day_weekday(day_of(1969, 12, 27)), 6);
}

static void
assert_time(const char *in, const char *out)
{
	char text[TIME_TEXT_SIZE];
	int64_t instant = time_parse(slice_of(in));

	assert_int_not_equal(instant, TIME_NONE);
	time_format(text, instant);
	if (strcmp(text, out) != 0)
		fail_msg("%s: %s, not %s", in, text, out);
}

static void
times(void **state)
{
	(void)state;
	assert_int_equal(time_parse(slice_of("1970-01-01T00:00:00Z")), 0);
	assert_int_equal(time_parse(slice_of("1969-12-31T23:59:59Z")), -1);
	assert_int_equal(time_parse(slice_of("2026-11-24T05:22:08Z")), 1795497728);
	assert_time("2026-11-24T05:22:08-05:00", "2026-11-24T05:22:08-05:00");
	assert_time("2026-11-24t10:22:08z", "2026-11-24T05:22:08-05:00");
	assert_time("2026-07-01T00:00:00+00:00", "2026-06-30T20:00:00-04:00");
	assert_time("2026-07-01T05:30:00+05:30", "2026-06-30T20:00:00-04:00");
	assert_time("2026-07-01T05:30:00.999+05:30", "2026-06-30T20:00:00-04:00");
	assert_time("2026-06-30T20:00:60-04:00", "2026-06-30T20:01:00-04:00");
	assert_time("2026-07-01", "2026-07-01T00:00:00-04:00");
	assert_time("2026-12-01", "2026-12-01T00:00:00-05:00");
	assert_time("9999-12-30T00:00:00-05:00", "9999-12-30T00:00:00-05:00");
}

static void
wrong_times(void **state)
{
	static const char *const wrong[] = {
		"",
		"now",
		"2026-07-01T",
		"2026-07-01 00:00:00Z",
		"2026-07-01T00:00Z",
		"2026-07-01T00:00:00",
		"2026-07-01T24:00:00Z",
		"2026-07-01T00:60:00Z",
		"2026-07-01T00:00:61Z",
		"2026-07-01T0x:00:00Z",
		"2026-07-01T00:00:00.Z",
		"2026-07-01T00:00:00.5",
		"2026-07-01T00:00:00ZZ",
		"2026-07-01T00:00:00+24:00",
		"2026-07-01T00:00:00+00:60",
		"2026-07-01T00:00:00+0000",
		"2026-07-01T00:00:00*00:00",
		"2026-02-30T00:00:00Z",
		"2026-07-01T-1:00:00Z",
		"2026-07-01T00.00:00Z",
		"2026-07-01T00:00.00Z",
	};
	char text[TIME_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (time_parse(slice_of(wrong[i])) != TIME_NONE)
			fail_msg("read: %s", wrong[i]);
	time_format(text, TIME_NONE);
	assert_string_equal(text, "");
	/* once an overflow on the way to its day */
	time_format(text, INT64_MIN + 1);
	assert_string_equal(text, "");
	time_format(text, INT64_MAX);
	assert_string_equal(text, "");
}

/* The night before the clocks change, the change to the second, and the days around it. */
static void
daylight(void **state)
{
	(void)state;
	assert_time("2026-03-08T06:59:59Z", "2026-03-08T01:59:59-05:00");
	assert_time("2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00");
	assert_time("2026-11-01T05:59:59Z", "2026-11-01T01:59:59-04:00");
	assert_time("2026-11-01T06:00:00Z", "2026-11-01T01:00:00-05:00");
	assert_time("2026-03-08", "2026-03-08T00:00:00-05:00");
	assert_time("2026-03-09", "2026-03-09T00:00:00-04:00");
	assert_time("2026-11-01", "2026-11-01T00:00:00-04:00");
	assert_time("2026-11-02", "2026-11-02T00:00:00-05:00");
	/* the earliest and latest that these Sundays can be */
	assert_time("2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00");
	assert_time("2020-03-08T07:00:00Z", "2020-03-08T03:00:00-04:00");
	assert_time("2027-03-14T06:59:59Z", "2027-03-14T01:59:59-05:00");
	assert_time("2027-03-14T07:00:00Z", "2027-03-14T03:00:00-04:00");
	assert_time("2027-11-07T05:59:59Z", "2027-11-07T01:59:59-04:00");
	assert_time("2027-11-07T06:00:00Z", "2027-11-07T01:00:00-05:00");
	assert_time("2027-01-01T04:59:59Z", "2026-12-31T23:59:59-05:00");
}

/* Every day begins at midnight in New York, is 23, 24 or 25 hours long, and knows its own instants. */
static void
new_york_days(void **state)
{
	int short_days = 0, long_days = 0;

	(void)state;
	for (day date = day_of(2007, 1, 1); date < day_of(2107, 1, 1); date++) {
		int64_t begins = day_begins(date), length = day_begins(date + 1) - begins;
		char text[TIME_TEXT_SIZE];

		assert_int_equal(day_at(begins), date);
		assert_int_equal(day_at(begins - 1), date - 1);
		assert_int_equal(day_at(begins + length / 2), date);
		time_format(text, begins);
		assert_memory_equal(text + 10, "T00:00:00-0", 11);
		short_days += length == 23 * 3600;
		long_days += length == 25 * 3600;
		assert_true(length == 24 * 3600 || length == 23 * 3600 || length == 25 * 3600);
	}
	assert_int_equal(short_days, 100);
	assert_int_equal(long_days, 100);
}

static void
out_of_range(void **state)
{
	(void)state;
	assert_int_equal(day_begins(DAY_NONE), TIME_NONE);
	assert_int_equal(day_begins(INT32_MAX), TIME_NONE);
	assert_int_equal(day_at(TIME_NONE), DAY_NONE);
	assert_int_equal(day_at(INT64_MAX), DAY_NONE);
	assert_int_equal(day_at(day_begins(day_of(1, 6, 1))), day_of(1, 6, 1));
	assert_int_equal(day_at(day_begins(day_of(9999, 6, 1))), day_of(9999, 6, 1));
}

static void
assert_age(int64_t seconds, const char *expected)
{
	char text[TIME_TEXT_SIZE];

	age_format(text, seconds);
	assert_string_equal(text, expected);
}

static void
ages(void **state)
{
	(void)state;
	assert_age(TIME_NONE, "0 s");
	assert_age(-1, "0 s");
	assert_age(0, "0 s");
	assert_age(59, "59 s");
	assert_age(60, "1 min");
	assert_age(3599, "59 min");
	assert_age(3600, "1 h 0 min");
	assert_age(7500, "2 h 5 min");
	assert_age(86399, "23 h 59 min");
	assert_age(86400, "1 d 0 h");
	assert_age(86400 * 3 + 3600 * 4, "3 d 4 h");
	assert_age(INT64_MAX, "106751991167300 d 15 h");
}

static void
utc(void **state)
{
	char text[TIME_TEXT_SIZE];

	(void)state;
	time_format_utc(text, 0);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	time_format_utc(text, time_parse(slice_of("2022-01-17T11:38:05-05:00")));
	assert_string_equal(text, "2022-01-17T16:38:05Z");
	time_format_utc(text, -1);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	time_format_utc(text, TIME_NONE);
	assert_string_equal(text, "");
	/* once "T04:59:59Z" */
	time_format_utc(text, time_parse(slice_of("9999-12-31T23:59:59-05:00")));
	assert_string_equal(text, "");
	time_format_utc(text, INT64_MAX);
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utc),           cmocka_unit_test(every_day),    cmocka_unit_test(days),
		cmocka_unit_test(times),         cmocka_unit_test(wrong_times),  cmocka_unit_test(daylight),
		cmocka_unit_test(new_york_days), cmocka_unit_test(out_of_range), cmocka_unit_test(ages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
