/* SPDX-License-Identifier: ISC
 *
 * The register as text for a person. JSON must not enter.
 */
#include "notice/output.h"

#include <stdio.h>
#include <string.h>

#include "base/fact.h"

#define GAP "  "

void
standing_of(const struct effect_rules *rules, const struct notice *notice, int64_t at, struct standing *standing)
{
	*standing = (struct standing){ .notice = notice, .at = at };
	standing->count = notice_effects(rules, notice, standing->effects);
	standing->effect = effect_holding(standing->effects, standing->count, at);
	for (size_t i = 0; standing->effect == NULL && i < standing->count; i++)
		if (standing->effects[i].from > at)
			standing->effect = &standing->effects[i];
}

const char *
effect_state(const struct effect *effect, int64_t at)
{
	return effect->from <= at ? "now" : "coming";
}

size_t
notice_matched(const struct notice *notice)
{
	size_t matched = 0;

	for (size_t i = 0; i < notice->provider_count; i++)
		matched += notice->providers[i].frn != 0 || notice->providers[i].number != 0;
	return matched;
}

void
put_quoted(struct stream *stream, const char *text)
{
	stream_text(stream, "\"");
	stream_escaped(stream, slice_of(text), true);
	stream_text(stream, "\"");
}

void
put_time(struct stream *stream, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	stream_text(stream, text);
}

void
put_moment(struct stream *stream, const struct moment *moment)
{
	char text[TIME_TEXT_SIZE];

	moment_format(text, moment);
	stream_text(stream, text);
}

/* Who is named, and whether that leads to filings. */
static void
put_providers(struct stream *stream, const struct notice *notice)
{
	size_t matched = notice_matched(notice);

	stream_column(stream);
	if (notice->provider_count == 0) {
		stream_text(stream, "-");
		stream_column(stream);
		stream_text(stream, "-");
		return;
	}
	put_quoted(stream, notice->providers[0].name);
	if (notice->provider_count > 1) {
		stream_text(stream, " and ");
		stream_number(stream, notice->provider_count - 1);
		stream_text(stream, " more");
	}
	stream_column(stream);
	if (matched == 0 || matched == notice->provider_count) {
		stream_text(stream, matched == 0 ? "unmatched" : "matched");
		return;
	}
	stream_text(stream, "matched ");
	stream_number(stream, matched);
	stream_text(stream, " of ");
	stream_number(stream, notice->provider_count);
}

/* What an effect is, from when and until when. */
static void
put_effect(struct stream *stream, const struct effect *effect, int64_t at)
{
	stream_text(stream, ground_verdict(effect->ground));
	stream_text(stream, effect->from <= at ? " since " : " from ");
	put_time(stream, effect->from);
	if (effect->until != CLOCK_NEVER && effect->ground != GROUND_REINSTATEMENT) {
		stream_text(stream, " until ");
		put_time(stream, effect->until);
	}
	stream_column(stream);
	stream_text(stream, ground_name(effect->ground));
}

static void
put_waiting(struct stream *stream, const struct effect *effect, int64_t at)
{
	if (!effect_waits(effect, at))
		return;
	stream_note(stream);
	stream_text(stream, "notify-fcc-first");
}

void
output_standing(struct stream *stream, const struct standing *standing)
{
	const struct notice *notice = standing->notice;

	stream_escaped(stream, slice_of(notice->id), false);
	stream_column(stream);
	stream_text(stream, notice_kind_name(notice->kind));
	stream_column(stream);
	put_moment(stream, &notice->issued);
	put_providers(stream, notice);
	stream_column(stream);
	if (standing->effect == NULL) {
		stream_text(stream, "nothing\n");
		return;
	}
	put_effect(stream, standing->effect, standing->at);
	put_waiting(stream, standing->effect, standing->at);
	stream_text(stream, "\n");
}

void
output_effect(struct stream *stream, const struct effect *effect, int64_t at)
{
	stream_text(stream, effect_state(effect, at));
	stream_column(stream);
	put_effect(stream, effect, at);
	stream_column(stream);
	stream_escaped(stream, slice_of(effect->notice->id), false);
	put_providers(stream, effect->notice);
	stream_column(stream);
	stream_text(stream, ground_citation(effect->ground));
	put_waiting(stream, effect, at);
	stream_text(stream, "\n");
}

static void
write_day(struct stream *stream, const char *label, day date)
{
	char text[11];

	day_format(text, date);
	fact_text(stream, label, text);
}

static void
write_moment(struct stream *stream, const char *label, const struct moment *moment)
{
	char text[TIME_TEXT_SIZE];

	moment_format(text, moment);
	fact_text(stream, label, text);
}

static void
put_key(struct stream *stream, const struct notice_provider *provider)
{
	char frn[11], number[11];

	frn_format(frn, provider->frn);
	rmd_number_format(number, provider->number);
	stream_text(stream, frn);
	stream_text(stream, frn[0] != '\0' && number[0] != '\0' ? " " : "");
	stream_text(stream, number);
}

