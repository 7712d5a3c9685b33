/* SPDX-License-Identifier: ISC
 *
 * What must hold for every question whatever: all combinations of inputs over small domains, against the sentences of
 * the law in their plainest form. Single cases stand in tests/table/decision.table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "lib/decide.h"

#define NOW 1000000
#define MAX_AGE 72

/* Every kind of filing: 3 certifications, 8 sets of roles. Two of them at most, in either order. */
#define IMPLEMENTATIONS 3
#define KINDS (IMPLEMENTATIONS * 8)
#define PAIRS (1 + KINDS + KINDS * KINDS)

static const uint8_t implementations[IMPLEMENTATIONS] = { RMD_IMPLEMENTATION_NOT_CERTIFIED, RMD_IMPLEMENTATION_NONE,
							  RMD_IMPLEMENTATION_COMPLETE };

struct world {
	struct question question;
	struct filing_facts filings[2];
	struct ruling ruling;
};

static struct filing_facts
filing_of_kind(unsigned kind, uint32_t number)
{
	return (struct filing_facts){ .number = number,
				      .implementation = implementations[kind / 8],
				      .roles = (uint8_t)(kind % 8 << 1),
				      .overdue_from = RMD_TIME_NONE };
}

static void
set_filings(struct world *world, unsigned pair)
{
	struct provider_facts *provider = &world->question.provider;

	provider->filings = world->filings;
	provider->filing_count = 0;
	if (pair == 0)
		return;
	pair--;
	/* The second stands before the first by its number. */
	world->filings[provider->filing_count++] = filing_of_kind(pair % KINDS, 20);
	if (pair >= KINDS)
		world->filings[provider->filing_count++] = filing_of_kind(pair / KINDS - 1, 10);
}

static bool
certified(const struct filing_facts *filing)
{
	return filing->implementation != RMD_IMPLEMENTATION_NOT_CERTIFIED;
}

/* The law's sentence: the filing appears under the paragraph of the role. */
static bool
has_role(const struct filing_facts *filing, enum rmd_role role)
{
	bool vsp = (filing->roles & 1 << RMD_ROLE_VSP) != 0 || filing->roles == 0;

	switch (role) {
	case RMD_ROLE_VSP:
	case RMD_ROLE_FOREIGN:
		return vsp;
	case RMD_ROLE_GATEWAY:
		return (filing->roles & 1 << RMD_ROLE_GATEWAY) != 0;
	case RMD_ROLE_INTERMEDIATE:
		return (filing->roles & 1 << RMD_ROLE_INTERMEDIATE) != 0;
	default:
		return true;
	}
}

struct truths {
	bool listed, certified, qualified;
};

static struct truths
truths_of(const struct world *world)
{
	struct truths truths = { false, false, false };

	for (unsigned i = 0; i < world->question.provider.filing_count; i++) {
		const struct filing_facts *filing = &world->filings[i];

		truths.listed = true;
		truths.certified |= certified(filing);
		truths.qualified |= certified(filing) && has_role(filing, world->question.role);
	}
	return truths;
}

static int64_t
age_of(const struct question *question)
{
	struct ruling ruling;

	decide(question, &ruling);
	return ruling.data_age;
}

static void
check_accept(const struct world *world, struct truths truths)
{
	const struct question *question = &world->question;
	const struct ruling *ruling = &world->ruling;

	if (question->emergency_call || question->public_safety_caller)
		return;
	assert_true(question->has_data);
	assert_int_equal(question->key, KEY_FOUND);
	assert_true(age_of(question) >= 0 && age_of(question) <= MAX_AGE);
	if (ruling->reason == RMD_REASON_RULE_NOT_APPLICABLE) {
		assert_int_equal(question->role, RMD_ROLE_FOREIGN);
		assert_int_equal(question->caller, CALLER_NOT_US);
		return;
	}
	assert_int_equal(ruling->reason, RMD_REASON_LISTED);
	assert_true(truths.certified);
	assert_non_null(ruling->filing);
	assert_true(certified(ruling->filing));
	assert_true(truths.qualified || question->policy.role_mismatch_accepted);
	assert_int_equal(truths.qualified, has_role(ruling->filing, question->role));
	assert_int_equal(truths.qualified, (ruling->flags & RMD_FLAG_ROLE_MISMATCH) == 0);
}

