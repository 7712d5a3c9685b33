/* SPDX-License-Identifier: ISC
 *
 * An appendix of companies: one a line or two beside each other, perhaps with a count, an RMD number and an FRN, over
 * many pages. A row that could be read in two ways stays out and is told.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "notice/reading.h"

#define CELLS_MAX 16
/* Blanks that part two columns; one word of a name is parted from the next by fewer. */
#define GAP_BLANKS 2
#define HEADING_BYTES 100
#define NAME_BYTES 200
/* A name goes on below its beginning, or so many places beside it. */
#define NAME_INDENT 4
/* Around the words that send a reader to the appendix. */
#define REFERENCE_BYTES 300

enum cell_kind { CELL_NAME, CELL_COUNT, CELL_RMD, CELL_FRN, CELL_SPOILT_KEY, CELL_ADDRESS };

/* Columns of tabs are so far from each other, whatever is in them. */
#define TAB_COLUMN 1000

struct cell {
	struct slice text;
	size_t column; /* where it begins in the line */
	enum cell_kind kind;
};

struct cells {
	struct cell cells[CELLS_MAX];
	size_t count;
	bool tabs;
	size_t next; /* the count that the list would go on with, 0: not all its rows have one */
};

enum column_kind { COLUMN_NAME = 1, COLUMN_ADDRESS, COLUMN_OTHER };

/* The columns that the list's header names: where they begin, and what they hold. */
struct header {
	size_t columns[CELLS_MAX];
	enum column_kind kinds[CELLS_MAX];
	size_t count;
};

/* A company of the line above, whose name may go on below it. */
struct above {
	size_t provider; /* its index */
	size_t column;
};

struct list {
	struct import *import;
	struct header header;
	struct above above[CELLS_MAX];
	size_t above_count;
	size_t rows;
	size_t counted; /* rows with a count before them */
	size_t keyed;   /* rows with a key */
	size_t last;    /* the highest count */
	size_t doubts;
};

/* "APPENDIX A", "Attachment", "Appendix B: Companies": the letter or digit, ' ' for none; '\0': no heading. */
static char
heading_label(struct slice line)
{
	static const char *const words[] = { "APPENDIX", "ATTACHMENT", "EXHIBIT" };
	size_t length = 0;
	struct slice rest;
	char label = ' ';

	for (size_t i = 0; i < sizeof words / sizeof words[0] && length == 0; i++)
		length = phrase_begins(line, words[i]);
	if (length == 0 || line.length > HEADING_BYTES)
		return '\0';
	rest = slice_part(line, length, SIZE_MAX);
	if (rest.length > 0 && (is_capital(rest.data[0]) || is_digit(rest.data[0])) &&
	    (rest.length == 1 || strchr(" :.-(", rest.data[1]) != NULL)) {
		label = rest.data[0];
		rest = slice_part(rest, 1, SIZE_MAX);
	}
	/* "Appendix A lists" is a sentence's beginning. */
	return rest.length == 0 || strchr(":-.(", rest.data[0]) != NULL ||
			       (is_capital(rest.data[0]) && rest.data[rest.length - 1] != '.')
		       ? label
		       : '\0';
}

/* Whether the words at the place send the reader to companies in an appendix; *label as heading_label has it. */
static bool
reference_read(const struct import *import, struct span words, char *label)
{
	static const char *const about[] = { "compan*", "provider*", "entities", "filers", "certification*" };
	size_t begin = words.begin > REFERENCE_BYTES ? words.begin - REFERENCE_BYTES : 0;
	struct slice around = slice_part(import->flow, begin > import->head ? begin : import->head, words.end + 60);
	struct slice rest = slice_part(import->flow, words.end, words.end + 4);

	/* The heading of the appendix is in the flow too. */
	if (heading_label(line_text(&import->page, flow_line(&import->page, words.begin) - 1)) != '\0')
		return false;
	*label = rest.length > 0 && (is_capital(rest.data[0]) || is_digit(rest.data[0])) &&
				 (rest.length == 1 || strchr(" ,.;:)", rest.data[1]) != NULL)
			 ? rest.data[0]
			 : ' ';
	for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
		if (phrase_in(around, about[i]))
			return true;
	return false;
}

