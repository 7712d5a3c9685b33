/* SPDX-License-Identifier: ISC
 *
 * The list as XML: the only file that knows libxml2. A small state machine over its push parser that refuses what it
 * did not expect: no DOCTYPE, so no entities, and never the network. What the cells mean must not be known here.
 *
 * Two shapes: <response><result>columns</result>...</response> and <xml><table>columns</table>...</xml>. A row is any
 * element that has a known column as a child; after the first, every element of its name and depth is one.
 */
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdbool.h>
#include <stdlib.h>

#include "sync/decode.h"

/* What text may stand at this place of the document. */
enum text_use {
	TEXT_BLANK, /* white space only */
	TEXT_CELL,  /* of a known column, or of its display_value */
	TEXT_UNUSED /* of an element that we do not know, of a reference's value or link */
};

struct xml_decoder {
	xmlParserCtxtPtr parser;
	struct raw_row row;
	const struct decode_sink *sink;
	struct error *error;
	bool ended; /* the whole file was read */
	/* Names in the parser's dictionary: there equal names are equal pointers. */
	const xmlChar *names[COLUMN_COUNT], *display_value, *value, *link, *failure;
	struct {
		const xmlChar *name;
		uint64_t line;
	} open[LIMIT_XML_DEPTH + 1]; /* the elements outside rows, and the row itself, by depth */
	unsigned depth;              /* elements open */
	unsigned row_depth;          /* of the open row; 0: none is */
	const xmlChar *row_name;     /* of the last row; NULL before the first */
	unsigned row_name_depth;
	unsigned children;  /* of the open row, so far */
	enum column column; /* open in the row; COLUMN_COUNT: one that we do not know */
	enum column next;   /* the one that most likely follows */
	enum text_use use;
	bool referred;         /* the open column has child elements */
	bool displayed;        /* display_value was among them */
	uint32_t present;      /* set of the columns in this row, so far */
	uint32_t ever_present; /* in any row */
	const xmlChar *unknown[LIMIT_COLUMNS];
	unsigned unknown_count;
	/* The children so far, at depth early_depth, of what may prove to be the first row. */
	const xmlChar *early[LIMIT_COLUMNS];
	unsigned early_count, early_depth;
};

/* Stops the parser too: it calls no handler any more. `name`: of the element in question, or NULL. */
static void
file_refuse(struct xml_decoder *decoder, const char *what, const xmlChar *name)
{
	(void)error_set(decoder->error, EX_DATAERR, "%s: line %d: %s%s%.*s; the file is refused", decoder->row.source,
			decoder->parser->input->line, what, name != NULL ? " " : "", LIMIT_COLUMN_NAME,
			name != NULL ? (const char *)name : "");
	xmlStopParser(decoder->parser);
}

static enum column
name_find(const struct xml_decoder *decoder, const xmlChar *name)
{
	if (name == decoder->names[decoder->next])
		return decoder->next;
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if (name == decoder->names[i])
			return (enum column)i;
	return COLUMN_COUNT;
}

static void
unknown_add(struct xml_decoder *decoder, const xmlChar *name)
{
	for (unsigned i = 0; i < decoder->unknown_count; i++)
		if (decoder->unknown[i] == name)
			return;
	if (decoder->unknown_count == LIMIT_COLUMNS) {
		file_refuse(decoder, "too many unknown columns, the last is", name);
		return;
	}
	decoder->unknown[decoder->unknown_count++] = name;
	if (decoder->sink->unknown_column != NULL)
		decoder->sink->unknown_column(decoder->sink->unknown_context, slice_of((const char *)name));
}

static void
row_start(struct xml_decoder *decoder, unsigned depth)
{
	decoder->row_depth = decoder->row_name_depth = depth;
	decoder->row_name = decoder->open[depth].name;
	decoder->row.line = decoder->open[depth].line;
	decoder->children = 0;
	decoder->use = TEXT_BLANK;
	if (decoder->early_depth == depth + 1)
		for (unsigned i = 0; i < decoder->early_count; i++)
			unknown_add(decoder, decoder->early[i]);
	decoder->early_count = 0;
}

static void
row_end(struct xml_decoder *decoder)
{
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if ((decoder->present & UINT32_C(1) << i) == 0)
			decoder->row.cell[i] = (struct raw_cell){ NULL, 0 };
	decoder->ever_present |= decoder->present;
	if (row_deliver(decoder->sink, &decoder->row, decoder->error) != 0)
		xmlStopParser(decoder->parser);
	decoder->present = 0;
	decoder->row.index++;
	decoder->row.used = 0;
	decoder->row_depth = 0;
}

