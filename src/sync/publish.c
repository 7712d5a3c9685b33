/* SPDX-License-Identifier: ISC
 *
 * The only place that touches the name rmd.mdb. Every step leaves a directory from which a reader gets the old
 * snapshot or the new one, whole.
 */
#include "sync/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "cache/digest.h"
#include "cache/writer.h"
#include "sync/report.h"

/* "<64 digits>  rmd.mdb\n", as sha256sum writes it. */
#define DIGEST_LINE_BYTES (64 + 2 + sizeof SNAPSHOT_NAME)

static int
fail(struct error *error, const char *directory, const char *what)
{
	return error_set(error, EX_CANTCREAT, "%s: cannot %s: %s; the old snapshot keeps serving", directory, what,
			 strerror(errno));
}

/* The digest of a file in the directory; "" where there is none. */
static int
digest_of(const char *directory, const char *name, char digest[DIGEST_TEXT_SIZE])
{
	char path[LIMIT_PATH_BYTES];
	int file, status;

	digest[0] = '\0';
	if (path_join(path, sizeof path, directory, name) != 0)
		return -1;
	file = file_open(path);
	if (file < 0)
		return errno == ENOENT ? 0 : -1;
	status = digest_file(file, digest);
	if (close(file) != 0)
		return -1;
	return status;
}

/* The digest that stands beside the current snapshot, when exactly one does: then no publication was cut short, and
 * the file need not be read again. */
static bool
digest_beside(const char *directory, char digest[DIGEST_TEXT_SIZE])
{
	char path[LIMIT_PATH_BYTES], text[DIGEST_LINE_BYTES + 1];
	ssize_t got = -1;
	int file;

	if (path_join(path, sizeof path, directory, SNAPSHOT_DIGEST_NAME) != 0)
		return false;
	file = file_open(path);
	if (file < 0)
		return false;
	got = read(file, text, sizeof text);
	if (close(file) != 0 || got != (ssize_t)DIGEST_LINE_BYTES)
		return false;
	memcpy(digest, text, DIGEST_TEXT_SIZE - 1);
	digest[DIGEST_TEXT_SIZE - 1] = '\0';
	return strspn(digest, "0123456789abcdef") == DIGEST_TEXT_SIZE - 1;
}

int
published_intact(const char *directory)
{
	char path[LIMIT_PATH_BYTES], text[4 * DIGEST_LINE_BYTES + 1], digest[DIGEST_TEXT_SIZE];
	ssize_t got;
	int file;

	if (path_join(path, sizeof path, directory, SNAPSHOT_DIGEST_NAME) != 0)
		return -1;
	file = file_open(path);
	if (file < 0)
		return errno == ENOENT ? 1 : -1;
	got = read(file, text, sizeof text - 1);
	if (close(file) != 0 || got < 0 || digest_of(directory, SNAPSHOT_NAME, digest) != 0)
		return -1;
	text[got] = '\0';
	return digest[0] != '\0' && strstr(text, digest) != NULL;
}

/* Makes the digests durable that may stand for rmd.mdb: before the rename the old and the new one, after it the new.
 */
static int
digests_write(const char *directory, const char *old, const char *fresh)
{
	char text[2 * DIGEST_LINE_BYTES + 1];
	int length;

	if (old[0] != '\0' && strcmp(old, fresh) != 0)
		length = snprintf(text, sizeof text, "%s  %s\n%s  %s\n", old, SNAPSHOT_NAME, fresh, SNAPSHOT_NAME);
	else
		length = snprintf(text, sizeof text, "%s  %s\n", fresh, SNAPSHOT_NAME);
	if (length < 0)
		return -1;
	return durable_write(directory, SNAPSHOT_DIGEST_NAME, text, (size_t)length, 0444);
}

int
kept_path(char *path, size_t size, const char *directory, uint64_t number)
{
	char name[sizeof SNAPSHOT_NAME + 24];

	if (snprintf(name, sizeof name, "%s.%llu", SNAPSHOT_NAME, (unsigned long long)number) < 0)
		return -1;
	return path_join(path, size, directory, name);
}

