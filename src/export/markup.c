/* SPDX-License-Identifier: ISC
 *
 * A page that is well-formed XML is read alike by every parser, and a test can hold it against one.
 */
#include "export/markup.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"

/* The references that XML knows without a declaration, and HTML too. */
static const char *
reference_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* U+FFFE, U+FFFF and their like in the other planes: XML forbids the first two, and none of them means anything. */
static bool
is_noncharacter(uint32_t c)
{
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

void
markup_put(struct stream *out, struct slice text)
{
	while (text.length > 0) {
		uint32_t character;
		size_t step = character_first(text, &character);
		const char *reference = reference_of(text.data[0]);

		if (reference != NULL)
			stream_text(out, reference);
		else if (is_noncharacter(character) && character != CHARACTER_INVALID)
			stream_text(out, "\xef\xbf\xbd");
		else
			stream_escaped(out, (struct slice){ text.data, step }, false);
		text.data += step;
		text.length -= step;
	}
}

void
name_put(struct stream *out, const char *name)
{
	stream_text(out, "<bdi>");
	markup_put(out, slice_of(name));
	stream_text(out, "</bdi>");
}

void
count_put(struct stream *out, uint64_t count)
{
	char digits[24];

	if (count >= 1000) {
		count_put(out, count / 1000);
		(void)snprintf(digits, sizeof digits, ",%03u", (unsigned)(count % 1000));
		stream_text(out, digits);
	} else {
		stream_number(out, count);
	}
}

void
counted_put(struct stream *out, uint64_t count, const char *one, const char *many)
{
	count_put(out, count);
	stream_text(out, " ");
	stream_text(out, count == 1 ? one : many);
}

void
instant_put(struct stream *out, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	if (text[0] == '\0') {
		stream_text(out, "\xe2\x80\x93");
		return;
	}
	stream_text(out, "<time datetime=\"");
	stream_text(out, text);
	stream_text(out, "\">");
	instant_text_put(out, instant);
	stream_text(out, "</time>");
}

/* What stands in front of the T, and with the hour and the minute behind it. */
enum { DAY_LENGTH = 10, MINUTE_LENGTH = 16 };

void
instant_text_put(struct stream *out, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	if (strlen(text) < MINUTE_LENGTH)
		return;
	text[DAY_LENGTH] = ' ';
	stream_put(out, text, MINUTE_LENGTH);
}

void
day_put(struct stream *out, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	if (strlen(text) >= DAY_LENGTH)
		stream_put(out, text, DAY_LENGTH);
}
