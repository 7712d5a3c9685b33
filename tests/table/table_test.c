/* SPDX-License-Identifier: ISC
 *
 * Tries every case of decision.table on decide(). A word that the table does not define is a failure, never skipped:
 * a case that says less than it seems to say is worse than none.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "cache/packed.h"
#include "lib/decide.h"
#include "lib/number.h"
#include "notice/clock.h"

#define FILINGS_MAX 8
#define DOCUMENTS_MAX 4
#define CASE_BYTES 1024

struct expected {
	struct ruling ruling;
	uint32_t number;                /* of the filing shown, 0: none */
	char document[RMD_NOTICE_SIZE]; /* that decided, "": none */
	char citation[128];
};

struct test_case {
	struct question question;
	struct filing_facts filings[FILINGS_MAX];
	struct packed_document documents[DOCUMENTS_MAX];
	struct slice caller, called, public_safety;
	int64_t age; /* of the data, where `checked_at` is not given itself */
	bool checked_given;
	uint64_t removal_grace; /* business days; stands before the documents that it is for */
	struct expected expected;
};

/* What is left of the text up to the separator, which is taken off with it. */
static struct slice
take(struct slice *text, char separator)
{
	size_t length = 0;
	struct slice word;

	while (length < text->length && text->data[length] != separator)
		length++;
	word = (struct slice){ text->data, length };
	if (length < text->length)
		length++;
	text->data += length;
	text->length -= length;
	return word;
}

static bool
is_word(struct slice text, const char *word)
{
	return text.length == strlen(word) && memcmp(text.data, word, text.length) == 0;
}

/* The words of the enumerations by their values. */
static const char *
verdict_text(int value)
{
	return rmd_verdict_name((enum rmd_verdict)value);
}

static const char *
reason_text(int value)
{
	return rmd_reason_name((enum rmd_reason)value);
}

static const char *
role_text(int value)
{
	return rmd_role_name((enum rmd_role)value);
}

static const char *
implementation_text(int value)
{
	return value == RMD_IMPLEMENTATION_NOT_CERTIFIED ? "N/A"
							 : rmd_implementation_name((enum rmd_implementation)value);
}

static const char *
flag_text(int value)
{
	return rmd_flag_name((enum rmd_flag)(1 << value));
}

static const char *
key_text(int value)
{
	static const char *const words[] = { [KEY_FOUND] = "found",
					     [KEY_BAD] = "bad",
					     [KEY_NO_SUCH_NAME] = "no-such-name",
					     [KEY_NO_SUCH_PEER] = "no-such-peer",
					     [KEY_AMBIGUOUS] = "ambiguous" };

	return words[value];
}

/* The value from first to last that goes by the word; false for none. */
static bool
read_value(struct slice text, int first, int last, const char *(*name)(int), int *value)
{
	for (*value = first; *value <= last; (*value)++)
		if (text.length > 0 && is_word(text, name(*value)))
			return true;
	return false;
}

static bool
read_time(struct slice text, int64_t *instant)
{
	*instant = time_parse(text);
	return *instant != TIME_NONE;
}

static bool
read_duration(struct slice text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	uint64_t count;

	for (size_t i = 0; text.length > 1 && i < sizeof units / sizeof units[0]; i++) {
		if (text.data[text.length - 1] == units[i].unit &&
		    slice_decimal((struct slice){ text.data, text.length - 1 }, 1000000000, &count)) {
			*seconds = (int64_t)count * units[i].seconds;
			return true;
		}
	}
	return false;
}

/* True for the one word that the key allows besides its default. */
static bool
read_switch(struct slice text, const char *word, bool *value)
{
	*value = is_word(text, word);
	return *value;
}

static bool
read_roles(struct slice text, uint8_t *roles)
{
	int role;

	if (is_word(text, "no"))
		return true;
	while (text.length > 0) {
		if (!read_value(take(&text, '+'), RMD_ROLE_VSP, RMD_ROLE_INTERMEDIATE, role_text, &role))
			return false;
		*roles |= (uint8_t)(1u << role);
	}
	return *roles != 0;
}

