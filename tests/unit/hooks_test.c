/* SPDX-License-Identifier: ISC
 *
 * Hooks as processes: which files are taken, what they are given, how they are ended, and that each hears an event
 * once. The hooks are little scripts; what they write to standard error is what a test looks at. Whole runs are
 * tests/flow/hooks.sh's matter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/durable.h"
#include "sync/hooks.h"
#include "sync/pending.h"

#define OTHER_USER 65534
#define SAID_SIZE 65536

static char world[] = P_tmpdir "/rmd-hooks-XXXXXX";
static char state_directory[64], hooks_directory[64], said_path[64];
static char said[SAID_SIZE]; /* what came to standard error */
static struct run_options options;
static struct conf conf;

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int
begin(void **context)
{
	(void)context;
	memcpy(world + sizeof world - 7, "XXXXXX", 6);
	if (mkdtemp(world) == NULL)
		return -1;
	snprintf(state_directory, sizeof state_directory, "%s/state", world);
	snprintf(hooks_directory, sizeof hooks_directory, "%s/hooks.d", world);
	snprintf(said_path, sizeof said_path, "%s/said", world);
	memset(&options, 0, sizeof options);
	options.conf_path = "/nonexistent/rmd.conf";
	conf_defaults(&conf);
	slice_copy(conf.hooks_directory, sizeof conf.hooks_directory, slice_of(hooks_directory));
	umask(022);
	/* A shell that runs the tests in the background has it ignored. */
	if (signal(SIGINT, SIG_DFL) == SIG_ERR)
		return -1;
	return mkdir(state_directory, 0755) != 0 || mkdir(hooks_directory, 0755) != 0 ? -1 : 0;
}

