/* SPDX-License-Identifier: ISC
 *
 * The clocks of the documents: the worked dates of the rules, each kind with and without its dates, and the days on
 * which a day has not 24 hours or a month not 30 days.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notice/clock.h"

static struct closure shutdown[] = { { 0, 0 } };
static struct calendar calendar; /* empty, but where a test closes days */
static struct notice notice;

static int
begin(void **state)
{
	(void)state;
	calendar = (struct calendar){ 0 };
	return notice_begin(&notice) ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	notice_end(&notice);
	return 0;
}

static struct moment
moment_of(const char *text)
{
	struct moment moment;

	assert_true(moment_parse(slice_of(text), &moment));
	return moment;
}

static void
issue(enum notice_kind kind, const char *issued)
{
	notice.kind = kind;
	notice.issued = moment_of(issued);
	notice.respond_by = notice.cease_by = DAY_NONE;
}

static struct notice_clock
clock_of(uint64_t removal_grace)
{
	struct notice_clock clock;

	notice_clock(&notice, &calendar, removal_grace, &clock);
	return clock;
}

/* "" is never. */
static void
assert_instant(int64_t instant, const char *expected)
{
	char text[TIME_TEXT_SIZE];

	if (expected[0] == '\0') {
		assert_int_equal(instant, CLOCK_NEVER);
		return;
	}
	assert_int_not_equal(instant, TIME_NONE);
	time_format(text, instant);
	assert_string_equal(text, expected);
}

static void
assert_letter(const char *issued, const char *respond_by, const char *after_48_hours, const char *after_14_days)
{
	struct notice_clock clock;

	issue(NOTICE_LETTER, issued);
	if (respond_by != NULL)
		notice.respond_by = moment_of(respond_by).date;
	clock = clock_of(0);
	assert_instant(clock.after_48_hours, after_48_hours);
	assert_instant(clock.after_14_days, after_14_days);
	assert_instant(clock.effective, "");
}

static void
letter(void **state)
{
	(void)state;
	/* A bare date: from the end of that day. */
	assert_letter("2022-07-07", NULL, "2022-07-10T00:00:00-04:00", "2022-07-22T00:00:00-04:00");
	assert_letter("2022-07-07", "2022-07-21", "2022-07-10T00:00:00-04:00", "2022-07-22T00:00:00-04:00");
	/* Weekends and holidays count, and a deadline on one does not slide. */
	assert_letter("2026-07-02", NULL, "2026-07-05T00:00:00-04:00", "2026-07-17T00:00:00-04:00");
	assert_letter("2026-06-20", NULL, "2026-06-23T00:00:00-04:00", "2026-07-05T00:00:00-04:00");
	/* The letter's own day goes before the 14, be it earlier or later. */
	assert_letter("2022-07-07", "2022-07-18", "2022-07-10T00:00:00-04:00", "2022-07-19T00:00:00-04:00");
	assert_letter("2022-07-07", "2022-08-01", "2022-07-10T00:00:00-04:00", "2022-08-02T00:00:00-04:00");
	assert_letter("2022-07-07", "2022-07-07", "2022-07-10T00:00:00-04:00", "2022-07-08T00:00:00-04:00");
}

static void
letter_with_a_time(void **state)
{
	(void)state;
	assert_letter("2022-07-07T15:30:12-04:00", NULL, "2022-07-09T15:30:12-04:00", "2022-07-22T00:00:00-04:00");
	assert_letter("2022-07-07T00:00:00-04:00", NULL, "2022-07-09T00:00:00-04:00", "2022-07-22T00:00:00-04:00");
	assert_letter("2022-07-07T23:59:59-04:00", NULL, "2022-07-09T23:59:59-04:00", "2022-07-22T00:00:00-04:00");
	/* July 8 in Greenwich, still the 7th in New York, whose days count. */
	assert_letter("2022-07-08T03:59:59Z", NULL, "2022-07-09T23:59:59-04:00", "2022-07-22T00:00:00-04:00");
	assert_letter("2022-07-08T04:00:00Z", NULL, "2022-07-10T00:00:00-04:00", "2022-07-23T00:00:00-04:00");
	assert_letter("2022-07-07T16:00:00-07:00", NULL, "2022-07-09T19:00:00-04:00", "2022-07-22T00:00:00-04:00");
}

