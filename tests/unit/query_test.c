/* SPDX-License-Identifier: ISC
 *
 * Lines of a batch: the reader that cuts them and the parser that makes questions of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "check/query.h"

static void
assert_slice(const char *data, size_t length, const char *expected)
{
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(data, expected, length);
}

/* Parses a copy of the text in memory of just its size, so that a sanitizer sees a step too far. */
static int
parse(const char *text, size_t length, char **copy, struct rmd_query *query, struct error *error)
{
	struct line line = { NULL, length, false };

	*copy = malloc(length > 0 ? length : 1);
	assert_non_null(*copy);
	memcpy(*copy, text, length);
	line.data = *copy;
	*query = (struct rmd_query)RMD_QUERY_INIT;
	*error = (struct error){ 0, "" };
	return query_parse(line, query, error);
}

static void
providers_are_read(void **state)
{
	static const char *const cases[][2] = {
		{ "0021441233", "0021441233" },
		{ "  0021-4412-33\t", "0021-4412-33" },
		{ "RMD0001410\r", "RMD0001410" },
		{ "frn:0021441233", "frn:0021441233" },
		{ "ip:2001:db8::1", "ip:2001:db8::1" },
		{ "\"Piratel llc\"", "Piratel llc" },
		{ "name:\"Piratel llc\"", "name:Piratel llc" },
		{ "name:\"at=noon role=x\"", "name:at=noon role=x" },
		{ "trunk:\"TG 1042\" role=vsp", "trunk:TG 1042" },
		{ "name:\"\"", "name:" },
		{ "name:\"a\tb\" to=911", "name:a\tb" },
		{ "role:vsp", "role:vsp" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rmd_query query;
		struct error error;
		char *copy;

		assert_int_equal(parse(cases[i][0], strlen(cases[i][0]), &copy, &query, &error), 0);
		assert_slice(query.provider, query.provider_length, cases[i][1]);
		free(copy);
	}
}

static void
parameters_are_read(void **state)
{
	static const char text[] =
		"0021441233 \t role=Gateway from=+12025550100 at=2025-10-01 to=sip:911@example.net";
	struct rmd_query query;
	struct error error;
	char *copy;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &copy, &query, &error), 0);
	assert_int_equal(query.role, RMD_ROLE_GATEWAY);
	assert_slice(query.caller, query.caller_length, "+12025550100");
	assert_slice(query.called, query.called_length, "sip:911@example.net");
	assert_int_equal(query.at, day_begins(day_of(2025, 10, 1)));
	free(copy);
	assert_int_equal(parse("0021441233 to=\"Operator\"<sip:911@x>", 35, &copy, &query, &error), 0);
	assert_slice(query.called, query.called_length, "\"Operator\"<sip:911@x>");
	free(copy);
}

/* What a line says nothing of stays as the command line had it; an empty number is one that is not known. */
static void
defaults_stand(void **state)
{
	char text[] = "0021441233 from=";
	struct line line = { text, strlen(text), false };
	struct rmd_query query = RMD_QUERY_INIT;
	struct error error = { 0, "" };

	(void)state;
	query.role = RMD_ROLE_VSP;
	query.caller = "12025550100";
	query.caller_length = 11;
	query.called = "911";
	query.called_length = 3;
	query.at = 42;
	assert_int_equal(query_parse(line, &query, &error), 0);
	assert_int_equal(query.role, RMD_ROLE_VSP);
	assert_int_equal(query.caller_length, 0);
	assert_slice(query.called, query.called_length, "911");
	assert_int_equal(query.at, 42);
}

#define CASE(text, word)                                                                                             \
	{                                                                                                            \
		text, sizeof text - 1, word                                                                          \
	}

