/* SPDX-License-Identifier: ISC
 *
 * Words from librmd, one after the other. What stands before and behind them must not enter.
 */
#include "check/words.h"

const char *
flag_word(unsigned bit)
{
	return rmd_flag_name((enum rmd_flag)(1U << bit));
}

const char *
role_word(unsigned bit)
{
	return rmd_role_name((enum rmd_role)bit);
}

const char *
difference_word(unsigned bit)
{
	return rmd_difference_name((enum rmd_difference)(1U << bit));
}

const char *
implementation_word(enum rmd_implementation implementation)
{
	return implementation == RMD_IMPLEMENTATION_UNKNOWN ? "" : rmd_implementation_name(implementation);
}

void
words_put(struct stream *stream, unsigned set, word_of *word, const char *between)
{
	const char *before = "";

	for (unsigned bit = 0; bit < 32; bit++)
		if ((set & 1U << bit) != 0) {
			stream_text(stream, before);
			stream_text(stream, word(bit));
			before = between;
		}
}
