/* SPDX-License-Identifier: ISC
 *
 * One pass over all filings, and one over each index. History is copied whole before anything is added to it.
 */
#include "sync/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "rmd.h"
#include "sync/fold.h"
#include "sync/lifting.h"
#include "sync/names.h"
#include "sync/stop.h"

/* A name's key: its first bytes as a number, so that most comparisons need no text. */
struct name {
	uint64_t prefix;
	size_t offset;
	uint32_t length;
	uint32_t number;
};

struct link {
	uint64_t frn;
	uint32_t number;
	int64_t until; /* TIME_NONE: now */
};

struct build {
	const struct build_request *request;
	struct builder *builder;
	struct error *error;
	struct state *state;
	struct walk *old_filings;
	struct walk *old_events;
	/* The record that the walk through the old events stands on. */
	bool event_there;
	struct slice event_key;
	struct slice event_value;
	struct packed_plan plan;
	struct packed_source *sources; /* one for each outcome */
	struct name *names;            /* one for each outcome, at most */
	size_t name_count;
	struct buffer name_text;
	struct buffer searched; /* the names of one filing */
	struct buffer links;
	struct buffer aliases;
	struct buffer formers;
	struct buffer attachments;
};

static int
no_memory(struct build *build)
{
	return error_set(build->error, EX_CANTCREAT, "not enough memory for the snapshot; the old one keeps serving");
}

static const struct slice nothing = { NULL, 0 };

static struct slice
bytes(const void *data, size_t length)
{
	return (struct slice){ data, length };
}

static int
append(struct build *build, enum snapshot_table table, struct slice key, struct slice value, struct slice tail)
{
	return builder_append(build->builder, table, key, value, tail, build->error);
}

static int
add_word(struct build *build, struct buffer *words, uint64_t word)
{
	uint64_t *place;

	if (word == 0)
		return 0;
	place = buffer_extend(words, sizeof *place, SIZE_MAX / 2);
	if (place == NULL)
		return no_memory(build);
	*place = word;
	return 0;
}

static int
add_link(struct build *build, uint64_t frn, uint32_t number, int64_t until)
{
	struct link *link = buffer_extend(&build->links, sizeof *link, SIZE_MAX / 2);

	if (link == NULL)
		return no_memory(build);
	*link = (struct link){ frn, number, until };
	return 0;
}

static int
add_aliases(struct build *build, const struct filing *filing)
{
	struct slice text = filing->text[COLUMN_OTHER_FRNS];
	size_t taken = 0;
	uint64_t frn;

	while (taken < LIMIT_ALIASES && (frn = frn_next(&text)) != 0) {
		if (frn == filing->frn)
			continue;
		if (add_word(build, &build->aliases, frn << 24 | filing->number) != 0)
			return build->error->code;
		taken++;
	}
	return 0;
}

static int
add_name(struct build *build, const struct filing *filing)
{
	struct name *name = &build->names[build->name_count];
	size_t offset = build->name_text.length;
	unsigned char head[8] = { 0 };
	size_t length;
	char *folded;

	if (filing->text[COLUMN_BUSINESS_NAME].length == 0)
		return 0;
	folded = buffer_extend(&build->name_text, LIMIT_NAME_KEY_BYTES, SIZE_MAX / 2);
	if (folded == NULL || !name_fold(folded, filing->text[COLUMN_BUSINESS_NAME], &length))
		return no_memory(build);
	name->length = (uint32_t)length;
	build->name_text.length = offset + name->length;
	if (name->length == 0)
		return 0;
	memcpy(head, folded, name->length < sizeof head ? name->length : sizeof head);
	name->prefix = key_u64(head);
	name->offset = offset;
	name->number = filing->number;
	build->name_count++;
	return 0;
}

/* What the indexes and the packed table need of one filing. */
static int
add_facts(struct build *build, const struct filing *filing, const struct lifecycle *lifecycle, size_t index)
{
	struct packed_source *source = &build->sources[index];

	source->frn = filing->frn;
	source->number = filing->number;
	source->implementation = filing->implementation;
	source->roles = filing->roles;
	source->last_updated = filing->last_updated;
	source->flags = 0;
	source->when = lifecycle->since;
	if (lifecycle->listed) {
		source->flags |= PACKED_LISTED;
		source->when = packed_overdue_from(&build->plan.header, filing->last_recertified);
		build->state->filings++;
		if (filing->implementation == RMD_IMPLEMENTATION_NOT_CERTIFIED)
			build->state->not_certified++;
		if (add_aliases(build, filing) != 0)
			return build->error->code;
	} else {
		build->state->vanished++;
	}
	if (lifecycle->row_quarantined)
		source->flags |= PACKED_ROW_QUARANTINED;
	if (utf8_lossy(filing->text[COLUMN_BUSINESS_NAME]))
		source->flags |= PACKED_LOSSY_NAME;
	if (filing->frn != 0 && add_link(build, filing->frn, filing->number, TIME_NONE) != 0)
		return build->error->code;
	return add_name(build, filing);
}

