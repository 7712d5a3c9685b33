/* SPDX-License-Identifier: ISC
 *
 * Effects as an iCalendar object (RFC 5545), for whatever shows a person the days to come. Which effects there are
 * must not enter.
 */
#ifndef NOTICE_ICAL_H
#define NOTICE_ICAL_H

#include "base/stream.h"
#include "notice/effect.h"

/* `stamp`: when it was made. An effect keeps its UID whenever it is written again. */
void
ical_write(struct stream *stream, const struct effect effects[], size_t count, int64_t stamp);

#endif