static int
end(void **context)
{
	(void)context;
	return nftw(world, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
file_write(const char *directory, const char *name, const char *text, mode_t mode)
{
	char path[LIMIT_PATH_BYTES];
	FILE *file;

	assert_int_equal(path_join(path, sizeof path, directory, name), 0);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
hook_write(const char *name, const char *script)
{
	char text[2048];

	snprintf(text, sizeof text, "#!/bin/sh\n%s\n", script);
	file_write(hooks_directory, name, text, 0755);
}

static bool
state_has(const char *name)
{
	char path[LIMIT_PATH_BYTES];

	assert_int_equal(path_join(path, sizeof path, state_directory, name), 0);
	return access(path, F_OK) == 0;
}

static void
file_read(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	assert_int_equal(fclose(file), 0);
}

/* Does what is asked of hooks that are begun afresh, as each run does; what is said meanwhile is in `said`. */
static int
hooks_do(const struct report *record, const struct difference *difference, struct staging *staging, bool tell)
{
	int said_file = open(said_path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600),
	    before = dup(STDERR_FILENO);
	struct error error = { 0 };
	struct hooks hooks;
	int ended_by = 0;

	assert_true(said_file >= 0 && before >= 0 && dup2(said_file, STDERR_FILENO) == STDERR_FILENO);
	assert_int_equal(hooks_begin(&hooks, &options, &conf, state_directory, &error), 0);
	if (record != NULL)
		hooks_record(&hooks, record, difference, staging, NULL);
	if (tell)
		ended_by = hooks_tell(&hooks);
	hooks_end(&hooks);
	assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(close(before), 0);
	assert_int_equal(close(said_file), 0);
	file_read(said_path, said, sizeof said);
	return ended_by;
}

/* A run that failed, its generation `serial` so that events can be told apart. There is no snapshot: what is of a
 * generation other than 0 never came to be, but a test of that is a test of its own. */
static struct report
report_of(enum run_result result, uint64_t added)
{
	return (struct report){ .result = result,
				.reason = "",
				.checked_at = 1759334400,
				.added = added,
				.removed = 2,
				.changed = 3,
				.relisted = 4 };
}

static int
tell_failed(void)
{
	struct report report = report_of(RESULT_FAILED, 1);

	return hooks_do(&report, NULL, NULL, true);
}

static void
test_files(void **context)
{
	static const char *const skipped[] = {
		"a.dpkg-old",  "a.dpkg-dist", "b.bak", "c~",    ".hidden", "two words",
		"caf\xc3\xa9", "plain",       "group", "world", "link",    "directory"
	};
	char path[LIMIT_PATH_BYTES], line[LIMIT_PATH_BYTES + 64];

	(void)context;
	for (size_t i = 0; i < sizeof skipped / sizeof skipped[0] - 2; i++)
		hook_write(skipped[i], "echo \"wrong: $0\"");
	file_write(hooks_directory, "plain", "#!/bin/sh\necho wrong: plain\n", 0644);
	file_write(hooks_directory, "group", "#!/bin/sh\necho wrong: group\n", 0775);
	file_write(hooks_directory, "world", "#!/bin/sh\necho wrong: world\n", 0757);
	file_write(world, "elsewhere", "#!/bin/sh\necho wrong: link\n", 0755);
	snprintf(path, sizeof path, "%s/link", hooks_directory);
	assert_int_equal(symlink("../elsewhere", path), 0);
	snprintf(path, sizeof path, "%s/directory", hooks_directory);
	assert_int_equal(mkdir(path, 0755), 0);
	hook_write("b", "echo b");
	hook_write("a-b_c.D9", "echo a-b_c.D9");
	hook_write("B", "echo B");
	hook_write("9", "echo 9");
	hook_write("10", "echo 10");
	hook_write("-", "echo -");
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(said, "-\n10\n9\nB\na-b_c.D9\nb\n");
	options.verbose = true;
	assert_int_equal(tell_failed(), 0);
	assert_null(strstr(said, "wrong"));
	for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
		snprintf(line, sizeof line, "rmdsync: %s/%s ", hooks_directory, skipped[i]);
		assert_non_null(strstr(said, line));
	}
	assert_non_null(strstr(said, "/group can be written by others and is no hook\n"));
	assert_non_null(strstr(said, "/link is no regular file and is no hook\n"));
	assert_null(strstr(said, "/b is "));
	assert_null(strstr(said, "/.. "));
}

static void
test_owner(void **context)
{
	char path[LIMIT_PATH_BYTES];

	(void)context;
	/* Only root can give a file away. */
	if (geteuid() != 0)
		skip();
	hook_write("other", "echo other");
	hook_write("own", "echo own");
	snprintf(path, sizeof path, "%s/other", hooks_directory);
	assert_int_equal(chown(path, OTHER_USER, OTHER_USER), 0);
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(said, "own\n");
	assert_int_equal(chown(hooks_directory, OTHER_USER, OTHER_USER), 0);
	assert_int_equal(tell_failed(), 0);
	assert_non_null(strstr(said, "hooks.d belongs to somebody else: no hook in it is run\n"));
	assert_null(strstr(said, "own\n"));
}

static void
test_directory(void **context)
{
	(void)context;
	hook_write("hook", "echo wrong");
	assert_int_equal(chmod(hooks_directory, 0775), 0);
	assert_int_equal(tell_failed(), 0);
	assert_non_null(strstr(said, "hooks.d can be written by others: no hook in it is run\n"));
	assert_null(strstr(said, "wrong"));
	/* There are none, so nothing is kept for them. */
	assert_false(state_has("pending.1.json"));
	slice_copy(conf.hooks_directory, sizeof conf.hooks_directory, slice_of("/nonexistent/hooks.d"));
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(said, "");
	assert_false(state_has("pending.1.json"));
	conf.hooks_directory[0] = '\0';
	options.hooks_later = true;
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(said, "");
	assert_false(state_has("pending.1.json"));
}

/* Whether there are hooks is not known: the event waits. */
static void
test_directory_unreadable(void **context)
{
	(void)context;
	slice_copy(conf.hooks_directory, sizeof conf.hooks_directory, slice_of(said_path));
	assert_int_equal(tell_failed(), 0);
	assert_non_null(strstr(said, "/said: Not a directory; hooks are told when it can be read\n"));
	assert_true(state_has("pending.1.json"));
	slice_copy(conf.hooks_directory, sizeof conf.hooks_directory, slice_of(hooks_directory));
	hook_write("hook", "echo $RMD_EVENT");
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_string_equal(said, "failed\n");
	assert_false(state_has("pending.1.json"));
}

static void
test_relative_directory(void **context)
{
	char conf_path[LIMIT_PATH_BYTES];

	(void)context;
	snprintf(conf_path, sizeof conf_path, "%s/rmd.conf", world);
	options.conf_path = conf_path;
	slice_copy(conf.hooks_directory, sizeof conf.hooks_directory, slice_of("hooks.d"));
	hook_write("hook", "echo $0");
	assert_int_equal(tell_failed(), 0);
	assert_int_equal(strncmp(said, hooks_directory, strlen(hooks_directory)), 0);
	assert_string_equal(said + strlen(hooks_directory), "/hook\n");
}

static void
test_environment(void **context)
{
	struct report held = report_of(RESULT_HELD, 1), failed = report_of(RESULT_FAILED, UINT64_C(4000000000000));
	struct difference none = { 0 };
	char expected[4096];

	(void)context;
	assert_int_equal(setenv("RMD_SECRET", "secret", 1), 0);
	assert_int_equal(setenv("LD_LIBRARY_PATH_NOT", "secret", 1), 0);
	assert_int_equal(setenv("PATH", "/usr/bin:/bin", 1), 0);
	assert_int_equal(setenv("HOME", "/var/empty", 1), 0);
	/* Another that begins like one of them, and comes before it. */
	assert_int_equal(unsetenv("TZ"), 0);
	assert_int_equal(setenv("TZX", "wrong", 1), 0);
	assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
	assert_int_equal(unsetenv("LANG"), 0);
	/* What the process was given, before its shell adds to it. */
	hook_write("hook", "tr '\\0' '\\n' </proc/$$/environ");
	assert_int_equal(hooks_do(&held, &none, NULL, true), 0);
	snprintf(expected, sizeof expected,
		 "RMD_EVENT=held\nRMD_GENERATION=0\nRMD_DIFF=%s/diff.jsonl\nRMD_DB=%s/"
		 "rmd.mdb\nRMD_ADDED=1\nRMD_REMOVED=2\n"
		 "RMD_CHANGED=3\nRMD_RELISTED=4\nPATH=/usr/bin:/bin\nHOME=/var/empty\nTZ=America/New_York\n",
		 state_directory, state_directory);
	assert_string_equal(said, expected);
	assert_int_equal(setenv("LANG", "C.UTF-8", 1), 0);
	assert_int_equal(hooks_do(&failed, NULL, NULL, true), 0);
	snprintf(
		expected, sizeof expected,
		"RMD_EVENT=failed\nRMD_GENERATION=0\nRMD_DIFF=/dev/null\nRMD_DB=%s/rmd.mdb\nRMD_ADDED=4000000000000\n"
		"RMD_REMOVED=2\nRMD_CHANGED=3\nRMD_RELISTED=4\nPATH=/usr/bin:/bin\nHOME=/var/empty\nLANG=C.UTF-8\n"
		"TZ=America/New_York\n",
		state_directory);
	assert_string_equal(said, expected);
}

static void
test_process(void **context)
{
	struct sigaction ignored = { .sa_handler = SIG_IGN }, before[3];
	static const int signals[] = { SIGPIPE, SIGCHLD, SIGTERM };
	int extra = dup(STDIN_FILENO);

	(void)context;
	assert_true(extra >= 0);
	assert_int_equal(dup2(extra, 77), 77);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sigaction(signals[i], &ignored, &before[i]), 0);
	hook_write("hook", "pwd\n"
			   "[ -e /proc/$$/fd/77 ] && echo wrong: a descriptor is open\n"
			   "read -r pid name state parent group rest </proc/$$/stat\n"
			   "[ \"$group\" = $$ ] || echo wrong: no group of its own\n"
			   "while read -r key mask; do\n"
			   "  case $key in Sig[BI]*) echo $key ${mask#?????????} ;; esac\n"
			   "done </proc/$$/status\n"
			   "[ /proc/$$/fd/1 -ef /proc/$$/fd/2 ] && echo one place\n"
			   "echo to standard error >&2\n");
	assert_int_equal(tell_failed(), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sigaction(signals[i], &before[i], NULL), 0);
	assert_int_equal(close(77), 0);
	assert_int_equal(close(extra), 0);
	assert_string_equal(said, "/\nSigBlk: 0000000\nSigIgn: 0000000\none place\n"
				  "to standard error\n");
}

static void
test_input(void **context)
{
	struct report report = report_of(RESULT_FAILED, 17);
	char *summary;

	(void)context;
	report.reason = "too-small";
	report.rows = 99;
	memset(report.digest, 'a', 64);
	memset(report.source, '\x01', LIMIT_SOURCE_BYTES);
	hook_write("1", "exit 0");
	hook_write("2", "cat");
	hook_write("3", "cat");
	assert_int_equal(hooks_do(&report, NULL, NULL, true), 0);
	summary = report_json(&report);
	assert_non_null(summary);
	assert_int_equal(strlen(said), 2 * strlen(summary) + 2);
	assert_memory_equal(said, summary, strlen(summary));
	assert_int_equal(said[strlen(summary)], '\n');
	assert_memory_equal(said + strlen(summary) + 1, summary, strlen(summary));
	assert_non_null(strstr(
		said, "{\"schema\":1,\"result\":\"failed\",\"reason\":\"too-small\",\"generation\":0,\"rows\":99,"));
	free(summary);
}

static void
test_failing(void **context)
{
	(void)context;
	options.quiet = true;
	hook_write("1-exit", "exit 3");
	hook_write("2-signal", "kill -KILL $$");
	file_write(hooks_directory, "3-start", "#!/nonexistent/shell\n", 0755);
	hook_write("4-good", "echo good");
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(
		said, "rmdsync: hook 1-exit: ended with 3; what the run did stands\n"
		      "rmdsync: hook 2-signal: died of signal 9; what the run did stands\n"
		      "rmdsync: hook 3-start: cannot be started: No such file or directory; what the run did stands\n"
		      "good\n");
	assert_false(state_has("pending.1.json"));
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_string_equal(said, "");
}

/* The far end of a pipe with a name, which a hook and its children hold. */
static int
fifo_open(void)
{
	char path[LIMIT_PATH_BYTES];
	int fifo;

	snprintf(path, sizeof path, "%s/fifo", world);
	assert_int_equal(mkfifo(path, 0600), 0);
	fifo = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fifo >= 0);
	return fifo;
}

