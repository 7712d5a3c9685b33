/* SPDX-License-Identifier: ISC
 *
 * Answers and history as text for a person. JSON must not enter.
 */
#include "check/output.h"

#include <string.h>

#include "base/fact.h"
#include "check/words.h"

static const char *
verdict_colour(enum rmd_verdict verdict)
{
	switch (verdict) {
	case RMD_ACCEPT:
		return "\033[32m";
	case RMD_REFUSE:
		return "\033[1;31m";
	case RMD_MAY_BLOCK:
		return "\033[33m";
	default:
		return "\033[35m";
	}
}

static void
write_verdict(struct stream *stream, enum rmd_verdict verdict, bool colour)
{
	if (colour)
		stream_text(stream, verdict_colour(verdict));
	stream_text(stream, rmd_verdict_name(verdict));
	if (colour)
		stream_text(stream, "\033[0m");
}

/* A word of ours, "-" where there is none, so that columns keep their places. */
static void
write_column(struct stream *stream, const char *text)
{
	stream_column(stream);
	stream_text(stream, text[0] != '\0' ? text : "-");
}

/* What not every line has, so that it needs no column. */
static void
write_note(struct stream *stream, const char *text)
{
	stream_note(stream);
	stream_text(stream, text);
}

static void
write_set(struct stream *stream, unsigned set, word_of *word)
{
	if (set == 0)
		stream_text(stream, "-");
	words_put(stream, set, word, ",");
}

/* Text of a stranger between quotation marks. */
static void
write_quoted(struct stream *stream, struct slice text)
{
	stream_text(stream, "\"");
	stream_escaped(stream, text, true);
	stream_text(stream, "\"");
}

static void
write_age(struct stream *stream, const struct rmd_answer *answer, struct shown_times *shown)
{
	int64_t age = answer->data_age;

	if (age == RMD_TIME_NONE) {
		/* A question that was not understood has none, however good the data are. */
		write_column(stream, answer->reason == RMD_REASON_NO_DATA ? "no data" : "-");
		return;
	}
	if (shown->age_text[0] == '\0' || shown->age != age) {
		age_format(shown->age_text, age);
		shown->age = age;
	}
	write_column(stream, "data ");
	stream_text(stream, shown->age_text);
	stream_text(stream, " old");
}

static void
write_since(struct stream *stream, int64_t since, struct shown_times *shown)
{
	if (shown->since_text[0] == '\0' || shown->since != since) {
		time_format(shown->since_text, since);
		shown->since = since;
	}
	write_note(stream, "since ");
	stream_text(stream, shown->since_text);
}

/* The question is repeated where the numbers before it do not show it already. */
static bool
is_shown(struct slice query, const struct rmd_answer *answer)
{
	return query.length > 0 &&
	       (slice_equal(query, slice_of(answer->frn)) || slice_equal(query, slice_of(answer->rmd_number)));
}

static void
write_change(struct stream *stream, const struct former *change)
{
	write_note(stream, "was ");
	stream_text(stream, rmd_verdict_name(change->verdict));
	stream_text(stream, " ");
	stream_text(stream, rmd_reason_name(change->reason));
	if (change->filing)
		write_note(stream, "filing changed");
}

void
output_line(struct stream *stream, const struct result *result, bool colour, struct shown_times *shown)
{
	const struct rmd_answer *answer = result->answer;

	write_verdict(stream, answer->verdict, colour);
	write_column(stream, rmd_reason_name(answer->reason));
	write_column(stream, answer->rmd_number);
	write_column(stream, answer->frn);
	stream_column(stream);
	if (result->filing != NULL)
		write_quoted(stream, slice_of(result->filing->business_name));
	else
		stream_text(stream, "-");
	write_column(stream, implementation_word(answer->implementation));
	stream_column(stream);
	write_set(stream, answer->roles, role_word);
	write_column(stream, answer->citation);
	write_age(stream, answer, shown);
	if (answer->verdict != RMD_ACCEPT && answer->effective_at != RMD_TIME_NONE)
		write_since(stream, answer->effective_at, shown);
	if (answer->role != RMD_ROLE_NONE) {
		write_note(stream, "as ");
		stream_text(stream, rmd_role_name(answer->role));
	}
	if (answer->flags != 0) {
		write_note(stream, "flags ");
		write_set(stream, answer->flags, flag_word);
	}
	if (answer->notice[0] != '\0') {
		write_note(stream, "notice ");
		stream_escaped(stream, slice_of(answer->notice), false);
	}
	if (result->at_given) {
		char at[TIME_TEXT_SIZE];

		time_format(at, answer->at);
		write_note(stream, "at ");
		stream_text(stream, at);
	}
	if (!is_shown(result->query, answer)) {
		write_note(stream, "asked ");
		write_quoted(stream, result->query);
	}
	if (result->was != NULL)
		write_change(stream, result->was);
	stream_text(stream, "\n");
}

/* What the words of a difference say to a person. */
static const char *const difference_texts[RMD_DIFFERENCE_COUNT] = {
	"case or punctuation",       "legal form",   "spaces",         "word order",
	"a character that was lost", "typing error", "words left out", "words added",
};

