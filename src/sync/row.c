/* SPDX-License-Identifier: ISC
 *
 * One row of the source becomes a filing, whatever the format was: every oddity of the FCC's data is dealt with here
 * and nowhere else. Nothing is guessed: a value that we do not understand quarantines its row.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "rmd.h"
#include "sync/decode.h"

/* So much of a wrong value is shown: enough to find it, too little to flood a terminal. */
#define VALUE_SHOWN 40

/* The four texts of the column, as the FCC writes them. */
#define TEXT(text) (text), sizeof(text) - 1
static const struct {
	const char *text;
	size_t length;
	uint8_t implementation;
} implementations[] = {
	{ TEXT("Complete STIR/SHAKEN Implementation"), RMD_IMPLEMENTATION_COMPLETE },
	{ TEXT("No STIR/SHAKEN Implementation - Performing Robocall Mitigation"), RMD_IMPLEMENTATION_NONE },
	{ TEXT("Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation"), RMD_IMPLEMENTATION_PARTIAL },
	{ TEXT("N/A"), RMD_IMPLEMENTATION_NOT_CERTIFIED },
};

/* CRLF, and CR alone, become LF in place: the same address must not differ by the way in which it was sent. */
static size_t
lines_clean(char *text, size_t length)
{
	size_t kept = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] != '\r')
			text[kept++] = text[i];
		else if (i + 1 == length || text[i + 1] != '\n')
			text[kept++] = '\n';
	}
	return kept;
}

/* Whether the row is ASCII without a CR, as nearly all are: then no cell has to be searched for either. Eight bytes
 * at a time; a word has a CR where subtracting from its difference to eight CRs borrows into a high bit. */
static bool
row_plain(const struct raw_row *row)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= row->used; i += sizeof(uint64_t)) {
		uint64_t word, difference;

		memcpy(&word, row->text + i, sizeof word);
		difference = word ^ ones * '\r';
		if (((word | (difference - ones)) & highs) != 0)
			return false;
	}
	for (; i < row->used; i++)
		if ((unsigned char)row->text[i] >= 0x80 || row->text[i] == '\r')
			return false;
	return true;
}

/* A spreadsheet takes a cell that begins so for a formula: the export guards it by an apostrophe. */
static bool
begins_formula(char c)
{
	return c == '+' || c == '@' || c == '=' || c == '-';
}

static struct slice
cell_clean(struct raw_cell cell, bool plain)
{
	struct slice text = { cell.data, cell.length };

	/* What is longer was cut by the decoder: trimming could make it look whole again. */
	if (cell.length == 0 || cell.length > LIMIT_FIELD_BYTES)
		return text;
	if (!plain)
		text.length = lines_clean(cell.data, cell.length);
	if ((unsigned char)text.data[0] <= ' ' || (unsigned char)text.data[text.length - 1] <= ' ')
		text = slice_trim(text);
	if (text.length > 1 && text.data[0] == '\'' && begins_formula(text.data[1])) {
		text.data++;
		text.length--;
	}
	return text;
}

/* Fills the reason: the value, as far as it is shown, and what is wrong with it. */
static void
reject_set(struct reject *reject, enum column column, struct slice value, const char *clause)
{
	char shown[VALUE_SHOWN + 1];
	bool valid;

	reject->column = column;
	slice_copy(shown, sizeof shown, value);
	valid = utf8_valid(slice_of(shown));
	for (char *c = shown; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f || (!valid && (unsigned char)*c >= 0x80))
			*c = '?';
	if (snprintf(reject->reason, sizeof reject->reason, "\"%s%s\" %s", shown,
		     strlen(shown) < value.length ? "..." : "", clause) < 0)
		reject->reason[0] = '\0';
}

/* `YYYY-MM-DD`, with or without a time of day behind it, which no rule needs. */
static bool
date_read(struct slice cell, day *date)
{
	uint64_t hour, minute, second;

	*date = DAY_NONE;
	if (cell.length == 0)
		return true;
	if (cell.length == 19) {
		const char *p = cell.data;

		if ((p[10] != ' ' && p[10] != 'T') || p[13] != ':' || p[16] != ':' ||
		    !slice_decimal((struct slice){ p + 11, 2 }, 23, &hour) ||
		    !slice_decimal((struct slice){ p + 14, 2 }, 59, &minute) ||
		    !slice_decimal((struct slice){ p + 17, 2 }, 60, &second))
			return false;
		cell.length = 10;
	}
	*date = day_parse(cell);
	return *date != DAY_NONE;
}

/* Exactly so, as nearly always, or but for the case of letters. */
static inline bool
cell_is(struct slice cell, const char *text, size_t length)
{
	return cell.length == length && (memcmp(cell.data, text, length) == 0 || slice_starts_fold(cell, text));
}

