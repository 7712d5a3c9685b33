/* SPDX-License-Identifier: ISC
 *
 * What one question costs a switch, beside other people's look-ups of the same key in the same run. Prints ratios;
 * only a wrong answer makes it fail. Publishing under running questions is reload.c's.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/reference.h"
#include "bench/reload.h"
#include "lib/handle.h"
#include "lib/target.h"

#define ROUNDS 31
/* Questions of one measurement: a millisecond or a few, so that it is seldom interrupted. */
#define WINDOW ((size_t)1 << 14)
/* A table up to this size is asked once beforehand: a switch that asks all day has it in its caches. Of a larger one
 * each measurement asks for other filings. */
#define WARM_FILINGS 100000

/* The look-up alone: key parsed, snapshot fresh, entry found. */
static inline size_t
bare_one(struct rmd *rmd, const char *text, size_t length, enum rmd_key kind)
{
	struct visit visit = visit_begin(rmd, seconds_now());
	const struct packed_slot *slot = NULL;
	struct target target;
	size_t hits = 0;

	if (visit.snapshot != NULL &&
	    target_find(visit.snapshot, (struct slice){ text, length }, kind, INT64_MAX, &target) == KEY_FOUND)
		slot = target_slot(snapshot_packed(visit.snapshot), target.frn, target.number);
	if (slot != NULL)
		hits = (slot->flags & PACKED_LISTED) != 0;
	visit_end(visit);
	return hits;
}

/* A question and its answer, used again and again. */
struct call {
	struct rmd_query query;
	struct rmd_answer answer;
};

static inline size_t
check_one(struct rmd *rmd, struct call *call, const char *text, size_t length)
{
	call->query.provider = text;
	call->query.provider_length = length;
	return rmd_check(rmd, &call->query, &call->answer) == RMD_OK && call->answer.verdict == RMD_ACCEPT;
}

/* A run over the window: `one` asks question i. */
#define RUN(name, prepare, one)                                                                                      \
	static size_t name(const void *context, const struct questions *questions, size_t first, size_t count)       \
	{                                                                                                            \
		struct rmd *rmd = (struct rmd *)(uintptr_t)context;                                                  \
		size_t hits = 0;                                                                                     \
                                                                                                                     \
		prepare;                                                                                             \
		for (size_t i = first; i < first + count; i++)                                                       \
			hits += one;                                                                                 \
		return hits;                                                                                         \
	}
#define CALL struct call call = { RMD_QUERY_INIT, RMD_ANSWER_INIT }

RUN(bare_frn_run, (void)0, bare_one(rmd, questions->frn[i], 10, RMD_KEY_ANY))
RUN(bare_number_run, (void)0, bare_one(rmd, questions->number[i], 10, RMD_KEY_ANY))
RUN(bare_address_run, (void)0, bare_one(rmd, questions->address[i], questions->address_length[i], RMD_KEY_IP))
RUN(check_frn_run, CALL, check_one(rmd, &call, questions->frn[i], 10))
RUN(check_number_run, CALL, check_one(rmd, &call, questions->number[i], 10))
RUN(check_address_run, CALL;
    call.query.key = RMD_KEY_IP, check_one(rmd, &call, questions->address[i], questions->address_length[i]))
RUN(check_call_run, CALL; call.query.called = "+12025550143"; call.query.called_length = 12;
    call.query.caller_length = 12,
    (call.query.caller = questions->caller[i], check_one(rmd, &call, questions->frn[i], 10)))

/* Who is asked: the references in their order, then these. */
enum {
	BARE_FRN = REFERENCE_COUNT,
	BARE_NUMBER,
	BARE_ADDRESS,
	CHECK_FRN,
	CHECK_NUMBER,
	CHECK_ADDRESS,
	CHECK_CALL,
	KINDS
};
static const struct {
	const char *name;
	run_function *run;
} own[] = {
	{ "bare look-up, FRN", bare_frn_run },
	{ "bare look-up, RMD number", bare_number_run },
	{ "bare look-up, peer's address", bare_address_run },
	{ "rmd_check, FRN", check_frn_run },
	{ "rmd_check, RMD number", check_number_run },
	{ "rmd_check, peer's address", check_address_run },
	{ "rmd_check, FRN, caller and called", check_call_run },
};

