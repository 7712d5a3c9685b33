/* SPDX-License-Identifier: ISC
 *
 * What librmd answers of every provider that it knows, one after the other. How an answer is written must not enter,
 * but for the one line of text that several formats share.
 */
#ifndef EXPORT_ANSWERS_H
#define EXPORT_ANSWERS_H

#include "base/buffer.h"
#include "export/export.h"

/* What became of one filing since a generation. */
struct change {
	char rmd_number[RMD_NUMBER_SIZE];
	const char *word; /* "added", "changed", "removed", "relisted" */
};

/* A walk. */
struct answers {
	struct edition *edition;
	bool filings; /* by RMD number alone, each with the filing that decided in edition->filing */
	struct rmd_providers *providers;
	struct buffer changes; /* of struct change, with --since: ascending; only these are walked through */
	size_t change_next;
	/* Of the answer that the walk stands on. */
	struct rmd_provider provider;
	struct rmd_answer answer;
	const char *change; /* NULL: without --since */
};

/* 0, or the error's code; answers_end is due in any case. */
int
answers_begin(struct answers *answers, struct edition *edition, bool filings);

/* 1, 0 at the end, -1 after error_set. */
int
answers_next(struct answers *answers);

void
answers_end(struct answers *answers);

/* What of the snapshot "cannot be read" or "breaks off", as the error: EX_NOINPUT. */
int
unreadable_set(struct edition *edition, const char *what, int status);

/* The operator's peers: 0, or the error's code; then each that rmd_peers_next gives: 1, 0 at the end, -1 after
 * error_set. */
int
peers_open(struct edition *edition, struct rmd_peers **peers);
int
peers_next(struct edition *edition, struct rmd_peers *peers, struct rmd_peer *peer);

/* One question; 0, or the error's code. */
int
answer_ask(struct edition *edition, enum rmd_key key, const char *text, struct rmd_answer *answer);

/* The answer to an FRN or RMD number that nobody has ever seen: 1, 0 when there is no such, -1 after error_set. */
int
answer_of_unseen(struct edition *edition, struct rmd_answer *answer);

/* "refuse removed-by-order since=2025-08-06T00:00:00-04:00 notice=DA-25-737": verdict and reason are always there, in
 * this order. Printable ASCII; what a document's number has of other characters becomes "?". */
#define ANSWER_TEXT_SIZE 256
void
answer_text(char text[ANSWER_TEXT_SIZE], const struct rmd_answer *answer);

/* "generation=7 checked-at=... digest=...": what the answers rest on. */
void
meta_text(char text[ANSWER_TEXT_SIZE], const struct rmd_info *info);

/* The instant at which the answers are too old to be told; RMD_TIME_NONE where they are already. */
int64_t
answers_expire(const struct edition *edition);

#endif
