/* SPDX-License-Identifier: ISC
 *
 * What an operator writes: every key with its kinds of values, every way to be wrong with the line that says so, and
 * the plain files beside rmd.conf.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/lines.h"
#include "sync/conf.h"
#include "sync/operator.h"

#define CONF "rmd.conf"
#define AREA_CODES "foreign-area-codes.conf"
#define PUBLIC_SAFETY "public-safety.conf"
#define FILE_BYTES 65536

static char directory[] = P_tmpdir "/rmd-conf-XXXXXX";

static const char *
path_of(const char *name)
{
	static char path[LIMIT_PATH_BYTES];

	assert_int_equal(path_join(path, sizeof path, directory, name), 0);
	return path;
}

static void
file_write(const char *name, const void *data, size_t length)
{
	FILE *file = fopen(path_of(name), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void
file_remove(const char *name)
{
	if (remove(path_of(name)) != 0)
		assert_int_equal(errno, ENOENT);
}

/* The message begins with the path of the file, then comes `rest`. */
static void
assert_message(const struct error *error, const char *name, const char *rest)
{
	char text[LIMIT_ERROR_BYTES];

	assert_in_range(snprintf(text, sizeof text, "%s%s", path_of(name), rest), 1, sizeof text - 1);
	assert_string_equal(error->text, text);
	assert_int_equal(error->code, EX_CONFIG);
}

static void
read_bytes(struct conf *conf, const void *data, size_t length, struct error *error)
{
	int code;

	memset(error, 0, sizeof *error);
	conf_defaults(conf);
	file_write(CONF, data, length);
	code = conf_read(conf, path_of(CONF), true, error);
	assert_int_equal(code, error->code);
}

static struct conf
read_good(const char *text)
{
	struct conf conf;
	struct error error;

	read_bytes(&conf, text, strlen(text), &error);
	assert_string_equal(error.text, "");
	assert_int_equal(error.code, 0);
	return conf;
}

static void
assert_bad(const char *text, const char *message)
{
	struct conf conf;
	struct error error;

	read_bytes(&conf, text, strlen(text), &error);
	assert_message(&error, CONF, message);
}

static void
assert_same(const struct conf *a, const struct conf *b)
{
	assert_memory_equal(a, b, sizeof *a);
}

static struct conf
defaults(void)
{
	struct conf conf;

	conf_defaults(&conf);
	return conf;
}

static void
manual_defaults(void **state)
{
	struct conf conf = defaults();

	(void)state;
	assert_int_equal(conf.source_count, 1);
	assert_string_equal(conf.source[0],
			    "https://fccprod.servicenowservices.com/api/x_g_fmc_rmd/rmd/csv_download");
	assert_int_equal(conf.format, DECODE_AUTO);
	assert_string_equal(conf.ca_file, "");
	assert_string_equal(conf.proxy, "");
	assert_string_equal(conf.contact, "");
	assert_int_equal(conf.max_bytes, UINT64_C(268435456));
	assert_int_equal(conf.connect_timeout, 30);
	assert_int_equal(conf.total_timeout, 900);
	assert_int_equal(conf.retry_for, 600);
	assert_int_equal(conf.guard.minimum_rows, 1000);
	assert_int_equal(conf.guard.vanished_rows, 250);
	assert_int_equal(conf.guard.vanished_percent, 5);
	assert_int_equal(conf.guard.contiguous_rows, 20);
	assert_int_equal(conf.guard.relisted_rows, 100);
	assert_int_equal(conf.guard.changed_percent, 50);
	assert_int_equal(conf.guard.rejected_percent, 1);
	assert_int_equal(conf.guard.release_after, 43200);
	assert_int_equal(conf.max_age, 259200);
	assert_int_equal(conf.missing_grace, 0);
	assert_int_equal(conf.removal_grace, 0);
	assert_int_equal(conf.role_mismatch_accepted, 0);
	assert_int_equal(conf.keep, 7);
	assert_string_equal(conf.export_formats, "dns csv");
	assert_string_equal(conf.hooks_directory, "hooks.d");
	assert_int_equal(conf.hooks_timeout, 30);
}

