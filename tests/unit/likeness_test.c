/* SPDX-License-Identifier: ISC
 *
 * How names that documents print are held against names that providers file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "notice/likeness.h"

struct likeness_case {
	const char *named, *named_address;
	const char *filed, *filed_address, *dba, *previous;
	enum likeness_name name;
	enum likeness_address address;
	unsigned score;
};

static struct likeness
judged(const struct likeness_case *c)
{
	struct likeness_party named, filed;
	struct likeness likeness;

	assert_true(likeness_party_begin(&named, c->named, c->named_address, "", ""));
	assert_true(likeness_party_begin(&filed, c->filed, c->filed_address, c->dba, c->previous));
	likeness = likeness_of(&named, &filed);
	likeness_party_end(&named);
	likeness_party_end(&filed);
	return likeness;
}

static void
names_and_addresses(void **state)
{
	static const struct likeness_case cases[] = {
		{ "Acme Voice LLC", "1 Main St., Town, FL 33702", "Acme Voice LLC", "1 Main St\nTown FL 33702", "",
		  "", LIKENESS_NAME_EXACT, LIKENESS_ADDRESS_SAME, 100 },
		{ "ACME  VOICE, L.L.C.", "", "Acme Voice L L C", "", "", "", LIKENESS_NAME_NORMALISED,
		  LIKENESS_ADDRESS_NONE, 75 },
		{ "Caf\xc3\xa9 Telecom Inc", "", "CAFE TELECOM, INC.", "", "", "", LIKENESS_NAME_NORMALISED,
		  LIKENESS_ADDRESS_NONE, 75 },
		{ "Acme Voice, L.L.C.", "", "Acme Voice LLC", "", "", "", LIKENESS_NAME_CORE, LIKENESS_ADDRESS_NONE,
		  65 },
		{ "Acme Voice", "", "Acme Voice Co., Inc.", "", "", "", LIKENESS_NAME_CORE, LIKENESS_ADDRESS_NONE,
		  65 },
		{ "AcmeVoice LLC", "", "Acme Voice, Incorporated", "", "", "", LIKENESS_NAME_CORE,
		  LIKENESS_ADDRESS_NONE, 65 },
		{ "Acme Voice LLC d/b/a Quick Talk", "", "Acme Voice LLC", "", "", "", LIKENESS_NAME_CORE,
		  LIKENESS_ADDRESS_NONE, 65 },
		{ "Quick Talk", "", "Acme Voice LLC", "", "Other Name; Quick Talk  Third", "", LIKENESS_NAME_DBA,
		  LIKENESS_ADDRESS_NONE, 60 },
		{ "Quick Talk Inc.", "", "Acme Voice, INC. DBA Quick Talk", "", "", "", LIKENESS_NAME_DBA,
		  LIKENESS_ADDRESS_NONE, 60 },
		{ "Acme Voice LLC d/b/a Quick Talk", "", "Quick Talk Corp", "", "", "", LIKENESS_NAME_DBA,
		  LIKENESS_ADDRESS_NONE, 60 },
		{ "Old Acme", "", "Acme Voice LLC", "", "none", "Older Acme, Old Acme", LIKENESS_NAME_PREVIOUS,
		  LIKENESS_ADDRESS_NONE, 55 },
		/* Words must be whole, and none is found by chance. */
		{ "Old Acme", "", "Zebra Networks LLC", "", "Bold Acme", "Old Acmeta", LIKENESS_NAME_NONE,
		  LIKENESS_ADDRESS_NONE, 0 },
		{ "One LLC", "", "Zebra Networks LLC", "", "One Network, One Voice", "", LIKENESS_NAME_NONE,
		  LIKENESS_ADDRESS_NONE, 0 },
		/* Legal forms are no likeness. */
		{ "LLC", "", "Zebra Networks LLC", "", "LLC", "", LIKENESS_NAME_NONE, LIKENESS_ADDRESS_NONE, 0 },
		{ "", "", "", "", "", "", LIKENESS_NAME_NONE, LIKENESS_ADDRESS_NONE, 0 },
		{ "Nobody", "7901 4th St. N Suite 5907, St. Petersburg, FL 33702", "Zebra LLC",
		  "7901 4TH STREET NORTH\nSAINT PETERSBURG FL 33702-4321", "", "", LIKENESS_NAME_NONE,
		  LIKENESS_ADDRESS_PLACE, 15 },
		{ "Nobody", "33702 Main St, Town", "Zebra LLC", "33702 Oak St, Town", "", "", LIKENESS_NAME_NONE,
		  LIKENESS_ADDRESS_NONE, 0 },
		{ "Nobody", "1 Main St, Town, FL 33702", "Zebra LLC", "2 Main St, Town, FL 33702", "", "",
		  LIKENESS_NAME_NONE, LIKENESS_ADDRESS_NONE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct likeness likeness = judged(&cases[i]);

		if (likeness.name != cases[i].name || likeness.address != cases[i].address ||
		    likeness.score != cases[i].score)
			fail_msg("\"%s\" and \"%s\": name %d, address %d, score %u", cases[i].named, cases[i].filed,
				 (int)likeness.name, (int)likeness.address, likeness.score);
	}
}

/* Misread letters leave a name similar; another company's name with a word in common is not. */
static void
similar_names(void **state)
{
	const struct likeness_case misread = { "SipKonect LLC", "", "SipKonnect LLC", "", "", "", 0, 0, 0 };
	const struct likeness_case other = {
		"Sample Voice Partners", "", "Example Networks Inc", "", "", "", 0, 0, 0
	};
	struct likeness likeness;

	(void)state;
	likeness = judged(&misread);
	assert_int_equal(likeness.name, LIKENESS_NAME_SIMILAR);
	/* Of 8 and 9 pairs of letters they share 8. */
	assert_int_equal(likeness.percent, 94);
	assert_int_equal(likeness.score, 47);
	likeness = judged(&other);
	assert_int_equal(likeness.name, LIKENESS_NAME_NONE);
	assert_int_equal(likeness.percent, 0);
	assert_int_equal(likeness.score, 0);
}

/* Whatever stands in a field, and however long it is. */
static void
long_and_odd_fields(void **state)
{
	static char names[LIMIT_FIELD_BYTES];
	struct likeness_case c = { "Quick Talk", "", "\xff\xfe", "\xff", names, "", 0, 0, 0 };

	(void)state;
	memset(names, 'x', sizeof names - 1);
	memcpy(names + sizeof names - sizeof ", Quick Talk", ", Quick Talk", sizeof ", Quick Talk");
	assert_int_equal(judged(&c).name, LIKENESS_NAME_DBA);
	c.named = names;
	c.dba = "";
	assert_int_equal(judged(&c).name, LIKENESS_NAME_NONE);
}

static void
words(void **state)
{
	(void)state;
	assert_string_equal(likeness_name_word(LIKENESS_NAME_EXACT), "exact");
	assert_string_equal(likeness_name_word(LIKENESS_NAME_NONE), "");
	assert_string_equal(likeness_address_word(LIKENESS_ADDRESS_PLACE), "place");
	assert_string_equal(likeness_address_text(LIKENESS_ADDRESS_SAME), "the same address");
	assert_string_equal(likeness_name_text(LIKENESS_NAME_SIMILAR), "a similar name");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_addresses),
		cmocka_unit_test(similar_names),
		cmocka_unit_test(long_and_odd_fields),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
