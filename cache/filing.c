/* SPDX-License-Identifier: ISC
 *
 * The columns, and the form of a filing in the store: a header of fixed length, little-endian, then for each text
 * column its length (LEB128, shortest form) and its bytes. Whatever is not exactly such a form is no filing.
 */
#include "cache/filing.h"

#include <string.h>

#include "base/limits.h"
#include "rmd.h"

#define HEADER_BYTES 23
#define NUMBER_MAX UINT32_C(9999999)
#define FRN_MAX UINT64_C(9999999999)
#define ROLES_ALL ((1U << RMD_ROLE_VSP) | (1U << RMD_ROLE_GATEWAY) | (1U << RMD_ROLE_INTERMEDIATE))

const struct column_definition column_definitions[COLUMN_COUNT] = {
	[COLUMN_NUMBER] = { "number", true, false },
	[COLUMN_FRN] = { "frn", true, false },
	[COLUMN_BUSINESS_NAME] = { "business_name", true, true },
	[COLUMN_BUSINESS_ADDRESS] = { "business_address", false, true },
	[COLUMN_FOREIGN_VOICE_PROVIDER] = { "foreign_voice_provider", false, false },
	[COLUMN_COUNTRY] = { "country", false, true },
	[COLUMN_OTHER_FRNS] = { "other_frns", false, true },
	[COLUMN_OTHER_DBA_NAMES] = { "other_dba_names", false, true },
	[COLUMN_PREVIOUS_DBA_NAMES] = { "previous_dba_names", false, true },
	[COLUMN_CONTACT_NAME] = { "robocall_mitigation_contact_name", false, true },
	[COLUMN_CONTACT_TITLE] = { "contact_title", false, true },
	[COLUMN_CONTACT_DEPARTMENT] = { "contact_department", false, true },
	[COLUMN_CONTACT_BUSINESS_ADDRESS] = { "contact_business_address", false, true },
	[COLUMN_CONTACT_COUNTRY] = { "contact_country", false, true },
	[COLUMN_CONTACT_TELEPHONE_NUMBER] = { "contact_telephone_number", false, true },
	[COLUMN_CONTACT_PHONE_EXTENSION] = { "contact_phone_extension", false, true },
	[COLUMN_IMPLEMENTATION] = { "implementation", true, false },
	[COLUMN_VOICE_SERVICE_PROVIDER_CHOICE] = { "voice_service_provider_choice", true, false },
	[COLUMN_GATEWAY_PROVIDER_CHOICE] = { "gateway_provider_choice", true, false },
	[COLUMN_INTERMEDIATE_PROVIDER_CHOICE] = { "intermediate_provider_choice", true, false },
	[COLUMN_LAST_UPDATED] = { "last_updated", false, false },
	[COLUMN_FILING_URL] = { "filing_url", false, true },
	[COLUMN_LAST_RECERTIFIED] = { "last_recertified", false, false },
};

static unsigned char *
little_put(unsigned char *p, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		*p++ = (unsigned char)value;
		value >>= 8;
	}
	return p;
}

static uint64_t
little_get(const unsigned char *p, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = bytes; i-- > 0;)
		value = value << 8 | p[i];
	return value;
}

size_t
filing_encode(const struct filing *filing, unsigned char *target)
{
	unsigned char *p = target;

	p = little_put(p, filing->number, 4);
	p = little_put(p, filing->frn, 8);
	*p++ = filing->implementation;
	*p++ = filing->roles;
	*p++ = filing->foreign;
	p = little_put(p, (uint32_t)filing->last_updated, 4);
	p = little_put(p, (uint32_t)filing->last_recertified, 4);
	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		struct slice text = filing->text[column];
		size_t length = text.length;

		if (!column_definitions[column].text)
			continue;
		while (length >= 0x80) {
			*p++ = (unsigned char)(length | 0x80);
			length >>= 7;
		}
		*p++ = (unsigned char)length;
		if (text.length > 0)
			memcpy(p, text.data, text.length);
		p += text.length;
	}
	return (size_t)(p - target);
}

