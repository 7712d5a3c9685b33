/* SPDX-License-Identifier: ISC
 *
 * An order or a public notice: whom it is about, and by when others must cease. A list of companies in an appendix is
 * appendix.c's.
 */
#include <string.h>

#include "base/limits.h"
#include "notice/reading.h"

#define NAME_BYTES 200
/* Words of a name, back from its bracket. */
#define NAME_WORDS 10
/* An order to cease, and the date that belongs to it. */
#define CEASE_BYTES 400
/* "FRN: 0012-3456-78". */
#define KEY_BYTES 22

/* What stands left of the brackets of a caption, or of what belongs to its right column. */
static struct slice
caption_left(struct slice line)
{
	static const char *const right[] = { "EB Docket", "WC Docket", "CG Docket", "Docket No",
					     "File No",   "File Nos",  "FRN",       "FRNs",
					     "NAL",       "EB-TCD*",   "EB-2*" };
	const char *bracket = memchr(line.data, ')', line.length);
	struct span found;

	if (bracket != NULL)
		line.length = (size_t)(bracket - line.data);
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
		if (phrase_find(line, right[i], 0, SIZE_MAX, &found))
			line.length = found.begin;
	return slice_part(line, phrase_begins(line, "In the Matter of"), SIZE_MAX);
}

/* Without what joins it to the next of several. */
static struct slice
name_alone(struct slice name)
{
	size_t before;

	do {
		before = name.length;
		if (name.length > 4 && slice_equal_fold((struct slice){ name.data + name.length - 4, 4 }, " and"))
			name.length -= 4;
		while (name.length > 0 && strchr("; ,", name.data[name.length - 1]) != NULL)
			name.length--;
	} while (name.length < before);
	return name;
}

/* How often the text has the name, and how often with this word before it. */
static size_t
occurrences(const struct import *import, struct slice name, struct slice word, size_t *behind_word)
{
	char phrase[NAME_BYTES];
	struct span found;
	size_t count = 0, from = import->head;

	*behind_word = 0;
	if (name.length < 3 || name.length >= sizeof phrase)
		return 0;
	slice_copy(phrase, sizeof phrase, name);
	while (count < LIMIT_NOTICE_CLAUSES && phrase_find(import->flow, phrase, from, SIZE_MAX, &found)) {
		struct slice before = slice_part(import->flow, import->head, found.begin);

		*behind_word += before.length >= word.length && word.length > 0 &&
				memcmp(before.data + before.length - word.length, word.data, word.length) == 0;
		from = found.end;
		count++;
	}
	return count;
}

static struct slice
last_word(struct slice text)
{
	size_t begin = text.length;

	while (begin > 0 && text.data[begin - 1] != ' ')
		begin--;
	return slice_part(text, begin, text.length);
}

/* All RMD numbers in a text and, where it speaks of FRNs, those too. */
static int
keys_add(struct import *import, struct notice_provider *provider, struct slice text, unsigned line)
{
	bool frn = phrase_in(text, "FRN") || phrase_in(text, "FRNs");

	for (size_t i = 0; i < text.length;) {
		struct slice word = { text.data + i, 0 };

		while (i + word.length < text.length && strchr(" \t.,;:()[]/#", word.data[word.length]) == NULL)
			word.length++;
		i += word.length + 1;
		if ((rmd_number_parse(word) != 0 || (frn && frn_parse(word) != 0)) &&
		    provider_key_add(import, provider, word, line) != 0)
			return import->error->code;
	}
	return 0;
}

/* The FRN or RMD numbers that the text has in brackets behind the name. */
static int
keys_behind(struct import *import, struct notice_provider *provider, size_t place)
{
	struct slice flow = import->flow;

	while (place < flow.length && strchr(" .,", flow.data[place]) != NULL)
		place++;
	/* X LLC, FRN 0012345678. */
	if (phrase_begins(slice_part(flow, place, place + KEY_BYTES), "FRN") > 0) {
		struct slice rest = slice_part(flow, place, place + KEY_BYTES);
		uint64_t frn = frn_next(&rest);
		char word[11];

		frn_format(word, frn);
		return provider_key_add(import, provider, slice_of(word), flow_line(&import->page, place));
	}
	while (place < flow.length && flow.data[place] == '(') {
		struct slice inside = slice_part(flow, place + 1, place + NAME_BYTES);
		const char *close = memchr(inside.data, ')', inside.length);

		if (close == NULL)
			return 0;
		inside.length = (size_t)(close - inside.data);
		if (keys_add(import, provider, inside, flow_line(&import->page, place)) != 0)
			return import->error->code;
		place += inside.length + 2;
		while (place < flow.length && flow.data[place] == ' ')
			place++;
	}
	return 0;
}

