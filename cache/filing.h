/* SPDX-License-Identifier: ISC
 *
 * A filing, its columns, and its form in the store. One field list for every decoder, store and answer.
 * Neither CSV nor XML nor LMDB may enter here.
 */
#ifndef CACHE_FILING_H
#define CACHE_FILING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"

/* The columns that we know, in the order of the January 2025 export. The number of a column is its bit in
 * the history's set of changed fields: append only. */
enum column {
	COLUMN_NUMBER,
	COLUMN_FRN,
	COLUMN_BUSINESS_NAME,
	COLUMN_BUSINESS_ADDRESS,
	COLUMN_FOREIGN_VOICE_PROVIDER,
	COLUMN_COUNTRY,
	COLUMN_OTHER_FRNS,
	COLUMN_OTHER_DBA_NAMES,
	COLUMN_PREVIOUS_DBA_NAMES,
	COLUMN_CONTACT_NAME,
	COLUMN_CONTACT_TITLE,
	COLUMN_CONTACT_DEPARTMENT,
	COLUMN_CONTACT_BUSINESS_ADDRESS,
	COLUMN_CONTACT_COUNTRY,
	COLUMN_CONTACT_TELEPHONE_NUMBER,
	COLUMN_CONTACT_PHONE_EXTENSION,
	COLUMN_IMPLEMENTATION,
	COLUMN_VOICE_SERVICE_PROVIDER_CHOICE,
	COLUMN_GATEWAY_PROVIDER_CHOICE,
	COLUMN_INTERMEDIATE_PROVIDER_CHOICE,
	COLUMN_LAST_UPDATED,
	COLUMN_FILING_URL,
	COLUMN_LAST_RECERTIFIED,
	COLUMN_COUNT
};

struct column_definition {
	const char *name; /* in the header, exactly */
	bool required;    /* a file without it is no RMD export */
	bool text;        /* free text, kept as it is; the others have a meaning of their own */
};
extern const struct column_definition column_definitions[COLUMN_COUNT];

/* implementation and roles have the values of enum rmd_implementation and enum rmd_role (rmd.h). */
enum { FOREIGN_BLANK = 0, FOREIGN_NO = 1, FOREIGN_YES = 2 };

struct filing {
	uint32_t number;        /* of RMD0001410: 1410 */
	uint64_t frn;           /* 0: blank */
	uint8_t implementation; /* never RMD_IMPLEMENTATION_UNKNOWN */
	uint8_t roles;          /* set of 1 << enum rmd_role */
	uint8_t foreign;
	day last_updated;                /* DAY_NONE: blank */
	day last_recertified;            /* DAY_NONE: blank */
	struct slice text[COLUMN_COUNT]; /* of the columns that are text; the others stay empty */
};

/* A filing's longest form in the store: its text, and for each text a length, and the header. */
#define FILING_ENCODED_MAX (LIMIT_ROW_BYTES + 1024)

/* Writes the filing's form into `target`, which holds FILING_ENCODED_MAX bytes; returns its length. Two filings
 * are equal when their forms are. The text of a filing must not be over LIMIT_ROW_BYTES together. */
size_t
filing_encode(const struct filing *filing, unsigned char *target);

/* Reads it back; the texts point into `form`. False when it is not the form of a filing. */
bool
filing_decode(struct slice form, struct filing *filing);

/* The set of columns in which the two differ. */
uint32_t
filing_difference(const struct filing *a, const struct filing *b);

#endif
