/* SPDX-License-Identifier: ISC
 *
 * From the bytes of a file to filings, rejects and refusals, for both formats. Every document is read three times: as
 * a file, through a pipe that gives one byte at a time, and by the format's decoder alone, all of it byte by byte.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <libxml/xmlmemory.h>

#include "rmd.h"
#include "sync/decode.h"

#define FORMS_BYTES (256 * 1024)
#define KEPT 8

struct result {
	int code;
	unsigned filings, rejects, unknowns, late_unknowns;
	uint64_t lines[KEPT]; /* of the first filings */
	struct reject reject[KEPT];
	char unknown[256]; /* names, a comma behind each */
	size_t forms_length;
	unsigned fail_at; /* the sink fails at this filing, from 1 */
	struct error error;
	unsigned char forms[FORMS_BYTES + FILING_ENCODED_MAX];
};

static int
filing_take(void *context, const struct filing *filing, uint64_t line, struct error *error)
{
	struct result *result = context;

	if (result->filings < KEPT)
		result->lines[result->filings] = line;
	result->filings++;
	if (result->filings == result->fail_at)
		return error_set(error, EX_CANTCREAT, "the sink is full");
	if (result->forms_length < FORMS_BYTES)
		result->forms_length += filing_encode(filing, result->forms + result->forms_length);
	return 0;
}

/* Of a list of one. */
static bool
only_filing(const struct result *result, struct filing *filing)
{
	return filing_decode((struct slice){ (const char *)result->forms, result->forms_length }, filing);
}

static int
reject_take(void *context, const struct reject *reject, struct error *error)
{
	struct result *result = context;

	(void)error;
	if (result->rejects < KEPT) {
		struct reject *kept = &result->reject[result->rejects];

		kept->line = reject->line;
		kept->column = reject->column;
		kept->number = reject->number;
		kept->frn = reject->frn;
		(void)snprintf(kept->reason, sizeof kept->reason, "%s", reject->reason);
	}
	result->rejects++;
	return 0;
}

static void
unknown_take(void *context, struct slice name)
{
	struct result *result = context;
	size_t length = strlen(result->unknown);

	result->unknowns++;
	if (result->filings + result->rejects > 0)
		result->late_unknowns++;
	(void)snprintf(result->unknown + length, sizeof result->unknown - length, "%.*s,", (int)name.length,
		       name.data);
}

static void
result_clear(struct result *result)
{
	memset(result, 0, offsetof(struct result, forms));
}

enum way { WAY_FILE, WAY_BYTES, WAY_DECODER };

/* A pipe whose every read gives one byte (O_DIRECT: packets), filled by a child. */
static int
bytes_open(const char *text, size_t length, pid_t *child)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_DIRECT | O_CLOEXEC), 0);
	*child = fork();
	assert_true(*child >= 0);
	if (*child == 0) {
		(void)close(ends[0]);
		for (size_t i = 0; i < length; i++)
			if (write(ends[1], text + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	(void)close(ends[1]);
	return ends[0];
}

static int
file_open(const char *text, size_t length)
{
	int file = memfd_create("document", MFD_CLOEXEC);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, length), (ssize_t)length);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	return file;
}

/* What standard error receives meanwhile must be nothing: a library would have printed it. */
static void
decode_one_way(const char *text, size_t length, enum decode_format format, enum way way, struct result *result)
{
	const struct decode_sink sink = { filing_take, reject_take, unknown_take, result, result };
	const struct slice none = { NULL, 0 };
	pid_t child = -1;
	int file = way == WAY_FILE ? file_open(text, length) : bytes_open(text, length, &child);
	int printed = memfd_create("stderr", MFD_CLOEXEC), saved = dup(STDERR_FILENO);

	assert_true(printed >= 0 && saved >= 0 && dup2(printed, STDERR_FILENO) >= 0);
	if (way != WAY_DECODER)
		result->code = decode(file, format, "list", &sink, &result->error);
	else if (text[0] == '<')
		result->code = decode_xml(file, none, "list", &sink, &result->error);
	else
		result->code = decode_csv(file, none, "list", &sink, &result->error);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(lseek(printed, 0, SEEK_END), 0);
	assert_int_equal(result->code, result->error.code);
	(void)close(saved);
	(void)close(printed);
	(void)close(file);
	if (child > 0)
		assert_int_equal(waitpid(child, NULL, 0), child);
}

static struct result *
decode_bytes(const char *text, size_t length, enum decode_format format)
{
	static struct result result, again;
	bool recognised;

	result_clear(&result);
	decode_one_way(text, length, format, WAY_FILE, &result);
	recognised = format == DECODE_AUTO && strstr(result.error.text, "begins with") == NULL &&
		     strstr(result.error.text, "empty") == NULL && text[0] != '\xef';
	for (enum way way = WAY_BYTES; length < 5000 && way <= (recognised ? WAY_DECODER : WAY_BYTES); way++) {
		result_clear(&again);
		decode_one_way(text, length, format, way, &again);
		/* What was delivered before a refusal may depend on how much was read at once. */
		if (result.code == 0)
			assert_memory_equal(&result, &again, offsetof(struct result, error));
		assert_int_equal(result.code, again.code);
		/* libxml2's own words may, too. */
		if (strstr(result.error.text, "not well-formed XML") == NULL)
			assert_string_equal(result.error.text, again.error.text);
		assert_memory_equal(result.forms, again.forms, result.forms_length);
	}
	return &result;
}

static struct result *
decode_text(const char *text)
{
	return decode_bytes(text, strlen(text), DECODE_AUTO);
}

