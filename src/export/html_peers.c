/* SPDX-License-Identifier: ISC
 *
 * The operator's peers on the page, the worst first. They are asked once for each verdict instead of kept and sorted:
 * an answer costs less than the memory of a million of them.
 */
#include <string.h>

#include "export/answers.h"
#include "export/html.h"
#include "export/markup.h"

/* The next peer and its answer: 1, 0 at the end, -1 after error_set. */
static int
peer_next(struct edition *edition, struct rmd_peers *peers, struct rmd_peer *peer, struct rmd_answer *answer)
{
	int got;

	do
		got = peers_next(edition, peers, peer);
	while (got > 0 && peer->key != RMD_KEY_PEER);
	edition->filing.rmd_number[0] = '\0';
	if (got > 0 && answer_ask(edition, RMD_KEY_PEER, peer->value, answer) != 0)
		return -1;
	return got;
}

static const char *
provider_of(const struct rmd_peer *peer)
{
	return peer->frn[0] != '\0' ? peer->frn : peer->rmd_number;
}

/* Remembers which documents with a day to come name this peer. */
static int
links_add(struct page *page, const struct rmd_peer *peer)
{
	struct rmd_notice notice = RMD_NOTICE_INIT;
	struct rmd_notices *notices;
	struct due dues[DUES_MAX];
	int got = 0;

	/* What leads to no provider has no documents. */
	if (rmd_notices_open(page->edition->rmd, provider_of(peer), strlen(provider_of(peer)), &notices) != RMD_OK)
		return 0;
	while (page->edition->error->code == 0 && (got = rmd_notices_next(notices, &notice)) > 0) {
		struct link *link;

		if (dues_of(&notice, page->edition->now, dues) == 0)
			continue;
		link = buffer_extend(&page->links, sizeof *link, LIMIT_PAGE_LINKS * sizeof *link);
		if (link == NULL) {
			error_set(page->edition->error, EX_SOFTWARE,
				  "memory is short, or documents name peers over %d times; nothing is written",
				  LIMIT_PAGE_LINKS);
			continue;
		}
		memcpy(link->digest, notice.digest, sizeof link->digest);
		memcpy(link->peer, peer->value, sizeof link->peer);
	}
	rmd_notices_close(notices);
	if (got < 0)
		unreadable_set(page->edition, "the documents break off", got);
	return page->edition->error->code;
}

int
peers_gather(struct page *page)
{
	struct rmd_peer peer = RMD_PEER_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_peers *peers;

	if (peers_open(page->edition, &peers) != 0)
		return page->edition->error->code;
	while (peer_next(page->edition, peers, &peer, &answer) > 0) {
		page->peers[answer.verdict]++;
		page->flags |= answer.flags;
		if (links_add(page, &peer) != 0)
			break;
	}
	rmd_peers_close(peers);
	return page->edition->error->code;
}

static void
reason_cell_put(struct stream *out, const struct rmd_answer *answer)
{
	stream_text(out, "<td class=\"why\"><span class=\"word\">");
	stream_text(out, rmd_reason_name(answer->reason));
	stream_text(out, "</span> ");
	markup_put(out, slice_of(rmd_reason_text(answer->reason)));
	stream_text(out, " <span class=\"small\">");
	markup_put(out, slice_of(answer->citation));
	if (answer->notice[0] != '\0') {
		stream_text(out, " \xc2\xb7 ");
		name_put(out, answer->notice);
	}
	stream_text(out, "</span></td>");
}

static void
flag_put(struct stream *out, enum rmd_flag flag)
{
	stream_text(out, "<span class=\"flag\" title=\"");
	markup_put(out, slice_of(rmd_flag_text(flag)));
	stream_text(out, "\">");
	stream_text(out, rmd_flag_name(flag));
	stream_text(out, "</span>");
}

static void
flags_cell_put(struct stream *out, unsigned flags)
{
	stream_text(out, "<td>");
	for (unsigned bit = 0; bit < RMD_FLAG_COUNT; bit++) {
		if ((flags & 1U << bit) == 0)
			continue;
		flag_put(out, (enum rmd_flag)(1U << bit));
		stream_text(out, " ");
	}
	stream_text(out, "</td>");
}

/* In words once, below the table: what shows only under a mouse is lost on paper, on a telephone and to the blind. */
static void
flags_put(struct stream *out, unsigned flags)
{
	if (flags == 0)
		return;
	stream_text(out, "<dl class=\"flags\">\n");
	for (unsigned bit = 0; bit < RMD_FLAG_COUNT; bit++) {
		if ((flags & 1U << bit) == 0)
			continue;
		stream_text(out, "<div><dt>");
		flag_put(out, (enum rmd_flag)(1U << bit));
		stream_text(out, "</dt><dd>");
		markup_put(out, slice_of(rmd_flag_text((enum rmd_flag)(1U << bit))));
		stream_text(out, "</dd></div>\n");
	}
	stream_text(out, "</dl>\n");
}

