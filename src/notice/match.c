/* SPDX-License-Identifier: ISC
 *
 * match: which filing is that of a provider that a document names. The operator decides; this proposes, and records.
 */
#include <stdlib.h>
#include <string.h>

#include "notice/command.h"
#include "notice/output.h"
#include "sync/fold.h"

/* What the operator said that it is; all 0: nothing. */
struct key {
	uint64_t frn;
	uint32_t number;
};

static bool
key_parse(const char *word, struct key *key)
{
	struct slice text = slice_of(word);

	if (slice_starts_fold(text, "frn:") || slice_starts_fold(text, "rmd:")) {
		text.data += 4;
		text.length -= 4;
	}
	*key = (struct key){ frn_parse(text), rmd_number_parse(text) };
	return key->frn != 0 || key->number != 0;
}

static bool
is_named(const struct notice_provider *provider, struct slice folded)
{
	char key[LIMIT_NAME_KEY_BYTES];
	size_t length;

	return name_fold(key, slice_of(provider->name), &length) && length > 0 &&
	       slice_equal((struct slice){ key, length }, folded);
}

/* The provider by its number in the document or by its name, which must be one provider's alone. */
static int
provider_choose(struct work *work, const struct notice *notice, const char *word, size_t *index)
{
	char key[LIMIT_NAME_KEY_BYTES];
	struct slice folded = { key, 0 };
	uint64_t number;
	size_t found = 0;

	if (!name_fold(key, slice_of(word), &folded.length))
		return error_set(work->error, EX_CANTCREAT, "not enough memory; nothing was changed");
	if (slice_decimal(slice_of(word), notice->provider_count, &number) && number > 0) {
		*index = number - 1;
		return 0;
	}
	for (size_t i = 0; i < notice->provider_count; i++)
		if (is_named(&notice->providers[i], folded)) {
			*index = i;
			found++;
		}
	if (found == 1)
		return 0;
	return error_set(work->error, EX_NOINPUT,
			 "%s names %s \"%s\"; say which by its number, 1 to %zu (rmdnotice show lists them)",
			 notice->id, found == 0 ? "no provider" : "several providers", word, notice->provider_count);
}

static struct rmd *
data_open(struct work *work)
{
	struct rmd *rmd = NULL;
	const char *directory = work->options->directory;
	enum rmd_status status = rmd_open(directory, &rmd);

	if (status == RMD_OK)
		return rmd;
	error_set(work->error, status == RMD_ERROR_MEMORY ? EX_CANTCREAT : EX_NOINPUT,
		  "%s: the snapshot cannot be read: %s (rmdsync makes it)",
		  directory != NULL ? directory : RMD_STATE_DIRECTORY, rmd_strerror(status));
	rmd_close(rmd);
	return NULL;
}

static int
candidates_write(struct work *work, const struct notice *notice, const bool wanted[], const struct candidates found[])
{
	for (size_t i = 0; i < notice->provider_count; i++) {
		if (!wanted[i])
			continue;
		if (!work->options->json)
			output_candidates(work->out, notice, i, &found[i]);
		else if (output_json_candidates(work->out, notice, i, &found[i]) != 0)
			return error_set(work->error, EX_CANTCREAT, "not enough memory; the output is not complete");
	}
	return 0;
}

/* For the provider that was chosen, else for each that leads to no filing yet. */
static int
propose(struct work *work, struct rmd *rmd, const struct notice *notice, const size_t *chosen)
{
	size_t count = notice->provider_count;
	bool *wanted = calloc(count + 1, sizeof *wanted);
	struct candidates *found = calloc(count + 1, sizeof *found);

	if (wanted == NULL || found == NULL) {
		error_set(work->error, EX_CANTCREAT, "not enough memory to look for filings");
	} else {
		for (size_t i = 0; i < count; i++)
			wanted[i] = chosen != NULL
					    ? i == *chosen
					    : notice->providers[i].frn == 0 && notice->providers[i].number == 0;
		if (candidates_find(rmd, notice, wanted, found, work->error) == 0)
			candidates_write(work, notice, wanted, found);
		for (size_t i = 0; i < count; i++)
			candidates_end(&found[i]);
	}
	if (work->error->code == 0 && notice_matched(notice) == count && chosen == NULL)
		complain("rmdnotice", "every provider that it names has an FRN or an RMD number");
	free(found);
	free(wanted);
	return work->error->code;
}

