/* SPDX-License-Identifier: ISC
 *
 * What the FCC's documents have in common: letterhead, dates, numbers, names. Tables are table.c's and appendix.c's.
 */
#include "notice/import.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"

/* The letterhead, the caption and the title stand within so many bytes of the flow, and so many lines. */
#define HEAD_BYTES 4000
#define HEAD_LINES 90
/* Between the words that announce a date and the date. */
#define DATE_REACH 90

int
finding_add(struct import *import, const char *field, struct slice value, unsigned line, const char *why)
{
	struct findings *findings = import->findings;
	struct finding *larger = findings->findings, *finding;

	if ((findings->count & (findings->count - 1)) == 0)
		larger = reallocarray(larger, findings->count == 0 ? 1 : 2 * findings->count, sizeof *larger);
	if (larger == NULL)
		return error_set(import->error, EX_CANTCREAT, "%s: not enough memory", import->path);
	findings->findings = larger;
	finding = &larger[findings->count];
	*finding = (struct finding){ .field = field, .line = line, .certain = why[0] == '\0', .why = why };
	if (!notice_set(&finding->value, value))
		return error_set(import->error, EX_CANTCREAT, "%s: not enough memory", import->path);
	findings->count++;
	return 0;
}

void
findings_end(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->findings[i].value);
	free(findings->findings);
	*findings = (struct findings){ 0 };
}