/* Clocks go from 02:00 to 03:00 on March 8, 2026: 48 hours are 48, and days begin at their 00:00. */
static void
spring(void **state)
{
	(void)state;
	assert_letter("2026-03-05", NULL, "2026-03-08T00:00:00-05:00", "2026-03-20T00:00:00-04:00");
	assert_letter("2026-03-06", NULL, "2026-03-09T01:00:00-04:00", "2026-03-21T00:00:00-04:00");
	assert_letter("2026-03-07", NULL, "2026-03-10T01:00:00-04:00", "2026-03-22T00:00:00-04:00");
	assert_letter("2026-03-08", NULL, "2026-03-11T00:00:00-04:00", "2026-03-23T00:00:00-04:00");
	assert_letter("2026-03-06T02:30:00-05:00", NULL, "2026-03-08T03:30:00-04:00", "2026-03-21T00:00:00-04:00");
	assert_letter("2026-03-07T12:00:00-05:00", NULL, "2026-03-09T13:00:00-04:00", "2026-03-22T00:00:00-04:00");
	assert_letter("2026-02-21", NULL, "2026-02-24T00:00:00-05:00", "2026-03-08T00:00:00-05:00");
	assert_letter("2026-02-22", NULL, "2026-02-25T00:00:00-05:00", "2026-03-09T00:00:00-04:00");
}

/* And back from 02:00 to 01:00 on November 1, 2026. */
static void
autumn(void **state)
{
	(void)state;
	assert_letter("2026-10-29", NULL, "2026-11-01T00:00:00-04:00", "2026-11-13T00:00:00-05:00");
	assert_letter("2026-10-30", NULL, "2026-11-01T23:00:00-05:00", "2026-11-14T00:00:00-05:00");
	assert_letter("2026-10-31", NULL, "2026-11-02T23:00:00-05:00", "2026-11-15T00:00:00-05:00");
	assert_letter("2026-11-01", NULL, "2026-11-04T00:00:00-05:00", "2026-11-16T00:00:00-05:00");
	/* the hour that comes twice */
	assert_letter("2026-10-30T01:30:00-04:00", NULL, "2026-11-01T01:30:00-04:00", "2026-11-14T00:00:00-05:00");
	assert_letter("2026-10-30T02:30:00-04:00", NULL, "2026-11-01T01:30:00-05:00", "2026-11-14T00:00:00-05:00");
	assert_letter("2026-10-18", NULL, "2026-10-21T00:00:00-04:00", "2026-11-02T00:00:00-05:00");
}

static void
months_and_years(void **state)
{
	(void)state;
	assert_letter("2028-02-15", NULL, "2028-02-18T00:00:00-05:00", "2028-03-01T00:00:00-05:00");
	assert_letter("2027-02-15", NULL, "2027-02-18T00:00:00-05:00", "2027-03-02T00:00:00-05:00");
	assert_letter("2028-02-29", NULL, "2028-03-03T00:00:00-05:00", "2028-03-15T00:00:00-04:00");
	assert_letter("2028-02-27", NULL, "2028-03-01T00:00:00-05:00", "2028-03-13T00:00:00-04:00");
	assert_letter("2026-12-20", NULL, "2026-12-23T00:00:00-05:00", "2027-01-04T00:00:00-05:00");
	assert_letter("2026-12-30T22:00:00-05:00", NULL, "2027-01-01T22:00:00-05:00", "2027-01-14T00:00:00-05:00");
	assert_letter("2026-12-31", NULL, "2027-01-03T00:00:00-05:00", "2027-01-15T00:00:00-05:00");
}

static void
assert_effective(enum notice_kind kind, const char *issued, const char *cease_by, uint64_t grace,
		 const char *effective)
{
	struct notice_clock clock;

	issue(kind, issued);
	if (cease_by != NULL)
		notice.cease_by = moment_of(cease_by).date;
	clock = clock_of(grace);
	assert_instant(clock.effective, effective);
	assert_instant(clock.after_48_hours, "");
	assert_instant(clock.after_14_days, "");
}

