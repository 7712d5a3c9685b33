/* SPDX-License-Identifier: ISC
 *
 * The health of a snapshot as one line for a monitoring system, by the convention of the monitoring plugins.
 */
#ifndef CHECK_STATUS_H
#define CHECK_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/summary.h"
#include "check/verify.h"
#include "rmd.h"

enum health { HEALTH_OK = 0, HEALTH_WARNING = 1, HEALTH_CRITICAL = 2, HEALTH_UNKNOWN = 3 };

/* The line, without a newline, and the exit code. `held`: the guard keeps a list that waits for a person; `last`: how
 * rmdsync's last run ended, told only, NULL where nobody knows. `path` is the snapshot's, for messages.
 */
enum health
status_judge(const struct rmd_info *info, enum verification verification, bool held, const struct summary *last,
	     int64_t now, const char *path, char *line, size_t size);

#endif