char *
findings_remarks(const struct findings *findings)
{
	struct buffer remarks = { 0 };
	char *place = buffer_extend(&remarks, 1, SIZE_MAX / 2);

	for (size_t i = 0; place != NULL && i < findings->count; i++) {
		const struct finding *finding = &findings->findings[i];
		char line[LIMIT_ERROR_BYTES];
		int length;

		if (finding->certain)
			continue;
		length = snprintf(line, sizeof line, "not sure, left out: %s, line %u: \"%.200s\" (%s)\n",
				  finding->field, finding->line, finding->value, finding->why);
		if (length < 0 || (size_t)length >= sizeof line)
			continue;
		/* The NUL moves on. */
		place = buffer_extend(&remarks, (size_t)length, SIZE_MAX / 2);
		if (place != NULL)
			memcpy(place - 1, line, (size_t)length);
	}
	if (place == NULL) {
		buffer_end(&remarks);
		return NULL;
	}
	((char *)remarks.data)[remarks.length - 1] = '\0';
	return remarks.data;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct slice
flow_rest(const struct page *page, size_t place)
{
	return (struct slice){ page->flow + place, page->flow_length - place };
}

static struct slice
flow_part(const struct page *page, size_t from, size_t to)
{
	return slice_trim((struct slice){ page->flow + from, to - from });
}

static bool
in_head(const struct page *page, const char *phrase)
{
	return flow_find(page, phrase, 0, HEAD_BYTES) != NOT_FOUND;
}

/* A letterhead is a line, not a sentence: "The Federal Communications Commission said" is none. */
static bool
has_letterhead(const struct page *page)
{
	static const char name[] = "Federal Communications Commission";
	static const char *const rest[] = { "",         "Enforcement", "Wireline", "Washington", "45 L",
					    "445 12th", "DA ",         "FCC ",     "News",       "Public Notice" };

	for (size_t i = 0; i < page->line_count && i < HEAD_LINES; i++) {
		struct slice line = slice_trim(page->lines[i]);

		if (slice_starts_fold(line, "PUBLIC NOTICE ") || slice_starts_fold(line, "Before the "))
			line = slice_trim((struct slice){ line.data + 11, line.length - 11 });
		if (slice_starts_fold(line, "E "))
			line = slice_trim((struct slice){ line.data + 2, line.length - 2 });
		if (!slice_starts_fold(line, name))
			continue;
		line = slice_trim((struct slice){ line.data + sizeof name - 1, line.length - (sizeof name - 1) });
		if (line.length == 0)
			return true;
		for (size_t k = 1; k < sizeof rest / sizeof rest[0]; k++)
			if (slice_starts_fold(line, rest[k]))
				return true;
	}
	return false;
}

/* "Dear", a salutation, begins a line. */
static bool
is_letter(const struct page *page)
{
	for (size_t i = 0; i < page->line_count && i < HEAD_LINES; i++)
		if (slice_starts_fold(slice_trim(page->lines[i]), "Dear "))
			return true;
	return false;
}

/* Whether an order orders it: the phrase stands behind "IT IS ORDERED", or in its head. */
static bool
orders(const struct page *page, const char *phrase)
{
	size_t clause = flow_find(page, "IT IS ORDERED", 0, SIZE_MAX);

	if (clause == NOT_FOUND)
		clause = flow_find(page, "IT IS HEREBY ORDERED", 0, SIZE_MAX);
	return in_head(page, phrase) ||
	       (clause != NOT_FOUND && flow_find(page, phrase, clause, SIZE_MAX) != NOT_FOUND);
}

static enum notice_kind
kind_read(const struct page *page)
{
	bool database = flow_find(page, "Robocall Mitigation Database", 0, SIZE_MAX) != NOT_FOUND;
	bool order = in_head(page, "ORDER");

	if (is_letter(page))
		return flow_find(page, "64.1200(k)(4)", 0, SIZE_MAX) != NOT_FOUND ||
				       flow_find(page, "64.1200(n)(2)", 0, SIZE_MAX) != NOT_FOUND
			       ? NOTICE_LETTER
			       : (enum notice_kind)0;
	if (in_head(page, "FINAL DETERMINATION ORDER"))
		return NOTICE_FINAL_DETERMINATION;
	if (in_head(page, "INITIAL DETERMINATION ORDER"))
		return NOTICE_INITIAL_DETERMINATION;
	if (in_head(page, "PUBLIC NOTICE") && !in_head(page, "Before the"))
		return flow_find(page, "64.1200(k)(4)", 0, SIZE_MAX) != NOT_FOUND &&
				       (flow_find(page, "permit", 0, SIZE_MAX) != NOT_FOUND ||
					flow_find(page, "may block", 0, SIZE_MAX) != NOT_FOUND)
			       ? NOTICE_PUBLIC
			       : (enum notice_kind)0;
	if (order && database &&
	    (orders(page, "reinstat") || orders(page, "is RESTORED") || orders(page, "are RESTORED")))
		return NOTICE_REINSTATEMENT;
	if (order && database && (orders(page, "remov")))
		return NOTICE_REMOVAL;
	return (enum notice_kind)0;
}

static int
set_text(struct import *import, const char *field, char **target, struct slice value, unsigned line)
{
	if (!notice_set(target, value))
		return error_set(import->error, EX_CANTCREAT, "%s: not enough memory", import->path);
	return finding_add(import, field, value, line, "");
}

/* A date into the notice and the findings, or a doubt into the findings alone. */
static int
date_found(struct import *import, const char *field, day *target, size_t place, size_t length, bool doubtful,
	   day date)
{
	unsigned line = flow_line(&import->page, place);
	char text[11];

	if (doubtful)
		return finding_add(import, field, (struct slice){ import->page.flow + place, length }, line,
				   "letters among the digits, or not the day of the week that it says");
	*target = date;
	day_format(text, date);
	return finding_add(import, field, slice_of(text), line, "");
}

/* "Released: August 6, 2025"; of a letter the first line that is a date and nothing else. */
static int
issued_read(struct import *import)
{
	static const char *const words[] = { "Released:", "Release Date:", "Released" };
	struct page *page = &import->page;
	struct notice *notice = import->notice;
	bool doubtful;
	day date;

	for (size_t i = 0; i < sizeof words / sizeof words[0] && notice->kind != NOTICE_LETTER; i++) {
		size_t place = flow_find(page, words[i], 0, HEAD_BYTES), length;

		if (place == NOT_FOUND)
			continue;
		place += strlen(words[i]);
		place += page->flow[place] == ' ';
		length = date_read(flow_rest(page, place), &date, &doubtful);
		if (length == 0)
			continue;
		if (date_found(import, "issued", &notice->issued.date, place, length, doubtful, date) != 0)
			return import->error->code;
		break;
	}
	for (size_t i = 0; i < page->line_count && i < HEAD_LINES && notice->kind == NOTICE_LETTER; i++) {
		struct slice line = slice_trim(page->lines[i]);
		size_t length = date_read(line, &date, &doubtful);
		char text[11];

		if (length == 0 || length != line.length)
			continue;
		day_format(text, date);
		if (finding_add(import, "issued", doubtful ? line : slice_of(text), (unsigned)i + 1,
				doubtful ? "letters among the digits, or not the day of the week that it says"
					 : "") != 0)
			return import->error->code;
		if (!doubtful)
			notice->issued.date = date;
		break;
	}
	if (notice->issued.date != DAY_NONE)
		notice->issued.instant = day_begins(notice->issued.date);
	return 0;
}

/* Capital letters, digits and hyphens: how the FCC numbers things. */
static size_t
number_length(struct slice text)
{
	size_t length = 0;

	while (length < text.length && (is_digit(text.data[length]) || text.data[length] == '-' ||
					(text.data[length] >= 'A' && text.data[length] <= 'Z')))
		length++;
	while (length > 0 && text.data[length - 1] == '-')
		length--;
	return length;
}

/* "DA 25-737" or "FCC 25-12" in the head. */
static bool
document_number(const struct page *page, struct slice *number, size_t *place)
{
	static const char *const marks[] = { "DA ", "FCC " };

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		for (*place = flow_find(page, marks[i], 0, HEAD_BYTES); *place != NOT_FOUND;
		     *place = flow_find(page, marks[i], *place + 1, HEAD_BYTES)) {
			size_t length = strlen(marks[i]);
			struct slice rest = flow_rest(page, *place + length);
			size_t digits = 0;

			while (digits < rest.length && (is_digit(rest.data[digits]) || rest.data[digits] == '-'))
				digits++;
			if (digits >= 4 && rest.data[2] == '-' && (*place == 0 || page->flow[*place - 1] == ' ')) {
				*number = (struct slice){ page->flow + *place, length + digits };
				return true;
			}
		}
	return false;
}

/* "FCC File No. EB-21-00031913", wherever it stands. */
static bool
file_number(const struct page *page, struct slice *number, size_t *place)
{
	*place = flow_find(page, "File No. EB-", 0, SIZE_MAX);
	if (*place == NOT_FOUND)
		return false;
	*place += strlen("File No. ");
	*number = flow_rest(page, *place);
	number->length = number_length(*number);
	return number->length > 6;
}

/* "EB Docket No. 22-174" of the caption; a letter's dockets stand in its footnotes, and are not its own. */
static int
docket_read(struct import *import)
{
	struct page *page = &import->page;
	size_t place = flow_find(page, "Docket No. ", 0, HEAD_BYTES), begin = place, end;

	if (import->notice->kind == NOTICE_LETTER || place == NOT_FOUND || place < 3)
		return 0;
	end = place + strlen("Docket No. ");
	end += number_length(flow_rest(page, end));
	/* The bureau's letters before it. */
	begin--;
	while (begin > 0 && page->flow[begin - 1] >= 'A' && page->flow[begin - 1] <= 'Z')
		begin--;
	return set_text(import, "docket", &import->notice->docket, flow_part(page, begin, end),
			flow_line(page, place));
}

/* The short name of a company, in brackets behind the long one: X ("Y"), X (Y). *end: behind the bracket. */
static bool
short_name(const struct page *page, size_t bracket, struct slice *name)
{
	static const char *const quotes[] = { "\"", "\xe2\x80\x9c", "\xe2\x80\x9d", "" };
	size_t close = flow_find(page, ")", bracket, bracket + 80), begin = bracket + 1;

	if (close == NOT_FOUND)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (slice_starts_fold(flow_rest(page, begin), quotes[i])) {
			begin += strlen(quotes[i]);
			break;
		}
	*name = (struct slice){ page->flow + begin, close - begin };
	while (name->length > 0 && ((unsigned char)name->data[name->length - 1] >= 0x80 ||
				    name->data[name->length - 1] == '"' || name->data[name->length - 1] == ','))
		name->length--;
	return name->length > 1 && name->data[0] >= 'A' && name->data[0] <= 'Z' &&
	       memchr(name->data, ';', name->length) == NULL;
}

bool
is_company(struct slice name)
{
	static const char *const ends[] = { "LLC",   "L.L.C.",      "Inc",     "Inc.", "Incorporated", "Corp",
					    "Corp.", "Corporation", "Ltd",     "Ltd.", "Limited",      "LP",
					    "L.P.",  "LLP",         "Company", "Co.",  "S.A.",         "GmbH",
					    "Pty",   "PLC",         "LTDA" };

	name = slice_trim(name);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t length = strlen(ends[i]);
		struct slice end = { name.data + name.length - length, length };

		if (name.length > length + 1 && slice_equal_fold(end, ends[i]) &&
		    (end.data[-1] == ' ' || end.data[-1] == ','))
			return true;
	}
	return false;
}

