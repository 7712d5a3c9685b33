/* SPDX-License-Identifier: ISC
 *
 * What librmd is held against: the same filings in a hash of this process, and in other people's stores. Ours must
 * not enter.
 */
#ifndef TESTS_BENCH_REFERENCE_H
#define TESTS_BENCH_REFERENCE_H

#include "bench/questions.h"

/* Asks `count` questions from the first on, and says how many are there. For all of these and of ours; `context` is
 * what reference_open or rmd_open gave. */
typedef size_t
run_function(const void *context, const struct questions *questions, size_t first, size_t count);

struct reference {
	const char *name;
	run_function *run;
	const char *missing; /* the Debian package that it needs and that was not there; NULL: it is there */
};

enum reference_index {
	REFERENCE_HASH,
	REFERENCE_CDB,
	REFERENCE_LMDB_HELD,
	REFERENCE_LMDB_RENEWED,
	REFERENCE_LMDB_BEGUN,
	REFERENCE_MAXMIND,
	REFERENCE_MAXMIND_FIELD,
	REFERENCE_SQLITE,
	REFERENCE_COUNT
};
extern const struct reference references[REFERENCE_COUNT];

struct stores;

/* Writes the stores into a directory, and opens them. */
struct stores *
reference_open(const struct filings *filings, const char *directory);

/* One look into the hash. */
bool
hash_has(const struct stores *stores, uint64_t key);

#endif
