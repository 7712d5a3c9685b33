/* SPDX-License-Identifier: ISC
 *
 * rmdcheck: may a call from this provider be accepted? Parses, runs, maps to an exit code, and nothing else.
 */
#include <signal.h>
#include <string.h>

#include "base/stream.h"
#include "check/check.h"

/* A script that reads only the word must get one, also where the command line was not understood. */
static bool
is_word_wanted(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strlen(argv[i]) > 2 && strncmp(argv[i], "--word", strlen(argv[i])) == 0)
			return true;
	return false;
}

static int
mode_run(const struct options *options, struct error *error)
{
	switch (options->mode) {
	case MODE_CHECK:
	case MODE_PEERS:
		return check_run(options, error);
	case MODE_WORD:
		return word_run(options, error);
	case MODE_HISTORY:
		return history_run(options, error);
	case MODE_EVIDENCE:
		return evidence_run(options, error);
	case MODE_SEARCH:
		return search_run(options, error);
	case MODE_STATUS:
		return status_run(options, error);
	case MODE_HELP:
		return text_write("", options_help, "", error);
	case MODE_VERSION:
		return text_write("rmdcheck ", rmd_version(), "\n", error);
	}
	return EX_SOFTWARE;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct error error = { 0, "" };
	int code;

	descriptors_hold();
	/* A reader that went away is an I/O error (74), told by write. */
	(void)signal(SIGPIPE, SIG_IGN);
	code = options_parse(&options, argc, argv, &error);
	if (code == 0)
		code = mode_run(&options, &error);
	else if (is_word_wanted(argc, argv))
		(void)text_write("", "unknown", "", &error);
	if (error.code != 0)
		complain("rmdcheck", error.text);
	return code;
}
