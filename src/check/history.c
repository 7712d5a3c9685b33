/* SPDX-License-Identifier: ISC
 *
 * --history: everything that happened to the filings of one provider.
 */
#include <string.h>
#include <unistd.h>

#include "check/check.h"
#include "check/output.h"
#include "check/stream.h"

/* Why there is no walk. */
static int
refusal_set(const struct options *options, enum rmd_status status, struct error *error)
{
	char path[LIMIT_PATH_BYTES];

	if (status == RMD_ERROR_ARGUMENT)
		return error_set(error, EX_USAGE, "--history: \"%s\" is no key that leads to a provider",
				 options->providers[0]);
	options_snapshot_path(options, path);
	return error_set(error, EX_NOINPUT, "%s: %s; there is no history to show", path, rmd_strerror(status));
}

static int
events_write(const struct options *options, struct rmd_history *history, struct stream *out, struct error *error)
{
	struct rmd_event event = RMD_EVENT_INIT;
	struct slice query = slice_of(options->providers[0]);
	bool any = false;
	int got;

	while ((got = rmd_history_next(history, &event)) > 0 && out->failure == 0) {
		any = true;
		if (!options->json)
			output_event(out, &event);
		else if (output_json_event(out, query, &event) != 0)
			return error_set(error, EX_SOFTWARE, "memory is short; the output is not complete");
	}
	if (got < 0)
		return error_set(error, EX_NOINPUT, "the history of \"%s\" breaks off: %s", options->providers[0],
				 rmd_strerror((enum rmd_status)got));
	if (!any)
		complain("the history knows no filing of this provider");
	return 0;
}

int
history_run(const struct options *options, struct error *error)
{
	char buffer[LIMIT_OUTPUT_BYTES / 8];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0 };
	const char *provider = options->providers[0];
	struct rmd_history *history = NULL;
	struct rmd *rmd = NULL;
	enum rmd_status status;
	int code;

	status = rmd_open(options->directory, &rmd);
	if (status == RMD_OK)
		status = rmd_history_open(rmd, provider, strlen(provider), &history);
	code = status != RMD_OK ? refusal_set(options, status, error) : events_write(options, history, &out, error);
	code = stream_finish(&out, code, error);
	rmd_history_close(history);
	rmd_close(rmd);
	return code;
}
