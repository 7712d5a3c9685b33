/* SPDX-License-Identifier: ISC
 *
 * A pipe with a decoder at its far end. Messages are a head and as many bytes as it says; the last one is the
 * outcome.
 */
#include "sync/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/time.h"
#include "sync/sandbox.h"
#include "sync/stop.h"

enum message { MESSAGE_FILING = 1, MESSAGE_REJECT, MESSAGE_COLUMN, MESSAGE_SHUT_IN, MESSAGE_OUTCOME };

struct head {
	uint32_t kind;
	uint32_t length; /* at most FILING_ENCODED_MAX */
	uint64_t line;
};

/* Room for many messages at either end: one system call then carries hundreds of filings. */
#define PIPE_BYTES ((size_t)1024 * 1024)
_Static_assert(PIPE_BYTES >= FILING_ENCODED_MAX + sizeof(struct head), "the longest message fits");
_Static_assert(FILING_ENCODED_MAX >= sizeof(struct reject) && FILING_ENCODED_MAX >= sizeof(struct error),
	       "so do the others");

/* The decoder's end. */
struct teller {
	int pipe;
	unsigned char *buffer; /* PIPE_BYTES */
	size_t used;
	bool lost; /* nobody listens any more */
};

static void
teller_flush(struct teller *teller)
{
	if (!teller->lost && write_all(teller->pipe, teller->buffer, teller->used) != 0)
		teller->lost = true;
	teller->used = 0;
}

/* Room for a message of at most `length` bytes; `tell` then says how long it is. */
static unsigned char *
teller_room(struct teller *teller, size_t length)
{
	if (teller->used + sizeof(struct head) + length > PIPE_BYTES)
		teller_flush(teller);
	return teller->buffer + teller->used + sizeof(struct head);
}

static void
tell(struct teller *teller, enum message kind, size_t length, uint64_t line)
{
	struct head head = { kind, (uint32_t)length, line };

	memcpy(teller->buffer + teller->used, &head, sizeof head);
	teller->used += sizeof head + length;
}

static int
teller_state(const struct teller *teller, struct error *error)
{
	return teller->lost ? error_set(error, EX_TEMPFAIL, "nobody listens to the decoder") : 0;
}

static int
tell_filing(void *context, const struct filing *filing, uint64_t line, struct error *error)
{
	struct teller *teller = context;

	tell(teller, MESSAGE_FILING, filing_encode(filing, teller_room(teller, FILING_ENCODED_MAX)), line);
	return teller_state(teller, error);
}

static int
tell_reject(void *context, const struct reject *reject, struct error *error)
{
	struct teller *teller = context;

	memcpy(teller_room(teller, sizeof *reject), reject, sizeof *reject);
	tell(teller, MESSAGE_REJECT, sizeof *reject, reject->line);
	return teller_state(teller, error);
}

static void
tell_column(void *context, struct slice name)
{
	struct teller *teller = context;
	size_t length = name.length > LIMIT_COLUMN_NAME ? LIMIT_COLUMN_NAME : name.length;

	memcpy(teller_room(teller, length), name.data, length);
	tell(teller, MESSAGE_COLUMN, length, 0);
}

/* The child: shuts itself in, decodes, tells the outcome. */
static void
decoder_run(int file, int pipe, unsigned char *buffer, enum decode_format format, const char *name, bool columns)
{
	struct teller teller = { pipe, buffer, 0, false };
	struct decode_sink sink = { tell_filing, tell_reject, columns ? tell_column : NULL, &teller, &teller };
	struct error error = { 0 };
	bool landlock = false;

	if (sandbox_enter(file, pipe, &landlock, &error) == 0) {
		teller_room(&teller, 0);
		tell(&teller, MESSAGE_SHUT_IN, 0, landlock);
		decode(file, format, name, &sink, &error);
	}
	memcpy(teller_room(&teller, sizeof error), &error, sizeof error);
	tell(&teller, MESSAGE_OUTCOME, sizeof error, 0);
	teller_flush(&teller);
}

/* Our end. */
struct listener {
	const struct decode_sink *sink;
	const char *name;
	int64_t until; /* milliseconds of the clock that nobody sets */
	bool *landlock;
	unsigned columns; /* unknown ones */
	bool done;        /* the outcome has come */
	struct error *error;
};

static int
message_bad(struct listener *listener)
{
	return error_set(
		listener->error, EX_DATAERR,
		"the decoder said what no decoder says; the file is refused, the old snapshot keeps serving");
}

static int
hear_reject(struct listener *listener, const unsigned char *bytes, size_t length)
{
	struct reject reject;

	if (length != sizeof reject)
		return message_bad(listener);
	memcpy(&reject, bytes, sizeof reject);
	if ((unsigned)reject.column >= COLUMN_COUNT || reject.number > 9999999 || reject.frn > UINT64_C(9999999999) ||
	    memchr(reject.reason, '\0', sizeof reject.reason) == NULL)
		return message_bad(listener);
	return listener->sink->reject(listener->sink->context, &reject, listener->error);
}

static int
hear_outcome(struct listener *listener, const unsigned char *bytes, size_t length)
{
	struct error error;

	if (length != sizeof error)
		return message_bad(listener);
	memcpy(&error, bytes, sizeof error);
	/* The run ends with it, so that a decoder which somebody has taken over must not choose it. */
	if (error.code != 0 && error.code != EX_DATAERR && error.code != EX_SOFTWARE && error.code != EX_TEMPFAIL &&
	    error.code != EX_CANTCREAT)
		return message_bad(listener);
	error.text[sizeof error.text - 1] = '\0';
	listener->done = true;
	return error.code == 0 ? 0 : error_set(listener->error, error.code, "%s", error.text);
}

