/* SPDX-License-Identifier: ISC
 *
 * The decision: from facts to a verdict. A pure function: no I/O, no clock, no allocation, no text to parse. Whoever
 * wants to know what the law asks reads rules.h beside it; where the facts come from must not be known here.
 */
#ifndef LIB_DECIDE_H
#define LIB_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/packed.h"
#include "rmd.h"

/* What became of the key that was asked. KEY_UNREADABLE: no memory, or a damaged table of names; no rule asks for it,
 * as there are no data then. */
enum key_state { KEY_FOUND, KEY_BAD, KEY_NO_SUCH_NAME, KEY_NO_SUCH_PEER, KEY_AMBIGUOUS, KEY_UNREADABLE };

/* What the caller ID is. Anonymous, unparsable or not given: CALLER_NO_NUMBER. */
enum caller_class { CALLER_NO_NUMBER, CALLER_US, CALLER_NOT_US };

/* One filing that is listed at the instant judged. */
struct filing_facts {
	uint32_t number;
	uint8_t implementation; /* enum rmd_implementation */
	uint8_t roles;          /* set of 1 << enum rmd_role, as the columns say */
	bool lossy_name;
	bool row_quarantined; /* judged by an older row */
	int64_t overdue_from; /* recertification-overdue from this instant on; RMD_TIME_NONE: never */
};

/* What is known of the provider that the key leads to. */
struct provider_facts {
	uint64_t frn; /* 0: none known */
	const struct filing_facts *filings;
	unsigned filing_count;
	unsigned vanished_count; /* no filing, but known: that many of `filings` are those that vanished last */
	day last_updated;        /* the latest of the filings; DAY_NONE: none */
	const struct packed_document *documents; /* of the FCC, that name it; the law as it is on file today */
	unsigned document_count;
	bool known;            /* the history knows a filing of it */
	int64_t missing_since; /* no filing, but known: the first check that missed it */
	uint32_t last_number;  /* no filing, but known: the last one it had */
	bool alias;            /* the FRN stands in another filing's other_frns */
	bool key_quarantined;  /* the last file had an unreadable row with this key */
};

/* The operator's policy, compiled into the snapshot. Seconds. */
struct policy {
	int64_t max_age;
	int64_t missing_grace;
	bool role_mismatch_accepted;
};

struct question {
	bool emergency_call;
	bool public_safety_caller;
	bool has_data;
	enum key_state key;
	bool at_given; /* an explicit instant; else at equals now */
	int64_t at;
	int64_t now;
	int64_t checked_at; /* of the data of `at`; RMD_TIME_NONE: `at` lies before the history */
	/* Of the query or, without one there, of the peer; one of the enumeration, nothing else. */
	enum rmd_role role;
	enum caller_class caller;
	struct policy policy;
	struct provider_facts provider;
};

struct ruling {
	enum rmd_verdict verdict;
	enum rmd_reason reason;
	unsigned flags;
	const char *citation;
	unsigned step; /* of the rules, 1 to 15 */
	/* The one that decided: of those that qualify best the one with the lowest number, whatever their order. NULL
	 * where there is none, and up to step 4, where no provider was looked at. */
	const struct filing_facts *filing;
	const struct packed_document *document; /* that decided; NULL: none did */
	int64_t effective_at; /* since when the deciding fact holds, RMD_TIME_NONE where that is not known */
	int64_t data_age;     /* seconds between the question's instant and its data, never negative; RMD_TIME_NONE
				 without data */
};

/* Fills *ruling; there is always one. */
void
decide(const struct question *question, struct ruling *ruling);

#endif