#define LABEL_SEVERAL '\x01'

/* The appendix whose companies are named from a place of the text on: ' ' for one without a letter, '\0' for none. */
static char
label_from(const struct import *import, size_t begin)
{
	static const char *const words[] = { "Appendix", "Attachment", "Exhibit" };
	char label = '\0', here;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct span found;
		size_t from = begin;

		for (int n = 0;
		     n < LIMIT_NOTICE_CLAUSES && phrase_find(import->flow, words[i], from, SIZE_MAX, &found); n++) {
			from = found.end;
			if (!reference_read(import, found, &here))
				continue;
			if (label != '\0' && label != here)
				return LABEL_SEVERAL;
			label = here;
		}
	}
	return label;
}

/* What the order orders goes before what it tells. */
static char
label_read(const struct import *import)
{
	struct span ordered;
	char label = '\0';

	if (phrase_find(import->flow, "ORDERED", import->head, SIZE_MAX, &ordered))
		label = label_from(import, ordered.end);
	return label != '\0' ? label : label_from(import, import->head);
}

static bool
is_count(struct slice text)
{
	size_t digits = 0;

	while (digits < text.length && digits < 6 && is_digit(text.data[digits]))
		digits++;
	if (digits < text.length && (text.data[digits] == '.' || text.data[digits] == ')'))
		return digits > 0 && digits + 1 == text.length;
	return digits > 0 && digits < 6 && digits == text.length;
}

/* A key without the brackets and commas around it. */
static struct slice
key_bare(struct slice text)
{
	while (text.length > 0 && strchr("([,;#", text.data[0]) != NULL) {
		text.data++;
		text.length--;
	}
	while (text.length > 0 && strchr(")],;", text.data[text.length - 1]) != NULL)
		text.length--;
	return text;
}

/* A key that a scan has spoilt: ten places, most of them digits. */
static bool
is_spoilt_key(struct slice text)
{
	size_t digits = 0, others = 0;

	for (size_t i = 0; i < text.length; i++) {
		digits += is_digit(text.data[i]);
		others += strchr("OolISBZ|", text.data[i]) != NULL;
	}
	if (slice_starts_fold(text, "RMD"))
		return digits >= 4 && text.length <= 14;
	return digits >= 6 && text.length >= 7 && text.length <= 13 && digits + others + 2 >= text.length;
}

static enum cell_kind
kind_of(struct slice text)
{
	struct slice bare = key_bare(text);

	if (rmd_number_parse(bare) != 0)
		return CELL_RMD;
	/* Ten digits without zeros before them are rather a telephone number. */
	if (frn_parse(bare) != 0)
		return bare.data[0] == '0' ? CELL_FRN : CELL_SPOILT_KEY;
	return is_spoilt_key(bare) ? CELL_SPOILT_KEY : CELL_NAME;
}

static void
cell_add(struct cells *cells, struct slice text, struct slice line, enum cell_kind kind)
{
	size_t column = 0;

	if (text.length == 0 || cells->count == CELLS_MAX)
		return;
	for (const char *c = line.data; cells->tabs && c < text.data; c++)
		column += *c == '\t' || *c == '|' ? TAB_COLUMN : 0;
	if (!cells->tabs)
		column = (size_t)(text.data - line.data);
	cells->cells[cells->count++] = (struct cell){ text, column, kind };
}

static bool
is_next(const struct cells *cells, struct slice count)
{
	uint64_t number;

	return cells->count == 0 && cells->next > 0 && slice_decimal(count, LIMIT_NOTICE_PROVIDERS, &number) &&
	       number == cells->next;
}