static int
provider_add(struct import *import, struct slice name, struct slice address, unsigned line)
{
	struct notice_provider *provider = notice_add_provider(import->notice);

	if (provider == NULL || !notice_set(&provider->name, name) || !notice_set(&provider->address, address))
		return error_set(import->error, EX_CANTCREAT, "%s: not enough memory, or too many providers",
				 import->path);
	if (finding_add(import, "provider", name, line, "") != 0)
		return import->error->code;
	return address.length > 0 ? finding_add(import, "address", address, line, "") : 0;
}

/* Where the letter's text says who it is to: 'X ("Y")', and X is a line of the address. */
static size_t
named_in_text(const struct page *page, struct slice line, struct slice *brief)
{
	char phrase[LIMIT_ERROR_BYTES];
	size_t place;

	if (line.length < 3 || line.length > sizeof phrase - 3)
		return NOT_FOUND;
	memcpy(phrase, line.data, line.length);
	memcpy(phrase + line.length, " (", 3);
	place = flow_find(page, phrase, 0, SIZE_MAX);
	if (place == NOT_FOUND || !short_name(page, place + line.length + 1, brief))
		return NOT_FOUND;
	return place;
}

/* The addressee's lines stand between the date and the salutation; what follows the company's line is its address. */
static int
addressee_read(struct import *import, struct slice *brief)
{
	struct page *page = &import->page;
	size_t end = 0, company = SIZE_MAX, length = 0;
	char address[1024];

	while (end < page->line_count && !slice_starts_fold(slice_trim(page->lines[end]), "Dear "))
		end++;
	for (size_t i = 0; i < end && company == SIZE_MAX; i++)
		if (named_in_text(page, slice_trim(page->lines[i]), brief) != NOT_FOUND)
			company = i;
	for (size_t i = 0; i < end && company == SIZE_MAX; i++)
		if (is_company(page->lines[i]))
			company = i;
	if (company == SIZE_MAX)
		return finding_add(import, "provider", slice_of(""), (unsigned)end + 1,
				   "no line before the salutation is a company's name");
	for (size_t i = company + 1; i < end; i++) {
		struct slice line = slice_trim(page->lines[i]);

		if (line.length == 0 || slice_starts_fold(line, "Re:") ||
		    memchr(line.data, '@', line.length) != NULL || line.length + 3 > sizeof address - length)
			break;
		if (length > 0) {
			memcpy(address + length, ", ", 2);
			length += 2;
		}
		memcpy(address + length, line.data, line.length);
		length += line.length;
	}
	return provider_add(import, slice_trim(page->lines[company]), (struct slice){ address, length },
			    (unsigned)company + 1);
}

