/* SPDX-License-Identifier: ISC
 *
 * Which files are hooks, and one process after the other in a group and an environment of its own. What an event says
 * is report.c's matter, where it waits pending.c's.
 */
#include "sync/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/durable.h"
#include "sync/pending.h"

/* What ends rmdsync, and the hook with it. */
static const int endings[] = { SIGINT, SIGTERM, SIGHUP };

/* What a hook finds as the system gives it, whatever our own parent chose. */
static const int restored[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGQUIT, SIGALRM };

static const char *const kept_variables[] = { "PATH", "HOME", "LANG", "TZ" };

enum { OWN_VARIABLES = 8, KEPT_VARIABLES = sizeof kept_variables / sizeof kept_variables[0] };

/* One event on its way to the hooks. */
struct telling {
	struct hooks *hooks;
	struct pending *pending;
	char own[OWN_VARIABLES][LIMIT_PATH_BYTES + sizeof "RMD_DIFF=" + sizeof DIFFERENCE_NAME];
	char *environment[OWN_VARIABLES + KEPT_VARIABLES + 1];
	sigset_t endings;
	sigset_t waited; /* those, and the end of a child */
};

int
hooks_begin(struct hooks *hooks, const struct run_options *options, const struct conf *conf, const char *state,
	    struct error *error)
{
	const char *given = conf->hooks_directory;
	char path[LIMIT_PATH_BYTES], *real;

	memset(hooks, 0, sizeof *hooks);
	hooks->options = options;
	hooks->state = state;
	hooks->timeout = conf->hooks_timeout;
	if (given[0] == '\0')
		return 0;
	if (conf_beside(path, sizeof path, options->conf_path, given, error) != 0)
		return error->code;
	/* A hook is started in another directory. What cannot be resolved cannot be read either, and is told then. */
	real = realpath(path, NULL);
	slice_copy(hooks->path, sizeof hooks->path, slice_of(real != NULL ? real : path));
	free(real);
	return 0;
}

void
hooks_end(struct hooks *hooks)
{
	for (size_t i = 0; i < hooks->count; i++)
		free(hooks->entries[i]);
	free(hooks->entries);
	hooks->entries = NULL;
	hooks->count = 0;
	hooks->listed = false;
}

static bool
name_good(const char *name)
{
	size_t length = strlen(name);

	return name[0] != '.' && strstr(name, ".dpkg-") == NULL &&
	       (length < 4 || strcmp(name + length - 4, ".bak") != 0) &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") == length;
}

