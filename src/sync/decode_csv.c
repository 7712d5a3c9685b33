/* SPDX-License-Identifier: ISC
 *
 * The list as CSV: the only file that knows libcsv. A file that is not whole, or whose quotes or columns are out of
 * step, is refused: a shifted column would be taken for law. What the cells mean must not be known here.
 */
#include <csv.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "sync/decode.h"

struct csv_decoder {
	struct csv_parser parser;
	struct raw_row row; /* while the header is read, its text holds the names */
	const struct decode_sink *sink;
	struct error *error;
	uint64_t line; /* the one being parsed */
	bool header_read;
	bool whole;   /* the last byte was a newline */
	size_t cells; /* of this row, so far */
	size_t columns;
	struct slice names[LIMIT_COLUMNS];
	uint8_t order[LIMIT_COLUMNS]; /* enum column by its place in the row */
};

static void
file_refuse(struct csv_decoder *decoder, uint64_t line, const char *what)
{
	(void)error_set(decoder->error, EX_DATAERR, "%s: line %" PRIu64 ": %s; the file is refused",
			decoder->row.source, line, what);
}

static void
column_refuse(struct csv_decoder *decoder, const char *what, struct slice name)
{
	(void)error_set(decoder->error, EX_DATAERR, "%s: line %" PRIu64 ": %s \"%.*s\"; the file is refused",
			decoder->row.source, decoder->row.line, what, (int)name.length, name.data);
}

static void
header_cell(struct csv_decoder *decoder, const char *bytes, size_t length)
{
	struct slice name = slice_trim((struct slice){ bytes, length });
	char *copy = decoder->row.text + decoder->row.used;

	if (decoder->columns == LIMIT_COLUMNS || name.length > LIMIT_COLUMN_NAME) {
		file_refuse(decoder, decoder->line, "too many columns, or a column's name too long");
		return;
	}
	if (name.length > 0)
		memcpy(copy, name.data, name.length);
	decoder->row.used += name.length;
	decoder->names[decoder->columns++] = (struct slice){ copy, name.length };
}

static void
header_end(struct csv_decoder *decoder)
{
	bool present[COLUMN_COUNT + 1] = { false };

	for (size_t i = 0; i < decoder->columns; i++) {
		struct slice name = decoder->names[i];

		for (size_t j = 0; j < i; j++)
			if (slice_equal(decoder->names[j], name))
				column_refuse(decoder, "two columns of the name", name);
		decoder->order[i] = (uint8_t)column_find(name);
		present[decoder->order[i]] = true;
	}
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if (column_definitions[i].required && !present[i])
			column_refuse(decoder, "missing required column", slice_of(column_definitions[i].name));
	decoder->header_read = true;
	if (decoder->error->code != 0 || decoder->sink->unknown_column == NULL)
		return;
	for (size_t i = 0; i < decoder->columns; i++)
		if (decoder->order[i] == COLUMN_COUNT)
			decoder->sink->unknown_column(decoder->sink->unknown_context, decoder->names[i]);
}

/* libcsv: one cell is complete. */
static void
cell_end(void *bytes, size_t length, void *context)
{
	struct csv_decoder *decoder = context;
	size_t place = decoder->cells++;
	struct raw_cell *cell;

	if (decoder->error->code != 0)
		return;
	if (!decoder->header_read) {
		header_cell(decoder, bytes, length);
		return;
	}
	if (place >= decoder->columns || decoder->order[place] == COLUMN_COUNT)
		return;
	cell = &decoder->row.cell[decoder->order[place]];
	*cell = (struct raw_cell){ decoder->row.text + decoder->row.used, 0 };
	raw_row_add(&decoder->row, cell, bytes, length);
}

/* libcsv: a row is complete, or (CSV_REPALL_NL) a line was blank, or the LF of a CRLF came. */
static void
row_end(int terminator, void *context)
{
	struct csv_decoder *decoder = context;

	(void)terminator;
	if (decoder->error->code != 0)
		return;
	if (decoder->cells > 0 && !decoder->header_read) {
		header_end(decoder);
	} else if (decoder->cells > 0 && decoder->cells != decoder->columns) {
		char what[80];

		(void)snprintf(what, sizeof what, "%zu columns in a row, %zu in the header", decoder->cells,
			       decoder->columns);
		file_refuse(decoder, decoder->row.line, what);
	} else if (decoder->cells > 0) {
		(void)row_deliver(decoder->sink, &decoder->row, decoder->error);
		decoder->row.index++;
	}
	decoder->cells = 0;
	decoder->row.used = 0;
	decoder->row.line = decoder->line + 1;
}

/* libcsv would keep a cell of any length. What lies beyond the limit is dropped between two pieces of the file; row.c
 * knows such a cell by its length. Up to one blank and one quote are still taken off its end. */
static void
cell_bound(struct csv_parser *parser)
{
	const size_t kept = LIMIT_FIELD_BYTES + 3;

	if (parser->entry_pos <= kept)
		return;
	parser->entry_pos = kept;
	if (parser->spaces > 1)
		parser->spaces = 1;
}

/* Parses line by line, so that every line's number is known and an error stops within the line. */
static void
chunk_parse(struct csv_decoder *decoder, struct slice chunk)
{
	while (chunk.length > 0 && decoder->error->code == 0) {
		const char *newline = memchr(chunk.data, '\n', chunk.length);
		size_t piece = newline != NULL ? (size_t)(newline + 1 - chunk.data) : chunk.length;

		if (csv_parse(&decoder->parser, chunk.data, piece, cell_end, row_end, decoder) != piece) {
			if (csv_error(&decoder->parser) == CSV_EPARSE)
				file_refuse(decoder, decoder->line, "a quote out of place");
			else
				(void)error_set(decoder->error, EX_CANTCREAT, "%s: not enough memory",
						decoder->row.source);
		}
		cell_bound(&decoder->parser);
		decoder->whole = newline != NULL;
		decoder->line += decoder->whole;
		chunk.data += piece;
		chunk.length -= piece;
	}
}

static void
file_end(struct csv_decoder *decoder)
{
	if (csv_fini(&decoder->parser, NULL, NULL, NULL) != 0)
		file_refuse(decoder, decoder->row.line, "a quote in this row is never closed: cut short");
	else if (!decoder->whole)
		file_refuse(decoder, decoder->line, "no newline at the end: cut short");
	else if (!decoder->header_read)
		file_refuse(decoder, decoder->line, "no header");
}

int
decode_csv(int file, struct slice head, const char *name, const struct decode_sink *sink, struct error *error)
{
	struct csv_decoder *decoder = calloc(1, sizeof *decoder);
	char *chunk = malloc(DECODE_CHUNK_BYTES), *text = malloc(RAW_ROW_BYTES);
	ssize_t got = 0;

	if (decoder == NULL || chunk == NULL || text == NULL ||
	    csv_init(&decoder->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
		(void)error_set(error, EX_CANTCREAT, "%s: not enough memory", name);
		goto out;
	}
	csv_set_blk_size(&decoder->parser, LIMIT_FIELD_BYTES);
	decoder->row.source = name;
	decoder->row.text = text;
	decoder->row.line = decoder->line = 1;
	decoder->sink = sink;
	decoder->error = error;
	chunk_parse(decoder, head);
	while (error->code == 0 &&
	       (got = decode_read(file, name, decoder->line, chunk, DECODE_CHUNK_BYTES, error)) > 0)
		chunk_parse(decoder, (struct slice){ chunk, (size_t)got });
	if (error->code == 0)
		file_end(decoder);
	csv_free(&decoder->parser);
out:
	free(text);
	free(chunk);
	free(decoder);
	return error->code;
}
