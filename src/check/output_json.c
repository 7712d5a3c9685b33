/* SPDX-License-Identifier: ISC
 *
 * Answers and history as JSON, one object a line. Keys are for ever: a key once
 * published keeps its name and meaning, a value not known is null.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "check/output.h"
#include "check/words.h"

#define SCHEMA 1

static json_t *
words_of(unsigned set, word_of *word)
{
	json_t *array = json_array();
	int failed = 0;

	for (unsigned bit = 0; bit < 32; bit++)
		if ((set & 1U << bit) != 0)
			failed |= json_array_append_new(array, json_string(word(bit)));
	return object_of(array, failed);
}

static int
filing_texts_set(json_t *object, const struct rmd_filing *filing)
{
	const struct {
		const char *key, *text;
	} texts[] = {
		{ "business_name", filing->business_name },
		{ "business_address", filing->business_address },
		{ "country", filing->country },
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
		{ "filing_url", filing->filing_url },
	};
	int failed = 0;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		failed |= json_object_set_new(object, texts[i].key, string_of(slice_of(texts[i].text)));
	return failed;
}

/* Under the FCC's column names, but for what is ours: listed, since, first_seen. */
static json_t *
filing_of(const struct rmd_filing *filing)
{
	json_t *object = json_object();
	int foreign = filing->foreign_provider;
	int failed = 0;

	failed |= json_object_set_new(object, "number", blank_of(filing->rmd_number));
	failed |= json_object_set_new(object, "frn", blank_of(filing->frn));
	failed |= json_object_set_new(object, "listed", json_boolean(filing->listed));
	failed |= json_object_set_new(object, "since", time_of(filing->since));
	failed |= json_object_set_new(object, "first_seen", time_of(filing->first_seen));
	failed |=
		json_object_set_new(object, "implementation", blank_of(implementation_word(filing->implementation)));
	failed |= json_object_set_new(object, "roles", words_of(filing->roles, role_word));
	failed |= json_object_set_new(object, "foreign_voice_provider",
				      foreign < 0 ? json_null() : json_boolean(foreign));
	failed |= json_object_set_new(object, "last_updated", blank_of(filing->last_updated));
	failed |= json_object_set_new(object, "last_recertified", blank_of(filing->last_recertified));
	failed |= filing_texts_set(object, filing);
	return object_of(object, failed);
}

static json_t *
notice_of(const struct rmd_notice *notice)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "id", string_of(slice_of(notice->id)));
	failed |= json_object_set_new(object, "kind", blank_of(rmd_notice_name(notice->kind)));
	failed |= json_object_set_new(object, "title", blank_of(notice->title));
	failed |= json_object_set_new(object, "source", blank_of(notice->source));
	failed |= json_object_set_new(object, "digest", blank_of(notice->digest));
	failed |= json_object_set_new(object, "issued", time_of(notice->issued));
	failed |= json_object_set_new(object, "effective_at", time_of(notice->effective));
	failed |= json_object_set_new(object, "after_48_hours", time_of(notice->after_48_hours));
	failed |= json_object_set_new(object, "after_14_days", time_of(notice->after_14_days));
	failed |= json_object_set_new(object, "mitigated", time_of(notice->mitigated));
	failed |= json_object_set_new(object, "measures", time_of(notice->measures));
	failed |= json_object_set_new(object, "fcc_notified", time_of(notice->fcc_notified));
	failed |= json_object_set_new(object, "blocking_began", time_of(notice->blocking_began));
	failed |= json_object_set_new(object, "lifted", time_of(notice->lifted));
	failed |= json_object_set_new(object, "relisted", time_of(notice->relisted));
	return object_of(object, failed);
}

static json_t *
notices_of(const struct result *result)
{
	json_t *array = json_array();
	int failed = 0;

	for (size_t i = 0; i < result->notice_count; i++)
		failed |= json_array_append_new(array, notice_of(&result->notices[i]));
	return object_of(array, failed);
}

static json_t *
steps_of(const struct rmd_answer *answer)
{
	json_t *array = json_array();
	int failed = 0;

	for (unsigned step = 1; step <= answer->step; step++) {
		json_t *object = json_object();

		failed |= json_object_set_new(object, "step", json_integer(step));
		failed |= json_object_set_new(object, "question", json_string(rmd_step_text(step)));
		failed |= json_object_set_new(object, "answer", json_boolean(step == answer->step));
		failed |= json_array_append_new(array, object);
	}
	return object_of(array, failed);
}

