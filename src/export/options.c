/* SPDX-License-Identifier: ISC
 *
 * The command line of rmdexport. Nothing is opened or looked up here.
 */
#include "export/options.h"

#include <getopt.h>
#include <string.h>

#include "export/export.h"

/* A screen of 24 lines and 80 columns, and no more. */
const char options_help[] = "usage: rmdexport [-c FILE] [-d DIR] [-o FILE] [--since GENERATION] FORMAT\n"
			    "       rmdexport [-c FILE] [-d DIR] --all DIR\n"
			    "Writes the answers of the snapshot for programs that ask elsewhere.\n"
			    "FORMAT is one of\n"
			    "  dns         a zone by FRN and RMD number      rbldnsd     data for rbldnsd\n"
			    "  csv         one row a filing                  json        one object a line\n"
			    "  kamailio    address.list and htable (-o DIR)  redis       commands for a hash\n"
			    "  prometheus  for node_exporter's textfiles     html        a page for people\n"
			    "  -o, --output FILE       replaced whole, and only where it differs; its path is\n"
			    "                          then written; - or none: standard output\n"
			    "  --since GENERATION      csv, json: only what changed after it\n"
			    "  --all DIR               the formats that rmd.conf names, into DIR\n"
			    "  -c, --config FILE       rmd.conf\n"
			    "  -d, --directory DIR     directory of the snapshot\n"
			    "  --name-server NAME      dns, rbldnsd: of the zone; default localhost\n"
			    "  --contact MAIL          likewise; default hostmaster@localhost\n"
			    "  --help, --version\n"
			    "Exit: 0, 64 usage, 66 no data (old files stay), 70 internal, 73 cannot write,\n"
			    "74 output failed, 75 locked, or the snapshot kept changing, 78 configuration.\n";

enum { OPTION_ALL = 256, OPTION_SINCE, OPTION_NAME_SERVER, OPTION_CONTACT, OPTION_HELP, OPTION_VERSION };

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "directory", required_argument, NULL, 'd' },
	{ "output", required_argument, NULL, 'o' },
	{ "all", required_argument, NULL, OPTION_ALL },
	{ "since", required_argument, NULL, OPTION_SINCE },
	{ "name-server", required_argument, NULL, OPTION_NAME_SERVER },
	{ "contact", required_argument, NULL, OPTION_CONTACT },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

const struct format *
format_find(struct slice name)
{
	for (const struct format *format = formats; format->name != NULL; format++)
		if (slice_equal(name, slice_of(format->name)))
			return format;
	return NULL;
}

static bool
is_label_character(char c)
{
	c = ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* A host's name, its last dot added; false: it is none. */
static bool
domain_set(char target[DOMAIN_SIZE], struct slice name)
{
	size_t label = 0;

	if (name.length > 0 && name.data[name.length - 1] == '.')
		name.length--;
	if (name.length == 0 || name.length > 253)
		return false;
	for (size_t i = 0; i < name.length; i++) {
		label = name.data[i] == '.' ? 0 : label + 1;
		if (label > 63 || (label == 0 && (i == 0 || name.data[i - 1] == '.')) ||
		    (label > 0 && !is_label_character(name.data[i])))
			return false;
	}
	memcpy(target, name.data, name.length);
	target[name.length] = '.';
	target[name.length + 1] = '\0';
	return label > 0;
}

/* A mailbox as a zone has it: the @ is a dot, and dots before it are escaped. */
static bool
contact_set(char target[DOMAIN_SIZE], const char *text)
{
	const char *at = strchr(text, '@');
	size_t used = 0;

	if (at == NULL || at == text || at - text > 63)
		return false;
	for (const char *c = text; c < at; c++) {
		if (*c != '.' && !is_label_character(*c))
			return false;
		if (*c == '.')
			target[used++] = '\\';
		target[used++] = *c;
	}
	target[used++] = '.';
	return strlen(at + 1) <= 180 && domain_set(target + used, slice_of(at + 1));
}

static int
since_set(struct options *options, struct error *error)
{
	uint64_t since;

	if (!slice_decimal(slice_of(optarg), UINT32_MAX, &since))
		return error_set(error, EX_USAGE, "--since \"%s\" is not the number of a generation", optarg);
	options->since_given = true;
	options->since = (uint32_t)since;
	return 0;
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
	case 'o':
		options->output = optarg;
		return 0;
	case OPTION_ALL:
		options->all = optarg;
		return 0;
	case OPTION_SINCE:
		return since_set(options, error);
	case OPTION_NAME_SERVER:
		return domain_set(options->name_server, slice_of(optarg))
			       ? 0
			       : error_set(error, EX_USAGE, "--name-server \"%s\" is no host's name", optarg);
	case OPTION_CONTACT:
		return contact_set(options->contact, optarg)
			       ? 0
			       : error_set(error, EX_USAGE, "--contact \"%s\" is no plain mail address", optarg);
	case OPTION_HELP:
		options->mode = MODE_HELP;
		return 0;
	case OPTION_VERSION:
		options->mode = MODE_VERSION;
		return 0;
	default:
		return option_refused("rmdexport", option, argv, error);
	}
}

static int
format_set(struct options *options, int count, char **words, struct error *error)
{
	if (count == 0)
		return error_set(error, EX_USAGE, "no FORMAT; see rmdexport --help");
	options->format = format_find(slice_of(words[0]));
	if (options->format == NULL)
		return error_set(error, EX_USAGE, "\"%s\" is no format; see rmdexport --help", words[0]);
	if (count > 1)
		return error_set(error, EX_USAGE, "one FORMAT at a time, but \"%s\" was given too", words[1]);
	if (options->output != NULL && strcmp(options->output, "-") == 0)
		options->output = NULL;
	if (options->since_given && !options->format->since)
		return error_set(error, EX_USAGE, "--since goes with csv and json only");
	if (options->format->directory != NULL && options->output == NULL)
		return error_set(error, EX_USAGE, "%s writes several files: give their directory with -o",
				 options->format->name);
	return 0;
}

/* Options that say nothing together are refused rather than ignored: whoever gave them expects something. */
static int
combination_check(struct options *options, int count, char **words, struct error *error)
{
	if (options->mode == MODE_HELP || options->mode == MODE_VERSION)
		return 0;
	if (options->all == NULL)
		return format_set(options, count, words, error);
	options->mode = MODE_ALL;
	if (count > 0)
		return error_set(error, EX_USAGE, "--all takes no FORMAT, but \"%s\" was given", words[0]);
	if (options->output != NULL || options->since_given)
		return error_set(error, EX_USAGE, "--output and --since do not go with --all");
	return 0;
}

int
options_parse(struct options *options, int argc, char **argv, struct error *error)
{
	int option;

	*options = (struct options){ .name_server = "localhost.", .contact = "hostmaster.localhost." };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":c:d:o:", long_options, NULL)) != -1)
		if (option_set(options, option, argv, error) != 0)
			return error->code;
	return combination_check(options, argc - optind, argv + optind, error);
}