static void
every_key(void **state)
{
	struct conf conf = read_good("[source]\n"
				     "url = https://example.com/rmd?a=b;c#d\n"
				     "format = xml\n"
				     "ca-file = /etc/ssl/ca file.pem\n"
				     "proxy = http://proxy.example.com:3128\n"
				     "contact = noc@example.com; +1 202 555 0100\n"
				     "[limits]\n"
				     "max-bytes = 3G\n"
				     "connect-timeout = 31s\n"
				     "total-timeout = 16m\n"
				     "retry-for = 2h\n"
				     "[guard]\n"
				     "minimum-rows = 1001\n"
				     "vanished-rows = 251\n"
				     "vanished-percent = 6\n"
				     "contiguous-rows = 21\n"
				     "relisted-rows = 101\n"
				     "changed-percent = 51\n"
				     "rejected-percent = 2\n"
				     "release-after = 13h\n"
				     "[policy]\n"
				     "max-age = 4d\n"
				     "missing-grace = 90s\n"
				     "removal-grace = 2\n"
				     "role-mismatch = accept\n"
				     "[history]\n"
				     "keep = 8\n"
				     "[export]\n"
				     "formats = json\n"
				     "[hooks]\n"
				     "directory = /etc/rmd/hooks.d\n"
				     "timeout = 1m\n");

	(void)state;
	assert_int_equal(conf.source_count, 1);
	assert_string_equal(conf.source[0], "https://example.com/rmd?a=b;c#d");
	assert_int_equal(conf.format, DECODE_XML);
	assert_string_equal(conf.ca_file, "/etc/ssl/ca file.pem");
	assert_string_equal(conf.proxy, "http://proxy.example.com:3128");
	assert_string_equal(conf.contact, "noc@example.com; +1 202 555 0100");
	assert_int_equal(conf.max_bytes, UINT64_C(3221225472));
	assert_int_equal(conf.connect_timeout, 31);
	assert_int_equal(conf.total_timeout, 960);
	assert_int_equal(conf.retry_for, 7200);
	assert_int_equal(conf.guard.minimum_rows, 1001);
	assert_int_equal(conf.guard.vanished_rows, 251);
	assert_int_equal(conf.guard.vanished_percent, 6);
	assert_int_equal(conf.guard.contiguous_rows, 21);
	assert_int_equal(conf.guard.relisted_rows, 101);
	assert_int_equal(conf.guard.changed_percent, 51);
	assert_int_equal(conf.guard.rejected_percent, 2);
	assert_int_equal(conf.guard.release_after, 46800);
	assert_int_equal(conf.max_age, 345600);
	assert_int_equal(conf.missing_grace, 90);
	assert_int_equal(conf.removal_grace, 2);
	assert_int_equal(conf.role_mismatch_accepted, 1);
	assert_int_equal(conf.keep, 8);
	assert_string_equal(conf.export_formats, "json");
	assert_string_equal(conf.hooks_directory, "/etc/rmd/hooks.d");
	assert_int_equal(conf.hooks_timeout, 60);
}

static size_t
shipped_read(const char *name, char *text)
{
	const char *top = getenv("srcdir");
	char path[LIMIT_PATH_BYTES];
	FILE *file;
	size_t length;

	assert_int_equal(path_join(path, sizeof path, top != NULL ? top : ".", name), 0);
	file = fopen(path, "rb");
	assert_non_null(file);
	length = fread(text, 1, FILE_BYTES - 1, file);
	assert_true(length > 0 && length < FILE_BYTES - 1);
	assert_int_equal(fclose(file), 0);
	text[length] = '\0';
	return length;
}

/* In the file that we ship every key stands behind a comment's mark, with its default. */
static void
shipped_conf(void **state)
{
	static char text[FILE_BYTES], told[FILE_BYTES];
	struct conf conf, expected = defaults();
	size_t length = shipped_read("contrib/conf/rmd.conf", text), kept = 0;
	unsigned keys = 0;

	(void)state;
	conf = read_good(text);
	assert_same(&conf, &expected);
	for (size_t i = 0; i < length; i++) {
		bool line_begins = i == 0 || text[i - 1] == '\n';

		if (line_begins && text[i] == '#' && text[i + 1] >= 'a' && text[i + 1] <= 'z') {
			keys++;
			continue;
		}
		told[kept++] = text[i];
	}
	told[kept] = '\0';
	assert_int_equal(keys, 25);
	conf = read_good(told);
	assert_same(&conf, &expected);
}

/* Nothing given leaves what was there. */
static void
empty_files(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "# comment\n; comment\n", "[guard]\n", "[guard]", " \t\n\r\n", "#\t # ; comment = [\n",
	};
	struct conf conf, expected = defaults();

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		conf = read_good(texts[i]);
		assert_same(&conf, &expected);
	}
}

/* White space around a key and its value, either mark between them, CRLF, a byte order mark, no newline at the end.
 */
