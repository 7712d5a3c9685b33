/* SPDX-License-Identifier: ISC
 *
 * The decision: finds out what the rules ask about, tries them in order, and says what else is worth knowing. What
 * the rules are stands in rules.h; no text, no clock and no storage must enter.
 */
#include "lib/decide.h"

#include <stddef.h>

#include "base/limits.h"
#include "lib/rules.h"

/* A row still edited that many days after the order was approved again (step 6). */
#define RELISTED_AFTER_DAYS 14

/* How well the provider's filings stand in the role asked: as the best one of them does. In ascending order. */
enum standing { STANDING_NO_FILING, STANDING_NOT_CERTIFIED, STANDING_OTHER_ROLE, STANDING_QUALIFIED };

/* A document, and since when it does what it does. */
struct ground {
	const struct packed_document *document; /* NULL: there is none */
	int64_t since;
};

struct findings {
	enum standing standing;
	const struct filing_facts *filing; /* the first that stands so well */
	/* For each thing that a document can bring, the one that has brought it for the longest time. */
	struct ground blocking;
	struct ground removal;
	struct ground pending;
	struct ground matured;
	unsigned document_flags;
	int64_t missing_for;
	int64_t data_age;
	bool absence_explained; /* by a removal order that is not yet in effect */
	bool before_history;
	bool stale;
};

struct role_rule {
	unsigned columns;
	const char *citation;
};

static const struct role_rule role_rules[] = {
#define ROLE(role, columns, citation) [role] = { columns, citation },
	ROLE_RULES(ROLE)
#undef ROLE
};

enum step {
#define RULE(step, test, verdict, reason, ...) STEP_OF_##reason = (step),
	RULES(RULE)
#undef RULE
};

/* Never negative: a clock that runs a little behind is no journey into the past. Never overflows. */
static int64_t
elapsed(int64_t from, int64_t to)
{
	uint64_t seconds;

	if (to <= from)
		return 0;
	seconds = (uint64_t)to - (uint64_t)from;
	return seconds > INT64_MAX ? INT64_MAX : (int64_t)seconds;
}

/* Never negative; RMD_TIME_NONE without data. */
static int64_t
data_age(const struct question *question)
{
	int64_t instant = question->at < question->now ? question->at : question->now;

	if (!question->has_data || question->checked_at == RMD_TIME_NONE || instant == RMD_TIME_NONE)
		return RMD_TIME_NONE;
	/* A clock may run a little behind. A check that lies far ahead of it tells nothing of how old its data are.
	 */
	if (!question->at_given && elapsed(question->now, question->checked_at) > LIMIT_CLOCK_BEHIND)
		return RMD_TIME_NONE;
	return elapsed(question->checked_at, instant);
}

static bool
is_certified(const struct filing_facts *filing)
{
	return filing->implementation >= RMD_IMPLEMENTATION_NONE &&
	       filing->implementation <= RMD_IMPLEMENTATION_COMPLETE;
}

/* Most rows with all roles No are older than the columns: they certified as voice service providers. */
static enum standing
filing_standing(const struct filing_facts *filing, unsigned columns)
{
	unsigned roles = filing->roles != 0 ? filing->roles : 1u << RMD_ROLE_VSP;

	if (!is_certified(filing))
		return STANDING_NOT_CERTIFIED;
	return columns == 0 || (roles & columns) != 0 ? STANDING_QUALIFIED : STANDING_OTHER_ROLE;
}

static void
ground_add(struct ground *ground, const struct packed_document *document, int64_t since, bool holds)
{
	if (holds && (ground->document == NULL || since < ground->since))
		*ground = (struct ground){ document, since };
}

/* Step 6: by a reinstatement, by the history, or because the row was edited when the FCC had long taken it away. */
static bool
is_relisted(const struct question *question, const struct packed_document *removal, int64_t at)
{
	const struct provider_facts *provider = &question->provider;

	/* What a check has seen is so, also by a clock that runs a little behind it. */
	return at >= removal->lifted || question->checked_at >= removal->relisted ||
	       (provider->last_updated != DAY_NONE &&
		(int64_t)provider->last_updated >= (int64_t)removal->released + RELISTED_AFTER_DAYS);
}

/* What one document brings at that instant. One that is not issued yet brings nothing. */
static void
document_weigh(const struct question *question, const struct packed_document *document, int64_t at,
	       struct findings *findings)
{
	bool lifted = at >= document->lifted;

	if (at < document->issued)
		return;
	switch ((enum document_kind)document->kind) {
	case DOCUMENT_FINAL_DETERMINATION:
		ground_add(&findings->blocking, document, document->effective, !lifted && at >= document->effective);
		ground_add(&findings->pending, document, document->issued, !lifted && at < document->effective);
		break;
	case DOCUMENT_REMOVAL:
		if (is_relisted(question, document, at)) {
			findings->document_flags |= RMD_FLAG_RELISTED;
			break;
		}
		ground_add(&findings->removal, document, document->effective, at >= document->effective);
		if (at < document->effective)
			findings->document_flags |= RMD_FLAG_REMOVAL_PENDING;
		/* An absence that began before the order is not the order's. */
		if (at < document->effective && document->issued <= question->provider.missing_since)
			findings->absence_explained = true;
		break;
	case DOCUMENT_NOTICE:
		ground_add(&findings->matured, document, document->after_48_hours,
			   at >= document->after_48_hours && at < document->mitigated);
		ground_add(&findings->matured, document, document->after_14_days,
			   at >= document->after_14_days && at < document->measures);
		if ((at < document->after_48_hours && at < document->mitigated) ||
		    (at < document->after_14_days && at < document->measures))
			findings->document_flags |= RMD_FLAG_NOTICE_OPEN;
		break;
	case DOCUMENT_PUBLIC_NOTICE:
		ground_add(&findings->matured, document, document->effective, true);
		break;
	case DOCUMENT_INITIAL_DETERMINATION:
	case DOCUMENT_REINSTATEMENT:
		break;
	}
}