static json_t *
answer_of(const struct result *result, bool whole)
{
	const struct rmd_answer *answer = result->answer;
	const struct rmd_filing *filing = result->filing;
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "schema", json_integer(SCHEMA));
	if (result->change != NULL)
		failed |= json_object_set_new(object, "change", json_string(result->change));
	failed |= json_object_set_new(object, "query", string_of(result->query));
	failed |= json_object_set_new(object, "verdict", json_string(rmd_verdict_name(answer->verdict)));
	failed |= json_object_set_new(object, "reason", blank_of(rmd_reason_name(answer->reason)));
	failed |= json_object_set_new(object, "flags", words_of(answer->flags, flag_word));
	failed |= json_object_set_new(object, "citation", blank_of(answer->citation));
	failed |= json_object_set_new(object, "rmd_number", blank_of(answer->rmd_number));
	failed |= json_object_set_new(object, "frn", blank_of(answer->frn));
	failed |= json_object_set_new(object, "business_name",
				      filing == NULL ? json_null() : string_of(slice_of(filing->business_name)));
	failed |= json_object_set_new(object, "role", blank_of(rmd_role_name(answer->role)));
	failed |=
		json_object_set_new(object, "implementation", blank_of(implementation_word(answer->implementation)));
	failed |= json_object_set_new(object, "roles", words_of(answer->roles, role_word));
	failed |= json_object_set_new(object, "effective_at", time_of(answer->effective_at));
	failed |= json_object_set_new(object, "at", time_of(answer->at));
	failed |= json_object_set_new(object, "checked_at", time_of(answer->checked_at));
	failed |= json_object_set_new(
		object, "data_age", answer->data_age == RMD_TIME_NONE ? json_null() : json_integer(answer->data_age));
	failed |= json_object_set_new(object, "generation",
				      answer->generation == 0 ? json_null() : json_integer(answer->generation));
	failed |= json_object_set_new(object, "notice", blank_of(answer->notice));
	if (result->was != NULL) {
		failed |= json_object_set_new(object, "verdict_before",
					      json_string(rmd_verdict_name(result->was->verdict)));
		failed |=
			json_object_set_new(object, "reason_before", blank_of(rmd_reason_name(result->was->reason)));
		failed |= json_object_set_new(object, "filing_changed", json_boolean(result->was->filing));
	}
	if (whole) {
		failed |= json_object_set_new(object, "filing", filing == NULL ? json_null() : filing_of(filing));
		failed |= json_object_set_new(object, "steps", steps_of(answer));
		failed |= json_object_set_new(object, "notices", notices_of(result));
	}
	return object_of(object, failed);
}

int
output_json_answer(struct stream *stream, const struct result *result, bool whole)
{
	return write_object(stream, answer_of(result, whole), 0);
}

static json_t *
event_of(const struct rmd_event *event)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "at", time_of(event->at));
	failed |= json_object_set_new(object, "generation", json_integer(event->generation));
	failed |= json_object_set_new(object, "rmd_number", blank_of(event->rmd_number));
	failed |= json_object_set_new(object, "kind", blank_of(rmd_event_name(event->kind)));
	failed |= json_object_set_new(object, "fields", words_of(event->fields, rmd_field_name));
	failed |= json_object_set_new(object, "digest", blank_of(event->digest));
	failed |= json_object_set_new(object, "rollback", json_boolean(event->rollback));
	failed |= json_object_set_new(object, "notice", json_null());
	return object_of(object, failed);
}

/* What was asked, as it was asked. */
static json_t *
query_of(const struct rmd_query *query)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "provider",
				      string_of((struct slice){ query->provider, query->provider_length }));
	failed |= json_object_set_new(object, "role", blank_of(rmd_role_name(query->role)));
	failed |= json_object_set_new(object, "from",
				      query->caller == NULL
					      ? json_null()
					      : string_of((struct slice){ query->caller, query->caller_length }));
	failed |= json_object_set_new(object, "to",
				      query->called == NULL
					      ? json_null()
					      : string_of((struct slice){ query->called, query->called_length }));
	failed |= json_object_set_new(object, "at", time_of(query->at));
	return object_of(object, failed);
}

/* Where the data came from, and the digests that prove it. */
static json_t *
data_of(const struct evidence *evidence)
{
	const struct rmd_info *info = evidence->info;
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "source", blank_of(info->source));
	failed |= json_object_set_new(object, "source_digest", blank_of(info->digest));
	failed |= json_object_set_new(object, "snapshot_digest", blank_of(evidence->snapshot_digest));
	failed |= json_object_set_new(object, "generation", json_integer(info->generation));
	failed |= json_object_set_new(object, "checked_at", time_of(info->checked_at));
	failed |= json_object_set_new(object, "changed_at", time_of(info->changed_at));
	failed |= json_object_set_new(object, "first_checked_at", time_of(info->first_checked_at));
	failed |= json_object_set_new(object, "max_age", json_integer(info->max_age));
	failed |= json_object_set_new(object, "filings", json_integer((json_int_t)info->filings));
	return object_of(object, failed);
}

