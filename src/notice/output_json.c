/* SPDX-License-Identifier: ISC
 *
 * The register as JSON, one object a line. Keys are for ever: a key once published keeps its name and meaning, a
 * value not known is null.
 */
#include <string.h>

#include "base/json.h"
#include "notice/output.h"

#define SCHEMA 1

static json_t *
begin(const char *id)
{
	json_t *object = json_object();

	return object_of(object, json_object_set_new(object, "schema", json_integer(SCHEMA)) |
					 json_object_set_new(object, "id", string_of(slice_of(id))));
}

/* An instant; of a bare date the beginning of that day. */
static json_t *
moment_of(const struct moment *moment)
{
	return time_of(moment->instant);
}

static json_t *
date_of(day date)
{
	char text[11];

	day_format(text, date);
	return blank_of(text);
}

static json_t *
never_of(int64_t instant)
{
	return instant == CLOCK_NEVER ? json_null() : time_of(instant);
}

static json_t *
provider_of(const struct notice_provider *provider)
{
	json_t *object = json_object();
	char frn[11], number[11];
	int failed = 0;

	frn_format(frn, provider->frn);
	rmd_number_format(number, provider->number);
	failed |= json_object_set_new(object, "name", string_of(slice_of(provider->name)));
	failed |= json_object_set_new(object, "address", blank_of(provider->address));
	failed |= json_object_set_new(object, "frn", blank_of(frn));
	failed |= json_object_set_new(object, "rmd_number", blank_of(number));
	failed |= json_object_set_new(object, "matched_by",
				      blank_of(provider->matched                     ? "operator"
					       : frn[0] != '\0' || number[0] != '\0' ? "document"
										     : ""));
	failed |= json_object_set_new(object, "matched_at", moment_of(&provider->matched_at));
	return object_of(object, failed);
}

static json_t *
providers_of(const struct notice *notice)
{
	json_t *array = json_array();
	int failed = 0;

	for (size_t i = 0; i < notice->provider_count; i++)
		failed |= json_array_append_new(array, provider_of(&notice->providers[i]));
	return object_of(array, failed);
}

/* What an effect is; the document's own keys are not in it. */
static int
effect_set(json_t *object, const struct effect *effect, int64_t at)
{
	bool ends = effect->ground != GROUND_REINSTATEMENT;
	int failed = 0;

	failed |= json_object_set_new(object, "state", json_string(effect_state(effect, at)));
	failed |= json_object_set_new(object, "verdict", json_string(ground_verdict(effect->ground)));
	failed |= json_object_set_new(object, "ground", json_string(ground_name(effect->ground)));
	failed |= json_object_set_new(object, "from", time_of(effect->from));
	failed |= json_object_set_new(object, "until", ends ? never_of(effect->until) : json_null());
	failed |= json_object_set_new(object, "citation", json_string(ground_citation(effect->ground)));
	failed |= json_object_set_new(object, "notify_fcc_first", json_boolean(effect_waits(effect, at)));
	return failed;
}

static int
no_effect_set(json_t *object)
{
	static const char *const keys[] = { "state", "verdict",  "ground",          "from",
					    "until", "citation", "notify_fcc_first" };
	int failed = 0;

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		failed |= json_object_set_new(object, keys[i], json_null());
	return failed;
}

static int
document_set(json_t *object, const struct notice *notice)
{
	int failed = 0;

	failed |= json_object_set_new(object, "kind", json_string(notice_kind_name(notice->kind)));
	failed |= json_object_set_new(object, "issued", moment_of(&notice->issued));
	failed |= json_object_set_new(object, "issued_exact", json_boolean(notice->issued.exact));
	failed |= json_object_set_new(object, "title", blank_of(notice->title));
	failed |= json_object_set_new(object, "matched", json_integer((json_int_t)notice_matched(notice)));
	failed |= json_object_set_new(object, "providers", providers_of(notice));
	return failed;
}

int
output_json_standing(struct stream *stream, const struct standing *standing)
{
	json_t *object = begin(standing->notice->id);
	int failed = document_set(object, standing->notice);

	failed |=
		standing->effect != NULL ? effect_set(object, standing->effect, standing->at) : no_effect_set(object);
	return write_object(stream, object, failed);
}

int
output_json_effect(struct stream *stream, const struct effect *effect, int64_t at)
{
	json_t *object = begin(effect->notice->id);
	int failed = document_set(object, effect->notice) | effect_set(object, effect, at);

	return write_object(stream, object, failed);
}

