/* SPDX-License-Identifier: ISC
 *
 * The command line of rmdcheck. Nothing is opened or looked up here.
 */
#include "check/options.h"

#include <getopt.h>

#include "base/durable.h"
#include "base/text.h"
#include "check/query.h"

/* A screen of 24 lines and 80 columns, and no more. */
const char options_help[] = "usage: rmdcheck [-d DIR] [--role ROLE] [--from NUMBER] [--to NUMBER]\n"
			    "                [--at TIME] [-j] [-l] PROVIDER... | -b | --peers\n"
			    "       rmdcheck [...] --word|--evidence|--history PROVIDER | --search TEXT\n"
			    "       rmdcheck [-d DIR] [-j] --status [--verify]\n"
			    "May a call from this provider be accepted? (47 CFR 64.6305(g))\n"
			    "  -d DIR           directory of the snapshot\n"
			    "  --role ROLE      what it is to you: vsp, gateway, intermediate, foreign\n"
			    "  --from NUMBER    caller ID     --to NUMBER    called number\n"
			    "  --at TIME        as data and law stood then: a date or an RFC 3339 time\n"
			    "  -b, --batch      queries on stdin: PROVIDER [role=R] [from=N] [to=N] [at=T]\n"
			    "  --peers          every peer, or its news: --peers --changed-since GENERATION\n"
			    "  -j, --json       one JSON object a line\n"
			    "  -l, --long       the filing, the FCC's documents, the reasoning\n"
			    "  --word           the bare verdict, without a newline\n"
			    "  --evidence       one JSON object with all that the verdict rests on\n"
			    "  --history        what happened to its filings\n"
			    "  --search         filings with a name like TEXT: advice, never a verdict\n"
			    "  --status         for monitoring: 0 OK, 1 warning, 2 critical, 3 unknown\n"
			    "  --verify         with --status: recompute the snapshot's SHA-256\n"
			    "  --help, --version\n"
			    "PROVIDER is an FRN, an RMD number, an IP address, a peer or a business name, or\n"
			    "one of frn: rmd: ip: peer: trunk: ocn: name: and a value.\n"
			    "Exit: 0 accept, 1 refuse, 2 may-block, 3 unknown; 64 usage, 66 no data,\n"
			    "70 internal, 74 input or output failed.\n";

/* The first four in the order of enum parameter. */
enum { OPTION_ROLE = 256, OPTION_FROM, OPTION_TO, OPTION_AT, OPTION_VERIFY, OPTION_CHANGED_SINCE, OPTION_MODE };

static const struct option long_options[] = {
	{ "role", required_argument, NULL, OPTION_ROLE },
	{ "from", required_argument, NULL, OPTION_FROM },
	{ "to", required_argument, NULL, OPTION_TO },
	{ "at", required_argument, NULL, OPTION_AT },
	{ "batch", no_argument, NULL, 'b' },
	{ "json", no_argument, NULL, 'j' },
	{ "long", no_argument, NULL, 'l' },
	{ "verify", no_argument, NULL, OPTION_VERIFY },
	{ "changed-since", required_argument, NULL, OPTION_CHANGED_SINCE },
	{ "word", no_argument, NULL, OPTION_MODE + MODE_WORD },
	{ "evidence", no_argument, NULL, OPTION_MODE + MODE_EVIDENCE },
	{ "history", no_argument, NULL, OPTION_MODE + MODE_HISTORY },
	{ "peers", no_argument, NULL, OPTION_MODE + MODE_PEERS },
	{ "search", no_argument, NULL, OPTION_MODE + MODE_SEARCH },
	{ "status", no_argument, NULL, OPTION_MODE + MODE_STATUS },
	{ "help", no_argument, NULL, OPTION_MODE + MODE_HELP },
	{ "version", no_argument, NULL, OPTION_MODE + MODE_VERSION },
	{ NULL, 0, NULL, 0 },
};

static int
mode_set(struct options *options, enum mode mode, struct error *error)
{
	if (options->mode == MODE_HELP || options->mode == MODE_VERSION)
		return 0;
	if (options->mode != MODE_CHECK && options->mode != mode && mode != MODE_HELP && mode != MODE_VERSION)
		return error_set(
			error, EX_USAGE,
			"of --word, --evidence, --history, --search, --peers and --status only one can be given");
	options->mode = mode;
	return 0;
}