static void
forms_of_a_line(void **state)
{
	static const char *const texts[] = {
		"[history]\nkeep = 9\n",     "[history]\nkeep=9\n",     "[history]\nkeep\t=  9 \t\n",
		"[history]\r\nkeep = 9\r\n", "[history]\nkeep: 9\n",    "\xef\xbb\xbf[history]\nkeep = 9\n",
		"[history]\nkeep = 9",       "[history]\nkeep = 009\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(read_good(texts[i]).keep, 9);
	assert_string_equal(read_good("[source]\nproxy =\n").proxy, "");
	assert_string_equal(read_good("[source]\ncontact = a#b;c = d\n").contact, "a#b;c = d");
}

static void
unknown_key(void **state)
{
	(void)state;
	assert_bad("# one\n\n[guard]\nminimum-rows = 5\nminimum-row = 5\n",
		   ":5: unknown key \"minimum-row\" in section [guard]; nothing was changed");
	assert_bad("[guard]\nkeep = 5\n", ":2: unknown key \"keep\" in section [guard]; nothing was changed");
	assert_bad("keep = 5\n", ":1: unknown key \"keep\" in section []; nothing was changed");
	assert_bad("[history]\nKeep = 5\n", ":2: unknown key \"Keep\" in section [history]; nothing was changed");
	/* the first of several is told */
	assert_bad("[guard]\na = 1\nb = 2\n", ":2: unknown key \"a\" in section [guard]; nothing was changed");
}

/* Which of the two was meant nobody can tell; url alone may be repeated. */
static void
key_given_twice(void **state)
{
	(void)state;
	assert_bad("[history]\nkeep = 1\n[guard]\n[history]\nkeep = 9\n",
		   ":5: keep stands in line 2 too; nothing was changed");
	assert_bad("[source]\nproxy = http://a.example.com\n# none\nproxy =\n",
		   ":4: proxy stands in line 2 too; nothing was changed");
	assert_bad("[policy]\nmax-age = 72h\nmax-age = 72h\n",
		   ":3: max-age stands in line 2 too; nothing was changed");
	/* not the name, but the key: this one stands in another section */
	assert_bad("[limits]\ntotal-timeout = 1m\n[hooks]\ntimeout = 1m\ntimeout = 1m\n",
		   ":5: timeout stands in line 4 too; nothing was changed");
}

static void
unknown_section(void **state)
{
	(void)state;
	assert_bad("[guard]\n\n[gaurd]\nminimum-rows = 5\n",
		   ":3: \"[gaurd]\" is not the name of a section; nothing was changed");
	assert_bad("[peers]", ":1: \"[peers]\" is not the name of a section; nothing was changed");
	assert_bad("[Guard]\n", ":1: \"[Guard]\" is not the name of a section; nothing was changed");
	assert_bad("[]\n", ":1: \"[]\" is not the name of a section; nothing was changed");
	assert_bad("[\n", ":1: \"[\" is not the name of a section; nothing was changed");
	assert_bad("[guard\n", ":1: \"[guard\" is not the name of a section; nothing was changed");
	assert_bad("[ guard ]\n", ":1: \"[ guard ]\" is not the name of a section; nothing was changed");
	/* what stands behind it would be lost */
	assert_bad("[guard] minimum-rows = 5\n",
		   ":1: \"[guard] minimum-rows = 5\" is not the name of a section; nothing was changed");
}

static void
not_a_line(void **state)
{
	(void)state;
	assert_bad("[guard]\nminimum-rows\n", ":2: neither a section, nor a key and its value; nothing was changed");
	assert_bad("<html>\n", ":1: neither a section, nor a key and its value; nothing was changed");
}

static void
indented_line(void **state)
{
	(void)state;
	assert_bad("[source]\nurl = https://example.com/a\n  https://example.com/b\n",
		   ":3: \"https://example.com/b\" is indented; nothing was changed");
	assert_bad("[history]\n\tkeep = 5\n", ":2: \"keep = 5\" is indented; nothing was changed");
	assert_bad("[history]\n  # comment\n", ":2: \"# comment\" is indented; nothing was changed");
	assert_bad(" [history]\n", ":1: \"[history]\" is indented; nothing was changed");
}

static void
comment_behind(void **state)
{
	(void)state;
	assert_bad("[history]\nkeep = 7 # old snapshots\n",
		   ":2: \"keep = 7 # old snapshots\" must not have a comment behind it; nothing was changed");
	assert_bad("[source]\nurl = https://example.com/rmd\t# ours\n",
		   ":2: \"url = https://example.com/rmd?# ours\" must not have a comment behind it; nothing was "
		   "changed");
	assert_bad("[export]\nformats = dns csv   # for --all\n",
		   ":2: \"formats = dns csv   # for --all\" must not have a comment behind it; nothing was changed");
	/* inih would drop these in silence */
	assert_bad("[source]\ncontact = noc ; by day\n",
		   ":2: \"contact = noc ; by day\" must not have a comment behind it; nothing was changed");
	assert_bad("[source]\nca-file = # none\n",
		   ":2: \"ca-file = # none\" must not have a comment behind it; nothing was changed");
	assert_bad("[history] # section\n",
		   ":1: \"[history] # section\" must not have a comment behind it; nothing was changed");
}

/* A line of that many bytes, its newline not counted: "contact = xxx...". */
static void
long_line(char *text, size_t bytes, const char *end)
{
	int head = snprintf(text, FILE_BYTES, "[source]\ncontact = ");

	assert_true(head > 0);
	memset(text + head, 'x', bytes - strlen("contact = "));
	text[strlen("[source]\n") + bytes] = '\0';
	assert_true(strlen(end) < 100);
	memcpy(text + strlen("[source]\n") + bytes, end, strlen(end) + 1);
}

static void
over_long_line(void **state)
{
	static char text[FILE_BYTES];
	static const char *const ends[] = { "\n", "", "\r\n", "\n[history]\nkeep = 3\n" };

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		/* the carriage return is part of the line */
		size_t maximum = LIMIT_CONF_LINE - 1 - (ends[i][0] == '\r');
		struct conf conf;

		long_line(text, maximum, ends[i]);
		conf = read_good(text);
		assert_int_equal(strlen(conf.contact), maximum - strlen("contact = "));
		assert_int_equal(conf.keep, i == 3 ? 3 : 7);
		long_line(text, maximum + 1, ends[i]);
		assert_bad(text, ":2: the line is longer than 198 bytes; nothing was changed");
	}
	long_line(text, 5000, "\n");
	assert_bad(text, ":2: the line is longer than 198 bytes; nothing was changed");
	/* a comment too: what comes behind the cut would be read as a line of its own */
	memset(text, '#', 250);
	memcpy(text + 250, "\n", 2);
	assert_bad(text, ":1: the line is longer than 198 bytes; nothing was changed");
}

