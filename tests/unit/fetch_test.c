/* SPDX-License-Identifier: ISC
 *
 * The fetcher without a network: file: addresses, the limits, the lines that a person reads. What a server can do
 * wrong is tried in tests/flow/fetch.sh, against one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/fetch.h"

#define DIGEST_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define DIGEST_EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
/* More than one chunk, and not a multiple of it. */
#define LARGE_BYTES (256 * 1024 * 2 + 77)
/* No transfer here waits for anything, so this is never reached. */
#define PATIENCE 60

static char directory[] = "/tmp/rmd-fetch-XXXXXX";

struct outcome {
	int code;
	struct fetch_result result;
	struct error error;
};

/* `name` is the end of the URL: "file:" and the directory stand before it. */
static void
url_of(char url[LIMIT_PATH_BYTES], const char *scheme, const char *name)
{
	assert_in_range(snprintf(url, LIMIT_PATH_BYTES, "%s%s/%s", scheme, directory, name), 1, LIMIT_PATH_BYTES - 1);
}

static void
file_write(const char *name, const void *data, size_t length)
{
	char path[LIMIT_PATH_BYTES];
	FILE *file;

	url_of(path, "", name);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static int
spool_open(void)
{
	char path[LIMIT_PATH_BYTES];
	int spool;

	url_of(path, "", "spool");
	spool = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(spool >= 0);
	return spool;
}

static void
spool_expect(int spool, const void *data, size_t length)
{
	char *got = malloc(length + 1);

	assert_non_null(got);
	assert_int_equal(pread(spool, got, length + 1, 0), length);
	assert_memory_equal(got, data, length);
	free(got);
}

static struct outcome
fetch_into(const char *url, int spool, uint64_t max_bytes, int64_t total_timeout, const char *ca_file)
{
	struct outcome outcome = { 0 };
	struct fetch_request request = { .url = url,
					 .spool = spool,
					 .max_bytes = max_bytes,
					 .connect_timeout = PATIENCE,
					 .total_timeout = total_timeout,
					 .ca_file = ca_file };

	outcome.code = fetch(&request, &outcome.result, &outcome.error);
	assert_int_equal(outcome.code, outcome.error.code);
	assert_null(strchr(outcome.error.text, '\n'));
	return outcome;
}

static struct outcome
fetch_through(const char *proxy)
{
	struct outcome outcome = { 0 };
	struct fetch_request request = { .url = "https://localhost:1/",
					 .spool = -1,
					 .connect_timeout = PATIENCE,
					 .total_timeout = PATIENCE,
					 .proxy = proxy };

	outcome.code = fetch(&request, &outcome.result, &outcome.error);
	return outcome;
}

static struct outcome
fetch_url(const char *url)
{
	int spool = spool_open();
	struct outcome outcome = fetch_into(url, spool, LARGE_BYTES, PATIENCE, NULL);

	assert_int_equal(close(spool), 0);
	return outcome;
}

static void
failure_expect(const char *url, int code, const char *text)
{
	struct outcome outcome = fetch_url(url);

	if (outcome.code != code || strstr(outcome.error.text, text) == NULL)
		fail_msg("%s: %d instead of %d: %s", url, outcome.code, code, outcome.error.text);
}

static void
addresses_of_one_file(void **state)
{
	static const char *const schemes[] = { "file://", "file:", "FILE://", "file://localhost" };
	char url[LIMIT_PATH_BYTES];
	struct outcome outcome;

	(void)state;
	file_write("a b?c#d%e", "abc", 3);
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		int spool = spool_open();

		url_of(url, schemes[i], "a%20b?c#d%25%65");
		outcome = fetch_into(url, spool, 3, PATIENCE, NULL);
		assert_string_equal(outcome.error.text, "");
		assert_int_equal(outcome.code, 0);
		assert_int_equal(outcome.result.bytes, 3);
		assert_string_equal(outcome.result.digest, DIGEST_ABC);
		spool_expect(spool, "abc", 3);
		assert_int_equal(close(spool), 0);
	}
	file_write("empty", "", 0);
	url_of(url, "file:", "empty");
	outcome = fetch_url(url);
	assert_int_equal(outcome.code, 0);
	assert_string_equal(outcome.result.digest, DIGEST_EMPTY);
}

