/* SPDX-License-Identifier: ISC
 *
 * The sources in turn and in rounds, in a world where an hour passes at once. How one list travels is tested in
 * fetch_test.c and in the flow tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/apart.h"
#include "sync/build.h"
#include "sync/source.h"
#include "sync/stop.h"

#define ANSWERS_MAX 64

/* What the sources answer, one after the other, and what was asked when. */
static struct {
	int codes[ANSWERS_MAX]; /* 0: delivered */
	int64_t retry_after[ANSWERS_MAX];
	int64_t asked_at[ANSWERS_MAX];
	char asked[ANSWERS_MAX][32];
	bool conditional[ANSWERS_MAX];
	const char *etag; /* of each list that is delivered */
	int64_t duration; /* of a transfer */
	int stop_in_wait; /* a signal that comes then; 0: none */
	int stop_in_fetch;
	bool unchanged;
	size_t count;
	int64_t now;
	uint32_t chance;
} world;

static int64_t
world_now(void *context)
{
	(void)context;
	return world.now;
}

static void
world_wait(void *context, int64_t milliseconds)
{
	(void)context;
	assert_true(milliseconds > 0);
	world.now += milliseconds;
	if (world.stop_in_wait != 0)
		assert_int_equal(raise(world.stop_in_wait), 0);
}

static uint32_t
world_random(void *context)
{
	(void)context;
	return world.chance;
}

static int
world_fetch(void *context, const struct fetch_request *request, struct fetch_result *result, struct error *error)
{
	size_t i = world.count++;

	(void)context;
	assert_true(i < ANSWERS_MAX);
	/* Whatever came before is gone. */
	assert_int_equal(lseek(request->spool, 0, SEEK_CUR), 0);
	assert_int_equal(lseek(request->spool, 0, SEEK_END), 0);
	assert_int_equal(write(request->spool, "some", 4), 4);
	if (world.stop_in_fetch != 0)
		assert_int_equal(raise(world.stop_in_fetch), 0);
	world.asked_at[i] = world.now;
	world.now += world.duration;
	slice_copy(world.asked[i], sizeof world.asked[i], slice_of(request->url));
	world.conditional[i] = request->etag != NULL;
	result->retry_after = world.retry_after[i];
	result->unchanged = world.codes[i] == 0 && world.unchanged;
	memset(result->digest, 'a', sizeof result->digest - 1);
	slice_copy(result->etag, sizeof result->etag, slice_of(world.etag));
	return world.codes[i] == 0 ? 0 : error_set(error, world.codes[i], "%s: failure %zu", request->url, i);
}

static const struct source_world test_world = { world_now, world_wait, world_random, world_fetch, NULL };

static struct conf conf;
static struct run_options options;
static struct source_result result;
static struct error error;

static int
begin(void **state)
{
	(void)state;
	memset(&world, 0, sizeof world);
	world.etag = "\"1\"";
	conf_defaults(&conf);
	options = (struct run_options){ .quiet = true, .as_of = TIME_NONE };
	slice_copy(conf.source[0], sizeof conf.source[0], slice_of("https://one/"));
	conf.source_count = 1;
	conf.retry_for = 3600;
	return 0;
}

static int
ask(const struct validators *validators, int64_t at)
{
	char path[] = "/tmp/rmd-source.XXXXXX";
	struct source_request request = { &options, &conf, NULL, validators, at, mkstemp(path) };
	int code;

	assert_true(request.spool >= 0);
	assert_int_equal(unlink(path), 0);
	error = (struct error){ 0 };
	code = source_fetch(&request, &test_world, &result, &error);
	assert_int_equal(close(request.spool), 0);
	return code;
}

static void
answers(int code, size_t count)
{
	for (size_t i = 0; i < count; i++)
		world.codes[i] = code;
}

/* The shortest pauses: 1, 2, 4, 8, 16 and then 30 seconds. */
static void
pauses_double_and_are_bounded(void **state)
{
	static const int64_t seconds[] = { 0, 1, 3, 7, 15, 31, 61, 91, 121 };

	(void)state;
	answers(EX_TEMPFAIL, 8);
	assert_int_equal(ask(NULL, 0), 0);
	assert_int_equal(world.count, 9);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(world.asked_at[i], seconds[i] * 1000);
}

