/* SPDX-License-Identifier: ISC
 *
 * Another process publishes five times a second, this one asks rmd_check and the bare hash in turn and looks at the
 * clock after each: both meet the same interruptions. The clock's own cost is in both.
 */
#include "bench/reload.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PUBLISH_EVERY_NS 200000000
#define ASK_FOR_NS INT64_C(6000000000)
#define SEEN_TIMES 5
/* Questions between two looks at whether another program had the processor meanwhile. */
#define BLOCK 256
/* The longest waits are counted together here. */
#define LONGEST_NS ((size_t)1 << 20)
#define PATH_BYTES 4096

static int64_t
now_ns(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* As rmdsync does it, but for the building: a whole file is renamed into place. */
static void
publish(const char *directory, unsigned edition)
{
	char from[PATH_BYTES], fresh[PATH_BYTES], path[PATH_BYTES];

	snprintf(from, sizeof from, "%s/edition.%u", directory, edition % 2);
	snprintf(fresh, sizeof fresh, "%s/fresh", directory);
	snprintf(path, sizeof path, "%s/rmd.mdb", directory);
	need(link(from, fresh) == 0, "an edition cannot be linked");
	/* Two names of one file are left as they are by rename. */
	need(rename(fresh, path) == 0, "an edition cannot be published");
	unlink(fresh);
}

struct waits {
	const char *name;
	uint32_t *count; /* by nanoseconds */
	uint64_t total;
	int64_t longest;
};

static void
wait_add(struct waits *waits, int64_t ns)
{
	waits->count[(size_t)ns < LONGEST_NS ? (size_t)ns : LONGEST_NS - 1]++;
	waits->total++;
	if (ns > waits->longest)
		waits->longest = ns;
}

/* So many of a million take no longer. */
static size_t
percentile(const struct waits *waits, uint64_t millionths)
{
	uint64_t seen = 0, wanted = waits->total * millionths / 1000000;

	for (size_t ns = 0; ns < LONGEST_NS; ns++) {
		seen += waits->count[ns];
		if (seen > wanted)
			return ns;
	}
	return LONGEST_NS;
}

static void
waits_print(const struct waits *waits)
{
	static const uint64_t points[] = { 500000, 990000, 999000, 999900, 999990 };

	printf("%-36s", waits->name);
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
		printf("  %9zu", percentile(waits, points[i]));
	printf("  %9.0f us\n", (double)waits->longest / 1000);
}

static bool
answer_right(const struct rmd_answer *answer, bool hit)
{
	if (answer->generation % 2 == 1)
		return answer->verdict == (hit ? RMD_ACCEPT : RMD_REFUSE);
	return answer->verdict == RMD_REFUSE &&
	       answer->reason == (hit ? RMD_REASON_NOT_CERTIFIED : RMD_REASON_NOT_LISTED);
}

/* What a run of questions found. */
struct found {
	struct waits ours, hash;
	uint64_t left_out; /* answers */
	uint64_t wrong;
	uint64_t changes;
	uint32_t generation;
};

/* How often another program was given the processor instead of this thread. */
static long
interruptions(void)
{
	struct rusage usage;

	need(getrusage(RUSAGE_THREAD, &usage) == 0, "no usage");
	return usage.ru_nivcsw;
}

/* What other programs on the machine cost is no cost of a look-up: a block in which one came between is left out,
 * for both. Its answers are held to be right all the same. */
static void
block_ask(struct rmd *rmd, const struct stores *stores, const struct questions *questions, size_t first,
	  struct found *found)
{
	static int64_t ours[BLOCK], hash[BLOCK];
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	long before = interruptions();

	for (size_t i = 0; i < BLOCK; i++) {
		bool hit = questions->hit[first + i] != 0, has;
		int64_t begin, asked, looked;
		enum rmd_status status;

		query.provider = questions->frn[first + i];
		query.provider_length = 10;
		begin = now_ns();
		status = rmd_check(rmd, &query, &answer);
		asked = now_ns();
		has = hash_has(stores, questions->key[first + i]);
		looked = now_ns();
		ours[i] = asked - begin;
		hash[i] = looked - asked;
		found->wrong += status != RMD_OK || !answer_right(&answer, hit) || has != hit;
		found->changes += answer.generation != found->generation;
		found->generation = answer.generation;
	}
	if (interruptions() != before) {
		found->left_out += BLOCK;
		return;
	}
	for (size_t i = 0; i < BLOCK; i++) {
		wait_add(&found->ours, ours[i]);
		wait_add(&found->hash, hash[i]);
	}
}

static void
ask_while_published(struct rmd *rmd, const struct stores *stores, const struct questions *questions)
{
	struct found found = { .ours = { "rmd_check, FRN", array_of(LONGEST_NS, sizeof(uint32_t)), 0, 0 },
			       .hash = { "hash of this process", array_of(LONGEST_NS, sizeof(uint32_t)), 0, 0 } };
	int64_t end = now_ns() + ASK_FOR_NS;

	for (size_t first = 0; now_ns() < end; first = (first + BLOCK) % QUESTIONS)
		block_ask(rmd, stores, questions, first, &found);
	printf("\nPublished five times a second: waits in ns, the clock's in them\n%-36s%11s%11s%11s%11s%11s%11s\n",
	       "", "p50", "p99", "p99.9", "p99.99", "p99.999", "longest");
	waits_print(&found.hash);
	waits_print(&found.ours);
	printf("p99.99 of rmd_check: %.2f x the hash's; %llu answers, %llu wrong, from %llu snapshots; %llu more "
	       "left "
	       "out: another program had the processor\n",
	       (double)percentile(&found.ours, 999900) / (double)percentile(&found.hash, 999900),
	       (unsigned long long)found.ours.total, (unsigned long long)found.wrong,
	       (unsigned long long)found.changes, (unsigned long long)found.left_out);
	need(found.wrong == 0, "a wrong answer");
	free(found.ours.count);
	free(found.hash.count);
}

/* From the rename to the first answer out of the new snapshot. */
static void
new_seen(struct rmd *rmd, const char *directory, const struct questions *questions)
{
	double longest = 0;

	for (unsigned i = 0; i < SEEN_TIMES; i++) {
		struct rmd_query query = RMD_QUERY_INIT;
		struct rmd_answer answer = RMD_ANSWER_INIT;
		uint32_t before;
		int64_t begin;
		double seconds;

		query.provider = questions->frn[i];
		query.provider_length = 10;
		need(rmd_check(rmd, &query, &answer) == RMD_OK, "a wrong answer");
		before = answer.generation;
		publish(directory, before % 2);
		begin = now_ns();
		do
			need(rmd_check(rmd, &query, &answer) == RMD_OK && now_ns() - begin < 10000000000,
			     "a new snapshot is not seen");
		while (answer.generation == before);
		seconds = (double)(now_ns() - begin) / 1e9;
		if (seconds > longest)
			longest = seconds;
	}
	printf("A new snapshot answers after %.3f s at most, of %d\n", longest, SEEN_TIMES);
}

void
reload_bench(struct rmd *rmd, const char *directory, const struct stores *stores, const struct questions *questions)
{
	const struct timespec pause = { 0, PUBLISH_EVERY_NS };
	pid_t publisher = fork();
	int status;

	need(publisher >= 0, "no process");
	if (publisher == 0)
		for (unsigned edition = 1;; edition++) {
			publish(directory, edition);
			nanosleep(&pause, NULL);
		}
	ask_while_published(rmd, stores, questions);
	need(kill(publisher, SIGKILL) == 0 && waitpid(publisher, &status, 0) == publisher, "the publisher is gone");
	publish(directory, 0);
	publish(directory, 1);
	new_seen(rmd, directory, questions);
}
