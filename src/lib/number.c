/* SPDX-License-Identifier: ISC
 *
 * Telephone numbers as signalling writes them. Where in doubt there is no number: a foreign number is never guessed.
 */
#include "lib/number.h"

#include <stddef.h>
#include <string.h>

#include "base/limits.h"

/* The shortest numbers that countries have given out, country code included (Niue: +683 4002). */
#define PHONE_DIGITS_LEAST 7

/* NXX NXX XXXX, and the country code before it. */
#define NANP_DIGITS 10
#define NANP_COUNTRY UINT64_C(10000000000)

bool
area_code_set_add(struct area_code_set *set, unsigned code)
{
	if (code < 200 || code > 999)
		return false;
	set->bits[code / 64] |= UINT64_C(1) << code % 64;
	return true;
}

bool
area_code_set_has(const struct area_code_set *set, unsigned code)
{
	return code <= 999 && (set->bits[code / 64] >> code % 64 & 1) != 0;
}

/* The part before the first of the characters; all of it where none is there. */
static struct slice
slice_before(struct slice text, const char *characters)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] != '\0' && strchr(characters, text.data[i]) != NULL)
			return (struct slice){ text.data, i };
	return text;
}

static struct slice
slice_from(struct slice text, size_t start)
{
	return (struct slice){ text.data + start, text.length - start };
}

/* The URI or number inside a name-addr. A quoted name may hold anything, even another URI. */
static struct slice
address_of(struct slice text)
{
	bool quoted = false;

	for (size_t i = 0; i < text.length; i++) {
		if (quoted && text.data[i] == '\\')
			i++;
		else if (text.data[i] == '"')
			quoted = !quoted;
		else if (text.data[i] == '<' && !quoted)
			return slice_trim(slice_before(slice_from(text, i + 1), ">"));
	}
	return text;
}

/* What the address is written about: the user part of a URI without its parameters, or the number itself. Only where
 * `host_needed` is false may a sip: URI be without a host: it would be the host that looks like a number. */
static struct slice
user_of(struct slice address, bool host_needed)
{
	bool sip = slice_starts_fold(address, "sip:") || slice_starts_fold(address, "sips:");
	struct slice user;

	if (sip || slice_starts_fold(address, "tel:"))
		address = slice_from(address, slice_before(address, ":").length + 1);
	user = slice_before(address, "@");
	if (sip && host_needed && user.length == address.length)
		return (struct slice){ NULL, 0 };
	user = slice_before(user, ";?");
	/* Behind the colon stands a password, or the port of a host that should be a user. */
	return sip ? slice_before(user, ":") : user;
}

/* Takes the next character off, its percent escape undone. What is no escape stands for itself. */
static char
next_character(struct slice *text)
{
	char c = text->data[0];
	size_t taken = 1;

	if (c == '%' && text->length >= 3) {
		int high = hexadecimal_digit(text->data[1]), low = hexadecimal_digit(text->data[2]);

		if (high >= 0 && low >= 0) {
			c = (char)(high * 16 + low);
			taken = 3;
		}
	}
	*text = slice_from(*text, taken);
	return c;
}

struct dialled {
	bool plus;
	unsigned count; /* digits; 0: this is no number */
	unsigned first; /* digit */
	uint64_t number;
};

static struct dialled
dialled_read(struct slice user)
{
	struct dialled dialled = { .plus = false };

	while (user.length > 0) {
		char c = next_character(&user);

		if (c >= '0' && c <= '9' && dialled.count < LIMIT_PHONE_DIGITS) {
			if (dialled.count++ == 0)
				dialled.first = (unsigned)(c - '0');
			dialled.number = dialled.number * 10 + (uint64_t)(c - '0');
		} else if (c == '+' && !dialled.plus && dialled.count == 0) {
			dialled.plus = true;
		} else if (c == '\0' || strchr("-.() ", c) == NULL) {
			return (struct dialled){ .count = 0 };
		}
	}
	return dialled;
}

/* Digits from end to end, with a + or without, as most numbers are written: no URI needs to be looked for in them. */
static struct dialled
digits_read(struct slice text)
{
	size_t plus = text.length > 0 && text.data[0] == '+' ? 1 : 0;
	uint64_t number = 0;

	if (text.length <= plus || text.length > plus + LIMIT_PHONE_DIGITS)
		return (struct dialled){ .count = 0 };
	for (size_t i = plus; i < text.length; i++) {
		unsigned digit = (unsigned char)(text.data[i] - '0');

		if (digit > 9)
			return (struct dialled){ .count = 0 };
		number = number * 10 + digit;
	}
	return (struct dialled){ .plus = plus != 0,
				 .count = (unsigned)(text.length - plus),
				 .first = (unsigned)(text.data[plus] - '0'),
				 .number = number };
}

/* What is longer than anybody needs is looked at only as far as the limit, and must be clear by then. */
static struct dialled
dialled_of(struct slice text, bool host_needed)
{
	bool cut = text.length > LIMIT_PHONE_BYTES;
	struct slice address, user;
	struct dialled dialled = digits_read(text);

	if (dialled.count > 0)
		return dialled;
	if (cut)
		text.length = LIMIT_PHONE_BYTES;
	text = slice_trim(text);
	address = address_of(text);
	user = user_of(address, host_needed);
	if (cut && user.length > 0 && user.data + user.length == text.data + text.length)
		return (struct dialled){ .count = 0 };
	return dialled_read(user);
}

/* urn:service:sos, alone or with a kind of emergency behind a dot. */
static bool
is_emergency_service(struct slice address)
{
	struct slice service = slice_before(address, ";?#");

	return slice_equal_fold(service, "urn:service:sos") || slice_starts_fold(service, "urn:service:sos.");
}

bool
number_is_emergency(struct slice called)
{
	struct dialled dialled = dialled_of(called, false);

	/* What is a number is no urn. */
	if (dialled.count > 0)
		return (dialled.count == 3 && dialled.number == 911 && !dialled.plus) ||
		       (dialled.count == 4 && dialled.number == 1911);
	if (called.length > LIMIT_PHONE_BYTES)
		called.length = LIMIT_PHONE_BYTES;
	return is_emergency_service(address_of(slice_trim(called)));
}

/* Neither the area code nor the exchange begins with 0 or 1. */
static bool
is_nanp_shape(uint64_t number)
{
	return number / 1000000000 % 10 >= 2 && number / 1000000 % 10 >= 2;
}

uint64_t
number_parse(struct slice text)
{
	struct dialled dialled = dialled_of(text, true);
	bool national = !dialled.plus && dialled.count == NANP_DIGITS;
	bool nanp = national || dialled.first == 1;
	unsigned digits = national ? NANP_DIGITS : 1 + NANP_DIGITS;

	if (nanp) {
		if (dialled.count != digits || !is_nanp_shape(dialled.number))
			return 0;
	} else if (!dialled.plus || dialled.count < PHONE_DIGITS_LEAST || dialled.first == 0) {
		return 0;
	}
	return national ? NANP_COUNTRY + dialled.number : dialled.number;
}

enum caller_class
number_class(uint64_t number, const struct area_code_set *foreign_area_codes)
{
	if (number == 0)
		return CALLER_NO_NUMBER;
	if (number / NANP_COUNTRY != 1)
		return CALLER_NOT_US;
	return area_code_set_has(foreign_area_codes, (unsigned)(number / 10000000 % 1000)) ? CALLER_NOT_US
											   : CALLER_US;
}
