/* SPDX-License-Identifier: ISC
 *
 * --search: which filings may be meant by a name that a person has typed or read. Verdicts must not enter.
 */
#include <string.h>
#include <unistd.h>

#include "base/screen.h"
#include "base/stream.h"
#include "check/check.h"
#include "check/output.h"
#include "sync/fold.h"

/* Of grep and its like: nothing was found. A name that is not found says nothing about its owner: unknown. */
#define NOTHING_FOUND 3

/* A name whose words were typed without quotation marks is one name. */
static bool
words_join(const struct options *options, char *text, size_t size, struct slice *joined)
{
	size_t used = 0;

	for (int i = 0; i < options->provider_count; i++) {
		size_t length = strlen(options->providers[i]);

		if (length + 1 > size - used)
			return false;
		if (i > 0)
			text[used++] = ' ';
		memcpy(text + used, options->providers[i], length);
		used += length;
	}
	*joined = (struct slice){ text, used };
	return true;
}

/* Letters beyond ASCII as rmdsync stores them; what is ASCII stays as it was typed, so that the same can be told. */
static bool
name_prepare(struct slice typed, char *folded, size_t size, struct slice *name)
{
	*name = typed;
	for (size_t i = 0; i < typed.length; i++)
		if ((unsigned char)typed.data[i] >= 0x80) {
			name->data = folded;
			return text_fold(folded, size, typed, &name->length);
		}
	return true;
}

static int
candidates_write(const struct options *options, struct rmd_search *search, struct slice typed, struct stream *out,
		 struct error *error)
{
	struct rmd_candidate candidate = RMD_CANDIDATE_INIT;
	bool any = false;

	while (rmd_search_next(search, &candidate) == 1) {
		any = true;
		if (!options->json)
			output_candidate(out, &candidate);
		else if (output_json_candidate(out, typed, &candidate) != 0)
			return error_set(error, EX_SOFTWARE, "memory is short; the output is not complete");
	}
	if (any && !options->json)
		output_advice(out);
	if (!any)
		complain("rmdcheck", "no filing has a name like this one; that says nothing about the provider");
	return any ? 0 : NOTHING_FOUND;
}

static int
refusal_set(const struct options *options, enum rmd_status status, struct error *error)
{
	if (status == RMD_ERROR_ARGUMENT)
		return error_set(error, EX_USAGE, "--search: the name has no letter or digit, or over %d bytes",
				 LIMIT_KEY_BYTES);
	return no_data_set(options, status, "nothing was searched", error);
}

int
search_run(const struct options *options, struct error *error)
{
	char buffer[LIMIT_OUTPUT_BYTES / 8], text[LIMIT_KEY_BYTES + 1], folded[LIMIT_KEY_BYTES];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };
	struct display display;
	struct rmd_search *search = NULL;
	enum rmd_status status = RMD_ERROR_ARGUMENT;
	struct slice typed, name;
	struct rmd *rmd = NULL;
	int code;

	if (!options->json)
		display_begin(&display, &out);
	if (words_join(options, text, sizeof text, &typed)) {
		status = RMD_ERROR_MEMORY;
		if (name_prepare(typed, folded, sizeof folded, &name)) {
			status = rmd_open(options->directory, &rmd);
			if (status == RMD_OK)
				status = rmd_search(rmd, name.data, name.length, &search);
		}
	}
	code = status != RMD_OK ? refusal_set(options, status, error)
				: candidates_write(options, search, typed, &out, error);
	code = stream_finish(&out, code, error);
	rmd_search_close(search);
	rmd_close(rmd);
	return code;
}
