/* SPDX-License-Identifier: ISC
 *
 * Documents in the FCC's manner, and what is understood of each: every fact that it states, and none that it does
 * not.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "notice/pdf.h"
#include "notice/reading.h"

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

/* What must be settled first is of that field; NULL: nothing must. */
static void
assert_open(const struct reading *reading, const char *field)
{
	const struct finding *open = findings_open(&reading->findings);

	if (field == NULL) {
		assert_null(open);
		return;
	}
	assert_non_null(open);
	assert_false(open->certain);
	assert_string_equal(open->field, field);
}

static unsigned
doubts_of(const struct reading *reading)
{
	unsigned count = 0;

	for (size_t i = 0; i < reading->findings.count; i++)
		count += !reading->findings.findings[i].certain;
	return count;
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
	assert_doubtful(&reading, "issued", "JuIy 2, 2O25", 3);
	assert_open(&reading, "issued");
	assert_doubtful(&reading, "respond-by", "within 14 days", 16);
	assert_doubtful(&reading, "traceback", "NO 1I A I\t26 01 2O25\t7.6 11\t\t\tA . W\t64.1200(a)", 23);
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
	assert_doubtful(&reading, "cease-by", "directly from it within two business days", 17);
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
	static const struct {
		const char *name, *why;
	} names[] = {
		{ "article.txt", "no letterhead" },
		{ "invoice.txt", "no letterhead" },
		{ "other-notice.txt", "lets nobody block" },
		{ "letter-other.txt", "gives no notice" },
		{ "letter-to-fcc.txt", "addressed to the FCC" },
		{ "news-release.txt", "news release" },
		{ "draft-order.txt", "a draft" },
		{ "consent-decree.txt", "one headed \"ORDER AND CONSENT DECREE ON RECONSIDERATION" },
		{ "mixed-order.txt", "not plain" },
		/* "If it does not answer, it SHALL BE REMOVED" removes nobody today. */
		{ "show-cause.txt", "not plain" },
	};
	static const char *const texts[] = {
		"", "Invoice\nPlease pay 100 dollars to the Federal Communications Commission.\n",
		"<html><body>Federal Communications Commission</body></html>\n", "Federal Communications Commission\n"
	};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		document_read(&reading, names[i].name);
		assert_int_equal(reading.code, EX_DATAERR);
		if (strstr(reading.error.text, names[i].why) == NULL)
			fail_msg("%s: %s", names[i].name, reading.error.text);
		assert_int_equal(reading.notice.provider_count, 0);
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

/* What must not come back as a fact of the register, though each word of it is the FCC's. */
static void
other_bytes(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "%PDF-1.7 and the rest", "is a PDF" },
		{ "PK\3\4 and the rest", "Word file" },
		{ "<!DOCTYPE html>\n<p>Federal Communications Commission</p>", "web page" },
		{ "\xff\xfe"
		  "F",
		  "no letterhead" },
	};
	struct reading reading;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		text_read(&reading, cases[i].text, strlen(cases[i].text));
		assert_int_equal(reading.code, EX_DATAERR);
		if (strstr(reading.error.text, cases[i].why) == NULL)
			fail_msg("%s", reading.error.text);
		reading_end(&reading);
	}
	text_read(&reading, "Federal\0Communications", 22);
	assert_int_equal(reading.code, EX_DATAERR);
	assert_non_null(strstr(reading.error.text, "NUL"));
	reading_end(&reading);
}

static void
assert_provider(const struct notice *notice, size_t index, const char *name, uint32_t number, uint64_t frn)
{
	assert_true(index < notice->provider_count);
	assert_string_equal(notice->providers[index].name, name);
	assert_int_equal(notice->providers[index].number, number);
	assert_true(notice->providers[index].frn == frn);
}

/* A scan's letters in words are read over; in digits they are a doubt, unless the weekday confirms them or the fact
 * stands elsewhere. */
