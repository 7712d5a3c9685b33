/* SPDX-License-Identifier: ISC
 *
 * What kind of document a text is. By its form first: letterhead, caption, heading, salutation; then by what it
 * orders. Documents speak of removals and determinations that they do not make, so mere words decide nothing.
 */
#include "notice/reading.h"

#include <stdio.h>

#include "base/limits.h"

/* Letterhead, caption and heading stand within so many lines; the words that begin the text, within so many bytes. */
#define HEAD_LINES 90
#define OPENING_BYTES 3000
/* What says of a document that it is none stands within so many bytes. */
#define LETTERHEAD_BYTES 1000
/* An ordering clause goes on for so many bytes at most. */
#define CLAUSE_BYTES 2000
/* The ways in which one begins. */
#define CLAUSE_WORDS 5
#define SEAL_BYTES 2
/* A heading has so many lines at most. */
#define HEADING_LINES 5
/* And "Released:" stands so many lines below "Adopted:", where not beside it. */
#define RELEASED_LINES 4

static bool
any_in(struct slice text, const char *const phrases[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (phrase_in(text, phrases[i]))
			return true;
	return false;
}

#define ANY_IN(text, phrases) any_in((text), (phrases), sizeof(phrases) / sizeof((phrases)[0]))

/* The first line of the head that begins with the phrase; HEAD_LINES or the end: none does. */
static size_t
line_begins(const struct page *page, const char *phrase)
{
	size_t i = 0;

	while (i < page->line_count && i < HEAD_LINES && phrase_begins(line_text(page, i), phrase) == 0)
		i++;
	return i < page->line_count && i < HEAD_LINES ? i : page->line_count;
}

/* Likewise, but the phrase may stand anywhere in the line. */
static size_t
line_holds(const struct page *page, const char *phrase)
{
	size_t i = 0;

	while (i < page->line_count && i < HEAD_LINES && !phrase_in(line_text(page, i), phrase))
		i++;
	return i < page->line_count && i < HEAD_LINES ? i : page->line_count;
}

static bool
is_line(const struct page *page, size_t index)
{
	return index < page->line_count;
}

/* A letterhead is a line, not a sentence: "The Federal Communications Commission said" is none. */
static bool
is_letterhead(struct slice line)
{
	static const char *const rest[] = { "Enforcement Bureau", "Wireline Competition Bureau",
					    "Washington",         "45 L Street",
					    "445 12th Street",    "News Media Information",
					    "Public Notice" };
	size_t length = phrase_begins(line, "Public Notice Federal Communications Commission");
	struct span name;
	struct slice more;

	if (length == 0)
		length = phrase_begins(line, "Before the Federal Communications Commission");
	if (length == 0)
		length = phrase_begins(line, "Federal Communications Commission");
	/* What a scan makes of a seal stands before it. */
	if (length == 0 && phrase_find(line, "Federal Communications Commission", 0, SEAL_BYTES + 40, &name) &&
	    name.begin <= SEAL_BYTES)
		length = name.end;
	if (length == 0)
		return false;
	more = slice_part(line, length, SIZE_MAX);
	if (more.length == 0 || document_number_length(more) > 0)
		return true;
	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
		if (phrase_begins(more, rest[i]) > 0)
			return true;
	return false;
}

static size_t
letterhead_line(const struct page *page)
{
	size_t i = 0;

	while (i < page->line_count && i < HEAD_LINES && !is_letterhead(line_text(page, i)))
		i++;
	return i < HEAD_LINES ? i : page->line_count;
}

static bool
is_date_line(struct slice line)
{
	bool doubtful;
	day date;

	return line.length > 0 &&
	       (date_read(line, &date, &doubtful) == line.length || date_like(line) == line.length);
}

/* A letter to the FCC has its name below the date, in the address. */
static bool
date_above(const struct page *page, size_t line)
{
	for (size_t i = 0; i < line; i++)
		if (is_date_line(line_text(page, i)))
			return true;
	return false;
}

static int
refuse(struct import *import, const char *what)
{
	return error_set(import->error, EX_DATAERR, "%s: %s", import->path, what);
}

static int
refuse_kind(struct import *import, const char *what)
{
	return error_set(import->error, EX_DATAERR, "%s: is an FCC document that the register does not keep: %s",
			 import->path, what);
}

/* The flow's place of a line's beginning. */
static size_t
flow_of_line(const struct page *page, size_t line)
{
	size_t low = 0, high = page->flow_length;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (page->flow_line[middle] < line + 1)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
head_set(struct import *import, size_t lines)
{
	import->head_lines = lines;
	import->head = flow_of_line(&import->page, lines);
}

/* It accuses, on the strength of the paragraphs that make a notice of it. */
static bool
gives_notice(struct slice flow)
{
	static const char *const grounds[] = { "64.1200(k)(4)", "64.1200(n)(2)", "64.1200(k)(3)-(4)" };
	static const char *const accused[] = {
		"apparently originat*", "apparently transmit*", "apparently carr*",
		"apparently rout*",     "apparently rece*",     "suspected illegal",
		"apparent illegal",     "apparently illegal",   "apparently unlawful"
	};

	return ANY_IN(flow, grounds) && ANY_IN(flow, accused);
}

static int
letter_kind(struct import *import, size_t salutation)
{
	head_set(import, salutation);
	if (!gives_notice(import->flow))
		return refuse_kind(import, "a letter that gives no notice under 47 CFR 64.1200(k)(4) or (n)(2)");
	import->notice->kind = NOTICE_LETTER;
	return 0;
}

/* By its heading, or by the day of its release, which no letter has: a letter may speak of public notices. */
static bool
is_public_notice(const struct page *page, size_t letterhead)
{
	for (size_t i = 0; i < page->line_count && i < HEAD_LINES; i++)
		if (phrase_is(line_text(page, i), "Public Notice"))
			return true;
	return phrase_in(line_text(page, letterhead), "Public Notice") ||
	       (is_line(page, line_begins(page, "Released")) && is_line(page, line_holds(page, "notice")));
}

/* A public notice is heard by all; of the kinds that there are, only that which names whom they may block counts. */
static int
public_notice_kind(struct import *import, size_t released)
{
	static const char *const permits[] = {
		"may block",           "permit them to block",      "permitting them to block", "permitted to block",
		"authorized to block", "authorizing them to block", "may cease accepting"
	};
	struct slice opening = slice_part(import->flow, 0, OPENING_BYTES);
	size_t text = released + 1;

	while (text < import->page.line_count && text < HEAD_LINES &&
	       phrase_begins(line_text(&import->page, text), "By the") == 0 &&
	       phrase_begins(line_text(&import->page, text), "By this") == 0 &&
	       phrase_begins(line_text(&import->page, text), "In this") == 0 &&
	       phrase_begins(line_text(&import->page, text), "The Enforcement Bureau") == 0)
		text++;
	if (text == import->page.line_count || text == HEAD_LINES)
		text = released + 1;
	head_set(import, text);
	import->caption = released + 1;
	import->heading = text;
	if (!phrase_in(import->flow, "64.1200(k)(4)") || !ANY_IN(opening, permits) ||
	    !phrase_in(opening, "Enforcement Bureau"))
		return refuse_kind(import, "a public notice that lets nobody block a provider's traffic");
	import->notice->kind = NOTICE_PUBLIC;
	return 0;
}

/* Capitals, but for what a scan makes of some. */
static bool
is_capitals(struct slice text)
{
	size_t capitals = 0, others = 0, digits = 0;

	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == ')')
			return false;
		capitals += is_capital(text.data[i]);
		others += text.data[i] >= 'a' && text.data[i] <= 'z';
		digits += is_digit(text.data[i]);
	}
	return capitals > 3 * others && digits <= 2;
}

