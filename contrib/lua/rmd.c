/* SPDX-License-Identifier: ISC
 *
 * The Lua module "rmd": a switch's script asks librmd. One source for Lua 5.1 to 5.4 and LuaJIT. What a verdict means
 * must not enter, nor anything about the data: librmd answers, and here is only told what it said.
 *
 *   local rmd = require "rmd"
 *   rmd.version                     of librmd
 *   rmd.open([directory])           a handle; nothing is opened before it is first asked
 *   handle:check{provider=, key=, role=, from=, to=, at=, now=}
 *                                   a table, with verdict ("accept", "refuse", "may-block" or "unknown", never nil),
 *                                   flags (a list and a set) and, where they are known, reason, citation, rmd_number,
 *                                   frn, role, effective_at, at, checked_at, data_age, generation, notice, step;
 *                                   where the question did not reach the data, status and status_text
 *   handle:judge(provider [, from [, to [, role]]])
 *                                   the same without tables, for the path of a call: verdict, reason and its citation
 *                                   or, where the question did not reach the data, status_text
 *   handle:info()                   a table: what the answers rest on, named as in struct rmd_info
 *   for peer in handle:peers() do   a table each: name, rmd_number, frn, role, key, value
 *
 * Times are seconds since 1970. What comes with a call never raises an error, whatever it is; a value of another type
 * than it must be, or a field that there is not, does: that is the script's mistake. A number counts as its digits.
 */
#include <rmd.h>

#include <inttypes.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANDLE "rmd.handle"
#define WALK "rmd.walk"

/* Beyond what an int64_t holds, or next to it. */
#define INSTANT_MAX 9.2e18

/* No role, and none that a later version may have: rmd_check then looks at the called number only. */
#define ROLE_NONE_SUCH ((enum rmd_role) - 1)

/* One directory's snapshot, for all Lua states of the process. */
struct place {
	struct place *next;
	_Atomic(struct rmd *) rmd; /* NULL: not asked yet */
	bool chosen;               /* false: the directory that rmdsync was built with */
	char directory[];
};

/* Hosts that make a Lua state for each call would map the snapshot for each call, so this outlives them: the module
 * is never unloaded (-z nodelete), and a place never goes. No lock: a thread of the parent could hold it at a fork.
 */
static _Atomic(struct place *) places;

static bool
place_is(const struct place *place, const char *directory)
{
	if (directory == NULL || !place->chosen)
		return directory == NULL && !place->chosen;
	return strcmp(place->directory, directory) == 0;
}

static struct place *
place_find(struct place *first, const char *directory)
{
	while (first != NULL && !place_is(first, directory))
		first = first->next;
	return first;
}

/* NULL: out of memory. */
static struct place *
place_of(const char *directory)
{
	struct place *known = place_find(atomic_load(&places), directory), *fresh;
	size_t bytes = directory != NULL ? strlen(directory) + 1 : 0;

	if (known != NULL)
		return known;
	fresh = malloc(sizeof *fresh + bytes);
	if (fresh == NULL)
		return NULL;
	atomic_init(&fresh->rmd, NULL);
	fresh->chosen = directory != NULL;
	if (directory != NULL)
		memcpy(fresh->directory, directory, bytes);
	fresh->next = atomic_load(&places);
	do {
		known = place_find(fresh->next, directory);
	} while (known == NULL && !atomic_compare_exchange_weak(&places, &fresh->next, fresh));
	if (known == NULL)
		return fresh;
	free(fresh);
	return known;
}

/* Opened at the first question, so that a script which a host loads before it forks opens nothing there. *rmd is NULL
 * unless RMD_OK, which says nothing about the data. */
static enum rmd_status
place_open(struct place *place, struct rmd **rmd)
{
	struct rmd *known = NULL;
	enum rmd_status status;

	*rmd = atomic_load(&place->rmd);
	if (*rmd != NULL)
		return RMD_OK;
	status = rmd_open(place->chosen ? place->directory : NULL, rmd);
	if (*rmd == NULL)
		return status;
	/* Two threads may have come at once; one handle is enough. */
	if (!atomic_compare_exchange_strong(&place->rmd, &known, *rmd)) {
		rmd_close(*rmd);
		*rmd = known;
	}
	return RMD_OK;
}

static void
text_set(lua_State *L, const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	lua_pushstring(L, text);
	lua_setfield(L, -2, name);
}

