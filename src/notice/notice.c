/* SPDX-License-Identifier: ISC
 *
 * The words of the register, and the memory of a document. Files and clocks must not enter.
 */
#include "notice/notice.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"

static const char *const kind_names[] = {
	[NOTICE_LETTER] = "notice",
	[NOTICE_PUBLIC] = "public-notice",
	[NOTICE_INITIAL_DETERMINATION] = "initial-determination",
	[NOTICE_FINAL_DETERMINATION] = "final-determination",
	[NOTICE_REMOVAL] = "removal",
	[NOTICE_REINSTATEMENT] = "reinstatement",
};

static const char *const response_names[] = {
	[RESPONSE_MITIGATED] = "mitigated",
	[RESPONSE_MEASURES] = "measures",
	[RESPONSE_REPLY] = "reply",
};

const char *
notice_kind_name(enum notice_kind kind)
{
	return kind >= NOTICE_LETTER && kind <= NOTICE_REINSTATEMENT ? kind_names[kind] : "";
}

enum notice_kind
notice_kind_parse(struct slice word)
{
	for (int kind = NOTICE_LETTER; kind <= NOTICE_REINSTATEMENT; kind++)
		if (slice_equal(word, slice_of(kind_names[kind])))
			return (enum notice_kind)kind;
	return (enum notice_kind)0;
}

const char *
notice_response_name(enum notice_response_kind kind)
{
	return kind >= RESPONSE_MITIGATED && kind <= RESPONSE_REPLY ? response_names[kind] : "";
}

enum notice_response_kind
notice_response_parse(struct slice word)
{
	for (int kind = RESPONSE_MITIGATED; kind <= RESPONSE_REPLY; kind++)
		if (slice_equal(word, slice_of(response_names[kind])))
			return (enum notice_response_kind)kind;
	return (enum notice_response_kind)0;
}

bool
moment_parse(struct slice text, struct moment *moment)
{
	*moment = MOMENT_NONE;
	moment->instant = time_parse(text);
	if (moment->instant == TIME_NONE)
		return false;
	moment->exact = day_parse(text) == DAY_NONE;
	moment->date = moment->exact ? day_at(moment->instant) : day_parse(text);
	return true;
}

void
moment_format(char text[TIME_TEXT_SIZE], const struct moment *moment)
{
	if (moment->exact)
		time_format(text, moment->instant);
	else
		day_format(text, moment->date);
}

bool
notice_set(char **text, struct slice value)
{
	char *copy = malloc(value.length + 1);

	if (copy == NULL)
		return false;
	if (value.length > 0)
		memcpy(copy, value.data, value.length);
	copy[value.length] = '\0';
	free(*text);
	*text = copy;
	return true;
}

static bool
set_empty(char **const texts[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!notice_set(texts[i], (struct slice){ NULL, 0 }))
			return false;
	return true;
}

bool
notice_begin(struct notice *notice)
{
	char **const texts[] = { &notice->path,   &notice->id,    &notice->docket,
				 &notice->source, &notice->title, &notice->campaign };

	*notice = (struct notice){ .issued = MOMENT_NONE,
				   .respond_by = DAY_NONE,
				   .cease_by = DAY_NONE,
				   .fcc_notified = MOMENT_NONE,
				   .blocking_began = MOMENT_NONE };
	return set_empty(texts, sizeof texts / sizeof texts[0]);
}

/* One more, empty, at the end of an array; NULL: no memory, or too many. */
static void *
array_add(void **array, size_t *count, size_t size, size_t maximum)
{
	void *larger = *count < maximum ? array_room(*array, *count, size) : NULL;

	if (larger == NULL)
		return NULL;
	*array = larger;
	return memset((char *)larger + size * (*count)++, 0, size);
}

struct notice_provider *
notice_add_provider(struct notice *notice)
{
	void *array = notice->providers;
	struct notice_provider *provider =
		array_add(&array, &notice->provider_count, sizeof *provider, LIMIT_NOTICE_PROVIDERS);

	notice->providers = array;
	if (provider == NULL)
		return NULL;
	provider->matched_at = MOMENT_NONE;
	if (!set_empty((char **const[]){ &provider->name, &provider->address }, 2))
		return NULL;
	return provider;
}

struct notice_traceback *
notice_add_traceback(struct notice *notice)
{
	void *array = notice->tracebacks;
	struct notice_traceback *traceback =
		array_add(&array, &notice->traceback_count, sizeof *traceback, LIMIT_NOTICE_TRACEBACKS);

	notice->tracebacks = array;
	if (traceback == NULL)
		return NULL;
	traceback->call = traceback->notified = MOMENT_NONE;
	if (!set_empty((char **const[]){ &traceback->customer, &traceback->description, &traceback->violation,
					 &traceback->caller, &traceback->called },
		       5))
		return NULL;
	return traceback;
}

struct notice_response *
notice_add_response(struct notice *notice)
{
	void *array = notice->responses;
	struct notice_response *response =
		array_add(&array, &notice->response_count, sizeof *response, LIMIT_NOTICE_RESPONSES);

	notice->responses = array;
	if (response != NULL)
		response->at = MOMENT_NONE;
	return response;
}

void
notice_end(struct notice *notice)
{
	for (size_t i = 0; i < notice->provider_count; i++) {
		free(notice->providers[i].name);
		free(notice->providers[i].address);
	}
	for (size_t i = 0; i < notice->traceback_count; i++) {
		free(notice->tracebacks[i].customer);
		free(notice->tracebacks[i].description);
		free(notice->tracebacks[i].violation);
		free(notice->tracebacks[i].caller);
		free(notice->tracebacks[i].called);
	}
	free(notice->providers);
	free(notice->tracebacks);
	free(notice->responses);
	free(notice->path);
	free(notice->id);
	free(notice->docket);
	free(notice->source);
	free(notice->title);
	free(notice->campaign);
	*notice = (struct notice){ 0 };
}
