/* SPDX-License-Identifier: ISC
 *
 * Brings one source into a private file and hashes it on the way. What the bytes mean is not known here.
 */
#ifndef SYNC_FETCH_H
#define SYNC_FETCH_H

#include <stdint.h>

#include "base/error.h"

struct fetch_request {
	const char *url; /* https://... or file:///... */
	int spool;	 /* an open, empty file to write the decoded body to */
	uint64_t max_bytes;
	int64_t connect_timeout; /* seconds */
	int64_t total_timeout;
	const char *ca_file; /* NULL: the system's */
	const char *proxy;   /* NULL: the environment's */
	const char *contact; /* NULL: none */
	/* Called now and then with the decoded bytes so far; NULL: not wanted. */
	void (*progress)(void *context, uint64_t bytes);
	void *context;
};

struct fetch_result {
	uint64_t bytes;	 /* decoded */
	char digest[65]; /* SHA-256 of the decoded body, hexadecimal */
};

/* Returns 0, or a code after error_set: 65 (more than max_bytes), 69 (4xx, certificate or CA file that does not verify,
 * no such file, permission), 73 (the spool cannot be written), 75 (5xx, 408, 429, a time-out, no connection, a transfer
 * that broke off), 78 (neither https: nor file:). The error line names the URL. */
int
fetch(const struct fetch_request *request, struct fetch_result *result, struct error *error);

/* Once before the first fetch, while there are no other threads, and after the last. */
int
fetch_begin(struct error *error);
void
fetch_end(void);

#endif
