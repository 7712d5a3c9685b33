/* SPDX-License-Identifier: ISC
 *
 * Names held against names, and the names that stand in free text: what must be alike is, what must not is not, and
 * no name of a list is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "cache/record.h"
#include "rmd.h"
#include "sync/fold.h"
#include "sync/names.h"

static size_t
prepare(char *folded, const char *name)
{
	size_t length;

	assert_true(name_fold(folded, slice_of(name), &length));
	return name_join_initials(folded, length);
}

static void
take(struct name_parts *parts, const char *name)
{
	char folded[LIMIT_NAME_KEY_BYTES];

	name_take(parts, (struct slice){ folded, prepare(folded, name) });
}

static struct name_likeness
compared(const char *asked, const char *filed)
{
	struct name_parts parts[2];

	take(&parts[0], asked);
	take(&parts[1], filed);
	return name_compare(&parts[0], &parts[1]);
}

static void
initials_are_one_word(void **state)
{
	static const char *const cases[][2] = {
		{ "Acme, L.L.C.", "acme llc" },
		{ "A.B.C. Telecom", "abc telecom" },
		{ "A T & T", "att" },
		{ "Plan B LLC", "plan b llc" },
		{ "A Better Phone", "a better phone" },
		{ "X", "x" },
		{ "3 2 1 Call", "3 2 1 call" },
		{ "U S A B", "usab" },
	};
	char folded[LIMIT_NAME_KEY_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t length = prepare(folded, cases[i][0]);

		assert_int_equal(length, strlen(cases[i][1]));
		assert_memory_equal(folded, cases[i][1], length);
		assert_int_equal(name_join_initials(folded, length), length);
	}
}

static void
what_differs_is_told(void **state)
{
	static const struct {
		const char *asked, *filed;
		unsigned differences, errors;
	} cases[] = {
		{ "ACME  Voice", "Acme, Voice", 0, 0 },
		{ "Caf\xc3\xa9 Telecom", "CAFE TELECOM", 0, 0 },
		{ "Acme Voice L.L.C.", "Acme Voice LLC", 0, 0 },
		{ "Acme Voice LLC", "Acme Voice, Inc.", NAME_LEGAL_FORM, 0 },
		{ "Acme Voice", "Acme Voice, Incorporated", NAME_LEGAL_FORM, 0 },
		{ "Voice Acme", "Acme Voice", NAME_WORD_ORDER, 0 },
		{ "Inc Acme Voice", "Acme Voice Inc", 0, 0 },
		{ "Net Works LLC", "Networks LLC", NAME_SPACES, 0 },
		{ "SipKonect", "SipKonnect", NAME_TYPING, 1 },
		{ "SipKonnetc", "SipKonnect", NAME_TYPING, 1 },
		{ "SipKomect", "SipKonnect", NAME_TYPING, 2 },
		{ "Acme Corpration", "Acme Corporation", NAME_TYPING, 1 },
		{ "Acme", "Acme Voice", NAME_WORDS_LEFT_OUT, 0 },
		{ "Acme Tele", "Acme Telephone", NAME_WORDS_LEFT_OUT, 0 },
		{ "Acme Voice", "Acme", NAME_WORDS_ADDED, 0 },
		{ "Telef\xc3\xb3nica", "Telef\xef\xbf\xbdnica", NAME_LOST_CHARACTER, 0 },
		{ "Telefonica", "Telef\xef\xbf\xbdnica", NAME_LOST_CHARACTER, 0 },
		{ "O'Neil Voice", "O\xef\xbf\xbdNeil Voice", NAME_SPACES | NAME_LOST_CHARACTER, 0 },
		{ "The Phone Company", "Phone Company", NAME_WORDS_ADDED, 0 },
		{ "The Company", "The Company LLC", NAME_WORDS_LEFT_OUT | NAME_LEGAL_FORM, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct name_likeness likeness = compared(cases[i].asked, cases[i].filed);

		if ((likeness.differences & ~cases[i].differences) != 0 ||
		    (cases[i].differences != 0 && likeness.differences == 0) ||
		    likeness.typing_errors != cases[i].errors ||
		    (likeness.penalty == 0) != (cases[i].differences == 0))
			fail_msg("\"%s\" and \"%s\": differences %x, %u errors, penalty %u", cases[i].asked,
				 cases[i].filed, likeness.differences, likeness.typing_errors, likeness.penalty);
	}
}

/* A legal form says less than a letter, a letter less than a word. */
static void
weights_are_in_order(void **state)
{
	unsigned form = compared("Acme Voice LLC", "Acme Voice Inc").penalty;
	unsigned absent = compared("Acme Voice LLC", "Acme Voice").penalty;
	unsigned order = compared("Voice Acme", "Acme Voice").penalty;
	unsigned letter = compared("Acme Voide", "Acme Voice").penalty;
	unsigned word = compared("Acme Voice", "Acme Voice Partners").penalty;
	unsigned other = compared("Acme Voice", "Acme Partners").penalty;

	(void)state;
	assert_true(form > 0 && form <= absent && absent < letter && order < letter && letter < word && word < other);
}

