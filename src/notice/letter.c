/* SPDX-License-Identifier: ISC
 *
 * A notice letter: whom it is to, the hours and days that it gives. Its table of tracebacks is table.c's.
 */
#include <string.h>

#include "base/limits.h"
#include "notice/reading.h"

#define ADDRESS_LINES 8
#define NAME_BYTES 200
/* What announces a date stands so near before it; the sentence that it belongs to, so near around it. */
#define BEFORE_DATE 120
#define AROUND_DATE 250
/* "within twenty-one (21) calendar days". */
#define SPAN_BYTES 40
/* A day to answer by is not farther from its letter. */
#define ANSWER_DAYS 92
/* The law's days, 47 CFR 64.1200(k)(4). */
#define LAW_DAYS 14

/* The lines of the addressee: [begin, end). */
struct block {
	size_t begin;
	size_t end;
};

static bool
begins_subject(struct slice line)
{
	return phrase_begins(line, "File No") > 0 ||
	       ((phrase_begins(line, "Re") > 0 || phrase_begins(line, "Subject") > 0) &&
		memchr(line.data, ':', line.length) != NULL);
}

static struct block
addressee_block(const struct import *import)
{
	const struct page *page = &import->page;
	struct block block = { 0, import->head_lines };
	bool doubtful;
	day date;

	for (size_t i = 0; i < block.end; i++) {
		struct slice line = line_text(page, i);

		if (line.length > 2 && line.data[2] == ':' && phrase_begins(line, "To") > 0) {
			block.begin = i;
			break;
		}
		if (phrase_begins(line, "VIA") > 0 || phrase_begins(line, "Federal Communications Commission") > 0 ||
		    (line.length > 0 && date_read(line, &date, &doubtful) == line.length))
			block.begin = i + 1;
	}
	for (size_t i = block.begin; i < block.end; i++)
		if (begins_subject(line_text(page, i)))
			block.end = i;
	return block;
}

/* A line of the block, without the "To:" before it. */
static struct slice
block_line(const struct import *import, size_t index)
{
	struct slice line = line_text(&import->page, index);

	if (line.length > 2 && line.data[2] == ':' && phrase_begins(line, "To") > 0)
		line = slice_part(line, 3, SIZE_MAX);
	return line;
}

/* A line and, with `more` of 1, the one below it, one space between; nothing of a blank line. */
static struct slice
lines_join(const struct import *import, size_t index, size_t more, char text[NAME_BYTES])
{
	struct slice first = slice_join(text, NAME_BYTES, block_line(import, index), "", slice_of(""));

	return first.length == 0 || more == 0
		       ? first
		       : slice_join(text, NAME_BYTES, first, " ", block_line(import, index + 1));
}

/* The name as the letter's text has it, over one line or two. Returns the lines that it takes, 0: none is there. */
static size_t
name_at(const struct import *import, struct block block, size_t index, char text[NAME_BYTES], struct slice *brief)
{
	struct span found;

	for (size_t more = index + 1 < block.end && block_line(import, index + 1).length > 0; more < 2; more--) {
		struct slice name = lines_join(import, index, more, text);

		if (name.length > 0 && name_defined(import, name, &found, brief))
			return more + 1;
	}
	return 0;
}

