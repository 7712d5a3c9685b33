/* SPDX-License-Identifier: ISC
 *
 * SHA-256 as we write it: of a source while it is fetched, of a snapshot before it is published. The only file that
 * knows libcrypto, whose code for the processor at hand is ten times as fast as a portable one.
 */
#ifndef CACHE_DIGEST_H
#define CACHE_DIGEST_H

#include <stddef.h>

#define DIGEST_BYTES 32
#define DIGEST_TEXT_SIZE 65

struct digest; /* a computation under way */

/* NULL when memory is short. */
struct digest *
digest_begin(void);

/* 0, or -1 when the library failed. */
int
digest_update(struct digest *digest, const void *data, size_t length);

/* Ends the computation and frees it. `text` gets lower-case hexadecimal. 0 or -1. */
int
digest_end(struct digest *digest, char text[DIGEST_TEXT_SIZE]);

/* Frees it without a result. NULL is allowed. */
void
digest_drop(struct digest *digest);

/* Of a file's whole contents, from its beginning, whatever its position. 0, or -1 with errno. */
int
digest_file(int file, char text[DIGEST_TEXT_SIZE]);

#endif
