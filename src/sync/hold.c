/* SPDX-License-Identifier: ISC
 *
 * The record of a held list is a small text, so that a person can read it:
 *
 *   held-at 2026-11-24T03:00:00-05:00
 *   fetched-at 2026-11-24T03:00:00-05:00
 *   reason vanished
 *   source https://...
 *   digest 0f1e...
 *   RMD0001410
 */
#include "sync/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/durable.h"

#define RECORD_BYTES_MAX ((size_t)LIMIT_ROWS * 11 + 2 * LIMIT_SOURCE_BYTES)

static bool
is_noted(const struct outcome *outcome)
{
	return outcome->kind == OUTCOME_VANISHED || outcome->kind == OUTCOME_RELISTED;
}

static bool
field_read(struct hold *hold, const char *word, const char *value)
{
	if (strcmp(word, "held-at") == 0)
		hold->held_at = time_parse(slice_of(value));
	else if (strcmp(word, "fetched-at") == 0)
		hold->fetched_at = time_parse(slice_of(value));
	else if (strcmp(word, "reason") == 0)
		hold->reason = guard_reason_parse(value);
	else if (strcmp(word, "source") == 0)
		slice_copy(hold->source, sizeof hold->source, slice_of(value));
	else
		return strcmp(word, "digest") == 0;
	return true;
}

static bool
number_read(struct buffer *numbers, const char *line)
{
	uint32_t number = rmd_number_parse(slice_of(line));
	uint32_t *place = number != 0 ? buffer_extend(numbers, sizeof *place, LIMIT_ROWS * sizeof *place) : NULL;

	if (place == NULL)
		return false;
	*place = number;
	return true;
}

bool
hold_read(const char *directory, struct hold *hold)
{
	char path[LIMIT_PATH_BYTES], line[2 * LIMIT_SOURCE_BYTES];
	struct buffer numbers = { 0 };
	bool good = true;
	int descriptor;
	FILE *file;

	*hold = (struct hold){ .held_at = TIME_NONE, .fetched_at = TIME_NONE };
	if (path_join(path, sizeof path, directory, HELD_RECORD_NAME) != 0 || (descriptor = file_open(path)) < 0)
		return false;
	file = fdopen(descriptor, "r");
	if (file == NULL) {
		(void)close(descriptor);
		return false;
	}
	while (good && fgets(line, sizeof line, file) != NULL) {
		char *space;

		line[strcspn(line, "\n")] = '\0';
		space = strchr(line, ' ');
		if (space != NULL)
			*space = '\0';
		good = space != NULL ? field_read(hold, line, space + 1) : number_read(&numbers, line);
	}
	good = good && ferror(file) == 0;
	if (fclose(file) != 0)
		good = false;
	hold->numbers = numbers.data;
	hold->count = numbers.length / sizeof *hold->numbers;
	if (good && hold->held_at != TIME_NONE && hold->fetched_at != TIME_NONE && hold->reason != GUARD_FINE)
		return true;
	hold_end(hold);
	return false;
}

void
hold_end(struct hold *hold)
{
	free(hold->numbers);
	*hold = (struct hold){ .held_at = TIME_NONE, .fetched_at = TIME_NONE };
}

/* How many of the held changes the difference has too, and how many filings vanished that it did not have. */
static size_t
count_common(const struct hold *hold, const struct difference *difference, size_t *vanished_besides)
{
	size_t common = 0, next = 0;

	*vanished_besides = 0;
	for (size_t i = 0; i < difference->count; i++) {
		const struct outcome *outcome = &difference->outcomes[i];

		if (!is_noted(outcome))
			continue;
		while (next < hold->count && hold->numbers[next] < outcome->number)
			next++;
		if (next < hold->count && hold->numbers[next] == outcome->number)
			common++;
		else if (outcome->kind == OUTCOME_VANISHED)
			++*vanished_besides;
	}
	return common;
}

