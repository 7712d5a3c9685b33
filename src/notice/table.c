/* SPDX-License-Identifier: ISC
 *
 * The table of tracebacks in a letter's attachment: rows of several lines, columns of tabs, bars or blanks, and what
 * a scan has spoilt. A row begins with its two dates; a cell that cannot be told stays empty.
 */
#include <string.h>

#include "base/limits.h"
#include "notice/reading.h"

#define CELLS_MAX 24
/* Blanks that part two columns. */
#define GAP_BLANKS 2
/* Lines of one row below its first, without those that are no table's. */
#define ROW_LINES 8
/* A cell of a row's further lines is short: longer ones are a sentence below the table. */
#define CELL_BYTES 48
/* "4:38:05 p.m. EST" at most. */
#define SPOILT_TIME_BYTES 16
#define SECONDS_A_DAY 86400

enum cell_kind { CELL_TEXT, CELL_DATE, CELL_TIME, CELL_SPOILT_TIME, CELL_CITATION, CELL_NUMBER, CELL_NOISE };

struct cell {
	struct slice text;
	size_t column; /* where it begins: the number of tabs before it, or the place in the line */
	enum cell_kind kind;
	day date;       /* of CELL_DATE; DAY_NONE: not sure */
	int64_t second; /* of CELL_TIME, since midnight UTC */
};

struct cells {
	struct cell cells[CELLS_MAX];
	size_t count;
	size_t columns; /* which hold something, before dates part them */
	struct slice line;
	bool tabs;
};

/* The row that is being read. */
struct row {
	struct notice_traceback *traceback; /* NULL: none */
	unsigned line;
	unsigned lines;
	bool one_number; /* the caller's or the called one's, and left out */
	size_t call;     /* columns of the two dates */
	size_t notified;
};

static bool
is_alphanumeric(char c)
{
	c = ascii_lower(c);
	return is_digit(c) || (c >= 'a' && c <= 'z');
}

static bool
holds_alphanumeric(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (is_alphanumeric(text.data[i]))
			return true;
	return false;
}

static int
two_digits(const char *text)
{
	return is_digit(text[0]) && is_digit(text[1]) ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

/* "16:38 UTC", "16:38:05 UTC" at the beginning: the bytes it takes. A time without a zone is none. */
static size_t
time_read(struct slice text, int64_t *second)
{
	static const char *const zones[] = { "UTC", "GMT" };
	size_t taken = 5;
	int hour, minute, more = 0;

	if (text.length < 9 || text.data[2] != ':')
		return 0;
	hour = two_digits(text.data);
	minute = two_digits(text.data + 3);
	if (text.data[5] == ':') {
		more = two_digits(text.data + 6);
		taken = 8;
	}
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || more < 0 || more > 59)
		return 0;
	*second = hour * 3600 + minute * 60 + more;
	while (taken < text.length && text.data[taken] == ' ')
		taken++;
	for (size_t i = 0; i < 2; i++)
		if (slice_starts_fold((struct slice){ text.data + taken, text.length - taken }, zones[i]) &&
		    (taken + 3 == text.length || !is_alphanumeric(text.data[taken + 3])))
			return taken + 3;
	return 0;
}

/* A telephone number as published: digits, and what they are redacted with. */
static bool
is_number(struct slice text)
{
	static const char set[] = "0123456789xX*#+-.() ";
	size_t digits = 0;

	if (phrase_is(text, "redacted"))
		return true;
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '\0' || strchr(set, text.data[i]) == NULL)
			return false;
		digits += is_digit(text.data[i]) || strchr("xX*#", text.data[i]) != NULL;
	}
	return digits >= 7;
}

/* Parts of "47 USC 227(b); 47 CFR 64.1200(a)": every word is a number of the law, or a name of its books. */
static bool
is_citation(struct slice text)
{
	bool sure = false;

	for (size_t i = 0; i < text.length;) {
		size_t length = 0;
		struct slice word;

		while (i + length < text.length && text.data[i + length] != ' ')
			length++;
		word = (struct slice){ text.data + i, length };
		i += length + 1;
		while (word.length > 0 && strchr(";,.", word.data[word.length - 1]) != NULL)
			word.length--;
		if (word.length == 0 || phrase_is(word, "and"))
			continue;
		if (slice_equal_fold(word, "USC") || slice_equal_fold(word, "U.S.C") ||
		    slice_equal_fold(word, "CFR") || slice_equal_fold(word, "C.F.R") ||
		    slice_equal_fold(word, "47") || slice_starts_fold(word, "\xc2\xa7"))
			sure = true;
		else if ((is_digit(word.data[0]) || word.data[0] == '(') &&
			 memchr(word.data, '-', word.length) == NULL)
			sure = sure || memchr(word.data, '(', word.length) != NULL ||
			       memchr(word.data, '.', word.length) != NULL;
		else
			return false;
	}
	return sure;
}

