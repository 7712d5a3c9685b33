/* SPDX-License-Identifier: ISC
 *
 * From the text of an FCC document to what it says: the kind, the dates, the names. Nothing is invented: what is not
 * sure stays out of the notice, and is told to the operator. Files of the register must not enter.
 */
#ifndef NOTICE_IMPORT_H
#define NOTICE_IMPORT_H

#include "base/error.h"
#include "notice/notice.h"

/* One fact that was understood, or one that was not. */
struct finding {
	const char *field; /* "kind", "issued", "id", "docket", "provider", "address", "frn", "rmd", "hours",
			      "respond-by", "cease-by", "campaign", "traceback" */
	char *value;       /* as it went into the notice; for a doubtful one, the words of the document */
	unsigned line;     /* of the text, from 1 */
	unsigned page;     /* from 1; 0: the text has no page breaks */
	bool certain;      /* false: it is not in the notice */
	bool open;         /* a doubtful one without which the notice would say more than the document does */
	const char *why;   /* of a doubtful one, a clause; else "" */
};

struct findings {
	struct finding *findings;
	size_t count;
};

/* `text` is a document as the FCC publishes it, as text. The notice has been begun. 0; 65 where it is no document of
 * the FCC, or of a kind that the register does not know, and one line that says so; 73. */
int
import_read(const char *path, const char *text, size_t length, struct notice *notice, struct findings *findings,
	    struct error *error);

/* The same of a file that is open for reading, from its beginning: text, or a PDF, which pdftotext makes text of.
 * Besides: 69 where there is no pdftotext, 74 where the file cannot be read. */
int
import_file(const char *path, int file, struct notice *notice, struct findings *findings, struct error *error);

void
findings_end(struct findings *findings);

/* What must be settled in the text before the document is filed: no date of issue, or a deadline that is printed but
 * cannot be read, so that the law's own days would count instead of it. NULL: nothing. */
const struct finding *
findings_open(const struct findings *findings);

/* One doubtful finding a line, for notice_store; NULL: no memory. Freed by the caller. */
char *
findings_remarks(const struct findings *findings);

#endif
