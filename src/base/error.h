/* SPDX-License-Identifier: ISC
 *
 * One failure: the exit code of the contract and one clear line. It is filled where the failure is seen and
 * printed once, by main. No file may print its own errors.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <sysexits.h>

#include "base/limits.h"

struct error {
	int code; /* 0, or one of sysexits.h */
	char text[LIMIT_ERROR_BYTES];
};

/* Fills the error, control characters replaced; the first failure stands, later ones are ignored.
 * Returns the code that stands, so that `return error_set(...)` reads well. */
int
error_set(struct error *error, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The code of a failure that errno tells: 75 where it is over as soon as other programs are (no more open files, no
 * memory), else the one given. */
int
error_code(int otherwise);

/* For a main: what getopt_long, which answered ':' or '?', has just refused. Returns EX_USAGE. */
int
option_refused(const char *program, int answer, char **argv, struct error *error);

#endif