/* Not of an address: a person to write to, a telephone, the way that it was sent. */
static bool
is_no_address(struct slice line)
{
	static const char *const words[] = {
		"Attn", "Attention", "Tel", "Telephone", "Phone", "Fax", "VIA", "E-mail"
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (phrase_begins(line, words[i]) > 0)
			return true;
	return memchr(line.data, '@', line.length) != NULL;
}

static bool
begins_address(struct slice line)
{
	static const char *const words[] = { "P.O.", "PO Box", "One", "Two", "c/o" };

	for (size_t i = 0; i < line.length; i++)
		if (is_digit(line.data[i]))
			return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (phrase_begins(line, words[i]) > 0)
			return true;
	return false;
}

/* "Testburg, TX 75001", "TX 75001-0002": nothing of an address stands below it. */
static bool
ends_in_zip(struct slice line)
{
	size_t digits = line.length > 5 && line.data[line.length - 5] == '-' ? 10 : 5;
	struct slice zip;

	if (line.length < digits + 3)
		return false;
	zip = slice_part(line, line.length - digits, SIZE_MAX);
	for (size_t i = 0; i < digits; i++)
		if (i != 5 && !is_digit(zip.data[i]))
			return false;
	return zip.data[-1] == ' ' && is_capital(zip.data[-2]) && is_capital(zip.data[-3]) &&
	       (line.length == digits + 3 || zip.data[-4] == ' ');
}

/* What follows the company's name, up to a blank line, a ZIP or an e-mail address: lines of people are not of it. */
static int
address_read(struct import *import, struct block block, size_t index, struct notice_provider *provider)
{
	char address[ADDRESS_LINES * NAME_BYTES];
	size_t length = 0, first = index, taken = 0;

	for (size_t i = index; i < block.end && taken < ADDRESS_LINES; i++) {
		struct slice line = block_line(import, i);

		if (length > 0 && (line.length == 0 || is_no_address(line)))
			break;
		if (is_no_address(line) || line.length >= NAME_BYTES || (length == 0 && !begins_address(line)))
			continue;
		first = length == 0 ? i : first;
		length = slice_join(address, sizeof address, (struct slice){ address, length }, ", ", line).length;
		taken++;
		if (ends_in_zip(line))
			break;
	}
	if (length == 0)
		return 0;
	return text_set(import, "address", &provider->address, (struct slice){ address, length },
			(unsigned)first + 1);
}

static int
addressee_read(struct import *import, struct slice *brief)
{
	struct block block = addressee_block(import);
	size_t company = SIZE_MAX, lines = 0, companies = 0, first = SIZE_MAX;
	struct notice_provider *provider;
	char name[NAME_BYTES];

	for (size_t i = block.begin; i < block.end; i++) {
		first = first == SIZE_MAX && block_line(import, i).length > 0 ? i : first;
		companies += is_company(block_line(import, i));
	}
	for (size_t i = block.begin; i < block.end && lines == 0; i++) {
		lines = name_at(import, block, i, name, brief);
		company = i;
	}
	/* A letter that gives no short name; then its address must leave no choice. */
	for (size_t i = block.begin; i < block.end && lines == 0 && companies == 1; i++)
		if (is_company(block_line(import, i))) {
			company = i;
			lines = 1 + (i + 1 < block.end && is_trade_name(block_line(import, i + 1)) &&
				     lines_join(import, i, 1, name).length > 0);
		}
	if (lines == 0)
		return doubt_add(import, "provider", slice_of(""), (unsigned)block.end + 1, false,
				 companies > 1 ? "several lines of the address are companies' names"
					       : "no line before the salutation is a company's name");
	if (company == first && lines == 1 && !is_company(block_line(import, company))) {
		*brief = (struct slice){ NULL, 0 };
		return doubt_add(import, "provider", block_line(import, company), (unsigned)company + 1, false,
				 "may be a person: it is no company's name, and the first line of the address");
	}
	provider = provider_add(import, lines_join(import, company, lines - 1, name), (unsigned)company + 1);
	return provider != NULL ? address_read(import, block, company + lines, provider) : import->error->code;
}

/* Shown, as the 48-hour clock rests on it. */
static int
hours_read(struct import *import)
{
	static const char *const words[] = { "48 hours", "forty-eight (48) hours", "forty-eight hours", "48-hour" };
	struct span found;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (phrase_find(import->flow, words[i], 0, SIZE_MAX, &found))
			return finding_add(import, "hours", slice_of("48"), flow_line(&import->page, found.begin));
	return 0;
}

/* What announces the date that ends a text. */
enum announcement { ANNOUNCES_NOTHING, ANNOUNCES_HOURS, ANNOUNCES_LAST_DAY, ANNOUNCES_DAYS };

/* Nothing, or an hour, between "by" and a date. */
static bool
is_hour(struct slice text)
{
	return text.length <= 3 || phrase_in(text, "p.m.") || phrase_in(text, "a.m.") ||
	       phrase_in(text, "close of business") || phrase_in(text, "noon") || phrase_in(text, "midnight");
}

/* The announcement that stands nearest before a date, and not farther than it may. */
static enum announcement
announcement_of(struct slice before)
{
	static const struct {
		const char *words;
		enum announcement announcement;
		size_t reach;
	} all[] = {
		{ "48 hours", ANNOUNCES_HOURS, BEFORE_DATE },
		{ "forty-eight hours", ANNOUNCES_HOURS, BEFORE_DATE },
		{ "14 days", ANNOUNCES_DAYS, BEFORE_DATE },
		{ "14 calendar days", ANNOUNCES_DAYS, BEFORE_DATE },
		{ "fourteen days", ANNOUNCES_DAYS, BEFORE_DATE },
		{ "fourteen (14) days", ANNOUNCES_DAYS, BEFORE_DATE },
		{ "no later than", ANNOUNCES_LAST_DAY, 30 },
		{ "not later than", ANNOUNCES_LAST_DAY, 30 },
		{ "on or before", ANNOUNCES_LAST_DAY, 30 },
		{ "by", ANNOUNCES_LAST_DAY, 40 },
	};
	enum announcement nearest = ANNOUNCES_NOTHING;
	size_t last = 0;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct span found;

		for (size_t from = 0; phrase_find(before, all[i].words, from, SIZE_MAX, &found); from = found.end)
			if (before.length - found.end <= all[i].reach && found.end >= last &&
			    (i + 1 < sizeof all / sizeof all[0] ||
			     is_hour(slice_part(before, found.end, SIZE_MAX)))) {
				last = found.end;
				nearest = all[i].announcement;
			}
	}
	return nearest;
}