static void
a_noisy_letter(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "letter-noisy.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_LETTER);
	assert_moment(&notice->issued, "2025-07-14");
	assert_string_equal(notice->id, "EB-TCD-25-00077777-Fictional Dialtone");
	assert_int_equal(notice->provider_count, 1);
	assert_provider(notice, 0, "Fictional Dialtone Services LLC", 0, 0);
	assert_string_equal(notice->providers[0].address, "42 Nonesuch Road, Suite 7, Nowhere, NV 89000");
	assert_true(line_of(&reading, "hours") > 0);
	assert_day(notice->respond_by, "2025-07-28");
	assert_int_equal(line_of(&reading, "respond-by"), 28);
	assert_int_equal(notice->traceback_count, 4);
	assert_string_equal(notice->tracebacks[0].customer, "Imaginary Loan Group");
	assert_string_equal(notice->tracebacks[0].violation, "47 USC 227(b); 47 CFR 64.1200(a)");
	assert_moment(&notice->tracebacks[0].call, "2025-06-02T16:38:00Z");
	assert_moment(&notice->tracebacks[0].notified, "2025-06-04T15:20:00Z");
	assert_moment(&notice->tracebacks[1].call, "2025-06-03T17:02:00Z");
	assert_int_equal(notice->tracebacks[1].notified.date, DAY_NONE);
	/* Notified before its call: which of them is wrong nobody knows. */
	assert_int_equal(notice->tracebacks[2].call.date, DAY_NONE);
	assert_int_equal(notice->tracebacks[2].notified.date, DAY_NONE);
	assert_moment(&notice->tracebacks[3].notified, "2025-06-09T17:22:00Z");
	assert_string_equal(notice->campaign, "SampleLoanRelief");
	assert_int_equal(doubts_of(&reading), 3);
	assert_open(&reading, NULL);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

/* As pdftotext -layout has it: a row that a page break parts, a running head, the header again, a time in another
 * zone, one number of two, a sentence below. */
static void
a_letter_of_pages(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "letter-pages.txt");
	assert_int_equal(reading.code, 0);
	assert_moment(&notice->issued, "2026-02-10");
	assert_string_equal(notice->id, "EB-TCD-26-00012345-Placeholder");
	assert_provider(notice, 0, "Placeholder Voice Corporation d/b/a Placeholder Tel", 0, 0);
	assert_string_equal(notice->providers[0].address, "P.O. Box 555, Springfield, IL 62700");
	/* "Providers must recertify no later than March 1" is no day to answer by. */
	assert_day(notice->respond_by, "2026-02-27");
	assert_int_equal(notice->traceback_count, 3);
	assert_string_equal(notice->tracebacks[0].customer, "Pretend Energy Savers LLC");
	assert_moment(&notice->tracebacks[0].call, "2026-01-26T16:38:10Z");
	assert_string_equal(notice->tracebacks[0].caller, "202-555-0107");
	assert_string_equal(notice->tracebacks[0].called, "202-555-0163");
	assert_string_equal(notice->tracebacks[0].violation, "47 USC \xc2\xa7 227(b); 47 CFR \xc2\xa7 64.1200(a)(1)");
	assert_string_equal(notice->tracebacks[1].customer, "Make Believe Marketing");
	assert_moment(&notice->tracebacks[1].call, "2026-01-27T23:59:00Z");
	assert_moment(&notice->tracebacks[1].notified, "2026-01-28T04:01:00Z");
	assert_string_equal(notice->tracebacks[1].violation, "47 USC \xc2\xa7 227(b); 47 CFR \xc2\xa7 64.1200(a)(1)");
	assert_string_equal(notice->tracebacks[2].customer, "Make Believe Marketing");
	assert_moment(&notice->tracebacks[2].call, "2026-01-28");
	assert_moment(&notice->tracebacks[2].notified, "2026-01-29T15:00:00Z");
	assert_string_equal(notice->tracebacks[2].caller, "");
	assert_string_equal(notice->tracebacks[2].called, "");
	assert_int_equal(doubts_of(&reading), 1);
	for (size_t i = 0; i < reading.findings.count; i++)
		if (strcmp(reading.findings.findings[i].field, "traceback") == 0)
			assert_true(reading.findings.findings[i].page >= 2);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

/* An hour before the date, a company without a full stop, bars between the columns, another company in the text. */
static void
a_letter_with_an_hour(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "letter-hour.txt");
	assert_int_equal(reading.code, 0);
	assert_moment(&notice->issued, "2025-10-03");
	assert_int_equal(notice->provider_count, 1);
	assert_provider(notice, 0, "Acme Sample Telephony Inc", 0, 0);
	assert_string_equal(notice->providers[0].address, "500 Made Up Blvd., 12th Floor, Sampletown, NY 10001");
	assert_day(notice->respond_by, "2025-10-17");
	assert_int_equal(notice->traceback_count, 2);
	assert_moment(&notice->tracebacks[1].call, "2025-09-02T14:02:00Z");
	assert_moment(&notice->tracebacks[1].notified, "2025-09-03T10:05:00Z");
	assert_int_equal(doubts_of(&reading), 0);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

/* March 18, 2026 is a Wednesday; and a letter that gives two days gives none. */
static void
days_that_contradict(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "letter-weekday.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.respond_by, DAY_NONE);
	assert_doubtful(&reading, "respond-by", "Tuesday, March 18, 2026", 12);
	assert_open(&reading, "respond-by");
	reading_end(&reading);
	document_read(&reading, "letter-two-days.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.respond_by, DAY_NONE);
	assert_doubtful(&reading, "respond-by", "March 25, 2026", 12);
	assert_open(&reading, "respond-by");
	reading_end(&reading);
}

/* What an order says of reinstatement to come reinstates nobody, and of an earlier order removes nobody. */
static void
a_removal_until_reinstated(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "removal-until.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_REMOVAL);
	assert_string_equal(notice->id, "EB-TCD-25-00038888");
	assert_day(notice->cease_by, "2025-08-08");
	assert_int_equal(notice->provider_count, 4);
	assert_provider(notice, 0, "Ace Sample LLC", 9001, 99000001);
	assert_provider(notice, 1, "Base Sample", 9002, 99000002);
	assert_provider(notice, 3, "Dice Sample, S. de R.L. de C.V.", 9004, 99000004);
	assert_int_equal(doubts_of(&reading), 0);
	reading_end(&reading);
	document_read(&reading, "reinstatement-headed.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_REINSTATEMENT);
	assert_string_equal(notice->docket, "EB Docket 22-174");
	assert_provider(notice, 0, "Gone Voice, LLC", 0, 99000123);
	reading_end(&reading);
}

/* A determination's thirty days are the law's: their date is told, and keeps nothing from being filed. */
static void
a_determination_with_its_day(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "final-determination-dated.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.kind, NOTICE_FINAL_DETERMINATION);
	assert_string_equal(reading.notice.id, "DA 26-255");
	assert_moment(&reading.notice.issued, "2026-03-12");
	assert_provider(&reading.notice, 0, "Bar Telecom Inc.", 0, 0);
	assert_int_equal(reading.notice.cease_by, DAY_NONE);
	assert_doubtful(&reading, "cease-by", "April 11, 2026", 15);
	assert_open(&reading, NULL);
	reading_end(&reading);
}

/* A person is no provider for sure, and twenty-one days are not the law's fourteen. */
static void
a_letter_to_a_person(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "letter-person.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.provider_count, 0);
	assert_doubtful(&reading, "provider", "Pat Placeholder", 6);
	assert_int_equal(reading.notice.respond_by, DAY_NONE);
	assert_doubtful(&reading, "respond-by", "Within 21 days", 14);
	assert_open(&reading, "respond-by");
	assert_string_equal(reading.notice.id, "notice-2026-03-04");
	reading_end(&reading);
}

/* A blank line above the name is no line of it: the name was taken for a company's, on the blank line. */
static void
a_person_below_a_blank_line(void **state)
{
	static const char text[] =
		"Federal Communications Commission\nEnforcement Bureau\n\nMarch 4, 2026\n\nVIA ELECTRONIC "
		"DELIVERY\n\n"
		"Pat Placeholder\n100 Sample Avenue\nTestburg, TX 75001\n\nDear Pat Placeholder:\n\n"
		"We have determined that Pat Placeholder (\"Placeholder\") is apparently originating illegal\n"
		"robocall traffic. See 47 CFR 64.1200(k)(4).\n";
	struct reading reading;

	(void)state;
	text_read(&reading, text, strlen(text));
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.provider_count, 0);
	assert_doubtful(&reading, "provider", "Pat Placeholder", 8);
	reading_end(&reading);
}

/* An item's FRN was read only without its dashes. */
static void
a_dashed_frn_in_an_item_of_a_list(void **state)
{
	static const char text[] =
		"PUBLIC NOTICE\nFederal Communications Commission\n\nDA 26-501\nReleased: July 7, 2026\n\n"
		"ENFORCEMENT BUREAU WARNS OF CERTAIN PROVIDERS\n\nBy the Chief, Enforcement Bureau:\n\n"
		"Pursuant to section 64.1200(k)(4), providers may block the traffic of the\n"
		"following voice service providers:\n\n"
		"- Sample Dial LLC (Dial) (FRN 0099-0006-01)\n- Mast Sample LLC (FRN: 0099000602/RMD9000602)\n";
	struct reading reading;

	(void)state;
	text_read(&reading, text, strlen(text));
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.provider_count, 2);
	assert_provider(&reading.notice, 0, "Sample Dial LLC", 0, 99000601);
	assert_provider(&reading.notice, 1, "Mast Sample LLC", 9000602, 99000602);
	reading_end(&reading);
}

static void
public_notices_of_several(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "public-notice-list.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_PUBLIC);
	assert_string_equal(notice->id, "DA 26-501");
	assert_moment(&notice->issued, "2026-07-07");
	assert_int_equal(notice->provider_count, 3);
	assert_provider(notice, 0, "Call Pipe Sample", 0, 0);
	assert_provider(notice, 1, "Mast Sample Telecom LLC", 9000601, 0);
	assert_provider(notice, 2, "South Sample Dial, Inc.", 0, 0);
	/* For whom the calls were is nobody to block. */
	assert_doubtful(&reading, "provider", "Fictional Warranty Group LLC", 19);
	reading_end(&reading);
	document_read(&reading, "public-notice-plain.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->provider_count, 1);
	assert_provider(notice, 0, "One Sample LLC", 0, 0);
	assert_int_equal(doubts_of(&reading), 0);
	reading_end(&reading);
	document_read(&reading, "public-notice-several.txt");
	assert_int_equal(reading.code, 0);
	assert_string_equal(notice->id, "DA 26-502");
	assert_moment(&notice->issued, "2026-07-08");
	assert_int_equal(notice->provider_count, 3);
	assert_provider(notice, 0, "North Sample Voice LLC", 0, 0);
	assert_provider(notice, 1, "East Sample Voice, Inc.", 0, 99000602);
	assert_provider(notice, 2, "West Sample Corp.", 0, 0);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

static void
a_removal_in_two_columns(void **state)
{
	static const struct {
		const char *name;
		uint32_t number;
	} companies[] = {
		{ "Acorn Sample Voice LLC", 9000401 },
		{ "Gale Sample Voice, Inc.", 9000407 },
		{ "Birch and Beech Sample Communications, Inc.", 9000402 },
		{ "Call Pipe Sample", 9000408 },
		{ "Cedar Sample Tel", 9000403 },
		{ "Ivy Sample Voice LLC", 0 },
		{ "Dogwood Sample LLC", 9000404 },
		{ "Jade Sample LLC", 0 }, /* RMD90004l0 */
		{ "Elm Sample LLC d/b/a Elm Tel", 9000405 },
		{ "Kelp Sample LLC", 0 }, /* both have RMD9000411 */
		{ "Fern Sample Corp.", 9000406 },
		{ "Lime Sample LLC", 0 },
	};
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "removal-two-columns.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_REMOVAL);
	assert_string_equal(notice->docket, "WC Docket No. 17-97, EB Docket No. 22-174");
	assert_day(notice->cease_by, "2026-05-07");
	/* Those of Appendix B cured their filings. */
	assert_int_equal(notice->provider_count, 12);
	for (size_t i = 0; i < 12; i++)
		assert_provider(notice, i, companies[i].name, companies[i].number, 0);
	assert_doubtful(&reading, "rmd", "RMD90004l0", 40);
	assert_doubtful(&reading, "provider", "13 companies", 19);
	assert_nothing_invented(notice);
	reading_end(&reading);
}

/* As a text processor saves it: each cell of the caption on its own line, tabs in the list. */
static void
a_removal_of_cells(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "removal-plain-list.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->kind, NOTICE_REMOVAL);
	assert_string_equal(notice->id, "DA 26-402");
	assert_int_equal(notice->provider_count, 6);
	assert_provider(notice, 0, "Maple Sample LLC", 0, 99000601);
	assert_string_equal(notice->providers[0].address, "1 Sample Way, Testburg, TX 75001");
	assert_provider(notice, 1, "Nutmeg Sample, Inc.", 0, 0);
	assert_provider(notice, 2, "Oak Sample S.A.", 0, 99000603);
	assert_provider(notice, 3, "Pine Sample Telecom", 0, 0);
	assert_string_equal(notice->providers[3].address, "4 Sample Way, c/o Example Agents");
	assert_provider(notice, 4, "Quince Sample LLC", 0, 0);
	assert_provider(notice, 5, "Rowan Sample LLC", 0, 0);
	assert_doubtful(&reading, "frn", "99000602", 34);
	/* From that day on, or up to it? */
	assert_int_equal(notice->cease_by, DAY_NONE);
	assert_doubtful(&reading, "cease-by", "June 4, 2026", 28);
	assert_open(&reading, "cease-by");
	reading_end(&reading);
}

static void
a_caption_of_several(void **state)
{
	struct reading reading;
	const struct notice *notice = &reading.notice;

	(void)state;
	document_read(&reading, "removal-several.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(notice->provider_count, 3);
	assert_provider(notice, 0, "Alpha Sample Telecom, LLC", 9000501, 99000501);
	assert_provider(notice, 1, "Great Sample Lakes Voice and Data Services LLC", 9000502, 0);
	/* Ten digits in brackets may be a telephone number. */
	assert_provider(notice, 2, "Gamma Sample Inc. d/b/a Gamma Talk", 0, 0);
	/* June 5, 2026 is a Friday. */
	assert_doubtful(&reading, "cease-by", "Thursday, June 5, 2026", 26);
	assert_open(&reading, "cease-by");
	reading_end(&reading);
}

static void
an_initial_determination_with_a_day(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "initial-determination-dated.txt");
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.kind, NOTICE_INITIAL_DETERMINATION);
	assert_moment(&reading.notice.issued, "2026-01-20");
	assert_provider(&reading.notice, 0, "Uncommon Sample Carrier", 0, 0);
	assert_day(reading.notice.respond_by, "2026-02-03");
	assert_int_equal(reading.notice.cease_by, DAY_NONE);
	reading_end(&reading);
}

/* The same letter as other machines store it. */
static void
other_encodings(void **state)
{
	static const char letter[] =
		"\xef\xbb\xbf"
		"Federal Communications Commission\r\n\r\nMarch 3, 2026\r\n\r\nTo:\r\nCaf\xc3\xa9 Voice LLC"
		"\r\n1 Road\r\n\r\nDear Sir:\r\n\fApparently illegal traffic, 47 CFR 64.1200(k)(4).";
	struct reading reading;
	char latin[sizeof letter];
	size_t length = 0;

	(void)state;
	text_read(&reading, letter, sizeof letter - 1);
	assert_int_equal(reading.code, 0);
	assert_string_equal(reading.notice.providers[0].name, "Caf\xc3\xa9 Voice LLC");
	assert_string_equal(reading.notice.providers[0].address, "1 Road");
	assert_int_equal(reading.findings.findings[0].page, 1);
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
	assert_int_equal(line_of(&reading, "respond-by"), 21);
	/* The line that a scan made of two rows is no eleventh call, and is told. */
	assert_int_equal(doubts_of(&reading), 1);
	assert_doubtful(&reading, "traceback", "NY II A I\t26 01 2022\t7.6 11 2022\t\t\tA . W\t64.1200(a)", 105);
	assert_open(&reading, NULL);
	reading_end(&reading);
}

/* Bug: a last day that a scan had spoilt left the law's fourteen days, which may end before it. */
static void
a_last_day_that_cannot_be_read_is_no_fourteen_days(void **state)
{
	static const char letter[] =
		"Federal Communications Commission\nEnforcement Bureau\n\nMarch 3, 2026\n\n"
		"To:\nExample Voice LLC\n1 Road\nTestburg, TX 75001\n\nDear Sir or Madam:\n\n"
		"We have determined that Example Voice LLC (\"Example\") is apparently originating "
		"illegal robocall traffic. See 47 CFR 64.1200(k)(4).\n"
		"Within 48 hours, inform the Commission of steps taken to mitigate the traffic.\n"
		"You must inform the Commission of the steps that you are taking to prevent new and "
		"renewing customers from using your network, no later than Marcb ?7, 2026.\n";
	struct reading reading;
	bool open = false;

	(void)state;
	text_read(&reading, letter, sizeof letter - 1);
	assert_int_equal(reading.code, 0);
	assert_int_equal(reading.notice.respond_by, DAY_NONE);
	for (size_t i = 0; i < reading.findings.count; i++)
		open = open || (strcmp(reading.findings.findings[i].field, "respond-by") == 0 &&
				reading.findings.findings[i].open);
	assert_true(open);
	reading_end(&reading);
}

/* Bug: an address that no line of a telephone followed ran on through the subject. */
static void
an_address_ends_at_its_zip_at_a_blank_line_and_at_the_subject(void **state)
{
	static const struct {
		const char *block, *address;
	} cases[] = {
		{ "1 Road\nTestburg, TX 75001\nUnited States\n", "1 Road, Testburg, TX 75001" },
		{ "1 Road\nTestburg, TX 75001-0002\n2 Copies\n", "1 Road, Testburg, TX 75001-0002" },
		{ "P.O. Box 75001\nTestburg\n\n2 Copies\n", "P.O. Box 75001, Testburg" },
		{ "1 Road\nSample City, Nowhere\nSubject: 2 matters\n3 pages\n", "1 Road, Sample City, Nowhere" },
		{ "1 Road\nTestburg\nFile No. EB-TCD-25-00022222\n3 pages\n", "1 Road, Testburg" },
	};
	struct reading reading;

	(void)state;
	document_read(&reading, "letter-zip.txt");
	assert_int_equal(reading.code, 0);
	assert_provider(&reading.notice, 0, "Delta Sample Networks LLC", 0, 0);
	assert_string_equal(reading.notice.providers[0].address,
			    "8 Example Street, Floor 3, Specimen City, XP 00504");
	assert_day(reading.notice.respond_by, "2025-11-17");
	reading_end(&reading);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char letter[1024];
		int length =
			snprintf(letter, sizeof letter,
				 "Federal Communications Commission\n\nMarch 3, 2026\n\nTo:\nExample Voice LLC\n%s"
				 "\nDear Sir:\n\nApparently illegal traffic, 47 CFR 64.1200(k)(4).\n",
				 cases[i].block);

		assert_true(length > 0 && (size_t)length < sizeof letter);
		text_read(&reading, letter, (size_t)length);
		assert_int_equal(reading.code, 0);
		assert_provider(&reading.notice, 0, "Example Voice LLC", 0, 0);
		assert_string_equal(reading.notice.providers[0].address, cases[i].address);
		reading_end(&reading);
	}
}

/* Bug: a letter that has lost its head was called a public notice; one that speaks of providers that may block even
 * became one. */
static void
a_letter_without_a_salutation_is_no_public_notice(void **state)
{
	struct reading reading;

	(void)state;
	document_read(&reading, "letter-unaddressed.txt");
	assert_int_equal(reading.code, EX_DATAERR);
	assert_non_null(strstr(reading.error.text, "no salutation"));
	assert_null(strstr(reading.error.text, "public notice"));
	assert_int_equal(reading.notice.provider_count, 0);
	reading_end(&reading);
}

static char bin[] = "/tmp/rmd-import.XXXXXX";

static int
bin_begin(void **state)
{
	(void)state;
	return mkdtemp(bin) != NULL ? 0 : -1;
}

static int
bin_end(void **state)
{
	char path[64];

	(void)state;
	if (snprintf(path, sizeof path, "%s/pdftotext", bin) < 0 || (unlink(path) != 0 && errno != ENOENT))
		return -1;
	return rmdir(bin);
}

/* A pdftotext of our own, for the time of one reading; `script` NULL: there is none. */
static void
pdftotext_set(const char *script)
{
	char path[64];
	FILE *file;

	assert_true(snprintf(path, sizeof path, "%s/pdftotext", bin) > 0);
	assert_true(unlink(path) == 0 || errno == ENOENT);
	if (script != NULL) {
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fprintf(file, "#!/bin/sh\n%s\n", script) > 0);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(chmod(path, 0755), 0);
	}
	assert_int_equal(setenv("PATH", bin, 1), 0);
}