static void
nul_byte(void **state)
{
	static const char text[] = "[history]\nkeep = 1\0 2\n", at_end[] = "[history]\nkeep = 1\n\0keep = 3";
	struct conf conf;
	struct error error;

	(void)state;
	read_bytes(&conf, text, sizeof text - 1, &error);
	assert_message(&error, CONF, ":2: the line holds a NUL; nothing was changed");
	read_bytes(&conf, at_end, sizeof at_end - 1, &error);
	assert_message(&error, CONF, ":3: the line holds a NUL; nothing was changed");
}

/* A value that is wrong, in a section, with the sentence that says what it must be. */
static void
assert_value_bad(const char *section, const char *name, const char *value, const char *must)
{
	char text[LIMIT_CONF_LINE * 2], message[LIMIT_ERROR_BYTES];

	assert_true(snprintf(text, sizeof text, "[%s]\n%s = %s\n", section, name, value) > 0);
	assert_true(snprintf(message, sizeof message, ":2: %s = \"%s\" %s; nothing was changed", name, value, must) >
		    0);
	assert_bad(text, message);
}

static void
bad_words(void **state)
{
	static const char *const formats[] = { "", "CSV", "json", "csv xml", "cs", "csvx" };
	static const char *const mismatches[] = { "", "yes", "Accept", "refuse accept" };

	(void)state;
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		assert_value_bad("source", "format", formats[i], "must be auto, csv or xml");
	for (size_t i = 0; i < sizeof mismatches / sizeof mismatches[0]; i++)
		assert_value_bad("policy", "role-mismatch", mismatches[i], "must be refuse or accept");
	assert_int_equal(read_good("[source]\nformat = auto\n").format, DECODE_AUTO);
	assert_int_equal(read_good("[source]\nformat = csv\n").format, DECODE_CSV);
	assert_int_equal(read_good("[policy]\nrole-mismatch = refuse\n").role_mismatch_accepted, 0);
}

static void
bad_sizes(void **state)
{
	static const char *const wrong[] = { "",
					     "K",
					     "256 M",
					     "256MB",
					     "256m",
					     "0x10",
					     "-1",
					     "+1",
					     "1.5G",
					     "1T",
					     "MM",
					     "1,000",
					     "99999999999999999999",
					     "9007199254740993K" };

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_value_bad("limits", "max-bytes", wrong[i], "must be a size such as 256M");
	assert_value_bad("limits", "max-bytes", "0", "must not be 0");
	assert_value_bad("limits", "max-bytes", "0G", "must not be 0");
	assert_value_bad("limits", "max-bytes", "1025G", "is larger than any that makes sense");
	assert_int_equal(read_good("[limits]\nmax-bytes = 1024G\n").max_bytes, UINT64_C(1) << 40);
	assert_int_equal(read_good("[limits]\nmax-bytes = 64K\n").max_bytes, 65536);
	assert_int_equal(read_good("[limits]\nmax-bytes = 5M\n").max_bytes, 5242880);
	assert_int_equal(read_good("[limits]\nmax-bytes = 1234567\n").max_bytes, 1234567);
}