/* All who held it are gone, or are about to be. */
static void
assert_nobody_left(int fifo)
{
	struct pollfd end = { .fd = fifo, .events = POLLIN };
	char drain[64];

	assert_int_equal(read(fifo, drain, sizeof drain), 6);
	assert_int_equal(poll(&end, 1, 10000), 1);
	assert_int_equal(end.revents & (POLLHUP | POLLIN), POLLHUP);
	assert_int_equal(close(fifo), 0);
}

static void
test_time_limit(void **context)
{
	int fifo = fifo_open();
	char script[512];
	time_t began = time(NULL);

	(void)context;
	conf.hooks_timeout = 1;
	snprintf(script, sizeof script,
		 "exec 9>%s/fifo\necho begun >&9\n(trap '' TERM; exec sleep 60) &\nexec sleep 60", world);
	/* Its child ignores what asks it to end. */
	hook_write("1-slow", script);
	hook_write("2-good", "echo good");
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(said,
			    "rmdsync: hook 1-slow: stopped after 1 s, its time; what the run did stands\ngood\n");
	assert_true(time(NULL) - began < 30);
	assert_nobody_left(fifo);
	assert_false(state_has("pending.1.json"));
}

static void
test_time_limit_deaf(void **context)
{
	int fifo = fifo_open();
	char script[512];
	time_t began = time(NULL);

	(void)context;
	conf.hooks_timeout = 1;
	assert_int_equal(LIMIT_HOOK_END_SECONDS, 2);
	/* Only its child listens to what asks both to end. */
	snprintf(script, sizeof script,
		 "exec 9>%s/fifo\necho begun >&9\n(trap 'echo asked; exit' TERM; sleep 60 & wait) &\ntrap '' TERM\n"
		 "sleep 60",
		 world);
	hook_write("1-deaf", script);
	hook_write("2-good", "echo good");
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(
		said, "asked\nrmdsync: hook 1-deaf: stopped after 1 s, its time; what the run did stands\ngood\n");
	assert_true(time(NULL) - began < 30);
	assert_nobody_left(fifo);
}

