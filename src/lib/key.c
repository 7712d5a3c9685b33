/* SPDX-License-Identifier: ISC
 *
 * How a person or a switch names a provider. No look-up may enter.
 */
#include "lib/key.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "base/limits.h"

/* In the order of enum rmd_key, RMD_KEY_ANY left out. */
static const struct {
	const char *prefix;
	enum provider_key_kind kind;
} kinds[] = {
	[RMD_KEY_FRN] = { "frn:", PROVIDER_FRN },       [RMD_KEY_RMD] = { "rmd:", PROVIDER_RMD },
	[RMD_KEY_PEER] = { "peer:", PROVIDER_PEER },    [RMD_KEY_IP] = { "ip:", PROVIDER_ADDRESS },
	[RMD_KEY_TRUNK] = { "trunk:", PROVIDER_TRUNK }, [RMD_KEY_OCN] = { "ocn:", PROVIDER_OCN },
	[RMD_KEY_NAME] = { "name:", PROVIDER_NAME },
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

/* White space is part of a name that was pasted; other control characters are no text. */
static bool
is_text(struct slice text)
{
	bool ascii = true;

	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
			return false;
		ascii = ascii && c < 0x80;
	}
	return ascii || utf8_valid(text);
}

static bool
address_parse(struct slice text, unsigned char address[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	char buffer[INET6_ADDRSTRLEN];

	if (text.length == 0 || text.length >= sizeof buffer)
		return false;
	slice_copy(buffer, sizeof buffer, text);
	if (memchr(text.data, ':', text.length) != NULL)
		return inet_pton(AF_INET6, buffer, address) == 1;
	memcpy(address, mapped, sizeof mapped);
	return inet_pton(AF_INET, buffer, address + sizeof mapped) == 1;
}

/* Ten digits, or 4-4-2 dashed; 0000000000 has the shape of an FRN though it is none. */
static bool
is_frn_shape(struct slice text)
{
	if (text.length != 10 && text.length != 12)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		bool dash = text.length == 12 && (i == 4 || i == 9);
		char c = text.data[i];

		if (dash ? c != '-' : c < '0' || c > '9')
			return false;
	}
	return true;
}

static bool
is_rmd_shape(struct slice text)
{
	uint64_t number;

	return text.length == 10 && slice_starts_fold(text, "RMD") &&
	       slice_decimal((struct slice){ text.data + 3, text.length - 3 }, UINT64_MAX, &number);
}

/* The kind of a text that does not say it: takes a prefix off, else looks at the shape. */
static enum provider_key_kind
kind_of(struct slice *text)
{
	unsigned char address[16];

	for (size_t i = RMD_KEY_FRN; i < KIND_COUNT; i++) {
		if (slice_starts_fold(*text, kinds[i].prefix)) {
			size_t length = strlen(kinds[i].prefix);

			*text = slice_trim((struct slice){ text->data + length, text->length - length });
			return kinds[i].kind;
		}
	}
	if (is_frn_shape(*text))
		return PROVIDER_FRN;
	if (is_rmd_shape(*text))
		return PROVIDER_RMD;
	return address_parse(*text, address) ? PROVIDER_ADDRESS : PROVIDER_WORD;
}

/* Whether the text is of the form that the kind has; reads the number or address in it. */
static bool
value_parse(struct provider_key *key)
{
	switch (key->kind) {
	case PROVIDER_FRN:
		key->frn = frn_parse(key->text);
		return key->frn != 0;
	case PROVIDER_RMD:
		key->number = rmd_number_parse(key->text);
		return key->number != 0;
	case PROVIDER_ADDRESS:
		return address_parse(key->text, key->address);
	default:
		return key->text.length > 0;
	}
}

bool
provider_key_parse(struct slice text, enum rmd_key kind, struct provider_key *key)
{
	*key = (struct provider_key){ .kind = PROVIDER_MALFORMED };
	if (text.length > LIMIT_KEY_BYTES || (unsigned)kind >= KIND_COUNT || !is_text(text))
		return false;
	key->text = slice_trim(text);
	key->kind = kind == RMD_KEY_ANY ? kind_of(&key->text) : kinds[kind].kind;
	if (value_parse(key))
		return true;
	key->kind = PROVIDER_MALFORMED;
	return false;
}
