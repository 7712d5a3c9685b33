/* SPDX-License-Identifier: ISC
 *
 * Text made even, and the two things found in all of it: phrases and dates.
 */
#include "notice/page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"

static int
no_memory(const char *path, struct error *error)
{
	return error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
}

/* Copies the text: LF alone ends lines, and what is no UTF-8 is taken for Latin-1. */
static bool
text_copy(struct page *page, const char *text, size_t length)
{
	static const char mark[] = "\xef\xbb\xbf";
	bool latin = !utf8_valid((struct slice){ text, length });
	size_t used = 0;

	if (length >= 3 && memcmp(text, mark, 3) == 0) {
		text += 3;
		length -= 3;
	}
	page->text = malloc(2 * length + 2);
	if (page->text == NULL)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\r' && i + 1 < length && text[i + 1] == '\n')
			continue;
		if (c == '\r')
			c = '\n';
		/* A page ends inside of a line: lines stay those that an editor counts. */
		if (c == '\f' || c == '\v')
			c = ' ';
		if (latin && c >= 0x80) {
			page->text[used++] = (char)(0xc0 | c >> 6);
			c = (unsigned char)(0x80 | (c & 0x3f));
		}
		page->text[used++] = (char)c;
	}
	if (used > 0 && page->text[used - 1] != '\n')
		page->text[used++] = '\n';
	page->text[used] = '\0';
	return true;
}

static bool
lines_split(struct page *page)
{
	struct buffer lines = { 0 };

	for (const char *at = page->text; *at != '\0';) {
		const char *end = strchr(at, '\n');
		struct slice *line = buffer_extend(&lines, sizeof *line, SIZE_MAX / 2);

		if (line == NULL) {
			buffer_end(&lines);
			return false;
		}
		*line = (struct slice){ at, (size_t)(end - at) };
		at = end + 1;
	}
	page->lines = lines.data;
	page->line_count = lines.length / sizeof(struct slice);
	return true;
}

