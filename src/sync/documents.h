/* SPDX-License-Identifier: ISC
 *
 * The register, compiled: every document with the instants that follow from it, and for every provider the documents
 * that name it. What a document means for a verdict is decide.c's.
 */
#ifndef SYNC_DOCUMENTS_H
#define SYNC_DOCUMENTS_H

#include "base/buffer.h"
#include "cache/packed.h"
#include "cache/reader.h"
#include "notice/clock.h"
#include "notice/register.h"
#include "sync/conf.h"
#include "sync/diff.h"

/* One document as the table `notice` has it: the record points into the encoded value. */
struct document {
	unsigned char *encoded;
	size_t length;
	struct notice_record record;
};

struct documents {
	struct document *documents; /* by id */
	size_t count;
};

/* `removal_grace`: business days. 0, or 73 (memory) and one line. */
int
documents_compile(const struct notice_register *from, const struct calendar *calendar, uint64_t removal_grace,
		  struct documents *documents, struct error *error);
void
documents_end(struct documents *documents);

/* Reads the register beside `conf_path`, and compiles it. 0, or 78 or 73 and one line. */
int
documents_load(const struct conf *conf, const char *conf_path, const struct calendar *calendar,
	       struct documents *documents, struct error *error);

/* Whether the snapshot carries just these. */
bool
documents_same(const struct documents *documents, const struct snapshot *old);

/* Counts, in difference->ordered, the vanished filings that a removal order issued by `at` names, by their RMD number
 * or their FRN. False: no memory, or a filing of the old snapshot cannot be read. */
bool
documents_explain(const struct documents *documents, const struct snapshot *old, int64_t at,
		  struct difference *difference);

/* Appends a struct packed_attachment for every document and provider that it names by an FRN or an RMD number.
 * `sources` are in the order of their numbers. False: no memory. */
bool
documents_attach(const struct documents *documents, const struct packed_source *sources, size_t source_count,
		 struct buffer *attachments);

#endif
