/* SPDX-License-Identifier: ISC
 *
 * What the source has sent: the list as CSV, the list as XML, or one of the things that a web server sends in its
 * place. What stands in the rows must not be known here.
 */
#include "sync/decode.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* Enough to tell what a file is. */
#define HEAD_BYTES 1024

enum column
column_find(struct slice name)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if (slice_equal(name, slice_of(column_definitions[i].name)))
			return (enum column)i;
	return COLUMN_COUNT;
}

static uint64_t
newlines_count(const char *text, size_t length)
{
	uint64_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == '\n';
	return count;
}

ssize_t
decode_read(int file, const char *name, uint64_t line, char *chunk, size_t size, struct error *error)
{
	const char *nul;
	ssize_t got;

	do
		got = read(file, chunk, size);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		(void)error_set(error, EX_TEMPFAIL, "%s: cannot be read: %s", name, strerror(errno));
		return -1;
	}
	nul = memchr(chunk, '\0', (size_t)got);
	if (nul == NULL)
		return got;
	line += newlines_count(chunk, (size_t)(nul - chunk));
	(void)error_set(error, EX_DATAERR, "%s: line %" PRIu64 ": a NUL byte; the file is refused", name, line);
	return -1;
}

/* A page may begin with comments and an XML declaration before it shows what it is. */
static bool
is_html(struct slice text)
{
	static const char *const beginnings[] = { "<!doctype html", "<html", "<head", "<body", "<script", "<title" };
	const char *end = NULL;

	text = slice_trim(text);
	for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
		if (slice_starts_fold(text, beginnings[i]))
			return true;
	if (slice_starts_fold(text, "<!--") && (end = memmem(text.data, text.length, "-->", 3)) != NULL)
		end += 3;
	else if (slice_starts_fold(text, "<?") && (end = memmem(text.data, text.length, "?>", 2)) != NULL)
		end += 2;
	if (end == NULL)
		return false;
	return is_html((struct slice){ end, (size_t)(text.data + text.length - end) });
}

/* Refuses what can't be the list in the format that was asked for, and settles DECODE_AUTO. */
static int
format_find(struct slice head, enum decode_format *format, const char *name, struct error *error)
{
	struct slice text = slice_trim(head);
	const char *what = NULL;
	bool xml;

	if (text.length == 0)
		return error_set(error, EX_DATAERR, "%s: empty; the file is refused", name);
	xml = text.data[0] == '<';
	if (is_html(text))
		what = "an HTML page, not the list";
	else if (text.data[0] == '{' || text.data[0] == '[')
		what = "JSON, not the list";
	else if (*format == DECODE_CSV && xml)
		what = "XML, where CSV was expected";
	else if (*format == DECODE_XML && !xml)
		what = "no XML, where XML was expected";
	if (what != NULL)
		return error_set(error, EX_DATAERR, "%s: %s (it begins with \"%.*s\"); the file is refused", name,
				 what, text.length < 60 ? (int)text.length : 60, text.data);
	*format = xml ? DECODE_XML : DECODE_CSV;
	return 0;
}

int
decode(int file, enum decode_format format, const char *name, const struct decode_sink *sink, struct error *error)
{
	char bytes[HEAD_BYTES];
	struct slice head = { bytes, 0 };
	uint64_t line = 1;
	ssize_t got;

	do {
		got = decode_read(file, name, line, bytes + head.length, sizeof bytes - head.length, error);
		if (got < 0)
			return error->code;
		line += newlines_count(bytes + head.length, (size_t)got);
		head.length += (size_t)got;
	} while (got > 0 && head.length < sizeof bytes);
	if (head.length >= 3 && memcmp(head.data, "\xef\xbb\xbf", 3) == 0) {
		head.data += 3;
		head.length -= 3;
	}
	if (format_find(head, &format, name, error) != 0)
		return error->code;
	return format == DECODE_XML ? decode_xml(file, head, name, sink, error)
				    : decode_csv(file, head, name, sink, error);
}
