/* SPDX-License-Identifier: ISC
 *
 * Reads the history of those providers alone that a removal order names. The rule is step 6 of the verdict.
 */
#include "sync/lifting.h"

#include <stdlib.h>

#include "notice/clock.h"
#include "rmd.h"

/* A filing that came (1) or went (-1). Two checks may have one instant: the generation tells whose passage it is. */
struct passage {
	int64_t at;
	uint32_t generation;
	int change;
};

struct check {
	int64_t at;
	uint32_t generation;
};

struct lifting {
	const struct build_request *request;
	struct error *error;
	struct buffer checks;   /* every check of the source so far, this one too */
	struct buffer passages; /* of one provider */
	struct walk *events;
};

static int
no_memory(struct lifting *lifting)
{
	return error_set(lifting->error, EX_CANTCREAT,
			 "not enough memory for the snapshot; the old one keeps serving");
}

/* A rebuild is no check, and a rollback no presence. */
static int
check_add(struct lifting *lifting, const struct run *run, int64_t at)
{
	struct check *check;

	if (run->kind != RUN_PUBLISHED && run->kind != RUN_UNCHANGED)
		return 0;
	check = buffer_extend(&lifting->checks, sizeof *check, SIZE_MAX / 2);
	if (check == NULL)
		return no_memory(lifting);
	*check = (struct check){ at, run->generation };
	return 0;
}

static int
checks_read(struct lifting *lifting)
{
	const struct build_request *request = lifting->request;
	struct walk *walk = request->old != NULL ? walk_begin(request->old, TABLE_RUN) : NULL;
	struct slice key, value;
	struct run run;

	if (request->old != NULL && walk == NULL)
		return no_memory(lifting);
	while (walk != NULL && lifting->error->code == 0 && walk_next(walk, &key, &value))
		if (key.length == 12 && run_decode(value, &run))
			check_add(lifting, &run, key_run_instant(key.data));
	walk_end(walk);
	return lifting->error->code != 0 ? lifting->error->code
					 : check_add(lifting, &request->run, request->checked_at);
}

static int
passage_add(struct lifting *lifting, unsigned kind, int64_t at, uint32_t generation)
{
	struct passage *passage;

	if (kind != RMD_EVENT_ADDED && kind != RMD_EVENT_RELISTED && kind != RMD_EVENT_VANISHED)
		return 0;
	passage = buffer_extend(&lifting->passages, sizeof *passage, SIZE_MAX / 2);
	if (passage == NULL)
		return no_memory(lifting);
	*passage = (struct passage){ at, generation, kind == RMD_EVENT_VANISHED ? -1 : 1 };
	return 0;
}

