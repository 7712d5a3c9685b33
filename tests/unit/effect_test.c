/* SPDX-License-Identifier: ISC
 *
 * What documents bring: from when until when, which of it is due, and the draft and the calendar that say so.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notice/draft.h"
#include "notice/effect.h"
#include "notice/ical.h"

#define DOCUMENTS 6

static struct notice documents[DOCUMENTS];
static struct notice_register notices = { documents, 0 };
static const struct calendar no_closures;
static const struct effect_rules rules = { &no_closures, 0, &notices };

static int64_t
at(const char *text)
{
	int64_t instant = time_parse(slice_of(text));

	assert_true(instant != TIME_NONE);
	return instant;
}

static struct moment
moment(const char *text)
{
	struct moment result;

	assert_true(moment_parse(slice_of(text), &result));
	return result;
}

/* Another document; they come in the order of their ids, as a register's do. */
static struct notice *
document(const char *id, enum notice_kind kind, const char *issued, uint64_t frn)
{
	struct notice *notice = &documents[notices.count];
	struct notice_provider *provider;

	assert_true(notices.count < DOCUMENTS);
	assert_true(notice_begin(notice));
	notices.count++;
	assert_true(notice_set(&notice->id, slice_of(id)));
	notice->kind = kind;
	notice->issued = moment(issued);
	provider = notice_add_provider(notice);
	assert_non_null(provider);
	assert_true(notice_set(&provider->name, slice_of("Sample Voice LLC")));
	provider->frn = frn;
	return notice;
}

static void
respond(struct notice *notice, enum notice_response_kind kind, const char *date)
{
	struct notice_response *response = notice_add_response(notice);

	assert_non_null(response);
	*response = (struct notice_response){ kind, moment(date) };
}

static int
register_clear(void **state)
{
	(void)state;
	while (notices.count > 0)
		notice_end(&documents[--notices.count]);
	return 0;
}

static void
expect_effect(const struct effect *effect, enum effect_ground ground, const char *from, const char *until)
{
	assert_int_equal(effect->ground, ground);
	assert_true(effect->from == at(from));
	assert_true(effect->until == (until != NULL ? at(until) : CLOCK_NEVER));
}

static void
a_letter_brings_two_grounds(void **state)
{
	struct notice *letter = document("L", NOTICE_LETTER, "2022-07-07", 1);
	struct effect effects[EFFECTS_OF_ONE];

	(void)state;
	assert_int_equal(notice_effects(&rules, letter, effects), 2);
	expect_effect(&effects[0], GROUND_48_HOURS, "2022-07-10", NULL);
	expect_effect(&effects[1], GROUND_14_DAYS, "2022-07-22", NULL);
	assert_null(effect_holding(effects, 2, at("2022-07-09T23:59:59-04:00")));
	assert_ptr_equal(effect_holding(effects, 2, at("2022-07-10")), &effects[0]);
	respond(letter, RESPONSE_REPLY, "2022-07-08");
	assert_int_equal(notice_effects(&rules, letter, effects), 2);
	respond(letter, RESPONSE_MITIGATED, "2022-07-12");
	assert_int_equal(notice_effects(&rules, letter, effects), 2);
	expect_effect(&effects[0], GROUND_48_HOURS, "2022-07-10", "2022-07-12");
	assert_null(effect_holding(effects, 2, at("2022-07-12")));
	respond(letter, RESPONSE_MITIGATED, "2022-07-09");
	assert_int_equal(notice_effects(&rules, letter, effects), 1);
	expect_effect(&effects[0], GROUND_14_DAYS, "2022-07-22", NULL);
	respond(letter, RESPONSE_MEASURES, "2022-07-21");
	assert_int_equal(notice_effects(&rules, letter, effects), 0);
}