static const struct calendar no_closures;

/* As a snapshot has it. */
static int64_t
overdue_from(day last_recertified)
{
	struct packed_header header = { .magic = PACKED_MAGIC };

	for (int i = 0; i < DUE_YEARS; i++)
		header.recertification_due[i] = recertification_due_ended(&no_closures, DUE_FIRST_YEAR + i);
	return packed_overdue_from(&header, last_recertified);
}

static bool
read_filing(struct slice text, struct test_case *test, unsigned *count)
{
	struct provider_facts *provider = &test->question.provider;
	struct filing_facts *filing = &test->filings[*count];
	struct slice number = take(&text, ','), implementation = take(&text, ','), roles = take(&text, ',');
	int value;

	/* Listed ones, or those that vanished last: never both. */
	if (*count == FILINGS_MAX || *count != provider->filing_count + provider->vanished_count)
		return false;
	filing->number = rmd_number_parse(number);
	filing->overdue_from = RMD_TIME_NONE;
	if (filing->number == 0 ||
	    !read_value(implementation, RMD_IMPLEMENTATION_NOT_CERTIFIED, RMD_IMPLEMENTATION_COMPLETE,
			implementation_text, &value) ||
	    !read_roles(roles, &filing->roles))
		return false;
	filing->implementation = (uint8_t)value;
	while (text.length > 0) {
		struct slice mark = take(&text, ',');

		if (slice_starts_fold(mark, "recertified:")) {
			day date = day_parse((struct slice){ mark.data + 12, mark.length - 12 });

			if (date == DAY_NONE)
				return false;
			filing->overdue_from = overdue_from(date);
		} else if (slice_starts_fold(mark, "updated:")) {
			day date = day_parse((struct slice){ mark.data + 8, mark.length - 8 });

			if (date == DAY_NONE)
				return false;
			if (date > provider->last_updated)
				provider->last_updated = date;
		} else if (is_word(mark, "lossy")) {
			filing->lossy_name = true;
		} else if (!read_switch(mark, "quarantined", &filing->row_quarantined)) {
			return false;
		}
	}
	(*count)++;
	provider->filings = test->filings;
	return true;
}

static bool
read_moment(struct slice text, struct moment *moment)
{
	return moment_parse(text, moment);
}

/* One fact of a document, "issued:2026-06-01". `reinstated` and `relisted` are not the document's own. */
static bool
read_fact(struct slice fact, struct notice *notice, struct notice_response *responses,
	  struct packed_document *document)
{
	struct slice name = take(&fact, ':');
	struct moment moment;

	if (!read_moment(fact, &moment))
		return false;
	if (is_word(name, "issued"))
		notice->issued = moment;
	else if (is_word(name, "respond-by"))
		notice->respond_by = moment.date;
	else if (is_word(name, "cease-by"))
		notice->cease_by = moment.date;
	else if (is_word(name, "fcc-notified"))
		notice->fcc_notified = moment;
	else if (is_word(name, "mitigated") || is_word(name, "measures") || is_word(name, "reply"))
		responses[notice->response_count++] = (struct notice_response){ notice_response_parse(name), moment };
	else if (is_word(name, "reinstated"))
		document->lifted = moment.instant;
	else if (is_word(name, "relisted"))
		document->relisted = moment.instant;
	else
		return false;
	return notice->response_count < 3;
}

/* "document=removal,issued:2026-06-01,cease-by:2026-06-03": with the clocks that rmdsync compiles. Its number is its
 * place in the question. */
