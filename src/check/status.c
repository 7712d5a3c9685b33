/* SPDX-License-Identifier: ISC
 *
 * --status. What counts is when the source was last found good, not when a file was written.
 */
#include "check/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/stream.h"
#include "base/time.h"
#include "check/check.h"
#include "check/output.h"

#define NEVER_CHECKED "the source was never checked"

static const char *const health_names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

static const char *const verification_words[] = {
	[VERIFY_GOOD] = "good",
	[VERIFY_MISMATCH] = "mismatch",
	[VERIFY_NO_SIDECAR] = "no-sidecar",
	[VERIFY_UNREADABLE] = "unreadable",
};

static const char *
verification_text(enum verification verification)
{
	switch (verification) {
	case VERIFY_GOOD:
		return ", SHA-256 verified";
	case VERIFY_MISMATCH:
		return ", SHA-256 IS NOT that of rmd.mdb.sha256";
	case VERIFY_NO_SIDECAR:
		return ", SHA-256 not verified: no usable rmd.mdb.sha256";
	case VERIFY_UNREADABLE:
		return ", SHA-256 not verified: rmd.mdb cannot be read";
	default:
		return "";
	}
}

/* Critical before unknown: what is known to be bad is not made better by what is not known. */
static enum health
health_of(const struct rmd_info *info, enum verification verification, bool held, int64_t age)
{
	bool known = info->status == RMD_OK && info->checked_at != RMD_TIME_NONE;

	if (verification == VERIFY_MISMATCH || (known && (age > info->max_age || age < 0)))
		return HEALTH_CRITICAL;
	if (!known || verification == VERIFY_NO_SIDECAR || verification == VERIFY_UNREADABLE)
		return HEALTH_UNKNOWN;
	return held || age > info->max_age / 2 || info->reload_status != RMD_OK ? HEALTH_WARNING : HEALTH_OK;
}

#define LAST_TEXT_SIZE 96

/* "", where nobody knows. */
static void
last_run_text(char text[LAST_TEXT_SIZE], const struct summary *last)
{
	char at[TIME_TEXT_SIZE];

	text[0] = '\0';
	if (last == NULL)
		return;
	time_format(at, last->started_at);
	(void)snprintf(text, LAST_TEXT_SIZE, ", last run %s %s", run_result_name(last->result), at);
}

/* A clock that runs a little behind gives 0, a check that lies far ahead of it a negative age. */
static int64_t
age_of(const struct rmd_info *info, int64_t now)
{
	if (info->checked_at == RMD_TIME_NONE ||
	    (now < info->checked_at && now >= info->checked_at - LIMIT_CLOCK_BEHIND))
		return 0;
	return now - info->checked_at;
}

enum health
status_judge(const struct rmd_info *info, enum verification verification, bool held, const struct summary *last,
	     int64_t now, const char *path, char *line, size_t size)
{
	int64_t age = age_of(info, now);
	enum health health = health_of(info, verification, held, age);
	bool reload_failed = info->reload_status != RMD_OK;
	char age_text[TIME_TEXT_SIZE], limit_text[TIME_TEXT_SIZE], last_text[LAST_TEXT_SIZE];

	last_run_text(last_text, last);
	if (info->status != RMD_OK || info->checked_at == RMD_TIME_NONE) {
		(void)snprintf(line, size, "RMD %s - %s: %s%s%s", health_names[health], path,
			       info->status != RMD_OK ? rmd_strerror(info->status) : NEVER_CHECKED,
			       verification_text(verification), last_text);
		return health;
	}
	if (age < 0) {
		time_format(age_text, info->checked_at);
		(void)snprintf(line, size, "RMD %s - the last check, %s, lies ahead of the clock%s%s",
			       health_names[health], age_text, verification_text(verification), last_text);
		return health;
	}
	age_format(age_text, age);
	age_format(limit_text, info->max_age);
	(void)snprintf(line, size,
		       "RMD %s - data %s old%s%s%s, %" PRIu64 " filings, generation %" PRIu32 "%s%s%s%s%s"
		       " | age=%" PRId64 "s;%" PRId64 ";%" PRId64 ";0 filings=%" PRIu64 " vanished=%" PRIu64
		       " quarantined=%" PRIu64,
		       health_names[health], age_text, age > info->max_age ? " (stale after " : "",
		       age > info->max_age ? limit_text : "", age > info->max_age ? ")" : "", info->filings,
		       info->generation, verification_text(verification),
		       reload_failed ? ", a newer snapshot was not adopted: " : "",
		       reload_failed ? rmd_strerror(info->reload_status) : "",
		       held ? ", a held list waits for you: candidate.held, and rmdsync(8)" : "", last_text, age,
		       info->max_age / 2, info->max_age, info->filings, info->vanished, info->quarantined);
	return health;
}

/* Why there are no data to tell of; NULL: there are. */
static const char *
trouble_of(const struct rmd_info *info, const struct options *options)
{
	if (info->status != RMD_OK)
		return trouble_text(options, info->status);
	return info->checked_at == RMD_TIME_NONE ? NEVER_CHECKED : NULL;
}

int
status_run(const struct options *options, struct error *error)
{
	static const char *const words[] = { "ok", "warning", "critical", "unknown" };
	struct rmd_info info = RMD_INFO_INIT;
	char path[LIMIT_PATH_BYTES], line[LIMIT_PATH_BYTES + LIMIT_ERROR_BYTES], buffer[LIMIT_ERROR_BYTES];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };
	enum verification verification = VERIFY_NOT_ASKED;
	bool held = held_list_waits(options->directory);
	int64_t now = time_now();
	struct rmd *rmd = NULL;
	struct summary last;
	bool told;
	int code;

	options_snapshot_path(options, path);
	info.status = rmd_open(options->directory, &rmd);
	if (rmd != NULL)
		info.status = rmd_info(rmd, &info);
	if (options->verify)
		verification = digest_verify(path);
	told = last_run_read(options->directory, &last);
	code = (int)status_judge(&info, verification, held, told ? &last : NULL, now, path, line, sizeof line);
	if (code == HEALTH_UNKNOWN && info.status == RMD_ERROR_SYSTEM)
		(void)snprintf(line, sizeof line, "RMD UNKNOWN - %s: %s", path, trouble_text(options, info.status));
	if (options->json) {
		const struct condition condition = {
			.health = words[code],
			.trouble = trouble_of(&info, options),
			.info = &info,
			.age = age_of(&info, now),
			.verification = verification_words[verification],
			.held = held,
			.last = told ? &last : NULL,
		};

		if (output_json_condition(&out, &condition) != 0)
			code = error_set(error, EX_SOFTWARE, "memory is short; the output is not complete");
	} else {
		stream_escaped(&out, slice_of(line), false);
		stream_text(&out, "\n");
	}
	code = stream_finish(&out, code, error);
	rmd_close(rmd);
	return code;
}
