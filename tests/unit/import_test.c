/* SPDX-License-Identifier: ISC
 *
 * Documents in the FCC's manner, and what is understood of each: every fact that it states, and none that it does
 * not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "notice/import.h"

struct reading {
	struct notice notice;
	struct findings findings;
	struct error error;
	int code;
};

/* A whole file; NULL: there is none. */
static char *
file_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *text;

	if (file == NULL)
		return NULL;
	text = malloc(LIMIT_NOTICE_BYTES);
	assert_non_null(text);
	*length = fread(text, 1, LIMIT_NOTICE_BYTES, file);
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
text_read(struct reading *reading, const char *text, size_t length)
{
	memset(reading, 0, sizeof *reading);
	assert_true(notice_begin(&reading->notice));
	reading->code =
		import_read("document.txt", text, length, &reading->notice, &reading->findings, &reading->error);
	assert_int_equal(reading->code, reading->error.code);
}

static void
document_read(struct reading *reading, const char *name)
{
	const char *directory = getenv("srcdir");
	char path[LIMIT_PATH_BYTES], *text;
	size_t length = 0;

	assert_true(snprintf(path, sizeof path, "%s/tests/data/notices/%s", directory != NULL ? directory : ".",
			     name) > 0);
	text = file_read(path, &length);
	assert_non_null(text);
	text_read(reading, text, length);
	free(text);
}

static void
reading_end(struct reading *reading)
{
	notice_end(&reading->notice);
	findings_end(&reading->findings);
}

static void
assert_day(day date, const char *expected)
{
	char text[11];

	day_format(text, date);
	assert_string_equal(text, expected);
}

static void
assert_moment(const struct moment *moment, const char *expected)
{
	char text[TIME_TEXT_SIZE];

	if (moment->exact)
		time_format_utc(text, moment->instant);
	else
		moment_format(text, moment);
	assert_string_equal(text, expected);
}

/* The doubtful finding of that field; its words and its line. */
static void
assert_doubtful(const struct reading *reading, const char *field, const char *words, unsigned line)
{
	for (size_t i = 0; i < reading->findings.count; i++) {
		const struct finding *finding = &reading->findings.findings[i];

		if (finding->certain || strcmp(finding->field, field) != 0)
			continue;
		assert_string_equal(finding->value, words);
		assert_int_equal(finding->line, line);
		assert_true(finding->why[0] != '\0');
		return;
	}
	fail_msg("no doubt about %s", field);
}

static unsigned
line_of(const struct reading *reading, const char *field)
{
	for (size_t i = 0; i < reading->findings.count; i++)
		if (reading->findings.findings[i].certain && strcmp(reading->findings.findings[i].field, field) == 0)
			return reading->findings.findings[i].line;
	return 0;
}

/* What no document here states must be empty. */
static void
assert_nothing_invented(const struct notice *notice)
{
	assert_int_equal(notice->response_count, 0);
	assert_int_equal(notice->fcc_notified.date, DAY_NONE);
	assert_int_equal(notice->blocking_began.date, DAY_NONE);
	for (size_t i = 0; i < notice->provider_count; i++)
		assert_false(notice->providers[i].matched);
}