static int
deadline_cell_put(struct page *page, const struct rmd_peer *peer)
{
	struct due due;
	int found = due_next(page->edition, provider_of(peer), &due);

	if (found < 0)
		return page->edition->error->code;
	stream_text(page->out, "<td>");
	if (found > 0) {
		instant_put(page->out, due.at);
		stream_text(page->out, " <span class=\"small\">");
		stream_text(page->out, due.text);
		stream_text(page->out, " \xc2\xb7 ");
		name_put(page->out, due.notice.id);
		stream_text(page->out, "</span>");
	}
	stream_text(page->out, "</td>");
	return 0;
}

/* `rank` of the verdict, which the script sorts by. */
static int
row_put(struct page *page, const struct rmd_peer *peer, const struct rmd_answer *answer, size_t rank)
{
	struct stream *out = page->out;

	stream_text(out, "<tr><th scope=\"row\" class=\"peer\">");
	name_put(out, peer->value);
	if (peer->role != RMD_ROLE_NONE) {
		stream_text(out, " <span class=\"small\">");
		stream_text(out, rmd_role_name(peer->role));
		stream_text(out, "</span>");
	}
	stream_text(out, "</th><td data-sort=\"");
	stream_number(out, rank);
	stream_text(out, "\">");
	verdict_put(out, answer->verdict);
	stream_text(out, "</td>");
	reason_cell_put(out, answer);
	flags_cell_put(out, answer->flags);
	stream_text(out, "<td class=\"who\">");
	if (page->edition->filing.rmd_number[0] != '\0')
		name_put(out, page->edition->filing.business_name);
	stream_text(out, " <span class=\"small\">");
	stream_text(out, provider_of(peer));
	stream_text(out, "</span></td><td>");
	instant_put(out, answer->effective_at);
	stream_text(out, "</td>");
	if (deadline_cell_put(page, peer) != 0)
		return page->edition->error->code;
	stream_text(out, "</tr>\n");
	return 0;
}

static int
rows_put(struct page *page, enum rmd_verdict verdict, size_t rank, uint64_t *left)
{
	struct rmd_peer peer = RMD_PEER_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_peers *peers;

	answer.filing = &page->edition->filing;
	if (peers_open(page->edition, &peers) != 0)
		return page->edition->error->code;
	while (*left > 0 && peer_next(page->edition, peers, &peer, &answer) > 0) {
		if (answer.verdict != verdict)
			continue;
		if (row_put(page, &peer, &answer, rank) != 0)
			break;
		--*left;
	}
	rmd_peers_close(peers);
	return page->edition->error->code;
}

static void
tiles_put(struct page *page)
{
	stream_text(page->out, "<ul class=\"tiles\">\n");
	for (size_t i = 0; i < VERDICTS; i++) {
		stream_text(page->out, "<li><span class=\"number\">");
		count_put(page->out, page->peers[worst_first[i]]);
		stream_text(page->out, "</span> ");
		verdict_put(page->out, worst_first[i]);
		stream_text(page->out, "</li>\n");
	}
	stream_text(page->out, "</ul>\n");
}

int
peers_section_put(struct page *page)
{
	static const char *const columns[] = { "Peer",     "!Verdict", "Reason",        "Flags",
					       "Provider", "Since",    "Next deadline", NULL };
	uint64_t left = LIMIT_PAGE_PEERS, all = 0;
	struct stream *out = page->out;

	for (size_t i = 0; i < VERDICTS; i++)
		all += page->peers[i];
	stream_text(out, "<section aria-labelledby=\"peers-title\">\n<h2 id=\"peers-title\">Peers</h2>\n");
	if (all == 0) {
		stream_text(out, "<p>None. Name those who hand you calls in peers.conf: see rmd.conf(5).</p>\n"
				 "</section>\n");
		return 0;
	}
	tiles_put(page);
	table_begin(out, "peers", "Peers and their verdicts, the worst first", columns);
	for (size_t i = 0; i < VERDICTS; i++)
		if (rows_put(page, worst_first[i], i, &left) != 0)
			return page->edition->error->code;
	table_end(out);
	flags_put(out, page->flags);
	if (all > LIMIT_PAGE_PEERS) {
		stream_text(out, "<p class=\"more\">");
		counted_put(out, all - LIMIT_PAGE_PEERS, "more peer is", "more peers are");
		stream_text(out, " not on this page: <code>rmdcheck --peers</code> has all of them.</p>\n");
	}
	stream_text(out, "</section>\n");
	return 0;
}