/* A signal to us: the hook's group ends with us, and who was not started yet hears the event the next time, once. */
static void
test_signal(void **context)
{
	int fifo = fifo_open();
	char script[512];
	time_t began = time(NULL);

	(void)context;
	snprintf(script, sizeof script, "exec 9>%s/fifo\necho begun >&9\nsleep 60 &\nkill -TERM $PPID\nexec sleep 60",
		 world);
	hook_write("1-first", "echo first");
	hook_write("2-ending", script);
	hook_write("3-last", "echo last $RMD_ADDED; cat");
	assert_int_equal(tell_failed(), SIGTERM);
	assert_string_equal(
		said, "first\nrmdsync: hook 2-ending: stopped, because rmdsync was told to end; what the run did "
		      "stands\n");
	assert_true(time(NULL) - began < 30);
	assert_nobody_left(fifo);
	assert_true(state_has("pending.1.json"));
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_ptr_equal(strstr(said, "last 1\n{\"schema\":1,\"result\":\"failed\","), said);
	assert_false(state_has("pending.1.json"));
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_string_equal(said, "");
}

/* One that came before a hook is started starts none. */
static void
test_signal_before(void **context)
{
	sigset_t interrupt, before;

	(void)context;
	hook_write("hook", "echo told");
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	assert_int_equal(sigprocmask(SIG_BLOCK, &interrupt, &before), 0);
	assert_int_equal(raise(SIGINT), 0);
	assert_int_equal(tell_failed(), SIGINT);
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
	assert_string_equal(said, "");
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_string_equal(said, "told\n");
}

