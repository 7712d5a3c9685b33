/* SPDX-License-Identifier: ISC
 *
 * Plots as inline SVG, each with a title and a sentence that says what is to be seen. Colours are the style sheet's;
 * what is counted must not enter.
 */
#ifndef EXPORT_CHART_H
#define EXPORT_CHART_H

#include "export/tally.h"

/* Filings listed over time, up to the instant `until`. Needs one tally at least. */
void
listed_chart_put(struct stream *out, const struct tally *tallies, size_t count, int64_t until);

/* Additions upwards and removals downwards, a bar each. Needs one tally at least. */
void
changes_chart_put(struct stream *out, const struct tally *tallies, size_t count);

/* One bar for each number, with its share of all. */
struct share {
	const char *label;
	uint64_t count;
};
void
shares_chart_put(struct stream *out, const struct share *shares, size_t count);

/* "63.4 %" */
void
percent_put(struct stream *out, uint64_t part, uint64_t whole);

#endif
