/* SPDX-License-Identifier: ISC
 *
 * Names of companies held against each other: words, legal forms, typing errors, characters that the FCC's export has
 * lost. Names come in folded; where they come from, and what follows from a likeness, must not enter.
 */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/text.h"

/* In which ways two names may differ; bits with the values of enum rmd_difference. */
enum name_difference {
	NAME_WRITING = 1 << 0,    /* case, accents, punctuation: only who has both as written can tell */
	NAME_LEGAL_FORM = 1 << 1, /* "LLC", "Inc." */
	NAME_SPACES = 1 << 2,
	NAME_WORD_ORDER = 1 << 3,
	NAME_LOST_CHARACTER = 1 << 4, /* U+FFFD, taken for any one character */
	NAME_TYPING = 1 << 5,
	NAME_WORDS_LEFT_OUT = 1 << 6, /* the one asked for lacks words, or the ends of words, of the other */
	NAME_WORDS_ADDED = 1 << 7     /* and has some besides */
};

/* A name taken apart. */
struct name_word {
	uint16_t begin, length; /* in letters */
	uint8_t form;           /* which legal form; 0: none */
	bool light;             /* one, or a word such as "the": whether it stands there says little */
};
struct name_parts {
	uint32_t letters[LIMIT_LIKENESS_BYTES]; /* of all words, one behind the other */
	uint32_t core[LIMIT_LIKENESS_BYTES];    /* of those that are not light */
	struct name_word words[LIMIT_NAME_WORDS];
	unsigned core_count, word_count, letter_count;
};

struct name_likeness {
	unsigned penalty; /* in tenths of a typing error; 0: the same */
	unsigned differences;
	unsigned typing_errors;
};

/* Of folded text, in place: "l l c" was "L.L.C." and becomes "llc". Returns the length. */
size_t
name_join_initials(char *text, size_t length);

/* A legal form as a word or, as "l l c", as several; folded. */
bool
name_is_form(struct slice word);

/* The first word of folded text, which then begins behind it; an empty one at the end. */
struct slice
name_word_next(struct slice *text);

/* What of a name is longer than the limits is left out. */
void
name_take(struct name_parts *parts, struct slice folded);

/* How far what was asked for is from what stands on file. */
struct name_likeness
name_compare(const struct name_parts *asked, const struct name_parts *filed);

/* 100 for the same, 0 for what has nothing in common. */
unsigned
name_score(const struct name_parts *asked, const struct name_likeness *likeness);

/* The pairs of neighbouring letters of one name, to find in one pass over many those that deserve a comparison. */
#define NAME_PAIR_WORDS 2
struct name_pairs {
	uint8_t number[128 * 128]; /* of each pair that it has; 0: it has not */
	unsigned count;            /* up to 64 * NAME_PAIR_WORDS */
};
void
name_pairs_take(struct name_pairs *pairs, const struct name_parts *asked);

/* How many of them stand in the other. Of folded text with its initials joined. */
unsigned
name_pairs_shared(const struct name_pairs *pairs, struct slice filed);

#endif
