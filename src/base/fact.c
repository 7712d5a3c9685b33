/* SPDX-License-Identifier: ISC
 *
 * Facts, one a line. Which there are must not enter.
 */
#include "base/fact.h"

#include <string.h>

#include "base/time.h"

#define LABEL_WIDTH 34

void
fact_label(struct stream *stream, const char *label)
{
	static const char spaces[] = "                                  ";
	size_t length = strlen(label);

	stream_put(stream, label, length);
	if (stream->screen != NULL)
		stream_put(stream, &(char){ MARK_FACT }, 1);
	else
		stream_put(stream, spaces, length < LABEL_WIDTH ? LABEL_WIDTH - length : 1);
}

void
fact_text(struct stream *stream, const char *label, const char *text)
{
	fact_label(stream, label);
	if (text[0] == '\0')
		stream_text(stream, "-");
	else
		stream_escaped(stream, slice_of(text), false);
	stream_text(stream, "\n");
}

void
fact_time(struct stream *stream, const char *label, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	fact_text(stream, label, text);
}
