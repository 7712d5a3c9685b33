/* SPDX-License-Identifier: ISC
 *
 * SHA-256 through libcrypto, and nothing else of it. Its old interface: the new one (EVP) reads a configuration file
 * first, and crashes in its own set-up when memory is short (3.0, seen by the fault tests).
 */
#define OPENSSL_API_COMPAT 0x10100000L
#include "cache/digest.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <unistd.h>

#include "cache/record.h"

#define CHUNK_BYTES (256 * 1024)

struct digest {
	SHA256_CTX context;
};

struct digest *
digest_begin(void)
{
	struct digest *digest = malloc(sizeof *digest);

	if (digest != NULL && SHA256_Init(&digest->context) != 1) {
		free(digest);
		return NULL;
	}
	return digest;
}

int
digest_update(struct digest *digest, const void *data, size_t length)
{
	return SHA256_Update(&digest->context, data, length) == 1 ? 0 : -1;
}

int
digest_end(struct digest *digest, char text[DIGEST_TEXT_SIZE])
{
	unsigned char bytes[DIGEST_BYTES];
	bool good = SHA256_Final(bytes, &digest->context) == 1;

	text[0] = '\0';
	if (good)
		digest_text(bytes, text);
	digest_drop(digest);
	return good ? 0 : -1;
}

void
digest_drop(struct digest *digest)
{
	free(digest);
}

int
digest_file(int file, char text[DIGEST_TEXT_SIZE])
{
	struct digest *digest = digest_begin();
	unsigned char *chunk = malloc(CHUNK_BYTES);
	off_t offset = 0;
	ssize_t got;

	text[0] = '\0';
	if (digest == NULL || chunk == NULL) {
		errno = ENOMEM;
		goto fail;
	}
	while ((got = pread(file, chunk, CHUNK_BYTES, offset)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			goto fail;
		if (digest_update(digest, chunk, (size_t)got) != 0) {
			errno = EIO;
			goto fail;
		}
		offset += got;
	}
	free(chunk);
	return digest_end(digest, text);
fail:
	free(chunk);
	digest_drop(digest);
	return -1;
}
