/* SPDX-License-Identifier: ISC
 *
 * Documents of the register: all that one may say, all that it may not, what is written so that the next run reads
 * it, and edits of which a diff shows nothing but themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/limits.h"
#include "notice/register.h"
#include "notice/xml.h"

#define HEAD "<notice id=\"x\" kind=\"notice\" issued=\"2025-08-06\">\n"
#define NAMED "<provider><name>A</name></provider>\n"
#define TAIL "</notice>\n"

static char directory[] = P_tmpdir "/rmd-register-XXXXXX";
static struct notice notice;
static struct error error;

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

static int
begin(void **state)
{
	(void)state;
	memcpy(directory + sizeof directory - 7, "XXXXXX", 6);
	notice = (struct notice){ 0 };
	error = (struct error){ 0 };
	umask(077);
	return mkdtemp(directory) != NULL ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	notice_end(&notice);
	return nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *
path_of(const char *name)
{
	static char path[LIMIT_PATH_BYTES];

	assert_int_equal(path_join(path, sizeof path, directory, name), 0);
	return path;
}

static void
file_write(const char *name, const char *text, size_t length)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* Ended by NUL; freed by the caller. */
static char *
file_text(const char *path, size_t *length)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, LIMIT_NOTICE_BYTES + 1);

	assert_non_null(file);
	assert_non_null(text);
	*length = fread(text, 1, LIMIT_NOTICE_BYTES, file);
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
assert_file(const char *name, const char *expected)
{
	size_t length;
	char *text = file_text(path_of(name), &length);

	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
	free(text);
}

static int
files_there(void)
{
	DIR *stream = opendir(directory);
	int count = 0;

	assert_non_null(stream);
	for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream))
		count += entry->d_name[0] != '.';
	assert_int_equal(closedir(stream), 0);
	return count;
}

static int
parse_bytes(const char *text, size_t length)
{
	int code;

	notice_end(&notice);
	error = (struct error){ 0 };
	code = notice_parse("x.xml", (struct slice){ text, length }, &notice, &error);
	assert_int_equal(code, error.code);
	return code;
}

static int
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void
assert_moment(const struct moment *moment, const char *expected)
{
	char text[TIME_TEXT_SIZE];

	moment_format(text, moment);
	assert_string_equal(text, expected);
}

static void
assert_day(day date, const char *expected)
{
	char text[11];

	day_format(text, date);
	assert_string_equal(text, expected);
}

