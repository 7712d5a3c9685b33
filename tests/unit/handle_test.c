/* SPDX-License-Identifier: ISC
 *
 * What rmd.h promises of a handle and of its walks, whatever the verdict: memory, descriptors, looks, generations,
 * order. Verdicts, threads and forks stand in library_test.c.
 */
#include "world.h"

#include <sys/resource.h>

#include "base/limits.h"
#include "cache/filing.h"
#include "lib/handle.h"
#include "rmd.h"

#define ALPHA                                                                                                        \
	{                                                                                                            \
		"RMD9000001", "0099000001", "Alpha Telephone"                                                        \
	}
#define BETA                                                                                                         \
	{                                                                                                            \
		"RMD9000002", "0099000002", "Beta Voice"                                                             \
	}
#define FIRST_NIGHT "2026-01-05T12:00:00Z"
#define SECOND_NIGHT "2026-01-06T12:00:00Z"

/* All memory of ours goes through here. */
static struct {
	unsigned long calls;
	bool none_left;
} memory;

void *
__real_malloc(size_t size);
void *
__real_calloc(size_t count, size_t size);
void *
__real_realloc(void *old, size_t size);
void *
__real_reallocarray(void *old, size_t count, size_t size);
void *
__wrap_malloc(size_t size);
void *
__wrap_calloc(size_t count, size_t size);
void *
__wrap_realloc(void *old, size_t size);
void *
__wrap_reallocarray(void *old, size_t count, size_t size);

static bool
memory_is_short(void)
{
	memory.calls++;
	if (memory.none_left)
		errno = ENOMEM;
	return memory.none_left;
}

void *
__wrap_malloc(size_t size)
{
	return memory_is_short() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return memory_is_short() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return memory_is_short() ? NULL : __real_realloc(old, size);
}

void *
__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return memory_is_short() ? NULL : __real_reallocarray(old, count, size);
}

/* Two filings, peers in an order that is nobody's alphabet, a letter and an order. */
static int
handle_begin_world(void **state)
{
	char path[160];

	if (world_begin(state) != 0)
		return -1;
	snprintf(path, sizeof path, "%s/peers.conf", world);
	world_write(path, "[peer zeta]\nrmd = RMD9000002\nocn = 123A\ntrunk = TG-1042\naddress = 192.0.2.0/24\n"
			  "role = gateway\naddress = 2001:db8::1\n[peer acme]\nfrn = 0099000001\n");
	snprintf(path, sizeof path, "%s/notices.d", world);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof path, "%s/notices.d/a.xml", world);
	world_write(path,
		    "<notice id=\"DA-2\" kind=\"removal\" issued=\"2026-01-02\" source=\"https://docs.fcc.gov/\">"
		    "<title>An order</title><provider><name>B</name><frn>0099000002</frn></provider></notice>");
	snprintf(path, sizeof path, "%s/notices.d/b.xml", world);
	world_write(
		path,
		"<notice id=\"DA-1\" kind=\"notice\" issued=\"2026-01-02\">"
		"<provider><name>A</name><frn>0099000001</frn></provider>"
		"<provider><name>Nobody knows</name></provider>"
		"<response kind=\"mitigated\" date=\"2026-01-03\"/><response kind=\"measures\" date=\"2026-01-04\"/>"
		"<fcc-notified date=\"2026-01-06\"/><blocking-began date=\"2026-01-07\"/></notice>");
	NIGHT(FIRST_NIGHT, ALPHA, BETA);
	return 0;
}

static struct rmd *
opened(void)
{
	struct rmd *rmd;

	assert_int_equal(rmd_open(world_state, &rmd), RMD_OK);
	return rmd;
}

static struct rmd_answer
ask(struct rmd *rmd, const char *provider, size_t length, enum rmd_status status)
{
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;

	query.provider = provider;
	query.provider_length = length;
	query.now = time_parse(slice_of("2026-01-06T13:00:00Z"));
	assert_int_equal(rmd_check(rmd, &query, &answer), status);
	return answer;
}

