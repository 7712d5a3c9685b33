/* SPDX-License-Identifier: ISC
 *
 * Names held against names. Weights are a matter of taste, but for their order: a legal form says less than a typing
 * error, and a word that is missing less than a word that is another.
 */
#include "base/name.h"

#include <string.h>

#define LOST_CHARACTER 0xfffd

/* Penalties, in tenths of a typing error. */
enum {
	TYPING = 10,
	LOST = 1,         /* a lost character stands for another */
	LOST_BESIDES = 2, /* or for none, where the other name was written without it */
	FORM_SAME = 1,    /* "Incorporated" for "Inc." */
	FORM_OTHER = 2,   /* "LLC" for "Inc.": as likely as none at all */
	FORM_ABSENT = 2,
	SPACES = 3,
	ORDER = 3,
	LETTER_LEFT_OUT = 3, /* for each letter of a word */
	LETTER_ADDED = 8,
	CUT_OFF = 8, /* a word that was begun only, and each letter that it lacks */
	LETTER_CUT_OFF = 2
};

/* Who begins a word has given this many of its letters. */
#define BEGUN_LETTERS 3

/* Legal forms, those that mean the same side by side under one number. */
static const struct {
	const char *word;
	uint8_t form;
} forms[] = {
	{ "llc", 1 },   { "inc", 2 },     { "incorporated", 2 }, { "corp", 3 },     { "corporation", 3 },
	{ "co", 4 },    { "company", 4 }, { "ltd", 5 },          { "limited", 5 },  { "lp", 6 },
	{ "llp", 7 },   { "lllp", 8 },    { "pllc", 9 },         { "plc", 10 },     { "liability", 11 },
	{ "gmbh", 12 }, { "sa", 13 },     { "srl", 14 },         { "sarl", 15 },    { "bv", 16 },
	{ "pty", 17 },  { "pte", 18 },    { "pvt", 19 },         { "private", 19 }, { "l l c", 1 },
	{ "l p", 6 },   { "l l p", 7 },   { "sas", 20 },
};

static uint8_t
form_of(struct slice word)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (slice_equal_fold(word, forms[i].word))
			return forms[i].form;
	return 0;
}

bool
name_is_form(struct slice word)
{
	return form_of(word) != 0;
}

struct slice
name_word_next(struct slice *text)
{
	const char *space = text->length > 0 ? memchr(text->data, ' ', text->length) : NULL;
	struct slice word = { text->data, space != NULL ? (size_t)(space - text->data) : text->length };
	size_t used = word.length + (space != NULL);

	*text = (struct slice){ text->data != NULL ? text->data + used : NULL, text->length - used };
	return word;
}

static bool
is_initial(const char *text, size_t length, size_t at)
{
	return at < length && text[at] >= 'a' && text[at] <= 'z' && (at + 1 == length || text[at + 1] == ' ');
}

size_t
name_join_initials(char *text, size_t length)
{
	bool initial = is_initial(text, length, 0);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == ' ') {
			bool before = initial;

			initial = is_initial(text, length, i + 1);
			if (before && initial)
				continue;
		}
		text[used++] = text[i];
	}
	return used;
}

/* The first character of folded text, which then begins behind it. What is no UTF-8 counts byte by byte. */
static uint32_t
letter_next(struct slice *text)
{
	uint32_t letter;
	size_t length = character_first(*text, &letter);

	if (letter == CHARACTER_INVALID)
		letter = (unsigned char)text->data[0];
	text->data += length;
	text->length -= length;
	return letter;
}

void
name_take(struct name_parts *parts, struct slice folded)
{
	bool all_light = true;

	parts->core_count = parts->word_count = parts->letter_count = 0;
	while (folded.length > 0 && parts->word_count < LIMIT_NAME_WORDS) {
		struct name_word *word = &parts->words[parts->word_count];
		struct slice text = name_word_next(&folded);

		*word = (struct name_word){ .begin = (uint16_t)parts->letter_count };
		word->form = form_of(text);
		word->light = word->form != 0 || slice_equal_fold(text, "the") || slice_equal_fold(text, "and");
		while (text.length > 0 && parts->letter_count < LIMIT_LIKENESS_BYTES)
			parts->letters[parts->letter_count++] = letter_next(&text);
		word->length = (uint16_t)(parts->letter_count - word->begin);
		if (word->length == 0)
			continue;
		all_light = all_light && word->light;
		parts->word_count++;
	}
	for (unsigned i = 0; i < parts->word_count; i++) {
		struct name_word *word = &parts->words[i];

		/* A name that is nothing else has nothing else to say. */
		word->light = word->light && !all_light;
		if (word->light)
			continue;
		memcpy(parts->core + parts->core_count, parts->letters + word->begin,
		       word->length * sizeof *parts->core);
		parts->core_count += word->length;
	}
}