static void
integer_set(lua_State *L, const char *name, int64_t value)
{
#if LUA_VERSION_NUM >= 503
	lua_pushinteger(L, value);
#else
	lua_pushnumber(L, (lua_Number)value);
#endif
	lua_setfield(L, -2, name);
}

static void
instant_set(lua_State *L, const char *name, int64_t instant)
{
	if (instant != RMD_TIME_NONE)
		integer_set(L, name, instant);
}

static void
status_set(lua_State *L, enum rmd_status status)
{
	if (status == RMD_OK)
		return;
	integer_set(L, "status", status);
	text_set(L, "status_text", rmd_strerror(status));
}

/* As a list for whoever prints them, and as a set for whoever asks for one. */
static void
flags_set(lua_State *L, unsigned flags)
{
	int count = 0;

	lua_newtable(L);
	for (unsigned rest = flags; rest != 0; rest &= rest - 1) {
		const char *name = rmd_flag_name((enum rmd_flag)(rest & -rest));

		if (name[0] == '\0')
			continue;
		lua_pushstring(L, name);
		lua_rawseti(L, -2, ++count);
		lua_pushboolean(L, 1);
		lua_setfield(L, -2, name);
	}
	lua_setfield(L, -2, "flags");
}

static void
answer_push(lua_State *L, const struct rmd_answer *answer, enum rmd_status status)
{
	const char *verdict = rmd_verdict_name(answer->verdict);

	lua_createtable(L, 0, 16);
	/* A verdict that a later library has and this source has not is no verdict here. */
	text_set(L, "verdict", verdict[0] != '\0' ? verdict : rmd_verdict_name(RMD_UNKNOWN));
	text_set(L, "reason", rmd_reason_name(answer->reason));
	text_set(L, "citation", answer->citation);
	text_set(L, "rmd_number", answer->rmd_number);
	text_set(L, "frn", answer->frn);
	text_set(L, "role", rmd_role_name(answer->role));
	text_set(L, "notice", answer->notice);
	flags_set(L, answer->flags);
	instant_set(L, "effective_at", answer->effective_at);
	instant_set(L, "at", answer->at);
	instant_set(L, "checked_at", answer->checked_at);
	instant_set(L, "data_age", answer->data_age);
	if (answer->generation != 0)
		integer_set(L, "generation", answer->generation);
	if (answer->step != 0)
		integer_set(L, "step", answer->step);
	status_set(L, status);
}

static int
field_error(lua_State *L, const char *name, const char *expected)
{
	return luaL_error(L, "bad field '%s' (%s expected, got %s)", name, expected, luaL_typename(L, -1));
}

/* The number at the top, its fraction cut off: some hosts' clocks have one. False: it is no time. */
static bool
whole_get(lua_State *L, int64_t *whole)
{
	lua_Number number = lua_tonumber(L, -1);

#if LUA_VERSION_NUM >= 503
	if (lua_isinteger(L, -1)) {
		*whole = lua_tointeger(L, -1);
		return *whole != RMD_TIME_NONE;
	}
#endif
	if (!(number > -INSTANT_MAX && number < INSTANT_MAX))
		return false;
	*whole = (int64_t)number;
	if (number < (lua_Number)*whole)
		(*whole)--;
	return true;
}

static bool
instant_get(lua_State *L, const char *name, int64_t *instant)
{
	if (!lua_isnumber(L, -1))
		field_error(L, name, "number");
	return whole_get(L, instant);
}

/* The text at the top, or the digits of a number there, which then take its place: 911 must be the same as "911", in
 * all versions of Lua. */
static const char *
text_get(lua_State *L, const char *name, size_t *length)
{
	char digits[24];
	int64_t whole;

	if (lua_type(L, -1) == LUA_TNUMBER && whole_get(L, &whole) && (lua_Number)whole == lua_tonumber(L, -1)) {
		if (snprintf(digits, sizeof digits, "%" PRId64, whole) < 0)
			digits[0] = '\0';
		lua_pop(L, 1);
		lua_pushstring(L, digits);
	}
	if (!lua_isstring(L, -1))
		field_error(L, name, "string");
	return lua_tolstring(L, -1, length);
}