static bool
read_document(struct slice text, struct test_case *test)
{
	struct provider_facts *provider = &test->question.provider;
	struct packed_document *document = &test->documents[provider->document_count];
	struct notice_response responses[3];
	struct notice notice = { .issued = MOMENT_NONE,
				 .respond_by = DAY_NONE,
				 .cease_by = DAY_NONE,
				 .responses = responses,
				 .fcc_notified = MOMENT_NONE,
				 .blocking_began = MOMENT_NONE };
	struct notice_clock clock;

	if (provider->document_count == DOCUMENTS_MAX)
		return false;
	*document = (struct packed_document){ .lifted = CLOCK_NEVER, .relisted = CLOCK_NEVER };
	notice.kind = notice_kind_parse(take(&text, ','));
	if (notice.kind == 0)
		return false;
	while (text.length > 0)
		if (!read_fact(take(&text, ','), &notice, responses, document))
			return false;
	if (notice.issued.date == DAY_NONE)
		return false;
	notice_clock(&notice, &no_closures, test->removal_grace, &clock);
	document->kind = (uint32_t)notice.kind;
	document->issued = notice.issued.instant;
	document->released = notice.issued.date;
	document->effective = clock.effective;
	document->after_48_hours = clock.after_48_hours;
	document->after_14_days = clock.after_14_days;
	document->mitigated = clock.mitigated;
	document->measures = clock.measures;
	document->fcc_notified = clock.fcc_notified;
	document->id[0] = (char)('1' + provider->document_count);
	provider->documents = test->documents;
	provider->document_count++;
	return true;
}

static bool
read_data(struct slice value, struct test_case *test)
{
	test->question.has_data = false;
	return is_word(value, "none");
}

static bool
read_age(struct slice value, struct test_case *test)
{
	test->age = TIME_NONE;
	return is_word(value, "none") || read_duration(value, &test->age);
}

/* Reads one word of the question, "key=value". */
static bool
read_input(struct slice word, struct test_case *test)
{
	struct question *question = &test->question;
	struct policy *policy = &question->policy;
	struct slice key = take(&word, '='), value = word;
	bool read = value.length > 0;
	int number = 0;

	if (is_word(key, "now"))
		read = read_time(value, &question->now);
	else if (is_word(key, "at"))
		read = question->at_given = read_time(value, &question->at);
	else if (is_word(key, "checked"))
		read = test->checked_given = read_time(value, &question->checked_at);
	else if (is_word(key, "age"))
		read = read_age(value, test);
	else if (is_word(key, "data"))
		read = read_data(value, test);
	else if (is_word(key, "key"))
		read = read_value(value, KEY_FOUND, KEY_AMBIGUOUS, key_text, &number);
	else if (is_word(key, "role"))
		read = read_value(value, RMD_ROLE_VSP, RMD_ROLE_FOREIGN, role_text, &number);
	else if (is_word(key, "caller"))
		test->caller = value;
	else if (is_word(key, "called"))
		test->called = value;
	else if (is_word(key, "public-safety"))
		test->public_safety = value;
	else if (is_word(key, "filing"))
		read = read_filing(value, test, &question->provider.filing_count);
	else if (is_word(key, "vanished"))
		read = read_filing(value, test, &question->provider.vanished_count);
	else if (is_word(key, "document"))
		read = read_document(value, test);
	else if (is_word(key, "removal-grace"))
		read = slice_decimal(value, 100, &test->removal_grace);
	else if (is_word(key, "missing-since"))
		read = question->provider.known = read_time(value, &question->provider.missing_since);
	else if (is_word(key, "alias"))
		read = read_switch(value, "yes", &question->provider.alias);
	else if (is_word(key, "quarantined"))
		read = read_switch(value, "yes", &question->provider.key_quarantined);
	else if (is_word(key, "max-age"))
		read = read_duration(value, &policy->max_age);
	else if (is_word(key, "missing-grace"))
		read = read_duration(value, &policy->missing_grace);
	else if (is_word(key, "role-mismatch"))
		read = read_switch(value, "accept", &policy->role_mismatch_accepted);
	else
		read = false;
	if (read && is_word(key, "key"))
		question->key = (enum key_state)number;
	if (read && is_word(key, "role"))
		question->role = (enum rmd_role)number;
	return read;
}