static void
bad_durations(void **state)
{
	static const struct {
		const char *section, *name;
		bool zero; /* allowed */
		const char *most, *too_much;
	} keys[] = {
		{ "limits", "connect-timeout", false, "1d", "86401s" },
		{ "limits", "total-timeout", false, "24h", "25h" },
		{ "limits", "retry-for", true, "1440m", "1441m" },
		{ "guard", "release-after", true, "3650d", "3651d" },
		{ "policy", "max-age", true, "3650d", "3651d" },
		{ "policy", "missing-grace", true, "3650d", "3651d" },
		{ "hooks", "timeout", false, "1d", "2d" },
	};
	static const char *const wrong[] = {
		"", "s", "90", "90 s", "90S", "1w", "-1s", "1.5h", "1h30m", "s9", "106751991167301d", "ninety"
	};
	char text[LIMIT_CONF_LINE];

	(void)state;
	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
			assert_value_bad(keys[k].section, keys[k].name, wrong[i],
					 "must be a time such as 90s, 15m, 12h or 30d");
		assert_value_bad(keys[k].section, keys[k].name, keys[k].too_much,
				 "is larger than any that makes sense");
		assert_true(snprintf(text, sizeof text, "[%s]\n%s = %s\n", keys[k].section, keys[k].name,
				     keys[k].most) > 0);
		(void)read_good(text);
		assert_true(snprintf(text, sizeof text, "[%s]\n%s = 0\n", keys[k].section, keys[k].name) > 0);
		if (keys[k].zero)
			(void)read_good(text);
		else
			assert_value_bad(keys[k].section, keys[k].name, "0", "must not be 0");
	}
}

static void
bad_numbers(void **state)
{
	static const struct {
		const char *section, *name, *most, *too_much;
	} keys[] = {
		{ "guard", "minimum-rows", "2000000", "2000001" },
		{ "guard", "vanished-rows", "2000000", "2000001" },
		{ "guard", "vanished-percent", "100", "101" },
		{ "guard", "contiguous-rows", "2000000", "2000001" },
		{ "guard", "relisted-rows", "2000000", "2000001" },
		{ "guard", "changed-percent", "100", "101" },
		{ "guard", "rejected-percent", "100", "101" },
		{ "policy", "removal-grace", "365", "366" },
		{ "history", "keep", "1000", "1001" },
	};
	static const char *const wrong[] = { "",
					     "many",
					     "-1",
					     "+1",
					     "5%",
					     "5 %",
					     "1.5",
					     "0x5",
					     "1 2",
					     "99999999999999999999",
					     "9223372036854775808" };
	char text[LIMIT_CONF_LINE];

	(void)state;
	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
			assert_value_bad(keys[k].section, keys[k].name, wrong[i], "must be a whole number");
		assert_value_bad(keys[k].section, keys[k].name, keys[k].too_much,
				 "is larger than any that makes sense");
		for (int least = 0; least <= 1; least++) {
			assert_true(snprintf(text, sizeof text, "[%s]\n%s = %s\n", keys[k].section, keys[k].name,
					     least ? "0" : keys[k].most) > 0);
			(void)read_good(text);
		}
	}
}

static void
repeated_url(void **state)
{
	struct conf conf = read_good("[source]\nurl = https://example.com/a\n[history]\n[source]\nurl = file:///b\n");
	char text[FILE_BYTES] = "[source]\n";

	(void)state;
	/* the default is none of them */
	assert_int_equal(conf.source_count, 2);
	assert_string_equal(conf.source[0], "https://example.com/a");
	assert_string_equal(conf.source[1], "file:///b");
	for (int i = 1; i <= LIMIT_SOURCES; i++) {
		size_t length = strlen(text);

		assert_true(snprintf(text + length, sizeof text - length, "url = file:///%d\n", i) > 0);
	}
	conf = read_good(text);
	assert_int_equal(conf.source_count, LIMIT_SOURCES);
	assert_string_equal(conf.source[0], "file:///1");
	assert_string_equal(conf.source[LIMIT_SOURCES - 1], "file:///8");
	assert_true(snprintf(text + strlen(text), 32, "url = file:///9\n") > 0);
	assert_bad(text, ":10: url = \"file:///9\" must be an address, and there can be 8; nothing was changed");
	assert_value_bad("source", "url", "", "must be an address, and there can be 8");
}

