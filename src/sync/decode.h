/* SPDX-License-Identifier: ISC
 *
 * A file of the source, CSV or XML, becomes filings, one after the other. Whatever is wrong with a row or with the
 * file is found here; what vanished, and whether to publish, is not decided here.
 */
#ifndef SYNC_DECODE_H
#define SYNC_DECODE_H

#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/limits.h"
#include "cache/filing.h"

enum decode_format { DECODE_AUTO, DECODE_CSV, DECODE_XML };

/* A row that is well-formed and has a value that we do not understand. */
struct reject {
	uint64_t line;      /* where the row begins, from 1 */
	enum column column; /* the first column that is wrong */
	uint32_t number;    /* as far as it could be read, else 0 */
	uint64_t frn;       /* likewise */
	char reason[160];   /* "RMD12 is not RMD and 7 digits"; control characters replaced */
};

/* Where the rows go. Each function returns 0, or a code after error_set on `error`: decoding then ends with it. */
struct decode_sink {
	int (*filing)(void *context, const struct filing *filing, uint64_t line, struct error *error);
	int (*reject)(void *context, const struct reject *reject, struct error *error);
	/* Once for each column of the file that we do not know; NULL: not wanted. */
	void (*unknown_column)(void *unknown_context, struct slice name);
	void *context;
	void *unknown_context;
};

/* Text of the source that may be changed. */
struct raw_cell {
	char *data; /* NULL: the row has no such column */
	size_t length;
};

/* Room for the text of any row: raw_row_add keeps no more of a cell. */
#define RAW_ROW_BYTES ((size_t)COLUMN_COUNT * (LIMIT_FIELD_BYTES + 1))

/* What a decoder hands to row.c: the raw text of one row by column. */
struct raw_row {
	const char *source; /* what messages call the file */
	uint64_t line;
	uint64_t index; /* of the row in the file, from 0 */
	char *text;     /* RAW_ROW_BYTES, the decoder's own; the cells point into it */
	size_t used;
	struct raw_cell cell[COLUMN_COUNT];
};

/* Adds bytes to a cell, which must be the row's last. What goes beyond LIMIT_FIELD_BYTES is dropped but for one byte,
 * by which row_deliver knows: memory stays bounded whatever the source sends. */
static inline void
raw_row_add(struct raw_row *row, struct raw_cell *cell, const void *bytes, size_t length)
{
	size_t room = LIMIT_FIELD_BYTES + 1 - cell->length;

	if (length > room)
		length = room;
	memcpy(row->text + row->used, bytes, length);
	row->used += length;
	cell->length += length;
}

/* row.c: one mapping for both formats. Cells are changed in place: guard apostrophes go, CRLF becomes LF, white space
 * at the ends goes. Hands the filing, or the reject, to the sink. */
int
row_deliver(const struct decode_sink *sink, struct raw_row *row, struct error *error);

/* Reads `file` from its current position to its end. `name` is what messages call it (a path or an address).
 * Returns 0, or a code: 65 and one line that names the source, the line and the field when the file must be refused
 * whole. */
int
decode(int file, enum decode_format format, const char *name, const struct decode_sink *sink, struct error *error);

/* decode_csv.c and decode_xml.c; `head` holds the first bytes of the file, already read, without a byte order mark.
 */
int
decode_csv(int file, struct slice head, const char *name, const struct decode_sink *sink, struct error *error);
int
decode_xml(int file, struct slice head, const char *name, const struct decode_sink *sink, struct error *error);

/* So much is read at once. */
#define DECODE_CHUNK_BYTES ((size_t)256 * 1024)

/* decode.c: reads up to `size` bytes, in which no NUL may be. `line`: where the file was read to, for the message.
 * Returns how many bytes; 0 at the end; -1 after error_set. */
ssize_t
decode_read(int file, const char *name, uint64_t line, char *chunk, size_t size, struct error *error);

/* The column of that name; COLUMN_COUNT where there is none. */
enum column
column_find(struct slice name);

#endif