/* The day by which the addressee must have done what the letter asks: printed with the fourteen days, or as a last
 * day. A span without a date stays a span. */
static int
respond_by_read(struct import *import)
{
	static const char *const words[] = { "fourteen (14) days", "14 days",      "14 calendar days",
					     "no later than",      "on or before", "not later than" };
	struct page *page = &import->page;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		for (size_t place = flow_find(page, words[i], 0, SIZE_MAX); place != NOT_FOUND;
		     place = flow_find(page, words[i], place + 1, SIZE_MAX)) {
			size_t from = place + strlen(words[i]);

			for (size_t at = from; at < from + DATE_REACH && at < page->flow_length; at++) {
				bool doubtful;
				day date;
				size_t length = page->flow[at - 1] != ' ' && page->flow[at - 1] != '('
							? 0
							: date_read(flow_rest(page, at), &date, &doubtful);

				if (length == 0)
					continue;
				if (date < import->notice->issued.date)
					break;
				return date_found(import, "respond-by", &import->notice->respond_by, at, length,
						  doubtful, date);
			}
		}
	return 0;
}

/* Shown, as the 48-hour clock rests on it. */
static int
hours_read(struct import *import)
{
	static const char *const words[] = { "48 hours", "forty-eight (48) hours", "forty-eight hours" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t place = flow_find(&import->page, words[i], 0, SIZE_MAX);

		if (place != NOT_FOUND)
			return finding_add(import, "hours", slice_of("48"), flow_line(&import->page, place), "");
	}
	return 0;
}