static void
refused(const char *text, const char *why)
{
	struct result *result = decode_text(text);

	assert_int_equal(result->code, EX_DATAERR);
	if (strstr(result->error.text, why) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", result->error.text, why);
	assert_non_null(strstr(result->error.text, "list: "));
	assert_non_null(strstr(result->error.text, "; the file is refused"));
}

#define CSV_HEAD                                                                                                     \
	"number,frn,business_name,implementation,voice_service_provider_choice,"                                     \
	"gateway_provider_choice,intermediate_provider_choice"
#define CSV_ROW(number) "RMD900000" number ",009900000" number ",Alpha,N/A,Yes,No,No\n"

#define XML_NAMED(number, name)                                                                                      \
	"<number>RMD900000" number "</number><frn>009900000" number "</frn><business_name>" name "</business_name>"  \
	"<implementation>N/A</implementation><voice_service_provider_choice>Yes</voice_service_provider_choice>"     \
	"<gateway_provider_choice>No</gateway_provider_choice>"                                                      \
	"<intermediate_provider_choice>No</intermediate_provider_choice>"
#define XML_COLUMNS(number) XML_NAMED(number, "Alpha")
#define XML_ROW(number) "<result>" XML_COLUMNS(number) "</result>\n"
#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>\n"
#define XML_FOOT "</response>\n"

static void
test_csv_rows(void **state)
{
	struct result *result = decode_text(CSV_HEAD "\n" CSV_ROW("1") CSV_ROW("2"));

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 2);
	assert_int_equal(result->rejects, 0);
	assert_int_equal(result->lines[0], 2);
	assert_int_equal(result->lines[1], 3);
}

static void
test_csv_header_alone_is_a_list_without_rows(void **state)
{
	struct result *result = decode_text(CSV_HEAD "\n");

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 0);
}

static void
test_csv_crlf(void **state)
{
	struct result *result = decode_text(CSV_HEAD "\r\nRMD9000001,,\"A\r\nB\",N/A,Yes,No,No\r\n"
						     "RMD9000002,,A,N/A,Yes,No,No\r\n");

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 2);
	assert_int_equal(result->lines[0], 2);
	assert_int_equal(result->lines[1], 4);
}

static void
test_csv_embedded_newlines_and_blank_lines_count(void **state)
{
	struct result *result =
		decode_text(CSV_HEAD "\n\"RMD9000001\n\",,\"\n\nA\n\n\",N/A,Yes,No,No\n\n  \n" CSV_ROW("2"));

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->lines[0], 2);
	assert_int_equal(result->lines[1], 10);
}

static void
test_csv_byte_order_mark_skipped(void **state)
{
	struct result *result = decode_text("\xef\xbb\xbf" CSV_HEAD "\n" CSV_ROW("1"));

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 1);
}

static void
test_csv_any_order_and_trimmed_names(void **state)
{
	struct result *result = decode_text("intermediate_provider_choice, frn ,\"business_name \",implementation,"
					    "voice_service_provider_choice,gateway_provider_choice,\tnumber\n"
					    "Yes,0099000001,Alpha,N/A,No,No,RMD9000001\n");
	struct filing filing;

	(void)state;
	assert_int_equal(result->code, 0);
	assert_true(only_filing(result, &filing));
	assert_int_equal(filing.number, 9000001);
	assert_int_equal(filing.frn, 99000001);
	assert_int_equal(filing.roles, 1 << RMD_ROLE_INTERMEDIATE);
}

static void
test_csv_unknown_columns_reported_once(void **state)
{
	struct result *result =
		decode_text("status," CSV_HEAD ",ocn\nPublished,RMD9000001,,Alpha,N/A,Yes,No,No,9999\n"
			    "Published,RMD9000002,,Beta,N/A,Yes,No,No,9999\n");

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 2);
	assert_string_equal(result->unknown, "status,ocn,");
	assert_int_equal(result->late_unknowns, 0);
}

static void
test_csv_quotes(void **state)
{
	struct result *result =
		decode_text(CSV_HEAD "\nRMD9000001,0099000001,\"A \"\"B\"\", Inc.\" ,N/A,Yes,No,No\n");
	struct filing filing;

	(void)state;
	assert_int_equal(result->code, 0);
	assert_true(only_filing(result, &filing));
	assert_memory_equal(filing.text[COLUMN_BUSINESS_NAME].data, "A \"B\", Inc.", 11);
	assert_int_equal(filing.text[COLUMN_BUSINESS_NAME].length, 11);
}

static void
test_csv_duplicate_header_refused(void **state)
{
	(void)state;
	refused(CSV_HEAD ",frn\n", "line 1: two columns of the name \"frn\"");
	refused("x," CSV_HEAD ", x\n", "two columns of the name \"x\"");
}

static void
test_csv_missing_required_column_refused(void **state)
{
	(void)state;
	refused("number,frn\nRMD9000001,0099000001\n", "missing required column \"business_name\"");
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		char header[1024] = "country", why[128];

		if (!column_definitions[i].required)
			continue;
		for (unsigned j = 0; j < COLUMN_COUNT; j++)
			if (j != i && column_definitions[j].required)
				(void)snprintf(header + strlen(header), sizeof header - strlen(header), ",%s",
					       column_definitions[j].name);
		(void)snprintf(why, sizeof why, "missing required column \"%s\"", column_definitions[i].name);
		strncat(header, "\n", sizeof header - strlen(header) - 1);
		refused(header, why);
	}
}

static void
test_csv_column_names_are_exact(void **state)
{
	(void)state;
	refused("Number" CSV_HEAD "\n", "missing required column \"number\"");
}

static void
test_csv_too_many_columns_refused(void **state)
{
	char text[8 * LIMIT_COLUMNS] = CSV_HEAD;

	(void)state;
	for (unsigned i = 0; i < LIMIT_COLUMNS; i++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text), ",%u", i);
	strncat(text, "\n", sizeof text - strlen(text) - 1);
	refused(text, "too many columns");
}