/* The keys of a provider that the order is about, wherever its text has them behind the name. */
static int
keys_read(struct import *import, size_t index)
{
	char phrase[NAME_BYTES];
	struct span found;
	size_t from = import->head;

	slice_copy(phrase, sizeof phrase, slice_of(import->notice->providers[index].name));
	for (int i = 0; i < LIMIT_NOTICE_CLAUSES && phrase_find(import->flow, phrase, from, SIZE_MAX, &found); i++) {
		from = found.end;
		if (keys_behind(import, &import->notice->providers[index], found.end) != 0)
			return import->error->code;
	}
	return 0;
}

/* A caption's right column has the FRN of the one whom it names. */
static int
caption_keys(struct import *import)
{
	for (size_t i = import->caption; i < import->heading; i++)
		if (keys_add(import, &import->notice->providers[0], line_text(&import->page, i), (unsigned)i + 1) !=
		    0)
			return import->error->code;
	return 0;
}

/* The name that ends on a line of the caption: the line, or with the line above where the text always has it behind
 * that one's last word. Length 0: which cannot be told. */
static struct slice
caption_name(const struct import *import, struct slice line, struct slice above, char text[NAME_BYTES])
{
	size_t joined, alone = occurrences(import, line, last_word(above), &joined);
	struct slice whole;

	if (above.length == 0 || is_company(name_alone(above)) || (alone > 0 && joined == 0))
		return line;
	whole = slice_join(text, NAME_BYTES, above, " ", line);
	if (alone == 0 || joined < alone || whole.length == 0)
		return (struct slice){ line.data, 0 };
	if (occurrences(import, whole, above, &joined) > 0)
		return whole;
	/* "Removal of the certification of" is no part of it. */
	return is_capital(last_word(above).data[0]) ? (struct slice){ line.data, 0 } : line;
}

/* One name of the caption, or two that an "and" joins. */
static int
caption_provider(struct import *import, struct slice name, unsigned line)
{
	struct span found;
	size_t from = 0;

	while (phrase_find(name, "and", from, SIZE_MAX, &found)) {
		struct slice first = slice_part(name, 0, found.begin);

		if (first.length > 0 && first.data[first.length - 1] == ',')
			first.length--;
		if (is_company(first)) {
			if (provider_add(import, first, line) == NULL)
				return import->error->code;
			return caption_provider(import, slice_part(name, found.end, SIZE_MAX), line);
		}
		from = found.end;
	}
	return provider_add(import, name, line) != NULL ? 0 : import->error->code;
}

static int
caption_read(struct import *import)
{
	struct slice above = { NULL, 0 };
	struct notice *notice = import->notice;

	for (size_t i = import->caption; i < import->heading; i++) {
		struct slice left = caption_left(line_text(&import->page, i)), name = name_alone(left), brief;
		char joined[NAME_BYTES], trade[2 * NAME_BYTES];
		struct slice next = { NULL, 0 };
		struct span found;

		if (i + 1 < import->heading)
			next = name_alone(caption_left(line_text(&import->page, i + 1)));
		if (!is_company(name)) {
			if (left.length == 0 || is_trade_name(left) || !name_defined(import, name, &found, &brief))
				name.length = 0;
		} else {
			name = caption_name(import, name, above, joined);
			if (name.length == 0 &&
			    doubt_add(import, "provider", left, (unsigned)i + 1, false,
				      "a name of the caption whose beginning cannot be told") != 0)
				return import->error->code;
		}
		above = left;
		if (name.length == 0)
			continue;
		if (is_trade_name(next) && slice_join(trade, sizeof trade, name, " ", next).length > 0)
			name = slice_of(trade);
		if (caption_provider(import, name, (unsigned)i + 1) != 0)
			return import->error->code;
	}
	if (notice->provider_count == 1 && caption_keys(import) != 0)
		return import->error->code;
	for (size_t i = 0; i < notice->provider_count; i++)
		if (keys_read(import, i) != 0)
			return import->error->code;
	return 0;
}

/* "cease accepting ... by August 8, 2025": the last day on which it may be accepted. A date that other words announce
 * is no such day for sure. */
