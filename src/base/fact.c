/* SPDX-License-Identifier: ISC
 *
 * Facts, one a line. Which there are must not enter.
 */
#include "base/fact.h"

#include <string.h>

#include "base/time.h"

void
fact_label(struct stream *stream, const char *label)
{
	size_t width = strlen(label);

	stream_put(stream, label, width);
	if (stream->screen != NULL) {
		stream_put(stream, &(char){ MARK_FACT }, 1);
		return;
	}
	do
		stream_put(stream, " ", 1);
	while (++width < FACT_LABEL_WIDTH);
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