/* Keys and counts that but a blank parts from a name are cells of their own. */
static void
column_add(struct cells *cells, struct slice column, struct slice line)
{
	struct slice key = { NULL, 0 };
	size_t length = 0;

	/* A count is followed by a point, or is the next of a list in which all rows have one. */
	while (length < column.length && column.data[length] != ' ')
		length++;
	if (length < column.length && is_count((struct slice){ column.data, length }) &&
	    (!is_digit(column.data[length - 1]) || is_next(cells, (struct slice){ column.data, length }))) {
		cell_add(cells, (struct slice){ column.data, length }, line, CELL_COUNT);
		column = slice_part(column, length, SIZE_MAX);
	}
	if (is_count(column)) {
		cell_add(cells, column, line, CELL_COUNT);
		return;
	}
	for (length = 0; length < column.length && column.data[length] != ' ';)
		length++;
	if (kind_of((struct slice){ column.data, length }) != CELL_NAME) {
		cell_add(cells, (struct slice){ column.data, length }, line,
			 kind_of((struct slice){ column.data, length }));
		if (length < column.length)
			column_add(cells, slice_part(column, length, SIZE_MAX), line);
		return;
	}
	/* From behind, so that the name keeps what is none. */
	for (size_t end = column.length; end > 0; end--) {
		struct slice last;

		if (column.data[end - 1] != ' ')
			continue;
		last = slice_part(column, end, SIZE_MAX);
		if (memchr(last.data, ' ', last.length) != NULL || kind_of(last) == CELL_NAME)
			break;
		key = last;
		break;
	}
	if (key.length == 0) {
		cell_add(cells, column, line, kind_of(column));
		return;
	}
	column_add(cells, slice_part(column, 0, (size_t)(key.data - column.data)), line);
	cell_add(cells, key, line, kind_of(key));
}

static void
cells_split(struct slice line, struct cells *cells)
{
	size_t begin = 0;

	cells->count = 0;
	cells->tabs = memchr(line.data, '\t', line.length) != NULL || memchr(line.data, '|', line.length) != NULL;
	for (size_t i = 0; i <= line.length; i++) {
		size_t blanks = 0;

		while (i + blanks < line.length && line.data[i + blanks] == ' ')
			blanks++;
		if (i < line.length && line.data[i] != '\t' && line.data[i] != '|' && blanks < GAP_BLANKS)
			continue;
		column_add(cells, slice_trim((struct slice){ line.data + begin, i - begin }), line);
		begin = i + 1;
		i += blanks > 0 ? blanks - 1 : 0;
	}
}

/* What a column of that name holds; 0: it is no column's name. */
static enum column_kind
column_kind_of(struct slice text)
{
	static const struct {
		const char *name;
		enum column_kind kind;
	} all[] = {
		{ "Company", COLUMN_NAME },
		{ "Company Name", COLUMN_NAME },
		{ "Companies", COLUMN_NAME },
		{ "Name of Company", COLUMN_NAME },
		{ "Provider", COLUMN_NAME },
		{ "Providers", COLUMN_NAME },
		{ "Provider Name", COLUMN_NAME },
		{ "Voice Service Provider", COLUMN_NAME },
		{ "Name", COLUMN_NAME },
		{ "Legal Name", COLUMN_NAME },
		{ "Business Name", COLUMN_NAME },
		{ "Entity", COLUMN_NAME },
		{ "Entity Name", COLUMN_NAME },
		{ "Filer", COLUMN_NAME },
		{ "Filer Name", COLUMN_NAME },
		{ "Address", COLUMN_ADDRESS },
		{ "Business Address", COLUMN_ADDRESS },
		{ "No.", COLUMN_OTHER },
		{ "Number", COLUMN_OTHER },
		{ "RMD", COLUMN_OTHER },
		{ "RMD No.", COLUMN_OTHER },
		{ "RMD Number", COLUMN_OTHER },
		{ "RMD ID", COLUMN_OTHER },
		{ "RMD Filing", COLUMN_OTHER },
		{ "RMD Filing Number", COLUMN_OTHER },
		{ "RMD Certification", COLUMN_OTHER },
		{ "RMD Certification No.", COLUMN_OTHER },
		{ "RMD Certification Number", COLUMN_OTHER },
		{ "Certification Number", COLUMN_OTHER },
		{ "Filing Number", COLUMN_OTHER },
		{ "FRN", COLUMN_OTHER },
		{ "FRN No.", COLUMN_OTHER },
		{ "FRN Number", COLUMN_OTHER },
		{ "FCC Registration Number", COLUMN_OTHER },
		{ "FCC Registration Number (FRN)", COLUMN_OTHER },
		{ "City", COLUMN_OTHER },
		{ "State", COLUMN_OTHER },
		{ "Country", COLUMN_OTHER },
	};

	if (text.length == 1 && text.data[0] == '#')
		return COLUMN_OTHER;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (phrase_is(text, all[i].name))
			return all[i].kind;
	return (enum column_kind)0;
}

