/* SPDX-License-Identifier: ISC
 *
 * The columns and the stored form of a filing: what goes in comes out, and nothing else is taken for a filing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cache/filing.h"
#include "rmd.h"

#define HEADER_BYTES 23
#define TEXT_COLUMNS 14

static unsigned char form[FILING_ENCODED_MAX];

static struct slice
form_of(const unsigned char *data, size_t length)
{
	return (struct slice){ (const char *)data, length };
}

static struct filing
filing_sample(void)
{
	struct filing filing = { .number = 9000001,
				 .frn = UINT64_C(99000001),
				 .implementation = RMD_IMPLEMENTATION_PARTIAL,
				 .roles = 1 << RMD_ROLE_VSP | 1 << RMD_ROLE_GATEWAY,
				 .foreign = FOREIGN_NO,
				 .last_updated = day_of(2024, 4, 8),
				 .last_recertified = DAY_NONE };

	filing.text[COLUMN_BUSINESS_NAME] = slice_of("Alpha \xef\xbf\xbd Telephone");
	filing.text[COLUMN_BUSINESS_ADDRESS] = slice_of("1 Example Street\nSpringfield");
	filing.text[COLUMN_FILING_URL] = slice_of("https://example.com/rmd");
	return filing;
}

static void
test_columns(void **state)
{
	static const enum column required[] = { COLUMN_NUMBER,
						COLUMN_FRN,
						COLUMN_BUSINESS_NAME,
						COLUMN_IMPLEMENTATION,
						COLUMN_VOICE_SERVICE_PROVIDER_CHOICE,
						COLUMN_GATEWAY_PROVIDER_CHOICE,
						COLUMN_INTERMEDIATE_PROVIDER_CHOICE };
	unsigned texts = 0, needed = 0;

	(void)state;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		assert_non_null(column_definitions[i].name);
		texts += column_definitions[i].text;
		needed += column_definitions[i].required;
	}
	assert_int_equal(texts, TEXT_COLUMNS);
	assert_int_equal(needed, sizeof required / sizeof required[0]);
	for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
		assert_true(column_definitions[required[i]].required);
}

static void
test_round_trip(void **state)
{
	struct filing filing = filing_sample(), back;
	size_t length = filing_encode(&filing, form);

	(void)state;
	assert_true(filing_decode(form_of(form, length), &back));
	assert_int_equal(filing_difference(&filing, &back), 0);
	assert_int_equal(back.last_recertified, DAY_NONE);
	assert_int_equal(back.text[COLUMN_BUSINESS_NAME].length, filing.text[COLUMN_BUSINESS_NAME].length);
	assert_int_equal(back.text[COLUMN_COUNTRY].length, 0);
}

static void
test_header_is_little_endian(void **state)
{
	static const unsigned char expected[HEADER_BYTES] = { 0x41, 0x54, 0x89, 0, 0xc1, 0x9e, 0xe6, 5, 0, 0, 0,   0,
							      3,    6,    1,    0, 0,    0,    0,    0, 0, 0, 0x80 };
	struct filing filing = filing_sample();

	(void)state;
	filing.last_updated = 0;
	assert_true(filing_encode(&filing, form) > HEADER_BYTES);
	assert_memory_equal(form, expected, HEADER_BYTES);
}

static void
test_text_lengths(void **state)
{
	static const size_t lengths[] = { 0, 1, 127, 128, 15753, 16383, 16384, LIMIT_FIELD_BYTES };
	char *text = malloc(LIMIT_FIELD_BYTES);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', LIMIT_FIELD_BYTES);
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct filing filing = filing_sample(), back;
		size_t length;

		filing.text[COLUMN_OTHER_FRNS] = (struct slice){ text, lengths[i] };
		length = filing_encode(&filing, form);
		assert_true(filing_decode(form_of(form, length), &back));
		assert_int_equal(back.text[COLUMN_OTHER_FRNS].length, lengths[i]);
		assert_int_equal(filing_difference(&filing, &back), 0);
	}
	free(text);
}

/* Whatever the rest of the row leaves. */
static void
test_longer_texts_refused(void **state)
{
	struct filing filing = filing_sample(), back;
	char *text = calloc(1, LIMIT_FIELD_BYTES + 1);
	unsigned char *longer = malloc(FILING_ENCODED_MAX + 1);

	(void)state;
	assert_non_null(text);
	assert_non_null(longer);
	memset(filing.text, 0, sizeof filing.text);
	filing.text[COLUMN_OTHER_FRNS] = (struct slice){ text, LIMIT_FIELD_BYTES + 1 };
	assert_false(filing_decode(form_of(longer, filing_encode(&filing, longer)), &back));
	free(longer);
	free(text);
}

static void
test_longest_row(void **state)
{
	struct filing filing = filing_sample(), back;
	char *text = calloc(1, LIMIT_FIELD_BYTES);
	size_t length;

	(void)state;
	assert_non_null(text);
	memset(filing.text, 0, sizeof filing.text);
	filing.text[COLUMN_OTHER_FRNS] = (struct slice){ text, LIMIT_FIELD_BYTES };
	filing.text[COLUMN_COUNTRY] = (struct slice){ text, LIMIT_ROW_BYTES - LIMIT_FIELD_BYTES };
	length = filing_encode(&filing, form);
	assert_true(length <= FILING_ENCODED_MAX);
	assert_true(filing_decode(form_of(form, length), &back));
	filing.text[COLUMN_BUSINESS_NAME] = slice_of("x");
	length = filing_encode(&filing, form);
	assert_false(filing_decode(form_of(form, length), &back));
	free(text);
}

