/* SPDX-License-Identifier: ISC
 *
 * How a provider may be named: prefixes, shapes, and what is malformed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/limits.h"
#include "lib/key.h"

static const struct {
	const char *text;
	enum rmd_key given;
	enum provider_key_kind kind;
	uint64_t value;   /* the FRN or number */
	const char *rest; /* the key's text; NULL: the same */
} cases[] = {
	{ "0021441233", RMD_KEY_ANY, PROVIDER_FRN, 21441233, NULL },
	{ "0021-4412-33", RMD_KEY_ANY, PROVIDER_FRN, 21441233, NULL },
	{ " 0021441233\r\n", RMD_KEY_ANY, PROVIDER_FRN, 21441233, "0021441233" },
	{ "frn:0021441233", RMD_KEY_ANY, PROVIDER_FRN, 21441233, "0021441233" },
	{ "FRN: 0021-4412-33", RMD_KEY_ANY, PROVIDER_FRN, 21441233, "0021-4412-33" },
	{ "0021441233", RMD_KEY_FRN, PROVIDER_FRN, 21441233, NULL },
	{ "9999999999", RMD_KEY_ANY, PROVIDER_FRN, 9999999999, NULL },
	{ "0000000000", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "0000-0000-00", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "frn:4529293", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "frn:RMD0001410", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "frn:", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "frn:0021441233", RMD_KEY_FRN, PROVIDER_MALFORMED, 0, NULL },
	{ "Acme", RMD_KEY_FRN, PROVIDER_MALFORMED, 0, NULL },
	{ "RMD0001410", RMD_KEY_ANY, PROVIDER_RMD, 1410, NULL },
	{ "rmd0001410", RMD_KEY_ANY, PROVIDER_RMD, 1410, NULL },
	{ "rmd:RmD0001410", RMD_KEY_ANY, PROVIDER_RMD, 1410, "RmD0001410" },
	{ "RMD0001410", RMD_KEY_RMD, PROVIDER_RMD, 1410, NULL },
	{ "RMD0000000", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "rmd:0001410", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "rmd:0021441233", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "peer:acme", RMD_KEY_ANY, PROVIDER_PEER, 0, "acme" },
	{ "peer:0021441233", RMD_KEY_ANY, PROVIDER_PEER, 0, "0021441233" },
	{ "peer:ip:x", RMD_KEY_ANY, PROVIDER_PEER, 0, "ip:x" },
	{ "acme", RMD_KEY_PEER, PROVIDER_PEER, 0, NULL },
	{ "trunk:TG-1042", RMD_KEY_ANY, PROVIDER_TRUNK, 0, "TG-1042" },
	{ "TG-1042", RMD_KEY_TRUNK, PROVIDER_TRUNK, 0, NULL },
	{ "Ocn:123A", RMD_KEY_ANY, PROVIDER_OCN, 0, "123A" },
	{ "123A", RMD_KEY_OCN, PROVIDER_OCN, 0, NULL },
	{ "name:0021441233", RMD_KEY_ANY, PROVIDER_NAME, 0, "0021441233" },
	{ "name:\xef\xbf\xbd", RMD_KEY_ANY, PROVIDER_NAME, 0, "\xef\xbf\xbd" },
	{ "Acme, Inc.", RMD_KEY_NAME, PROVIDER_NAME, 0, NULL },
	{ "name: ", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "ip:fe80::1%eth0", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "ip:192.0.2.0/24", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "ip:192.0.2.256", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	/* one more than the longest address */
	{ "ip:2001:0db8:0000:0000:0000:ffff:255.255.255.2555", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "192.0.2.1:5060", RMD_KEY_IP, PROVIDER_MALFORMED, 0, NULL },
	{ "ip:", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	/* of no shape */
	{ "acme", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "Acme\tWholesale, Inc.", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "002144123", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "00214412333", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "002144123x", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "x021441233", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "a", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "a", RMD_KEY_PEER, PROVIDER_PEER, 0, NULL },
	{ "0021 4412 33", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "0021-4412-3x", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "RMD000141", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "RMD000141x", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "192.0.2", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	{ "dba:acme", RMD_KEY_ANY, PROVIDER_WORD, 0, NULL },
	/* nothing, or no text */
	{ "", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ " \t\r\n", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "", RMD_KEY_NAME, PROVIDER_MALFORMED, 0, NULL },
	{ "acme\x1b[0m", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "acme\x7f", RMD_KEY_PEER, PROVIDER_MALFORMED, 0, NULL },
	{ "acm\xe9", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "acm\x80", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "\x1b[0m", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "name:\xc0\xaf", RMD_KEY_ANY, PROVIDER_MALFORMED, 0, NULL },
	{ "acme", (enum rmd_key)8, PROVIDER_MALFORMED, 0, NULL },
	{ "acme", (enum rmd_key) - 1, PROVIDER_MALFORMED, 0, NULL },
};

static void
kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *rest = cases[i].rest ? cases[i].rest : cases[i].text;
		struct provider_key key;
		bool read = provider_key_parse(slice_of(cases[i].text), cases[i].given, &key);

		if (key.kind != cases[i].kind || read != (cases[i].kind != PROVIDER_MALFORMED))
			fail_msg("%s: kind %d", cases[i].text, (int)key.kind);
		assert_int_equal(key.kind == PROVIDER_RMD ? key.number : key.frn, cases[i].value);
		if (read && (key.text.length != strlen(rest) || memcmp(key.text.data, rest, key.text.length) != 0))
			fail_msg("%s: %.*s", cases[i].text, (int)key.text.length, key.text.data);
	}
}

static void
addresses(void **state)
{
	static const unsigned char v4[16] = { [10] = 0xff, [11] = 0xff, [12] = 192, [13] = 0, [14] = 2, [15] = 1 };
	static const unsigned char v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	static const struct {
		const char *text;
		enum rmd_key given;
		const unsigned char *address;
	} texts[] = {
		{ "192.0.2.1", RMD_KEY_ANY, v4 },   { "ip: 192.0.2.1", RMD_KEY_ANY, v4 },
		{ "192.0.2.1", RMD_KEY_IP, v4 },    { "::ffff:192.0.2.1", RMD_KEY_ANY, v4 },
		{ "2001:db8::1", RMD_KEY_ANY, v6 }, { "IP:2001:0DB8:0:0:0:0:0:1", RMD_KEY_ANY, v6 },
	};
	struct provider_key key;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_true(provider_key_parse(slice_of(texts[i].text), texts[i].given, &key));
		assert_int_equal(key.kind, PROVIDER_ADDRESS);
		assert_memory_equal(key.address, texts[i].address, 16);
	}
}

static void
limits(void **state)
{
	char text[LIMIT_KEY_BYTES + 1];
	struct provider_key key;

	(void)state;
	assert_int_equal(LIMIT_KEY_BYTES, 480);
	memset(text, 'a', sizeof text);
	assert_true(provider_key_parse((struct slice){ text, LIMIT_KEY_BYTES }, RMD_KEY_ANY, &key));
	assert_int_equal(key.kind, PROVIDER_WORD);
	assert_int_equal(key.text.length, LIMIT_KEY_BYTES);
	assert_false(provider_key_parse((struct slice){ text, LIMIT_KEY_BYTES + 1 }, RMD_KEY_ANY, &key));
	assert_int_equal(key.kind, PROVIDER_MALFORMED);
	assert_false(provider_key_parse((struct slice){ NULL, 0 }, RMD_KEY_ANY, &key));
	assert_false(provider_key_parse((struct slice){ "acme\0", 5 }, RMD_KEY_ANY, &key));
	assert_true(provider_key_parse((struct slice){ "00214412339", 10 }, RMD_KEY_ANY, &key));
	assert_int_equal(key.frn, 21441233);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(addresses),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
