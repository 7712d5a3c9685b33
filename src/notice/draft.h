/* SPDX-License-Identifier: ISC
 *
 * The notice to the FCC that must go out before the first block, with the brief summary of the basis that 47 CFR
 * 64.1200(k)(4) asks for. It says what is on file and nothing else; what only the operator knows stays in [brackets].
 */
#ifndef NOTICE_DRAFT_H
#define NOTICE_DRAFT_H

#include "base/stream.h"
#include "notice/effect.h"

/* Keeps the grounds of which the FCC must be told before they are used and that have not ended; their number. */
size_t
draft_grounds(struct effect effects[], size_t count, int64_t at);

/* As of `at`, for one ground or more: one that has not come yet is said to be none yet. */
void
draft_write(struct stream *stream, const struct notice *notice, const struct effect grounds[], size_t count,
	    int64_t at);

#endif
