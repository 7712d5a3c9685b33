/* SPDX-License-Identifier: ISC
 *
 * A hash for redis-cli --pipe: written under a name of its own and renamed, so that no reader sees half of it. It
 * ends by itself when its answers are too old: no field is unknown, not refused.
 */
#include <inttypes.h>
#include <stdio.h>

#include "export/answers.h"
#include "export/fields.h"

/* What stands in brackets decides the slot of a cluster: both names are in one. */
static const char hash[] = "rmd";
static const char fresh[] = "{rmd}:new";

void
resp_put(struct stream *out, const struct slice *words, size_t count)
{
	stream_text(out, "*");
	stream_number(out, count);
	stream_text(out, "\r\n");
	for (size_t i = 0; i < count; i++) {
		stream_text(out, "$");
		stream_number(out, words[i].length);
		stream_text(out, "\r\n");
		stream_put(out, words[i].data, words[i].length);
		stream_text(out, "\r\n");
	}
}

static void
field_put(struct stream *out, const char *field, const char *value)
{
	const struct slice words[] = { slice_of("HSET"), slice_of(fresh), slice_of(field), slice_of(value) };

	resp_put(out, words, 4);
}

/* Gives the hash its place, and its end. */
static void
publish_put(struct edition *edition)
{
	const struct slice rename[] = { slice_of("RENAME"), slice_of(fresh), slice_of(hash) };
	int64_t expire = answers_expire(edition);
	char text[24];
	int length = snprintf(text, sizeof text, "%" PRId64, expire);

	if (expire != RMD_TIME_NONE && length > 0) {
		const struct slice words[] = { slice_of("EXPIREAT"), slice_of(fresh), slice_of(text) };

		resp_put(&edition->out, words, 3);
	}
	resp_put(&edition->out, rename, 3);
}

int
redis_export(struct edition *edition)
{
	const struct slice clear[] = { slice_of("DEL"), slice_of(fresh) };
	struct answers answers;
	char text[ANSWER_TEXT_SIZE];

	if (answers_begin(&answers, edition, false) == 0) {
		resp_put(&edition->out, clear, 2);
		meta_text(text, &edition->info);
		field_put(&edition->out, "_meta", text);
		while (answers_next(&answers) > 0) {
			answer_text(text, &answers.answer);
			field_put(&edition->out, answers.provider.text, text);
		}
		if (edition->error->code == 0 && answer_of_unseen(edition, &answers.answer) > 0) {
			answer_text(text, &answers.answer);
			field_put(&edition->out, "*", text);
		}
		publish_put(edition);
	}
	answers_end(&answers);
	return edition->error->code;
}
