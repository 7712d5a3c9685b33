/* SPDX-License-Identifier: ISC
 *
 * Telephone numbers: what is a call to 911, what is a number, what is not a US one; and the list of foreign area
 * codes that we ship.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "lib/number.h"

static void
emergency(void **state)
{
	static const char *const calls[] = {
		"911",
		" 911 ",
		"9-1-1",
		"1911",
		"+1911",
		"+1-911",
		"tel:911",
		"TEL:911;phone-context=+1",
		"tel:+1911",
		"sip:911@example.net",
		"sip:911",
		"sip:911;user=phone",
		"sip:911:5060",
		"sip:911:secret@example.net",
		"sip:911;npdi@example.net:5060;user=phone",
		"SIPS:+1911@[2001:db8::1]",
		"sip:%39%311@example.net",
		"sip:91%31",
		" sip:911@example.net ",
		"\t911\r\n",
		"\"Operator\" <sip:911@example.net>;tag=1",
		"Operator <tel:911>",
		"911@example.net",
		"urn:service:sos",
		"URN:Service:SOS",
		"urn:service:sos.fire",
		"<urn:service:sos.police>",
		"urn:service:sos;x",
		"\"a \\\" <b>\" <urn:service:sos>",
	};
	static const char *const others[] = {
		"",
		"+911",
		"9911",
		"9110",
		"91",
		"112",
		"+19110000000",
		"2025550911",
		"tel:9110",
		"sip:x@911",
		"sip:x911@example.net",
		"sip:2025550100@911",
		"sip:sos@example.net",
		"\"911\" <sip:2025550100@example.net>",
		"\"<sip:911@example.net>\" <sip:2025550100@example.net>",
		"urn:service:sosx",
		"urn:service:so",
		"urn:service:test.sos",
		"urn:service:counseling",
		"mailto:911@example.net",
		"tel:+911",
		"911x",
		"9\t11",
		"tel:911:5060",
		"91:",
	};

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		if (!number_is_emergency(slice_of(calls[i])))
			fail_msg("not taken for an emergency call: %s", calls[i]);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (number_is_emergency(slice_of(others[i])))
			fail_msg("taken for an emergency call: %s", others[i]);
	assert_false(number_is_emergency((struct slice){ NULL, 0 }));
	assert_false(number_is_emergency((struct slice){ "911\0", 4 }));
	assert_false(number_is_emergency((struct slice){ "urn:service:sos\0x", 17 }));
	assert_true(number_is_emergency((struct slice){ "9110", 3 }));
}

static void
parse(void **state)
{
	static const struct {
		const char *text;
		uint64_t number;
	} cases[] = {
		{ "+12025550100", 12025550100 },
		{ "12025550100", 12025550100 },
		{ "2025550100", 12025550100 },
		{ "(202) 555-0100", 12025550100 },
		{ "+1 (202) 555.0100", 12025550100 },
		{ "(+1) 202 555 0100", 12025550100 },
		{ "tel:+1-202-555-0100", 12025550100 },
		{ "tel:2025550100;phone-context=+1", 12025550100 },
		{ "tel:+12025550100;npdi;rn=+12025550000", 12025550100 },
		{ "sip:+12025550100@example.net", 12025550100 },
		{ "sip:+12025550100;npdi@example.net;user=phone", 12025550100 },
		{ "sip:%2B12025550100@example.net", 12025550100 },
		{ "sip:%2b1%32025550100:pw@example.net:5060", 12025550100 },
		{ "sips:2025550100@[2001:db8::1]", 12025550100 },
		{ "202555%3010%30", 12025550100 },
		{ "\t2025550100\r\n", 12025550100 },
		{ " sip:2025550100@example.net", 12025550100 },
		{ "\"Acme, Inc. <x>\" <sip:+12025550100@example.net;user=phone>;tag=8", 12025550100 },
		{ "Acme <tel:+12025550100>", 12025550100 },
		{ "<sip:+12025550100@example.net", 12025550100 },
		{ "+442071234567", 442071234567 },
		{ "+44 20 7123 4567", 442071234567 },
		{ "tel:+44-20-7123-4567", 442071234567 },
		{ "+6834002", 6834002 },
		{ "+216 71 234 567", 21671234567 },
		{ "+123456789012345", 0 },
		{ "+999999999999999", 999999999999999 },
		/* too long, too short */
		{ "+9999999999999999", 0 },
		{ "+683400", 0 },
		{ "5550100", 0 },
		{ "202555010", 0 },
		{ "20255501000", 0 },
		{ "120255501000", 0 },
		{ "+1202555010", 0 },
		{ "+120255501000", 0 },
		/* not of NANP's shape */
		{ "+11025550100", 0 },
		{ "+12021550100", 0 },
		{ "+1 (102) 555-0100", 0 },
		{ "+11999999999", 0 },
		{ "2021999999", 0 },
		{ "2022000000", 12022000000 },
		{ "2020550100", 0 },
		{ "0025550100", 0 },
		/* a prefix, or a guess */
		{ "442071234567", 0 },
		{ "011442071234567", 0 },
		{ "00442071234567", 0 },
		{ "0112025550100", 0 },
		{ "+0442071234567", 0 },
		/* no number at all */
		{ "", 0 },
		{ "+", 0 },
		{ "anonymous", 0 },
		{ "sip:anonymous@anonymous.invalid", 0 },
		{ "\"+12025550100\" <sip:anonymous@anonymous.invalid>", 0 },
		{ "sip:2025550100", 0 },
		{ "sip:204.231.131.10", 0 },
		{ "tel:", 0 },
		{ "sip:@example.net", 0 },
		{ "h323:2025550100@example.net", 0 },
		{ "2025550100 x12", 0 },
		{ "++12025550100", 0 },
		{ "1+2025550100", 0 },
		{ "2025550100%", 0 },
		{ "2025550100%0", 0 },
		{ "2025550100%zz", 0 },
		{ "202555%3z100", 0 },
		{ "202555%2g100", 0 },
		{ "202555010:", 0 },
		{ "2025550100:5060", 0 },
		{ "%002025550100", 0 },
		{ "2025550100#", 0 },
		{ "\"unended <sip:+12025550100@example.net>", 0 },
		{ "\xc3\xa9", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (number_parse(slice_of(cases[i].text)) != cases[i].number)
			fail_msg("%s: %llu", cases[i].text,
				 (unsigned long long)number_parse(slice_of(cases[i].text)));
	assert_int_equal(number_parse((struct slice){ NULL, 0 }), 0);
	assert_int_equal(number_parse((struct slice){ "2025550100\0", 11 }), 0);
	/* an escape that ends behind the text */
	assert_int_equal(number_parse((struct slice){ "202555010%30", 11 }), 0);
}

