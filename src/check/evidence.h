/* SPDX-License-Identifier: ISC
 *
 * What an answer rests on, gathered from the library: documents and history. How it is shown must not enter.
 */
#ifndef CHECK_EVIDENCE_H
#define CHECK_EVIDENCE_H

#include "base/buffer.h"
#include "base/text.h"
#include "rmd.h"

/* The documents that name the provider (of struct rmd_notice), in place of those that were there; none for a key that
 * leads to no provider. Status: as rmd_notices_open and rmd_notices_next. */
enum rmd_status
documents_read(struct rmd *rmd, struct slice provider, struct buffer *documents);

/* What happened to the provider's filings (of struct rmd_event), likewise. Status: as rmd_history_open and
 * rmd_history_next. */
enum rmd_status
events_read(struct rmd *rmd, struct slice provider, struct buffer *events);

#endif