enum way { ONE_THREAD, TWO_THREADS, TWO_PROCESSES, WAYS };

/* Nanoseconds a question, by round; 0: not measured. */
struct measured {
	double hits[KINDS][WAYS][ROUNDS];
	double misses[KINDS][ROUNDS];
};

static const char *
name_of(int kind)
{
	return kind < REFERENCE_COUNT ? references[kind].name : own[kind - REFERENCE_COUNT].name;
}

/* One thread's share of a measurement. */
struct share {
	run_function *run;
	const void *context;
	const struct questions *questions;
	size_t first;
	bool warm; /* asked once beforehand */
	double ns;
	pthread_barrier_t *start;
};

/* Time of this thread alone: what others do on the machine moves it little. */
static void
share_measure(struct share *share)
{
	size_t expected = questions_hits(share->questions, share->first, WINDOW), got;
	struct timespec begin, end;

	if (share->warm)
		need(share->run(share->context, share->questions, share->first, WINDOW) == expected,
		     "a wrong answer");
	if (share->start != NULL)
		pthread_barrier_wait(share->start);
	need(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin) == 0, "no clock");
	got = share->run(share->context, share->questions, share->first, WINDOW);
	need(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end) == 0, "no clock");
	need(got == expected, "a wrong answer");
	share->ns =
		((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) / (double)WINDOW;
}

static void *
share_thread(void *share)
{
	share_measure(share);
	return NULL;
}

static double
two_threads(struct share share)
{
	struct share shares[2] = { share, share };
	pthread_barrier_t start;
	pthread_t threads[2];

	need(pthread_barrier_init(&start, NULL, 2) == 0, "no barrier");
	shares[1].first = (share.first + WINDOW) % QUESTIONS;
	for (int i = 0; i < 2; i++) {
		shares[i].start = &start;
		need(pthread_create(&threads[i], NULL, share_thread, &shares[i]) == 0, "no thread");
	}
	for (int i = 0; i < 2; i++)
		need(pthread_join(threads[i], NULL) == 0, "no thread");
	pthread_barrier_destroy(&start);
	return (shares[0].ns + shares[1].ns) / 2;
}

/* Each asks once beforehand: a fork has yet to find the pages of a file. */
static double
two_processes(struct share share)
{
	double sum = 0, ns;
	pid_t child[2];
	int ends[2];

	need(pipe(ends) == 0, "no pipe");
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		need(child[i] >= 0, "no process");
		if (child[i] != 0)
			continue;
		share.first = (share.first + (size_t)i * WINDOW) % QUESTIONS;
		share.warm = true;
		share_measure(&share);
		_exit(write(ends[1], &share.ns, sizeof share.ns) == (ssize_t)sizeof share.ns ? 0 : 1);
	}
	for (int i = 0; i < 2; i++) {
		int status = 1;

		need(waitpid(child[i], &status, 0) == child[i] && status == 0, "a process failed");
		need(read(ends[0], &ns, sizeof ns) == (ssize_t)sizeof ns, "a process failed");
		sum += ns;
	}
	close(ends[0]);
	close(ends[1]);
	return sum / 2;
}

