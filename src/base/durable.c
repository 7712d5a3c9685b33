/* SPDX-License-Identifier: ISC
 *
 * Temporary name, write, fsync, rename, fsync of the directory: in this order, each step checked.
 */
#include "base/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

#define LOCK_TRIES_A_SECOND 10

int
path_join(char *path, size_t size, const char *directory, const char *name)
{
	int length = snprintf(path, size, "%s/%s", directory, name);

	if (length < 0 || (size_t)length >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int
path_absolute(char *path, size_t size, const char *given)
{
	char here[LIMIT_PATH_BYTES];

	if (given[0] == '\0') {
		errno = ENOENT;
		return -1;
	}
	if (given[0] == '/')
		return path_join(path, size, "", given + 1);
	return getcwd(here, sizeof here) != NULL ? path_join(path, size, here, given) : -1;
}

int
file_open(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	int code = 0;

	if (file < 0)
		return -1;
	if (fstat(file, &status) != 0)
		code = errno;
	else if (S_ISFIFO(status.st_mode))
		code = ESPIPE;
	if (code == 0)
		return file;
	(void)close(file);
	errno = code;
	return -1;
}

int
write_all(int file, const void *data, size_t length)
{
	const char *left = data;

	while (length > 0) {
		ssize_t written = write(file, left, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		left += written;
		length -= (size_t)written;
	}
	return 0;
}

/* Closes without losing the errno of what failed before. */
static int
close_with(int file, int status)
{
	int saved = errno;

	if (close(file) != 0 && status == 0)
		return -1;
	errno = saved;
	return status;
}

int
durable_sync_file(const char *path, unsigned mode)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	int status = 0;

	if (file < 0)
		return -1;
	if (fchmod(file, (mode_t)mode) != 0 || fsync(file) != 0)
		status = -1;
	return close_with(file, status);
}

int
durable_sync_directory(const char *directory)
{
	int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (file < 0)
		return -1;
	return close_with(file, fsync(file));
}

/* The name under which a file is written. 0, or -1 with errno. */
static int
fresh_path(char fresh[LIMIT_PATH_BYTES], const char *directory, const char *name)
{
	int length = snprintf(fresh, LIMIT_PATH_BYTES, "%s/%s.new", directory, name);

	if (length < 0 || length >= LIMIT_PATH_BYTES) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int
durable_begin(const char *directory, const char *name)
{
	char fresh[LIMIT_PATH_BYTES];

	if (fresh_path(fresh, directory, name) != 0)
		return -1;
	/* What a power cut left may be read-only already. */
	if (unlink(fresh) != 0 && errno != ENOENT)
		return -1;
	return open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

int
durable_commit(const char *directory, const char *name, int file, unsigned mode)
{
	char path[LIMIT_PATH_BYTES], fresh[LIMIT_PATH_BYTES];
	int status = 0;

	if (fresh_path(fresh, directory, name) != 0 || path_join(path, sizeof path, directory, name) != 0 ||
	    fchmod(file, (mode_t)mode) != 0 || fsync(file) != 0)
		status = -1;
	status = close_with(file, status);
	if (status == 0 && rename(fresh, path) != 0)
		status = -1;
	if (status != 0) {
		int saved = errno;

		(void)unlink(fresh);
		errno = saved;
		return -1;
	}
	return durable_sync_directory(directory);
}

void
durable_drop(const char *directory, const char *name, int file)
{
	char fresh[LIMIT_PATH_BYTES];
	int saved = errno;

	(void)close(file);
	if (fresh_path(fresh, directory, name) == 0)
		(void)unlink(fresh);
	errno = saved;
}

int
durable_write(const char *directory, const char *name, const void *data, size_t length, unsigned mode)
{
	int file = durable_begin(directory, name);

	if (file < 0)
		return -1;
	if (write_all(file, data, length) != 0) {
		durable_drop(directory, name, file);
		return -1;
	}
	return durable_commit(directory, name, file, mode);
}

int
directory_lock(const char *directory, struct error *error)
{
	const struct timespec pause = { .tv_nsec = 1000000000 / LOCK_TRIES_A_SECOND };
	int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), status = -1;

	/* Anybody who may read a directory can lock it. */
	for (int left = LIMIT_LOCK_SECONDS * LOCK_TRIES_A_SECOND; lock >= 0; left--) {
		status = flock(lock, LOCK_EX | LOCK_NB);
		if (status == 0 || (errno != EWOULDBLOCK && errno != EINTR) || left == 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
	if (status == 0)
		return lock;
	if (lock >= 0 && errno == EWOULDBLOCK)
		error_set(error, EX_TEMPFAIL, "%s: another program has kept it locked for %d s; nothing was changed",
			  directory, LIMIT_LOCK_SECONDS);
	else
		error_set(error, error_code(EX_CANTCREAT), "%s: %s; nothing was changed", directory, strerror(errno));
	if (lock >= 0)
		(void)close(lock);
	return -1;
}