static void
a_letter(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "letter-plain.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_LETTER);
	assert_moment(&notice->issued, "2026-03-03");
	assert_string_equal(notice->id, "EB-26-00099999-Example Voice");
	assert_string_equal(notice->docket, "");
	assert_string_equal(notice->title, "Letter to Example Voice Partners, Inc.");
	assert_int_equal(notice->provider_count, 1);
	assert_string_equal(notice->providers[0].name, "Example Voice Partners, Inc.");
	assert_string_equal(notice->providers[0].address, "100 Sample Avenue, Suite 200, Testburg, TX 75001");
	assert_true(notice->providers[0].frn == 0 && notice->providers[0].number == 0);
	assert_string_equal(notice->campaign, "SampleWarranty");
	assert_day(notice->respond_by, "2026-03-17");
	assert_int_equal(notice->cease_by, DAY_NONE);
	assert_int_equal(notice->traceback_count, 2);
	assert_string_equal(notice->tracebacks[1].customer, "Sample Warranty Group");
	assert_moment(&notice->tracebacks[1].call, "2026-02-11T23:59:00Z");
	assert_moment(&notice->tracebacks[1].notified, "2026-02-12T18:31:00Z");
	assert_string_equal(notice->tracebacks[1].caller, "XXXXXX0112");
	assert_string_equal(notice->tracebacks[1].called, "XXXXXX0123");
	assert_string_equal(notice->tracebacks[1].description, "SampleWarranty");
	assert_string_equal(notice->tracebacks[1].violation, "47 USC 227(b); 47 CFR 64.1200(a)");
	assert_int_equal(line_of(&reading, "issued"), 5);
	assert_int_equal(line_of(&reading, "hours"), 24);
	assert_int_equal(line_of(&reading, "respond-by"), 26);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

/* A date whose digits are letters is nobody's to guess, a span no date, a spoilt row no traceback. */
static void
a_scanned_letter(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "letter-scanned.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->issued.date, DAY_NONE);
	assert_doubtful(&reading, "issued", "July O3, 2025", 5);
	assert_string_equal(notice->id, "notice-Test Gateway");
	assert_string_equal(notice->providers[0].name, "Test Gateway Telecom LLC");
	assert_int_equal(notice->respond_by, DAY_NONE);
	assert_int_equal(line_of(&reading, "hours"), 0);
	assert_int_equal(notice->traceback_count, 2);
	assert_string_equal(notice->tracebacks[0].customer, "Fiction Marketing");
	assert_moment(&notice->tracebacks[0].call, "2025-06-01T16:38:00Z");
	assert_moment(&notice->tracebacks[0].notified, "2025-06-03");
	assert_string_equal(notice->tracebacks[0].description, "SampleLoans");
	assert_string_equal(notice->tracebacks[0].violation, "47 USC 227(b) 64.1200(a)");
	assert_string_equal(notice->tracebacks[1].description, "Other Matter");
	assert_moment(&notice->tracebacks[1].notified, "2025-06-03T15:21:00Z");
	assert_string_equal(notice->campaign, "");
	assert_nothing_invented(notice);
	reading_end(&reading);
}

static void
a_letter_that_says_little(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "letter-undated.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.issued.date, DAY_NONE);
	assert_int_equal(reading.notice.provider_count, 0);
	assert_int_equal(reading.notice.traceback_count, 0);
	assert_doubtful(&reading, "issued", "", 1);
	assert_doubtful(&reading, "provider", "", 6);
	reading_end(&reading);
}

static void
a_public_notice(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "public-notice.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_PUBLIC);
	assert_string_equal(notice->id, "DA 26-901");
	assert_moment(&notice->issued, "2026-01-11");
	assert_int_equal(notice->provider_count, 1);
	assert_string_equal(notice->providers[0].name, "First Sample Telecom, Inc.");
	assert_doubtful(&reading, "provider", "Made Up Client LLC", 14);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

static void
determinations(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "final-determination.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.kind, NOTICE_FINAL_DETERMINATION);
	assert_string_equal(reading.notice.id, "DA 26-255");
	assert_string_equal(reading.notice.docket, "EB Docket No. 22-174");
	assert_moment(&reading.notice.issued, "2026-03-12");
	assert_int_equal(reading.notice.provider_count, 1);
	assert_string_equal(reading.notice.providers[0].name, "First Sample Telecom, Inc.");
	/* "30 days after the release" is a span, and the law's own. */
	assert_int_equal(reading.notice.cease_by, DAY_NONE);
	assert_nothing_invented(&reading.notice);
	reading_end(&reading);
	document_read(&reading, "initial-determination.txt");
	assert_int_equal(reading.notice.kind, NOTICE_INITIAL_DETERMINATION);
	assert_string_equal(reading.notice.id, "DA 26-090");
	assert_moment(&reading.notice.issued, "2026-01-20");
	reading_end(&reading);
}

static void
removals_of_one(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "removal-one.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.kind, NOTICE_REMOVAL);
	assert_string_equal(reading.notice.id, "DA 25-737");
	assert_moment(&reading.notice.issued, "2025-08-06");
	assert_day(reading.notice.cease_by, "2025-08-08");
	assert_int_equal(reading.notice.provider_count, 1);
	assert_string_equal(reading.notice.providers[0].name, "Second Sample Networks LLC");
	reading_end(&reading);
	document_read(&reading, "removal-span.txt");
	assert_int_equal(reading.notice.kind, NOTICE_REMOVAL);
	assert_int_equal(reading.notice.cease_by, DAY_NONE);
	assert_doubtful(&reading, "cease-by", "s directly from it within two business days", 17);
	reading_end(&reading);
	document_read(&reading, "reinstatement.txt");
	assert_int_equal(reading.notice.kind, NOTICE_REINSTATEMENT);
	assert_string_equal(reading.notice.id, "DA 25-990");
	assert_moment(&reading.notice.issued, "2025-10-01");
	assert_string_equal(reading.notice.providers[0].name, "Second Sample Networks LLC");
	reading_end(&reading);
}

/* Five pages of companies: every one, with the numbers that its own line prints, and none that is in doubt. */
static void
a_removal_with_an_appendix(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;
	char *remarks;

	(void)state;
	document_read(&reading, "removal-appendix.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_REMOVAL);
	assert_string_equal(notice->id, "DA 25-740");
	assert_int_equal(notice->provider_count, 185);
	for (uint32_t i = 0; i < 185; i++) {
		const struct notice_provider *provider = &notice->providers[i];
		bool numbered = i % 37 != 0;

		assert_true(is_company(slice_of(provider->name)));
		assert_int_equal(provider->number, numbered ? 9000001 + i : 0);
		assert_true(provider->frn == (numbered && (i % 11 != 0 || i == 50) ? UINT64_C(99000001) + i : 0));
	}
	assert_non_null(strstr(notice->providers[50].name, " 51 "));
	assert_doubtful(&reading, "provider", "Linden Voice 186 LLC", 239);
	remarks = findings_remarks(&reading.findings);
	assert_non_null(remarks);
	assert_non_null(strstr(remarks, "Linden Voice 186 LLC"));
	assert_null(strstr(remarks, "Voice 1 "));
	free(remarks);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

static void
no_document_of_the_register(void **state)
{
	static const char *const names[] = { "article.txt", "other-notice.txt" };
	static const char *const texts[] = {
		"", "Invoice\nPlease pay 100 dollars to the Federal Communications Commission.\n",
		"<html><body>Federal Communications Commission</body></html>\n", "Federal Communications Commission\n"
	};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		document_read(&reading, names[i]);
		assert_int_equal(reading.code, EX_DATAERR);
		reading_end(&reading);
	}
	for (size_t i = 0; i < 4; i++) {
		text_read(&reading, texts[i], strlen(texts[i]));
		assert_int_equal(reading.code, EX_DATAERR);
		reading_end(&reading);
	}
	text_read(&reading, "%PDF\0\1", 6);
	assert_int_equal(reading.code, EX_DATAERR);
	reading_end(&reading);
}

/* The same letter as other machines store it. */
static void
other_encodings(void **state)
{
	static const char letter[] =
		"\xef\xbb\xbf"
		"Federal Communications Commission\r\n\r\nMarch 3, 2026\r\n\r\nTo:\r\nCaf\xc3\xa9 Voice LLC"
		"\r\n1 Road\r\n\r\nDear Sir:\r\n\fSee 47 CFR 64.1200(k)(4).";
	struct reading reading;
	char latin[sizeof letter];
	size_t length = 0;

	(void)state;
	text_read(&reading, letter, sizeof letter - 1);
	assert_int_equal(reading.code, 0);
	assert_string_equal(reading.notice.providers[0].name, "Caf\xc3\xa9 Voice LLC");
	assert_string_equal(reading.notice.providers[0].address, "1 Road");
	reading_end(&reading);
	for (size_t i = 3; i < sizeof letter - 1; i++)
		if (letter[i] != '\xc3')
			latin[length++] = letter[i];
	text_read(&reading, latin, length);
	assert_int_equal(reading.code, 0);
	/* E9 is an e with an accent in Latin-1; A9 is what is left of it here. */
	assert_string_equal(reading.notice.providers[0].name, "Caf\xc2\xa9 Voice LLC");
	reading_end(&reading);
}

static void
dates(void **state)
{
	static const struct {
		const char *text, *date;
		size_t length;
		bool doubtful;
	} cases[] = {
		{ "July 7, 2022", "2022-07-07", 12, false },
		{ "Thursday, July 21, 2022)", "2022-07-21", 23, false },
		{ "Friday, July 21, 2022", "2022-07-21", 21, true },
		{ "Jan 17, 2022", "2022-01-17", 12, false },
		{ "Sept. 3, 2025", "2025-09-03", 13, false },
		{ "February 29, 2028", "2028-02-29", 17, false },
		{ "February 29, 2026", "", 0, false },
		{ "June 31, 2026", "", 0, false },
		{ "December 31, 2026", "2026-12-31", 17, false },
		{ "December 32, 2026", "", 0, false },
		{ "July O3, 2025", "2025-07-03", 13, true },
		{ "July 3, 2O25", "2025-07-03", 12, true },
		{ "July 0, 2025", "", 0, false },
		{ "July 2025", "", 0, false },
		{ "Julyish 3, 2025", "", 0, false },
		{ "3 July 2025", "", 0, false },
		{ "July 3, 202", "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool doubtful;
		day date;

		assert_int_equal(date_read(slice_of(cases[i].text), &date, &doubtful), cases[i].length);
		if (cases[i].length == 0)
			continue;
		assert_day(date, cases[i].date);
		assert_int_equal(doubtful, cases[i].doubtful);
	}
}

/* The one real letter, where it is at hand. */
static void
the_real_letter(void **state)
{
	static const char *const calls[] = { "2022-01-17T16:38:00Z", "2022-02-25T15:23:00Z", "2022-03-01T16:17:00Z",
					     "2022-03-01T17:57:00Z", "2022-03-01T19:40:00Z", "2022-03-01T20:17:00Z",
					     "2022-05-20T19:04:00Z", "2022-05-20T19:07:00Z", "2022-05-20T19:52:00Z",
					     "2022-05-20T21:48:00Z" };
	static const char *const notified[] = { "2022-01-20T15:20:00Z", "2022-03-11T02:25:00Z",
						"2022-03-14T14:02:00Z", "2022-03-11T02:24:00Z",
						"2022-03-11T02:23:00Z", "2022-03-14T14:01:00Z",
						"2022-05-24T13:55:00Z", "2022-05-24T18:16:00Z",
						"2022-05-24T17:22:00Z", "2022-05-24T17:48:00Z" };
	const char *directory = getenv("srcdir");
	char path[LIMIT_PATH_BYTES], *text;
	struct reading reading;
	const struct notice *notice = &reading.notice;
	size_t length = 0;

	(void)state;
	assert_true(snprintf(path, sizeof path, "%s/../shared/domain/notice-letter-sipkonnect-2022-07-07.txt",
			     directory != NULL ? directory : ".") > 0);
	text = file_read(path, &length);
	if (text == NULL) {
		print_message("skipped: there is no real letter beside this project\n");
		skip();
	}
	text_read(&reading, text, length);
	free(text);
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_LETTER);
	assert_moment(&notice->issued, "2022-07-07");
	assert_string_equal(notice->id, "EB-21-00031913-SipKonnect");
	assert_string_equal(notice->docket, "");
	assert_int_equal(notice->provider_count, 1);
	assert_string_equal(notice->providers[0].name, "SipKonnect LLC");
	assert_string_equal(notice->providers[0].address, "7901 4th St. N, Suite 5907, St. Petersburg, FL 33702");
	assert_true(notice->providers[0].frn == 0 && notice->providers[0].number == 0);
	assert_day(notice->respond_by, "2022-07-21");
	assert_true(line_of(&reading, "hours") > 0);
	assert_string_equal(notice->campaign, "AutoWarrantyExtend");
	assert_int_equal(notice->traceback_count, 10);
	for (size_t i = 0; i < 10; i++) {
		assert_string_equal(notice->tracebacks[i].customer, "National Auto Protection");
		assert_moment(&notice->tracebacks[i].call, calls[i]);
		assert_moment(&notice->tracebacks[i].notified, notified[i]);
		assert_string_equal(notice->tracebacks[i].caller, "");
		assert_string_equal(notice->tracebacks[i].called, "");
		assert_string_equal(notice->tracebacks[i].description, "AutoWarrantyExtend");
		assert_string_equal(notice->tracebacks[i].violation, "47 USC 227(b); 47 CFR 64.1200(a)");
	}
	assert_nothing_invented(notice);
	for (size_t i = 0; i < reading.findings.count; i++)
		assert_true(reading.findings.findings[i].certain);
	reading_end(&reading);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(a_letter),
		cmocka_unit_test(a_scanned_letter),
		cmocka_unit_test(a_letter_that_says_little),
		cmocka_unit_test(a_public_notice),
		cmocka_unit_test(determinations),
		cmocka_unit_test(removals_of_one),
		cmocka_unit_test(a_removal_with_an_appendix),
		cmocka_unit_test(no_document_of_the_register),
		cmocka_unit_test(other_encodings),
		cmocka_unit_test(the_real_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