static void
chance_at_most_doubles_a_pause(void **state)
{
	(void)state;
	answers(EX_TEMPFAIL, 7);
	world.chance = UINT32_MAX;
	assert_int_equal(ask(NULL, 0), 0);
	for (size_t i = 1; i < world.count; i++)
		assert_in_range(world.asked_at[i] - world.asked_at[i - 1], 1000, 60000);
	world.count = 0;
	world.now = 0;
	/* Just as much as the pause itself. */
	world.chance = 1000;
	assert_int_equal(ask(NULL, 0), 0);
	assert_int_equal(world.asked_at[1], 2000);
}

static void
no_try_begins_after_retry_for(void **state)
{
	(void)state;
	answers(EX_TEMPFAIL, ANSWERS_MAX);
	conf.retry_for = 15;
	assert_int_equal(ask(NULL, 0), EX_TEMPFAIL);
	assert_int_equal(world.count, 5);
	assert_int_equal(world.asked_at[4], 15000);
	world.count = 0;
	world.now = 0;
	conf.retry_for = 0;
	assert_int_equal(ask(NULL, 0), EX_TEMPFAIL);
	assert_int_equal(world.count, 1);
}

static void
what_fails_for_good_is_not_tried_again(void **state)
{
	static const int codes[] = { EX_UNAVAILABLE, EX_DATAERR, EX_CONFIG };

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		world.count = 0;
		answers(codes[i], 2);
		assert_int_equal(ask(NULL, 0), codes[i]);
		assert_int_equal(world.count, 1);
	}
}

static void
retry_after_is_honoured_up_to_a_cap(void **state)
{
	(void)state;
	assert_int_equal(LIMIT_RETRY_AFTER_SECONDS, 5 * 60);
	answers(EX_TEMPFAIL, 2);
	world.retry_after[0] = 100;
	world.retry_after[1] = 100000;
	assert_int_equal(ask(NULL, 0), 0);
	assert_int_equal(world.asked_at[1], 100 * 1000);
	assert_int_equal(world.asked_at[2], (100 + LIMIT_RETRY_AFTER_SECONDS) * 1000);
	/* It does not lengthen retry-for. */
	world.count = 0;
	world.now = 0;
	conf.retry_for = 60;
	assert_int_equal(ask(NULL, 0), EX_TEMPFAIL);
	assert_int_equal(world.count, 1);
}

static void
sources_in_turn_and_in_rounds(void **state)
{
	(void)state;
	slice_copy(conf.source[1], sizeof conf.source[1], slice_of("https://two/"));
	conf.source_count = 2;
	/* one fails for good, two passes: in the second round only two is asked. */
	world.codes[0] = EX_UNAVAILABLE;
	world.codes[1] = EX_TEMPFAIL;
	assert_int_equal(ask(NULL, 0), 0);
	assert_int_equal(world.count, 3);
	assert_string_equal(world.asked[0], "https://one/");
	assert_string_equal(world.asked[1], "https://two/");
	assert_string_equal(world.asked[2], "https://two/");
	assert_string_equal(result.source, "https://two/");
}

static void
one_line_names_every_source(void **state)
{
	(void)state;
	slice_copy(conf.source[1], sizeof conf.source[1], slice_of("https://two/"));
	conf.source_count = 2;
	conf.retry_for = 0;
	world.codes[0] = EX_TEMPFAIL;
	world.codes[1] = EX_UNAVAILABLE;
	/* What may pass goes before what is for good: the next run may help. */
	assert_int_equal(ask(NULL, 0), EX_TEMPFAIL);
	assert_non_null(strstr(error.text, "https://one/: failure 0"));
	assert_non_null(strstr(error.text, "https://two/: failure 1"));
	assert_null(strchr(error.text, '\n'));
}

