/* SPDX-License-Identifier: ISC
 *
 * The one mapping from a row's text to a filing: each oddity of the source by its own test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rmd.h"
#include "sync/decode.h"

/* What became of the one row. Texts of the filing point into `text`. */
struct outcome {
	unsigned filings, rejects;
	struct filing filing;
	struct reject reject;
	uint64_t line;
	struct error error;
	char *text;
};

static int
filing_take(void *context, const struct filing *filing, uint64_t line, struct error *error)
{
	struct outcome *outcome = context;

	(void)error;
	outcome->filings++;
	outcome->filing = *filing;
	outcome->line = line;
	return 0;
}

static int
reject_take(void *context, const struct reject *reject, struct error *error)
{
	struct outcome *outcome = context;

	(void)error;
	outcome->rejects++;
	outcome->reject = *reject;
	return 0;
}

static const char *const good_row[COLUMN_COUNT] = {
	[COLUMN_NUMBER] = "RMD9000001",
	[COLUMN_FRN] = "0099000001",
	[COLUMN_BUSINESS_NAME] = "Alpha Telephone",
	[COLUMN_IMPLEMENTATION] = "Complete STIR/SHAKEN Implementation",
	[COLUMN_VOICE_SERVICE_PROVIDER_CHOICE] = "Yes",
	[COLUMN_GATEWAY_PROVIDER_CHOICE] = "No",
	[COLUMN_INTERMEDIATE_PROVIDER_CHOICE] = "No",
};

/* Delivers the good row with one column replaced by these bytes (NULL: left out). */
static int
deliver(struct outcome *outcome, enum column column, const char *bytes, size_t length)
{
	struct raw_row row = { .source = "test", .line = 7, .text = outcome->text };
	const struct decode_sink sink = { .filing = filing_take, .reject = reject_take, .context = outcome };
	char *text = outcome->text;

	memset(outcome, 0, sizeof *outcome);
	outcome->text = text;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		const char *cell = i == column ? bytes : good_row[i];

		if (cell == NULL)
			continue;
		row.cell[i].data = row.text + row.used;
		raw_row_add(&row, &row.cell[i], cell, i == column ? length : strlen(cell));
	}
	return row_deliver(&sink, &row, &outcome->error);
}

static void
accepted(struct outcome *outcome, enum column column, const char *cell)
{
	assert_int_equal(deliver(outcome, column, cell, cell == NULL ? 0 : strlen(cell)), 0);
	assert_int_equal(outcome->filings, 1);
	assert_int_equal(outcome->rejects, 0);
	assert_int_equal(outcome->line, 7);
}

static void
rejected(struct outcome *outcome, enum column column, const char *cell)
{
	assert_int_equal(deliver(outcome, column, cell, cell == NULL ? 0 : strlen(cell)), 0);
	assert_int_equal(outcome->filings, 0);
	assert_int_equal(outcome->rejects, 1);
	assert_int_equal(outcome->reject.column, column);
	assert_int_equal(outcome->reject.line, 7);
}

static void
text_is(struct outcome *outcome, const char *cell, const char *expected)
{
	struct slice got;

	accepted(outcome, COLUMN_BUSINESS_ADDRESS, cell);
	got = outcome->filing.text[COLUMN_BUSINESS_ADDRESS];
	assert_int_equal(got.length, strlen(expected));
	assert_memory_equal(got.data, expected, got.length);
}

static void
test_plain_row(void **state)
{
	struct outcome *outcome = *state;
	const struct filing *filing = &outcome->filing;

	accepted(outcome, COLUMN_COUNTRY, "Canada");
	assert_int_equal(filing->number, 9000001);
	assert_int_equal(filing->frn, 99000001);
	assert_int_equal(filing->implementation, RMD_IMPLEMENTATION_COMPLETE);
	assert_int_equal(filing->roles, 1 << RMD_ROLE_VSP);
	assert_int_equal(filing->foreign, FOREIGN_BLANK);
	assert_int_equal(filing->last_updated, DAY_NONE);
	assert_int_equal(filing->last_recertified, DAY_NONE);
	assert_int_equal(filing->text[COLUMN_BUSINESS_NAME].length, 15);
	assert_int_equal(filing->text[COLUMN_COUNTRY].length, 6);
	assert_int_equal(filing->text[COLUMN_NUMBER].length, 0);
	assert_int_equal(filing->text[COLUMN_FILING_URL].length, 0);
}

