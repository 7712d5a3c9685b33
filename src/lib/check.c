/* SPDX-License-Identifier: ISC
 *
 * rmd_check: gathers the facts that a question needs, asks decide(), fills the answer. What the facts mean for the
 * verdict is not decided here.
 */
#include <string.h>

#include "base/text.h"
#include "lib/decide.h"
#include "lib/filings.h"
#include "lib/handle.h"
#include "lib/number.h"
#include "lib/past.h"
#include "lib/target.h"

/* A question on its way to an answer. */
struct inquiry {
	const struct snapshot *snapshot; /* NULL: no data */
	struct question question;
	bool past;      /* answered by the history */
	int64_t run_at; /* the run that answers, which may be younger than its data: the question has their check */
	uint32_t generation; /* of it; 0: none answers */
	struct filing_facts filings[PACKED_LIST_MAX];
};

/* The filings and the documents of a slot that has a list. False: the table is damaged. */
static bool
facts_from_list(const struct packed *packed, const struct packed_slot *slot, struct filing_facts *filings,
		struct provider_facts *provider)
{
	const struct packed_list *list = packed_list_of(packed, slot);

	if (list == NULL)
		return false;
	for (uint32_t i = 0; i < list->filing_count; i++)
		filings[i] = (struct filing_facts){
			.number = list->filing[i].number,
			.implementation = list->filing[i].implementation,
			.roles = list->filing[i].roles,
			.lossy_name = (list->filing[i].flags & PACKED_LOSSY_NAME) != 0,
			.row_quarantined = (list->filing[i].flags & PACKED_ROW_QUARANTINED) != 0,
			.overdue_from = list->filing[i].overdue_from,
		};
	if ((slot->flags & PACKED_LISTED) != 0)
		provider->filing_count = list->filing_count;
	else
		provider->vanished_count = list->filing_count;
	provider->last_updated = list->last_updated;
	provider->documents = packed_documents(list);
	provider->document_count = list->document_count;
	return true;
}

/* False: the table is damaged. */
static bool
facts_from_slot(const struct packed *packed, const struct packed_slot *slot, struct filing_facts *filings,
		struct provider_facts *provider)
{
	provider->frn = slot->identity >> 24;
	provider->known = (slot->flags & PACKED_KNOWN) != 0;
	provider->alias = (slot->flags & PACKED_ALIAS) != 0;
	provider->key_quarantined = (slot->flags & PACKED_KEY_QUARANTINED) != 0;
	provider->missing_since = slot->when;
	provider->last_number = (uint32_t)(slot->identity & 0xffffff);
	if ((slot->flags & PACKED_LIST) != 0)
		return facts_from_list(packed, slot, filings, provider);
	if ((slot->flags & PACKED_LISTED) != 0) {
		filings[0] = (struct filing_facts){
			.number = provider->last_number,
			.implementation = slot->implementation,
			.roles = slot->roles,
			.lossy_name = (slot->flags & PACKED_LOSSY_NAME) != 0,
			.row_quarantined = (slot->flags & PACKED_ROW_QUARANTINED) != 0,
			.overdue_from = slot->when,
		};
		provider->filing_count = 1;
	}
	return true;
}

/* The documents that are on file today: the law does not come from the history. False: the table is damaged. */
static bool
documents_find(const struct packed *packed, uint64_t frn, uint32_t number, struct provider_facts *provider)
{
	const struct packed_slot *slot = target_slot(packed, frn, number);
	const struct packed_list *list;

	if (slot == NULL || (slot->flags & PACKED_LIST) == 0)
		return true;
	list = packed_list_of(packed, slot);
	if (list == NULL)
		return false;
	provider->documents = packed_documents(list);
	provider->document_count = list->document_count;
	return true;
}

/* The provider at an instant that the present does not answer for. */
static void
past_provider_find(struct inquiry *inquiry, const struct target *target)
{
	struct question *question = &inquiry->question;
	struct provider_facts *provider = &question->provider;

	provider->frn = target->frn;
	if (inquiry->run_at != RMD_TIME_NONE && !past_provider(inquiry->snapshot, target->frn, target->number,
							       inquiry->run_at, inquiry->filings, provider))
		question->has_data = false;
	if (!documents_find(snapshot_packed(inquiry->snapshot), provider->frn, target->number, provider))
		question->has_data = false;
}

static void
provider_find(struct inquiry *inquiry, const struct target *target)
{
	const struct packed *packed = snapshot_packed(inquiry->snapshot);
	struct question *question = &inquiry->question;
	struct provider_facts *provider = &question->provider;
	const struct packed_slot *slot;

	if (inquiry->past) {
		past_provider_find(inquiry, target);
		return;
	}
	slot = target_slot(packed, target->frn, target->number);
	if (slot != NULL && !facts_from_slot(packed, slot, inquiry->filings, provider))
		question->has_data = false;
	if (target->frn != 0)
		provider->frn = target->frn;
}