/* The line names columns: then they are the list's. One that we do not know may be among others. */
static bool
header_read(struct list *list, const struct cells *cells)
{
	struct header header = { .count = cells->count };
	size_t known = 0;

	for (size_t i = 0; i < cells->count; i++) {
		header.columns[i] = cells->cells[i].column;
		header.kinds[i] = column_kind_of(cells->cells[i].text);
		known += header.kinds[i] != 0;
		if (header.kinds[i] == 0)
			header.kinds[i] = COLUMN_OTHER;
	}
	if (known == 0 || (known < 2 && known < cells->count))
		return false;
	list->header = header;
	return true;
}

/* What the header says of the column nearest to the place; 0 without a header. */
static enum column_kind
column_at(const struct header *header, size_t column)
{
	enum column_kind kind = (enum column_kind)0;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < header->count; i++) {
		size_t distance =
			header->columns[i] > column ? header->columns[i] - column : column - header->columns[i];

		if (distance < least) {
			least = distance;
			kind = header->kinds[i];
		}
	}
	return kind;
}

static int
list_doubt(struct list *list, struct slice words, unsigned line, const char *why)
{
	return list->doubts++ < LIMIT_NOTICE_DOUBTS ? doubt_add(list->import, "provider", words, line, false, why)
						    : 0;
}

/* One company's cells, by what they are. */
struct company {
	const struct cell *cells[CELL_ADDRESS + 1];
	bool several; /* FRNs or RMD numbers */
};

static struct company
company_of(const struct cell *cells, size_t count)
{
	struct company company = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct cell **cell = &company.cells[cells[i].kind];

		if (*cell == NULL)
			*cell = &cells[i];
		else if (cells[i].kind == CELL_RMD || cells[i].kind == CELL_FRN)
			company.several = true;
	}
	return company;
}

static int
company_keys_add(struct list *list, struct notice_provider *provider, const struct company *company, unsigned line)
{
	const struct cell *spoilt = company->cells[CELL_SPOILT_KEY], *address = company->cells[CELL_ADDRESS];

	for (enum cell_kind kind = CELL_RMD; kind <= CELL_FRN; kind++)
		if (company->cells[kind] != NULL &&
		    provider_key_add(list->import, provider, key_bare(company->cells[kind]->text), line) != 0)
			return list->import->error->code;
	if (address != NULL && text_set(list->import, "address", &provider->address, address->text, line) != 0)
		return list->import->error->code;
	if (spoilt == NULL)
		return 0;
	return doubt_add(list->import, slice_starts_fold(spoilt->text, "RMD") ? "rmd" : "frn", spoilt->text, line,
			 false, "is not of the form of an RMD number or an FRN");
}