static void
test_cells_trimmed(void **state)
{
	text_is(*state, " \t\r\n\v\fA B \t\r\n", "A B");
	text_is(*state, " \n ", "");
	accepted(*state, COLUMN_NUMBER, " RMD9000001\n");
	accepted(*state, COLUMN_FRN, "\t0099000001 ");
	accepted(*state, COLUMN_IMPLEMENTATION, " N/A ");
	accepted(*state, COLUMN_GATEWAY_PROVIDER_CHOICE, " Yes");
	accepted(*state, COLUMN_LAST_UPDATED, " 2024-01-31 ");
}

static void
test_guard_apostrophe_stripped(void **state)
{
	text_is(*state, "'+12025550100", "+12025550100");
	text_is(*state, "'@Sample Services, LLC", "@Sample Services, LLC");
	text_is(*state, "'=A", "=A");
	text_is(*state, "'-A", "-A");
	text_is(*state, " '+1", "+1");
}

static void
test_only_one_guard_apostrophe_stripped(void **state)
{
	text_is(*state, "''+1", "''+1");
	text_is(*state, "'+'+1", "+'+1");
}

static void
test_other_apostrophes_kept(void **state)
{
	text_is(*state, "'None'", "'None'");
	text_is(*state, "'", "'");
	text_is(*state, "'1", "'1");
	text_is(*state, "A'+", "A'+");
}

static void
test_line_breaks_become_lf(void **state)
{
	text_is(*state, "A\r\nB", "A\nB");
	text_is(*state, "A\rB", "A\nB");
	text_is(*state, "A\nB", "A\nB");
	text_is(*state, "A\r\r\nB\n\rC", "A\n\nB\n\nC");
}

static void
test_tabs_and_controls_kept(void **state)
{
	text_is(*state, "A\tB\x1b[0m", "A\tB\x1b[0m");
}

static void
test_replacement_characters_kept(void **state)
{
	text_is(*state,
		"A\xef\xbf\xbd\r\n\xef\xbf\xbd"
		"B",
		"A\xef\xbf\xbd\n\xef\xbf\xbd"
		"B");
}

static void
test_placeholders_kept_as_text(void **state)
{
	text_is(*state, "N/A", "N/A");
	text_is(*state, "\"NONE\"", "\"NONE\"");
	text_is(*state, "see list in attached RMP", "see list in attached RMP");
}

static void
test_number(void **state)
{
	static const char *const bad[] = { "",           "RMD900001",  "RMD90000011", "RMD900000A", "9000001",
					   "RMD0000000", "RMX9000001", "RMD 900001",  "+RMD900001" };
	struct outcome *outcome = *state;

	accepted(outcome, COLUMN_NUMBER, "rmd0000042");
	assert_int_equal(outcome->filing.number, 42);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		rejected(outcome, COLUMN_NUMBER, bad[i]);
		assert_int_equal(outcome->reject.number, 0);
		assert_int_equal(outcome->reject.frn, 99000001);
	}
}

static void
test_frn(void **state)
{
	static const char *const bad[] = { "99000001",     "00990000011",  "0000000000",    "009900000A",
					   "0000-0000-00", "0099-00000-1", "0099-0000-011", "N/A" };
	struct outcome *outcome = *state;

	accepted(outcome, COLUMN_FRN, "0099-0000-02");
	assert_int_equal(outcome->filing.frn, 99000002);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		rejected(outcome, COLUMN_FRN, bad[i]);
		assert_int_equal(outcome->reject.number, 9000001);
		assert_int_equal(outcome->reject.frn, 0);
	}
}

static void
test_blank_frn_is_a_filing_all_the_same(void **state)
{
	struct outcome *outcome = *state;

	accepted(outcome, COLUMN_FRN, "");
	assert_int_equal(outcome->filing.frn, 0);
}