static void
orders_and_what_lifts_them(void **state)
{
	struct notice *determination = document("A", NOTICE_FINAL_DETERMINATION, "2026-03-12", 1);
	struct notice *removal = document("B", NOTICE_REMOVAL, "2026-03-12", 1);
	struct notice *initial = document("C", NOTICE_INITIAL_DETERMINATION, "2026-01-02", 1);
	struct notice *open = document("D", NOTICE_PUBLIC, "2026-01-02T12:00:00Z", 1);
	struct notice *lift;
	struct effect effects[EFFECTS_OF_ONE];

	(void)state;
	assert_int_equal(notice_effects(&rules, determination, effects), 2);
	expect_effect(&effects[0], GROUND_RELEASE, "2026-03-12", "2026-04-11");
	expect_effect(&effects[1], GROUND_30_DAYS, "2026-04-11", NULL);
	assert_int_equal(notice_effects(&rules, removal, effects), 1);
	expect_effect(&effects[0], GROUND_REMOVAL, "2026-03-12", NULL);
	removal->cease_by = day_of(2026, 3, 14);
	assert_int_equal(notice_effects(&rules, removal, effects), 1);
	expect_effect(&effects[0], GROUND_REMOVAL, "2026-03-15", NULL);
	assert_int_equal(notice_effects(&rules, initial, effects), 0);
	assert_int_equal(notice_effects(&rules, open, effects), 1);
	expect_effect(&effects[0], GROUND_PUBLIC_NOTICE, "2026-01-02T12:00:00Z", NULL);
	/* One of before the orders, and one of another provider, lift nothing. */
	lift = document("E", NOTICE_REINSTATEMENT, "2026-03-11", 1);
	assert_int_equal(notice_effects(&rules, determination, effects), 2);
	assert_true(effects[1].until == CLOCK_NEVER);
	lift->issued = moment("2026-03-20");
	lift->providers[0].frn = 2;
	assert_int_equal(notice_effects(&rules, determination, effects), 2);
	assert_true(effects[1].until == CLOCK_NEVER);
	lift->providers[0].frn = 1;
	assert_int_equal(notice_effects(&rules, determination, effects), 1);
	expect_effect(&effects[0], GROUND_RELEASE, "2026-03-12", "2026-03-20");
	assert_int_equal(notice_effects(&rules, removal, effects), 1);
	expect_effect(&effects[0], GROUND_REMOVAL, "2026-03-15", "2026-03-20");
}

/* An order of several is in force as long as one of them is not reinstated, or is not known. */
static void
an_order_is_lifted_when_all_are(void **state)
{
	struct notice *removal = document("A", NOTICE_REMOVAL, "2026-03-12", 1);
	struct notice_provider *other = notice_add_provider(removal);
	struct effect effects[EFFECTS_OF_ONE];

	(void)state;
	document("B", NOTICE_REINSTATEMENT, "2026-03-20", 1);
	assert_int_equal(notice_effects(&rules, removal, effects), 1);
	assert_true(effects[0].until == CLOCK_NEVER);
	other->number = 7;
	assert_int_equal(notice_effects(&rules, removal, effects), 1);
	assert_true(effects[0].until == CLOCK_NEVER);
	document("C", NOTICE_REINSTATEMENT, "2026-03-25", 0)->providers[0].number = 7;
	assert_int_equal(notice_effects(&rules, removal, effects), 1);
	expect_effect(&effects[0], GROUND_REMOVAL, "2026-03-12", "2026-03-25");
}

static void
due_is_what_holds_and_what_comes(void **state)
{
	static const struct {
		const char *id;
		enum effect_ground ground;
	} expected[] = {
		{ "B", GROUND_REMOVAL },
		{ "A", GROUND_48_HOURS },
		{ "C", GROUND_REINSTATEMENT },
		{ "A", GROUND_14_DAYS },
	};
	struct effects due;

	(void)state;
	document("A", NOTICE_LETTER, "2022-07-07", 1);
	document("B", NOTICE_REMOVAL, "2022-01-01", 2);
	document("C", NOTICE_REINSTATEMENT, "2022-07-15", 3);
	respond(document("D", NOTICE_LETTER, "2022-01-01", 4), RESPONSE_MEASURES, "2022-06-01");
	respond(&documents[3], RESPONSE_MITIGATED, "2022-06-01");
	assert_true(effects_due(&rules, at("2022-07-11"), &due));
	assert_int_equal(due.count, 4);
	for (size_t i = 0; i < due.count; i++) {
		assert_string_equal(due.effects[i].notice->id, expected[i].id);
		assert_int_equal(due.effects[i].ground, expected[i].ground);
	}
	effects_end(&due);
	/* Nothing is due of a reinstatement that has come. */
	assert_true(effects_due(&rules, at("2022-07-16"), &due));
	assert_int_equal(due.count, 3);
	effects_end(&due);
}