/* Which run answers: the last one for the present, an older one where the question says so. */
static void
instant_find(struct inquiry *inquiry)
{
	const struct packed_header *header = snapshot_packed(inquiry->snapshot)->header;
	struct question *question = &inquiry->question;
	struct run run;
	int64_t run_at;

	inquiry->past = question->at_given && question->at < header->checked_at;
	if (!inquiry->past) {
		inquiry->run_at = header->checked_at;
		inquiry->generation = header->generation;
		question->checked_at = header->data_at;
	} else if (question->at >= header->first_checked_at &&
		   snapshot_run_at(inquiry->snapshot, question->at, &run_at, &run)) {
		inquiry->run_at = run_at;
		inquiry->generation = run.generation;
		question->checked_at = run.data_at;
	}
}

static void
inquiry_data(struct inquiry *inquiry, const struct rmd_query *query)
{
	const struct packed *packed = snapshot_packed(inquiry->snapshot);
	const struct packed_header *header = packed->header;
	struct question *question = &inquiry->question;
	struct target target;
	uint64_t caller = 0;

	question->has_data = true;
	question->policy.max_age = header->max_age;
	question->policy.missing_grace = header->missing_grace;
	question->policy.role_mismatch_accepted = header->role_mismatch_accepted != 0;
	if (query->caller != NULL)
		caller = number_parse((struct slice){ query->caller, query->caller_length });
	if (caller != 0) {
		const struct area_code_set *foreign = (const void *)header->foreign_area_codes;

		_Static_assert(sizeof *foreign == sizeof header->foreign_area_codes, "one set, two rooms");
		question->caller = number_class(caller, foreign);
		question->public_safety_caller =
			packed_find(packed, packed_key(PACKED_PUBLIC_SAFETY, caller)) != NULL;
	}
	instant_find(inquiry);
	question->key =
		target_find(inquiry->snapshot, (struct slice){ query->provider, query->provider_length }, query->key,
			    inquiry->run_at != RMD_TIME_NONE ? inquiry->run_at : INT64_MAX, &target);
	question->has_data = question->key != KEY_UNREADABLE;
	/* The query's role goes before the peer's. */
	if (question->role == RMD_ROLE_NONE)
		question->role = target.role;
	if (question->key == KEY_FOUND)
		provider_find(inquiry, &target);
}

/* The filing that decided, or the provider's last one where it has none. */
static enum rmd_status
filing_of_ruling(const struct inquiry *inquiry, const struct ruling *ruling, struct rmd_filing *target)
{
	const struct provider_facts *provider = &inquiry->question.provider;
	uint32_t number = ruling->filing != NULL ? ruling->filing->number
			  : provider->known      ? provider->last_number
						 : 0;

	return filing_fill(inquiry->snapshot, number, inquiry->run_at, target);
}

static void
answer_fill(const struct inquiry *inquiry, const struct ruling *ruling, struct rmd_answer *answer)
{
	const struct question *question = &inquiry->question;
	const struct provider_facts *provider = &question->provider;

	answer->verdict = ruling->verdict;
	answer->reason = ruling->reason;
	answer->flags = ruling->flags;
	answer->citation = ruling->citation;
	answer->step = ruling->step;
	answer->role = question->role;
	answer->implementation = RMD_IMPLEMENTATION_UNKNOWN;
	answer->roles = 0;
	answer->rmd_number[0] = '\0';
	if (ruling->filing != NULL) {
		rmd_number_format(answer->rmd_number, ruling->filing->number);
		answer->implementation = (enum rmd_implementation)ruling->filing->implementation;
		answer->roles = ruling->filing->roles;
	} else if (provider->known && question->key == KEY_FOUND) {
		rmd_number_format(answer->rmd_number, provider->last_number);
	}
	frn_format(answer->frn, provider->frn);
	answer->effective_at = ruling->effective_at;
	answer->at = question->at;
	answer->checked_at = question->checked_at;
	answer->data_age = ruling->data_age;
	answer->generation = inquiry->generation;
	answer->notice[0] = '\0';
	if (ruling->document != NULL)
		slice_copy(answer->notice, sizeof answer->notice,
			   (struct slice){ ruling->document->id,
					   strnlen(ruling->document->id, sizeof ruling->document->id) });
}

static bool
arguments_good(const struct rmd_query *query, const struct rmd_answer *answer)
{
	return (answer->filing == NULL || answer->filing->size >= sizeof *answer->filing) &&
	       (unsigned)query->role <= RMD_ROLE_FOREIGN && (unsigned)query->key <= RMD_KEY_NAME;
}

