/* SPDX-License-Identifier: ISC
 *
 * The command line of rmdcheck, read into one struct. Nothing is opened or looked up here.
 */
#ifndef CHECK_OPTIONS_H
#define CHECK_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/limits.h"
#include "rmd.h"

enum mode {
	MODE_CHECK,
	MODE_WORD,
	MODE_PEERS,
	MODE_HISTORY,
	MODE_EVIDENCE,
	MODE_SEARCH,
	MODE_STATUS,
	MODE_HELP,
	MODE_VERSION
};

struct options {
	enum mode mode;
	const char *directory;
	bool batch;
	bool json;
	bool long_form;
	bool verify;
	uint32_t changed_since;    /* a generation; 0: not given */
	struct rmd_query question; /* role, caller, called and instant, for every PROVIDER */
	char **providers;          /* with --search: its words */
	int provider_count;
};

extern const char options_help[];

/* 0, or EX_USAGE and the error names the option or value. */
int
options_parse(struct options *options, int argc, char **argv, struct error *error);

/* The path of the snapshot, for messages and for --verify. A path that is too long comes out cut and leads nowhere.
 */
void
options_snapshot_path(const struct options *options, char path[LIMIT_PATH_BYTES]);

#endif
