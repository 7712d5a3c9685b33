/* SPDX-License-Identifier: ISC
 *
 * What happened to the filings: the last generations filing by filing, and all of them as plots with their figures.
 */
#include <stdlib.h>
#include <string.h>

#include "check/words.h"
#include "export/answers.h"
#include "export/chart.h"
#include "export/html.h"
#include "export/markup.h"

static int
event_compare(const void *a, const void *b)
{
	const struct rmd_event *left = a, *right = b;

	if (left->generation != right->generation)
		return left->generation > right->generation ? -1 : 1;
	return strcmp(left->rmd_number, right->rmd_number);
}

/* Whether a generation is among the last ones, and small enough to be told filing by filing. */
static bool
is_told(const struct tally *news, size_t count, uint32_t generation)
{
	for (size_t i = 0; i < count; i++)
		if (news[i].first == generation)
			return tally_events(&news[i]) <= LIMIT_PAGE_FILINGS;
	return false;
}

/* The events of these generations, the last one first. */
static int
events_read(struct edition *edition, const struct tally *news, size_t count, struct buffer *events)
{
	struct rmd_event event = RMD_EVENT_INIT, *place;
	struct rmd_history *history;
	enum rmd_status status = rmd_history_open_since(edition->rmd, news[0].first - 1, &history);
	int got;

	if (status != RMD_OK)
		return unreadable_set(edition, "the history cannot be read", status);
	while ((got = rmd_history_next(history, &event)) > 0) {
		if (!is_told(news, count, event.generation))
			continue;
		place = buffer_extend(events, sizeof event, LIMIT_PAGE_NEWS * LIMIT_PAGE_FILINGS * sizeof event);
		if (place == NULL) {
			error_set(edition->error, EX_SOFTWARE, "memory is short; nothing is written");
			break;
		}
		*place = event;
	}
	rmd_history_close(history);
	if (got < 0)
		unreadable_set(edition, "the history breaks off", got);
	if (events->length > 0)
		qsort(events->data, events->length / sizeof event, sizeof event, event_compare);
	return edition->error->code;
}

static void
number_cell_put(struct stream *out, uint64_t number)
{
	stream_text(out, "<td class=\"number\">");
	count_put(out, number);
	stream_text(out, "</td>");
}

static void
tally_row_put(struct stream *out, const struct tally *tally)
{
	stream_text(out, "<tr><th scope=\"row\">");
	stream_number(out, tally->first);
	if (tally->last != tally->first) {
		stream_text(out, "\xe2\x80\x93");
		stream_number(out, tally->last);
	}
	stream_text(out, tally->rollback ? " <span class=\"flag\">rollback</span>" : "");
	stream_text(out, "</th><td>");
	instant_put(out, tally->at);
	stream_text(out, "</td>");
	number_cell_put(out, tally->added);
	number_cell_put(out, tally->relisted);
	number_cell_put(out, tally->changed);
	number_cell_put(out, tally->vanished);
	number_cell_put(out, tally->listed);
	stream_text(out, "</tr>\n");
}

static const char *const tally_columns[] = { "Generation", "Checked",  "#Added",       "#Back",
					     "#Changed",   "#Removed", "#Listed then", NULL };

/* With the name and the verdict of today, whatever the filing was then. */
static int
event_row_put(struct page *page, const struct rmd_event *event)
{
	struct edition *edition = page->edition;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct stream *out = page->out;

	answer.filing = &edition->filing;
	edition->filing.rmd_number[0] = '\0';
	if (answer_ask(edition, RMD_KEY_RMD, event->rmd_number, &answer) != 0)
		return edition->error->code;
	stream_text(out, "<tr><th scope=\"row\">");
	stream_text(out, event->rmd_number);
	stream_text(out, "</th><td class=\"who\">");
	if (edition->filing.rmd_number[0] != '\0')
		name_put(out, edition->filing.business_name);
	stream_text(out, "</td><td>");
	stream_text(out, event->kind == RMD_EVENT_VANISHED ? "removed" : rmd_event_name(event->kind));
	if (event->fields != 0) {
		stream_text(out, " <span class=\"small\">");
		words_put(out, event->fields, rmd_field_name, ", ");
		stream_text(out, "</span>");
	}
	stream_text(out, "</td><td class=\"number\">");
	stream_number(out, event->generation);
	stream_text(out, "</td><td>");
	instant_put(out, event->at);
	stream_text(out, "</td><td>");
	verdict_put(out, answer.verdict);
	stream_text(out, "</td></tr>\n");
	return 0;
}

/* Those that are too many to be told one by one are named. */
static void
untold_put(struct stream *out, const struct tally *news, size_t count)
{
	for (size_t i = count; i-- > 0;) {
		if (tally_events(&news[i]) <= LIMIT_PAGE_FILINGS)
			continue;
		stream_text(out, "<p class=\"more\">Generation ");
		stream_number(out, news[i].first);
		stream_text(out, " has ");
		counted_put(out, tally_events(&news[i]), "filing", "filings");
		stream_text(out, ", too many for this page: <code>rmdexport --since ");
		stream_number(out, news[i].first - 1);
		stream_text(out, " csv</code> has all of them.</p>\n");
	}
}

