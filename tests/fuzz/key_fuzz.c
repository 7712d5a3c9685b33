/* SPDX-License-Identifier: ISC
 *
 * Any bytes as the name of a provider: bounded, and what is read is in the text.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "lib/key.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* The number or FRN, written out and read again, is the same. */
static void
require_same_again(const struct provider_key *key)
{
	struct provider_key again;
	char text[RMD_NUMBER_SIZE];

	if (key->kind == PROVIDER_FRN)
		frn_format(text, key->frn);
	else
		rmd_number_format(text, key->number);
	require(provider_key_parse(slice_of(text), RMD_KEY_ANY, &again));
	require(again.kind == key->kind && again.frn == key->frn && again.number == key->number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };

	for (int kind = RMD_KEY_ANY - 1; kind <= RMD_KEY_NAME + 1; kind++) {
		struct provider_key key;
		bool read = provider_key_parse(text, (enum rmd_key)kind, &key);

		require(read == (key.kind != PROVIDER_MALFORMED));
		if (!read)
			continue;
		require(kind >= RMD_KEY_ANY && kind <= RMD_KEY_NAME && size <= LIMIT_KEY_BYTES);
		require(key.text.length > 0 && key.text.data >= text.data &&
			key.text.data + key.text.length <= text.data + size);
		require(utf8_valid(key.text) && memchr(key.text.data, '\0', key.text.length) == NULL);
		if (key.kind == PROVIDER_FRN || key.kind == PROVIDER_RMD)
			require_same_again(&key);
	}
	return 0;
}
