/* SPDX-License-Identifier: ISC
 *
 * Telephone numbers as signalling writes them: a call to 911, an E.164 number, a number that is not a US one. Lists
 * of numbers and codes are data that others hand in; none may enter here.
 */
#ifndef LIB_NUMBER_H
#define LIB_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "lib/decide.h"

/* A set of NANP area codes, one bit a code from 0 to 999. */
struct area_code_set {
	uint64_t bits[16];
};

/* False when it is no area code (200 to 999). */
bool
area_code_set_add(struct area_code_set *set, unsigned code);

bool
area_code_set_has(const struct area_code_set *set, unsigned code);

/* Whether the called number is an emergency call: 911, 1911 or +1911, plain or in a tel:, sip: or sips: URI
 * (parameters and host may be anything), or urn:service:sos and what begins with urn:service:sos. */
bool
number_is_emergency(struct slice called);

/* The E.164 number, country code first, of a caller ID or called number; 0 where the text has none that is certain.
 *
 * Certain are: + and a country code (of +1, the shape NXX NXX XXXX is asked for); 1 and NXX NXX XXXX; and NXX NXX
 * XXXX alone, which is a NANP number dialled nationally. Everything else without + is 0: seven digits lack the area
 * code, and what follows 00, 011 or another prefix is a guess. A caller ID of 0 is "not a number", so the rule for US
 * numbers applies to its call. Separators - . ( ) and space are skipped, %2B is read as +, a name-addr
 * ("Name" <sip:...>) and URI parameters are understood. */
uint64_t
number_parse(struct slice text);

/* What the number is for 47 CFR 64.6305(g)(2): a NANP number is a US one unless its area code is in the set. */
enum caller_class
number_class(uint64_t number, const struct area_code_set *foreign_area_codes);

#endif
