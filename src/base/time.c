/* SPDX-License-Identifier: ISC
 *
 * Instants, days and New York's clock. No TZ variable and no zone file may enter: a check must not depend on them.
 */
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_SECONDS 86400

/* The days and instants on which the arithmetic below is sound: years 1 to 9999. */
#define DAY_FIRST (-719162)
#define DAY_LAST 2932896
#define INSTANT_FIRST ((int64_t)DAY_FIRST * DAY_SECONDS + DAY_SECONDS)
#define INSTANT_LAST ((int64_t)DAY_LAST * DAY_SECONDS)

/* Instants that are written: 1900-01-01T00:00:00Z to 9999-12-31T23:59:59-05:00, about as they are read. */
#define TEXT_FIRST INT64_C(-2208988800)
#define TEXT_LAST INT64_C(253402318799)

int64_t
time_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return TIME_NONE;
	return now.tv_sec;
}

int64_t
clock_milliseconds(void)
{
	struct timespec now = { 0, 0 };

	/* This clock cannot fail. */
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Of seconds since 1970 in whatever zone; before 1970, too, a day begins with its first second. */
static day
day_of_seconds(int64_t seconds)
{
	return (day)((seconds >= 0 ? seconds : seconds - (DAY_SECONDS - 1)) / DAY_SECONDS);
}

/* Days from civil date and back: the well-known arithmetic on years that begin in March. */
day
day_of(int year, int month, int dayofmonth)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayofmonth - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static void
day_split(day date, int *year, int *month, int *dayofmonth)
{
	int days = date + 719468;
	int era = (days >= 0 ? days : days - 146096) / 146097;
	int day_of_era = days - era * 146097;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted = (5 * day_of_year + 2) / 153;

	*dayofmonth = day_of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

/* `count` digits at `text`, -1 when they are not. */
static int
digits(const char *text, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

day
day_parse(struct slice text)
{
	int year, month, dayofmonth, back_year, back_month, back_day;
	day date;

	if (text.length != 10 || text.data[4] != '-' || text.data[7] != '-')
		return DAY_NONE;
	year = digits(text.data, 4);
	month = digits(text.data + 5, 2);
	dayofmonth = digits(text.data + 8, 2);
	if (year < 1900 || month < 1 || month > 12 || dayofmonth < 1 || dayofmonth > 31)
		return DAY_NONE;
	date = day_of(year, month, dayofmonth);
	day_split(date, &back_year, &back_month, &back_day);
	return back_day == dayofmonth ? date : DAY_NONE;
}

void
day_format(char text[11], day date)
{
	int year, month, dayofmonth;

	text[0] = '\0';
	if (date < DAY_FIRST || date > DAY_LAST)
		return;
	day_split(date, &year, &month, &dayofmonth);
	if (snprintf(text, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
		     (unsigned)dayofmonth % 100) != 10)
		text[0] = '\0';
}

int
day_year(day date)
{
	int year, month, dayofmonth;

	day_split(date, &year, &month, &dayofmonth);
	return year;
}

int
day_weekday(day date)
{
	int weekday = (date + 4) % 7;

	return weekday < 0 ? weekday + 7 : weekday;
}

static day
first_sunday(int year, int month)
{
	day first = day_of(year, month, 1);

	return first + (7 - day_weekday(first)) % 7;
}

/* New York's offset from UTC in seconds. Daylight time since 2007 (Energy Policy Act of 2005, 15 USC 260a): from the
 * second Sunday of March, 02:00 standard, to the first Sunday of November, 02:00 daylight. The database began in
 * 2021, so no older rule is needed. */
static int64_t
offset_at(int64_t instant)
{
	int year = day_year(day_of_seconds(instant - 5 * 3600));
	int64_t begins = (int64_t)(first_sunday(year, 3) + 7) * DAY_SECONDS + (2 + 5) * 3600;
	int64_t ends = (int64_t)first_sunday(year, 11) * DAY_SECONDS + (2 + 4) * 3600;

	return instant >= begins && instant < ends ? -4 * 3600 : -5 * 3600;
}

int64_t
day_begins(day date)
{
	/* Midnight of daylight time, an hour before that of standard time. Clocks change at 02:00, so the offset at
	 * either is the day's first. */
	int64_t earliest = (int64_t)date * DAY_SECONDS + 4 * 3600;

	if (date < DAY_FIRST || date > DAY_LAST)
		return TIME_NONE;
	return (int64_t)date * DAY_SECONDS - offset_at(earliest);
}

day
day_at(int64_t instant)
{
	if (instant < INSTANT_FIRST || instant > INSTANT_LAST)
		return DAY_NONE;
	return day_of_seconds(instant + offset_at(instant));
}

/* `Z`, `z` or `+hh:mm`, `-hh:mm`, and nothing behind it. */
static bool
offset_parse(struct slice text, int64_t *offset)
{
	int hours, minutes;

	*offset = 0;
	if (text.length == 1 && (text.data[0] == 'Z' || text.data[0] == 'z'))
		return true;
	if (text.length != 6 || (text.data[0] != '+' && text.data[0] != '-') || text.data[3] != ':')
		return false;
	hours = digits(text.data + 1, 2);
	minutes = digits(text.data + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*offset = (hours * 60 + minutes) * 60;
	if (text.data[0] == '-')
		*offset = -*offset;
	return true;
}

int64_t
time_parse(struct slice text)
{
	int hour, minute, second;
	int64_t offset;
	day date;

	if (text.length < 10)
		return TIME_NONE;
	date = day_parse((struct slice){ text.data, 10 });
	if (date == DAY_NONE)
		return TIME_NONE;
	if (text.length == 10)
		return day_begins(date);
	if (text.length < 20 || (text.data[10] != 'T' && text.data[10] != 't') || text.data[13] != ':' ||
	    text.data[16] != ':')
		return TIME_NONE;
	hour = digits(text.data + 11, 2);
	minute = digits(text.data + 14, 2);
	second = digits(text.data + 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return TIME_NONE;
	text.data += 19;
	text.length -= 19;
	if (text.data[0] == '.') {
		size_t cut = 1;

		while (cut < text.length && text.data[cut] >= '0' && text.data[cut] <= '9')
			cut++;
		if (cut == 1)
			return TIME_NONE;
		text.data += cut;
		text.length -= cut;
	}
	if (!offset_parse(text, &offset))
		return TIME_NONE;
	return (int64_t)date * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset;
}

/* The local date and time of an offset. Returns its length. */
static size_t
local_format(char text[TIME_TEXT_SIZE], int64_t instant, int64_t offset)
{
	int64_t local = instant + offset;
	unsigned seconds;
	char date[11];
	int length;

	/* Where it is still the last year in New York, it may be the next one elsewhere. */
	day_format(date, day_of_seconds(local));
	if (date[0] == '\0')
		return 0;
	seconds = (unsigned)(((local % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS);
	length = snprintf(text, TIME_TEXT_SIZE, "%sT%02u:%02u:%02u", date, seconds / 3600, seconds / 60 % 60,
			  seconds % 60);
	return length < 0 ? 0 : (size_t)length;
}

void
time_format(char text[TIME_TEXT_SIZE], int64_t instant)
{
	int64_t offset;
	size_t length;

	text[0] = '\0';
	if (instant < TEXT_FIRST || instant > TEXT_LAST)
		return;
	offset = offset_at(instant);
	length = local_format(text, instant, offset);
	if (length > 0 &&
	    snprintf(text + length, TIME_TEXT_SIZE - length, "-%02u:00", (unsigned)(-offset / 3600)) < 0)
		text[0] = '\0';
}

void
time_format_utc(char text[TIME_TEXT_SIZE], int64_t instant)
{
	size_t length;

	text[0] = '\0';
	if (instant < TEXT_FIRST || instant > TEXT_LAST)
		return;
	length = local_format(text, instant, 0);
	if (length > 0) {
		text[length] = 'Z';
		text[length + 1] = '\0';
	}
}

void
age_format(char text[TIME_TEXT_SIZE], int64_t seconds)
{
	long long s = seconds < 0 ? 0 : (long long)seconds;
	int written;

	if (s >= DAY_SECONDS)
		written = snprintf(text, TIME_TEXT_SIZE, "%lld d %lld h", s / DAY_SECONDS, s % DAY_SECONDS / 3600);
	else if (s >= 3600)
		written = snprintf(text, TIME_TEXT_SIZE, "%lld h %lld min", s / 3600, s % 3600 / 60);
	else if (s >= 60)
		written = snprintf(text, TIME_TEXT_SIZE, "%lld min", s / 60);
	else
		written = snprintf(text, TIME_TEXT_SIZE, "%lld s", s);
	if (written < 0)
		text[0] = '\0';
}