/* On the heap, to the byte: a sanitizer sees what is read beyond. */
static bool
decodes(const unsigned char *bytes, size_t length)
{
	unsigned char *exact = malloc(length > 0 ? length : 1);
	struct filing filing;
	bool good;

	assert_non_null(exact);
	memcpy(exact, bytes, length);
	good = filing_decode(form_of(exact, length), &filing);
	free(exact);
	return good;
}

static void
test_every_truncation_refused(void **state)
{
	struct filing filing = filing_sample();
	size_t length = filing_encode(&filing, form);

	(void)state;
	for (size_t cut = 0; cut < length; cut++)
		assert_false(decodes(form, cut));
	assert_true(decodes(form, length));
	form[length] = 0;
	assert_false(decodes(form, length + 1));
}

static void
test_longer_length_forms_refused(void **state)
{
	struct filing filing = filing_sample();
	size_t length;

	(void)state;
	memset(filing.text, 0, sizeof filing.text);
	length = filing_encode(&filing, form);
	assert_int_equal(length, HEADER_BYTES + TEXT_COLUMNS);
	/* The last column's length as 0x80 0x00: also zero, but not the shortest form. */
	form[length - 1] = 0x80;
	form[length] = 0;
	assert_false(decodes(form, length + 1));
	memset(form + length - 1, 0xff, 16);
	assert_false(decodes(form, length + 15));
}

static void
test_lengths_beyond_the_form_refused(void **state)
{
	struct filing filing = filing_sample();
	size_t length = filing_encode(&filing, form);

	(void)state;
	form[HEADER_BYTES] = 0x7f;
	assert_false(decodes(form, length));
}

static void
test_bad_headers_refused(void **state)
{
	static const struct {
		unsigned place, bytes;
		uint64_t value;
	} bad[] = {
		{ 0, 4, 0 },        /* no number */
		{ 0, 4, 10000000 }, /* 8 digits */
		{ 4, 8, UINT64_C(10000000000) },
		{ 12, 1, RMD_IMPLEMENTATION_UNKNOWN },
		{ 12, 1, RMD_IMPLEMENTATION_COMPLETE + 1 },
		{ 13, 1, 1 }, /* no role */
		{ 13, 1, 1 << RMD_ROLE_FOREIGN },
		{ 14, 1, FOREIGN_YES + 1 },
		{ 15, 4, 0x7fffffff }, /* after the year 9999 */
		{ 19, 4, 0x80000001 }, /* before 1900 and not DAY_NONE */
	};
	struct filing filing = filing_sample();

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		size_t length = filing_encode(&filing, form);

		for (unsigned byte = 0; byte < bad[i].bytes; byte++)
			form[bad[i].place + byte] = (unsigned char)(bad[i].value >> 8 * byte);
		assert_false(decodes(form, length));
	}
}

static void
test_difference_names_each_column(void **state)
{
	struct filing a = filing_sample();

	(void)state;
	for (unsigned i = 0; i < COLUMN_COUNT; i++) {
		struct filing b = a;

		switch (i) {
		case COLUMN_NUMBER:
			b.number++;
			break;
		case COLUMN_FRN:
			b.frn++;
			break;
		case COLUMN_FOREIGN_VOICE_PROVIDER:
			b.foreign = FOREIGN_YES;
			break;
		case COLUMN_IMPLEMENTATION:
			b.implementation = RMD_IMPLEMENTATION_COMPLETE;
			break;
		case COLUMN_VOICE_SERVICE_PROVIDER_CHOICE:
			b.roles ^= 1 << RMD_ROLE_VSP;
			break;
		case COLUMN_GATEWAY_PROVIDER_CHOICE:
			b.roles ^= 1 << RMD_ROLE_GATEWAY;
			break;
		case COLUMN_INTERMEDIATE_PROVIDER_CHOICE:
			b.roles ^= 1 << RMD_ROLE_INTERMEDIATE;
			break;
		case COLUMN_LAST_UPDATED:
			b.last_updated++;
			break;
		case COLUMN_LAST_RECERTIFIED:
			b.last_recertified = 0;
			break;
		default:
			b.text[i] = slice_of("another");
		}
		assert_int_equal(filing_difference(&a, &b), UINT32_C(1) << i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_header_is_little_endian),
		cmocka_unit_test(test_text_lengths),
		cmocka_unit_test(test_longer_texts_refused),
		cmocka_unit_test(test_longest_row),
		cmocka_unit_test(test_every_truncation_refused),
		cmocka_unit_test(test_longer_length_forms_refused),
		cmocka_unit_test(test_lengths_beyond_the_form_refused),
		cmocka_unit_test(test_bad_headers_refused),
		cmocka_unit_test(test_difference_names_each_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
