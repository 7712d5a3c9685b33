/* SPDX-License-Identifier: ISC
 *
 * Names of companies in a document: how they end, and how a document gives them a short one.
 */
#include "notice/reading.h"

#include <string.h>

/* A short name is no longer than this, brackets and quotes too. */
#define SHORT_NAME_BYTES 80
/* Longer lines are no names. */
#define NAME_BYTES 190

bool
is_company(struct slice name)
{
	static const char *const ends[] = { "LLC",     "L.L.C.", "L.L.C",       "Inc",  "Inc.", "Incorporated",
					    "Corp",    "Corp.",  "Corporation", "Ltd",  "Ltd.", "Limited",
					    "LP",      "L.P.",   "LLP",         "PLLC", "L.C.", "LC",
					    "Company", "Co.",    "Co",          "S.A.", "SA",   "S.A.S",
					    "SAS",     "SRL",    "S.R.L.",      "GmbH", "Pty",  "PLC",
					    "LTDA",    "B.V.",   "BV",          "Pte",  "C.V.", "S. DE R.L.",
					    "LLC.",    "ULC",    "Oy",          "AG",   "AB",   "Pvt" };

	name = slice_trim(name);
	if (name.length > NAME_BYTES)
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t length = strlen(ends[i]);
		struct slice end = { name.data + name.length - length, length };

		if (name.length > length + 1 && slice_equal_fold(end, ends[i]) &&
		    (end.data[-1] == ' ' || end.data[-1] == ','))
			return true;
	}
	return false;
}

bool
is_trade_name(struct slice line)
{
	return phrase_begins(line, "d/b/a") > 0 || phrase_begins(line, "doing business as") > 0;
}

bool
short_name(struct slice flow, size_t place, struct slice *brief)
{
	struct slice inside = slice_part(flow, place + 1, place + SHORT_NAME_BYTES);
	const char *close = memchr(inside.data, ')', inside.length);
	size_t length = 0;

	if (place >= flow.length || flow.data[place] != '(' || close == NULL)
		return false;
	inside.length = (size_t)(close - inside.data);
	if (inside.length > 0 && inside.data[0] == '"') {
		inside.data++;
		inside.length--;
	}
	/* (One or Company), ("One" or "Company"): the first is the name. */
	while (length < inside.length && inside.data[length] != '"' && inside.data[length] != ';' &&
	       !slice_starts_fold((struct slice){ inside.data + length, inside.length - length }, " or "))
		length++;
	*brief = slice_part(inside, 0, length);
	while (brief->length > 0 && brief->data[brief->length - 1] == ',')
		brief->length--;
	return brief->length > 1 && (is_capital(brief->data[0]) || is_digit(brief->data[0])) &&
	       memchr(brief->data, '(', brief->length) == NULL;
}

/* A short name shares a word with the long one, or is what an order calls whoever it is about. */
static bool
is_short_of(struct slice brief, struct slice name)
{
	size_t word = 0;
	char start[NAME_BYTES];
	struct span found;

	if (phrase_is(brief, "Company") || phrase_is(brief, "the Company") || phrase_is(brief, "Provider"))
		return true;
	while (word < brief.length && brief.data[word] != ' ')
		word++;
	slice_copy(start, sizeof start, (struct slice){ brief.data, word });
	return phrase_find(name, start, 0, SIZE_MAX, &found) || start[0] == name.data[0];
}

bool
name_defined(const struct import *import, struct slice name, struct span *found, struct slice *brief)
{
	char phrase[NAME_BYTES];
	size_t from = import->head;

	if (name.length < 3 || name.length >= sizeof phrase)
		return false;
	slice_copy(phrase, sizeof phrase, name);
	while (phrase_find(import->flow, phrase, from, SIZE_MAX, found)) {
		size_t place = found->end;

		/* The full stop of "Inc." belongs to the name. */
		while (place < import->flow.length &&
		       (import->flow.data[place] == '.' || import->flow.data[place] == ' ' ||
			import->flow.data[place] == ','))
			place++;
		if (short_name(import->flow, place, brief) && is_short_of(*brief, name))
			return true;
		from = found->end;
	}
	return false;
}