/* "cease accepting ... by August 8, 2025". */
static int
cease_by_read(struct import *import)
{
	static const char *const words[] = { "cease accepting", "stop accepting", "block and cease" };
	static const char *const until[] = { "no later than ", "by ", "on or before ", "effective " };
	struct page *page = &import->page;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		for (size_t place = flow_find(page, words[i], 0, SIZE_MAX); place != NOT_FOUND;
		     place = flow_find(page, words[i], place + 1, SIZE_MAX)) {
			size_t end = flow_find(page, ". ", place, place + 300), span;

			end = end == NOT_FOUND ? place + 300 : end + 1;
			span = flow_find(page, "business days", place, end);
			if (span != NOT_FOUND)
				return finding_add(
					import, "cease-by",
					flow_part(page, span > place + 30 ? span - 30 : place, span + 13),
					flow_line(page, span),
					"a span, not a date: set removal-grace in rmd.conf, or <cease-by>");
			for (size_t k = 0; k < sizeof until / sizeof until[0]; k++) {
				size_t at = flow_find(page, until[k], place, end), length;
				bool doubtful;
				day date;

				if (at == NOT_FOUND)
					continue;
				at += strlen(until[k]);
				length = date_read(flow_rest(page, at), &date, &doubtful);
				if (length > 0 && date >= import->notice->issued.date)
					return date_found(import, "cease-by", &import->notice->cease_by, at, length,
							  doubtful, date);
			}
		}
	return 0;
}

/* The left column of an order's caption: what stands between "In the Matter of" and the brackets of the right one. */
static int
caption_read(struct import *import)
{
	struct page *page = &import->page;
	size_t line = 0, before = import->notice->provider_count;

	while (line < page->line_count && line < HEAD_LINES &&
	       !slice_starts_fold(slice_trim(page->lines[line]), "In the Matter of"))
		line++;
	for (size_t i = line + 1; i < page->line_count && i < line + 40 && line < HEAD_LINES; i++) {
		struct slice text = slice_trim(page->lines[i]);
		const char *bracket = memchr(text.data != NULL ? text.data : "", ')', text.length);

		if (bracket != NULL)
			text.length = (size_t)(bracket - text.data);
		text = slice_trim(text);
		if (slice_starts_fold(text, "ORDER") || slice_starts_fold(text, "Adopted") ||
		    slice_starts_fold(text, "FINAL DET") || slice_starts_fold(text, "INITIAL DET"))
			break;
		if (is_company(text) && provider_add(import, text, slice_of(""), (unsigned)i + 1) != 0)
			return import->error->code;
	}
	if (import->notice->provider_count == before)
		return finding_add(import, "provider", slice_of(""), (unsigned)line + 1,
				   "the caption names no company, and there is no appendix of companies");
	return 0;
}