static void
column_start(struct xml_decoder *decoder, const xmlChar *name, enum column column)
{
	decoder->column = column;
	decoder->referred = decoder->displayed = false;
	if (++decoder->children > LIMIT_COLUMNS) {
		file_refuse(decoder, "too many columns in one row, the last is", name);
	} else if (column == COLUMN_COUNT) {
		decoder->use = TEXT_UNUSED;
		unknown_add(decoder, name);
	} else if ((decoder->present & UINT32_C(1) << column) != 0) {
		file_refuse(decoder, "twice in one row: column", name);
	} else {
		decoder->use = TEXT_CELL;
		decoder->present |= UINT32_C(1) << column;
		decoder->row.cell[column].data = decoder->row.text + decoder->row.used;
		decoder->row.cell[column].length = 0;
		decoder->next = column + 1 < COLUMN_COUNT ? column + 1 : 0;
	}
}

/* In a known column stand text, or the three elements of a reference; its text is that of the first of them. */
static void
reference_start(struct xml_decoder *decoder, const xmlChar *name)
{
	struct raw_cell *cell = &decoder->row.cell[decoder->column];

	if (!decoder->referred) {
		if (slice_trim((struct slice){ cell->data, cell->length }).length > 0)
			file_refuse(decoder, "text beside the element", name);
		decoder->row.used -= cell->length;
		cell->length = 0;
	}
	decoder->referred = true;
	decoder->use = TEXT_UNUSED;
	if (decoder->depth == decoder->row_depth + 2 && name == decoder->display_value && !decoder->displayed) {
		decoder->displayed = true;
		decoder->use = TEXT_CELL;
	} else if (decoder->depth > decoder->row_depth + 2 || (name != decoder->value && name != decoder->link)) {
		file_refuse(decoder, "unexpected in a column: element", name);
	}
}

/* No row is open: this may be one, or its first known column, or something around the rows. */
static void
outer_start(struct xml_decoder *decoder, const xmlChar *name)
{
	enum column column = name_find(decoder, name);

	decoder->open[decoder->depth].name = name;
	decoder->open[decoder->depth].line = (uint64_t)decoder->parser->input->line;
	decoder->use = TEXT_UNUSED;
	if (column != COLUMN_COUNT && decoder->depth > 1) {
		row_start(decoder, decoder->depth - 1);
		column_start(decoder, name, column);
	} else if (name == decoder->row_name && decoder->depth == decoder->row_name_depth) {
		row_start(decoder, decoder->depth);
	} else if (name == decoder->failure) {
		file_refuse(decoder, "the source reports an error: element", name);
	} else {
		if (decoder->early_depth != decoder->depth)
			decoder->early_count = 0;
		decoder->early_depth = decoder->depth;
		if (decoder->early_count < LIMIT_COLUMNS)
			decoder->early[decoder->early_count++] = name;
	}
}

static void
element_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
	      const xmlChar **namespaces, int attribute_count, int defaulted_count, const xmlChar **attributes)
{
	struct xml_decoder *decoder = context;

	(void)prefix, (void)uri, (void)namespace_count, (void)namespaces;
	(void)attribute_count, (void)defaulted_count, (void)attributes;
	if (++decoder->depth > LIMIT_XML_DEPTH)
		file_refuse(decoder, "elements too deep, the last is", name);
	else if (decoder->row_depth == 0)
		outer_start(decoder, name);
	else if (decoder->depth == decoder->row_depth + 1)
		column_start(decoder, name, name_find(decoder, name));
	else if (decoder->column != COLUMN_COUNT)
		reference_start(decoder, name);
}

static void
element_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml_decoder *decoder = context;
	unsigned inner = decoder->depth-- - decoder->row_depth;

	(void)prefix, (void)uri;
	/* Text behind an element is a message that broke into the list; only in an unknown column it is nothing to
	 * us. */
	if (decoder->row_depth == 0 || inner <= 1 || decoder->column != COLUMN_COUNT)
		decoder->use = TEXT_BLANK;
	if (decoder->row_depth == 0) {
		if (decoder->depth + 1 < decoder->early_depth)
			decoder->early_count = 0;
	} else if (inner == 0) {
		row_end(decoder);
	} else if (inner == 1 && decoder->referred && !decoder->displayed) {
		file_refuse(decoder, "no display_value in column", name);
	}
}

static void
text_add(void *context, const xmlChar *bytes, int length)
{
	struct xml_decoder *decoder = context;
	struct slice text = { (const char *)bytes, (size_t)length };

	if (decoder->use == TEXT_CELL)
		raw_row_add(&decoder->row, &decoder->row.cell[decoder->column], bytes, text.length);
	else if (decoder->use == TEXT_BLANK && slice_trim(text).length > 0)
		file_refuse(decoder, "text outside the columns", NULL);
}

static void
doctype_refuse(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)external, (void)system;
	file_refuse(context, "a DOCTYPE is not allowed:", name);
}

