/* SPDX-License-Identifier: ISC
 *
 * The commands that only look: list, show, due. What their lines look like is output.h's.
 */
#include "notice/command.h"
#include "notice/ical.h"
#include "notice/output.h"

static int
no_memory(struct work *work)
{
	return error_set(work->error, EX_CANTCREAT, "not enough memory; the output is not complete");
}

int
list_run(struct work *work)
{
	for (size_t i = 0; i < work->notices.count; i++) {
		struct standing standing;

		standing_of(&work->rules, &work->notices.notices[i], work->at, &standing);
		if (!work->options->json)
			output_standing(work->out, &standing);
		else if (output_json_standing(work->out, &standing) != 0)
			return no_memory(work);
	}
	return 0;
}

int
show_run(struct work *work)
{
	const struct notice *notice = work_find(work, work->options->arguments[0]);
	struct standing standing;

	if (notice == NULL)
		return work->error->code;
	standing_of(&work->rules, notice, work->at, &standing);
	if (!work->options->json)
		output_notice(work->out, &standing);
	else if (output_json_notice(work->out, &standing) != 0)
		return no_memory(work);
	return 0;
}

int
due_run(struct work *work)
{
	const struct options *options = work->options;
	struct effects due;
	int status = 0;

	if (!effects_due(&work->rules, work->at, &due))
		return no_memory(work);
	if (options->ics)
		ical_write(work->out, due.effects, due.count, work->at);
	for (size_t i = 0; status == 0 && i < due.count && !options->ics; i++)
		if (options->json)
			status = output_json_effect(work->out, &due.effects[i], work->at);
		else
			output_effect(work->out, &due.effects[i], work->at);
	effects_end(&due);
	return status == 0 ? 0 : no_memory(work);
}