static void
cease_at(const struct import *import, size_t place, struct deadline *cease)
{
	static const char *const until[] = { "no later than", "not later than", "on or before", "by" };
	struct slice flow = import->flow;
	day issued = import->notice->issued.date;

	for (size_t at = place; at < flow.length && at < place + CEASE_BYTES && !ends_sentence(flow, at); at++) {
		struct slice before = slice_part(flow, place, at);
		struct deadline here;
		bool last = false;

		if ((flow.data[at - 1] != ' ' && flow.data[at - 1] != '(') || deadline_read(import, at, &here) == 0)
			continue;
		for (size_t i = 0; i < sizeof until / sizeof until[0]; i++) {
			struct span word;

			for (size_t from = 0; phrase_find(before, until[i], from, SIZE_MAX, &word); from = word.end)
				last = last || before.length - word.end <= 2;
		}
		if (here.why[0] == '\0' && !last)
			here.why = "not plainly the last day on which traffic may be accepted";
		/* What others had to do in the past is not this. */
		if (issued == DAY_NONE || here.date == DAY_NONE || here.date >= issued)
			deadline_add(cease, here);
		at += here.length - 1;
	}
}

/* "within two business days of release": the rest of the order's sentence, for the operator. */
static int
cease_span(struct import *import, struct span order)
{
	static const char *const spans[] = { "business days", "calendar days", "days", "hours", "immediately" };
	struct slice sentence = slice_part(import->flow, order.begin, order.end + CEASE_BYTES / 2);
	struct span found;

	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
		size_t begin, place;

		if (!phrase_find(sentence, spans[i], 0, SIZE_MAX, &found))
			continue;
		begin = found.begin > 30 ? found.begin - 30 : 0;
		while (begin > 0 && begin < found.begin && sentence.data[begin - 1] != ' ')
			begin++;
		place = (size_t)(sentence.data - import->flow.data);
		return doubt_add(import, "cease-by", slice_part(sentence, begin, found.end),
				 flow_line(&import->page, place + found.begin), false,
				 "a span, not a date: set removal-grace in rmd.conf, or <cease-by>");
	}
	return 0;
}

static int
cease_by_read(struct import *import)
{
	static const char *const words[] = { "cease accepting", "stop accepting", "block and cease" };
	struct deadline cease = { .date = DAY_NONE, .why = "" };
	struct span order, first = { 0, 0 };
	bool removal = import->notice->kind == NOTICE_REMOVAL;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t from = import->head;

		for (int n = 0;
		     n < LIMIT_NOTICE_CLAUSES && phrase_find(import->flow, words[i], from, SIZE_MAX, &order); n++) {
			from = order.end;
			first = first.end == 0 ? order : first;
			cease_at(import, order.end, &cease);
		}
	}
	/* Without its day a removal is in force at once; a determination has the law's thirty days. */
	if (cease.length > 0)
		return deadline_tell(import, "cease-by", &cease, removal, &import->notice->cease_by);
	return first.end > 0 && removal ? cease_span(import, first) : 0;
}

int
import_order(struct import *import)
{
	enum notice_kind kind = import->notice->kind;
	bool listed = false;

	/* The appendix that the text speaks of, the caption, or an appendix that stands there. */
	if ((kind == NOTICE_REMOVAL || kind == NOTICE_REINSTATEMENT) && import_appendix(import, false, &listed) != 0)
		return import->error->code;
	if (!listed && caption_read(import) != 0)
		return import->error->code;
	if (!listed && import->notice->provider_count == 0 && import_appendix(import, true, &listed) != 0)
		return import->error->code;
	if (!listed && import->notice->provider_count == 0 &&
	    doubt_add(import, "provider", line_text(&import->page, import->caption), (unsigned)import->caption + 1,
		      false, "the caption names no company, and no list of companies could be read") != 0)
		return import->error->code;
	if (kind == NOTICE_INITIAL_DETERMINATION)
		return import_respond_by(import);
	return kind == NOTICE_REMOVAL || kind == NOTICE_FINAL_DETERMINATION ? cease_by_read(import) : 0;
}