static bool
implementation_read(struct slice cell, uint8_t *implementation)
{
	for (size_t i = 0; i < sizeof implementations / sizeof implementations[0]; i++)
		if (cell_is(cell, implementations[i].text, implementations[i].length)) {
			*implementation = implementations[i].implementation;
			return true;
		}
	return false;
}

static bool
role_read(struct slice cell, enum rmd_role role, uint8_t *roles)
{
	if (cell_is(cell, "Yes", 3)) {
		*roles = (uint8_t)(*roles | 1U << role);
		return true;
	}
	return cell_is(cell, "No", 2);
}

static bool
foreign_read(struct slice cell, uint8_t *foreign)
{
	*foreign = FOREIGN_BLANK;
	if (cell_is(cell, "Yes", 3))
		*foreign = FOREIGN_YES;
	else if (cell_is(cell, "No", 2))
		*foreign = FOREIGN_NO;
	return *foreign != FOREIGN_BLANK || cell.length == 0;
}

/* Reads a column that has a meaning of its own; NULL, or what is wrong with it. */
static const char *
value_read(enum column column, struct slice cell, struct filing *filing)
{
	switch (column) {
	case COLUMN_NUMBER:
		return filing->number != 0 ? NULL : "is not RMD and 7 digits";
	case COLUMN_FRN:
		return cell.length == 0 || filing->frn != 0 ? NULL : "is not an FRN of 10 digits";
	case COLUMN_FOREIGN_VOICE_PROVIDER:
		return foreign_read(cell, &filing->foreign) ? NULL : "is neither Yes nor No nor blank";
	case COLUMN_IMPLEMENTATION:
		return implementation_read(cell, &filing->implementation) ? NULL : "is not a known implementation";
	case COLUMN_VOICE_SERVICE_PROVIDER_CHOICE:
		return role_read(cell, RMD_ROLE_VSP, &filing->roles) ? NULL : "is neither Yes nor No";
	case COLUMN_GATEWAY_PROVIDER_CHOICE:
		return role_read(cell, RMD_ROLE_GATEWAY, &filing->roles) ? NULL : "is neither Yes nor No";
	case COLUMN_INTERMEDIATE_PROVIDER_CHOICE:
		return role_read(cell, RMD_ROLE_INTERMEDIATE, &filing->roles) ? NULL : "is neither Yes nor No";
	case COLUMN_LAST_UPDATED:
		return date_read(cell, &filing->last_updated) ? NULL : "is not a date (YYYY-MM-DD)";
	case COLUMN_LAST_RECERTIFIED:
		return date_read(cell, &filing->last_recertified) ? NULL : "is not a date (YYYY-MM-DD)";
	default:
		return "is a column without a meaning";
	}
}

/* The first thing that is wrong with the row, in the order of the columns; false: nothing is. */
static bool
reject_find(const struct slice cells[COLUMN_COUNT], bool plain, struct filing *filing, struct reject *reject)
{
	size_t total = 0;

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;
		const char *wrong = NULL;

		filing->text[i] = (struct slice){ NULL, 0 };
		total += cells[i].length;
		if (cells[i].data == NULL && column_definitions[i].required)
			wrong = "is missing in this row";
		else if (cells[i].length > LIMIT_FIELD_BYTES)
			wrong = "is too long for one column";
		else if (total > LIMIT_ROW_BYTES)
			wrong = "makes the row too long";
		else if (!column_definitions[i].text)
			wrong = value_read(column, cells[i], filing);
		else if (!plain && !utf8_valid(cells[i]))
			wrong = "is not valid UTF-8";
		else
			filing->text[i] = cells[i];
		if (wrong != NULL) {
			reject_set(reject, column, cells[i], wrong);
			return true;
		}
	}
	return false;
}

int
row_deliver(const struct decode_sink *sink, struct raw_row *row, struct error *error)
{
	struct filing filing;
	struct slice cells[COLUMN_COUNT];
	bool plain = row_plain(row);
	struct reject reject;

	if (row->index >= LIMIT_ROWS)
		return error_set(error, EX_DATAERR, "%s: line %" PRIu64 ": more than %d rows; the file is refused",
				 row->source, row->line, LIMIT_ROWS);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		cells[i] = cell_clean(row->cell[i], plain);
	/* A quarantined row must keep its provider's older filing alive, so its keys are read before all else. */
	filing.roles = 0;
	filing.number = rmd_number_parse(cells[COLUMN_NUMBER]);
	filing.frn = frn_parse(cells[COLUMN_FRN]);
	if (!reject_find(cells, plain, &filing, &reject))
		return sink->filing(sink->context, &filing, row->line, error);
	reject.line = row->line;
	reject.number = filing.number;
	reject.frn = filing.frn;
	return sink->reject(sink->context, &reject, error);
}
