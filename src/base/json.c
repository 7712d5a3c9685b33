/* SPDX-License-Identifier: ISC
 *
 * Values of jansson out of what the programs have. Keys, and what they mean, must not enter.
 */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

/* Bytes that are no UTF-8 become U+FFFD, as JSON cannot carry them. */
static json_t *
string_cleaned(struct slice text)
{
	char *clean = malloc(3 * text.length + 1);
	size_t length = 0;
	json_t *string;

	if (clean == NULL)
		return NULL;
	while (text.length > 0) {
		uint32_t character;
		size_t step = character_first(text, &character);
		bool valid = character != CHARACTER_INVALID;

		memcpy(clean + length, valid ? text.data : "\xef\xbf\xbd", valid ? step : 3);
		length += valid ? step : 3;
		text.data += step;
		text.length -= step;
	}
	string = json_stringn(clean, length);
	free(clean);
	return string;
}

json_t *
string_of(struct slice text)
{
	return utf8_valid(text) ? json_stringn(text.length > 0 ? text.data : "", text.length) : string_cleaned(text);
}

json_t *
blank_of(const char *text)
{
	return text[0] == '\0' ? json_null() : string_of(slice_of(text));
}

json_t *
time_of(int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	return blank_of(text);
}

json_t *
object_of(json_t *object, int failed)
{
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

/* jansson leaves DEL as it is; a terminal should not get it. */
static int
write_part(const char *data, size_t length, void *context)
{
	struct stream *stream = context;
	const char *del;

	while ((del = memchr(data, 0x7f, length)) != NULL) {
		stream_put(stream, data, (size_t)(del - data));
		stream_text(stream, "\\u007f");
		length -= (size_t)(del + 1 - data);
		data = del + 1;
	}
	stream_put(stream, data, length);
	return 0;
}

int
write_object(struct stream *stream, json_t *object, int failed)
{
	int status =
		failed != 0 ? -1 : json_dump_callback(object, write_part, stream, JSON_COMPACT | JSON_ENSURE_ASCII);

	json_decref(object);
	if (status == 0)
		stream_text(stream, "\n");
	return status;
}
