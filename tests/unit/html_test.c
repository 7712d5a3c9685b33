/* SPDX-License-Identifier: ISC
 *
 * The page's pieces: text of strangers in markup, generations drawn together, and plots of very few and very many of
 * them, which must stay inside of their frame.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "export/chart.h"
#include "export/html.h"
#include "export/markup.h"
#include "export/page.h"

/* Text that may hold NULs. */
#define SLICE(text) ((struct slice){ (text), sizeof(text) - 1 })

static char drawn[262144];

static struct stream
paper(void)
{
	memset(drawn, 0, sizeof drawn);
	return (struct stream){ -1, drawn, sizeof drawn - 1, 0, 0, NULL };
}

static void
text_of_strangers_is_no_markup(void **state)
{
	static const struct {
		struct slice text;
		const char *expected;
	} cases[] = {
		{ SLICE("Plain LLC"), "Plain LLC" },
		{ SLICE(""), "" },
		{ SLICE("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ SLICE("\" onload='x'"), "&quot; onload=&#39;x&#39;" },
		{ SLICE("AT&T &amp;"), "AT&amp;T &amp;amp;" },
		{ SLICE("]]>"), "]]&gt;" },
		{ SLICE("Caf\xc3\xa9 \xef\xbf\xbd"), "Caf\xc3\xa9 \xef\xbf\xbd" },
		{ SLICE("a\xe2\x80\xae"
			"b\xe2\x81\xa6"),
		  "a\\u{202e}b\\u{2066}" },
		{ SLICE("two\nlines\t\x01\0z"), "two\\nlines\\t\\x01\\x00z" },
		{ SLICE("\xff<\xc3"), "\\xff&lt;\\xc3" },
		{ SLICE("\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90\xf0\x9f\xbf\xbe"),
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct stream out = paper();

		markup_put(&out, cases[i].text);
		assert_string_equal(drawn, cases[i].expected);
	}
}

static void
numbers_are_grouped(void **state)
{
	static const struct {
		uint64_t count;
		const char *expected;
	} cases[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 9494, "9,494" }, { 1000007, "1,000,007" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct stream out = paper();

		count_put(&out, cases[i].count);
		assert_string_equal(drawn, cases[i].expected);
	}
}

static void
percents_are_rounded(void **state)
{
	static const struct {
		uint64_t part, whole;
		const char *expected;
	} cases[] = { { 0, 0, "0.0 %" }, { 1, 3, "33.3 %" }, { 2, 3, "66.7 %" }, { 7, 7, "100.0 %" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct stream out = paper();

		percent_put(&out, cases[i].part, cases[i].whole);
		assert_string_equal(drawn, cases[i].expected);
	}
}

/* Every value of this attribute lies within. How many there are. */
static size_t
within(const char *attribute, long low, long high)
{
	size_t count = 0;

	for (const char *at = drawn; (at = strstr(at, attribute)) != NULL; count++) {
		char *end;
		long value;

		at += strlen(attribute);
		value = strtol(at, &end, 10);
		assert_int_equal(*end, '"');
		assert_in_range(value + 1000, low + 1000, high + 1000);
	}
	return count;
}

static size_t
frame_check(void)
{
	size_t bars = within(" height=\"", 0, 230);

	within(" x=\"", 0, 480);
	within(" y=\"", 0, 230);
	within(" cx=\"", 58, 468);
	within(" cy=\"", 28, 202);
	within(" y1=\"", 28, 202);
	within(" width=\"", 0, 480);
	assert_non_null(strstr(drawn, "</title><desc id="));
	assert_non_null(strstr(drawn, "</svg>"));
	return bars;
}

/* One generation a day, the first one the first load. */
static struct tally *
nights(size_t count)
{
	struct tally *tallies = calloc(count, sizeof *tallies);

	assert_non_null(tallies);
	for (size_t i = 0; i < count; i++)
		tallies[i] = (struct tally){ .first = (uint32_t)i + 1,
					     .last = (uint32_t)i + 1,
					     .at = 1700000000 + (int64_t)i * 86400,
					     .added = i == 0 ? 9000 : i % 7,
					     .vanished = i == 0 ? 0 : i % 3,
					     .changed = i % 5,
					     .listed = 9000 + i };
	return tallies;
}

static void
no_history_has_nothing_to_join(void **state)
{
	struct tally joined[TALLIES_DRAWN];

	(void)state;
	assert_int_equal(tallies_join(NULL, 0, joined), 0);
}

static void
one_generation_is_a_level_line(void **state)
{
	struct tally *tallies = nights(1);
	struct tally joined[TALLIES_DRAWN];
	struct stream out = paper();

	(void)state;
	assert_int_equal(tallies_join(tallies, 1, joined), 1);
	/* Checked at the instant of the load: time has no length. */
	listed_chart_put(&out, joined, 1, joined[0].at);
	frame_check();
	assert_non_null(strstr(drawn, ">9,000<"));
	assert_int_equal(within(" cx=\"", 58, 58), 1);
	free(tallies);
}

static void
no_filing_at_all_can_be_drawn(void **state)
{
	const struct tally tallies[] = { { .first = 1, .last = 1, .at = 5, .added = 1, .listed = 1 },
					 { .first = 2, .last = 2, .at = 5, .vanished = 1, .listed = 0 } };
	const struct share shares[] = { { "complete", 0 }, { "partial", 0 } };
	struct stream out = paper();

	(void)state;
	listed_chart_put(&out, tallies, 2, RMD_TIME_NONE);
	frame_check();
	out = paper();
	changes_chart_put(&out, tallies + 1, 1);
	assert_int_equal(frame_check(), 1);
	out = paper();
	shares_chart_put(&out, shares, 2);
	within(" width=\"", 0, 480);
	assert_non_null(strstr(drawn, "0.0 %"));
}

static void
generations_that_only_changed_have_no_bars(void **state)
{
	const struct tally tally = { .first = 2, .last = 2, .at = 5, .changed = 7, .listed = 3 };
	struct stream out = paper();

	(void)state;
	changes_chart_put(&out, &tally, 1);
	assert_int_equal(frame_check(), 0);
}

static void
a_clock_put_back_stays_inside(void **state)
{
	struct tally *tallies = nights(3);
	struct stream out = paper();

	(void)state;
	tallies[1].at = tallies[0].at - 1000;
	listed_chart_put(&out, tallies, 3, tallies[2].at);
	frame_check();
	free(tallies);
}

static void
seven_thousand_generations_are_drawn_together(void **state)
{
	struct tally *tallies = nights(7000);
	struct tally joined[TALLIES_DRAWN];
	struct stream out = paper();
	uint64_t added = 0, sum = 0;
	size_t count = tallies_join(tallies, 7000, joined);

	(void)state;
	assert_in_range(count, TALLIES_DRAWN / 2, TALLIES_DRAWN);
	assert_int_equal(joined[0].added, 9000);
	assert_int_equal(joined[0].last, 1);
	assert_int_equal(joined[count - 1].last, 7000);
	assert_int_equal(joined[count - 1].listed, tallies[6999].listed);
	for (size_t i = 0; i < 7000; i++)
		added += tallies[i].added;
	for (size_t i = 0; i < count; i++) {
		sum += joined[i].added;
		if (i > 0)
			assert_int_equal(joined[i].first, joined[i - 1].last + 1);
	}
	assert_int_equal(sum, added);
	listed_chart_put(&out, joined, count, joined[count - 1].at + 86400);
	frame_check();
	out = paper();
	changes_chart_put(&out, joined + 1, count - 1);
	assert_int_equal(frame_check(), 2 * (count - 1));
	assert_int_equal(out.failure, 0);
	free(tallies);
}

static void
sixty_are_drawn_as_they_are(void **state)
{
	struct tally *tallies = nights(TALLIES_DRAWN + 1);
	struct tally joined[TALLIES_DRAWN];

	(void)state;
	assert_int_equal(tallies_join(tallies, TALLIES_DRAWN, joined), TALLIES_DRAWN);
	assert_memory_equal(joined, tallies, sizeof joined);
	assert_int_equal(tallies_join(tallies, TALLIES_DRAWN + 1, joined), 31);
	free(tallies);
}

static void
dues_are_those_to_come(void **state)
{
	struct rmd_notice letter = RMD_NOTICE_INIT, order = RMD_NOTICE_INIT;
	struct due dues[DUES_MAX];

	(void)state;
	letter.after_48_hours = 200;
	letter.after_14_days = 300;
	assert_int_equal(dues_of(&letter, 100, dues), 2);
	assert_int_equal(dues_of(&letter, 200, dues), 1);
	assert_int_equal(dues[0].at, 300);
	assert_int_equal(dues_of(&letter, 300, dues), 0);
	letter.mitigated = 150;
	assert_int_equal(dues_of(&letter, 100, dues), 1);
	letter.mitigated = 201;
	assert_int_equal(dues_of(&letter, 100, dues), 2);
	letter.measures = 300;
	assert_int_equal(dues_of(&letter, 100, dues), 1);
	order.kind = RMD_NOTICE_REMOVAL;
	assert_int_equal(dues_of(&order, 100, dues), 0);
	order.effective = 400;
	assert_int_equal(dues_of(&order, 100, dues), 1);
	assert_non_null(strstr(dues[0].text, "refuse"));
	order.relisted = 90;
	assert_int_equal(dues_of(&order, 100, dues), 0);
	order.relisted = RMD_TIME_NONE;
	order.lifted = 90;
	assert_int_equal(dues_of(&order, 100, dues), 0);
}

static void
nothing_of_ours_ends_its_element(void **state)
{
	(void)state;
	assert_null(strstr(page_style, "<"));
	assert_null(strstr(page_style, "&"));
	assert_null(strstr(page_script, "</"));
	assert_null(strstr(page_script, "<!--"));
	assert_null(strstr(page_policy, "unsafe"));
	assert_non_null(strstr(page_policy, "default-src 'none'"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_strangers_is_no_markup),
		cmocka_unit_test(numbers_are_grouped),
		cmocka_unit_test(percents_are_rounded),
		cmocka_unit_test(no_history_has_nothing_to_join),
		cmocka_unit_test(one_generation_is_a_level_line),
		cmocka_unit_test(no_filing_at_all_can_be_drawn),
		cmocka_unit_test(generations_that_only_changed_have_no_bars),
		cmocka_unit_test(a_clock_put_back_stays_inside),
		cmocka_unit_test(seven_thousand_generations_are_drawn_together),
		cmocka_unit_test(sixty_are_drawn_as_they_are),
		cmocka_unit_test(dues_are_those_to_come),
		cmocka_unit_test(nothing_of_ours_ends_its_element),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