static void
test_csv_too_long_column_name_refused(void **state)
{
	char text[1024];

	(void)state;
	(void)snprintf(text, sizeof text, CSV_HEAD ",%0*d\n", LIMIT_COLUMN_NAME + 1, 0);
	refused(text, "name too long");
}

static void
test_csv_wrong_column_count_refused(void **state)
{
	(void)state;
	refused(CSV_HEAD "\n" CSV_ROW("1") "RMD9000002,,Alpha,N/A,Yes,No\n",
		"line 3: 6 columns in a row, 7 in the header");
	refused(CSV_HEAD "\n" CSV_ROW("1") "RMD9000002,,Alpha,N/A,Yes,No,No,\n", "line 3: 8 columns");
	refused(CSV_HEAD "\nRMD9000001,,\"A\nB\",N/A,Yes,No,No\nRMD9000002,,\"A\n\nB\",N/A\n", "line 4: 4 columns");
}

static void
test_csv_error_behind_the_rows_refused(void **state)
{
	(void)state;
	refused(CSV_HEAD "\n" CSV_ROW("1") "Transaction cancelled: maximum execution time exceeded\n",
		"line 3: 1 columns");
	refused(CSV_HEAD "\n" CSV_ROW("1") "{\"error\":{\"message\":\"x\"}}\n", "line 3: a quote out of place");
}

static void
test_csv_quote_out_of_place_refused(void **state)
{
	(void)state;
	refused(CSV_HEAD "\n" CSV_ROW("1") "RMD9000002,,Al\"pha,N/A,Yes,No,No\n", "line 3: a quote out of place");
	refused(CSV_HEAD "\nRMD9000002,,\"Al\"pha,N/A,Yes,No,No\n", "line 2: a quote out of place");
}

static void
test_csv_unclosed_quote_refused(void **state)
{
	(void)state;
	refused(CSV_HEAD "\n" CSV_ROW("1") "RMD9000002,,\"Alpha,N/A,Yes,No,No\n" CSV_ROW("3"),
		"line 3: a quote in this row is never closed: cut short");
}

static void
test_csv_missing_final_newline_refused(void **state)
{
	(void)state;
	refused(CSV_HEAD, "line 1: no newline at the end: cut short");
	refused(CSV_HEAD "\n" CSV_ROW("1") "RMD9000002,,Alpha,N/A,Yes,No,No", "line 3: no newline at the end");
	refused(CSV_HEAD "\r\nRMD9000001,,Alpha,N/A,Yes,No,No\r", "no newline at the end");
}

static void
test_csv_every_cut_refused(void **state)
{
	static const char text[] = CSV_HEAD "\nRMD9000001,,\"A\nB\",N/A,Yes,No,No\n";
	char cut[sizeof text];

	(void)state;
	for (size_t length = sizeof CSV_HEAD + 1; length < sizeof text - 1; length += 3) {
		memcpy(cut, text, length);
		cut[length] = '\0';
		assert_int_equal(decode_text(cut)->code, EX_DATAERR);
	}
	assert_int_equal(decode_text(text)->code, 0);
}

static void
test_csv_bad_values_quarantined(void **state)
{
	struct result *result = decode_text(
		CSV_HEAD "\n" CSV_ROW("1") "RMD9000002,0099000002,A,Unheard of,Yes,No,No\n"
					   "RMD9000003,0099000003,\"A\n\xff\",N/A,Yes,No,No\n" CSV_ROW("4"));

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 2);
	assert_int_equal(result->lines[1], 6);
	assert_int_equal(result->rejects, 2);
	assert_int_equal(result->reject[0].line, 3);
	assert_int_equal(result->reject[0].column, COLUMN_IMPLEMENTATION);
	assert_int_equal(result->reject[0].number, 9000002);
	assert_int_equal(result->reject[0].frn, 99000002);
	assert_int_equal(result->reject[1].line, 4);
	assert_int_equal(result->reject[1].column, COLUMN_BUSINESS_NAME);
}

/* `before`, `length` times `fill`, `behind`. */
static struct result *
decode_filled(const char *before, char fill, size_t length, const char *behind)
{
	size_t total = strlen(before) + length + strlen(behind);
	char *text = malloc(total);
	struct result *result;

	assert_non_null(text);
	memcpy(text, before, strlen(before));
	memset(text + strlen(before), fill, length);
	memcpy(text + strlen(before) + length, behind, strlen(behind));
	result = decode_bytes(text, total, DECODE_AUTO);
	free(text);
	return result;
}

static void
test_csv_long_cells(void **state)
{
	static const size_t lengths[] = { LIMIT_FIELD_BYTES + 1, 300000, 3000000 };
	struct result *result;

	(void)state;
	result = decode_filled(CSV_HEAD "\nRMD9000001,,", 'x', LIMIT_FIELD_BYTES, ",N/A,Yes,No,No\n" CSV_ROW("2"));
	assert_int_equal(result->filings, 2);
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		result = decode_filled(CSV_HEAD "\nRMD9000001,0099000001,", 'x', lengths[i],
				       ",N/A,Yes,No,No\n" CSV_ROW("2"));
		assert_int_equal(result->code, 0);
		assert_int_equal(result->filings, 1);
		assert_int_equal(result->rejects, 1);
		assert_int_equal(result->reject[0].column, COLUMN_BUSINESS_NAME);
		assert_int_equal(result->reject[0].number, 9000001);
		assert_int_equal(result->reject[0].frn, 99000001);
		assert_int_equal(result->lines[0], 3);
	}
	/* All line breaks, and all blanks behind a quote: the same, and the next row's line is right. */
	result = decode_filled(CSV_HEAD "\nRMD9000001,,\"x", '\n', 600000, "x\",N/A,Yes,No,No\n" CSV_ROW("2"));
	assert_int_equal(result->rejects, 1);
	assert_int_equal(result->filings, 1);
	assert_int_equal(result->lines[0], 600003);
	result = decode_filled(CSV_HEAD "\nRMD9000001,,\"x\"", ' ', 600000, ",N/A,Yes,No,No\n" CSV_ROW("2"));
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings + result->rejects, 2);
	result = decode_filled(CSV_HEAD "\nRMD9000001,,\"x\"", ' ', 600000, "\",N/A,Yes,No,No\n" CSV_ROW("2"));
	assert_int_equal(result->code, EX_DATAERR);
}

