/* SPDX-License-Identifier: ISC
 *
 * The command line of rmdnotice. Nothing is opened or looked up here.
 */
#include "notice/options.h"

#include <getopt.h>
#include <string.h>

/* A screen of 24 lines and 80 columns, and no more. */
const char options_help[] = "usage: rmdnotice [-c FILE] [-d DIR] [-j] [--at TIME] COMMAND ...\n"
			    "Keeps the FCC's letters and orders, and tells what they let or make you do.\n"
			    "  import FILE|URL            read an FCC document (text, PDF) into the register\n"
			    "    -n, --dry-run            only show what was understood\n"
			    "    --issued DATE, --id ID   what the document does not say clearly\n"
			    "  list                       one line a document\n"
			    "  show ID                    all that is on file\n"
			    "  due [--ics]                what is allowed or required when; as iCalendar\n"
			    "  match ID [NAMED]           propose filings for a provider that it names\n"
			    "  match ID [NAMED] PROVIDER  it is this one: an FRN or an RMD number\n"
			    "  respond ID KIND DATE       record: mitigated, measures, reply, blocking-began\n"
			    "  notify-fcc ID              draft the notice to the FCC; sends nothing\n"
			    "    --sent DATE              record that it was sent\n"
			    "  -c, --config FILE          rmd.conf; the register is notices.d beside it\n"
			    "  -d, --directory DIR        directory of the snapshot\n"
			    "  -j, --json                 list, show, due, match: one JSON object a line\n"
			    "  --at TIME                  as of then; of a match: its date\n"
			    "  --sync, --no-sync          after a change run rmdsync, or do not ask\n"
			    "  --help, --version\n"
			    "Exit: 0, 64 usage, 65 refused, 66 nothing of that name, 69 unreachable,\n"
			    "73 cannot write, 74 output failed, 75 unreachable or locked for now,\n"
			    "78 configuration or register.\n";

enum {
	OPTION_AT = 256,
	OPTION_ISSUED,
	OPTION_ID,
	OPTION_ICS,
	OPTION_SENT,
	OPTION_SYNC,
	OPTION_NO_SYNC,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "directory", required_argument, NULL, 'd' },
	{ "json", no_argument, NULL, 'j' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "at", required_argument, NULL, OPTION_AT },
	{ "issued", required_argument, NULL, OPTION_ISSUED },
	{ "id", required_argument, NULL, OPTION_ID },
	{ "ics", no_argument, NULL, OPTION_ICS },
	{ "sent", required_argument, NULL, OPTION_SENT },
	{ "sync", no_argument, NULL, OPTION_SYNC },
	{ "no-sync", no_argument, NULL, OPTION_NO_SYNC },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* What each command takes; an option that says nothing to it is refused rather than ignored. */
static const struct {
	const char *name;
	int fewest, most; /* arguments */
	bool json, writes;
} commands[] = {
	[COMMAND_IMPORT] = { "import", 1, 1, false, true },
	[COMMAND_LIST] = { "list", 0, 0, true, false },
	[COMMAND_SHOW] = { "show", 1, 1, true, false },
	[COMMAND_DUE] = { "due", 0, 0, true, false },
	[COMMAND_MATCH] = { "match", 1, 3, true, true },
	[COMMAND_RESPOND] = { "respond", 3, 3, false, true },
	[COMMAND_NOTIFY_FCC] = { "notify-fcc", 1, 1, false, true },
};

static int
moment_set(struct moment *moment, const char *name, const char *value, struct error *error)
{
	if (moment_parse(slice_of(value), moment))
		return 0;
	return error_set(error, EX_USAGE,
			 "%s \"%s\" is neither a date (2026-03-02) nor a time such as 2026-03-02T09:30:00-05:00",
			 name, value);
}

static int
option_set(struct options *options, int option, char **argv, struct error *error)
{
	switch (option) {
	case 'c':
		options->conf_path = optarg;
		return 0;
	case 'd':
		options->directory = optarg;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 'n':
		options->dry_run = true;
		return 0;
	case OPTION_AT:
		return moment_set(&options->at, "--at", optarg, error);
	case OPTION_ISSUED:
		return moment_set(&options->issued, "--issued", optarg, error);
	case OPTION_SENT:
		return moment_set(&options->sent, "--sent", optarg, error);
	case OPTION_ID:
		options->id = optarg;
		return 0;
	case OPTION_ICS:
		options->ics = true;
		return 0;
	case OPTION_SYNC:
		options->sync = SYNC_RUN;
		return 0;
	case OPTION_NO_SYNC:
		options->sync = SYNC_LEAVE;
		return 0;
	case OPTION_HELP:
		options->command = COMMAND_HELP;
		return 0;
	case OPTION_VERSION:
		options->command = COMMAND_VERSION;
		return 0;
	default:
		return option_refused("rmdnotice", option, argv, error);
	}
}

static int
command_set(struct options *options, struct error *error)
{
	const char *word = options->arguments[0];

	for (enum command command = COMMAND_IMPORT; command <= COMMAND_NOTIFY_FCC; command++)
		if (strcmp(word, commands[command].name) == 0)
			options->command = command;
	if (options->command == COMMAND_NONE)
		return error_set(error, EX_USAGE,
				 "\"%s\" is none of import, list, show, due, match, respond, notify-fcc", word);
	options->arguments++;
	options->argument_count--;
	return 0;
}

static int
combination_check(const struct options *options, struct error *error)
{
	enum command command = options->command;
	const char *name = commands[command].name;
	bool imports = command == COMMAND_IMPORT;

	if (options->argument_count < commands[command].fewest || options->argument_count > commands[command].most)
		return error_set(error, EX_USAGE, "%s takes other arguments than these %d; see rmdnotice --help",
				 name, options->argument_count);
	if (options->json && !commands[command].json)
		return error_set(error, EX_USAGE, "--json does not go with %s", name);
	if (options->sync != SYNC_ASK && !commands[command].writes)
		return error_set(error, EX_USAGE, "--sync and --no-sync do not go with %s, which changes nothing",
				 name);
	if (!imports && (options->dry_run || options->issued.date != DAY_NONE || options->id != NULL))
		return error_set(error, EX_USAGE, "-n, --issued and --id go with import only");
	if (options->ics && command != COMMAND_DUE)
		return error_set(error, EX_USAGE, "--ics goes with due only");
	if (options->ics && options->json)
		return error_set(error, EX_USAGE, "--ics and --json exclude each other");
	if (options->sent.date != DAY_NONE && command != COMMAND_NOTIFY_FCC)
		return error_set(error, EX_USAGE, "--sent goes with notify-fcc only");
	return 0;
}

int
options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	int option;

	*options = (struct options){ .at = MOMENT_NONE, .issued = MOMENT_NONE, .sent = MOMENT_NONE };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":c:d:jn", long_options, NULL)) != -1)
		if (option_set(options, option, argv, error) != 0)
			return error->code;
	options->arguments = argv + optind;
	options->argument_count = argc - optind;
	if (options->command != COMMAND_NONE)
		return 0;
	if (options->argument_count == 0)
		return error_set(error, EX_USAGE, "no command; see rmdnotice --help");
	if (command_set(options, error) != 0)
		return error->code;
	return combination_check(options, error);
}
