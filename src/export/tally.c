/* SPDX-License-Identifier: ISC
 *
 * The walk of librmd goes from filing to filing; here it is turned to go by generations.
 */
#include "export/tally.h"

#include "export/answers.h"

static void
event_count(struct tally *tally, const struct rmd_event *event)
{
	tally->first = tally->last = event->generation;
	tally->at = event->at;
	tally->rollback = tally->rollback || event->rollback != 0;
	tally->added += event->kind == RMD_EVENT_ADDED;
	tally->changed += event->kind == RMD_EVENT_CHANGED;
	tally->vanished += event->kind == RMD_EVENT_VANISHED;
	tally->relisted += event->kind == RMD_EVENT_RELISTED;
}

static int
events_count(struct edition *edition, struct tally *tallies)
{
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd_history *history;
	enum rmd_status status = rmd_history_open_since(edition->rmd, 0, &history);
	int got;

	if (status != RMD_OK)
		return unreadable_set(edition, "the history cannot be read", status);
	/* A later generation is of a snapshot that came meanwhile: then all of this is written once more. */
	while ((got = rmd_history_next(history, &event)) > 0)
		if (event.generation <= edition->info.generation)
			event_count(&tallies[event.generation], &event);
	rmd_history_close(history);
	return got < 0 ? unreadable_set(edition, "the history breaks off", got) : 0;
}

/* From the end, where the number is known. */
static void
listed_set(struct tally *tallies, size_t count, uint64_t listed)
{
	while (count-- > 0) {
		struct tally *tally = &tallies[count];

		tally->listed = listed;
		listed += tally->vanished;
		listed -= listed < tally->added + tally->relisted ? listed : tally->added + tally->relisted;
	}
}

int
tallies_read(struct edition *edition, struct buffer *buffer)
{
	size_t size = ((size_t)edition->info.generation + 1) * sizeof(struct tally), count = 0;
	struct tally *tallies = buffer_extend(buffer, size, LIMIT_PAGE_GENERATIONS * sizeof *tallies);

	if (tallies == NULL)
		return error_set(edition->error, EX_SOFTWARE,
				 "memory is short for a history of so many generations; nothing is written");
	for (size_t i = 0; i <= edition->info.generation; i++)
		tallies[i] = (struct tally){ 0 };
	if (events_count(edition, tallies) != 0)
		return edition->error->code;
	for (size_t i = 0; i <= edition->info.generation; i++)
		if (tallies[i].first != 0)
			tallies[count++] = tallies[i];
	listed_set(tallies, count, edition->info.filings);
	buffer->length -= size - count * sizeof *tallies;
	return 0;
}

uint64_t
tally_events(const struct tally *tally)
{
	return tally->added + tally->changed + tally->vanished + tally->relisted;
}

static void
tally_add(struct tally *into, const struct tally *tally)
{
	into->last = tally->last;
	into->at = tally->at;
	into->added += tally->added;
	into->changed += tally->changed;
	into->vanished += tally->vanished;
	into->relisted += tally->relisted;
	into->listed = tally->listed;
	into->rollback = into->rollback || tally->rollback;
}

size_t
tallies_join(const struct tally *tallies, size_t count, struct tally drawn[TALLIES_DRAWN])
{
	size_t joined = count < 2 ? 1 : (count - 2) / (TALLIES_DRAWN - 1) + 1; /* into one */
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		if (i == 0 || (i - 1) % joined == 0)
			drawn[used++] = tallies[i];
		else
			tally_add(&drawn[used - 1], &tallies[i]);
	return used;
}