/* Whether the sentence is about an answer to the FCC. */
static bool
is_about_answer(struct slice around)
{
	static const char *const words[] = { "inform*",  "respon*", "submit*", "steps",
					     "measures", "report*", "answer*", "notify*" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (phrase_in(around, words[i]))
			return true;
	return false;
}

/* The part of the sentence that ends at the place. */
static struct slice
sentence_before(struct slice flow, size_t place, size_t reach)
{
	size_t from = place > reach ? place - reach : 0;

	for (size_t i = from; i + 2 < place; i++)
		if (ends_sentence(flow, i))
			from = i + 2;
	return slice_part(flow, from, place);
}

static struct slice
sentence_around(struct slice flow, size_t place)
{
	struct slice before = sentence_before(flow, place, AROUND_DATE);
	size_t end = place;

	while (end < flow.length && end < place + AROUND_DATE && !ends_sentence(flow, end))
		end++;
	return slice_part(flow, (size_t)(before.data - flow.data), end);
}

/* What is wrong with a date as the day to answer by: "" for nothing, NULL for what is none. */
static const char *
answer_judge(const struct import *import, const struct deadline *answer)
{
	day issued = import->notice->issued.date;
	struct slice before = sentence_before(import->flow, answer->place, BEFORE_DATE);
	enum announcement announcement = announcement_of(before);
	bool weekday = memmem(import->flow.data + answer->place, answer->length, "day,", 4) != NULL;

	if (announcement == ANNOUNCES_HOURS || !is_about_answer(sentence_around(import->flow, answer->place)))
		return NULL;
	/* A day to come that nothing announces may be one to answer by. */
	if (announcement == ANNOUNCES_NOTHING)
		return issued != DAY_NONE && answer->date > issued && answer->date <= issued + ANSWER_DAYS
			       ? "may be the day to answer by"
			       : NULL;
	if (answer->why[0] != '\0')
		return answer->why;
	/* What was due in the past is not this. */
	if (issued != DAY_NONE && answer->date < issued)
		return announcement == ANNOUNCES_DAYS ? "lies before the letter" : NULL;
	if (issued != DAY_NONE && announcement == ANNOUNCES_DAYS && !weekday && answer->date != issued + LAW_DAYS &&
	    phrase_in(before, "of this letter"))
		return "is not fourteen days from the letter's date";
	return "";
}

/* A last day is announced and cannot be read: to count the law's own days instead might allow blocking too early. */
static bool
last_day_spoilt(const struct import *import, struct span *words)
{
	static const char *const announced[] = { "no later than", "not later than", "on or before" };

	for (size_t i = 0; i < sizeof announced / sizeof announced[0]; i++)
		for (size_t from = import->head; phrase_find(import->flow, announced[i], from, SIZE_MAX, words);
		     from = words->end) {
			size_t digit = words->end, end = words->end + SPAN_BYTES;

			while (digit < import->flow.length && digit < end && !is_digit(import->flow.data[digit]) &&
			       import->flow.data[digit] != '.')
				digit++;
			/* "No later than 14 days" is a span. */
			if (digit == import->flow.length || digit == end || import->flow.data[digit] == '.' ||
			    phrase_in(slice_part(import->flow, digit, words->end + SPAN_BYTES), "days") ||
			    !is_about_answer(sentence_around(import->flow, words->begin)))
				continue;
			words->end = digit + 1;
			return true;
		}
	return false;
}

/* The first span of days for an answer, with the law's fourteen or with any other number. */
static bool
span_find(const struct import *import, bool fourteen, struct span *span)
{
	static const char *const announced[] = { "within", "no later than", "not later than" };
	struct span days;

	for (size_t i = 0; i < sizeof announced / sizeof announced[0]; i++)
		for (size_t from = import->head; phrase_find(import->flow, announced[i], from, SIZE_MAX, span);
		     from = span->end) {
			struct slice words;

			if (!phrase_find(import->flow, "days", span->end, span->end + SPAN_BYTES, &days) ||
			    !is_about_answer(sentence_around(import->flow, span->begin)))
				continue;
			words = slice_part(import->flow, span->begin, days.end);
			if (fourteen != (!phrase_in(words, "business") &&
					 (phrase_in(words, "14") || phrase_in(words, "fourteen"))))
				continue;
			span->end = days.end;
			return true;
		}
	return false;
}

/* "within 14 days" without a date: the law's own days count. Any other span is not theirs. */
static int
span_read(struct import *import)
{
	const char *why = NULL;
	bool open = true;
	struct span span;

	if (last_day_spoilt(import, &span)) {
		why = "the day that it gives cannot be read";
	} else if (span_find(import, true, &span)) {
		why = "a span, not a date: the law's fourteen days from the letter's date count";
		open = false;
	} else if (span_find(import, false, &span)) {
		why = "a span that is not the law's fourteen days, and no date";
	}
	if (why != NULL)
		return doubt_add(import, "respond-by", slice_part(import->flow, span.begin, span.end),
				 flow_line(&import->page, span.begin), open, why);
	return doubt_add(import, "respond-by", slice_of(""), (unsigned)import->head_lines + 1, false,
			 "no day is printed: the law's fourteen days from the letter's date count");
}

int
import_respond_by(struct import *import)
{
	struct deadline answer = { .date = DAY_NONE, .why = "" };

	for (size_t i = import->head; i < import->flow.length; i++) {
		struct deadline here;

		if ((i > 0 && import->flow.data[i - 1] != ' ' && import->flow.data[i - 1] != '(') ||
		    deadline_read(import, i, &here) == 0)
			continue;
		here.why = answer_judge(import, &here);
		if (here.why != NULL)
			deadline_add(&answer, here);
		i += here.length - 1;
	}
	if (answer.length == 0)
		return import->notice->kind == NOTICE_LETTER ? span_read(import) : 0;
	return deadline_tell(import, "respond-by", &answer, true, &import->notice->respond_by);
}

/* The description that all tracebacks have is the campaign. */
static int
campaign_read(struct import *import)
{
	const struct notice *notice = import->notice;

	if (notice->traceback_count == 0 || notice->tracebacks[0].description[0] == '\0')
		return 0;
	for (size_t i = 1; i < notice->traceback_count; i++)
		if (strcmp(notice->tracebacks[i].description, notice->tracebacks[0].description) != 0)
			return 0;
	for (size_t i = 0; i < import->findings->count; i++)
		if (strcmp(import->findings->findings[i].field, "traceback") == 0)
			return text_set(import, "campaign", &import->notice->campaign,
					slice_of(notice->tracebacks[0].description),
					import->findings->findings[i].line);
	return 0;
}

int
import_letter(struct import *import, struct slice *brief)
{
	if (addressee_read(import, brief) != 0 || hours_read(import) != 0 || import_respond_by(import) != 0 ||
	    import_tracebacks(import) != 0)
		return import->error->code;
	return campaign_read(import);
}
