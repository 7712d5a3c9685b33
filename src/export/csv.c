/* SPDX-License-Identifier: ISC
 *
 * One row a filing, under the names that the JSON of rmdcheck has; lists are words with a space between them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "check/words.h"
#include "export/answers.h"
#include "export/fields.h"

static bool
is_quoting_needed(struct slice text)
{
	static const char anywhere[] = "\",\r\n";
	static const char first[] = "=+-@\t ";

	if (text.length == 0)
		return false;
	if (memchr(first, text.data[0], sizeof first - 1) != NULL || text.data[text.length - 1] == ' ')
		return true;
	for (size_t i = 0; i < text.length; i++)
		if (memchr(anywhere, text.data[i], sizeof anywhere - 1) != NULL)
			return true;
	return false;
}

void
csv_put(struct stream *out, struct slice text)
{
	const char *quote;

	if (!is_quoting_needed(text)) {
		stream_put(out, text.data, text.length);
		return;
	}
	stream_text(out, "\"");
	while ((quote = memchr(text.data, '"', text.length)) != NULL) {
		size_t length = (size_t)(quote - text.data) + 1;

		stream_put(out, text.data, length);
		stream_text(out, "\"");
		text.data += length;
		text.length -= length;
	}
	stream_put(out, text.data, text.length);
	stream_text(out, "\"");
}

static void
field_put(struct stream *out, const char *text)
{
	stream_text(out, ",");
	csv_put(out, slice_of(text));
}

static void
time_put(struct stream *out, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	field_put(out, text);
}

static void
words_field_put(struct stream *out, unsigned set, word_of *word)
{
	stream_text(out, ",");
	words_put(out, set, word, " ");
}

static void
row_put(struct stream *out, const struct answers *answers)
{
	const struct rmd_answer *answer = &answers->answer;
	const struct rmd_filing *filing = &answers->edition->filing;

	if (answers->change != NULL) {
		stream_text(out, answers->change);
		stream_text(out, ",");
	}
	stream_text(out, answers->provider.text);
	field_put(out, rmd_verdict_name(answer->verdict));
	field_put(out, rmd_reason_name(answer->reason));
	words_field_put(out, answer->flags, flag_word);
	field_put(out, answer->citation);
	field_put(out, answer->rmd_number);
	field_put(out, answer->frn);
	field_put(out, filing->rmd_number[0] != '\0' ? filing->business_name : "");
	field_put(out, implementation_word(answer->implementation));
	words_field_put(out, answer->roles, role_word);
	time_put(out, answer->effective_at);
	time_put(out, answer->checked_at);
	stream_text(out, ",");
	stream_number(out, answer->generation);
	field_put(out, answer->notice);
	stream_text(out, "\n");
}

int
csv_export(struct edition *edition)
{
	struct answers answers;

	if (answers_begin(&answers, edition, true) == 0) {
		stream_text(&edition->out, edition->options->since_given ? "change," : "");
		stream_text(&edition->out,
			    "query,verdict,reason,flags,citation,rmd_number,frn,business_name,implementation,roles,"
			    "effective_at,checked_at,generation,notice\n");
		while (answers_next(&answers) > 0)
			row_put(&edition->out, &answers);
	}
	answers_end(&answers);
	return edition->error->code;
}