bool
hold_repeats(const struct hold *hold, const struct guard_limits *limits, const struct guard_judgement *judgement,
	     const struct difference *difference, int64_t checked_at)
{
	size_t besides;

	if (judgement->reason != hold->reason || judgement->reason == GUARD_CONTIGUOUS ||
	    judgement->reason == GUARD_TEN_THOUSAND || checked_at < hold->held_at ||
	    (uint64_t)(checked_at - hold->held_at) < limits->release_after)
		return false;
	return count_common(hold, difference, &besides) == hold->count && besides <= limits->vanished_rows &&
	       besides * 100 <= difference->listed_before * limits->vanished_percent;
}

/* The first time stays while the same thing is held again, else no hold would ever grow old enough. */
static int64_t
held_since(const char *directory, const struct guard_judgement *judgement, const struct difference *difference,
	   int64_t checked_at)
{
	int64_t since = checked_at;
	struct hold hold;
	size_t besides;

	if (!hold_read(directory, &hold))
		return since;
	if (hold.reason == judgement->reason && count_common(&hold, difference, &besides) == hold.count &&
	    hold.held_at <= checked_at)
		since = hold.held_at;
	hold_end(&hold);
	return since;
}

static bool
record_append(struct buffer *text, const char *word, const char *value)
{
	size_t length = strlen(word) + strlen(value) + 2;
	char *place = buffer_extend(text, length + 1, RECORD_BYTES_MAX);

	if (place == NULL || snprintf(place, length + 1, "%s%s%s\n", word, value[0] != '\0' ? " " : "", value) < 0)
		return false;
	text->length -= length + 1 - strlen(place);
	return true;
}

static int
record_write(const char *directory, const struct guard_judgement *judgement, const struct difference *difference,
	     const char *source, const char *digest, int64_t since, int64_t fetched_at, struct error *error)
{
	char held_text[TIME_TEXT_SIZE], fetched_text[TIME_TEXT_SIZE], number[11];
	struct buffer text = { 0 };
	bool good;

	time_format(held_text, since);
	time_format(fetched_text, fetched_at);
	good = record_append(&text, "held-at", held_text) && record_append(&text, "fetched-at", fetched_text) &&
	       record_append(&text, "reason", guard_reason_name(judgement->reason)) &&
	       record_append(&text, "source", source) && record_append(&text, "digest", digest);
	for (size_t i = 0; i < difference->count && good; i++) {
		if (!is_noted(&difference->outcomes[i]))
			continue;
		rmd_number_format(number, difference->outcomes[i].number);
		good = record_append(&text, number, "");
	}
	if (!good)
		errno = ENOMEM;
	if (!good || durable_write(directory, HELD_RECORD_NAME, text.data, text.length, 0644) != 0)
		error_set(error, EX_CANTCREAT, "%s: cannot write why the list is held: %s", directory,
			  strerror(errno));
	buffer_end(&text);
	return error->code;
}

int
hold_keep(const char *directory, const char *spool, const struct guard_judgement *judgement,
	  const struct difference *difference, const char *source, const char *digest, int64_t checked_at,
	  struct error *error)
{
	int64_t since = held_since(directory, judgement, difference, checked_at);
	char path[LIMIT_PATH_BYTES];

	if (path_join(path, sizeof path, directory, HOLD_CANDIDATE_NAME) != 0 ||
	    durable_sync_file(spool, 0444) != 0 || rename(spool, path) != 0 || durable_sync_directory(directory) != 0)
		return error_set(error, EX_CANTCREAT, "%s: cannot keep the held list: %s", directory,
				 strerror(errno));
	return record_write(directory, judgement, difference, source, digest, since, checked_at, error);
}

int
hold_forget(const char *directory)
{
	static const char *const names[] = { HELD_RECORD_NAME, HOLD_CANDIDATE_NAME };
	char path[LIMIT_PATH_BYTES];
	int status = 0;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (path_join(path, sizeof path, directory, names[i]) != 0 || (unlink(path) != 0 && errno != ENOENT))
			status = -1;
	return status;
}