/* However long a name is, and whatever is in it. */
static void
long_and_odd_names(void **state)
{
	static char many[4096];
	struct name_parts parts, short_parts;
	struct name_pairs pairs;

	(void)state;
	for (size_t i = 0; i + 2 < sizeof many; i += 2)
		memcpy(many + i, i % 8 == 0 ? "z " : "qx", 2);
	take(&parts, many);
	take(&short_parts, "q");
	assert_true(parts.letter_count <= LIMIT_LIKENESS_BYTES && parts.word_count <= LIMIT_NAME_WORDS);
	assert_int_equal(name_compare(&parts, &parts).penalty, 0);
	assert_int_equal(name_score(&short_parts, &(struct name_likeness){ .penalty = 1000 }), 0);
	name_pairs_take(&pairs, &parts);
	assert_true(name_pairs_shared(&pairs, slice_of(many)) <= pairs.count);
	name_take(&parts, (struct slice){ "\xff\xe0 \xf0\x90", 5 });
	assert_int_equal(parts.word_count, 2);
	name_take(&parts, (struct slice){ NULL, 0 });
	assert_int_equal(name_score(&parts, &(struct name_likeness){ 0 }), 0);
}

/* Whether the filing can be searched by that name, as that kind of name. */
static bool
is_named(const char *dba, const char *business, const char *wanted, enum rmd_name_kind kind)
{
	struct filing filing = { .number = 1 };
	char folded[LIMIT_NAME_KEY_BYTES];
	size_t length = prepare(folded, wanted);
	struct buffer record = { 0 };
	struct name_record name;
	struct slice names;
	bool found = false;

	filing.text[COLUMN_BUSINESS_NAME] = slice_of(business);
	filing.text[COLUMN_OTHER_DBA_NAMES] = slice_of(dba);
	assert_true(names_encode(&filing, &record));
	names = (struct slice){ record.data, record.length };
	while (name_next(&names, &name)) {
		struct slice text = filing.text[name.column];

		assert_true(name.begin <= text.length && name.length <= text.length - name.begin);
		found = found || (name.kind == kind && name.folded.length == length &&
				  memcmp(name.folded.data, folded, length) == 0);
	}
	assert_int_equal(names.length, 0);
	buffer_end(&record);
	return found;
}

/* Names that hold what others use to separate theirs, in every place of every list. */
static void
no_legal_name_is_lost_in_a_list(void **state)
{
	static const char *const names[] = { "Smith, Jones & Co, Inc.", "Acme Voice, LLC", "Plain Telephone",
					     "One, Two, Three, Ltd.",   "A.B.C., L.L.C.",  "Dash-Fone" };
	static const char *const separators[] = { ";", "; ", ", ", ",", "\n", "\r\n", "\t", " | ", "  ", "; d/b/a " };
	const size_t count = sizeof names / sizeof names[0];

	(void)state;
	for (size_t s = 0; s < sizeof separators / sizeof separators[0]; s++)
		for (size_t first = 0; first < count; first++) {
			char list[512];
			int length = snprintf(list, sizeof list, "%s%s%s%s%s", names[first], separators[s],
					      names[(first + 1) % count], separators[s], names[(first + 2) % count]);

			assert_true(length > 0 && (size_t)length < sizeof list);
			for (size_t i = 0; i < 3; i++)
				if (!is_named(list, "", names[(first + i) % count], RMD_NAME_DBA))
					fail_msg("\"%s\" is lost in \"%s\"", names[(first + i) % count], list);
		}
}

static void
names_within_names(void **state)
{
	static const char *const both[] = { "Acme, Inc. d/b/a Quick Talk", "Acme, Inc. DBA Quick Talk",
					    "Acme, Inc. (d.b.a. Quick Talk)",
					    "Acme, Inc. doing business as Quick Talk" };

	(void)state;
	for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
		assert_true(is_named("", both[i], "Acme, Inc.", RMD_NAME_BUSINESS));
		assert_true(is_named("", both[i], "Quick Talk", RMD_NAME_DBA));
		assert_true(is_named("", both[i], both[i], RMD_NAME_BUSINESS));
	}
	assert_true(is_named("", "Acme f/k/a Old Acme", "Old Acme", RMD_NAME_PREVIOUS));
	assert_true(is_named("", "Acme, formerly known as Old Acme", "Old Acme", RMD_NAME_PREVIOUS));
	/* Marks are words. */
	assert_false(is_named("", "Adba Networks", "Networks", RMD_NAME_DBA));
	assert_false(is_named("", "D B Adams", "dams", RMD_NAME_DBA));
}

