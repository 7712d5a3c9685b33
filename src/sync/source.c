/* SPDX-License-Identifier: ISC
 *
 * The sources in turn, and in rounds. Time and chance come from outside, so that every pause can be tested.
 */
#include "sync/source.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "sync/report.h"
#include "sync/stop.h"

/* Without chance, which may double it: no pause is longer than the longest. */
#define PAUSE_LONGEST (INT64_C(1000) * LIMIT_RETRY_LONGEST_SECONDS / 2)

/* One source, and what became of it. */
struct source {
	const char *url;
	bool over;   /* it failed for good */
	int64_t due; /* its server asks not to be asked before, in the world's milliseconds */
	struct error error;
};

struct asking {
	const struct source_request *request;
	const struct source_world *world;
	struct source_result *result;
	struct error *error;
	struct source sources[LIMIT_SOURCES];
	size_t count;
	const struct source *failed; /* the last that did */
};

static int64_t
clock_now(void *context)
{
	(void)context;
	return clock_milliseconds();
}

static void
clock_wait(void *context, int64_t milliseconds)
{
	int64_t until = clock_now(context) + milliseconds;

	while (stop_signal() == 0 && milliseconds > 0) {
		/* A thread of libcurl's that still waits for a name may be the one that is told of the signal. */
		if (stop_poll(-1, milliseconds < 1000 ? milliseconds : 1000) < 0 && errno != EINTR)
			return;
		milliseconds = until - clock_now(context);
	}
}

/* Without chance the pause is its shortest. */
static uint32_t
chance(void *context)
{
	uint32_t number = 0;

	(void)context;
	return getrandom(&number, sizeof number, GRND_NONBLOCK) == sizeof number ? number : 0;
}

static int
fetch_real(void *context, const struct fetch_request *request, struct fetch_result *result, struct error *error)
{
	(void)context;
	return fetch(request, result, error);
}

const struct source_world source_world = { clock_now, clock_wait, chance, fetch_real, NULL };

static int
sources_list(struct asking *asking)
{
	const struct source_request *request = asking->request;
	const struct run_options *options = request->options;

	if (request->candidate != NULL) {
		asking->sources[asking->count++].url = request->candidate;
	} else if (options->source != NULL) {
		asking->sources[asking->count++].url = options->source;
	} else {
		for (; asking->count < request->conf->source_count; asking->count++)
			asking->sources[asking->count].url = request->conf->source[asking->count];
	}
	if (asking->count == 0)
		return error_set(asking->error, EX_CONFIG, "no source is named; nothing was changed");
	for (size_t i = 0; i < asking->count && options->as_of != TIME_NONE; i++)
		if (!slice_starts_fold(slice_of(asking->sources[i].url), "file:"))
			return error_set(asking->error, EX_USAGE,
					 "--as-of is for file: sources: what the network says now was not so then");
	return 0;
}

/* Whether the server may be asked for news only. */
static bool
validators_apply(const struct source_request *request, const char *url)
{
	const struct validators *validators = request->validators;

	return validators != NULL && strcmp(validators->source, url) == 0 && validators->fetched_at <= request->at &&
	       request->at - validators->fetched_at < LIMIT_VALIDATOR_AGE_SECONDS;
}

/* What the server said goes with the list. It is kept by the whole address, so not where that does not fit, nor where
 * it holds what must not be stored: a password ends at an @. */
static void
validators_take(struct asking *asking, const char *url, const struct fetch_result *fetched)
{
	struct validators *validators = &asking->result->validators;

	if ((fetched->etag[0] == '\0' && fetched->last_modified[0] == '\0') || strlen(url) > LIMIT_SOURCE_BYTES ||
	    strchr(url, '@') != NULL)
		return;
	validators->fetched_at = asking->request->at;
	slice_copy(validators->etag, sizeof validators->etag, slice_of(fetched->etag));
	slice_copy(validators->last_modified, sizeof validators->last_modified, slice_of(fetched->last_modified));
	slice_copy(validators->source, sizeof validators->source, slice_of(url));
}

static const char *
text_or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static int
fetch_one(struct asking *asking, const char *url, struct fetch_result *fetched, struct error *error)
{
	const struct source_request *request = asking->request;
	const struct conf *conf = request->conf;
	bool news = validators_apply(request, url);
	struct fetch_request fetch_request = {
		.url = url,
		.spool = request->spool,
		.max_bytes = conf->max_bytes,
		.connect_timeout = (int64_t)conf->connect_timeout,
		.total_timeout = (int64_t)conf->total_timeout,
		.ca_file = text_or_null(conf->ca_file),
		.proxy = text_or_null(conf->proxy),
		.contact = text_or_null(conf->contact),
		.etag = news ? text_or_null(request->validators->etag) : NULL,
		.last_modified = news ? text_or_null(request->validators->last_modified) : NULL,
		.progress = report_progress,
		.context = (void *)(uintptr_t)request->options,
	};

	if (ftruncate(request->spool, 0) != 0 || lseek(request->spool, 0, SEEK_SET) != 0)
		return error_set(error, EX_CANTCREAT, "cannot empty the file that takes what is fetched: %s",
				 strerror(errno));
	asking->world->fetch(asking->world->context, &fetch_request, fetched, error);
	report_progress_end(request->options);
	return error->code;
}

