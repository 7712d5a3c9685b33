/* SPDX-License-Identifier: ISC
 *
 * One document of the register as text: read and held against notice.rng, made, amended. Files must not enter: which
 * there are is register.h's.
 */
#ifndef NOTICE_XML_H
#define NOTICE_XML_H

#include "base/buffer.h"
#include "base/error.h"
#include "notice/notice.h"

/* To be called before libxml2 is: from then on it prints nothing, and the program ends with 73 where it has no
 * memory. */
void
xml_begin(void);

/* The schema, as notice.rng has it. */
extern const char notice_schema[];

/* What the text says; `path` is for the error's line. 0, or 78 with file and line, or 73; then the notice is empty.
 */
int
notice_parse(const char *path, struct slice text, struct notice *notice, struct error *error);

/* The text of a document that says what the notice says, its remarks as comments at its head; freed by the caller.
 * Whether the schema allows it, notice_parse tells. NULL: no memory. */
char *
notice_print(const struct notice *notice, const char *remarks, size_t *length);

/* One element for a document. */
struct notice_amendment {
	const size_t *provider; /* of which provider, by its index; NULL: of the document itself */
	const char *name;
	const char *element; /* its whole text */
	bool beside;         /* beside others of that name; else in the place of the one that is there */
};

/* Puts it into the text of a document that notice_parse has taken: on a line of its own, as the others stand. Every
 * other byte stays. 0, or 65, 73 and one line. */
int
notice_amend(const char *path, struct buffer *text, const struct notice_amendment *amendment, struct error *error);

#endif
