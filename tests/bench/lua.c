/* SPDX-License-Identifier: ISC
 *
 * What a check costs from a bare Lua loop, beside the same check from C, in one run: rounds by turns, the median of
 * each, time of the thread. For lua.sh; nothing passes or fails by it.
 *
 *   lua DIRECTORY KEY...     on stdout nanoseconds and their ratios to C's; the module is found by LUA_CPATH
 */
#include <rmd.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 9
#define CHECKS 100000

static const char script[] = "local rmd = require 'rmd'\n"
			     "local directory, keys = (...), { select(2, ...) }\n"
			     "local handle, verdicts = rmd.open(directory), { accept = 0, refuse = 0, unknown = 0 }\n"
			     "function round(checks)\n"
			     "  local last = #keys\n"
			     "  for i = 0, checks - 1 do\n"
			     "    local answer = handle:check{ provider = keys[i % last + 1] }\n"
			     "    verdicts[answer.verdict] = verdicts[answer.verdict] + 1\n"
			     "  end\n"
			     "end\n"
			     "function round_of_judge(checks)\n"
			     "  local last = #keys\n"
			     "  for i = 0, checks - 1 do\n"
			     "    local verdict = handle:judge(keys[i % last + 1])\n"
			     "    verdicts[verdict] = verdicts[verdict] + 1\n"
			     "  end\n"
			     "end\n";

static double
seconds(void)
{
	struct timespec now = { 0, 0 };

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0)
		abort();
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
c_round(struct rmd *rmd, char **keys, int count)
{
	double start = seconds();
	unsigned verdicts[4] = { 0 };

	for (int i = 0; i < CHECKS; i++) {
		struct rmd_query query = RMD_QUERY_INIT;
		struct rmd_answer answer = RMD_ANSWER_INIT;

		query.provider = keys[i % count];
		query.provider_length = strlen(query.provider);
		if (rmd_check(rmd, &query, &answer) != RMD_OK)
			abort();
		verdicts[answer.verdict & 3]++;
	}
	if (verdicts[RMD_MAY_BLOCK] != 0)
		abort();
	return (seconds() - start) / CHECKS * 1e9;
}

static double
lua_round(lua_State *L, const char *function)
{
	double start = seconds();

	lua_getglobal(L, function);
	lua_pushinteger(L, CHECKS);
	if (lua_pcall(L, 1, 0, 0) != 0) {
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
		exit(1);
	}
	return (seconds() - start) / CHECKS * 1e9;
}

static int
compare(const void *left, const void *right)
{
	double difference = *(const double *)left - *(const double *)right;

	return (difference > 0) - (difference < 0);
}

static double
median(double *times)
{
	qsort(times, ROUNDS, sizeof *times, compare);
	return times[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
	double in_c[ROUNDS], in_lua[ROUNDS], judging[ROUNDS];
	lua_State *L = luaL_newstate();
	struct rmd *rmd = NULL;

	if (argc < 3 || L == NULL || rmd_open(argv[1], &rmd) != RMD_OK) {
		fprintf(stderr, "usage: lua DIRECTORY KEY..., of a good snapshot\n");
		return 1;
	}
	luaL_openlibs(L);
	if (!lua_checkstack(L, argc) || luaL_loadstring(L, script) != 0)
		return 1;
	for (int i = 1; i < argc; i++)
		lua_pushstring(L, argv[i]);
	if (lua_pcall(L, argc - 1, 0, 0) != 0) {
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
		return 1;
	}
	for (int i = 0; i < ROUNDS; i++) {
		in_c[i] = c_round(rmd, argv + 2, argc - 2);
		in_lua[i] = lua_round(L, "round");
		judging[i] = lua_round(L, "round_of_judge");
	}
	printf("C %.0f ns, Lua check %.0f ns, ratio %.1f, judge %.0f ns, ratio %.1f\n", median(in_c), median(in_lua),
	       median(in_lua) / median(in_c), median(judging), median(judging) / median(in_c));
	lua_close(L);
	rmd_close(rmd);
	return 0;
}