/* A public notice names whose traffic may be blocked in its heading and, with its short name, in its text. Names that
 * only the text has may be anybody's. */
static int
public_notice_names(struct import *import)
{
	struct page *page = &import->page;
	size_t before = import->notice->provider_count;

	for (size_t bracket = flow_find(page, " (", 0, SIZE_MAX); bracket != NOT_FOUND;
	     bracket = flow_find(page, " (", bracket + 1, SIZE_MAX)) {
		struct slice brief, name;
		size_t begin = bracket;
		char heading[LIMIT_ERROR_BYTES];

		if (!short_name(page, bracket + 1, &brief))
			continue;
		/* Back over words that begin with a capital letter. */
		while (begin > 0) {
			size_t word = begin - 1;

			while (word > 0 && page->flow[word - 1] != ' ')
				word--;
			if (!(page->flow[word] >= 'A' && page->flow[word] <= 'Z') && page->flow[word] != '&')
				break;
			if (word >= 2 && page->flow[word - 2] == '.' && begin != bracket)
				break;
			begin = word;
			if (begin > 0)
				begin--;
		}
		name = flow_part(page, begin, bracket);
		if (!is_company(name) || name.length >= sizeof heading)
			continue;
		memcpy(heading, name.data, name.length);
		heading[name.length] = '\0';
		/* The heading is in capitals, and stands before the text does. */
		if (flow_find(page, heading, 0, begin) == NOT_FOUND) {
			if (finding_add(import, "provider", name, flow_line(page, bracket),
					"stands in the text, not in the heading") != 0)
				return import->error->code;
			continue;
		}
		if (provider_add(import, name, slice_of(""), flow_line(page, bracket)) != 0)
			return import->error->code;
	}
	if (import->notice->provider_count == before)
		return finding_add(import, "provider", slice_of(""), 1,
				   "no company of the heading is named in the text");
	return 0;
}

/* Descriptions of the tracebacks are the campaign, when they are one. */
static int
campaign_read(struct import *import)
{
	const struct notice *notice = import->notice;

	if (notice->traceback_count == 0 || notice->tracebacks[0].description[0] == '\0')
		return 0;
	for (size_t i = 1; i < notice->traceback_count; i++)
		if (strcmp(notice->tracebacks[i].description, notice->tracebacks[0].description) != 0)
			return 0;
	return set_text(import, "campaign", &import->notice->campaign, slice_of(notice->tracebacks[0].description),
			1);
}

/* The document's number; a letter has none, and goes by its file number and the addressee's short name. */
static int
id_read(struct import *import, struct slice brief)
{
	struct page *page = &import->page;
	struct notice *notice = import->notice;
	struct slice number;
	size_t place = 0;
	char id[200], date[11];
	int length;

	if (notice->kind != NOTICE_LETTER && document_number(page, &number, &place))
		return set_text(import, "id", &notice->id, number, flow_line(page, place));
	day_format(date, notice->issued.date);
	if (file_number(page, &number, &place))
		length = snprintf(id, sizeof id, "%.*s%s%.*s", (int)number.length, number.data,
				  brief.length > 0 ? "-" : "", (int)(brief.length < 80 ? brief.length : 80),
				  brief.data != NULL ? brief.data : "");
	else
		length = snprintf(id, sizeof id, "%s%s%s%s%.*s", notice_kind_name(notice->kind),
				  date[0] != '\0' ? "-" : "", date, brief.length > 0 ? "-" : "",
				  (int)(brief.length < 80 ? brief.length : 80), brief.data != NULL ? brief.data : "");
	if (length < 0)
		return error_set(import->error, EX_SOFTWARE, "%s: its id cannot be made", import->path);
	return set_text(import, "id", &notice->id, slice_of(id), flow_line(page, place));
}