/* The document of the contract, with all that may stand in one. */
static const char whole[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<!-- read twice -->\n"
	"<notice id=\"EB-21-00031913-SipKonnect\" kind=\"notice\" issued=\"2022-07-07\" docket=\"22-174\"\n"
	"        source=\"https://docs.fcc.gov/a?b&amp;c\">\n"
	"  <title>Letter to\n     SipKonnect LLC</title>\n"
	"  <provider>\n"
	"    <name>SipKonnect LLC</name> <address>7901 4th St. N Suite 5907, St. Petersburg, FL 33702</address>\n"
	"    <frn match=\"operator\" date=\"2022-08-01\">0021-4412-33</frn>\n"
	"  </provider>\n"
	"  <provider match=\"operator\" date=\"2022-08-02T10:00:00-04:00\"><rmd>rmd0001410</rmd>"
	"<name>Caf&#233; &lt;B&gt;</name></provider>\n"
	"  <provider><name>C</name></provider>\n"
	"  <campaign>AutoWarrantyExtend</campaign>\n"
	"  <campaign><![CDATA[Solar & Sons]]></campaign>\n"
	"  <respond-by> 2022-07-21 </respond-by>\n"
	"  <traceback customer=\"National Auto Protection\" call=\"2022-01-17T16:38:00Z\"\n"
	"             notified=\"2022-01-20T15:20:00Z\" caller=\"310-555-XXXX\" called=\"818-555-XXXX\"\n"
	"             description=\"AutoWarrantyExtend\" violation=\"47 USC 227(b); 47 CFR 64.1200(a)\"/>\n"
	"  <traceback/>\n"
	"  <response kind=\"mitigated\" date=\"2022-07-09T13:00:00-04:00\"/>\n"
	"  <response kind=\"reply\" date=\"2022-07-10\"/> <!-- by mail -->\n"
	"  <response kind=\"measures\" date=\"2022-07-20\"/>\n"
	"  <fcc-notified date=\"2022-07-22\"/> <blocking-began date=\"2022-07-23\"></blocking-began>\n"
	"</notice>\n"
	"<!-- end -->\n";

static void
assert_head(void)
{
	assert_string_equal(notice.id, "EB-21-00031913-SipKonnect");
	assert_int_equal(notice.kind, NOTICE_LETTER);
	assert_moment(&notice.issued, "2022-07-07");
	assert_string_equal(notice.docket, "22-174");
	assert_string_equal(notice.source, "https://docs.fcc.gov/a?b&c");
	assert_string_equal(notice.title, "Letter to SipKonnect LLC");
	assert_string_equal(notice.campaign, "AutoWarrantyExtend, Solar & Sons");
	assert_day(notice.respond_by, "2022-07-21");
	assert_day(notice.cease_by, "");
	assert_moment(&notice.fcc_notified, "2022-07-22");
	assert_moment(&notice.blocking_began, "2022-07-23");
}

static void
assert_providers(void)
{
	const struct notice_provider *provider = notice.providers;

	assert_int_equal(notice.provider_count, 3);
	assert_string_equal(provider[0].name, "SipKonnect LLC");
	assert_string_equal(provider[0].address, "7901 4th St. N Suite 5907, St. Petersburg, FL 33702");
	assert_int_equal(provider[0].frn, 21441233);
	assert_int_equal(provider[0].number, 0);
	assert_true(provider[0].matched);
	assert_moment(&provider[0].matched_at, "2022-08-01");
	assert_string_equal(provider[1].name, "Caf\xc3\xa9 <B>");
	assert_string_equal(provider[1].address, "");
	assert_int_equal(provider[1].frn, 0);
	assert_int_equal(provider[1].number, 1410);
	assert_true(provider[1].matched);
	assert_moment(&provider[1].matched_at, "2022-08-02T10:00:00-04:00");
	assert_false(provider[2].matched);
	assert_moment(&provider[2].matched_at, "");
}

static void
assert_tracebacks_and_responses(void)
{
	const struct notice_traceback *traceback = notice.tracebacks;

	assert_int_equal(notice.traceback_count, 2);
	assert_string_equal(traceback[0].customer, "National Auto Protection");
	assert_string_equal(traceback[0].description, "AutoWarrantyExtend");
	assert_string_equal(traceback[0].violation, "47 USC 227(b); 47 CFR 64.1200(a)");
	assert_string_equal(traceback[0].caller, "310-555-XXXX");
	assert_string_equal(traceback[0].called, "818-555-XXXX");
	assert_moment(&traceback[0].call, "2022-01-17T11:38:00-05:00");
	assert_moment(&traceback[0].notified, "2022-01-20T10:20:00-05:00");
	assert_string_equal(traceback[1].customer, "");
	assert_moment(&traceback[1].call, "");
	assert_int_equal(notice.response_count, 3);
	assert_int_equal(notice.responses[0].kind, RESPONSE_MITIGATED);
	assert_moment(&notice.responses[0].at, "2022-07-09T13:00:00-04:00");
	assert_int_equal(notice.responses[1].kind, RESPONSE_REPLY);
	assert_moment(&notice.responses[1].at, "2022-07-10");
	assert_int_equal(notice.responses[2].kind, RESPONSE_MEASURES);
	assert_moment(&notice.responses[2].at, "2022-07-20");
}

static void
whole_document(void **state)
{
	(void)state;
	assert_int_equal(parse(whole), 0);
	assert_head();
	assert_providers();
	assert_int_equal(notice.providers[0].line, 7);
	assert_int_equal(notice.providers[1].line, 11);
	assert_tracebacks_and_responses();
	assert_string_equal(notice.path, "");
	assert_string_equal(notice.digest, "");
}

/* What is printed is read as the same, and printed again as the same. */
static void
print_and_parse(void **state)
{
	size_t length, again_length;
	char *text, *again;

	(void)state;
	assert_int_equal(parse(whole), 0);
	text = notice_print(&notice, NULL, &length);
	assert_non_null(text);
	assert_int_equal(parse_bytes(text, length), 0);
	assert_head();
	assert_providers();
	assert_tracebacks_and_responses();
	again = notice_print(&notice, NULL, &again_length);
	assert_non_null(again);
	assert_string_equal(again, text);
	free(text);
	free(again);
}

static void
least_document(void **state)
{
	static const char *const kinds[] = {
		"notice", "public-notice", "initial-determination", "final-determination", "removal", "reinstatement"
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		char text[256];

		assert_true(snprintf(text, sizeof text,
				     "<notice kind='%s' issued='2025-08-06T10:00:00Z' id=' a  b '/>", kinds[i]) > 0);
		assert_int_equal(parse(text), 0);
		assert_string_equal(notice_kind_name(notice.kind), kinds[i]);
		assert_string_equal(notice.id, "a b");
		assert_string_equal(notice.title, "");
		assert_int_equal(notice.provider_count, 0);
		assert_moment(&notice.issued, "2025-08-06T06:00:00-04:00");
	}
}

/* The line, and how the message goes on behind "x.xml:". */
static const struct {
	const char *text, *message;
} wrong[] = {
	/* no document */
	{ "", "1: not well-formed XML: " },
	{ " \n", "2: not well-formed XML: " },
	{ "<html><body>Not found</body></html>", "1: <html>: " },
	{ HEAD NAMED, "3: not well-formed XML: Premature end of data" },
	{ HEAD "<title>a</titel>" TAIL, "2: not well-formed XML: " },
	{ HEAD "<title>A & B</title>" TAIL, "2: not well-formed XML: " },
	{ HEAD "<title>\x01</title>" TAIL, "2: not well-formed XML: " },
	{ HEAD "<title>caf\xe9</title>" TAIL, "2: not well-formed XML: Input is not proper UTF-8" },
	{ HEAD "<title>&nbsp;</title>" TAIL, "2: not well-formed XML: Entity 'nbsp' not defined" },
	{ HEAD "<a:b/>" TAIL, "2: not well-formed XML: Namespace prefix a on b is not defined" },
	{ "<notice xmlns='urn:x' id='x' kind='notice' issued='2025-08-06'/>", "1: <notice>: " },
	/* nothing of a DOCTYPE is believed, read or fetched */
	{ "<!DOCTYPE notice>\n" HEAD TAIL, "1: has a DOCTYPE" },
	{ "<!-- -->\n<!DOCTYPE notice SYSTEM \"http://127.0.0.1:9/x.dtd\">\n" HEAD TAIL, "2: has a DOCTYPE" },
	{ "<!DOCTYPE n [<!ENTITY e SYSTEM \"/etc/hostname\">]>\n" HEAD "<title>&e;</title>" TAIL,
	  "1: has a DOCTYPE" },
	{ "<!DOCTYPE n [<!ENTITY % e SYSTEM \"/etc/hostname\"> %e;]>\n" HEAD TAIL, "1: has a DOCTYPE" },
	/* the head */
	{ "<notice kind='notice' issued='2025-08-06'/>", "1: <notice>: has no id" },
	{ "<notice id=' ' kind='notice' issued='2025-08-06'/>", "1: <notice>: has no id" },
	{ "<notice id='x' issued='2025-08-06'/>", "1: <notice>: its kind is none of notice, " },
	{ "<notice id='x' kind='letter' issued='2025-08-06'/>", "1: <notice>: its kind is none of notice, " },
	{ "<notice id='x' kind='Notice' issued='2025-08-06'/>", "1: <notice>: its kind is none of notice, " },
	{ "<notice id='x' kind='notice'/>", "1: <notice>: has no attribute issued" },
	{ "<notice id='x' kind='notice' issued=''/>", "1: <notice>: issued: \"\" is no date" },
	{ "<notice id='x' kind='notice' issued='2025-02-29'/>", "1: <notice>: issued: \"2025-02-29\" is no date" },
	{ "<notice id='x' kind='notice' issued='1896-07-07'/>", "1: <notice>: issued: \"1896-07-07\" is no date" },
	{ "<notice id='x' kind='notice' issued='22022-07-07'/>", "1: <notice>: issued: \"22022-07-07\" is no date" },
	{ "<notice id='x' kind='notice' issued='2025-08-06T10:00:00'/>", "1: <notice>: issued: \"2025-08-06T10" },
	{ "<notice id='x' kind='notice' issued='2025-08-06T10:00Z'/>", "1: <notice>: issued: \"2025-08-06T10:00Z\"" },
	{ "<notice id='x' kind='notice' issued='2025-08-06Z'/>", "1: <notice>: issued: \"2025-08-06Z\" is no date" },
	{ "<notice id='x' kind='notice' issued='2025-08-06T24:00:00Z'/>", "1: <notice>: issued: \"2025-08-06T24" },
	{ "<notice id='x' kind='notice' issued='2025-08-06' colour='red'/>",
	  "1: <notice>: Invalid attribute colour" },
	/* elements that there are not, that stand in a wrong place, or twice */
	{ HEAD NAMED "<deadline>2025-08-08</deadline>" TAIL, "3: <deadline>: " },
	{ HEAD NAMED "<Title>a</Title>" TAIL, "3: <Title>: " },
	{ HEAD NAMED "words" TAIL, "1: <notice>: Element notice has extra content: text" },
	{ HEAD "<frn>0021441233</frn>" TAIL, "2: <frn>: " },
	{ HEAD "<title>a <b>c</b></title>" TAIL, "2: <title>: " },
	{ HEAD "<title lang='en'>a</title>" TAIL, "2: <title>: " },
	{ HEAD "<title>a</title>\n<title>b</title>" TAIL, "3: <title>: stands there twice" },
	{ HEAD "<respond-by>2025-08-20</respond-by>\n<respond-by>2025-08-20</respond-by>" TAIL,
	  "3: <respond-by>: stands there twice" },
	{ HEAD "<fcc-notified date='2025-08-20'/>\n<fcc-notified date='2025-08-21'/>" TAIL,
	  "3: <fcc-notified>: stands there twice" },
	/* providers */
	{ HEAD "<provider/>" TAIL, "2: <provider>: has no name" },
	{ HEAD "<provider><name> </name></provider>" TAIL, "2: <provider>: has no name" },
	{ HEAD "<provider>\n<name>A</name>\n<name>B</name></provider>" TAIL, "4: <name>: stands there twice" },
	{ HEAD "<provider><name>A</name><frn>12</frn></provider>" TAIL, "2: <frn>: is no FRN" },
	{ HEAD "<provider><name>A</name><frn>0000000000</frn></provider>" TAIL, "2: <frn>: is no FRN" },
	{ HEAD "<provider><name>A</name><frn>00214412334</frn></provider>" TAIL, "2: <frn>: is no FRN" },
	{ HEAD "<provider><name>A</name><frn/></provider>" TAIL, "2: <frn>: is no FRN" },
	{ HEAD "<provider><name>A</name>\n<rmd>0001410</rmd></provider>" TAIL, "3: <rmd>: is no RMD number" },
	{ HEAD "<provider><name>A</name><rmd>RMD0000000</rmd></provider>" TAIL, "2: <rmd>: is no RMD number" },
	/* once a number after a good FRN was not looked at */
	{ HEAD "<provider><name>A</name><frn>0021441233</frn>\n<rmd>RMD0000000</rmd></provider>" TAIL,
	  "3: <rmd>: is no RMD number" },
	{ HEAD "<provider><name>A</name><frn match='operator'>0021441233</frn></provider>" TAIL,
	  "2: <frn>: has no attribute date" },
	{ HEAD "<provider><name>A</name><frn match='me' date='2025-08-07'>0021441233</frn></provider>" TAIL,
	  "2: <frn>: its match is not operator" },
	{ HEAD "<provider><name>A</name><frn date='2025-08-07'>0021441233</frn></provider>" TAIL, "2: <frn>: " },
	{ HEAD "<provider match='operator' date='2025-08-07'><name>A</name></provider>" TAIL,
	  "2: <provider>: is matched to nothing" },
	{ HEAD "<provider><name>A</name><frn>0021441233</frn></provider>\n"
	       "<provider><name>B</name><frn>0021-4412-33</frn></provider>" TAIL,
	  "3: <provider>: has the key of the provider of line 2" },
	{ HEAD "<provider><name>A</name><frn>0021441233</frn><rmd>RMD0001410</rmd></provider>\n"
	       "<provider><name>B</name><frn>0021441234</frn><rmd>RMD0001410</rmd></provider>" TAIL,
	  "3: <provider>: has the key of the provider of line 2" },
	/* dates against each other */
	{ HEAD "<respond-by>2025-08-05</respond-by>" TAIL, "2: <respond-by>: lies before the document was issued" },
	{ HEAD "<respond-by>2025-02-30</respond-by>" TAIL, "2: <respond-by>: \"2025-02-30\" is no date" },
	{ HEAD "<respond-by>2025-08-20T10:00:00Z</respond-by>" TAIL, "2: <respond-by>: \"2025-08-20T10" },
	{ HEAD "<cease-by>2025-08-08</cease-by>" TAIL, "2: <cease-by>: stands in a document that orders nobody" },
	{ "<notice id='x' kind='removal' issued='2025-08-06'>\n<cease-by>2025-08-05</cease-by>" TAIL,
	  "2: <cease-by>: lies before the document was issued" },
	{ HEAD "<response kind='mitigated' date='2025-08-05'/>" TAIL, "2: <response>: lies before" },
	{ HEAD "<fcc-notified date='2025-08-05'/>" TAIL, "2: <fcc-notified>: lies before" },
	{ "<notice id='x' kind='notice' issued='2025-08-06T10:00:00Z'>\n"
	  "<response kind='mitigated' date='2025-08-06T09:59:59Z'/>" TAIL,
	  "2: <response>: lies before" },
	/* records */
	{ HEAD "<response kind='done' date='2025-08-08'/>" TAIL, "2: <response>: its kind is none of mitigated, " },
	{ HEAD "<response date='2025-08-08'/>" TAIL, "2: <response>: its kind is none of mitigated, " },
	{ HEAD "<response kind='reply'/>" TAIL, "2: <response>: has no attribute date" },
	{ HEAD "<response kind='reply' date='tomorrow'/>" TAIL, "2: <response>: date: \"tomorrow\" is no date" },
	{ HEAD "<response kind='reply' date='2025-08-08'>thanks</response>" TAIL, "2: <response>: " },
	{ HEAD "<blocking-began/>" TAIL, "2: <blocking-began>: has no attribute date" },
	{ HEAD "<traceback call='yesterday'/>" TAIL, "2: <traceback>: call: \"yesterday\" is no date" },
	{ HEAD "<traceback reason='x'/>" TAIL, "2: <traceback>: Invalid attribute reason" },
};

static void
wrong_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		char expected[LIMIT_ERROR_BYTES];

		assert_int_equal(parse(wrong[i].text), EX_CONFIG);
		assert_true(snprintf(expected, sizeof expected, "x.xml:%s", wrong[i].message) > 0);
		if (strncmp(error.text, expected, strlen(expected)) != 0)
			fail_msg("\"%s\" instead of \"%s\"", error.text, expected);
		assert_null(strchr(error.text, '\n'));
		assert_null(notice.id);
	}
}