static void
validators_for_the_same_source_and_thirty_days(void **state)
{
	struct validators validators = { .fetched_at = 1000, .etag = "\"1\"", .source = "https://one/" };

	(void)state;
	assert_int_equal(LIMIT_VALIDATOR_AGE_SECONDS, 30 * 86400);
	world.unchanged = true;
	assert_int_equal(ask(&validators, 1000 + LIMIT_VALIDATOR_AGE_SECONDS - 1), 0);
	assert_true(world.conditional[0]);
	assert_true(result.unchanged);
	/* The time of the last whole list stays, else none would ever come whole again. */
	assert_int_equal(result.validators.fetched_at, 1000);
	world.count = 0;
	world.unchanged = false;
	assert_int_equal(ask(&validators, 1000 + LIMIT_VALIDATOR_AGE_SECONDS), 0);
	assert_false(world.conditional[0]);
	assert_int_equal(result.validators.fetched_at, 1000 + LIMIT_VALIDATOR_AGE_SECONDS);
	assert_string_equal(result.validators.etag, "\"1\"");
	world.count = 0;
	slice_copy(validators.source, sizeof validators.source, slice_of("https://other/"));
	assert_int_equal(ask(&validators, 1001), 0);
	assert_false(world.conditional[0]);
	world.count = 0;
	assert_int_equal(ask(NULL, 1001), 0);
	assert_false(world.conditional[0]);
}

static void
as_of_is_for_files(void **state)
{
	(void)state;
	options.as_of = 5;
	assert_int_equal(ask(NULL, 5), EX_USAGE);
	assert_int_equal(world.count, 0);
}

/* 0, 1, 3, 7, 15, 31, then each half a minute. */
static void
an_hour_of_retries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ANSWERS_MAX; i++)
		world.codes[i] = EX_TEMPFAIL;
	/* Each transfer takes a minute of it. */
	world.duration = 60 * 1000;
	assert_int_equal(ask(NULL, 0), EX_TEMPFAIL);
	assert_in_range(world.count, 40, 42);
	assert_in_range(world.asked_at[world.count - 1], (3600 - 90) * 1000, 3600 * 1000);
	world.count = 0;
	world.now = 0;
	world.duration = 0;
	conf.retry_for = 31 + 30 * 50;
	assert_int_equal(ask(NULL, 0), EX_TEMPFAIL);
	assert_int_equal(world.count, 6 + 50);
	assert_int_equal(world.asked_at[world.count - 1], (int64_t)conf.retry_for * 1000);
}

static void
retry_after_that_makes_no_sense(void **state)
{
	static const struct {
		int64_t asked, waited;
	} pairs[] = { { -5, 1 },
		      { INT64_MIN, 1 },
		      { 0, 1 },
		      { 1, 1 },
		      { 2, 2 },
		      { LIMIT_RETRY_AFTER_SECONDS, LIMIT_RETRY_AFTER_SECONDS },
		      { LIMIT_RETRY_AFTER_SECONDS + 1, LIMIT_RETRY_AFTER_SECONDS },
		      { INT64_MAX, LIMIT_RETRY_AFTER_SECONDS } };

	(void)state;
	world.codes[0] = EX_TEMPFAIL;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		world.count = 0;
		world.now = 0;
		world.retry_after[0] = pairs[i].asked;
		assert_int_equal(ask(NULL, 0), 0);
		assert_int_equal(world.asked_at[1], pairs[i].waited * 1000);
	}
	/* retry-for to its last millisecond. */
	world.retry_after[0] = 100;
	for (uint64_t patience = 99; patience <= 100; patience++) {
		world.count = 0;
		world.now = 0;
		conf.retry_for = patience;
		assert_int_equal(ask(NULL, 0), patience == 100 ? 0 : EX_TEMPFAIL);
	}
}

static void
two_sources(void)
{
	slice_copy(conf.source[1], sizeof conf.source[1], slice_of("https://two/"));
	conf.source_count = 2;
}

