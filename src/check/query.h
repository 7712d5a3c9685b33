/* SPDX-License-Identifier: ISC
 *
 * Questions as lines of text: a bounded reader of stdin, and the parser of `PROVIDER [role=R] [from=N] [to=N]
 * [at=T]`. What a PROVIDER means is librmd's business and must not enter.
 */
#ifndef CHECK_QUERY_H
#define CHECK_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "rmd.h"

struct reader {
	int file;
	size_t start, end; /* what of the buffer is not delivered yet */
	bool ended;
	bool skipping; /* in the rest of a line that was too long */
	char buffer[LIMIT_INPUT_BYTES];
};

struct line {
	char *data; /* in the reader's buffer, until the next reader_fill */
	size_t length;
	bool too_long; /* over LIMIT_BATCH_LINE; its first LIMIT_KEY_BYTES are there */
};

/* The next line of what was read, without its end; false: reader_fill is needed, or the input has ended. */
bool
reader_line(struct reader *reader, struct line *line);

/* Reads more. 1, 0 at the end of the input, -1 with errno. */
int
reader_fill(struct reader *reader);

/* Fills the query, in which the values that hold for lines that say nothing else stand already. Changes the line:
 * name:"a b" becomes name:a b. 0, or EX_USAGE and the error says what is wrong; then *query is as it was. */
int
query_parse(struct line line, struct rmd_query *query, struct error *error);

/* What a question may say besides. Sets it; 0, or EX_USAGE and the error, which begins with `dashes` and the
 * parameter's name. */
enum parameter { PARAMETER_ROLE, PARAMETER_FROM, PARAMETER_TO, PARAMETER_AT, PARAMETER_COUNT };
int
parameter_set(struct rmd_query *query, enum parameter parameter, struct slice value, const char *dashes,
	      struct error *error);

#endif