static int
events_put(struct page *page, const struct tally *news, size_t count)
{
	static const char *const columns[] = { "RMD number", "Name",          "What", "#Generation",
					       "Checked",    "Verdict today", NULL };
	struct buffer events = { 0 };
	const struct rmd_event *event;
	size_t told;

	if (events_read(page->edition, news, count, &events) == 0 && events.length > 0) {
		table_begin(page->out, "events", "Filings that changed, the last ones first", columns);
		event = events.data;
		told = events.length / sizeof *event;
		for (size_t i = 0; i < told; i++)
			if (event_row_put(page, &event[i]) != 0)
				break;
		table_end(page->out);
	}
	untold_put(page->out, news, count);
	buffer_end(&events);
	return page->edition->error->code;
}

int
news_section_put(struct page *page)
{
	const struct tally *tallies = page->tallies.data;
	size_t count = page->tallies.length / sizeof *tallies;
	size_t news = count < LIMIT_PAGE_NEWS ? count : LIMIT_PAGE_NEWS;
	struct stream *out = page->out;

	stream_text(out, "<section aria-labelledby=\"news-title\">\n<h2 id=\"news-title\">What changed</h2>\n");
	if (count == 0) {
		stream_text(out, "<p>Nothing yet: there is no history.</p>\n</section>\n");
		return 0;
	}
	table_begin(out, "generations", "The last generations in which a filing changed", tally_columns);
	for (size_t i = 0; i < news; i++)
		tally_row_put(out, &tallies[count - 1 - i]);
	table_end(out);
	if (events_put(page, &tallies[count - news], news) != 0)
		return page->edition->error->code;
	stream_text(out, "</section>\n");
	return 0;
}

static void
history_plots_put(struct page *page, const struct tally *tallies, size_t count)
{
	struct stream *out = page->out;

	stream_text(out, "<figure>\n<figcaption>Filings over time</figcaption>\n");
	if (count > 0)
		listed_chart_put(out, tallies, count, page->edition->info.checked_at);
	else
		stream_text(out, "<p>Nothing to be drawn: there is no history.</p>\n");
	stream_text(out, "</figure>\n<figure>\n<figcaption>Additions and removals a generation</figcaption>\n");
	if (count > 1)
		changes_chart_put(out, tallies + 1, count - 1);
	else
		stream_text(out, "<p>Nothing to be drawn: nothing has changed since the first load.</p>\n");
	stream_text(out, "</figure>\n");
}

static void
history_figures_put(struct stream *out, const struct tally *tallies, size_t count)
{
	if (count == 0)
		return;
	stream_text(out, "<details>\n<summary>Figures of the history</summary>\n");
	table_begin(out, "history", "Filings, additions and removals by generation", tally_columns);
	for (size_t i = 0; i < count; i++)
		tally_row_put(out, &tallies[i]);
	table_end(out);
	stream_text(out, "</details>\n");
}

static void
shares_put(struct page *page)
{
	static const char *const columns[] = { "Implementation of STIR/SHAKEN", "#Filings", "#Share", NULL };
	const struct share shares[] = {
		{ "complete", page->certified[RMD_IMPLEMENTATION_COMPLETE] },
		{ "partial", page->certified[RMD_IMPLEMENTATION_PARTIAL] },
		{ "none, robocall mitigation only", page->certified[RMD_IMPLEMENTATION_NONE] },
		{ "not certified (N/A)", page->certified[RMD_IMPLEMENTATION_NOT_CERTIFIED] },
	};
	enum { SHARES = sizeof shares / sizeof shares[0] };
	struct stream *out = page->out;
	uint64_t whole = 0;

	for (size_t i = 0; i < SHARES; i++)
		whole += shares[i].count;
	stream_text(out, "<figure>\n<figcaption>What the listed filings certify</figcaption>\n");
	shares_chart_put(out, shares, SHARES);
	stream_text(out, "</figure>\n</div>\n<details>\n<summary>Figures of the certifications</summary>\n");
	table_begin(out, "certifications", "Listed filings by what they certify", columns);
	for (size_t i = 0; i < SHARES; i++) {
		stream_text(out, "<tr><th scope=\"row\">");
		stream_text(out, shares[i].label);
		stream_text(out, "</th>");
		number_cell_put(out, shares[i].count);
		stream_text(out, "<td class=\"number\">");
		percent_put(out, shares[i].count, whole);
		stream_text(out, "</td></tr>\n");
	}
	table_end(out);
	stream_text(out, "</details>\n");
}

int
plots_section_put(struct page *page)
{
	struct tally drawn[TALLIES_DRAWN];
	size_t count = tallies_join(page->tallies.data, page->tallies.length / sizeof drawn[0], drawn);

	stream_text(page->out, "<section aria-labelledby=\"plots-title\">\n<h2 id=\"plots-title\">Plots</h2>\n"
			       "<div class=\"plots\">\n");
	history_plots_put(page, drawn, count);
	shares_put(page);
	history_figures_put(page->out, drawn, count);
	stream_text(page->out, "</section>\n");
	return 0;
}