/* Whom the file obeys besides us and root; NULL: nobody. */
static const char *
strangers(const struct stat *file)
{
	if ((file->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "can be written by others";
	return file->st_uid != 0 && file->st_uid != geteuid() ? "belongs to somebody else" : NULL;
}

/* Why it is not run; NULL: it is. */
static const char *
hook_wrong(int directory, const char *name)
{
	struct stat file;

	if (!name_good(name))
		return "has no name for a hook";
	if (fstatat(directory, name, &file, AT_SYMLINK_NOFOLLOW) != 0)
		return "cannot be looked at";
	if (!S_ISREG(file.st_mode))
		return "is no regular file";
	if (strangers(&file) != NULL)
		return strangers(&file);
	return faccessat(directory, name, X_OK, AT_EACCESS) != 0 ? "cannot be executed" : NULL;
}

static int
name_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Leaves of the entries those that are hooks. */
static void
entries_sift(struct hooks *hooks, int directory, size_t found)
{
	for (size_t i = 0; i < found; i++) {
		struct dirent *entry = hooks->entries[i];
		const char *wrong = hook_wrong(directory, entry->d_name);

		if (wrong == NULL) {
			hooks->entries[hooks->count++] = entry;
			continue;
		}
		if (hooks->options->verbose && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			report_note(hooks->options, "%s/%s %s and is no hook", hooks->path, entry->d_name, wrong);
		free(entry);
	}
}

/* Fills the list, once. False: what is there is not known. */
static bool
hooks_list(struct hooks *hooks)
{
	int directory, found = 0;
	struct stat status;

	if (hooks->listed || hooks->path[0] == '\0')
		return !hooks->unreadable;
	hooks->listed = true;
	directory = open(hooks->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 && errno == ENOENT) {
		if (hooks->options->verbose)
			report_note(hooks->options, "there is no %s, and so no hook", hooks->path);
		return true;
	}
	if (directory < 0 || fstat(directory, &status) != 0 ||
	    (found = scandir(hooks->path, &hooks->entries, NULL, name_order)) < 0) {
		report_warning("%s: %s; hooks are told when it can be read", hooks->path, strerror(errno));
		hooks->unreadable = true;
	} else if (strangers(&status) != NULL) {
		report_warning("%s %s: no hook in it is run", hooks->path, strangers(&status));
		for (int i = 0; i < found; i++)
			free(hooks->entries[i]);
	} else {
		entries_sift(hooks, directory, (size_t)found);
	}
	if (directory >= 0)
		close(directory);
	return !hooks->unreadable;
}

/* A new generation is recorded before it is published; one whose publication was killed or failed never came to be.
 * False, with errno: not all of that could be removed. */
static bool
unpublished_drop(const struct hooks *hooks)
{
	struct pending pending = { .number = 0 };
	char path[LIMIT_PATH_BYTES];
	struct snapshot *snapshot = NULL;
	uint32_t serving = UINT32_MAX;
	int got = pending_next(hooks->state, &pending);

	if (got == 0)
		return true;
	if (path_join(path, sizeof path, hooks->state, SNAPSHOT_NAME) == 0) {
		enum snapshot_status status = snapshot_open(path, &snapshot);

		/* A damaged snapshot judges nothing, and is itself a failure that hooks must hear of. */
		if (status == SNAPSHOT_GOOD)
			serving = snapshot_state(snapshot)->generation;
		else if (status == SNAPSHOT_MISSING)
			serving = 0;
	}
	snapshot_close(snapshot);
	for (; got != 0; got = pending_next(hooks->state, &pending)) {
		struct summary summary;

		if (got < 0 && errno != EINVAL)
			return false;
		if (got > 0 && summary_parse(pending.summary, &summary) && summary.generation <= serving)
			continue;
		if (pending_remove(hooks->state, &pending) != 0)
			return false;
	}
	return true;
}

/* Not waited for for ever: somebody was to run --run-hooks, and does not. */
static void
oldest_drop(const struct hooks *hooks)
{
	struct pending oldest = { .number = 0 };

	if (pending_next(hooks->state, &oldest) == 0)
		return;
	report_warning("%s: %d events wait for --run-hooks; the oldest is dropped", hooks->state, LIMIT_PENDING);
	if (pending_remove(hooks->state, &oldest) != 0)
		report_warning("%s: cannot drop it: %s", hooks->state, strerror(errno));
}

static int
difference_write(const char *path, const struct report *report, const struct difference *difference,
		 struct staging *staging, const struct snapshot *old)
{
	FILE *file;
	int status;

	if (unlink(path) != 0 && errno != ENOENT)
		return -1;
	file = fopen(path, "wxe");
	if (file == NULL)
		return -1;
	errno = ENOMEM;
	status = report_difference(file, report, difference, staging, old) ? 0 : -1;
	if (fclose(file) != 0)
		status = -1;
	return status == 0 ? durable_sync_file(path, 0444) : -1;
}

void
hooks_record(struct hooks *hooks, const struct report *report, const struct difference *difference,
	     struct staging *staging, const struct snapshot *old)
{
	char path[LIMIT_PATH_BYTES], *summary;
	struct pending pending = { .number = 0 };
	uint32_t waiting = 0;

	if (hooks->path[0] == '\0' || (!hooks->options->hooks_later && hooks_list(hooks) && hooks->count == 0))
		return;
	summary = report_json(report);
	if (summary == NULL || strlen(summary) >= sizeof pending.summary) {
		report_warning("not enough memory to tell the hooks of this run");
		goto out;
	}
	memcpy(pending.summary, summary, strlen(summary) + 1);
	if (unpublished_drop(hooks))
		pending.number = pending_number(hooks->state, &waiting);
	if (waiting >= LIMIT_PENDING)
		oldest_drop(hooks);
	if (pending.number == 0 || pending_difference_path(path, hooks->state, pending.number) != 0 ||
	    (difference != NULL && difference_write(path, report, difference, staging, old) != 0) ||
	    pending_write(hooks->state, &pending) != 0)
		report_warning("%s: cannot record what hooks are to be told: %s; they are not told of this run",
			       hooks->state, strerror(errno));
out:
	free(summary);
}

/* The next of the (blocked) signals; 0: none came until then. */
static int
signal_wait(const sigset_t *signals, int64_t until)
{
	for (;;) {
		int64_t left = until - clock_milliseconds();
		struct timespec time = { 0, 0 };
		int number;

		if (left > 0)
			time = (struct timespec){ left / 1000, left % 1000 * 1000000 };
		number = sigtimedwait(signals, NULL, &time);
		if (number > 0)
			return number;
		if (errno != EINTR)
			return 0;
	}
}

static bool
child_ended(pid_t child)
{
	siginfo_t end = { .si_pid = 0 };

	return waitid(P_PID, (id_t)child, &end, WEXITED | WNOHANG | WNOWAIT) != 0 || end.si_pid == child;
}

/* Waits for the hook, at most its time. Returns the signal that ended it with us, 0 otherwise; *late: its time was
 * up. */
static int
hook_wait(const struct telling *telling, pid_t child, int *status, bool *late)
{
	int64_t until = clock_milliseconds() + (int64_t)telling->hooks->timeout * 1000;
	int ended_by = 0, number;
	bool ending = false;

	*late = false;
	while (!child_ended(child)) {
		number = signal_wait(&telling->waited, until);
		if (number == SIGCHLD)
			continue;
		/* Nobody is left to tell a failure of kill: the group is gone. */
		(void)kill(-child, ending ? SIGKILL : SIGTERM);
		if (!ending)
			*late = number == 0;
		if (number != 0)
			ended_by = number;
		ending = true;
		until = clock_milliseconds() + INT64_C(1000) * LIMIT_HOOK_END_SECONDS;
	}
	/* Not reaped yet, so that the number of the group is still its own. */
	if (ending)
		(void)kill(-child, SIGKILL);
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			break;
	return ended_by;
}

/* A pipe that holds the summary, its other end closed. -1 with errno. */
static int
summary_pipe(const char *summary)
{
	int ends[2], status;

	_Static_assert(LIMIT_SUMMARY_BYTES <= 4096, "a pipe takes it at once");
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	status = write_all(ends[1], summary, strlen(summary)) == 0 && write_all(ends[1], "\n", 1) == 0 ? 0 : -1;
	if (close(ends[1]) != 0)
		status = -1;
	if (status == 0)
		return ends[0];
	close(ends[0]);
	return -1;
}

/* 0, or the error's number. */
static int
hook_start(const struct telling *telling, char *path, pid_t *child)
{
	char *const arguments[] = { path, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int input, status;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	sigemptyset(&none);
	sigemptyset(&defaults);
	for (size_t i = 0; i < sizeof restored / sizeof restored[0]; i++)
		sigaddset(&defaults, restored[i]);
	input = summary_pipe(telling->pending->summary);
	status = input < 0 ? errno : 0;
	if (status == 0 &&
	    ((status = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)) != 0 ||
	     (status = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)) != 0 ||
	     (status = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)) != 0 ||
	     (status = posix_spawn_file_actions_addchdir_np(&actions, "/")) != 0 ||
	     (status = posix_spawnattr_setpgroup(&attributes, 0)) != 0 ||
	     (status = posix_spawnattr_setsigmask(&attributes, &none)) != 0 ||
	     (status = posix_spawnattr_setsigdefault(&attributes, &defaults)) != 0 ||
	     (status = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
								     POSIX_SPAWN_SETSIGDEF)) != 0))
		errno = status;
	if (status == 0)
		status = posix_spawn(child, path, &actions, &attributes, arguments, telling->environment);
	if (input >= 0)
		close(input);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

/* One hook, from its start to its end. Returns the signal that ended it with us, 0 otherwise. */
static int
hook_run(const struct telling *telling, const char *name)
{
	const struct hooks *hooks = telling->hooks;
	char path[LIMIT_PATH_BYTES];
	int error = ENAMETOOLONG, status = 0, ended_by;
	pid_t child = -1;
	bool late;

	if (path_join(path, sizeof path, hooks->path, name) == 0)
		error = hook_start(telling, path, &child);
	if (error != 0) {
		report_warning("hook %s: cannot be started: %s; what the run did stands", name, strerror(error));
		return 0;
	}
	ended_by = hook_wait(telling, child, &status, &late);
	if (ended_by != 0)
		report_warning("hook %s: stopped, because rmdsync was told to end; what the run did stands", name);
	else if (late)
		report_warning("hook %s: stopped after %llu s, its time; what the run did stands", name,
			       (unsigned long long)hooks->timeout);
	else if (WIFSIGNALED(status))
		report_warning("hook %s: died of signal %d; what the run did stands", name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		report_warning("hook %s: ended with %d; what the run did stands", name, WEXITSTATUS(status));
	else if (hooks->options->verbose)
		report_note(hooks->options, "hook %s: done", name);
	return ended_by;
}

static const char *
event_name(enum run_result result)
{
	return result == RESULT_PUBLISHED ? "changed" : result == RESULT_HELD ? "held" : "failed";
}

/* Returns false when something was too long. */
static bool
environment_set(struct telling *telling, const struct summary *summary)
{
	const char *state = telling->hooks->state;
	const size_t size = sizeof telling->own[0];
	size_t count = 0;
	int lengths[OWN_VARIABLES] = {
		snprintf(telling->own[0], size, "RMD_EVENT=%s", event_name(summary->result)),
		snprintf(telling->own[1], size, "RMD_GENERATION=%u", summary->generation),
		summary->result == RESULT_FAILED
			? snprintf(telling->own[2], size, "RMD_DIFF=/dev/null")
			: snprintf(telling->own[2], size, "RMD_DIFF=%s/%s", state, DIFFERENCE_NAME),
		snprintf(telling->own[3], size, "RMD_DB=%s/%s", state, SNAPSHOT_NAME),
		snprintf(telling->own[4], size, "RMD_ADDED=%llu", (unsigned long long)summary->added),
		snprintf(telling->own[5], size, "RMD_REMOVED=%llu", (unsigned long long)summary->removed),
		snprintf(telling->own[6], size, "RMD_CHANGED=%llu", (unsigned long long)summary->changed),
		snprintf(telling->own[7], size, "RMD_RELISTED=%llu", (unsigned long long)summary->relisted),
	};

	for (; count < OWN_VARIABLES; count++) {
		if (lengths[count] < 0 || (size_t)lengths[count] >= size)
			return false;
		telling->environment[count] = telling->own[count];
	}
	for (size_t i = 0; i < KEPT_VARIABLES; i++) {
		size_t length = strlen(kept_variables[i]);

		for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
			if (strncmp(*variable, kept_variables[i], length) == 0 && (*variable)[length] == '=') {
				telling->environment[count++] = *variable;
				break;
			}
	}
	telling->environment[count] = NULL;
	return true;
}

/* The event's difference becomes the one that RMD_DIFF names, unless a run that was cut short has done so. */
static int
difference_place(const struct telling *telling, const struct summary *summary)
{
	const char *state = telling->hooks->state;
	char from[LIMIT_PATH_BYTES], to[LIMIT_PATH_BYTES];

	if (summary->result == RESULT_FAILED)
		return 0;
	if (pending_difference_path(from, state, telling->pending->number) != 0 ||
	    path_join(to, sizeof to, state, DIFFERENCE_NAME) != 0)
		return -1;
	return rename(from, to) == 0 || errno == ENOENT ? 0 : -1;
}

/* Tells one event. 0: go on; -1: stop, it waits on; else the signal that ended it. */
static int
event_tell(struct telling *telling)
{
	struct hooks *hooks = telling->hooks;
	struct pending *pending = telling->pending;
	struct summary summary;
	int ended_by;

	if (!summary_parse(pending->summary, &summary) || !environment_set(telling, &summary) ||
	    difference_place(telling, &summary) != 0)
		goto fail;
	for (size_t i = 0; i < hooks->count; i++) {
		const char *name = hooks->entries[i]->d_name;

		if (strcmp(name, pending->started) <= 0)
			continue;
		ended_by = signal_wait(&telling->endings, 0);
		if (ended_by != 0)
			return ended_by;
		/* Written down before it is started: a kill, or a power cut, must not make it start again. */
		slice_copy(pending->started, sizeof pending->started, slice_of(name));
		if (pending_write(hooks->state, pending) != 0)
			goto fail;
		ended_by = hook_run(telling, name);
		if (ended_by != 0)
			return ended_by;
	}
	if (pending_remove(hooks->state, pending) == 0)
		return 0;
fail:
	report_warning("%s: cannot write down what hooks are told: %s; the rest waits for the next time",
		       hooks->state, strerror(errno));
	return -1;
}

int
hooks_tell(struct hooks *hooks)
{
	struct pending pending = { .number = 0 };
	struct telling telling = { .hooks = hooks, .pending = &pending };
	struct sigaction standard = { .sa_handler = SIG_DFL }, ending, before;
	int stop = 0, got;
	sigset_t mask;

	if (pending_next(hooks->state, &pending) == 0 || !hooks_list(hooks))
		return 0;
	sigemptyset(&telling.endings);
	/* One that whoever started us had ignored, as nohup does, ends nothing. */
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (sigaction(endings[i], NULL, &ending) == 0 && ending.sa_handler != SIG_IGN)
			sigaddset(&telling.endings, endings[i]);
	telling.waited = telling.endings;
	sigaddset(&telling.waited, SIGCHLD);
	/* Who started us may have had its children reaped by the kernel; then their ends could not be seen. */
	if (sigaction(SIGCHLD, &standard, &before) != 0 || sigprocmask(SIG_BLOCK, &telling.waited, &mask) != 0) {
		report_warning("cannot wait for hooks: %s; they are told the next time", strerror(errno));
		return 0;
	}
	if (!unpublished_drop(hooks)) {
		report_warning("%s: cannot be read: %s; hooks are told the next time", hooks->state, strerror(errno));
		stop = -1;
	}
	pending.number = 0;
	while (stop == 0 && (got = pending_next(hooks->state, &pending)) != 0)
		stop = got > 0 ? event_tell(&telling) : -1;
	if (sigprocmask(SIG_SETMASK, &mask, NULL) != 0 || sigaction(SIGCHLD, &before, NULL) != 0)
		report_warning("cannot restore the signals: %s", strerror(errno));
	return stop > 0 ? stop : 0;
}
