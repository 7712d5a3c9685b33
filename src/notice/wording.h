/* SPDX-License-Identifier: ISC
 *
 * Words, dates and numbers as a scan may have spoilt them: phrases are found in spite of it, digits are never
 * guessed. What a phrase means in a document must not enter.
 */
#ifndef NOTICE_WORDING_H
#define NOTICE_WORDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "base/time.h"

/* Bytes from begin up to, not with, end. */
struct span {
	size_t begin;
	size_t end;
};

/* The first place of the phrase, as whole words, in text[from, to), whatever the case, the punctuation and the breaks
 * between the letters; l, I and 1 are one letter here, so are O and 0, S and 5, B and 8, rn and m, vv and w. A `*` at
 * the phrase's end lets its last word go on. A `to` beyond the end is the end. */
bool
phrase_find(struct slice text, const char *phrase, size_t from, size_t to, struct span *found);
bool
phrase_in(struct slice text, const char *phrase);
/* The text is the phrase; or begins with it: the bytes that it takes, 0 when it does not. */
bool
phrase_is(struct slice text, const char *phrase);
size_t
phrase_begins(struct slice text, const char *phrase);

/* The part of the text, trimmed. */
struct slice
slice_part(struct slice text, size_t from, size_t to);

/* Both in `room`, ended with NUL, and where neither is empty what comes between; length 0 where they do not fit. The
 * first may stand in the room already. */
struct slice
slice_join(char *room, size_t size, struct slice first, const char *between, struct slice second);

/* A sentence ends with the full stop at the place: not an initial's, nor one before a word without a capital. */
bool
ends_sentence(struct slice text, size_t place);

bool
is_digit(char c);
bool
is_capital(char c);

/* A date as Americans write it ("July 21, 2022", "Jan 17, 2022", "Thursday, July 21, 2022", "7/21/2022") or as
 * 2022-07-21, at the beginning of the text. Returns the bytes it takes, 0 for none. *doubtful: letters stand for
 * digits in it and no weekday confirms them, the weekday is not that of the day, or its year has two digits. */
size_t
date_read(struct slice text, day *date, bool *doubtful);
/* The bytes of what was a date before it was scanned: a month and something with a digit. 0: it is none. */
size_t
date_like(struct slice text);

/* "DA 25-737" or "FCC 25-12" at the beginning of the text: the bytes it takes, 0 for none. */
size_t
document_number_length(struct slice text);

#endif