static void
malformed_lines_are_told(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *word;
	} cases[] = {
		CASE("", "no PROVIDER"),
		CASE(" \t \r", "no PROVIDER"),
		CASE("\"\"", "no PROVIDER"),
		CASE("role=vsp", "begins with"),
		CASE("Piratel llc", "\"llc\""),
		CASE("0021441233 role=carrier", "\"carrier\""),
		CASE("0021441233 role=", "role"),
		CASE("0021441233 at=yesterday", "\"yesterday\""),
		CASE("0021441233 at=2025-02-30", "\"2025-02-30\""),
		CASE("0021441233 role=vsp role=vsp", "another"),
		CASE("0021441233 to=911 colour=red", "colour=red"),
		/* once a call to 911 that was none */
		CASE("0021441233 to=\"911\"", "quotation marks"),
		CASE("0021441233 from=\"+12025550100\"", "quotation marks"),
		CASE("name:\"Piratel llc", "closing"),
		CASE("\"", "closing"),
		CASE("name:\"Piratel\"llc", "behind the closing"),
		CASE("Pira\"tel", "inside a word"),
		CASE("00214\00041233", "NUL"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rmd_query query;
		struct error error;
		char *copy;

		assert_int_equal(parse(cases[i].text, cases[i].length, &copy, &query, &error), EX_USAGE);
		if (strstr(error.text, cases[i].word) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", error.text, cases[i].word);
		assert_null(query.provider);
		assert_int_equal(query.role, RMD_ROLE_NONE);
		assert_memory_equal(copy, cases[i].text, cases[i].length);
		free(copy);
	}
}

static struct reader *
reader_new(const char *text, size_t length)
{
	struct reader *reader = calloc(1, sizeof *reader);
	int ends[2];

	assert_non_null(reader);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, length), length);
	assert_int_equal(close(ends[1]), 0);
	reader->file = ends[0];
	return reader;
}

static void
reader_free(struct reader *reader)
{
	assert_int_equal(close(reader->file), 0);
	free(reader);
}

static void
lines_are_cut(void **state)
{
	static const char text[] = "one\n\n three\nlast without an end";
	static const char *const lines[] = { "one", "", " three", "last without an end" };
	struct reader *reader = reader_new(text, strlen(text));
	size_t count = 0;
	int got;

	(void)state;
	do {
		struct line line;

		got = reader_fill(reader);
		while (reader_line(reader, &line)) {
			assert_in_range(count, 0, 3);
			assert_slice(line.data, line.length, lines[count++]);
			assert_false(line.too_long);
		}
	} while (got > 0);
	assert_int_equal(got, 0);
	assert_int_equal(count, 4);
	reader_free(reader);
}

/* The longest line allowed, one byte more, and one that does not fit into the buffer: each is one line. */
static void
long_lines_are_bounded(void **state)
{
	const size_t lengths[] = { LIMIT_BATCH_LINE, LIMIT_BATCH_LINE + 1, 40000, 3 };
	char *text = malloc(50000);
	size_t used = 0, count = 0;
	struct reader *reader;
	int got;

	(void)state;
	assert_int_equal(LIMIT_BATCH_LINE, 4096);
	assert_non_null(text);
	for (size_t i = 0; i < 4; i++) {
		memset(text + used, 'a' + (int)i, lengths[i]);
		used += lengths[i];
		text[used++] = '\n';
	}
	reader = reader_new(text, used);
	do {
		struct line line;

		got = reader_fill(reader);
		while (reader_line(reader, &line)) {
			bool expected = lengths[count] > LIMIT_BATCH_LINE;

			assert_int_equal(line.too_long, expected);
			assert_int_equal(line.length, expected ? LIMIT_KEY_BYTES : lengths[count]);
			assert_int_equal(line.data[0], 'a' + (int)count);
			assert_int_equal(line.data[line.length - 1], 'a' + (int)count);
			count++;
		}
	} while (got > 0);
	assert_int_equal(count, 4);
	reader_free(reader);
	free(text);
}

/* A line without an end that is longer than the buffer holds. */
static void
endless_line_is_one(void **state)
{
	char *chunk = malloc(60000);
	struct reader *reader;
	struct line line;
	int ends[2];

	(void)state;
	assert_non_null(chunk);
	memset(chunk, 'x', 60000);
	reader = reader_new("", 0);
	assert_int_equal(close(reader->file), 0);
	assert_int_equal(pipe(ends), 0);
	reader->file = ends[0];
	for (int i = 0; i < 5; i++) {
		assert_int_equal(write(ends[1], chunk, 60000), 60000);
		assert_int_equal(reader_fill(reader), 1);
		assert_int_equal(reader_line(reader, &line), i == 0);
		assert_false(reader_line(reader, &line));
	}
	assert_int_equal(write(ends[1], "x\nnext\n", 7), 7);
	assert_int_equal(reader_fill(reader), 1);
	assert_true(reader_line(reader, &line));
	assert_slice(line.data, line.length, "next");
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(reader_fill(reader), 0);
	assert_false(reader_line(reader, &line));
	reader_free(reader);
	free(chunk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(providers_are_read),  cmocka_unit_test(parameters_are_read),
		cmocka_unit_test(defaults_stand),      cmocka_unit_test(malformed_lines_are_told),
		cmocka_unit_test(lines_are_cut),       cmocka_unit_test(long_lines_are_bounded),
		cmocka_unit_test(endless_line_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