/* The question without any data: what the call itself says. */
static void
question_begin(struct inquiry *inquiry, const struct rmd_query *query, int64_t now)
{
	struct question *question = &inquiry->question;

	/* Field by field, and the filings as they are counted: clearing it all costs more than the rest. */
	inquiry->snapshot = NULL;
	inquiry->past = false;
	inquiry->run_at = RMD_TIME_NONE;
	inquiry->generation = 0;
	question->emergency_call =
		query->called != NULL && number_is_emergency((struct slice){ query->called, query->called_length });
	question->public_safety_caller = false;
	question->has_data = false;
	question->key = KEY_FOUND;
	question->at_given = query->at != RMD_TIME_NONE;
	question->now = query->now != RMD_TIME_NONE ? query->now : now;
	question->at = question->at_given ? query->at : question->now;
	question->checked_at = RMD_TIME_NONE;
	question->role = (unsigned)query->role <= RMD_ROLE_FOREIGN ? query->role : RMD_ROLE_NONE;
	question->caller = CALLER_NO_NUMBER;
	question->policy = (struct policy){ 0 };
	question->provider = (struct provider_facts){
		.filings = inquiry->filings,
		.missing_since = RMD_TIME_NONE,
		.last_updated = DAY_NONE,
	};
}

enum rmd_status
rmd_check(struct rmd *rmd, const struct rmd_query *query, struct rmd_answer *answer)
{
	struct inquiry inquiry;
	struct question *question = &inquiry.question;
	struct visit visit = { NULL, NULL };
	enum rmd_status status = RMD_OK;
	struct ruling ruling;
	int64_t now;

	if (answer == NULL || answer->size < sizeof *answer)
		return RMD_ERROR_ARGUMENT;
	if (query == NULL || query->size < sizeof *query) {
		struct rmd_filing *filing = answer->filing;
		size_t size = answer->size;

		/* An answer that is used again must not go on saying what it said before. */
		*answer = (struct rmd_answer)RMD_ANSWER_INIT;
		answer->filing = filing;
		answer->size = size;
		return RMD_ERROR_ARGUMENT;
	}
	now = seconds_now();
	question_begin(&inquiry, query, now);
	/* Whatever else is wrong with the question, a call to 911 is accepted: the data is left out, not the rule. */
	if (!arguments_good(query, answer)) {
		status = RMD_ERROR_ARGUMENT;
	} else if (rmd == NULL) {
		status = RMD_ERROR_NO_DATA;
	} else {
		visit = visit_begin(rmd, now);
		inquiry.snapshot = visit.snapshot;
		if (inquiry.snapshot == NULL)
			status = status_without_snapshot(rmd);
	}
	if (inquiry.snapshot != NULL) {
		inquiry_data(&inquiry, query);
		if (!question->has_data)
			status = question->key == KEY_UNREADABLE ? walk_failure(inquiry.snapshot, TABLE_BY_NAME)
								 : RMD_ERROR_DAMAGED;
	}
	decide(question, &ruling);
	answer_fill(&inquiry, &ruling, answer);
	if (answer->filing != NULL && status != RMD_ERROR_ARGUMENT) {
		enum rmd_status filled = filing_of_ruling(&inquiry, &ruling, answer->filing);

		if (status == RMD_OK)
			status = filled;
	}
	if (visit.counter != NULL)
		visit_end(visit);
	return status;
}

enum rmd_status
rmd_info(struct rmd *rmd, struct rmd_info *info)
{
	struct visit visit;
	size_t size;

	if (rmd == NULL || info == NULL || info->size < sizeof *info)
		return RMD_ERROR_ARGUMENT;
	size = info->size;
	*info = (struct rmd_info)RMD_INFO_INIT;
	info->size = size;
	handle_look(rmd);
	visit = visit_begin(rmd, seconds_now());
	info->status = status_without_snapshot(rmd);
	info->reload_status = (enum rmd_status)atomic_load(&rmd->reload_status);
	if (visit.snapshot != NULL) {
		const struct state *state = snapshot_state(visit.snapshot);

		info->status = RMD_OK;
		info->format = state->format;
		info->generation = state->generation;
		info->checked_at = state->data_at;
		info->changed_at = state->changed_at;
		info->first_checked_at = state->first_checked_at;
		info->max_age = snapshot_packed(visit.snapshot)->header->max_age;
		info->filings = state->filings;
		info->not_certified = state->not_certified;
		info->vanished = state->vanished;
		info->quarantined = state->rejected;
		info->events = state->events;
		info->notices = state->notices;
		info->peers = state->peers;
		slice_copy(info->source, sizeof info->source, slice_of(state->source));
		digest_text(state->digest, info->digest);
	}
	visit_end(visit);
	return info->status;
}
