/* SPDX-License-Identifier: ISC
 *
 * Names as keys, as rmdsync stores them and as librmd asks for them: what must be alike is, what must not is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <utf8proc.h>

#include "base/limits.h"
#include "cache/record.h"
#include "sync/fold.h"

/* utf8proc as it is, and as it is when memory is short. */
static bool memory_short;

utf8proc_ssize_t
__real_utf8proc_map(const utf8proc_uint8_t *text, utf8proc_ssize_t length, utf8proc_uint8_t **target,
		    utf8proc_option_t options);
utf8proc_ssize_t
__wrap_utf8proc_map(const utf8proc_uint8_t *text, utf8proc_ssize_t length, utf8proc_uint8_t **target,
		    utf8proc_option_t options);

utf8proc_ssize_t
__wrap_utf8proc_map(const utf8proc_uint8_t *text, utf8proc_ssize_t length, utf8proc_uint8_t **target,
		    utf8proc_option_t options)
{
	return memory_short ? UTF8PROC_ERROR_NOMEM : __real_utf8proc_map(text, length, target, options);
}

static size_t
fold(char *target, struct slice name)
{
	size_t length = SIZE_MAX;

	assert_true(name_fold(target, name, &length));
	return length;
}

static void
assert_fold(const char *name, const char *key)
{
	char folded[LIMIT_NAME_KEY_BYTES], again[LIMIT_NAME_KEY_BYTES];
	size_t length = fold(folded, slice_of(name));

	assert_int_equal(length, strlen(key));
	assert_memory_equal(folded, key, length);
	/* A key is its own key, for the library too, which knows ASCII only. */
	assert_int_equal(fold(again, (struct slice){ folded, length }), length);
	assert_memory_equal(again, folded, length);
	assert_int_equal(name_fold_ascii(again, sizeof again, (struct slice){ folded, length }), length);
	assert_memory_equal(again, folded, length);
}

/* Of an ASCII name both functions make the same. */
static void
assert_both(const char *name, const char *key)
{
	char folded[LIMIT_NAME_KEY_BYTES];
	size_t length = name_fold_ascii(folded, sizeof folded, slice_of(name));

	assert_int_equal(length, strlen(key));
	assert_memory_equal(folded, key, length);
	assert_fold(name, key);
}

static void
ascii(void **state)
{
	(void)state;
	assert_both("Acme Telephone, L.L.C.", "acme telephone l l c");
	assert_both("  ACME\t\r\n--telephone--  ", "acme telephone");
	assert_both("@Link Services, LLC", "link services llc");
	assert_both("0021441233", "0021441233");
	assert_both("A&B", "a b");
	assert_both("a", "a");
	assert_both("", "");
	assert_both(" -.,;! ", "");
	/* the neighbours of the letters and digits are none */
	assert_both("a/0:b@Z[c`z{d", "a 0 b z c z d");
}

static void
nothing_at_all(void **state)
{
	char folded[LIMIT_NAME_KEY_BYTES];

	(void)state;
	assert_int_equal(fold(folded, (struct slice){ NULL, 0 }), 0);
	assert_int_equal(name_fold_ascii(folded, 0, slice_of("abc")), 0);
}

static void
unicode(void **state)
{
	(void)state;
	/* accents, put together and apart */
	assert_fold("Telef\xc3\xb3nica", "telefonica");
	assert_fold("Telefo\xcc\x81nica", "telefonica");
	assert_fold("\xc3\x89TOILE", "etoile");
	assert_fold("Stra\xc3\x9f"
		    "e",
		    "strasse");
	assert_fold("STRA\xe1\xba\x9e"
		    "E",
		    "strasse");
	/* full-width letters and the ideographic space, ligatures, the non-breaking space */
	assert_fold("\xef\xbc\xa1\xef\xbc\xa3\xe3\x80\x80\xef\xbc\x91", "ac 1");
	assert_fold("\xef\xac\x81"
		    "bre",
		    "fibre");
	assert_fold("a\xc2\xa0"
		    "b",
		    "a b");
	/* dashes and quotation marks are punctuation beyond ASCII too */
	assert_fold("a\xe2\x80\x93"
		    "b",
		    "a b");
	assert_fold("O\xe2\x80\x99"
		    "Brien",
		    "o brien");
	/* what is not to be seen */
	assert_fold("a\xc2\xad"
		    "b\xe2\x80\x8b"
		    "c\xef\xbb\xbf",
		    "abc");
	/* other scripts keep their letters, without case */
	assert_fold("\xce\xa9\xce\xbc", "\xcf\x89\xce\xbc");
	assert_fold("\xd0\x96", "\xd0\xb6");
}

