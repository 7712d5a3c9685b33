/* SPDX-License-Identifier: ISC
 *
 * What a program writes: bytes collected in a buffer that the caller gives, and text of strangers made harmless for a
 * terminal. What a result looks like must not enter.
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct screen;

struct stream {
	int file;
	char *buffer;
	size_t size;
	size_t used;
	int failure;           /* errno of the first write that failed; nothing is written after it */
	struct screen *screen; /* base/screen.h; NULL: it is no terminal, and all goes out as it is */
};

/* What lays out the lines before a terminal shows them. It leaves in the buffer what it waits to see the end of, and
 * at the end of a run nothing. */
struct screen {
	void (*show)(struct stream *stream, bool end);
};

/* Marks in a line for a screen. In text of a stranger they are escaped, and a pipe never sees them. */
#define MARK_COLUMN '\x1d'
#define MARK_NOTE '\x1e'
#define MARK_FACT '\x1f'

void
stream_put(struct stream *stream, const char *data, size_t length);

/* Text that is ours and ends in NUL. */
void
stream_text(struct stream *stream, const char *text);

void
stream_number(struct stream *stream, uint64_t number);

/* Two blanks: before the next column of a line, or before a note behind the columns, which not every line has. */
void
stream_column(struct stream *stream);
void
stream_note(struct stream *stream);

/* Text of a stranger. Control characters, the marks that change the direction of text or show nothing, and bytes that
 * are no UTF-8 become \n, \t, \xNN or \u{NNNN}; in quoted text also " and \ are escaped. */
void
stream_escaped(struct stream *stream, struct slice text, bool quoted);

/* 0, or -1 when anything since the beginning could not be written. */
int
stream_flush(struct stream *stream);

/* Flushes at the end of a run: `code`, or EX_IOERR and the error says why. */
int
stream_finish(struct stream *stream, int code, struct error *error);

/* One that a terminal obeys, or that makes a text look like another one; CHARACTER_INVALID is. */
bool
character_is_harmful(uint32_t character);

/* One line on stderr, the program's name before it. */
void
complain(const char *program, const char *text);

/* For a main, before it opens anything: a closed descriptor would be given to the next file opened. One that fails
 * takes its place. */
void
descriptors_hold(void);

/* For a main: three texts to standard output. 0, or the error's code. */
int
text_write(const char *before, const char *text, const char *after, struct error *error);

#endif