/* The lines in capitals above "Adopted:", one space between their words; what stands before it on its own line, where
 * the text has lost its lines. Returns the line that it begins on. */
static size_t
heading_read(const struct page *page, size_t adopted, char *heading, size_t size)
{
	size_t first = adopted, last;
	struct slice read = { heading, 0 };

	while (first > 0 && (line_text(page, first - 1).length == 0 || page->lines[first - 1].furniture))
		first--;
	last = first;
	while (first > 0 && last - first < HEADING_LINES && is_capitals(line_text(page, first - 1)))
		first--;
	heading[0] = '\0';
	for (size_t i = first; i < last && (i == first || read.length > 0); i++)
		read = slice_join(heading, size, read, " ", line_text(page, i));
	return first;
}

enum order { ORDERS_NOTHING, ORDERS_PERHAPS, ORDERS_IT };

/* What an ordering clause does, told by its verbs. */
struct verbs {
	enum order prevails;
	const char *does[16];
	const char *does_not[12];
};

/* A removal on a condition makes the whole order doubtful. */
static const struct verbs removal = {
	ORDERS_PERHAPS,
	{ "is removed", "are removed", "is hereby removed", "are hereby removed", "is immediately removed",
	  "are immediately removed", "shall be removed", "shall remove", "shall immediately remove", "hereby removes",
	  "hereby remove", "is directed to remove", "are directed to remove", "shall be immediately removed" },
	{ "show cause", "not be removed", "not remove", "not removed", "may be removed", "will be removed", "if a",
	  "if any", "if it", "if they", "if the", "unless the" },
};