/* Behind the limit nothing is looked at, and a number that reaches it is none. */
static void
limits(void **state)
{
	char text[LIMIT_PHONE_BYTES + 64];
	const char number[] = "<sip:+12025550100@";
	const size_t end = sizeof number - 1;

	(void)state;
	for (size_t start = LIMIT_PHONE_BYTES - 40; start < LIMIT_PHONE_BYTES + 10; start++) {
		memset(text, ' ', sizeof text);
		memcpy(text + start, number, end);
		assert_int_equal(number_parse((struct slice){ text, sizeof text }),
				 start + end <= LIMIT_PHONE_BYTES ? 12025550100 : 0);
	}
	for (size_t digits = 8; digits < 20; digits++) {
		memset(text, ' ', sizeof text);
		text[LIMIT_PHONE_BYTES - digits] = '+';
		memset(text + LIMIT_PHONE_BYTES - digits + 1, '4', 16);
		assert_int_equal(number_parse((struct slice){ text, sizeof text }), 0);
		/* a blank at the limit does not end the number */
		text[LIMIT_PHONE_BYTES - 1] = ' ';
		assert_int_equal(number_parse((struct slice){ text, sizeof text }), 0);
	}
	memset(text, ' ', sizeof text);
	memcpy(text + LIMIT_PHONE_BYTES - 10, "2025550100", 10);
	assert_int_equal(number_parse((struct slice){ text, LIMIT_PHONE_BYTES }), 12025550100);
	assert_int_equal(number_parse((struct slice){ text, sizeof text }), 0);
	/* a long name once hid the call to 911 behind it */
	memset(text, 'x', sizeof text);
	text[0] = text[1024] = '"';
	memcpy(text + 1025, " <sip:911@example.net>", 22);
	assert_true(number_is_emergency((struct slice){ text, 1047 }));
	memset(text, ' ', sizeof text);
	memcpy(text + LIMIT_PHONE_BYTES, "urn:service:sos", 15);
	assert_false(number_is_emergency((struct slice){ text, sizeof text }));
	memset(text, 'x', sizeof text);
	memcpy(text, "urn:service:sos.", 16);
	assert_true(number_is_emergency((struct slice){ text, sizeof text }));
	memset(text, ' ', sizeof text);
	memcpy(text + LIMIT_PHONE_BYTES - 3, "9110", 4);
	assert_false(number_is_emergency((struct slice){ text, sizeof text }));
	memset(text, ';', sizeof text);
	memcpy(text, "sip:911@example.net", 19);
	assert_true(number_is_emergency((struct slice){ text, sizeof text }));
	memcpy(text, "urn:service:sos.fire", 20);
	assert_true(number_is_emergency((struct slice){ text, sizeof text }));
}