static void
missing_file(void **state)
{
	struct conf conf, expected = defaults();
	struct error error = { 0 };

	(void)state;
	file_remove(CONF);
	conf_defaults(&conf);
	assert_int_equal(conf_read(&conf, path_of(CONF), false, &error), 0);
	assert_same(&conf, &expected);
	assert_int_equal(conf_read(&conf, path_of(CONF), true, &error), EX_CONFIG);
	assert_message(&error, CONF, ": No such file or directory; nothing was changed");
	/* that it is not needed does not mean that it need not be readable */
	memset(&error, 0, sizeof error);
	assert_int_equal(conf_read(&conf, directory, false, &error), EX_CONFIG);
	assert_non_null(strstr(error.text, ": Is a directory; nothing was changed"));
	memset(&error, 0, sizeof error);
	file_write(CONF, "", 0);
	assert_int_equal(conf_read(&conf, path_of(CONF "/x"), false, &error), EX_CONFIG);
	assert_message(&error, CONF "/x", ": Not a directory; nothing was changed");
}

static void
units(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_false(duration_parse((struct slice){ NULL, 0 }, &value));
	assert_false(duration_parse((struct slice){ "1\0", 2 }, &value));
	assert_false(size_parse((struct slice){ "1\0", 2 }, &value));
	assert_int_equal(value, 7);
	assert_true(duration_parse(slice_of("00"), &value));
	assert_int_equal(value, 0);
	assert_true(duration_parse(slice_of("1s"), &value));
	assert_int_equal(value, 1);
	assert_true(duration_parse(slice_of("2m"), &value));
	assert_int_equal(value, 120);
	assert_true(duration_parse(slice_of("3h"), &value));
	assert_int_equal(value, 10800);
	assert_true(duration_parse(slice_of("4d"), &value));
	assert_int_equal(value, 345600);
	/* the largest that does not overflow, and the next */
	assert_true(duration_parse(slice_of("106751991167300d"), &value));
	assert_int_equal(value, UINT64_C(9223372036854720000));
	assert_false(duration_parse(slice_of("106751991167301d"), &value));
	assert_true(size_parse(slice_of("8589934591G"), &value));
	assert_int_equal(value, UINT64_C(9223372035781033984));
	assert_false(size_parse(slice_of("8589934592G"), &value));
}

/* The files beside rmd.conf. */

static void
load(const char *conf_path, struct operator_data *data, bool *no_area_codes, struct error *error)
{
	int code;
	struct conf conf = defaults();
	struct calendar calendar = { 0 };

	conf.max_age = 5;
	conf.missing_grace = 6;
	conf.role_mismatch_accepted = 1;
	memset(error, 0, sizeof *error);
	code = operator_load(&conf, conf_path, data, &calendar, no_area_codes, error);
	calendar_end(&calendar);
	assert_int_equal(code, error->code);
}

static bool
area_code_set(const struct operator_data *data, unsigned code)
{
	return (data->foreign_area_codes[code / 64] >> (code % 64) & 1) != 0;
}

static unsigned
area_codes_count(const struct operator_data *data)
{
	unsigned count = 0;

	for (unsigned i = 0; i < 1024; i++)
		count += area_code_set(data, i);
	return count;
}

static int
operator_setup(void **state)
{
	(void)state;
	file_remove(AREA_CODES);
	file_remove(PUBLIC_SAFETY);
	return 0;
}

static void
operator_without_files(void **state)
{
	struct operator_data data;
	struct error error;
	bool no_area_codes = false;

	(void)state;
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_string_equal(error.text, "");
	assert_true(no_area_codes);
	assert_int_equal(area_codes_count(&data), 0);
	assert_int_equal(data.public_safety_count, 0);
	assert_int_equal(data.max_age, 5);
	assert_int_equal(data.missing_grace, 6);
	assert_true(data.role_mismatch_accepted);
	operator_end(&data);
}

static void
area_codes(void **state)
{
	static const char text[] = "# of other countries\n\n416\n  876 \t\r\n  # indented\n200\n999\n416\n242";
	struct operator_data data;
	struct error error;
	bool no_area_codes = true;

	(void)state;
	file_write(AREA_CODES, text, sizeof text - 1);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_string_equal(error.text, "");
	assert_false(no_area_codes);
	assert_int_equal(area_codes_count(&data), 5);
	assert_true(area_code_set(&data, 416));
	assert_true(area_code_set(&data, 876));
	assert_true(area_code_set(&data, 200));
	assert_true(area_code_set(&data, 999));
	assert_true(area_code_set(&data, 242));
	operator_end(&data);
	/* one without a code is one all the same */
	file_write(AREA_CODES, "#\n", 2);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_false(no_area_codes);
	assert_int_equal(area_codes_count(&data), 0);
	operator_end(&data);
}

static void
bad_area_codes(void **state)
{
	static const char *const wrong[] = { "41",  "4166",    "1416", "+416",          "199",    "000",
					     "41a", "416 647", "4 6",  "416 # Toronto", "416,647" };
	char text[LIMIT_CONF_LINE], message[LIMIT_ERROR_BYTES];
	struct operator_data data;
	struct error error;
	bool no_area_codes;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_true(snprintf(text, sizeof text, "# first\n\n416\n%s\n647\n", wrong[i]) > 0);
		assert_true(snprintf(message, sizeof message,
				     ":4: \"%s\" is not a NANP area code of three digits; nothing was changed",
				     wrong[i]) > 0);
		file_write(AREA_CODES, text, strlen(text));
		load(path_of(CONF), &data, &no_area_codes, &error);
		assert_message(&error, AREA_CODES, message);
		operator_end(&data);
	}
}

