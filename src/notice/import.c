/* SPDX-License-Identifier: ISC
 *
 * What the FCC's documents have in common: dates, numbers, a title; and the findings. The kinds' own facts have files
 * of their own.
 */
#include "notice/import.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "notice/pdf.h"
#include "notice/reading.h"

#define ID_BYTES (LIMIT_NOTICE_ID + 1)
#define BRIEF_BYTES 80
/* What an operator is shown of a doubt: the text has the rest. */
#define DOUBT_BYTES 200
/* From adoption to release: days, seldom weeks. More is a slip or a scan's. */
#define RELEASE_DAYS 60

int
import_no_memory(struct import *import)
{
	return error_set(import->error, EX_CANTCREAT, "%s: not enough memory", import->path);
}

/* Words that were cut from the text by their length: without the parts of a character at their ends. */
static struct slice
characters_whole(struct slice text)
{
	while (text.length > 0 && ((unsigned char)text.data[0] & 0xc0) == 0x80) {
		text.data++;
		text.length--;
	}
	while (text.length > 0 && !utf8_valid((struct slice){ text.data, text.length }))
		text.length--;
	return text;
}

static int
record(struct import *import, struct finding finding, struct slice value)
{
	struct findings *findings = import->findings;
	struct finding *larger = array_room(findings->findings, findings->count, sizeof *larger);
	size_t line = finding.line;

	if (larger == NULL)
		return import_no_memory(import);
	findings->findings = larger;
	finding.page = line > 0 && line <= import->page.line_count ? import->page.lines[line - 1].page : 0;
	larger[findings->count] = finding;
	if (!notice_set(&larger[findings->count].value, characters_whole(value)))
		return import_no_memory(import);
	findings->count++;
	return 0;
}

int
finding_add(struct import *import, const char *field, struct slice value, unsigned line)
{
	return record(import, (struct finding){ .field = field, .line = line, .certain = true, .why = "" }, value);
}

int
doubt_add(struct import *import, const char *field, struct slice words, unsigned line, bool open, const char *why)
{
	return record(import, (struct finding){ .field = field, .line = line, .open = open, .why = why },
		      slice_part(words, 0, DOUBT_BYTES));
}

int
text_set(struct import *import, const char *field, char **target, struct slice value, unsigned line)
{
	return notice_set(target, value) ? finding_add(import, field, value, line) : import_no_memory(import);
}

struct notice_provider *
provider_add(struct import *import, struct slice name, unsigned line)
{
	struct notice_provider *provider = notice_add_provider(import->notice);

	if (provider == NULL || !notice_set(&provider->name, name)) {
		error_set(import->error, EX_DATAERR, "%s: not enough memory, or more than %d providers", import->path,
			  LIMIT_NOTICE_PROVIDERS);
		return NULL;
	}
	return finding_add(import, "provider", name, line) == 0 ? provider : NULL;
}

/* A number that was taken for sure is no longer. */
static void
key_withdraw(struct import *import, struct notice_provider *provider, const char *field)
{
	struct findings *findings = import->findings;

	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = &findings->findings[i];
		struct slice value = slice_of(finding->value);

		if (finding->certain && strcmp(finding->field, field) == 0 &&
		    (field[0] == 'r' ? rmd_number_parse(value) == provider->number
				     : frn_parse(value) == provider->frn)) {
			finding->certain = false;
			finding->why = "stands at two providers of other names: at neither it is taken";
		}
	}
	if (field[0] == 'r')
		provider->number = 0;
	else
		provider->frn = 0;
}

int
provider_key_add(struct import *import, struct notice_provider *provider, struct slice word, unsigned line)
{
	const struct notice *notice = import->notice;
	uint32_t number = rmd_number_parse(word);
	uint64_t frn = number == 0 ? frn_parse(word) : 0;
	const char *field = number != 0 ? "rmd" : "frn";

	for (size_t i = 0; i < notice->provider_count; i++) {
		struct notice_provider *other = &notice->providers[i];

		if (other == provider ||
		    ((number == 0 || other->number != number) && (frn == 0 || other->frn != frn)))
			continue;
		if (!slice_equal_fold(slice_of(provider->name), other->name))
			key_withdraw(import, other, field);
		return doubt_add(import, field, word, line, false, "another provider of the document has it");
	}
	if ((number != 0 && provider->number == number) || (frn != 0 && provider->frn == frn))
		return 0;
	if ((number != 0 && provider->number != 0) || (frn != 0 && provider->frn != 0))
		return doubt_add(import, field, word, line, false, "the provider has another one already");
	if (number != 0)
		provider->number = number;
	else if (frn != 0)
		provider->frn = frn;
	return number != 0 || frn != 0 ? finding_add(import, field, word, line) : 0;
}

