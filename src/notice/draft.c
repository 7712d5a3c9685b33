/* SPDX-License-Identifier: ISC
 *
 * The draft as plain text. Nothing is looked up: it is given the document and what follows from it.
 */
#include "notice/draft.h"

#include "notice/output.h"

static void
put_day(struct stream *stream, day date)
{
	char text[11];

	day_format(text, date);
	stream_text(stream, text);
}

/* " (label: text)", nothing for "". */
static void
put_aside(struct stream *stream, const char *before, const char *text, const char *after)
{
	if (text[0] == '\0')
		return;
	stream_text(stream, before);
	stream_escaped(stream, slice_of(text), false);
	stream_text(stream, after);
}

size_t
draft_grounds(struct effect effects[], size_t count, int64_t at)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (ground_needs_notification(effects[i].ground) && effects[i].until > at)
			effects[kept++] = effects[i];
	return kept;
}

static void
put_provider(struct stream *stream, const struct notice_provider *provider)
{
	char key[11];

	stream_text(stream, "  ");
	stream_escaped(stream, slice_of(provider->name), false);
	put_aside(stream, ", ", provider->address, "");
	stream_text(stream, "\n");
	if (provider->frn == 0 && provider->number == 0) {
		stream_text(stream, "    [FRN or RMD number: not matched to a filing]\n");
		return;
	}
	stream_text(stream, "    ");
	frn_format(key, provider->frn);
	put_aside(stream, "FRN ", key, provider->number != 0 ? ", " : "");
	rmd_number_format(key, provider->number);
	put_aside(stream, "Robocall Mitigation Database number ", key, "");
	if (provider->matched) {
		stream_text(stream, ", as we matched it on ");
		put_moment(stream, &provider->matched_at);
	} else {
		stream_text(stream, ", as the document gives it");
	}
	stream_text(stream, "\n");
}

static void
put_document(struct stream *stream, const struct notice *notice)
{
	static const char *const kinds[] = {
		[NOTICE_LETTER] = "the Commission's letter or notification",
		[NOTICE_PUBLIC] = "the Commission's public notice",
		[NOTICE_INITIAL_DETERMINATION] = "the Commission's initial determination order",
		[NOTICE_FINAL_DETERMINATION] = "the Commission's final determination order",
		[NOTICE_REMOVAL] = "the Commission's removal order",
		[NOTICE_REINSTATEMENT] = "the Commission's reinstatement",
	};

	stream_text(stream, "- The document: ");
	stream_text(stream, kinds[notice->kind]);
	stream_text(stream, " ");
	stream_escaped(stream, slice_of(notice->id), false);
	stream_text(stream, " of ");
	put_moment(stream, &notice->issued);
	put_aside(stream, ", ", notice->docket, "");
	put_aside(stream, ", ", notice->source, "");
	stream_text(stream, ".\n");
	put_aside(stream, "- The calling campaign that it names: ", notice->campaign, ".\n");
}

/* From the first to the last of the calls, or notifications, that have a time; nothing where none has. */
static void
put_span(struct stream *stream, const char *before, const struct notice *notice, bool notified)
{
	int64_t first = TIME_NONE, last = TIME_NONE;

	for (size_t i = 0; i < notice->traceback_count; i++) {
		const struct notice_traceback *traceback = &notice->tracebacks[i];
		int64_t instant = notified ? traceback->notified.instant : traceback->call.instant;

		if (instant == TIME_NONE)
			continue;
		if (first == TIME_NONE || instant < first)
			first = instant;
		if (last == TIME_NONE || instant > last)
			last = instant;
	}
	if (first == TIME_NONE)
		return;
	stream_text(stream, before);
	put_time(stream, first);
	if (last != first) {
		stream_text(stream, " to ");
		put_time(stream, last);
	}
}

static void
put_tracebacks(struct stream *stream, const struct notice *notice)
{
	if (notice->traceback_count == 0)
		return;
	stream_text(stream, "- It lists ");
	stream_number(stream, notice->traceback_count);
	stream_text(stream, notice->traceback_count == 1 ? " traceback" : " tracebacks");
	put_span(stream, ": calls of ", notice, false);
	put_span(stream, "; the provider notified ", notice, true);
	stream_text(stream, ".\n");
}

