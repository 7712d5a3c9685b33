/* SPDX-License-Identifier: ISC
 *
 * Slices, UTF-8, the two kinds of numbers, and names as keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A slice in memory that ends with it, so that a byte read too far is seen. */
static struct slice
exact(const char *text, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	assert_non_null(copy);
	memcpy(copy, text, length);
	return (struct slice){ copy, length };
}

static void
assert_slice(struct slice slice, const char *text)
{
	assert_int_equal(slice.length, strlen(text));
	if (slice.length > 0)
		assert_memory_equal(slice.data, text, slice.length);
}

static void
trim(void **state)
{
	(void)state;
	assert_slice(slice_trim(slice_of(" \t\r\n\v\fa b\t\n")), "a b");
	assert_slice(slice_trim(slice_of("ab")), "ab");
	assert_slice(slice_trim(slice_of(" \n")), "");
	assert_slice(slice_trim((struct slice){ NULL, 0 }), "");
	assert_slice(slice_trim(slice_of("\xc2\xa0x")), "\xc2\xa0x");
}

static void
fold(void **state)
{
	(void)state;
	assert_int_equal(hexadecimal_digit('0'), 0);
	assert_int_equal(hexadecimal_digit('9'), 9);
	assert_int_equal(hexadecimal_digit('a'), 10);
	assert_int_equal(hexadecimal_digit('F'), 15);
	assert_int_equal(hexadecimal_digit('g'), -1);
	assert_int_equal(hexadecimal_digit('/'), -1);
	assert_true(slice_equal(slice_of("frn"), slice_of("frn")));
	assert_false(slice_equal(slice_of("FrN"), slice_of("frn")));
	assert_false(slice_equal(slice_of("frn"), slice_of("frn:")));
	assert_true(slice_equal((struct slice){ NULL, 0 }, slice_of("")));
	assert_true(slice_equal_fold(slice_of("FrN"), "frn"));
	assert_false(slice_equal_fold(slice_of("frn:"), "frn"));
	assert_false(slice_equal_fold(slice_of("fr"), "frn"));
	assert_true(slice_equal_fold((struct slice){ NULL, 0 }, ""));
	assert_true(slice_starts_fold(slice_of("FRN:1"), "frn:"));
	assert_true(slice_starts_fold(slice_of("x"), ""));
	assert_false(slice_starts_fold(slice_of("fr"), "frn"));
	/* only letters have a case */
	assert_false(slice_equal_fold(slice_of("@["), "`{"));
	assert_int_equal(ascii_lower('Z'), 'z');
	assert_int_equal(ascii_lower('['), '[');
	assert_int_equal(ascii_lower('@'), '@');
	assert_int_equal(ascii_lower((char)0xc0), (char)0xc0);
}

static void
decimal(void **state)
{
	static const char *const wrong[] = { "", "-1", "+1", " 1", "1 ", "0x1", "1.0", "10000000000000000000" };
	uint64_t value = 7;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(slice_decimal(slice_of(wrong[i]), UINT64_MAX, &value));
	assert_false(slice_decimal(slice_of("101"), 100, &value));
	assert_int_equal(value, 7);
	assert_true(slice_decimal(slice_of("100"), 100, &value));
	assert_int_equal(value, 100);
	assert_true(slice_decimal(slice_of("0009999999999999999"), UINT64_MAX, &value));
	assert_int_equal(value, UINT64_C(9999999999999999));
	assert_true(slice_decimal(slice_of("9999999999999999999"), UINT64_MAX, &value));
	assert_true(value == UINT64_C(9999999999999999999));
}

