/* SPDX-License-Identifier: ISC
 *
 * Answers and history as text for a person (output.c) and as JSON (output_json.c, the one file that knows jansson).
 * Both say the same; neither asks the library anything.
 */
#ifndef CHECK_OUTPUT_H
#define CHECK_OUTPUT_H

#include <stdbool.h>

#include "base/stream.h"
#include "base/summary.h"
#include "base/text.h"
#include "base/time.h"
#include "rmd.h"

/* What was answered before, and whether something happened to the provider's filings since. */
struct former {
	enum rmd_verdict verdict;
	enum rmd_reason reason;
	bool filing;
};

/* One answer and what it answers. */
struct result {
	struct slice query; /* as it was asked */
	bool at_given;
	const struct rmd_answer *answer;
	const struct rmd_filing *filing;  /* the deciding one, NULL without one or where it was not asked for */
	const struct rmd_notice *notices; /* that name the provider, where they were asked for */
	size_t notice_count;
	const char *change;       /* what became of the filing, in an export of changes alone; NULL elsewhere */
	const struct former *was; /* NULL: it is not compared */
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

/* One line of a history: what happened to a filing, or what the FCC issued. */
void
output_event(struct stream *stream, const struct rmd_event *event);
void
output_document(struct stream *stream, const struct rmd_notice *notice);

/* One filing that a search proposes, and that it is no more than proposed. */
void
output_candidate(struct stream *stream, const struct rmd_candidate *candidate);
void
output_advice(struct stream *stream);
/* 0, or -1 when memory is short. */
int
output_json_candidate(struct stream *stream, struct slice query, const struct rmd_candidate *candidate);

/* One object, one line; `whole` adds the filing, the documents and the steps. 0, or -1 when memory is short. */
int
output_json_answer(struct stream *stream, const struct result *result, bool whole);

/* Everything that an answer rests on, as one object that stands by itself. */
struct evidence {
	const struct rmd_query *query;
	struct result result;
	const struct rmd_info *info;
	const struct rmd_event *events;
	size_t event_count;
	const char *snapshot_digest; /* as it stands beside the snapshot, "": none */
};

/* 0, or -1 when memory is short. */
int
output_evidence(struct stream *stream, const struct evidence *evidence);

/* The health of the snapshot, as the line for a monitoring system tells it. */
struct condition {
	const char *health;
	const char *trouble; /* why there are no data; NULL: there are */
	const struct rmd_info *info;
	int64_t age;                /* of the data */
	const char *verification;   /* a word; NULL: not asked */
	bool held;                  /* a list waits for a person */
	const struct summary *last; /* how the last run ended; NULL: nobody knows */
};

/* 0, or -1 when memory is short. */
int
output_json_condition(struct stream *stream, const struct condition *condition);

int
output_json_event(struct stream *stream, struct slice query, const struct rmd_event *event);
int
output_json_document(struct stream *stream, struct slice query, const struct rmd_notice *notice);

#endif
