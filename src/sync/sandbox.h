/* SPDX-License-Identifier: ISC
 *
 * A process takes from itself what it does not need: other files, the network, new programs. For the one that reads a
 * stranger's bytes. What it reads must not be known here.
 */
#ifndef SYNC_SANDBOX_H
#define SYNC_SANDBOX_H

#include <stdbool.h>

#include "base/error.h"

/* Closes every descriptor but `input` and `output` (and stderr), and gives up for good all but reading, writing and
 * memory. Must be called while there is one thread. *landlock tells whether the kernel had that second layer. 0, or
 * 70 and one line: then nothing may be read. */
int
sandbox_enter(int input, int output, bool *landlock, struct error *error);

#endif