static void
check_refuse(const struct world *world, struct truths truths)
{
	const struct question *question = &world->question;
	const struct provider_facts *provider = &question->provider;

	assert_true(question->has_data);
	assert_int_equal(question->key, KEY_FOUND);
	assert_true(age_of(question) >= 0 && age_of(question) <= MAX_AGE);
	assert_false(truths.qualified);
	assert_false(question->role == RMD_ROLE_FOREIGN && question->caller == CALLER_NOT_US);
	switch (world->ruling.reason) {
	case RMD_REASON_DELISTED:
		assert_true(!truths.listed && provider->known);
		assert_int_equal(world->ruling.effective_at, provider->missing_since);
		break;
	case RMD_REASON_NOT_LISTED:
		assert_true(!truths.listed && !provider->known && !provider->alias && !provider->key_quarantined);
		break;
	case RMD_REASON_NOT_CERTIFIED:
		assert_true(truths.listed && !truths.certified);
		break;
	case RMD_REASON_ROLE_MISMATCH:
		assert_true(truths.certified && !question->policy.role_mismatch_accepted);
		break;
	default:
		fail();
	}
}

static void
check_unknown(const struct world *world, struct truths truths)
{
	const struct question *question = &world->question;

	switch (world->ruling.reason) {
	case RMD_REASON_NO_DATA:
		assert_false(question->has_data);
		break;
	case RMD_REASON_BAD_KEY:
	case RMD_REASON_NO_SUCH_NAME:
	case RMD_REASON_NO_SUCH_PEER:
	case RMD_REASON_AMBIGUOUS:
		assert_int_not_equal(question->key, KEY_FOUND);
		assert_null(world->ruling.filing);
		break;
	case RMD_REASON_BEFORE_HISTORY:
		assert_true(question->at_given && question->checked_at == RMD_TIME_NONE);
		break;
	case RMD_REASON_STALE:
		assert_true(age_of(question) > MAX_AGE || age_of(question) == RMD_TIME_NONE);
		break;
	case RMD_REASON_MISSING_UNCONFIRMED:
		assert_true(!truths.listed && question->provider.known && question->policy.missing_grace > 0);
		break;
	case RMD_REASON_ALIAS_ONLY:
		assert_true(!truths.listed && !question->provider.known && question->provider.alias);
		break;
	case RMD_REASON_ROW_QUARANTINED:
		assert_true(!truths.listed && !question->provider.known && question->provider.key_quarantined);
		break;
	default:
		fail();
	}
}

static void
check_flags(const struct world *world)
{
	const struct question *question = &world->question;
	const struct ruling *ruling = &world->ruling;
	bool old = question->has_data && question->checked_at != RMD_TIME_NONE && age_of(question) > MAX_AGE;
	const unsigned never = RMD_FLAG_STILL_LISTED | RMD_FLAG_RELISTED | RMD_FLAG_REMOVAL_PENDING |
			       RMD_FLAG_NOTICE_OPEN | RMD_FLAG_NOTIFY_FCC_FIRST;

	assert_int_equal(ruling->flags & never, 0);
	if (old)
		assert_true((ruling->flags & RMD_FLAG_STALE) != 0);
	if (!question->has_data)
		assert_int_equal(ruling->flags, 0);
	if (ruling->step > 4) {
		assert_int_equal((ruling->flags & RMD_FLAG_MULTIPLE_FILINGS) != 0,
				 question->provider.filing_count > 1);
		assert_int_equal(ruling->filing != NULL, question->provider.filing_count > 0);
	}
}

static void
check(struct world *world)
{
	const struct question *question = &world->question;
	struct ruling *ruling = &world->ruling;
	struct truths truths = truths_of(world);

	memset(ruling, 0xa5, sizeof *ruling);
	decide(question, ruling);
	assert_non_null(ruling->citation);
	assert_true(strncmp(ruling->citation, "47 CFR 64.", 10) == 0);
	assert_in_range(ruling->step, 1, 15);
	if (question->emergency_call)
		assert_int_equal(ruling->reason, RMD_REASON_EMERGENCY_CALL);
	check_flags(world);
	switch (ruling->verdict) {
	case RMD_ACCEPT:
		check_accept(world, truths);
		break;
	case RMD_REFUSE:
		check_refuse(world, truths);
		break;
	case RMD_UNKNOWN:
		check_unknown(world, truths);
		break;
	default:
		fail(); /* without documents nothing is merely allowed to be blocked */
	}
}

