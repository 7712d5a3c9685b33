/* SPDX-License-Identifier: ISC
 *
 * rmd_search: which filings may be meant by a name. It proposes and never decides: nothing here is in the path of a
 * verdict.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "cache/filing.h"
#include "lib/handle.h"
#include "rmd.h"

_Static_assert((int)NAME_WRITING == (int)RMD_DIFFERENCE_WRITING &&
		       (int)NAME_WORDS_ADDED == (int)RMD_DIFFERENCE_WORDS_ADDED,
	       "the differences are told as they are found");

/* A name that has less in common with what was searched for is not worth reading. */
#define LEAST_SCORE 50
/* But for one that has all that was searched for, if that is so many letters at least; this is its score then. */
#define PART_LETTERS 3
#define PART_SCORE 30
/* And so is one that is so far behind the best. */
#define SCORE_BEHIND 30
/* Of two names alike the one that is the company's own goes first, and the one that is listed; below any difference
 * in the letters. */
enum { PENALTY_SCALE = 8, PENALTY_KIND = 1, PENALTY_VANISHED = 3 };
/* How much more a pair of letters that both names have says than one that only the other has. */
#define PAIR_WEIGHT 8
/* Of a filing's names those are compared that share as many pairs as its likeliest, but for so many. */
#define PAIRS_BEHIND 3

/* A name that shares pairs of letters with the one searched for. */
struct finalist {
	int promise;
	uint32_t number;
	struct slice names; /* of the filing, into the map */
};

struct found {
	unsigned rank; /* the lower the better */
	struct rmd_candidate candidate;
};

struct rmd_search {
	struct slice text; /* as it was asked */
	struct name_parts asked;
	bool is_form; /* "LLC", and nothing else */
	struct name_pairs pairs;
	struct name_parts filed;
	struct finalist finalists[LIMIT_SEARCH_FINALISTS]; /* a heap, the one that promises least at its top */
	size_t finalist_count;
	struct found found[LIMIT_SEARCH_CANDIDATES]; /* by rank, then by number */
	size_t found_count;
	size_t next;
};

static void
finalist_sink(struct finalist *heap, size_t count)
{
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;
		struct finalist swapped = heap[i];

		if (child >= count)
			return;
		if (child + 1 < count && heap[child + 1].promise < heap[child].promise)
			child++;
		if (heap[child].promise >= swapped.promise)
			return;
		heap[i] = heap[child];
		heap[child] = swapped;
		i = child;
	}
}

static void
finalist_rise(struct finalist *heap, size_t i)
{
	while (i > 0 && heap[(i - 1) / 2].promise > heap[i].promise) {
		struct finalist swapped = heap[i];

		heap[i] = heap[(i - 1) / 2];
		heap[(i - 1) / 2] = swapped;
		i = (i - 1) / 2;
	}
}

static void
finalist_add(struct rmd_search *search, const struct finalist *fresh)
{
	struct finalist *heap = search->finalists;

	if (search->finalist_count < LIMIT_SEARCH_FINALISTS) {
		heap[search->finalist_count] = *fresh;
		finalist_rise(heap, search->finalist_count++);
	} else if (fresh->promise > heap[0].promise) {
		heap[0] = *fresh;
		finalist_sink(heap, search->finalist_count);
	}
}

/* How likely it is that a name is the one searched for, as far as pairs of letters tell. */
static int
name_promise(const struct rmd_search *search, const struct name_record *name)
{
	return (int)(PAIR_WEIGHT * name_pairs_shared(&search->pairs, name->folded)) - (int)name->folded.length;
}

