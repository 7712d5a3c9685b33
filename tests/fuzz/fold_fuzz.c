/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a name: its key fits, is the key of itself to the library too, and holds nothing that a name may
 * differ in.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "sync/fold.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_same(const char *a, size_t a_length, const char *b, size_t b_length)
{
	require(a_length == b_length && memcmp(a, b, a_length) == 0);
}

/* Small letters, digits, single spaces between them, and what is not ASCII. */
static void
require_key(const char *key, size_t length)
{
	require(length <= LIMIT_NAME_KEY_BYTES);
	for (size_t i = 0; i < length; i++) {
		char c = key[i];

		require((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 ||
			(c == ' ' && i > 0 && i + 1 < length && key[i - 1] != ' '));
	}
}

/* Whatever room there is, what is written is the beginning of the whole. */
static void
cut(struct slice name, const char *whole, size_t length)
{
	char *part = malloc(LIMIT_NAME_KEY_BYTES);

	require(part != NULL);
	for (size_t room = 0; room < length; room = 2 * room + 1) {
		size_t written = name_fold_ascii(part, room, name);

		require(written <= room && written + 1 >= room && memcmp(part, whole, written) == 0);
		require(written == 0 || part[written - 1] != ' ');
	}
	free(part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice name = { (const char *)data, size };
	char key[LIMIT_NAME_KEY_BYTES], again[LIMIT_NAME_KEY_BYTES], plain[LIMIT_NAME_KEY_BYTES];
	size_t length, again_length, plain_length = name_fold_ascii(plain, sizeof plain, name);
	bool ascii = true;

	for (size_t i = 0; i < size; i++)
		ascii = ascii && data[i] < 0x80;
	require_key(plain, plain_length);
	cut(name, plain, plain_length);
	require(name_fold(key, name, &length));
	require_key(key, length);
	/* Who knows ASCII only, as librmd does, asks with the key for the same. */
	again_length = name_fold_ascii(again, sizeof again, (struct slice){ key, length });
	require_same(again, again_length, key, length);
	if (ascii)
		require_same(plain, plain_length, key, length);
	require(utf8_valid(name) || length == 0);
	/* A key that was not cut is its own, by Unicode too. */
	if (length + 4 <= LIMIT_NAME_KEY_BYTES) {
		require(name_fold(again, (struct slice){ key, length }, &again_length));
		require_same(again, again_length, key, length);
	}
	return 0;
}