/* A length in its shortest form, so that equal filings have equal forms; false where it is none or too large. */
static bool
length_get(const unsigned char **p, const unsigned char *end, size_t *length)
{
	unsigned shift = 0;
	unsigned char byte;

	*length = 0;
	do {
		if (*p == end || shift > 14)
			return false;
		byte = *(*p)++;
		*length |= (size_t)(byte & 0x7f) << shift;
		shift += 7;
	} while ((byte & 0x80) != 0);
	return *length <= LIMIT_FIELD_BYTES && (byte != 0 || shift == 7);
}

static bool
day_sound(day date)
{
	return date == DAY_NONE || (date >= day_of(1900, 1, 1) && date <= day_of(9999, 12, 31));
}

static bool
header_sound(const struct filing *filing)
{
	return filing->number > 0 && filing->number <= NUMBER_MAX && filing->frn <= FRN_MAX &&
	       filing->implementation >= RMD_IMPLEMENTATION_NOT_CERTIFIED &&
	       filing->implementation <= RMD_IMPLEMENTATION_COMPLETE && (filing->roles & ~ROLES_ALL) == 0 &&
	       filing->foreign <= FOREIGN_YES && day_sound(filing->last_updated) &&
	       day_sound(filing->last_recertified);
}

bool
filing_decode(struct slice form, struct filing *filing)
{
	const unsigned char *p = (const unsigned char *)form.data, *end = p + form.length;
	size_t total = 0;

	memset(filing, 0, sizeof *filing);
	if (form.length < HEADER_BYTES)
		return false;
	filing->number = (uint32_t)little_get(p, 4);
	filing->frn = little_get(p + 4, 8);
	filing->implementation = p[12];
	filing->roles = p[13];
	filing->foreign = p[14];
	filing->last_updated = (day)(uint32_t)little_get(p + 15, 4);
	filing->last_recertified = (day)(uint32_t)little_get(p + 19, 4);
	p += HEADER_BYTES;
	if (!header_sound(filing))
		return false;
	for (unsigned column = 0; column < COLUMN_COUNT; column++) {
		size_t bytes;

		if (!column_definitions[column].text)
			continue;
		if (!length_get(&p, end, &bytes) || bytes > (size_t)(end - p))
			return false;
		filing->text[column] = (struct slice){ (const char *)p, bytes };
		p += bytes;
		total += bytes;
	}
	return p == end && total <= LIMIT_ROW_BYTES;
}

uint32_t
filing_difference(const struct filing *a, const struct filing *b)
{
	unsigned roles = (unsigned)(a->roles ^ b->roles);
	const bool differs[COLUMN_COUNT] = {
		[COLUMN_NUMBER] = a->number != b->number,
		[COLUMN_FRN] = a->frn != b->frn,
		[COLUMN_FOREIGN_VOICE_PROVIDER] = a->foreign != b->foreign,
		[COLUMN_IMPLEMENTATION] = a->implementation != b->implementation,
		[COLUMN_VOICE_SERVICE_PROVIDER_CHOICE] = (roles & 1U << RMD_ROLE_VSP) != 0,
		[COLUMN_GATEWAY_PROVIDER_CHOICE] = (roles & 1U << RMD_ROLE_GATEWAY) != 0,
		[COLUMN_INTERMEDIATE_PROVIDER_CHOICE] = (roles & 1U << RMD_ROLE_INTERMEDIATE) != 0,
		[COLUMN_LAST_UPDATED] = a->last_updated != b->last_updated,
		[COLUMN_LAST_RECERTIFIED] = a->last_recertified != b->last_recertified,
	};
	uint32_t set = 0;

	for (unsigned column = 0; column < COLUMN_COUNT; column++)
		if (differs[column] || !slice_equal(a->text[column], b->text[column]))
			set |= UINT32_C(1) << column;
	return set;
}