static void
lifecycle_advance(const struct build_request *request, const struct outcome *outcome, struct lifecycle *lifecycle)
{
	const enum outcome_kind kind = (enum outcome_kind)outcome->kind;

	lifecycle->row_quarantined =
		kind == OUTCOME_QUARANTINED ||
		(outcome->staged != NOT_STAGED && request->staging->filings[outcome->staged].row_quarantined);
	if (kind == OUTCOME_ADDED) {
		lifecycle->first_generation = request->generation;
		lifecycle->first_seen = request->checked_at;
	}
	if (kind == OUTCOME_ADDED || kind == OUTCOME_VANISHED || kind == OUTCOME_RELISTED) {
		lifecycle->listed = kind != OUTCOME_VANISHED;
		lifecycle->since_generation = request->generation;
		lifecycle->since = request->checked_at;
	}
}

static void
event_next(struct build *build)
{
	build->event_there = build->old_events != NULL &&
			     walk_next(build->old_events, &build->event_key, &build->event_value) &&
			     build->event_key.length == 8;
}

/* The old events of a filing, and the new one behind them. `before` is the form that the old snapshot has. */
static int
add_events(struct build *build, const struct outcome *outcome, struct slice before)
{
	unsigned char key[KEY_MAX], value[EVENT_BYTES];
	struct event event;

	while (build->event_there && key_u32(build->event_key.data) == outcome->number) {
		if (append(build, TABLE_HISTORY, build->event_key, build->event_value, nothing) != 0)
			return build->error->code;
		build->state->events++;
		event_next(build);
	}
	if (outcome->kind < OUTCOME_ADDED || outcome->kind > OUTCOME_RELISTED)
		return 0;
	event = (struct event){ (uint8_t)outcome->kind, outcome->fields, build->request->checked_at, before };
	event_encode(&event, value);
	build->state->events++;
	return append(build, TABLE_HISTORY, key_history(key, outcome->number, build->request->generation),
		      bytes(value, sizeof value), outcome->fields != 0 ? before : nothing);
}

/* Whoever asks by the FRN that a filing had before must be told that it is gone, not that it never was. */
static int
add_former(struct build *build, const struct outcome *outcome, const struct filing *filing, struct slice before)
{
	struct filing old;

	if ((outcome->fields & UINT32_C(1) << COLUMN_FRN) == 0)
		return 0;
	if (!filing_decode(before, &old))
		return error_set(build->error, EX_SOFTWARE, "the old snapshot holds a filing that cannot be read");
	if (old.frn == 0 || old.frn == filing->frn)
		return 0;
	return add_link(build, old.frn, outcome->number, build->request->checked_at);
}

static int
add_filing(struct build *build, const struct outcome *outcome, size_t index)
{
	struct lifecycle lifecycle = { 0 };
	struct slice key, value, before = nothing, form;
	unsigned char name[KEY_MAX], head[LIFECYCLE_BYTES];
	struct filing filing;

	if (outcome->kind != OUTCOME_ADDED &&
	    (!walk_next(build->old_filings, &key, &value) || !lifecycle_decode(value, &lifecycle, &before)))
		return error_set(build->error, EX_SOFTWARE, "the old snapshot changed while it was read");
	lifecycle_advance(build->request, outcome, &lifecycle);
	form = outcome->staged == NOT_STAGED ? before : staging_form(build->request->staging, outcome->staged);
	if (!filing_decode(form, &filing) || filing.number != outcome->number)
		return error_set(build->error, EX_SOFTWARE,
				 "a filing cannot be read back; the old snapshot keeps serving");
	lifecycle_encode(&lifecycle, head);
	if (append(build, TABLE_FILING, key_filing(name, outcome->number), bytes(head, sizeof head), form) != 0 ||
	    add_events(build, outcome, before) != 0 || add_former(build, outcome, &filing, before) != 0)
		return build->error->code;
	if (!names_encode(&filing, &build->searched))
		return no_memory(build);
	if (build->searched.length > 0 && append(build, TABLE_NAME, key_filing(name, outcome->number),
						 bytes(build->searched.data, build->searched.length), nothing) != 0)
		return build->error->code;
	return add_facts(build, &filing, &lifecycle, index);
}