static void
pdf_read(struct reading *reading, const char *name)
{
	const char *directory = getenv("srcdir");
	char path[LIMIT_PATH_BYTES];
	int file;

	memset(reading, 0, sizeof *reading);
	assert_true(notice_begin(&reading->notice));
	assert_true(snprintf(path, sizeof path, "%s/tests/data/notices/%s", directory != NULL ? directory : ".",
			     name) > 0);
	file = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(file >= 0);
	reading->code = import_file("document.pdf", file, &reading->notice, &reading->findings, &reading->error);
	assert_int_equal(reading->code, reading->error.code);
	assert_int_equal(close(file), 0);
}

static void
a_pdf(void **state)
{
	static const struct {
		const char *script;
		int code;
		const char *why;
	} cases[] = {
		{ NULL, EX_UNAVAILABLE, "install poppler-utils" },
		{ "exit 3", EX_DATAERR, "makes no text" },
		{ "echo Federal Communications Commission; exit 3", EX_DATAERR, "makes no text" },
		{ "printf '\\f\\n\\f'", EX_DATAERR, "text recognition" },
		{ "while :; do echo Federal Communications Commission; done", EX_DATAERR, "is longer than" },
		{ "kill -9 $$", EX_DATAERR, "makes no text" },
		/* It has not all the memory that there is. */
		{ "[ \"$(ulimit -v)\" -le 524288 ] || exit 1; echo no document", EX_DATAERR, "not an FCC document" },
		/* It takes what it is given, and how. */
		{ "[ \"$*\" = '-layout -enc UTF-8 - -' ] && read -r head && [ \"$head\" = %PDF-1.4 ] && echo no "
		  "document",
		  EX_DATAERR, "not an FCC document" },
	};
	char *before = strdup(getenv("PATH"));
	struct reading reading;

	(void)state;
	assert_non_null(before);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pdftotext_set(cases[i].script);
		pdf_read(&reading, "letter-pages.pdf");
		assert_int_equal(setenv("PATH", before, 1), 0);
		if (reading.code != cases[i].code || strstr(reading.error.text, cases[i].why) == NULL)
			fail_msg("%s: %d %s", cases[i].script, reading.code, reading.error.text);
		reading_end(&reading);
	}
	free(before);
}