static int
company_add(struct list *list, const struct cell *cells, size_t count, bool alone, unsigned line)
{
	struct company company = company_of(cells, count);
	const struct cell *name = company.cells[CELL_NAME];
	bool counted = company.cells[CELL_COUNT] != NULL;
	bool keyed = company.cells[CELL_RMD] != NULL || company.cells[CELL_FRN] != NULL;
	bool in_column = name != NULL && count > 1 && alone && column_at(&list->header, name->column) == COLUMN_NAME;
	struct notice_provider *provider;

	list->rows++;
	if (name == NULL)
		return list_doubt(list, cells[0].text, line, "a row without a name");
	if (company.several)
		return list_doubt(list, name->text, line, "several FRNs or RMD numbers stand on its line");
	if (!counted && !keyed && !in_column && !is_company(name->text))
		return list_doubt(list, name->text, line, "no count, no number, and not a company's name by its end");
	list->counted += counted;
	list->keyed += keyed;
	provider = provider_add(list->import, name->text, line);
	if (list->above_count < CELLS_MAX)
		list->above[list->above_count++] =
			(struct above){ list->import->notice->provider_count - 1, name->column };
	return provider != NULL ? company_keys_add(list, provider, &company, line) : list->import->error->code;
}

/* The highest count: rows must be as many. */
static void
count_keep(struct list *list, struct slice text)
{
	uint64_t count = 0;
	size_t digits = 0;

	while (digits < text.length && is_digit(text.data[digits]))
		digits++;
	if (slice_decimal((struct slice){ text.data, digits }, LIMIT_NOTICE_PROVIDERS, &count) && count > list->last)
		list->last = (size_t)count;
}

/* Keeps of a line what is a company's, and tells an address from a name where the header does. */
static size_t
cells_sort(const struct list *list, struct cells *cells)
{
	size_t kept = 0;

	for (size_t i = 0; i < cells->count; i++) {
		struct cell cell = cells->cells[i];
		enum column_kind kind = column_at(&list->header, cell.column);
		/* A name may begin far from its centred heading. */
		bool first = !cells->tabs && (i == 0 || cells->cells[i - 1].kind == CELL_COUNT);

		if (cell.kind == CELL_NAME && !first && kind == COLUMN_ADDRESS)
			cell.kind = CELL_ADDRESS;
		if (cell.kind != CELL_NAME || first || kind != COLUMN_OTHER)
			cells->cells[kept++] = cell;
	}
	return kept;
}

/* More of the address above. */
static int
address_extend(struct list *list, struct slice more)
{
	struct notice *notice = list->import->notice;
	struct notice_provider *last = &notice->providers[notice->provider_count - 1];
	char room[LIMIT_NOTICE_TEXT];
	struct slice address = slice_join(room, sizeof room, slice_of(last->address), ", ", more);

	if (last->address[0] == '\0' || address.length == 0)
		return 0;
	return notice_set(&last->address, address) ? 0 : import_no_memory(list->import);
}

/* A line's cells as companies: a count begins another, and so does a name behind a name. */
static int
row_read(struct list *list, struct cells *cells, unsigned line)
{
	size_t begin = 0, kept = cells_sort(list, cells), names = 0;
	bool name = false;

	if (kept == 1 && cells->cells[0].kind == CELL_ADDRESS && list->above_count == 1)
		return address_extend(list, cells->cells[0].text);
	list->above_count = 0;
	for (size_t i = 0; i < kept; i++)
		names += cells->cells[i].kind == CELL_NAME;
	for (size_t i = 0; i < kept; i++) {
		const struct cell *cell = &cells->cells[i];
		bool another = i > begin && (cell->kind == CELL_COUNT || (cell->kind == CELL_NAME && name));

		if (another && company_add(list, &cells->cells[begin], i - begin, names == 1, line) != 0)
			return list->import->error->code;
		begin = another ? i : begin;
		name = (name && !another) || cell->kind == CELL_NAME;
		if (cell->kind == CELL_COUNT)
			count_keep(list, cell->text);
	}
	return kept > begin ? company_add(list, &cells->cells[begin], kept - begin, names == 1, line) : 0;
}

/* The company of the line above with whose name the cell goes on: by its column, and as a trade name, or as what
 * completes a name. NULL: none. */