/* One pass over all names, which only counts pairs of letters. */
static enum rmd_status
finalists_find(struct rmd_search *search, const struct snapshot *snapshot)
{
	struct walk *walk = walk_begin(snapshot, TABLE_NAME);
	enum rmd_status status = RMD_OK;
	struct slice key, value;

	if (walk == NULL)
		return walk_failure(snapshot, TABLE_NAME);
	while (status == RMD_OK && walk_next(walk, &key, &value)) {
		struct finalist finalist = { .promise = INT_MIN, .names = value };
		struct name_record name;

		if (key.length != 4) {
			status = RMD_ERROR_DAMAGED;
			break;
		}
		finalist.number = key_u32(key.data);
		while (name_next(&value, &name)) {
			int promise = name_promise(search, &name);

			if (promise > finalist.promise)
				finalist.promise = promise;
		}
		if (value.length > 0)
			status = RMD_ERROR_DAMAGED;
		else
			finalist_add(search, &finalist);
	}
	walk_end(walk);
	return status;
}

/* The name of a filing that is nearest. */
struct nearest {
	unsigned penalty; /* scaled, kind of the name included */
	struct name_record name;
	struct name_likeness likeness;
};

/* Whoever types one word of a long name leaves out most of it, and means it all the same. */
static bool
is_part(const struct rmd_search *search, const struct name_likeness *likeness)
{
	return !search->is_form && search->asked.core_count >= PART_LETTERS &&
	       (likeness->differences & (NAME_WORDS_ADDED | NAME_TYPING | NAME_LOST_CHARACTER)) == 0;
}

static bool
nearest_name(struct rmd_search *search, const struct finalist *finalist, struct nearest *nearest)
{
	struct slice names = finalist->names;
	struct name_record name;

	nearest->penalty = UINT_MAX;
	while (name_next(&names, &name)) {
		struct name_likeness likeness;
		unsigned penalty;

		if (name_promise(search, &name) < finalist->promise - PAIRS_BEHIND * PAIR_WEIGHT)
			continue;
		name_take(&search->filed, name.folded);
		likeness = name_compare(&search->asked, &search->filed);
		penalty = PENALTY_SCALE * likeness.penalty;
		if (name.kind > RMD_NAME_BUSINESS)
			penalty += PENALTY_KIND * (name.kind - RMD_NAME_BUSINESS);
		if (penalty < nearest->penalty)
			*nearest = (struct nearest){ penalty, name, likeness };
	}
	return nearest->penalty != UINT_MAX &&
	       (name_score(&search->asked, &nearest->likeness) >= LEAST_SCORE || is_part(search, &nearest->likeness));
}

static bool
candidate_fill(const struct rmd_search *search, const struct snapshot *snapshot, uint32_t number,
	       const struct nearest *nearest, struct rmd_candidate *candidate)
{
	unsigned char key[KEY_MAX];
	struct lifecycle lifecycle;
	struct filing filing;
	struct slice value, form, name;

	if (!snapshot_get(snapshot, TABLE_FILING, key_filing(key, number), &value) ||
	    !lifecycle_decode(value, &lifecycle, &form) || !filing_decode(form, &filing) ||
	    nearest->name.column >= COLUMN_COUNT || nearest->name.kind < RMD_NAME_BUSINESS ||
	    nearest->name.kind > RMD_NAME_PREVIOUS)
		return false;
	name = filing.text[nearest->name.column];
	if (nearest->name.begin > name.length || nearest->name.length > name.length - nearest->name.begin)
		return false;
	name = (struct slice){ name.data + nearest->name.begin, nearest->name.length };
	*candidate = (struct rmd_candidate){
		.size = sizeof *candidate,
		.score = name_score(&search->asked, &nearest->likeness),
		.listed = lifecycle.listed,
		.kind = (enum rmd_name_kind)nearest->name.kind,
		.differences = nearest->likeness.differences,
		.typing_errors = nearest->likeness.typing_errors,
	};
	if (!slice_equal(name, search->text))
		candidate->differences |= candidate->differences == 0 ? RMD_DIFFERENCE_WRITING : 0;
	if (candidate->score < PART_SCORE)
		candidate->score = PART_SCORE;
	rmd_number_format(candidate->rmd_number, number);
	frn_format(candidate->frn, filing.frn);
	slice_copy(candidate->name, sizeof candidate->name, name);
	slice_copy(candidate->business_name, sizeof candidate->business_name, filing.text[COLUMN_BUSINESS_NAME]);
	return true;
}

