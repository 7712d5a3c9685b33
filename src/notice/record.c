/* SPDX-License-Identifier: ISC
 *
 * respond and notify-fcc: what the operator records of a document, and the draft of the notice to the FCC. Nothing is
 * sent from here.
 */
#include <stdio.h>
#include <string.h>

#include "notice/command.h"
#include "notice/draft.h"
#include "notice/output.h"

/* A mistyped year would stop a ground, or a warning, in silence when it comes. */
static int
date_check(struct work *work, const char *word, const struct moment *moment)
{
	if (moment->instant <= work->at)
		return 0;
	return error_set(work->error, EX_USAGE, "%s lies in the future; only what has happened is recorded", word);
}

static int
recorded(struct work *work, const struct notice *notice, const char *what, const struct moment *at,
	 const struct moment *before)
{
	if (work->error->code != 0)
		return work->error->code;
	stream_escaped(work->out, slice_of(notice->id), false);
	stream_text(work->out, ": ");
	stream_text(work->out, what);
	stream_text(work->out, " ");
	put_moment(work->out, at);
	stream_text(work->out, " is on record");
	if (before != NULL && before->date != DAY_NONE) {
		stream_text(work->out, ", in place of ");
		put_moment(work->out, before);
	}
	stream_text(work->out, "\n");
	return change_end(work);
}

int
respond_run(struct work *work)
{
	const char *id = work->options->arguments[0], *word = work->options->arguments[1];
	const char *date = work->options->arguments[2];
	enum notice_response_kind kind = notice_response_parse(slice_of(word));
	bool blocking = strcmp(word, "blocking-began") == 0;
	const struct notice *notice;
	struct moment at;

	if (kind == 0 && !blocking)
		return error_set(work->error, EX_USAGE,
				 "\"%s\" is none of mitigated, measures, reply, blocking-began", word);
	if (!moment_parse(slice_of(date), &at))
		return error_set(work->error, EX_USAGE,
				 "\"%s\" is neither a date (2026-03-02) nor a time such as 2026-03-02T09:30:00-05:00",
				 date);
	if (date_check(work, date, &at) != 0)
		return work->error->code;
	notice = work_find(work, id);
	if (notice == NULL)
		return work->error->code;
	if (blocking)
		notice_edit_blocking_began(notice->path, &at, work->error);
	else
		notice_edit_response(notice->path, kind, &at, work->error);
	return recorded(work, notice, word, &at, blocking ? &notice->blocking_began : NULL);
}

static int
draft(struct work *work, const struct notice *notice)
{
	struct effect grounds[EFFECTS_OF_ONE];
	char line[LIMIT_ERROR_BYTES];
	size_t count = draft_grounds(grounds, notice_effects(&work->rules, notice, grounds), work->at);

	if (count == 0)
		return error_set(work->error, EX_DATAERR,
				 "%s: nothing on file allows blocking after a notice to the FCC (47 CFR "
				 "64.1200(k)(4)); rmdnotice show tells what is",
				 notice->id);
	draft_write(work->out, notice, grounds, count, work->at);
	if (stream_flush(work->out) != 0)
		return 0;
	if (snprintf(line, sizeof line,
		     "this is a draft, and nothing was sent; once you have sent it: rmdnotice notify-fcc %s --sent "
		     "DATE",
		     notice->id) > 0)
		complain("rmdnotice", line);
	return 0;
}

int
notify_fcc_run(struct work *work)
{
	const struct moment *sent = &work->options->sent;
	const struct notice *notice = work_find(work, work->options->arguments[0]);

	if (notice == NULL)
		return work->error->code;
	if (sent->date == DAY_NONE)
		return draft(work, notice);
	if (date_check(work, "--sent", sent) != 0)
		return work->error->code;
	notice_edit_fcc_notified(notice->path, sent, work->error);
	return recorded(work, notice, "fcc-notified", sent, &notice->fcc_notified);
}
