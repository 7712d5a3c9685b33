/* SPDX-License-Identifier: ISC
 *
 * What a monitoring system is told, at every age of the data, and the verification of a snapshot by its sidecar.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "check/status.h"

#define NOW INT64_C(1760000000)
#define MAX_AGE 259200

static struct rmd_info
info_of_age(int64_t age)
{
	struct rmd_info info = RMD_INFO_INIT;

	info.status = RMD_OK;
	info.checked_at = NOW - age;
	info.max_age = MAX_AGE;
	info.filings = 9494;
	info.vanished = 3;
	info.quarantined = 1;
	info.generation = 12;
	return info;
}

static void
age_decides(void **state)
{
	static const struct {
		int64_t age;
		enum health health;
	} cases[] = {
		{ -30, HEALTH_OK },          { 0, HEALTH_OK },
		{ MAX_AGE / 2, HEALTH_OK },  { MAX_AGE / 2 + 1, HEALTH_WARNING },
		{ MAX_AGE, HEALTH_WARNING }, { MAX_AGE + 1, HEALTH_CRITICAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rmd_info info = info_of_age(cases[i].age);
		char line[1024];

		assert_int_equal(
			status_judge(&info, VERIFY_NOT_ASKED, false, NULL, NOW, "/d/rmd.mdb", line, sizeof line),
			cases[i].health);
		assert_null(strchr(line, '\n'));
	}
}

static void
line_is_exact(void **state)
{
	struct rmd_info info = info_of_age(10800);
	char line[1024];

	(void)state;
	assert_int_equal(status_judge(&info, VERIFY_GOOD, false, NULL, NOW, "/d/rmd.mdb", line, sizeof line),
			 HEALTH_OK);
	assert_string_equal(line, "RMD OK - data 3 h 0 min old, 9494 filings, generation 12, SHA-256 verified"
				  " | age=10800s;129600;259200;0 filings=9494 vanished=3 quarantined=1");
	info = info_of_age(300000);
	assert_int_equal(status_judge(&info, VERIFY_NOT_ASKED, false, NULL, NOW, "/d/rmd.mdb", line, sizeof line),
			 HEALTH_CRITICAL);
	assert_string_equal(line,
			    "RMD CRITICAL - data 3 d 11 h old (stale after 3 d 0 h), 9494 filings, generation 12"
			    " | age=300000s;129600;259200;0 filings=9494 vanished=3 quarantined=1");
}

static void
trouble_shows(void **state)
{
	static const enum rmd_status broken[] = { RMD_ERROR_NO_DATA, RMD_ERROR_DAMAGED, RMD_ERROR_FORMAT,
						  RMD_ERROR_MEMORY, RMD_ERROR_SYSTEM };
	struct rmd_info info;
	char line[1024];

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		info = info_of_age(0);
		info.status = broken[i];
		assert_int_equal(
			status_judge(&info, VERIFY_NOT_ASKED, false, NULL, NOW, "/d/rmd.mdb", line, sizeof line),
			HEALTH_UNKNOWN);
		assert_non_null(strstr(line, "/d/rmd.mdb"));
		assert_null(strchr(line, '|'));
		assert_int_equal(
			status_judge(&info, VERIFY_MISMATCH, false, NULL, NOW, "/d/rmd.mdb", line, sizeof line),
			HEALTH_CRITICAL);
		assert_non_null(strstr(line, "CRITICAL"));
	}
	info = info_of_age(0);
	info.checked_at = RMD_TIME_NONE;
	assert_int_equal(status_judge(&info, VERIFY_NOT_ASKED, false, NULL, NOW, "p", line, sizeof line),
			 HEALTH_UNKNOWN);
	info = info_of_age(0);
	info.reload_status = RMD_ERROR_DAMAGED;
	assert_int_equal(status_judge(&info, VERIFY_NOT_ASKED, false, NULL, NOW, "p", line, sizeof line),
			 HEALTH_WARNING);
	assert_non_null(strstr(line, "not adopted"));
	info = info_of_age(0);
	assert_int_equal(status_judge(&info, VERIFY_MISMATCH, false, NULL, NOW, "p", line, sizeof line),
			 HEALTH_CRITICAL);
	assert_int_equal(status_judge(&info, VERIFY_NO_SIDECAR, false, NULL, NOW, "p", line, sizeof line),
			 HEALTH_UNKNOWN);
	assert_int_equal(status_judge(&info, VERIFY_UNREADABLE, false, NULL, NOW, "p", line, sizeof line),
			 HEALTH_UNKNOWN);
	info = info_of_age(MAX_AGE + 1);
	assert_int_equal(status_judge(&info, VERIFY_NO_SIDECAR, false, NULL, NOW, "p", line, sizeof line),
			 HEALTH_CRITICAL);
}

/* A held list took the place of the whole line: no age, no performance data; and old data took the place of it. */
static void
held_list_hides_nothing(void **state)
{
	struct rmd_info info = info_of_age(10800);
	char line[1024];

	(void)state;
	assert_int_equal(status_judge(&info, VERIFY_GOOD, true, NULL, NOW, "p", line, sizeof line), HEALTH_WARNING);
	assert_string_equal(line, "RMD WARNING - data 3 h 0 min old, 9494 filings, generation 12, SHA-256 verified, "
				  "a held list waits for you: candidate.held, and rmdsync(8)"
				  " | age=10800s;129600;259200;0 filings=9494 vanished=3 quarantined=1");
	info = info_of_age(MAX_AGE + 1);
	assert_int_equal(status_judge(&info, VERIFY_GOOD, true, NULL, NOW, "p", line, sizeof line), HEALTH_CRITICAL);
	assert_non_null(strstr(line, "a held list waits for you"));
	info = info_of_age(0);
	assert_int_equal(status_judge(&info, VERIFY_MISMATCH, true, NULL, NOW, "p", line, sizeof line),
			 HEALTH_CRITICAL);
	assert_int_equal(status_judge(&info, VERIFY_NO_SIDECAR, true, NULL, NOW, "p", line, sizeof line),
			 HEALTH_UNKNOWN);
}

