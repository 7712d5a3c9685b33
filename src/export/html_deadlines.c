/* SPDX-License-Identifier: ISC
 *
 * What the FCC's documents bring next. Which verdict comes of it is librmd's to say.
 */
#include <stdlib.h>
#include <string.h>

#include "export/answers.h"
#include "export/html.h"
#include "export/markup.h"

static size_t
due_add(struct due dues[DUES_MAX], size_t count, const struct rmd_notice *notice, int64_t at, const char *text)
{
	dues[count] = (struct due){ .at = at, .text = text, .notice = *notice };
	return count + 1;
}

static bool
is_to_come(int64_t at, int64_t now)
{
	return at != RMD_TIME_NONE && at > now;
}

/* What the operator has on record by then stops a letter's clock. */
static bool
is_stopped(int64_t record, int64_t at)
{
	return record != RMD_TIME_NONE && record <= at;
}

size_t
dues_of(const struct rmd_notice *notice, int64_t now, struct due dues[DUES_MAX])
{
	static const char *const effects[] = {
		[RMD_NOTICE_PUBLIC] = "every provider may block",
		[RMD_NOTICE_FINAL_DETERMINATION] = "refuse: the final determination takes effect",
		[RMD_NOTICE_REMOVAL] = "refuse: the removal takes effect",
		[RMD_NOTICE_REINSTATEMENT] = "reinstated: earlier orders are lifted",
	};
	size_t count = 0;

	if (notice->kind == RMD_NOTICE_LETTER) {
		if (is_to_come(notice->after_48_hours, now) && !is_stopped(notice->mitigated, notice->after_48_hours))
			count = due_add(dues, count, notice, notice->after_48_hours,
					"may block: the 48 hours to mitigate are over");
		if (is_to_come(notice->after_14_days, now) && !is_stopped(notice->measures, notice->after_14_days))
			count = due_add(dues, count, notice, notice->after_14_days,
					"may block: the time to respond is over");
		return count;
	}
	if (notice->kind < sizeof effects / sizeof effects[0] && effects[notice->kind] != NULL &&
	    is_to_come(notice->effective, now) && notice->lifted == RMD_TIME_NONE &&
	    notice->relisted == RMD_TIME_NONE)
		count = due_add(dues, count, notice, notice->effective, effects[notice->kind]);
	return count;
}

int
due_next(struct edition *edition, const char *provider, struct due *due)
{
	struct rmd_notice notice = RMD_NOTICE_INIT;
	struct rmd_notices *notices;
	struct due dues[DUES_MAX];
	int found = 0, got;

	/* What leads to no provider has no documents. */
	if (rmd_notices_open(edition->rmd, provider, strlen(provider), &notices) != RMD_OK)
		return 0;
	while ((got = rmd_notices_next(notices, &notice)) > 0) {
		size_t count = dues_of(&notice, edition->now, dues);

		for (size_t i = 0; i < count; i++)
			if (found == 0 || dues[i].at < due->at) {
				*due = dues[i];
				found = 1;
			}
	}
	rmd_notices_close(notices);
	if (got < 0) {
		(void)unreadable_set(edition, "the documents break off", got);
		return -1;
	}
	return found;
}

static int
due_compare(const void *a, const void *b)
{
	const struct due *left = a, *right = b;

	if (left->at != right->at)
		return left->at < right->at ? -1 : 1;
	return strcmp(left->notice.digest, right->notice.digest);
}

static int
dues_add(struct page *page, const struct rmd_notice *notice)
{
	struct due dues[DUES_MAX];
	size_t count = dues_of(notice, page->edition->now, dues);
	struct due *place;

	if (count == 0)
		return 0;
	place = buffer_extend(&page->dues, count * sizeof *place, LIMIT_NOTICES * DUES_MAX * sizeof *place);
	if (place == NULL)
		return error_set(page->edition->error, EX_SOFTWARE, "memory is short; nothing is written");
	memcpy(place, dues, count * sizeof *place);
	return 0;
}