int
output_evidence(struct stream *stream, const struct evidence *evidence)
{
	const struct rmd_answer *answer = evidence->result.answer;
	json_t *object = json_object(), *history = json_array(), *rule = json_object();
	int failed = 0;

	for (size_t i = 0; i < evidence->event_count; i++)
		failed |= json_array_append_new(history, event_of(&evidence->events[i]));
	failed |= json_object_set_new(rule, "step", json_integer(answer->step));
	failed |= json_object_set_new(rule, "question", json_string(rmd_step_text(answer->step)));
	failed |= json_object_set_new(rule, "meaning", json_string(rmd_reason_text(answer->reason)));
	failed |= json_object_set_new(rule, "citation", blank_of(answer->citation));
	failed |= json_object_set_new(object, "schema", json_integer(SCHEMA));
	failed |= json_object_set_new(object, "evidence", json_string("rmdcheck"));
	failed |= json_object_set_new(object, "version", json_string(rmd_version()));
	failed |= json_object_set_new(object, "query", query_of(evidence->query));
	failed |= json_object_set_new(object, "answer", answer_of(&evidence->result, true));
	failed |= json_object_set_new(object, "rule", rule);
	failed |= json_object_set_new(object, "data", data_of(evidence));
	failed |= json_object_set_new(object, "history", history);
	return write_object(stream, object, failed);
}

/* What a line of a history begins with; `rest` is dropped. */
static json_t *
line_of(struct slice query, json_t *rest)
{
	json_t *object = json_object();
	int failed = rest == NULL ? -1 : 0;

	failed |= json_object_set_new(object, "schema", json_integer(SCHEMA));
	failed |= json_object_set_new(object, "query", string_of(query));
	failed |= json_object_update(object, rest);
	json_decref(rest);
	return object_of(object, failed);
}

int
output_json_event(struct stream *stream, struct slice query, const struct rmd_event *event)
{
	return write_object(stream, line_of(query, event_of(event)), 0);
}

int
output_json_candidate(struct stream *stream, struct slice query, const struct rmd_candidate *candidate)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "advice", json_true());
	failed |= json_object_set_new(object, "score", json_integer(candidate->score));
	failed |= json_object_set_new(object, "rmd_number", blank_of(candidate->rmd_number));
	failed |= json_object_set_new(object, "frn", blank_of(candidate->frn));
	failed |= json_object_set_new(object, "listed", json_boolean(candidate->listed));
	failed |= json_object_set_new(object, "name_kind", blank_of(rmd_name_kind_name(candidate->kind)));
	failed |= json_object_set_new(object, "name", string_of(slice_of(candidate->name)));
	failed |= json_object_set_new(object, "business_name", string_of(slice_of(candidate->business_name)));
	failed |= json_object_set_new(object, "differences", words_of(candidate->differences, difference_word));
	failed |= json_object_set_new(object, "typing_errors", json_integer(candidate->typing_errors));
	return write_object(stream, line_of(query, object_of(object, failed)), 0);
}

int
output_json_document(struct stream *stream, struct slice query, const struct rmd_notice *notice)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "at", time_of(notice->issued));
	failed |= json_object_set_new(object, "generation", json_null());
	failed |= json_object_set_new(object, "rmd_number", json_null());
	failed |= json_object_set_new(object, "kind", blank_of(rmd_notice_name(notice->kind)));
	failed |= json_object_set_new(object, "fields", json_array());
	failed |= json_object_set_new(object, "digest", blank_of(notice->digest));
	failed |= json_object_set_new(object, "rollback", json_null());
	failed |= json_object_set_new(object, "notice", string_of(slice_of(notice->id)));
	return write_object(stream, line_of(query, object_of(object, failed)), 0);
}

static json_t *
last_run_of(const struct summary *last)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "result", json_string(run_result_name(last->result)));
	failed |= json_object_set_new(object, "started_at", time_of(last->started_at));
	failed |= json_object_set_new(object, "exit_status", json_integer(last->exit_status));
	return object_of(object, failed);
}

int
output_json_condition(struct stream *stream, const struct condition *condition)
{
	const struct rmd_info *info = condition->info;
	bool data = condition->trouble == NULL;
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "schema", json_integer(SCHEMA));
	failed |= json_object_set_new(object, "health", json_string(condition->health));
	failed |= json_object_set_new(object, "trouble", data ? json_null() : json_string(condition->trouble));
	failed |= json_object_set_new(object, "generation", data ? json_integer(info->generation) : json_null());
	failed |= json_object_set_new(object, "checked_at", time_of(data ? info->checked_at : RMD_TIME_NONE));
	failed |= json_object_set_new(object, "data_age", data ? json_integer(condition->age) : json_null());
	failed |= json_object_set_new(object, "max_age", data ? json_integer(info->max_age) : json_null());
	failed |=
		json_object_set_new(object, "filings", data ? json_integer((json_int_t)info->filings) : json_null());
	failed |= json_object_set_new(object, "vanished",
				      data ? json_integer((json_int_t)info->vanished) : json_null());
	failed |= json_object_set_new(object, "quarantined",
				      data ? json_integer((json_int_t)info->quarantined) : json_null());
	failed |= json_object_set_new(object, "not_adopted",
				      info->reload_status == RMD_OK ? json_null()
								    : json_string(rmd_strerror(info->reload_status)));
	failed |= json_object_set_new(object, "verification",
				      condition->verification == NULL ? json_null()
								      : json_string(condition->verification));
	failed |= json_object_set_new(object, "held", json_boolean(condition->held));
	failed |= json_object_set_new(object, "last_run",
				      condition->last == NULL ? json_null() : last_run_of(condition->last));
	return write_object(stream, object, failed);
}
