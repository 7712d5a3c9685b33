/* SPDX-License-Identifier: ISC
 *
 * Which of the kept files it is, and whether its filings can be trusted: no digest stands beside it, but the history
 * of the snapshot that serves, whose digest does, tells every filing as it was. Who decides to serve it is run.c.
 */
#include "sync/rollback.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rmd.h"
#include "sync/publish.h"
#include "sync/stop.h"

/* So much of a line is for the generations that there are. */
#define OTHERS_BYTES 160

/* The search through the kept files. */
struct search {
	uint32_t generation;
	char path[LIMIT_PATH_BYTES];
	char others[OTHERS_BYTES];  /* the generations of those that can be read, the youngest first */
	char bad[LIMIT_PATH_BYTES]; /* the first that cannot be; "": none */
	enum snapshot_status bad_status;
};

static void
others_add(struct search *search, uint32_t generation)
{
	size_t used = strlen(search->others);
	int length = snprintf(search->others + used, sizeof search->others - used, "%s%" PRIu32, used > 0 ? ", " : "",
			      generation);

	/* The oldest of very many are left out rather than cut. */
	if (length < 0 || (size_t)length >= sizeof search->others - used)
		search->others[used] = '\0';
}

/* NULL: none of them is of that generation. */
static struct snapshot *
kept_find(struct search *search, const char *directory)
{
	struct snapshot *snapshot = NULL;

	for (uint64_t number = 1;
	     number <= LIMIT_KEEP && kept_path(search->path, sizeof search->path, directory, number) == 0; number++) {
		enum snapshot_status status;

		if (access(search->path, F_OK) != 0 && errno == ENOENT)
			continue;
		status = snapshot_open(search->path, &snapshot);
		if (status == SNAPSHOT_GOOD && snapshot_state(snapshot)->generation == search->generation)
			return snapshot;
		if (status == SNAPSHOT_GOOD) {
			others_add(search, snapshot_state(snapshot)->generation);
		} else if (status != SNAPSHOT_MISSING && search->bad[0] == '\0') {
			search->bad_status = status;
			memcpy(search->bad, search->path, sizeof search->bad);
		}
		snapshot_close(snapshot);
		snapshot = NULL;
	}
	return NULL;
}

static int
not_found(const struct search *search, const char *directory, struct error *error)
{
	static const char *const words[] = {
		[SNAPSHOT_DAMAGED] = "damaged",
		[SNAPSHOT_TOO_NEW] = "of a newer format",
		[SNAPSHOT_NO_MEMORY] = "too large for the memory there is",
		[SNAPSHOT_SYSTEM] = "not to be read",
	};
	const char *others = search->others[0] != '\0' ? search->others : "none";

	if (search->bad[0] != '\0')
		return error_set(error, EX_CANTCREAT,
				 "%s is %s, and generation %" PRIu32
				 " is no other one's (kept: %s); nothing was changed",
				 search->bad, words[search->bad_status], search->generation, others);
	return error_set(error, EX_UNAVAILABLE,
			 "%s: generation %" PRIu32 " is not kept (kept: %s); nothing was changed", directory,
			 search->generation, others);
}

/* One filing as the history says it was in a generation. */
struct then {
	bool known;
	bool listed;
	struct slice form;
};

/* What came later tells what was: the first later event says how it stood, and the first that changed the form has
 * the one before. `then` comes as the filing is now. */
static void
history_undo(struct walk *events, uint32_t number, uint32_t generation, struct then *then)
{
	unsigned char first[KEY_MAX];
	struct slice key, value;
	struct event event;
	bool later = false;
	bool more = walk_seek(events, key_history(first, number, generation + 1), &key, &value);

	while (more && key.length == 8 && key_u32(key.data) == number && event_decode(value, &event)) {
		if (!later) {
			then->known = event.kind != RMD_EVENT_ADDED;
			then->listed = event.kind == RMD_EVENT_VANISHED || event.kind == RMD_EVENT_CHANGED;
		}
		later = true;
		if (event.fields != 0) {
			then->form = event.before;
			return;
		}
		more = walk_next(events, &key, &value);
	}
}

/* Stages the filing if it was listed. False: the kept file does not have it as it was, or staging failed. */
static bool
filing_stage(struct slice key, struct slice value, uint32_t number, const struct then *then, struct staging *staging,
	     struct error *error)
{
	struct decode_sink sink = staging_sink(staging);
	struct lifecycle lifecycle;
	struct filing filing;
	struct slice form;

