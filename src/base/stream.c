/* SPDX-License-Identifier: ISC
 *
 * A buffer before write(2), without the locks of stdio: a batch writes a dozen fields a line, a million lines a
 * second. What a result looks like must not enter.
 */
#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

static int
buffer_write(struct stream *stream, bool end)
{
	size_t done = 0;

	if (stream->screen != NULL) {
		stream->screen->show(stream, end);
		return stream->failure == 0 ? 0 : -1;
	}
	while (stream->failure == 0 && done < stream->used) {
		ssize_t wrote = write(stream->file, stream->buffer + done, stream->used - done);

		if (wrote > 0)
			done += (size_t)wrote;
		else if (wrote < 0 && errno != EINTR)
			stream->failure = errno;
	}
	stream->used = 0;
	return stream->failure == 0 ? 0 : -1;
}

int
stream_flush(struct stream *stream)
{
	return buffer_write(stream, true);
}

int
stream_finish(struct stream *stream, int code, struct error *error)
{
	if (stream_flush(stream) == 0)
		return code;
	/* Nobody listens any more: `rmdcheck ... | head` needs no complaint. */
	if (stream->failure == EPIPE)
		return EX_IOERR;
	return error_set(error, EX_IOERR, "standard output: %s; the output is not complete",
			 strerror(stream->failure));
}

void
stream_put(struct stream *stream, const char *data, size_t length)
{
	while (length > stream->size - stream->used) {
		size_t part = stream->size - stream->used;

		memcpy(stream->buffer + stream->used, data, part);
		stream->used += part;
		data += part;
		length -= part;
		if (buffer_write(stream, false) != 0)
			return;
	}
	if (length > 0)
		memcpy(stream->buffer + stream->used, data, length);
	stream->used += length;
}

void
stream_text(struct stream *stream, const char *text)
{
	stream_put(stream, text, strlen(text));
}

void
stream_number(struct stream *stream, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	stream_put(stream, digits + at, sizeof digits - at);
}

static void
gap_put(struct stream *stream, char mark)
{
	if (stream->screen == NULL)
		stream_put(stream, "  ", 2);
	else
		stream_put(stream, &mark, 1);
}

void
stream_column(struct stream *stream)
{
	gap_put(stream, MARK_COLUMN);
}

void
stream_note(struct stream *stream)
{
	gap_put(stream, MARK_NOTE);
}

bool
character_is_harmful(uint32_t c)
{
	return c == CHARACTER_INVALID || c < 0x20 || (c >= 0x7f && c < 0xa0) || /* control */
	       c == 0xad || c == 0x61c || c == 0x180e || /* soft hyphen, Arabic and Mongolian marks */
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || /* no width; line ends; bidi */
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||                  /* no width; isolates; BOM */
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff); /* annotations; tags */
}

static void
write_escape(struct stream *stream, struct slice text, uint32_t character)
{
	char escape[16];
	int length;

	if (character == '\n' || character == '\t' || character == '\r')
		length = snprintf(escape, sizeof escape, "\\%c",
				  character == '\n'   ? 'n'
				  : character == '\t' ? 't'
						      : 'r');
	else if (character == '"' || character == '\\')
		length = snprintf(escape, sizeof escape, "\\%c", (char)character);
	else if (character == CHARACTER_INVALID || character < 0x80)
		length = snprintf(escape, sizeof escape, "\\x%02x", (unsigned)(unsigned char)text.data[0]);
	else
		length = snprintf(escape, sizeof escape, "\\u{%04x}", (unsigned)character);
	if (length > 0)
		stream_put(stream, escape, (size_t)length);
}

void
stream_escaped(struct stream *stream, struct slice text, bool quoted)
{
	size_t plain = 0; /* bytes at the beginning of text that need nothing */

	while (plain < text.length) {
		unsigned char byte = (unsigned char)text.data[plain];
		struct slice rest = { text.data + plain, text.length - plain };
		uint32_t character = byte;
		size_t length = 1;

		if (byte >= 0x80)
			length = character_first(rest, &character);
		if (!character_is_harmful(character) && !(quoted && (character == '"' || character == '\\'))) {
			plain += length;
			continue;
		}
		stream_put(stream, text.data, plain);
		write_escape(stream, rest, character);
		text.data = rest.data + length;
		text.length = rest.length - length;
		plain = 0;
	}
	stream_put(stream, text.data, text.length);
}

void
descriptors_hold(void)
{
	for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
		if (fcntl(file, F_GETFD) < 0)
			(void)open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int
text_write(const char *before, const char *text, const char *after, struct error *error)
{
	char buffer[256];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };

	stream_text(&out, before);
	stream_text(&out, text);
	stream_text(&out, after);
	return stream_finish(&out, 0, error);
}

void
complain(const char *program, const char *text)
{
	char buffer[LIMIT_ERROR_BYTES + 64];
	struct stream stream = { STDERR_FILENO, buffer, sizeof buffer, 0, 0, NULL };

	stream_text(&stream, program);
	stream_text(&stream, ": ");
	stream_escaped(&stream, slice_of(text), false);
	stream_text(&stream, "\n");
	/* Nothing is left to tell it to when stderr fails. */
	(void)stream_flush(&stream);
}
