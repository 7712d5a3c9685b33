/* SPDX-License-Identifier: ISC
 *
 * An order's appendix: the companies that it names, one a line, perhaps with an RMD number and an FRN, over many
 * pages. A row that could be read in two ways stays out and is told.
 */
#include <string.h>

#include "base/limits.h"
#include "notice/import.h"

/* What one line of the list says. */
struct row {
	struct slice name;
	uint64_t frn;
	uint32_t number;
	unsigned frns;
	unsigned numbers;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A heading of its own line: "APPENDIX", "Appendix A", "ATTACHMENT". */
static bool
is_heading(struct slice line)
{
	line = slice_trim(line);
	return line.length <= 40 && (slice_starts_fold(line, "APPENDIX") || slice_starts_fold(line, "ATTACHMENT")) &&
	       memchr(line.data, '.', line.length) == NULL;
}

/* The number that a line of a list may begin with: "12." or "12)" or "12" and a column. */
static struct slice
count_skip(struct slice line)
{
	size_t digits = 0;

	while (digits < line.length && digits < 5 && is_digit(line.data[digits]))
		digits++;
	if (digits == 0 || digits == line.length)
		return line;
	if (line.data[digits] == '.' || line.data[digits] == ')')
		digits++;
	else if (line.data[digits] != '\t' && (digits + 1 >= line.length || line.data[digits + 1] != ' '))
		return line;
	return slice_trim((struct slice){ line.data + digits, line.length - digits });
}

/* A word that is an FRN or an RMD number is taken out of the name. */
static bool
key_take(struct slice word, struct row *row)
{
	uint32_t number = rmd_number_parse(word);
	uint64_t frn = word.length == 10 || word.length == 12 ? frn_parse(word) : 0;

	if (number != 0) {
		row->number = number;
		row->numbers++;
	} else if (frn != 0) {
		row->frn = frn;
		row->frns++;
	}
	return number != 0 || frn != 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '|';
}

/* Keys stand before the name, behind it or both; what lies between the first and the last word that is none is the
 * name. */
static struct row
row_read(struct slice line)
{
	struct row row = { { NULL, 0 }, 0, 0, 0, 0 };
	size_t i = 0, begin = SIZE_MAX, end = 0;

	while (i < line.length) {
		size_t length = 0;

		while (i + length < line.length && !is_blank(line.data[i + length]))
			length++;
		if (length > 0 && !key_take((struct slice){ line.data + i, length }, &row)) {
			begin = begin == SIZE_MAX ? i : begin;
			end = i + length;
		}
		i += length > 0 ? length : 1;
	}
	if (begin != SIZE_MAX)
		row.name = (struct slice){ line.data + begin, end - begin };
	return row;
}

/* Headings of columns, running heads and page numbers. */
static bool
is_furniture(struct slice line)
{
	size_t digits = 0;

	if (slice_starts_fold(line, "Federal Communications Commission") || slice_starts_fold(line, "Company") ||
	    slice_starts_fold(line, "Provider") || slice_starts_fold(line, "Business Name") ||
	    slice_starts_fold(line, "Entity") || slice_starts_fold(line, "Name") || slice_starts_fold(line, "No.") ||
	    slice_starts_fold(line, "FRN") || slice_starts_fold(line, "RMD Number") ||
	    slice_starts_fold(line, "Page ") || slice_starts_fold(line, "DA ") || slice_starts_fold(line, "List of "))
		return !is_company(line);
	while (digits < line.length && is_digit(line.data[digits]))
		digits++;
	return digits == line.length && digits < 6;
}

/* Two names on one line: columns that this line alone does not part. */
static bool
has_columns(struct slice name)
{
	for (size_t i = 0; i + 2 < name.length; i++)
		if (name.data[i] == '\t' ||
		    (name.data[i] == ' ' && name.data[i + 1] == ' ' && name.data[i + 2] == ' '))
			return true;
	return false;
}

static int
row_add(struct import *import, const struct row *row, unsigned line)
{
	struct notice_provider *provider;

	if (row->frns > 1 || row->numbers > 1)
		return finding_add(import, "provider", row->name, line,
				   "several FRNs or RMD numbers stand on its line");
	if (has_columns(row->name))
		return finding_add(import, "provider", row->name, line, "may be two names, one beside the other");
	provider = notice_add_provider(import->notice);
	if (provider == NULL || !notice_set(&provider->name, row->name))
		return error_set(import->error, EX_CANTCREAT, "%s: not enough memory, or too many providers",
				 import->path);
	provider->frn = row->frn;
	provider->number = row->number;
	return finding_add(import, "provider", row->name, line, "");
}

/* A line that goes on with the name above it: its last word alone, as "LLC", or begun with a small letter. */
static bool
goes_on(struct slice line)
{
	static const char *const ends[] = { "LLC",         "L.L.C.", "Inc.", "Inc",  "Corp.",
					    "Corporation", "Ltd.",   "LTD",  "d/b/a" };

	if (line.data[0] >= 'a' && line.data[0] <= 'z')
		return true;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (slice_equal_fold(line, ends[i]))
			return true;
	return false;
}

static int
name_extend(struct import *import, struct slice more)
{
	struct notice_provider *last = &import->notice->providers[import->notice->provider_count - 1];
	char name[LIMIT_ERROR_BYTES];
	size_t length = strlen(last->name);

	if (length + 1 + more.length > sizeof name)
		return 0;
	memcpy(name, last->name, length);
	name[length] = ' ';
	memcpy(name + length + 1, more.data, more.length);
	if (!notice_set(&last->name, (struct slice){ name, length + 1 + more.length }))
		return error_set(import->error, EX_CANTCREAT, "%s: not enough memory", import->path);
	return 0;
}

int
import_appendix(struct import *import, bool *any)
{
	const struct page *page = &import->page;
	size_t begin = page->line_count, listed = 0;

	/* The first heading that a row follows; text speaks of "the Appendix" before. */
	for (size_t i = 0; i < page->line_count && begin == page->line_count; i++)
		if (is_heading(page->lines[i]))
			begin = i + 1;
	for (size_t i = begin; i < page->line_count; i++) {
		struct slice line = slice_trim(page->lines[i]);
		struct row row;

		/* Another appendix is not of companies. */
		if (is_heading(line) && listed > 0)
			break;
		if (line.length == 0 || is_heading(line) || is_furniture(line))
			continue;
		if (listed > 0 && import->notice->provider_count > 0 && goes_on(line)) {
			if (name_extend(import, line) != 0)
				return import->error->code;
			continue;
		}
		row = row_read(count_skip(line));
		if (row.name.length == 0)
			continue;
		/* A sentence above the list. */
		if (row.frns + row.numbers == 0 && !is_company(row.name) && row.name.length > 60)
			continue;
		if (row_add(import, &row, (unsigned)i + 1) != 0)
			return import->error->code;
		listed++;
	}
	*any = listed > 0;
	return 0;
}
