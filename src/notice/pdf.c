/* SPDX-License-Identifier: ISC
 *
 * Runs pdftotext without a shell, bounded in memory and in time; its output is a stranger's, bounded in length.
 */
#include "notice/pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/time.h"

#define CHUNK_BYTES 65536
/* As a shell says that there is no such program. */
#define NOT_STARTED 127

bool
pdf_is(int file)
{
	char start[5];

	return pread(file, start, sizeof start, 0) == (ssize_t)sizeof start && memcmp(start, "%PDF-", 5) == 0;
}

/* Appends what is to be read now: 1, 0 at the end, -1 after error_set. */
static int
chunk_read(const char *path, int file, struct buffer *text, struct error *error)
{
	size_t room =
		LIMIT_NOTICE_BYTES - text->length < CHUNK_BYTES ? LIMIT_NOTICE_BYTES - text->length : CHUNK_BYTES;
	/* A byte beyond the maximum tells that there is more. */
	char *place = buffer_extend(text, room + 1, LIMIT_NOTICE_BYTES + 1);
	ssize_t got;

	if (place == NULL) {
		error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
		return -1;
	}
	do
		got = read(file, place, room + 1);
	while (got < 0 && errno == EINTR);
	text->length -= room + 1 - (got > 0 ? (size_t)got : 0);
	if (got < 0)
		error_set(error, EX_IOERR, "%s: cannot be read: %s", path, strerror(errno));
	else if (text->length > LIMIT_NOTICE_BYTES)
		error_set(error, EX_DATAERR, "%s: is longer than %d bytes; no document of the FCC is", path,
			  LIMIT_NOTICE_BYTES);
	return error->code != 0 ? -1 : got > 0;
}

int
file_text(const char *path, int file, struct buffer *text, struct error *error)
{
	int more = 1;

	if (lseek(file, 0, SEEK_SET) != 0)
		return error_set(error, EX_IOERR, "%s: cannot be read: %s", path, strerror(errno));
	while (more > 0)
		more = chunk_read(path, file, text, error);
	return error->code;
}

/* Waits until there is something to read, or an end, or the end of the time. */
static int
await(const char *path, int descriptor, int64_t deadline, int seconds, struct error *error)
{
	struct pollfd wait = { descriptor, POLLIN, 0 };
	int ready;

	do {
		int64_t left = deadline - clock_milliseconds();

		ready = poll(&wait, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return error_set(error, EX_DATAERR,
				 "%s: pdftotext took longer than %d seconds over it; give the text", path, seconds);
	return 0;
}

/* To the end of the pipe, and then of the process: one that closes its output may go on living. */
static int
output_read(const char *path, int output, pid_t child, int seconds, struct buffer *text, struct error *error)
{
	int64_t deadline = clock_milliseconds() + (int64_t)seconds * 1000;
	int more = 1, process;

	while (more > 0 && await(path, output, deadline, seconds, error) == 0)
		more = chunk_read(path, output, text, error);
	if (error->code != 0)
		return error->code;
	process = (int)syscall(SYS_pidfd_open, child, 0);
	/* A kernel without it waits as long as the process lives. */
	if (process >= 0) {
		await(path, process, deadline, seconds, error);
		(void)close(process);
	}
	return error->code;
}

/* A hostile PDF gets no more memory than this, whatever it makes of pdftotext. */
static int
memory_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) != 0)
		return -1;
	if (limit.rlim_cur > LIMIT_PDF_MEMORY)
		limit.rlim_cur = LIMIT_PDF_MEMORY;
	limit.rlim_max = limit.rlim_cur;
	return setrlimit(RLIMIT_AS, &limit);
}

/* In a process of its own; what it would say on stderr is a stranger's. */
static void
pdftotext_exec(int file, int output)
{
	char *const arguments[] = { "pdftotext", "-layout", "-enc", "UTF-8", "-", "-", NULL };
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (dup2(file, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 && dup2(nothing, STDERR_FILENO) >= 0 &&
	    signal(SIGPIPE, SIG_DFL) != SIG_ERR && memory_limit() == 0)
		execvp(arguments[0], arguments);
	_exit(NOT_STARTED);
}

static int
pdftotext_end(const char *path, pid_t child, struct error *error)
{
	int status = 0;
	pid_t ended;

	/* After a failure nobody reads what it writes. */
	if (error->code != 0 && kill(child, SIGKILL) != 0)
		status = 0;
	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended < 0)
		return error_set(error, EX_OSERR, "%s: pdftotext: %s", path, strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
		return error_set(error, EX_UNAVAILABLE,
				 "%s: is a PDF, and there is no pdftotext that starts: install poppler-utils, or "
				 "give the text",
				 path);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return error_set(error, EX_DATAERR, "%s: pdftotext makes no text of it; give the text", path);
	return 0;
}

static bool
is_blank(const struct buffer *text)
{
	return slice_trim((struct slice){ text->data, text->length }).length == 0;
}

int
pdf_text(const char *path, int file, int seconds, struct buffer *text, struct error *error)
{
	int pipes[2] = { -1, -1 };
	pid_t child;

	if (lseek(file, 0, SEEK_SET) != 0 || pipe2(pipes, O_CLOEXEC) != 0)
		return error_set(error, EX_IOERR, "%s: cannot be read: %s", path, strerror(errno));
	child = fork();
	if (child == 0)
		pdftotext_exec(file, pipes[1]);
	(void)close(pipes[1]);
	if (child < 0) {
		error_set(error, EX_TEMPFAIL, "%s: pdftotext: %s", path, strerror(errno));
	} else {
		output_read(path, pipes[0], child, seconds, text, error);
		pdftotext_end(path, child, error);
	}
	(void)close(pipes[0]);
	if (error->code == 0 && is_blank(text))
		return error_set(error, EX_DATAERR,
				 "%s: is a PDF of pictures, without text: text recognition must come first", path);
	return error->code;
}