static void
test_blank_and_digit_names(void **state)
{
	accepted(*state, COLUMN_BUSINESS_NAME, "");
	accepted(*state, COLUMN_BUSINESS_NAME, "0099000001");
}

static void
test_implementations(void **state)
{
	static const struct {
		const char *text;
		enum rmd_implementation implementation;
	} known[] = {
		{ "Complete STIR/SHAKEN Implementation", RMD_IMPLEMENTATION_COMPLETE },
		{ "COMPLETE stir/shaken IMPLEMENTATION", RMD_IMPLEMENTATION_COMPLETE },
		{ "Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation", RMD_IMPLEMENTATION_PARTIAL },
		{ "No STIR/SHAKEN Implementation - Performing Robocall Mitigation", RMD_IMPLEMENTATION_NONE },
		{ "N/A", RMD_IMPLEMENTATION_NOT_CERTIFIED },
		{ " n/a\n", RMD_IMPLEMENTATION_NOT_CERTIFIED },
	};
	static const char *const bad[] = {
		"",
		"Complete",
		"Complete STIR/SHAKEN Implementation.",
		"Complete  STIR/SHAKEN Implementation",
		"Partial STIR/SHAKEN Implementation",
		"No STIR/SHAKEN Implementation \xe2\x80\x93 Performing Robocall Mitigation",
		"NA",
		"None"
	};
	struct outcome *outcome = *state;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		accepted(outcome, COLUMN_IMPLEMENTATION, known[i].text);
		assert_int_equal(outcome->filing.implementation, known[i].implementation);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		rejected(outcome, COLUMN_IMPLEMENTATION, bad[i]);
}

static void
test_roles(void **state)
{
	static const enum column columns[] = { COLUMN_VOICE_SERVICE_PROVIDER_CHOICE, COLUMN_GATEWAY_PROVIDER_CHOICE,
					       COLUMN_INTERMEDIATE_PROVIDER_CHOICE };
	static const enum rmd_role roles[] = { RMD_ROLE_VSP, RMD_ROLE_GATEWAY, RMD_ROLE_INTERMEDIATE };
	struct outcome *outcome = *state;

	for (size_t i = 0; i < 3; i++) {
		accepted(outcome, columns[i], "yES");
		assert_int_equal(outcome->filing.roles, 1 << RMD_ROLE_VSP | 1 << roles[i]);
		accepted(outcome, columns[i], "no");
		assert_int_equal(outcome->filing.roles, i == 0 ? 0 : 1 << RMD_ROLE_VSP);
		rejected(outcome, columns[i], "");
		rejected(outcome, columns[i], "true");
		rejected(outcome, columns[i], "Y");
		rejected(outcome, columns[i], "Yes.");
	}
}

static void
test_foreign(void **state)
{
	struct outcome *outcome = *state;

	accepted(outcome, COLUMN_FOREIGN_VOICE_PROVIDER, "YES");
	assert_int_equal(outcome->filing.foreign, FOREIGN_YES);
	accepted(outcome, COLUMN_FOREIGN_VOICE_PROVIDER, "No");
	assert_int_equal(outcome->filing.foreign, FOREIGN_NO);
	accepted(outcome, COLUMN_FOREIGN_VOICE_PROVIDER, " ");
	assert_int_equal(outcome->filing.foreign, FOREIGN_BLANK);
	rejected(outcome, COLUMN_FOREIGN_VOICE_PROVIDER, "N/A");
}