/* That nobody is reinstated until something else happens stands in removals too. */
static const struct verbs reinstatement = {
	ORDERS_IT,
	{ "is reinstated", "are reinstated", "is hereby reinstated", "are hereby reinstated", "is restored",
	  "are restored", "is hereby restored", "are hereby restored", "shall be reinstated", "shall be restored",
	  "shall reinstate", "shall restore", "hereby reinstates", "hereby restores" },
	{ "not be reinstated", "not reinstated", "not be restored", "not restored", "until", "unless", "denied",
	  "if a", "if it", "if they", "if the" },
};

static enum order
clause_judge(struct slice clause, const struct verbs *verbs)
{
	enum order order = ORDERS_NOTHING;

	for (size_t i = 0; i < sizeof verbs->does / sizeof verbs->does[0] && verbs->does[i] != NULL; i++)
		if (phrase_in(clause, verbs->does[i]))
			order = ORDERS_IT;
	for (size_t i = 0; i < sizeof verbs->does_not / sizeof verbs->does_not[0] && verbs->does_not[i] != NULL; i++)
		if (phrase_in(clause, verbs->does_not[i]))
			return order == ORDERS_NOTHING ? ORDERS_NOTHING : ORDERS_PERHAPS;
	return order;
}

/* The next words from a place on that begin an ordering clause; begin SIZE_MAX: there are none. `next` keeps what was
 * found before, so that the text is walked through but once. */
static struct span
clause_next(struct slice flow, size_t from, struct span next[CLAUSE_WORDS])
{
	static const char *const words[CLAUSE_WORDS] = { "IS ORDERED", "IS HEREBY ORDERED", "IS FURTHER ORDERED",
							 "IS THEREFORE ORDERED", "WE ORDER" };
	struct span first = { SIZE_MAX, SIZE_MAX };

	for (size_t i = 0; i < CLAUSE_WORDS; i++) {
		if ((next[i].end == 0 || next[i].begin < from) &&
		    !phrase_find(flow, words[i], from, SIZE_MAX, &next[i]))
			next[i] = (struct span){ SIZE_MAX, SIZE_MAX };
		if (next[i].begin < first.begin)
			first = next[i];
	}
	return first;
}

/* All ordering clauses together; *any: there is one. The verbs say which prevails, one that does it or one that does
 * it perhaps. */
