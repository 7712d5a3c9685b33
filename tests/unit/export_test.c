/* SPDX-License-Identifier: ISC
 *
 * What each form of export makes of text that is a stranger's, the serial that a zone bears, and prefixes cut into
 * what no longer one takes from them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "export/answers.h"
#include "export/domain.h"
#include "export/fields.h"
#include "export/prefix.h"
#include "export/replace.h"
#include "world.h"

/* Text that may hold NULs. */
#define SLICE(text) ((struct slice){ (text), sizeof(text) - 1 })

struct escape {
	struct slice text;
	const char *expected;
};

static void
escapes_check(void (*put)(struct stream *, struct slice), const struct escape *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char buffer[2048];
		struct stream out = { -1, buffer, sizeof buffer, 0, 0, NULL };

		put(&out, cases[i].text);
		assert_int_equal(out.used, strlen(cases[i].expected));
		assert_memory_equal(buffer, cases[i].expected, out.used);
	}
}
#define CHECK(put, cases) escapes_check(put, cases, sizeof(cases) / sizeof((cases)[0]))

static void
csv_is_quoted_and_not_altered(void **state)
{
	static const struct escape cases[] = {
		{ SLICE("Plain LLC"), "Plain LLC" },
		{ SLICE(""), "" },
		{ SLICE("One, Inc."), "\"One, Inc.\"" },
		{ SLICE("The \"Best\""), "\"The \"\"Best\"\"\"" },
		{ SLICE("\""), "\"\"\"\"" },
		{ SLICE("two\nlines"), "\"two\nlines\"" },
		{ SLICE("a\rb"), "\"a\rb\"" },
		{ SLICE("=1+1"), "\"=1+1\"" },
		{ SLICE("+1"), "\"+1\"" },
		{ SLICE("-1"), "\"-1\"" },
		{ SLICE("@Amber"), "\"@Amber\"" },
		{ SLICE("\tx"), "\"\tx\"" },
		{ SLICE(" x"), "\" x\"" },
		{ SLICE("x "), "\"x \"" },
		{ SLICE("a=b"), "a=b" },
	};

	(void)state;
	CHECK(csv_put, cases);
}

static void
txt_is_quoted_and_cut_into_strings(void **state)
{
	static const struct escape cases[] = {
		{ SLICE("accept listed"), "\"accept listed\"" },
		{ SLICE(""), "\"\"" },
		{ SLICE("a\"b\\c;d"), "\"a\\\"b\\\\c;d\"" },
		{ SLICE("\n\x7f\xc3\xa9\0z"), "\"\\010\\127\\195\\169\\000z\"" },
	};
	char text[256], buffer[2048];
	struct stream out = { -1, buffer, sizeof buffer, 0, 0, NULL };

	(void)state;
	CHECK(txt_put, cases);
	/* 255 bytes are one string, 256 are two, and an escape counts as the byte that it stands for. */
	memset(text, '"', sizeof text);
	txt_put(&out, (struct slice){ text, 255 });
	assert_int_equal(out.used, 2 + 2 * 255);
	out.used = 0;
	txt_put(&out, (struct slice){ text, 256 });
	assert_int_equal(out.used, 2 + 2 * 256 + 3);
	assert_memory_equal(buffer + 1 + 2 * 255, "\" \"\\\"\"", 6);
}