static void
write_provider(struct stream *stream, size_t index, const struct notice_provider *provider)
{
	char label[32];

	if (snprintf(label, sizeof label, "provider %zu", index + 1) < 0)
		label[0] = '\0';
	fact_text(stream, label, provider->name);
	fact_text(stream, "  address", provider->address);
	fact_label(stream, "  match");
	if (provider->frn == 0 && provider->number == 0) {
		stream_text(stream, "none: it changes no verdict\n");
		return;
	}
	put_key(stream, provider);
	if (provider->matched) {
		stream_text(stream, " by the operator, ");
		put_moment(stream, &provider->matched_at);
	} else {
		stream_text(stream, " as the document gives it");
	}
	stream_text(stream, "\n");
}

/* Parts of a traceback behind one another, those that are known. */
static void
put_part(struct stream *stream, const char *label, const char *text)
{
	if (text[0] == '\0')
		return;
	stream_column(stream);
	stream_text(stream, label);
	stream_escaped(stream, slice_of(text), false);
}

static void
write_traceback(struct stream *stream, size_t index, const struct notice_traceback *traceback)
{
	char label[32], call[TIME_TEXT_SIZE], notified[TIME_TEXT_SIZE];

	if (snprintf(label, sizeof label, "traceback %zu", index + 1) < 0)
		label[0] = '\0';
	moment_format(call, &traceback->call);
	moment_format(notified, &traceback->notified);
	fact_label(stream, label);
	stream_text(stream, "call ");
	stream_text(stream, call[0] != '\0' ? call : "-");
	put_part(stream, "notified ", notified);
	put_part(stream, "customer ", traceback->customer);
	put_part(stream, "caller ", traceback->caller);
	put_part(stream, "called ", traceback->called);
	put_part(stream, "", traceback->description);
	put_part(stream, "", traceback->violation);
	stream_text(stream, "\n");
}

void
output_effects(struct stream *stream, const struct standing *standing)
{
	if (standing->count == 0)
		fact_text(stream, "brings", "nothing to do or to leave");
	for (size_t i = 0; i < standing->count; i++) {
		const struct effect *effect = &standing->effects[i];

		fact_label(stream, i == 0 ? "brings" : "");
		put_effect(stream, effect, standing->at);
		stream_column(stream);
		stream_text(stream, ground_citation(effect->ground));
		put_waiting(stream, effect, standing->at);
		stream_text(stream, "\n");
	}
}

void
output_notice(struct stream *stream, const struct standing *standing)
{
	const struct notice *notice = standing->notice;

	fact_text(stream, "document", notice->id);
	fact_text(stream, "kind", notice_kind_name(notice->kind));
	write_moment(stream, "issued", &notice->issued);
	fact_text(stream, "title", notice->title);
	fact_text(stream, "docket", notice->docket);
	fact_text(stream, "source", notice->source);
	for (size_t i = 0; i < notice->provider_count; i++)
		write_provider(stream, i, &notice->providers[i]);
	fact_text(stream, "campaign", notice->campaign);
	write_day(stream, "respond by", notice->respond_by);
	write_day(stream, "cease by", notice->cease_by);
	output_effects(stream, standing);
	for (size_t i = 0; i < notice->traceback_count; i++)
		write_traceback(stream, i, &notice->tracebacks[i]);
	for (size_t i = 0; i < notice->response_count; i++)
		write_moment(stream, notice_response_name(notice->responses[i].kind), &notice->responses[i].at);
	write_moment(stream, "fcc notified", &notice->fcc_notified);
	write_moment(stream, "blocking began", &notice->blocking_began);
	fact_text(stream, "file", notice->path);
	fact_text(stream, "digest", notice->digest);
}

static void
put_reasons(struct stream *stream, const struct likeness *likeness)
{
	stream_text(stream, likeness_name_text(likeness->name));
	if (likeness->name == LIKENESS_NAME_SIMILAR) {
		stream_text(stream, ", ");
		stream_number(stream, likeness->percent);
		stream_text(stream, " %");
	}
	if (likeness->name != LIKENESS_NAME_NONE && likeness->address != LIKENESS_ADDRESS_NONE)
		stream_text(stream, "; ");
	stream_text(stream, likeness_address_text(likeness->address));
}

void
output_candidates(struct stream *stream, const struct notice *notice, size_t provider,
		  const struct candidates *candidates)
{
	stream_text(stream, "provider ");
	stream_number(stream, provider + 1);
	stream_text(stream, GAP);
	put_quoted(stream, notice->providers[provider].name);
	stream_text(stream, GAP);
	put_quoted(stream, notice->providers[provider].address);
	stream_text(stream, candidates->count == 0 ? GAP
				    "no filing is like it: try rmdcheck --search with a part of the name\n"
						   : "\n");
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *candidate = &candidates->candidates[i];

		stream_text(stream, GAP);
		stream_number(stream, candidate->likeness.score);
		stream_column(stream);
		stream_text(stream, candidate->rmd_number);
		stream_column(stream);
		stream_text(stream, candidate->frn[0] != '\0' ? candidate->frn : "-");
		stream_column(stream);
		put_quoted(stream, candidate->name);
		stream_column(stream);
		put_quoted(stream, candidate->address);
		stream_column(stream);
		stream_text(stream, candidate->listed ? "listed" : "vanished");
		stream_column(stream);
		put_reasons(stream, &candidate->likeness);
		stream_text(stream, "\n");
	}
}
