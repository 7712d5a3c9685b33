/* SPDX-License-Identifier: ISC
 *
 * The library as a switch uses it, over snapshots made by whole runs: every rule that needs no document, the past,
 * hot reload, threads, forks. Which verdict follows from which facts stands in tests/table.
 */
#include "world.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "cache/reader.h"
#include "rmd.h"

#define DAY1 "2026-03-10T09:00:00Z"
#define DAY2 "2026-03-11T09:00:00Z"
#define DAY3 "2026-03-12T09:00:00Z"

static struct rmd_answer
ask(struct rmd *rmd, const char *provider, enum rmd_role role, const char *caller, const char *at)
{
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;

	query.provider = provider;
	query.provider_length = strlen(provider);
	query.role = role;
	query.caller = caller;
	query.caller_length = caller != NULL ? strlen(caller) : 0;
	/* The present of these tests is three hours after the last night; a question about a past instant says so. */
	query.now = time_parse(slice_of(DAY3)) + 3 * 3600;
	query.at = at != NULL ? time_parse(slice_of(at)) : RMD_TIME_NONE;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	return answer;
}

static void
expect(struct rmd *rmd, const char *provider, const char *at, enum rmd_reason reason)
{
	struct rmd_answer answer = ask(rmd, provider, RMD_ROLE_NONE, NULL, at);

	if (answer.reason != reason)
		fail_msg("%s at %s: %s instead of %s", provider, at != NULL ? at : "now",
			 rmd_reason_name(answer.reason), rmd_reason_name(reason));
}

static struct rmd *
open_world(void)
{
	struct rmd *rmd;

	assert_int_equal(rmd_open(world_state, &rmd), RMD_OK);
	return rmd;
}

static void
without_data(void **state)
{
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd *rmd;

	(void)state;
	assert_int_equal(rmd_open(world_state, &rmd), RMD_ERROR_NO_DATA);
	assert_non_null(rmd);
	query.provider = "0099000001";
	query.provider_length = 10;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_ERROR_NO_DATA);
	assert_int_equal(answer.verdict, RMD_UNKNOWN);
	assert_int_equal(answer.reason, RMD_REASON_NO_DATA);
	query.called = "911";
	query.called_length = 3;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_ERROR_NO_DATA);
	assert_int_equal(answer.verdict, RMD_ACCEPT);
	assert_int_equal(rmd_check(NULL, &query, &answer), RMD_ERROR_NO_DATA);
	assert_int_equal(answer.reason, RMD_REASON_EMERGENCY_CALL);
	/* The handle adopts what comes later. */
	NIGHT(DAY1, { "RMD0000001", "0099000001", "One" });
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.filings, 1);
	rmd_close(rmd);
	rmd_close(NULL);
}