static void
test_csv_long_unknown_column_does_not_matter(void **state)
{
	struct result *result = decode_filled("x," CSV_HEAD "\n", 'x', 200000, ",RMD9000001,,A,N/A,Yes,No,No\n");

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 1);
}

static void
test_csv_too_many_rows_refused(void **state)
{
	static const char row[] = "RMD9000001,,,N/A,No,No,No\n";
	const struct decode_sink sink = { filing_take, reject_take, unknown_take, *state, *state };
	struct result *result = *state;
	int ends[2];
	pid_t child;

	result_clear(result);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		static char rows[1000 * (sizeof row - 1)];

		(void)close(ends[0]);
		for (size_t i = 0; i < 1000; i++)
			memcpy(rows + i * (sizeof row - 1), row, sizeof row - 1);
		if (write(ends[1], CSV_HEAD "\n", sizeof CSV_HEAD) < 0)
			_exit(1);
		for (size_t i = 0; i <= LIMIT_ROWS / 1000; i++)
			for (size_t done = 0; done < sizeof rows;) {
				ssize_t written = write(ends[1], rows + done, sizeof rows - done);

				if (written < 0)
					_exit(1);
				done += (size_t)written;
			}
		_exit(0);
	}
	(void)close(ends[1]);
	assert_int_equal(decode(ends[0], DECODE_AUTO, "list", &sink, &result->error), EX_DATAERR);
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(result->filings, LIMIT_ROWS);
	assert_string_equal(result->error.text, "list: line 2000002: more than 2000000 rows; the file is refused");
}

static void
test_nul_refused(void **state)
{
	static const char csv[] = CSV_HEAD "\n" CSV_ROW("1") "RMD90\0";
	static const char xml[] = XML_HEAD XML_ROW("1") "<result>\0";
	struct result *result = decode_bytes(csv, sizeof csv, DECODE_AUTO);

	(void)state;
	assert_int_equal(result->code, EX_DATAERR);
	assert_string_equal(result->error.text, "list: line 3: a NUL byte; the file is refused");
	result = decode_bytes(xml, sizeof xml, DECODE_XML);
	assert_int_equal(result->code, EX_DATAERR);
	assert_string_equal(result->error.text, "list: line 4: a NUL byte; the file is refused");
	/* Beyond what the format is found by. */
	result = decode_filled(CSV_HEAD "\nRMD9000001,,A,N/A,Yes,No,", '\0', 2000, "\n");
	assert_string_equal(result->error.text, "list: line 2: a NUL byte; the file is refused");
}

static void
test_empty_refused(void **state)
{
	(void)state;
	refused("", "list: empty");
	refused(" \r\n\n", "list: empty");
	refused("\xef\xbb\xbf", "list: empty");
}

static void
test_html_refused(void **state)
{
	static const char *const pages[] = {
		"<!DOCTYPE html>\n<html><body>Log in</body></html>\n",
		"\n<!doctype HTML><title>x</title>",
		"<html lang=\"en\">",
		"\xef\xbb\xbf<HTML>",
		"<!-- maintenance -->\n<html>",
		"<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\" \"y\"><html/>",
		"<head><title>Maintenance</title></head>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
		refused(pages[i], "an HTML page, not the list");
}

static void
test_json_refused(void **state)
{
	(void)state;
	refused("{\"error\":{\"message\":\"No Record found\"}}\n", "JSON, not the list (it begins with \"{\"error\"");
	refused(" [1]\n", "JSON, not the list");
}

static void
test_format_asked_for(void **state)
{
	static const char csv[] = CSV_HEAD "\n" CSV_ROW("1"), xml[] = XML_HEAD XML_ROW("1") XML_FOOT;

	(void)state;
	assert_int_equal(decode_bytes(csv, sizeof csv - 1, DECODE_CSV)->code, 0);
	assert_int_equal(decode_bytes(xml, sizeof xml - 1, DECODE_XML)->code, 0);
	assert_non_null(strstr(decode_bytes(csv, sizeof csv - 1, DECODE_XML)->error.text, "XML was expected"));
	assert_non_null(strstr(decode_bytes(xml, sizeof xml - 1, DECODE_CSV)->error.text, "CSV was expected"));
}

static void
test_sink_failure_ends_decoding(void **state)
{
	static const char csv[] = CSV_HEAD "\n" CSV_ROW("1") CSV_ROW("2") CSV_ROW("3");
	static const char xml[] = XML_HEAD XML_ROW("1") XML_ROW("2") XML_ROW("3") XML_FOOT;
	static const char *const texts[] = { csv, xml };

	for (size_t i = 0; i < 2; i++) {
		struct result *result = *state;

		result_clear(result);
		result->fail_at = 2;
		decode_one_way(texts[i], strlen(texts[i]), DECODE_AUTO, WAY_FILE, result);
		assert_int_equal(result->code, EX_CANTCREAT);
		assert_int_equal(result->filings, 2);
		assert_string_equal(result->error.text, "the sink is full");
	}
}

static void
test_unreadable_file(void **state)
{
	struct result *result = *state;
	const struct decode_sink sink = { filing_take, reject_take, unknown_take, result, result };
	int file = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	result_clear(result);
	assert_true(file >= 0);
	assert_int_equal(decode(file, DECODE_AUTO, "list", &sink, &result->error), EX_TEMPFAIL);
	assert_non_null(strstr(result->error.text, "list: cannot be read: "));
	(void)close(file);
}

static void
test_xml_rest_shape(void **state)
{
	struct result *result = decode_text(XML_HEAD XML_ROW("1") XML_ROW("2") XML_FOOT);

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 2);
	assert_int_equal(result->lines[0], 3);
	assert_int_equal(result->lines[1], 4);
}