static int
link_order(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	if (x->frn != y->frn)
		return x->frn < y->frn ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	/* The one that holds now first, then the latest. */
	if (x->until == TIME_NONE || y->until == TIME_NONE)
		return x->until == y->until ? 0 : x->until == TIME_NONE ? -1 : 1;
	return x->until > y->until ? -1 : x->until < y->until;
}

/* The links that a filing has given up, from the old snapshot. */
static int
copy_former_links(struct build *build)
{
	struct walk *walk;
	struct slice key, value;
	int64_t until;

	if (build->request->old == NULL)
		return 0;
	walk = walk_begin(build->request->old, TABLE_BY_FRN);
	if (walk == NULL)
		return no_memory(build);
	while (walk_next(walk, &key, &value))
		if (key.length == 12 && link_decode(value, &until) && until != TIME_NONE &&
		    add_link(build, key_u64(key.data), key_u32(key.data + 8), until) != 0)
			break;
	walk_end(walk);
	return build->error->code;
}

static int
add_by_frn(struct build *build)
{
	struct link *links;
	size_t count;

	if (copy_former_links(build) != 0)
		return build->error->code;
	links = build->links.data;
	count = build->links.length / sizeof *links;
	if (count > 1)
		qsort(links, count, sizeof *links, link_order);
	for (size_t i = 0; i < count; i++) {
		unsigned char key[KEY_MAX], value[LINK_BYTES];
		struct packed_former *former;

		if (i > 0 && links[i].frn == links[i - 1].frn && links[i].number == links[i - 1].number)
			continue;
		link_encode(links[i].until, value);
		if (append(build, TABLE_BY_FRN, key_by_frn(key, links[i].frn, links[i].number),
			   bytes(value, sizeof value), nothing) != 0)
			return build->error->code;
		if (links[i].until == TIME_NONE)
			continue;
		former = buffer_extend(&build->formers, sizeof *former, SIZE_MAX / 2);
		if (former == NULL)
			return no_memory(build);
		*former = (struct packed_former){ links[i].frn, links[i].number, links[i].until };
	}
	return 0;
}

