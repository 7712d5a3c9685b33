/* SPDX-License-Identifier: ISC
 *
 * The filings as they were at a past check, undone event by event from the history. The present is in the packed
 * table.
 */
#ifndef LIB_PAST_H
#define LIB_PAST_H

#include "cache/filing.h"
#include "cache/reader.h"
#include "lib/decide.h"

/* One filing as it was. */
struct past_filing {
	bool known;  /* some check up to then had it */
	bool listed; /* the check of then had it */
	struct slice form;
	int64_t since; /* listed or missing since */
	int64_t first_seen;
};

/* The filing of that number after the check at `checked_at`; not `known` where the snapshot has no such number, or
 * had none then. False: memory is short, or the snapshot is damaged there. */
bool
past_filing(const struct snapshot *snapshot, uint32_t number, int64_t checked_at, struct past_filing *filing);

/* The provider that an FRN, or else an RMD number, led to after the check at `checked_at`. `filings` takes up to
 * PACKED_LIST_MAX. False: memory is short, or the snapshot is damaged. */
bool
past_provider(const struct snapshot *snapshot, uint64_t frn, uint32_t number, int64_t checked_at,
	      struct filing_facts *filings, struct provider_facts *provider);

#endif
