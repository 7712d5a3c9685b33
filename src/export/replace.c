/* SPDX-License-Identifier: ISC
 *
 * Written beside the old file, compared with it, renamed over it. One writer at a time in a directory.
 */
#include "export/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/time.h"

/* A serial stands in the first lines. */
#define HEAD_BYTES 4096
#define COMPARE_BYTES 16384

/* Where a part goes. Descriptors are -1 where there is none. */
struct place {
	const char *directory, *name;
	char path[LIMIT_PATH_BYTES]; /* for messages */
	int lock;
	int old;
	unsigned mode;
	off_t old_size;
	uint32_t old_serial; /* 0: none */
};

/* Whether the snapshot is still the one that the edition began with; where it is not, the edition takes it up. */
static bool
snapshot_stands(struct edition *edition)
{
	struct rmd_info info = RMD_INFO_INIT;

	if (rmd_info(edition->rmd, &info) != RMD_OK ||
	    (info.generation == edition->info.generation && info.checked_at == edition->info.checked_at &&
	     info.changed_at == edition->info.changed_at))
		return true;
	edition->info = info;
	return false;
}

int
part_write(struct edition *edition, const struct part *part, int file, const char *path, int code)
{
	bool again = false;

	for (unsigned attempt = 0; attempt < LIMIT_VERIFY_ATTEMPTS; attempt++) {
		/* Standard output may be somebody's pipe or log. */
		if (again && (code != EX_CANTCREAT || lseek(file, 0, SEEK_SET) < 0 || ftruncate(file, 0) != 0))
			break;
		edition->out = (struct stream){ file, edition->out_buffer, sizeof edition->out_buffer, 0, 0, NULL };
		if (part->write(edition) != 0)
			return edition->error->code;
		if (stream_flush(&edition->out) != 0)
			return error_set(edition->error, code, "%s: %s; %s", path, strerror(edition->out.failure),
					 code == EX_CANTCREAT ? "an old file stays" : "the output is not complete");
		if (snapshot_stands(edition))
			return 0;
		again = true;
	}
	return error_set(edition->error, EX_TEMPFAIL,
			 "%s: another snapshot came while it was written; it mixes two, run this again", path);
}

static int
trouble_set(struct edition *edition, const struct place *place)
{
	return error_set(edition->error, EX_CANTCREAT, "%s: %s; an old file stays", place->path, strerror(errno));
}

/* Reads what the old file tells. A name that leads to no file must not be renamed over: it may be a device. */
static int
old_open(struct edition *edition, const struct part *part, struct place *place)
{
	char head[HEAD_BYTES];
	struct stat status;
	ssize_t got;

	place->old = open(place->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (place->old < 0 && errno == ENOENT)
		return 0;
	if (place->old < 0 && errno == ELOOP)
		return error_set(edition->error, EX_CANTCREAT,
				 "%s: a symbolic link, which would become a file; it stays", place->path);
	if (place->old < 0 || fstat(place->old, &status) != 0)
		return trouble_set(edition, place);
	if (!S_ISREG(status.st_mode))
		return error_set(edition->error, EX_CANTCREAT, "%s: not a file; it stays", place->path);
	place->mode = status.st_mode & 0777;
	place->old_size = status.st_size;
	if (part->serial == NULL)
		return 0;
	got = pread(place->old, head, sizeof head, 0);
	if (got < 0)
		return trouble_set(edition, place);
	place->old_serial = part->serial((struct slice){ head, (size_t)got });
	return 0;
}

static int
place_begin(struct edition *edition, const struct part *part, struct place *place)
{
	if (path_join(place->path, sizeof place->path, place->directory, place->name) != 0)
		return error_set(edition->error, EX_CANTCREAT, "%s/%s: the path is too long; nothing is written",
				 place->directory, place->name);
	/* Two that write the same file at once would rename each other's halves. */
	place->lock = directory_lock(place->directory, edition->error);
	return place->lock < 0 ? edition->error->code : old_open(edition, part, place);
}

/* 1 equal, 0 not, -1 with errno. */
static int
is_equal_to_old(int file, const struct place *place)
{
	char ours[COMPARE_BYTES], theirs[COMPARE_BYTES];
	struct stat status;
	off_t at = 0;

	if (place->old < 0)
		return 0;
	if (fstat(file, &status) != 0)
		return -1;
	if (status.st_size != place->old_size)
		return 0;
	while (at < place->old_size) {
		ssize_t got = pread(file, ours, sizeof ours, at);

		if (got < 0)
			return -1;
		if (got == 0 || pread(place->old, theirs, (size_t)got, at) != got ||
		    memcmp(ours, theirs, (size_t)got) != 0)
			return 0;
		at += got;
	}
	return 1;
}

/* A serial goes up by one (RFC 1982), whatever the date is; a new file begins with the second that it is, which is
 * behind any that it was counted up to before it was lost. */
static uint32_t
serial_after(uint32_t old, int64_t now)
{
	uint32_t serial = old == 0 ? (uint32_t)now : old + 1;

	return serial == 0 ? 1 : serial;
}

/* Writes the new file. *replaced: it differs from the old one in more than its serial. */
static int
fresh_write(struct edition *edition, const struct part *part, const struct place *place, int file, bool *replaced)
{
	int equal;

	edition->serial = place->old_serial != 0 ? place->old_serial : serial_after(0, edition->now);
	if (part_write(edition, part, file, place->path, EX_CANTCREAT) != 0)
		return edition->error->code;
	equal = is_equal_to_old(file, place);
	if (equal < 0)
		return trouble_set(edition, place);
	*replaced = equal == 0;
	if (equal == 1 || place->old_serial == 0)
		return 0;
	edition->serial = serial_after(place->old_serial, edition->now);
	if (lseek(file, 0, SEEK_SET) < 0 || ftruncate(file, 0) != 0)
		return trouble_set(edition, place);
	return part_write(edition, part, file, place->path, EX_CANTCREAT);
}

int
part_replace(struct edition *edition, const struct part *part, const char *directory, const char *name,
	     bool *replaced)
{
	struct place place = { .directory = directory, .name = name, .lock = -1, .old = -1, .mode = 0644 };
	int file = -1;

	*replaced = false;
	if (place_begin(edition, part, &place) == 0) {
		file = durable_begin(directory, name);
		if (file < 0)
			trouble_set(edition, &place);
		else
			fresh_write(edition, part, &place, file, replaced);
	}
	if (file >= 0 && (edition->error->code != 0 || !*replaced))
		durable_drop(directory, name, file);
	else if (file >= 0 && durable_commit(directory, name, file, place.mode) != 0)
		trouble_set(edition, &place);
	if (place.old >= 0)
		(void)close(place.old);
	if (place.lock >= 0)
		(void)close(place.lock);
	return edition->error->code;
}
