/* SPDX-License-Identifier: ISC
 *
 * What reaches a terminal and a JSON reader, whatever stands in a name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/output.h"

/* What was written to a stream whose buffer is smaller than any line. */
static char *
written(FILE *file, struct stream *stream)
{
	static char text[16384];
	size_t length;

	assert_int_equal(stream_flush(stream), 0);
	rewind(file);
	length = fread(text, 1, sizeof text - 1, file);
	text[length] = '\0';
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
harmful_text_is_escaped(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "Piratel llc", "Piratel llc" },
		{ "", "" },
		{ "Caf\xc3\xa9 \xe4\xb8\xad", "Caf\xc3\xa9 \xe4\xb8\xad" },
		{ "a\nb\tc\rd", "a\\nb\\tc\\rd" },
		{ "\033[31m", "\\x1b[31m" },
		{ "\x7f", "\\x7f" },
		{ "\xc2\x9b"
		  "31m",
		  "\\u{009b}31m" },
		{ "\x9b"
		  "31m",
		  "\\x9b31m" },
		{ "\xe2\x80\xae"
		  "evil",
		  "\\u{202e}evil" },
		{ "\xe2\x81\xa6", "\\u{2066}" },
		{ "\xe2\x80\x8b", "\\u{200b}" },
		{ "\xef\xbb\xbf", "\\u{feff}" },
		{ "\xf3\xa0\x81\x81", "\\u{e0041}" },
		{ "\xef\xbf\xbd", "\xef\xbf\xbd" },
		{ "\xff\xc3", "\\xff\\xc3" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\"q\" \\", "\\\"q\\\" \\\\" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		FILE *file = tmpfile();
		char buffer[4];
		struct stream stream = { -1, buffer, sizeof buffer, 0, 0, NULL };

		assert_non_null(file);
		stream.file = fileno(file);
		stream_escaped(&stream, slice_of(cases[i].text), true);
		assert_string_equal(written(file, &stream), cases[i].expected);
	}
}

static void
answer_fill(struct rmd_answer *answer, struct rmd_filing *filing)
{
	*answer = (struct rmd_answer)RMD_ANSWER_INIT;
	answer->verdict = RMD_REFUSE;
	answer->reason = RMD_REASON_DELISTED;
	answer->flags = RMD_FLAG_MULTIPLE_FILINGS | RMD_FLAG_LOSSY_NAME;
	answer->citation = "47 CFR 64.6305(g)(1)";
	(void)snprintf(answer->rmd_number, sizeof answer->rmd_number, "RMD0001410");
	(void)snprintf(answer->frn, sizeof answer->frn, "0021441233");
	answer->role = RMD_ROLE_VSP;
	answer->implementation = RMD_IMPLEMENTATION_COMPLETE;
	answer->roles = 1U << RMD_ROLE_VSP | 1U << RMD_ROLE_GATEWAY;
	answer->effective_at = 1754510400;
	answer->checked_at = 1754600000;
	answer->at = answer->checked_at + 10800;
	answer->data_age = 10800;
	answer->generation = 12;
	*filing = (struct rmd_filing)RMD_FILING_INIT;
	filing->business_name = "Evil\033 \xe2\x80\xae \"llc\"";
}

static void
line_is_exact(void **state)
{
	struct rmd_answer answer;
	struct rmd_filing filing;
	struct result result = { .query = { "peer:acme", 9 }, .answer = &answer, .filing = &filing };
	struct shown_times shown = { 0, 0, "", "" };
	FILE *file = tmpfile();
	char buffer[16];
	struct stream stream = { -1, buffer, sizeof buffer, 0, 0, NULL };

	(void)state;
	assert_non_null(file);
	stream.file = fileno(file);
	answer_fill(&answer, &filing);
	output_line(&stream, &result, false, &shown);
	answer = (struct rmd_answer)RMD_ANSWER_INIT;
	answer.reason = RMD_REASON_NO_DATA;
	result.filing = NULL;
	output_line(&stream, &result, true, &shown);
	/* A line of a batch that was not understood said that there were no data. */
	answer.reason = RMD_REASON_BAD_KEY;
	output_line(&stream, &result, false, &shown);
	assert_string_equal(
		written(file, &stream),
		"refuse  delisted  RMD0001410  0021441233  \"Evil\\x1b \\u{202e} \\\"llc\\\"\"  complete  vsp,gateway"
		"  47 CFR 64.6305(g)(1)  data 3 h 0 min old  since 2025-08-06T16:00:00-04:00  as vsp"
		"  flags multiple-filings,lossy-name  asked \"peer:acme\"\n"
		"\033[35munknown\033[0m  no-data  -  -  -  -  -  -  no data  asked \"peer:acme\"\n"
		"unknown  bad-key  -  -  -  -  -  -  -  asked \"peer:acme\"\n");
}

static void
json_is_exact(void **state)
{
	struct rmd_answer answer;
	struct rmd_filing filing;
	struct result result = { .query = { "a\xff\x7f", 3 }, .answer = &answer, .filing = &filing };
	FILE *file = tmpfile();
	char buffer[16];
	struct stream stream = { -1, buffer, sizeof buffer, 0, 0, NULL };

	(void)state;
	assert_non_null(file);
	stream.file = fileno(file);
	answer_fill(&answer, &filing);
	assert_int_equal(output_json_answer(&stream, &result, false), 0);
	answer = (struct rmd_answer)RMD_ANSWER_INIT;
	answer.reason = RMD_REASON_NO_DATA;
	result.filing = NULL;
	assert_int_equal(output_json_answer(&stream, &result, false), 0);
	assert_string_equal(
		written(file, &stream),
		"{\"schema\":1,\"query\":\"a\\uFFFD\\u007f\",\"verdict\":\"refuse\",\"reason\":\"delisted\","
		"\"flags\":[\"multiple-filings\",\"lossy-name\"],\"citation\":\"47 CFR 64.6305(g)(1)\","
		"\"rmd_number\":\"RMD0001410\",\"frn\":\"0021441233\","
		"\"business_name\":\"Evil\\u001B \\u202E \\\"llc\\\"\",\"role\":\"vsp\","
		"\"implementation\":\"complete\",\"roles\":[\"vsp\",\"gateway\"],"
		"\"effective_at\":\"2025-08-06T16:00:00-04:00\",\"at\":\"2025-08-07T19:53:20-04:00\","
		"\"checked_at\":\"2025-08-07T16:53:20-04:00\",\"data_age\":10800,\"generation\":12,\"notice\":null}\n"
		"{\"schema\":1,\"query\":\"a\\uFFFD\\u007f\",\"verdict\":\"unknown\",\"reason\":\"no-data\","
		"\"flags\":[],\"citation\":null,\"rmd_number\":null,\"frn\":null,\"business_name\":null,\"role\":"
		"null,"
		"\"implementation\":null,\"roles\":[],\"effective_at\":null,\"at\":null,\"checked_at\":null,"
		"\"data_age\":null,\"generation\":null,\"notice\":null}\n");
}

static void
full_device_is_told(void **state)
{
	char buffer[8];
	struct stream stream = { -1, buffer, sizeof buffer, 0, 0, NULL };
	struct error error = { 0, "" };

	(void)state;
	stream_text(&stream, "longer than the buffer");
	assert_int_equal(stream_finish(&stream, 0, &error), EX_IOERR);
	assert_int_equal(error.code, EX_IOERR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harmful_text_is_escaped),
		cmocka_unit_test(line_is_exact),
		cmocka_unit_test(json_is_exact),
		cmocka_unit_test(full_device_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
