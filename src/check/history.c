/* SPDX-License-Identifier: ISC
 *
 * --history: the whole story of one provider, its filings' and the FCC's documents', oldest first.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/screen.h"
#include "base/stream.h"
#include "check/check.h"
#include "check/evidence.h"
#include "check/output.h"

/* Why there is no walk. */
static int
refusal_set(const struct options *options, enum rmd_status status, struct error *error)
{
	if (status == RMD_ERROR_ARGUMENT)
		return error_set(error, EX_USAGE, "--history: \"%s\" is no key that leads to a provider",
				 options->providers[0]);
	return no_data_set(options, status, "there is no history to show", error);
}

/* One line of the story: what the database did, or what the FCC issued. */
struct chapter {
	int64_t at;
	const struct rmd_event *event; /* NULL: a document */
	const struct rmd_notice *notice;
};

/* At one instant what the FCC issued goes before what the database shows of it. */
static int
chapter_order(const void *a, const void *b)
{
	const struct chapter *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if ((x->event == NULL) != (y->event == NULL))
		return x->event == NULL ? -1 : 1;
	/* The order in which the library gave them. */
	return x->event != NULL ? (x->event > y->event) - (x->event < y->event)
				: (x->notice > y->notice) - (x->notice < y->notice);
}

static int
story_write(const struct options *options, const struct buffer *events, const struct buffer *documents,
	    struct stream *out, struct error *error)
{
	const struct rmd_event *event = events->data;
	const struct rmd_notice *notice = documents->data;
	size_t event_count = events->length / sizeof *event, notice_count = documents->length / sizeof *notice;
	size_t count = 0;
	struct chapter *story = calloc(event_count + notice_count + 1, sizeof *story);
	struct slice query = slice_of(options->providers[0]);
	int failed = 0;

	if (story == NULL)
		return error_set(error, EX_SOFTWARE, "memory is short; there is no history to show");
	for (size_t i = 0; i < event_count; i++)
		story[count++] = (struct chapter){ event[i].at, &event[i], NULL };
	for (size_t i = 0; i < notice_count; i++)
		story[count++] = (struct chapter){ notice[i].issued, NULL, &notice[i] };
	if (count > 1)
		qsort(story, count, sizeof *story, chapter_order);
	for (size_t i = 0; i < count && failed == 0 && out->failure == 0; i++) {
		if (!options->json && story[i].event != NULL)
			output_event(out, story[i].event);
		else if (!options->json)
			output_document(out, story[i].notice);
		else if (story[i].event != NULL)
			failed = output_json_event(out, query, story[i].event);
		else
			failed = output_json_document(out, query, story[i].notice);
	}
	free(story);
	return failed != 0 ? error_set(error, EX_SOFTWARE, "memory is short; the output is not complete") : 0;
}

static int
story_tell(const struct options *options, struct rmd *rmd, struct stream *out, struct error *error)
{
	struct slice provider = slice_of(options->providers[0]);
	struct buffer documents = { 0 }, events = { 0 };
	enum rmd_status status = events_read(rmd, provider, &events);
	int code;

	if (status == RMD_OK)
		status = documents_read(rmd, provider, &documents);
	if (status != RMD_OK && events.length == 0) {
		code = refusal_set(options, status, error);
	} else {
		code = story_write(options, &events, &documents, out, error);
		if (status != RMD_OK)
			code = error_set(error, EX_NOINPUT, "the history of \"%s\" breaks off: %s",
					 options->providers[0], rmd_strerror(status));
		else if (events.length + documents.length == 0)
			complain("rmdcheck", "the history knows no filing of this provider");
	}
	buffer_end(&documents);
	buffer_end(&events);
	return code;
}

int
history_run(const struct options *options, struct error *error)
{
	char buffer[LIMIT_OUTPUT_BYTES / 8];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };
	struct display display;
	struct rmd *rmd = NULL;
	enum rmd_status status = rmd_open(options->directory, &rmd);
	int code;

	if (!options->json)
		display_begin(&display, &out);
	code = status != RMD_OK ? refusal_set(options, status, error) : story_tell(options, rmd, &out, error);
	code = stream_finish(&out, code, error);
	rmd_close(rmd);
	return code;
}
