/* SPDX-License-Identifier: ISC
 *
 * What rmdnotice does for each of its commands. Each returns the exit code of the contract and fills the error where
 * there is something to tell.
 */
#ifndef NOTICE_COMMAND_H
#define NOTICE_COMMAND_H

#include "base/stream.h"
#include "notice/effect.h"
#include "notice/options.h"
#include "sync/conf.h"

/* What a command works with: the operator's files as they are. */
struct work {
	const struct options *options;
	struct stream *out;
	struct error *error;
	const char *conf_path;
	char directory[LIMIT_PATH_BYTES]; /* of the register */
	struct conf conf;
	struct calendar calendar;
	struct notice_register notices;
	struct effect_rules rules;
	int64_t now;
	int64_t at; /* the instant looked at: --at, else now */
};

/* The command of the options, from the reading of the operator's files to the end of its output. */
int
command_run(const struct options *options, struct error *error);

int
import_run(struct work *work);
int
list_run(struct work *work);
int
show_run(struct work *work);
int
due_run(struct work *work);
int
match_run(struct work *work);
int
respond_run(struct work *work);
int
notify_fcc_run(struct work *work);

/* NULL after error_set: 66, nothing of that id is on file. */
const struct notice *
work_find(struct work *work, const char *id);

/* After a change: what was changed has been written to `out`; says when it takes effect, and offers to see to it. 0,
 * or what the run of rmdsync ended with. */
int
change_end(struct work *work);

#endif