/* What nohup had ignored ends nothing. */
static void
test_signal_ignored(void **context)
{
	struct sigaction ignored = { .sa_handler = SIG_IGN }, before;

	(void)context;
	hook_write("1-asks", "kill -HUP $PPID; echo asked");
	hook_write("2-last", "echo last");
	assert_int_equal(sigaction(SIGHUP, &ignored, &before), 0);
	assert_int_equal(tell_failed(), 0);
	assert_int_equal(sigaction(SIGHUP, &before, NULL), 0);
	assert_string_equal(said, "asked\nlast\n");
}

/* Where it cannot be written down that a hook starts, it is not started: it could hear the event twice. */
static void
test_unwritable(void **context)
{
	char path[LIMIT_PATH_BYTES];

	(void)context;
	hook_write("hook", "echo told");
	options.hooks_later = true;
	assert_int_equal(hooks_do(&(struct report){ .reason = "", .checked_at = TIME_NONE }, NULL, NULL, false), 0);
	snprintf(path, sizeof path, "%s/pending.1.json.new", state_directory);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_null(strstr(said, "told\n"));
	assert_non_null(strstr(said, "the rest waits for the next time\n"));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_string_equal(said, "told\n");
}

static void
stage(struct staging *staging, uint32_t number, uint64_t frn, const char *name)
{
	struct decode_sink sink = staging_sink(staging);
	struct filing filing = { .number = number, .frn = frn, .implementation = 1 };
	struct error error = { 0 };

	filing.text[COLUMN_BUSINESS_NAME] = slice_of(name);
	assert_int_equal(sink.filing(sink.context, &filing, number, &error), 0);
}

