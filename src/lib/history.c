/* SPDX-License-Identifier: ISC
 *
 * rmd_history: what happened to the filings of one provider, or to all since a generation. The walk has a snapshot of
 * its own, so that it may last.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/handle.h"
#include "lib/past.h"
#include "lib/target.h"

struct rmd_history {
	struct snapshot *snapshot;
	struct walk *walk;
	uint32_t *numbers; /* of the provider's filings, ascending */
	size_t count;
	size_t next;     /* the one after the one that is walked through */
	uint32_t walked; /* 0: none yet */
	bool whole;      /* of all filings, in the generations behind `after` */
	uint32_t after;
};

/* Every number that the FRN ever had. */
static enum rmd_status
numbers_of_frn(struct rmd_history *history, uint64_t frn)
{
	struct walk *walk = walk_begin(history->snapshot, TABLE_BY_FRN);
	unsigned char first[KEY_MAX];
	struct slice key, value;
	enum rmd_status status = RMD_OK;
	bool more;

	if (walk == NULL)
		return walk_failure(history->snapshot, TABLE_BY_FRN);
	more = walk_seek(walk, key_by_frn(first, frn, 0), &key, &value);
	while (more && key.length == 12 && key_u64(key.data) == frn) {
		uint32_t *larger = reallocarray(history->numbers, history->count + 1, sizeof *larger);

		if (larger == NULL) {
			status = RMD_ERROR_MEMORY;
			break;
		}
		history->numbers = larger;
		history->numbers[history->count++] = key_u32(key.data + 8);
		more = walk_next(walk, &key, &value);
	}
	walk_end(walk);
	return status;
}

static enum rmd_status
numbers_of_filing(struct rmd_history *history, uint32_t number)
{
	struct past_filing past;
	struct filing filing;

	if (!past_filing(history->snapshot, number, INT64_MAX, &past))
		return RMD_ERROR_DAMAGED;
	if (!past.known)
		return RMD_OK;
	if (!filing_decode(past.form, &filing))
		return RMD_ERROR_DAMAGED;
	if (filing.frn != 0)
		return numbers_of_frn(history, filing.frn);
	history->numbers = malloc(sizeof *history->numbers);
	if (history->numbers == NULL)
		return RMD_ERROR_MEMORY;
	history->numbers[history->count++] = number;
	return RMD_OK;
}

static enum rmd_status
numbers_find(struct rmd_history *history, struct slice provider)
{
	struct target target = { 0 };

	/* A name that several have shows the story of the first: history decides nothing. */
	switch (target_find(history->snapshot, provider, RMD_KEY_ANY, INT64_MAX, &target)) {
	case KEY_FOUND:
	case KEY_AMBIGUOUS:
		return target.frn != 0 ? numbers_of_frn(history, target.frn)
				       : numbers_of_filing(history, target.number);
	case KEY_BAD:
		return RMD_ERROR_ARGUMENT;
	case KEY_UNREADABLE:
		return walk_failure(history->snapshot, TABLE_BY_NAME);
	case KEY_NO_SUCH_NAME:
	case KEY_NO_SUCH_PEER:
		break;
	}
	return RMD_OK;
}

/* What both kinds of walk begin with. */
static enum rmd_status
history_begin(struct rmd *rmd, struct rmd_history **result)
{
	*result = calloc(1, sizeof **result);
	if (*result == NULL)
		return RMD_ERROR_MEMORY;
	return handle_walk(rmd, TABLE_HISTORY, &(*result)->snapshot, &(*result)->walk);
}

enum rmd_status
rmd_history_open(struct rmd *rmd, const char *provider, size_t length, struct rmd_history **result)
{
	enum rmd_status status;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	if (rmd == NULL || provider == NULL)
		return RMD_ERROR_ARGUMENT;
	status = history_begin(rmd, result);
	if (status == RMD_OK)
		status = numbers_find(*result, (struct slice){ provider, length });
	if (status != RMD_OK) {
		rmd_history_close(*result);
		*result = NULL;
	}
	return status;
}

enum rmd_status
rmd_history_open_since(struct rmd *rmd, uint32_t generation, struct rmd_history **result)
{
	enum rmd_status status;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	if (rmd == NULL)
		return RMD_ERROR_ARGUMENT;
	status = history_begin(rmd, result);
	if (status == RMD_OK) {
		(*result)->whole = true;
		(*result)->after = generation;
	} else {
		rmd_history_close(*result);
		*result = NULL;
	}
	return status;
}

/* The run that made a generation; all 0 where there is none. Several runs may share an instant: a rebuild with
 * --offline has that of the run before it. */
static struct run
generation_run(const struct snapshot *snapshot, int64_t at, uint32_t generation)
{
	struct walk *walk = walk_begin(snapshot, TABLE_RUN);
	unsigned char first[KEY_MAX];
	struct slice key, value;
	struct run run, made = { 0 };
	bool more;

	if (walk == NULL)
		return made;
	more = walk_seek(walk, key_run(first, at, 0), &key, &value);
	while (more && made.kind == 0 && key.length == 12 && memcmp(key.data, first, 8) == 0 &&
	       run_decode(value, &run)) {
		if (run.generation == generation)
			made = run;
		more = walk_next(walk, &key, &value);
	}
	walk_end(walk);
	return made;
}

/* The next event of the filings that were found for the provider. */
static bool
event_next_of_provider(struct rmd_history *history, struct slice *key, struct slice *value)
{
	unsigned char first[KEY_MAX];
	bool more;

	more = history->walked != 0 && walk_next(history->walk, key, value) && key->length == 8 &&
	       key_u32(key->data) == history->walked;
	while (!more && history->next < history->count) {
		history->walked = history->numbers[history->next++];
		more = walk_seek(history->walk, key_history(first, history->walked, 0), key, value) &&
		       key->length == 8 && key_u32(key->data) == history->walked;
	}
	return more;
}

/* The next event of any filing, behind the generation that the caller has. */
static bool
event_next_of_all(struct rmd_history *history, struct slice *key, struct slice *value)
{
	while (walk_next(history->walk, key, value) && key->length == 8) {
		history->walked = key_u32(key->data);
		if (key_u32(key->data + 4) > history->after)
			return true;
	}
	return false;
}

int
rmd_history_next(struct rmd_history *history, struct rmd_event *target)
{
	struct slice key, value;
	struct event event;
	struct run run;
	bool more;

	if (history == NULL || target == NULL || target->size < sizeof *target)
		return RMD_ERROR_ARGUMENT;
	more = history->whole ? event_next_of_all(history, &key, &value)
			      : event_next_of_provider(history, &key, &value);
	if (!more)
		return 0;
	if (!event_decode(value, &event))
		return RMD_ERROR_DAMAGED;
	target->kind = (enum rmd_event_kind)event.kind;
	rmd_number_format(target->rmd_number, history->walked);
	target->at = event.at;
	target->generation = key_u32(key.data + 4);
	target->fields = event.fields;
	run = generation_run(history->snapshot, event.at, target->generation);
	target->digest[0] = '\0';
	if (run.kind != 0)
		digest_text(run.digest, target->digest);
	target->rollback = run.kind == RUN_ROLLBACK;
	return 1;
}

void
rmd_history_close(struct rmd_history *history)
{
	if (history == NULL)
		return;
	walk_end(history->walk);
	snapshot_close(history->snapshot);
	free(history->numbers);
	free(history);
}
