/* SPDX-License-Identifier: ISC
 *
 * The FCC's calendar: due days become instants here, when a snapshot is built. A check must not need it.
 */
#ifndef SYNC_CALENDAR_H
#define SYNC_CALENDAR_H

#include <stdint.h>

#include "base/time.h"

/* The instant at which that year's recertification day has ended in New York: March 1, on a weekend the next business
 * day (47 CFR 64.6305(h)). */
int64_t
recertification_due_ended(int year);

#endif