static void
a_check_allocates_nothing(void **state)
{
	static const char *const providers[] = { "0099000001", "RMD9000002", "0012345678", "peer:zeta", "acme",
						 "192.0.2.7",  "trunk:x",    "ocn:123a",   "frn:1" };
	struct rmd *rmd = opened();
	unsigned long before;

	(void)state;
	/* The first one may look at the file. */
	ask(rmd, providers[0], 10, RMD_OK);
	before = memory.calls;
	for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++)
		ask(rmd, providers[i], strlen(providers[i]), RMD_OK);
	assert_int_equal(memory.calls, before);
	rmd_close(rmd);
}

static void
no_memory_is_told(void **state)
{
	struct rmd *rmd = opened(), *none = rmd;
	struct rmd_history *history;
	struct rmd_notices *notices;
	struct rmd_filings *filings;
	struct rmd_peers *peers;
	struct rmd_providers *providers;
	struct rmd_search *search;

	(void)state;
	memory.none_left = true;
	assert_int_equal(rmd_open(world_state, &none), RMD_ERROR_MEMORY);
	assert_null(none);
	assert_int_equal(rmd_open_generation(world_state, 1, &none), RMD_ERROR_MEMORY);
	assert_null(none);
	assert_int_equal(rmd_history_open(rmd, "acme", 4, &history), RMD_ERROR_MEMORY);
	assert_int_equal(rmd_history_open_since(rmd, 0, &history), RMD_ERROR_MEMORY);
	assert_int_equal(rmd_notices_open(rmd, NULL, 0, &notices), RMD_ERROR_MEMORY);
	assert_int_equal(rmd_filings_open(rmd, &filings), RMD_ERROR_MEMORY);
	assert_int_equal(rmd_peers_open(rmd, &peers), RMD_ERROR_MEMORY);
	assert_int_equal(rmd_providers_open(rmd, &providers), RMD_ERROR_MEMORY);
	assert_int_equal(rmd_search(rmd, "acme", 4, &search), RMD_ERROR_MEMORY);
	assert_int_equal(ask(rmd, "0099000001", 10, RMD_OK).verdict, RMD_ACCEPT);
	/* A name that could not be looked up is none that is not there. */
	assert_int_equal(ask(rmd, "name:beta voice", 15, RMD_ERROR_MEMORY).reason, RMD_REASON_NO_DATA);
	memory.none_left = false;
	assert_null(history);
	assert_null(notices);
	assert_null(filings);
	assert_null(peers);
	assert_null(providers);
	assert_null(search);
	rmd_close(rmd);
}

static void
what_the_system_refuses_is_told_with_errno(void **state)
{
	const struct rlimit none = { 0, 0 };
	struct rlimit before;
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd *rmd;
	enum rmd_status status;
	int told;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ none.rlim_cur, before.rlim_max }), 0);
	errno = 0;
	status = rmd_open(world_state, &rmd);
	told = errno;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(status, RMD_ERROR_SYSTEM);
	assert_int_equal(told, EMFILE);
	assert_non_null(rmd);
	/* It passes, and the handle goes on. */
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	rmd_close(rmd);
}

/* A switch that goes to the root when it has begun once never found another snapshot. */
static void
a_relative_directory_is_the_one_of_the_beginning(void **state)
{
	struct rmd_info info = RMD_INFO_INIT;
	char *here = getcwd(NULL, 0);
	struct rmd *rmd, *none = NULL;

	(void)state;
	assert_non_null(here);
	assert_int_equal(chdir(world_state), 0);
	assert_int_equal(rmd_open(".", &rmd), RMD_OK);
	assert_int_equal(rmd_open("", &none), RMD_ERROR_ARGUMENT);
	assert_null(none);
	assert_int_equal(chdir(here), 0);
	NIGHT(SECOND_NIGHT, ALPHA, BETA);
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.reload_status, RMD_OK);
	assert_int_equal(info.checked_at, time_parse(slice_of(SECOND_NIGHT)));
	rmd_close(rmd);
	free(here);
}

