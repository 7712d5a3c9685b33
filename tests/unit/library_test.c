/* SPDX-License-Identifier: ISC
 *
 * librmd as a switch uses it, on snapshots that rmdsync made of small lists: every verdict, the past, new snapshots
 * under running threads, forks. Only the two tests that are named so look inside the handle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/handle.h"
#include "rmd.h"
#include "sync/run.h"

#define DAY 86400
/* Checks are a day apart, at noon UTC; the first on 5 January 2026. */
#define CHECK(n) (INT64_C(1767614400) + INT64_C(86400) * (n))
#define LAST 5
#define NOW (CHECK(LAST) + 60)

#define HEADER                                                                                                       \
	"number,frn,business_name,other_frns,implementation,voice_service_provider_choice,gateway_provider_choice,"  \
	"intermediate_provider_choice,last_updated,last_recertified\r\n"
#define COMPLETE "Complete STIR/SHAKEN Implementation"
#define PARTIAL "Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation"
#define NONE "No STIR/SHAKEN Implementation - Performing Robocall Mitigation"
#define ROW(number, frn, name, other, implementation, roles, recertified)                                            \
	"RMD" number "," frn "," name ",\"" other "\"," implementation "," roles ",2025-11-01," recertified "\r\n"
#define VSP "Yes,No,No"
#define GATEWAY "No,Yes,No"
#define INTERMEDIATE "No,No,Yes"
#define NO_ROLE "No,No,No"

#define ALPHA ROW("9000001", "0099000001", "Alpha Telephone", "", COMPLETE, VSP, "2025-11-01")
#define BETA_IMPORTED ROW("9000002", "0099000002", "Beta Voice", "", "N/A", VSP, "")
#define BETA_CERTIFIED ROW("9000002", "0099000002", "Beta Voice", "", PARTIAL, VSP, "")
#define BETA_UNREADABLE ROW("9000002", "0099000002", "Beta Voice", "", "Perhaps", VSP, "")
#define GAMMA ROW("9000003", "0099000003", "Gamma Lines", "", COMPLETE, VSP, "")
#define GAMMA_AGAIN ROW("9000003", "0099000003", "Gamma Lines", "", NONE, VSP, "")
#define DELTA ROW("9000004", "0099000004", "Delta Carrier", "", COMPLETE, VSP, "")
#define DELTA_MOVED ROW("9000004", "0099000014", "Delta Carrier", "", COMPLETE, VSP, "")
#define NO_FRN ROW("9000005", "", "Epsilon", "", NONE, INTERMEDIATE, "")
#define TWO_FILINGS                                                                                                  \
	ROW("9000006", "0099000006", "Zeta Tel", "", "N/A", VSP, "")                                                 \
	ROW("9000007", "0099000006", "Zeta Tel", "", COMPLETE, GATEWAY, "2026-02-01")
#define ETA ROW("9000008", "0099000008", "Eta Net", "0099000077; Eta Wireless; 0099-0000-78", NONE, NO_ROLE, "")
#define SAME_NAME                                                                                                    \
	ROW("9000009", "0099000009", "Same Name", "", COMPLETE, VSP, "")                                             \
	ROW("9000010", "0099000010", "SAME  NAME.", "", COMPLETE, VSP, "")
#define SOLD ROW("9000011", "0099000011", "Moved On", "", COMPLETE, VSP, "")
#define BUYER ROW("9000012", "0099000012", "Moved On", "", COMPLETE, VSP, "")
#define LOSSY ROW("9000015", "0099000015", "Th\xef\xbf\xbdta Voice", "", COMPLETE, VSP, "")
#define NEWCOMER ROW("9000020", "0099000020", "Newcomer", "", COMPLETE, VSP, "")
#define UNREADABLE ROW("9000021", "0099000021", "Strange", "", "Perhaps", VSP, "")
#define NO_NUMBER "RMDX,0099000022,Nameless,," COMPLETE "," VSP ",2025-11-01,\r\n"
#define LATER ROW("9000023", "0099000023", "Later", "", COMPLETE, VSP, "")

static char base[] = "/tmp/rmd-library.XXXXXX";
static struct rmd *story; /* what the six checks below left */

static const char *const story_lists[LAST + 1] = {
	HEADER ALPHA BETA_IMPORTED GAMMA DELTA NO_FRN TWO_FILINGS ETA SAME_NAME SOLD BUYER LOSSY,
	HEADER ALPHA BETA_IMPORTED GAMMA DELTA NO_FRN TWO_FILINGS ETA SAME_NAME SOLD BUYER LOSSY,
	HEADER ALPHA BETA_CERTIFIED DELTA NO_FRN TWO_FILINGS ETA SAME_NAME BUYER LOSSY NEWCOMER,
	HEADER ALPHA BETA_CERTIFIED DELTA_MOVED NO_FRN TWO_FILINGS ETA SAME_NAME BUYER LOSSY NEWCOMER,
	HEADER ALPHA BETA_CERTIFIED GAMMA_AGAIN DELTA_MOVED NO_FRN TWO_FILINGS ETA SAME_NAME BUYER LOSSY NEWCOMER,
	HEADER ALPHA BETA_UNREADABLE GAMMA_AGAIN DELTA_MOVED NO_FRN TWO_FILINGS ETA SAME_NAME BUYER LOSSY NEWCOMER
		UNREADABLE NO_NUMBER LATER,
};

static void
path_of(char path[LIMIT_PATH_BYTES], const char *directory, const char *name)
{
	assert_true(snprintf(path, LIMIT_PATH_BYTES, "%s/%s/%s", base, directory, name) < LIMIT_PATH_BYTES);
}