static void
who_asks_for_a_pause_keeps_nobody_else_waiting(void **state)
{
	(void)state;
	two_sources();
	answers(EX_TEMPFAIL, 5);
	world.retry_after[0] = 5;
	assert_int_equal(ask(NULL, 0), 0);
	assert_int_equal(world.count, 6);
	/* 0: both; 1, 3: two; 7: both, as five seconds are over. */
	assert_string_equal(world.asked[2], "https://two/");
	assert_int_equal(world.asked_at[2], 1000);
	assert_string_equal(world.asked[3], "https://two/");
	assert_int_equal(world.asked_at[3], 3000);
	assert_string_equal(world.asked[4], "https://one/");
	assert_int_equal(world.asked_at[4], 7000);
	assert_string_equal(world.asked[5], "https://two/");
}

static void
codes_of_two_sources(void **state)
{
	static const int codes[][3] = {
		{ EX_TEMPFAIL, EX_TEMPFAIL, EX_TEMPFAIL },      { EX_TEMPFAIL, EX_DATAERR, EX_TEMPFAIL },
		{ EX_CONFIG, EX_TEMPFAIL, EX_TEMPFAIL },        { EX_UNAVAILABLE, EX_DATAERR, EX_DATAERR },
		{ EX_DATAERR, EX_UNAVAILABLE, EX_UNAVAILABLE }, { EX_UNAVAILABLE, EX_CONFIG, EX_CONFIG },
	};

	(void)state;
	two_sources();
	conf.retry_for = 0;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		world.count = 0;
		world.codes[0] = codes[i][0];
		world.codes[1] = codes[i][1];
		assert_int_equal(ask(NULL, 0), codes[i][2]);
		assert_int_equal(world.count, 2);
		world.count = 0;
		world.codes[1] = 0;
		assert_int_equal(ask(NULL, 0), 0);
		assert_string_equal(error.text, "");
		assert_string_equal(result.source, "https://two/");
		world.count = 0;
		world.codes[0] = 0;
		assert_int_equal(ask(NULL, 0), 0);
		assert_int_equal(world.count, 1);
		assert_string_equal(result.source, "https://one/");
	}
}

static void
our_own_failure_is_no_source_s(void **state)
{
	(void)state;
	two_sources();
	answers(EX_CANTCREAT, 2);
	assert_int_equal(ask(NULL, 0), EX_CANTCREAT);
	assert_int_equal(world.count, 1);
	assert_string_equal(error.text, "https://one/: failure 0; nothing was changed");
}

static void
long_addresses_share_the_line(void **state)
{
	(void)state;
	conf.retry_for = 0;
	conf.source_count = LIMIT_SOURCES;
	for (size_t i = 0; i < LIMIT_SOURCES; i++) {
		memset(conf.source[i], 'x', CONF_VALUE_SIZE - 1);
		memcpy(conf.source[i], "https://0/", 10);
		conf.source[i][8] = (char)('0' + i);
		conf.source[i][CONF_VALUE_SIZE - 1] = '\0';
		world.codes[i] = EX_UNAVAILABLE;
	}
	assert_int_equal(ask(NULL, 0), EX_UNAVAILABLE);
	for (size_t i = 0; i < LIMIT_SOURCES; i++) {
		char name[] = "https://0/xxx";

		name[8] = (char)('0' + i);
		assert_non_null(strstr(error.text, name));
	}
	assert_non_null(strstr(error.text, "; nothing was changed"));
}

static void
given_sources_go_before_those_of_the_conf(void **state)
{
	struct source_request request = { &options, &conf, "file:///held", NULL, 0, -1 };
	char path[] = "/tmp/rmd-source.XXXXXX";

	(void)state;
	two_sources();
	options.source = "https://given/";
	assert_int_equal(ask(NULL, 0), 0);
	assert_string_equal(world.asked[0], "https://given/");
	options.source = NULL;
	request.spool = mkstemp(path);
	assert_int_equal(unlink(path), 0);
	world.count = 0;
	assert_int_equal(source_fetch(&request, &test_world, &result, &error), 0);
	assert_string_equal(world.asked[0], "file:///held");
	assert_int_equal(close(request.spool), 0);
	request.spool = -1;
	error = (struct error){ 0 };
	assert_int_equal(source_fetch(&request, &test_world, &result, &error), EX_CANTCREAT);
	world.count = 0;
	conf.source_count = 0;
	assert_int_equal(ask(NULL, 0), EX_CONFIG);
	assert_int_equal(world.count, 0);
}