static void
max_bytes_is_the_most_that_is_taken(void **state)
{
	char *data = malloc(LARGE_BYTES);
	char url[LIMIT_PATH_BYTES];
	struct outcome outcome;
	int spool = spool_open();

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < LARGE_BYTES; i++)
		data[i] = (char)(i * 7 + i / 251);
	file_write("large", data, LARGE_BYTES);
	url_of(url, "file:", "large");
	outcome = fetch_into(url, spool, LARGE_BYTES, PATIENCE, NULL);
	assert_int_equal(outcome.code, 0);
	assert_int_equal(outcome.result.bytes, LARGE_BYTES);
	spool_expect(spool, data, LARGE_BYTES);
	assert_int_equal(close(spool), 0);

	spool = spool_open();
	outcome = fetch_into(url, spool, LARGE_BYTES - 1, PATIENCE, NULL);
	assert_int_equal(outcome.code, EX_DATAERR);
	assert_non_null(strstr(outcome.error.text, url));
	assert_non_null(strstr(outcome.error.text, "max-bytes"));
	assert_true(lseek(spool, 0, SEEK_END) <= LARGE_BYTES - 1);
	assert_int_equal(close(spool), 0);
	free(data);
}

static void
pipe_is_read_to_its_end(void **state)
{
	char path[LIMIT_PATH_BYTES], url[LIMIT_PATH_BYTES];
	struct outcome outcome;
	int status;
	pid_t writer;

	(void)state;
	url_of(path, "", "pipe");
	url_of(url, "file://", "pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	writer = fork();
	assert_true(writer >= 0);
	if (writer == 0) {
		int file;

		(void)alarm(PATIENCE);
		file = open(path, O_WRONLY);

		_exit(write(file, "a", 1) == 1 && write(file, "bc", 2) == 2 ? 0 : 1);
	}
	outcome = fetch_url(url);
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	assert_int_equal(outcome.code, 0);
	assert_string_equal(outcome.result.digest, DIGEST_ABC);
}

static void
pipe_without_writer_ends_with_its_time(void **state)
{
	char path[LIMIT_PATH_BYTES], url[LIMIT_PATH_BYTES];
	struct outcome outcome;
	int spool = spool_open();

	(void)state;
	url_of(path, "", "silent");
	url_of(url, "file:", "silent");
	assert_int_equal(mkfifo(path, 0600), 0);
	outcome = fetch_into(url, spool, LARGE_BYTES, 0, NULL);
	assert_int_equal(outcome.code, EX_TEMPFAIL);
	assert_non_null(strstr(outcome.error.text, "timed out"));
	assert_int_equal(close(spool), 0);
}

static void
files_that_cannot_be_read(void **state)
{
	char url[LIMIT_PATH_BYTES];

	(void)state;
	url_of(url, "file:", "missing");
	failure_expect(url, EX_UNAVAILABLE, "missing: cannot be opened: No such file");
	url_of(url, "file:", "");
	failure_expect(url, EX_UNAVAILABLE, "neither a file nor a pipe");
	failure_expect("file:///dev/null", EX_UNAVAILABLE, "neither a file nor a pipe");
}

static void
addresses_that_are_none(void **state)
{
	static const char *const not_paths[] = { "file:", "file:rmd.csv", "file://", "file://host/rmd.csv",
						 "file://localhostile/rmd.csv" };
	static const char *const not_encoded[] = { "file:/%", "file:/%4", "file:/%zz", "file:/%4g", "file:/a%00b" };
	static const char *const not_sources[] = { "http://localhost/rmd.csv", "ftp://localhost/rmd.csv", "rmd.csv",
						   "httpss://localhost/",      "https:/localhost/",       "" };
	char url[LIMIT_PATH_BYTES + 16] = "file:/";

	(void)state;
	for (size_t i = 0; i < sizeof not_paths / sizeof not_paths[0]; i++)
		failure_expect(not_paths[i], EX_CONFIG, "absolute path");
	for (size_t i = 0; i < sizeof not_encoded / sizeof not_encoded[0]; i++)
		failure_expect(not_encoded[i], EX_CONFIG, "two hexadecimal digits");
	for (size_t i = 0; i < sizeof not_sources / sizeof not_sources[0]; i++)
		failure_expect(not_sources[i], EX_CONFIG, "https: or file:");
	memset(url + 6, 'a', LIMIT_PATH_BYTES);
	failure_expect(url, EX_CONFIG, "too long");
	failure_expect("https://", EX_CONFIG, "cannot be asked for");
	failure_expect("https://localhost/with space", EX_CONFIG, "cannot be asked for");
}

static void
spool_that_cannot_be_written(void **state)
{
	char path[LIMIT_PATH_BYTES], url[LIMIT_PATH_BYTES];
	struct outcome outcome;
	int spool;

	(void)state;
	file_write("source", "abc", 3);
	url_of(path, "", "source");
	url_of(url, "file:", "source");
	spool = open(path, O_RDONLY);
	outcome = fetch_into(url, spool, LARGE_BYTES, PATIENCE, NULL);
	assert_int_equal(outcome.code, EX_CANTCREAT);
	assert_non_null(strstr(outcome.error.text, strerror(EBADF)));
	assert_int_equal(close(spool), 0);
	spool = open("/dev/full", O_WRONLY);
	if (spool >= 0) {
		outcome = fetch_into(url, spool, LARGE_BYTES, PATIENCE, NULL);
		assert_int_equal(outcome.code, EX_CANTCREAT);
		assert_non_null(strstr(outcome.error.text, strerror(ENOSPC)));
		assert_int_equal(close(spool), 0);
	}
}

static void
passwords_are_hidden(void **state)
{
	static const char *const pairs[][2] = {
		{ "https://localhost/rmd.csv", "https://localhost/rmd.csv" },
		{ "https://me:sesame@localhost/rmd.csv", "https://***@localhost/rmd.csv" },
		{ "https://sesame@localhost:8443/", "https://***@localhost:8443/" },
		{ "https://me:ses@me@localhost/", "https://***@localhost/" },
		{ "https://me:ses/me@localhost/", "https://***@localhost/" },
		{ "https://me:ses?#me@localhost/", "https://***@localhost/" },
		{ "http://me:sesame@localhost/", "http://***@localhost/" },
		{ "file:///srv/a@b//c@d.csv", "file:///srv/a@b//c@d.csv" },
		{ "/srv/rmd.csv", "/srv/rmd.csv" },
		{ "", "" },
	};
	char text[LIMIT_SOURCE_BYTES + 1], url[1024];
	struct outcome outcome;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		fetch_address(text, pairs[i][0]);
		assert_string_equal(text, pairs[i][1]);
		outcome = fetch_into(pairs[i][0], -1, 0, PATIENCE, "/missing/ca.pem");
		assert_int_not_equal(outcome.code, 0);
		assert_null(strstr(outcome.error.text, "ses"));
	}
	/* The buffer's last byte, with and without a password, and a scheme that fills it. */
	memset(url, 'x', sizeof url);
	url[sizeof url - 1] = '\0';
	fetch_address(text, url);
	assert_int_equal(strlen(text), LIMIT_SOURCE_BYTES);
	memcpy(url + sizeof url - 64, "//sesame@", 9);
	fetch_address(text, url);
	assert_null(strstr(text, "sesame"));
	memcpy(url, "https://sesame@", 15);
	memset(url + sizeof url - 64, 'x', 16);
	fetch_address(text, url);
	assert_int_equal(strlen(text), LIMIT_SOURCE_BYTES);
	assert_memory_equal(text, "https://***@xxx", 15);
}