static bool
is_before(const struct found *a, const struct found *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank;
	return memcmp(a->candidate.rmd_number, b->candidate.rmd_number, RMD_NUMBER_SIZE) < 0;
}

static void
found_add(struct rmd_search *search, const struct found *fresh)
{
	struct found *list = search->found;
	size_t place = search->found_count;

	while (place > 0 && is_before(fresh, &list[place - 1]))
		place--;
	if (place == LIMIT_SEARCH_CANDIDATES)
		return;
	if (search->found_count == LIMIT_SEARCH_CANDIDATES)
		search->found_count--;
	memmove(&list[place + 1], &list[place], (search->found_count - place) * sizeof *list);
	list[place] = *fresh;
	search->found_count++;
}

static enum rmd_status
finalists_judge(struct rmd_search *search, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < search->finalist_count; i++) {
		const struct finalist *finalist = &search->finalists[i];
		struct nearest nearest;
		struct found found;

		if (!nearest_name(search, finalist, &nearest))
			continue;
		if (!candidate_fill(search, snapshot, finalist->number, &nearest, &found.candidate))
			return RMD_ERROR_DAMAGED;
		found.rank = nearest.penalty + (found.candidate.listed ? 0 : PENALTY_VANISHED);
		found_add(search, &found);
	}
	while (search->found_count > 0 && search->found[search->found_count - 1].candidate.score + SCORE_BEHIND <
						  search->found[0].candidate.score)
		search->found_count--;
	return RMD_OK;
}

static enum rmd_status
snapshot_search(struct rmd_search *search, struct rmd *rmd)
{
	struct visit visit = visit_begin(rmd, seconds_now());
	enum rmd_status status;

	if (visit.snapshot == NULL)
		status = status_without_snapshot(rmd);
	else if (!snapshot_has_names(visit.snapshot))
		status = RMD_ERROR_NO_NAMES;
	else
		status = finalists_find(search, visit.snapshot);
	if (status == RMD_OK)
		status = finalists_judge(search, visit.snapshot);
	visit_end(visit);
	return status;
}

enum rmd_status
rmd_search(struct rmd *rmd, const char *text, size_t length, struct rmd_search **result)
{
	char folded[LIMIT_NAME_KEY_BYTES];
	struct rmd_search *search;
	enum rmd_status status;
	size_t used;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	if (rmd == NULL || text == NULL || length > LIMIT_KEY_BYTES)
		return RMD_ERROR_ARGUMENT;
	used = name_fold_ascii(folded, sizeof folded, (struct slice){ text, length });
	used = name_join_initials(folded, used);
	if (used == 0)
		return RMD_ERROR_ARGUMENT;
	search = calloc(1, sizeof *search);
	if (search == NULL)
		return RMD_ERROR_MEMORY;
	search->text = slice_trim((struct slice){ text, length });
	search->is_form = name_is_form((struct slice){ folded, used });
	name_take(&search->asked, (struct slice){ folded, used });
	name_pairs_take(&search->pairs, &search->asked);
	status = snapshot_search(search, rmd);
	if (status != RMD_OK) {
		rmd_search_close(search);
		return status;
	}
	*result = search;
	return RMD_OK;
}

int
rmd_search_next(struct rmd_search *search, struct rmd_candidate *candidate)
{
	size_t size;

	if (search == NULL || candidate == NULL || candidate->size < sizeof *candidate)
		return RMD_ERROR_ARGUMENT;
	if (search->next == search->found_count)
		return 0;
	size = candidate->size;
	*candidate = search->found[search->next++].candidate;
	candidate->size = size;
	return 1;
}

void
rmd_search_close(struct rmd_search *search)
{
	free(search);
}
