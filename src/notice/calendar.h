/* SPDX-License-Identifier: ISC
 *
 * The FCC's calendar: due days become instants here, when a snapshot is built. A check must not need it.
 */
#ifndef NOTICE_CALENDAR_H
#define NOTICE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/time.h"

/* Days on which the FCC is closed beside Saturdays, Sundays and the federal holidays, which are computed
 * (5 U.S.C. 6103, the day in lieu too, and Inauguration Day). */
struct closure {
	day first;
	day last;
};
struct calendar {
	struct closure *closures; /* by first day */
	size_t count;
};

/* Reads calendar.conf; a missing file is an empty calendar. 0, or 78 and one line with file and line. */
int
calendar_load(const char *path, struct calendar *calendar, struct error *error);
void
calendar_end(struct calendar *calendar);

bool
is_federal_holiday(day date);
bool
is_business_day(const struct calendar *calendar, day date);

/* The last of `count` business days after `release`: the day after it is day 1. With 0 it is `release` itself. */
day
business_days_after(const struct calendar *calendar, day release, uint64_t count);

/* The instant at which that year's recertification day has ended in New York: March 1, or the next business day where
 * that is none (47 CFR 64.6305(h)). */
int64_t
recertification_due_ended(const struct calendar *calendar, int year);

#endif