static void
test_xml_unload_shape(void **state)
{
	struct result *result = decode_text(
		"<?xml version=\"1.0\"?>\n<xml>\n<x_g_fmc_rmd_robocall_mitigation_database>\n" XML_COLUMNS(
			"1") "\n</x_g_fmc_rmd_robocall_mitigation_database>"
			     "<x_g_fmc_rmd_robocall_mitigation_database>" XML_COLUMNS(
				     "2") "</x_g_fmc_rmd_robocall_mitigation_database>\n</xml>\n");

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 2);
	assert_int_equal(result->lines[0], 3);
	assert_int_equal(result->lines[1], 5);
}

static void
test_xml_byte_order_mark_skipped(void **state)
{
	(void)state;
	assert_int_equal(decode_text("\xef\xbb\xbf" XML_HEAD XML_ROW("1") XML_FOOT)->filings, 1);
}

static void
test_xml_reference_takes_the_display_value(void **state)
{
	struct result *plain = *state, *result;

	result_clear(plain);
	decode_one_way(XML_HEAD XML_ROW("1") XML_FOOT, strlen(XML_HEAD XML_ROW("1") XML_FOOT), DECODE_AUTO, WAY_FILE,
		       plain);
	result = decode_text(
		XML_HEAD "<result><number>RMD9000001</number><frn>\n<display_value>0099000001</display_value>\n"
			 "<value>260669871b6f241002beea82f54bcb81</value></frn>"
			 "<business_name><link>https://example.com/x</link><value>x</value>"
			 "<display_value>Alpha</display_value></business_name><implementation>N/A</implementation>"
			 "<voice_service_provider_choice>Yes</voice_service_provider_choice>"
			 "<gateway_provider_choice>No</gateway_provider_choice>"
			 "<intermediate_provider_choice>No</intermediate_provider_choice></result>" XML_FOOT);
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 1);
	assert_int_equal(result->forms_length, plain->forms_length);
	assert_memory_equal(result->forms, plain->forms, plain->forms_length);
}

static void
test_xml_odd_references_refused(void **state)
{
	(void)state;
	refused(XML_HEAD "<result><frn><value>1</value></frn></result>" XML_FOOT, "no display_value in column frn");
	refused(XML_HEAD "<result><frn><b>1</b></frn></result>" XML_FOOT, "unexpected in a column: element b");
	refused(XML_HEAD "<result><frn>1<display_value>1</display_value></frn></result>" XML_FOOT,
		"text beside the element display_value");
	refused(XML_HEAD "<result><frn><display_value>1</display_value>1</frn></result>" XML_FOOT,
		"text outside the columns");
	refused(XML_HEAD "<result><frn><display_value>1</display_value><display_value>2</display_value></frn>"
			 "</result>" XML_FOOT,
		"unexpected in a column: element display_value");
	refused(XML_HEAD "<result><frn><display_value><display_value>1</display_value></display_value></frn>"
			 "</result>" XML_FOOT,
		"unexpected in a column: element display_value");
	refused(XML_HEAD "<result><frn><display_value>1</display_value><value><x/></value></frn></result>" XML_FOOT,
		"unexpected in a column: element x");
}

static void
test_xml_unknown_columns_reported_once(void **state)
{
	struct result *result = decode_text(XML_HEAD "<result><sys_id>x<y>z</y></sys_id>" XML_COLUMNS(
		"1") "<ocn>9999</ocn></result>"
		     "<result><ocn/>" XML_COLUMNS(
			     "2") "<sys_id>x<number>RMD0000009</number>y</sys_id></result>" XML_FOOT);

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 2);
	assert_int_equal(result->unknowns, 2);
	assert_non_null(strstr(result->unknown, "ocn,"));
	assert_non_null(strstr(result->unknown, "sys_id,"));
}

static void
test_xml_unknown_column_before_the_known_ones(void **state)
{
	struct result *result = decode_text(
		XML_HEAD "<count>1</count><result><sys_id>x</sys_id><ocn/>" XML_COLUMNS("1") "</result>" XML_FOOT);

	(void)state;
	assert_int_equal(result->filings, 1);
	assert_string_equal(result->unknown, "sys_id,ocn,");
}

static void
test_xml_entities_comments_and_cdata(void **state)
{
	struct result *result = decode_text(
		XML_HEAD "<result>" XML_NAMED("1", "A &amp; B &lt;&gt;&quot;&apos; &#67;&#x44;<!-- no --><?no no?>"
						   "<![CDATA[ <E> & ]]>F") "</result>" XML_FOOT);
	struct filing filing;
	static const char expected[] = "A & B <>\"' CD <E> & F";

	(void)state;
	assert_int_equal(result->code, 0);
	assert_true(only_filing(result, &filing));
	assert_int_equal(filing.text[COLUMN_BUSINESS_NAME].length, sizeof expected - 1);
	assert_memory_equal(filing.text[COLUMN_BUSINESS_NAME].data, expected, sizeof expected - 1);
}

static void
test_xml_doctype_refused(void **state)
{
	(void)state;
	refused("<?xml version=\"1.0\"?>\n<!DOCTYPE response>\n<response>" XML_ROW("1") XML_FOOT,
		"line 2: a DOCTYPE is not allowed");
	refused("<!DOCTYPE response SYSTEM \"https://example.com/x.dtd\"><response>" XML_ROW("1") XML_FOOT,
		"DOCTYPE");
}