/* Where the export has lost a character, the key says so: it stands for any one, and must not vanish. */
static void
lost_characters_stay(void **state)
{
	(void)state;
	assert_fold("Telef\xef\xbf\xbdnica", "telef\xef\xbf\xbdnica");
	assert_fold("\xef\xbf\xbd", "\xef\xbf\xbd");
	assert_fold("A\xef\xbf\xbd\xef\xbf\xbd B", "a\xef\xbf\xbd\xef\xbf\xbd b");
}

static void
not_utf8(void **state)
{
	char folded[LIMIT_NAME_KEY_BYTES];

	(void)state;
	assert_int_equal(fold(folded, slice_of("abc\xff")), 0);
	assert_int_equal(fold(folded, slice_of("abc\xc3")), 0);
	/* the library's half takes bytes as they are: such a query is refused before */
	assert_int_equal(name_fold_ascii(folded, sizeof folded, slice_of("A\xff")), 2);
	assert_memory_equal(folded, "a\xff", 2);
}

/* A name that is too long is cut, at the same place by both, never in its gap, and fits into a key of LMDB. */
static void
over_long(void **state)
{
	char name[4 * LIMIT_NAME_KEY_BYTES], folded[LIMIT_NAME_KEY_BYTES + 1], ascii_only[LIMIT_NAME_KEY_BYTES];
	unsigned char key[KEY_MAX + 1];
	size_t length;

	(void)state;
	for (size_t gap = LIMIT_NAME_KEY_BYTES - 2; gap <= LIMIT_NAME_KEY_BYTES + 1; gap++) {
		memset(name, 'A', sizeof name);
		name[gap] = ' ';
		folded[LIMIT_NAME_KEY_BYTES] = '~';
		length = fold(folded, (struct slice){ name, sizeof name });
		assert_int_equal(length,
				 gap == LIMIT_NAME_KEY_BYTES - 1 ? LIMIT_NAME_KEY_BYTES - 1 : LIMIT_NAME_KEY_BYTES);
		assert_int_equal(folded[LIMIT_NAME_KEY_BYTES], '~');
		assert_int_equal(folded[length - 1], 'a');
		assert_int_equal(
			name_fold_ascii(ascii_only, LIMIT_NAME_KEY_BYTES, (struct slice){ name, sizeof name }),
			length);
		assert_memory_equal(folded, ascii_only, length);
		key[KEY_MAX] = '~';
		assert_true(key_by_name(key, (struct slice){ folded, length }, 9999999).length <= KEY_MAX);
		assert_int_equal(key[KEY_MAX], '~');
	}
	/* letters of several bytes, which do not divide the limit */
	for (size_t i = 0; i + 3 <= sizeof name; i += 3)
		memcpy(name + i, "\xe3\x81\x82", 3);
	length = fold(folded, (struct slice){ name, sizeof name });
	assert_in_range(length, LIMIT_NAME_KEY_BYTES - 3, LIMIT_NAME_KEY_BYTES);
	assert_memory_equal(folded, name, length);
	assert_int_equal(folded[LIMIT_NAME_KEY_BYTES], '~');
	/* a character that becomes eighteen */
	for (size_t i = 0; i + 3 <= sizeof name; i += 3)
		memcpy(name + i, "\xef\xb7\xba", 3);
	length = fold(folded, (struct slice){ name, sizeof name });
	assert_in_range(length, LIMIT_NAME_KEY_BYTES - 3, LIMIT_NAME_KEY_BYTES);
	assert_int_equal(folded[LIMIT_NAME_KEY_BYTES], '~');
}

/* Else the filing would silently be missing from the index of names. */
static void
short_memory_is_no_empty_key(void **state)
{
	char folded[LIMIT_NAME_KEY_BYTES];
	size_t length;
	bool good;

	(void)state;
	memory_short = true;
	good = name_fold(folded, slice_of("Telef\xc3\xb3nica"), &length);
	memory_short = false;
	assert_false(good);
	assert_fold("Telef\xc3\xb3nica", "telefonica");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(unicode),
		cmocka_unit_test(lost_characters_stay),
		cmocka_unit_test(not_utf8),
		cmocka_unit_test(over_long),
		cmocka_unit_test(short_memory_is_no_empty_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