/* A thread that was cut off in the middle of a check never counts itself out. */
static void
closing_ends_old_snapshots_that_somebody_is_in(void **state)
{
	struct rmd *rmd = opened();
	struct rmd_info info = RMD_INFO_INIT;
	struct visit visit = visit_begin(rmd, 0);

	(void)state;
	assert_non_null(visit.snapshot);
	NIGHT(SECOND_NIGHT, ALPHA, BETA);
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.checked_at, time_parse(slice_of(SECOND_NIGHT)));
	assert_non_null(rmd->retired);
	/* It still answers whoever is in it. */
	assert_int_equal(snapshot_state(visit.snapshot)->checked_at, time_parse(slice_of(FIRST_NIGHT)));
	/* What it leaves open, the leak sanitizer finds. */
	rmd_close(rmd);
}

static void
any_filing_fits_the_buffer(void **state)
{
	(void)state;
	/* Each column's text and its NUL. */
	assert_true(LIMIT_ROW_BYTES + COLUMN_COUNT <= RMD_FILING_BUFFER_SIZE);
}

static void
text_need_not_end_in_nul(void **state)
{
	struct rmd *rmd = opened();
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_search *search;
	struct rmd_candidate candidate = RMD_CANDIDATE_INIT;

	(void)state;
	assert_int_equal(ask(rmd, "0099000001 and more", 10, RMD_OK).verdict, RMD_ACCEPT);
	query.provider = "x";
	query.called = "911234";
	query.called_length = 3;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.reason, RMD_REASON_EMERGENCY_CALL);
	query.called = "";
	query.called_length = 0;
	query.caller = "+12025550911999";
	query.caller_length = 12;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.reason, RMD_REASON_PUBLIC_SAFETY_CALLER);
	assert_int_equal(rmd_search(rmd, "Beta Voicexxxxxx", 10, &search), RMD_OK);
	assert_int_equal(rmd_search_next(search, &candidate), 1);
	assert_int_equal(candidate.differences, 0);
	rmd_search_close(search);
	rmd_close(rmd);
}

/* Looks inside: whoever asks says which second it is. */
static void
inside_the_file_is_looked_at_once_a_second(void **state)
{
	struct rmd *rmd = opened();
	int64_t second = atomic_load(&rmd->looked_at);
	struct visit visit;

	(void)state;
	NIGHT(SECOND_NIGHT, ALPHA);
	visit = visit_begin(rmd, second);
	assert_int_equal(snapshot_state(visit.snapshot)->generation, 1);
	visit_end(visit);
	visit = visit_begin(rmd, second + 1);
	assert_int_equal(snapshot_state(visit.snapshot)->generation, 2);
	visit_end(visit);
	rmd_close(rmd);
}

/* What its walks begin with: how many filings of it are listed. */
static void
expect_listed(struct rmd *rmd, int expected)
{
	static char texts[RMD_FILING_BUFFER_SIZE];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_filings *filings;
	int listed = 0;

	filing.buffer = texts;
	filing.buffer_size = sizeof texts;
	assert_int_equal(rmd_filings_open(rmd, &filings), RMD_OK);
	while (rmd_filings_next(filings, &filing) == 1)
		listed += filing.listed;
	rmd_filings_close(filings);
	assert_int_equal(listed, expected);
}

/* Bug: when rmdsync had given its file the name of an older one, the walks of a handle of one generation were of
 * another. */
