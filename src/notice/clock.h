/* SPDX-License-Identifier: ISC
 *
 * The law's clocks: what follows from a document, and from which instant on (47 CFR 64.1200(k)(4), (n); 64.6305(g);
 * days are counted as 47 CFR 1.4 says). The register's files and the snapshot must not enter.
 */
#ifndef NOTICE_CLOCK_H
#define NOTICE_CLOCK_H

#include "notice/calendar.h"
#include "notice/notice.h"

/* An instant that never comes. */
#define CLOCK_NEVER INT64_MAX

/* From these instants on; CLOCK_NEVER for what the document does not bring. */
struct notice_clock {
	int64_t effective;      /* removal: refuse; final determination: refuse, may block from its issue;
				   public notice: may block; reinstatement: lifts orders of its day and before */
	int64_t after_48_hours; /* notice: may block, unless mitigated */
	int64_t after_14_days;  /* notice: may block, unless measures are on record */
	int64_t mitigated;      /* the first response of that kind */
	int64_t measures;
	int64_t fcc_notified;
	int64_t blocking_began;
};

/* `removal_grace`: business days. */
void
notice_clock(const struct notice *notice, const struct calendar *calendar, uint64_t removal_grace,
	     struct notice_clock *clock);

#endif