static void
file_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
}

/* It is told, and judges nothing: what counts is the age of the data. */
static void
last_run_is_told(void **state)
{
	struct rmd_info info = info_of_age(10800);
	struct summary last = { .result = RESULT_FAILED, .started_at = NOW - 60 };
	char line[1024];

	(void)state;
	assert_int_equal(status_judge(&info, VERIFY_GOOD, false, &last, NOW, "p", line, sizeof line), HEALTH_OK);
	assert_string_equal(line, "RMD OK - data 3 h 0 min old, 9494 filings, generation 12, SHA-256 verified, "
				  "last run failed 2025-10-09T04:52:20-04:00"
				  " | age=10800s;129600;259200;0 filings=9494 vanished=3 quarantined=1");
	info.status = RMD_ERROR_NO_DATA;
	assert_int_equal(status_judge(&info, VERIFY_NOT_ASKED, false, &last, NOW, "p", line, sizeof line),
			 HEALTH_UNKNOWN);
	assert_non_null(strstr(line, ", last run failed 2025-10-09T04:52:20-04:00"));
}

/* The file that rmdsync leaves may be anything after a power cut or an editor: then nothing is told. */
static void
last_run_is_read_or_not_told(void **state)
{
#define COUNTS "\"generation\":7,\"added\":1,\"removed\":2,\"changed\":3,\"relisted\":4"
#define STARTED "\"started_at\":\"2025-10-02T04:17:09-04:00\""
	static const char good[] = "{\"result\":\"held\"," COUNTS "," STARTED ",\"exit_status\":3,\"durations\":"
				   "{\"run\":12.345,\"fetch\":2,\"decode\":null,\"publish\":-1}}\n";
	static const char *const broken[] = {
		"",
		"\n",
		"{",
		"[]",
		"null",
		"{\"result\":\"held\"," COUNTS "}",
		"{\"result\":\"held\"," COUNTS ",\"started_at\":null}",
		"{\"result\":\"held\"," COUNTS ",\"started_at\":\"yesterday\"}",
		"{\"result\":\"perfect\"," COUNTS "," STARTED "}",
		"{\"result\":3," COUNTS "," STARTED "}",
		"{\"result\":\"held\"," STARTED "}",
		"{\"result\":\"held\"," COUNTS "," STARTED ",\"exit_status\":256}",
		"{\"result\":\"held\"," COUNTS "," STARTED "}x",
	};
	char directory[] = "rmd-status.XXXXXX", path[64], *large = malloc(2 * LIMIT_SUMMARY_BYTES + 1);
	struct summary last;

	(void)state;
	assert_non_null(large);
	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof path, "%s/" LAST_RUN_NAME, directory);
	assert_false(last_run_read(directory, &last));
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		file_write(path, broken[i]);
		assert_false(last_run_read(directory, &last));
	}
	/* As large as this it is not ours, whatever it begins with. */
	memset(large, ' ', 2 * LIMIT_SUMMARY_BYTES);
	memcpy(large, good, sizeof good - 1);
	large[2 * LIMIT_SUMMARY_BYTES] = '\0';
	file_write(path, large);
	assert_false(last_run_read(directory, &last));
	free(large);
	file_write(path, good);
	assert_true(last_run_read(directory, &last));
	assert_int_equal(last.result, RESULT_HELD);
	assert_int_equal(last.exit_status, 3);
	assert_int_equal(last.generation, 7);
	assert_int_equal(last.started_at, INT64_C(1759393029));
	assert_int_equal(last.durations[PHASE_RUN], 12345);
	assert_int_equal(last.durations[PHASE_FETCH], 2000);
	assert_int_equal(last.durations[PHASE_DECODE], NO_DURATION);
	assert_int_equal(last.durations[PHASE_PUBLISH], NO_DURATION);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
}