static int
outcome_order(const void *a, const void *b)
{
	const struct outcome *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* What the history says of one filing, and this run. */
static int
filing_passages(struct lifting *lifting, uint32_t number)
{
	const struct build_request *request = lifting->request;
	const struct outcome wanted = { .number = number };
	const struct outcome *outcome = bsearch(&wanted, request->difference->outcomes, request->difference->count,
						sizeof wanted, outcome_order);
	unsigned char first[KEY_MAX];
	struct slice key, value;
	struct event event;
	bool more =
		lifting->events != NULL && walk_seek(lifting->events, key_history(first, number, 0), &key, &value);

	while (more && key.length == 8 && key_u32(key.data) == number && event_decode(value, &event)) {
		if (passage_add(lifting, event.kind, event.at, key_u32(key.data + 4)) != 0)
			return lifting->error->code;
		more = walk_next(lifting->events, &key, &value);
	}
	return outcome != NULL ? passage_add(lifting, outcome->kind, request->checked_at, request->run.generation)
			       : 0;
}

static int
passage_order(const void *a, const void *b)
{
	const struct passage *x = a, *y = b;

	return x->generation < y->generation ? -1 : x->generation > y->generation;
}

/* The first check after the order that had the provider again, after one that had not. */
static int64_t
relisted_at(const struct lifting *lifting, int64_t issued)
{
	const struct check *checks = lifting->checks.data;
	const struct passage *passages = lifting->passages.data;
	size_t check_count = lifting->checks.length / sizeof *checks;
	size_t passage_count = lifting->passages.length / sizeof *passages, passed = 0;
	int filings = 0;
	bool absent = false;

	/* Nothing came after the order: nothing can have come again. */
	if (passage_count == 0 || passages[passage_count - 1].at <= issued)
		return CLOCK_NEVER;
	for (size_t i = 0; i < check_count; i++) {
		if (checks[i].at <= issued)
			continue;
		while (passed < passage_count && passages[passed].generation <= checks[i].generation)
			filings += passages[passed++].change;
		if (filings <= 0)
			absent = true;
		else if (absent)
			return checks[i].at;
	}
	return CLOCK_NEVER;
}

/* The first reinstatement of the order's day or later. */
static int64_t
lifted_at(const struct packed_attachment *attachments, size_t count, const struct packed_document *order)
{
	int64_t lifted = CLOCK_NEVER;

	for (size_t i = 0; i < count; i++) {
		const struct packed_document *document = &attachments[i].document;

		if (document->kind == DOCUMENT_REINSTATEMENT && document->released >= order->released &&
		    document->effective < lifted)
			lifted = document->effective;
	}
	return lifted;
}

/* One provider: its documents, and its filings as they stand in the plan. */
static int
provider_fill(struct lifting *lifting, struct packed_attachment *attachments, size_t count,
	      const struct packed_source *sources, size_t source_count)
{
	bool read = false;

	for (size_t i = 0; i < count; i++) {
		struct packed_document *document = &attachments[i].document;

		if (document->kind == DOCUMENT_REMOVAL || document->kind == DOCUMENT_FINAL_DETERMINATION)
			document->lifted = lifted_at(attachments, count, document);
		if (document->kind != DOCUMENT_REMOVAL)
			continue;
		lifting->passages.length = read ? lifting->passages.length : 0;
		for (size_t k = 0; !read && k < source_count; k++)
			if (filing_passages(lifting, sources[k].number) != 0)
				return lifting->error->code;
		if (!read && lifting->passages.length > sizeof(struct passage))
			qsort(lifting->passages.data, lifting->passages.length / sizeof(struct passage),
			      sizeof(struct passage), passage_order);
		read = true;
		document->relisted = relisted_at(lifting, document->issued);
	}
	return 0;
}

/* Whether an attachment is for the provider of that filing. */
static bool
is_provider_of(const struct packed_attachment *attachment, const struct packed_source *source)
{
	return attachment->frn == source->frn && (source->frn != 0 || attachment->number == source->number);
}

static int
providers_fill(struct lifting *lifting, struct packed_plan *plan)
{
	const struct packed_source *source = plan->sources, *end = plan->sources + plan->source_count;

	for (size_t i = 0, next; i < plan->attachment_count; i = next) {
		const struct packed_attachment *first = &plan->attachments[i];
		const struct packed_source *begin;

		for (next = i + 1; next < plan->attachment_count && plan->attachments[next].frn == first->frn &&
				   plan->attachments[next].number == first->number;
		     next++)
			continue;
		while (source != end &&
		       (source->frn != first->frn ? source->frn < first->frn
						  : source->frn == 0 && source->number < first->number))
			source++;
		for (begin = source; source != end && is_provider_of(first, source); source++)
			continue;
		if (provider_fill(lifting, &plan->attachments[i], next - i, begin, (size_t)(source - begin)) != 0)
			break;
	}
	return lifting->error->code;
}

int
lifting_fill(const struct build_request *request, struct packed_plan *plan, struct error *error)
{
	struct lifting lifting = { .request = request, .error = error };

	if (plan->attachment_count == 0)
		return 0;
	if (request->old != NULL) {
		lifting.events = walk_begin(request->old, TABLE_HISTORY);
		if (lifting.events == NULL)
			no_memory(&lifting);
	}
	if (error->code == 0 && checks_read(&lifting) == 0)
		providers_fill(&lifting, plan);
	walk_end(lifting.events);
	buffer_end(&lifting.checks);
	buffer_end(&lifting.passages);
	return error->code;
}