/* One that never ends is ended. */
static void
a_pdf_that_takes_for_ever(void **state)
{
	char *before = strdup(getenv("PATH"));
	struct buffer text = { 0 };
	struct error error = { 0 };
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_non_null(before);
	assert_true(file >= 0);
	pdftotext_set("while :; do :; done");
	assert_int_equal(pdf_text("document.pdf", file, 0, &text, &error), EX_DATAERR);
	assert_int_equal(setenv("PATH", before, 1), 0);
	assert_non_null(strstr(error.text, "longer than 0 seconds"));
	/* Nor may one that has said all, and stays. */
	pdftotext_set("echo text; exec >&-; while :; do :; done");
	memset(&error, 0, sizeof error);
	assert_int_equal(pdf_text("document.pdf", file, 1, &text, &error), EX_DATAERR);
	assert_int_equal(setenv("PATH", before, 1), 0);
	assert_non_null(strstr(error.text, "longer than 1 seconds"));
	assert_int_equal(close(file), 0);
	buffer_end(&text);
	free(before);
}

/* The letter of pages, through the program itself; and a file of text. */
static void
files(void **state)
{
	struct reading reading;

	(void)state;
	pdf_read(&reading, "letter-plain.txt");
	assert_int_equal(reading.code, 0);
	assert_string_equal(reading.notice.id, "EB-26-00099999-Example Voice");
	reading_end(&reading);
	pdf_read(&reading, "letter-pages.pdf");
	if (reading.code == EX_UNAVAILABLE) {
		reading_end(&reading);
		print_message("skipped: there is no pdftotext\n");
		skip();
	}
	assert_int_equal(reading.code, 0);
	assert_day(reading.notice.respond_by, "2026-02-27");
	assert_int_equal(reading.notice.traceback_count, 3);
	assert_moment(&reading.notice.tracebacks[1].notified, "2026-01-28T04:01:00Z");
	assert_string_equal(reading.notice.tracebacks[1].violation,
			    "47 USC \xc2\xa7 227(b); 47 CFR \xc2\xa7 64.1200(a)(1)");
	reading_end(&reading);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_last_day_that_cannot_be_read_is_no_fourteen_days),
		cmocka_unit_test(an_address_ends_at_its_zip_at_a_blank_line_and_at_the_subject),
		cmocka_unit_test(a_letter_without_a_salutation_is_no_public_notice),
		cmocka_unit_test(dates),
		cmocka_unit_test(a_letter),
		cmocka_unit_test(a_scanned_letter),
		cmocka_unit_test(a_letter_that_says_little),
		cmocka_unit_test(a_public_notice),
		cmocka_unit_test(determinations),
		cmocka_unit_test(removals_of_one),
		cmocka_unit_test(a_removal_with_an_appendix),
		cmocka_unit_test(no_document_of_the_register),
		cmocka_unit_test(other_bytes),
		cmocka_unit_test(a_noisy_letter),
		cmocka_unit_test(a_letter_of_pages),
		cmocka_unit_test(a_letter_to_a_person),
		cmocka_unit_test(a_person_below_a_blank_line),
		cmocka_unit_test(a_dashed_frn_in_an_item_of_a_list),
		cmocka_unit_test(a_letter_with_an_hour),
		cmocka_unit_test(days_that_contradict),
		cmocka_unit_test(a_removal_until_reinstated),
		cmocka_unit_test(a_determination_with_its_day),
		cmocka_unit_test(public_notices_of_several),
		cmocka_unit_test(a_removal_in_two_columns),
		cmocka_unit_test(a_removal_of_cells),
		cmocka_unit_test(a_caption_of_several),
		cmocka_unit_test(an_initial_determination_with_a_day),
		cmocka_unit_test(other_encodings),
		cmocka_unit_test(a_pdf),
		cmocka_unit_test(a_pdf_that_takes_for_ever),
		cmocka_unit_test(files),
		cmocka_unit_test(the_real_letter),
	};

	return cmocka_run_group_tests(tests, bin_begin, bin_end);
}
