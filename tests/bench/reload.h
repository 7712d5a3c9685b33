/* SPDX-License-Identifier: ISC
 *
 * What a switch notices of new snapshots: the longest waits while they come, and how soon they answer.
 */
#ifndef TESTS_BENCH_RELOAD_H
#define TESTS_BENCH_RELOAD_H

#include "bench/reference.h"

/* `directory` has two editions: in edition.0, an odd generation, every filing is certified, in edition.1 none. */
void
reload_bench(struct rmd *rmd, const char *directory, const struct stores *stores, const struct questions *questions);

#endif