/* Each event has its own difference while it is told. */
static void
test_difference(void **context)
{
	struct report first = report_of(RESULT_PUBLISHED, 1), second = report_of(RESULT_HELD, 2);
	struct outcome outcomes[] = {
		{ .number = 7, .kind = OUTCOME_ADDED, .staged = 0 },
		{ .number = 8, .kind = OUTCOME_SAME, .staged = NOT_STAGED },
		{ .number = 9,
		  .kind = OUTCOME_RELISTED,
		  .staged = 1,
		  .fields = 1u << COLUMN_BUSINESS_NAME | 1u << COLUMN_FRN },
	};
	struct difference whole = { .outcomes = outcomes, .count = 3 }, part = { .outcomes = outcomes, .count = 1 };
	struct staging staging;
	struct error error = { 0 };

	(void)context;
	staging_begin(&staging, state_directory);
	stage(&staging, 7, 123, "Example \"Seven\"\t\xc3\xa9 LLC");
	stage(&staging, 9, 0, "");
	assert_int_equal(staging_finish(&staging, "list", &error), 0);
	options.hooks_later = true;
	assert_int_equal(hooks_do(&first, &whole, &staging, false), 0);
	assert_int_equal(hooks_do(&second, &part, &staging, false), 0);
	assert_string_equal(said, "");
	staging_end(&staging);
	assert_true(state_has("pending.1.jsonl") && state_has("pending.2.jsonl"));
	hook_write("hook", "echo $RMD_EVENT; cat \"$RMD_DIFF\"");
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_string_equal(
		said, "changed\n"
		      "{\"schema\":1,\"event\":\"added\",\"rmd_number\":\"RMD0000007\",\"frn\":\"0000000123\","
		      "\"business_name\":\"Example \\\"Seven\\\"\\t\xc3\xa9 LLC\",\"fields\":[],\"generation\":0,"
		      "\"at\":\"2025-10-01T12:00:00-04:00\"}\n"
		      "{\"schema\":1,\"event\":\"relisted\",\"rmd_number\":\"RMD0000009\",\"frn\":null,"
		      "\"business_name\":null,\"fields\":[\"frn\",\"business_name\"],\"generation\":0,"
		      "\"at\":\"2025-10-01T12:00:00-04:00\"}\n"
		      "held\n"
		      "{\"schema\":1,\"event\":\"added\",\"rmd_number\":\"RMD0000007\",\"frn\":\"0000000123\","
		      "\"business_name\":\"Example \\\"Seven\\\"\\t\xc3\xa9 LLC\",\"fields\":[],\"generation\":null,"
		      "\"at\":\"2025-10-01T12:00:00-04:00\"}\n");
	assert_false(state_has("pending.1.json") || state_has("pending.1.jsonl"));
	assert_false(state_has("pending.2.json") || state_has("pending.2.jsonl"));
	assert_true(state_has("diff.jsonl"));
}

/* A generation that was recorded and not published never came to be. */
static void
test_unpublished(void **context)
{
	struct report report = report_of(RESULT_PUBLISHED, 1);
	struct difference none = { 0 };

	(void)context;
	hook_write("hook", "echo $RMD_EVENT");
	report.generation = 1;
	assert_int_equal(hooks_do(&report, &none, NULL, false), 0);
	assert_true(state_has("pending.1.json") && state_has("pending.1.jsonl"));
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	assert_string_equal(said, "");
	assert_false(state_has("pending.1.json") || state_has("pending.1.jsonl"));
	/* The next run's record must not make it come true. */
	assert_int_equal(hooks_do(&report, &none, NULL, false), 0);
	report.result = RESULT_FAILED;
	report.generation = 0;
	assert_int_equal(hooks_do(&report, NULL, NULL, true), 0);
	assert_string_equal(said, "failed\n");
	/* A snapshot that cannot be read says nothing of what was published. */
	file_write(state_directory, "rmd.mdb", "nothing", 0444);
	report.result = RESULT_PUBLISHED;
	report.generation = 1;
	assert_int_equal(hooks_do(&report, &none, NULL, false), 0);
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(said, "changed\nfailed\n");
}

