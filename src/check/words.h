/* SPDX-License-Identifier: ISC
 *
 * The stable words of a set (flags, roles, columns) and of a certification. What they mean is librmd's to say.
 */
#ifndef CHECK_WORDS_H
#define CHECK_WORDS_H

#include "base/stream.h"
#include "rmd.h"

/* The word of one bit, by its number; rmd_field_name is one too. */
typedef const char *
word_of(unsigned bit);

word_of flag_word;
word_of role_word;
word_of difference_word;

/* "" where no filing decided. */
const char *
implementation_word(enum rmd_implementation implementation);

/* The words of the bits that are set, `between` each two of them. */
void
words_put(struct stream *stream, unsigned set, word_of *word, const char *between);

#endif
