/* SPDX-License-Identifier: ISC
 *
 * What the documents on file let or make a carrier do, from when and until when, on which ground: the register read
 * against the clocks. How it is shown must not enter, nor the snapshot: whether a provider is listed is asked there.
 */
#ifndef NOTICE_EFFECT_H
#define NOTICE_EFFECT_H

#include "notice/clock.h"
#include "notice/register.h"

enum effect_ground {
	GROUND_48_HOURS = 1,
	GROUND_14_DAYS,
	GROUND_PUBLIC_NOTICE,
	GROUND_RELEASE, /* of a final determination: it may be obeyed at once */
	GROUND_30_DAYS, /* and then must be */
	GROUND_REMOVAL,
	GROUND_REINSTATEMENT
};

struct effect {
	const struct notice *notice;
	enum effect_ground ground;
	int64_t from;
	int64_t until; /* CLOCK_NEVER: no end is on file */
};

struct effects {
	struct effect *effects; /* by `from` */
	size_t count;
};

/* What the documents say together: the law's counting of days, the documents, and one of them. */
struct effect_rules {
	const struct calendar *calendar;
	uint64_t removal_grace; /* business days */
	const struct notice_register *notices;
};

/* Of one document: at most two. What was mitigated, answered or lifted in time never comes and is left out. */
#define EFFECTS_OF_ONE 2
size_t
notice_effects(const struct effect_rules *rules, const struct notice *notice, struct effect effects[EFFECTS_OF_ONE]);

/* Of all documents: those that hold at that instant or come later. False: no memory. */
bool
effects_due(const struct effect_rules *rules, int64_t at, struct effects *result);
void
effects_end(struct effects *effects);

/* The first effect that holds at that instant; NULL: none does. */
const struct effect *
effect_holding(const struct effect effects[], size_t count, int64_t at);

/* The FCC must be told before it is made use of (47 CFR 64.1200(k)(4)). */
bool
ground_needs_notification(enum effect_ground ground);

/* Blocking on that ground waits for a notice to the FCC that is not on record as of then. */
bool
effect_waits(const struct effect *effect, int64_t at);

/* Stable words. The verdict is "may-block", "refuse", or "lifted" for a reinstatement. */
const char *
ground_name(enum effect_ground ground);
const char *
ground_verdict(enum effect_ground ground);
const char *
ground_citation(enum effect_ground ground);
/* What has happened, for a person. */
const char *
ground_text(enum effect_ground ground);

#endif