static void
cell_add(struct cells *cells, struct slice text, size_t column)
{
	struct cell *cell = &cells->cells[cells->count];
	bool doubtful = false;
	day date;

	text = slice_trim(text);
	if (text.length == 0 || cells->count == CELLS_MAX)
		return;
	*cell = (struct cell){ text, column, CELL_TEXT, DAY_NONE, 0 };
	if (!holds_alphanumeric(text))
		cell->kind = CELL_NOISE;
	else if (date_read(text, &date, &doubtful) == text.length || date_like(text) == text.length)
		cell->kind = CELL_DATE;
	else if (time_read(text, &cell->second) == text.length)
		cell->kind = CELL_TIME;
	else if (text.length <= SPOILT_TIME_BYTES && memchr(text.data, ':', text.length) != NULL)
		cell->kind = CELL_SPOILT_TIME;
	else if (is_number(text))
		cell->kind = CELL_NUMBER;
	else if (is_citation(text))
		cell->kind = CELL_CITATION;
	if (cell->kind == CELL_DATE && !doubtful && date_read(text, &date, &doubtful) > 0)
		cell->date = date;
	cells->count++;
}

/* A column whose cells stand but a blank from the next is parted where a date or a time begins or ends. */
static void
column_add(struct cells *cells, struct slice text, struct slice line, size_t column)
{
	size_t begin = 0;

	for (size_t i = 0; i < text.length; i++) {
		struct slice rest = { text.data + i, text.length - i };
		bool doubtful;
		int64_t second;
		day date;
		size_t length;

		if (i > 0 && text.data[i - 1] != ' ')
			continue;
		length = date_read(rest, &date, &doubtful);
		if (length == 0)
			length = time_read(rest, &second);
		if (length == 0)
			continue;
		cell_add(cells, (struct slice){ text.data + begin, i - begin },
			 cells->tabs ? column : (size_t)(text.data + begin - line.data));
		cell_add(cells, (struct slice){ text.data + i, length },
			 cells->tabs ? column : (size_t)(text.data + i - line.data));
		begin = i + length;
		i += length - 1;
	}
	while (begin < text.length && text.data[begin] == ' ')
		begin++;
	cell_add(cells, (struct slice){ text.data + begin, text.length - begin },
		 cells->tabs ? column : (size_t)(text.data + begin - line.data));
}

/* The cells of a line that are not empty. Tabs or bars part columns or, where there are none, two blanks or more. */
static void
cells_split(struct slice line, struct cells *cells)
{
	char bar = memchr(line.data, '\t', line.length) != NULL ? '\t' : '|';
	size_t column = 0, begin = 0;

	cells->count = cells->columns = 0;
	cells->line = slice_trim(line);
	cells->tabs = memchr(line.data, bar, line.length) != NULL;
	for (size_t i = 0; i <= line.length; i++) {
		size_t blanks = 0;

		while (!cells->tabs && i + blanks < line.length && line.data[i + blanks] == ' ')
			blanks++;
		if (i < line.length && !(cells->tabs ? line.data[i] == bar : blanks >= GAP_BLANKS))
			continue;
		column_add(cells, slice_trim((struct slice){ line.data + begin, i - begin }), line, column);
		cells->columns += slice_trim((struct slice){ line.data + begin, i - begin }).length > 0;
		column++;
		begin = i + 1;
		i += blanks > 0 ? blanks - 1 : 0;
	}
}