static void
rounds_run(struct rmd *rmd, const struct stores *stores, const struct questions *hits, const struct questions *misses,
	   bool warm, struct measured *measured)
{
	for (size_t round = 0; round < ROUNDS; round++)
		for (int kind = 0; kind < KINDS; kind++) {
			bool reference = kind < REFERENCE_COUNT;
			struct share share = {
				.run = reference ? references[kind].run : own[kind - REFERENCE_COUNT].run,
				.context = reference ? (const void *)stores : rmd,
				.questions = hits,
				.warm = warm,
				.first = round * WINDOW % QUESTIONS,
			};

			if (share.run == NULL)
				continue;
			share_measure(&share);
			measured->hits[kind][ONE_THREAD][round] = share.ns;
			if (kind == REFERENCE_HASH || kind == BARE_FRN || kind == CHECK_FRN || kind == CHECK_CALL) {
				measured->hits[kind][TWO_THREADS][round] = two_threads(share);
				measured->hits[kind][TWO_PROCESSES][round] = two_processes(share);
			}
			share.questions = misses;
			share_measure(&share);
			measured->misses[kind][round] = share.ns;
		}
}

static int
order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The median of the rounds' ratios, so that what slows a whole round down slows nobody down; 0: not measured.
 * `below` NULL: of the times themselves. */
static double
median(const double above[ROUNDS], const double below[ROUNDS])
{
	double sorted[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		if (above[round] == 0 || (below != NULL && below[round] == 0))
			return 0;
		sorted[round] = above[round] / (below != NULL ? below[round] : 1);
	}
	qsort(sorted, ROUNDS, sizeof sorted[0], order);
	return sorted[ROUNDS / 2];
}

static void
number_print(const char *format, double number)
{
	char text[32] = "-";

	if (number != 0)
		snprintf(text, sizeof text, format, number);
	printf("  %9s", text);
}

static void
table_print(const struct measured *measured)
{
	const double *hash = measured->hits[REFERENCE_HASH][ONE_THREAD];
	const double *lmdb = measured->hits[REFERENCE_LMDB_RENEWED][ONE_THREAD];
	const double *maxmind = measured->hits[REFERENCE_MAXMIND_FIELD][ONE_THREAD];

	printf("%-36s%11s%11s%11s%11s%11s%11s%11s\n", "", "ns", "x hash", "x LMDB", "x maxmind", "misses", "threads",
	       "processes");
	for (int kind = 0; kind < KINDS; kind++) {
		const double *one = measured->hits[kind][ONE_THREAD];

		if (kind < REFERENCE_COUNT && references[kind].missing != NULL) {
			printf("%-36s  left out: %s is not installed\n", name_of(kind), references[kind].missing);
			continue;
		}
		printf("%-36s", name_of(kind));
		number_print("%.1f", median(one, NULL));
		number_print("%.2f", median(one, hash));
		number_print("%.3f", median(one, lmdb));
		number_print("%.3f", median(one, maxmind));
		number_print("%.2f", median(measured->misses[kind], one));
		number_print("%.2f", median(measured->hits[kind][TWO_THREADS], one));
		number_print("%.2f", median(measured->hits[kind][TWO_PROCESSES], one));
		putchar('\n');
	}
	puts("LMDB: renewed; maxmind: libmaxminddb, one field; misses: half of the questions, to hits; threads, "
	     "processes: two, to one");
}

/* check DIRECTORY: with rmd.mdb, edition.0 and edition.1 in it, as check.sh makes them. */
int
main(int argc, char **argv)
{
	static struct measured measured;
	struct questions hits, misses;
	struct filings filings;
	struct stores *stores;
	struct rmd *rmd;

	need(argc == 2, "usage: check DIRECTORY");
	need(rmd_open(argv[1], &rmd) == RMD_OK, "there is no snapshot");
	filings_read(rmd, &filings);
	hits = questions_draw(&filings, false);
	misses = questions_draw(&filings, true);
	stores = reference_open(&filings, argv[1]);
	printf("\n%zu filings, medians of %d rounds of %zu questions, CPU time\n", filings.count, ROUNDS, WINDOW);
	rounds_run(rmd, stores, &hits, &misses, filings.count <= WARM_FILINGS, &measured);
	table_print(&measured);
	reload_bench(rmd, argv[1], stores, &misses);
	rmd_close(rmd);
	return 0;
}