void
findings_end(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->findings[i].value);
	free(findings->findings);
	*findings = (struct findings){ 0 };
}

const struct finding *
findings_open(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->findings[i].open)
			return &findings->findings[i];
	return NULL;
}

char *
findings_remarks(const struct findings *findings)
{
	struct buffer remarks = { 0 };
	char *place = buffer_extend(&remarks, 1, SIZE_MAX / 2);

	for (size_t i = 0; place != NULL && i < findings->count; i++) {
		const struct finding *finding = &findings->findings[i];
		char line[LIMIT_ERROR_BYTES], words[256];
		int length;

		if (finding->certain)
			continue;
		slice_copy(words, sizeof words, slice_of(finding->value));
		length = snprintf(line, sizeof line, "not sure, left out: %s, line %u: \"%s\" (%s)\n", finding->field,
				  finding->line, words, finding->why);
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

static const char letters_in_digits[] = "letters among its digits, or not the weekday that it says";

/* A date of issue, or a doubt about one; `text` begins with it. */
static int
issued_set(struct import *import, struct slice text, unsigned line, day not_before)
{
	struct notice *notice = import->notice;
	bool doubtful = false;
	day date = DAY_NONE;
	size_t length = date_read(text, &date, &doubtful);
	char formatted[11];

	if (length == 0)
		return doubt_add(import, "issued", slice_part(text, 0, date_like(text)), line, true,
				 "it is no date that there is");
	if (doubtful)
		return doubt_add(import, "issued", slice_part(text, 0, length), line, true, letters_in_digits);
	if (not_before != DAY_NONE && (date < not_before || date > not_before + RELEASE_DAYS))
		return doubt_add(import, "issued", slice_part(text, 0, length), line, true,
				 "released before its adoption, or long after it");
	notice->issued = (struct moment){ date, day_begins(date), false };
	day_format(formatted, date);
	return finding_add(import, "issued", slice_of(formatted), line);
}

/* Behind the word and its colon, a date or what was one. The place; SIZE_MAX: there is none in the head. */
static size_t
dated_word(const struct import *import, const char *word)
{
	struct span found;
	size_t from = 0;
	bool doubtful;
	day date;

	while (phrase_find(import->flow, word, from, import->head, &found)) {
		size_t place = found.end;

		while (place < import->flow.length &&
		       (import->flow.data[place] == ':' || import->flow.data[place] == ' '))
			place++;
		if (date_read(flow_rest(&import->page, place), &date, &doubtful) > 0 ||
		    date_like(flow_rest(&import->page, place)) > 0)
			return place;
		from = found.end;
	}
	return SIZE_MAX;
}

/* A line, without "Date:" before it. */
static struct slice
date_line(const struct page *page, size_t index)
{
	struct slice line = line_text(page, index);

	for (size_t i = 4; i < 8 && i < line.length; i++)
		if (line.data[i] == ':' &&
		    (phrase_is(slice_part(line, 0, i), "Date") || phrase_is(slice_part(line, 0, i), "Dated") ||
		     phrase_is(slice_part(line, 0, i), "Issued")))
			return slice_part(line, i + 1, SIZE_MAX);
	return line;
}

/* Lines of the head that are a date and nothing else: the first, and how many days they name. */
static size_t
date_lines(const struct page *page, size_t end, size_t *days)
{
	size_t first = SIZE_MAX;
	day known = DAY_NONE;

	*days = 0;
	for (size_t i = 0; i < end; i++) {
		struct slice line = date_line(page, i);
		bool doubtful;
		day date = DAY_NONE;
		size_t length = date_read(line, &date, &doubtful);

		if (length == 0)
			length = date_like(line);
		if (length == 0 || length != line.length)
			continue;
		*days += first == SIZE_MAX || date != known;
		first = first == SIZE_MAX ? i : first;
		known = date;
	}
	return first;
}

static int
issued_read(struct import *import)
{
	size_t released = dated_word(import, "Released"), adopted = dated_word(import, "Adopted"), days, line;
	day not_before = DAY_NONE;
	bool doubtful;

	if (released == SIZE_MAX)
		released = dated_word(import, "Release Date");
	if (adopted != SIZE_MAX &&
	    (date_read(flow_rest(&import->page, adopted), &not_before, &doubtful) == 0 || doubtful))
		not_before = DAY_NONE;
	if (released != SIZE_MAX)
		return issued_set(import, flow_rest(&import->page, released), flow_line(&import->page, released),
				  not_before);
	if (adopted != SIZE_MAX)
		return doubt_add(import, "issued", slice_part(import->flow, adopted, adopted + 20),
				 flow_line(&import->page, adopted), true,
				 "the day of its adoption; that of its release is not printed");
	line = date_lines(&import->page, import->head_lines, &days);
	if (line == SIZE_MAX)
		return doubt_add(import, "issued", slice_of(""), 1, true,
				 "no date of issue or release is printed where one should be");
	if (days > 1)
		return doubt_add(import, "issued", line_text(&import->page, line), (unsigned)line + 1, true,
				 "more than one date stands where its own should be");
	return issued_set(import, date_line(&import->page, line), (unsigned)line + 1, DAY_NONE);
}

/* "DA 25-737" in the head, or in the running heads. */
static bool
document_number(const struct import *import, char id[ID_BYTES], unsigned *line)
{
	const struct page *page = &import->page;

	for (size_t i = 0; i < page->line_count; i++) {
		struct slice text = line_text(page, i);

		/* A line of its own may stand a little below. */
		bool own = i < import->head_lines + 3 && document_number_length(text) == text.length;

		for (size_t k = 0; k < text.length && (own || i < import->head_lines || page->lines[i].furniture);
		     k++) {
			struct slice rest = { text.data + k, text.length - k };
			size_t length = k > 0 && text.data[k - 1] != ' ' && text.data[k - 1] != '\t'
						? 0
						: document_number_length(rest);
			size_t mark = length > 0 && rest.data[0] == 'D' ? 2 : 3;

			if (length == 0)
				continue;
			while (!is_digit(rest.data[mark]))
				mark++;
			(void)snprintf(id, ID_BYTES, "%s %.*s", rest.data[0] == 'D' ? "DA" : "FCC",
				       (int)(length - mark), rest.data + mark);
			*line = (unsigned)i + 1;
			return true;
		}
	}
	return false;
}

/* EB-21-00031913, EB-TCD-21-00031913: what is shaped otherwise a scan has spoilt. */
static size_t
file_number_length(struct slice text)
{
	size_t taken = 3, digits = 0;

	if (!slice_starts_fold(text, "EB-"))
		return 0;
	while (taken < text.length && is_capital(text.data[taken]))
		taken++;
	taken += taken > 3 && taken < text.length && text.data[taken] == '-';
	if (taken + 3 > text.length || !is_digit(text.data[taken]) || !is_digit(text.data[taken + 1]) ||
	    text.data[taken + 2] != '-')
		return 0;
	taken += 3;
	while (taken < text.length && is_digit(text.data[taken])) {
		taken++;
		digits++;
	}
	return digits == 8 && (taken == text.length || !(is_capital(text.data[taken]))) ? taken : 0;
}

/* "FCC File No. EB-21-00031913", wherever it stands. */
static bool
file_number(const struct import *import, struct slice *number, unsigned *line)
{
	static const char *const words[] = { "File No", "File Nos", "File Number" };
	struct span found;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t from = 0;

		while (phrase_find(import->flow, words[i], from, SIZE_MAX, &found)) {
			size_t place = found.end;

			while (place < import->flow.length && strchr(".: ", import->flow.data[place]) != NULL)
				place++;
			*number = flow_rest(&import->page, place);
			number->length = file_number_length(*number);
			*line = flow_line(&import->page, place);
			if (number->length > 0)
				return true;
			from = found.end;
		}
	}
	return false;
}

/* The document's number; a letter has none, and goes by its file number and the addressee's short name. */
static int
id_read(struct import *import, struct slice brief)
{
	const struct notice *notice = import->notice;
	char id[ID_BYTES], date[11], name[BRIEF_BYTES];
	struct slice number;
	unsigned line = 1;
	int length;

	if (notice->kind != NOTICE_LETTER && document_number(import, id, &line))
		return text_set(import, "id", &import->notice->id, slice_of(id), line);
	day_format(date, notice->issued.date);
	slice_copy(name, sizeof name, brief);
	if (file_number(import, &number, &line))
		length = snprintf(id, sizeof id, "%.*s%s%s", (int)(number.length < BRIEF_BYTES ? number.length : 0),
				  number.data, name[0] != '\0' ? "-" : "", name);
	else
		length = snprintf(id, sizeof id, "%s%s%s%s%s", notice_kind_name(notice->kind),
				  date[0] != '\0' ? "-" : "", date, name[0] != '\0' ? "-" : "", name);
	if (length < 0)
		return error_set(import->error, EX_SOFTWARE, "%s: its id cannot be made", import->path);
	return text_set(import, "id", &import->notice->id, slice_of(id), line);
}

/* "EB Docket No. 22-174", "EB Docket 22-174" of the caption, all of them; a letter's dockets stand in its footnotes,
 * and are not its own.
 */
static int
docket_read(struct import *import)
{
	struct slice flow = import->flow;
	char dockets[ID_BYTES] = "";
	struct span found;
	size_t used = 0, from = 0;
	unsigned line = 0;

	while (import->notice->kind != NOTICE_LETTER && phrase_find(flow, "Docket", from, import->head, &found)) {
		size_t begin = found.begin, end = found.end, digits = 0;
		int written;

		from = found.end;
		while (begin > 0 && (is_capital(flow.data[begin - 1]) || flow.data[begin - 1] == ' ') &&
		       found.begin - begin < 4)
			begin--;
		while (end < flow.length && flow.data[end] != '\0' && strchr("Nos.: ", flow.data[end]) != NULL)
			end++;
		while (end < flow.length && (is_digit(flow.data[end]) || flow.data[end] == '-')) {
			end++;
			digits++;
		}
		if (digits < 4)
			continue;
		written = snprintf(dockets + used, sizeof dockets - used, "%s%.*s", used > 0 ? ", " : "",
				   (int)slice_part(flow, begin, end).length, slice_part(flow, begin, end).data);
		if (written < 0 || (size_t)written >= sizeof dockets - used) {
			dockets[used] = '\0';
			break;
		}
		used += (size_t)written;
		line = line == 0 ? flow_line(&import->page, found.begin) : line;
	}
	return used > 0 ? text_set(import, "docket", &import->notice->docket, slice_of(dockets), line) : 0;
}

static int
title_make(struct import *import)
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
	char title[LIMIT_NOTICE_TEXT], name[LIMIT_NOTICE_TEXT / 2];
	int length;

	slice_copy(name, sizeof name, slice_of(notice->provider_count == 1 ? notice->providers[0].name : ""));
	if (notice->provider_count == 1)
		length = snprintf(title, sizeof title, "%s%s%s", titles[notice->kind],
				  notice->kind == NOTICE_LETTER ? " to " : ": ", name);
	else if (notice->provider_count > 1)
		length = snprintf(title, sizeof title, "%s: %zu companies", titles[notice->kind],
				  notice->provider_count);
	else
		length = snprintf(title, sizeof title, "%s", titles[notice->kind]);
	return length >= 0 && notice_set(&import->notice->title, slice_of(title)) ? 0 : import_no_memory(import);
}