/* What looks like a slip and is none. */
static void
lawful_documents(void **state)
{
	static const char *const lawful[] = {
		/* an order that names both filings of one FRN */
		HEAD "<provider><name>A</name><frn>0021441233</frn><rmd>RMD0001410</rmd></provider>"
		     "<provider><name>A</name><frn>0021441233</frn><rmd>RMD0001411</rmd></provider>" TAIL,
		HEAD "<respond-by>2025-08-06</respond-by>" TAIL,
		"<notice id='x' kind='removal' issued='2025-08-06'><cease-by>2025-08-06</cease-by></notice>",
		/* a bare date is no time before one */
		"<notice id='x' kind='notice' issued='2025-08-06T10:00:00Z'>"
		"<response kind='mitigated' date='2025-08-06'/></notice>",
		/* blocking may have begun before, on another document's ground */
		HEAD "<blocking-began date='2025-08-01'/>" TAIL,
		/* the FCC's own slip, which must not stop a run */
		HEAD "<traceback call='2025-09-01T00:00:00Z' notified='2025-01-01T00:00:00Z'/>" TAIL,
		"\xef\xbb\xbf" HEAD TAIL,
		"<?xml version='1.0' encoding='ISO-8859-1'?>" HEAD "<title>caf\xe9</title>" TAIL,
		HEAD "<?note x?><!-- &nbsp; <deadline/> -->" TAIL,
		"<?xml-model href='notice.rng'?>" HEAD TAIL,
	};

	(void)state;
	for (size_t i = 0; i < sizeof lawful / sizeof lawful[0]; i++)
		if (parse(lawful[i]) != 0)
			fail_msg("%s", error.text);
}