static void
final_determination(void **state)
{
	const enum notice_kind kind = NOTICE_FINAL_DETERMINATION;

	(void)state;
	assert_effective(kind, "2026-03-12", NULL, 0, "2026-04-11T00:00:00-04:00");
	/* the day of its release in New York, whatever its hour */
	assert_effective(kind, "2026-03-12T23:59:59-04:00", NULL, 0, "2026-04-11T00:00:00-04:00");
	assert_effective(kind, "2026-03-13T03:30:00Z", NULL, 0, "2026-04-11T00:00:00-04:00");
	assert_effective(kind, "2026-03-13T04:00:00Z", NULL, 0, "2026-04-12T00:00:00-04:00");
	assert_effective(kind, "2028-01-30", NULL, 0, "2028-02-29T00:00:00-05:00");
	assert_effective(kind, "2027-01-30", NULL, 0, "2027-03-01T00:00:00-05:00");
	assert_effective(kind, "2026-02-20", NULL, 0, "2026-03-22T00:00:00-04:00");
	assert_effective(kind, "2026-12-15", NULL, 0, "2027-01-14T00:00:00-05:00");
	/* calendar days: neither a grace nor a day to cease by changes them */
	assert_effective(kind, "2026-03-12", NULL, 10, "2026-04-11T00:00:00-04:00");
	assert_effective(kind, "2026-03-12", "2026-03-20", 0, "2026-04-11T00:00:00-04:00");
}

static void
removal(void **state)
{
	(void)state;
	assert_effective(NOTICE_REMOVAL, "2025-08-06", NULL, 0, "2025-08-06T00:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2025-08-06T14:00:00-04:00", NULL, 0, "2025-08-06T14:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2025-08-06", NULL, 2, "2025-08-09T00:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2025-08-06T14:00:00-04:00", NULL, 2, "2025-08-09T00:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2026-11-25", NULL, 2, "2026-12-01T00:00:00-05:00");
	assert_effective(NOTICE_REMOVAL, "2026-11-09", NULL, 10, "2026-11-25T00:00:00-05:00");
	assert_effective(NOTICE_REMOVAL, "2026-12-30", NULL, 2, "2027-01-05T00:00:00-05:00");
	/* a day of its own goes before any grace */
	assert_effective(NOTICE_REMOVAL, "2025-08-06", "2025-08-08", 0, "2025-08-09T00:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2025-08-06", "2025-08-08", 5, "2025-08-09T00:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2025-08-06", "2025-08-06", 0, "2025-08-07T00:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2026-10-30", "2026-10-31", 0, "2026-11-01T00:00:00-04:00");
	assert_effective(NOTICE_REMOVAL, "2026-10-30", "2026-11-01", 0, "2026-11-02T00:00:00-05:00");
}

static void
removal_in_a_closure(void **state)
{
	(void)state;
	shutdown[0] = (struct closure){ day_of(2025, 10, 1), day_of(2025, 11, 12) };
	calendar = (struct calendar){ shutdown, 1 };
	assert_effective(NOTICE_REMOVAL, "2025-09-30", NULL, 2, "2025-11-15T00:00:00-05:00");
	/* it lengthens no calendar days, and no order that waits for none */
	assert_effective(NOTICE_REMOVAL, "2025-09-30", NULL, 0, "2025-09-30T00:00:00-04:00");
	assert_effective(NOTICE_FINAL_DETERMINATION, "2025-09-30", NULL, 2, "2025-10-30T00:00:00-04:00");
	assert_letter("2025-09-30", NULL, "2025-10-03T00:00:00-04:00", "2025-10-15T00:00:00-04:00");
}

