/* SPDX-License-Identifier: ISC
 *
 * The FCC's calendar. Filings and documents must not enter, only days.
 */
#include "sync/calendar.h"

#include <stdbool.h>

#define SUNDAY 0
#define SATURDAY 6
#define MARCH 3

static bool
is_business_day(day date)
{
	int weekday = day_weekday(date);

	return weekday != SUNDAY && weekday != SATURDAY;
}

int64_t
recertification_due_ended(int year)
{
	day due = day_of(year, MARCH, 1);

	while (!is_business_day(due))
		due++;
	return day_begins(due + 1);
}
