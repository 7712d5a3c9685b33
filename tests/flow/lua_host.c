/* SPDX-License-Identifier: ISC
 *
 * A host of Lua, as a switch is one, for lua.sh: with the flags of this build, so that a sanitizer sees the module
 * too. What a script should find must not enter.
 *
 *   lua_host states COUNT FILE ARGUMENT...   so many Lua states one after another, each runs the file; what the
 * process maps and holds open must be the same after the tenth and the last lua_host threads COUNT FILE ARGUMENT...
 * so many threads that begin together, each with a state that runs the file lua_host forks COUNT FILE ARGUMENT... one
 * state runs the file; then its global function `again` is called in so many children and in the parent
 */
#include <dirent.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS_MAX 64
#define SETTLED 10

static char **arguments; /* FILE, ARGUMENT... */
static int argument_count;
static pthread_barrier_t barrier;

/* Zero, or one with the script's error told. */
static int
call(lua_State *L, int count)
{
	if (lua_pcall(L, count, 0, 0) == 0)
		return 0;
	fprintf(stderr, "%s\n", lua_tostring(L, -1));
	return 1;
}

static int
file_run(lua_State *L)
{
	if (luaL_loadfile(L, arguments[0]) != 0) {
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
		return 1;
	}
	for (int i = 1; i < argument_count; i++)
		lua_pushstring(L, arguments[i]);
	return call(L, argument_count - 1);
}

static int
state_run(void)
{
	lua_State *L = luaL_newstate();
	int failed;

	if (L == NULL)
		return 1;
	luaL_openlibs(L);
	failed = file_run(L);
	lua_close(L);
	return failed;
}

/* How many files are mapped. */
static int
maps_count(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[1024];
	int count = 0;

	while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
		if (strchr(line, '/') != NULL)
			count++;
	return maps != NULL && fclose(maps) == 0 ? count : -1;
}

static int
descriptors_count(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (directory != NULL && readdir(directory) != NULL)
		count++;
	return directory != NULL && closedir(directory) == 0 ? count : -1;
}

static int
states_run(int count)
{
	int maps = 0, descriptors = 0, failed = 0;

	for (int i = 0; i < count && !failed; i++) {
		failed = state_run();
		if (i + 1 == SETTLED) {
			maps = maps_count();
			descriptors = descriptors_count();
		}
	}
	if (failed || count <= SETTLED)
		return failed;
	printf("%d states: %d and %d files mapped, %d and %d descriptors\n", count, maps, maps_count(), descriptors,
	       descriptors_count());
	return maps < 1 || maps != maps_count() || descriptors < 1 || descriptors != descriptors_count();
}

static void *
thread_run(void *failed)
{
	pthread_barrier_wait(&barrier);
	*(int *)failed = state_run();
	return NULL;
}

static int
threads_run(int count)
{
	pthread_t threads[THREADS_MAX];
	int failed[THREADS_MAX] = { 0 }, started = 0, all = 0;

	if (count < 1 || count > THREADS_MAX || pthread_barrier_init(&barrier, NULL, (unsigned)count) != 0)
		return 1;
	while (started < count && pthread_create(&threads[started], NULL, thread_run, &failed[started]) == 0)
		started++;
	/* Those that did start wait for the others for ever. */
	if (started < count)
		abort();
	for (int i = 0; i < count; i++)
		all |= pthread_join(threads[i], NULL) != 0 || failed[i];
	return all;
}

static int
again(lua_State *L)
{
	lua_getglobal(L, "again");
	return call(L, 0);
}

static int
forks_run(int count)
{
	lua_State *L = luaL_newstate();
	int failed;

	if (L == NULL)
		return 1;
	luaL_openlibs(L);
	failed = file_run(L);
	for (int i = 0; i < count && !failed; i++) {
		int status = 1;
		pid_t child = fork();

		if (child == 0)
			_exit(again(L));
		failed = child < 0 || waitpid(child, &status, 0) != child || status != 0;
	}
	failed = again(L) || failed;
	lua_close(L);
	return failed;
}

int
main(int argc, char **argv)
{
	int count = argc < 4 ? 0 : (int)strtol(argv[2], NULL, 10);

	arguments = argv + 3;
	argument_count = argc - 3;
	if (count > 0 && strcmp(argv[1], "states") == 0)
		return states_run(count);
	if (count > 0 && strcmp(argv[1], "threads") == 0)
		return threads_run(count);
	if (count > 0 && strcmp(argv[1], "forks") == 0)
		return forks_run(count);
	fprintf(stderr, "usage: lua_host states|threads|forks COUNT FILE ARGUMENT...\n");
	return 64;
}