static int
document_read(struct import *import)
{
	struct notice *notice = import->notice;
	struct slice brief = { NULL, 0 };
	struct span defined;
	int status;

	if (import_kind(import) != 0 ||
	    finding_add(import, "kind", slice_of(notice_kind_name(notice->kind)),
			(unsigned)(import->heading > 0 ? import->heading : import->head_lines) + 1) != 0 ||
	    issued_read(import) != 0 || docket_read(import) != 0)
		return import->error->code;
	status = notice->kind == NOTICE_LETTER   ? import_letter(import, &brief)
		 : notice->kind == NOTICE_PUBLIC ? import_public_notice(import)
						 : import_order(import);
	if (status != 0)
		return status;
	if (brief.length == 0 && notice->provider_count == 1 &&
	    !name_defined(import, slice_of(notice->providers[0].name), &defined, &brief))
		brief = slice_of(notice->providers[0].name);
	return id_read(import, brief) != 0 ? import->error->code : title_make(import);
}

int
import_read(const char *path, const char *text, size_t length, struct notice *notice, struct findings *findings,
	    struct error *error)
{
	struct import import = { .path = path, .notice = notice, .findings = findings, .error = error };

	*findings = (struct findings){ 0 };
	if (page_begin(&import.page, path, text, length, error) == 0) {
		import.flow = flow_rest(&import.page, 0);
		document_read(&import);
	}
	page_end(&import.page);
	return error->code;
}

int
import_file(const char *path, int file, struct notice *notice, struct findings *findings, struct error *error)
{
	struct buffer text = { 0 };

	*findings = (struct findings){ 0 };
	if (pdf_is(file) ? pdf_text(path, file, LIMIT_PDF_SECONDS, &text, error) == 0
			 : file_text(path, file, &text, error) == 0)
		import_read(path, text.data != NULL ? text.data : "", text.length, notice, findings, error);
	buffer_end(&text);
	return error->code;
}