static void
ca_file_is_named(void **state)
{
	struct outcome outcome = fetch_into("https://localhost:1/", -1, 0, PATIENCE, "/missing/ca.pem");

	(void)state;
	assert_int_equal(outcome.code, EX_UNAVAILABLE);
	assert_string_equal(
		outcome.error.text,
		"https://localhost:1/: cannot read the CA file /missing/ca.pem: No such file or directory");
}

/* It was told as a file that is missing for good. */
static void
too_many_open_files_pass(void **state)
{
	struct outcome file, ca;
	struct rlimit before, none;
	char url[LIMIT_PATH_BYTES];
	int spool = spool_open();

	(void)state;
	file_write("abc", "abc", 3);
	url_of(url, "file:", "abc");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	file = fetch_into(url, spool, LARGE_BYTES, PATIENCE, NULL);
	ca = fetch_into("https://localhost:1/", spool, LARGE_BYTES, PATIENCE, "/missing/ca.pem");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(file.code, EX_TEMPFAIL);
	assert_non_null(strstr(file.error.text, "abc: cannot be opened: Too many open files"));
	assert_int_equal(ca.code, EX_TEMPFAIL);
	assert_non_null(strstr(ca.error.text, "cannot read the CA file /missing/ca.pem: Too many open files"));
	assert_int_equal(close(spool), 0);
}

