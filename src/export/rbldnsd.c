/* SPDX-License-Identifier: ISC
 *
 * The zone as a dnset of rbldnsd. It knows no name without an address, so what is unknown is excluded: no such name.
 */
#include <string.h>

#include "export/answers.h"
#include "export/domain.h"

/* rbldnsd puts the name that was asked for in the place of a $. */
static void
text_put(struct stream *out, char *text)
{
	for (char *dollar = strchr(text, '$'); dollar != NULL; dollar = strchr(dollar, '$'))
		*dollar = '?';
	stream_text(out, text);
	stream_text(out, "\n");
}

static void
entry_put(struct stream *out, const char *name, const char *subtree, const char *address, char *text)
{
	if (address == NULL)
		stream_text(out, "!");
	stream_text(out, name);
	stream_text(out, subtree);
	if (address == NULL) {
		stream_text(out, "\n");
		return;
	}
	stream_text(out, " :");
	stream_text(out, address);
	stream_text(out, ":");
	text_put(out, text);
}

static void
head_put(struct edition *edition)
{
	struct stream *out = &edition->out;
	char text[ANSWER_TEXT_SIZE];

	stream_text(out, "# Written by rmdexport. A serial of 0 is the time of the file.\n"
			 "$TTL " DOMAIN_TTL "\n$SOA " DOMAIN_TTL " ");
	stream_text(out, edition->options->name_server);
	stream_text(out, " ");
	stream_text(out, edition->options->contact);
	stream_text(out, " 0 " DOMAIN_REFRESH " " DOMAIN_RETRY " ");
	stream_number(out, (uint64_t)edition->info.max_age);
	stream_text(out, " " DOMAIN_TTL "\n$NS " DOMAIN_TTL " ");
	stream_text(out, edition->options->name_server);
	stream_text(out, "\n");
	meta_text(text, &edition->info);
	entry_put(out, "_meta", "", DOMAIN_ACCEPT, text);
	slice_copy(text, sizeof text, slice_of("test entry"));
	entry_put(out, "test", "", DOMAIN_ACCEPT, text);
	entry_put(out, "2.0.0.127", "", DOMAIN_ACCEPT, text);
}

int
rbldnsd_export(struct edition *edition)
{
	struct answers answers;
	char text[ANSWER_TEXT_SIZE];

	if (answers_begin(&answers, edition, false) == 0) {
		head_put(edition);
		while (answers_next(&answers) > 0) {
			answer_text(text, &answers.answer);
			entry_put(&edition->out, answers.provider.text, domain_subtree(answers.provider.key),
				  domain_address(answers.answer.verdict), text);
		}
		if (edition->error->code == 0 && answer_of_unseen(edition, &answers.answer) > 0 &&
		    answers.answer.verdict != RMD_UNKNOWN) {
			const char *address = domain_address_unseen(answers.answer.verdict);

			answer_text(text, &answers.answer);
			entry_put(&edition->out, "*", domain_subtree(RMD_KEY_FRN), address, text);
			entry_put(&edition->out, "*", domain_subtree(RMD_KEY_RMD), address, text);
		}
	}
	answers_end(&answers);
	return edition->error->code;
}
