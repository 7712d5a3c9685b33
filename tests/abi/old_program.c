/* SPDX-License-Identifier: ISC
 *
 * A program as the first release's users wrote it, kept as it was: it must go on building and running.
 */
#include <rmd.h>
#include <stdio.h>
#include <string.h>

int
main(int argc, char **argv)
{
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd *rmd;

	rmd_open(argc > 1 ? argv[1] : NULL, &rmd);
	query.provider = "0099000003";
	query.provider_length = strlen(query.provider);
	query.called = "911";
	query.called_length = 3;
	rmd_check(rmd, &query, &answer);
	printf("%s %s\n", rmd_verdict_name(answer.verdict), rmd_reason_name(answer.reason));
	rmd_close(rmd);
	return answer.verdict == RMD_ACCEPT ? 0 : 1;
}