static int
name_order(const void *a, const void *b, void *text)
{
	const struct name *x = a, *y = b;
	uint32_t shorter = x->length < y->length ? x->length : y->length;
	int order;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	order = memcmp((const char *)text + x->offset, (const char *)text + y->offset, shorter);
	if (order != 0)
		return order;
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int
add_by_name(struct build *build)
{
	if (build->name_count > 1)
		qsort_r(build->names, build->name_count, sizeof *build->names, name_order, build->name_text.data);
	for (size_t i = 0; i < build->name_count; i++) {
		const struct name *name = &build->names[i];
		struct slice folded = bytes((const char *)build->name_text.data + name->offset, name->length);
		unsigned char key[KEY_MAX];

		if (append(build, TABLE_BY_NAME, key_by_name(key, folded, name->number), nothing, nothing) != 0)
			return build->error->code;
	}
	return 0;
}

static int
copy_table(struct build *build, enum snapshot_table table)
{
	struct walk *walk;
	struct slice key, value;

	if (build->request->old == NULL)
		return 0;
	walk = walk_begin(build->request->old, table);
	if (walk == NULL)
		return no_memory(build);
	while (walk_next(walk, &key, &value) && append(build, table, key, value, nothing) == 0)
		continue;
	walk_end(walk);
	return build->error->code;
}

static int
add_run(struct build *build)
{
	const struct build_request *request = build->request;
	unsigned char key[KEY_MAX], value[RUN_ENCODED_MAX];
	size_t length;

	if (copy_table(build, TABLE_RUN) != 0)
		return build->error->code;
	length = run_encode(&request->run, value);
	return append(build, TABLE_RUN, key_run(key, request->checked_at, build->state->runs), bytes(value, length),
		      nothing);
}

static int
add_rejects(struct build *build)
{
	const struct staging *staging = build->request->staging;

	if (staging == NULL)
		return copy_table(build, TABLE_REJECT);
	for (size_t i = 0; i < staging->rejects_kept; i++) {
		const struct reject *reject = &staging->rejects[i];
		struct reject_record record = { reject->line, reject->number, reject->frn, (uint8_t)reject->column,
						"" };
		unsigned char key[KEY_MAX], value[REJECT_ENCODED_MAX];

		slice_copy(record.reason, sizeof record.reason, slice_of(reject->reason));
		if (append(build, TABLE_REJECT, key_filing(key, (uint32_t)i),
			   bytes(value, reject_encode(&record, value)), nothing) != 0)
			return build->error->code;
	}
	return 0;
}

static int
add_notices(struct build *build)
{
	const struct documents *documents = build->request->documents;

	for (size_t i = 0; documents != NULL && i < documents->count; i++) {
		unsigned char key[KEY_MAX];

		if (append(build, TABLE_NOTICE, key_filing(key, (uint32_t)i),
			   bytes(documents->documents[i].encoded, documents->documents[i].length), nothing) != 0)
			return build->error->code;
		build->state->notices++;
	}
	return 0;
}

static int
add_peers(struct build *build)
{
	const struct peers *peers = build->request->peers;

	for (size_t i = 0; peers != NULL && i < peers->count; i++) {
		unsigned char key[KEY_MAX];

		if (append(build, TABLE_PEER, key_filing(key, (uint32_t)i),
			   bytes(peers->peers[i].encoded, peers->peers[i].length), nothing) != 0)
			return build->error->code;
		build->state->peers++;
	}
	return 0;
}

/* The keys of quarantined rows, from this file or from the old snapshot. */
static int
quarantined_keys(struct build *build, struct buffer *frns, struct buffer *numbers)
{
	const struct build_request *request = build->request;
	size_t count = request->staging != NULL ? request->staging->rejects_kept : 0;
	struct walk *walk = NULL;
	struct slice key, value;

	if (request->staging == NULL && request->old != NULL) {
		walk = walk_begin(request->old, TABLE_REJECT);
		if (walk == NULL)
			return no_memory(build);
	}
	for (size_t i = 0;; i++) {
		struct reject_record record = { 0 };

		if (walk != NULL) {
			if (!walk_next(walk, &key, &value) || !reject_decode(value, &record))
				break;
		} else if (i < count) {
			record.number = request->staging->rejects[i].number;
			record.frn = request->staging->rejects[i].frn;
		} else {
			break;
		}
		if (add_word(build, frns, record.frn) != 0 || add_word(build, numbers, record.number) != 0)
			break;
	}
	walk_end(walk);
	return build->error->code;
}

/* What the packed table says before any filing. */
static void
plan_begin(struct build *build)
{
	const struct operator_data *operator_data = build->request->operator_data;
	struct packed_header *header = &build->plan.header;

	header->generation = build->request->generation;
	header->role_mismatch_accepted = operator_data->role_mismatch_accepted;
	header->checked_at = build->request->checked_at;
	header->data_at = build->request->run.data_at;
	header->first_checked_at = build->state->first_checked_at;
	header->max_age = operator_data->max_age;
	header->missing_grace = operator_data->missing_grace;
	memcpy(header->foreign_area_codes, operator_data->foreign_area_codes, sizeof header->foreign_area_codes);
	memcpy(header->recertification_due, operator_data->recertification_due, sizeof header->recertification_due);
	build->plan.public_safety = operator_data->public_safety;
	build->plan.public_safety_count = operator_data->public_safety_count;
}

static int
add_packed(struct build *build)
{
	struct buffer frns = { 0 }, numbers = { 0 };
	struct packed_plan *plan = &build->plan;
	size_t size;
	void *target;

	if (quarantined_keys(build, &frns, &numbers) != 0)
		goto out;
	if (build->request->documents != NULL &&
	    !documents_attach(build->request->documents, build->sources, build->request->difference->count,
			      &build->attachments)) {
		no_memory(build);
		goto out;
	}
	plan->sources = build->sources;
	plan->source_count = build->request->difference->count;
	plan->formers = build->formers.data;
	plan->former_count = build->formers.length / sizeof *plan->formers;
	plan->aliases = build->aliases.data;
	plan->alias_count = build->aliases.length / sizeof *plan->aliases;
	plan->attachments = build->attachments.data;
	plan->attachment_count = build->attachments.length / sizeof *plan->attachments;
	if (build->request->peers != NULL) {
		plan->peers = build->request->peers->names;
		plan->peer_count = build->request->peers->name_count;
	}
	plan->quarantined_frns = frns.data;
	plan->quarantined_frn_count = frns.length / sizeof *plan->quarantined_frns;
	plan->quarantined_numbers = numbers.data;
	plan->quarantined_number_count = numbers.length / sizeof *plan->quarantined_numbers;
	size = packed_plan(plan);
	if (lifting_fill(build->request, plan, build->error) == 0 &&
	    builder_reserve(build->builder, slice_of("packed"), size, &target, build->error) == 0)
		packed_build(plan, target);
out:
	buffer_end(&frns);
	buffer_end(&numbers);
	return build->error->code;
}

static int
add_validators(struct build *build)
{
	const struct validators *validators = build->request->validators;
	unsigned char value[VALIDATORS_ENCODED_MAX];
	size_t length;
	void *target;

	if (validators == NULL || (validators->etag[0] == '\0' && validators->last_modified[0] == '\0'))
		return 0;
	length = validators_encode(validators, value);
	if (builder_reserve(build->builder, slice_of(VALIDATORS_KEY), length, &target, build->error) == 0)
		memcpy(target, value, length);
	return build->error->code;
}

static int
add_meta(struct build *build)
{
	const struct build_request *request = build->request;
	unsigned char state[STATE_ENCODED_MAX];
	size_t length = OPERATOR_BYTES + 8 * request->operator_data->public_safety_count;
	void *target;

	if (builder_reserve(build->builder, slice_of("operator"), length, &target, build->error) != 0)
		return build->error->code;
	operator_encode(request->operator_data, target);
	if (add_packed(build) != 0 || add_validators(build) != 0)
		return build->error->code;
	length = state_encode(build->state, state);
	if (builder_reserve(build->builder, slice_of("state"), length, &target, build->error) != 0)
		return build->error->code;
	memcpy(target, state, length);
	return 0;
}

static void
state_begin(const struct build_request *request, struct state *state)
{
	const struct state *old = request->old != NULL ? snapshot_state(request->old) : NULL;
	bool changed = old == NULL || old->generation != request->generation;

	*state = (struct state){
		.format = FORMAT_VERSION,
		.generation = request->generation,
		.decoder = request->decoder,
		.runs = old != NULL ? old->runs + 1 : 1,
		.checked_at = request->checked_at,
		.data_at = request->run.data_at,
		.changed_at = changed ? request->checked_at : old->changed_at,
		.first_checked_at = old != NULL ? old->first_checked_at : request->checked_at,
		.rejected = request->run.rejected,
	};
	memcpy(state->digest, request->run.digest, sizeof state->digest);
	memcpy(state->source, request->run.source, sizeof state->source);
}

static int
build_begin(struct build *build)
{
	const struct build_request *request = build->request;
	size_t count = request->difference->count;

	build->sources = calloc(count + 1, sizeof *build->sources);
	build->names = calloc(count + 1, sizeof *build->names);
	if (build->sources == NULL || build->names == NULL)
		return no_memory(build);
	if (request->old != NULL) {
		snapshot_packed_forget(request->old);
		build->old_filings = walk_begin(request->old, TABLE_FILING);
		build->old_events = walk_begin(request->old, TABLE_HISTORY);
		if (build->old_filings == NULL || build->old_events == NULL)
			return no_memory(build);
	}
	event_next(build);
	return builder_begin(request->path, &build->builder, build->error);
}

static void
build_end(struct build *build)
{
	builder_end(build->builder);
	walk_end(build->old_filings);
	walk_end(build->old_events);
	free(build->sources);
	free(build->names);
	buffer_end(&build->name_text);
	buffer_end(&build->searched);
	buffer_end(&build->links);
	buffer_end(&build->aliases);
	buffer_end(&build->formers);
	buffer_end(&build->attachments);
}

int
build(const struct build_request *request, struct state *state, struct error *error)
{
	struct build build = { .request = request, .error = error, .state = state };
	const struct difference *difference = request->difference;

	state_begin(request, state);
	plan_begin(&build);
	if (build_begin(&build) != 0)
		goto out;
	for (size_t i = 0; i < difference->count; i++)
		if (stop_check(error) != 0 || add_filing(&build, &difference->outcomes[i], i) != 0)
			goto out;
	if (request->old != NULL && state->events < snapshot_state(request->old)->events) {
		error_set(error, EX_SOFTWARE, "the new history would be shorter than the old one; not published");
		goto out;
	}
	if (add_by_frn(&build) != 0 || add_by_name(&build) != 0 || add_run(&build) != 0 || add_rejects(&build) != 0 ||
	    add_notices(&build) != 0 || add_peers(&build) != 0 || add_meta(&build) != 0)
		goto out;
	builder_finish(build.builder, error);
out:
	build_end(&build);
	return error->code;
}
