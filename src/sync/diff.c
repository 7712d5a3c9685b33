/* SPDX-License-Identifier: ISC
 *
 * Two lists in the order of RMD numbers, walked side by side.
 */
#include "sync/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/numbers.h"

/* The old snapshot's filings, one at a time. */
struct old_filing {
	struct walk *walk;
	size_t left; /* by the snapshot's own count: a damaged page would end the walk early, or lead it astray */
	bool there;  /* the fields below are a filing */
	uint32_t number;
	struct lifecycle lifecycle;
	struct slice form;
};

/* Keys of rows that could not be understood, sorted. */
struct quarantine {
	uint64_t *numbers;
	size_t number_count;
	uint64_t *frns; /* of rows whose number could not be read */
	size_t frn_count;
};

static int
old_next(struct old_filing *old, struct error *error)
{
	struct slice key, value;

	old->there = old->walk != NULL && walk_next(old->walk, &key, &value);
	if (!old->there && old->left == 0)
		return 0;
	if (!old->there || old->left-- == 0 || key.length != 4 ||
	    !lifecycle_decode(value, &old->lifecycle, &old->form))
		return error_set(error, EX_SOFTWARE,
				 "the old snapshot holds a filing that cannot be read; it keeps serving");
	old->number = key_u32(key.data);
	return 0;
}

static int
quarantine_begin(struct quarantine *quarantine, const struct staging *staging, struct error *error)
{
	size_t room = staging == NULL ? 0 : staging->rejects_kept;

	memset(quarantine, 0, sizeof *quarantine);
	if (room == 0)
		return 0;
	quarantine->numbers = calloc(room, sizeof *quarantine->numbers);
	quarantine->frns = calloc(room, sizeof *quarantine->frns);
	if (quarantine->numbers == NULL || quarantine->frns == NULL)
		return error_set(error, EX_CANTCREAT, "not enough memory; the old snapshot keeps serving");
	for (size_t i = 0; i < room; i++) {
		if (staging->rejects[i].number != 0)
			quarantine->numbers[quarantine->number_count++] = staging->rejects[i].number;
		else if (staging->rejects[i].frn != 0)
			quarantine->frns[quarantine->frn_count++] = staging->rejects[i].frn;
	}
	numbers_sort(quarantine->numbers, quarantine->number_count);
	numbers_sort(quarantine->frns, quarantine->frn_count);
	return 0;
}

static void
quarantine_end(struct quarantine *quarantine)
{
	free(quarantine->numbers);
	free(quarantine->frns);
}

/* Whether the file has a row for this filing that could not be understood. */
static bool
quarantine_holds(const struct quarantine *quarantine, const struct old_filing *old)
{
	struct filing filing;

	if (numbers_have(quarantine->numbers, quarantine->number_count, old->number))
		return true;
	return quarantine->frn_count > 0 && filing_decode(old->form, &filing) &&
	       numbers_have(quarantine->frns, quarantine->frn_count, filing.frn);
}

/* The columns in which two forms differ; 0 only when they are the same. */
static uint32_t
forms_differ(struct slice a, struct slice b)
{
	struct filing x, y;
	uint32_t fields;

	if (slice_equal(a, b))
		return 0;
	if (!filing_decode(a, &x) || !filing_decode(b, &y))
		return UINT32_C(1) << COLUMN_NUMBER;
	fields = filing_difference(&x, &y);
	return fields != 0 ? fields : UINT32_C(1) << COLUMN_NUMBER;
}

/* A filing that the new file has too, or a new one. */
static struct outcome
outcome_staged(const struct old_filing *old, struct staging *staging, size_t index)
{
	struct outcome outcome = { .number = staging->filings[index].number, .staged = (uint32_t)index };

	if (!old->there || old->number != outcome.number) {
		outcome.kind = OUTCOME_ADDED;
		return outcome;
	}
	outcome.fields = forms_differ(old->form, staging_form(staging, index));
	if (!old->lifecycle.listed)
		outcome.kind = OUTCOME_RELISTED;
	else
		outcome.kind = outcome.fields != 0 ? OUTCOME_CHANGED : OUTCOME_SAME;
	return outcome;
}

/* A filing that the new file does not have. */
static struct outcome
outcome_old(const struct old_filing *old, bool offline, const struct quarantine *quarantine)
{
	struct outcome outcome = { .number = old->number, .staged = NOT_STAGED };

	if (!old->lifecycle.listed)
		outcome.kind = OUTCOME_GONE;
	else if (offline)
		outcome.kind = old->lifecycle.row_quarantined ? OUTCOME_QUARANTINED : OUTCOME_SAME;
	else
		outcome.kind = quarantine_holds(quarantine, old) ? OUTCOME_QUARANTINED : OUTCOME_VANISHED;
	return outcome;
}

static void
count(struct difference *difference, const struct old_filing *old, const struct outcome *outcome, bool kept)
{
	bool had = old->there && old->number == outcome->number;

	difference->listed_before += had && old->lifecycle.listed;
	difference->listed += outcome->kind != OUTCOME_VANISHED && outcome->kind != OUTCOME_GONE;
	difference->added += outcome->kind == OUTCOME_ADDED;
	difference->changed += outcome->kind == OUTCOME_CHANGED;
	difference->vanished += outcome->kind == OUTCOME_VANISHED;
	difference->relisted += outcome->kind == OUTCOME_RELISTED;
	difference->kept += kept || outcome->kind == OUTCOME_QUARANTINED;
	difference->outcomes[difference->count++] = *outcome;
}

int
diff(const struct snapshot *old_snapshot, struct staging *staging, struct difference *difference, struct error *error)
{
	size_t old_count = old_snapshot == NULL ? 0 : snapshot_count(old_snapshot, TABLE_FILING);
	size_t staged_count = staging == NULL ? 0 : staging->count;
	struct quarantine quarantine;
	struct old_filing old = { .left = old_count };
	size_t next = 0;

	memset(difference, 0, sizeof *difference);
	if (quarantine_begin(&quarantine, staging, error) != 0)
		goto out;
	difference->outcomes = calloc(old_count + staged_count + 1, sizeof *difference->outcomes);
	if (old_snapshot != NULL)
		old.walk = walk_begin(old_snapshot, TABLE_FILING);
	if (difference->outcomes == NULL || (old_snapshot != NULL && old.walk == NULL)) {
		error_set(error, EX_CANTCREAT, "not enough memory; the old snapshot keeps serving");
		goto out;
	}
	if (old_next(&old, error) != 0)
		goto out;
	while (old.there || next < staged_count) {
		bool staged = next < staged_count && (!old.there || staging->filings[next].number <= old.number);
		struct outcome outcome = staged ? outcome_staged(&old, staging, next)
						: outcome_old(&old, staging == NULL, &quarantine);

		count(difference, &old, &outcome, staged && staging->filings[next].row_quarantined);
		next += staged;
		if (old.there && old.number == outcome.number && old_next(&old, error) != 0)
			goto out;
	}
out:
	walk_end(old.walk);
	quarantine_end(&quarantine);
	return error->code;
}

void
difference_end(struct difference *difference)
{
	free(difference->outcomes);
	memset(difference, 0, sizeof *difference);
}