static struct notice_provider *
goes_on_with(const struct list *list, const struct cell *cell)
{
	struct notice_provider *provider = NULL;
	char room[2 * NAME_BYTES];
	struct slice name;

	for (size_t i = 0; i < list->above_count; i++)
		if (cell->column <= list->above[i].column + NAME_INDENT &&
		    list->above[i].column <= cell->column + NAME_INDENT)
			provider = &list->import->notice->providers[list->above[i].provider];
	if (provider == NULL || cell->kind != CELL_NAME)
		return NULL;
	if (phrase_begins(cell->text, "d/b/a") > 0 || phrase_begins(cell->text, "f/k/a") > 0 ||
	    phrase_begins(cell->text, "doing business as") > 0)
		return provider;
	if (is_company(slice_of(provider->name)))
		return NULL;
	name = slice_join(room, sizeof room, slice_of(provider->name), " ", cell->text);
	/* In a list without counts and keys every line may be a company. */
	return is_company(name) && (memchr(cell->text.data, ' ', cell->text.length) == NULL ||
				    list->counted + list->keyed > 0)
		       ? provider
		       : NULL;
}

static bool
goes_on(const struct list *list, const struct cells *cells)
{
	for (size_t i = 0; i < cells->count; i++)
		if (goes_on_with(list, &cells->cells[i]) == NULL)
			return false;
	return cells->count > 0;
}

static int
name_extend(struct list *list, struct notice_provider *provider, struct slice more)
{
	struct findings *findings = list->import->findings;
	struct finding *finding = NULL;
	char room[2 * NAME_BYTES];
	struct slice name = slice_join(room, sizeof room, slice_of(provider->name), " ", more);

	if (name.length == 0)
		return 0;
	for (size_t i = findings->count; i > 0 && finding == NULL; i--)
		if (findings->findings[i - 1].certain && strcmp(findings->findings[i - 1].value, provider->name) == 0)
			finding = &findings->findings[i - 1];
	if (!notice_set(&provider->name, name) || (finding != NULL && !notice_set(&finding->value, name)))
		return import_no_memory(list->import);
	return 0;
}

/* A title or a sentence above or below the list. */
static bool
is_prose(const struct list *list, const struct cells *cells)
{
	struct slice text = cells->cells[0].text;

	if (cells->count != 1 || cells->cells[0].kind != CELL_NAME || is_company(text))
		return false;
	return phrase_begins(text, "List of") > 0 || phrase_in(text, "FCC") || phrase_in(text, "continued") ||
	       phrase_in(text, "Robocall Mitigation Database") || text.length > HEADING_BYTES ||
	       (list->rows == 0 && (phrase_in(text, "Companies") || phrase_in(text, "Providers"))) ||
	       (text.data[text.length - 1] == '.' && memchr(text.data, ' ', text.length) != NULL);
}

/* What the text counts: "185 companies", "1,203 voice service providers". *any: it counts them; true: as many. */
static bool
is_counted(const struct import *import, size_t listed, bool *any, struct span *first)
{
	static const char *const words[] = { "compan*", "provider*", "entities", "filers" };
	struct slice flow = import->flow;

	*any = false;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct span found;
		size_t from = import->head;

		for (int n = 0; n < LIMIT_NOTICE_CLAUSES && phrase_find(flow, words[i], from, SIZE_MAX, &found);
		     n++) {
			struct slice before = slice_part(flow, found.begin > 40 ? found.begin - 40 : 0, found.begin);
			size_t end = before.length, number = 0, scale = 1, spaces = 0;

			from = found.end;
			/* Back over at most three words, to a number. */
			while (end > 0 && spaces < 3 && !is_digit(before.data[end - 1]))
				spaces += before.data[--end] == ' ';
			if (end == 0 || !is_digit(before.data[end - 1]) ||
			    (end < before.length && before.data[end] != ' '))
				continue;
			for (; end > 0 && scale < 1000000 &&
			       (is_digit(before.data[end - 1]) || before.data[end - 1] == ',');
			     end--)
				if (before.data[end - 1] != ',') {
					number += scale * (size_t)(before.data[end - 1] - '0');
					scale *= 10;
				}
			if (end > 0 && before.data[end - 1] != ' ')
				continue;
			while (found.end < flow.length && flow.data[found.end] != ' ')
				found.end++;
			if (!*any)
				*first = (struct span){ (size_t)(before.data + end - flow.data), found.end };
			*any = true;
			if (number == listed)
				return true;
		}
	}
	return false;
}

