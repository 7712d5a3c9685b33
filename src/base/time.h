/* SPDX-License-Identifier: ISC
 *
 * Instants (seconds since 1970, UTC), calendar days, and the wall clock of New York, where the FCC's days begin and
 * end. The present must not enter but through time_now and clock_milliseconds: every other function has time as a
 * parameter.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define TIME_NONE INT64_MIN
#define DAY_NONE INT32_MIN
#define TIME_TEXT_SIZE 32 /* "2026-11-24T05:22:08-05:00", the years from 1900 to 9999 */

/* A calendar day as the number of days since 1970-01-01. */
typedef int32_t day;

/* The present, by the system's clock. */
int64_t
time_now(void);

/* For spans of time only: it does not jump when somebody sets the clock. */
int64_t
clock_milliseconds(void);

day
day_of(int year, int month, int dayofmonth);

/* `YYYY-MM-DD`, a day that exists, years 1900 to 9999. DAY_NONE when it is anything else. */
day
day_parse(struct slice text);

/* Writes "YYYY-MM-DD"; "" for DAY_NONE. */
void
day_format(char text[11], day date);

int
day_year(day date);

/* 0 Sunday to 6 Saturday. */
int
day_weekday(day date);

/* The instant at which a day begins in New York; TIME_NONE for DAY_NONE and beyond the years 1 to 9999. */
int64_t
day_begins(day date);

/* The day that it is in New York; DAY_NONE for TIME_NONE and beyond those years. */
day
day_at(int64_t instant);

/* RFC 3339 with seconds and an offset (or Z), or a bare date, which is its 00:00 in New York. Fractions are cut.
 * TIME_NONE when it is anything else. */
int64_t
time_parse(struct slice text);

/* RFC 3339 with New York's offset at that instant; "" for TIME_NONE or a year out of range. */
void
time_format(char text[TIME_TEXT_SIZE], int64_t instant);

/* Likewise in UTC: "2026-11-24T10:22:08Z". */
void
time_format_utc(char text[TIME_TEXT_SIZE], int64_t instant);

/* "3 d 4 h", "2 h 5 min", "40 s": an age for a person. */
void
age_format(char text[TIME_TEXT_SIZE], int64_t seconds);

#endif
