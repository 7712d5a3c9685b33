/* SPDX-License-Identifier: ISC
 *
 * The one room that knows how wide a character and a terminal are. Columns that do not fit go below their row, behind
 * an indent; a name is cut only where a table needs it, and says so.
 */
#include "base/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/fact.h"

#define GAP 2
#define INDENT 4
/* A terminal that does not tell its width, and one that is too narrow for any table. */
#define WIDTH_USUAL 80
#define WIDTH_LEAST 40
/* A name that is cut shorter is none any more. */
#define NAME_LEAST 16
#define CUT "\"..."

enum row_kind { ROW_TEXT, ROW_TABLE, ROW_FACT };

struct row {
	enum row_kind kind;
	struct slice cells[LIMIT_SCREEN_CELLS];
	size_t count;
	size_t columns; /* the cells before the first note */
};

/* Where the next character of the terminal's line goes. */
struct pen {
	struct display *display;
	size_t column;
	size_t indent; /* of lines after the first */
	size_t lines;  /* left, this one too */
	size_t left_out;
};

/* What must not be torn: a character, an escape of base/stream.c, a colour. Its length in bytes, and its columns. */
static size_t
unit_first(struct slice text, size_t *columns)
{
	static const char colour[] = "\033[";
	const char *end = NULL;
	uint32_t character;
	size_t length;

	*columns = 0;
	if (text.length > 2 && memcmp(text.data, colour, 2) == 0 &&
	    (end = memchr(text.data, 'm', text.length)) != NULL)
		return (size_t)(end - text.data) + 1;
	if (text.data[0] == '\\' && text.length > 1) {
		length = text.data[1] == 'x' && text.length >= 4 ? 4 : 2;
		if (text.data[1] == 'u' && (end = memchr(text.data, '}', text.length)) != NULL)
			length = (size_t)(end - text.data) + 1;
		*columns = length;
		return length;
	}
	length = character_first(text, &character);
	*columns = character == CHARACTER_INVALID ? 1 : (size_t)utf8proc_charwidth((utf8proc_int32_t)character);
	return length;
}

/* The columns of a text, and of how many units it is. */
static size_t
text_width(struct slice text, size_t *units)
{
	size_t width = 0, columns;

	*units = 0;
	while (text.length > 0) {
		size_t length = unit_first(text, &columns);

		width += columns;
		*units += columns > 0;
		text.data += length;
		text.length -= length;
	}
	return width;
}

static size_t
width_of(struct slice text)
{
	size_t units;

	return text_width(text, &units);
}

/* As much of the text as fits. */
static struct slice
text_fit(struct slice text, size_t width)
{
	struct slice fitting = { text.data, 0 };
	size_t used = 0, columns;

	while (fitting.length < text.length) {
		size_t length = unit_first((struct slice){ text.data + fitting.length, text.length - fitting.length },
					   &columns);

		if (used + columns > width)
			break;
		used += columns;
		fitting.length += length;
	}
	return fitting;
}

static void
put(struct display *display, struct slice text)
{
	stream_put(&display->terminal, text.data, text.length);
}

static void
put_blanks(struct display *display, size_t count)
{
	while (count-- > 0)
		stream_put(&display->terminal, " ", 1);
}

static void
pen_break(struct pen *pen)
{
	pen->lines -= pen->lines > 0;
	pen->column = pen->indent;
	if (pen->lines == 0)
		return;
	put(pen->display, slice_of("\n"));
	put_blanks(pen->display, pen->indent);
}

static bool
pen_has_room(const struct pen *pen, size_t width)
{
	return pen->column + width <= pen->display->width;
}

/* A word, behind blanks where it stands behind another one. */
static void
pen_word(struct pen *pen, struct slice word, size_t blanks)
{
	size_t units, width = text_width(word, &units);

	if (pen->lines > 0 && pen->column > pen->indent && !pen_has_room(pen, blanks + width))
		pen_break(pen);
	else if (pen->lines > 0 && pen->column > pen->indent)
		put_blanks(pen->display, blanks);
	else
		blanks = 0;
	if (pen->lines == 0) {
		pen->left_out += units + blanks;
		return;
	}
	put(pen->display, word);
	pen->column += blanks + width;
}

/* Up to a blank, or behind a mark that parts a list. */
static struct slice
word_first(struct slice text, size_t longest)
{
	struct slice word = text_fit(text, longest);

	for (size_t i = 0; i < word.length; i++)
		if (text.data[i] == ' ' || text.data[i] == ',' || text.data[i] == ';')
			return (struct slice){ text.data, text.data[i] == ' ' ? i : i + 1 };
	return word;
}

