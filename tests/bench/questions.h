/* SPDX-License-Identifier: ISC
 *
 * What the bench asks, the same of everybody: drawn by chance from a snapshot's filings and peers before any clock
 * runs. Who is asked is not known here.
 */
#ifndef TESTS_BENCH_QUESTIONS_H
#define TESTS_BENCH_QUESTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmd.h"

/* Questions drawn; a power of two. */
#define QUESTIONS ((size_t)1 << 20)
#define QUESTION_TEXT 48

/* What a snapshot has. */
struct filings {
	size_t count;
	uint64_t *frn;
	uint32_t *number;
	size_t peer_count;
	char (*peer)[QUESTION_TEXT]; /* an address of each prefix of a peer */
};

/* Each in an array of its own: nobody is to pay for what only others read. */
struct questions {
	uint8_t *hit;                   /* 1: there is such a one */
	uint64_t *key;                  /* the FRN, as a number */
	uint32_t *ipv4;                 /* of the filing in the database of addresses */
	char (*frn)[16];                /* the FRN, as text */
	char (*number)[16];             /* the RMD number */
	char (*address)[QUESTION_TEXT]; /* of a peer */
	uint8_t *address_length;
	char (*caller)[16];
};

/* Ends the program with that line unless `good`. */
void
need(bool good, const char *what);

void *
array_of(size_t count, size_t size);

/* A random number; the same ones at every run. */
uint64_t
draw(uint64_t *state);

void
filings_read(struct rmd *rmd, struct filings *filings);

/* The address that leads to filing number i; behind the last filing nothing is there. */
uint32_t
ipv4_of(size_t i, uint64_t chance);

/* With `misses`, every other one, in no order, asks for what is not there. */
struct questions
questions_draw(const struct filings *filings, bool misses);

/* How many of those are hits. */
size_t
questions_hits(const struct questions *questions, size_t first, size_t count);

#endif
