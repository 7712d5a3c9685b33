/* SPDX-License-Identifier: ISC
 *
 * SIGINT, SIGTERM and SIGHUP end a run in good order: they are noted here, and whoever may take long looks. What has
 * to be cleaned up is not known here.
 */
#ifndef SYNC_STOP_H
#define SYNC_STOP_H

#include <stdint.h>

#include "base/error.h"

/* From now on the three are noted, unless they are ignored, and SIGPIPE is ignored: a server or a reader that hangs
 * up is an error of write. 0, or -1 with errno. */
int
stop_begin(void);

/* From now on they end the program at once, as they do by default. 0, or -1 with errno. */
int
stop_end(void);

/* The signal that came; 0: none. */
int
stop_signal(void);

/* 0, or 75 and the line that tells of the signal. */
int
stop_check(struct error *error);

/* poll() for reading on one descriptor (-1: none, only time passes) that a signal ends at once, one that came just
 * before it too: then -1 and EINTR. milliseconds -1: no limit. */
int
stop_poll(int file, int64_t milliseconds);

#endif