/* A key that is nobody's would cut off nobody, and look as if it did. */
static int
key_check(struct work *work, struct rmd *rmd, const struct key *key, struct candidate *filing)
{
	char wanted[11];
	unsigned digits;

	if (candidate_nearest(rmd, key->frn, key->number, filing, &digits, work->error) != 0 || digits == 0)
		return work->error->code;
	if (key->frn != 0)
		frn_format(wanted, key->frn);
	else
		rmd_number_format(wanted, key->number);
	error_set(
		work->error, EX_DATAERR,
		"%s is in no filing that the snapshot knows; the nearest is %s (%s, \"%.200s\"); nothing was changed",
		wanted, key->frn != 0 ? filing->frn : filing->rmd_number,
		key->frn != 0 ? filing->rmd_number : filing->frn, filing->name);
	candidate_end(filing);
	return work->error->code;
}

/* What is on file now, which is the old match where the new one is the same. */
static int
recorded_write(struct work *work, const struct notice *before, size_t index, const struct candidate *filing)
{
	const struct candidates none = { 0 };
	struct notice notice;

	if (notice_load(before->path, &notice, work->error) != 0)
		return work->error->code;
	if (work->options->json) {
		if (output_json_candidates(work->out, &notice, index, &none) != 0)
			error_set(work->error, EX_CANTCREAT,
				  "not enough memory for the output; the match is on file");
	} else {
		stream_escaped(work->out, slice_of(notice.id), false);
		stream_text(work->out, ": ");
		put_quoted(work->out, notice.providers[index].name);
		stream_text(work->out, " is matched to ");
		stream_text(work->out, filing->rmd_number);
		stream_text(work->out, " ");
		stream_text(work->out, filing->frn[0] != '\0' ? filing->frn : "-");
		stream_text(work->out, " ");
		put_quoted(work->out, filing->name);
		stream_text(work->out, ", ");
		put_moment(work->out, &notice.providers[index].matched_at);
		stream_text(work->out, "\n");
	}
	notice_end(&notice);
	return work->error->code;
}

/* A match that is corrected leaves no key of the old one beside the new one. */
static void
keys_complete(const struct notice_provider *provider, const struct candidate *filing, struct key *key)
{
	if (provider->frn != 0 && key->frn == 0)
		key->frn = frn_parse(slice_of(filing->frn));
	if (provider->number != 0 && key->number == 0)
		key->number = rmd_number_parse(slice_of(filing->rmd_number));
}

static int
record(struct work *work, struct rmd *rmd, const struct notice *notice, size_t index, struct key *key)
{
	const struct notice_provider *provider = &notice->providers[index];
	struct moment today = { day_at(work->now), TIME_NONE, false };
	const struct moment *at = work->options->at.date != DAY_NONE ? &work->options->at : &today;
	struct candidate filing = { 0 };

	if ((provider->frn != 0 || provider->number != 0) && !provider->matched)
		return error_set(work->error, EX_DATAERR,
				 "%s:%u: the document itself gives the key of \"%.200s\"; nothing was changed",
				 notice->path, provider->line, provider->name);
	if (key_check(work, rmd, key, &filing) != 0)
		return work->error->code;
	keys_complete(provider, &filing, key);
	if (provider->frn != 0 && key->frn == 0)
		error_set(work->error, EX_DATAERR,
			  "%s:%u: \"%.200s\" is matched to an FRN, and %s has none: remove its <frn> by hand first",
			  notice->path, provider->line, provider->name, filing.rmd_number);
	else if (notice_edit_match(notice->path, index, key->frn, key->number, at, work->error) == 0 &&
		 recorded_write(work, notice, index, &filing) == 0)
		change_end(work);
	candidate_end(&filing);
	return work->error->code;
}

int
match_run(struct work *work)
{
	const struct options *options = work->options;
	const struct notice *notice = work_find(work, options->arguments[0]);
	const char *last = options->argument_count > 1 ? options->arguments[options->argument_count - 1] : NULL;
	const char *named = options->argument_count > 1 ? options->arguments[1] : NULL;
	struct key key = { 0, 0 };
	size_t index = 0;
	struct rmd *rmd;

	if (notice == NULL)
		return work->error->code;
	if (options->argument_count == 3 && !key_parse(last, &key))
		return error_set(work->error, EX_USAGE, "\"%s\" is neither an FRN nor an RMD number", last);
	if (options->argument_count == 2 && key_parse(last, &key))
		named = NULL;
	if (named != NULL && provider_choose(work, notice, named, &index) != 0)
		return work->error->code;
	if (named == NULL && last != NULL && notice->provider_count != 1)
		return error_set(work->error, EX_USAGE,
				 "%s names %zu providers; say which: rmdnotice match \"%s\" NUMBER|NAME %s",
				 notice->id, notice->provider_count, notice->id, last);
	rmd = data_open(work);
	if (rmd == NULL)
		return work->error->code;
	if (key.frn != 0 || key.number != 0)
		record(work, rmd, notice, index, &key);
	else
		propose(work, rmd, notice, named != NULL ? &index : NULL);
	rmd_close(rmd);
	return work->error->code;
}
