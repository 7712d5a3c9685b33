/* SPDX-License-Identifier: ISC
 *
 * What the JSON of the programs has in common: text, times and blanks as values, and an object as a line. A library
 * of its own, so that librmd does not need jansson. Keys, and what they mean, must not enter.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/stream.h"

/* Text of a stranger; bytes that are no UTF-8 become U+FFFD, as JSON cannot carry them. NULL: no memory, as with all
 * that follow. */
json_t *
string_of(struct slice text);

/* Likewise; null for "". */
json_t *
blank_of(const char *text);

/* RFC 3339; null for TIME_NONE, and for an instant that no calendar has. */
json_t *
time_of(int64_t instant);

/* NULL, and the value is dropped, where anything in it failed. */
json_t *
object_of(json_t *object, int failed);

/* The object as one line, in ASCII only: what a terminal must not obey stays escaped for whoever looks at the output.
 * Ends the object; NULL is one that failed. 0, or -1 where anything in it failed or memory is short. */
int
write_object(struct stream *stream, json_t *object, int failed);

#endif
