/* SPDX-License-Identifier: ISC
 *
 * Files that are replaced whole: the contents, the mode, and what a failure leaves, as a reader sees it. That fsync
 * was called can be seen under strace only: tests/flow/durable.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/limits.h"

#define NAME "file"
#define FRESH NAME ".new"
/* Whom a test becomes where it runs as root, to whom no permission is refused. */
#define OTHER_USER 65534

static char directory[] = P_tmpdir "/rmd-durable-XXXXXX";

static void
path_of(char path[LIMIT_PATH_BYTES], const char *name)
{
	assert_int_equal(path_join(path, LIMIT_PATH_BYTES, directory, name), 0);
}

static bool
exists(const char *name)
{
	char path[LIMIT_PATH_BYTES];
	struct stat file;

	path_of(path, name);
	return lstat(path, &file) == 0;
}

static void
assert_contents(const char *name, const char *text, mode_t mode)
{
	char path[LIMIT_PATH_BYTES], contents[256];
	struct stat status;
	FILE *file;
	size_t length;

	path_of(path, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	length = fread(contents, 1, sizeof contents, file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(length, strlen(text));
	assert_memory_equal(contents, text, length);
	assert_int_equal(status.st_mode & 07777, mode);
}

static int
write_text(const char *text, unsigned mode)
{
	return durable_write(directory, NAME, text, strlen(text), mode);
}

static void
remove_all(void)
{
	static const char *const names[] = { NAME, FRESH, "link" };
	char path[LIMIT_PATH_BYTES];

	assert_int_equal(chmod(directory, 0777), 0);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		path_of(path, names[i]);
		if (remove(path) != 0)
			assert_int_equal(errno, ENOENT);
	}
}

static int
setup(void **state)
{
	(void)state;
	remove_all();
	return 0;
}

/* Runs `body` in a child, as somebody to whom permissions apply; its result is the exit code. */
static int
run_apart(int (*body)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		if (geteuid() == 0 && (setgid(OTHER_USER) != 0 || setuid(OTHER_USER) != 0))
			_exit(99);
		_exit(body());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
replaces(void **state)
{
	char path[LIMIT_PATH_BYTES];
	struct stat before, after;
	int reader;
	char byte;

	(void)state;
	assert_int_equal(write_text("first", 0444), 0);
	assert_contents(NAME, "first", 0444);
	path_of(path, NAME);
	assert_int_equal(stat(path, &before), 0);
	reader = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(reader >= 0);
	/* the mode is the one asked for, whatever the umask; a read-only file is replaced too */
	(void)umask(0777);
	assert_int_equal(write_text("second", 0640), 0);
	(void)umask(022);
	assert_contents(NAME, "second", 0640);
	assert_int_equal(stat(path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
	/* who had the old one open keeps it, unchanged */
	assert_int_equal(read(reader, &byte, 1), 1);
	assert_int_equal(byte, 'f');
	assert_int_equal(close(reader), 0);
	assert_false(exists(FRESH));
}

static void
empty(void **state)
{
	(void)state;
	assert_int_equal(durable_write(directory, NAME, NULL, 0, 0600), 0);
	assert_contents(NAME, "", 0600);
}

/* A power cut may leave the private file, finished and read-only: it must not bar the next run. */
static int
write_over_leftover(void)
{
	int file;
	char path[LIMIT_PATH_BYTES];

	if (path_join(path, sizeof path, directory, FRESH) != 0)
		return 1;
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
	if (file < 0 || write(file, "left over from before", 21) != 21 || close(file) != 0)
		return 2;
	return write_text("fresh", 0444) == 0 ? 0 : 3;
}

static void
leftover_read_only_is_replaced(void **state)
{
	(void)state;
	assert_int_equal(run_apart(write_over_leftover), 0);
	assert_contents(NAME, "fresh", 0444);
	assert_false(exists(FRESH));
}

/* Nor may a link that somebody put there be followed. */
static void
leftover_link_is_not_followed(void **state)
{
	char path[LIMIT_PATH_BYTES], target[LIMIT_PATH_BYTES];

	(void)state;
	path_of(path, FRESH);
	path_of(target, "link");
	assert_int_equal(durable_write(directory, "link", "kept", 4, 0600), 0);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(write_text("fresh", 0644), 0);
	assert_contents(NAME, "fresh", 0644);
	assert_contents("link", "kept", 0600);
	assert_false(exists(FRESH));
}

static int
write_where_forbidden(void)
{
	if (write_text("second", 0444) == 0)
		return 1;
	return errno == EACCES ? 0 : 2;
}

static void
no_permission(void **state)
{
	(void)state;
	assert_int_equal(write_text("first", 0444), 0);
	assert_int_equal(chmod(directory, 0555), 0);
	assert_int_equal(run_apart(write_where_forbidden), 0);
	assert_int_equal(chmod(directory, 0777), 0);
	assert_contents(NAME, "first", 0444);
	assert_false(exists(FRESH));
}

/* The disk is full, or what comes to the same: no file may grow beyond 4 bytes. */
static int
write_too_much(void)
{
	struct rlimit limit = { 4, 4 };

	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 1;
	if (write_text("second", 0444) == 0)
		return 2;
	return errno == EFBIG ? 0 : 3;
}

static void
disk_full(void **state)
{
	(void)state;
	assert_int_equal(write_text("first", 0444), 0);
	assert_int_equal(run_apart(write_too_much), 0);
	assert_contents(NAME, "first", 0444);
	assert_false(exists(FRESH));
}

/* What cannot be renamed over is left, and no litter beside it. */
static void
rename_fails(void **state)
{
	char path[LIMIT_PATH_BYTES];

	(void)state;
	path_of(path, NAME);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(write_text("second", 0444), -1);
	assert_int_equal(errno, EISDIR);
	assert_true(exists(NAME));
	assert_false(exists(FRESH));
}

static void
no_such_directory(void **state)
{
	(void)state;
	assert_int_equal(durable_write("no such directory", NAME, "x", 1, 0444), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(durable_sync_directory("no such directory"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(durable_sync_file("no such file", 0444), -1);
	assert_int_equal(errno, ENOENT);
}

static void
sync_sets_the_mode(void **state)
{
	char path[LIMIT_PATH_BYTES];

	(void)state;
	assert_int_equal(write_text("text", 0600), 0);
	path_of(path, NAME);
	assert_int_equal(durable_sync_file(path, 0444), 0);
	assert_contents(NAME, "text", 0444);
	assert_int_equal(durable_sync_directory(directory), 0);
	/* a file is no directory */
	assert_int_equal(durable_sync_directory(path), -1);
	assert_int_equal(errno, ENOTDIR);
}

static void
join(void **state)
{
	char path[8], long_name[LIMIT_PATH_BYTES];

	(void)state;
	assert_int_equal(path_join(path, sizeof path, "abc", "def"), 0);
	assert_string_equal(path, "abc/def");
	errno = 0;
	assert_int_equal(path_join(path, sizeof path, "abc", "defg"), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	/* the name beside it, four bytes longer, must fit too */
	memset(long_name, 'x', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	errno = 0;
	assert_int_equal(durable_write(directory, long_name, "x", 1, 0444), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	long_name[LIMIT_PATH_BYTES - 1 - strlen(directory) - 1] = '\0';
	assert_int_equal(durable_write(directory, long_name, "x", 1, 0444), -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

/* A pipe takes less than it is given at once. */
static void
write_all_goes_on(void **state)
{
	static char data[1 << 20];
	size_t total = 0;
	int ends[2], status;
	pid_t child;

	(void)state;
	memset(data, 'x', sizeof data);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(ends[0]);
		_exit(write_all(ends[1], data, sizeof data) == 0 ? 0 : 1);
	}
	assert_int_equal(close(ends[1]), 0);
	for (ssize_t got = 1; got > 0; total += (size_t)got) {
		got = read(ends[0], data, 1000);
		assert_true(got >= 0);
	}
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(total, sizeof data);
	assert_int_equal(write_all(-1, data, 1), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(write_all(-1, NULL, 0), 0);
}

static int
directory_begin(void **state)
{
	(void)state;
	(void)umask(022);
	return mkdtemp(directory) == NULL ? -1 : 0;
}

static int
directory_end(void **state)
{
	(void)state;
	remove_all();
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(replaces, setup),
		cmocka_unit_test_setup(empty, setup),
		cmocka_unit_test_setup(leftover_read_only_is_replaced, setup),
		cmocka_unit_test_setup(leftover_link_is_not_followed, setup),
		cmocka_unit_test_setup(no_permission, setup),
		cmocka_unit_test_setup(disk_full, setup),
		cmocka_unit_test_setup(rename_fails, setup),
		cmocka_unit_test_setup(no_such_directory, setup),
		cmocka_unit_test_setup(sync_sets_the_mode, setup),
		cmocka_unit_test_setup(join, setup),
		cmocka_unit_test_setup(write_all_goes_on, setup),
	};

	return cmocka_run_group_tests(tests, directory_begin, directory_end);
}
