/* SPDX-License-Identifier: ISC
 *
 * Notes, progress and the summary. Nothing is decided here.
 */
#include "sync/report.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

#define REJECTS_SHOWN 10
/* Milliseconds of the longest run, and no digits that only the binary form has. */
#define DURATION_DIGITS 12

void
report_note(const struct run_options *options, const char *format, ...)
{
	struct error line = { 0 };
	va_list arguments;

	if (options->quiet)
		return;
	va_start(arguments, format);
	if (vsnprintf(line.text, sizeof line.text, format, arguments) < 0)
		line.text[0] = '\0';
	va_end(arguments);
	(void)fprintf(stderr, "rmdsync: %s\n", line.text);
}

void
report_warning(const char *format, ...)
{
	struct error line = { 0 };
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(line.text, sizeof line.text, format, arguments) < 0)
		line.text[0] = '\0';
	va_end(arguments);
	(void)fprintf(stderr, "rmdsync: %s\n", line.text);
}

void
report_rejects(const struct run_options *options, const char *name, const struct staging *staging)
{
	for (size_t i = 0; i < staging->rejects_kept; i++) {
		const struct reject *reject = &staging->rejects[i];

		if (i == REJECTS_SHOWN && !options->verbose) {
			report_note(options, "%s: %zu more rows quarantined; -v names them", name,
				    staging->reject_count - i);
			break;
		}
		report_note(options, "%s:%llu: %s: %s; the row is quarantined, its provider keeps its last filing",
			    name, (unsigned long long)reject->line, column_definitions[reject->column].name,
			    reject->reason);
	}
}

/* NULL: the filing stays as it is. */
static const char *
outcome_name(const struct outcome *outcome)
{
	static const char *const names[] = {
		[OUTCOME_ADDED] = "added",
		[OUTCOME_CHANGED] = "changed",
		[OUTCOME_VANISHED] = "vanished",
		[OUTCOME_RELISTED] = "relisted",
	};

	return outcome->kind < sizeof names / sizeof names[0] ? names[outcome->kind] : NULL;
}

/* The filing as the new list has it; where that has it no more, as the old snapshot does. */
static bool
outcome_filing(const struct outcome *outcome, struct staging *staging, const struct snapshot *old,
	       struct filing *filing)
{
	struct slice form = { "", 0 }, value;
	unsigned char key[KEY_MAX];
	struct lifecycle lifecycle;

	if (outcome->staged != NOT_STAGED && staging != NULL)
		form = staging_form(staging, outcome->staged);
	else if (old != NULL && (!snapshot_get(old, TABLE_FILING, key_filing(key, outcome->number), &value) ||
				 !lifecycle_decode(value, &lifecycle, &form)))
		return false;
	return filing_decode(form, filing);
}

void
report_changes(const struct run_options *options, const struct snapshot *old, const struct difference *difference,
	       struct staging *staging)
{
	if (!options->verbose)
		return;
	for (size_t i = 0; i < difference->count; i++) {
		const struct outcome *outcome = &difference->outcomes[i];
		struct error line = { 0 };
		struct slice name = { "", 0 };
		struct filing filing;
		char number[11], frn[11] = "";

		if (outcome_name(outcome) == NULL)
			continue;
		rmd_number_format(number, outcome->number);
		if (outcome_filing(outcome, staging, old, &filing)) {
			name = filing.text[COLUMN_BUSINESS_NAME];
			frn_format(frn, filing.frn);
		}
		/* error_set replaces control characters, which a name may hold. */
		error_set(&line, 1, "%s %s %s \"%.*s\"", outcome_name(outcome), number, frn[0] != '\0' ? frn : "-",
			  (int)name.length, name.data);
		report_note(options, "%s", line.text);
		for (unsigned column = 0; column < COLUMN_COUNT; column++)
			if ((outcome->fields & UINT32_C(1) << column) != 0)
				report_note(options, "  %s", column_definitions[column].name);
	}
}