/* Repeats a piece between a head and a tail; freed by the caller. */
static char *
repeated(const char *head, const char *piece, size_t count, const char *tail)
{
	size_t length = strlen(piece), used = strlen(head);
	char *text = malloc(used + count * length + strlen(tail) + 1);

	assert_non_null(text);
	memcpy(text, head, used);
	for (size_t i = 0; i < count; i++, used += length)
		memcpy(text + used, piece, length);
	memcpy(text + used, tail, strlen(tail) + 1);
	return text;
}

static void
assert_repeated(const char *piece, size_t count, const char *message)
{
	char *text = repeated(HEAD, piece, count, TAIL);

	(void)parse(text);
	free(text);
	if (message == NULL)
		assert_int_equal(error.code, 0);
	else if (error.code != EX_CONFIG || strstr(error.text, message) == NULL)
		fail_msg("%d, \"%s\" instead of \"%s\"", error.code, error.text, message);
}

static void
maximums(void **state)
{
	char id[LIMIT_NOTICE_ID + 2], text[LIMIT_NOTICE_ID + 100];

	(void)state;
	assert_repeated(NAMED, LIMIT_NOTICE_PROVIDERS, NULL);
	assert_int_equal(notice.provider_count, LIMIT_NOTICE_PROVIDERS);
	assert_repeated(NAMED, LIMIT_NOTICE_PROVIDERS + 1, "x.xml:16386: <provider>: is one too many");
	assert_repeated("<traceback/>\n", LIMIT_NOTICE_TRACEBACKS + 1, "x.xml:16386: <traceback>: is one too many");
	assert_repeated("<response kind='reply' date='2025-08-07'/>\n", LIMIT_NOTICE_RESPONSES, NULL);
	assert_repeated("<response kind='reply' date='2025-08-07'/>\n", LIMIT_NOTICE_RESPONSES + 1,
			"x.xml:258: <response>: is one too many");
	/* a parser's count of lines ends at 65535, if it is not told otherwise */
	assert_repeated("\n\n\n\n\n\n\n<traceback/>", 10000, NULL);
	assert_repeated("\n\n\n\n\n\n\n<traceback/>", LIMIT_NOTICE_TRACEBACKS + 1, "x.xml:114697: <traceback>");
	/* deeper than any document, and no deeper than the stack */
	assert_repeated("<a>", 100000, "not well-formed XML: Excessive depth");
	assert_repeated("<provider>", 200, "not well-formed XML");
	assert_repeated(" ", LIMIT_NOTICE_BYTES, "x.xml:1: is longer than 8388608 bytes");
	memset(id, 'x', sizeof id - 1);
	id[sizeof id - 1] = '\0';
	assert_true(snprintf(text, sizeof text, "<notice id='%s' kind='notice' issued='2025-08-06'/>", id + 1) > 0);
	assert_int_equal(parse(text), 0);
	assert_true(snprintf(text, sizeof text, "<notice id='%s' kind='notice' issued='2025-08-06'/>", id) > 0);
	assert_int_equal(parse(text), EX_CONFIG);
	assert_non_null(strstr(error.text, "x.xml:1: <notice>: its id is too long"));
}

