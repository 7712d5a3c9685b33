/* SPDX-License-Identifier: ISC
 *
 * One page for people, in one file: what stands in it comes from librmd, and a browser that opens it asks nobody for
 * anything. It has no "now": the same answers give the same bytes, and the reader's browser counts the age.
 */
#include "export/html.h"

#include <string.h>

#include "base/summary.h"
#include "export/answers.h"
#include "export/markup.h"
#include "export/page.h"

const enum rmd_verdict worst_first[VERDICTS] = { RMD_REFUSE, RMD_UNKNOWN, RMD_MAY_BLOCK, RMD_ACCEPT };

void
verdict_put(struct stream *out, enum rmd_verdict verdict)
{
	static const char *const signs[] = {
		[RMD_UNKNOWN] = "?",
		[RMD_ACCEPT] = "\xe2\x9c\x93",
		[RMD_REFUSE] = "\xe2\x9c\x95",
		[RMD_MAY_BLOCK] = "!",
	};

	stream_text(out, "<span class=\"verdict ");
	stream_text(out, rmd_verdict_name(verdict));
	stream_text(out, "\"><span aria-hidden=\"true\">");
	stream_text(out, signs[verdict]);
	stream_text(out, "</span> ");
	stream_text(out, rmd_verdict_name(verdict));
	stream_text(out, "</span>");
}

void
table_begin(struct stream *out, const char *id, const char *caption, const char *const columns[])
{
	stream_text(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"");
	stream_text(out, id);
	stream_text(out, "-caption\">\n<table id=\"");
	stream_text(out, id);
	stream_text(out, "\">\n<caption id=\"");
	stream_text(out, id);
	stream_text(out, "-caption\">");
	stream_text(out, caption);
	stream_text(out, "</caption>\n<thead><tr>");
	for (; *columns != NULL; columns++) {
		const char *column = *columns;
		bool sorted = column[0] == '!', number = column[0] == '#';

		stream_text(out, "<th scope=\"col\"");
		stream_text(out, sorted ? " aria-sort=\"ascending\">" : number ? " class=\"number\">" : ">");
		stream_text(out, column + (sorted || number));
		stream_text(out, "</th>");
	}
	stream_text(out, "</tr></thead>\n<tbody>\n");
}

void
table_end(struct stream *out)
{
	stream_text(out, "</tbody>\n</table>\n</div>\n");
}

/* "2 refuse, 1 unknown", the worst first; "12 accept" where all is well. */
static void
peers_counts_put(struct page *page)
{
	const char *before = "";

	for (size_t i = 0; i < VERDICTS; i++) {
		if (page->peers[worst_first[i]] == 0)
			continue;
		stream_text(page->out, before);
		count_put(page->out, page->peers[worst_first[i]]);
		stream_text(page->out, " ");
		stream_text(page->out, rmd_verdict_name(worst_first[i]));
		before = ", ";
	}
	if (before[0] == '\0')
		stream_text(page->out, "none");
}