static bool
read_question(struct slice text, struct test_case *test)
{
	struct area_code_set foreign = { { 0 } };
	struct question *question = &test->question;
	uint64_t caller;

	*test = (struct test_case){ .age = 3600 };
	question->has_data = true;
	question->now = time_parse(slice_of("2026-06-15T12:00:00-04:00"));
	question->provider.missing_since = RMD_TIME_NONE;
	question->provider.last_updated = DAY_NONE;
	question->policy = (struct policy){ .max_age = 72 * 3600 };
	while (text.length > 0) {
		struct slice word = take(&text, ' ');

		if (word.length > 0 && !read_input(word, test))
			return false;
	}
	if (!question->at_given)
		question->at = question->now;
	if (!test->checked_given) {
		int64_t instant = question->at < question->now ? question->at : question->now;

		question->checked_at = test->age == TIME_NONE ? RMD_TIME_NONE : instant - test->age;
	}
	caller = number_parse(test->caller);
	question->emergency_call = number_is_emergency(test->called);
	question->public_safety_caller = caller != 0 && caller == number_parse(test->public_safety);
	question->caller = CALLER_NO_NUMBER;
	if (area_code_set_add(&foreign, 416) && area_code_set_add(&foreign, 876))
		question->caller = number_class(caller, &foreign);
	return true;
}

static bool
read_flags(struct slice text, unsigned *flags)
{
	int flag;

	while (text.length > 0) {
		if (!read_value(take(&text, ','), 0, RMD_FLAG_COUNT - 1, flag_text, &flag))
			return false;
		*flags |= 1u << flag;
	}
	return *flags != 0;
}

/* "47 CFR 64.6305(g)", and perhaps "step 9" behind it. */
static bool
read_citation(struct slice text, struct expected *expected)
{
	for (size_t i = 0; i + 6 < text.length; i++) {
		uint64_t step;

		if (memcmp(text.data + i, " step ", 6) != 0)
			continue;
		if (!slice_decimal((struct slice){ text.data + i + 6, text.length - i - 6 }, 15, &step))
			return false;
		expected->ruling.step = (unsigned)step;
		text.length = i;
	}
	if (!slice_starts_fold(text, "47 CFR 64.") || text.length >= sizeof expected->citation)
		return false;
	slice_copy(expected->citation, sizeof expected->citation, text);
	return true;
}

static bool
read_expected(struct slice text, unsigned step, struct expected *expected)
{
	int verdict, reason;

	*expected = (struct expected){ .ruling = { .step = step, .effective_at = RMD_TIME_NONE } };
	if (!read_value(take(&text, ' '), RMD_UNKNOWN, RMD_MAY_BLOCK, verdict_text, &verdict) ||
	    !read_value(take(&text, ' '), RMD_REASON_NONE + 1, RMD_REASON_LISTED, reason_text, &reason))
		return false;
	expected->ruling.verdict = (enum rmd_verdict)verdict;
	expected->ruling.reason = (enum rmd_reason)reason;
	while (text.length > 0) {
		struct slice value = take(&text, ' '), key;

		if (is_word(value, "cite"))
			return read_citation(text, expected);
		key = take(&value, '=');
		if (is_word(key, "flags")) {
			if (!read_flags(value, &expected->ruling.flags))
				return false;
		} else if (is_word(key, "filing")) {
			expected->number = rmd_number_parse(value);
			if (expected->number == 0)
				return false;
		} else if (is_word(key, "document")) {
			slice_copy(expected->document, sizeof expected->document, value);
		} else if (!is_word(key, "since") || !read_time(value, &expected->ruling.effective_at)) {
			return false;
		}
	}
	return false; /* a case without its paragraph */
}