static void
validators_of_strange_addresses_and_times(void **state)
{
	struct validators validators = { .fetched_at = 1000, .etag = "\"1\"", .source = "https://one/" };
	char url[LIMIT_SOURCE_BYTES + 2];

	(void)state;
	/* Dated after the run: the clock was wrong then, or is wrong now. */
	assert_int_equal(ask(&validators, 999), 0);
	assert_false(world.conditional[0]);
	/* Nothing was said, so nothing is kept, and nothing of what was said before. */
	world.count = 0;
	world.etag = "";
	assert_int_equal(ask(&validators, 1000), 0);
	assert_true(world.conditional[0]);
	assert_string_equal(result.validators.etag, "");
	assert_string_equal(result.validators.source, "");
	/* With credentials, or too long to be told from another. */
	assert_int_equal(LIMIT_SOURCE_BYTES, 255);
	world.etag = "\"1\"";
	memset(url, 'x', sizeof url);
	memcpy(url, "https://", 8);
	url[LIMIT_SOURCE_BYTES + 1] = '\0';
	for (int kept = 0; kept < 2; kept++) {
		world.count = 0;
		url[LIMIT_SOURCE_BYTES + 1 - kept] = '\0';
		options.source = url;
		assert_int_equal(ask(NULL, 5), 0);
		assert_string_equal(result.validators.source, kept ? url : "");
		assert_string_equal(result.validators.etag, kept ? "\"1\"" : "");
	}
	options.source = "https://me:sesame@one/";
	world.count = 0;
	assert_int_equal(ask(NULL, 5), 0);
	assert_string_equal(result.validators.source, "");
	assert_string_equal(result.validators.etag, "");
	assert_string_equal(result.source, "https://***@one/");
}

/* The value on the heap, to the byte, so that a sanitizer sees what is read beyond. */
static bool
read_back(const unsigned char *value, size_t length, struct validators *validators)
{
	char *copy = malloc(length + 1);
	bool good;

	assert_non_null(copy);
	memcpy(copy + 1, value, length);
	good = validators_decode((struct slice){ copy + 1, length }, validators);
	free(copy);
	return good;
}

static void
validators_are_stored_whole_or_not_at_all(void **state)
{
	struct validators full = { .fetched_at = INT64_C(-1234567890123) }, read;
	unsigned char value[VALIDATORS_ENCODED_MAX], bad[VALIDATORS_ENCODED_MAX];
	size_t length, fixed;

	(void)state;
	memset(full.etag, 'e', LIMIT_VALIDATOR_BYTES);
	memset(full.last_modified, 'm', LIMIT_VALIDATOR_BYTES);
	memset(full.source, 's', LIMIT_SOURCE_BYTES);
	length = validators_encode(&full, value);
	assert_int_equal(length, VALIDATORS_ENCODED_MAX);
	assert_true(read_back(value, length, &read));
	assert_int_equal(read.fetched_at, full.fetched_at);
	assert_string_equal(read.etag, full.etag);
	assert_string_equal(read.last_modified, full.last_modified);
	assert_string_equal(read.source, full.source);
	fixed = length - LIMIT_SOURCE_BYTES;
	for (size_t cut = 0; cut < fixed; cut++)
		assert_false(read_back(value, cut, &read));
	/* A character that is none in a header, a length that is too large, a NUL. */
	static const unsigned char strange[] = { '\0', '\n', '\r', 0x1f, 0x7f, 0x80, 0xff };
	for (size_t i = 0; i < sizeof strange; i++) {
		memcpy(bad, value, length);
		bad[8 + 2 + 7] = strange[i];
		assert_false(read_back(bad, length, &read));
		memcpy(bad, value, length);
		bad[8 + 2 + LIMIT_VALIDATOR_BYTES + 2] = strange[i];
		assert_false(read_back(bad, length, &read));
	}
	memcpy(bad, value, length);
	bad[9] = 1;
	assert_false(read_back(bad, length, &read));
	memcpy(bad, value, length);
	bad[length - 1] = '\0';
	assert_false(read_back(bad, length, &read));
	full = (struct validators){ .source = "https://one/", .last_modified = "m" };
	assert_true(read_back(value, validators_encode(&full, value), &read));
	assert_string_equal(read.etag, "");
	full.last_modified[0] = '\0';
	assert_false(read_back(value, validators_encode(&full, value), &read));
}

