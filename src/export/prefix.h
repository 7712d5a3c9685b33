/* SPDX-License-Identifier: ISC
 *
 * Address prefixes for readers that do not know that the longest one wins: each is cut into what no longer one takes
 * from it. Whose a prefix is must not enter.
 */
#ifndef EXPORT_PREFIX_H
#define EXPORT_PREFIX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

#define PREFIX_TEXT_SIZE 48 /* an IPv6 address, and the NUL */

struct prefix {
	bool ipv4;
	unsigned char address[16]; /* IPv4 in the first 4 */
	unsigned bits;
	size_t owner; /* the caller's */
};

/* "192.0.2.0/24", "2001:db8::1". False: it is none. */
bool
prefix_parse(const char *text, struct prefix *prefix);

/* The address alone. */
void
prefix_format(char text[PREFIX_TEXT_SIZE], const struct prefix *prefix);

void
prefix_sort(struct prefix *prefixes, size_t count);

/* Adds to `parts` the prefixes that make up `whole`, less those of the sorted `prefixes` that lie in it. False:
 * memory is short. */
bool
prefix_rest(struct buffer *parts, const struct prefix *prefixes, size_t count, const struct prefix *whole);

#endif