/* White space, and a non-breaking space of Unicode. */
static size_t
space_length(const char *text)
{
	if (*text == ' ' || *text == '\t')
		return 1;
	return memcmp(text, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static bool
flow_make(struct page *page)
{
	size_t size = strlen(page->text) + 2;

	page->flow = malloc(size);
	page->flow_line = malloc(size * sizeof *page->flow_line);
	if (page->flow == NULL || page->flow_line == NULL)
		return false;
	for (size_t i = 0; i < page->line_count; i++) {
		struct slice line = page->lines[i];
		bool word = false;

		for (size_t k = 0; k < line.length;) {
			size_t space = space_length(line.data + k);

			if (space > 0) {
				word = false;
				k += space;
				continue;
			}
			if (!word && page->flow_length > 0) {
				page->flow[page->flow_length] = ' ';
				page->flow_line[page->flow_length++] = (unsigned)i + 1;
			}
			word = true;
			page->flow[page->flow_length] = line.data[k++];
			page->flow_line[page->flow_length++] = (unsigned)i + 1;
		}
	}
	page->flow[page->flow_length] = '\0';
	return true;
}

int
page_begin(struct page *page, const char *path, const char *text, size_t length, struct error *error)
{
	*page = (struct page){ 0 };
	if (length > LIMIT_NOTICE_BYTES)
		return error_set(error, EX_DATAERR, "%s: is longer than %d bytes; no document of the FCC is", path,
				 LIMIT_NOTICE_BYTES);
	if (memchr(text, '\0', length) != NULL)
		return error_set(error, EX_DATAERR, "%s: is no text", path);
	if (!text_copy(page, text, length) || !lines_split(page) || !flow_make(page))
		return no_memory(path, error);
	return 0;
}

void
page_end(struct page *page)
{
	free(page->text);
	free(page->lines);
	free(page->flow);
	free(page->flow_line);
	*page = (struct page){ 0 };
}

size_t
flow_find(const struct page *page, const char *phrase, size_t from, size_t to)
{
	size_t length = strlen(phrase);

	if (to > page->flow_length)
		to = page->flow_length;
	for (size_t i = from; i + length <= to; i++) {
		struct slice rest = { page->flow + i, length };

		if (ascii_lower(rest.data[0]) == ascii_lower(phrase[0]) && slice_starts_fold(rest, phrase))
			return i;
	}
	return NOT_FOUND;
}

unsigned
flow_line(const struct page *page, size_t place)
{
	return place < page->flow_length ? page->flow_line[place] : (unsigned)page->line_count;
}

/* A number of one to `maximum` digits. A scan reads O for 0, and l or I for 1: taken as such between digits, and
 * told. */
static size_t
number_read(struct slice text, size_t maximum, int *number, bool *doubtful)
{
	size_t length = 0;

	*number = 0;
	while (length < text.length && length < maximum) {
		char c = text.data[length];
		int digit = c >= '0' && c <= '9' ? c - '0' : c == 'O' || c == 'o' ? 0 : c == 'l' || c == 'I' ? 1 : -1;

		if (digit < 0)
			break;
		if (c < '0' || c > '9')
			*doubtful = true;
		*number = 10 * *number + digit;
		length++;
	}
	return length;
}

static struct slice
behind(struct slice text, size_t length)
{
	return (struct slice){ text.data + length, text.length - length };
}

/* Commas, full stops and spaces between the parts of a date. */
static size_t
gap_length(struct slice text)
{
	size_t length = 0;

	while (length < text.length &&
	       (text.data[length] == ' ' || text.data[length] == ',' || text.data[length] == '.'))
		length++;
	return length;
}

/* The index of the name that the text begins with, its first three letters at least; *length what it takes. */
static int
name_read(struct slice text, const char *const names[], int count, size_t *length)
{
	for (int i = 0; i < count; i++) {
		size_t whole = strlen(names[i]);

		if (slice_starts_fold(text, names[i]))
			return *length = whole, i;
	}
	for (int i = 0; i < count; i++) {
		char start[4] = { names[i][0], names[i][1], names[i][2], '\0' };
		bool ended = text.length > 3 && (text.data[3] == ' ' || text.data[3] == '.' || text.data[3] == ',');

		if (slice_starts_fold(text, start) && (ended || slice_starts_fold(text, "sept")))
			return *length = ended ? 3 : 4, i;
	}
	return -1;
}

size_t
date_read(struct slice text, day *date, bool *doubtful)
{
	static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
					      "July",    "August",   "September", "October", "November", "December" };
	static const char *const weekdays[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
						"Thursday", "Friday", "Saturday" };
	struct slice rest = text;
	int weekday, month, number, year;
	size_t length;

	*doubtful = false;
	weekday = name_read(rest, weekdays, 7, &length);
	if (weekday >= 0) {
		rest = behind(rest, length);
		rest = behind(rest, gap_length(rest));
	}
	month = name_read(rest, months, 12, &length);
	if (month < 0)
		return 0;
	rest = behind(rest, length);
	if (gap_length(rest) == 0)
		return 0;
	rest = behind(rest, gap_length(rest));
	length = number_read(rest, 2, &number, doubtful);
	if (length == 0 || gap_length(behind(rest, length)) == 0)
		return 0;
	rest = behind(rest, length);
	rest = behind(rest, gap_length(rest));
	if (number_read(rest, 4, &year, doubtful) != 4 || year < 1900)
		return 0;
	rest = behind(rest, 4);
	*date = day_of(year, month + 1, number);
	if (number < 1 || day_year(*date) != year || *date >= day_of(year + (month == 11), (month + 1) % 12 + 1, 1))
		return 0;
	if (weekday >= 0 && weekday != day_weekday(*date))
		*doubtful = true;
	return text.length - rest.length;
}