static void
headers_that_may_be_kept(void **state)
{
	char longest[LIMIT_VALIDATOR_BYTES + 1];

	(void)state;
	memset(longest, '~', sizeof longest);
	assert_true(validator_good((struct slice){ longest, LIMIT_VALIDATOR_BYTES }));
	assert_false(validator_good((struct slice){ longest, LIMIT_VALIDATOR_BYTES + 1 }));
	assert_true(validator_good(slice_of("W/\"a b\"")));
	assert_false(validator_good(slice_of("a\tb")));
	assert_false(validator_good(slice_of("a\r\nHost: elsewhere")));
	assert_false(validator_good(slice_of("\xc3\xa9")));
	assert_false(validator_good((struct slice){ "a\0b", 3 }));
}

static const int endings[] = { SIGINT, SIGTERM, SIGHUP };

/* Whoever started the tests may have had them ignored. */
static int
stop_setup(void **state)
{
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (signal(endings[i], SIG_DFL) == SIG_ERR)
			return -1;
	return begin(state) == 0 && stop_begin() == 0 ? 0 : -1;
}

static int
stop_teardown(void **state)
{
	(void)state;
	/* Forgets the one that came. */
	return stop_begin() == 0 && stop_end() == 0 && signal(SIGPIPE, SIG_DFL) != SIG_ERR ? 0 : -1;
}

static void
signal_ends_a_wait_and_a_transfer(void **state)
{
	(void)state;
	two_sources();
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		char line[64];

		snprintf(line, sizeof line, "stopped by signal %d; the old snapshot keeps serving", endings[i]);
		for (int in_fetch = 0; in_fetch < 2; in_fetch++) {
			world.count = 0;
			answers(EX_TEMPFAIL, 4);
			world.stop_in_wait = in_fetch ? 0 : endings[i];
			world.stop_in_fetch = in_fetch ? endings[i] : 0;
			assert_int_equal(ask(NULL, 0), EX_TEMPFAIL);
			assert_string_equal(error.text, line);
			assert_int_equal(stop_signal(), endings[i]);
			/* In a wait both have been asked, and nobody after it. */
			assert_int_equal(world.count, in_fetch ? 1 : 2);
			assert_int_equal(stop_begin(), 0);
			assert_int_equal(stop_signal(), 0);
		}
	}
}