static void
head_put(struct page *page)
{
	struct stream *out = page->out;

	stream_text(out, "<!DOCTYPE html>\n"
			 "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n"
			 "<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"");
	stream_text(out, page_policy);
	stream_text(out, "\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
			 "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
			 "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
			 "<meta name=\"robots\" content=\"noindex\"/>\n<title>RMD peers: ");
	peers_counts_put(page);
	stream_text(out, answers_expire(page->edition) == RMD_TIME_NONE ? " \xe2\x80\x93 stale" : "");
	stream_text(out, "</title>\n<link rel=\"icon\" href=\"data:,\"/>\n<style>");
	stream_text(out, page_style);
	stream_text(out,
		    "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the peers</a>\n"
		    "<header>\n<h1>Robocall Mitigation Database</h1>\n"
		    "<p>Whose calls may be accepted, by what the FCC has published.</p>\n"
		    "<nav aria-label=\"On this page\"><ul><li><a href=\"#peers-title\">Peers</a></li>"
		    "<li><a href=\"#deadlines-title\">Deadlines</a></li><li><a href=\"#plots-title\">Plots</a></li>"
		    "<li><a href=\"#news-title\">Changes</a></li></ul></nav>\n</header>\n<main id=\"main\">\n");
}

/* Old data is said aloud, by the words of the page and, where it became old on the shelf, by the script's. */
static void
state_put(struct page *page)
{
	const struct rmd_info *info = &page->edition->info;
	bool stale = answers_expire(page->edition) == RMD_TIME_NONE;
	struct stream *out = page->out;

	stream_text(out,
		    "<section aria-labelledby=\"data-title\">\n<h2 id=\"data-title\">Data</h2>\n<p id=\"state\"");
	stream_text(out, stale ? " class=\"notice bad\"" : " class=\"notice good\"");
	if (info->checked_at != RMD_TIME_NONE && info->checked_at >= 0 && info->max_age >= 0) {
		stream_text(out, " data-checked=\"");
		stream_number(out, (uint64_t)info->checked_at);
		stream_text(out, "\" data-max-age=\"");
		stream_number(out, (uint64_t)info->max_age);
		stream_text(out, "\"");
	}
	stream_text(out, "><strong>");
	stream_text(out, stale ? "Stale: too old for a verdict." : "Current.");
	stream_text(out, "</strong> Last checked against the FCC\xe2\x80\x99s list ");
	instant_put(out, info->checked_at);
	stream_text(out, "<span id=\"age\"></span>; ");
	stream_text(out, stale ? "verdicts ended " : "without another check, verdicts end ");
	instant_put(out, info->checked_at == RMD_TIME_NONE ? RMD_TIME_NONE : info->checked_at + info->max_age);
	stream_text(out, ".</p>\n");
	if (held_list_waits(page->edition->directory))
		stream_text(out,
			    "<p class=\"notice bad\"><strong>A list is held.</strong> rmdsync does not believe it, "
			    "the list before it serves on, and a person must look: see rmdsync(8).</p>\n");
}

static void
figure_put(struct stream *out, const char *label, uint64_t count)
{
	stream_text(out, "<div><dt>");
	stream_text(out, label);
	stream_text(out, "</dt><dd>");
	count_put(out, count);
	stream_text(out, "</dd></div>\n");
}

static void
figures_put(struct page *page)
{
	const struct rmd_info *info = &page->edition->info;
	struct stream *out = page->out;

	stream_text(out, "<dl class=\"figures\">\n");
	figure_put(out, "Filings listed", info->filings);
	figure_put(out, "Of these not certified", info->not_certified);
	figure_put(out, "Removed", info->vanished);
	figure_put(out, "Rows not understood", info->quarantined);
	figure_put(out, "FCC documents on file", info->notices);
	figure_put(out, "Peers", info->peers);
	stream_text(out, "</dl>\n</section>\n");
}

static void
foot_put(struct page *page)
{
	const struct rmd_info *info = &page->edition->info;
	struct stream *out = page->out;

	stream_text(out,
		    "</main>\n<footer>\n<p>A call to 911 is accepted from everybody. A verdict is evidence with a "
		    "citation; the carrier decides. Times are New York\xe2\x80\x99s, where the FCC\xe2\x80\x99s days "
		    "begin and end.</p>\n<p>Generation ");
	stream_number(out, info->generation);
	stream_text(out, ", last changed ");
	instant_put(out, info->changed_at);
	stream_text(out, ". Source: ");
	markup_put(out, slice_of(info->source));
	stream_text(out, "<br/>SHA-256 of the list: <code>");
	markup_put(out, slice_of(info->digest));
	stream_text(out, "</code><br/>Written by rmdexport ");
	stream_text(out, rmd_version());
	stream_text(out, ".</p>\n</footer>\n<script>");
	stream_text(out, page_script);
	stream_text(out, "</script>\n</body>\n</html>\n");
}

static int
certified_gather(struct page *page)
{
	struct edition *edition = page->edition;
	struct rmd_filings *filings;
	enum rmd_status status = rmd_filings_open(edition->rmd, &filings);
	int got;

	if (status != RMD_OK)
		return unreadable_set(edition, "the filings cannot be read", status);
	while ((got = rmd_filings_next(filings, &edition->filing)) > 0)
		page->certified[edition->filing.implementation] += edition->filing.listed != 0;
	rmd_filings_close(filings);
	return got < 0 ? unreadable_set(edition, "the filings break off", got) : 0;
}

static int
page_put(struct page *page)
{
	head_put(page);
	state_put(page);
	figures_put(page);
	if (peers_section_put(page) != 0 || dues_section_put(page) != 0 || plots_section_put(page) != 0 ||
	    news_section_put(page) != 0)
		return page->edition->error->code;
	foot_put(page);
	return 0;
}

int
html_export(struct edition *edition)
{
	struct page page = { .edition = edition, .out = &edition->out };

	if (peers_gather(&page) == 0 && dues_gather(&page) == 0 && tallies_read(edition, &page.tallies) == 0 &&
	    certified_gather(&page) == 0)
		page_put(&page);
	buffer_end(&page.links);
	buffer_end(&page.dues);
	buffer_end(&page.tallies);
	return edition->error->code;
}
