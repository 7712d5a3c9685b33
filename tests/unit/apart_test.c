/* SPDX-License-Identifier: ISC
 *
 * The decoder that is shut in: what it can no longer do, and that it says the same as one that is not. What is
 * decoded to what stands in decode_test.c.
 */
#include "world.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sync/apart.h"
#include "sync/sandbox.h"
#include "sync/staging.h"

/* What a child does once it is shut in; it tells by its exit code, or by its death. */
typedef int
deed(int output);

static int
shut_in(deed *chosen)
{
	int input = open("/dev/null", O_RDONLY), output = open("/dev/null", O_WRONLY), status;
	pid_t child;

	assert_true(input > STDERR_FILENO && output > STDERR_FILENO);
	child = fork();
	if (child == 0) {
		struct error error = { 0 };
		bool landlock;

		_exit(sandbox_enter(input, output, &landlock, &error) != 0 ? 99 : chosen(output));
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(close(input), 0);
	assert_int_equal(close(output), 0);
	return status;
}

static int
write_and_end(int output)
{
	void *memory = malloc(1 << 20);
	int good = memory != NULL && write(output, "x", 1) == 1;

	free(memory);
	return good ? 0 : 1;
}

static int
open_a_file(int output)
{
	(void)output;
	return open("/etc/passwd", O_RDONLY) < 0 && errno == EPERM ? 0 : 1;
}

static int
make_a_file(int output)
{
	(void)output;
	return open("/tmp/rmd-sandbox", O_WRONLY | O_CREAT, 0600) < 0 && errno == EPERM ? 0 : 1;
}

static int
open_a_socket(int output)
{
	(void)output;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ? 0 : 1;
}

static int
take_more_memory(int output)
{
	static const int kinds[] = { MAP_PRIVATE, MAP_SHARED };
	int given = 0;

	(void)output;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		given += mmap(NULL, 2 * LIMIT_DECODER_BYTES, PROT_READ | PROT_WRITE, kinds[i] | MAP_ANONYMOUS, -1,
			      0) != MAP_FAILED;
	return given;
}

static int
use_another_descriptor(int output)
{
	(void)output;
	/* Standard input and output are closed. */
	return write(STDOUT_FILENO, "x", 1) < 0 && errno == EBADF ? 0 : 1;
}

static int
run_a_program(int output)
{
	(void)output;
	execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static int
remove_a_file(int output)
{
	(void)output;
	return unlink("/tmp/rmd-sandbox") == 0 ? 2 : 1;
}

static int
begin_a_process(int output)
{
	(void)output;
	return fork() >= 0 ? 2 : 1;
}

static void
what_it_needs_works(void **state)
{
	(void)state;
	assert_int_equal(shut_in(write_and_end), 0);
}

static void
what_it_is_denied(void **state)
{
	(void)state;
	assert_int_equal(shut_in(open_a_file), 0);
	assert_int_equal(shut_in(make_a_file), 0);
	assert_int_equal(shut_in(open_a_socket), 0);
	assert_int_equal(shut_in(take_more_memory), 0);
	assert_int_equal(shut_in(use_another_descriptor), 0);
}

static void
what_kills_it(void **state)
{
	static deed *const deeds[] = { run_a_program, remove_a_file, begin_a_process };

	(void)state;
	for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
		int status = shut_in(deeds[i]);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

/* The sample, as CSV and as XML, in this process and in one apart: the same filings, rejects and failures. */
static void
says_the_same_as_here(void **state)
{
	static const char *const files[] = { "contrib/sample/rmd-sample.csv", "contrib/sample/rmd-sample.xml" };
	const char *srcdir = getenv("srcdir");

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct staging here, apart;
		struct decode_sink sink;
		struct error error = { 0 };
		bool landlock;
		char path[512];
		int file;

		snprintf(path, sizeof path, "%s/%s", srcdir != NULL ? srcdir : ".", files[i]);
		file = open(path, O_RDONLY | O_CLOEXEC);
		assert_true(file >= 0);
		staging_begin(&here, world);
		sink = staging_sink(&here);
		assert_int_equal(decode(file, DECODE_AUTO, "list", &sink, &error), 0);
		assert_int_equal(lseek(file, 0, SEEK_SET), 0);
		staging_begin(&apart, world);
		sink = staging_sink(&apart);
		assert_int_equal(decode_apart(file, DECODE_AUTO, "list", &sink, 60, &landlock, &error), 0);
		assert_int_equal(close(file), 0);
		assert_int_equal(here.count, apart.count);
		assert_true(here.count > 200);
		assert_int_equal(here.reject_count, 2);
		assert_int_equal(apart.reject_count, 2);
		assert_memory_equal(here.forms.data, apart.forms.data, here.forms.length);
		assert_string_equal(here.rejects[1].reason, apart.rejects[1].reason);
		staging_end(&here);
		staging_end(&apart);
	}
}

static void
its_failure_comes_across(void **state)
{
	struct staging staging;
	struct decode_sink sink;
	struct error error = { 0 };
	bool landlock;
	int file;

	(void)state;
	world_write(world_list, "<html><body>maintenance</body></html>\n");
	file = open(world_list, O_RDONLY | O_CLOEXEC);
	staging_begin(&staging, world);
	sink = staging_sink(&staging);
	assert_int_equal(decode_apart(file, DECODE_AUTO, "list", &sink, 60, &landlock, &error), EX_DATAERR);
	assert_non_null(strstr(error.text, "HTML"));
	staging_end(&staging);
	assert_int_equal(close(file), 0);
}

/* Whoever receives may refuse: the decoder is ended, and nobody waits for it. */
static int
refuse(void *context, const struct filing *filing, uint64_t line, struct error *error)
{
	(void)context;
	(void)filing;
	return error_set(error, EX_CANTCREAT, "no more of it, at line %llu", (unsigned long long)line);
}

static int
list_of_one_row(void)
{
	int file;

	world_rows((const struct row[]){ { "RMD0000001", "0099000001", "One" } }, 1);
	file = open(world_list, O_RDONLY | O_CLOEXEC);
	assert_true(file >= 0);
	return file;
}

static void
a_receiver_that_refuses_ends_it(void **state)
{
	struct decode_sink sink = { .filing = refuse };
	struct error error = { 0 };
	int file = list_of_one_row();
	bool landlock;

	(void)state;
	assert_int_equal(decode_apart(file, DECODE_AUTO, "list", &sink, 60, &landlock, &error), EX_CANTCREAT);
	assert_string_equal(error.text, "no more of it, at line 2");
	assert_int_equal(close(file), 0);
}

/* What a decoder tells that somebody has taken over; NULL: it decodes. */
typedef void
lie(int pipe);
static lie *lying;

int
__real_decode(int file, enum decode_format format, const char *name, const struct decode_sink *sink,
	      struct error *error);
int
__wrap_decode(int file, enum decode_format format, const char *name, const struct decode_sink *sink,
	      struct error *error);

int
__wrap_decode(int file, enum decode_format format, const char *name, const struct decode_sink *sink,
	      struct error *error)
{
	if (lying == NULL)
		return __real_decode(file, format, name, sink, error);
	/* The pipe is the first thing that the decoder's end remembers. */
	lying(*(int *)sink->context);
	return 0;
}

static void
message(int pipe, uint32_t kind, uint32_t length, const void *bytes)
{
	const struct {
		uint32_t kind;
		uint32_t length;
		uint64_t line;
	} head = { kind, length, 1 };

	if (write(pipe, &head, sizeof head) != sizeof head || write(pipe, bytes, length) != (ssize_t)length)
		_exit(1);
}

static void
outcome(int pipe, int code)
{
	struct error error = { .code = code };

	memset(error.text, 'x', sizeof error.text);
	message(pipe, 5, sizeof error, &error);
}

/* 256 is 0 to whoever waits for the run, 3 a list that is held. */
static void
ends_well_for_the_shell(int pipe)
{
	outcome(pipe, 256);
}

static void
ends_held(int pipe)
{
	outcome(pipe, 3);
}

static void
an_unknown_kind(int pipe)
{
	message(pipe, 6, 0, "");
}

static void
a_length_without_end(int pipe)
{
	const uint32_t head[4] = { 1, UINT32_MAX, 0, 0 };

	if (write(pipe, head, sizeof head) != sizeof head)
		_exit(1);
}

static void
a_filing_that_is_none(int pipe)
{
	char form[64];

	memset(form, 0xff, sizeof form);
	message(pipe, 1, sizeof form, form);
}

static void
a_reject_of_no_column(int pipe)
{
	struct reject reject = { .column = (enum column)1000 };

	message(pipe, 2, sizeof reject, &reject);
}

static void
columns_without_end(int pipe)
{
	for (;;)
		message(pipe, 3, 1, "x");
}

static void
half_a_message(int pipe)
{
	if (write(pipe, "\1\0\0", 3) != 3)
		_exit(1);
	_exit(0);
}

static void
a_crash(int pipe)
{
	(void)pipe;
	/* It may not even ask for one. */
	(void)raise(SIGSEGV);
}

static void
columns_are_ignored(void *context, struct slice name)
{
	(void)context;
	(void)name;
}

static int
lie_told(lie *told, int64_t seconds, struct error *error)
{
	struct staging staging;
	struct decode_sink sink;
	int code, file = list_of_one_row();
	bool landlock;

	staging_begin(&staging, world);
	sink = staging_sink(&staging);
	sink.unknown_column = columns_are_ignored;
	lying = told;
	code = decode_apart(file, DECODE_AUTO, "list", &sink, seconds, &landlock, error);
	lying = NULL;
	staging_end(&staging);
	assert_int_equal(close(file), 0);
	return code;
}

static void
a_decoder_that_lies_refuses_the_file(void **state)
{
	static lie *const lies[] = { ends_well_for_the_shell, ends_held,
				     an_unknown_kind,         a_length_without_end,
				     a_filing_that_is_none,   a_reject_of_no_column,
				     columns_without_end };

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		struct error error = { 0 };

		assert_int_equal(lie_told(lies[i], 60, &error), EX_DATAERR);
		assert_non_null(strstr(error.text, "said what no decoder says"));
	}
}

static void
a_decoder_that_breaks_off_refuses_the_file(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_int_equal(lie_told(half_a_message, 60, &error), EX_DATAERR);
	assert_non_null(strstr(error.text, "ended before it was done"));
	error = (struct error){ 0 };
	assert_int_equal(lie_told(a_crash, 60, &error), EX_DATAERR);
}

/* One that hangs, and one that has told its outcome and does not end. */
static void
hangs(int pipe)
{
	char none;

	(void)pipe;
	while (read(-1, &none, 1) < 0)
		continue;
}

static void
is_done_and_hangs(int pipe)
{
	outcome(pipe, 0);
	hangs(pipe);
}

static void
a_decoder_that_never_ends_is_ended(void **state)
{
	static lie *const lies[] = { hangs, is_done_and_hangs };

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		struct error error = { 0 };

		assert_int_equal(lie_told(lies[i], 1, &error), EX_TEMPFAIL);
		assert_non_null(strstr(error.text, "not done with it in the time of total-timeout"));
	}
}