static void
labels_are_quoted(void **state)
{
	static const struct escape cases[] = {
		{ SLICE("file:///x"), "\"file:///x\"" },
		{ SLICE("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\"" },
		{ SLICE("Caf\xc3\xa9"), "\"Caf\xc3\xa9\"" },
		{ SLICE("\xff\xc3"), "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	};

	(void)state;
	CHECK(label_put, cases);
}

static void
fields_of_db_text_are_escaped(void **state)
{
	static const struct escape cases[] = {
		{ SLICE("accept listed"), "accept listed" },
		{ SLICE("12:00"), "12\\:00" },
		{ SLICE("a\\b\nc\rd\te"), "a\\\\b\\nc\\rd\\te" },
		{ SLICE("a\0b"), "a\\0b" },
	};

	(void)state;
	CHECK(dbtext_put, cases);
}

static void
redis_gets_lengths_in_bytes(void **state)
{
	static const char expected[] = "*3\r\n$3\r\nSET\r\n$5\r\nCaf\xc3\xa9\r\n$4\r\n\r\n\0x\r\n";
	const struct slice words[] = { SLICE("SET"), SLICE("Caf\xc3\xa9"), SLICE("\r\n\0x") };
	char buffer[128];
	struct stream out = { -1, buffer, sizeof buffer, 0, 0, NULL };

	(void)state;
	resp_put(&out, words, 3);
	assert_int_equal(out.used, sizeof expected - 1);
	assert_memory_equal(buffer, expected, out.used);
}

static void
an_answer_is_one_line_of_ascii(void **state)
{
	struct rmd_answer answer = RMD_ANSWER_INIT;
	char text[ANSWER_TEXT_SIZE];

	(void)state;
	answer_text(text, &answer);
	assert_string_equal(text, "unknown");
	answer.verdict = RMD_REFUSE;
	answer.reason = RMD_REASON_REMOVED_BY_ORDER;
	answer.effective_at = 1754452800;
	memcpy(answer.notice, "DA\n25\xc3\xa9", sizeof "DA\n25\xc3\xa9");
	answer_text(text, &answer);
	assert_string_equal(text, "refuse removed-by-order since=2025-08-06T00:00:00-04:00 notice=DA?25??");
	memset(answer.notice, 'x', sizeof answer.notice - 1);
	answer.notice[sizeof answer.notice - 1] = '\0';
	answer_text(text, &answer);
	assert_int_equal(strlen(text), 23 + 32 + 8 + RMD_NOTICE_SIZE - 1);
}

static void
the_serial_of_a_zone_is_read(void **state)
{
	static const struct {
		const char *text;
		uint32_t serial;
	} cases[] = {
		{ "@\tSOA\tlocalhost. hostmaster.localhost. 42 900 300 259200 300\n", 42 },
		{ "; a comment\n$TTL 300\n@ IN SOA ns. mail. (\n 4294967295\n 900 )\n", UINT32_MAX },
		{ "@ SOA a. b. 4294967296 1", 0 },
		{ "@ SOA a. b. x 1", 0 },
		{ "@ SOA a.", 0 },
		{ "@ SOA", 0 },
		{ "", 0 },
		{ "nothing of the kind", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(dns_serial(slice_of(cases[i].text)), cases[i].serial);
}

static void
an_unknown_verdict_has_no_address(void **state)
{
	(void)state;
	assert_null(domain_address(RMD_UNKNOWN));
	assert_null(domain_address_unseen(RMD_UNKNOWN));
	assert_string_equal(domain_address(RMD_ACCEPT), "127.0.0.2");
	assert_string_equal(domain_address(RMD_MAY_BLOCK), "127.0.0.3");
	assert_string_equal(domain_address(RMD_REFUSE), "127.0.0.4");
	assert_string_equal(domain_address_unseen(RMD_REFUSE), "127.0.0.5");
}

/* The parts of the first of the prefixes, as text. */
static void
rest_check(const char *const *texts, size_t count, const char *expected)
{
	struct prefix prefixes[8], whole;
	struct buffer parts = { NULL, 0, 0 };
	char written[1024] = "";

	for (size_t i = 0; i < count; i++) {
		assert_true(prefix_parse(texts[i], &prefixes[i]));
		prefixes[i].owner = i;
	}
	whole = prefixes[0];
	prefix_sort(prefixes, count);
	assert_true(prefix_rest(&parts, prefixes, count, &whole));
	for (size_t i = 0; i < parts.length / sizeof whole; i++) {
		const struct prefix *part = (const struct prefix *)parts.data + i;
		char address[PREFIX_TEXT_SIZE];
		size_t used = strlen(written);

		assert_int_equal(part->owner, 0);
		prefix_format(address, part);
		snprintf(written + used, sizeof written - used, "%s/%u ", address, part->bits);
	}
	assert_string_equal(written, expected);
	buffer_end(&parts);
}
#define REST(expected, ...)                                                                                          \
	rest_check((const char *const[]){ __VA_ARGS__ },                                                             \
		   sizeof(const char *const[]){ __VA_ARGS__ } / sizeof(const char *), expected)

static void
a_prefix_loses_what_longer_ones_take(void **state)
{
	(void)state;
	REST("192.0.2.0/24 ", "192.0.2.0/24");
	REST("192.0.2.0/24 ", "192.0.2.0/24", "192.0.3.0/25", "192.0.0.0/16", "198.51.100.7");
	REST("192.0.2.0/25 ", "192.0.2.0/24", "192.0.2.128/25");
	REST("192.0.2.128/25 ", "192.0.2.0/24", "192.0.2.0/25");
	REST("", "192.0.2.0/24", "192.0.2.0/25", "192.0.2.128/25");
	REST("192.0.2.0/31 192.0.2.3/32 ", "192.0.2.0/30", "192.0.2.2");
	/* What lies in a longer one is taken already. */
	REST("192.0.2.0/25 ", "192.0.2.0/24", "192.0.2.128/25", "192.0.2.200");
	REST("192.0.2.200/32 ", "192.0.2.200", "192.0.2.0/24");
	REST("128.0.0.0/1 ", "0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8");
	REST("2001:db8::/33 ", "2001:db8::/32", "2001:db8:8000::/33", "32.1.13.184");
	REST("::/0 ", "::/0", "0.0.0.0/0");
}

static void
what_is_no_prefix_is_none(void **state)
{
	struct prefix prefix;

	(void)state;
	assert_false(prefix_parse("", &prefix));
	assert_false(prefix_parse("192.0.2", &prefix));
	assert_false(prefix_parse("192.0.2.0/33", &prefix));
	assert_false(prefix_parse("192.0.2.0/", &prefix));
	assert_false(prefix_parse("2001:db8::/129", &prefix));
	assert_false(prefix_parse("1111111111111111111111111111111111111111111111111", &prefix));
	assert_true(prefix_parse("2001:db8::1", &prefix));
	assert_int_equal(prefix.bits, 128);
	assert_false(prefix.ipv4);
}

static unsigned writes;         /* of the part below */
static unsigned writes_spoiled; /* so many of its first writes another snapshot comes into */

static int
generation_write(struct edition *edition)
{
	static const char *const nights[] = { "2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z" };
	char name[32];

	stream_number(&edition->out, edition->info.generation);
	if (writes < writes_spoiled) {
		snprintf(name, sizeof name, "Name %u", writes);
		NIGHT(nights[writes % 2], { "RMD9000001", "0099000001", name });
	}
	writes++;
	return 0;
}

/* The night's snapshot may come in the middle of a file: it is begun anew, and what was written is gone. */
static void
a_file_is_begun_anew_when_another_snapshot_comes(void **state)
{
	static const struct options options = { .mode = MODE_ONE };
	static const struct part part = { "generation", generation_write, NULL };
	static struct edition edition;
	struct error error = { 0, "" };
	char path[160], text[8] = "";
	bool replaced;
	FILE *file;

	(void)state;
	NIGHT("2026-01-05T12:00:00Z", { "RMD9000001", "0099000001", "Name" });
	edition = (struct edition){ .options = &options, .info = RMD_INFO_INIT, .error = &error };
	assert_int_equal(rmd_open(world_state, &edition.rmd), RMD_OK);
	assert_int_equal(rmd_info(edition.rmd, &edition.info), RMD_OK);
	writes = 0;
	writes_spoiled = 2;
	assert_int_equal(part_replace(&edition, &part, world, "generation", &replaced), 0);
	assert_true(replaced);
	assert_int_equal(writes, 3);
	snprintf(path, sizeof path, "%s/generation", world);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof text - 1, file), 1);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(text, "3");
	assert_int_equal(part_replace(&edition, &part, world, "generation", &replaced), 0);
	assert_false(replaced);
	rmd_close(edition.rmd);
}

/* What is on standard output cannot be taken back. */
static void
an_output_that_mixes_two_snapshots_is_told(void **state)
{
	static const struct options options = { .mode = MODE_ONE };
	static const struct part part = { "generation", generation_write, NULL };
	static struct edition edition;
	struct error error = { 0, "" };
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	NIGHT("2026-01-05T12:00:00Z", { "RMD9000001", "0099000001", "Name" });
	edition = (struct edition){ .options = &options, .info = RMD_INFO_INIT, .error = &error };
	assert_int_equal(rmd_open(world_state, &edition.rmd), RMD_OK);
	assert_int_equal(rmd_info(edition.rmd, &edition.info), RMD_OK);
	writes = 0;
	writes_spoiled = 1;
	assert_int_equal(part_write(&edition, &part, fileno(file), "standard output", EX_IOERR), EX_TEMPFAIL);
	assert_int_equal(writes, 1);
	assert_non_null(strstr(error.text, "mixes two"));
	rmd_close(edition.rmd);
	assert_int_equal(fclose(file), 0);
}

/* Once a page said "Current." over verdicts that were all stale. */
static void
answers_expire_where_librmd_calls_them_stale(void **state)
{
	static struct edition edition;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct error error = { 0, "" };
	int stale = 0;

	(void)state;
	NIGHT("2026-01-05T12:00:00Z", { "RMD9000001", "0099000001", "Name" });
	edition = (struct edition){ .info = RMD_INFO_INIT, .error = &error };
	assert_int_equal(rmd_open(world_state, &edition.rmd), RMD_OK);
	assert_int_equal(rmd_info(edition.rmd, &edition.info), RMD_OK);
	const int64_t max_age = edition.info.max_age, ages[] = {
		-max_age, -LIMIT_CLOCK_BEHIND - 1, -LIMIT_CLOCK_BEHIND, 0, max_age, max_age + 1,
	};
	for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
		edition.now = edition.info.checked_at + ages[i];
		assert_int_equal(answer_ask(&edition, RMD_KEY_FRN, "0099000001", &answer), 0);
		stale += answer.reason == RMD_REASON_STALE;
		assert_int_equal(answers_expire(&edition), answer.reason == RMD_REASON_STALE
								   ? RMD_TIME_NONE
								   : edition.info.checked_at + max_age);
	}
	assert_int_equal(stale, 3);
	edition.now = RMD_TIME_NONE;
	assert_int_equal(answers_expire(&edition), RMD_TIME_NONE);
	rmd_close(edition.rmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_is_quoted_and_not_altered),
		cmocka_unit_test(txt_is_quoted_and_cut_into_strings),
		cmocka_unit_test(labels_are_quoted),
		cmocka_unit_test(fields_of_db_text_are_escaped),
		cmocka_unit_test(redis_gets_lengths_in_bytes),
		cmocka_unit_test(an_answer_is_one_line_of_ascii),
		cmocka_unit_test(the_serial_of_a_zone_is_read),
		cmocka_unit_test(an_unknown_verdict_has_no_address),
		cmocka_unit_test(a_prefix_loses_what_longer_ones_take),
		cmocka_unit_test(what_is_no_prefix_is_none),
		cmocka_unit_test_setup_teardown(a_file_is_begun_anew_when_another_snapshot_comes, world_begin,
						world_end),
		cmocka_unit_test_setup_teardown(an_output_that_mixes_two_snapshots_is_told, world_begin, world_end),
		cmocka_unit_test_setup_teardown(answers_expire_where_librmd_calls_them_stale, world_begin, world_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
