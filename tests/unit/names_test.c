/* SPDX-License-Identifier: ISC
 *
 * Every value of the enumerations has a word of its own, and a sentence where it needs one; other values have none.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cache/filing.h"
#include "rmd.h"

typedef const char *(*name_function)(int);

#define NAME(function, type)                                                                                         \
	static const char *function##_of(int value)                                                                  \
	{                                                                                                            \
		return function((type)value);                                                                        \
	}
NAME(rmd_verdict_name, enum rmd_verdict)
NAME(rmd_reason_name, enum rmd_reason)
NAME(rmd_reason_text, enum rmd_reason)
NAME(rmd_role_name, enum rmd_role)
NAME(rmd_implementation_name, enum rmd_implementation)
NAME(rmd_event_name, enum rmd_event_kind)
NAME(rmd_name_kind_name, enum rmd_name_kind)
NAME(rmd_field_name, unsigned)
NAME(rmd_notice_name, enum rmd_notice_kind)
NAME(rmd_strerror, enum rmd_status)
NAME(rmd_step_text, unsigned)

static const char *
flag_name_of_bit(int bit)
{
	return rmd_flag_name((enum rmd_flag)(1u << bit));
}

static const char *
flag_text_of_bit(int bit)
{
	return rmd_flag_text((enum rmd_flag)(1u << bit));
}

static const char *
difference_name_of_bit(int bit)
{
	return rmd_difference_name((enum rmd_difference)(1u << bit));
}

/* Words are of small letters, digits, - and _. */
static void
assert_word(const char *word)
{
	assert_true(word[0] != '\0');
	assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_"), strlen(word));
}

static void
assert_unique(name_function name, int first, int last)
{
	for (int value = first; value <= last; value++) {
		assert_true(name(value)[0] != '\0');
		for (int other = first; other < value; other++)
			assert_string_not_equal(name(value), name(other));
	}
}

static void
assert_words(name_function name, int first, int last)
{
	assert_unique(name, first, last);
	for (int value = first; value <= last; value++)
		assert_word(name(value));
	assert_string_equal(name(last + 1), "");
	assert_string_equal(name(first - 1), "");
	assert_string_equal(name(INT32_MAX), "");
	assert_string_equal(name(INT32_MIN), "");
}

static void
words(void **state)
{
	(void)state;
	assert_words(rmd_verdict_name_of, RMD_UNKNOWN, RMD_MAY_BLOCK);
	assert_words(rmd_reason_name_of, RMD_REASON_EMERGENCY_CALL, RMD_REASON_LISTED);
	assert_words(rmd_role_name_of, RMD_ROLE_VSP, RMD_ROLE_FOREIGN);
	assert_words(rmd_implementation_name_of, RMD_IMPLEMENTATION_UNKNOWN, RMD_IMPLEMENTATION_COMPLETE);
	assert_words(rmd_event_name_of, RMD_EVENT_ADDED, RMD_EVENT_RELISTED);
	assert_words(rmd_name_kind_name_of, RMD_NAME_BUSINESS, RMD_NAME_PREVIOUS);
	assert_words(rmd_notice_name_of, RMD_NOTICE_LETTER, RMD_NOTICE_REINSTATEMENT);
	assert_words(rmd_field_name_of, 0, COLUMN_COUNT - 1);
	assert_unique(flag_name_of_bit, 0, RMD_FLAG_COUNT - 1);
	for (int bit = 0; bit < RMD_FLAG_COUNT; bit++)
		assert_word(flag_name_of_bit(bit));
	for (int bit = RMD_FLAG_COUNT; bit < 31; bit++)
		assert_string_equal(flag_name_of_bit(bit), "");
	assert_unique(difference_name_of_bit, 0, RMD_DIFFERENCE_COUNT - 1);
	for (int bit = 0; bit < 31; bit++)
		assert_int_equal(difference_name_of_bit(bit)[0] != '\0', bit < RMD_DIFFERENCE_COUNT);
	assert_string_equal(rmd_flag_name((enum rmd_flag)0), "");
	assert_string_equal(rmd_flag_name((enum rmd_flag)3), "");
}

