/* SPDX-License-Identifier: ISC
 *
 * rmdsync: parse, run, map to an exit code. Nothing of the work is done here.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "sync/fetch.h"
#include "sync/report.h"
#include "sync/stop.h"

static const char usage[] = "usage: rmdsync [-nqv] [-c FILE] [-d DIR] [--source URL|FILE] [--offline]\n"
			    "               [--accept DIGEST] [--rollback GENERATION] [--as-of TIME] [--json]\n"
			    "               | --run-hooks\n"
			    "Downloads the FCC's Robocall Mitigation Database into the snapshot that\n"
			    "rmdcheck and librmd answer from.\n"
			    "\n"
			    "  -c, --config FILE     rmd.conf (" RMD_CONF ")\n"
			    "  -d, --directory DIR   state directory (" RMD_STATE_DIRECTORY ")\n"
			    "      --source URL      https:, file: or a path; default: rmd.conf's\n"
			    "  -n, --dry-run         fetch and judge, publish nothing; with -v row by row\n"
			    "      --offline         rebuild from the filings there are and the files here\n"
			    "      --accept DIGEST   publish the candidate that the guard held\n"
			    "      --rollback N      let an older generation, N, serve again\n"
			    "      --as-of TIME      the run's time (file: sources), for old exports\n"
			    "      --run-hooks       no run: tell the hooks what runs have left for them\n"
			    "      --json            one object at the end instead of a line\n"
			    "  -q, --quiet           silent on success\n"
			    "  -v, --verbose         name every quarantined and every changed row\n"
			    "      --help, --version\n"
			    "\n"
			    "Exit: 0 current, 3 held by the guard, 64 usage, 65 source refused,\n"
			    "69 unreachable for good, 70 internal, 73 cannot write, 74 output failed,\n"
			    "75 unreachable for now or locked, 78 configuration.\n";

enum {
	OPTION_SOURCE = 256,
	OPTION_OFFLINE,
	OPTION_ACCEPT,
	OPTION_ROLLBACK,
	OPTION_AS_OF,
	OPTION_RUN_HOOKS,
	OPTION_JSON,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "directory", required_argument, NULL, 'd' },
	{ "source", required_argument, NULL, OPTION_SOURCE },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "offline", no_argument, NULL, OPTION_OFFLINE },
	{ "accept", required_argument, NULL, OPTION_ACCEPT },
	{ "rollback", required_argument, NULL, OPTION_ROLLBACK },
	{ "as-of", required_argument, NULL, OPTION_AS_OF },
	{ "run-hooks", no_argument, NULL, OPTION_RUN_HOOKS },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

enum what { WHAT_RUN, WHAT_HOOKS, WHAT_HELP, WHAT_VERSION };

static int
generation_set(struct run_options *options, const char *value, struct error *error)
{
	uint64_t number;

	if (!slice_decimal(slice_of(value), UINT32_MAX, &number) || number == 0)
		return error_set(error, EX_USAGE, "--rollback \"%s\" is no generation, which is a number from 1 on",
				 value);
	options->rollback = (uint32_t)number;
	return 0;
}

static int
option_set(struct run_options *options, int option, const char *value, bool *json, enum what *what,
	   struct error *error)
{
	switch (option) {
	case 'c':
		options->conf_path = value;
		options->conf_required = true;
		break;
	case 'd':
		options->directory = value;
		break;
	case 'n':
		options->dry_run = true;
		break;
	case 'q':
		options->quiet = true;
		break;
	case 'v':
		options->verbose = true;
		break;
	case OPTION_SOURCE:
		options->source = value;
		break;
	case OPTION_OFFLINE:
		options->offline = true;
		break;
	case OPTION_ACCEPT:
		options->accept = value;
		break;
	case OPTION_ROLLBACK:
		return generation_set(options, value, error);
	case OPTION_AS_OF:
		options->as_of = time_parse(slice_of(value));
		if (options->as_of == TIME_NONE)
			return error_set(error, EX_USAGE,
					 "--as-of \"%s\" is neither an RFC 3339 time nor a date (2026-03-02)", value);
		break;
	case OPTION_RUN_HOOKS:
		*what = WHAT_HOOKS;
		break;
	case OPTION_JSON:
		*json = true;
		break;
	case OPTION_HELP:
		*what = WHAT_HELP;
		break;
	case OPTION_VERSION:
		*what = WHAT_VERSION;
		break;
	default:
		/* getopt has said which. */
		return error_set(error, EX_USAGE, "%s", "");
	}
	return 0;
}

