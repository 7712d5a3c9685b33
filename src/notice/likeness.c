/* SPDX-License-Identifier: ISC
 *
 * Names held against names. Weights are a matter of taste: they put the likeliest first, and a person chooses.
 */
#include "notice/likeness.h"

#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "sync/fold.h"

/* Names that share fewer of their pairs of letters than this, in percent, are not similar. */
#define SIMILAR_PERCENT 70
/* A shorter name stands by chance among the words of others. */
#define SHORTEST_ALIAS 4
#define ZIP_DIGITS 5
/* Compatibility forms and accents make folded text longer than what was written; what is longer still is cut. */
#define FOLDED_ROOM(length) (3 * (length) + 1)

static const struct {
	const char *word, *text;
	unsigned score;
} names[] = {
	[LIKENESS_NAME_NONE] = { "", "", 0 },
	[LIKENESS_NAME_SIMILAR] = { "similar", "a similar name", 0 },
	[LIKENESS_NAME_PREVIOUS] = { "previous", "the name stands among its previous names", 55 },
	[LIKENESS_NAME_DBA] = { "dba", "the name stands among its DBA names", 60 },
	[LIKENESS_NAME_CORE] = { "core", "the same name but for legal form and spaces", 65 },
	[LIKENESS_NAME_NORMALISED] = { "normalised", "the same name but for case and punctuation", 75 },
	[LIKENESS_NAME_EXACT] = { "exact", "exactly the same name", 80 },
};

static const struct {
	const char *word, *text;
	unsigned score;
} addresses[] = {
	[LIKENESS_ADDRESS_NONE] = { "", "", 0 },
	[LIKENESS_ADDRESS_PLACE] = { "place", "the same house number and ZIP code", 15 },
	[LIKENESS_ADDRESS_SAME] = { "same", "the same address", 20 },
};

const char *
likeness_name_word(enum likeness_name name)
{
	return names[name].word;
}

const char *
likeness_name_text(enum likeness_name name)
{
	return names[name].text;
}

const char *
likeness_address_word(enum likeness_address address)
{
	return addresses[address].word;
}

const char *
likeness_address_text(enum likeness_address address)
{
	return addresses[address].text;
}

static bool
is_equal(struct slice a, struct slice b)
{
	return a.length > 0 && slice_equal(a, b);
}

static struct slice
word_last(struct slice text)
{
	size_t begin = text.length;

	while (begin > 0 && text.data[begin - 1] != ' ')
		begin--;
	return (struct slice){ text.data + begin, text.length - begin };
}

/* Whether the words of one stand in the other, together and whole. */
static bool
stands_in(struct slice words, struct slice text)
{
	const char *place = text.data, *end = text.data + text.length;

	if (words.length < SHORTEST_ALIAS)
		return false;
	while (place != NULL && (place = memmem(place, (size_t)(end - place), words.data, words.length)) != NULL) {
		const char *after = place + words.length;

		if ((place == text.data || place[-1] == ' ') && (after == end || *after == ' '))
			return true;
		place++;
	}
	return false;
}

/* "a b" of "a b d b a c d", "c d" into *alias. */
static struct slice
alias_split(struct slice name, struct slice *alias)
{
	static const char *const marks[] = { " dba ", " d b a " };

	*alias = (struct slice){ NULL, 0 };
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		size_t length = strlen(marks[i]);
		const char *mark = name.length > 0 ? memmem(name.data, name.length, marks[i], length) : NULL;

		if (mark == NULL)
			continue;
		*alias = (struct slice){ mark + length, (size_t)(name.data + name.length - mark) - length };
		return (struct slice){ name.data, (size_t)(mark - name.data) };
	}
	return name;
}

/* The last word, or a run of single letters at the end: "l l c" was "L.L.C.". */
static struct slice
form_last(struct slice name)
{
	struct slice form = word_last(name);

	while (form.length > 0 && word_last(name).length == 1 && form.data > name.data + 1) {
		struct slice before = { name.data, (size_t)(form.data - name.data) - 1 };
		struct slice word = word_last(before);

		if (word.length != 1)
			break;
		form = (struct slice){ word.data, form.length + 2 };
	}
	return form;
}

/* A name that is nothing but a legal form stays as it is. */
static struct slice
form_drop(struct slice name)
{
	for (;;) {
		struct slice form = form_last(name);

		if (form.length + 1 >= name.length || !name_is_form(form))
			return name;
		name.length -= form.length + 1;
	}
}

static int
pair_order(const void *a, const void *b)
{
	uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

	return x < y ? -1 : x > y;
}

/* Neighbouring letters, spaces left out. */
static void
pairs_take(struct likeness_party *party)
{
	unsigned before = 0;

	for (size_t i = 0; i < party->core.length && party->pair_count < LIMIT_LIKENESS_BYTES; i++) {
		unsigned letter = (unsigned char)party->core.data[i];

		if (letter == ' ')
			continue;
		if (before != 0)
			party->pairs[party->pair_count++] = (uint16_t)(before << 8 | letter);
		before = letter;
	}
	if (party->pair_count > 1)
		qsort(party->pairs, party->pair_count, sizeof party->pairs[0], pair_order);
}