/* It was searched by "Management" only. */
static void
a_name_that_begins_with_a_mark_is_whole(void **state)
{
	(void)state;
	assert_true(is_named("", "AKA Management, Inc.", "AKA Management, Inc.", RMD_NAME_BUSINESS));
	assert_true(is_named("", "DBA Media, LLC", "DBA Media, LLC", RMD_NAME_BUSINESS));
}

static void
placeholders_are_no_names(void **state)
{
	static const char *const words[] = { "N/A",          "None", "NONE.", "'None'", "no",
					     "non",          "Nine", "na",    "null",   "see list in attached RMP",
					     "Already Filed" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		assert_false(is_named(words[i], "Acme", words[i], RMD_NAME_DBA));
	/* But a company may be called so. */
	assert_true(is_named("", "None", "None", RMD_NAME_BUSINESS));
}

/* However long the list is, the company's own name is there. */
static void
a_list_without_end_is_cut(void **state)
{
	static char list[LIMIT_FIELD_BYTES];
	struct filing filing = { .number = 1 };
	struct buffer record = { 0 };
	struct name_record name;
	struct slice names;
	unsigned count = 0;

	(void)state;
	for (size_t i = 0; i + 3 < sizeof list; i += 3)
		memcpy(list + i, "xy,", 3);
	filing.text[COLUMN_OTHER_DBA_NAMES] = slice_of(list);
	filing.text[COLUMN_BUSINESS_NAME] = slice_of("Acme");
	assert_true(names_encode(&filing, &record));
	names = (struct slice){ record.data, record.length };
	assert_true(name_next(&names, &name) && name.kind == RMD_NAME_BUSINESS && name.folded.length == 4);
	while (name_next(&names, &name))
		count++;
	assert_int_equal(count, LIMIT_FILING_NAMES - 1);
	buffer_end(&record);
}

static void
damaged_names_are_no_names(void **state)
{
	unsigned char encoded[NAME_ENCODED_MAX];
	struct name_record name = { COLUMN_BUSINESS_NAME, RMD_NAME_BUSINESS, 3, 4, { "acme", 4 } }, again;
	size_t length = name_encode(&name, encoded);

	(void)state;
	for (size_t i = 0; i <= length; i++) {
		struct slice names = { (const char *)encoded, i };

		assert_int_equal(name_next(&names, &again), i == length);
		assert_int_equal(names.length, i == length ? 0 : i);
	}
	assert_int_equal(again.begin, 3);
	assert_memory_equal(again.folded.data, "acme", 4);
	encoded[NAME_BYTES - 2] = 0;
	assert_false(name_next(&(struct slice){ (const char *)encoded, length }, &again));
}

/* Longer than any key that was asked for. */
static void
a_name_without_measure_is_no_name(void **state)
{
	static unsigned char encoded[2 * NAME_ENCODED_MAX];
	struct name_record name = { COLUMN_BUSINESS_NAME, RMD_NAME_BUSINESS, 3, 4, { "acme", 4 } }, again;

	(void)state;
	(void)name_encode(&name, encoded);
	for (unsigned length = LIMIT_NAME_KEY_BYTES; length <= LIMIT_NAME_KEY_BYTES + 1; length++) {
		struct slice names = { (const char *)encoded, sizeof encoded };

		encoded[NAME_BYTES - 2] = (unsigned char)length;
		encoded[NAME_BYTES - 1] = (unsigned char)(length >> 8);
		assert_int_equal(name_next(&names, &again), length == LIMIT_NAME_KEY_BYTES);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(initials_are_one_word),
		cmocka_unit_test(what_differs_is_told),
		cmocka_unit_test(weights_are_in_order),
		cmocka_unit_test(long_and_odd_names),
		cmocka_unit_test(no_legal_name_is_lost_in_a_list),
		cmocka_unit_test(names_within_names),
		cmocka_unit_test(a_name_that_begins_with_a_mark_is_whole),
		cmocka_unit_test(placeholders_are_no_names),
		cmocka_unit_test(a_list_without_end_is_cut),
		cmocka_unit_test(damaged_names_are_no_names),
		cmocka_unit_test(a_name_without_measure_is_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