/* A part of a line: whole on the next one where it does not fit on this, and broken where it fits on none. */
static void
pen_text(struct pen *pen, struct slice text, size_t gap)
{
	size_t longest = LIMIT_SCREEN_WORD_LINES * (pen->display->width - pen->indent), width = width_of(text);

	if (pen->column > pen->indent && pen->indent + width <= pen->display->width &&
	    !pen_has_room(pen, gap + width)) {
		pen_break(pen);
		gap = 0;
	}
	while (text.length > 0) {
		struct slice word = word_first(text, longest);

		if (word.length > 0)
			pen_word(pen, word, gap);
		gap = word.length > 0 ? 0 : gap;
		text.data += word.length;
		text.length -= word.length;
		while (text.length > 0 && text.data[0] == ' ') {
			gap++;
			text.data++;
			text.length--;
		}
	}
}

/* The row that the text begins with, and the text behind it. False: its end has not come yet. */
static bool
row_first(struct slice *text, struct row *row)
{
	const char *end = text->length > 0 ? memchr(text->data, '\n', text->length) : NULL;
	size_t length = end != NULL ? (size_t)(end - text->data) : text->length, begin = 0;

	*row = (struct row){ .kind = ROW_TEXT };
	for (size_t i = 0; i <= length; i++) {
		char mark = i < length ? text->data[i] : '\0';

		if (i < length && ((mark != MARK_COLUMN && mark != MARK_NOTE && mark != MARK_FACT) ||
				   row->count == LIMIT_SCREEN_CELLS - 1))
			continue;
		row->cells[row->count++] = (struct slice){ text->data + begin, i - begin };
		begin = i + 1;
		if (row->kind == ROW_TEXT && i < length)
			row->kind = mark == MARK_FACT ? ROW_FACT : ROW_TABLE;
		if (row->columns == 0 && mark != MARK_COLUMN)
			row->columns = row->count;
	}
	text->data += length + (end != NULL);
	text->length -= length + (end != NULL);
	return end != NULL;
}

/* Which columns stand below one another: all, if need be with the names cut; else the first ones that fit. */
static void
table_plan(struct table *table, size_t width)
{
	size_t total = 0, used = 0;

	for (size_t i = 0; i < table->columns; i++)
		total += table->widths[i] + (i > 0 ? GAP : 0);
	memcpy(table->shown, table->widths, sizeof table->shown);
	if (total > width && table->rows > 1 && table->name < table->columns &&
	    table->widths[table->name] >= total - width + NAME_LEAST)
		table->shown[table->name] -= total - width;
	for (table->aligned = 0; table->aligned < table->columns; table->aligned++) {
		size_t *shown = &table->shown[table->aligned], room;

		used += table->aligned > 0 ? GAP : 0;
		room = width > used ? width - used : 0;
		if (*shown > room && table->aligned == table->name && table->rows > 1 && room >= NAME_LEAST)
			*shown = room;
		if (*shown > room)
			return;
		used += *shown;
	}
}

/* Looks at the rows of the table that the text begins with. */
static void
table_measure(struct table *table, struct slice text, size_t width)
{
	struct row row;

	if (table->columns == 0)
		table->name = LIMIT_SCREEN_CELLS;
	while (row_first(&text, &row) && row.kind == ROW_TABLE) {
		table->rows++;
		if (row.columns > table->columns)
			table->columns = row.columns;
		for (size_t i = 0; i < row.columns; i++) {
			size_t cell = width_of(row.cells[i]);

			if (cell > table->widths[i])
				table->widths[i] = cell;
			if (row.cells[i].length > 0 && row.cells[i].data[0] == '"' && i < table->name)
				table->name = i;
		}
	}
	table_plan(table, width);
}

/* A quoted text, with what stands behind its end. */
static void
put_cut(struct display *display, struct slice text, size_t width)
{
	size_t end = text.length, rest;
	struct slice after;

	while (end > 0 && text.data[end - 1] != '"')
		end--;
	after = (struct slice){ text.data + end, text.length - end };
	rest = width_of(after) + sizeof CUT - 1;
	put(display, text_fit(text, width > rest ? width - rest : 0));
	put(display, slice_of(CUT));
	put(display, after);
}

static void
table_row_lay(struct display *display, const struct row *row)
{
	const struct table *table = &display->table;
	struct pen pen = { display, 0, INDENT, SIZE_MAX, 0 };
	size_t i;

	for (i = 0; i < row->columns && i < table->aligned; i++) {
		size_t width = width_of(row->cells[i]);

		put_blanks(display, i > 0 ? GAP : 0);
		if (width > table->shown[i])
			put_cut(display, row->cells[i], table->shown[i]);
		else
			put(display, row->cells[i]);
		pen.column += (i > 0 ? GAP : 0) + table->shown[i];
		if (i + 1 < row->count && i + 1 < table->aligned && width < table->shown[i])
			put_blanks(display, table->shown[i] - width);
	}
	/* Below, and not behind: what is in one row behind a short name would be elsewhere in the next. */
	if (i < row->columns && i > 0)
		pen_break(&pen);
	for (; i < row->count; i++)
		pen_text(&pen, row->cells[i], GAP);
	put(display, slice_of("\n"));
}