/* libxml2 would print it. */
static void
parser_error(void *context, xmlErrorPtr failure)
{
	struct xml_decoder *decoder = context;

	/* Without a parser it is no memory for one. */
	if (failure->level != XML_ERR_FATAL || decoder->parser == NULL)
		return;
	/* It takes room for names in larger and larger parts. */
	if (failure->code == XML_ERR_NO_MEMORY && xmlDictGetUsage(decoder->parser->dict) > LIMIT_XML_NAMES / 4)
		file_refuse(decoder, "too many different names of elements and attributes", NULL);
	else if (failure->code == XML_ERR_NO_MEMORY)
		(void)error_set(decoder->error, EX_CANTCREAT, "%s: not enough memory", decoder->row.source);
	else if (decoder->ended && decoder->depth > 0)
		file_refuse(decoder, "ends inside an element: cut short", NULL);
	else
		(void)error_set(decoder->error, EX_DATAERR,
				"%s: line %d: not well-formed XML: %.*s; the file is refused", decoder->row.source,
				failure->line, (int)strcspn(failure->message, "\n"), failure->message);
}

/* `length` 0: the end. */
static void
chunk_parse(struct xml_decoder *decoder, const char *chunk, size_t length)
{
	decoder->ended = length == 0;
	(void)xmlParseChunk(decoder->parser, chunk, (int)length, decoder->ended);
	if (decoder->error->code == 0 && !decoder->parser->wellFormed)
		file_refuse(decoder, "not well-formed XML", NULL);
	/* It tells some of what it has no memory for by silence. */
	if (decoder->error->code == 0 && decoder->parser->disableSAX != 0)
		(void)error_set(decoder->error, EX_CANTCREAT, "%s: not enough memory", decoder->row.source);
}

static void
file_end(struct xml_decoder *decoder)
{
	chunk_parse(decoder, "", 0);
	if (decoder->error->code != 0)
		return;
	if (decoder->row.index == 0)
		file_refuse(decoder, "no row of the list in it", NULL);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		if (column_definitions[i].required && (decoder->ever_present & UINT32_C(1) << i) == 0)
			file_refuse(decoder, "missing required column", decoder->names[i]);
}

/* What libxml2 would print itself, beside the line that we print: of an encoding that breaks, for one. */
static void
print_nothing(void *context, const char *message, ...)
{
	(void)context, (void)message;
}

static bool
parser_begin(struct xml_decoder *decoder)
{
	xmlSAXHandler handler = {
		.initialized = XML_SAX2_MAGIC,
		.internalSubset = doctype_refuse,
		.startElementNs = element_start,
		.endElementNs = element_end,
		.characters = text_add,
		.ignorableWhitespace = text_add,
		.cdataBlock = text_add,
		.serror = parser_error,
	};
	xmlDictPtr names;
	bool known = true;

	xmlSetGenericErrorFunc(NULL, print_nothing);
	/* The register's reader may have had the program end where there is no memory; a list is refused then. */
	(void)xmlMemSetup(free, malloc, realloc, strdup);
	decoder->parser = xmlCreatePushParserCtxt(&handler, decoder, NULL, 0, NULL);
	if (decoder->parser == NULL || xmlCtxtUseOptions(decoder->parser, XML_PARSE_NONET) != 0)
		return false;
	names = decoder->parser->dict;
	(void)xmlDictSetLimit(names, LIMIT_XML_NAMES);
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		decoder->names[i] = xmlDictLookup(names, BAD_CAST column_definitions[i].name, -1);
		known = known && decoder->names[i] != NULL;
	}
	decoder->display_value = xmlDictLookup(names, BAD_CAST "display_value", -1);
	decoder->value = xmlDictLookup(names, BAD_CAST "value", -1);
	decoder->link = xmlDictLookup(names, BAD_CAST "link", -1);
	decoder->failure = xmlDictLookup(names, BAD_CAST "error", -1);
	return known && decoder->display_value != NULL && decoder->value != NULL && decoder->link != NULL &&
	       decoder->failure != NULL;
}

int
decode_xml(int file, struct slice head, const char *name, const struct decode_sink *sink, struct error *error)
{
	struct xml_decoder *decoder = calloc(1, sizeof *decoder);
	char *chunk = malloc(DECODE_CHUNK_BYTES), *text = malloc(RAW_ROW_BYTES);
	ssize_t got = 0;

	if (decoder == NULL || chunk == NULL || text == NULL || !parser_begin(decoder)) {
		(void)error_set(error, EX_CANTCREAT, "%s: not enough memory", name);
		goto out;
	}
	decoder->row.source = name;
	decoder->row.text = text;
	decoder->sink = sink;
	decoder->error = error;
	if (head.length > 0)
		chunk_parse(decoder, head.data, head.length);
	while (error->code == 0 && (got = decode_read(file, name, (uint64_t)decoder->parser->input->line, chunk,
						      DECODE_CHUNK_BYTES, error)) > 0)
		chunk_parse(decoder, chunk, (size_t)got);
	if (error->code == 0)
		file_end(decoder);
out:
	if (decoder != NULL)
		xmlFreeParserCtxt(decoder->parser);
	free(text);
	free(chunk);
	free(decoder);
	return error->code;
}
