/* SPDX-License-Identifier: ISC
 *
 * The sections of the page, a file each for those that are long. How they are put together is html.c's.
 */
#ifndef EXPORT_HTML_H
#define EXPORT_HTML_H

#include "base/buffer.h"
#include "export/export.h"
#include "export/tally.h"

/* Verdicts in the order in which a reader wants to see them. */
#define VERDICTS (RMD_MAY_BLOCK + 1)
extern const enum rmd_verdict worst_first[VERDICTS];

/* What is gathered before the first byte is written. */
struct page {
	struct edition *edition;
	struct stream *out;
	uint64_t peers[VERDICTS];                            /* by verdict */
	struct buffer links;                                 /* of struct link */
	struct buffer dues;                                  /* of struct due, ascending */
	struct buffer tallies;                               /* of struct tally, ascending */
	uint64_t certified[RMD_IMPLEMENTATION_COMPLETE + 1]; /* listed filings */
	unsigned flags;                                      /* of the peers, all together */
};

/* A day on which a document begins to count. */
struct due {
	int64_t at;
	const char *text; /* what may or must be done then */
	struct rmd_notice notice;
};

/* A document that names one of the operator's peers. */
struct link {
	char digest[RMD_DIGEST_SIZE];
	char peer[RMD_PEER_SIZE];
};

/* Those of one document that are still to come; how many. */
#define DUES_MAX 2
size_t
dues_of(const struct rmd_notice *notice, int64_t now, struct due dues[DUES_MAX]);

/* The next one for this provider, by its FRN or RMD number: 1, 0 where there is none, -1 after error_set. */
int
due_next(struct edition *edition, const char *provider, struct due *due);

/* Gathered first, from librmd; 0, or the error's code. */
int
peers_gather(struct page *page);
int
dues_gather(struct page *page);

/* The sections. 0, or the error's code. */
int
peers_section_put(struct page *page);
int
dues_section_put(struct page *page);
int
news_section_put(struct page *page);
int
plots_section_put(struct page *page);

/* A verdict, never by its colour alone. */
void
verdict_put(struct stream *out, enum rmd_verdict verdict);

/* The columns of a table, "!" before the one that it is sorted by, and its caption; the rows and
 * </tbody></table></div> are the caller's. The script lets a reader sort it and look for words. */
void
table_begin(struct stream *out, const char *id, const char *caption, const char *const columns[]);
void
table_end(struct stream *out);

#endif
