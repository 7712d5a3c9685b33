/* SPDX-License-Identifier: ISC
 *
 * Keys that need a look-up before they name a provider: business names, and what the operator calls its peers.
 */
#include "lib/target.h"

#include <string.h>

#include "lib/key.h"
#include "lib/past.h"

/* What a filing led to at that check. False: nobody knew it then. */
static bool
filing_then(const struct snapshot *snapshot, uint32_t number, int64_t checked_at, struct target *target, bool *listed)
{
	struct past_filing past;
	struct filing filing;

	if (!past_filing(snapshot, number, checked_at, &past) || !past.known || !filing_decode(past.form, &filing))
		return false;
	*target = (struct target){ .frn = filing.frn, .number = number };
	*listed = past.listed;
	return true;
}

/* The provider of the filings whose business name has this key. Listed filings go before vanished ones. The index has
 * the names of today. */
static enum key_state
name_find(const struct snapshot *snapshot, struct slice name, int64_t checked_at, struct target *target)
{
	unsigned char wanted[KEY_MAX];
	char folded[LIMIT_NAME_KEY_BYTES];
	size_t length = name_fold_ascii(folded, sizeof folded, name);
	struct walk *walk = length > 0 ? walk_begin(snapshot, TABLE_BY_NAME) : NULL;
	size_t prefix = length + 1;
	enum key_state state = KEY_NO_SUCH_NAME;
	bool listed_found = false, listed, more;
	struct slice key, value;
	struct target found;

	if (walk == NULL)
		return length > 0 ? KEY_UNREADABLE : KEY_NO_SUCH_NAME;
	more = walk_seek(walk, key_by_name(wanted, (struct slice){ folded, length }, 0), &key, &value);
	for (unsigned i = 0; more && key.length == prefix + 4 && memcmp(key.data, wanted, prefix) == 0; i++) {
		uint32_t number = key_u32(key.data + prefix);

		if (i == LIMIT_NAME_MATCHES) {
			state = KEY_AMBIGUOUS;
			break;
		}
		more = walk_next(walk, &key, &value);
		if (!filing_then(snapshot, number, checked_at, &found, &listed))
			continue;
		if (state == KEY_NO_SUCH_NAME || (listed && !listed_found)) {
			*target = found;
			state = KEY_FOUND;
		} else if (listed == listed_found &&
			   (found.frn != target->frn || (found.frn == 0 && number != target->number))) {
			state = KEY_AMBIGUOUS;
		}
		listed_found = listed_found || listed;
	}
	walk_end(walk);
	return state;
}

static enum key_state
peer_target(const struct packed_slot *slot, struct target *target)
{
	if (slot == NULL)
		return KEY_NO_SUCH_PEER;
	*target = (struct target){ .frn = slot->identity >> 24,
				   .number = (uint32_t)(slot->identity & 0xffffff),
				   .role = slot->roles <= RMD_ROLE_FOREIGN ? (enum rmd_role)slot->roles
									   : RMD_ROLE_NONE };
	return KEY_FOUND;
}

/* Any key. Apart, so that a plain number does not pay for what the others need. */
static __attribute__((noinline)) enum key_state
key_find(const struct snapshot *snapshot, struct slice text, enum rmd_key kind, int64_t checked_at,
	 struct target *target)
{
	const struct packed *packed = snapshot_packed(snapshot);
	struct provider_key key;

	if (!provider_key_parse(text, kind, &key))
		return KEY_BAD;
	switch (key.kind) {
	case PROVIDER_FRN:
		*target = (struct target){ .frn = key.frn };
		return KEY_FOUND;
	case PROVIDER_RMD:
		*target = (struct target){ .number = key.number };
		return KEY_FOUND;
	case PROVIDER_WORD:
		if (peer_target(packed_peer(packed, PACKED_PEER, key.text), target) == KEY_FOUND)
			return KEY_FOUND;
		return name_find(snapshot, key.text, checked_at, target);
	case PROVIDER_NAME:
		return name_find(snapshot, key.text, checked_at, target);
	case PROVIDER_PEER:
		return peer_target(packed_peer(packed, PACKED_PEER, key.text), target);
	case PROVIDER_TRUNK:
		return peer_target(packed_peer(packed, PACKED_TRUNK, key.text), target);
	case PROVIDER_OCN:
		return peer_target(packed_peer(packed, PACKED_OCN, key.text), target);
	case PROVIDER_ADDRESS:
		return peer_target(packed_peer_of_address(packed, key.address), target);
	case PROVIDER_MALFORMED:
		break;
	}
	return KEY_BAD;
}

/* What switches ask most: an FRN or RMD number as it stands, without a prefix or a space. It is its own look-up. */
static bool
number_read(struct slice text, enum rmd_key kind, struct target *target)
{
	if (kind == RMD_KEY_ANY || kind == RMD_KEY_FRN)
		target->frn = frn_parse(text);
	if (target->frn == 0 && (kind == RMD_KEY_ANY || kind == RMD_KEY_RMD))
		target->number = rmd_number_parse(text);
	return target->frn != 0 || target->number != 0;
}

enum key_state
target_find(const struct snapshot *snapshot, struct slice text, enum rmd_key kind, int64_t checked_at,
	    struct target *target)
{
	*target = (struct target){ .role = RMD_ROLE_NONE };
	if (text.data == NULL)
		return KEY_BAD;
	return number_read(text, kind, target) ? KEY_FOUND : key_find(snapshot, text, kind, checked_at, target);
}
