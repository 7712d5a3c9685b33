/* SPDX-License-Identifier: ISC
 *
 * How much a provider that a document names is like one that has a filing: names and addresses, a score, and why. It
 * proposes and never decides. Where the two come from must not enter.
 */
#ifndef NOTICE_LIKENESS_H
#define NOTICE_LIKENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/text.h"

/* Names and address of a provider, as they are compared; freed by likeness_party_end. */
struct likeness_party {
	char *memory;
	struct slice written; /* the name as it was written */
	struct slice name;    /* folded, as all that follow */
	struct slice core;    /* the name without its legal form ("LLC", "Inc.") and what follows a "d/b/a" */
	struct slice alias;   /* what follows it */
	struct slice address;
	struct slice dba; /* whatever stands in that field: the separators between its names are the filers' own */
	struct slice previous;                /* likewise */
	uint16_t pairs[LIMIT_LIKENESS_BYTES]; /* neighbouring letters of the core, ascending */
	size_t pair_count;
};

/* In the order of their weight. */
enum likeness_name {
	LIKENESS_NAME_NONE,
	LIKENESS_NAME_SIMILAR,
	LIKENESS_NAME_PREVIOUS,   /* it stands among the previous names */
	LIKENESS_NAME_DBA,        /* it stands among the DBA names, or within the name */
	LIKENESS_NAME_CORE,       /* the same but for the legal form, spaces and hyphens */
	LIKENESS_NAME_NORMALISED, /* the same but for case, accents, punctuation */
	LIKENESS_NAME_EXACT
};

enum likeness_address {
	LIKENESS_ADDRESS_NONE,
	LIKENESS_ADDRESS_PLACE, /* the same house number and ZIP code */
	LIKENESS_ADDRESS_SAME   /* the same but for case and punctuation */
};

struct likeness {
	unsigned score; /* 0 to 100; 0: nothing to propose */
	enum likeness_name name;
	enum likeness_address address;
	unsigned percent; /* how similar the names are, where they are no more than that */
};

/* "" where there is none. False: no memory. */
bool
likeness_party_begin(struct likeness_party *party, const char *name, const char *address, const char *dba,
		     const char *previous);
void
likeness_party_end(struct likeness_party *party);

struct likeness
likeness_of(const struct likeness_party *named, const struct likeness_party *filed);

/* Stable words, "" for none: "exact", "normalised", ...; "same", "place". And for a person. */
const char *
likeness_name_word(enum likeness_name name);
const char *
likeness_name_text(enum likeness_name name);
const char *
likeness_address_word(enum likeness_address address);
const char *
likeness_address_text(enum likeness_address address);

#endif
