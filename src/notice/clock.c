/* SPDX-License-Identifier: ISC
 *
 * The clocks that a document starts: plain arithmetic on days and seconds. Nothing here reads a file.
 */
#include "notice/clock.h"

#define HOURS_48 (48 * 3600)
#define RESPONSE_DAYS 14
#define DETERMINATION_DAYS 30

static int64_t
instant_or_never(const struct moment *moment)
{
	return moment->date == DAY_NONE ? CLOCK_NEVER : moment->instant;
}

/* No day of the calendar begins beyond its last year. */
static int64_t
begins(day date)
{
	int64_t instant = day_begins(date);

	return instant == TIME_NONE ? CLOCK_NEVER : instant;
}

static int64_t
first_response(const struct notice *notice, enum notice_response_kind kind)
{
	int64_t first = CLOCK_NEVER;

	for (size_t i = 0; i < notice->response_count; i++)
		if (notice->responses[i].kind == kind && notice->responses[i].at.instant < first)
			first = notice->responses[i].at.instant;
	return first;
}

/* A bare date may be any hour of its day: the clock starts at the last one, so that nothing is allowed too early. */
static int64_t
hours_48_after(const struct moment *issued)
{
	int64_t latest = issued->exact ? issued->instant : begins(issued->date + 1);

	return latest == CLOCK_NEVER ? CLOCK_NEVER : latest + HOURS_48;
}

static int64_t
removal_effective(const struct notice *notice, const struct calendar *calendar, uint64_t removal_grace)
{
	if (notice->cease_by != DAY_NONE)
		return begins(notice->cease_by + 1);
	if (removal_grace == 0)
		return notice->issued.instant;
	return begins(business_days_after(calendar, notice->issued.date, removal_grace) + 1);
}

void
notice_clock(const struct notice *notice, const struct calendar *calendar, uint64_t removal_grace,
	     struct notice_clock *clock)
{
	day respond_by = notice->respond_by;

	*clock = (struct notice_clock){
		.effective = CLOCK_NEVER,
		.after_48_hours = CLOCK_NEVER,
		.after_14_days = CLOCK_NEVER,
		.mitigated = first_response(notice, RESPONSE_MITIGATED),
		.measures = first_response(notice, RESPONSE_MEASURES),
		.fcc_notified = instant_or_never(&notice->fcc_notified),
		.blocking_began = instant_or_never(&notice->blocking_began),
	};
	switch (notice->kind) {
	case NOTICE_LETTER:
		if (respond_by == DAY_NONE)
			respond_by = notice->issued.date + RESPONSE_DAYS;
		clock->after_48_hours = hours_48_after(&notice->issued);
		clock->after_14_days = begins(respond_by + 1);
		break;
	case NOTICE_PUBLIC:
		clock->effective = notice->issued.instant;
		break;
	case NOTICE_INITIAL_DETERMINATION:
		break;
	case NOTICE_FINAL_DETERMINATION:
		clock->effective = begins(notice->issued.date + DETERMINATION_DAYS);
		break;
	case NOTICE_REMOVAL:
		clock->effective = removal_effective(notice, calendar, removal_grace);
		break;
	case NOTICE_REINSTATEMENT:
		clock->effective = begins(notice->issued.date);
		break;
	}
}
