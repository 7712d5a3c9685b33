/* SPDX-License-Identifier: ISC
 *
 * The register: notices.d, one XML file a document of the FCC, held against notice.rng. Reads, writes and edits it.
 * What a document means must not enter, nor libxml2: that is xml.h's.
 */
#ifndef NOTICE_REGISTER_H
#define NOTICE_REGISTER_H

#include "base/error.h"
#include "notice/notice.h"

#define REGISTER_NAME "notices.d" /* beside rmd.conf */

struct notice_register {
	struct notice *notices; /* by id, no two alike */
	size_t count;
};

/* Reads all *.xml of the directory; a missing directory is an empty register. One that is renamed or removed
 * meanwhile is read, or not, as it is then. 0, or 78 and one line with file, line and what is wrong: breaks the
 * schema, an impossible date, two documents of one id, two facts that contradict each other (a deadline before its
 * letter; one filing at two providers of one document; ...). */
int
register_load(const char *directory, struct notice_register *result, struct error *error);
void
register_end(struct notice_register *result);
/* NULL where there is none. */
const struct notice *
register_find(const struct notice_register *result, const char *id);

/* One file, likewise. */
int
notice_load(const char *path, struct notice *notice, struct error *error);

/* Writes a new file, durably, named after the id; never over one that is there. `remarks`, one a line, NULL for none,
 * become XML comments at its head: what an import was not sure of. Fills notice->path. 0, 73 where it cannot be
 * written, 65 where the notice itself breaks the schema. */
int
notice_store(const char *directory, struct notice *notice, const char *remarks, struct error *error);

/* Edits of one file that keep every other byte of it, and are read again, and must say what was there and the new,
 * before they are written durably. They exclude each other. 0, or 65, 73, 78 and one line; the old file stays.
 *
 * A match leaves a key that the document has already as it is, and replaces another; a 0 leaves that key alone.
 * Responses are added, the other two replaced. */
int
notice_edit_match(const char *path, size_t provider, uint64_t frn, uint32_t number, const struct moment *at,
		  struct error *error);
int
notice_edit_response(const char *path, enum notice_response_kind kind, const struct moment *at, struct error *error);
int
notice_edit_fcc_notified(const char *path, const struct moment *at, struct error *error);
int
notice_edit_blocking_began(const char *path, const struct moment *at, struct error *error);

#endif