/* The list that we ship names Toronto and Jamaica, and no territory of the United States. */
static void
shipped_area_codes(void **state)
{
	static const unsigned foreign[] = { 416, 876, 242, 809, 600 };
	static const unsigned us[] = { 202, 340, 670, 671, 684, 787, 939, 800, 888, 900 };
	static char text[FILE_BYTES];
	struct operator_data data;
	struct error error;
	bool no_area_codes;

	(void)state;
	file_write(AREA_CODES, text, shipped_read("contrib/conf/foreign-area-codes.conf", text));
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_string_equal(error.text, "");
	assert_in_range(area_codes_count(&data), 60, 110);
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
		assert_true(area_code_set(&data, foreign[i]));
	for (size_t i = 0; i < sizeof us / sizeof us[0]; i++)
		assert_false(area_code_set(&data, us[i]));
	operator_end(&data);
}

/* Whoever relies on them must be able to see how old they are. */
static void
shipped_lists_name_source_and_date(void **state)
{
	static const char *const names[] = { "contrib/conf/foreign-area-codes.conf", "contrib/conf/calendar.conf" };
	static char text[FILE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *end;

		(void)shipped_read(names[i], text);
		assert_int_equal(strncmp(text, "# Source: ", 10), 0);
		end = strstr(text, "\n#\n");
		assert_non_null(end);
		*end = '\0';
		assert_non_null(strstr(text, " 20"));
	}
}

static void
public_safety(void **state)
{
	static const char text[] =
		"+12025550199\n# comment\n+12025550100\n +1234567\n+12025550199\n+999999999999999\n";
	struct operator_data data;
	struct error error;
	bool no_area_codes;

	(void)state;
	file_write(PUBLIC_SAFETY, text, sizeof text - 1);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_string_equal(error.text, "");
	/* in order, each once: the same set gives the same snapshot */
	assert_int_equal(data.public_safety_count, 4);
	assert_int_equal(data.public_safety[0], 1234567);
	assert_int_equal(data.public_safety[1], UINT64_C(12025550100));
	assert_int_equal(data.public_safety[2], UINT64_C(12025550199));
	assert_int_equal(data.public_safety[3], UINT64_C(999999999999999));
	operator_end(&data);
	assert_null(data.public_safety);
}

static void
bad_public_safety(void **state)
{
	static const char *const wrong[] = { "12025550100",       "+1 202 555 0100",
					     "+1-202-555-0100",   "+0123456789",
					     "+123456",           "911",
					     "+1234567890123456", "+1202555010x",
					     "++12025550100",     "+",
					     "tel:+12025550100",  "+12025550100 # fire" };
	char text[LIMIT_CONF_LINE], message[LIMIT_ERROR_BYTES];
	struct operator_data data;
	struct error error;
	bool no_area_codes;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_true(snprintf(text, sizeof text, "+12025550100\n%s\n+12025550101\n", wrong[i]) > 0);
		assert_true(snprintf(message, sizeof message,
				     ":2: \"%s\" is not an E.164 number such as +12025550100; nothing was changed",
				     wrong[i]) > 0);
		file_write(PUBLIC_SAFETY, text, strlen(text));
		load(path_of(CONF), &data, &no_area_codes, &error);
		assert_message(&error, PUBLIC_SAFETY, message);
		operator_end(&data);
	}
}

/* Lines that could be lost in silence; both files are read by the same code. */
static void
broken_lines(void **state)
{
	char text[LIMIT_CONF_LINE * 2];
	struct operator_data data;
	struct error error;
	bool no_area_codes;

	(void)state;
	memset(text, '#', sizeof text);
	text[LIMIT_CONF_LINE - 1] = '\n';
	file_write(AREA_CODES, text, LIMIT_CONF_LINE);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_string_equal(error.text, "");
	operator_end(&data);
	text[LIMIT_CONF_LINE - 1] = '#';
	text[LIMIT_CONF_LINE] = '\n';
	file_write(AREA_CODES, text, LIMIT_CONF_LINE + 1);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_message(&error, AREA_CODES, ":1: the line is longer than 198 bytes; nothing was changed");
	file_write(AREA_CODES, "416\n6\00047\n", 9);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_message(&error, AREA_CODES, ":2: the line holds a NUL; nothing was changed");
	/* what was allocated before is not lost */
	file_remove(AREA_CODES);
	file_write(PUBLIC_SAFETY, "+12025550100\n\0+12025550101", 26);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_message(&error, PUBLIC_SAFETY, ":2: the line holds a NUL; nothing was changed");
	operator_end(&data);
	file_remove(PUBLIC_SAFETY);
	assert_int_equal(mkdir(path_of(PUBLIC_SAFETY), 0700), 0);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_message(&error, PUBLIC_SAFETY, ": Is a directory; nothing was changed");
	operator_end(&data);
	assert_int_equal(symlink(AREA_CODES, path_of(AREA_CODES)), 0);
	load(path_of(CONF), &data, &no_area_codes, &error);
	assert_message(&error, AREA_CODES, ": Too many levels of symbolic links; nothing was changed");
	operator_end(&data);
}