static unsigned
smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned
gap_cost(uint32_t letter)
{
	return letter == LOST_CHARACTER ? LOST_BESIDES : TYPING;
}

/* Letters wrong, missing, too many or in the place of their neighbours, as a penalty; more than `most`: most + 1. */
static unsigned
letters_compare(const uint32_t *a, unsigned a_count, const uint32_t *b, unsigned b_count, unsigned most)
{
	unsigned rows[3][LIMIT_LIKENESS_BYTES + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];

	last[0] = 0;
	for (unsigned k = 1; k <= b_count; k++)
		last[k] = last[k - 1] + gap_cost(b[k - 1]);
	for (unsigned i = 1; i <= a_count; i++) {
		unsigned *spare = before, least;

		now[0] = least = last[0] + gap_cost(a[i - 1]);
		for (unsigned k = 1; k <= b_count; k++) {
			bool lost = a[i - 1] == LOST_CHARACTER || b[k - 1] == LOST_CHARACTER;
			unsigned cost = last[k - 1] + (a[i - 1] == b[k - 1] ? 0 : lost ? LOST : TYPING);

			cost = smaller(cost, last[k] + gap_cost(a[i - 1]));
			cost = smaller(cost, now[k - 1] + gap_cost(b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				cost = smaller(cost, before[k - 2] + TYPING);
			now[k] = cost;
			least = smaller(least, cost);
		}
		if (least > most)
			return most + 1;
		before = last;
		last = now;
		now = spare;
	}
	return smaller(last[b_count], most + 1);
}

static const uint32_t *
word_letters(const struct name_parts *parts, unsigned word)
{
	return parts->letters + parts->words[word].begin;
}

static bool
words_equal(const struct name_parts *a, unsigned i, const struct name_parts *b, unsigned k)
{
	return a->words[i].length == b->words[k].length &&
	       memcmp(word_letters(a, i), word_letters(b, k), a->words[i].length * sizeof *a->letters) == 0;
}

/* Which word of one is which of the other. */
#define NOWHERE UINT8_MAX
struct pairing {
	uint8_t place[LIMIT_NAME_WORDS]; /* of each word asked for */
	bool taken[LIMIT_NAME_WORDS];    /* words on file */
	struct name_likeness likeness;
	struct name_likeness light; /* of legal forms and small words */
};

static void
add(struct name_likeness *likeness, unsigned penalty, unsigned difference)
{
	likeness->penalty += penalty;
	likeness->differences |= difference;
}

static void
add_letters(struct name_likeness *likeness, unsigned penalty)
{
	add(likeness, penalty, 0);
	if (penalty / TYPING > 0)
		likeness->differences |= NAME_TYPING;
	if (penalty % TYPING > 0)
		likeness->differences |= NAME_LOST_CHARACTER;
	likeness->typing_errors += penalty / TYPING;
}

/* Where a word is begun only, what is left out; 0: it is not. */
static unsigned
letters_cut_off(const struct name_parts *asked, unsigned i, const struct name_parts *filed, unsigned k)
{
	unsigned length = asked->words[i].length;

	if (length < BEGUN_LETTERS || length >= filed->words[k].length ||
	    memcmp(word_letters(asked, i), word_letters(filed, k), length * sizeof *asked->letters) != 0)
		return 0;
	return filed->words[k].length - length;
}

static void
pair_same(struct pairing *pairing, const struct name_parts *asked, const struct name_parts *filed)
{
	for (unsigned i = 0; i < asked->word_count; i++) {
		pairing->place[i] = NOWHERE;
		for (unsigned k = 0; k < filed->word_count && pairing->place[i] == NOWHERE; k++)
			if (!pairing->taken[k] && words_equal(asked, i, filed, k)) {
				pairing->place[i] = (uint8_t)k;
				pairing->taken[k] = true;
			}
	}
}

/* A word asked for as the word k on file, with errors in it or only begun; a penalty that nothing
 * reaches where it is another word. */
static struct name_likeness
word_compare(const struct name_parts *asked, unsigned i, const struct name_parts *filed, unsigned k)
{
	unsigned length = asked->words[i].length, other = filed->words[k].length;
	unsigned most = TYPING * (length > other ? length : other) / 2, letters, cut;
	struct name_likeness likeness = { 0 };

	most = most < TYPING ? TYPING : most;
	letters = letters_compare(word_letters(asked, i), length, word_letters(filed, k), other, most);
	cut = letters_cut_off(asked, i, filed, k);
	if (cut != 0 && CUT_OFF + LETTER_CUT_OFF * cut < letters)
		add(&likeness, CUT_OFF + LETTER_CUT_OFF * cut, NAME_WORDS_LEFT_OUT);
	else if (letters <= most)
		add_letters(&likeness, letters);
	else
		likeness.penalty = UINT16_MAX;
	return likeness;
}

/* The nearest of the words that are left, where it is near enough to be the same word. A legal form may have an error
 * in it, too. */
static void
pair_nearest(struct pairing *pairing, const struct name_parts *asked, unsigned i, const struct name_parts *filed)
{
	unsigned best = NOWHERE, most = LETTER_ADDED * asked->words[i].length;
	struct name_likeness least = { 0 };
	/* What is saved besides by a word on file that is no longer left out. */
	unsigned least_saved = 0;

	for (unsigned k = 0; k < filed->word_count; k++) {
		unsigned saved = filed->words[k].light ? FORM_ABSENT : LETTER_LEFT_OUT * filed->words[k].length;
		struct name_likeness likeness;

		if (pairing->taken[k])
			continue;
		likeness = word_compare(asked, i, filed, k);
		if (likeness.penalty + least_saved >= (best == NOWHERE ? most : least.penalty) + saved)
			continue;
		least = likeness;
		least_saved = saved;
		best = k;
	}
	if (best == NOWHERE) {
		add(&pairing->likeness, most, NAME_WORDS_ADDED);
		return;
	}
	pairing->place[i] = (uint8_t)best;
	pairing->taken[best] = true;
	add(&pairing->likeness, least.penalty, least.differences);
	pairing->likeness.typing_errors += least.typing_errors;
}

static bool
is_in_order(const struct pairing *pairing, const struct name_parts *asked)
{
	unsigned last = 0;

	for (unsigned i = 0; i < asked->word_count; i++) {
		if (pairing->place[i] == NOWHERE || asked->words[i].light)
			continue;
		if (pairing->place[i] < last)
			return false;
		last = pairing->place[i];
	}
	return true;
}

/* The legal form on file that has no counterpart yet and means the same, or with `form` 0 the first; NOWHERE: none.
 */
static unsigned
form_find(const struct pairing *pairing, const struct name_parts *filed, unsigned form)
{
	for (unsigned k = 0; k < filed->word_count; k++)
		if (!pairing->taken[k] && filed->words[k].light && filed->words[k].form != 0 &&
		    (form == 0 || filed->words[k].form == form))
			return k;
	return NOWHERE;
}

/* Legal forms asked for with those on file that mean the same, or else are another. */
static void
forms_pair(struct pairing *pairing, const struct name_parts *asked, const struct name_parts *filed, bool same)
{
	for (unsigned i = 0; i < asked->word_count; i++) {
		unsigned form = asked->words[i].light ? asked->words[i].form : 0, k;

		if (form == 0 || pairing->place[i] != NOWHERE)
			continue;
		k = form_find(pairing, filed, same ? form : 0);
		if (k == NOWHERE)
			continue;
		pairing->place[i] = (uint8_t)k;
		pairing->taken[k] = true;
		add(&pairing->light, same ? FORM_SAME : FORM_OTHER, NAME_LEGAL_FORM);
	}
}

/* Legal forms and small words; those without a counterpart come last. */
static void
light_compare(struct pairing *pairing, const struct name_parts *asked, const struct name_parts *filed)
{
	forms_pair(pairing, asked, filed, true);
	forms_pair(pairing, asked, filed, false);
	for (unsigned i = 0; i < asked->word_count; i++)
		if (pairing->place[i] == NOWHERE && asked->words[i].light)
			add(&pairing->light, FORM_ABSENT,
			    asked->words[i].form != 0 ? NAME_LEGAL_FORM : NAME_WORDS_ADDED);
	for (unsigned k = 0; k < filed->word_count; k++)
		if (!pairing->taken[k] && filed->words[k].light)
			add(&pairing->light, FORM_ABSENT,
			    filed->words[k].form != 0 ? NAME_LEGAL_FORM : NAME_WORDS_LEFT_OUT);
}

/* Word by word, in any order. */
static void
words_compare(struct pairing *pairing, const struct name_parts *asked, const struct name_parts *filed)
{
	for (unsigned i = 0; i < asked->word_count; i++)
		if (pairing->place[i] == NOWHERE && !asked->words[i].light)
			pair_nearest(pairing, asked, i, filed);
	for (unsigned k = 0; k < filed->word_count; k++)
		if (!pairing->taken[k] && !filed->words[k].light)
			add(&pairing->likeness, LETTER_LEFT_OUT * filed->words[k].length, NAME_WORDS_LEFT_OUT);
	if (!is_in_order(pairing, asked))
		add(&pairing->likeness, ORDER, NAME_WORD_ORDER);
}

struct name_likeness
name_compare(const struct name_parts *asked, const struct name_parts *filed)
{
	struct pairing pairing = { .likeness = { 0 } };
	struct pairing spaceless;
	unsigned letters, most;

	pair_same(&pairing, asked, filed);
	spaceless = pairing;
	words_compare(&pairing, asked, filed);
	light_compare(&pairing, asked, filed);
	add(&pairing.likeness, pairing.light.penalty, pairing.light.differences);
	if (pairing.likeness.penalty <= SPACES)
		return pairing.likeness;
	/* "Net Works" is "Networks": letter by letter, whatever the spaces. */
	light_compare(&spaceless, asked, filed);
	add(&spaceless.likeness, SPACES + spaceless.light.penalty, NAME_SPACES | spaceless.light.differences);
	if (spaceless.likeness.penalty >= pairing.likeness.penalty)
		return pairing.likeness;
	/* Where half of the letters are wrong it does not matter how many. */
	most = smaller(pairing.likeness.penalty - spaceless.likeness.penalty, TYPING * asked->core_count / 2);
	letters = letters_compare(asked->core, asked->core_count, filed->core, filed->core_count, most);
	if (letters > most)
		return pairing.likeness;
	add_letters(&spaceless.likeness, letters);
	return spaceless.likeness.penalty < pairing.likeness.penalty ? spaceless.likeness : pairing.likeness;
}

unsigned
name_score(const struct name_parts *asked, const struct name_likeness *likeness)
{
	unsigned lost;

	if (asked->core_count == 0)
		return 0;
	lost = 100 * likeness->penalty / (TYPING * asked->core_count);
	return lost < 100 ? 100 - lost : 0;
}

/* The place of a pair in the table. */
static unsigned
pair_of(unsigned char before, unsigned char letter)
{
	return (unsigned)before << 7 | letter;
}

static void
pair_add(struct name_pairs *pairs, uint32_t before, uint32_t letter)
{
	/* Beyond ASCII a letter is several bytes, and its pairs are left out: the rest of the name is found by. */
	if (before < 0x80 && letter < 0x80 && pairs->count < 64 * NAME_PAIR_WORDS &&
	    pairs->number[pair_of((unsigned char)before, (unsigned char)letter)] == 0)
		pairs->number[pair_of((unsigned char)before, (unsigned char)letter)] = (uint8_t)++pairs->count;
}

void
name_pairs_take(struct name_pairs *pairs, const struct name_parts *asked)
{
	*pairs = (struct name_pairs){ .count = 0 };
	for (unsigned i = 0; i < asked->word_count; i++) {
		const uint32_t *letters = word_letters(asked, i);
		uint32_t before = ' ';

		if (asked->words[i].light)
			continue;
		for (unsigned k = 0; k < asked->words[i].length; k++) {
			pair_add(pairs, before, letters[k]);
			before = letters[k];
		}
		pair_add(pairs, before, ' ');
	}
}

unsigned
name_pairs_shared(const struct name_pairs *pairs, struct slice filed)
{
	uint64_t seen[NAME_PAIR_WORDS + 1] = { 0 };
	unsigned char before = ' ';
	unsigned shared = 0;

	for (size_t i = 0; i <= filed.length; i++) {
		unsigned char letter = i < filed.length ? (unsigned char)filed.data[i] : ' ';
		unsigned number = ((before | letter) & 0x80) != 0 ? 0 : pairs->number[pair_of(before, letter)];

		seen[number / 64] |= UINT64_C(1) << number % 64;
		before = letter;
	}
	/* Number 0 stands for all that the other has not. */
	seen[0] &= ~UINT64_C(1);
	for (unsigned i = 0; i <= NAME_PAIR_WORDS; i++)
		for (; seen[i] != 0; seen[i] &= seen[i] - 1)
			shared++;
	return shared;
}