bool
likeness_party_begin(struct likeness_party *party, const char *name, const char *address, const char *dba,
		     const char *previous)
{
	const char *const texts[] = { name, address, dba, previous };
	struct slice *const folded[] = { &party->name, &party->address, &party->dba, &party->previous };
	size_t room = strlen(name) + 1;
	char *place;

	*party = (struct likeness_party){ 0 };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		room += FOLDED_ROOM(strlen(texts[i]));
	party->memory = malloc(room);
	if (party->memory == NULL)
		return false;
	place = party->memory;
	party->written = (struct slice){ place, strlen(name) };
	memcpy(place, name, party->written.length);
	place += party->written.length;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct slice text = slice_of(texts[i]);

		folded[i]->data = place;
		if (!text_fold(place, FOLDED_ROOM(text.length), text, &folded[i]->length)) {
			likeness_party_end(party);
			return false;
		}
		place += folded[i]->length;
	}
	party->written = slice_trim(party->written);
	party->core = form_drop(alias_split(party->name, &party->alias));
	party->alias = form_drop(party->alias);
	pairs_take(party);
	return true;
}

void
likeness_party_end(struct likeness_party *party)
{
	free(party->memory);
	party->memory = NULL;
}

static bool
is_equal_but_for_spaces(struct slice a, struct slice b)
{
	size_t i = 0, k = 0;

	if (a.length == 0 || b.length == 0)
		return false;
	for (;;) {
		while (i < a.length && a.data[i] == ' ')
			i++;
		while (k < b.length && b.data[k] == ' ')
			k++;
		if (i == a.length || k == b.length)
			return i == a.length && k == b.length;
		if (a.data[i++] != b.data[k++])
			return false;
	}
}

/* Of the pairs of both, how many in a hundred they share. */
static unsigned
similar_percent(const struct likeness_party *a, const struct likeness_party *b)
{
	size_t i = 0, k = 0, shared = 0;

	if (a->pair_count + b->pair_count == 0)
		return 0;
	while (i < a->pair_count && k < b->pair_count) {
		uint16_t one = a->pairs[i], other = b->pairs[k];

		shared += one == other;
		i += one <= other;
		k += one >= other;
	}
	return (unsigned)(200 * shared / (a->pair_count + b->pair_count));
}

static enum likeness_name
name_like(const struct likeness_party *named, const struct likeness_party *filed, unsigned *percent)
{
	*percent = 0;
	if (is_equal(named->written, filed->written))
		return LIKENESS_NAME_EXACT;
	if (is_equal(named->name, filed->name))
		return LIKENESS_NAME_NORMALISED;
	if (is_equal_but_for_spaces(named->core, filed->core))
		return LIKENESS_NAME_CORE;
	if (stands_in(named->core, filed->dba) || stands_in(named->core, filed->alias) ||
	    stands_in(named->alias, filed->name) || stands_in(named->alias, filed->dba))
		return LIKENESS_NAME_DBA;
	if (stands_in(named->core, filed->previous) || stands_in(named->alias, filed->previous))
		return LIKENESS_NAME_PREVIOUS;
	*percent = similar_percent(named, filed);
	if (*percent >= SIMILAR_PERCENT)
		return LIKENESS_NAME_SIMILAR;
	*percent = 0;
	return LIKENESS_NAME_NONE;
}

static bool
is_number(struct slice word)
{
	for (size_t i = 0; i < word.length; i++)
		if (word.data[i] < '0' || word.data[i] > '9')
			return false;
	return word.length > 0;
}

/* The first number, and the last of five digits. */
static void
place_of(struct slice address, struct slice *house, struct slice *zip)
{
	*house = *zip = slice_of("");
	while (address.length > 0) {
		struct slice word = name_word_next(&address);

		if (!is_number(word))
			continue;
		if (house->length == 0)
			*house = word;
		else if (word.length == ZIP_DIGITS)
			*zip = word;
	}
}

static enum likeness_address
address_like(struct slice named, struct slice filed)
{
	struct slice house[2], zip[2];

	if (is_equal(named, filed))
		return LIKENESS_ADDRESS_SAME;
	place_of(named, &house[0], &zip[0]);
	place_of(filed, &house[1], &zip[1]);
	return is_equal(house[0], house[1]) && is_equal(zip[0], zip[1]) ? LIKENESS_ADDRESS_PLACE
									: LIKENESS_ADDRESS_NONE;
}

struct likeness
likeness_of(const struct likeness_party *named, const struct likeness_party *filed)
{
	struct likeness likeness = { 0 };

	likeness.name = name_like(named, filed, &likeness.percent);
	likeness.address = address_like(named->address, filed->address);
	/* Similar names weigh half of what they share. */
	likeness.score = names[likeness.name].score + likeness.percent / 2 + addresses[likeness.address].score;
	return likeness;
}
