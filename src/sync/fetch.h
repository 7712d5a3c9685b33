/* SPDX-License-Identifier: ISC
 *
 * Brings one source into a private file and hashes it on the way. What the bytes mean is not known here.
 */
#ifndef SYNC_FETCH_H
#define SYNC_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct fetch_request {
	const char *url; /* https://..., file:///path or file:/path, %xx decoded */
	int spool;       /* an open, empty file to write the decoded body to */
	uint64_t max_bytes;
	int64_t connect_timeout; /* seconds */
	int64_t total_timeout;
	const char *ca_file; /* NULL: the system's */
	const char *proxy;   /* NULL: the environment's */
	const char *contact; /* NULL: none */
	/* What the server said with the list that we have, NULL: nothing. With either, it may answer that this is
	 * still the list. */
	const char *etag;
	const char *last_modified;
	/* Called now and then with the decoded bytes so far; NULL: not wanted. */
	void (*progress)(void *context, uint64_t bytes);
	void *context;
};

struct fetch_result {
	bool unchanged;  /* the list is the one that was asked with; nothing else is filled, and the spool is empty */
	uint64_t bytes;  /* decoded */
	char digest[65]; /* SHA-256 of the decoded body, hexadecimal */
	int64_t retry_after; /* after 75: the seconds that the server asks us to wait; 0: it asks nothing */
	/* What the server said of the list, to be asked with the next time; "" where it said nothing that can be
	 * kept. */
	char etag[LIMIT_VALIDATOR_BYTES + 1];
	char last_modified[LIMIT_VALIDATOR_BYTES + 1];
};

/* Returns 0, or a code after error_set: 65 (more than max_bytes, or compressed data that is damaged), 69 (4xx, no
 * 200, a redirect that is not followed, a certificate or CA file that does not verify, no such file, permission), 73
 * (the spool cannot be written, no memory: no source can help), 75 (5xx, 408, 429, a time-out, no connection, a
 * transfer that broke off), 78 (neither https: nor file:, or no address at all). The error line names the URL,
 * without its credentials. After a failure the spool holds what came: empty it and go to its beginning before the
 * next try. A signal (stop.h) ends it with 75. While there is one thread, and with SIGPIPE ignored. */
int
fetch(const struct fetch_request *request, struct fetch_result *result, struct error *error);

/* The file: URL of an absolute path. False: it does not fit. */
bool
fetch_file_url(char *url, size_t size, const char *path);

/* The URL as others may see it: user and password replaced by "***", cut to the buffer. */
void
fetch_address(char text[LIMIT_SOURCE_BYTES + 1], const char *url);

#endif