static size_t
label_width(const struct display *display)
{
	return display->width / 3 < FACT_LABEL_WIDTH ? display->width / 3 : FACT_LABEL_WIDTH;
}

static void
left_out_tell(struct display *display)
{
	if (display->left_out > 0) {
		put(display, slice_of("\n"));
		put_blanks(display, label_width(display));
		put(display, slice_of("... and "));
		stream_number(&display->terminal, display->left_out);
		put(display, slice_of(" more characters (to see all, | less)"));
	}
	put(display, slice_of("\n"));
	display->left_out = 0;
}

static void
fact_lay(struct display *display, const struct row *row, bool end)
{
	size_t label = label_width(display), width = width_of(row->cells[0]);
	struct pen pen = { display, width < label ? label : width + GAP, label, LIMIT_SCREEN_FACT_LINES, 0 };

	put(display, row->cells[0]);
	put_blanks(display, width < label ? label - width : GAP);
	for (size_t i = 1; i < row->count; i++)
		pen_text(&pen, row->cells[i], i > 1 ? GAP : 0);
	display->left_out = pen.left_out;
	display->inside = !end;
	if (end)
		left_out_tell(display);
}

/* Its own indent, and a dash, stay before what is broken. */
static void
text_lay(struct display *display, struct slice text)
{
	size_t indent = 0;
	struct pen pen;

	while (indent < text.length && indent < display->width / 2 &&
	       (text.data[indent] == ' ' || text.data[indent] == '-'))
		indent++;
	pen = (struct pen){ display, indent, indent, SIZE_MAX, 0 };
	put(display, (struct slice){ text.data, indent });
	pen_text(&pen, (struct slice){ text.data + indent, text.length - indent }, 0);
	put(display, slice_of("\n"));
}

static void
row_lay(struct display *display, const struct row *row, bool end)
{
	size_t units;

	if (display->inside) {
		for (size_t i = 0; i < row->count; i++) {
			(void)text_width(row->cells[i], &units);
			display->left_out += units;
		}
		display->inside = !end;
		if (end)
			left_out_tell(display);
	} else if (row->kind == ROW_FACT) {
		fact_lay(display, row, end);
	} else if (row->kind == ROW_TABLE) {
		table_row_lay(display, row);
	} else {
		text_lay(display, row->cells[0]);
	}
}

static void
display_show(struct stream *stream, bool end)
{
	struct display *display = (struct display *)stream->screen;
	struct slice text = { stream->buffer, stream->used };
	bool measured = false;

	while (text.length > 0) {
		struct slice rest = text;
		struct row row;
		bool whole = row_first(&rest, &row);

		/* A line that is longer than the buffer is shown as far as it goes. */
		if (!whole && !end && (text.data > stream->buffer || stream->used < stream->size))
			break;
		if (row.kind != ROW_TABLE)
			display->table = (struct table){ 0 };
		else if (!measured)
			table_measure(&display->table, text, display->width);
		measured = row.kind == ROW_TABLE;
		row_lay(display, &row, whole || end);
		text = rest;
	}
	if (text.length > 0)
		memmove(stream->buffer, text.data, text.length);
	stream->used = text.length;
	if (stream_flush(&display->terminal) != 0)
		stream->failure = display->terminal.failure;
}

/* The operator's word goes before the terminal's own. */
static size_t
columns_wanted(int file)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t number;

	if (columns == NULL || !slice_decimal(slice_of(columns), LIMIT_SCREEN_COLUMNS, &number) || number == 0)
		number = ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDTH_USUAL;
	if (number > LIMIT_SCREEN_COLUMNS)
		number = LIMIT_SCREEN_COLUMNS;
	return number > WIDTH_LEAST ? number : WIDTH_LEAST;
}

void
display_begin_wide(struct display *display, struct stream *stream, size_t width)
{
	display->screen.show = display_show;
	display->width = width;
	display->table = (struct table){ 0 };
	display->inside = false;
	display->left_out = 0;
	display->terminal = (struct stream){ stream->file, display->buffer, sizeof display->buffer, 0, 0, NULL };
	stream->screen = &display->screen;
}

void
display_begin(struct display *display, struct stream *stream)
{
	if (isatty(stream->file) == 1)
		display_begin_wide(display, stream, columns_wanted(stream->file));
}