static json_t *
traceback_of(const struct notice_traceback *traceback)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "call", moment_of(&traceback->call));
	failed |= json_object_set_new(object, "notified", moment_of(&traceback->notified));
	failed |= json_object_set_new(object, "customer", blank_of(traceback->customer));
	failed |= json_object_set_new(object, "caller", blank_of(traceback->caller));
	failed |= json_object_set_new(object, "called", blank_of(traceback->called));
	failed |= json_object_set_new(object, "description", blank_of(traceback->description));
	failed |= json_object_set_new(object, "violation", blank_of(traceback->violation));
	return object_of(object, failed);
}

static json_t *
response_of(const struct notice_response *response)
{
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "kind", json_string(notice_response_name(response->kind)));
	failed |= json_object_set_new(object, "at", moment_of(&response->at));
	return object_of(object, failed);
}

/* The arrays of a document. */
static int
lists_set(json_t *object, const struct standing *standing)
{
	const struct notice *notice = standing->notice;
	json_t *effects = json_array(), *tracebacks = json_array(), *responses = json_array();
	int failed = 0;

	for (size_t i = 0; i < standing->count; i++) {
		json_t *effect = json_object();

		failed |= effect_set(effect, &standing->effects[i], standing->at);
		failed |= json_array_append_new(effects, effect);
	}
	for (size_t i = 0; i < notice->traceback_count; i++)
		failed |= json_array_append_new(tracebacks, traceback_of(&notice->tracebacks[i]));
	for (size_t i = 0; i < notice->response_count; i++)
		failed |= json_array_append_new(responses, response_of(&notice->responses[i]));
	failed |= json_object_set_new(object, "brings", effects);
	failed |= json_object_set_new(object, "tracebacks", tracebacks);
	failed |= json_object_set_new(object, "responses", responses);
	return failed;
}

int
output_json_notice(struct stream *stream, const struct standing *standing)
{
	const struct notice *notice = standing->notice;
	json_t *object = begin(notice->id);
	int failed = document_set(object, notice);

	failed |= json_object_set_new(object, "docket", blank_of(notice->docket));
	failed |= json_object_set_new(object, "source", blank_of(notice->source));
	failed |= json_object_set_new(object, "campaign", blank_of(notice->campaign));
	failed |= json_object_set_new(object, "respond_by", date_of(notice->respond_by));
	failed |= json_object_set_new(object, "cease_by", date_of(notice->cease_by));
	failed |= lists_set(object, standing);
	failed |= json_object_set_new(object, "fcc_notified", moment_of(&notice->fcc_notified));
	failed |= json_object_set_new(object, "blocking_began", moment_of(&notice->blocking_began));
	failed |= json_object_set_new(object, "file", string_of(slice_of(notice->path)));
	failed |= json_object_set_new(object, "digest", blank_of(notice->digest));
	return write_object(stream, object, failed);
}

static json_t *
candidate_of(const struct candidate *candidate)
{
	const struct likeness *likeness = &candidate->likeness;
	json_t *object = json_object();
	int failed = 0;

	failed |= json_object_set_new(object, "score", json_integer(likeness->score));
	failed |= json_object_set_new(object, "rmd_number", blank_of(candidate->rmd_number));
	failed |= json_object_set_new(object, "frn", blank_of(candidate->frn));
	failed |= json_object_set_new(object, "business_name", string_of(slice_of(candidate->name)));
	failed |= json_object_set_new(object, "business_address", string_of(slice_of(candidate->address)));
	failed |= json_object_set_new(object, "listed", json_boolean(candidate->listed));
	failed |= json_object_set_new(object, "name_like", blank_of(likeness_name_word(likeness->name)));
	failed |= json_object_set_new(object, "name_percent",
				      likeness->name == LIKENESS_NAME_SIMILAR ? json_integer(likeness->percent)
									      : json_null());
	failed |= json_object_set_new(object, "address_like", blank_of(likeness_address_word(likeness->address)));
	return object_of(object, failed);
}

int
output_json_candidates(struct stream *stream, const struct notice *notice, size_t provider,
		       const struct candidates *candidates)
{
	json_t *object = begin(notice->id), *array = json_array();
	int failed = 0;

	for (size_t i = 0; i < candidates->count; i++)
		failed |= json_array_append_new(array, candidate_of(&candidates->candidates[i]));
	failed |= json_object_set_new(object, "number", json_integer((json_int_t)provider + 1));
	failed |= json_object_set_new(object, "provider", provider_of(&notice->providers[provider]));
	failed |= json_object_set_new(object, "candidates", array);
	return write_object(stream, object, failed);
}