static void
test_xml_external_entity_refused(void **state)
{
	(void)state;
	refused("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>\n<r><result>" XML_NAMED(
			"1", "&x;") "</result></r>\n",
		"DOCTYPE");
}

static void
test_xml_billion_laughs_refused(void **state)
{
	(void)state;
	refused("<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>\n"
		"<r><result>" XML_NAMED("1", "&c;") "</result></r>\n",
		"DOCTYPE");
}

static void
test_xml_undeclared_entity_refused(void **state)
{
	(void)state;
	refused(XML_HEAD "<result>" XML_NAMED("1", "&eacute;") "</result>" XML_FOOT, "line 3: not well-formed XML");
}

static void
test_xml_cut_short_refused(void **state)
{
	(void)state;
	refused(XML_HEAD XML_ROW("1"), "ends inside an element: cut short");
	refused(XML_HEAD XML_ROW("1") "<result><number>RMD9000002", "ends inside an element: cut short");
}

static void
test_xml_every_cut_refused(void **state)
{
	static const char text[] = XML_HEAD XML_ROW("1") "</response>";
	char cut[sizeof text];

	(void)state;
	for (size_t length = 1; length < sizeof text - 1; length += 7) {
		memcpy(cut, text, length);
		cut[length] = '\0';
		assert_int_equal(decode_text(cut)->code, EX_DATAERR);
	}
	assert_int_equal(decode_text(text)->code, 0);
}

static void
test_xml_error_behind_the_rows_refused(void **state)
{
	(void)state;
	refused(XML_HEAD XML_ROW("1") XML_FOOT "{\"error\":1}", "not well-formed XML");
	refused(XML_HEAD XML_ROW("1") "Transaction cancelled" XML_FOOT, "line 4: text outside the columns");
	refused(XML_HEAD "<result>" XML_COLUMNS("1") "Transaction cancelled</result>" XML_FOOT,
		"text outside the columns");
	refused(XML_HEAD XML_ROW("1") "<error><message>x</message></error>" XML_FOOT, "the source reports an error");
}

static void
test_xml_error_in_place_of_the_list_refused(void **state)
{
	(void)state;
	refused("<response><error><message>User Not "
		"Authenticated</message></error><status>failure</status></response>",
		"the source reports an error");
}

static void
test_xml_without_rows_refused(void **state)
{
	(void)state;
	refused("<response></response>", "no row of the list in it");
	refused("<response><result><a>1</a></result></response>", "no row of the list in it");
	refused("<number>RMD9000001</number>", "no row of the list in it");
}

static void
test_xml_column_that_no_row_has_refused(void **state)
{
	(void)state;
	refused(XML_HEAD "<result><number>RMD9000001</number><frn/></result>" XML_FOOT,
		"missing required column business_name");
}

static void
test_xml_row_that_lacks_a_column_quarantined(void **state)
{
	struct result *result =
		decode_text(XML_HEAD "<result><number>RMD9000002</number><frn>0099000002</frn></result>\n" XML_ROW(
			"1") "<result/>" XML_FOOT);

	(void)state;
	assert_int_equal(result->code, 0);
	assert_int_equal(result->filings, 1);
	assert_int_equal(result->rejects, 2);
	assert_int_equal(result->reject[0].number, 9000002);
	assert_int_equal(result->reject[0].frn, 99000002);
	assert_int_equal(result->reject[0].column, COLUMN_BUSINESS_NAME);
	assert_int_equal(result->reject[0].line, 3);
	assert_int_equal(result->reject[1].number, 0);
	assert_int_equal(result->reject[1].line, 5);
}

static void
test_xml_column_twice_in_a_row_refused(void **state)
{
	(void)state;
	refused(XML_HEAD XML_ROW("1") "<result>" XML_COLUMNS("2") "<frn/></result>" XML_FOOT,
		"line 4: twice in one row: column frn");
}

static void
test_xml_too_deep_refused(void **state)
{
	char text[1024] = "<response><result><x>";

	(void)state;
	for (unsigned i = 3; i <= LIMIT_XML_DEPTH; i++)
		strncat(text, "<a>", sizeof text - strlen(text) - 1);
	refused(text, "elements too deep");
}

static void
test_xml_too_many_columns_refused(void **state)
{
	char text[16384] = XML_HEAD "<result><number/>";

	(void)state;
	for (unsigned i = 0; i < LIMIT_COLUMNS; i++)
		strncat(text, "<a/>", sizeof text - strlen(text) - 1);
	strncat(text, "</result>" XML_FOOT, sizeof text - strlen(text) - 1);
	refused(text, "too many columns in one row");
}

static void
test_xml_too_many_unknown_columns_refused(void **state)
{
	char text[32768] = XML_HEAD;

	(void)state;
	for (unsigned i = 0; i <= LIMIT_COLUMNS; i++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text), "<result><frn/><a%u/></result>", i);
	strncat(text, XML_FOOT, sizeof text - strlen(text) - 1);
	refused(text, "too many unknown columns");
}

static void
test_xml_invalid_utf8_refused(void **state)
{
	(void)state;
	refused(XML_HEAD "<result>" XML_NAMED("1", "Caf\xe9") "</result>" XML_FOOT, "not well-formed XML");
}

static void
test_xml_other_malformed_refused(void **state)
{
	(void)state;
	refused(XML_HEAD "<result><frn></number></result>" XML_FOOT, "not well-formed XML");
	refused(XML_HEAD "<result><frn a=1/></result>" XML_FOOT, "not well-formed XML");
	refused(XML_HEAD "<result><frn>&#0;</frn></result>" XML_FOOT, "not well-formed XML");
	refused("<>", "not well-formed XML");
}

