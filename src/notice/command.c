/* SPDX-License-Identifier: ISC
 *
 * The operator's files before a command, and what the commands have in common. What each of them does is in a file of
 * its own.
 */
#include "notice/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/screen.h"

/* As a shell says that there is no such program. */
#define NOT_STARTED 127

/* A register that is broken stops every command: what it says cannot be trusted, and what it lacks is not known. */
static int
work_begin(struct work *work)
{
	const struct options *options = work->options;
	char path[LIMIT_PATH_BYTES];

	work->conf_path = options->conf_path != NULL ? options->conf_path : RMD_CONF;
	conf_defaults(&work->conf);
	if (conf_read(&work->conf, work->conf_path, options->conf_path != NULL, work->error) != 0 ||
	    conf_beside(work->directory, sizeof work->directory, work->conf_path, REGISTER_NAME, work->error) != 0 ||
	    conf_beside(path, sizeof path, work->conf_path, "calendar.conf", work->error) != 0 ||
	    calendar_load(path, &work->calendar, work->error) != 0 ||
	    register_load(work->directory, &work->notices, work->error) != 0)
		return work->error->code;
	work->rules = (struct effect_rules){ &work->calendar, work->conf.removal_grace, &work->notices };
	work->now = time_now();
	work->at = options->at.date != DAY_NONE ? options->at.instant : work->now;
	return 0;
}

static int
work_run(struct work *work)
{
	switch (work->options->command) {
	case COMMAND_IMPORT:
		return import_run(work);
	case COMMAND_LIST:
		return list_run(work);
	case COMMAND_SHOW:
		return show_run(work);
	case COMMAND_DUE:
		return due_run(work);
	case COMMAND_MATCH:
		return match_run(work);
	case COMMAND_RESPOND:
		return respond_run(work);
	case COMMAND_NOTIFY_FCC:
		return notify_fcc_run(work);
	default:
		return EX_SOFTWARE;
	}
}

int
command_run(const struct options *options, struct error *error)
{
	char buffer[LIMIT_OUTPUT_BYTES];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };
	struct display display;
	struct work work;
	int code;

	work = (struct work){ .options = options, .out = &out, .error = error };
	if (!options->json && !options->ics)
		display_begin(&display, &out);
	code = work_begin(&work);
	if (code == 0)
		code = work_run(&work);
	register_end(&work.notices);
	calendar_end(&work.calendar);
	return stream_finish(&out, code, error);
}

const struct notice *
work_find(struct work *work, const char *id)
{
	const struct notice *notice = register_find(&work->notices, id);

	if (notice == NULL)
		error_set(work->error, EX_NOINPUT, "\"%s\" is not on file in %s; rmdnotice list names what is", id,
			  work->directory);
	return notice;
}

/* On a terminal only, and only there is standard input read: a script must not hang on a question. */
static bool
is_yes(void)
{
	char answer[8];

	(void)fputs("run rmdsync --offline now? [y/N] ", stderr);
	return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static bool
is_sync_wanted(const struct work *work)
{
	const struct options *options = work->options;

	if (options->sync != SYNC_ASK || options->json)
		return options->sync == SYNC_RUN;
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 && is_yes();
}

/* The rmdsync that the operator's shell would find, else the one that was installed with us. */
static void
sync_exec(const struct options *options)
{
	const char *arguments[8] = { "rmdsync" };
	size_t count = 1;

	if (options->conf_path != NULL) {
		arguments[count++] = "-c";
		arguments[count++] = options->conf_path;
	}
	if (options->directory != NULL) {
		arguments[count++] = "-d";
		arguments[count++] = options->directory;
	}
	/* Its summary must not come between our objects. */
	if (options->json)
		arguments[count++] = "-q";
	arguments[count] = "--offline";
	execvp("rmdsync", (char *const *)arguments);
	if (errno == ENOENT)
		execv(RMD_SBIN "/rmdsync", (char *const *)arguments);
}

static int
sync_run(struct work *work)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		sync_exec(work->options);
		_exit(NOT_STARTED);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			child = -1;
	if (child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED))
		return error_set(work->error, EX_SOFTWARE,
				 "rmdsync cannot be started: it is neither in PATH nor in %s; the change is on file",
				 RMD_SBIN);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return error_set(
		work->error, WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE,
		"rmdsync --offline did not succeed; the change is on file and takes effect with the next run "
		"that does");
}

int
change_end(struct work *work)
{
	if (!work->options->json)
		stream_text(work->out, "it takes effect with the next rmdsync run; now: rmdsync --offline\n");
	/* What was done stands before the question, and before what rmdsync says. */
	if (stream_flush(work->out) != 0)
		return 0;
	return is_sync_wanted(work) ? sync_run(work) : 0;
}
