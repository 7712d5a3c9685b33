/* SPDX-License-Identifier: ISC
 *
 * A document's text as an import reads it: its lines, and all of it as one run of words that line breaks, page breaks
 * and columns do not interrupt. What the words mean must not enter.
 */
#ifndef NOTICE_PAGE_H
#define NOTICE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct line {
	struct slice text; /* without its end; white space inside as it was */
	unsigned page;     /* from 1; 0: the text has no page breaks */
	bool furniture;    /* a page's number, or a running head with the document's number */
};

struct page {
	char *text; /* UTF-8 that XML may hold, lines end in LF */
	struct line *lines;
	size_t line_count;
	char *flow;          /* without furniture; every run of white space is one space */
	unsigned *flow_line; /* the line, from 1, of each byte of the flow */
	size_t flow_length;
};

/* Takes text in UTF-8, or in Windows-1252 (and so Latin-1) where it is no UTF-8. Curly quotes, dashes, ligatures and
 * spaces become those of ASCII; footnote marks, byte order marks and a scan's <u> go. 0, or 65 (a web page, a PDF,
 * anything binary, too long) or 73. */
int
page_begin(struct page *page, const char *path, const char *text, size_t length, struct error *error);
void
page_end(struct page *page);

/* What stands from a place of the flow on, and the line of a place. */
struct slice
flow_rest(const struct page *page, size_t place);
unsigned
flow_line(const struct page *page, size_t place);

/* Blank, or a page's own: its number, its running head. Inside a table the FCC's name alone is one too. */
bool
is_between_rows(const struct page *page, size_t index);

/* A line's text, trimmed. */
struct slice
line_text(const struct page *page, size_t index);

#endif
