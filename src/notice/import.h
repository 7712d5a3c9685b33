/* SPDX-License-Identifier: ISC
 *
 * From the text of an FCC document to what it says: the kind, the dates, the names. Nothing is invented: what is not
 * sure stays out of the notice, and is told to the operator. Files of the register must not enter.
 */
#ifndef NOTICE_IMPORT_H
#define NOTICE_IMPORT_H

#include "notice/notice.h"
#include "notice/page.h"

/* One fact that was understood, or one that was not. */
struct finding {
	const char *field; /* "issued", "provider", ... */
	char *value;       /* as it went into the notice; for a doubtful one, the words of the document */
	unsigned line;     /* of the text, from 1 */
	bool certain;      /* false: it is not in the notice */
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
void
findings_end(struct findings *findings);

/* One doubtful finding a line, for notice_store; NULL: no memory. Freed by the caller. */
char *
findings_remarks(const struct findings *findings);

/* The rooms of import.c: each adds what it recognises. */
struct import {
	const char *path;
	struct page page;
	struct notice *notice;
	struct findings *findings;
	struct error *error;
};

/* `value` is copied. 0 or 73. */
int
finding_add(struct import *import, const char *field, struct slice value, unsigned line, const char *why);

/* Tracebacks of a letter's attachment (table.c). */
int
import_tracebacks(struct import *import);

/* Companies of an order's appendix (appendix.c); *any tells whether there is one. */
int
import_appendix(struct import *import, bool *any);

/* Whether a name ends as companies' names do: LLC, Inc., Corp., Ltd, ... */
bool
is_company(struct slice name);

#endif