static void
area_codes(void **state)
{
	struct area_code_set set = { { 0 } };

	(void)state;
	assert_false(area_code_set_add(&set, 0));
	assert_false(area_code_set_add(&set, 199));
	assert_false(area_code_set_add(&set, 1000));
	assert_false(area_code_set_add(&set, UINT32_MAX));
	assert_true(area_code_set_add(&set, 200));
	assert_true(area_code_set_add(&set, 999));
	assert_true(area_code_set_add(&set, 416));
	for (unsigned code = 0; code < 1100; code++)
		assert_int_equal(area_code_set_has(&set, code), code == 200 || code == 416 || code == 999);
	memset(&set, 0xff, sizeof set);
	assert_true(area_code_set_has(&set, 999));
	assert_false(area_code_set_has(&set, 1000));
}

static void
classes(void **state)
{
	struct area_code_set foreign = { { 0 } };

	(void)state;
	assert_true(area_code_set_add(&foreign, 416));
	assert_int_equal(number_class(0, &foreign), CALLER_NO_NUMBER);
	assert_int_equal(number_class(12025550100, &foreign), CALLER_US);
	assert_int_equal(number_class(18005550100, &foreign), CALLER_US);
	assert_int_equal(number_class(17875550100, &foreign), CALLER_US);
	assert_int_equal(number_class(14165550100, &foreign), CALLER_NOT_US);
	assert_int_equal(number_class(14160000000, &foreign), CALLER_NOT_US);
	assert_int_equal(number_class(14159999999, &foreign), CALLER_US);
	assert_int_equal(number_class(14169999999, &foreign), CALLER_NOT_US);
	assert_int_equal(number_class(442071234567, &foreign), CALLER_NOT_US);
	assert_int_equal(number_class(6834002, &foreign), CALLER_NOT_US);
	assert_int_equal(number_class(999999999999999, &foreign), CALLER_NOT_US);
	assert_int_equal(number_class(number_parse(slice_of("4165550100")), &foreign), CALLER_NOT_US);
	assert_int_equal(number_class(number_parse(slice_of("+4165550100")), &foreign), CALLER_NOT_US);
}

/* The file that we ship: sorted, one code a line, and of the right countries. */
static void
shipped_area_codes(void **state)
{
	static const unsigned us[] = {
		202, 212, 340, 500, 670, 671, 684, 700, 710, 787, 800, 833, 888, 900, 907, 939
	};
	static const unsigned foreign[] = { 204, 242, 257, 416, 428, 441, 600, 604,
					    622, 721, 809, 829, 849, 867, 876, 942 };
	const char *directory = getenv("srcdir");
	struct area_code_set set = { { 0 } };
	char path[LIMIT_PATH_BYTES], line[256];
	uint64_t code, last = 0;
	unsigned comments = 0;
	FILE *file;

	(void)state;
	assert_true(snprintf(path, sizeof path, "%s/contrib/conf/foreign-area-codes.conf",
			     directory ? directory : ".") < (int)sizeof path);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL) {
		struct slice text = slice_of(line);

		assert_true(text.length > 0 && text.data[text.length - 1] == '\n' &&
			    text.length <= LIMIT_CONF_LINE + 1);
		text.length--;
		if (text.length > 0 && text.data[0] == '#') {
			assert_int_equal(last, 0);
			comments++;
			continue;
		}
		assert_true(text.length == 3 && slice_decimal(text, 999, &code));
		assert_true(code > last);
		assert_true(area_code_set_add(&set, (unsigned)code));
		last = code;
	}
	assert_int_equal(fclose(file), 0);
	assert_true(comments > 0 && last > 0);
	for (size_t i = 0; i < sizeof us / sizeof us[0]; i++)
		if (area_code_set_has(&set, us[i]))
			fail_msg("%u is a US code", us[i]);
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
		if (!area_code_set_has(&set, foreign[i]))
			fail_msg("%u is missing", foreign[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emergency),  cmocka_unit_test(parse),   cmocka_unit_test(limits),
		cmocka_unit_test(area_codes), cmocka_unit_test(classes), cmocka_unit_test(shipped_area_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
