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
#include "base/time.h"

struct page {
	char *text;          /* UTF-8, lines end in LF */
	struct slice *lines; /* without their ends; white space inside as it was */
	size_t line_count;
	char *flow;          /* every run of white space is one space */
	unsigned *flow_line; /* the line, from 1, of each byte of the flow */
	size_t flow_length;
};

/* Takes text in UTF-8, or in Latin-1 where it is no UTF-8; BOM, CR and form feeds go. 0, or 65 (binary) or 73. */
int
page_begin(struct page *page, const char *path, const char *text, size_t length, struct error *error);
void
page_end(struct page *page);

#define NOT_FOUND SIZE_MAX

/* The first place of the phrase in flow[from, to), whatever the case of ASCII letters; NOT_FOUND: none. A `to` beyond
 * the end is the end. */
size_t
flow_find(const struct page *page, const char *phrase, size_t from, size_t to);
/* The line of a place in the flow. */
unsigned
flow_line(const struct page *page, size_t place);

/* A date as Americans write it ("July 21, 2022", "Jan 17, 2022", "Thursday, July 21, 2022") at the beginning of the
 * text. Returns the bytes it takes, 0 for none. *doubtful: letters stand for digits in it, or the weekday is not that
 * of the day. */
size_t
date_read(struct slice text, day *date, bool *doubtful);

#endif