static void
write_differences(struct stream *stream, const struct rmd_candidate *candidate)
{
	const char *separator = "";

	write_note(stream, candidate->differences == 0 ? "the same name" : "differs in ");
	for (unsigned bit = 0; bit < RMD_DIFFERENCE_COUNT; bit++) {
		if ((candidate->differences & 1U << bit) == 0)
			continue;
		stream_text(stream, separator);
		if (1U << bit == RMD_DIFFERENCE_TYPING) {
			stream_number(stream, candidate->typing_errors);
			stream_text(stream, " ");
		}
		stream_text(stream, difference_texts[bit]);
		if (1U << bit == RMD_DIFFERENCE_TYPING && candidate->typing_errors > 1)
			stream_text(stream, "s");
		separator = ", ";
	}
}

void
output_candidate(struct stream *stream, const struct rmd_candidate *candidate)
{
	static const char *const of[] = { [RMD_NAME_DBA] = "DBA name of", [RMD_NAME_PREVIOUS] = "previous name of" };

	stream_text(stream, candidate->score < 100 ? " " : "");
	stream_number(stream, candidate->score);
	write_column(stream, candidate->rmd_number);
	write_column(stream, candidate->frn);
	stream_column(stream);
	write_quoted(stream, slice_of(candidate->name));
	if (candidate->kind != RMD_NAME_BUSINESS) {
		write_note(stream, of[candidate->kind]);
		stream_text(stream, " ");
		write_quoted(stream, slice_of(candidate->business_name));
	}
	write_differences(stream, candidate);
	if (candidate->listed != 1)
		write_note(stream, "no longer listed");
	stream_text(stream, "\n");
}

void
output_advice(struct stream *stream)
{
	stream_text(stream, "This is advice, and no verdict: choose, and ask by the FRN or the RMD number.\n");
}

/* Every column of the row, under the names that the FCC gives them. */
static void
write_filing(struct stream *stream, const struct rmd_filing *filing)
{
	static const char *const foreign[] = { "-", "No", "Yes" };
	const struct {
		const char *label, *text;
	} contacts[] = {
		{ "other_frns", filing->other_frns },
		{ "other_dba_names", filing->other_dba_names },
		{ "previous_dba_names", filing->previous_dba_names },
		{ "robocall_mitigation_contact_name", filing->contact_name },
		{ "contact_title", filing->contact_title },
		{ "contact_department", filing->contact_department },
		{ "contact_business_address", filing->contact_business_address },
		{ "contact_country", filing->contact_country },
		{ "contact_telephone_number", filing->contact_telephone_number },
		{ "contact_phone_extension", filing->contact_phone_extension },
		{ "last_updated", filing->last_updated },
		{ "last_recertified", filing->last_recertified },
		{ "filing_url", filing->filing_url },
	};
	size_t empty = 0;

	fact_text(stream, "filing", filing->rmd_number);
	fact_text(stream, "listed", filing->listed ? "yes" : "no, this is its last state");
	fact_time(stream, filing->listed ? "listed since" : "missing since", filing->since);
	fact_time(stream, "first seen", filing->first_seen);
	fact_text(stream, "frn", filing->frn);
	fact_text(stream, "business_name", filing->business_name);
	fact_text(stream, "business_address", filing->business_address);
	fact_text(stream, "foreign_voice_provider",
		  foreign[filing->foreign_provider < 0    ? 0
			  : filing->foreign_provider == 0 ? 1
							  : 2]);
	fact_text(stream, "country", filing->country);
	fact_text(stream, "implementation", implementation_word(filing->implementation));
	fact_label(stream, "roles");
	write_set(stream, filing->roles, role_word);
	stream_text(stream, "\n");
	for (size_t i = 0; i < sizeof contacts / sizeof contacts[0]; i++)
		if (stream->screen != NULL && contacts[i].text[0] == '\0')
			empty++;
		else
			fact_text(stream, contacts[i].label, contacts[i].text);
	if (empty > 0) {
		fact_label(stream, "empty columns");
		stream_number(stream, empty);
		stream_text(stream, " (to see all, | less)\n");
	}
}

static void
write_flag_facts(struct stream *stream, unsigned flags)
{
	if (flags == 0)
		fact_text(stream, "flags", "");
	for (unsigned bit = 0; bit < RMD_FLAG_COUNT; bit++)
		if ((flags & 1U << bit) != 0) {
			fact_label(stream, "flag");
			stream_text(stream, flag_word(bit));
			stream_text(stream, ": ");
			stream_text(stream, rmd_flag_text((enum rmd_flag)(1U << bit)));
			stream_text(stream, "\n");
		}
}

/* An instant that a document brings; nothing where it brings none. */
static void
write_instant(struct stream *stream, const char *label, int64_t instant)
{
	if (instant != RMD_TIME_NONE)
		fact_time(stream, label, instant);
}

