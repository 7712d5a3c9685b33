/* SPDX-License-Identifier: ISC
 *
 * How a person or a switch names a provider. Reads the text only; whether there is such a provider is not known here.
 */
#ifndef LIB_KEY_H
#define LIB_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "rmd.h"

enum provider_key_kind {
	PROVIDER_MALFORMED,
	PROVIDER_FRN,
	PROVIDER_RMD,
	PROVIDER_PEER,
	PROVIDER_ADDRESS,
	PROVIDER_TRUNK,
	PROVIDER_OCN,
	PROVIDER_NAME,
	PROVIDER_WORD /* of no shape: a peer's name, else a business name */
};

struct provider_key {
	enum provider_key_kind kind;
	uint32_t number;           /* PROVIDER_RMD */
	uint64_t frn;              /* PROVIDER_FRN */
	unsigned char address[16]; /* PROVIDER_ADDRESS; IPv4 as ::ffff:a.b.c.d */
	struct slice text;         /* the value without prefix and white space around it, in the caller's text */
};

/* Reads `text` as a key of that kind; RMD_KEY_ANY: by its prefix, else by its shape. False, and the kind
 * PROVIDER_MALFORMED, where it cannot be one: empty, over LIMIT_KEY_BYTES, not UTF-8, with control characters, or not
 * of the form that its kind has. */
bool
provider_key_parse(struct slice text, enum rmd_key kind, struct provider_key *key);

#endif