static enum order
clauses_judge(const struct import *import, const struct verbs *verbs, bool *any)
{
	enum order order = ORDERS_NOTHING;
	struct span words[CLAUSE_WORDS] = { { 0, 0 } };
	struct span clause = clause_next(import->flow, import->head, words);

	*any = clause.begin != SIZE_MAX;
	for (int clauses = 0; clause.begin != SIZE_MAX; clauses++) {
		struct span next = clause_next(import->flow, clause.end, words);
		size_t stop = clause.end + CLAUSE_BYTES < next.begin ? clause.end + CLAUSE_BYTES : next.begin;
		enum order one = clause_judge(slice_part(import->flow, clause.end, stop), verbs);

		if (clauses == LIMIT_NOTICE_CLAUSES)
			return ORDERS_PERHAPS;
		if (order == ORDERS_NOTHING || one == verbs->prevails)
			order = one;
		clause = next;
	}
	return order;
}

static const char *const removal_opening[] = { "we remove", "we hereby remove", "bureau removes",
					       "bureau hereby removes" };
static const char *const reinstatement_opening[] = { "we reinstate", "we restore", "bureau reinstates",
						     "bureau restores" };

/* "By this Order we remove": what an order says of itself where it begins. Where its heading says it already, the
 * verbs of its clauses do too. */
static enum order
opening_judge(const struct import *import, const struct verbs *verbs, const char *const says[4], bool headed)
{
	struct slice opening = slice_part(import->flow, import->head, import->head + OPENING_BYTES);

	return any_in(opening, says, 4) ? ORDERS_IT : headed ? clause_judge(opening, verbs) : ORDERS_NOTHING;
}

/* An order whose heading does not tell. */
static int
order_kind(struct import *import, enum notice_kind heading)
{
	bool any;
	enum order removes = clauses_judge(import, &removal, &any);
	enum order reinstates = clauses_judge(import, &reinstatement, &any);

	if (!phrase_in(import->flow, "Robocall Mitigation Database"))
		return refuse_kind(import, "an order that does not speak of the Robocall Mitigation Database");
	if (removes == ORDERS_NOTHING && (!any || heading == NOTICE_REMOVAL))
		removes = opening_judge(import, &removal, removal_opening, heading == NOTICE_REMOVAL);
	if (reinstates == ORDERS_NOTHING && (!any || heading == NOTICE_REINSTATEMENT))
		reinstates =
			opening_judge(import, &reinstatement, reinstatement_opening, heading == NOTICE_REINSTATEMENT);
	if (removes == ORDERS_IT && reinstates != ORDERS_IT && heading != NOTICE_REINSTATEMENT)
		import->notice->kind = NOTICE_REMOVAL;
	else if (reinstates == ORDERS_IT && removes == ORDERS_NOTHING && heading != NOTICE_REMOVAL)
		import->notice->kind = NOTICE_REINSTATEMENT;
	else if (removes == ORDERS_NOTHING && reinstates == ORDERS_NOTHING)
		return refuse_kind(import, "an order that removes and reinstates nobody");
	else
		return refuse(import,
			      "is an order of the FCC, but what it does is not plain: it removes or reinstates "
			      "on a condition, or does both; write its file by hand");
	return 0;
}

