/* SPDX-License-Identifier: ISC
 *
 * seccomp, which is required, and Landlock on top where the kernel has it. The only file that knows libseccomp.
 */
#include "sync/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

/* What a decoder needs: its input, its output, memory, an end. */
static const int allowed[] = {
	SCMP_SYS(read),           SCMP_SYS(pread64),      SCMP_SYS(lseek),
	SCMP_SYS(write),          SCMP_SYS(brk),          SCMP_SYS(munmap),
	SCMP_SYS(mremap),         SCMP_SYS(madvise),      SCMP_SYS(futex),
	SCMP_SYS(exit),           SCMP_SYS(exit_group),   SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack),  SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(getpid),         SCMP_SYS(gettid),       SCMP_SYS(sched_yield),
};

/* What a library may try, and must be able to do without: it is told no. Everything else ends the process. */
static const int denied[] = {
	SCMP_SYS(open),     SCMP_SYS(openat),     SCMP_SYS(openat2), SCMP_SYS(stat),      SCMP_SYS(lstat),
	SCMP_SYS(fstat),    SCMP_SYS(newfstatat), SCMP_SYS(statx),   SCMP_SYS(access),    SCMP_SYS(faccessat),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(ioctl),   SCMP_SYS(prlimit64), SCMP_SYS(socket),
	SCMP_SYS(getcwd),   SCMP_SYS(fcntl),
};

static int
descriptor_order(int input, int output, unsigned keep[2])
{
	keep[0] = (unsigned)(input < output ? input : output);
	keep[1] = (unsigned)(input < output ? output : input);
	return keep[0] > STDERR_FILENO ? 0 : -1;
}

static int
descriptors_close(int input, int output)
{
	unsigned keep[2];

	if (descriptor_order(input, output, keep) != 0 || close_range(0, STDOUT_FILENO, 0) != 0)
		return -1;
	if (keep[0] > STDERR_FILENO + 1 && close_range(STDERR_FILENO + 1, keep[0] - 1, 0) != 0)
		return -1;
	if (keep[1] > keep[0] + 1 && close_range(keep[0] + 1, keep[1] - 1, 0) != 0)
		return -1;
	return close_range(keep[1] + 1, ~0U, 0);
}

/* What it may take is counted from what it has: the list that serves is mapped, and a sanitizer's terabytes are. One
 * that is held shorter stays so. */
static int
memory_limit(void)
{
	int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char numbers[128] = "";
	ssize_t got = file < 0 ? -1 : read(file, numbers, sizeof numbers - 1);
	struct rlimit limit;
	uint64_t pages;
	rlim_t most;

	if ((file >= 0 && close(file) != 0) || got <= 0 || getrlimit(RLIMIT_AS, &limit) != 0 ||
	    !slice_decimal((struct slice){ numbers, strcspn(numbers, " ") }, INT64_MAX, &pages))
		return -1;
	most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + LIMIT_DECODER_BYTES;
	if (limit.rlim_cur > most)
		limit.rlim_cur = most;
	limit.rlim_max = limit.rlim_cur;
	return setrlimit(RLIMIT_AS, &limit);
}

/* No file may be opened, made, changed or removed any more. A kernel without Landlock is no failure. */
static int
landlock_enter(bool *entered)
{
	struct landlock_ruleset_attr rules = {
		.handled_access_fs =
			LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
			LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
			LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
			LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
			LANDLOCK_ACCESS_FS_MAKE_SYM,
	};
	long ruleset = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
	long status;

	*entered = false;
	if (ruleset < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
	status = syscall(SYS_landlock_restrict_self, ruleset, 0);
	if (close((int)ruleset) != 0)
		return -1;
	*entered = status == 0;
	return status == 0 ? 0 : -1;
}

static int
seccomp_enter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int status = filter == NULL ? -ENOMEM : 0;

	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0] && status == 0; i++)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < sizeof denied / sizeof denied[0] && status == 0; i++)
		status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied[i], 0);
	/* Memory, but none that can be run. */
	if (status == 0)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
					  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (status == 0)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
					  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (status == 0)
		status = seccomp_load(filter);
	if (filter != NULL)
		seccomp_release(filter);
	return status;
}

int
sandbox_enter(int input, int output, bool *landlock, struct error *error)
{
	int status;

	*landlock = false;
	if (descriptors_close(input, output) != 0)
		return error_set(error, EX_SOFTWARE,
				 "the decoder cannot close what it does not need: %s; nothing is read",
				 strerror(errno));
	if (memory_limit() != 0)
		return error_set(error, EX_SOFTWARE, "the decoder cannot limit its memory: %s; nothing is read",
				 strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || landlock_enter(landlock) != 0)
		return error_set(error, EX_SOFTWARE,
				 "the decoder cannot give up its rights (Landlock): %s; nothing is read",
				 strerror(errno));
	status = seccomp_enter();
	if (status != 0)
		return error_set(error, EX_SOFTWARE,
				 "the decoder cannot give up its rights (seccomp): %s; nothing is read",
				 strerror(-status));
	return 0;
}