static void
print_ruling(const char *who, const struct ruling *ruling, uint32_t number, const char *document,
	     const char *citation)
{
	char since[TIME_TEXT_SIZE], text[RMD_NUMBER_SIZE];

	time_format(since, ruling->effective_at);
	rmd_number_format(text, number);
	printf("  %s: step %u %s %s flags=", who, ruling->step, rmd_verdict_name(ruling->verdict),
	       rmd_reason_name(ruling->reason));
	for (int flag = 0; flag < RMD_FLAG_COUNT; flag++)
		if ((ruling->flags >> flag & 1) != 0)
			printf("%s,", flag_text(flag));
	printf(" filing=%s document=%s since=%s cite %s\n", text, document, since, citation);
}

/* Runs the case; false, and both rulings printed, where they differ. */
static bool
run_case(const struct test_case *test, unsigned line)
{
	const struct expected *expected = &test->expected;
	const char *document;
	struct ruling ruling;
	uint32_t number;

	decide(&test->question, &ruling);
	number = ruling.filing == NULL ? 0 : ruling.filing->number;
	document = ruling.document == NULL ? "" : ruling.document->id;
	if (ruling.step == expected->ruling.step && ruling.verdict == expected->ruling.verdict &&
	    ruling.reason == expected->ruling.reason && ruling.flags == expected->ruling.flags &&
	    ruling.effective_at == expected->ruling.effective_at && number == expected->number &&
	    strcmp(document, expected->document) == 0 && strcmp(ruling.citation, expected->citation) == 0)
		return true;
	printf("decision.table:%u: FAILED\n", line);
	print_ruling("the table", &expected->ruling, expected->number, expected->document, expected->citation);
	print_ruling("decide() ", &ruling, number, document, ruling.citation);
	return false;
}

struct table {
	unsigned step; /* of the heading */
	unsigned line;
	bool asked; /* a question waits for its answer */
	struct test_case test;
	char question[CASE_BYTES]; /* which the test's slices point into */
	unsigned cases, failures;
	bool reasons[RMD_REASON_LISTED + 1]; /* those that a case expects */
};

static bool
fail_line(struct table *run, const char *what)
{
	printf("decision.table:%u: %s\n", run->line, what);
	run->failures++;
	return false;
}

static bool
read_heading(struct table *run, struct slice line)
{
	uint64_t step;
	struct slice heading = take(&line, ']');

	if (!slice_starts_fold(heading, "[step ") ||
	    !slice_decimal((struct slice){ heading.data + 6, heading.length - 6 }, 15, &step) || line.length == 0)
		return fail_line(run, "not a heading \"[step N] what it is about\"");
	run->step = (unsigned)step;
	return true;
}

/* One line of the table; false where it is wrong or its case fails. */
static bool
run_line(struct table *run, struct slice line)
{
	bool answer = line.length > 0 && line.data[0] == '\t';

	run->line++;
	line = slice_trim(line);
	if (line.length > 0 && line.data[0] == '#')
		return true;
	if (run->asked != answer)
		return run->asked = false, fail_line(run, "a question needs one indented answer below it");
	if (line.length == 0)
		return true;
	if (line.data[0] == '[')
		return read_heading(run, line);
	if (!answer) {
		if (line.length >= sizeof run->question)
			return fail_line(run, "too long");
		slice_copy(run->question, sizeof run->question, line);
		if (!read_question((struct slice){ run->question, line.length }, &run->test))
			return fail_line(run, "a word of the question is not known");
		run->asked = true;
		return true;
	}
	run->asked = false;
	if (!read_expected(line, run->step, &run->test.expected))
		return fail_line(run, "a word of the answer is not known");
	run->reasons[run->test.expected.ruling.reason] = true;
	run->cases++;
	if (run_case(&run->test, run->line))
		return true;
	run->failures++;
	return false;
}