int
dues_gather(struct page *page)
{
	struct rmd_notice notice = RMD_NOTICE_INIT;
	struct edition *edition = page->edition;
	struct rmd_notices *notices;
	enum rmd_status status = rmd_notices_open(edition->rmd, NULL, 0, &notices);
	int got;

	if (status != RMD_OK)
		return unreadable_set(edition, "the documents cannot be read", status);
	while ((got = rmd_notices_next(notices, &notice)) > 0)
		if (dues_add(page, &notice) != 0)
			break;
	rmd_notices_close(notices);
	if (got < 0)
		unreadable_set(edition, "the documents break off", got);
	if (page->dues.length > 0)
		qsort(page->dues.data, page->dues.length / sizeof(struct due), sizeof(struct due), due_compare);
	return edition->error->code;
}

/* A stranger's address is followed only where it leads to a web page. */
static void
document_put(struct stream *out, const struct rmd_notice *notice)
{
	bool linked = strncmp(notice->source, "https://", 8) == 0 && notice->source[8] != '\0';

	if (linked) {
		stream_text(out, "<a href=\"");
		markup_put(out, slice_of(notice->source));
		stream_text(out, "\">");
	}
	name_put(out, notice->id);
	stream_text(out, linked ? "</a>" : "");
	stream_text(out, " <span class=\"small\">");
	stream_text(out, rmd_notice_name(notice->kind));
	if (notice->title[0] != '\0') {
		stream_text(out, " \xc2\xb7 ");
		name_put(out, notice->title);
	}
	stream_text(out, "</span>");
}

/* Which of the operator's peers it names. */
static void
linked_peers_put(struct page *page, const char *digest)
{
	const struct link *links = page->links.data;
	size_t count = page->links.length / sizeof *links;
	const char *before = "";

	for (size_t i = 0; i < count; i++) {
		if (strcmp(links[i].digest, digest) != 0)
			continue;
		stream_text(page->out, before);
		name_put(page->out, links[i].peer);
		before = ", ";
	}
	if (before[0] == '\0')
		stream_text(page->out, "none");
}

static void
row_put(struct page *page, const struct due *due)
{
	stream_text(page->out, "<tr><th scope=\"row\">");
	instant_put(page->out, due->at);
	stream_text(page->out, "</th><td>");
	stream_text(page->out, due->text);
	if (due->at == due->notice.after_14_days) {
		stream_text(page->out, " <span class=\"small\">last day to answer the FCC: ");
		day_put(page->out, due->at - 1);
		stream_text(page->out, "</span>");
	}
	stream_text(page->out, "</td><td class=\"who\">");
	document_put(page->out, &due->notice);
	stream_text(page->out, "</td><td class=\"who\">");
	linked_peers_put(page, due->notice.digest);
	stream_text(page->out, "</td><td class=\"number\">");
	count_put(page->out, due->notice.providers);
	stream_text(page->out, "</td></tr>\n");
}

int
dues_section_put(struct page *page)
{
	static const char *const columns[] = { "!From",         "Then", "Document", "Your peers that it names",
					       "#Names in all", NULL };
	const struct due *dues = page->dues.data;
	size_t count = page->dues.length / sizeof *dues;
	struct stream *out = page->out;

	stream_text(out,
		    "<section aria-labelledby=\"deadlines-title\">\n<h2 id=\"deadlines-title\">Deadlines</h2>\n");
	if (count == 0) {
		stream_text(out, "<p>No document on file has a day that is still to come.</p>\n</section>\n");
		return 0;
	}
	table_begin(out, "deadlines", "What the FCC\xe2\x80\x99s documents bring next, the soonest first", columns);
	for (size_t i = 0; i < count && i < LIMIT_PAGE_DEADLINES; i++)
		row_put(page, &dues[i]);
	table_end(out);
	if (count > LIMIT_PAGE_DEADLINES) {
		stream_text(out, "<p class=\"more\">");
		counted_put(out, count - LIMIT_PAGE_DEADLINES, "later one is", "later ones are");
		stream_text(out, " not on this page: <code>rmdnotice due</code> has all of them.</p>\n");
	}
	stream_text(out, "</section>\n");
	return 0;
}