static void
delivered(struct asking *asking, const char *url, const struct fetch_result *fetched)
{
	struct source_result *result = asking->result;

	result->unchanged = fetched->unchanged;
	if (fetched->unchanged) {
		/* Their time stays: it is that of the last list that came whole. */
		result->validators = *asking->request->validators;
		return;
	}
	memcpy(result->digest, fetched->digest, sizeof result->digest);
	validators_take(asking, url, fetched);
}

static void
failed(struct asking *asking, struct source *source, int64_t retry_after)
{
	int64_t wait = retry_after > LIMIT_RETRY_AFTER_SECONDS ? LIMIT_RETRY_AFTER_SECONDS : retry_after;

	source->over = source->error.code != EX_TEMPFAIL;
	source->due = asking->world->now(asking->world->context) + (wait > 0 ? wait * 1000 : 0);
	asking->failed = source;
}

/* One round. True: it ends here, well or with the error set. */
static bool
sources_ask(struct asking *asking)
{
	const struct source *before = NULL; /* that failed in this round */

	for (size_t i = 0; i < asking->count; i++) {
		struct source *source = &asking->sources[i];
		struct fetch_result fetched = { 0 };

		if (source->over || source->due > asking->world->now(asking->world->context))
			continue;
		if (before != NULL)
			report_note(asking->request->options, "%s; the next source is tried", before->error.text);
		source->error = (struct error){ 0 };
		fetch_address(asking->result->source, source->url);
		if (fetch_one(asking, source->url, &fetched, &source->error) == 0) {
			delivered(asking, source->url, &fetched);
			return true;
		}
		/* A signal, or a disk that is full, is no fault of the source. */
		if (stop_check(asking->error) != 0)
			return true;
		if (source->error.code == EX_CANTCREAT) {
			error_set(asking->error, EX_CANTCREAT, "%s; nothing was changed", source->error.text);
			return true;
		}
		failed(asking, source, fetched.retry_after);
		before = source;
	}
	return false;
}

/* How long to wait for the next round, in milliseconds; -1: there is none. */
static int64_t
round_wait(const struct asking *asking, int64_t pause, int64_t until)
{
	const struct source_world *world = asking->world;
	int64_t now = world->now(world->context);
	/* Many that failed at one moment must not come back at one moment. */
	int64_t soonest = now + pause + world->random(world->context) % (uint32_t)(pause + 1);
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < asking->count; i++) {
		const struct source *source = &asking->sources[i];
		int64_t due = source->due > soonest ? source->due : soonest;

		if (!source->over && due < next)
			next = due;
	}
	return next <= until ? next - now : -1;
}

/* One line: each source has its share of it. */
static int
fail(struct asking *asking)
{
	static const char end[] = "; nothing was changed";
	size_t room = LIMIT_ERROR_BYTES - sizeof end, share = asking->count > 1 ? room / asking->count : room;
	char text[LIMIT_ERROR_BYTES] = "";
	size_t used = 0;
	int code = 0;

	for (size_t i = 0; i < asking->count; i++) {
		const struct error *error = &asking->sources[i].error;

		code = code == EX_TEMPFAIL ? code : error->code;
		if (i > 0)
			used += 2;
		slice_copy(text + used, share - 1, slice_of(error->text));
		used += strlen(text + used);
		if (i + 1 < asking->count)
			memcpy(text + used, "; ", 3);
	}
	return error_set(asking->error, code, "%s%s", text, end);
}

int
source_fetch(const struct source_request *request, const struct source_world *world, struct source_result *result,
	     struct error *error)
{
	struct asking asking = { .request = request, .world = world, .result = result, .error = error };
	int64_t pause = INT64_C(1000) * LIMIT_RETRY_FIRST_SECONDS, until, wait;

	*result = (struct source_result){ 0 };
	if (sources_list(&asking) != 0)
		return error->code;
	until = world->now(world->context) + (int64_t)request->conf->retry_for * 1000;
	while (!sources_ask(&asking)) {
		wait = round_wait(&asking, pause, until);
		if (wait < 0)
			return fail(&asking);
		report_note(request->options, "%s; tried again in %lld s", asking.failed->error.text,
			    (long long)(wait + 999) / 1000);
		world->wait(world->context, wait);
		if (stop_check(error) != 0)
			break;
		pause = 2 * pause < PAUSE_LONGEST ? 2 * pause : PAUSE_LONGEST;
	}
	return error->code;
}