static void
test_xml_long_cells(void **state)
{
	static const size_t lengths[] = { LIMIT_FIELD_BYTES + 1, 300000, 3000000 };

	(void)state;
	assert_int_equal(decode_filled(XML_HEAD "<result><other_frns>", 'x', LIMIT_FIELD_BYTES,
				       "</other_frns>" XML_COLUMNS("1") "</result>" XML_FOOT)
				 ->filings,
			 1);
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct result *result =
			decode_filled(XML_HEAD "<result><other_frns>", 'x', lengths[i],
				      "</other_frns>" XML_COLUMNS("1") "</result>\n" XML_ROW("2") XML_FOOT);

		assert_int_equal(result->code, 0);
		assert_int_equal(result->filings, 1);
		assert_int_equal(result->rejects, 1);
		assert_int_equal(result->reject[0].column, COLUMN_OTHER_FRNS);
		assert_int_equal(result->reject[0].number, 9000001);
		assert_int_equal(result->lines[0], 4);
	}
}

/* libxml2's allocations: the one that fails, from 1, and whether all behind it do. */
static struct {
	unsigned count, at;
	bool on;
} allocation;

static bool
allocation_fails(void)
{
	allocation.count++;
	return allocation.on ? allocation.count >= allocation.at : allocation.count == allocation.at;
}

static void *
allocate(size_t size)
{
	return allocation_fails() ? NULL : malloc(size);
}

static void *
reallocate(void *memory, size_t size)
{
	return allocation_fails() ? NULL : realloc(memory, size);
}

static char *
duplicate(const char *text)
{
	return allocation_fails() ? NULL : strdup(text);
}

int
__real_xmlMemSetup(xmlFreeFunc release, xmlMallocFunc give, xmlReallocFunc resize, xmlStrdupFunc copy);
int
__wrap_xmlMemSetup(xmlFreeFunc release, xmlMallocFunc give, xmlReallocFunc resize, xmlStrdupFunc copy);

/* Ours for the decoder's own; without a failure to come they are the same. */
int
__wrap_xmlMemSetup(xmlFreeFunc release, xmlMallocFunc give, xmlReallocFunc resize, xmlStrdupFunc copy)
{
	(void)give, (void)resize, (void)copy;
	return __real_xmlMemSetup(release, allocate, reallocate, duplicate);
}

/* Some of these failures libxml2 did not tell: the rows before were taken for the whole list. */
static void
test_xml_without_memory_is_no_whole_list(void **state)
{
	static char text[64 * 1024];
	static struct result result;
	int length = snprintf(text, sizeof text, "%s<result x=\"%040000d\">%s", XML_HEAD XML_ROW("1"), 0,
			      XML_COLUMNS("2") "</result>\n" XML_ROW("3") XML_FOOT);

	(void)state;
	assert_true(length > 0 && (size_t)length < sizeof text);
	for (int on = 0; on < 2; on++) {
		allocation.on = on != 0;
		allocation.at = 0;
		do {
			allocation.at++;
			allocation.count = 0;
			result_clear(&result);
			decode_one_way(text, (size_t)length, DECODE_XML, WAY_FILE, &result);
			/* It can do without some. */
			if (result.code != 0 || result.filings != 3)
				assert_int_equal(result.code, EX_CANTCREAT);
		} while (allocation.count >= allocation.at);
		assert_int_equal(result.filings, 3);
		assert_true(allocation.at > 20);
	}
	allocation.at = 0;
	allocation.on = false;
}

static void
test_both_formats_give_the_same_filings(void **state)
{
	static const char csv[] = "number,frn,business_name,business_address,foreign_voice_provider,other_frns,"
				  "contact_telephone_number,implementation,voice_service_provider_choice,"
				  "gateway_provider_choice,intermediate_provider_choice,last_updated\n"
				  "RMD9000001,0099-0000-01,'@Alpha & Sons,\"1 Example Street\r\nSpringfield\tIL\",No,"
				  "0099000007; 0099-0000-08,'+12025550100,complete stir/shaken implementation,Yes,"
				  "no,YES,2024-04-08 10:11:12\n"
				  "rmd9000002,,\"Caf\xef\xbf\xbd \"\"B\"\"\",,,,,N/A,No,No,No,\n";
	static const char xml[] = XML_HEAD
		"<result><number>RMD9000001</number><frn>0099000001</frn><business_name>'@Alpha &amp; Sons"
		"</business_name><business_address>1 Example Street&#13;\nSpringfield\tIL</business_address>"
		"<foreign_voice_provider>No</foreign_voice_provider><other_frns>0099000007; 0099-0000-08"
		"</other_frns><contact_telephone_number>'+12025550100</contact_telephone_number>"
		"<implementation>Complete STIR/SHAKEN Implementation</implementation>"
		"<voice_service_provider_choice>Yes</voice_service_provider_choice>"
		"<gateway_provider_choice>No</gateway_provider_choice>"
		"<intermediate_provider_choice>Yes</intermediate_provider_choice>"
		"<last_updated>2024-04-08</last_updated></result>\n"
		"<result><number>RMD9000002</number><frn/><business_name>Caf\xef\xbf\xbd \"B\"</business_name>"
		"<implementation>N/A</implementation>"
		"<voice_service_provider_choice>No</voice_service_provider_choice>"
		"<gateway_provider_choice>No</gateway_provider_choice>"
		"<intermediate_provider_choice>No</intermediate_provider_choice></result>\n" XML_FOOT;
	struct result *from_csv = *state, *from_xml;

	memcpy(from_csv, decode_text(csv), sizeof *from_csv);
	from_xml = decode_text(xml);
	assert_int_equal(from_csv->code, 0);
	assert_int_equal(from_xml->code, 0);
	assert_int_equal(from_csv->filings, 2);
	assert_int_equal(from_xml->filings, 2);
	assert_int_equal(from_csv->forms_length, from_xml->forms_length);
	assert_memory_equal(from_csv->forms, from_xml->forms, from_csv->forms_length);
}