static struct findings
find(const struct question *question)
{
	const struct provider_facts *provider = &question->provider;
	unsigned columns = role_rules[question->role].columns;
	struct findings findings = { .standing = STANDING_NO_FILING, .data_age = data_age(question) };
	unsigned filing_count = provider->filing_count;

	/* INT64_MAX is never: not even the last instant comes up to it. */
	for (unsigned i = 0; i < provider->document_count; i++)
		document_weigh(question, &provider->documents[i],
			       question->at < INT64_MAX ? question->at : INT64_MAX - 1, &findings);
	if (filing_count == 0 && findings.absence_explained)
		filing_count = provider->vanished_count;
	for (unsigned i = 0; i < filing_count; i++) {
		const struct filing_facts *filing = &provider->filings[i];
		enum standing standing = filing_standing(filing, columns);

		if (standing > findings.standing ||
		    (standing == findings.standing && filing->number < findings.filing->number)) {
			findings.standing = standing;
			findings.filing = filing;
		}
	}
	findings.missing_for = elapsed(provider->missing_since, question->at);
	findings.before_history = question->at_given && question->checked_at == RMD_TIME_NONE;
	/* An age that cannot be told (no clock, no time of the check) is as bad as an old one. */
	findings.stale = question->has_data && !findings.before_history &&
			 (findings.data_age == RMD_TIME_NONE || findings.data_age > question->policy.max_age);
	return findings;
}

static void
judge(const struct question *question, const struct findings *findings, struct ruling *ruling)
{
#define RULE(step_, test, verdict_, reason_, word, citation_, since, sentence)                                       \
	if (test) {                                                                                                  \
		ruling->step = (step_);                                                                              \
		ruling->verdict = (verdict_);                                                                        \
		ruling->reason = (reason_);                                                                          \
		ruling->citation = (citation_);                                                                      \
		ruling->effective_at = (since);                                                                      \
		return;                                                                                              \
	}
	RULES(RULE)
#undef RULE
}

/* The document that a reason rests on. */
static const struct packed_document *
document_of(const struct findings *findings, enum rmd_reason reason)
{
	switch (reason) {
	case RMD_REASON_BLOCKING_ORDER:
		return findings->blocking.document;
	case RMD_REASON_REMOVED_BY_ORDER:
		return findings->removal.document;
	case RMD_REASON_FINAL_DETERMINATION_PENDING:
		return findings->pending.document;
	case RMD_REASON_NOTICE_MATURED:
		return findings->matured.document;
	default:
		return NULL;
	}
}

/* Flags of the documents. */
static unsigned
document_flags(const struct question *question, const struct findings *findings, const struct ruling *ruling)
{
	unsigned flags = findings->document_flags;

	if (ruling->reason == RMD_REASON_REMOVED_BY_ORDER && question->provider.filing_count > 0)
		flags |= RMD_FLAG_STILL_LISTED;
	if (ruling->verdict == RMD_MAY_BLOCK && question->at < ruling->document->fcc_notified)
		flags |= RMD_FLAG_NOTIFY_FCC_FIRST;
	return flags;
}

/* An acceptance rests on its one filing; everything else rests on all that is known of the provider. */
static bool
rests_on_quarantine(const struct provider_facts *provider, const struct ruling *ruling)
{
	/* Of one that has vanished the unreadable row may be the newer state. */
	if (ruling->verdict == RMD_ACCEPT && ruling->filing != NULL && provider->filing_count == 0)
		return provider->key_quarantined;
	if (ruling->verdict == RMD_ACCEPT)
		return ruling->filing != NULL && ruling->filing->row_quarantined;
	for (unsigned i = 0; i < provider->filing_count; i++)
		if (provider->filings[i].row_quarantined)
			return true;
	return provider->key_quarantined;
}

/* Flags of the filing shown, in the order of enum rmd_flag. */
static unsigned
filing_flags(const struct filing_facts *filing, int64_t at)
{
	unsigned flags = 0;

	if (filing->overdue_from != RMD_TIME_NONE && at >= filing->overdue_from)
		flags |= RMD_FLAG_RECERTIFICATION_OVERDUE;
	if (filing->roles == 0 && is_certified(filing))
		flags |= RMD_FLAG_ROLE_UNKNOWN;
	if (filing->lossy_name)
		flags |= RMD_FLAG_LOSSY_NAME;
	return flags;
}

void
decide(const struct question *question, struct ruling *ruling)
{
	struct findings findings = find(question);

	judge(question, &findings, ruling);
	ruling->flags = findings.stale ? RMD_FLAG_STALE : 0;
	ruling->data_age = findings.data_age;
	ruling->filing = NULL;
	ruling->document = document_of(&findings, ruling->reason);
	/* Up to here the rules did not look at a provider. */
	if (ruling->step <= STEP_OF_RMD_REASON_AMBIGUOUS)
		return;
	ruling->filing = findings.filing;
	ruling->flags |= document_flags(question, &findings, ruling);
	if (findings.filing != NULL)
		ruling->flags |= filing_flags(findings.filing, question->at);
	if (question->provider.filing_count > 1)
		ruling->flags |= RMD_FLAG_MULTIPLE_FILINGS;
	if (findings.standing == STANDING_OTHER_ROLE && ruling->step > STEP_OF_RMD_REASON_ROLE_MISMATCH)
		ruling->flags |= RMD_FLAG_ROLE_MISMATCH;
	if (rests_on_quarantine(&question->provider, ruling))
		ruling->flags |= RMD_FLAG_ROW_QUARANTINED;
}
