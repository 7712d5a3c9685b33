/* SPDX-License-Identifier: ISC
 *
 * One JSON object, of which a power cut, a full disk or an editor may have left anything. What follows from a result
 * must not enter.
 */
#include "base/summary.h"

#include <string.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/time.h"

/* No run takes longer, in seconds: a million years of milliseconds fit. */
#define DURATION_MAX 3e13

static const char *const result_names[] = {
	[RESULT_FAILED] = "failed",
	[RESULT_HELD] = "held",
	[RESULT_UNCHANGED] = "unchanged",
	[RESULT_PUBLISHED] = "published",
};

static const char *const phase_names[PHASE_COUNT] = {
	[PHASE_RUN] = "run",
	[PHASE_FETCH] = "fetch",
	[PHASE_DECODE] = "decode",
	[PHASE_PUBLISH] = "publish",
};

const char *
run_result_name(enum run_result result)
{
	return result_names[result];
}

const char *
run_phase_name(enum run_phase phase)
{
	return phase_names[phase];
}

static bool
result_parse(const char *name, enum run_result *result)
{
	for (*result = RESULT_FAILED; *result <= RESULT_PUBLISHED; ++*result)
		if (strcmp(name, run_result_name(*result)) == 0)
			return true;
	return false;
}

static int64_t
duration_of(const json_t *object, enum run_phase phase)
{
	const json_t *value = json_object_get(object, run_phase_name(phase));
	double seconds = json_number_value(value);

	if (!json_is_number(value) || !(seconds >= 0 && seconds < DURATION_MAX))
		return NO_DURATION;
	return (int64_t)(seconds * 1000 + 0.5);
}

bool
summary_parse(const char *json, struct summary *summary)
{
	json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	json_int_t generation, added, removed, changed, relisted, exit_status = 0;
	const char *result, *started_at;
	bool known;

	*summary = (struct summary){ .started_at = TIME_NONE };
	known = object != NULL &&
		json_unpack(object, "{s:s,s:I,s:I,s:I,s:I,s:I,s?I}", "result", &result, "generation", &generation,
			    "added", &added, "removed", &removed, "changed", &changed, "relisted", &relisted,
			    "exit_status", &exit_status) == 0 &&
		result_parse(result, &summary->result) && exit_status >= 0 && exit_status <= 255;
	if (known) {
		summary->generation = (uint32_t)generation;
		summary->added = (uint64_t)added;
		summary->removed = (uint64_t)removed;
		summary->changed = (uint64_t)changed;
		summary->relisted = (uint64_t)relisted;
		started_at = json_string_value(json_object_get(object, "started_at"));
		if (started_at != NULL)
			summary->started_at = time_parse(slice_of(started_at));
		summary->exit_status = (int)exit_status;
		for (enum run_phase phase = PHASE_RUN; phase <= PHASE_PUBLISH; phase++)
			summary->durations[phase] = duration_of(json_object_get(object, "durations"), phase);
	}
	json_decref(object);
	return known;
}

bool
held_list_waits(const char *directory)
{
	char path[LIMIT_PATH_BYTES];

	return path_join(path, sizeof path, directory, HELD_RECORD_NAME) == 0 && access(path, F_OK) == 0;
}

bool
last_run_read(const char *directory, struct summary *summary)
{
	char path[LIMIT_PATH_BYTES], text[LIMIT_SUMMARY_BYTES + 1];
	ssize_t got;
	int file;

	if (path_join(path, sizeof path, directory, LAST_RUN_NAME) != 0 || (file = file_open(path)) < 0)
		return false;
	got = read(file, text, sizeof text);
	(void)close(file);
	if (got <= 0 || (size_t)got == sizeof text || memchr(text, '\0', (size_t)got) != NULL)
		return false;
	text[got] = '\0';
	return summary_parse(text, summary) && summary->started_at != TIME_NONE;
}