/* Whether as many were read as the order says, and as the list counts. */
static int
counts_check(struct list *list)
{
	struct import *import = list->import;
	struct span said;
	bool any;

	if (list->last > 0 && list->last != list->rows)
		return doubt_add(import, "provider", slice_of(""), (unsigned)import->page.line_count, false,
				 "the list counts its rows otherwise than they were read: compare it");
	if (!is_counted(import, list->rows, &any, &said) && any)
		return doubt_add(import, "provider", slice_part(import->flow, said.begin, said.end),
				 flow_line(&import->page, said.begin), false,
				 "the text counts its companies otherwise than they were read: compare the list");
	return 0;
}

static int
list_read(struct list *list, size_t begin, char label)
{
	const struct page *page = &list->import->page;

	for (size_t i = begin; i < page->line_count; i++) {
		struct cells cells;
		char here = heading_label(line_text(page, i));

		/* Another appendix; the same heading stands on each page. */
		if (here != '\0' && here != label)
			break;
		if (here != '\0' || is_between_rows(page, i))
			continue;
		cells.next = list->counted == list->rows ? list->rows + 1 : 0;
		cells_split(page->lines[i].text, &cells);
		if (cells.count == 0 || header_read(list, &cells) || is_prose(list, &cells))
			continue;
		if (goes_on(list, &cells)) {
			for (size_t k = 0; k < cells.count; k++)
				if (name_extend(list, goes_on_with(list, &cells.cells[k]), cells.cells[k].text) != 0)
					return list->import->error->code;
			continue;
		}
		if (row_read(list, &cells, (unsigned)i + 1) != 0)
			return list->import->error->code;
	}
	return 0;
}

/* The heading that the list stands under: the first with the label behind what the order orders, as tables of
 * contents stand before it. */
static size_t
list_begin(const struct import *import, char label)
{
	const struct page *page = &import->page;
	struct span found;
	size_t from = import->head, line = import->head_lines;

	for (int n = 0; n < LIMIT_NOTICE_CLAUSES && phrase_find(import->flow, "ORDERED", from, SIZE_MAX, &found);
	     n++) {
		from = found.end;
		line = flow_line(page, found.begin);
	}
	for (size_t i = line; i < page->line_count; i++)
		if (heading_label(line_text(page, i)) == label)
			return i + 1;
	return page->line_count;
}

/* The label of the only appendix; '\0' where there is none, or another beside it. */
static char
label_only(const struct import *import)
{
	char label = '\0';

	for (size_t i = import->head_lines; i < import->page.line_count; i++) {
		char here = heading_label(line_text(&import->page, i));

		if (here != '\0' && label != '\0' && label != here)
			return '\0';
		label = here != '\0' ? here : label;
	}
	return label;
}

int
import_appendix(struct import *import, bool any, bool *listed)
{
	struct list list = { .import = import };
	char label = label_read(import);
	size_t begin;

	*listed = label == LABEL_SEVERAL;
	if (*listed)
		return doubt_add(import, "provider", slice_of("Appendix"), (unsigned)import->head_lines + 1, false,
				 "the text speaks of several appendices with companies");
	if (label == '\0' && any)
		label = label_only(import);
	if (label == '\0')
		return 0;
	begin = list_begin(import, label);
	if (begin == import->page.line_count)
		return 0;
	*listed = true;
	if (list_read(&list, begin, label) != 0)
		return import->error->code;
	if (list.rows == 0)
		return doubt_add(import, "provider", line_text(&import->page, begin - 1), (unsigned)begin, false,
				 "no company of the appendix could be read");
	return counts_check(&list);
}
