/* SPDX-License-Identifier: ISC
 *
 * From a key, as text, to the provider that it leads to. What became of that provider is not known here.
 */
#ifndef LIB_TARGET_H
#define LIB_TARGET_H

#include "cache/reader.h"
#include "lib/decide.h"

/* What a key leads to, before it is looked up in the present or in the past. */
struct target {
	uint64_t frn;
	uint32_t number;    /* where frn is 0 */
	enum rmd_role role; /* of the peer that the key names; RMD_ROLE_NONE: none */
};

/* Fills *target, with zeros where nothing is found. `text` with data NULL is KEY_BAD. A name leads to a filing, and
 * through it to the FRN that it had at the check at `checked_at`; INT64_MAX: today. */
enum key_state
target_find(const struct snapshot *snapshot, struct slice text, enum rmd_key kind, int64_t checked_at,
	    struct target *target);

/* The slot of the FRN or, where that is 0, of the number; NULL: the snapshot knows neither. */
static inline const struct packed_slot *
target_slot(const struct packed *packed, uint64_t frn, uint32_t number)
{
	return packed_find(packed, frn != 0 ? packed_key(PACKED_FRN, frn) : packed_key(PACKED_RMD, number));
}

#endif