/* Words that others have written into their scripts. */
static void
stable(void **state)
{
	static const char *const reasons[] = { "",
					       "emergency-call",
					       "public-safety-caller",
					       "no-data",
					       "bad-key",
					       "no-such-name",
					       "no-such-peer",
					       "ambiguous",
					       "blocking-order",
					       "removed-by-order",
					       "before-history",
					       "stale",
					       "rule-not-applicable",
					       "delisted",
					       "missing-unconfirmed",
					       "alias-only",
					       "row-quarantined",
					       "not-listed",
					       "not-certified",
					       "role-mismatch",
					       "final-determination-pending",
					       "notice-matured",
					       "listed" };
	static const char *const flags[] = {
		"stale",      "recertification-overdue", "role-unknown", "role-mismatch",    "still-listed",
		"relisted",   "removal-pending",         "notice-open",  "notify-fcc-first", "multiple-filings",
		"lossy-name", "row-quarantined"
	};
	static const char *const roles[] = { "", "vsp", "gateway", "intermediate", "foreign" };
	static const char *const implementations[] = { "unknown", "not-certified", "none", "partial", "complete" };
	static const char *const verdicts[] = { "unknown", "accept", "refuse", "may-block" };
	static const char *const kinds[] = { "", "business", "dba", "previous" };
	static const char *const differences[] = { "writing",        "legal-form", "spaces",         "word-order",
						   "lost-character", "typing",     "words-left-out", "words-added" };
	static const char *const notices[] = {
		"",        "notice",       "public-notice", "initial-determination", "final-determination",
		"removal", "reinstatement"
	};
	static const char *const events[] = { "", "added", "changed", "vanished", "relisted" };

	(void)state;
	for (int i = 0; i <= RMD_REASON_LISTED; i++)
		assert_string_equal(rmd_reason_name_of(i), reasons[i]);
	for (int i = 0; i < RMD_FLAG_COUNT; i++)
		assert_string_equal(flag_name_of_bit(i), flags[i]);
	for (int i = 0; i <= RMD_ROLE_FOREIGN; i++)
		assert_string_equal(rmd_role_name_of(i), roles[i]);
	for (int i = 0; i <= RMD_IMPLEMENTATION_COMPLETE; i++)
		assert_string_equal(rmd_implementation_name_of(i), implementations[i]);
	for (int i = 0; i <= RMD_MAY_BLOCK; i++)
		assert_string_equal(rmd_verdict_name_of(i), verdicts[i]);
	for (int i = 0; i <= RMD_EVENT_RELISTED; i++)
		assert_string_equal(rmd_event_name_of(i), events[i]);
	for (int i = 0; i <= RMD_NOTICE_REINSTATEMENT; i++)
		assert_string_equal(rmd_notice_name_of(i), notices[i]);
	for (int i = 0; i <= RMD_NAME_PREVIOUS; i++)
		assert_string_equal(rmd_name_kind_name_of(i), kinds[i]);
	for (int i = 0; i < RMD_DIFFERENCE_COUNT; i++)
		assert_string_equal(difference_name_of_bit(i), differences[i]);
	assert_string_equal(rmd_field_name(COLUMN_NUMBER), "number");
	assert_string_equal(rmd_field_name(COLUMN_LAST_RECERTIFIED), "last_recertified");
}

static void
sentences(void **state)
{
	(void)state;
	assert_unique(rmd_reason_text_of, RMD_REASON_NONE, RMD_REASON_LISTED);
	for (int reason = RMD_REASON_NONE; reason <= RMD_REASON_LISTED; reason++) {
		const char *text = rmd_reason_text_of(reason);

		assert_true(text[0] >= 'A' && text[0] <= 'Z' && text[strlen(text) - 1] == '.');
	}
	assert_non_null(rmd_reason_text_of(RMD_REASON_LISTED + 1));
	assert_non_null(rmd_reason_text_of(-1));
	assert_unique(rmd_step_text_of, 0, 15);
	for (int step = 1; step <= 15; step++) {
		const char *text = rmd_step_text_of(step);

		assert_true(text[0] >= 'A' && text[0] <= 'Z' && (text[strlen(text) - 1] == '?' || step == 15));
	}
	assert_non_null(rmd_step_text(16));
	assert_non_null(rmd_step_text(UINT32_MAX));
	assert_unique(flag_text_of_bit, 0, RMD_FLAG_COUNT - 1);
	for (int bit = 0; bit < 31; bit++)
		assert_int_equal(flag_text_of_bit(bit)[0] != '\0', bit < RMD_FLAG_COUNT);
	for (int bit = 0; bit < RMD_FLAG_COUNT; bit++) {
		const char *text = flag_text_of_bit(bit);

		assert_true(text[0] >= 'a' && text[0] <= 'z' && text[strlen(text) - 1] != '.');
	}
	assert_string_equal(rmd_flag_text((enum rmd_flag)0), "");
	assert_string_equal(rmd_flag_text((enum rmd_flag)3), "");
	assert_string_equal(rmd_flag_text(RMD_FLAG_NOTICE_OPEN), "the clock of an FCC notice is running");
	assert_unique(rmd_strerror_of, RMD_ERROR_NO_NAMES, RMD_OK);
	assert_true(rmd_strerror((enum rmd_status)1)[0] != '\0');
	assert_true(rmd_strerror((enum rmd_status) - 100)[0] != '\0');
}

static void
version(void **state)
{
	(void)state;
	assert_string_equal(rmd_version(), PACKAGE_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(stable),
		cmocka_unit_test(sentences),
		cmocka_unit_test(version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