static int
title_read(struct import *import)
{
	static const char *const titles[] = {
		[NOTICE_LETTER] = "Letter",
		[NOTICE_PUBLIC] = "Public notice",
		[NOTICE_INITIAL_DETERMINATION] = "Initial determination order",
		[NOTICE_FINAL_DETERMINATION] = "Final determination order",
		[NOTICE_REMOVAL] = "Removal order",
		[NOTICE_REINSTATEMENT] = "Reinstatement order",
	};
	const struct notice *notice = import->notice;
	char title[LIMIT_ERROR_BYTES];
	int length;

	if (notice->provider_count == 1)
		length = snprintf(title, sizeof title, "%s%s%.500s", titles[notice->kind],
				  notice->kind == NOTICE_LETTER ? " to " : ": ", notice->providers[0].name);
	else if (notice->provider_count > 1)
		length = snprintf(title, sizeof title, "%s: %zu companies", titles[notice->kind],
				  notice->provider_count);
	else
		length = snprintf(title, sizeof title, "%s", titles[notice->kind]);
	if (length < 0 || !notice_set(&import->notice->title, slice_of(title)))
		return error_set(import->error, EX_CANTCREAT, "%s: not enough memory", import->path);
	return 0;
}

static int
letter_read(struct import *import, struct slice *brief)
{
	if (addressee_read(import, brief) != 0 || hours_read(import) != 0 || respond_by_read(import) != 0 ||
	    import_tracebacks(import) != 0)
		return import->error->code;
	return campaign_read(import);
}

static int
order_read(struct import *import)
{
	enum notice_kind kind = import->notice->kind;
	bool any = false;

	if (import_appendix(import, &any) != 0 || (!any && caption_read(import) != 0))
		return import->error->code;
	return kind == NOTICE_REMOVAL || kind == NOTICE_FINAL_DETERMINATION ? cease_by_read(import) : 0;
}

static int
document_read(struct import *import)
{
	struct notice *notice = import->notice;
	struct slice brief = { NULL, 0 };
	size_t before;
	int status;

	if (!has_letterhead(&import->page))
		return error_set(import->error, EX_DATAERR,
				 "%s: is not an FCC document: no letterhead of the Federal Communications Commission",
				 import->path);
	notice->kind = kind_read(&import->page);
	if (notice->kind == 0)
		return error_set(
			import->error, EX_DATAERR,
			"%s: is an FCC document, but neither a notice letter, a public notice that lets providers "
			"block, nor an order on a determination, a removal or a reinstatement",
			import->path);
	if (finding_add(import, "kind", slice_of(notice_kind_name(notice->kind)), 1, "") != 0)
		return import->error->code;
	before = import->findings->count;
	if (issued_read(import) != 0)
		return import->error->code;
	if (notice->issued.date == DAY_NONE && import->findings->count == before &&
	    finding_add(import, "issued", slice_of(""), 1,
			"no date of issue or release is printed where one should be") != 0)
		return import->error->code;
	if (docket_read(import) != 0)
		return import->error->code;
	status = notice->kind == NOTICE_LETTER   ? letter_read(import, &brief)
		 : notice->kind == NOTICE_PUBLIC ? public_notice_names(import)
						 : order_read(import);
	if (status != 0 || id_read(import, brief) != 0)
		return import->error->code;
	return title_read(import);
}

int
import_read(const char *path, const char *text, size_t length, struct notice *notice, struct findings *findings,
	    struct error *error)
{
	struct import import = { .path = path, .notice = notice, .findings = findings, .error = error };

	*findings = (struct findings){ 0 };
	if (page_begin(&import.page, path, text, length, error) == 0)
		document_read(&import);
	page_end(&import.page);
	return error->code;
}