/* The reader must refuse what it does not know, and see a wrong answer: else the table proves nothing. */
static bool
reader_is_strict(void)
{
	static const char *const wrong[][2] = {
		{ "role=vps", "" },
		{ "rolle=vsp", "" },
		{ "filing=RMD1,complete,vsp", "" },
		{ "filing=RMD0000001,compleat,vsp", "" },
		{ "filing=RMD0000001,complete,", "" },
		{ "filing=RMD0000001,complete,vsp,lossless", "" },
		{ "filing=RMD0000001,complete,foreign", "" },
		{ "age=1w", "" },
		{ "at=yesterday", "" },
		{ "alias=no", "" },
		{ "document=letter,issued:2026-06-01", "" },
		{ "document=notice,respond-by:2026-06-01", "" },
		{ "document=notice,issued:2026-06-31", "" },
		{ "document=notice,issued:2026-06-01,mitigate:2026-06-02", "" },
		{ "filing=RMD0000001,complete,vsp vanished=RMD0000002,complete,vsp", "" },
		{ "role=vsp", "\taccept listed cite 47 CFR 64.6305(g)(1)" },
		{ "role=vsp", "\trefuse not-listed cite 47 CFR 64.6305(g)(2)" },
		{ "role=vsp", "\trefuse not-listed" },
		{ "role=vsp", "\trefuse not-listed flags=stail cite 47 CFR 64.6305(g)(1)" },
		{ "role=vsp", "\trefuse not-listed flags=stale cite 47 CFR 64.6305(g)(1)" },
		{ "role=vsp", "\trefuse not-listed filing=RMD0000001 cite 47 CFR 64.6305(g)(1)" },
		{ "role=vsp", "\trefuse not-listed since=2026-06-15 cite 47 CFR 64.6305(g)(1)" },
		{ "role=vsp", "\trefuse not-listed maybe cite 47 CFR 64.6305(g)(1)" },
		{ "role=vsp", "\trefuse not-listed cite 47 CFR 64.6305(g)(1) step 12" },
		{ "role=vsp", "\tdecline not-listed cite 47 CFR 64.6305(g)(1)" },
		{ "role=vsp", "refuse not-listed cite 47 CFR 64.6305(g)(1)" },
		{ "[step 16] none", "" },
	};
	static struct table run;

	printf("wrong cases, each of which must fail:\n");
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		run = (struct table){ .step = 11 };
		if (run_line(&run, slice_of(wrong[i][0])) && run_line(&run, slice_of(wrong[i][1]))) {
			printf("table_test: passed, and should have failed: %s / %s\n", wrong[i][0], wrong[i][1]);
			return false;
		}
	}
	run = (struct table){ .step = 11 };
	return run_line(&run, slice_of("role=vsp")) &&
	       run_line(&run, slice_of("\trefuse not-listed cite 47 CFR 64.6305(g)(1)")) && run.cases == 1;
}

int
main(void)
{
	static struct table run;
	const char *directory = getenv("srcdir");
	char path[LIMIT_PATH_BYTES], line[CASE_BYTES];
	int written = snprintf(path, sizeof path, "%s/tests/table/decision.table", directory ? directory : ".");
	FILE *file;

	if (!reader_is_strict())
		return 1;
	file = written > 0 && (size_t)written < sizeof path ? fopen(path, "re") : NULL;
	if (file == NULL) {
		printf("table_test: %s: %s\n", path, strerror(errno));
		return 1;
	}
	printf("the table:\n");
	while (fgets(line, sizeof line, file) != NULL) {
		size_t length = strlen(line);

		if (length == 0 || line[length - 1] != '\n')
			(void)fail_line(&run, "a line below this one is too long, or has no end");
		else
			(void)run_line(&run, (struct slice){ line, length - 1 });
	}
	if (run.asked)
		(void)fail_line(&run, "the last question has no answer");
	if (ferror(file) != 0 || fclose(file) != 0)
		run.failures++;
	for (int reason = RMD_REASON_NONE + 1; reason <= RMD_REASON_LISTED; reason++) {
		if (!run.reasons[reason]) {
			printf("table_test: no case expects %s\n", rmd_reason_name((enum rmd_reason)reason));
			run.failures++;
		}
	}
	printf("table_test: %u cases, %u failures\n", run.cases, run.failures);
	return run.failures == 0 && run.cases > 0 ? 0 : 1;
}
