/* SPDX-License-Identifier: ISC
 *
 * The table of tracebacks in a letter's attachment: rows of several lines, columns of tabs or of blanks, and what a
 * scan has spoilt. A cell that cannot be told stays empty.
 */
#include <string.h>

#include "base/limits.h"
#include "notice/import.h"

#define CELLS_MAX 12
/* Blanks that part two columns. */
#define GAP_BLANKS 2

struct cell {
	struct slice text;
	size_t column; /* where it begins: the number of tabs before it, or the place in the line */
};

/* The cells of a line that are not empty. Tabs part columns or, where there are none, two blanks or more. */
static size_t
cells_split(struct slice line, struct cell *cells)
{
	bool tabs = memchr(line.data != NULL ? line.data : "", '\t', line.length) != NULL;
	size_t count = 0, column = 0, begin = 0;

	for (size_t i = 0; i <= line.length && count < CELLS_MAX; i++) {
		size_t blanks = 0;
		struct slice text;

		while (!tabs && i + blanks < line.length && line.data[i + blanks] == ' ')
			blanks++;
		if (i < line.length && !(tabs ? line.data[i] == '\t' : blanks >= GAP_BLANKS))
			continue;
		text = slice_trim((struct slice){ line.data + begin, i - begin });
		if (text.length > 0)
			cells[count++] = (struct cell){ text, tabs ? column : (size_t)(text.data - line.data) };
		column++;
		begin = i + 1;
		i += blanks > 0 ? blanks - 1 : 0;
	}
	return count;
}

/* "16:38 UTC": seconds since midnight. */
static bool
time_read(struct slice text, int64_t *seconds)
{
	int digits[4], count = 0;

	for (size_t i = 0; i < 5; i++) {
		if (i == 2)
			continue;
		if (text.length < 5 || text.data[i] < '0' || text.data[i] > '9')
			return false;
		digits[count++] = text.data[i] - '0';
	}
	*seconds = ((digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]) * INT64_C(60);
	text = slice_trim((struct slice){ text.data + 5, text.length - 5 });
	return *seconds < 86400 && (slice_equal_fold(text, "UTC") || slice_equal_fold(text, "GMT"));
}

/* The instant of a time in UTC on that day of UTC. */
static int64_t
instant_of(day date, int64_t seconds)
{
	return (int64_t)date * 86400 + seconds;
}

static bool
append(char **text, struct slice more)
{
	char joined[LIMIT_ERROR_BYTES];
	size_t before = strlen(*text);

	if (before + 1 + more.length >= sizeof joined)
		return true;
	memcpy(joined, *text, before);
	if (before > 0)
		joined[before++] = ' ';
	memcpy(joined + before, more.data, more.length);
	return notice_set(text, (struct slice){ joined, before + more.length });
}

static bool
has_letter_or_digit(struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = ascii_lower(text.data[i]);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			return true;
	}
	return false;
}

/* Parts of "47 USC 227(b); 47 CFR 64.1200(a)". */
static bool
is_citation(struct slice text)
{
	return (text.length > 1 && text.data[0] >= '0' && text.data[0] <= '9' &&
		(memchr(text.data, '(', text.length) != NULL || slice_starts_fold(text, "47 "))) ||
	       slice_starts_fold(text, "CFR") || slice_starts_fold(text, "USC") || slice_starts_fold(text, "U.S.C");
}

/* A telephone number as published: digits, and what they are redacted with. */
static bool
is_number(struct slice text)
{
	static const char set[] = "0123456789xX*+-.() ";
	bool digit = false;

	for (size_t i = 0; i < text.length; i++) {
		if (strchr(set, text.data[i]) == NULL)
			return false;
		digit = digit || (text.data[i] >= '0' && text.data[i] <= '9');
	}
	return digit && text.length >= 7;
}

/* What stands behind the two dates: numbers, description, violation, told apart by what they look like, as a scan
 * loses empty columns. */
static bool
tail_add(struct notice_traceback *traceback, struct slice text)
{
	if (!has_letter_or_digit(text))
		return true;
	if (is_number(text) && !is_citation(text))
		return append(traceback->caller[0] == '\0' ? &traceback->caller : &traceback->called, text);
	return append(is_citation(text) ? &traceback->violation : &traceback->description, text);
}

