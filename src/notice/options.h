/* SPDX-License-Identifier: ISC
 *
 * The command line of rmdnotice, read into one struct. Nothing is opened or looked up here.
 */
#ifndef NOTICE_OPTIONS_H
#define NOTICE_OPTIONS_H

#include "base/error.h"
#include "notice/notice.h"

enum command {
	COMMAND_NONE,
	COMMAND_IMPORT,
	COMMAND_LIST,
	COMMAND_SHOW,
	COMMAND_DUE,
	COMMAND_MATCH,
	COMMAND_RESPOND,
	COMMAND_NOTIFY_FCC,
	COMMAND_HELP,
	COMMAND_VERSION
};

/* Whether rmdsync is run after a change. */
enum sync_choice { SYNC_ASK, SYNC_RUN, SYNC_LEAVE };

struct options {
	enum command command;
	const char *conf_path; /* NULL: the one compiled in, which may be missing */
	const char *directory; /* NULL: the one compiled in */
	bool json;
	bool ics;
	bool dry_run;
	enum sync_choice sync;
	struct moment at; /* MOMENT_NONE: not given */
	struct moment issued;
	struct moment sent;
	const char *id; /* NULL: not given */
	char **arguments;
	int argument_count;
};

extern const char options_help[];

/* 0, or EX_USAGE and the error names the option or value. */
int
options_parse(struct options *options, int argc, char **argv, struct error *error);

#endif