static void
schema_as_installed(void **state)
{
	const char *source = getenv("srcdir");
	char path[LIMIT_PATH_BYTES];
	size_t length;
	char *text;

	(void)state;
	assert_int_equal(path_join(path, sizeof path, source != NULL ? source : ".", "src/notice/notice.rng"), 0);
	text = file_text(path, &length);
	assert_string_equal(text, notice_schema);
	free(text);
}

static void
document_write(const char *name, const char *id)
{
	char text[512];
	int length = snprintf(text, sizeof text, "<notice id='%s' kind='notice' issued='2025-08-06'>" NAMED TAIL, id);

	assert_in_range(length, 1, sizeof text - 1);
	file_write(name, text, (size_t)length);
}

static void
load_a_directory(void **state)
{
	struct notice_register all;

	(void)state;
	assert_int_equal(register_load(path_of("none"), &all, &error), 0);
	assert_int_equal(all.count, 0);
	assert_null(register_find(&all, "a"));
	register_end(&all);
	document_write("2.xml", "a");
	document_write("1.xml", "c");
	document_write("3.xml", "b");
	file_write(".4.xml", "<", 1);
	file_write("5.xml~", "<", 1);
	file_write("6.xml.new", "<", 1);
	file_write("README", "<", 1);
	file_write(".xml", "<", 1);
	assert_int_equal(register_load(directory, &all, &error), 0);
	assert_int_equal(all.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(all.notices[i].id[0], "abc"[i]);
	assert_string_equal(register_find(&all, "c")->path, path_of("1.xml"));
	assert_null(register_find(&all, "d"));
	/* sha256sum of 2.xml */
	assert_string_equal(register_find(&all, "a")->digest,
			    "a9e3860cefefde78b75acf24d28c4c21dc9441efa3376458845ebff1a39e9e6e");
	register_end(&all);
	assert_int_equal(all.count, 0);
}

static void
assert_not_loaded(const char *message)
{
	struct notice_register all;
	char expected[LIMIT_PATH_BYTES];

	error = (struct error){ 0 };
	assert_int_equal(register_load(directory, &all, &error), EX_CONFIG);
	assert_true(snprintf(expected, sizeof expected, "%s%s", directory, message) > 0);
	expected[sizeof error.text - 1] = '\0';
	assert_memory_equal(error.text, expected, strlen(expected));
	assert_int_equal(all.count, 0);
	assert_null(all.notices);
}

static void
load_a_wrong_directory(void **state)
{
	(void)state;
	document_write("1.xml", "a");
	document_write("2.xml", "b");
	document_write("3.xml", " a ");
	assert_not_loaded("/3.xml:1: <notice>: has the id of ");
	assert_non_null(strstr(error.text, "/1.xml, \"a\""));
	document_write("3.xml", "");
	assert_not_loaded("/3.xml:1: <notice>: has no id");
	file_write("3.xml", "", 0);
	assert_not_loaded("/3.xml:1: not well-formed XML");
	assert_int_equal(unlink(path_of("3.xml")), 0);
	assert_int_equal(mkdir(path_of("3.xml"), 0700), 0);
	assert_not_loaded("/3.xml: is no file of at most");
	assert_int_equal(rmdir(path_of("3.xml")), 0);
	assert_int_equal(mkfifo(path_of("3.xml"), 0600), 0);
	assert_not_loaded("/3.xml: is no file of at most");
	assert_int_equal(unlink(path_of("3.xml")), 0);
	assert_int_equal(symlink("nowhere", path_of("3.xml")), 0);
	assert_not_loaded("/3.xml: No such file");
	assert_int_equal(unlink(path_of("3.xml")), 0);
	file_write("3.xml", "x", 1);
	assert_int_equal(truncate(path_of("3.xml"), LIMIT_NOTICE_BYTES + 1), 0);
	assert_not_loaded("/3.xml: is no file of at most 8388608 bytes");
}

static void
make_notice(const char *id)
{
	struct notice_provider *provider;

	notice_end(&notice);
	error = (struct error){ 0 };
	assert_true(notice_begin(&notice));
	assert_true(notice_set(&notice.id, slice_of(id)));
	notice.kind = NOTICE_REMOVAL;
	assert_true(moment_parse(slice_of("2025-08-06"), &notice.issued));
	provider = notice_add_provider(&notice);
	assert_non_null(provider);
	assert_true(notice_set(&provider->name, slice_of("A & <B>")));
	provider->frn = 21441233;
}

static void
store(void **state)
{
	struct stat status;

	(void)state;
	make_notice("DA 25/737");
	notice.cease_by = day_of(2025, 8, 8);
	assert_int_equal(notice_store(directory, &notice, "line 3: -- not sure --\n\nform\ffeed -", &error), 0);
	assert_string_equal(notice.path, path_of("DA-25-737.xml"));
	assert_file("DA-25-737.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				     "<!-- line 3: - not sure - -->\n"
				     "<!-- form feed - -->\n"
				     "<notice id=\"DA 25/737\" kind=\"removal\" issued=\"2025-08-06\">\n"
				     "  <provider>\n"
				     "    <name>A &amp; &lt;B&gt;</name>\n"
				     "    <frn>0021441233</frn>\n"
				     "  </provider>\n"
				     "  <cease-by>2025-08-08</cease-by>\n"
				     "</notice>\n");
	assert_int_equal(stat(path_of("DA-25-737.xml"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0644);
	assert_int_equal(files_there(), 1);
}

static void
assert_stored_as(const char *id, const char *name)
{
	make_notice(id);
	assert_int_equal(notice_store(path_of("deep"), &notice, NULL, &error), 0);
	assert_string_equal(strrchr(notice.path, '/') + 1, name);
	assert_int_equal(strncmp(notice.path, directory, strlen(directory)), 0);
}

static void
names_of_files(void **state)
{
	char id[LIMIT_NOTICE_ID + 1], name[LIMIT_NOTICE_NAME + 5];

	(void)state;
	assert_stored_as("EB-21-00031913-SipKonnect", "EB-21-00031913-SipKonnect.xml");
	assert_stored_as("../../etc/passwd", "_.-..-etc-passwd.xml");
	assert_stored_as(".hidden", "_hidden.xml");
	assert_stored_as("-rf *; $(x) `y` \"z\"", "_rf------x---y---z-.xml");
	assert_stored_as("Caf\xc3\xa9", "Caf--.xml");
	memset(id, 'a', sizeof id - 1);
	id[sizeof id - 1] = '\0';
	memset(name, 'a', LIMIT_NOTICE_NAME);
	memcpy(name + LIMIT_NOTICE_NAME, ".xml", 5);
	assert_stored_as(id, name);
}

static void
store_never_over_another(void **state)
{
	(void)state;
	file_write("DA-25-737.xml", "mine", 4);
	make_notice("DA 25-737");
	assert_int_equal(notice_store(directory, &notice, NULL, &error), EX_CANTCREAT);
	assert_non_null(strstr(error.text, "/DA-25-737.xml: is there already; nothing was changed"));
	assert_string_equal(notice.path, "");
	assert_file("DA-25-737.xml", "mine");
	/* a link that leads nowhere is there, too */
	assert_int_equal(unlink(path_of("DA-25-737.xml")), 0);
	assert_int_equal(symlink("elsewhere", path_of("DA-25-737.xml")), 0);
	error = (struct error){ 0 };
	assert_int_equal(notice_store(directory, &notice, NULL, &error), EX_CANTCREAT);
	assert_int_equal(files_there(), 1);
	error = (struct error){ 0 };
	assert_int_equal(notice_store("/dev/null/notices.d", &notice, NULL, &error), EX_CANTCREAT);
}

/* Once such a file was written, and every run after it ended with 78. */
/* The pauses of whoever waits for a lock take no time here; behind so many the other one gives it up. */
static int held_lock = -1;
static unsigned pauses, held_pauses;

int
__wrap_nanosleep(const struct timespec *time, struct timespec *rest);

int
__wrap_nanosleep(const struct timespec *time, struct timespec *rest)
{
	(void)rest;
	assert_true(time->tv_sec == 0 && time->tv_nsec > 0);
	if (++pauses == held_pauses)
		assert_int_equal(flock(held_lock, LOCK_UN), 0);
	return 0;
}

/* Who may read the directory can lock it, and every change of the register hung. */
static void
store_waits_for_a_lock_but_not_for_ever(void **state)
{
	(void)state;
	assert_int_equal(parse(HEAD NAMED TAIL), 0);
	held_lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(held_lock, LOCK_SH), 0);
	pauses = held_pauses = 0;
	assert_int_equal(notice_store(directory, &notice, NULL, &error), EX_TEMPFAIL);
	assert_non_null(strstr(error.text, "kept it locked for 60 s; nothing was changed"));
	assert_int_equal(access(path_of("x.xml"), F_OK), -1);
	assert_true(pauses > LIMIT_LOCK_SECONDS);
	error = (struct error){ 0 };
	pauses = 0;
	held_pauses = 3;
	assert_int_equal(notice_store(directory, &notice, NULL, &error), 0);
	assert_int_equal(pauses, 3);
	assert_int_equal(close(held_lock), 0);
}

static void
store_only_what_can_be_read(void **state)
{
	static const char *const names[] = { "form\ffeed", "not UTF-8: \xe9", "\xef\xbf\xbf", "" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		make_notice("x");
		assert_true(notice_set(&notice.providers[0].name, slice_of(names[i])));
		assert_int_equal(notice_store(directory, &notice, "a remark", &error), EX_DATAERR);
		assert_int_equal(files_there(), 0);
		assert_string_equal(notice.path, "");
	}
	make_notice("x");
	notice.issued = MOMENT_NONE;
	assert_int_equal(notice_store(directory, &notice, NULL, &error), EX_DATAERR);
	make_notice("x");
	notice.cease_by = day_of(2025, 8, 5);
	assert_int_equal(notice_store(directory, &notice, NULL, &error), EX_DATAERR);
	assert_non_null(strstr(error.text, "/x.xml:7: <cease-by>: lies before the document was issued"));
	make_notice("");
	assert_int_equal(notice_store(directory, &notice, NULL, &error), EX_DATAERR);
	assert_int_equal(files_there(), 0);
}

static struct moment
moment_of(const char *text)
{
	struct moment moment;

	assert_true(moment_parse(slice_of(text), &moment));
	return moment;
}

/* A document as a person lays one out. */
#define BY_HAND                                                                                                      \
	"<?xml version='1.0'?>\n"                                                                                    \
	"<!-- <provider> </notice> -->\n"                                                                            \
	"\n"                                                                                                         \
	"<notice id='x'   kind=\"notice\" issued=\"2025-08-06\"\n"                                                   \
	"        docket='a > b'  >\n"                                                                                \
	"\t<!-- </provider> -->\n"                                                                                   \
	"\t<title>Caf&#233; &lt;A&gt;<![CDATA[</notice>]]></title >\n"                                               \
	"\t<provider><name>A</name></provider>\n"                                                                    \
	"\t<provider\n\t>\n"                                                                                         \
	"\n"                                                                                                         \
	"\t\t<name>B</name>   <address>x</address>\n"                                                                \
	"\n"                                                                                                         \
	"\t"
#define BY_HAND_2                                                                                                    \
	"</provider >\n"                                                                                             \
	"\t<traceback customer=\"c\"\n"                                                                              \
	"\t           call=\"2022-01-17T16:38:00Z\"/>\n"                                                             \
	"\t<!-- end -->"
#define BY_HAND_3                                                                                                    \
	"\n"                                                                                                         \
	"</notice\n"                                                                                                 \
	">\n"                                                                                                        \
	"<!-- tail </notice> -->"

static void
edit_by_hand(void **state)
{
	const struct moment at = moment_of("2025-09-01"), later = moment_of("2025-09-02T10:00:00Z");
	const char *path;
	struct stat status;

	(void)state;
	file_write("x.xml", BY_HAND BY_HAND_2 BY_HAND_3, strlen(BY_HAND BY_HAND_2 BY_HAND_3));
	path = path_of("x.xml");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(notice_edit_response(path, RESPONSE_MITIGATED, &at, &error), 0);
	assert_file("x.xml", BY_HAND BY_HAND_2 "\n\t<response kind=\"mitigated\" date=\"2025-09-01\"/>" BY_HAND_3);
	assert_int_equal(notice_edit_response(path, RESPONSE_REPLY, &later, &error), 0);
	assert_file("x.xml",
		    BY_HAND BY_HAND_2 "\n\t<response kind=\"mitigated\" date=\"2025-09-01\"/>"
				      "\n\t<response kind=\"reply\" date=\"2025-09-02T06:00:00-04:00\"/>" BY_HAND_3);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	file_write("x.xml", BY_HAND BY_HAND_2 BY_HAND_3, strlen(BY_HAND BY_HAND_2 BY_HAND_3));
	assert_int_equal(notice_edit_match(path_of("x.xml"), 1, 21441233, 1410, &at, &error), 0);
	assert_int_equal(error.code, 0);
	assert_file("x.xml", "<?xml version='1.0'?>\n"
			     "<!-- <provider> </notice> -->\n"
			     "\n"
			     "<notice id='x'   kind=\"notice\" issued=\"2025-08-06\"\n"
			     "        docket='a > b'  >\n"
			     "\t<!-- </provider> -->\n"
			     "\t<title>Caf&#233; &lt;A&gt;<![CDATA[</notice>]]></title >\n"
			     "\t<provider><name>A</name></provider>\n"
			     "\t<provider\n\t>\n"
			     "\n"
			     "\t\t<name>B</name>   <address>x</address>"
			     "\n\t\t<frn match=\"operator\" date=\"2025-09-01\">0021441233</frn>"
			     "\n\t\t<rmd match=\"operator\" date=\"2025-09-01\">RMD0001410</rmd>\n"
			     "\n"
			     "\t" BY_HAND_2 BY_HAND_3);
	assert_int_equal(files_there(), 1);
}

static void
assert_edited(const char *before, int edit(const char *, const struct moment *, struct error *), const char *after)
{
	const struct moment at = moment_of("2025-09-01");

	error = (struct error){ 0 };
	file_write("x.xml", before, strlen(before));
	if (edit(path_of("x.xml"), &at, &error) != 0)
		fail_msg("%s", error.text);
	assert_file("x.xml", after);
}

static int
first_matched(const char *path, const struct moment *at, struct error *failure)
{
	return notice_edit_match(path, 0, 21441233, 0, at, failure);
}

static void
edit_other_layouts(void **state)
{
	(void)state;
	/* on one line */
	assert_edited("<notice id='x' kind='notice' issued='2025-08-06'><title/></notice>", notice_edit_fcc_notified,
		      "<notice id='x' kind='notice' issued='2025-08-06'><title/><fcc-notified "
		      "date=\"2025-09-01\"/></notice>");
	assert_edited("<notice id='x' kind='notice' issued='2025-08-06'> <title/> </notice>",
		      notice_edit_fcc_notified,
		      "<notice id='x' kind='notice' issued='2025-08-06'> <title/><fcc-notified date=\"2025-09-01\"/> "
		      "</notice>");
	/* nothing in it yet */
	assert_edited(
		"<notice id='x' kind='notice' issued='2025-08-06'></notice>", notice_edit_fcc_notified,
		"<notice id='x' kind='notice' issued='2025-08-06'><fcc-notified date=\"2025-09-01\"/></notice>");
	assert_edited(
		"<notice id='x' kind='notice' issued='2025-08-06'>\n</notice>", notice_edit_fcc_notified,
		"<notice id='x' kind='notice' issued='2025-08-06'>\n<fcc-notified date=\"2025-09-01\"/>\n</notice>");
	/* as it is written on another system */
	assert_edited("<notice id='x' kind='notice' issued='2025-08-06'>\r\n    <title/>\r\n</notice>\r\n",
		      notice_edit_fcc_notified,
		      "<notice id='x' kind='notice' issued='2025-08-06'>\r\n    <title/>\r\n"
		      "    <fcc-notified date=\"2025-09-01\"/>\r\n</notice>\r\n");
	assert_edited("\xef\xbb\xbf" HEAD NAMED TAIL, notice_edit_fcc_notified,
		      "\xef\xbb\xbf" HEAD
		      "<provider><name>A</name></provider>\n<fcc-notified date=\"2025-09-01\"/>\n" TAIL);
	/* a record of which there is one takes the place of the old */
	assert_edited(HEAD "<fcc-notified\n  date='2025-08-07'/> <!-- by mail -->\n" TAIL, notice_edit_fcc_notified,
		      HEAD "<fcc-notified date=\"2025-09-01\"/> <!-- by mail -->\n" TAIL);
	assert_edited(HEAD
		      "<blocking-began date='2025-08-07'></blocking-began >\n<fcc-notified date='2025-08-07'/>" TAIL,
		      notice_edit_blocking_began,
		      HEAD "<blocking-began date=\"2025-09-01\"/>\n<fcc-notified date='2025-08-07'/>" TAIL);
	/* so does another key; the same one stays the document's */
	assert_edited(HEAD "<provider><name>A</name><frn>0000000001</frn></provider>" TAIL, first_matched,
		      HEAD "<provider><name>A</name><frn match=\"operator\" date=\"2025-09-01\">0021441233</frn>"
			   "</provider>" TAIL);
	assert_edited(HEAD "<provider><name>A</name><frn>0021-4412-33</frn></provider>" TAIL, first_matched,
		      HEAD "<provider><name>A</name><frn>0021-4412-33</frn></provider>" TAIL);
}

/* The old file stays, to the byte. */
static void
assert_not_edited(const char *before, size_t length, int expected, int code, const char *message)
{
	size_t after_length;
	char *after;

	if (expected != code || strstr(error.text, message) == NULL)
		fail_msg("%d, \"%s\" instead of \"%s\"", code, error.text, message);
	after = file_text(path_of("x.xml"), &after_length);
	assert_int_equal(after_length, length);
	assert_memory_equal(after, before, length);
	free(after);
	assert_int_equal(files_there(), 1);
	error = (struct error){ 0 };
}

static void
edits_refused(void **state)
{
	static const char good[] = HEAD "<provider><name>A</name><frn>0021441233</frn></provider>\n" NAMED TAIL;
	static const char bad[] = HEAD "<deadline/>" TAIL;
	const struct moment at = moment_of("2025-09-01"), early = moment_of("2025-08-05");
	char path[LIMIT_PATH_BYTES], *many;

	(void)state;
	assert_int_equal(path_join(path, sizeof path, directory, "x.xml"), 0);
	file_write("x.xml", good, sizeof good - 1);
	assert_not_edited(good, sizeof good - 1, EX_DATAERR,
			  notice_edit_response(path, RESPONSE_MITIGATED, &early, &error),
			  "x.xml:4: <response>: lies before the document was issued");
	assert_not_edited(good, sizeof good - 1, EX_DATAERR, notice_edit_match(path, 1, 21441233, 0, &at, &error),
			  "x.xml:3: <provider>: has the key of the provider of line 2");
	assert_not_edited(good, sizeof good - 1, EX_DATAERR, notice_edit_match(path, 2, 1, 0, &at, &error),
			  "x.xml: names 2 providers, and none of the index 2");
	file_write("x.xml", bad, sizeof bad - 1);
	assert_not_edited(bad, sizeof bad - 1, EX_CONFIG, notice_edit_fcc_notified(path, &at, &error),
			  "x.xml:2: <deadline>: ");
	many = repeated(HEAD, "<response kind='reply' date='2025-08-07'/>\n", LIMIT_NOTICE_RESPONSES, TAIL);
	file_write("x.xml", many, strlen(many));
	assert_not_edited(many, strlen(many), EX_DATAERR, notice_edit_response(path, RESPONSE_REPLY, &at, &error),
			  "x.xml: takes no response beside the 256 that it has");
	free(many);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(notice_edit_fcc_notified(path, &at, &error), EX_CONFIG);
	assert_int_equal(files_there(), 0);
}

/* In a long document of another encoding the places are guessed: a key once went to another provider's line. */
static void
edit_of_another_encoding_is_refused(void **state)
{
	static const char ascii[] = HEAD NAMED TAIL;
	static const char latin[] =
		"<?xml version='1.0' encoding='ISO-8859-1'?>\n" HEAD "<title>caf\xe9</title>" TAIL;
	const struct moment at = moment_of("2025-09-01");
	char wide[2 * sizeof ascii] = "\xff\xfe";
	size_t length = 2;

	(void)state;
	for (size_t i = 0; i < sizeof ascii - 1; i++, length += 2)
		wide[length] = ascii[i];
	assert_int_equal(parse_bytes(wide, length), 0);
	file_write("x.xml", wide, length);
	assert_not_edited(wide, length, EX_DATAERR, notice_edit_fcc_notified(path_of("x.xml"), &at, &error),
			  "is it UTF-8?");
	assert_int_equal(parse(latin), 0);
	file_write("x.xml", latin, sizeof latin - 1);
	assert_not_edited(latin, sizeof latin - 1, EX_DATAERR,
			  notice_edit_fcc_notified(path_of("x.xml"), &at, &error),
			  "x.xml: no <fcc-notified> can be put into it as it is written; is it UTF-8?");
}

/* Each of many providers gets its key, and no other does. */
static void
edit_in_a_long_document(void **state)
{
	const struct moment at = moment_of("2025-09-01");
	char *text = repeated(HEAD, "  <provider>\n    <name>Caf\xc3\xa9</name>\n  </provider>\n", 2000, TAIL);

	(void)state;
	file_write("x.xml", text, strlen(text));
	free(text);
	for (size_t i = 0; i < 2000; i += 399)
		if (notice_edit_match(path_of("x.xml"), i, i + 1, 0, &at, &error) != 0)
			fail_msg("%s", error.text);
	assert_int_equal(notice_load(path_of("x.xml"), &notice, &error), 0);
	assert_int_equal(notice.provider_count, 2000);
	for (size_t i = 0; i < 2000; i++)
		assert_int_equal(notice.providers[i].frn, i % 399 == 0 ? i + 1 : 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_document, begin, end),
		cmocka_unit_test_setup_teardown(print_and_parse, begin, end),
		cmocka_unit_test_setup_teardown(least_document, begin, end),
		cmocka_unit_test_setup_teardown(wrong_documents, begin, end),
		cmocka_unit_test_setup_teardown(lawful_documents, begin, end),
		cmocka_unit_test_setup_teardown(maximums, begin, end),
		cmocka_unit_test_setup_teardown(schema_as_installed, begin, end),
		cmocka_unit_test_setup_teardown(load_a_directory, begin, end),
		cmocka_unit_test_setup_teardown(load_a_wrong_directory, begin, end),
		cmocka_unit_test_setup_teardown(store, begin, end),
		cmocka_unit_test_setup_teardown(names_of_files, begin, end),
		cmocka_unit_test_setup_teardown(store_never_over_another, begin, end),
		cmocka_unit_test_setup_teardown(store_waits_for_a_lock_but_not_for_ever, begin, end),
		cmocka_unit_test_setup_teardown(store_only_what_can_be_read, begin, end),
		cmocka_unit_test_setup_teardown(edit_by_hand, begin, end),
		cmocka_unit_test_setup_teardown(edit_other_layouts, begin, end),
		cmocka_unit_test_setup_teardown(edits_refused, begin, end),
		cmocka_unit_test_setup_teardown(edit_of_another_encoding_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(edit_in_a_long_document, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