/* One number that is split into digits of differing bases: a combination of inputs. */
static unsigned
digit(unsigned *number, unsigned base)
{
	unsigned value = *number % base;

	*number /= base;
	return value;
}

/* The filings, roles and callers; good data. */
static void
all_providers(void **state)
{
	unsigned combinations = PAIRS * 5 * 3 * 2 * 2 * 2 * 2 * 2;

	(void)state;
	for (unsigned i = 0; i < combinations; i++) {
		struct world world = { .question = {
					       .has_data = true, .at = NOW, .now = NOW, .checked_at = NOW - 10 } };
		struct question *question = &world.question;
		unsigned rest = i;

		question->policy.max_age = MAX_AGE;
		set_filings(&world, digit(&rest, PAIRS));
		question->role = (enum rmd_role)digit(&rest, 5);
		question->caller = (enum caller_class)digit(&rest, 3);
		question->policy.role_mismatch_accepted = digit(&rest, 2) == 1;
		question->policy.missing_grace = digit(&rest, 2) == 1 ? 30 : 0;
		question->provider.known = digit(&rest, 2) == 1;
		question->provider.missing_since = question->provider.known ? NOW - 20 : RMD_TIME_NONE;
		question->provider.alias = digit(&rest, 2) == 1;
		question->provider.key_quarantined = digit(&rest, 2) == 1;
		check(&world);
	}
}

/* The times, states of the key and of the data, the safeguards; a few providers. */
static void
all_circumstances(void **state)
{
	static const int64_t times[] = { RMD_TIME_NONE, INT64_MIN + 1, NOW - 73, NOW - 72, NOW, NOW + 73, INT64_MAX };
	unsigned times_count = sizeof times / sizeof times[0];
	unsigned combinations = times_count * times_count * times_count * 2 * 2 * 2 * 2 * 5 * 4 * 3 * 2;

	(void)state;
	for (unsigned i = 0; i < combinations; i++) {
		struct world world = { .question = { .policy = { .max_age = MAX_AGE } } };
		struct question *question = &world.question;
		unsigned rest = i;

		question->at = times[digit(&rest, times_count)];
		question->now = times[digit(&rest, times_count)];
		question->checked_at = times[digit(&rest, times_count)];
		question->at_given = digit(&rest, 2) == 1;
		question->emergency_call = digit(&rest, 2) == 1;
		question->public_safety_caller = digit(&rest, 2) == 1;
		question->has_data = digit(&rest, 2) == 1;
		question->key = (enum key_state)digit(&rest, 5);
		/* none, one that is not certified, a gateway's, two */
		set_filings(&world, (unsigned[]){ 0, 1, 1 + 8 + 2, 1 + KINDS + 9 }[digit(&rest, 4)]);
		question->role = (enum rmd_role[]){ RMD_ROLE_NONE, RMD_ROLE_VSP, RMD_ROLE_FOREIGN }[digit(&rest, 3)];
		question->caller = digit(&rest, 2) == 1 ? CALLER_NOT_US : CALLER_NO_NUMBER;
		question->provider.known = true;
		question->provider.missing_since = question->checked_at;
		check(&world);
	}
}

/* The order in which the filings stand must not matter. */
static void
order_of_filings(void **state)
{
	(void)state;
	for (unsigned pair = 1 + KINDS; pair < PAIRS; pair++) {
		for (int role = RMD_ROLE_NONE; role <= RMD_ROLE_FOREIGN; role++) {
			struct world one = { .question = {
						     .has_data = true, .at = NOW, .now = NOW, .checked_at = NOW } };
			struct world other = one;

			one.question.role = other.question.role = (enum rmd_role)role;
			set_filings(&one, pair);
			set_filings(&other, pair);
			other.filings[0] = one.filings[1];
			other.filings[1] = one.filings[0];
			decide(&one.question, &one.ruling);
			decide(&other.question, &other.ruling);
			assert_int_equal(one.ruling.verdict, other.ruling.verdict);
			assert_int_equal(one.ruling.reason, other.ruling.reason);
			assert_int_equal(one.ruling.flags, other.ruling.flags);
			assert_int_equal(one.ruling.filing->number, other.ruling.filing->number);
		}
	}
}

