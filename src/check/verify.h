/* SPDX-License-Identifier: ISC
 *
 * Whether a snapshot still is the file that rmdsync published.
 */
#ifndef CHECK_VERIFY_H
#define CHECK_VERIFY_H

#include "rmd.h"

enum verification {
	VERIFY_NOT_ASKED,
	VERIFY_GOOD,
	VERIFY_MISMATCH,
	VERIFY_NO_SIDECAR, /* no rmd.mdb.sha256, or no line of its form in it */
	VERIFY_UNREADABLE, /* the snapshot cannot be read */
};

/* The SHA-256 that `path`.sha256 has; "" where it has none, or two while another snapshot is published. */
void
digest_beside(const char *path, char digest[RMD_DIGEST_SIZE]);

/* Recomputes the SHA-256 of the file at `path` and holds it against the lines of `path`.sha256. */
enum verification
digest_verify(const char *path);

#endif
