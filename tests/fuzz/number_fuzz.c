/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a caller ID or called number: bounded, and never a number that does not stand in them.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "lib/number.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size }, cut = text;
	struct area_code_set foreign = { { 0 } };
	uint64_t number = number_parse(text);
	enum caller_class class;
	char digits[24];
	size_t length = sizeof digits;

	(void)area_code_set_add(&foreign, 416);
	class = number_class(number, &foreign);
	require(number <= UINT64_C(999999999999999));
	require((number == 0) == (class == CALLER_NO_NUMBER));
	/* The normal form leads to the same number. */
	for (uint64_t rest = number; rest > 0; rest /= 10)
		digits[--length] = (char)('0' + rest % 10);
	digits[--length] = '+';
	if (number != 0)
		require(number_parse((struct slice){ digits + length, sizeof digits - length }) == number);
	/* An emergency call is no E.164 number. */
	require(!number_is_emergency(text) || number == 0);
	/* What stands behind the limit can only take a number away. */
	if (size > LIMIT_PHONE_BYTES) {
		cut.length = LIMIT_PHONE_BYTES;
		require(number == 0 || number_parse(cut) == number);
	}
	return 0;
}