static void
bad_arguments(void **state)
{
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_history *history;

	(void)state;
	assert_int_equal(rmd_open(world_state, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_check(NULL, NULL, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_check(NULL, &query, NULL), RMD_ERROR_ARGUMENT);
	query.size = 4;
	assert_int_equal(rmd_check(NULL, &query, &answer), RMD_ERROR_ARGUMENT);
	query.size = sizeof query;
	query.role = (enum rmd_role)99;
	assert_int_equal(rmd_check(NULL, &query, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(answer.verdict, RMD_UNKNOWN);
	/* A role that is none of the enumeration must not block a call to 911. */
	query.called = "911";
	query.called_length = 3;
	assert_int_equal(rmd_check(NULL, &query, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(answer.verdict, RMD_ACCEPT);
	assert_int_equal(rmd_info(NULL, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_history_open(NULL, "x", 1, &history), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_history_next(NULL, NULL), RMD_ERROR_ARGUMENT);
	rmd_history_close(NULL);
}

static void
present_rules(void **state)
{
	struct rmd *rmd;
	struct rmd_answer answer;

	(void)state;
	NIGHT(DAY3, { "RMD0000001", "0099000001", "One", "0099000077; 0099-0000-78 12345", NULL, "VG-" },
	      { "RMD0000002", "0099000002", "Two", NULL, "N/A" },
	      { "RMD0000003", "0099000003", "Three", NULL, "N/A" },
	      { "RMD0000004", "0099000003", "Three", NULL, PARTIAL, "--I" }, { "RMD0000005", "", "Five without FRN" },
	      { "RMD0000006", "0099000006", "Six", NULL, NULL, "---", "2025-02-01" },
	      { "RMD0000007", "0099000007", "Same" }, { "RMD0000008", "0099000008", "same." });
	rmd = open_world();
	expect(rmd, "0099000001", NULL, RMD_REASON_LISTED);
	expect(rmd, "0099-0000-01", NULL, RMD_REASON_LISTED);
	expect(rmd, "rmd0000001", NULL, RMD_REASON_LISTED);
	expect(rmd, "frn:RMD0000001", NULL, RMD_REASON_BAD_KEY);
	expect(rmd, "0099000002", NULL, RMD_REASON_NOT_CERTIFIED);
	expect(rmd, "RMD0000003", NULL, RMD_REASON_LISTED);
	expect(rmd, "RMD0000005", NULL, RMD_REASON_LISTED);
	expect(rmd, "0099000077", NULL, RMD_REASON_ALIAS_ONLY);
	expect(rmd, "0099000078", NULL, RMD_REASON_ALIAS_ONLY);
	expect(rmd, "0099000099", NULL, RMD_REASON_NOT_LISTED);
	expect(rmd, "RMD0000099", NULL, RMD_REASON_NOT_LISTED);
	expect(rmd, "name:one", NULL, RMD_REASON_LISTED);
	expect(rmd, "Same", NULL, RMD_REASON_AMBIGUOUS);
	expect(rmd, "Nobody Inc", NULL, RMD_REASON_NO_SUCH_NAME);
	expect(rmd, "ip:192.0.2.1", NULL, RMD_REASON_NO_SUCH_PEER);
	expect(rmd, "\n", NULL, RMD_REASON_BAD_KEY);
	answer = ask(rmd, "0099000003", RMD_ROLE_INTERMEDIATE, NULL, NULL);
	assert_int_equal(answer.reason, RMD_REASON_LISTED);
	assert_string_equal(answer.rmd_number, "RMD0000004");
	assert_int_equal(answer.flags, RMD_FLAG_MULTIPLE_FILINGS);
	assert_int_equal(answer.implementation, RMD_IMPLEMENTATION_PARTIAL);
	answer = ask(rmd, "0099000003", RMD_ROLE_GATEWAY, NULL, NULL);
	assert_int_equal(answer.reason, RMD_REASON_ROLE_MISMATCH);
	answer = ask(rmd, "0099000006", RMD_ROLE_VSP, NULL, NULL);
	assert_int_equal(answer.reason, RMD_REASON_LISTED);
	assert_int_equal(answer.flags, RMD_FLAG_ROLE_UNKNOWN | RMD_FLAG_RECERTIFICATION_OVERDUE);
	/* Toronto and London are not US, Puerto Rico and a withheld number are judged. */
	assert_int_equal(ask(rmd, "0099000099", RMD_ROLE_FOREIGN, "+14165550100", NULL).verdict, RMD_ACCEPT);
	assert_int_equal(ask(rmd, "0099000099", RMD_ROLE_FOREIGN, "+442079460000", NULL).verdict, RMD_ACCEPT);
	assert_int_equal(ask(rmd, "0099000099", RMD_ROLE_FOREIGN, "+17875550100", NULL).verdict, RMD_REFUSE);
	assert_int_equal(ask(rmd, "0099000099", RMD_ROLE_FOREIGN, "anonymous", NULL).verdict, RMD_REFUSE);
	assert_int_equal(ask(rmd, "0099000099", RMD_ROLE_VSP, "+14165550100", NULL).verdict, RMD_REFUSE);
	assert_int_equal(ask(rmd, "0099000099", RMD_ROLE_NONE, "sip:+12025550911@example.com", NULL).reason,
			 RMD_REASON_PUBLIC_SAFETY_CALLER);
	rmd_close(rmd);
}

static void
policies(void **state)
{
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	int64_t checked = time_parse(slice_of(DAY2));
	struct rmd *rmd;

	(void)state;
	world_policy("max-age = 2h\nmissing-grace = 90m\nrole-mismatch = accept");
	NIGHT(DAY1, { "RMD0000001", "0099000001", "One" }, { "RMD0000002", "0099000002", "Two" });
	NIGHT(DAY2, { "RMD0000002", "0099000002", "Two" });
	rmd = open_world();
	query.provider = "0099000002";
	query.provider_length = 10;
	query.now = checked + 2 * 3600;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.reason, RMD_REASON_LISTED);
	query.now++;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.reason, RMD_REASON_STALE);
	assert_int_equal(answer.verdict, RMD_UNKNOWN);
	/* A clock that runs behind is no journey into the past. */
	query.now = checked - 60;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.reason, RMD_REASON_LISTED);
	assert_int_equal(answer.data_age, 0);
	query.role = RMD_ROLE_GATEWAY;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.verdict, RMD_ACCEPT);
	assert_int_equal(answer.flags, RMD_FLAG_ROLE_MISMATCH);
	query.provider = "0099000001";
	query.now = checked + 90 * 60 - 1;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.reason, RMD_REASON_MISSING_UNCONFIRMED);
	query.now++;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_int_equal(answer.reason, RMD_REASON_DELISTED);
	assert_int_equal(answer.effective_at, checked);
	rmd_close(rmd);
}

static void
the_past(void **state)
{
	struct rmd *rmd;

	(void)state;
	NIGHT(DAY1, { "RMD0000001", "0099000001", "One" }, { "RMD0000002", "0099000002", "Two", NULL, "N/A" },
	      { "RMD0000003", "0099000003", "Three" });
	NIGHT(DAY2, { "RMD0000002", "0099000002", "Two" }, { "RMD0000003", "0099000033", "Three" },
	      { "RMD0000004", "0099000004", "Four" });
	NIGHT(DAY3, { "RMD0000001", "0099000001", "One again" }, { "RMD0000002", "0099000002", "Two" },
	      { "RMD0000003", "0099000033", "Three" }, { "RMD0000004", "0099000004", "Four" });
	rmd = open_world();
	expect(rmd, "0099000001", "2026-03-10T08:59:59Z", RMD_REASON_BEFORE_HISTORY);
	expect(rmd, "0099000001", DAY1, RMD_REASON_LISTED);
	expect(rmd, "0099000001", "2026-03-11T08:59:59Z", RMD_REASON_LISTED);
	expect(rmd, "0099000001", DAY2, RMD_REASON_DELISTED);
	expect(rmd, "RMD0000001", DAY2, RMD_REASON_DELISTED);
	expect(rmd, "0099000001", DAY3, RMD_REASON_LISTED);
	expect(rmd, "0099000002", DAY1, RMD_REASON_NOT_CERTIFIED);
	expect(rmd, "0099000002", DAY2, RMD_REASON_LISTED);
	expect(rmd, "0099000004", DAY1, RMD_REASON_NOT_LISTED);
	expect(rmd, "RMD0000004", DAY1, RMD_REASON_NOT_LISTED);
	expect(rmd, "0099000004", DAY2, RMD_REASON_LISTED);
	/* A filing that changed its FRN: the old one had a filing until then, the new one none before. */
	expect(rmd, "0099000003", DAY1, RMD_REASON_LISTED);
	expect(rmd, "0099000003", DAY2, RMD_REASON_DELISTED);
	expect(rmd, "0099000003", NULL, RMD_REASON_DELISTED);
	expect(rmd, "0099000033", DAY1, RMD_REASON_NOT_LISTED);
	expect(rmd, "0099000033", DAY2, RMD_REASON_LISTED);
	expect(rmd, "RMD0000003", DAY1, RMD_REASON_LISTED);
	assert_int_equal(ask(rmd, "0099000001", RMD_ROLE_NONE, NULL, DAY2).generation, 2);
	assert_int_equal(ask(rmd, "0099000001", RMD_ROLE_NONE, NULL, NULL).generation, 3);
	assert_int_equal(ask(rmd, "0099000001", RMD_ROLE_NONE, NULL, "2026-03-11T10:00:00Z").data_age, 3600);
	rmd_close(rmd);
}

static void
whole_filing(void **state)
{
	char buffer[RMD_FILING_BUFFER_SIZE];
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd *rmd;

	(void)state;
	NIGHT(DAY1, { "RMD0000001", "0099000001", "One, \"\"Inc\"\"", "none" });
	NIGHT(DAY2, { "RMD0000001", "0099000001", "One renamed", "none" });
	rmd = open_world();
	filing.buffer = buffer;
	filing.buffer_size = sizeof buffer;
	answer.filing = &filing;
	query.provider = "0099000001";
	query.provider_length = 10;
	query.now = time_parse(slice_of(DAY2));
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_string_equal(filing.business_name, "One renamed");
	assert_string_equal(filing.other_frns, "none");
	assert_string_equal(filing.country, "");
	assert_int_equal(filing.listed, 1);
	assert_int_equal(filing.foreign_provider, 0);
	assert_int_equal(filing.first_seen, time_parse(slice_of(DAY1)));
	query.at = time_parse(slice_of(DAY1));
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_string_equal(filing.business_name, "One, \"Inc\"");
	/* Too small a buffer costs the text, not the verdict. */
	filing.buffer_size = 5;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_ERROR_TOO_LONG);
	assert_int_equal(answer.verdict, RMD_ACCEPT);
	rmd_close(rmd);
}

static void
quarantined_rows(void **state)
{
	struct rmd *rmd;
	struct rmd_answer answer;
	struct report report;

	(void)state;
	NIGHT(DAY1, { "RMD0000001", "0099000001", "One" }, { "RMD0000002", "0099000002", "Two" });
	report =
		NIGHT(DAY3, { "RMD0000001", "0099000001", "One", NULL, "Nearly" },
		      { "RMD0000002", "0099000002", "Two" }, { "RMD0000003", "0099000003", "Three", NULL, "Hardly" });
	assert_int_equal(report.rejected, 2);
	assert_int_equal(report.removed, 0);
	rmd = open_world();
	answer = ask(rmd, "0099000001", RMD_ROLE_NONE, NULL, NULL);
	assert_int_equal(answer.reason, RMD_REASON_LISTED);
	assert_int_equal(answer.flags, RMD_FLAG_ROW_QUARANTINED);
	answer = ask(rmd, "0099000003", RMD_ROLE_NONE, NULL, NULL);
	assert_int_equal(answer.verdict, RMD_UNKNOWN);
	assert_int_equal(answer.reason, RMD_REASON_ROW_QUARANTINED);
	expect(rmd, "RMD0000003", NULL, RMD_REASON_ROW_QUARANTINED);
	rmd_close(rmd);
}

static void
story(void **state)
{
	static const enum rmd_event_kind kinds[] = { RMD_EVENT_ADDED, RMD_EVENT_VANISHED, RMD_EVENT_RELISTED };
	struct rmd_history *history;
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd *rmd;

	(void)state;
	NIGHT(DAY1, { "RMD0000001", "0099000001", "One" }, { "RMD0000002", "0099000002", "Two" });
	NIGHT(DAY2, { "RMD0000002", "0099000002", "Two" });
	NIGHT(DAY3, { "RMD0000001", "0099000001", "One again" }, { "RMD0000002", "0099000002", "Two" });
	rmd = open_world();
	assert_int_equal(rmd_history_open(rmd, "0099000001", 10, &history), RMD_OK);
	/* The walk goes on when its handle is gone. */
	rmd_close(rmd);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(rmd_history_next(history, &event), 1);
		assert_int_equal(event.kind, kinds[i]);
		assert_int_equal(event.generation, i + 1);
		assert_int_equal(strlen(event.digest), 64);
		assert_int_equal(event.fields, i == 2 ? 1u << 2 : 0);
	}
	assert_string_equal(rmd_field_name(2), "business_name");
	assert_int_equal(rmd_history_next(history, &event), 0);
	assert_int_equal(rmd_history_next(history, &event), 0);
	rmd_history_close(history);
}