/* The definition itself: encodes the code point the only lawful way and compares. */
static bool
is_code_point(const unsigned char *text, size_t length)
{
	uint32_t point;
	unsigned char good[4];
	size_t good_length;

	if (length == 1)
		return text[0] < 0x80;
	if (length == 2)
		point = (uint32_t)(text[0] & 0x1f) << 6 | (text[1] & 0x3f);
	else if (length == 3)
		point = (uint32_t)(text[0] & 0x0f) << 12 | (uint32_t)(text[1] & 0x3f) << 6 | (text[2] & 0x3f);
	else
		point = (uint32_t)(text[0] & 0x07) << 18 | (uint32_t)(text[1] & 0x3f) << 12 |
			(uint32_t)(text[2] & 0x3f) << 6 | (text[3] & 0x3f);
	if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) || point < 0x80)
		return false;
	if (point < 0x800) {
		good_length = 2;
		good[0] = (unsigned char)(0xc0 | point >> 6);
	} else if (point < 0x10000) {
		good_length = 3;
		good[0] = (unsigned char)(0xe0 | point >> 12);
		good[1] = (unsigned char)(0x80 | (point >> 6 & 0x3f));
	} else {
		good_length = 4;
		good[0] = (unsigned char)(0xf0 | point >> 18);
		good[1] = (unsigned char)(0x80 | (point >> 12 & 0x3f));
		good[2] = (unsigned char)(0x80 | (point >> 6 & 0x3f));
	}
	good[good_length - 1] = (unsigned char)(0x80 | (point & 0x3f));
	return good_length == length && memcmp(good, text, length) == 0;
}

/* All sequences of one to four bytes from the bytes on which the table of lawful ones turns. */
static void
utf8_sequences(void **state)
{
	static const unsigned char edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
					       0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
					       0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff };
	const size_t count = sizeof edges;

	(void)state;
	for (size_t i = 0; i < count * count * count * count; i++) {
		const unsigned char bytes[4] = { edges[i % count], edges[i / count % count],
						 edges[i / count / count % count], edges[i / count / count / count] };
		bool lawful[5] = { true, false, false, false, false }; /* up to that length */

		for (size_t end = 1; end <= 4; end++)
			for (size_t start = 0; start < end; start++)
				lawful[end] |= lawful[start] && is_code_point(bytes + start, end - start);
		if (utf8_valid((struct slice){ (const char *)bytes, 4 }) != lawful[4])
			fail_msg("%02x %02x %02x %02x", bytes[0], bytes[1], bytes[2], bytes[3]);
	}
}

/* A wrong byte is found wherever it stands, and a sequence that the end cuts is none. */
static void
utf8_places(void **state)
{
	(void)state;
	for (size_t length = 1; length < 40; length++) {
		for (size_t place = 0; place < length; place++) {
			struct slice text;
			char bytes[40];

			memset(bytes, 'a', sizeof bytes);
			text = exact(bytes, length);
			assert_true(utf8_valid(text));
			free((char *)(uintptr_t)text.data);
			bytes[place] = (char)0xe2;
			if (place + 1 < length)
				bytes[place + 1] = (char)0x82;
			text = exact(bytes, length);
			assert_false(utf8_valid(text));
			free((char *)(uintptr_t)text.data);
			if (place + 2 < length) {
				bytes[place + 2] = (char)0xac;
				text = exact(bytes, length);
				assert_true(utf8_valid(text));
				free((char *)(uintptr_t)text.data);
			}
		}
	}
	assert_true(utf8_valid((struct slice){ NULL, 0 }));
}

static void
lossy(void **state)
{
	(void)state;
	assert_true(utf8_lossy(slice_of("Tel\xef\xbf\xbd"
					"fonica")));
	assert_true(utf8_lossy(slice_of("\xef\xbf\xbd")));
	assert_false(utf8_lossy(slice_of("\xef\xbf\xbe")));
	assert_false(utf8_lossy(slice_of("\xef\xbf")));
	assert_false(utf8_lossy((struct slice){ NULL, 0 }));
}

static void
copy(void **state)
{
	char target[8];

	(void)state;
	slice_copy(target, sizeof target, slice_of("abcdefg"));
	assert_string_equal(target, "abcdefg");
	slice_copy(target, sizeof target, slice_of("abcdefgh"));
	assert_string_equal(target, "abcdefg");
	slice_copy(target, sizeof target, slice_of("abcde\xe2\x82\xac"));
	assert_string_equal(target, "abcde");
	slice_copy(target, sizeof target, slice_of("abcd\xe2\x82\xac"));
	assert_string_equal(target, "abcd\xe2\x82\xac");
	slice_copy(target, sizeof target, slice_of("abcd\xe2\x82\xac!"));
	assert_string_equal(target, "abcd\xe2\x82\xac");
	slice_copy(target, sizeof target, (struct slice){ NULL, 0 });
	assert_string_equal(target, "");
	slice_copy(target, 1, slice_of("abc"));
	assert_string_equal(target, "");
	target[0] = 'x';
	slice_copy(target, 0, slice_of("abc"));
	assert_int_equal(target[0], 'x');
	slice_copy(target, 4, slice_of("\xf0\x9f\x93\x9e"));
	assert_string_equal(target, "");
}

