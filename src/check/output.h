/* SPDX-License-Identifier: ISC
 *
 * Answers and history as text for a person (output.c) and as JSON (output_json.c, the one file that knows jansson).
 * Both say the same; neither asks the library anything.
 */
#ifndef CHECK_OUTPUT_H
#define CHECK_OUTPUT_H

#include <stdbool.h>

#include "base/text.h"
#include "base/time.h"
#include "check/stream.h"
#include "rmd.h"

/* One answer and what it answers. */
struct result {
	struct slice query; /* as it was asked */
	bool at_given;
	const struct rmd_answer *answer;
	const struct rmd_filing *filing; /* the deciding one, NULL without one or where it was not asked for */
};

/* Texts of the last times shown: in a batch they are nearly always those of the line before. */
struct shown_times {
	int64_t age, since;
	char age_text[TIME_TEXT_SIZE], since_text[TIME_TEXT_SIZE];
};

/* One line, the verdict first. */
void
output_line(struct stream *stream, const struct result *result, bool colour, struct shown_times *shown);

/* All that is known, one fact a line, and an empty line. */
void
output_long(struct stream *stream, const struct result *result, bool colour);

void
output_event(struct stream *stream, const struct rmd_event *event);

/* One object, one line; `whole` adds the filing. 0, or -1 when memory is short. */
int
output_json_answer(struct stream *stream, const struct result *result, bool whole);

int
output_json_event(struct stream *stream, struct slice query, const struct rmd_event *event);

#endif