static void
a_handle_of_one_generation_adopts_no_other(void **state)
{
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd *rmd, *second, *none;

	(void)state;
	assert_int_equal(rmd_open_generation(world_state, 1, &rmd), RMD_OK);
	for (int night = 0; night < 2; night++) {
		expect_listed(rmd, 2);
		assert_int_equal(rmd_info(rmd, &info), RMD_OK);
		assert_int_equal(info.generation, 1);
		assert_int_equal(ask(rmd, "0099000001", 10, RMD_OK).generation, 1);
		if (night == 0)
			NIGHT(SECOND_NIGHT, ALPHA);
	}
	assert_int_equal(rmd_open_generation(world_state, 2, &second), RMD_OK);
	expect_listed(second, 1);
	NIGHT("2026-01-07T12:00:00Z", ALPHA, BETA);
	expect_listed(rmd, 2);
	expect_listed(second, 1);
	assert_int_equal(ask(second, "0099000001", 10, RMD_OK).generation, 2);
	rmd_close(rmd);
	rmd_close(second);
	none = rmd;
	assert_int_equal(rmd_open_generation(world_state, 4, &none), RMD_ERROR_NO_DATA);
	assert_null(none);
	assert_int_equal(rmd_open_generation(world_state, 1, NULL), RMD_ERROR_ARGUMENT);
}

static void
a_walk_through_the_peers(void **state)
{
	static const struct {
		const char *name, *value;
		enum rmd_key key;
	} expected[] = {
		{ "zeta", "zeta", RMD_KEY_PEER },      { "zeta", "123A", RMD_KEY_OCN },
		{ "zeta", "TG-1042", RMD_KEY_TRUNK },  { "zeta", "192.0.2.0/24", RMD_KEY_IP },
		{ "zeta", "2001:db8::1", RMD_KEY_IP }, { "acme", "acme", RMD_KEY_PEER },
	};
	struct rmd_peer peer = RMD_PEER_INIT;
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd_peers *peers;
	struct rmd *rmd = opened();

	(void)state;
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.peers, 2);
	assert_int_equal(rmd_peers_open(rmd, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_peers_open(rmd, &peers), RMD_OK);
	assert_int_equal(rmd_peers_next(NULL, &peer), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_peers_next(peers, NULL), RMD_ERROR_ARGUMENT);
	rmd_close(rmd);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		bool zeta = expected[i].name[0] == 'z';

		assert_int_equal(rmd_peers_next(peers, &peer), 1);
		assert_string_equal(peer.name, expected[i].name);
		assert_string_equal(peer.value, expected[i].value);
		assert_int_equal(peer.key, expected[i].key);
		assert_string_equal(peer.rmd_number, zeta ? "RMD9000002" : "");
		assert_string_equal(peer.frn, zeta ? "" : "0099000001");
		assert_int_equal(peer.role, zeta ? RMD_ROLE_GATEWAY : RMD_ROLE_NONE);
	}
	assert_int_equal(rmd_peers_next(peers, &peer), 0);
	assert_int_equal(rmd_peers_next(peers, &peer), 0);
	rmd_peers_close(peers);
	rmd_peers_close(NULL);
}

/* The ids that a walk gives, each with a comma behind it. */
static void
expect_documents(struct rmd *rmd, const char *provider, const char *expected)
{
	struct rmd_notice notice = RMD_NOTICE_INIT;
	struct rmd_notices *notices;
	char ids[256] = "";

	assert_int_equal(rmd_notices_open(rmd, provider, provider != NULL ? strlen(provider) : 0, &notices), RMD_OK);
	while (rmd_notices_next(notices, &notice) == 1) {
		size_t used = strlen(ids);

		snprintf(ids + used, sizeof ids - used, "%s,", notice.id);
	}
	assert_int_equal(rmd_notices_next(notices, &notice), 0);
	rmd_notices_close(notices);
	assert_string_equal(ids, expected);
}