/* A value that no decoder writes is no certification. */
static void
unknown_implementation(void **state)
{
	(void)state;
	for (unsigned value = 0; value < 256; value++) {
		struct world world = { .question = { .has_data = true, .at = NOW, .now = NOW, .checked_at = NOW } };

		set_filings(&world, 1);
		world.filings[0].implementation = (uint8_t)value;
		decide(&world.question, &world.ruling);
		assert_int_equal(world.ruling.verdict,
				 value >= RMD_IMPLEMENTATION_NONE && value <= RMD_IMPLEMENTATION_COMPLETE
					 ? RMD_ACCEPT
					 : RMD_REFUSE);
	}
}

/* The whole flag of a filing is that of the filing shown. */
static void
recertification(void **state)
{
	struct world world = { .question = { .has_data = true, .at = NOW, .now = NOW, .checked_at = NOW } };

	(void)state;
	set_filings(&world, 1 + KINDS - 1);
	for (int64_t overdue = NOW - 1; overdue <= NOW + 1; overdue++) {
		world.filings[0].overdue_from = overdue;
		decide(&world.question, &world.ruling);
		assert_int_equal(world.ruling.verdict, RMD_ACCEPT);
		assert_int_equal(world.ruling.flags, overdue <= NOW ? RMD_FLAG_RECERTIFICATION_OVERDUE : 0);
	}
}

static void
age(void **state)
{
	struct question question = { .has_data = true, .at = 100, .now = 100, .checked_at = 40 };

	(void)state;
	assert_int_equal(age_of(&question), 60);
	question.at = 70; /* the past */
	assert_int_equal(age_of(&question), 30);
	question.at = 500; /* the future is measured now */
	assert_int_equal(age_of(&question), 60);
	question.checked_at = 101; /* a clock that runs behind */
	assert_int_equal(age_of(&question), 0);
	question.checked_at = RMD_TIME_NONE;
	assert_int_equal(age_of(&question), RMD_TIME_NONE);
	question.checked_at = 40;
	question.now = RMD_TIME_NONE;
	assert_int_equal(age_of(&question), RMD_TIME_NONE);
	question.now = 100;
	question.has_data = false;
	assert_int_equal(age_of(&question), RMD_TIME_NONE);
	question = (struct question){ .has_data = true, .at = INT64_MAX, .now = INT64_MAX, .checked_at = -5 };
	assert_int_equal(age_of(&question), INT64_MAX);
}

/* INT64_MAX stands for never: a question about the last instant that there is must not make it come. */
static void
never_does_not_come(void **state)
{
	static const enum document_kind kinds[] = { DOCUMENT_NOTICE, DOCUMENT_FINAL_DETERMINATION, DOCUMENT_REMOVAL };
	struct packed_document document = { .issued = 1,
					    .effective = INT64_MAX,
					    .after_48_hours = INT64_MAX,
					    .after_14_days = INT64_MAX,
					    .mitigated = INT64_MAX,
					    .measures = INT64_MAX,
					    .fcc_notified = INT64_MAX,
					    .lifted = INT64_MAX,
					    .relisted = INT64_MAX };
	struct filing_facts filing = filing_of_kind(KINDS - 1, 1);
	struct question question = { .has_data = true,
				     .at_given = true,
				     .at = INT64_MAX,
				     .now = 10,
				     .checked_at = 10,
				     .policy = { .max_age = 1 } };
	struct ruling ruling;

	(void)state;
	filing.roles = 1 << RMD_ROLE_VSP;
	question.provider = (struct provider_facts){ .filings = &filing,
						     .filing_count = 1,
						     .last_updated = DAY_NONE,
						     .documents = &document,
						     .document_count = 1,
						     .missing_since = RMD_TIME_NONE };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		document.kind = kinds[i];
		decide(&question, &ruling);
		assert_int_equal(ruling.verdict,
				 kinds[i] == DOCUMENT_FINAL_DETERMINATION ? RMD_MAY_BLOCK : RMD_ACCEPT);
		assert_int_equal(ruling.flags & RMD_FLAG_RELISTED, 0);
	}
	/* A kind that this edition does not know brings nothing. */
	document.kind = DOCUMENT_REINSTATEMENT + 1;
	document.effective = 1;
	decide(&question, &ruling);
	assert_int_equal(ruling.verdict, RMD_ACCEPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_does_not_come),
		cmocka_unit_test(all_providers),
		cmocka_unit_test(all_circumstances),
		cmocka_unit_test(order_of_filings),
		cmocka_unit_test(unknown_implementation),
		cmocka_unit_test(recertification),
		cmocka_unit_test(age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
