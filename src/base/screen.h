/* SPDX-License-Identifier: ISC
 *
 * A result on a terminal: columns one below the other, long lines broken between words. What a result says must not
 * enter; a pipe gets it as it is.
 */
#ifndef BASE_SCREEN_H
#define BASE_SCREEN_H

#include "base/limits.h"
#include "base/stream.h"

/* What is known of the columns of the table that is being shown. */
struct table {
	size_t widths[LIMIT_SCREEN_CELLS]; /* of the widest cell of each */
	size_t columns;                    /* that any row has */
	size_t rows;
	size_t name;                      /* the first column of quoted text; `columns`: none */
	size_t shown[LIMIT_SCREEN_CELLS]; /* widths that fit */
	size_t aligned;                   /* columns that do; what is behind them goes below */
};

struct display {
	struct screen screen; /* first, so that a stream's screen is its display */
	size_t width;
	struct table table;
	bool inside;     /* of a fact that is longer than the stream's buffer: the rest is counted */
	size_t left_out; /* characters of it */
	struct stream terminal;
	char buffer[LIMIT_SCREEN_BYTES];
};

/* Lays out what goes to the stream from now on, where it is a terminal. The display must outlive the last flush. */
void
display_begin(struct display *display, struct stream *stream);

/* The same whatever the stream is, and for a terminal of that many columns. */
void
display_begin_wide(struct display *display, struct stream *stream, size_t width);

#endif
