/* SPDX-License-Identifier: ISC
 *
 * One number, written by a signal handler and read by everybody else. It is the only variable of the program that is
 * not somebody's own: a handler is given nothing else to write to.
 */
#include "sync/stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t received;

static const int endings[] = { SIGINT, SIGTERM, SIGHUP };

static void
receive(int number)
{
	received = number;
}

/* Those that whoever started us had ignored, as nohup does, stay so. */
static int
endings_set(void (*handler)(int))
{
	/* Restarted is what a signal need not break off; poll and the like are never restarted. */
	struct sigaction action = { .sa_flags = SA_RESTART }, before;

	action.sa_handler = handler;
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (sigaction(endings[i], NULL, &before) != 0 ||
		    (before.sa_handler != SIG_IGN && sigaction(endings[i], &action, NULL) != 0))
			return -1;
	return 0;
}

int
stop_begin(void)
{
	struct sigaction ignored = { .sa_handler = SIG_IGN };

	received = 0;
	/* A file that may not grow any more is an error of write too. */
	if (sigaction(SIGPIPE, &ignored, NULL) != 0 || sigaction(SIGXFSZ, &ignored, NULL) != 0)
		return -1;
	return endings_set(receive);
}

int
stop_end(void)
{
	return endings_set(SIG_DFL);
}

int
stop_signal(void)
{
	return received;
}

int
stop_check(struct error *error)
{
	int number = received;

	return number == 0 ? 0
			   : error_set(error, EX_TEMPFAIL, "stopped by signal %d; the old snapshot keeps serving",
				       number);
}

int
stop_poll(int file, int64_t milliseconds)
{
	struct pollfd waiting = { .fd = file, .events = POLLIN };
	struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
	sigset_t blocked, before;
	int status, code;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		sigaddset(&blocked, endings[i]);
	/* A signal between the look and the wait must not be slept over, so it may come only before or within. */
	if (sigprocmask(SIG_BLOCK, &blocked, &before) != 0)
		return -1;
	errno = EINTR;
	status = received != 0 ? -1 : ppoll(&waiting, file >= 0 ? 1 : 0, milliseconds >= 0 ? &time : NULL, &before);
	code = errno;
	if (sigprocmask(SIG_SETMASK, &before, NULL) != 0)
		return -1;
	errno = code;
	return status;
}
