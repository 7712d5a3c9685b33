/* SPDX-License-Identifier: ISC
 *
 * The FCC's calendar: weekends, federal holidays, and the closures that the operator lists. Filings and documents
 * must not enter, only days.
 */
#include "notice/calendar.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/lines.h"

enum weekday { SUNDAY, MONDAY, THURSDAY = 4, FRIDAY, SATURDAY };

/* The count-th such weekday of the month. */
static day
nth_weekday(int year, int month, int weekday, int count)
{
	day first = day_of(year, month, 1);

	return first + (weekday - day_weekday(first) + 7) % 7 + 7 * (count - 1);
}

/* Washington's own holiday: every fourth January 20. When that is a Sunday it is the 21st, and Martin Luther King's.
 */
static bool
is_inauguration_day(day date, int year)
{
	return year % 4 == 1 && date == day_of(year, 1, 20) && day_weekday(date) != SUNDAY;
}

/* A holiday on a Saturday is kept on the Friday before it, one on a Sunday on the Monday after. */
static bool
is_kept_on(day date, day holiday)
{
	int weekday = day_weekday(holiday);

	return date == (weekday == SATURDAY ? holiday - 1 : weekday == SUNDAY ? holiday + 1 : holiday);
}

bool
is_federal_holiday(day date)
{
	int year = day_year(date);

	return is_kept_on(date, day_of(year, 1, 1)) || is_kept_on(date, day_of(year + 1, 1, 1)) ||
	       date == nth_weekday(year, 1, MONDAY, 3) ||                 /* Martin Luther King */
	       is_inauguration_day(date, year) ||                         /* in Washington */
	       date == nth_weekday(year, 2, MONDAY, 3) ||                 /* Washington's birthday */
	       date == nth_weekday(year, 6, MONDAY, 1) - 7 ||             /* Memorial Day, the last of May */
	       (year >= 2021 && is_kept_on(date, day_of(year, 6, 19))) || /* Juneteenth */
	       is_kept_on(date, day_of(year, 7, 4)) ||                    /* Independence Day */
	       date == nth_weekday(year, 9, MONDAY, 1) ||                 /* Labor Day */
	       date == nth_weekday(year, 10, MONDAY, 2) ||                /* Columbus Day */
	       is_kept_on(date, day_of(year, 11, 11)) ||                  /* Veterans Day */
	       date == nth_weekday(year, 11, THURSDAY, 4) ||              /* Thanksgiving */
	       is_kept_on(date, day_of(year, 12, 25));
}

static bool
is_closed(const struct calendar *calendar, day date)
{
	for (size_t i = 0; i < calendar->count && calendar->closures[i].first <= date; i++)
		if (date <= calendar->closures[i].last)
			return true;
	return false;
}

bool
is_business_day(const struct calendar *calendar, day date)
{
	int weekday = day_weekday(date);

	return weekday != SUNDAY && weekday != SATURDAY && !is_federal_holiday(date) && !is_closed(calendar, date);
}

day
business_days_after(const struct calendar *calendar, day release, uint64_t count)
{
	day date = release;

	while (count > 0)
		if (is_business_day(calendar, ++date))
			count--;
	return date;
}

int64_t
recertification_due_ended(const struct calendar *calendar, int year)
{
	day due = day_of(year, 3, 1);

	while (!is_business_day(calendar, due))
		due++;
	return day_begins(due + 1);
}

/* "2025-10-01" or "2025-10-01..2025-11-12", and perhaps a reason behind it. */
static bool
closure(void *context, struct slice item, const char **why)
{
	struct closure *place, closure;
	struct slice reason;
	size_t length = 0;

	*why = "is not a date such as 2025-10-01, or a range such as 2025-10-01..2025-11-12";
	while (length < item.length && item.data[length] != ' ' && item.data[length] != '\t')
		length++;
	closure.first = closure.last = DAY_NONE;
	if (length == 10)
		closure.first = closure.last = day_parse((struct slice){ item.data, 10 });
	if (length == 22 && item.data[10] == '.' && item.data[11] == '.') {
		closure.first = day_parse((struct slice){ item.data, 10 });
		closure.last = day_parse((struct slice){ item.data + 12, 10 });
	}
	if (closure.first == DAY_NONE || closure.last == DAY_NONE)
		return false;
	/* "2025-10-01 .. 2025-11-12" is a range to its writer, and must not close one day only. */
	reason = slice_trim((struct slice){ item.data + length, item.length - length });
	if (reason.length > 0 && (ascii_lower(reason.data[0]) < 'a' || ascii_lower(reason.data[0]) > 'z')) {
		*why = "has something behind the date that is no reason: a reason begins with a letter";
		return false;
	}
	if (closure.last < closure.first) {
		*why = "ends before it begins";
		return false;
	}
	/* A longer one is a slip, and would let an order wait for years. */
	if (closure.last - closure.first > LIMIT_CLOSURE_DAYS) {
		*why = "is longer than any closure has been";
		return false;
	}
	place = buffer_extend(context, sizeof *place, (size_t)LIMIT_CONF_LINES * sizeof *place);
	if (place == NULL) {
		*why = "does not fit into memory";
		return false;
	}
	*place = closure;
	return true;
}

static int
closure_order(const void *a, const void *b)
{
	const struct closure *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

int
calendar_load(const char *path, struct calendar *calendar, struct error *error)
{
	struct buffer closures = { 0 };
	bool found;

	*calendar = (struct calendar){ 0 };
	if (lines_read(path, closure, &closures, &found, error) != 0) {
		buffer_end(&closures);
		return error->code;
	}
	calendar->closures = closures.data;
	calendar->count = closures.length / sizeof(struct closure);
	if (calendar->count > 1)
		qsort(calendar->closures, calendar->count, sizeof(struct closure), closure_order);
	return 0;
}

void
calendar_end(struct calendar *calendar)
{
	free(calendar->closures);
	*calendar = (struct calendar){ 0 };
}