static void
other_kinds(void **state)
{
	(void)state;
	assert_effective(NOTICE_PUBLIC, "2025-08-06", NULL, 2, "2025-08-06T00:00:00-04:00");
	assert_effective(NOTICE_PUBLIC, "2025-08-06T14:00:00-04:00", NULL, 2, "2025-08-06T14:00:00-04:00");
	assert_effective(NOTICE_REINSTATEMENT, "2025-08-06", NULL, 2, "2025-08-06T00:00:00-04:00");
	/* from the day's beginning, the same day too */
	assert_effective(NOTICE_REINSTATEMENT, "2025-08-06T14:00:00-04:00", NULL, 2, "2025-08-06T00:00:00-04:00");
	assert_effective(NOTICE_REINSTATEMENT, "2025-08-07T03:00:00Z", NULL, 2, "2025-08-06T00:00:00-04:00");
	assert_effective(NOTICE_INITIAL_DETERMINATION, "2025-08-06", NULL, 2, "");
	issue(NOTICE_INITIAL_DETERMINATION, "2025-08-06");
	notice.respond_by = day_of(2025, 8, 20);
	assert_instant(clock_of(0).after_14_days, "");
}

static void
respond(enum notice_response_kind kind, const char *at)
{
	struct notice_response *response = notice_add_response(&notice);

	assert_non_null(response);
	response->kind = kind;
	response->at = moment_of(at);
}

static void
records(void **state)
{
	struct notice_clock clock;

	(void)state;
	issue(NOTICE_LETTER, "2022-07-07");
	clock = clock_of(0);
	assert_instant(clock.mitigated, "");
	assert_instant(clock.measures, "");
	assert_instant(clock.fcc_notified, "");
	respond(RESPONSE_REPLY, "2022-07-08");
	clock = clock_of(0);
	assert_instant(clock.mitigated, "");
	assert_instant(clock.measures, "");
	/* the first of each kind, in whatever order they are written down */
	respond(RESPONSE_MITIGATED, "2022-07-12");
	respond(RESPONSE_MITIGATED, "2022-07-09T13:00:00-04:00");
	respond(RESPONSE_MITIGATED, "2022-07-11");
	respond(RESPONSE_MEASURES, "2022-12-20");
	notice.fcc_notified = moment_of("2022-07-22");
	clock = clock_of(0);
	assert_instant(clock.mitigated, "2022-07-09T13:00:00-04:00");
	assert_instant(clock.measures, "2022-12-20T00:00:00-05:00");
	assert_instant(clock.fcc_notified, "2022-07-22T00:00:00-04:00");
	/* they stop nothing here: what holds at an instant is another's judgement */
	assert_instant(clock.after_48_hours, "2022-07-10T00:00:00-04:00");
	assert_instant(clock.after_14_days, "2022-07-22T00:00:00-04:00");
}

static void
the_only_record(void **state)
{
	(void)state;
	issue(NOTICE_LETTER, "2022-07-07");
	respond(RESPONSE_MITIGATED, "2022-07-12");
	assert_instant(clock_of(0).mitigated, "2022-07-12T00:00:00-04:00");
}

/* No day begins beyond the calendar: the clock never runs out, and does not run over. */
static void
end_of_the_calendar(void **state)
{
	struct notice_clock clock;

	(void)state;
	issue(NOTICE_LETTER, "9999-12-31");
	clock = clock_of(0);
	assert_instant(clock.after_48_hours, "");
	assert_instant(clock.after_14_days, "");
	issue(NOTICE_FINAL_DETERMINATION, "9999-12-31");
	assert_instant(clock_of(0).effective, "");
	issue(NOTICE_REMOVAL, "9999-12-31");
	assert_instant(clock_of(365).effective, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(letter, begin, end),
		cmocka_unit_test_setup_teardown(letter_with_a_time, begin, end),
		cmocka_unit_test_setup_teardown(spring, begin, end),
		cmocka_unit_test_setup_teardown(autumn, begin, end),
		cmocka_unit_test_setup_teardown(months_and_years, begin, end),
		cmocka_unit_test_setup_teardown(final_determination, begin, end),
		cmocka_unit_test_setup_teardown(removal, begin, end),
		cmocka_unit_test_setup_teardown(removal_in_a_closure, begin, end),
		cmocka_unit_test_setup_teardown(other_kinds, begin, end),
		cmocka_unit_test_setup_teardown(records, begin, end),
		cmocka_unit_test_setup_teardown(the_only_record, begin, end),
		cmocka_unit_test_setup_teardown(end_of_the_calendar, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
