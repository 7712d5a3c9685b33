/* SPDX-License-Identifier: ISC
 *
 * One import at work, for the files that each recognise a part of a document. Nobody else may look in.
 */
#ifndef NOTICE_READING_H
#define NOTICE_READING_H

#include "notice/import.h"
#include "notice/page.h"
#include "notice/wording.h"

struct import {
	const char *path;
	struct page page;
	struct slice flow; /* of the page */
	struct notice *notice;
	struct findings *findings;
	struct error *error;
	size_t head;       /* where in the flow the head ends and the text begins */
	size_t head_lines; /* and which line is the first of the text */
	size_t caption;    /* an order's lines from "In the Matter of" up to its heading; */
	size_t heading;    /* of a public notice, up to the text */
};

/* A fact that is in the notice. 0 or 73, as all of these. */
int
finding_add(struct import *import, const char *field, struct slice value, unsigned line);
/* One that is not; `open` as in struct finding. */
int
doubt_add(struct import *import, const char *field, struct slice words, unsigned line, bool open, const char *why);
/* A string of the notice, and its finding. */
int
text_set(struct import *import, const char *field, char **target, struct slice value, unsigned line);
int
import_no_memory(struct import *import);
/* A provider and its findings; NULL after error_set. */
struct notice_provider *
provider_add(struct import *import, struct slice name, unsigned line);
/* Its FRN or RMD number, where the word is one; a number that another provider of the document has is a doubt. */
int
provider_key_add(struct import *import, struct notice_provider *provider, struct slice word, unsigned line);

/* A day that a document prints. */
struct deadline {
	day date; /* DAY_NONE: it is not sure */
	size_t place;
	size_t length;   /* 0: none is printed */
	const char *why; /* it is not sure; "" where it is */
};
/* The date at a place of the flow, or what was one: the bytes it takes, 0 for none (deadline.c). */
size_t
deadline_read(const struct import *import, size_t place, struct deadline *deadline);
/* Another print of it: a sure one goes before doubtful ones, two sure ones that differ are a doubt. */
void
deadline_add(struct deadline *deadline, struct deadline another);
/* Into the notice and the findings, or as a doubt. */
int
deadline_tell(struct import *import, const char *field, const struct deadline *deadline, bool open, day *target);

/* The kind, and where the head ends (kind.c); 65 where the register has no such kind. */
int
import_kind(struct import *import);

/* What a letter says, and the short name of whom it is to (letter.c). */
int
import_letter(struct import *import, struct slice *brief);
/* The day by which an answer is due, where one is printed. */
int
import_respond_by(struct import *import);
/* The tracebacks of its attachment (table.c). */
int
import_tracebacks(struct import *import);

/* What an order or a public notice says (order.c). */
int
import_order(struct import *import);
int
import_public_notice(struct import *import);
/* The companies of the appendix that the text speaks of or, with `any`, of the only one; *listed: there is one,
 * whether its rows could be read or not (appendix.c). */
int
import_appendix(struct import *import, bool any, bool *listed);

/* The name of a company, as the order writes it in brackets behind the long one: X ("Y"), X (Y), X (Y or Company).
 * `place` is that of the bracket. False: nothing like it stands there. */
bool
short_name(struct slice flow, size_t place, struct slice *brief);
/* Whether a name ends as companies' names do: LLC, Inc., Corp., Ltd, ... */
bool
is_company(struct slice name);
/* "d/b/a Another Name". */
bool
is_trade_name(struct slice line);
/* Where the name stands in the text with a short name in brackets behind it. */
bool
name_defined(const struct import *import, struct slice name, struct span *found, struct slice *brief);

#endif