/* A kernel that does not shut the decoder in; without it nothing of a stranger's is read. */
static bool no_seccomp;

int
__real_seccomp_load(void *filter);
int
__wrap_seccomp_load(void *filter);

int
__wrap_seccomp_load(void *filter)
{
	return no_seccomp ? -ENOSYS : __real_seccomp_load(filter);
}

static void
without_seccomp_nothing_is_read(void **state)
{
	struct decode_sink sink = { .filing = refuse };
	struct error error = { 0 };
	int file = list_of_one_row();
	bool landlock;

	(void)state;
	no_seccomp = true;
	assert_int_equal(decode_apart(file, DECODE_AUTO, "list", &sink, 60, &landlock, &error), EX_SOFTWARE);
	no_seccomp = false;
	assert_non_null(strstr(error.text, "seccomp"));
	assert_non_null(strstr(error.text, "nothing is read"));
	assert_int_equal(lseek(file, 0, SEEK_CUR), 0);
	assert_int_equal(close(file), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	const struct CMUnitTest tests[] = {
		TEST(what_it_needs_works),
		TEST(what_it_is_denied),
		TEST(what_kills_it),
		TEST(says_the_same_as_here),
		TEST(its_failure_comes_across),
		TEST(a_receiver_that_refuses_ends_it),
		TEST(a_decoder_that_lies_refuses_the_file),
		TEST(a_decoder_that_breaks_off_refuses_the_file),
		TEST(a_decoder_that_never_ends_is_ended),
		TEST(without_seccomp_nothing_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