/* A source without a scheme is a file; what has one is taken at its word. */
static int
source_set(struct run_options *options, char *source, size_t size, struct error *error)
{
	const char *given = options->source;
	char path[LIMIT_PATH_BYTES];

	if (given == NULL || given[strspn(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+")] == ':')
		return 0;
	if (path_absolute(path, sizeof path, given) != 0)
		return error_set(error, errno == ENAMETOOLONG ? EX_USAGE : EX_UNAVAILABLE,
				 "--source: \"%s\": %s; nothing was changed", given, strerror(errno));
	if (!fetch_file_url(source, size, path))
		return error_set(error, EX_USAGE, "--source: the path is too long");
	options->source = source;
	return 0;
}

/* Who tells the hooks. */
static int
hooks_set(struct run_options *options, struct error *error)
{
	const char *when = getenv("RMD_HOOKS");

	options->hooks_later = when != NULL && strcmp(when, "later") == 0;
	if (when == NULL || when[0] == '\0' || options->hooks_later)
		return 0;
	return error_set(error, EX_CONFIG, "the variable RMD_HOOKS is \"%s\", and can only be \"later\"", when);
}

static int
options_parse(int argc, char **argv, struct run_options *options, bool *json, enum what *what, struct error *error)
{
	int option;

	while (*what <= WHAT_HOOKS && (option = getopt_long(argc, argv, "c:d:nqv", long_options, NULL)) != -1)
		if (option_set(options, option, optarg, json, what, error) != 0)
			return error->code;
	if (*what > WHAT_HOOKS)
		return 0;
	if (optind < argc)
		return error_set(error, EX_USAGE, "\"%s\" is no option; a source is given with --source",
				 argv[optind]);
	if (options->quiet && options->verbose)
		return error_set(error, EX_USAGE, "-q and -v contradict each other");
	if ((options->accept != NULL) + options->offline + (options->source != NULL) + (options->rollback != 0) > 1)
		return error_set(error, EX_USAGE, "--source, --offline, --accept and --rollback exclude each other");
	if (options->as_of != TIME_NONE && (options->offline || options->accept != NULL || options->rollback != 0))
		return error_set(error, EX_USAGE, "--as-of needs a source");
	if (*what == WHAT_HOOKS &&
	    (options->accept != NULL || options->offline || options->source != NULL || options->rollback != 0 ||
	     options->as_of != TIME_NONE || options->dry_run || *json))
		return error_set(error, EX_USAGE, "--run-hooks is no run, and takes no option of one");
	return hooks_set(options, error);
}

/* What was asked besides a run: to stdout, as a result. */
static int
print_and_flush(const char *text)
{
	if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
		return EX_OK;
	(void)fprintf(stderr, "rmdsync: standard output: %s\n", strerror(errno));
	return EX_IOERR;
}

/* Where a daemon has closed the first three, a file of the run would take their number, and messages would go into
 * it. */
static bool
descriptors_hold(void)
{
	for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
		if (fcntl(file, F_GETFD) < 0 && open("/dev/null", O_RDONLY | O_CLOEXEC) != file)
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	struct run_options options = {
		.conf_path = RMD_CONF,
		.directory = RMD_STATE_DIRECTORY,
		.as_of = TIME_NONE,
		.now = time_now(),
	};
	char source[2 * LIMIT_PATH_BYTES];
	struct error error = { 0 };
	struct report report;
	enum what what = WHAT_RUN;
	bool json = false;
	int status;

	umask(022);
	if (!descriptors_hold() || stop_begin() != 0) {
		(void)fprintf(stderr, "rmdsync: cannot begin: %s; nothing was changed\n", strerror(errno));
		return EX_CANTCREAT;
	}
	if (options_parse(argc, argv, &options, &json, &what, &error) != 0 ||
	    source_set(&options, source, sizeof source, &error) != 0) {
		if (error.text[0] != '\0')
			(void)fprintf(stderr, "rmdsync: %s\n", error.text);
		return error.code;
	}
	if (what > WHAT_HOOKS)
		return print_and_flush(what == WHAT_HELP ? usage : "rmdsync " PACKAGE_VERSION "\n");
	status = what == WHAT_RUN ? run(&options, &report, &error) : run_hooks(&options, &report, &error);
	if (status == EXIT_HELD && options.dry_run)
		(void)fprintf(stderr, "rmdsync: would be held: %s\n", report.note);
	else if (status == EXIT_HELD)
		(void)fprintf(
			stderr,
			"rmdsync: held: %s; the old snapshot keeps serving; if the list is right: rmdsync --accept "
			"%s "
			"(with the same -c and -d)\n",
			report.note, report.digest);
	else if (status != 0)
		(void)fprintf(stderr, "rmdsync: %s\n", error.text);
	if (what == WHAT_RUN && !report_summary(&report, json, options.quiet) && status == 0) {
		(void)fprintf(stderr, "rmdsync: standard output: %s; %s\n", strerror(errno),
			      options.dry_run ? "nothing was changed" : "the snapshot is current all the same");
		status = EX_IOERR;
	}
	/* All is done but the hooks: it ends now as it would have without them. */
	if (report.ended_by != 0 && (stop_end() != 0 || raise(report.ended_by) != 0))
		status = EX_OSERR;
	return status;
}