static bool
count_item(void *context, struct slice item, const char **why)
{
	(void)item;
	(void)why;
	++*(unsigned *)context;
	return true;
}

/* The limit holds whatever stands in the line that passes it. */
static void
too_many_lines(void **state)
{
	size_t length = (size_t)LIMIT_CONF_LINES * 2;
	char *text = malloc(length + 2);
	struct error error = { 0 };
	unsigned items = 0;
	bool found = false;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < length + 2; i += 2)
		memcpy(text + i, i + 2 == length ? "#\n" : "x\n", 2);
	file_write(PUBLIC_SAFETY, text, length);
	assert_int_equal(lines_read(path_of(PUBLIC_SAFETY), count_item, &items, &found, &error), 0);
	assert_true(found);
	assert_int_equal(items, LIMIT_CONF_LINES - 1);
	file_write(PUBLIC_SAFETY, text, length + 2);
	assert_int_equal(lines_read(path_of(PUBLIC_SAFETY), count_item, &items, &found, &error), EX_CONFIG);
	assert_message(&error, PUBLIC_SAFETY, ":1000001: more than 1000000 lines; nothing was changed");
	free(text);
}

/* rmd.conf may be named without a directory, or stand at the top; its directory may be too long for us. */
static void
beside_conf(void **state)
{
	struct operator_data data;
	struct error error;
	bool no_area_codes = true;
	char here[LIMIT_PATH_BYTES], long_path[LIMIT_PATH_BYTES + 16];

	(void)state;
	file_write(AREA_CODES, "416\n", 4);
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(directory), 0);
	load(CONF, &data, &no_area_codes, &error);
	assert_int_equal(chdir(here), 0);
	assert_false(no_area_codes);
	assert_true(area_code_set(&data, 416));
	operator_end(&data);
	load("/no-such-rmd.conf", &data, &no_area_codes, &error);
	assert_int_equal(error.code, 0);
	operator_end(&data);
	memset(long_path, 'x', sizeof long_path);
	long_path[0] = '/';
	long_path[sizeof long_path - 4] = '/';
	long_path[sizeof long_path - 1] = '\0';
	load(long_path, &data, &no_area_codes, &error);
	assert_int_equal(error.code, EX_CONFIG);
	operator_end(&data);
}

static int
directory_begin(void **state)
{
	(void)state;
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
directory_end(void **state)
{
	(void)operator_setup(state);
	file_remove(CONF);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manual_defaults),
		cmocka_unit_test(every_key),
		cmocka_unit_test(shipped_conf),
		cmocka_unit_test(empty_files),
		cmocka_unit_test(forms_of_a_line),
		cmocka_unit_test(unknown_key),
		cmocka_unit_test(key_given_twice),
		cmocka_unit_test(unknown_section),
		cmocka_unit_test(not_a_line),
		cmocka_unit_test(indented_line),
		cmocka_unit_test(comment_behind),
		cmocka_unit_test(over_long_line),
		cmocka_unit_test(nul_byte),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(bad_sizes),
		cmocka_unit_test(bad_durations),
		cmocka_unit_test(bad_numbers),
		cmocka_unit_test(repeated_url),
		cmocka_unit_test(missing_file),
		cmocka_unit_test(units),
		cmocka_unit_test_setup(operator_without_files, operator_setup),
		cmocka_unit_test_setup(area_codes, operator_setup),
		cmocka_unit_test_setup(bad_area_codes, operator_setup),
		cmocka_unit_test_setup(shipped_area_codes, operator_setup),
		cmocka_unit_test(shipped_lists_name_source_and_date),
		cmocka_unit_test_setup(public_safety, operator_setup),
		cmocka_unit_test_setup(bad_public_safety, operator_setup),
		cmocka_unit_test_setup(broken_lines, operator_setup),
		cmocka_unit_test_setup(too_many_lines, operator_setup),
		cmocka_unit_test_setup(beside_conf, operator_setup),
	};

	return cmocka_run_group_tests(tests, directory_begin, directory_end);
}