static void
the_fcc_is_told_first(void **state)
{
	struct notice *letter = document("A", NOTICE_LETTER, "2022-07-07", 1);
	struct notice *removal = document("B", NOTICE_REMOVAL, "2022-01-01", 2);
	struct effect effects[EFFECTS_OF_ONE];

	(void)state;
	assert_int_equal(notice_effects(&rules, letter, effects), 2);
	assert_true(effect_waits(&effects[0], at("2022-07-11")));
	letter->fcc_notified = moment("2022-07-11");
	assert_true(effect_waits(&effects[0], at("2022-07-10")));
	assert_false(effect_waits(&effects[0], at("2022-07-11")));
	assert_int_equal(notice_effects(&rules, removal, effects), 1);
	assert_false(effect_waits(&effects[0], at("2022-07-11")));
}

static FILE *
stream_begin(struct stream *stream, char *buffer, size_t size)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	*stream = (struct stream){ fileno(file), buffer, size, 0, 0, NULL };
	return file;
}

/* What was written; freed by the caller. */
static char *
stream_end(struct stream *stream, FILE *file)
{
	char *text = calloc(1, 16384);
	size_t length;

	assert_non_null(text);
	assert_int_equal(stream_flush(stream), 0);
	rewind(file);
	length = fread(text, 1, 16383, file);
	assert_true(length > 0);
	assert_int_equal(fclose(file), 0);
	return text;
}

/* The grounds that are left, and the draft of them; NULL where none is. */
static char *
drafted(const struct notice *notice, const char *instant)
{
	struct effect grounds[EFFECTS_OF_ONE];
	size_t count = draft_grounds(grounds, notice_effects(&rules, notice, grounds), at(instant));
	struct stream stream;
	char buffer[64];
	FILE *file;

	if (count == 0)
		return NULL;
	file = stream_begin(&stream, buffer, sizeof buffer);
	draft_write(&stream, notice, grounds, count, at(instant));
	return stream_end(&stream, file);
}

static void
expect_draft(const struct notice *notice, const char *instant, const char *const has[], const char *const lacks[])
{
	char *text = drafted(notice, instant);

	assert_non_null(text);
	for (; *has != NULL; has++)
		if (strstr(text, *has) == NULL)
			fail_msg("\"%s\" is not in: %s", *has, text);
	for (; *lacks != NULL; lacks++)
		if (strstr(text, *lacks) != NULL)
			fail_msg("\"%s\" is in: %s", *lacks, text);
	free(text);
}

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

static void
a_draft_says_what_is_on_file(void **state)
{
	struct notice *letter = document("EB-1\033[31m", NOTICE_LETTER, "2022-07-07", 0);
	struct notice_traceback *traceback;

	(void)state;
	letter->respond_by = day_of(2022, 7, 21);
	expect_draft(letter, "2022-08-01",
		     TEXTS("[Date]", "[your company", "Sample Voice LLC", "[FRN or RMD number: not matched",
			   "64.1200(k)(4)", "EB-1\\x1b[31m of 2022-07-07", "ended at 2022-07-10T00:00:00-04:00",
			   "given until 2022-07-21, ended at 2022-07-22T00:00:00-04:00",
			   "no response is on our record", "as of 2022-08-01T00:00:00-04:00"),
		     TEXTS("NOT YET", "traceback", "campaign", "\033"));
	for (int i = 0; i < 2; i++) {
		traceback = notice_add_traceback(letter);
		assert_non_null(traceback);
		traceback->call = moment(i == 0 ? "2022-03-01T10:00:00Z" : "2022-02-01T10:00:00Z");
	}
	assert_true(notice_set(&letter->campaign, slice_of("SampleWarranty")));
	letter->providers[0].frn = 21441233;
	letter->providers[0].matched = true;
	letter->providers[0].matched_at = moment("2022-07-08");
	respond(letter, RESPONSE_REPLY, "2022-07-09");
	respond(letter, RESPONSE_MITIGATED, "2022-07-20");
	expect_draft(letter, "2022-07-11",
		     TEXTS("FRN 0021441233, as we matched it on 2022-07-08", "SampleWarranty",
			   "2 tracebacks: calls of 2022-02-01T05:00:00-05:00 to 2022-03-01T05:00:00-05:00.\n",
			   "On our record: reply, 2022-07-09", "no effective mitigation",
			   "ends at 2022-07-22T00:00:00-04:00"),
		     TEXTS("NOT YET", "notified", "On our record: mitigated", "not matched"));
	/* What was mitigated is no ground any more. */
	expect_draft(letter, "2022-08-01", TEXTS("On our record: mitigated, 2022-07-20", "no such measures"),
		     TEXTS("48 hours", "no effective mitigation"));
	respond(letter, RESPONSE_MEASURES, "2022-07-31");
	assert_null(drafted(letter, "2022-08-01"));
}