void
report_progress(void *context, uint64_t bytes)
{
	const struct run_options *options = context;

	if (!options->quiet && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\rrmdsync: %.1f MB ", (double)bytes / 1e6);
}

void
report_progress_end(const struct run_options *options)
{
	if (!options->quiet && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r\033[K");
}

/* A path may be no UTF-8, which JSON must be: its strange bytes are shown as question marks. */
static json_t *
text_or_null(const char *text)
{
	char plain[LIMIT_ERROR_BYTES];
	json_t *value;

	if (text == NULL || text[0] == '\0')
		return json_null();
	value = json_string(text);
	if (value != NULL)
		return value;
	slice_copy(plain, sizeof plain, slice_of(text));
	for (char *c = plain; *c != '\0'; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	return json_string(plain);
}

/* Seconds; null where the run had no such phase, or has not ended yet. */
static json_t *
durations_object(const struct report *report)
{
	json_t *object = json_object();
	int failed = 0;

	for (enum run_phase phase = PHASE_RUN; phase <= PHASE_PUBLISH; phase++)
		failed |= json_object_set_new(object, run_phase_name(phase),
					      report->durations[phase] == NO_DURATION
						      ? json_null()
						      : json_real((double)report->durations[phase] / 1000));
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

char *
report_json(const struct report *report)
{
	char checked_at[TIME_TEXT_SIZE], started_at[TIME_TEXT_SIZE];
	char *text = NULL;
	json_t *object;

	time_format(checked_at, report->data_at);
	time_format(started_at, report->started_at);
	object = json_pack("{s:i,s:s,s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:i,s:o}", "schema", 1,
			   "result", run_result_name(report->result), "reason", text_or_null(report->reason),
			   "generation", (json_int_t)report->generation, "rows", (json_int_t)report->rows, "rejected",
			   (json_int_t)report->rejected, "added", (json_int_t)report->added, "removed",
			   (json_int_t)report->removed, "changed", (json_int_t)report->changed, "relisted",
			   (json_int_t)report->relisted, "digest", text_or_null(report->digest), "source",
			   text_or_null(report->source), "checked_at", text_or_null(checked_at), "message",
			   text_or_null(report->message != NULL ? report->message : ""), "started_at",
			   text_or_null(started_at), "exit_status", report->exit_status, "durations",
			   durations_object(report));
	if (object != NULL)
		text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(DURATION_DIGITS));
	json_decref(object);
	return text;
}

static json_t *
fields_array(uint32_t fields)
{
	json_t *array = json_array();

	for (unsigned column = 0; column < COLUMN_COUNT && array != NULL; column++)
		if ((fields & UINT32_C(1) << column) != 0 &&
		    json_array_append_new(array, json_string(column_definitions[column].name)) != 0) {
			json_decref(array);
			array = NULL;
		}
	return array;
}

static bool
difference_line(FILE *file, const struct report *report, const struct outcome *outcome, const struct filing *filing)
{
	struct slice name = filing->text[COLUMN_BUSINESS_NAME];
	char number[11], frn[11], at[TIME_TEXT_SIZE];
	bool written = false;
	json_t *object;

	rmd_number_format(number, outcome->number);
	frn_format(frn, filing->frn);
	time_format(at, report->checked_at);
	/* What is held is of no generation. */
	object = json_pack("{s:i,s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "schema", 1, "event", outcome_name(outcome),
			   "rmd_number", number, "frn", text_or_null(frn), "business_name",
			   name.length == 0 ? json_null() : json_stringn(name.data, name.length), "fields",
			   fields_array(outcome->fields), "generation",
			   report->result == RESULT_PUBLISHED ? json_integer(report->generation) : json_null(), "at",
			   text_or_null(at));
	if (object != NULL)
		written =
			json_dumpf(object, file, JSON_COMPACT | JSON_PRESERVE_ORDER) == 0 && putc('\n', file) != EOF;
	json_decref(object);
	return written;
}

bool
report_difference(FILE *file, const struct report *report, const struct difference *difference,
		  struct staging *staging, const struct snapshot *old)
{
	bool written = true;

	for (size_t i = 0; i < difference->count && written; i++) {
		const struct outcome *outcome = &difference->outcomes[i];
		struct filing filing;

		if (outcome_name(outcome) != NULL)
			written = outcome_filing(outcome, staging, old, &filing) &&
				  difference_line(file, report, outcome, &filing);
	}
	return written;
}

static bool
summary_json(const struct report *report)
{
	char *text = report_json(report);
	bool written = text != NULL && printf("%s\n", text) >= 0;

	free(text);
	return written;
}

static bool
summary_text(const struct report *report)
{
	char checked_at[TIME_TEXT_SIZE];

	time_format(checked_at, report->data_at);
	/* A list that is held makes no generation. */
	return printf("rmdsync: %s%s%s%s%s generation %u: %llu rows, %llu added, %llu removed, %llu changed, %llu "
		      "relisted, "
		      "%llu quarantined; checked %s; sha256 %.16s\n",
		      report->dry_run ? "would be " : "", run_result_name(report->result),
		      report->reason[0] != '\0' ? " (" : "", report->reason,
		      report->reason[0] == '\0'       ? ""
		      : report->result == RESULT_HELD ? "), still"
						      : "),",
		      report->generation, (unsigned long long)report->rows, (unsigned long long)report->added,
		      (unsigned long long)report->removed, (unsigned long long)report->changed,
		      (unsigned long long)report->relisted, (unsigned long long)report->rejected, checked_at,
		      report->digest) >= 0;
}

bool
report_summary(const struct report *report, bool json, bool quiet)
{
	bool written = true;

	if (json)
		written = summary_json(report);
	else if (report->result != RESULT_FAILED && (!quiet || report->result == RESULT_HELD))
		written = summary_text(report);
	return written && fflush(stdout) == 0 && ferror(stdout) == 0;
}