static void
put_ground(struct stream *stream, const struct effect *effect, int64_t at)
{
	const struct notice *notice = effect->notice;
	bool come = effect->from <= at;

	stream_text(stream, "- ");
	switch (effect->ground) {
	case GROUND_48_HOURS:
		stream_text(stream, come ? "The 48 hours from its issue ended at " : "The 48 hours end at ");
		put_time(stream, effect->from);
		stream_text(stream, "; no effective mitigation by the provider is on our record.\n");
		break;
	case GROUND_14_DAYS:
		stream_text(stream, "The time to implement effective measures against new and renewing customers");
		if (notice->respond_by != DAY_NONE) {
			stream_text(stream, come ? ", which was given until " : ", which is given until ");
			put_day(stream, notice->respond_by);
			stream_text(stream, ",");
		} else {
			stream_text(stream, ", 14 days from its date,");
		}
		stream_text(stream, come ? " ended at " : " ends at ");
		put_time(stream, effect->from);
		stream_text(stream, "; no such measures are on our record.\n");
		break;
	case GROUND_PUBLIC_NOTICE:
		stream_text(stream, "It tells all providers that they may block, since ");
		put_time(stream, effect->from);
		stream_text(stream, ".\n");
		break;
	default:
		stream_text(stream, "It was released, and blocking becomes obligatory at ");
		put_time(stream, effect->until);
		stream_text(stream, "; before that it is allowed after this notice.\n");
		break;
	}
}

/* What the provider is on record with: a reply too, which ends no ground. */
static void
put_responses(struct stream *stream, const struct notice *notice, int64_t at)
{
	bool any = false;

	for (size_t i = 0; i < notice->response_count; i++) {
		if (notice->responses[i].at.instant > at)
			continue;
		stream_text(stream, "- On our record: ");
		stream_text(stream, notice_response_name(notice->responses[i].kind));
		stream_text(stream, ", ");
		put_moment(stream, &notice->responses[i].at);
		stream_text(stream, ".\n");
		any = true;
	}
	if (!any)
		stream_text(stream, "- Of the provider no response is on our record.\n");
}

static void
put_caution(struct stream *stream, const struct effect grounds[], size_t count, int64_t at)
{
	int64_t first = CLOCK_NEVER;

	for (size_t i = 0; i < count; i++)
		if (grounds[i].from < first)
			first = grounds[i].from;
	if (first <= at)
		return;
	stream_text(stream, "[NOT YET: nothing on file allows blocking before ");
	put_time(stream, first);
	stream_text(stream, ". Strike this line when it has come, and nothing else is on record.]\n\n");
}

void
draft_write(struct stream *stream, const struct notice *notice, const struct effect grounds[], size_t count,
	    int64_t at)
{
	bool several = notice->provider_count != 1;

	put_caution(stream, grounds, count, at);
	stream_text(stream,
		    "[Date]\n\nTo:   Federal Communications Commission, Enforcement Bureau\n"
		    "      [address for notices under 47 CFR 64.1200(k)(4)]\n"
		    "From: [your company, its FRN and RMD number]\n"
		    "      [name, telephone and e-mail of a person to ask]\n\n"
		    "Re:   Notice of blocking under 47 CFR 64.1200(k)(4), with a brief summary of its basis\n");
	put_aside(stream, "      ", notice->docket, "\n");
	stream_text(stream, several ? "\n[Your company] will block the calls from these providers, beginning\n"
				    : "\n[Your company] will block the calls from this provider, beginning\n");
	stream_text(stream, "[date and time of the first block, after this notice is sent]:\n\n");
	for (size_t i = 0; i < notice->provider_count; i++)
		put_provider(stream, &notice->providers[i]);
	if (notice->provider_count == 0)
		stream_text(stream, "  [the provider: the document on file names none]\n");
	stream_text(stream, "\nThe basis:\n\n");
	put_document(stream, notice);
	put_tracebacks(stream, notice);
	for (size_t i = 0; i < count; i++)
		put_ground(stream, &grounds[i], at);
	if (notice->kind == NOTICE_LETTER)
		put_responses(stream, notice, at);
	stream_text(stream, "- Our record is as of ");
	put_time(stream, at);
	stream_text(stream, ".\n\n[Signature]\n");
}