static void
text_write(const char *name, const char *text)
{
	char path[LIMIT_PATH_BYTES];
	FILE *file;

	path_of(path, ".", name);
	file = fopen(path, "wce");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

#define GUARD                                                                                                        \
	"[guard]\nminimum-rows = 1\nvanished-rows = 1000\nvanished-percent = 100\ncontiguous-rows = 0\n"             \
	"relisted-rows = 1000\nchanged-percent = 100\nrejected-percent = 100\n[history]\nkeep = 20\n"

static void
run_with(const char *directory, const char *conf, int64_t at, bool offline, struct report *report)
{
	char state[LIMIT_PATH_BYTES], conf_path[LIMIT_PATH_BYTES], source[LIMIT_PATH_BYTES];
	struct run_options options = { .conf_path = conf_path,
				       .conf_required = true,
				       .directory = state,
				       .source = offline ? NULL : source,
				       .offline = offline,
				       .quiet = true,
				       .as_of = offline ? TIME_NONE : at,
				       .now = at };
	struct error error = { 0 };

	path_of(state, ".", directory);
	path_of(conf_path, ".", conf);
	assert_true(snprintf(source, sizeof source, "file://%s/source.csv", base) < (int)sizeof source);
	if (run(&options, report, &error) != 0)
		fail_msg("%s", error.text);
}

/* What rmdsync does with this list at that time. */
static struct report
publish_with(const char *directory, const char *conf, int64_t at, const char *list)
{
	struct report report;

	text_write("source.csv", list);
	run_with(directory, conf, at, false, &report);
	return report;
}

static struct report
publish(const char *directory, int64_t at, const char *list)
{
	return publish_with(directory, "rmd.conf", at, list);
}

static struct rmd *
handle_open(const char *directory, enum rmd_status status)
{
	char path[LIMIT_PATH_BYTES];
	struct rmd *rmd;

	path_of(path, ".", directory);
	assert_int_equal(rmd_open(path, &rmd), status);
	assert_non_null(rmd);
	return rmd;
}

static struct rmd_query
query_of(const char *provider)
{
	struct rmd_query query = RMD_QUERY_INIT;

	query.provider = provider;
	query.provider_length = provider != NULL ? strlen(provider) : 0;
	query.now = NOW;
	return query;
}

static void
call_set(struct rmd_query *query, const char *caller, const char *called)
{
	query->caller = caller;
	query->caller_length = caller != NULL ? strlen(caller) : 0;
	query->called = called;
	query->called_length = called != NULL ? strlen(called) : 0;
}

static struct rmd_answer
check(struct rmd *rmd, const struct rmd_query *query, enum rmd_status status)
{
	struct rmd_answer answer = RMD_ANSWER_INIT;

	assert_int_equal(rmd_check(rmd, query, &answer), status);
	assert_non_null(answer.citation);
	return answer;
}

static struct rmd_answer
ask(const char *provider)
{
	struct rmd_query query = query_of(provider);

	return check(story, &query, RMD_OK);
}

static struct rmd_answer
ask_at(const char *provider, int64_t at)
{
	struct rmd_query query = query_of(provider);

	query.at = at;
	return check(story, &query, RMD_OK);
}

static struct rmd_answer
ask_as(const char *provider, enum rmd_role role, const char *caller)
{
	struct rmd_query query = query_of(provider);

	query.role = role;
	call_set(&query, caller, NULL);
	return check(story, &query, RMD_OK);
}

#define EXPECT(answer, verdict_, reason_)                                                                            \
	do {                                                                                                         \
		struct rmd_answer expected_of = (answer);                                                            \
		assert_string_equal(rmd_reason_name(expected_of.reason), rmd_reason_name(reason_));                  \
		assert_int_equal(expected_of.verdict, verdict_);                                                     \
	} while (0)

static int
story_begin(void **state)
{
	(void)state;
	if (mkdtemp(base) == NULL)
		return -1;
	text_write("rmd.conf", GUARD "[policy]\nmax-age = 90d\n");
	text_write("lenient.conf", GUARD "[policy]\nmax-age = 90d\nmissing-grace = 24h\nrole-mismatch = accept\n");
	text_write("foreign-area-codes.conf", "416\n");
	text_write("public-safety.conf", "+12025550100\n");
	for (int i = 0; i <= LAST; i++) {
		struct report report = publish("story", CHECK(i), story_lists[i]);

		assert_int_equal(report.generation, i == 0 ? 1 : i);
	}
	story = handle_open("story", RMD_OK);
	return 0;
}

static int
entry_remove(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static int
story_end(void **state)
{
	(void)state;
	rmd_close(story);
	return nftw(base, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* The verdicts of the present. */

static void
listed_is_accepted(void **state)
{
	struct rmd_answer answer = ask("0099000001");

	(void)state;
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(answer.citation, "47 CFR 64.6305(g)(1)");
	assert_string_equal(answer.rmd_number, "RMD9000001");
	assert_string_equal(answer.frn, "0099000001");
	assert_int_equal(answer.implementation, RMD_IMPLEMENTATION_COMPLETE);
	assert_int_equal(answer.roles, 1 << RMD_ROLE_VSP);
	assert_int_equal(answer.flags, 0);
	assert_true(answer.at == NOW && answer.checked_at == CHECK(LAST) && answer.data_age == 60);
	assert_int_equal(answer.generation, LAST);
	assert_string_equal(answer.notice, "");
	/* By every way to write the key. */
	EXPECT(ask("0099-0000-01"), RMD_ACCEPT, RMD_REASON_LISTED);
	EXPECT(ask("rmd9000001"), RMD_ACCEPT, RMD_REASON_LISTED);
	EXPECT(ask("frn:0099000001"), RMD_ACCEPT, RMD_REASON_LISTED);
	EXPECT(ask("alpha telephone"), RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(ask("RMD9000001").frn, "0099000001");
}

static void
a_call_to_911_is_accepted_whatever_else(void **state)
{
	static const char *const numbers[] = { "911", "+1911", "1911", "urn:service:sos", "urn:service:sos.fire" };
	struct rmd_query query;

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		static const char *const providers[] = { "0099000001", "0012345678", "0099000002", "", NULL };

		for (size_t k = 0; k < sizeof providers / sizeof providers[0]; k++) {
			query = query_of(providers[k]);
			call_set(&query, NULL, numbers[i]);
			EXPECT(check(story, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_EMERGENCY_CALL);
			EXPECT(check(NULL, &query, RMD_ERROR_NO_DATA), RMD_ACCEPT, RMD_REASON_EMERGENCY_CALL);
		}
	}
	query = query_of("0099000001");
	call_set(&query, NULL, "+12025550199");
	EXPECT(check(NULL, &query, RMD_ERROR_NO_DATA), RMD_UNKNOWN, RMD_REASON_NO_DATA);
	/* Stale data and a role that nobody knows change nothing. */
	call_set(&query, NULL, "911");
	query.now = CHECK(LAST) + 1000 * (int64_t)DAY;
	EXPECT(check(story, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_EMERGENCY_CALL);
	query.role = (enum rmd_role)77;
	EXPECT(check(story, &query, RMD_ERROR_ARGUMENT), RMD_ACCEPT, RMD_REASON_EMERGENCY_CALL);
}

static void
a_public_safety_caller_is_accepted(void **state)
{
	(void)state;
	EXPECT(ask_as("0012345678", RMD_ROLE_NONE, "+12025550100"), RMD_ACCEPT, RMD_REASON_PUBLIC_SAFETY_CALLER);
	EXPECT(ask_as("0099000003", RMD_ROLE_GATEWAY, "sip:+12025550100@psap.example;user=phone"), RMD_ACCEPT,
	       RMD_REASON_PUBLIC_SAFETY_CALLER);
	EXPECT(ask_as("", RMD_ROLE_NONE, "2025550100"), RMD_ACCEPT, RMD_REASON_PUBLIC_SAFETY_CALLER);
	EXPECT(ask_as("0012345678", RMD_ROLE_NONE, "+12025550101"), RMD_REFUSE, RMD_REASON_NOT_LISTED);
}

static void
keys_that_lead_nowhere_are_unknown(void **state)
{
	char over[LIMIT_KEY_BYTES + 2];

	(void)state;
	memset(over, 'a', sizeof over - 1);
	over[sizeof over - 1] = '\0';
	EXPECT(ask(""), RMD_UNKNOWN, RMD_REASON_BAD_KEY);
	EXPECT(ask(NULL), RMD_UNKNOWN, RMD_REASON_BAD_KEY);
	EXPECT(ask("frn:99"), RMD_UNKNOWN, RMD_REASON_BAD_KEY);
	EXPECT(ask("0000000000"), RMD_UNKNOWN, RMD_REASON_BAD_KEY);
	EXPECT(ask("rmd:9000001x"), RMD_UNKNOWN, RMD_REASON_BAD_KEY);
	EXPECT(ask(over), RMD_UNKNOWN, RMD_REASON_BAD_KEY);
	over[LIMIT_KEY_BYTES] = '\0';
	EXPECT(ask(over), RMD_UNKNOWN, RMD_REASON_NO_SUCH_NAME);
	EXPECT(ask("peer:nobody"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_PEER);
	EXPECT(ask("ip:192.0.2.1"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_PEER);
	EXPECT(ask("192.0.2.1"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_PEER);
	EXPECT(ask("trunk:TG-1"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_PEER);
	EXPECT(ask("ocn:123A"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_PEER);
	assert_string_equal(ask("frn:99").frn, "");
}

static void
names_decide_by_one_exact_match_only(void **state)
{
	struct rmd_answer answer = ask("name: ALPHA, telephone. ");

	(void)state;
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(answer.frn, "0099000001");
	EXPECT(ask("name:\"Alpha\" Telephone"), RMD_ACCEPT, RMD_REASON_LISTED);
	EXPECT(ask("name:same name"), RMD_UNKNOWN, RMD_REASON_AMBIGUOUS);
	EXPECT(ask("name:Alpha"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_NAME);
	EXPECT(ask("name:Alpha Telephone Company"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_NAME);
	EXPECT(ask("name:..."), RMD_UNKNOWN, RMD_REASON_NO_SUCH_NAME);
	EXPECT(ask("name:Strange"), RMD_UNKNOWN, RMD_REASON_NO_SUCH_NAME);
	/* Two filings of one FRN are one provider. */
	assert_string_equal(ask("name:zeta tel").frn, "0099000006");
	EXPECT(ask("name:Epsilon"), RMD_ACCEPT, RMD_REASON_LISTED);
	/* Who is listed goes before who has vanished. */
	answer = ask("name:moved on");
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(answer.frn, "0099000012");
	EXPECT(ask("0099000011"), RMD_REFUSE, RMD_REASON_DELISTED);
}

static void
nothing_on_file_is_refused_or_unknown(void **state)
{
	struct rmd_answer answer;

	(void)state;
	answer = ask("0012345678");
	EXPECT(answer, RMD_REFUSE, RMD_REASON_NOT_LISTED);
	assert_string_equal(answer.frn, "0012345678");
	assert_string_equal(answer.rmd_number, "");
	EXPECT(ask("RMD0000007"), RMD_REFUSE, RMD_REASON_NOT_LISTED);
	EXPECT(ask("0099000077"), RMD_UNKNOWN, RMD_REASON_ALIAS_ONLY);
	EXPECT(ask("0099000078"), RMD_UNKNOWN, RMD_REASON_ALIAS_ONLY);
	answer = ask("0099000011");
	EXPECT(answer, RMD_REFUSE, RMD_REASON_DELISTED);
	assert_true(answer.effective_at == CHECK(2));
	assert_string_equal(answer.rmd_number, "RMD9000011");
	EXPECT(ask("RMD9000011"), RMD_REFUSE, RMD_REASON_DELISTED);
	EXPECT(ask("0099000004"), RMD_REFUSE, RMD_REASON_DELISTED);
	assert_true(ask("0099000004").effective_at == CHECK(3));
}

/* An unreadable row: its provider keeps the filing that it had; who never had one is unknown, not absent. */
static void
quarantined_rows_keep_or_are_unknown(void **state)
{
	struct rmd_answer answer = ask("0099000002");

	(void)state;
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_int_equal(answer.flags, RMD_FLAG_ROW_QUARANTINED);
	assert_int_equal(answer.implementation, RMD_IMPLEMENTATION_PARTIAL);
	EXPECT(ask("RMD9000021"), RMD_UNKNOWN, RMD_REASON_ROW_QUARANTINED);
	EXPECT(ask("0099000021"), RMD_UNKNOWN, RMD_REASON_ROW_QUARANTINED);
	EXPECT(ask("0099000022"), RMD_UNKNOWN, RMD_REASON_ROW_QUARANTINED);
	assert_true((ask("0099000022").flags & RMD_FLAG_ROW_QUARANTINED) != 0);
}

static void
roles_and_certifications(void **state)
{
	struct rmd_answer answer;

	(void)state;
	EXPECT(ask_as("0099000001", RMD_ROLE_VSP, NULL), RMD_ACCEPT, RMD_REASON_LISTED);
	answer = ask_as("0099000001", RMD_ROLE_GATEWAY, NULL);
	EXPECT(answer, RMD_REFUSE, RMD_REASON_ROLE_MISMATCH);
	assert_string_equal(answer.citation, "47 CFR 64.6305(g)(3)");
	assert_int_equal(answer.role, RMD_ROLE_GATEWAY);
	EXPECT(ask_as("0099000001", RMD_ROLE_INTERMEDIATE, NULL), RMD_REFUSE, RMD_REASON_ROLE_MISMATCH);
	EXPECT(ask_as("RMD9000005", RMD_ROLE_INTERMEDIATE, NULL), RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(ask("RMD9000005").frn, "");
	/* Of two filings the one that qualifies decides. */
	answer = ask_as("RMD9000006", RMD_ROLE_GATEWAY, NULL);
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(answer.rmd_number, "RMD9000007");
	assert_int_equal(answer.flags, RMD_FLAG_MULTIPLE_FILINGS);
	EXPECT(ask_as("0099000006", RMD_ROLE_VSP, NULL), RMD_REFUSE, RMD_REASON_ROLE_MISMATCH);
	/* All roles No: a voice service provider's. */
	answer = ask_as("0099000008", RMD_ROLE_VSP, NULL);
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_int_equal(answer.flags, RMD_FLAG_ROLE_UNKNOWN);
	EXPECT(ask_as("0099000008", RMD_ROLE_GATEWAY, NULL), RMD_REFUSE, RMD_REASON_ROLE_MISMATCH);
	assert_int_equal(ask("0099000015").flags, RMD_FLAG_LOSSY_NAME);
}

static void
a_foreign_provider_is_judged_for_us_numbers_only(void **state)
{
	static const char *const not_us[] = { "+14165550100", "14165550100", "4165550100", "+442071838750",
					      "sip:+442071838750@example.com" };
	static const char *const us[] = { "+12125550100", "+17875550100", "+18005550100", "anonymous", "", NULL };

	(void)state;
	for (size_t i = 0; i < sizeof not_us / sizeof not_us[0]; i++) {
		struct rmd_answer answer = ask_as("0012345678", RMD_ROLE_FOREIGN, not_us[i]);

		EXPECT(answer, RMD_ACCEPT, RMD_REASON_RULE_NOT_APPLICABLE);
		assert_string_equal(answer.citation, "47 CFR 64.6305(g)(2)");
		EXPECT(ask_as("0012345678", RMD_ROLE_GATEWAY, not_us[i]), RMD_REFUSE, RMD_REASON_NOT_LISTED);
		EXPECT(ask_as("0012345678", RMD_ROLE_NONE, not_us[i]), RMD_REFUSE, RMD_REASON_NOT_LISTED);
		/* A key that leads nowhere is tried before. */
		EXPECT(ask_as("", RMD_ROLE_FOREIGN, not_us[i]), RMD_UNKNOWN, RMD_REASON_BAD_KEY);
	}
	for (size_t i = 0; i < sizeof us / sizeof us[0]; i++) {
		EXPECT(ask_as("0012345678", RMD_ROLE_FOREIGN, us[i]), RMD_REFUSE, RMD_REASON_NOT_LISTED);
		EXPECT(ask_as("0099000001", RMD_ROLE_FOREIGN, us[i]), RMD_ACCEPT, RMD_REASON_LISTED);
		EXPECT(ask_as("RMD9000005", RMD_ROLE_FOREIGN, us[i]), RMD_REFUSE, RMD_REASON_ROLE_MISMATCH);
	}
}

static void
old_data_is_unknown(void **state)
{
	struct rmd_query query = query_of("0099000001");
	struct rmd_answer answer;

	(void)state;
	query.now = CHECK(LAST) + 90 * (int64_t)DAY;
	EXPECT(check(story, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	query.now++;
	answer = check(story, &query, RMD_OK);
	EXPECT(answer, RMD_UNKNOWN, RMD_REASON_STALE);
	assert_int_equal(answer.flags & RMD_FLAG_STALE, RMD_FLAG_STALE);
	assert_true(answer.data_age == 90 * (int64_t)DAY + 1);
	/* Never heard of is no better known than listed when the data is old. */
	query = query_of("0012345678");
	query.now = CHECK(LAST) + 91 * (int64_t)DAY;
	EXPECT(check(story, &query, RMD_OK), RMD_UNKNOWN, RMD_REASON_STALE);
	/* A clock that runs behind is no journey into the past. */
	query = query_of("0099000023");
	query.now = CHECK(LAST) - 3600;
	answer = check(story, &query, RMD_OK);
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_int_equal(answer.data_age, 0);
	/* A time to come is judged with the data of now. */
	query.now = NOW;
	query.at = CHECK(LAST) + 200 * (int64_t)DAY;
	answer = check(story, &query, RMD_OK);
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_int_equal(answer.data_age, 60);
}

static void
recertification_is_overdue_when_the_due_day_has_ended(void **state)
{
	/* March 1, 2026 is a Sunday; the Monday after it ends at midnight in New York. */
	const int64_t due = INT64_C(1772514000);
	struct rmd_query query = query_of("0099000001");

	(void)state;
	query.now = due - 1;
	assert_int_equal(check(story, &query, RMD_OK).flags, 0);
	query.now = due;
	EXPECT(check(story, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	assert_int_equal(check(story, &query, RMD_OK).flags, RMD_FLAG_RECERTIFICATION_OVERDUE);
	/* No date, and one in the window of that year. */
	query = query_of("0099000012");
	query.now = due;
	assert_int_equal(check(story, &query, RMD_OK).flags, 0);
	query = query_of("RMD9000007");
	query.now = due;
	assert_int_equal(check(story, &query, RMD_OK).flags, RMD_FLAG_MULTIPLE_FILINGS);
}

static void
the_operators_policy_is_obeyed(void **state)
{
	struct rmd_query query = query_of("0099000003");
	struct rmd_answer answer;
	struct rmd *rmd;

	(void)state;
	publish_with("lenient", "lenient.conf", CHECK(0), HEADER ALPHA GAMMA);
	publish_with("lenient", "lenient.conf", CHECK(1), HEADER ALPHA);
	rmd = handle_open("lenient", RMD_OK);
	query.now = CHECK(1);
	answer = check(rmd, &query, RMD_OK);
	EXPECT(answer, RMD_UNKNOWN, RMD_REASON_MISSING_UNCONFIRMED);
	assert_true(answer.effective_at == CHECK(1));
	query.now = CHECK(1) + DAY - 1;
	EXPECT(check(rmd, &query, RMD_OK), RMD_UNKNOWN, RMD_REASON_MISSING_UNCONFIRMED);
	query.now++;
	EXPECT(check(rmd, &query, RMD_OK), RMD_REFUSE, RMD_REASON_DELISTED);
	query = query_of("0099000001");
	query.role = RMD_ROLE_GATEWAY;
	answer = check(rmd, &query, RMD_OK);
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_int_equal(answer.flags, RMD_FLAG_ROLE_MISMATCH);
	rmd_close(rmd);
}

/* The past. */

static void
the_past_is_answered_as_it_was(void **state)
{
	static const struct {
		const char *provider;
		int64_t at;
		enum rmd_verdict verdict;
		enum rmd_reason reason;
		int64_t checked_at;
		uint32_t generation;
	} cases[] = {
		{ "0099000001", CHECK(0) - 1, RMD_UNKNOWN, RMD_REASON_BEFORE_HISTORY, RMD_TIME_NONE, 0 },
		{ "0099000001", INT64_MIN + 1, RMD_UNKNOWN, RMD_REASON_BEFORE_HISTORY, RMD_TIME_NONE, 0 },
		{ "0012345678", CHECK(0) - 1, RMD_UNKNOWN, RMD_REASON_BEFORE_HISTORY, RMD_TIME_NONE, 0 },
		{ "0099000001", CHECK(0), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(0), 1 },
		{ "0099000001", CHECK(1) - 1, RMD_ACCEPT, RMD_REASON_LISTED, CHECK(0), 1 },
		/* A check that changed nothing is one. */
		{ "0099000001", CHECK(1), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(1), 1 },
		{ "0099000001", CHECK(2) - 1, RMD_ACCEPT, RMD_REASON_LISTED, CHECK(1), 1 },
		{ "0099000001", CHECK(2), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(2), 2 },
		/* Added. */
		{ "0099000020", CHECK(2) - 1, RMD_REFUSE, RMD_REASON_NOT_LISTED, CHECK(1), 1 },
		{ "RMD9000020", CHECK(2) - 1, RMD_REFUSE, RMD_REASON_NOT_LISTED, CHECK(1), 1 },
		{ "0099000020", CHECK(2), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(2), 2 },
		/* Certified later. */
		{ "0099000002", CHECK(2) - 1, RMD_REFUSE, RMD_REASON_NOT_CERTIFIED, CHECK(1), 1 },
		{ "RMD9000002", CHECK(0), RMD_REFUSE, RMD_REASON_NOT_CERTIFIED, CHECK(0), 1 },
		{ "0099000002", CHECK(2), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(2), 2 },
		/* Vanished and relisted. */
		{ "0099000003", CHECK(2) - 1, RMD_ACCEPT, RMD_REASON_LISTED, CHECK(1), 1 },
		{ "0099000003", CHECK(2), RMD_REFUSE, RMD_REASON_DELISTED, CHECK(2), 2 },
		{ "0099000003", CHECK(3), RMD_REFUSE, RMD_REASON_DELISTED, CHECK(3), 3 },
		{ "RMD9000003", CHECK(4) - 1, RMD_REFUSE, RMD_REASON_DELISTED, CHECK(3), 3 },
		{ "0099000003", CHECK(4), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(4), 4 },
		/* The FRN changed: by the old one, by the new one, by the number. */
		{ "0099000004", CHECK(3) - 1, RMD_ACCEPT, RMD_REASON_LISTED, CHECK(2), 2 },
		{ "0099000004", CHECK(3), RMD_REFUSE, RMD_REASON_DELISTED, CHECK(3), 3 },
		{ "0099000014", CHECK(3) - 1, RMD_REFUSE, RMD_REASON_NOT_LISTED, CHECK(2), 2 },
		{ "0099000014", CHECK(3), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(3), 3 },
		{ "RMD9000004", CHECK(3) - 1, RMD_ACCEPT, RMD_REASON_LISTED, CHECK(2), 2 },
		{ "RMD9000004", CHECK(3), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(3), 3 },
		/* Another filing named it, then as now. */
		{ "0099000077", CHECK(0), RMD_UNKNOWN, RMD_REASON_ALIAS_ONLY, CHECK(0), 1 },
		{ "0099000078", CHECK(4), RMD_UNKNOWN, RMD_REASON_ALIAS_ONLY, CHECK(4), 4 },
		{ "0012345678", CHECK(4), RMD_REFUSE, RMD_REASON_NOT_LISTED, CHECK(4), 4 },
		/* Without an FRN, and with two filings. */
		{ "RMD9000005", CHECK(1), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(1), 1 },
		{ "0099000006", CHECK(1), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(1), 1 },
		/* The last check, and what lies behind it. */
		{ "0099000023", CHECK(LAST) - 1, RMD_REFUSE, RMD_REASON_NOT_LISTED, CHECK(LAST - 1), LAST - 1 },
		{ "0099000023", CHECK(LAST), RMD_ACCEPT, RMD_REASON_LISTED, CHECK(LAST), LAST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rmd_answer answer = ask_at(cases[i].provider, cases[i].at);

		EXPECT(answer, cases[i].verdict, cases[i].reason);
		assert_true(answer.at == cases[i].at);
		assert_true(answer.checked_at == cases[i].checked_at);
		assert_int_equal(answer.generation, cases[i].generation);
		assert_true(
			answer.data_age ==
			(cases[i].checked_at == RMD_TIME_NONE ? RMD_TIME_NONE : cases[i].at - cases[i].checked_at));
	}
}

static void
the_past_tells_what_decided_then(void **state)
{
	struct rmd_answer answer = ask_at("0099000003", CHECK(3) + 5);

	(void)state;
	assert_true(answer.effective_at == CHECK(2));
	assert_string_equal(answer.rmd_number, "RMD9000003");
	assert_int_equal(ask_at("0099000003", CHECK(1)).implementation, RMD_IMPLEMENTATION_COMPLETE);
	assert_int_equal(ask_at("0099000003", CHECK(4)).implementation, RMD_IMPLEMENTATION_NONE);
	assert_string_equal(ask_at("RMD9000004", CHECK(1)).frn, "0099000004");
	assert_string_equal(ask_at("RMD9000004", CHECK(3)).frn, "0099000014");
	assert_true(ask_at("0099000004", CHECK(4)).effective_at == CHECK(3));
	assert_int_equal(ask_at("RMD9000006", CHECK(1)).flags, RMD_FLAG_MULTIPLE_FILINGS);
	assert_int_equal(ask_at("0099000015", CHECK(1)).flags, RMD_FLAG_LOSSY_NAME);
}

/* Bug: a name led to the FRN that its filing has today, so that before a change of FRN the provider was "not listed".
 */
static void
a_name_in_the_past_leads_to_the_frn_of_then(void **state)
{
	struct rmd_answer answer = ask_at("name:Delta Carrier", CHECK(3) - 1);

	(void)state;
	EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(answer.frn, "0099000004");
	assert_string_equal(ask_at("name:Delta Carrier", CHECK(3)).frn, "0099000014");
	assert_string_equal(ask("name:Delta Carrier").frn, "0099000014");
}

/* Bug: a name whose filing came later was "not listed"; a name never is. */
static void
a_name_in_the_past_is_never_not_listed(void **state)
{
	(void)state;
	EXPECT(ask_at("name:Newcomer", CHECK(2) - 1), RMD_UNKNOWN, RMD_REASON_NO_SUCH_NAME);
	EXPECT(ask_at("name:Newcomer", CHECK(2)), RMD_ACCEPT, RMD_REASON_LISTED);
	EXPECT(ask_at("name:Gamma Lines", CHECK(2)), RMD_REFUSE, RMD_REASON_DELISTED);
}

static struct rmd_answer
ask_of(const char *directory, const char *provider, int64_t at)
{
	struct rmd_query query = query_of(provider);
	struct rmd *rmd = handle_open(directory, RMD_OK);
	struct rmd_answer answer;

	query.at = at;
	answer = check(rmd, &query, RMD_OK);
	rmd_close(rmd);
	return answer;
}

/* Bug: a vanished filing counted as listed where its provider had another one, and made its name ambiguous. */
static void
a_name_is_not_ambiguous_by_a_vanished_filing_of_a_listed_provider(void **state)
{
	(void)state;
	publish("lent", CHECK(0),
		HEADER ROW("9000001", "0099000001", "Lent", "", NONE, VSP, "")
			ROW("9000003", "0099000001", "Kept", "", NONE, VSP, ""));
	publish("lent", CHECK(1),
		HEADER ROW("9000002", "0099000002", "Lent", "", NONE, VSP, "")
			ROW("9000003", "0099000001", "Kept", "", NONE, VSP, ""));
	EXPECT(ask_of("lent", "name:Lent", RMD_TIME_NONE), RMD_ACCEPT, RMD_REASON_LISTED);
	assert_string_equal(ask_of("lent", "name:Lent", RMD_TIME_NONE).frn, "0099000002");
}

/* Bug: of several filings of one name only the first was looked up in the past: one that came later hid the others,
 * and two that led to two providers then were one. */
static void
a_name_in_the_past_leads_through_all_its_filings(void **state)
{
	(void)state;
	publish("several", CHECK(0),
		HEADER ROW("9000002", "0099000002", "Early", "", NONE, VSP, "")
			ROW("9000003", "0099000003", "Joined", "", NONE, VSP, "")
				ROW("9000004", "0099000004", "Joined", "", NONE, VSP, ""));
	publish("several", CHECK(1),
		HEADER ROW("9000001", "0099000002", "Early", "", NONE, VSP, "")
			ROW("9000002", "0099000002", "Early", "", NONE, VSP, "")
				ROW("9000003", "0099000003", "Joined", "", NONE, VSP, "")
					ROW("9000004", "0099000003", "Joined", "", NONE, VSP, ""));
	EXPECT(ask_of("several", "name:Early", CHECK(0)), RMD_ACCEPT, RMD_REASON_LISTED);
	EXPECT(ask_of("several", "name:Joined", CHECK(0)), RMD_UNKNOWN, RMD_REASON_AMBIGUOUS);
	EXPECT(ask_of("several", "name:Joined", CHECK(1)), RMD_ACCEPT, RMD_REASON_LISTED);
}

/* Bug: where the last filing of an FRN took another one, the FRN was missing since then, and the RMD number of a
 * filing that had vanished before, which leads to the same provider, since before. */
static void
a_provider_is_missing_since_one_instant_by_all_its_keys(void **state)
{
	static const char *const keys[] = { "0099000001", "RMD9000001" };

	(void)state;
	publish("moved", CHECK(0),
		HEADER ROW("9000001", "0099000001", "One", "", NONE, VSP, "")
			ROW("9000002", "0099000001", "Two", "", NONE, VSP, ""));
	publish("moved", CHECK(1), HEADER ROW("9000002", "0099000001", "Two", "", NONE, VSP, ""));
	publish("moved", CHECK(2), HEADER ROW("9000002", "0099000002", "Two", "", NONE, VSP, ""));
	publish("moved", CHECK(3), HEADER ROW("9000002", "0099000002", "Two", "", NONE, VSP, ""));
	for (size_t i = 0; i < 2; i++)
		for (int at = 2; at <= 3; at++) {
			struct rmd_answer answer = ask_of("moved", keys[i], CHECK(at));

			EXPECT(answer, RMD_REFUSE, RMD_REASON_DELISTED);
			assert_true(answer.effective_at == CHECK(2));
			assert_string_equal(answer.rmd_number, "RMD9000002");
			/* The handle is closed by now. */
			assert_string_equal(answer.citation, "47 CFR 64.6305(g)(1)");
		}
}

/* Bug: before the first check not even the FRN that was asked for was said. */
static void
an_frn_is_said_before_the_history_too(void **state)
{
	(void)state;
	EXPECT(ask_at("0099000001", CHECK(0) - 1), RMD_UNKNOWN, RMD_REASON_BEFORE_HISTORY);
	assert_string_equal(ask_at("0099000001", CHECK(0) - 1).frn, "0099000001");
	assert_string_equal(ask_at("RMD9000001", CHECK(0) - 1).frn, "");
}

#define UNDO_CHECKS 7
static const char *const undo_states[UNDO_CHECKS] = { "N/A", NONE, PARTIAL, NULL, PARTIAL, COMPLETE, NULL };

/* Three filings whose histories are the first, the middle and the last of the table, changed at every check. */
static void
events_are_undone_in_their_order(void **state)
{
	struct rmd *rmd;

	(void)state;
	for (int i = 0; i < UNDO_CHECKS; i++) {
		char list[2048];
		int used = snprintf(list, sizeof list, "%s%s", HEADER, i % 2 == 0 ? ALPHA : BETA_CERTIFIED);

		for (int n = 3; n <= 5 && undo_states[i] != NULL; n++)
			used += snprintf(list + used, sizeof list - (size_t)used,
					 "RMD900000%d,009900000%d,Name,,%s,%s,,\r\n", n, n, undo_states[i], VSP);
		publish("undo", CHECK(i), list);
	}
	rmd = handle_open("undo", RMD_OK);
	for (int i = 0; i < UNDO_CHECKS; i++)
		for (int n = 3; n <= 5; n++) {
			static const enum rmd_implementation expected[UNDO_CHECKS] = { 1, 2, 3, 0, 3, 4, 0 };
			struct rmd_answer answer;
			struct rmd_query query;
			char provider[24];

			snprintf(provider, sizeof provider, "009900000%d", n);
			query = query_of(provider);
			query.at = CHECK(i);
			answer = check(rmd, &query, RMD_OK);
			EXPECT(answer, i == 0 || expected[i] == 0 ? RMD_REFUSE : RMD_ACCEPT,
			       i == 0             ? RMD_REASON_NOT_CERTIFIED
			       : expected[i] == 0 ? RMD_REASON_DELISTED
						  : RMD_REASON_LISTED);
			assert_int_equal(answer.implementation, expected[i]);
			assert_true(expected[i] != 0 || answer.effective_at == CHECK(i));
		}
	rmd_close(rmd);
}

/* More filings of one FRN than an answer looks at: the one that qualifies is found, now and then. */
static void
very_many_filings_of_one_frn(void **state)
{
	char *list = malloc(65536);
	struct rmd_query query = query_of("0099000001");
	int used;
	struct rmd *rmd;

	(void)state;
	assert_non_null(list);
	used = snprintf(list, 65536, "%s", HEADER);
	for (int i = 0; i < 40; i++)
		used += snprintf(list + used, 65536 - (size_t)used, "RMD80000%02d,0099000001,Many,,%s,%s,,\r\n",
				 i + 10, i == 39 ? NONE : "N/A", i == 39 ? GATEWAY : VSP);
	publish("many", CHECK(0), list);
	publish("many", CHECK(1), HEADER ALPHA);
	rmd = handle_open("many", RMD_OK);
	for (int i = 0; i < 2; i++) {
		struct rmd_answer answer;

		query.role = RMD_ROLE_GATEWAY;
		query.at = CHECK(0);
		answer = check(rmd, &query, RMD_OK);
		EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
		assert_string_equal(answer.rmd_number, "RMD8000049");
		assert_int_equal(answer.flags, RMD_FLAG_MULTIPLE_FILINGS);
		query.role = RMD_ROLE_INTERMEDIATE;
		EXPECT(check(rmd, &query, RMD_OK), RMD_REFUSE, RMD_REASON_ROLE_MISMATCH);
		rmd_close(rmd);
		/* And where that check is the last one. */
		if (i == 0) {
			publish("many-now", CHECK(0), list);
			rmd = handle_open("many-now", RMD_OK);
		}
	}
	free(list);
}

/* The filing, whole. */

static void
the_filing_is_told_whole(void **state)
{
	static char buffer[RMD_FILING_BUFFER_SIZE];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_query query = query_of("0099000008");

	(void)state;
	filing.buffer = buffer;
	filing.buffer_size = sizeof buffer;
	answer.filing = &filing;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_OK);
	assert_int_equal(filing.listed, 1);
	assert_string_equal(filing.rmd_number, "RMD9000008");
	assert_string_equal(filing.frn, "0099000008");
	assert_string_equal(filing.business_name, "Eta Net");
	assert_string_equal(filing.other_frns, "0099000077; Eta Wireless; 0099-0000-78");
	assert_string_equal(filing.country, "");
	assert_string_equal(filing.last_updated, "2025-11-01");
	assert_string_equal(filing.last_recertified, "");
	assert_int_equal(filing.foreign_provider, -1);
	assert_int_equal(filing.implementation, RMD_IMPLEMENTATION_NONE);
	assert_int_equal(filing.roles, 0);
	assert_true(filing.first_seen == CHECK(0) && filing.since == CHECK(0));
	/* One that has vanished, and as it was before. */
	query = query_of("0099000003");
	query.at = CHECK(3);
	assert_int_equal(rmd_check(story, &query, &answer), RMD_OK);
	assert_int_equal(filing.listed, 0);
	assert_int_equal(filing.implementation, RMD_IMPLEMENTATION_COMPLETE);
	assert_true(filing.first_seen == CHECK(0) && filing.since == CHECK(2));
	query.at = RMD_TIME_NONE;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_OK);
	assert_int_equal(filing.listed, 1);
	assert_int_equal(filing.implementation, RMD_IMPLEMENTATION_NONE);
	assert_true(filing.first_seen == CHECK(0) && filing.since == CHECK(4));
	/* None: nothing of the one before may stay. */
	query = query_of("0012345678");
	assert_int_equal(rmd_check(story, &query, &answer), RMD_OK);
	assert_string_equal(filing.rmd_number, "");
	assert_string_equal(filing.business_name, "");
	assert_int_equal(filing.listed, 0);
}

static void
a_renamed_filing_has_its_old_name_in_the_past(void **state)
{
	static char buffer[RMD_FILING_BUFFER_SIZE];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_query query = query_of("0099000001");
	char path[LIMIT_PATH_BYTES];
	struct stat status;
	struct rmd *rmd;

	(void)state;
	publish("renamed", CHECK(0), HEADER ROW("9000001", "0099000001", "\"One, \"\"Inc\"\"\"", "", NONE, VSP, ""));
	publish("renamed", CHECK(1), HEADER ROW("9000001", "0099000001", "One renamed", "", NONE, VSP, "2026-01-31"));
	rmd = handle_open("renamed", RMD_OK);
	filing.buffer = buffer;
	filing.buffer_size = sizeof buffer;
	answer.filing = &filing;
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_string_equal(filing.business_name, "One renamed");
	assert_string_equal(filing.last_recertified, "2026-01-31");
	query.at = CHECK(0);
	assert_int_equal(rmd_check(rmd, &query, &answer), RMD_OK);
	assert_string_equal(filing.business_name, "One, \"Inc\"");
	assert_string_equal(filing.last_recertified, "");
	rmd_close(rmd);
	/* Everybody may read it, nobody write. */
	path_of(path, "renamed", "rmd.mdb");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0444);
}

static void
a_filing_that_does_not_fit_leaves_the_verdict(void **state)
{
	const size_t needed = sizeof "Eta Net" + sizeof "0099000077; Eta Wireless; 0099-0000-78";
	struct rmd_query query = query_of("0099000008");

	(void)state;
	for (size_t size = 0; size <= needed; size++) {
		char *buffer = malloc(size > 0 ? size : 1);
		struct rmd_filing filing = RMD_FILING_INIT;
		struct rmd_answer answer = RMD_ANSWER_INIT;

		assert_non_null(buffer);
		filing.buffer = size > 0 ? buffer : NULL;
		filing.buffer_size = size;
		answer.filing = &filing;
		assert_int_equal(rmd_check(story, &query, &answer), size < needed ? RMD_ERROR_TOO_LONG : RMD_OK);
		EXPECT(answer, RMD_ACCEPT, RMD_REASON_LISTED);
		assert_string_equal(filing.rmd_number, "RMD9000008");
		assert_non_null(filing.filing_url);
		assert_string_equal(filing.filing_url, "");
		free(buffer);
	}
}

/* Arguments. */

static void
wrong_arguments_are_told(void **state)
{
	struct rmd_query query = query_of("0099000001");
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd_history *history;
	struct rmd *rmd;

	(void)state;
	assert_int_equal(rmd_open("/tmp", NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_check(story, NULL, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_check(story, &query, NULL), RMD_ERROR_ARGUMENT);
	query.size--;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_ERROR_ARGUMENT);
	query.size = 0;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_ERROR_ARGUMENT);
	query = query_of("0099000001");
	answer.size--;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_ERROR_ARGUMENT);
	answer.size++;
	filing.size--;
	answer.filing = &filing;
	EXPECT(check(story, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	assert_int_equal(rmd_check(story, &query, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(answer.verdict, RMD_UNKNOWN);
	answer.filing = NULL;
	/* A program of a newer header brings more than is known here. */
	query.size += 64;
	answer.size += 64;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_OK);
	assert_int_equal(answer.verdict, RMD_ACCEPT);
	answer.size -= 64;
	query.size -= 64;
	query.role = (enum rmd_role)5;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_ERROR_ARGUMENT);
	query.role = RMD_ROLE_NONE;
	query.key = (enum rmd_key)8;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_info(NULL, &info), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_info(story, NULL), RMD_ERROR_ARGUMENT);
	info.size--;
	assert_int_equal(rmd_info(story, &info), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_history_open(story, "0099000001", 10, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_history_open(story, NULL, 0, &history), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_history_open(NULL, "0099000001", 10, &history), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_history_open(story, "frn:9", 5, &history), RMD_ERROR_ARGUMENT);
	assert_null(history);
	assert_int_equal(rmd_history_next(NULL, &event), RMD_ERROR_ARGUMENT);
	rmd_close(NULL);
	rmd_history_close(NULL);
	rmd = story;
	{
		static char path[2 * LIMIT_PATH_BYTES];

		memset(path, 'a', sizeof path - 1);
		assert_int_equal(rmd_open(path, &rmd), RMD_ERROR_ARGUMENT);
	}
	assert_null(rmd);
}

/* Bug: an answer that was used before kept its old verdict when the query was not one. */
static void
an_answer_used_again_forgets_on_a_bad_query(void **state)
{
	struct rmd_query query = query_of("0099000001");
	struct rmd_answer answer = check(story, &query, RMD_OK);

	(void)state;
	assert_int_equal(answer.verdict, RMD_ACCEPT);
	query.size = 3;
	assert_int_equal(rmd_check(story, &query, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(answer.verdict, RMD_UNKNOWN);
	assert_string_equal(answer.rmd_number, "");
	assert_int_equal(answer.size, sizeof answer);
	query = query_of("0099000001");
	answer = check(story, &query, RMD_OK);
	assert_int_equal(rmd_check(story, NULL, &answer), RMD_ERROR_ARGUMENT);
	assert_int_equal(answer.verdict, RMD_UNKNOWN);
}

static void
info_tells_what_answers_rest_on(void **state)
{
	struct rmd_info info = RMD_INFO_INIT;

	(void)state;
	assert_int_equal(rmd_info(story, &info), RMD_OK);
	assert_int_equal(info.status, RMD_OK);
	assert_int_equal(info.reload_status, RMD_OK);
	assert_int_equal(info.format, 1);
	assert_int_equal(info.generation, LAST);
	assert_true(info.checked_at == CHECK(LAST) && info.changed_at == CHECK(LAST));
	assert_true(info.first_checked_at == CHECK(0) && info.max_age == 90 * (int64_t)DAY);
	assert_int_equal(info.filings, 14);
	assert_int_equal(info.not_certified, 1);
	assert_int_equal(info.vanished, 1);
	assert_int_equal(info.quarantined, 3);
	/* 13 at first; certified, two gone, one new; FRN changed; one back; one new. */
	assert_int_equal(info.events, 13 + 4 + 1 + 1 + 1);
	assert_int_equal(strlen(info.digest), 64);
	assert_non_null(strstr(info.source, "source.csv"));
}

/* The history. */

struct expected_event {
	enum rmd_event_kind kind;
	const char *rmd_number;
	int check;
	uint32_t generation;
	const char *field; /* NULL: none */
};

static void
expect_history(struct rmd *rmd, const char *provider, const struct expected_event *expected, size_t count)
{
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd_history *history;

	assert_int_equal(rmd_history_open(rmd, provider, strlen(provider), &history), RMD_OK);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(rmd_history_next(history, &event), 1);
		assert_string_equal(rmd_event_name(event.kind), rmd_event_name(expected[i].kind));
		assert_string_equal(event.rmd_number, expected[i].rmd_number);
		assert_true(event.at == CHECK(expected[i].check));
		assert_int_equal(event.generation, expected[i].generation);
		assert_int_equal(strlen(event.digest), 64);
		if (expected[i].field == NULL) {
			assert_int_equal(event.fields, 0);
			continue;
		}
		for (unsigned bit = 0; bit < 32; bit++)
			assert_int_equal(event.fields >> bit & 1,
					 strcmp(rmd_field_name(bit), expected[i].field) == 0);
	}
	assert_int_equal(rmd_history_next(history, &event), 0);
	assert_int_equal(rmd_history_next(history, &event), 0);
	rmd_history_close(history);
}

static void
history_walks_through_a_providers_filings(void **state)
{
	static const struct expected_event gamma[] = {
		{ RMD_EVENT_ADDED, "RMD9000003", 0, 1, NULL },
		{ RMD_EVENT_VANISHED, "RMD9000003", 2, 2, NULL },
		{ RMD_EVENT_RELISTED, "RMD9000003", 4, 4, "implementation" },
	};
	static const struct expected_event delta[] = {
		{ RMD_EVENT_ADDED, "RMD9000004", 0, 1, NULL },
		{ RMD_EVENT_CHANGED, "RMD9000004", 3, 3, "frn" },
	};
	static const struct expected_event two[] = {
		{ RMD_EVENT_ADDED, "RMD9000006", 0, 1, NULL },
		{ RMD_EVENT_ADDED, "RMD9000007", 0, 1, NULL },
	};
	static const struct expected_event no_frn[] = { { RMD_EVENT_ADDED, "RMD9000005", 0, 1, NULL } };
	/* The last of the table. */
	static const struct expected_event later[] = { { RMD_EVENT_ADDED, "RMD9000023", LAST, LAST, NULL } };

	(void)state;
	expect_history(story, "0099000003", gamma, 3);
	expect_history(story, "RMD9000003", gamma, 3);
	expect_history(story, "name:gamma lines", gamma, 3);
	expect_history(story, "0099000004", delta, 2);
	expect_history(story, "0099000014", delta, 2);
	expect_history(story, "RMD9000007", two, 2);
	expect_history(story, "rmd9000005", no_frn, 1);
	expect_history(story, "0099000023", later, 1);
	expect_history(story, "0012345678", NULL, 0);
	expect_history(story, "RMD0000001", NULL, 0);
	expect_history(story, "name:nobody", NULL, 0);
	expect_history(story, "peer:nobody", NULL, 0);
}

static void
a_walk_keeps_its_snapshot(void **state)
{
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd_history *history;
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd *rmd;

	(void)state;
	publish("walk", CHECK(0), HEADER ALPHA GAMMA);
	rmd = handle_open("walk", RMD_OK);
	assert_int_equal(rmd_history_open(rmd, "0099000001", 10, &history), RMD_OK);
	publish("walk", CHECK(1), HEADER GAMMA);
	assert_int_equal(rmd_info(rmd, &info), RMD_OK);
	assert_int_equal(info.generation, 2);
	rmd_close(rmd);
	assert_int_equal(rmd_history_next(history, &event), 1);
	assert_int_equal(event.kind, RMD_EVENT_ADDED);
	assert_int_equal(rmd_history_next(history, &event), 0);
	rmd_history_close(history);
}

/* All filings, the vanished one too; the walk keeps the snapshot that it began with. */
static void
a_walk_through_all_filings(void **state)
{
	static const struct {
		const char *number, *name;
		int listed;
	} expected[] = {
		{ "RMD9000001", "Alpha Telephone", 1 },
		{ "RMD9000003", "Gamma Lines", 0 },
		{ "RMD9000004", "Delta Carrier", 1 },
	};
	static char text[RMD_FILING_BUFFER_SIZE];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_filings *filings;
	struct rmd *rmd;

	(void)state;
	publish("filings", CHECK(0), HEADER DELTA ALPHA GAMMA);
	publish("filings", CHECK(1), HEADER DELTA ALPHA);
	rmd = handle_open("filings", RMD_OK);
	assert_int_equal(rmd_filings_open(rmd, &filings), RMD_OK);
	publish("filings", CHECK(2), HEADER GAMMA);
	rmd_close(rmd);
	filing.buffer = text;
	filing.buffer_size = sizeof text;
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		assert_int_equal(rmd_filings_next(filings, &filing), 1);
		assert_string_equal(filing.rmd_number, expected[i].number);
		assert_string_equal(filing.business_name, expected[i].name);
		assert_int_equal(filing.listed, expected[i].listed);
	}
	assert_int_equal(rmd_filings_next(filings, &filing), 0);
	assert_int_equal(rmd_filings_next(filings, &filing), 0);
	rmd_filings_close(filings);
	rmd_filings_close(NULL);
}

static void
a_walk_through_filings_goes_on_behind_one_that_does_not_fit(void **state)
{
	char text[sizeof "Delta Carrier"];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_filings *filings;
	struct rmd *rmd;

	(void)state;
	publish("fitting", CHECK(0), HEADER DELTA ALPHA);
	rmd = handle_open("fitting", RMD_OK);
	assert_int_equal(rmd_filings_open(NULL, &filings), RMD_ERROR_ARGUMENT);
	assert_null(filings);
	assert_int_equal(rmd_filings_open(rmd, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_filings_open(rmd, &filings), RMD_OK);
	assert_int_equal(rmd_filings_next(NULL, &filing), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_filings_next(filings, NULL), RMD_ERROR_ARGUMENT);
	filing.buffer = text;
	filing.buffer_size = sizeof text;
	assert_int_equal(rmd_filings_next(filings, &filing), RMD_ERROR_TOO_LONG);
	assert_int_equal(rmd_filings_next(filings, &filing), 1);
	assert_string_equal(filing.business_name, "Delta Carrier");
	assert_int_equal(rmd_filings_next(filings, &filing), 0);
	rmd_filings_close(filings);
	rmd_close(rmd);
	rmd = handle_open("nothing-there", RMD_ERROR_NO_DATA);
	assert_int_equal(rmd_filings_open(rmd, &filings), RMD_ERROR_NO_DATA);
	assert_null(filings);
	rmd_close(rmd);
}

/* An alias, a row that nobody could read, an FRN that a filing no longer has: all of them, and none twice. */
static void
a_walk_through_all_keys(void **state)
{
	static const char *const expected[] = {
		"0099000001", "0099000004", "0099000008", "0099000014", "0099000021", "0099000077",
		"0099000078", "RMD9000001", "RMD9000004", "RMD9000008", "RMD9000021",
	};
	struct rmd_provider provider = RMD_PROVIDER_INIT;
	struct rmd_providers *providers;
	struct rmd *rmd;

	(void)state;
	publish("keys", CHECK(0), HEADER DELTA ALPHA ETA);
	publish("keys", CHECK(1), HEADER DELTA_MOVED ALPHA ETA UNREADABLE);
	rmd = handle_open("keys", RMD_OK);
	assert_int_equal(rmd_providers_open(rmd, &providers), RMD_OK);
	publish("keys", CHECK(2), HEADER GAMMA);
	rmd_close(rmd);
	assert_int_equal(rmd_providers_next(NULL, &provider), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_providers_next(providers, NULL), RMD_ERROR_ARGUMENT);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		assert_int_equal(rmd_providers_next(providers, &provider), 1);
		assert_string_equal(provider.text, expected[i]);
		assert_int_equal(provider.key, expected[i][0] == 'R' ? RMD_KEY_RMD : RMD_KEY_FRN);
	}
	assert_int_equal(rmd_providers_next(providers, &provider), 0);
	assert_int_equal(rmd_providers_next(providers, &provider), 0);
	rmd_providers_close(providers);
	rmd_providers_close(NULL);
	assert_int_equal(rmd_providers_open(NULL, &providers), RMD_ERROR_ARGUMENT);
	rmd = handle_open("no-keys-there", RMD_ERROR_NO_DATA);
	assert_int_equal(rmd_providers_open(rmd, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_providers_open(rmd, &providers), RMD_ERROR_NO_DATA);
	assert_null(providers);
	rmd_close(rmd);
}

/* What a copy of an older generation has to catch up with. */
static void
a_walk_through_what_happened_since(void **state)
{
	static const struct {
		const char *number;
		enum rmd_event_kind kind;
		uint32_t generation;
	} expected[] = {
		{ "RMD9000003", RMD_EVENT_VANISHED, 2 },
		{ "RMD9000003", RMD_EVENT_RELISTED, 3 },
		{ "RMD9000004", RMD_EVENT_CHANGED, 2 },
		{ "RMD9000020", RMD_EVENT_ADDED, 3 },
	};
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd_history *history;
	struct rmd *rmd;

	(void)state;
	publish("since", CHECK(0), HEADER ALPHA DELTA GAMMA);
	publish("since", CHECK(1), HEADER ALPHA DELTA_MOVED);
	publish("since", CHECK(2), HEADER ALPHA DELTA_MOVED GAMMA NEWCOMER);
	rmd = handle_open("since", RMD_OK);
	for (uint32_t since = 1; since <= 4; since++) {
		assert_int_equal(rmd_history_open_since(rmd, since, &history), RMD_OK);
		for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
			if (expected[i].generation <= since)
				continue;
			assert_int_equal(rmd_history_next(history, &event), 1);
			assert_string_equal(event.rmd_number, expected[i].number);
			assert_int_equal(event.kind, expected[i].kind);
			assert_int_equal(event.generation, expected[i].generation);
		}
		assert_int_equal(rmd_history_next(history, &event), 0);
		rmd_history_close(history);
	}
	rmd_close(rmd);
	assert_int_equal(rmd_history_open_since(NULL, 1, &history), RMD_ERROR_ARGUMENT);
	rmd = handle_open("not-since", RMD_ERROR_NO_DATA);
	assert_int_equal(rmd_history_open_since(rmd, 1, NULL), RMD_ERROR_ARGUMENT);
	assert_int_equal(rmd_history_open_since(rmd, 1, &history), RMD_ERROR_NO_DATA);
	assert_null(history);
	rmd_close(rmd);
}

/* Bug: a rebuild with --offline has the instant of the check before it, and took its digest from the events of then.
 */
static void
an_offline_rebuild_leaves_the_events_their_digest(void **state)
{
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd_history *history;
	struct report report, rebuilt;
	struct rmd *rmd;

	(void)state;
	report = publish("offline", CHECK(0), HEADER ALPHA);
	run_with("offline", "lenient.conf", CHECK(0) + 600, true, &rebuilt);
	assert_int_equal(rebuilt.generation, 2);
	assert_true(rebuilt.checked_at == CHECK(0));
	rmd = handle_open("offline", RMD_OK);
	assert_int_equal(rmd_history_open(rmd, "0099000001", 10, &history), RMD_OK);
	assert_int_equal(rmd_history_next(history, &event), 1);
	assert_int_equal(event.generation, 1);
	assert_string_equal(event.digest, report.digest);
	rmd_history_close(history);
	rmd_close(rmd);
}

/* New snapshots. */

static void
file_copy(const char *from, const char *to)
{
	unsigned char bytes[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t got;

	assert_true(in >= 0 && out >= 0);
	while ((got = read(in, bytes, sizeof bytes)) > 0)
		assert_int_equal(write(out, bytes, (size_t)got), got);
	assert_int_equal(got, 0);
	assert_int_equal(close(in), 0);
	assert_int_equal(close(out), 0);
}

static struct rmd_info
look(struct rmd *rmd, enum rmd_status status)
{
	struct rmd_info info = RMD_INFO_INIT;

	assert_int_equal(rmd_info(rmd, &info), status);
	assert_int_equal(info.status, status);
	return info;
}

static void
without_data_a_handle_waits_for_it(void **state)
{
	struct rmd_query query = query_of("0099000001");
	struct rmd_answer answer;
	struct rmd *rmd;

	(void)state;
	rmd = handle_open("later", RMD_ERROR_NO_DATA);
	answer = check(rmd, &query, RMD_ERROR_NO_DATA);
	EXPECT(answer, RMD_UNKNOWN, RMD_REASON_NO_DATA);
	assert_true(answer.data_age == RMD_TIME_NONE && answer.checked_at == RMD_TIME_NONE);
	assert_int_equal(answer.generation, 0);
	call_set(&query, NULL, "911");
	EXPECT(check(rmd, &query, RMD_ERROR_NO_DATA), RMD_ACCEPT, RMD_REASON_EMERGENCY_CALL);
	call_set(&query, NULL, NULL);
	look(rmd, RMD_ERROR_NO_DATA);
	publish("later", CHECK(0), HEADER ALPHA);
	assert_int_equal(look(rmd, RMD_OK).generation, 1);
	EXPECT(check(rmd, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	rmd_close(rmd);
	/* The directory chosen at build time has none either, in a test. */
	assert_int_equal(rmd_open(NULL, &rmd), RMD_ERROR_NO_DATA);
	rmd_close(rmd);
}

static void
a_new_snapshot_is_seen(void **state)
{
	struct rmd_query query = query_of("0099000003");
	struct rmd *rmd, *other;

	(void)state;
	publish("reload", CHECK(0), HEADER ALPHA GAMMA);
	rmd = handle_open("reload", RMD_OK);
	other = handle_open("reload", RMD_OK);
	EXPECT(check(rmd, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	publish("reload", CHECK(1), HEADER ALPHA);
	assert_int_equal(look(rmd, RMD_OK).generation, 2);
	EXPECT(check(rmd, &query, RMD_OK), RMD_REFUSE, RMD_REASON_DELISTED);
	/* Each handle looks for itself; closing one leaves the other. */
	rmd_close(rmd);
	assert_int_equal(look(other, RMD_OK).generation, 2);
	EXPECT(check(other, &query, RMD_OK), RMD_REFUSE, RMD_REASON_DELISTED);
	rmd_close(other);
}

static void
a_damaged_snapshot_is_refused_and_the_old_goes_on(void **state)
{
	char path[LIMIT_PATH_BYTES], good[LIMIT_PATH_BYTES], bad[LIMIT_PATH_BYTES];
	struct rmd_query query = query_of("0099000001");
	struct rmd_candidate candidate = RMD_CANDIDATE_INIT;
	struct rmd_history *history;
	struct rmd_search *search;
	struct rmd_info info;
	struct rmd *rmd, *fresh;
	int file;

	(void)state;
	publish("damaged", CHECK(0), HEADER ALPHA);
	path_of(path, "damaged", "rmd.mdb");
	path_of(good, "damaged", "good");
	path_of(bad, "damaged", "bad");
	file_copy(path, good);
	rmd = handle_open("damaged", RMD_OK);
	file_copy(good, bad);
	assert_int_equal(truncate(bad, 3 * 4096 + 7), 0);
	assert_int_equal(rename(bad, path), 0);
	for (int i = 0; i < 2; i++) {
		info = look(rmd, RMD_OK);
		assert_int_equal(info.reload_status, RMD_ERROR_DAMAGED);
		assert_int_equal(info.generation, 1);
		EXPECT(check(rmd, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	}
	/* A search is of the old one too; a walk opens the file. */
	assert_int_equal(rmd_search(rmd, "alpha", 5, &search), RMD_OK);
	assert_int_equal(rmd_search_next(search, &candidate), 1);
	rmd_search_close(search);
	assert_int_equal(rmd_history_open(rmd, "0099000001", 10, &history), RMD_ERROR_DAMAGED);
	assert_null(history);
	fresh = handle_open("damaged", RMD_ERROR_DAMAGED);
	EXPECT(check(fresh, &query, RMD_ERROR_DAMAGED), RMD_UNKNOWN, RMD_REASON_NO_DATA);
	look(fresh, RMD_ERROR_DAMAGED);
	/* A newer format: LMDB's own version stands at this place of both meta pages. */
	file_copy(good, bad);
	file = open(bad, O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(pwrite(file, "\2", 1, 20), 1);
	assert_int_equal(pwrite(file, "\2", 1, 4096 + 20), 1);
	assert_int_equal(close(file), 0);
	assert_int_equal(rename(bad, path), 0);
	assert_int_equal(look(rmd, RMD_OK).reload_status, RMD_ERROR_FORMAT);
	look(fresh, RMD_ERROR_FORMAT);
	/* Gone altogether. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(look(rmd, RMD_OK).reload_status, RMD_ERROR_NO_DATA);
	EXPECT(check(rmd, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	look(fresh, RMD_ERROR_NO_DATA);
	assert_int_equal(rename(good, path), 0);
	assert_int_equal(look(rmd, RMD_OK).reload_status, RMD_OK);
	look(fresh, RMD_OK);
	EXPECT(check(fresh, &query, RMD_OK), RMD_ACCEPT, RMD_REASON_LISTED);
	rmd_close(fresh);
	rmd_close(rmd);
}

/* Forks. */

/* A child asks; its exit code tells. */
static int
child_asks(struct rmd *rmd, enum rmd_verdict expected)
{
	struct rmd_query query = query_of("0099000003");
	struct rmd_answer answer = RMD_ANSWER_INIT;

	if (rmd_check(rmd, &query, &answer) != RMD_OK)
		return 2;
	return answer.verdict == expected ? 0 : 3;
}

static void
expect_child(pid_t child)
{
	int status;

	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
a_handle_works_on_both_sides_of_a_fork(void **state)
{
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd_query query = query_of("0099000003");
	char path[LIMIT_PATH_BYTES];
	struct rmd *rmd, *own;
	int ready[2], asked[2];
	pid_t child;
	char c = 0;

	(void)state;
	publish("fork", CHECK(0), HEADER ALPHA GAMMA);
	path_of(path, ".", "fork");
	rmd = handle_open("fork", RMD_OK);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(asked), 0);
	child = fork();
	if (child == 0) {
		/* Opened before the fork, then a new snapshot; opened after it; closed: the parent's stays. */
		int code = child_asks(rmd, RMD_ACCEPT);

		if (code == 0 && (write(asked[1], "x", 1) != 1 || read(ready[0], &c, 1) != 1))
			code = 4;
		if (code == 0 && (rmd_info(rmd, &info) != RMD_OK || info.generation != 2))
			code = 5;
		if (code == 0)
			code = child_asks(rmd, RMD_REFUSE);
		if (code == 0 && rmd_open(path, &own) != RMD_OK)
			code = 6;
		if (code == 0) {
			code = child_asks(own, RMD_REFUSE);
			rmd_close(own);
		}
		rmd_close(rmd);
		_exit(code);
	}
	/* Whoever asks may look at the file by himself, so the new one must not come before the first question. A
	 * child that failed there closes its end. */
	assert_int_equal(close(asked[1]), 0);
	assert_int_equal(read(asked[0], &c, 1), 1);
	publish("fork", CHECK(1), HEADER ALPHA);
	assert_int_equal(write(ready[1], "x", 1), 1);
	expect_child(child);
	assert_int_equal(look(rmd, RMD_OK).generation, 2);
	EXPECT(check(rmd, &query, RMD_OK), RMD_REFUSE, RMD_REASON_DELISTED);
	assert_int_equal(close(asked[0]), 0);
	assert_int_equal(close(ready[0]), 0);
	assert_int_equal(close(ready[1]), 0);
	rmd_close(rmd);
}

/* Bug: a thread that was on a visit when another one forked was counted in for ever in the child, and every old
 * snapshot stayed open there. Looks inside: the visit stands for that thread. */
static void
inside_a_child_forgets_the_visits_of_its_parent(void **state)
{
	struct visit visit;
	struct rmd *rmd;
	pid_t child;

	(void)state;
	publish("wipe", CHECK(0), HEADER ALPHA GAMMA);
	rmd = handle_open("wipe", RMD_OK);
	visit = visit_begin(rmd, seconds_now());
	publish("wipe", CHECK(1), HEADER ALPHA);
	/* The parent keeps what is visited, and closes it after the visit. */
	look(rmd, RMD_OK);
	assert_non_null(rmd->retired);
	child = fork();
	if (child == 0) {
		handle_look(rmd);
		_exit(rmd->retired == NULL ? child_asks(rmd, RMD_REFUSE) : 7);
	}
	expect_child(child);
	look(rmd, RMD_OK);
	assert_non_null(rmd->retired);
	assert_int_equal(snapshot_state(visit.snapshot)->generation, 1);
	visit_end(visit);
	look(rmd, RMD_OK);
	assert_null(rmd->retired);
	rmd_close(rmd);
}

/* Bug: a check that found no snapshot just before one was adopted said RMD_OK to an answer without data. Looks
 * inside: the moment between the two cannot be had otherwise. */
static void
inside_no_data_is_never_ok(void **state)
{
	struct rmd_query query = query_of("0099000001");
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd *rmd;

	(void)state;
	rmd = handle_open("nothing", RMD_ERROR_NO_DATA);
	atomic_store(&rmd->status, RMD_OK);
	assert_int_equal(status_without_snapshot(rmd), RMD_ERROR_NO_DATA);
	EXPECT(check(rmd, &query, RMD_ERROR_NO_DATA), RMD_UNKNOWN, RMD_REASON_NO_DATA);
	assert_int_equal(rmd_info(rmd, &info), RMD_ERROR_NO_DATA);
	rmd_close(rmd);
}

/* Threads and children. */

#define THREADS 6
#define CHILDREN 2
#define PUBLICATIONS 2000
/* More than any machine needs until a thread that looks has its turn. */
#define LOOKS 10000000UL
#define EDITIONS 4

/* Children see it too. */
struct crowd {
	struct rmd *rmd;
	atomic_bool end;
	atomic_ulong answers; /* of the threads */
	atomic_ulong answers_of_children;
	atomic_ulong wrong;
};

/* In odd generations the provider is listed, in even ones it has vanished; whoever mixes two of them is wrong. */
static void
crowd_ask(struct crowd *crowd)
{
	struct rmd_query query = query_of("0099000003");
	struct rmd_answer answer = RMD_ANSWER_INIT;
	bool listed;

	if (rmd_check(crowd->rmd, &query, &answer) != RMD_OK) {
		atomic_fetch_add(&crowd->wrong, 1);
		return;
	}
	listed = answer.generation % 2 == 1;
	if (answer.generation < 1 || answer.generation > EDITIONS ||
	    answer.checked_at != CHECK(answer.generation - 1) ||
	    answer.verdict != (listed ? RMD_ACCEPT : RMD_REFUSE) ||
	    answer.reason != (listed ? RMD_REASON_LISTED : RMD_REASON_DELISTED))
		atomic_fetch_add(&crowd->wrong, 1);
	/* The slow way, through the tables of the same snapshot. */
	query.at = CHECK(0);
	if (rmd_check(crowd->rmd, &query, &answer) != RMD_OK || answer.verdict != RMD_ACCEPT ||
	    answer.generation != 1)
		atomic_fetch_add(&crowd->wrong, 1);
}

/* What else may be called on the same handle at the same time. A walk is of one snapshot; none begins while a bad
 * file stands there. */
static void
crowd_walk(struct crowd *crowd)
{
	static _Thread_local char texts[RMD_FILING_BUFFER_SIZE];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_event event = RMD_EVENT_INIT;
	struct rmd_candidate candidate = RMD_CANDIDATE_INIT;
	struct rmd_info info = RMD_INFO_INIT;
	struct rmd_history *history;
	struct rmd_filings *filings;
	struct rmd_search *search;
	unsigned events = 0, rows = 0;
	bool good;

	filing.buffer = texts;
	filing.buffer_size = sizeof texts;
	if (rmd_history_open(crowd->rmd, "0099000003", 10, &history) == RMD_OK)
		while (rmd_history_next(history, &event) == 1)
			events++;
	if (rmd_filings_open(crowd->rmd, &filings) == RMD_OK)
		while (rmd_filings_next(filings, &filing) == 1)
			rows++;
	/* In each generation it came or went. */
	good = (history == NULL || events == event.generation) && (filings == NULL || rows == 2) &&
	       rmd_info(crowd->rmd, &info) == RMD_OK && info.generation >= 1 && info.generation <= EDITIONS;
	rmd_history_close(history);
	rmd_filings_close(filings);
	good = rmd_search(crowd->rmd, "Gamma Lines", 11, &search) == RMD_OK &&
	       rmd_search_next(search, &candidate) == 1 && strcmp(candidate.frn, "0099000003") == 0 && good;
	rmd_search_close(search);
	if (!good)
		atomic_fetch_add(&crowd->wrong, 1);
}

static void *
thread_asks(void *argument)
{
	struct crowd *crowd = argument;

	for (unsigned turn = 0; !atomic_load(&crowd->end); turn++) {
		crowd_ask(crowd);
		if (turn % 1024 == 0)
			crowd_walk(crowd);
		atomic_fetch_add(&crowd->answers, 1);
	}
	return NULL;
}

/* Looks at the file at every turn: a child adopts for itself. */
static void
child_of_crowd(struct crowd *crowd)
{
	while (!atomic_load(&crowd->end)) {
		struct rmd_info info = RMD_INFO_INIT;

		if (rmd_info(crowd->rmd, &info) != RMD_OK)
			atomic_fetch_add(&crowd->wrong, 1);
		crowd_ask(crowd);
		atomic_fetch_add(&crowd->answers_of_children, 1);
	}
	rmd_close(crowd->rmd);
}

/* How many descriptors this process has. */
static size_t
descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	assert_int_equal(closedir(directory), 0);
	return count;
}

/* What may come into the way of a switch, and what is said of it. */
static const struct {
	const char *name;
	enum rmd_status status;
} bad_files[] = { { "shortened", RMD_ERROR_DAMAGED },
		  { "flipped", RMD_ERROR_DAMAGED },
		  { "future", RMD_ERROR_FORMAT } };
#define BAD_FILES (sizeof bad_files / sizeof bad_files[0])

/* Each of them out of a good snapshot. */
static void
bad_files_make(const char *good, char paths[BAD_FILES][LIMIT_PATH_BYTES])
{
	struct stat status;
	unsigned char *bytes, *packed;
	uint64_t magic = PACKED_MAGIC;
	int file;

	for (size_t i = 0; i < BAD_FILES; i++) {
		path_of(paths[i], "crowd", bad_files[i].name);
		file_copy(good, paths[i]);
	}
	assert_int_equal(stat(good, &status), 0);
	assert_int_equal(truncate(paths[0], status.st_size / 2), 0);
	/* One bit of the packed table, found by how it begins. */
	file = open(paths[1], O_RDWR | O_CLOEXEC);
	assert_true(file >= 0);
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_true(bytes != MAP_FAILED);
	packed = memmem(bytes, (size_t)status.st_size, &magic, sizeof magic);
	assert_non_null(packed);
	packed[PACKED_HEADER_BYTES + 7] ^= 1;
	assert_int_equal(munmap(bytes, (size_t)status.st_size), 0);
	assert_int_equal(close(file), 0);
	/* LMDB's own version stands at this place of both meta pages. */
	file = open(paths[2], O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(pwrite(file, "\2", 1, 20), 1);
	assert_int_equal(pwrite(file, "\2", 1, 4096 + 20), 1);
	assert_int_equal(close(file), 0);
}

static void
editions_make(char paths[EDITIONS][LIMIT_PATH_BYTES])
{
	char path[LIMIT_PATH_BYTES];

	path_of(path, "crowd", "rmd.mdb");
	for (int i = 0; i < EDITIONS; i++) {
		char name[24];

		publish("crowd", CHECK(i), i % 2 == 0 ? HEADER ALPHA GAMMA : HEADER ALPHA);
		snprintf(name, sizeof name, "edition.%d", i);
		path_of(paths[i], "crowd", name);
		file_copy(path, paths[i]);
	}
}

/* Each eighth publication is of a bad file. Of the good ones every other is a new file, and every other one that was
 * here before and may still be open. */
static void
publish_to_crowd(struct crowd *crowd, char edition[EDITIONS][LIMIT_PATH_BYTES])
{
	char bad[BAD_FILES][LIMIT_PATH_BYTES], path[LIMIT_PATH_BYTES], fresh[LIMIT_PATH_BYTES];

	path_of(path, "crowd", "rmd.mdb");
	path_of(fresh, "crowd", "fresh");
	bad_files_make(edition[0], bad);
	for (size_t i = 0; i < PUBLICATIONS; i++) {
		size_t kind = i / 8 % BAD_FILES;
		bool is_bad = i % 8 == 3;
		unsigned long looks = 0;
		struct rmd_info info = RMD_INFO_INIT;
		unsigned long answers = atomic_load(&crowd->answers);

		if (i % 2 == 0)
			file_copy(edition[i % EDITIONS], fresh);
		else
			assert_int_equal(link(is_bad ? bad[kind] : edition[i % EDITIONS], fresh), 0);
		assert_int_equal(rename(fresh, path), 0);
		/* A thread may be at it, still with the file before; then this look is not one. */
		do
			assert_int_equal(rmd_info(crowd->rmd, &info), RMD_OK);
		while (info.reload_status != (is_bad ? bad_files[kind].status : RMD_OK) && looks++ < LOOKS);
		assert_int_equal(info.reload_status, is_bad ? bad_files[kind].status : RMD_OK);
		/* Somebody asks between any two of them. */
		while (atomic_load(&crowd->answers) == answers)
			sched_yield();
	}
}

static void
threads_and_children_get_no_wrong_answer_from_2000_publications(void **state)
{
	char edition[EDITIONS][LIMIT_PATH_BYTES];
	struct crowd *crowd = mmap(NULL, sizeof *crowd, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_t threads[THREADS];
	pid_t children[CHILDREN], parent = getpid();
	size_t open_before;

	(void)state;
	assert_true(crowd != MAP_FAILED);
	editions_make(edition);
	crowd->rmd = handle_open("crowd", RMD_OK);
	open_before = descriptors();
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			/* A test that fails must not leave it at work. */
			if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
				_exit(1);
			child_of_crowd(crowd);
			_exit(0);
		}
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, thread_asks, crowd), 0);
	publish_to_crowd(crowd, edition);
	while (atomic_load(&crowd->answers_of_children) == 0)
		sched_yield();
	atomic_store(&crowd->end, true);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < CHILDREN; i++)
		expect_child(children[i]);
	assert_int_equal(atomic_load(&crowd->wrong), 0);
	assert_int_equal(look(crowd->rmd, RMD_OK).generation, (PUBLICATIONS - 1) % EDITIONS + 1);
	/* Every old snapshot was closed. */
	assert_int_equal(descriptors(), open_before);
	rmd_close(crowd->rmd);
	assert_int_equal(munmap(crowd, sizeof *crowd), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_is_accepted),
		cmocka_unit_test(a_call_to_911_is_accepted_whatever_else),
		cmocka_unit_test(a_public_safety_caller_is_accepted),
		cmocka_unit_test(keys_that_lead_nowhere_are_unknown),
		cmocka_unit_test(names_decide_by_one_exact_match_only),
		cmocka_unit_test(nothing_on_file_is_refused_or_unknown),
		cmocka_unit_test(quarantined_rows_keep_or_are_unknown),
		cmocka_unit_test(roles_and_certifications),
		cmocka_unit_test(a_foreign_provider_is_judged_for_us_numbers_only),
		cmocka_unit_test(old_data_is_unknown),
		cmocka_unit_test(recertification_is_overdue_when_the_due_day_has_ended),
		cmocka_unit_test(the_operators_policy_is_obeyed),
		cmocka_unit_test(the_past_is_answered_as_it_was),
		cmocka_unit_test(the_past_tells_what_decided_then),
		cmocka_unit_test(a_name_in_the_past_leads_to_the_frn_of_then),
		cmocka_unit_test(a_name_in_the_past_is_never_not_listed),
		cmocka_unit_test(a_name_is_not_ambiguous_by_a_vanished_filing_of_a_listed_provider),
		cmocka_unit_test(a_name_in_the_past_leads_through_all_its_filings),
		cmocka_unit_test(a_provider_is_missing_since_one_instant_by_all_its_keys),
		cmocka_unit_test(an_frn_is_said_before_the_history_too),
		cmocka_unit_test(events_are_undone_in_their_order),
		cmocka_unit_test(very_many_filings_of_one_frn),
		cmocka_unit_test(the_filing_is_told_whole),
		cmocka_unit_test(a_renamed_filing_has_its_old_name_in_the_past),
		cmocka_unit_test(a_filing_that_does_not_fit_leaves_the_verdict),
		cmocka_unit_test(wrong_arguments_are_told),
		cmocka_unit_test(an_answer_used_again_forgets_on_a_bad_query),
		cmocka_unit_test(info_tells_what_answers_rest_on),
		cmocka_unit_test(history_walks_through_a_providers_filings),
		cmocka_unit_test(a_walk_keeps_its_snapshot),
		cmocka_unit_test(a_walk_through_all_filings),
		cmocka_unit_test(a_walk_through_all_keys),
		cmocka_unit_test(a_walk_through_what_happened_since),
		cmocka_unit_test(a_walk_through_filings_goes_on_behind_one_that_does_not_fit),
		cmocka_unit_test(an_offline_rebuild_leaves_the_events_their_digest),
		cmocka_unit_test(without_data_a_handle_waits_for_it),
		cmocka_unit_test(a_new_snapshot_is_seen),
		cmocka_unit_test(a_damaged_snapshot_is_refused_and_the_old_goes_on),
		cmocka_unit_test(a_handle_works_on_both_sides_of_a_fork),
		cmocka_unit_test(inside_a_child_forgets_the_visits_of_its_parent),
		cmocka_unit_test(inside_no_data_is_never_ok),
		cmocka_unit_test(threads_and_children_get_no_wrong_answer_from_2000_publications),
	};

	return cmocka_run_group_tests(tests, story_begin, story_end);
}
