/* SPDX-License-Identifier: ISC
 *
 * Memory that grows to a maximum that its user names. What is in it is not known here.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>

struct buffer {
	void *data;
	size_t length; /* bytes used */
	size_t room;
};

/* Room for `bytes` more behind what is used, which then counts as used: the place to write them. NULL when memory is
 * short or the length would pass `maximum`; what was there stays. */
void *
buffer_extend(struct buffer *buffer, size_t bytes, size_t maximum);

void
buffer_end(struct buffer *buffer);

/* The array, with room for one more behind `count`, if it is asked before each: it doubles. NULL: no memory; what was
 * there stays. */
void *
array_room(void *array, size_t count, size_t size);

#endif
