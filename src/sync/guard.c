/* SPDX-License-Identifier: ISC
 *
 * The guard's tests, in the order in which they are tried. No I/O.
 */
#include "sync/guard.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ServiceNow cuts an export at this many rows, and says nothing. */
#define SILENT_CUT_ROWS 10000
/* An order takes providers from everywhere; so many neighbours are a piece of the file that is missing. This is for
 * the sentence only: what is held stands in the limits. */
#define PIECE_ROWS 20

static const char *const reason_names[] = {
	[GUARD_FINE] = "",
	[GUARD_COLUMN_EMPTY] = "column-empty",
	[GUARD_TOO_SMALL] = "too-small",
	[GUARD_TEN_THOUSAND] = "exactly-10000-rows",
	[GUARD_TOO_MANY_REJECTS] = "too-many-quarantined",
	[GUARD_CONTIGUOUS] = "vanished-contiguous",
	[GUARD_VANISHED] = "vanished",
	[GUARD_RELISTED] = "relisted",
	[GUARD_CHANGED] = "changed",
};

const char *
guard_reason_name(enum guard_reason reason)
{
	return reason_names[reason];
}

enum guard_reason
guard_reason_parse(const char *name)
{
	for (unsigned i = 0; i < sizeof reason_names / sizeof reason_names[0]; i++)
		if (strcmp(name, reason_names[i]) == 0)
			return (enum guard_reason)i;
	return GUARD_FINE;
}

static void __attribute__((format(printf, 4, 5))) judge(struct guard_judgement *judgement, enum guard_verdict verdict,
							enum guard_reason reason, const char *format, ...)
{
	va_list arguments;

	judgement->verdict = verdict;
	judgement->reason = reason;
	va_start(arguments, format);
	/* Numbers and our own words cannot fail; the text was empty before. */
	(void)vsnprintf(judgement->text, sizeof judgement->text, format, arguments);
	va_end(arguments);
}

/* The longest row of filings that vanished together, with none between them that stayed. */
static size_t
longest_run(const struct difference *difference, uint32_t *first, uint32_t *last)
{
	size_t run = 0, longest = 0;
	uint32_t begin = 0;

	for (size_t i = 0; i < difference->count; i++) {
		const struct outcome *outcome = &difference->outcomes[i];

		/* What was gone before, or is new, was no neighbour in the old list. */
		if (outcome->kind == OUTCOME_GONE || outcome->kind == OUTCOME_ADDED ||
		    outcome->kind == OUTCOME_RELISTED)
			continue;
		if (outcome->kind != OUTCOME_VANISHED) {
			run = 0;
			continue;
		}
		if (run++ == 0)
			begin = outcome->number;
		if (run > longest) {
			longest = run;
			*first = begin;
			*last = outcome->number;
		}
	}
	return longest;
}

static bool
over_percent(size_t part, size_t whole, uint64_t percent)
{
	return (uint64_t)part * 100 > (uint64_t)whole * percent;
}

static void
judge_loss(const struct guard_limits *limits, const struct difference *difference, struct guard_judgement *judgement)
{
	uint32_t first = 0, last = 0;
	size_t run = longest_run(difference, &first, &last);
	size_t vanished = difference->vanished, before = difference->listed_before;
	char named[64] = "";

	/* Our own words cannot fail. */
	if (difference->ordered > 0)
		(void)snprintf(named, sizeof named, ", %zu named by removal orders", difference->ordered);
	if (limits->contiguous_rows > 0 && run >= limits->contiguous_rows)
		judge(judgement, GUARD_HELD, GUARD_CONTIGUOUS,
		      "%zu of %zu filings vanished, %zu of them side by side (RMD%07u to RMD%07u): this is the "
		      "shape of a broken export",
		      vanished, before, run, first, last);
	/* What removal orders on file name for the most part was to be expected. */
	else if ((vanished > limits->vanished_rows || over_percent(vanished, before, limits->vanished_percent)) &&
		 2 * difference->ordered <= vanished)
		judge(judgement, GUARD_HELD, GUARD_VANISHED,
		      "%zu of %zu filings vanished (limit %llu rows or %llu %%)%s, %s %zu side by side: this is the "
		      "shape of %s",
		      vanished, before, (unsigned long long)limits->vanished_rows,
		      (unsigned long long)limits->vanished_percent, named,
		      run < PIECE_ROWS ? "scattered, at most" : "up to", run,
		      run < PIECE_ROWS ? "an enforcement order" : "a broken export");
	else if (difference->relisted > limits->relisted_rows)
		judge(judgement, GUARD_HELD, GUARD_RELISTED, "%zu vanished filings came back at once (limit %llu)",
		      difference->relisted, (unsigned long long)limits->relisted_rows);
	else if (over_percent(difference->changed, before, limits->changed_percent))
		judge(judgement, GUARD_HELD, GUARD_CHANGED, "%zu of %zu filings changed at once (limit %llu %%)",
		      difference->changed, before, (unsigned long long)limits->changed_percent);
}

void
guard_judge(const struct guard_limits *limits, bool first, const struct staging *staging,
	    const struct difference *difference, struct guard_judgement *judgement)
{
	size_t rows = staging->count + staging->reject_count;

	*judgement = (struct guard_judgement){ GUARD_PASS, GUARD_FINE, "" };
	if (staging->count > 0 && staging->with_frn == 0)
		judge(judgement, GUARD_REFUSED, GUARD_COLUMN_EMPTY, "the column frn is empty in all %zu rows", rows);
	else if (staging->count > 0 && staging->with_name == 0)
		judge(judgement, GUARD_REFUSED, GUARD_COLUMN_EMPTY,
		      "the column business_name is empty in all %zu rows", rows);
	else if (rows == 0 || (first && rows < limits->minimum_rows))
		judge(judgement, GUARD_REFUSED, GUARD_TOO_SMALL, "%zu rows, at least %llu are needed", rows,
		      first ? (unsigned long long)limits->minimum_rows : 1ULL);
	else if (over_percent(staging->reject_count, rows, limits->rejected_percent))
		judge(judgement, GUARD_REFUSED, GUARD_TOO_MANY_REJECTS,
		      "%zu of %zu rows cannot be understood (limit %llu %%); the first: line %llu: %s",
		      staging->reject_count, rows, (unsigned long long)limits->rejected_percent,
		      (unsigned long long)staging->rejects[0].line, staging->rejects[0].reason);
	else if (rows == SILENT_CUT_ROWS)
		judge(judgement, GUARD_HELD, GUARD_TEN_THOUSAND,
		      "exactly %d rows: the service cuts its exports there without a word", SILENT_CUT_ROWS);
	else
		judge_loss(limits, difference, judgement);
}
