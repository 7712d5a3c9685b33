/* SPDX-License-Identifier: ISC
 *
 * Decoding in a process of its own, which has no network, no files and no rights but to read the source and to tell
 * what it found. What it tells is checked like a stranger's.
 */
#ifndef SYNC_APART_H
#define SYNC_APART_H

#include "sync/decode.h"

/* As decode(). Besides: 65 when the process dies over the file, 70 when it cannot be shut in, 75 when there is no
 * process or pipe to be had, or it takes longer than `seconds`. *landlock tells whether the second layer was there.
 * Call it while there is one thread. */
int
decode_apart(int file, enum decode_format format, const char *name, const struct decode_sink *sink, int64_t seconds,
	     bool *landlock, struct error *error);

#endif
