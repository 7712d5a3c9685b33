/* SPDX-License-Identifier: ISC
 *
 * Documents, effects and candidates as text for a person (output.c) and as JSON (output_json.c). Both say the same;
 * neither reads a file.
 */
#ifndef NOTICE_OUTPUT_H
#define NOTICE_OUTPUT_H

#include "base/stream.h"
#include "notice/candidates.h"
#include "notice/effect.h"

/* A document, and what it brings as of an instant. */
struct standing {
	const struct notice *notice;
	int64_t at;
	struct effect effects[EFFECTS_OF_ONE];
	size_t count;
	const struct effect *effect; /* that holds, else the next one to come; NULL: neither */
};

void
standing_of(const struct effect_rules *rules, const struct notice *notice, int64_t at, struct standing *standing);

/* Parts of a line. */
void
put_quoted(struct stream *stream, const char *text);
void
put_time(struct stream *stream, int64_t instant);
void
put_moment(struct stream *stream, const struct moment *moment);

/* "now" or "coming". */
const char *
effect_state(const struct effect *effect, int64_t at);
/* How many of the providers have an FRN or an RMD number. */
size_t
notice_matched(const struct notice *notice);

/* One line a document, or effect. */
void
output_standing(struct stream *stream, const struct standing *standing);
void
output_effect(struct stream *stream, const struct effect *effect, int64_t at);
/* All that is on file, one fact a line. */
void
output_notice(struct stream *stream, const struct standing *standing);
/* What the document brings, a line each. */
void
output_effects(struct stream *stream, const struct standing *standing);
/* The provider of that index, and what is proposed for it. */
void
output_candidates(struct stream *stream, const struct notice *notice, size_t provider,
		  const struct candidates *candidates);

/* One object, one line. 0, or -1 when memory is short. */
int
output_json_standing(struct stream *stream, const struct standing *standing);
int
output_json_effect(struct stream *stream, const struct effect *effect, int64_t at);
int
output_json_notice(struct stream *stream, const struct standing *standing);
int
output_json_candidates(struct stream *stream, const struct notice *notice, size_t provider,
		       const struct candidates *candidates);

#endif