static bool
starts_row(const struct cell *cells, size_t count, day *call, day *notified)
{
	bool doubtful[2];

	return count >= 3 && date_read(cells[1].text, call, &doubtful[0]) == cells[1].text.length &&
	       date_read(cells[2].text, notified, &doubtful[1]) == cells[2].text.length && !doubtful[0] &&
	       !doubtful[1];
}

/* A line below a row's first: more of the customer, the times, more of the rest. One whose second column is neither
 * empty nor a time is what a scan made of two lines at once: of it the citation alone is taken. */
static bool
row_continue(struct notice_traceback *traceback, const struct cell *cells, size_t count, const size_t columns[3])
{
	bool spoilt = false, good = true;
	int64_t seconds;

	for (size_t i = 0; i < count; i++)
		spoilt = spoilt || (cells[i].column == columns[1] && !time_read(cells[i].text, &seconds));
	for (size_t i = 0; good && i < count; i++) {
		bool call = cells[i].column == columns[1], notified = cells[i].column == columns[2];
		struct moment *moment = call ? &traceback->call : &traceback->notified;

		if (spoilt && !is_citation(cells[i].text))
			continue;
		if (call || notified) {
			/* What is no time there stays out: the day alone is sure. */
			if (moment->exact || !time_read(cells[i].text, &seconds))
				continue;
			moment->instant = instant_of(moment->date, seconds);
			moment->date = day_at(moment->instant);
			moment->exact = true;
		} else if (cells[i].column < columns[1] && !is_citation(cells[i].text)) {
			good = append(&traceback->customer, cells[i].text);
		} else {
			good = tail_add(traceback, cells[i].text);
		}
	}
	return good;
}

static struct notice_traceback *
row_begin(struct notice *notice, const struct cell *cells, size_t count, day call, day notified)
{
	struct notice_traceback *traceback = notice_add_traceback(notice);

	if (traceback == NULL || !notice_set(&traceback->customer, cells[0].text))
		return NULL;
	traceback->call = (struct moment){ call, day_begins(call), false };
	traceback->notified = (struct moment){ notified, day_begins(notified), false };
	for (size_t i = 3; i < count; i++)
		if (!tail_add(traceback, cells[i].text))
			return NULL;
	return traceback;
}

static int
traceback_tell(struct import *import, const struct notice_traceback *traceback, unsigned line)
{
	char call[TIME_TEXT_SIZE], text[LIMIT_ERROR_BYTES];
	size_t length;

	if (traceback->call.exact)
		time_format_utc(call, traceback->call.instant);
	else
		moment_format(call, &traceback->call);
	slice_copy(text, sizeof text - TIME_TEXT_SIZE, slice_of(traceback->customer));
	length = strlen(text);
	memcpy(text + length, ", ", 3);
	slice_copy(text + length + 2, TIME_TEXT_SIZE, slice_of(call));
	return finding_add(import, "traceback", slice_of(text), line, "");
}

int
import_tracebacks(struct import *import)
{
	const struct page *page = &import->page;
	struct notice *notice = import->notice;
	struct notice_traceback *traceback = NULL;
	unsigned row_line = 0;
	size_t columns[3] = { 0 };

	for (size_t i = 0; i < page->line_count; i++) {
		struct cell cells[CELLS_MAX];
		size_t count = cells_split(page->lines[i], cells);
		bool good = true;
		day call, notified;

		if (starts_row(cells, count, &call, &notified)) {
			if (traceback != NULL && traceback_tell(import, traceback, row_line) != 0)
				return import->error->code;
			traceback = row_begin(notice, cells, count, call, notified);
			good = traceback != NULL;
			row_line = (unsigned)i + 1;
			for (size_t k = 0; k < 3; k++)
				columns[k] = cells[k].column;
		} else if (traceback != NULL && count > 0 && (unsigned)i + 1 - row_line <= 5) {
			good = row_continue(traceback, cells, count, columns);
		} else if (traceback != NULL && count > 0 && (unsigned)i + 1 - row_line > 5) {
			/* Another page's text. */
			if (traceback_tell(import, traceback, row_line) != 0)
				return import->error->code;
			traceback = NULL;
		}
		if (!good)
			return error_set(import->error, EX_CANTCREAT, "%s: not enough memory, or too many tracebacks",
					 import->path);
	}
	return traceback != NULL ? traceback_tell(import, traceback, row_line) : 0;
}
