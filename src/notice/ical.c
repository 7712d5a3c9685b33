/* SPDX-License-Identifier: ISC
 *
 * RFC 5545: lines end in CRLF and are folded at 75 bytes, text is escaped, times are UTC.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "notice/ical.h"

#include <stdio.h>
#include <string.h>

#define LINE_BYTES 75

/* A line that is being written. */
struct line {
	struct stream *stream;
	size_t used;
};

/* A character, whole: one that no longer fits begins the next line, behind a space. */
static void
line_put(struct line *line, const char *bytes, size_t length)
{
	if (line->used + length > LINE_BYTES) {
		stream_text(line->stream, "\r\n ");
		line->used = 1;
	}
	stream_put(line->stream, bytes, length);
	line->used += length;
}

static void
line_text(struct line *line, const char *text)
{
	for (; *text != '\0'; text++)
		line_put(line, text, 1);
}

static void
line_end(struct line *line)
{
	stream_text(line->stream, "\r\n");
	line->used = 0;
}

/* Text as a value: what is its syntax is escaped, what no text may hold becomes a question mark. */
static void
line_escaped(struct line *line, struct slice text)
{
	while (text.length > 0) {
		uint32_t character;
		size_t length = character_first(text, &character);

		if (character == '\n')
			line_put(line, "\\n", 2);
		else if (character == ',' || character == ';' || character == '\\')
			line_put(line, (const char[]){ '\\', (char)character }, 2);
		else if (character_is_harmful(character))
			line_put(line, "?", 1);
		else
			line_put(line, text.data, length);
		text.data += length;
		text.length -= length;
	}
}

static void
line_property(struct line *line, const char *name, const char *value)
{
	line_text(line, name);
	line_text(line, ":");
	line_escaped(line, slice_of(value));
	line_end(line);
}

/* "20220710T040000Z": RFC 3339's without its marks. */
static void
line_time(struct line *line, const char *name, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format_utc(text, instant);
	line_text(line, name);
	line_text(line, ":");
	for (const char *c = text; *c != '\0'; c++)
		if (*c != '-' && *c != ':')
			line_put(line, c, 1);
	line_end(line);
}

/* The document and the ground make the UID: of letters, digits and dots, all else as =XX. */
static void
line_uid(struct line *line, const struct effect *effect)
{
	char code[4];

	line_text(line, "UID:");
	for (const char *c = effect->notice->id; *c != '\0'; c++) {
		bool plain = (ascii_lower(*c) >= 'a' && ascii_lower(*c) <= 'z') || (*c >= '0' && *c <= '9') ||
			     *c == '.' || *c == '-';

		if (plain)
			line_put(line, c, 1);
		else if (snprintf(code, sizeof code, "=%02X", (unsigned)(unsigned char)*c) > 0)
			line_text(line, code);
	}
	line_text(line, "/");
	line_text(line, ground_name(effect->ground));
	line_text(line, "@rmdnotice");
	line_end(line);
}

/* Who it is about: the first provider, and how many more. */
static void
line_providers(struct line *line, const struct notice *notice)
{
	char more[32];

	if (notice->provider_count == 0) {
		line_text(line, "no provider named");
		return;
	}
	line_escaped(line, slice_of(notice->providers[0].name));
	if (notice->provider_count > 1 &&
	    snprintf(more, sizeof more, " and %zu more", notice->provider_count - 1) > 0)
		line_text(line, more);
}

static void
line_description(struct line *line, const struct effect *effect, int64_t stamp)
{
	const struct notice *notice = effect->notice;
	char until[TIME_TEXT_SIZE];

	line_text(line, "DESCRIPTION:");
	line_escaped(line, slice_of(ground_text(effect->ground)));
	line_text(line, " (");
	line_escaped(line, slice_of(ground_citation(effect->ground)));
	line_text(line, ").\\nDocument ");
	line_escaped(line, slice_of(notice->id));
	line_text(line, "\\, ");
	line_text(line, notice_kind_name(notice->kind));
	line_text(line, ".");
	if (effect->until != CLOCK_NEVER && effect->ground != GROUND_REINSTATEMENT) {
		time_format(until, effect->until);
		line_text(line, "\\nUntil ");
		line_text(line, until);
		line_text(line, ".");
	}
	if (effect_waits(effect, stamp))
		line_text(line,
			  "\\nThe FCC must be notified before the first block\\; that it was is not on record.");
	line_end(line);
}

static void
event_write(struct line *line, const struct effect *effect, int64_t stamp)
{
	line_property(line, "BEGIN", "VEVENT");
	line_uid(line, effect);
	line_time(line, "DTSTAMP", stamp);
	line_time(line, "DTSTART", effect->from);
	line_text(line, "SUMMARY:");
	line_text(line, ground_verdict(effect->ground));
	line_text(line, ": ");
	line_providers(line, effect->notice);
	line_end(line);
	line_description(line, effect, stamp);
	line_property(line, "TRANSP", "TRANSPARENT");
	line_property(line, "END", "VEVENT");
}

void
ical_write(struct stream *stream, const struct effect effects[], size_t count, int64_t stamp)
{
	struct line line = { stream, 0 };

	line_property(&line, "BEGIN", "VCALENDAR");
	line_property(&line, "VERSION", "2.0");
	line_property(&line, "PRODID", "-//rmd//rmdnotice " PACKAGE_VERSION "//EN");
	for (size_t i = 0; i < count; i++)
		event_write(&line, &effects[i], stamp);
	line_property(&line, "END", "VCALENDAR");
}