	if (key.length != 4 || key_u32(key.data) != number || !lifecycle_decode(value, &lifecycle, &form) ||
	    lifecycle.listed != then->listed || !slice_equal(form, then->form) || !filing_decode(form, &filing) ||
	    filing.number != number)
		return false;
	if (!lifecycle.listed)
		return true;
	if (sink.filing(sink.context, &filing, 0, error) != 0)
		return false;
	staging->filings[staging->count - 1].row_quarantined = lifecycle.row_quarantined;
	return true;
}

/* Both lists side by side. False: they contradict each other, or staging failed. */
static bool
filings_stage(const struct snapshot *kept, const struct snapshot *serving, struct staging *staging,
	      struct error *error)
{
	const uint32_t generation = snapshot_state(kept)->generation;
	struct walk *before = walk_begin(kept, TABLE_FILING);
	struct walk *now = walk_begin(serving, TABLE_FILING);
	struct walk *events = walk_begin(serving, TABLE_HISTORY);
	struct slice key, value, kept_key, kept_value;
	bool agree = before != NULL && now != NULL && events != NULL;

	if (!agree)
		error_set(error, EX_CANTCREAT, "not enough memory for a rollback; the old snapshot keeps serving");
	while (agree && walk_next(now, &key, &value)) {
		struct then then = { .known = true };
		struct lifecycle lifecycle;
		uint32_t number;

		if (stop_check(error) != 0 || key.length != 4 || !lifecycle_decode(value, &lifecycle, &then.form)) {
			agree = false;
			break;
		}
		number = key_u32(key.data);
		then.listed = lifecycle.listed;
		history_undo(events, number, generation, &then);
		if (then.known)
			agree = walk_next(before, &kept_key, &kept_value) &&
				filing_stage(kept_key, kept_value, number, &then, staging, error);
	}
	if (agree)
		agree = !walk_next(before, &kept_key, &kept_value);
	walk_end(before);
	walk_end(now);
	walk_end(events);
	return agree;
}

/* False: one cannot be read, or staging failed. */
static bool
rejects_stage(const struct snapshot *kept, struct staging *staging, struct error *error)
{
	struct decode_sink sink = staging_sink(staging);
	struct walk *walk = walk_begin(kept, TABLE_REJECT);
	struct reject_record record;
	struct slice key, value;
	bool good = walk != NULL;

	while (good && walk_next(walk, &key, &value)) {
		struct reject reject = { 0 };

		good = reject_decode(value, &record) && record.column < COLUMN_COUNT;
		if (!good)
			break;
		reject.line = record.line;
		reject.column = (enum column)record.column;
		reject.number = record.number;
		reject.frn = record.frn;
		slice_copy(reject.reason, sizeof reject.reason, slice_of(record.reason));
		good = sink.reject(sink.context, &reject, error) == 0;
	}
	walk_end(walk);
	/* Of very many the file had more than it keeps. */
	staging->reject_count = snapshot_state(kept)->rejected;
	return good && staging->rejects_kept ==
			       (staging->reject_count < LIMIT_REJECTS ? staging->reject_count : LIMIT_REJECTS);
}

int
rollback_stage(const char *directory, uint32_t generation, const struct snapshot *serving, struct staging *staging,
	       struct state *kept, struct error *error)
{
	struct search search = { .generation = generation };
	struct snapshot *snapshot;

	if (snapshot_state(serving)->generation == generation)
		return error_set(error, EX_USAGE,
				 "generation %" PRIu32 " is the one that serves; nothing was changed", generation);
	snapshot = kept_find(&search, directory);
	if (snapshot == NULL)
		return not_found(&search, directory, error);
	*kept = *snapshot_state(snapshot);
	if ((!filings_stage(snapshot, serving, staging, error) || !rejects_stage(snapshot, staging, error)) &&
	    error->code == 0)
		error_set(error, EX_CANTCREAT,
			  "%s: generation %" PRIu32
			  " is not there as the history knows it: the file is damaged, or of "
			  "another history; nothing was changed",
			  search.path, generation);
	if (error->code == 0)
		staging_finish(staging, search.path, error);
	snapshot_close(snapshot);
	return error->code;
}