/* The sample that we ship, in both formats: as long a list as a test needs, with every oddity in it. */
static void
test_sample_is_the_same_in_both_formats(void **state)
{
	static const char *const names[] = { "rmd-sample.csv", "rmd-sample.xml" };
	const char *srcdir = getenv("srcdir");
	struct result *results = calloc(2, sizeof *results);

	(void)state;
	assert_non_null(results);
	for (size_t i = 0; i < 2; i++) {
		const struct decode_sink sink = { filing_take, reject_take, unknown_take, &results[i], &results[i] };
		char path[LIMIT_PATH_BYTES];
		int file;

		(void)snprintf(path, sizeof path, "%s/contrib/sample/%s", srcdir != NULL ? srcdir : ".", names[i]);
		file = open(path, O_RDONLY | O_CLOEXEC);
		assert_true(file >= 0);
		assert_int_equal(decode(file, DECODE_AUTO, path, &sink, &results[i].error), 0);
		(void)close(file);
		assert_true(results[i].filings + results[i].rejects >= 240);
		assert_int_equal(results[i].rejects, 2);
		assert_int_equal(results[i].unknowns, 0);
	}
	assert_int_equal(results[0].filings, results[1].filings);
	assert_int_equal(results[0].forms_length, results[1].forms_length);
	assert_true(results[0].forms_length < FORMS_BYTES);
	assert_memory_equal(results[0].forms, results[1].forms, results[0].forms_length);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(results[0].reject[i].number, results[1].reject[i].number);
		assert_int_equal(results[0].reject[i].frn, results[1].reject[i].frn);
		assert_string_equal(results[0].reject[i].reason, results[1].reject[i].reason);
	}
	free(results);
}

static int
result_begin(void **state)
{
	*state = calloc(1, sizeof(struct result));
	return *state != NULL ? 0 : -1;
}

static int
result_end(void **state)
{
	free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_rows),
		cmocka_unit_test(test_csv_header_alone_is_a_list_without_rows),
		cmocka_unit_test(test_csv_crlf),
		cmocka_unit_test(test_csv_embedded_newlines_and_blank_lines_count),
		cmocka_unit_test(test_csv_byte_order_mark_skipped),
		cmocka_unit_test(test_csv_any_order_and_trimmed_names),
		cmocka_unit_test(test_csv_unknown_columns_reported_once),
		cmocka_unit_test(test_csv_quotes),
		cmocka_unit_test(test_csv_duplicate_header_refused),
		cmocka_unit_test(test_csv_missing_required_column_refused),
		cmocka_unit_test(test_csv_column_names_are_exact),
		cmocka_unit_test(test_csv_too_many_columns_refused),
		cmocka_unit_test(test_csv_too_long_column_name_refused),
		cmocka_unit_test(test_csv_wrong_column_count_refused),
		cmocka_unit_test(test_csv_error_behind_the_rows_refused),
		cmocka_unit_test(test_csv_quote_out_of_place_refused),
		cmocka_unit_test(test_csv_unclosed_quote_refused),
		cmocka_unit_test(test_csv_missing_final_newline_refused),
		cmocka_unit_test(test_csv_every_cut_refused),
		cmocka_unit_test(test_csv_bad_values_quarantined),
		cmocka_unit_test(test_csv_long_cells),
		cmocka_unit_test(test_csv_long_unknown_column_does_not_matter),
		cmocka_unit_test(test_csv_too_many_rows_refused),
		cmocka_unit_test(test_nul_refused),
		cmocka_unit_test(test_empty_refused),
		cmocka_unit_test(test_html_refused),
		cmocka_unit_test(test_json_refused),
		cmocka_unit_test(test_format_asked_for),
		cmocka_unit_test(test_sink_failure_ends_decoding),
		cmocka_unit_test(test_unreadable_file),
		cmocka_unit_test(test_xml_rest_shape),
		cmocka_unit_test(test_xml_unload_shape),
		cmocka_unit_test(test_xml_byte_order_mark_skipped),
		cmocka_unit_test(test_xml_reference_takes_the_display_value),
		cmocka_unit_test(test_xml_odd_references_refused),
		cmocka_unit_test(test_xml_unknown_columns_reported_once),
		cmocka_unit_test(test_xml_unknown_column_before_the_known_ones),
		cmocka_unit_test(test_xml_entities_comments_and_cdata),
		cmocka_unit_test(test_xml_doctype_refused),
		cmocka_unit_test(test_xml_external_entity_refused),
		cmocka_unit_test(test_xml_billion_laughs_refused),
		cmocka_unit_test(test_xml_undeclared_entity_refused),
		cmocka_unit_test(test_xml_cut_short_refused),
		cmocka_unit_test(test_xml_every_cut_refused),
		cmocka_unit_test(test_xml_error_behind_the_rows_refused),
		cmocka_unit_test(test_xml_error_in_place_of_the_list_refused),
		cmocka_unit_test(test_xml_without_rows_refused),
		cmocka_unit_test(test_xml_column_that_no_row_has_refused),
		cmocka_unit_test(test_xml_row_that_lacks_a_column_quarantined),
		cmocka_unit_test(test_xml_column_twice_in_a_row_refused),
		cmocka_unit_test(test_xml_too_deep_refused),
		cmocka_unit_test(test_xml_too_many_columns_refused),
		cmocka_unit_test(test_xml_too_many_unknown_columns_refused),
		cmocka_unit_test(test_xml_invalid_utf8_refused),
		cmocka_unit_test(test_xml_other_malformed_refused),
		cmocka_unit_test(test_xml_long_cells),
		cmocka_unit_test(test_xml_without_memory_is_no_whole_list),
		cmocka_unit_test(test_both_formats_give_the_same_filings),
		cmocka_unit_test(test_sample_is_the_same_in_both_formats),
	};

	return cmocka_run_group_tests(tests, result_begin, result_end);
}
