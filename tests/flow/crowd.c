/* SPDX-License-Identifier: ISC
 *
 * A switch while rmdsync publishes, for crowd.sh: threads of one process and forked ones ask through one handle until
 * standard input ends. What rmdsync does must not enter.
 *
 *   crowd DIR FRN   the provider is listed in odd generations and has vanished in even ones: whoever hears
 * otherwise, or of a generation before the last one that it heard of, says so and fails
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rmd.h"

enum { THREADS = 2, CHILDREN = 2 };

static struct rmd *rmd;
static const char *frn;

/* Everybody sees the end of the same standard input, and nobody reads from it. */
static int
is_over(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&input, 1, 0) != 0;
}

/* Each with its filing, from the B-tree, and from the packed table alone. */
static int
answer_wrong(uint32_t *last, unsigned *generations)
{
	char texts[RMD_FILING_BUFFER_SIZE];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_query query = RMD_QUERY_INIT;
	enum rmd_status status;
	int listed;

	query.provider = frn;
	query.provider_length = strlen(frn);
	filing.buffer = texts;
	filing.buffer_size = sizeof texts;
	answer.filing = *generations % 2 == 0 ? &filing : NULL;
	status = rmd_check(rmd, &query, &answer);
	listed = answer.generation % 2 == 1;
	if (answer.generation > *last)
		++*generations;
	if (status == RMD_OK && answer.generation >= *last && answer.verdict == (listed ? RMD_ACCEPT : RMD_REFUSE) &&
	    answer.reason == (listed ? RMD_REASON_LISTED : RMD_REASON_DELISTED) &&
	    (answer.filing == NULL || strcmp(filing.frn, frn) == 0)) {
		*last = answer.generation;
		return 0;
	}
	printf("generation %u after %u: %s, %s (%s)\n", answer.generation, *last, rmd_verdict_name(answer.verdict),
	       rmd_reason_name(answer.reason), rmd_strerror(status));
	return 1;
}

/* NULL: no wrong answer, and more than one generation was seen. */
static void *
ask(void *context)
{
	uint32_t last = 0;
	unsigned generations = 0;
	int wrong = 0;

	while (!wrong && !is_over())
		wrong = answer_wrong(&last, &generations);
	if (!wrong && generations < 2)
		printf("it never saw a second generation\n");
	return wrong || generations < 2 ? context : NULL;
}

static int
crowd(void)
{
	pthread_t threads[THREADS];
	pid_t children[CHILDREN];
	int wrong = 0, status;
	void *result;

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, ask, &rmd) != 0)
			return 1;
	/* Forked while the threads are amid a check. */
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			result = ask(&rmd);
			rmd_close(rmd);
			_exit(fflush(stdout) != 0 || result != NULL);
		}
	}
	for (int i = 0; i < THREADS; i++)
		wrong |= pthread_join(threads[i], &result) != 0 || result != NULL;
	for (int i = 0; i < CHILDREN; i++) {
		while (waitpid(children[i], &status, 0) < 0 && errno == EINTR)
			;
		wrong |= children[i] < 0 || status != 0;
	}
	return wrong;
}

int
main(int argc, char **argv)
{
	int wrong;

	if (argc != 3 || rmd_open(argv[1], &rmd) != RMD_OK) {
		fprintf(stderr, "usage: crowd DIR FRN, of a good snapshot\n");
		return 2;
	}
	frn = argv[2];
	setvbuf(stdout, NULL, _IONBF, 0);
	wrong = crowd();
	rmd_close(rmd);
	return wrong;
}