/* Whether a heading's words before a name blame it: "from", "by"; not for whom it was. */
static bool
heading_blames(struct slice before)
{
	static const char *const blamed[] = { "from", "by", "and", "through", "of" };
	static const char *const not_blamed[] = { "behalf of", "placed by", "made by", "customers of", "clients of" };
	struct span found;

	for (size_t i = 0; i < sizeof not_blamed / sizeof not_blamed[0]; i++)
		for (size_t from = 0; phrase_find(before, not_blamed[i], from, SIZE_MAX, &found); from = found.end)
			if (found.end == before.length)
				return false;
	for (size_t i = 0; i < sizeof blamed / sizeof blamed[0]; i++)
		for (size_t from = 0; phrase_find(before, blamed[i], from, SIZE_MAX, &found); from = found.end)
			if (found.end == before.length)
				return true;
	/* The second of three: "A, B AND C". */
	return before.length > 0 && before.data[before.length - 1] == ',';
}

/* The name that begins the text of a heading: up to its company's end or, where it has none, all of it when the text
 * below defines it. */
static struct slice
heading_name(const struct import *import, struct slice heading)
{
	struct slice name = { heading.data, 0 }, brief;
	struct span found;

	for (size_t end = 0, words = 0; end <= heading.length && words < NAME_WORDS; end++) {
		struct slice part = { heading.data, end };

		if (end < heading.length && heading.data[end] != ' ')
			continue;
		words++;
		while (part.length > 0 && strchr(",;", part.data[part.length - 1]) != NULL)
			part.length--;
		if (is_company(part) ||
		    (end == heading.length && name.length == 0 && name_defined(import, part, &found, &brief)))
			name = part;
		else if (name.length > 0)
			break;
	}
	return name;
}

/* The longest run of words with capitals before the bracket that ends as a company's name does. */
static struct slice
name_before(struct slice flow, size_t begin, size_t bracket)
{
	size_t at = bracket, words = 0, from = bracket;

	while (at > begin && words < NAME_WORDS) {
		size_t word = at - 1;
		char last = flow.data[word];

		while (word > begin && flow.data[word - 1] != ' ')
			word--;
		/* The sentence before, or the item. */
		if (words > 0 && (last == '.' || last == ';' || last == ':' || last == ')') &&
		    !is_company((struct slice){ flow.data + word, at - word }))
			break;
		if (!is_capital(flow.data[word]) && !is_digit(flow.data[word]) && flow.data[word] != '&')
			break;
		from = word;
		at = word > begin ? word - 1 : begin;
		words++;
	}
	return slice_part(flow, from, bracket);
}

static bool
is_known(const struct notice *notice, struct slice name)
{
	for (size_t i = 0; i < notice->provider_count; i++)
		if (slice_equal_fold(name, notice->providers[i].name))
			return true;
	return false;
}

/* The heading of a public notice: capitals, between its date and its text. */
static struct slice
heading_of(const struct import *import)
{
	for (size_t i = 0; i < import->head; i++)
		if (import->page.flow_line[i] > import->caption)
			return slice_part(import->flow, i, import->head);
	return (struct slice){ NULL, 0 };
}

/* The name of a heading in capitals as the text writes it; length 0: the text has not got it. */
static struct slice
name_in_text(const struct import *import, struct slice name)
{
	struct slice flow = import->flow;
	char phrase[NAME_BYTES];
	struct span found;

	slice_copy(phrase, sizeof phrase, name);
	if (name.length == 0 || name.length >= sizeof phrase ||
	    !phrase_find(flow, phrase, import->head, SIZE_MAX, &found))
		return (struct slice){ NULL, 0 };
	if (name.data[name.length - 1] == '.' && found.end < flow.length && flow.data[found.end] == '.')
		found.end++;
	return slice_part(flow, found.begin, found.end);
}

/* The heading says whose traffic may be blocked; the text must name it too. */
static int
heading_read(struct import *import)
{
	struct slice heading = heading_of(import);
	bool blames = false;

	for (size_t at = 2; at < heading.length; at++) {
		struct slice name, text;

		/* A comma goes on with a list of names that has begun. */
		if (heading.data[at - 1] != ' ' || phrase_begins(slice_part(heading, at, SIZE_MAX), "and") > 0 ||
		    !heading_blames(slice_part(heading, 0, at)) || (heading.data[at - 2] == ',' && !blames))
			continue;
		name = heading_name(import, slice_part(heading, at, SIZE_MAX));
		text = name_in_text(import, name);
		if (text.length == 0 || is_known(import->notice, text))
			continue;
		if (provider_add(import, text, flow_line(&import->page, (size_t)(text.data - import->flow.data))) ==
			    NULL ||
		    keys_read(import, import->notice->provider_count - 1) != 0)
			return import->error->code;
		blames = true;
		at += name.length - 1;
	}
	return 0;
}