/* What is no event is not told, and does not stand in the way. */
static void
test_damaged_event(void **context)
{
	char text[2 * LIMIT_SUMMARY_BYTES];

	(void)context;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	file_write(state_directory, "pending.3.json", "{\"result\":\"published\"}\n", 0644);
	file_write(state_directory, "pending.4.json", "", 0644);
	file_write(state_directory, "pending.5.json", text, 0644);
	file_write(state_directory, "pending.x.json", "other\n", 0644);
	file_write(state_directory, "pending.6.json.new", "other\n", 0644);
	hook_write("hook", "echo $RMD_EVENT");
	assert_int_equal(tell_failed(), 0);
	assert_string_equal(said, "failed\n");
	for (int i = 1; i <= 7; i++) {
		snprintf(text, sizeof text, "pending.%d.json", i);
		assert_false(state_has(text));
	}
	assert_true(state_has("pending.x.json"));
}

static void
test_limit(void **context)
{
	struct report report = report_of(RESULT_FAILED, 0);
	char text[64];

	(void)context;
	options.hooks_later = true;
	for (unsigned i = 0; i < LIMIT_PENDING; i++) {
		report.added = i;
		assert_int_equal(hooks_do(&report, NULL, NULL, false), 0);
		assert_string_equal(said, "");
	}
	report.added = LIMIT_PENDING;
	assert_int_equal(hooks_do(&report, NULL, NULL, false), 0);
	assert_non_null(strstr(said, "100 events wait for --run-hooks; the oldest is dropped\n"));
	assert_false(state_has("pending.1.json"));
	hook_write("hook", "printf '%s ' $RMD_ADDED");
	assert_int_equal(hooks_do(NULL, NULL, NULL, true), 0);
	for (unsigned i = 1; i <= LIMIT_PENDING; i++) {
		size_t length = (size_t)snprintf(text, sizeof text, "%u ", i);

		assert_memory_equal(said, text, length);
		memmove(said, said + length, strlen(said + length) + 1);
	}
	assert_string_equal(said, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files, begin, end),
		cmocka_unit_test_setup_teardown(test_owner, begin, end),
		cmocka_unit_test_setup_teardown(test_directory, begin, end),
		cmocka_unit_test_setup_teardown(test_directory_unreadable, begin, end),
		cmocka_unit_test_setup_teardown(test_relative_directory, begin, end),
		cmocka_unit_test_setup_teardown(test_environment, begin, end),
		cmocka_unit_test_setup_teardown(test_process, begin, end),
		cmocka_unit_test_setup_teardown(test_input, begin, end),
		cmocka_unit_test_setup_teardown(test_failing, begin, end),
		cmocka_unit_test_setup_teardown(test_time_limit, begin, end),
		cmocka_unit_test_setup_teardown(test_time_limit_deaf, begin, end),
		cmocka_unit_test_setup_teardown(test_signal, begin, end),
		cmocka_unit_test_setup_teardown(test_signal_before, begin, end),
		cmocka_unit_test_setup_teardown(test_signal_ignored, begin, end),
		cmocka_unit_test_setup_teardown(test_unwritable, begin, end),
		cmocka_unit_test_setup_teardown(test_difference, begin, end),
		cmocka_unit_test_setup_teardown(test_unpublished, begin, end),
		cmocka_unit_test_setup_teardown(test_damaged_event, begin, end),
		cmocka_unit_test_setup_teardown(test_limit, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