static void
write_notice(struct stream *stream, const struct rmd_notice *notice)
{
	bool refuses = notice->kind == RMD_NOTICE_FINAL_DETERMINATION || notice->kind == RMD_NOTICE_REMOVAL;

	fact_label(stream, "document");
	stream_escaped(stream, slice_of(notice->id), false);
	stream_text(stream, ", ");
	stream_text(stream, rmd_notice_name(notice->kind));
	stream_text(stream, "\n");
	if (notice->title[0] != '\0')
		fact_text(stream, "  title", notice->title);
	write_instant(stream, "  issued", notice->issued);
	write_instant(stream,
		      refuses                             ? "  refuse from"
		      : notice->kind == RMD_NOTICE_PUBLIC ? "  may block from"
							  : "  lifts orders from",
		      notice->effective);
	write_instant(stream, "  48 hours run out", notice->after_48_hours);
	write_instant(stream, "  mitigated", notice->mitigated);
	write_instant(stream, "  14 days run out", notice->after_14_days);
	write_instant(stream, "  measures taken", notice->measures);
	write_instant(stream, "  FCC notified", notice->fcc_notified);
	write_instant(stream, "  blocking began", notice->blocking_began);
	write_instant(stream, "  lifted by a reinstatement", notice->lifted);
	write_instant(stream, "  listed again since", notice->relisted);
}

/* Which questions were asked, and what was answered. */
static void
write_steps(struct stream *stream, const struct rmd_answer *answer)
{
	/* A screen has room for the question that decided. */
	unsigned first = stream->screen != NULL && answer->step > 1 ? answer->step : 1;

	if (first > 1) {
		fact_label(stream, "steps");
		stream_number(stream, first - 1);
		stream_text(stream, first == 2 ? " question before: no" : " questions before: no");
		stream_text(stream, " (to see all, | less)\n");
	}
	for (unsigned step = first; step <= answer->step; step++) {
		fact_label(stream, step == 1 ? "steps" : "");
		stream_number(stream, step);
		stream_text(stream, step < 10 ? "  " : " ");
		stream_text(stream, rmd_step_text(step));
		stream_text(stream, step < answer->step ? " no\n" : " yes\n");
	}
}

void
output_long(struct stream *stream, const struct result *result, bool colour)
{
	const struct rmd_answer *answer = result->answer;
	char age[TIME_TEXT_SIZE] = "";

	fact_label(stream, "verdict");
	write_verdict(stream, answer->verdict, colour);
	stream_text(stream, "\n");
	fact_label(stream, "reason");
	stream_text(stream, rmd_reason_name(answer->reason));
	stream_text(stream, ": ");
	stream_text(stream, rmd_reason_text(answer->reason));
	stream_text(stream, "\n");
	write_flag_facts(stream, answer->flags);
	fact_label(stream, "query");
	write_quoted(stream, result->query);
	stream_text(stream, "\n");
	fact_text(stream, "citation", answer->citation);
	fact_text(stream, "notice", answer->notice);
	fact_text(stream, "rmd number", answer->rmd_number);
	fact_text(stream, "frn", answer->frn);
	fact_text(stream, "role judged", rmd_role_name(answer->role));
	fact_time(stream, "effective", answer->effective_at);
	fact_time(stream, "judged at", answer->at);
	fact_time(stream, "data checked", answer->checked_at);
	if (answer->data_age != RMD_TIME_NONE)
		age_format(age, answer->data_age);
	fact_text(stream, "data age", age);
	fact_label(stream, "generation");
	stream_number(stream, answer->generation);
	stream_text(stream, "\n");
	write_steps(stream, answer);
	for (size_t i = 0; i < result->notice_count; i++)
		write_notice(stream, &result->notices[i]);
	if (result->filing != NULL)
		write_filing(stream, result->filing);
	stream_text(stream, "\n");
}

#define DIGEST_SHOWN 12

void
output_event(struct stream *stream, const struct rmd_event *event)
{
	char at[TIME_TEXT_SIZE];

	time_format(at, event->at);
	stream_text(stream, at[0] != '\0' ? at : "-");
	write_column(stream, "generation ");
	stream_number(stream, event->generation);
	write_column(stream, event->rmd_number);
	write_column(stream, rmd_event_name(event->kind));
	stream_note(stream);
	write_set(stream, event->fields, rmd_field_name);
	write_note(stream, "digest ");
	stream_put(stream, event->digest, strnlen(event->digest, DIGEST_SHOWN));
	if (event->rollback)
		write_note(stream, "rollback");
	stream_text(stream, "\n");
}

void
output_document(struct stream *stream, const struct rmd_notice *notice)
{
	char at[TIME_TEXT_SIZE];

	time_format(at, notice->issued);
	stream_text(stream, at[0] != '\0' ? at : "-");
	write_note(stream, "document ");
	stream_escaped(stream, slice_of(notice->id), false);
	write_column(stream, rmd_notice_name(notice->kind));
	write_note(stream, "digest ");
	stream_put(stream, notice->digest, strnlen(notice->digest, DIGEST_SHOWN));
	stream_text(stream, "\n");
}