/* Companies that only the text defines may be anybody's: they are told. */
static int
others_tell(struct import *import)
{
	size_t told = 0;

	for (size_t at = import->head + 1; at < import->flow.length && told < LIMIT_NOTICE_DOUBTS; at++) {
		struct slice brief, name;

		if (import->flow.data[at] != '(' || import->flow.data[at - 1] != ' ' ||
		    !short_name(import->flow, at, &brief))
			continue;
		name = name_before(import->flow, import->head, at - 1);
		if (!is_company(name) || is_known(import->notice, name))
			continue;
		told++;
		if (doubt_add(import, "provider", name, flow_line(&import->page, at), false,
			      "stands in the text, not as the blamed one in the heading or a list") != 0)
			return import->error->code;
	}
	return 0;
}

/* What stands behind the mark of a list's item; length 0: the line is none. */
static struct slice
item_of(struct slice line)
{
	static const char *const marks[] = {
		"\xe2\x80\xa2", "\xe2\x97\x8f", "\xe2\x96\xaa", "\xef\x82\xb7", "\xc2\xb7", "-", "*", "o "
	};
	size_t digits = 0;

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (slice_starts_fold(line, marks[i]))
			return slice_part(line, strlen(marks[i]), SIZE_MAX);
	if (line.length > 0 && line.data[0] == '(')
		digits++;
	while (digits < line.length && is_digit(line.data[digits]))
		digits++;
	if (digits == 0 || digits == line.length || !is_digit(line.data[digits - 1]) ||
	    (line.data[digits] != '.' && line.data[digits] != ')'))
		return (struct slice){ line.data, 0 };
	return slice_part(line, digits + 1, SIZE_MAX);
}

static int
item_add(struct import *import, struct slice item, unsigned line)
{
	const char *bracket = memchr(item.data, '(', item.length);
	struct notice_provider *provider;
	struct slice name = item;

	if (bracket != NULL)
		name = slice_part(item, 0, (size_t)(bracket - item.data));
	if (name.length > 4 && slice_starts_fold((struct slice){ name.data + name.length - 4, 4 }, " and"))
		name = slice_part(name, 0, name.length - 4);
	while (name.length > 0 && strchr(";,", name.data[name.length - 1]) != NULL)
		name.length--;
	if (!is_company(name) && name.length > 0 && name.data[name.length - 1] == '.')
		name.length--;
	if (name.length < 2 || name.length >= NAME_BYTES / 2 ||
	    (!is_capital(name.data[0]) && !is_digit(name.data[0])) || memchr(name.data, ':', name.length) != NULL)
		return doubt_add(import, "provider", item, line, false, "an item of the list that is no plain name");
	provider = provider_add(import, name, line);
	if (provider == NULL)
		return import->error->code;
	return bracket != NULL ? keys_add(import, provider, item, line) : 0;
}

/* "the following voice service providers:" and items below. */
static int
items_read(struct import *import)
{
	const struct page *page = &import->page;

	for (size_t i = import->head_lines; i < page->line_count && import->notice->provider_count == 0; i++) {
		struct slice line = line_text(page, i), above = i > 0 ? line_text(page, i - 1) : line;
		bool following = phrase_in(line, "following") || phrase_in(above, "following");
		bool providers = phrase_in(line, "providers") || phrase_in(above, "providers");

		if (line.length == 0 || line.data[line.length - 1] != ':' || !following || !providers)
			continue;
		for (size_t k = i + 1; k < page->line_count; k++) {
			struct slice item = item_of(line_text(page, k));

			if (line_text(page, k).length == 0 || page->lines[k].furniture)
				continue;
			if (item.length == 0)
				break;
			if (item_add(import, item, (unsigned)k + 1) != 0)
				return import->error->code;
		}
	}
	return 0;
}

int
import_public_notice(struct import *import)
{
	bool listed = false;

	if (heading_read(import) != 0)
		return import->error->code;
	if (import->notice->provider_count == 0 && items_read(import) != 0)
		return import->error->code;
	if (import->notice->provider_count == 0 && import_appendix(import, true, &listed) != 0)
		return import->error->code;
	if (others_tell(import) != 0)
		return import->error->code;
	return import->notice->provider_count > 0
		       ? 0
		       : doubt_add(import, "provider", slice_of(""), (unsigned)import->head_lines + 1, false,
				   "no company of the heading, of a list or of an appendix could be read");
}