static void
rmd_numbers(void **state)
{
	static const char *const wrong[] = { "",           "RMD",        "RMD000141",   "RMD00014100", "RMD000141x",
					     "RMC0001410", "RMD0000000", " RMD0001410", "RMD-001410",  "0001410" };
	char text[11];

	(void)state;
	assert_int_equal(rmd_number_parse(slice_of("RMD0001410")), 1410);
	assert_int_equal(rmd_number_parse(slice_of("rMd9999999")), 9999999);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(rmd_number_parse(slice_of(wrong[i])), 0);
	rmd_number_format(text, 1410);
	assert_string_equal(text, "RMD0001410");
	rmd_number_format(text, 9999999);
	assert_string_equal(text, "RMD9999999");
	rmd_number_format(text, 10000000);
	assert_string_equal(text, "");
	rmd_number_format(text, 0);
	assert_string_equal(text, "");
}

static void
frns(void **state)
{
	static const char *const wrong[] = { "",
					     "002144123",
					     "00214412333",
					     "002144123x",
					     "0000000000",
					     "0000-0000-00",
					     "0021-441233",
					     "0021 4412 33",
					     "002-14412-33",
					     "0021-4412-3x",
					     "-021-4412-33",
					     "0021-4412-333" };
	char text[11];

	(void)state;
	assert_int_equal(frn_parse(slice_of("0021441233")), 21441233);
	assert_int_equal(frn_parse(slice_of("0021-4412-33")), 21441233);
	assert_int_equal(frn_parse(slice_of("9999999999")), 9999999999);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(frn_parse(slice_of(wrong[i])), 0);
	frn_format(text, 21441233);
	assert_string_equal(text, "0021441233");
	frn_format(text, 9999999999);
	assert_string_equal(text, "9999999999");
	frn_format(text, 10000000000);
	assert_string_equal(text, "");
	frn_format(text, 0);
	assert_string_equal(text, "");
}

static void
frns_in_free_text(void **state)
{
	struct slice text =
		slice_of("Acme 0021441233; 0004-3210-06\tsee 4529293,00214412334 -0021441233 0000000000\n9999999999");

	(void)state;
	assert_int_equal(frn_next(&text), 21441233);
	assert_int_equal(frn_next(&text), 4321006);
	assert_int_equal(frn_next(&text), 9999999999);
	assert_int_equal(frn_next(&text), 0);
	assert_int_equal(frn_next(&text), 0);
	text = (struct slice){ NULL, 0 };
	assert_int_equal(frn_next(&text), 0);
}

static void
assert_folded(const char *name, size_t size, const char *key)
{
	char target[64];
	size_t length;

	memset(target, '!', sizeof target);
	length = name_fold_ascii(target, size, slice_of(name));
	assert_int_equal(length, strlen(key));
	assert_memory_equal(target, key, length);
	assert_int_equal(target[size], '!');
}

static void
names(void **state)
{
	(void)state;
	assert_folded("Acme, Inc.", 32, "acme inc");
	assert_folded("  ACME--(Wholesale)\r\n2 ", 32, "acme wholesale 2");
	assert_folded("'@Link Services, LLC", 32, "link services llc");
	assert_folded("\xc3\x89toile \xef\xbf\xbd", 32, "\xc3\x89toile \xef\xbf\xbd");
	assert_folded("...", 32, "");
	assert_folded("", 32, "");
	/* cut: never longer than asked, and no gap at the end */
	assert_folded("abc def", 7, "abc def");
	assert_folded("abc def", 6, "abc de");
	assert_folded("abc def", 5, "abc d");
	assert_folded("abc def", 4, "abc");
	assert_folded("abc def", 3, "abc");
	assert_folded("abc", 0, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trim),        cmocka_unit_test(fold),
		cmocka_unit_test(decimal),     cmocka_unit_test(utf8_sequences),
		cmocka_unit_test(utf8_places), cmocka_unit_test(lossy),
		cmocka_unit_test(copy),        cmocka_unit_test(rmd_numbers),
		cmocka_unit_test(frns),        cmocka_unit_test(frns_in_free_text),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