static void
signal_is_never_slept_over(void **state)
{
	int64_t begin_at = source_world.now(NULL);
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(stop_poll(ends[0], 1), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(stop_poll(ends[0], -1), 1);
	assert_int_equal(raise(SIGTERM), 0);
	/* It came before, and there is something to read: still it ends. */
	assert_int_equal(stop_poll(ends[0], -1), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(stop_poll(-1, 600 * 1000), -1);
	assert_int_equal(errno, EINTR);
	source_world.wait(NULL, 600 * 1000);
	assert_in_range(source_world.now(NULL) - begin_at, 0, 60 * 1000);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
}

static void
signal_comes_while_it_waits(void **state)
{
	struct sigaction before;
	int64_t begin_at = source_world.now(NULL);
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(kill(getppid(), SIGTERM) == 0 ? 0 : 1);
	source_world.wait(NULL, 600 * 1000);
	assert_int_equal(stop_signal(), SIGTERM);
	assert_in_range(source_world.now(NULL) - begin_at, 0, 60 * 1000);
	assert_int_equal(sigaction(SIGPIPE, NULL, &before), 0);
	assert_true(before.sa_handler == SIG_IGN);
}

static void
signals_that_were_ignored_stay_so(void **state)
{
	struct sigaction now;

	(void)state;
	assert_true(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	assert_int_equal(stop_begin(), 0);
	assert_int_equal(raise(SIGHUP), 0);
	assert_int_equal(stop_signal(), 0);
	assert_int_equal(stop_end(), 0);
	assert_int_equal(sigaction(SIGTERM, NULL, &now), 0);
	assert_true(now.sa_handler == SIG_DFL);
	assert_int_equal(sigaction(SIGHUP, NULL, &now), 0);
	assert_true(now.sa_handler == SIG_IGN);
}

static int
row_ignore(void *context, const struct filing *filing, uint64_t line, struct error *row_error)
{
	(void)context;
	(void)filing;
	(void)line;
	(void)row_error;
	return 0;
}

static int
reject_ignore(void *context, const struct reject *reject, struct error *row_error)
{
	(void)context;
	(void)reject;
	(void)row_error;
	return 0;
}

static void
signal_ends_the_decoder(void **state)
{
	struct decode_sink sink = { .filing = row_ignore, .reject = reject_ignore };
	char path[] = "/tmp/rmd-source.XXXXXX";
	int file = mkstemp(path);
	bool landlock;

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(unlink(path), 0);
	error = (struct error){ 0 };
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(decode_apart(file, DECODE_AUTO, "list", &sink, 60, &landlock, &error), EX_TEMPFAIL);
	assert_string_equal(error.text, "stopped by signal 15; the old snapshot keeps serving");
	assert_int_equal(close(file), 0);
}

static void
signal_ends_a_build_and_leaves_no_file(void **state)
{
	char directory[] = "/tmp/rmd-source.XXXXXX", path[64];
	struct outcome outcome = { .number = 1, .kind = OUTCOME_ADDED };
	struct difference difference = { .outcomes = &outcome, .count = 1 };
	struct operator_data operator_data = { .max_age = 1 };
	struct build_request request = { .path = path, .difference = &difference, .operator_data = &operator_data };
	struct state built;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/build", directory);
	error = (struct error){ 0 };
	assert_int_equal(raise(SIGINT), 0);
	assert_int_equal(build(&request, &built, &error), EX_TEMPFAIL);
	assert_string_equal(error.text, "stopped by signal 2; the old snapshot keeps serving");
	assert_int_equal(rmdir(directory), 0);
}

static void
real_chance_and_time(void **state)
{
	int64_t before = source_world.now(NULL);
	uint32_t first = source_world.random(NULL);
	bool differs = false;

	(void)state;
	for (int i = 0; i < 8 && !differs; i++)
		differs = source_world.random(NULL) != first;
	assert_true(differs);
	source_world.wait(NULL, 2);
	assert_true(source_world.now(NULL) >= before + 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
#define STOP_TEST(name) cmocka_unit_test_setup_teardown(name, stop_setup, stop_teardown)
	const struct CMUnitTest tests[] = {
		TEST(pauses_double_and_are_bounded),
		TEST(chance_at_most_doubles_a_pause),
		TEST(no_try_begins_after_retry_for),
		TEST(what_fails_for_good_is_not_tried_again),
		TEST(retry_after_is_honoured_up_to_a_cap),
		TEST(sources_in_turn_and_in_rounds),
		TEST(one_line_names_every_source),
		TEST(validators_for_the_same_source_and_thirty_days),
		TEST(as_of_is_for_files),
		TEST(an_hour_of_retries),
		TEST(retry_after_that_makes_no_sense),
		TEST(who_asks_for_a_pause_keeps_nobody_else_waiting),
		TEST(codes_of_two_sources),
		TEST(our_own_failure_is_no_source_s),
		TEST(long_addresses_share_the_line),
		TEST(given_sources_go_before_those_of_the_conf),
		TEST(validators_of_strange_addresses_and_times),
		TEST(validators_are_stored_whole_or_not_at_all),
		TEST(headers_that_may_be_kept),
		TEST(real_chance_and_time),
		STOP_TEST(signal_ends_a_wait_and_a_transfer),
		STOP_TEST(signal_is_never_slept_over),
		STOP_TEST(signal_comes_while_it_waits),
		STOP_TEST(signals_that_were_ignored_stay_so),
		STOP_TEST(signal_ends_the_decoder),
		STOP_TEST(signal_ends_a_build_and_leaves_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