static int
captioned_kind(struct import *import, size_t caption, size_t adopted, size_t released)
{
	static const struct {
		const char *heading;
		enum notice_kind kind;
	} headings[] = {
		{ "FINAL DETERMINATION ORDER", NOTICE_FINAL_DETERMINATION },
		{ "FINAL DETERMINATION", NOTICE_FINAL_DETERMINATION },
		{ "INITIAL DETERMINATION ORDER", NOTICE_INITIAL_DETERMINATION },
		{ "INITIAL DETERMINATION", NOTICE_INITIAL_DETERMINATION },
		{ "REMOVAL ORDER", NOTICE_REMOVAL },
		{ "ORDER OF REMOVAL", NOTICE_REMOVAL },
		{ "REINSTATEMENT ORDER", NOTICE_REINSTATEMENT },
		{ "ORDER OF REINSTATEMENT", NOTICE_REINSTATEMENT },
		{ "RESTORATION ORDER", NOTICE_REINSTATEMENT },
		{ "ORDER OF RESTORATION", NOTICE_REINSTATEMENT },
		{ "ORDER", (enum notice_kind)0 },
	};
	char heading[256];
	size_t first = heading_read(&import->page, adopted, heading, sizeof heading);
	enum notice_kind kind = (enum notice_kind)0;
	bool known = false;

	for (size_t i = 0; i < sizeof headings / sizeof headings[0] && !known; i++) {
		known = phrase_is(slice_of(heading), headings[i].heading);
		kind = known ? headings[i].kind : kind;
	}
	import->caption = caption;
	import->heading = first;
	head_set(import,
		 (is_line(&import->page, released) && released > adopted && released <= adopted + RELEASED_LINES
			  ? released
			  : adopted) +
			 1);
	if (!known || first <= caption) {
		char what[320] = "its heading is not to be found";

		if (heading[0] != '\0' && snprintf(what, sizeof what, "one headed \"%s\"", heading) < 0)
			what[0] = '\0';
		return refuse_kind(import, what);
	}
	if (kind == NOTICE_FINAL_DETERMINATION || kind == NOTICE_INITIAL_DETERMINATION) {
		import->notice->kind = kind;
		return 0;
	}
	return order_kind(import, kind);
}

/* Documents that look like the FCC's own and have no force. */
static const char *
without_force(struct slice opening)
{
	static const char *const news[] = { "Media Contact", "For Immediate Release", "News Release",
					    "unofficial announcement of Commission action" };
	static const char *const drafts[] = { "FCC FACT SHEET", "circulated for tentative consideration" };
	static const char *const register_pages[] = { "BILLING CODE", "Federal Register Vol" };

	if (ANY_IN(opening, news))
		return "is a news release, which orders nothing: give the document that it speaks of";
	if (ANY_IN(opening, drafts))
		return "is a draft or a fact sheet, which orders nothing: give the document as released";
	if (ANY_IN(opening, register_pages))
		return "is a page of the Federal Register: give the FCC's own document";
	return NULL;
}

int
import_kind(struct import *import)
{
	const struct page *page = &import->page;
	size_t letterhead = letterhead_line(page), caption = line_begins(page, "In the Matter of");
	size_t adopted = line_begins(page, "Adopted"), released = line_begins(page, "Released");
	size_t salutation = line_begins(page, "Dear");
	const char *none = without_force(slice_part(import->flow, 0, LETTERHEAD_BYTES));

	if (!is_line(page, letterhead))
		return refuse(import,
			      "is not an FCC document: no letterhead of the Federal Communications Commission");
	if (none != NULL)
		return refuse(import, none);
	if (is_line(page, salutation) && !is_line(page, caption))
		return date_above(page, letterhead)
			       ? refuse(import, "is not an FCC document: a letter that is addressed to the FCC")
			       : letter_kind(import, salutation);
	if (is_line(page, caption) && adopted > released)
		adopted = released;
	if (is_line(page, caption) && is_line(page, adopted) && adopted > caption)
		return captioned_kind(import, caption, adopted, released);
	released = line_holds(page, "Released");
	if (!is_line(page, caption) && is_public_notice(page, letterhead))
		return public_notice_kind(import, is_line(page, released) ? released : letterhead);
	if (!is_line(page, caption) && gives_notice(import->flow))
		return refuse(import,
			      "reads as a letter of notice, but has no salutation (\"Dear ...\") below the name "
			      "and address of a provider; write its file by hand");
	return refuse_kind(import,
			   "it has no caption with a heading and a release date, no salutation and no heading "
			   "of a public notice");
}