static void
test_dates(void **state)
{
	static const char *const good[] = { "2024-02-29", "2024-02-29 23:59:59", "2024-02-29T00:00:00" };
	static const char *const bad[] = { "2023-02-29",
					   "2024-13-01",
					   "2024-00-10",
					   "02/29/2024",
					   "2024-2-9",
					   "2024-02-29 24:00:00",
					   "2024-02-29 10:00",
					   "2024-02-29X10:00:00",
					   "2024-02-29 10-00-00",
					   "2024-02-29 10:60:00",
					   "2024-02-29T10:00:00Z",
					   "0000-00-00",
					   "none" };
	struct outcome *outcome = *state;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		accepted(outcome, COLUMN_LAST_UPDATED, good[i]);
		assert_int_equal(outcome->filing.last_updated, day_of(2024, 2, 29));
		accepted(outcome, COLUMN_LAST_RECERTIFIED, good[i]);
		assert_int_equal(outcome->filing.last_recertified, day_of(2024, 2, 29));
		assert_int_equal(outcome->filing.last_updated, DAY_NONE);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		rejected(outcome, COLUMN_LAST_UPDATED, bad[i]);
		rejected(outcome, COLUMN_LAST_RECERTIFIED, bad[i]);
	}
	accepted(outcome, COLUMN_LAST_UPDATED, "");
	assert_int_equal(outcome->filing.last_updated, DAY_NONE);
}

static void
test_invalid_utf8_quarantined(void **state)
{
	struct outcome *outcome = *state;

	rejected(outcome, COLUMN_BUSINESS_NAME, "Caf\xe9");
	assert_string_equal(outcome->reject.reason, "\"Caf?\" is not valid UTF-8");
	rejected(outcome, COLUMN_FILING_URL, "\xed\xa0\x80");
	rejected(outcome, COLUMN_IMPLEMENTATION, "N/A\xff");
	/* A sequence that the end of its cell cuts short. */
	rejected(outcome, COLUMN_COUNTRY, "\xef\xbf");
}

static void
test_longest_cell(void **state)
{
	struct outcome *outcome = *state;
	char *cell = malloc(2 * LIMIT_FIELD_BYTES);

	assert_non_null(cell);
	memset(cell, 'x', 2 * LIMIT_FIELD_BYTES);
	assert_int_equal(deliver(outcome, COLUMN_OTHER_FRNS, cell, LIMIT_FIELD_BYTES), 0);
	assert_int_equal(outcome->filings, 1);
	assert_int_equal(outcome->filing.text[COLUMN_OTHER_FRNS].length, LIMIT_FIELD_BYTES);
	for (size_t more = 1; more <= LIMIT_FIELD_BYTES; more *= 16) {
		assert_int_equal(deliver(outcome, COLUMN_OTHER_FRNS, cell, LIMIT_FIELD_BYTES + more), 0);
		assert_int_equal(outcome->rejects, 1);
		assert_int_equal(outcome->reject.column, COLUMN_OTHER_FRNS);
		assert_int_equal(outcome->reject.number, 9000001);
		assert_int_equal(outcome->reject.frn, 99000001);
	}
	/* What was cut off behind the blanks may have been text. */
	memset(cell + 10, ' ', LIMIT_FIELD_BYTES);
	assert_int_equal(deliver(outcome, COLUMN_OTHER_FRNS, cell, LIMIT_FIELD_BYTES + 100), 0);
	assert_int_equal(outcome->rejects, 1);
	free(cell);
}

static void
test_longest_row(void **state)
{
	struct outcome *outcome = *state;
	struct raw_row row = { .source = "test", .text = outcome->text };
	const struct decode_sink sink = { .filing = filing_take, .reject = reject_take, .context = outcome };
	char *cell = malloc(LIMIT_FIELD_BYTES);

	assert_non_null(cell);
	memset(cell, 'x', LIMIT_FIELD_BYTES);
	for (size_t excess = 0; excess < 2; excess++) {
		size_t left = LIMIT_ROW_BYTES + excess;

		memset(row.cell, 0, sizeof row.cell);
		row.used = 0;
		outcome->filings = outcome->rejects = 0;
		for (unsigned i = 0; i < COLUMN_COUNT; i++) {
			if (good_row[i] == NULL)
				continue;
			row.cell[i].data = row.text + row.used;
			raw_row_add(&row, &row.cell[i], good_row[i], strlen(good_row[i]));
			left -= strlen(good_row[i]);
		}
		row.cell[COLUMN_BUSINESS_ADDRESS].data = row.text + row.used;
		raw_row_add(&row, &row.cell[COLUMN_BUSINESS_ADDRESS], cell, left - LIMIT_FIELD_BYTES);
		row.cell[COLUMN_FILING_URL].data = row.text + row.used;
		raw_row_add(&row, &row.cell[COLUMN_FILING_URL], cell, LIMIT_FIELD_BYTES);
		assert_int_equal(row_deliver(&sink, &row, &outcome->error), 0);
		assert_int_equal(outcome->filings, excess == 0);
		assert_int_equal(outcome->rejects, excess == 1);
	}
	assert_non_null(strstr(outcome->reject.reason, "row too long"));
	free(cell);
}

