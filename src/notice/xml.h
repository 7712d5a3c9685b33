/* SPDX-License-Identifier: ISC
 *
 * One document of the register as XML: read, made, edited, held against notice.rng. Which files there are is
 * register.h's.
 */
#ifndef NOTICE_XML_H
#define NOTICE_XML_H

#include "base/error.h"
#include "notice/notice.h"

/* The schema, as notice.rng has it. */
extern const char notice_schema[];

struct notice_tree;

/* Parses and validates; `path` is for the error's line. NULL after error_set: 78 with file and line, or 73. */
struct notice_tree *
notice_tree_parse(const char *path, const char *text, size_t length, struct error *error);
/* A document that says what the notice says, its remarks as comments at its head. NULL: no memory. */
struct notice_tree *
notice_tree_make(const struct notice *notice, const char *remarks);
void
notice_tree_end(struct notice_tree *tree);

/* What the tree says, into a notice that notice_begin has begun. 0, or 78 with file and line, or 73. */
int
notice_tree_read(const struct notice_tree *tree, const char *path, struct notice *notice, struct error *error);

/* Validates what was made or edited, and writes it out; *text is freed by the caller. 0, or 65 or 73. */
int
notice_tree_write(const struct notice_tree *tree, const char *path, char **text, size_t *length, struct error *error);

/* Sets an attribute-carrying element: <response kind= date=/>, <fcc-notified date=/>, ... `kind` NULL: without one,
 * and then the old element of that name is replaced. False: no memory. */
bool
notice_tree_record(struct notice_tree *tree, const char *name, const char *kind, const struct moment *at);
/* The key of the provider of that index, the operator's word for it beside it. A 0 leaves that key as it is. False:
 * no memory, or no such provider. */
bool
notice_tree_match(struct notice_tree *tree, size_t provider, uint64_t frn, uint32_t number, const struct moment *at);

#endif