/* FIPS 180-2, appendix B.1: the digest of "abc". */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"

static void
sidecar_decides(void **state)
{
	static const struct {
		const char *sidecar;
		enum verification expected;
	} cases[] = {
		{ ABC "  rmd.mdb\n", VERIFY_GOOD },
		{ ABC "  rmd.mdb", VERIFY_GOOD },
		{ ZEROES "  rmd.mdb\n" ABC "  rmd.mdb\n", VERIFY_GOOD },
		{ ABC "  rmd.mdb\n" ZEROES "  rmd.mdb\n", VERIFY_GOOD },
		{ ZEROES "  rmd.mdb\n", VERIFY_MISMATCH },
		{ ZEROES "  rmd.mdb\n" ABC "  other\n", VERIFY_MISMATCH },
		{ "", VERIFY_NO_SIDECAR },
		{ ABC "\n", VERIFY_NO_SIDECAR },
		{ ABC "  rmd.mdb.1\n", VERIFY_NO_SIDECAR },
		{ "x" ABC "  rmd.mdb\n", VERIFY_NO_SIDECAR },
	};
	char directory[] = "rmd-status.XXXXXX", path[64], sidecar[80];

	(void)state;
	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof path, "%s/rmd.mdb", directory);
	(void)snprintf(sidecar, sizeof sidecar, "%s.sha256", path);
	assert_int_equal(digest_verify(path), VERIFY_UNREADABLE);
	file_write(path, "abc");
	assert_int_equal(digest_verify(path), VERIFY_NO_SIDECAR);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		file_write(sidecar, cases[i].sidecar);
		assert_int_equal(digest_verify(path), cases[i].expected);
	}
	file_write(sidecar, ABC "  rmd.mdb\n");
	file_write(path, "abd");
	assert_int_equal(digest_verify(path), VERIFY_MISMATCH);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(digest_verify(path), VERIFY_UNREADABLE);
	assert_int_equal(unlink(sidecar), 0);
	assert_int_equal(rmdir(directory), 0);
}

/* As the publisher does: each time that the reader has opened what was there, another stands in its place. */
static struct {
	const char *path;
	const char *directory;
	int done;
	int count;
} publisher;

int
__real_file_open(const char *path);
int
__wrap_file_open(const char *path);

int
__wrap_file_open(const char *path)
{
	int file = __real_file_open(path);
	char next[80];

	if (publisher.done == publisher.count || strcmp(path, publisher.path) != 0)
		return file;
	publisher.done++;
	(void)snprintf(next, sizeof next, "%s/%d", publisher.directory, publisher.done);
	assert_int_equal(rename(next, path), 0);
	return file;
}

/* Publishes `count` times while the snapshot is read, the good one last. */
static enum verification
verify_while_published(int count)
{
	char directory[] = "rmd-status.XXXXXX", path[64], sidecar[80];
	enum verification found;

	assert_non_null(mkdtemp(directory));
	for (int i = 1; i <= count; i++) {
		(void)snprintf(path, sizeof path, "%s/%d", directory, i);
		file_write(path, i < count ? "old" : "abc");
	}
	(void)snprintf(path, sizeof path, "%s/rmd.mdb", directory);
	(void)snprintf(sidecar, sizeof sidecar, "%s.sha256", path);
	file_write(path, "old");
	file_write(sidecar, ABC "  rmd.mdb\n");
	publisher.path = path;
	publisher.directory = directory;
	publisher.done = 0;
	publisher.count = count;
	found = digest_verify(path);
	assert_int_equal(publisher.done, count);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(sidecar), 0);
	assert_int_equal(rmdir(directory), 0);
	return found;
}

/* It was called critical, when it was only read at the wrong moments. */
static void
published_while_it_is_read(void **state)
{
	(void)state;
	assert_int_equal(verify_while_published(1), VERIFY_GOOD);
	assert_int_equal(verify_while_published(LIMIT_VERIFY_ATTEMPTS - 1), VERIFY_GOOD);
	assert_int_equal(verify_while_published(LIMIT_VERIFY_ATTEMPTS), VERIFY_UNREADABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(age_decides),      cmocka_unit_test(line_is_exact),
		cmocka_unit_test(trouble_shows),    cmocka_unit_test(held_list_hides_nothing),
		cmocka_unit_test(last_run_is_told), cmocka_unit_test(last_run_is_read_or_not_told),
		cmocka_unit_test(sidecar_decides),  cmocka_unit_test(published_while_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
