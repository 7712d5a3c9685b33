/* SPDX-License-Identifier: ISC
 *
 * What both forms of the zone (dns.c, rbldnsd.c) have in common: names and addresses of verdicts.
 */
#ifndef EXPORT_DOMAIN_H
#define EXPORT_DOMAIN_H

#include "base/stream.h"
#include "base/text.h"
#include "rmd.h"

#define DOMAIN_ACCEPT "127.0.0.2"
#define DOMAIN_MAY_BLOCK "127.0.0.3"
#define DOMAIN_REFUSE "127.0.0.4"
/* Of a name that stands for no filing, through a wildcard: the zone cannot tell an FRN from a slip of the pen. */
#define DOMAIN_REFUSE_UNSEEN "127.0.0.5"

/* Times of the zone, in seconds. How long a resolver may keep a verdict, or the lack of one: a removal should be
 * known within minutes. */
#define DOMAIN_TTL "300"
#define DOMAIN_REFRESH "900"
#define DOMAIN_RETRY "300"

/* ".frn" or ".rmd". */
const char *
domain_subtree(enum rmd_key key);

/* NULL for unknown, which has no address. */
const char *
domain_address(enum rmd_verdict verdict);
const char *
domain_address_unseen(enum rmd_verdict verdict);

/* The text as the data of a TXT record: quoted strings of at most 255 bytes, " and \ escaped, and whatever is not
 * printable ASCII as \DDD. */
void
txt_put(struct stream *out, struct slice text);

#endif
