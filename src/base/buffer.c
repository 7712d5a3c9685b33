/* SPDX-License-Identifier: ISC
 *
 * Memory that doubles, and never beyond its maximum.
 */
#include "base/buffer.h"

#include <stdlib.h>

#define FIRST_BYTES 4096

void *
buffer_extend(struct buffer *buffer, size_t bytes, size_t maximum)
{
	size_t wanted = buffer->room == 0 ? FIRST_BYTES : buffer->room;
	char *place;

	if (bytes > maximum || buffer->length > maximum - bytes)
		return NULL;
	while (wanted < buffer->length + bytes)
		wanted = wanted > maximum / 2 ? maximum : wanted * 2;
	if (wanted > buffer->room) {
		void *larger = realloc(buffer->data, wanted);

		if (larger == NULL)
			return NULL;
		buffer->data = larger;
		buffer->room = wanted;
	}
	place = (char *)buffer->data + buffer->length;
	buffer->length += bytes;
	return place;
}

void *
array_room(void *array, size_t count, size_t size)
{
	/* Only a power of two is full. */
	if ((count & (count - 1)) != 0)
		return array;
	return reallocarray(array, count == 0 ? 1 : 2 * count, size);
}

void
buffer_end(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){ 0 };
}
