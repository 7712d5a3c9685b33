/* SPDX-License-Identifier: ISC
 *
 * Slices of text, and the few things done to them byte by byte in ASCII, whatever the locale. Unicode beyond
 * the validity of UTF-8 must not enter: that is sync/fold.c.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that somebody else owns; not ended by NUL. data may be NULL only where length is 0. */
struct slice {
	const char *data;
	size_t length;
};

struct slice
slice_of(const char *text);

/* Without white space (space, tab, CR, LF, VT, FF) at either end. */
struct slice
slice_trim(struct slice text);

/* The same bytes. */
bool
slice_equal(struct slice a, struct slice b);

/* Equal but for the case of ASCII letters. */
bool
slice_equal_fold(struct slice a, const char *b);

/* `text` begins with `prefix`, but for the case of ASCII letters. */
bool
slice_starts_fold(struct slice text, const char *prefix);

char
ascii_lower(char c);

/* Its value; -1 for anything else. */
int
hexadecimal_digit(char c);

/* 1 to 19 decimal digits and nothing else; false when it is anything else or over `maximum`. */
bool
slice_decimal(struct slice text, uint64_t maximum, uint64_t *value);

/* Well-formed UTF-8 (no surrogates, nothing over U+10FFFF, no overlong forms). */
bool
utf8_valid(struct slice text);

/* The first character of a text that is not empty: its length in bytes and its code point, or 1 and
 * CHARACTER_INVALID where no UTF-8 begins. */
#define CHARACTER_INVALID UINT32_MAX
size_t
character_first(struct slice text, uint32_t *character);

/* Whether U+FFFD stands in it: the export has lost a character there. */
bool
utf8_lossy(struct slice text);

/* Copies at most size - 1 bytes and ends them with NUL (of size 0: nothing at all); cuts before a UTF-8 sequence,
 * never inside one. */
void
slice_copy(char *target, size_t size, struct slice text);

/* "RMD" in any case and 7 digits: the number, 0 when malformed (RMD0000000 is). */
uint32_t
rmd_number_parse(struct slice text);

/* 10 digits, or 4-4-2 dashed: the FRN, 0 when malformed (0000000000 is). */
uint64_t
frn_parse(struct slice text);

/* The next FRN in free text, which then begins behind it; 0: there is none left. Only whole numbers count; everything
 * else is names and words. */
uint64_t
frn_next(struct slice *text);

/* Text of either; the buffers hold 11 bytes. A 0, or more digits than there are, gives "". */
void
rmd_number_format(char text[11], uint32_t number);
void
frn_format(char text[11], uint64_t frn);

/* A name as a key, ASCII only: lower case, every run of other than letters, digits and bytes over 0x7f one
 * space, none at the ends. Bytes over 0x7f stay. Returns the length; at most size bytes are written. */
size_t
name_fold_ascii(char *target, size_t size, struct slice name);

#endif