static int
option_set(struct options *options, int option, char **argv, struct error *error)
{
	uint64_t generation;

	switch (option) {
	case 'd':
		options->directory = optarg;
		return 0;
	case 'b':
		options->batch = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 'l':
		options->long_form = true;
		return 0;
	case OPTION_VERIFY:
		options->verify = true;
		return 0;
	case OPTION_CHANGED_SINCE:
		if (!slice_decimal(slice_of(optarg), UINT32_MAX, &generation) || generation == 0)
			return error_set(error, EX_USAGE, "--changed-since \"%s\" is not the number of a generation",
					 optarg);
		options->changed_since = (uint32_t)generation;
		return 0;
	case OPTION_ROLE:
	case OPTION_FROM:
	case OPTION_TO:
	case OPTION_AT:
		return parameter_set(&options->question, (enum parameter)(option - OPTION_ROLE), slice_of(optarg),
				     "--", error);
	case '?':
	case ':':
		return option_refused("rmdcheck", option, argv, error);
	default:
		return mode_set(options, (enum mode)(option - OPTION_MODE), error);
	}
}

/* Options that say nothing together are refused rather than ignored: whoever gave them expects something. */
static int
combination_check(const struct options *options, struct error *error)
{
	bool about_calls = options->mode == MODE_CHECK || options->mode == MODE_WORD ||
			   options->mode == MODE_EVIDENCE || options->mode == MODE_PEERS;
	const char *one = options->mode == MODE_WORD       ? "--word"
			  : options->mode == MODE_EVIDENCE ? "--evidence"
			  : options->mode == MODE_HISTORY  ? "--history"
							   : NULL;
	const struct rmd_query *question = &options->question;
	int count = options->provider_count;

	if (options->mode == MODE_HELP || options->mode == MODE_VERSION)
		return 0;
	if (options->verify && options->mode != MODE_STATUS)
		return error_set(error, EX_USAGE, "--verify goes with --status only");
	if (options->changed_since != 0 && (options->mode != MODE_PEERS || question->at != RMD_TIME_NONE))
		return error_set(error, EX_USAGE, "--changed-since goes with --peers only, and not with --at");
	if (options->batch && options->mode != MODE_CHECK)
		return error_set(error, EX_USAGE,
				 "--batch does not go with --word, --evidence, --history, --search or --status");
	if (options->long_form && options->mode != MODE_CHECK)
		return error_set(error, EX_USAGE,
				 "--long does not go with --word, --evidence, --history, --search or --status");
	if (options->json && options->mode == MODE_WORD)
		return error_set(error, EX_USAGE, "--json does not go with --word");
	if (!about_calls && (question->role != RMD_ROLE_NONE || question->caller != NULL ||
			     question->called != NULL || question->at != RMD_TIME_NONE))
		return error_set(error, EX_USAGE,
				 "--role, --from, --to and --at do not go with --history, --search or --status");
	if ((options->batch || options->mode == MODE_STATUS || options->mode == MODE_PEERS) && count > 0)
		return error_set(error, EX_USAGE, "%s takes no PROVIDER, but \"%s\" was given",
				 options->batch                ? "--batch"
				 : options->mode == MODE_PEERS ? "--peers"
							       : "--status",
				 options->providers[0]);
	if (one != NULL && count != 1)
		return error_set(error, EX_USAGE, "%s takes exactly one PROVIDER, not %d", one, count);
	if (options->mode == MODE_SEARCH && count == 0)
		return error_set(error, EX_USAGE, "--search needs a name to look for");
	if (options->mode == MODE_CHECK && !options->batch && count == 0)
		return error_set(error, EX_USAGE, "no PROVIDER; see rmdcheck --help");
	return 0;
}

int
options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	int option;

	*options = (struct options){ .directory = RMD_STATE_DIRECTORY, .question = RMD_QUERY_INIT };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":d:bjl", long_options, NULL)) != -1)
		if (option_set(options, option, argv, error) != 0)
			return error->code;
	options->providers = argv + optind;
	options->provider_count = argc - optind;
	return combination_check(options, error);
}

void
options_snapshot_path(const struct options *options, char path[LIMIT_PATH_BYTES])
{
	(void)path_join(path, LIMIT_PATH_BYTES, options->directory, "rmd.mdb");
}
