/* SPDX-License-Identifier: ISC
 *
 * Loaded before libc by the fault tests: makes the Nth call of one kind fail, once or from then on, or kills the
 * process there. What must hold afterwards stands in fault.sh.
 *
 *   FAULT_KIND   memory, read, write, sync, rename, open, any (all but memory and read)
 *   FAULT_AT     the call that fails, from 1; 0: none, only count
 *   FAULT_MODE   once, on (that one and all later ones), kill
 *   FAULT_LINKS  none: besides, there are no hard links
 *   FAULT_MOVED  a file that is renamed to FAULT_TO just before it is opened
 *   FAULT_COUNT  a file that gets one line at the end of each process: its calls
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { MEMORY, READ, WRITE, SYNC, RENAME, OPEN, ANY };

static const char *const kind_names[] = { "memory", "read", "write", "sync", "rename", "open", "any" };

static atomic_long calls;
static long fault_at = -1; /* -1: not known yet */
static enum kind fault_kind;
static enum { ONCE, ON, KILL } fault_mode;
static pid_t owner;

static void __attribute__((constructor)) settings_read(void)
{
	const char *kind = getenv("FAULT_KIND"), *at = getenv("FAULT_AT"), *mode = getenv("FAULT_MODE");

	if (kind == NULL || at == NULL || mode == NULL)
		return;
	for (int i = MEMORY; i <= ANY; i++)
		if (strcmp(kind, kind_names[i]) == 0)
			fault_kind = (enum kind)i;
	fault_mode = strcmp(mode, "kill") == 0 ? KILL : strcmp(mode, "on") == 0 ? ON : ONCE;
	owner = getpid();
	fault_at = strtol(at, NULL, 10);
}

/* The shut-in decoder may not open a file: only the run itself is counted and failed. */
static int
fails(enum kind kind)
{
	long call;

	if (fault_at < 0 || (kind != fault_kind && !(fault_kind == ANY && kind != MEMORY && kind != READ)) ||
	    getpid() != owner)
		return 0;
	call = atomic_fetch_add(&calls, 1) + 1;
	if (fault_at == 0 || (fault_mode == ON ? call < fault_at : call != fault_at))
		return 0;
	if (fault_mode == KILL)
		raise(SIGKILL);
	return 1;
}

static void __attribute__((destructor)) count_tell(void)
{
	const char *path = getenv("FAULT_COUNT");
	long count = calls;
	FILE *file;

	if (path == NULL || fault_at < 0 || getpid() != owner)
		return;
	fault_at = -1;
	file = fopen(path, "a");
	if (file == NULL)
		return;
	fprintf(file, "%ld\n", count);
	fclose(file);
}

#define REAL(name) ((__typeof__(&name))real(#name))

static void *
real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		abort();
	return found;
}

/* libc's own names, so that looking one up needs no memory. */
extern void *
__libc_malloc(size_t size);
extern void *
__libc_calloc(size_t count, size_t size);
extern void *
__libc_realloc(void *old, size_t size);

#define FAIL(kind, code, value)                                                                                      \
	do {                                                                                                         \
		if (fails(kind)) {                                                                                   \
			errno = code;                                                                                \
			return value;                                                                                \
		}                                                                                                    \
	} while (0)

void *
malloc(size_t size)
{
	FAIL(MEMORY, ENOMEM, NULL);
	return __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	FAIL(MEMORY, ENOMEM, NULL);
	return __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	FAIL(MEMORY, ENOMEM, NULL);
	return __libc_realloc(old, size);
}

void *
reallocarray(void *old, size_t count, size_t size)
{
	FAIL(MEMORY, ENOMEM, NULL);
	if (size != 0 && count > (size_t)-1 / size) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(old, count * size);
}

void *
mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
	FAIL(MEMORY, ENOMEM, MAP_FAILED);
	return REAL(mmap)(address, length, protection, flags, file, offset);
}

ssize_t
read(int file, void *data, size_t length)
{
	FAIL(READ, EIO, -1);
	return REAL(read)(file, data, length);
}

ssize_t
pread64(int file, void *data, size_t length, off64_t offset)
{
	FAIL(READ, EIO, -1);
	return REAL(pread64)(file, data, length, offset);
}

ssize_t
pread(int file, void *data, size_t length, off_t offset)
{
	FAIL(READ, EIO, -1);
	return REAL(pread)(file, data, length, offset);
}

ssize_t
write(int file, const void *data, size_t length)
{
	/* What the run says is not what it does. */
	if (file > STDERR_FILENO)
		FAIL(WRITE, ENOSPC, -1);
	return REAL(write)(file, data, length);
}

ssize_t
writev(int file, const struct iovec *parts, int count)
{
	FAIL(WRITE, ENOSPC, -1);
	return REAL(writev)(file, parts, count);
}

ssize_t
pwritev(int file, const struct iovec *parts, int count, off_t offset)
{
	FAIL(WRITE, ENOSPC, -1);
	return REAL(pwritev)(file, parts, count, offset);
}

ssize_t
pwrite64(int file, const void *data, size_t length, off64_t offset)
{
	FAIL(WRITE, ENOSPC, -1);
	return REAL(pwrite64)(file, data, length, offset);
}

ssize_t
pwrite(int file, const void *data, size_t length, off_t offset)
{
	FAIL(WRITE, ENOSPC, -1);
	return REAL(pwrite)(file, data, length, offset);
}

int
ftruncate(int file, off_t length)
{
	FAIL(WRITE, EIO, -1);
	return REAL(ftruncate)(file, length);
}

int
fsync(int file)
{
	FAIL(SYNC, EIO, -1);
	return REAL(fsync)(file);
}

int
fdatasync(int file)
{
	FAIL(SYNC, EIO, -1);
	return REAL(fdatasync)(file);
}

int
fchmod(int file, mode_t mode)
{
	FAIL(SYNC, EPERM, -1);
	return REAL(fchmod)(file, mode);
}

int
rename(const char *from, const char *to)
{
	FAIL(RENAME, EIO, -1);
	return REAL(rename)(from, to);
}

int
link(const char *from, const char *to)
{
	if (fault_at >= 0 && getenv("FAULT_LINKS") != NULL) {
		errno = EPERM;
		return -1;
	}
	FAIL(RENAME, EIO, -1);
	return REAL(link)(from, to);
}

int
unlink(const char *path)
{
	FAIL(RENAME, EIO, -1);
	return REAL(unlink)(path);
}

int
open(const char *path, int flags, ...)
{
	const char *moved;
	mode_t mode = 0;
	va_list arguments;

	va_start(arguments, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(arguments, mode_t);
	va_end(arguments);
	FAIL(OPEN, EMFILE, -1);
	moved = getenv("FAULT_MOVED");
	if (moved != NULL && strcmp(path, moved) == 0)
		REAL(rename)(moved, getenv("FAULT_TO"));
	return REAL(open)(path, flags, mode);
}