/* Bug: who is in no list was a mistake in the arguments, where a history of his is empty. */
static void
a_walk_through_documents(void **state)
{
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd_notices *notices;
	struct rmd *rmd = opened();

	(void)state;
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.notices, 2);
	expect_documents(rmd, NULL, "DA-1,DA-2,");
	expect_documents(rmd, "RMD9000001", "DA-1,");
	expect_documents(rmd, "peer:zeta", "DA-2,");
	expect_documents(rmd, "name:beta voice", "DA-2,");
	expect_documents(rmd, "0012345678", "");
	expect_documents(rmd, "peer:nobody", "");
	expect_documents(rmd, "name:nobody", "");
	assert_int_equal(rmd_notices_open(rmd, "frn:1", 5, &notices), RMD_ERROR_ARGUMENT);
	assert_null(notices);
	assert_int_equal(rmd_notices_open(NULL, NULL, 0, &notices), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_notices_open(rmd, NULL, 0, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_notices_next(NULL, NULL), RMD_ERROR_ARGUMENT);
	rmd_notices_close(NULL);
	rmd_close(rmd);
}

#define AT(text) time_parse(slice_of(text))

static void
a_document_is_told_with_what_follows_from_it(void **state)
{
	struct rmd_notice notice = RMD_NOTICE_INIT;
	struct rmd_notices *notices;
	struct rmd *rmd = opened();

	(void)state;
	assert_int_equal(rmd_notices_open(rmd, NULL, 0, &notices), RMD_OK);
	rmd_close(rmd);
	assert_int_equal(rmd_notices_next(notices, &notice), 1);
	assert_int_equal(notice.kind, RMD_NOTICE_LETTER);
	assert_true(notice.issued == AT("2026-01-02") && notice.effective == RMD_TIME_NONE);
	assert_true(notice.after_48_hours == AT("2026-01-05") && notice.after_14_days == AT("2026-01-17"));
	assert_true(notice.mitigated == AT("2026-01-03") && notice.measures == AT("2026-01-04"));
	assert_true(notice.fcc_notified == AT("2026-01-06") && notice.blocking_began == AT("2026-01-07"));
	assert_int_equal(notice.providers, 1);
	assert_int_equal(rmd_notices_next(notices, &notice), 1);
	assert_int_equal(notice.kind, RMD_NOTICE_REMOVAL);
	assert_true(notice.effective == AT("2026-01-02") && notice.after_48_hours == RMD_TIME_NONE);
	assert_true(notice.mitigated == RMD_TIME_NONE && notice.lifted == RMD_TIME_NONE);
	assert_string_equal(notice.title, "An order");
	assert_string_equal(notice.source, "https://docs.fcc.gov/");
	assert_int_equal(strlen(notice.digest), 64);
	rmd_notices_close(notices);
}

static void
a_search_gives_the_likeliest_first_and_stays(void **state)
{
	struct rmd_candidate candidate = RMD_CANDIDATE_INIT;
	struct rmd_search *search;
	struct rmd *rmd = opened();
	char text[LIMIT_KEY_BYTES + 1];
	unsigned last = 100;
	int count = 0;

	(void)state;
	memset(text, 'a', sizeof text);
	assert_int_equal(rmd_search(rmd, text, LIMIT_KEY_BYTES + 1, &search), RMD_ERROR_ARGUMENT);
	assert_null(search);
	assert_int_equal(rmd_search(rmd, "&&", 2, &search), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_search(NULL, "a", 1, &search), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_search(rmd, text, LIMIT_KEY_BYTES, &search), RMD_OK);
	rmd_search_close(search);
	NIGHT(SECOND_NIGHT, { "RMD9000003", "", "Beta Voice" }, { "RMD9000004", "0099000004", "Beta Voices LLC" },
	      BETA);
	rmd_close(rmd);
	rmd = opened();
	assert_int_equal(rmd_search(rmd, "BETA VOICE", 10, &search), RMD_OK);
	NIGHT("2026-01-07T12:00:00Z", ALPHA);
	rmd_close(rmd);
	while (rmd_search_next(search, &candidate) == 1) {
		assert_in_range(candidate.score, 50, last);
		assert_true(count > 1 || candidate.score == 100);
		assert_true(candidate.score < 100 || candidate.differences == RMD_DIFFERENCE_WRITING);
		assert_true(strcmp(candidate.rmd_number, "RMD9000003") != 0 || candidate.frn[0] == '\0');
		assert_int_equal(candidate.listed, 1);
		last = candidate.score;
		count++;
	}
	assert_int_equal(count, 3);
	assert_int_equal(rmd_search_next(search, &candidate), 0);
	assert_int_equal(rmd_search_next(NULL, &candidate), RMD_ERROR_ARGUMENT);
	rmd_search_close(search);
	rmd_search_close(NULL);
}