/* Whether there is anything of that name; a link that leads nowhere is in the way too. */
static bool
name_taken(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

/* Where a file can have one name only, or is another user's, a copy is as good. */
static int
copy_old(const char *directory, const char *current)
{
	int file = file_open(current), result = -1;
	void *bytes = MAP_FAILED;
	struct stat status;

	if (file >= 0 && fstat(file, &status) == 0)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (bytes != MAP_FAILED) {
		result = durable_write(directory, SNAPSHOT_NAME ".1", bytes, (size_t)status.st_size, 0444);
		if (munmap(bytes, (size_t)status.st_size) != 0)
			result = -1;
	}
	if (file >= 0 && close(file) != 0)
		result = -1;
	return result;
}

/* rmd.mdb.1 becomes .2 and so on, the last falls out, and the current one gets the name .1 besides its own. */
static int
rotate_old(const char *directory, const char *current, uint64_t keep)
{
	char from[LIMIT_PATH_BYTES], to[LIMIT_PATH_BYTES];
	uint64_t last = 0;

	do {
		if (kept_path(from, sizeof from, directory, ++last) != 0)
			return -1;
	} while (name_taken(from));
	while (--last >= 1) {
		if (kept_path(from, sizeof from, directory, last) != 0 ||
		    kept_path(to, sizeof to, directory, last + 1) != 0)
			return -1;
		if ((last < keep ? rename(from, to) : unlink(from)) != 0)
			return -1;
	}
	if (keep == 0 || access(current, F_OK) != 0)
		return 0;
	if (kept_path(to, sizeof to, directory, 1) != 0)
		return -1;
	return link(current, to) == 0 ? 0 : copy_old(directory, current);
}

/* The disk works while the processor does. */
struct syncing {
	const char *path;
	int status;
	int code; /* errno */
};

static void *
sync_thread(void *context)
{
	struct syncing *syncing = context;

	syncing->status = durable_sync_file(syncing->path, 0444);
	syncing->code = errno;
	return NULL;
}

/* Verifies the new snapshot, takes its digest and makes it durable. */
static int
prove(const char *directory, const char *build_name, const char *build, char digest[DIGEST_TEXT_SIZE],
      struct error *error)
{
	struct syncing syncing = { build, 0, 0 };
	pthread_t thread;
	bool apart = pthread_create(&thread, NULL, sync_thread, &syncing) == 0;

	if (!apart)
		sync_thread(&syncing);
	if (snapshot_verify(build, error) == 0 &&
	    (digest_of(directory, build_name, digest) != 0 || digest[0] == '\0'))
		fail(error, directory, "read the new snapshot");
	if (apart && pthread_join(thread, NULL) != 0)
		fail(error, directory, "wait for the disk");
	errno = syncing.code;
	if (syncing.status != 0)
		fail(error, directory, "make the new snapshot durable");
	return error->code;
}

int
publish(const char *directory, const char *build_name, bool rotate, uint64_t keep, struct error *error)
{
	char build[LIMIT_PATH_BYTES], current[LIMIT_PATH_BYTES];
	char old[DIGEST_TEXT_SIZE] = "", fresh[DIGEST_TEXT_SIZE];

	if (path_join(build, sizeof build, directory, build_name) != 0 ||
	    path_join(current, sizeof current, directory, SNAPSHOT_NAME) != 0)
		return fail(error, directory, "name the snapshot");
	if (prove(directory, build_name, build, fresh, error) != 0)
		return error->code;
	if (!digest_beside(directory, old) && digest_of(directory, SNAPSHOT_NAME, old) != 0)
		return fail(error, directory, "read the old snapshot");
	if (digests_write(directory, old, fresh) != 0)
		return fail(error, directory, "write " SNAPSHOT_DIGEST_NAME);
	/* The new one holds the whole history: that the data stay young goes before that old ones are kept. */
	if (rotate && rotate_old(directory, current, keep) != 0)
		report_warning("%s: cannot keep the old snapshot as " SNAPSHOT_NAME
			       ".1: %s; the new one is published "
			       "all the same",
			       directory, strerror(errno));
	if (rename(build, current) != 0)
		return fail(error, directory, "publish the new snapshot");
	if (durable_sync_directory(directory) != 0)
		return error_set(error, EX_CANTCREAT,
				 "%s: the new snapshot serves, but a power cut may bring the old one back: %s",
				 directory, strerror(errno));
	/* Published. The old digest only costs the next run a look at the file, so a failure here is none. */
	if (digests_write(directory, "", fresh) != 0)
		errno = 0;
	return 0;
}
