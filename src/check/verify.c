/* SPDX-License-Identifier: ISC
 *
 * SHA-256 of a whole snapshot through libmd; the only file here that knows it.
 */
#include "check/verify.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/limits.h"
#include "base/text.h"

#define SIDECAR_NAME "  rmd.mdb"
#define HEXADECIMAL_LENGTH (SHA256_DIGEST_STRING_LENGTH - 1)

/* Up to `size` bytes, fewer only at the end of the file; -1 with errno. */
static ssize_t
read_full(int file, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = read(file, (char *)data + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static bool
digest_of(int file, char digest[SHA256_DIGEST_STRING_LENGTH])
{
	unsigned char chunk[LIMIT_INPUT_BYTES];
	SHA2_CTX context;
	ssize_t got;

	SHA256Init(&context);
	while ((got = read_full(file, chunk, sizeof chunk)) > 0)
		SHA256Update(&context, chunk, (size_t)got);
	return got == 0 && SHA256End(&context, digest) != NULL;
}

/* `<64 hexadecimal digits>  rmd.mdb` */
static bool
is_sidecar_line(struct slice line)
{
	if (line.length < HEXADECIMAL_LENGTH)
		return false;
	for (size_t i = 0; i < HEXADECIMAL_LENGTH; i++)
		if (strchr("0123456789abcdef", ascii_lower(line.data[i])) == NULL || line.data[i] == '\0')
			return false;
	line.data += HEXADECIMAL_LENGTH;
	line.length -= HEXADECIMAL_LENGTH;
	return slice_equal_fold(line, SIDECAR_NAME);
}

/* Returns its length, 0 where there is none. */
static size_t
sidecar_read(const char *path, char text[LIMIT_SIDECAR_BYTES])
{
	char sidecar[LIMIT_PATH_BYTES + sizeof ".sha256"];
	ssize_t got;
	int file;

	(void)snprintf(sidecar, sizeof sidecar, "%s.sha256", path);
	file = file_open(sidecar);
	if (file < 0)
		return 0;
	got = read_full(file, text, LIMIT_SIDECAR_BYTES);
	(void)close(file);
	return got < 0 ? 0 : (size_t)got;
}

void
digest_beside(const char *path, char digest[RMD_DIGEST_SIZE])
{
	char text[LIMIT_SIDECAR_BYTES];
	size_t length = sidecar_read(path, text);

	digest[0] = '\0';
	if (length > 0 && memchr(text, '\n', length) == text + length - 1 &&
	    is_sidecar_line((struct slice){ text, length - 1 }))
		slice_copy(digest, RMD_DIGEST_SIZE, (struct slice){ text, HEXADECIMAL_LENGTH });
}

/* While rmdsync publishes, the line of the old snapshot and that of the new one stand there: either is good. */
static enum verification
sidecar_compare(const char *path, const char *digest)
{
	char text[LIMIT_SIDECAR_BYTES];
	enum verification found = VERIFY_NO_SIDECAR;
	size_t left = sidecar_read(path, text);

	for (const char *line = text; left > 0;) {
		const char *newline = memchr(line, '\n', left);
		size_t length = newline != NULL ? (size_t)(newline - line) : left;

		if (is_sidecar_line((struct slice){ line, length })) {
			if (slice_equal_fold((struct slice){ line, HEXADECIMAL_LENGTH }, digest))
				return VERIFY_GOOD;
			found = VERIFY_MISMATCH;
		}
		length += newline != NULL ? 1 : 0;
		line += length;
		left -= length;
	}
	return found;
}

/* Whether another file has taken the place of the one that is open. While that is, its inode is nobody else's. */
static bool
is_replaced(const char *path, int file)
{
	struct stat now, then;

	return stat(path, &now) != 0 || fstat(file, &then) != 0 || now.st_dev != then.st_dev ||
	       now.st_ino != then.st_ino;
}

enum verification
digest_verify(const char *path)
{
	char digest[SHA256_DIGEST_STRING_LENGTH];
	enum verification found = VERIFY_UNREADABLE;
	bool again = true;

	/* Between the two reads a new snapshot may have been renamed over the old one, and the old line be gone. */
	for (int attempt = 0; attempt < LIMIT_VERIFY_ATTEMPTS && again; attempt++) {
		int file = file_open(path);

		if (file < 0)
			return VERIFY_UNREADABLE;
		found = digest_of(file, digest) ? sidecar_compare(path, digest) : VERIFY_UNREADABLE;
		again = found != VERIFY_GOOD && is_replaced(path, file);
		(void)close(file);
	}
	/* What never stood still was never read. */
	return again ? VERIFY_UNREADABLE : found;
}
