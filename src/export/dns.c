/* SPDX-License-Identifier: ISC
 *
 * A zone for name servers. Names are relative, so that the server's configuration gives the origin. A verdict is an
 * A record; whatever has none (no data, no answer, a time-out) is unknown, so that no failure reads as a refusal.
 */
#include <string.h>

#include "export/answers.h"
#include "export/domain.h"

static void
record_put(struct stream *out, const char *name, const char *subtree, const char *address, const char *text)
{
	if (address != NULL) {
		stream_text(out, name);
		stream_text(out, subtree);
		stream_text(out, "\tA\t");
		stream_text(out, address);
		stream_text(out, "\n");
	}
	stream_text(out, name);
	stream_text(out, subtree);
	stream_text(out, "\tTXT\t");
	txt_put(out, slice_of(text));
	stream_text(out, "\n");
}

static void
head_put(struct edition *edition)
{
	struct stream *out = &edition->out;
	char meta[ANSWER_TEXT_SIZE];

	meta_text(meta, &edition->info);
	stream_text(out, "; Written by rmdexport, which reads the serial again: leave this file to it.\n"
			 "$TTL " DOMAIN_TTL "\n@\tSOA\t");
	stream_text(out, edition->options->name_server);
	stream_text(out, " ");
	stream_text(out, edition->options->contact);
	stream_text(out, " ");
	stream_number(out, edition->serial);
	stream_text(out, " " DOMAIN_REFRESH " " DOMAIN_RETRY " ");
	stream_number(out, (uint64_t)edition->info.max_age);
	stream_text(out, " " DOMAIN_TTL "\n@\tNS\t");
	stream_text(out, edition->options->name_server);
	stream_text(out, "\n");
	record_put(out, "_meta", "", NULL, meta);
	/* RFC 5782: test and its address are there; invalid and 1.0.0.127 are not. */
	record_put(out, "test", "", DOMAIN_ACCEPT, "test entry");
	record_put(out, "2.0.0.127", "", DOMAIN_ACCEPT, "test entry");
}

int
dns_export(struct edition *edition)
{
	struct answers answers;
	char text[ANSWER_TEXT_SIZE];
	int unseen;

	if (answers_begin(&answers, edition, false) == 0) {
		head_put(edition);
		while (answers_next(&answers) > 0) {
			answer_text(text, &answers.answer);
			record_put(&edition->out, answers.provider.text, domain_subtree(answers.provider.key),
				   domain_address(answers.answer.verdict), text);
		}
		unseen = edition->error->code == 0 ? answer_of_unseen(edition, &answers.answer) : 0;
		if (unseen > 0) {
			const char *address = domain_address_unseen(answers.answer.verdict);

			answer_text(text, &answers.answer);
			record_put(&edition->out, "*", domain_subtree(RMD_KEY_FRN), address, text);
			record_put(&edition->out, "*", domain_subtree(RMD_KEY_RMD), address, text);
		}
	}
	answers_end(&answers);
	return edition->error->code;
}

/* Cuts the next word off the text; white space and brackets stand between words. */
static struct slice
word_next(struct slice *text)
{
	static const char between[] = " \t\r\n()";
	struct slice word;

	while (text->length > 0 && memchr(between, text->data[0], sizeof between - 1) != NULL) {
		text->data++;
		text->length--;
	}
	word = (struct slice){ text->data, 0 };
	while (word.length < text->length && memchr(between, text->data[word.length], sizeof between - 1) == NULL)
		word.length++;
	text->data += word.length;
	text->length -= word.length;
	return word;
}

uint32_t
dns_serial(struct slice text)
{
	uint64_t serial = 0;

	while (text.length > 0 && !slice_equal_fold(word_next(&text), "SOA"))
		continue;
	(void)word_next(&text);
	(void)word_next(&text);
	return slice_decimal(word_next(&text), UINT32_MAX, &serial) ? (uint32_t)serial : 0;
}