static void
texts_that_are_too_long_are_cut(void **state)
{
	static char name[301], path[160], text[1024];
	struct rmd_notice notice = RMD_NOTICE_INIT;
	struct rmd_candidate candidate = RMD_CANDIDATE_INIT;
	struct rmd_notices *notices;
	struct rmd_search *search;
	struct rmd *rmd;

	(void)state;
	memset(name, 'n', sizeof name - 1);
	snprintf(path, sizeof path, "%s/notices.d/c.xml", world);
	snprintf(text, sizeof text,
		 "<notice id=\"A%.100s\" kind=\"notice\" issued=\"2026-01-02\" "
		 "source=\"%s\"><title>%s</title></notice>",
		 name, name, name);
	world_write(path, text);
	NIGHT(SECOND_NIGHT, ALPHA, BETA, { "RMD9000003", "0099000003", name });
	rmd = opened();
	assert_int_equal(rmd_notices_open(rmd, NULL, 0, &notices), RMD_OK);
	assert_int_equal(rmd_notices_next(notices, &notice), 1);
	assert_int_equal(strlen(notice.id), RMD_NOTICE_SIZE - 1);
	assert_int_equal(strlen(notice.title), RMD_TITLE_SIZE - 1);
	assert_int_equal(strlen(notice.source), RMD_SOURCE_SIZE - 1);
	rmd_notices_close(notices);
	assert_int_equal(rmd_search(rmd, name, strlen(name), &search), RMD_OK);
	assert_int_equal(rmd_search_next(search, &candidate), 1);
	assert_int_equal(strlen(candidate.name), RMD_NAME_SIZE - 1);
	assert_int_equal(strlen(candidate.business_name), RMD_NAME_SIZE - 1);
	rmd_search_close(search);
	rmd_close(rmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_check_allocates_nothing, handle_begin_world, world_end),
		cmocka_unit_test_setup_teardown(no_memory_is_told, handle_begin_world, world_end),
		cmocka_unit_test_setup_teardown(what_the_system_refuses_is_told_with_errno, handle_begin_world,
						world_end),
		cmocka_unit_test_setup_teardown(a_relative_directory_is_the_one_of_the_beginning, handle_begin_world,
						world_end),
		cmocka_unit_test_setup_teardown(closing_ends_old_snapshots_that_somebody_is_in, handle_begin_world,
						world_end),
		cmocka_unit_test(any_filing_fits_the_buffer),
		cmocka_unit_test_setup_teardown(text_need_not_end_in_nul, handle_begin_world, world_end),
		cmocka_unit_test_setup_teardown(inside_the_file_is_looked_at_once_a_second, handle_begin_world,
						world_end),
		cmocka_unit_test_setup_teardown(a_handle_of_one_generation_adopts_no_other, handle_begin_world,
						world_end),
		cmocka_unit_test_setup_teardown(a_walk_through_the_peers, handle_begin_world, world_end),
		cmocka_unit_test_setup_teardown(a_walk_through_documents, handle_begin_world, world_end),
		cmocka_unit_test_setup_teardown(a_document_is_told_with_what_follows_from_it, handle_begin_world,
						world_end),
		cmocka_unit_test_setup_teardown(a_search_gives_the_likeliest_first_and_stays, handle_begin_world,
						world_end),
		cmocka_unit_test_setup_teardown(texts_that_are_too_long_are_cut, handle_begin_world, world_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