static void
damaged_newcomer_kept_out(void **state)
{
	char path[160], fresh[160];
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd *rmd;

	(void)state;
	NIGHT(DAY3, { "RMD0000001", "0099000001", "One" });
	rmd = open_world();
	snprintf(path, sizeof path, "%s/%s", world_state, SNAPSHOT_NAME);
	snprintf(fresh, sizeof fresh, "%s/fresh", world_state);
	world_write(fresh, "this is no snapshot");
	assert_int_equal(rename(fresh, path), 0);
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.reload_status, RMD_ERROR_DAMAGED);
	expect(rmd, "0099000001", NULL, RMD_REASON_LISTED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.reload_status, RMD_ERROR_NO_DATA);
	expect(rmd, "0099000001", NULL, RMD_REASON_LISTED);
	rmd_close(rmd);
}

static void
forks_and_two_handles(void **state)
{
	struct rmd *rmd, *other;

	(void)state;
	NIGHT(DAY3, { "RMD0000001", "0099000001", "One" });
	rmd = open_world();
	other = open_world();
	for (int i = 0; i < 4; i++) {
		pid_t child = fork();
		int status;

		if (child == 0) {
			struct rmd_info info = RMD_INFO_INIT;

			_exit(ask(rmd, "0099000001", RMD_ROLE_NONE, NULL, NULL).verdict == RMD_ACCEPT &&
					      rmd_info(rmd, &info) == RMD_OK
				      ? 0
				      : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	rmd_close(other);
	expect(rmd, "0099000001", NULL, RMD_REASON_LISTED);
	rmd_close(rmd);
}

/* Two snapshots in turn: in the even ones the filing is certified, in the odd ones not. The generation tells which.
 */
#define THREADS 4
#define SWAPS 300

static atomic_int swaps_done;

static void *
ask_in_a_loop(void *context)
{
	struct rmd_query query = RMD_QUERY_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	uintptr_t wrong = 0;

	query.provider = "0099000001";
	query.provider_length = 10;
	query.now = time_parse(slice_of(DAY3));
	do {
		if (rmd_check(context, &query, &answer) != RMD_OK ||
		    answer.reason != (answer.generation == 1 ? RMD_REASON_LISTED : RMD_REASON_NOT_CERTIFIED))
			wrong++;
	} while (atomic_load(&swaps_done) < SWAPS);
	return (void *)wrong;
}

static void
threads_and_a_publisher(void **state)
{
	char kept[2][160], path[160], fresh[160];
	pthread_t thread[THREADS];
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd *rmd;

	(void)state;
	snprintf(path, sizeof path, "%s/%s", world_state, SNAPSHOT_NAME);
	snprintf(fresh, sizeof fresh, "%s/fresh", world_state);
	for (int i = 0; i < 2; i++)
		snprintf(kept[i], sizeof kept[i], "%s/kept%d", world_state, i);
	NIGHT(DAY2, { "RMD0000001", "0099000001", "One" });
	assert_int_equal(link(path, kept[0]), 0);
	NIGHT(DAY3, { "RMD0000001", "0099000001", "One", NULL, "N/A" });
	assert_int_equal(link(path, kept[1]), 0);
	rmd = open_world();
	atomic_store(&swaps_done, 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, ask_in_a_loop, rmd), 0);
	for (int i = 0; i < SWAPS; i++) {
		assert_int_equal(link(kept[i % 2], fresh), 0);
		assert_int_equal(rename(fresh, path), 0);
		/* Two names of one file: rename leaves both where they are the same. */
		if (unlink(fresh) != 0)
			assert_int_equal(errno, ENOENT);
		assert_int_equal(rmd_info(rmd, &info), RMD_OK);
		atomic_store(&swaps_done, i + 1);
	}
	for (int i = 0; i < THREADS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(thread[i], &wrong), 0);
		assert_int_equal((uintptr_t)wrong, 0);
	}
	rmd_close(rmd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	const struct CMUnitTest tests[] = {
		TEST(without_data),
		TEST(bad_arguments),
		TEST(present_rules),
		TEST(policies),
		TEST(the_past),
		TEST(whole_filing),
		TEST(quarantined_rows),
		TEST(story),
		TEST(damaged_newcomer_kept_out),
		TEST(forks_and_two_handles),
		TEST(threads_and_a_publisher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