/* Names of columns, alone in their cells. */
static bool
is_column_name(struct slice text)
{
	static const char *const names[] = { "Customer",
					     "Customer Name",
					     "Client",
					     "Date of Call",
					     "Call Date",
					     "Date of ITG",
					     "Date of ITG Notification",
					     "Notification",
					     "Date of Notification",
					     "Caller ID",
					     "Called",
					     "Called Number",
					     "Calling Number",
					     "Number",
					     "Description",
					     "Violation",
					     "Violations",
					     "Date of",
					     "ITG",
					     "Call",
					     "Caller",
					     "ID",
					     "ITG Notification",
					     "Date of ITG Traceback",
					     "Date" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (phrase_is(text, names[i]))
			return true;
	return false;
}

static bool
is_header(const struct cells *cells)
{
	for (size_t i = 0; i < cells->count; i++)
		if (!is_column_name(cells->cells[i].text))
			return false;
	return cells->count > 0;
}

static bool
append(char **text, struct slice more)
{
	char room[LIMIT_NOTICE_TEXT];
	struct slice joined = slice_join(room, sizeof room, slice_of(*text), " ", more);

	return joined.length == 0 || notice_set(text, joined);
}

/* The row's two dates: indexes of their cells. A row has both, and one of them at least is sure. */
static bool
starts_row(const struct cells *cells, size_t dates[2])
{
	size_t count = 0;
	bool sure = false;

	for (size_t i = 0; i < cells->count; i++) {
		if (cells->cells[i].kind != CELL_DATE)
			continue;
		if (count < 2)
			dates[count] = i;
		sure = sure || cells->cells[i].date != DAY_NONE;
		count++;
	}
	return count == 2 && sure;
}

static void
moment_set(struct moment *moment, day date)
{
	*moment = date == DAY_NONE ? MOMENT_NONE : (struct moment){ date, day_begins(date), false };
}

/* A time in UTC, on a day of UTC. */
static void
moment_time(struct moment *moment, int64_t second)
{
	if (moment->date == DAY_NONE || moment->exact)
		return;
	moment->instant = (int64_t)moment->date * SECONDS_A_DAY + second;
	moment->date = day_at(moment->instant);
	moment->exact = true;
}

static int
doubt(struct import *import, struct slice line, unsigned number, const char *why)
{
	return doubt_add(import, "traceback", slice_trim(line), number, false, why);
}

/* Two numbers are the caller's and the called one's. One alone is either's: its column tells, where columns are
 * counted. False: no memory. */
static bool
numbers_add(struct notice_traceback *traceback, const struct cells *cells, size_t notified, bool *unsure)
{
	const struct cell *first = NULL, *second = NULL;

	for (size_t i = 0; i < cells->count; i++) {
		if (cells->cells[i].kind != CELL_NUMBER)
			continue;
		if (first == NULL)
			first = &cells->cells[i];
		else
			second = &cells->cells[i];
	}
	if (first == NULL)
		return true;
	if (second != NULL)
		return append(&traceback->caller, first->text) && append(&traceback->called, second->text);
	*unsure = !cells->tabs || first->column < notified + 1 || first->column > notified + 2;
	return *unsure ||
	       append(first->column == notified + 1 ? &traceback->caller : &traceback->called, first->text);
}

static bool
row_begin(struct import *import, struct row *row, const struct cells *cells, const size_t dates[2], unsigned line)
{
	const struct cell *call = &cells->cells[dates[0]], *notified = &cells->cells[dates[1]];
	struct notice_traceback *traceback = notice_add_traceback(import->notice);
	bool good = traceback != NULL;

	*row = (struct row){
		.traceback = traceback, .line = line, .call = call->column, .notified = notified->column
	};
	if (!good)
		return false;
	moment_set(&traceback->call, call->date);
	moment_set(&traceback->notified, notified->date);
	for (size_t i = 0; good && i < cells->count; i++) {
		const struct cell *cell = &cells->cells[i];

		if (i < dates[0] && cell->kind == CELL_TEXT)
			good = append(&traceback->customer, cell->text);
		else if (cell->kind == CELL_TIME && i > dates[0])
			moment_time(i < dates[1] ? &traceback->call : &traceback->notified, cell->second);
		else if (i > dates[1] && cell->kind == CELL_CITATION)
			good = append(&traceback->violation, cell->text);
		else if (i > dates[1] && cell->kind == CELL_TEXT)
			good = append(&traceback->description, cell->text);
	}
	return good && numbers_add(traceback, cells, row->notified, &row->one_number);
}

static size_t
distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/* Between the dates' columns, where but times may stand below them. */
static bool
is_below_dates(const struct row *row, const struct cells *cells, size_t column)
{
	return cells->tabs ? column == row->call || column == row->notified
			   : column + GAP_BLANKS >= row->call && column < row->notified + 8;
}

/* A line that a scan has made of two: something other than a time stands below the dates. */
static bool
is_spoilt(const struct row *row, const struct cells *cells)
{
	for (size_t i = 0; i < cells->count; i++) {
		const struct cell *cell = &cells->cells[i];

		if (cell->kind != CELL_TIME && cell->kind != CELL_SPOILT_TIME && cell->kind != CELL_NOISE &&
		    is_below_dates(row, cells, cell->column))
			return true;
	}
	return false;
}

/* A sentence below the table, or another page's. */
static bool
is_sentence(const struct cells *cells)
{
	return (cells->columns == 1 && cells->line.length > CELL_BYTES) ||
	       (cells->columns == 2 && cells->line.length > 3 * CELL_BYTES);
}

/* A line below a row's first: more of the customer, the times, more of the rest. Of a spoilt one the citation alone
 * is taken. */
static bool
row_continue(struct row *row, const struct cells *cells, bool spoilt)
{
	struct notice_traceback *traceback = row->traceback;
	bool good = true;

	for (size_t i = 0; good && i < cells->count; i++) {
		const struct cell *cell = &cells->cells[i];
		bool call = distance(cell->column, row->call) < distance(cell->column, row->notified);

		if (cell->kind == CELL_CITATION && cell->column > row->notified)
			good = append(&traceback->violation, cell->text);
		else if (spoilt)
			continue;
		else if (cell->kind == CELL_TIME)
			moment_time(call ? &traceback->call : &traceback->notified, cell->second);
		else if (cell->kind == CELL_TEXT && cell->column < row->call)
			good = append(&traceback->customer, cell->text);
		else if (cell->kind == CELL_TEXT && cell->column > row->notified)
			good = append(&traceback->description, cell->text);
	}
	return good;
}

/* What cannot be: then neither time is sure. */
static const char *
row_judge(const struct import *import, const struct notice_traceback *traceback)
{
	day issued = import->notice->issued.date;

	if (traceback->call.date != DAY_NONE && traceback->notified.date != DAY_NONE &&
	    (traceback->call.date > traceback->notified.date ||
	     (traceback->call.exact && traceback->notified.exact &&
	      traceback->call.instant > traceback->notified.instant)))
		return "notified before its call";
	if (issued != DAY_NONE && traceback->call.date != DAY_NONE && traceback->call.date > issued)
		return "a call after the letter";
	return NULL;
}

static int
row_end(struct import *import, struct row *row)
{
	char text[LIMIT_NOTICE_TEXT + TIME_TEXT_SIZE + 2], call[TIME_TEXT_SIZE];
	struct notice_traceback *traceback = row->traceback;
	struct slice line, told;
	const char *why;

	row->traceback = NULL;
	if (traceback == NULL)
		return 0;
	line = line_text(&import->page, row->line - 1);
	why = row_judge(import, traceback);
	if (why != NULL) {
		traceback->call = traceback->notified = MOMENT_NONE;
	} else if (traceback->call.date == DAY_NONE || traceback->notified.date == DAY_NONE) {
		why = "one of its dates cannot be read, and stays empty";
	} else if (!traceback->call.exact || !traceback->notified.exact) {
		why = "a time of day is missing or cannot be read: the day alone is kept";
	} else if (row->one_number) {
		why = "its number may be the caller's or the called one's: left out";
	}
	if (traceback->call.exact)
		time_format_utc(call, traceback->call.instant);
	else
		moment_format(call, &traceback->call);
	told = slice_join(text, sizeof text, slice_of(traceback->customer), ", ", slice_of(call));
	if (finding_add(import, "traceback", told, row->line) != 0)
		return import->error->code;
	return why != NULL ? doubt(import, line, row->line, why) : 0;
}

/* A line of the table that begins no row. */
static int
line_continue(struct import *import, struct row *row, const struct cells *cells, size_t index)
{
	struct slice line = import->page.lines[index].text;
	bool spoilt = row->traceback != NULL && is_spoilt(row, cells), date = false;

	for (size_t i = 0; i < cells->count; i++)
		date = date || cells->cells[i].kind == CELL_DATE;
	if (is_sentence(cells))
		return row_end(import, row);
	if (date)
		return row_end(import, row) != 0 ? import->error->code
						 : doubt(import, line, (unsigned)index + 1,
							 "may be a call: it has not two dates that can be read");
	if (row->traceback == NULL)
		return 0;
	if (++row->lines > ROW_LINES)
		return row_end(import, row);
	if (!row_continue(row, cells, spoilt))
		return import_no_memory(import);
	return spoilt ? doubt(import, line, (unsigned)index + 1,
			      "a scan has spoilt this line of the table: its last column alone is taken")
		      : 0;
}

/* A table has a row that names its columns, or stands in an attachment. */
static bool
begins_table(struct slice line)
{
	return phrase_begins(line, "ATTACHMENT") > 0 || phrase_begins(line, "APPENDIX") > 0 ||
	       phrase_begins(line, "EXHIBIT") > 0 || phrase_in(line, "Date of Call") || phrase_in(line, "Call Date");
}

int
import_tracebacks(struct import *import)
{
	const struct page *page = &import->page;
	struct row row = { 0 };
	bool table = false;

	for (size_t i = import->head_lines; i < page->line_count; i++) {
		struct slice line = page->lines[i].text;
		struct cells cells;
		size_t dates[2];

		if (is_between_rows(page, i))
			continue;
		table = table || (line.length < 200 && begins_table(line));
		if (!table)
			continue;
		cells_split(line, &cells);
		if (is_header(&cells))
			continue;
		if (!starts_row(&cells, dates)) {
			if (line_continue(import, &row, &cells, i) != 0)
				return import->error->code;
			continue;
		}
		if (row_end(import, &row) != 0)
			return import->error->code;
		if (!row_begin(import, &row, &cells, dates, (unsigned)i + 1))
			return error_set(import->error, EX_DATAERR,
					 "%s: not enough memory, or more than %d tracebacks", import->path,
					 LIMIT_NOTICE_TRACEBACKS);
	}
	return row_end(import, &row);
}