static void
test_missing_columns(void **state)
{
	struct outcome *outcome = *state;

	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		if (!column_definitions[i].required) {
			accepted(outcome, (enum column)i, NULL);
			continue;
		}
		rejected(outcome, (enum column)i, NULL);
		assert_non_null(strstr(outcome->reject.reason, "missing"));
		assert_int_equal(outcome->reject.number, i == COLUMN_NUMBER ? 0 : 9000001);
		assert_int_equal(outcome->reject.frn, i == COLUMN_FRN ? 0 : 99000001);
	}
}

static void
test_reason_quotes_and_cuts_the_value(void **state)
{
	struct outcome *outcome = *state;

	rejected(outcome, COLUMN_NUMBER, "RMD12");
	assert_string_equal(outcome->reject.reason, "\"RMD12\" is not RMD and 7 digits");
	rejected(outcome, COLUMN_IMPLEMENTATION, "0123456789012345678901234567890123456789more");
	assert_string_equal(outcome->reject.reason,
			    "\"0123456789012345678901234567890123456789...\" is not a known implementation");
	rejected(outcome, COLUMN_IMPLEMENTATION, "a\x1b[31m\nb\x7f");
	assert_string_equal(outcome->reject.reason, "\"a?[31m?b?\" is not a known implementation");
}

static void
test_too_many_rows(void **state)
{
	struct outcome *outcome = *state;
	struct raw_row row = { .source = "list.csv", .line = 5, .index = LIMIT_ROWS, .text = outcome->text };
	const struct decode_sink sink = { .filing = filing_take, .reject = reject_take, .context = outcome };

	outcome->filings = outcome->rejects = 0;
	memset(&outcome->error, 0, sizeof outcome->error);
	assert_int_equal(row_deliver(&sink, &row, &outcome->error), EX_DATAERR);
	assert_string_equal(outcome->error.text, "list.csv: line 5: more than 2000000 rows; the file is refused");
	row.index--;
	memset(&outcome->error, 0, sizeof outcome->error);
	assert_int_equal(row_deliver(&sink, &row, &outcome->error), 0);
	assert_int_equal(outcome->rejects, 1);
}

static int
outcome_begin(void **state)
{
	struct outcome *outcome = calloc(1, sizeof *outcome);

	*state = outcome;
	if (outcome != NULL)
		outcome->text = malloc(RAW_ROW_BYTES);
	return outcome != NULL && outcome->text != NULL ? 0 : -1;
}

static int
outcome_end(void **state)
{
	struct outcome *outcome = *state;

	free(outcome->text);
	free(outcome);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_row),
		cmocka_unit_test(test_cells_trimmed),
		cmocka_unit_test(test_guard_apostrophe_stripped),
		cmocka_unit_test(test_only_one_guard_apostrophe_stripped),
		cmocka_unit_test(test_other_apostrophes_kept),
		cmocka_unit_test(test_line_breaks_become_lf),
		cmocka_unit_test(test_tabs_and_controls_kept),
		cmocka_unit_test(test_replacement_characters_kept),
		cmocka_unit_test(test_placeholders_kept_as_text),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_frn),
		cmocka_unit_test(test_blank_frn_is_a_filing_all_the_same),
		cmocka_unit_test(test_blank_and_digit_names),
		cmocka_unit_test(test_implementations),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_invalid_utf8_quarantined),
		cmocka_unit_test(test_longest_cell),
		cmocka_unit_test(test_longest_row),
		cmocka_unit_test(test_missing_columns),
		cmocka_unit_test(test_reason_quotes_and_cuts_the_value),
		cmocka_unit_test(test_too_many_rows),
	};

	return cmocka_run_group_tests(tests, outcome_begin, outcome_end);
}