static int
hear(struct listener *listener, const struct head *head, const unsigned char *bytes)
{
	const struct decode_sink *sink = listener->sink;
	struct filing filing;

	switch (head->kind) {
	case MESSAGE_FILING:
		if (!filing_decode((struct slice){ (const char *)bytes, head->length }, &filing))
			return message_bad(listener);
		return sink->filing(sink->context, &filing, head->line, listener->error);
	case MESSAGE_REJECT:
		return hear_reject(listener, bytes, head->length);
	case MESSAGE_COLUMN:
		if (++listener->columns > LIMIT_COLUMNS)
			return message_bad(listener);
		if (sink->unknown_column != NULL)
			sink->unknown_column(sink->unknown_context,
					     (struct slice){ (const char *)bytes, head->length });
		return 0;
	case MESSAGE_SHUT_IN:
		*listener->landlock = head->line != 0;
		return 0;
	case MESSAGE_OUTCOME:
		return hear_outcome(listener, bytes, head->length);
	default:
		return message_bad(listener);
	}
}

/* All whole messages of what has come; returns how many bytes they were. */
static size_t
hear_all(struct listener *listener, const unsigned char *bytes, size_t length)
{
	size_t heard = 0;
	struct head head;

	while (listener->error->code == 0 && length - heard >= sizeof head) {
		memcpy(&head, bytes + heard, sizeof head);
		if (head.length > FILING_ENCODED_MAX) {
			message_bad(listener);
			break;
		}
		if (length - heard - sizeof head < head.length)
			break;
		if (hear(listener, &head, bytes + heard + sizeof head) != 0)
			break;
		heard += sizeof head + head.length;
	}
	return heard;
}

/* Waits for something to read, at most until the decoder's time is up. -1: it is, or errno says what failed. */
static int
decoder_await(struct listener *listener, int pipe)
{
	int64_t left = listener->until - clock_milliseconds();
	int ready = left > 0 ? stop_poll(pipe, left) : 0;

	if (ready != 0)
		return ready;
	errno = ETIME;
	return -1;
}

static void
listen_to(struct listener *listener, int pipe, unsigned char *buffer)
{
	size_t used = 0, heard;
	ssize_t got;

	while (listener->error->code == 0) {
		got = decoder_await(listener, pipe) < 0 ? -1 : read(pipe, buffer + used, PIPE_BYTES - used);
		if (got == 0 || stop_check(listener->error) != 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == ETIME) {
			error_set(listener->error, EX_TEMPFAIL,
				  "%s: the decoder is not done with it in the time of total-timeout; the old "
				  "snapshot keeps serving",
				  listener->name);
			break;
		}
		if (got < 0) {
			error_set(listener->error, EX_TEMPFAIL, "the decoder cannot be heard: %s", strerror(errno));
			break;
		}
		used += (size_t)got;
		heard = hear_all(listener, buffer, used);
		memmove(buffer, buffer + heard, used - heard);
		used -= heard;
	}
}

/* How the child ended, when it did not say. */
static void
end_judge(struct listener *listener, const char *name, int status)
{
	if (listener->done || listener->error->code != 0)
		return;
	if (WIFSIGNALED(status))
		error_set(listener->error, EX_DATAERR,
			  "%s: the decoder died of signal %d over it; the file is refused, the old snapshot keeps "
			  "serving",
			  name, WTERMSIG(status));
	else
		error_set(listener->error, EX_DATAERR,
			  "%s: the decoder ended before it was done; the file is refused, the old snapshot keeps "
			  "serving",
			  name);
}

int
decode_apart(int file, enum decode_format format, const char *name, const struct decode_sink *sink, int64_t seconds,
	     bool *landlock, struct error *error)
{
	struct listener listener = { .sink = sink,
				     .name = name,
				     .until = clock_milliseconds() + seconds * 1000,
				     .landlock = landlock,
				     .error = error };
	unsigned char *buffer = malloc(PIPE_BYTES);
	int ends[2] = { -1, -1 }, status = 0;
	pid_t parent = getpid(), child = -1;

	*landlock = false;
	if (buffer == NULL || pipe2(ends, O_CLOEXEC) != 0) {
		error_set(error, EX_TEMPFAIL, "there is no pipe to the decoder: %s; nothing was changed",
			  strerror(errno));
		goto out;
	}
	/* A wider pipe only makes it faster. */
	if (fcntl(ends[1], F_SETPIPE_SZ, (int)PIPE_BYTES) < 0)
		errno = 0;
	child = fork();
	if (child < 0) {
		error_set(error, EX_TEMPFAIL, "there is no process for the decoder: %s; nothing was changed",
			  strerror(errno));
		goto out;
	}
	if (child == 0) {
		/* It must not outlive a run that is killed. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
			decoder_run(file, ends[1], buffer, format, name, sink->unknown_column != NULL);
		_exit(0);
	}
	close(ends[1]);
	ends[1] = -1;
	listen_to(&listener, ends[0], buffer);
	/* One that has told its outcome need not have ended. */
	if (error->code != 0)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	end_judge(&listener, name, status);
out:
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	free(buffer);
	return error->code;
}
