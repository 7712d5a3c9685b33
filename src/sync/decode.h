/* SPDX-License-Identifier: ISC
 *
 * A file of the source, CSV or XML, becomes filings, one after the other. Whatever is wrong with a row or with the
 * file is found here; what vanished, and whether to publish, is not decided here.
 */
#ifndef SYNC_DECODE_H
#define SYNC_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "cache/filing.h"

enum decode_format { DECODE_AUTO, DECODE_CSV, DECODE_XML };

/* A row that is well-formed and has a value that we do not understand. */
struct reject {
	uint64_t line;	    /* where the row begins, from 1 */
	enum column column; /* the first column that is wrong */
	uint32_t number;    /* as far as it could be read, else 0 */
	uint64_t frn;	    /* likewise */
	char reason[160];   /* "RMD12 is not RMD and 7 digits"; control characters replaced */
};

/* Where the rows go. Each function returns 0, or a code after error_set on `error`: decoding then ends with it. */
struct decode_sink {
	int (*filing)(void *context, const struct filing *filing, uint64_t line, struct error *error);
	int (*reject)(void *context, const struct reject *reject, struct error *error);
	/* Once, before the first row, for each column of the file that we do not know; NULL: not wanted. */
	void (*unknown_column)(void *context, struct slice name);
	void *context;
};

/* What a decoder hands to row.c: the raw text of one row by column. data NULL: the column is not in the row. */
struct raw_row {
	uint64_t line;
	struct slice cell[COLUMN_COUNT];
};

/* row.c: one mapping for both formats. Cells may be changed in place (they are the decoder's own copies): guard
 * apostrophes go, CRLF becomes LF, white space at the ends goes. Hands the filing, or the reject, to the sink. */
int
row_deliver(const struct decode_sink *sink, struct raw_row *row, struct error *error);

/* Reads `file` from its current position to its end. `name` is what messages call it (a path or an address).
 * Returns 0, or a code: 65 and one line that names the source, the line and the field when the file must be refused whole. */
int
decode(int file, enum decode_format format, const char *name, const struct decode_sink *sink, struct error *error);

/* decode_csv.c and decode_xml.c; `head` holds the first bytes of the file, already read. */
int
decode_csv(int file, struct slice head, const char *name, const struct decode_sink *sink, struct error *error);
int
decode_xml(int file, struct slice head, const char *name, const struct decode_sink *sink, struct error *error);

/* The column of that name; COLUMN_COUNT where there is none. `guess` is the one that most likely comes next. */
enum column
column_find(struct slice name, enum column guess);

#endif