static void
a_draft_before_its_ground_says_so(void **state)
{
	struct notice *letter = document("A", NOTICE_LETTER, "2022-07-07", 1);

	(void)state;
	expect_draft(letter, "2022-07-08",
		     TEXTS("[NOT YET: nothing on file allows blocking before 2022-07-10T00:00:00-04:00"),
		     TEXTS("ended"));
}

static void
orders_and_drafts(void **state)
{
	struct notice *determination = document("A", NOTICE_FINAL_DETERMINATION, "2026-03-12", 1);
	struct notice *removal = document("B", NOTICE_REMOVAL, "2026-03-12", 1);
	struct notice *open = document("C", NOTICE_PUBLIC, "2026-01-02", 1);

	(void)state;
	expect_draft(determination, "2026-03-13",
		     TEXTS("final determination order A", "obligatory at 2026-04-11T00:00:00-04:00",
			   "as the document gives it"),
		     TEXTS("NOT YET", "response"));
	/* Once it is obligatory nobody need be told first. */
	assert_null(drafted(determination, "2026-04-11"));
	assert_null(drafted(removal, "2026-04-11"));
	expect_draft(open, "2026-04-11", TEXTS("all providers that they may block, since 2026-01-02T00:00:00-05:00"),
		     TEXTS("NOT YET"));
}

static void
a_calendar_is_exact(void **state)
{
	struct notice *letter = document("EB 1,\xc3\xa9", NOTICE_LETTER, "2022-07-07", 1);
	struct effect effects[EFFECTS_OF_ONE];
	struct stream stream;
	char buffer[16], *text;
	FILE *file = stream_begin(&stream, buffer, sizeof buffer);

	(void)state;
	/* The name is such that a character of three bytes would be cut at the 75th. */
	assert_true(notice_set(&letter->providers[0].name,
			       slice_of("Sample; Voice\\\033, and a name that goes on and on unti\xe4\xb8\xad!\n")));
	assert_int_equal(notice_effects(&rules, letter, effects), 2);
	ical_write(&stream, effects, 1, at("2022-07-08T12:00:00Z"));
	text = stream_end(&stream, file);
	assert_string_equal(
		text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//rmd//rmdnotice " PACKAGE_VERSION "//EN\r\n"
		      "BEGIN:VEVENT\r\nUID:EB=201=2C=C3=A9/48-hours@rmdnotice\r\n"
		      "DTSTAMP:20220708T120000Z\r\nDTSTART:20220710T040000Z\r\n"
		      "SUMMARY:may-block: Sample\\; Voice\\\\?\\, and a name that goes on and on unti\r\n"
		      " \xe4\xb8\xad!\\n\r\n"
		      "DESCRIPTION:48 hours have passed since the notice\\, and no effective mitiga\r\n"
		      " tion is on record (47 CFR 64.1200(k)(4)).\\nDocument EB 1\\,\xc3\xa9\\, notice.\\nTh\r\n"
		      " e FCC must be notified before the first block\\; that it was is not on reco\r\n"
		      " rd.\r\n"
		      "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_letter_brings_two_grounds, register_clear),
		cmocka_unit_test_teardown(orders_and_what_lifts_them, register_clear),
		cmocka_unit_test_teardown(an_order_is_lifted_when_all_are, register_clear),
		cmocka_unit_test_teardown(due_is_what_holds_and_what_comes, register_clear),
		cmocka_unit_test_teardown(the_fcc_is_told_first, register_clear),
		cmocka_unit_test_teardown(a_draft_says_what_is_on_file, register_clear),
		cmocka_unit_test_teardown(a_draft_before_its_ground_says_so, register_clear),
		cmocka_unit_test_teardown(orders_and_drafts, register_clear),
		cmocka_unit_test_teardown(a_calendar_is_exact, register_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