static bool
text_is(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool
role_get(lua_State *L, const char *name, enum rmd_role *role)
{
	size_t length;
	const char *text = text_get(L, name, &length);

	for (*role = RMD_ROLE_VSP; rmd_role_name(*role)[0] != '\0'; (*role)++)
		if (text_is(text, length, rmd_role_name(*role)))
			return true;
	return false;
}

/* In the order of enum rmd_key. */
static const char *const key_names[] = { "any", "frn", "rmd", "peer", "ip", "trunk", "ocn", "name" };
#define KEY_COUNT (sizeof key_names / sizeof key_names[0])

static bool
key_get(lua_State *L, const char *name, enum rmd_key *key)
{
	size_t length, i = 0;
	const char *text = text_get(L, name, &length);

	while (i < KEY_COUNT && !text_is(text, length, key_names[i]))
		i++;
	*key = (enum rmd_key)i;
	return i < KEY_COUNT;
}

/* Takes the value at the top into the query; its field's name is below it. False: it is none that there can be. */
static bool
field_get(lua_State *L, struct rmd_query *query)
{
	const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : luaL_typename(L, -2);

	if (strcmp(name, "provider") == 0)
		query->provider = text_get(L, name, &query->provider_length);
	else if (strcmp(name, "from") == 0)
		query->caller = text_get(L, name, &query->caller_length);
	else if (strcmp(name, "to") == 0)
		query->called = text_get(L, name, &query->called_length);
	else if (strcmp(name, "role") == 0)
		return role_get(L, name, &query->role);
	else if (strcmp(name, "key") == 0)
		return key_get(L, name, &query->key);
	else if (strcmp(name, "at") == 0)
		return instant_get(L, name, &query->at);
	else if (strcmp(name, "now") == 0)
		return instant_get(L, name, &query->now);
	else
		luaL_error(L, "there is no field '%s' in a question", name);
	return true;
}

static void
query_get(lua_State *L, struct rmd_query *query)
{
	bool good = true;

	lua_pushnil(L);
	while (lua_next(L, 2) != 0) {
		good = field_get(L, query) && good;
		/* The value stays, below its key: the query points into it. */
		lua_insert(L, -2);
	}
	if (!good)
		query->role = ROLE_NONE_SUCH;
}

static struct place *
handle_get(lua_State *L)
{
	return *(struct place **)luaL_checkudata(L, 1, HANDLE);
}

static int
handle_check(lua_State *L)
{
	struct place *place = handle_get(L);
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_query query = RMD_QUERY_INIT;
	enum rmd_status opened, status;
	struct rmd *rmd;

	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	query_get(L, &query);
	opened = place_open(place, &rmd);
	status = rmd_check(rmd, &query, &answer);
	answer_push(L, &answer, opened != RMD_OK ? opened : status);
	return 1;
}

static const char *
argument_get(lua_State *L, int index, const char *name, size_t *length)
{
	const char *text;

	if (lua_isnoneornil(L, index))
		return NULL;
	lua_pushvalue(L, index);
	text = text_get(L, name, length);
	/* What may be new at the top takes the place of the argument: the query points into it. */
	lua_replace(L, index);
	return text;
}

static int
handle_judge(lua_State *L)
{
	struct place *place = handle_get(L);
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_query query = RMD_QUERY_INIT;
	enum rmd_status opened, status;
	const char *verdict;
	struct rmd *rmd;

	lua_settop(L, 5);
	query.provider = argument_get(L, 2, "provider", &query.provider_length);
	query.caller = argument_get(L, 3, "from", &query.caller_length);
	query.called = argument_get(L, 4, "to", &query.called_length);
	if (!lua_isnil(L, 5) && !role_get(L, "role", &query.role))
		query.role = ROLE_NONE_SUCH;
	opened = place_open(place, &rmd);
	status = rmd_check(rmd, &query, &answer);
	if (opened != RMD_OK)
		status = opened;
	verdict = rmd_verdict_name(answer.verdict);
	lua_pushstring(L, verdict[0] != '\0' ? verdict : rmd_verdict_name(RMD_UNKNOWN));
	lua_pushstring(L, rmd_reason_name(answer.reason));
	lua_pushstring(L, status != RMD_OK ? rmd_strerror(status) : answer.citation);
	return 3;
}

static int
handle_info(lua_State *L)
{
	struct rmd_info info = RMD_INFO_INIT;
	enum rmd_status status;
	struct rmd *rmd;

	status = place_open(handle_get(L), &rmd);
	if (status == RMD_OK)
		status = rmd_info(rmd, &info);
	lua_createtable(L, 0, 20);
	status_set(L, status);
	if (info.reload_status != RMD_OK) {
		integer_set(L, "reload_status", info.reload_status);
		text_set(L, "reload_status_text", rmd_strerror(info.reload_status));
	}
	if (status != RMD_OK)
		return 1;
	integer_set(L, "format", info.format);
	integer_set(L, "generation", info.generation);
	instant_set(L, "checked_at", info.checked_at);
	instant_set(L, "changed_at", info.changed_at);
	instant_set(L, "first_checked_at", info.first_checked_at);
	integer_set(L, "max_age", info.max_age);
	integer_set(L, "filings", (int64_t)info.filings);
	integer_set(L, "not_certified", (int64_t)info.not_certified);
	integer_set(L, "vanished", (int64_t)info.vanished);
	integer_set(L, "quarantined", (int64_t)info.quarantined);
	integer_set(L, "events", (int64_t)info.events);
	integer_set(L, "notices", (int64_t)info.notices);
	integer_set(L, "peers", (int64_t)info.peers);
	text_set(L, "source", info.source);
	text_set(L, "digest", info.digest);
	return 1;
}

static int
walk_close(lua_State *L)
{
	struct rmd_peers **walk = luaL_checkudata(L, 1, WALK);

	rmd_peers_close(*walk);
	*walk = NULL;
	return 0;
}

static int
walk_next(lua_State *L)
{
	struct rmd_peers **walk = luaL_checkudata(L, 1, WALK);
	struct rmd_peer peer = RMD_PEER_INIT;
	int more = *walk != NULL ? rmd_peers_next(*walk, &peer) : 0;

	if (more < 0)
		return luaL_error(L, "%s", rmd_strerror((enum rmd_status)more));
	if (more == 0) {
		rmd_peers_close(*walk);
		*walk = NULL;
		return 0;
	}
	lua_createtable(L, 0, 6);
	text_set(L, "name", peer.name);
	text_set(L, "rmd_number", peer.rmd_number);
	text_set(L, "frn", peer.frn);
	text_set(L, "role", rmd_role_name(peer.role));
	text_set(L, "key", (size_t)peer.key < KEY_COUNT ? key_names[peer.key] : "");
	text_set(L, "value", peer.value);
	return 1;
}

/* No peers is an answer; without data nil comes, a text and the status, as from io.open. The fourth value is what Lua
 * 5.4 closes at the end of the loop. No closure: LuaJIT would keep it, and its snapshot, as long as its traces. */
static int
handle_peers(lua_State *L)
{
	struct place *place = handle_get(L);
	struct rmd_peers **walk = lua_newuserdata(L, sizeof(*walk));
	enum rmd_status status;
	struct rmd *rmd;

	*walk = NULL;
	luaL_getmetatable(L, WALK);
	lua_setmetatable(L, -2);
	status = place_open(place, &rmd);
	if (status == RMD_OK)
		status = rmd_peers_open(rmd, walk);
	if (status != RMD_OK) {
		lua_pushnil(L);
		lua_pushstring(L, rmd_strerror(status));
		lua_pushinteger(L, status);
		return 3;
	}
	lua_pushnil(L);
	lua_pushnil(L);
	lua_pushvalue(L, -3);
	return 4;
}

static int
module_open(lua_State *L)
{
	size_t length = 0;
	const char *directory = luaL_optlstring(L, 1, NULL, &length);
	struct place **handle;

	luaL_argcheck(L, directory == NULL || strlen(directory) == length, 1, "no directory has a NUL in its name");
	handle = lua_newuserdata(L, sizeof(*handle));
	*handle = place_of(directory);
	if (*handle == NULL)
		return luaL_error(L, "%s", rmd_strerror(RMD_ERROR_MEMORY));
	luaL_getmetatable(L, HANDLE);
	lua_setmetatable(L, -2);
	return 1;
}

static void
function_set(lua_State *L, const char *name, lua_CFunction function)
{
	lua_pushcfunction(L, function);
	lua_setfield(L, -2, name);
}

int
luaopen_rmd(lua_State *L);

int
luaopen_rmd(lua_State *L)
{
	luaL_newmetatable(L, WALK);
	function_set(L, "__gc", walk_close);
	function_set(L, "__close", walk_close);
	function_set(L, "__call", walk_next);
	luaL_newmetatable(L, HANDLE);
	lua_createtable(L, 0, 4);
	function_set(L, "check", handle_check);
	function_set(L, "judge", handle_judge);
	function_set(L, "info", handle_info);
	function_set(L, "peers", handle_peers);
	lua_setfield(L, -2, "__index");
	lua_createtable(L, 0, 2);
	function_set(L, "open", module_open);
	text_set(L, "version", rmd_version());
	return 1;
}