/* In the record of a held list the rest of such a path stood as a line of its own, which none could read. */
static void
newline_in_a_path_ends_no_line(void **state)
{
	char text[LIMIT_SOURCE_BYTES + 1];

	(void)state;
	fetch_address(text, "file:///srv/a\nb\r\x1b\x7f.csv");
	assert_string_equal(text, "file:///srv/a?b???.csv");
	fetch_address(text, "file:///srv/a~b \xc3\xa9.csv");
	assert_string_equal(text, "file:///srv/a~b \xc3\xa9.csv");
}

/* It was asked for again and again, as a proxy that is not reached. */
static void
proxy_that_is_none_is_configuration(void **state)
{
	static const char *const none[] = { "http://user:sesame@127.0.0.1:port",
					    "gopher://user:sesame@127.0.0.1:70",
					    "http://user:sesame@[::",
					    "http://user:sesame@/",
					    "http://user:sesame@a b/",
					    "file:///sesame" };
	static const char *const good[] = { "127.0.0.1:1",          "user:sesame@127.0.0.1:1",
					    "HTTP://127.0.0.1:1",   "https://127.0.0.1:1",
					    "socks4://127.0.0.1:1", "socks4a://127.0.0.1:1",
					    "socks5://127.0.0.1:1", "socks5h://[::1]:1" };

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct outcome outcome = fetch_through(none[i]);

		assert_int_equal(outcome.code, EX_CONFIG);
		assert_non_null(
			strstr(outcome.error.text, "https://localhost:1/: the proxy of rmd.conf is no address"));
		assert_null(strstr(outcome.error.text, "sesame"));
	}
	/* Nobody listens there. */
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_int_equal(fetch_through(good[i]).code, EX_TEMPFAIL);
}

static int
directory_make(void **state)
{
	(void)state;
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
directory_remove(void **state)
{
	static const char *const names[] = { "a b?c#d%e", "empty", "large", "pipe", "silent", "source", "spool" };
	char path[LIMIT_PATH_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		url_of(path, "", names[i]);
		(void)unlink(path);
	}
	return rmdir(directory);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_one_file),
		cmocka_unit_test(max_bytes_is_the_most_that_is_taken),
		cmocka_unit_test(pipe_is_read_to_its_end),
		cmocka_unit_test(pipe_without_writer_ends_with_its_time),
		cmocka_unit_test(files_that_cannot_be_read),
		cmocka_unit_test(addresses_that_are_none),
		cmocka_unit_test(spool_that_cannot_be_written),
		cmocka_unit_test(passwords_are_hidden),
		cmocka_unit_test(ca_file_is_named),
		cmocka_unit_test(too_many_open_files_pass),
		cmocka_unit_test(newline_in_a_path_ends_no_line),
		cmocka_unit_test(proxy_that_is_none_is_configuration),
	};

	return cmocka_run_group_tests(tests, directory_make, directory_remove);
}
