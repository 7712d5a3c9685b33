/* SPDX-License-Identifier: ISC
 *
 * The filings of a new file while they wait for judgement: an index in memory; their forms too while they are few,
 * else in a file without a name. So memory grows with the number of filings, not with the length of their fields.
 * What the old snapshot holds must not be known here.
 */
#ifndef SYNC_STAGING_H
#define SYNC_STAGING_H

#include "base/buffer.h"
#include "sync/decode.h"

struct staged {
	uint32_t number;
	uint32_t length;
	uint64_t offset;
	uint64_t line : 63;
	uint64_t row_quarantined : 1; /* of a rollback: kept from a file before its own */
};

struct staging {
	struct staged *filings; /* in the order of their numbers, after staging_finish */
	size_t count;
	struct reject *rejects; /* in the order of the file; at most LIMIT_REJECTS are kept */
	size_t reject_count;    /* all of them */
	size_t rejects_kept;
	size_t with_frn;  /* filings whose FRN is not blank */
	size_t with_name; /* likewise */
	/* Private. */
	const char *directory;
	struct buffer index;
	struct buffer reject_list;
	struct buffer forms; /* those that are not in the file yet; all of them, while they are few */
	int file;            /* -1: none was needed */
	uint64_t bytes;
	char *map;
	uint64_t given_back;
};

/* `directory` takes the file without a name, if there is one, and must outlive the staging. */
void
staging_begin(struct staging *staging, const char *directory);

/* Where decode() puts the rows. */
struct decode_sink
staging_sink(struct staging *staging);

/* Sorts; a number that stands in two rows refuses the file (65). `name` is what messages call the source. */
int
staging_finish(struct staging *staging, const char *name, struct error *error);

/* The form of the filing at `index`. Ascending use keeps little of it in memory. */
struct slice
staging_form(struct staging *staging, size_t index);

void
staging_end(struct staging *staging);

#endif
