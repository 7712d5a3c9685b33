/* SPDX-License-Identifier: ISC
 *
 * --evidence: one PROVIDER's answer with everything that it rests on, so that it can be checked again later. Nothing
 * is judged here.
 */
#include "check/evidence.h"

#include <unistd.h>

#include "base/stream.h"
#include "check/check.h"
#include "check/output.h"
#include "check/verify.h"

enum rmd_status
documents_read(struct rmd *rmd, struct slice provider, struct buffer *documents)
{
	struct rmd_notice notice = RMD_NOTICE_INIT, *place;
	struct rmd_notices *walk;
	enum rmd_status status = rmd_notices_open(rmd, provider.data, provider.length, &walk);
	int got;

	documents->length = 0;
	if (status != RMD_OK)
		return status == RMD_ERROR_ARGUMENT ? RMD_OK : status;
	while ((got = rmd_notices_next(walk, &notice)) > 0) {
		place = buffer_extend(documents, sizeof notice, LIMIT_NOTICES * sizeof notice);
		if (place == NULL) {
			got = RMD_ERROR_MEMORY;
			break;
		}
		*place = notice;
	}
	rmd_notices_close(walk);
	return (enum rmd_status)got;
}

enum rmd_status
events_read(struct rmd *rmd, struct slice provider, struct buffer *events)
{
	struct rmd_event event = RMD_EVENT_INIT, *place;
	struct rmd_history *walk;
	enum rmd_status status = rmd_history_open(rmd, provider.data, provider.length, &walk);
	int got;

	events->length = 0;
	if (status != RMD_OK)
		return status;
	while ((got = rmd_history_next(walk, &event)) > 0) {
		place = buffer_extend(events, sizeof event, SIZE_MAX / 2);
		if (place == NULL) {
			got = RMD_ERROR_MEMORY;
			break;
		}
		*place = event;
	}
	rmd_history_close(walk);
	return (enum rmd_status)got;
}

int
evidence_run(const struct options *options, struct error *error)
{
	char buffer[LIMIT_OUTPUT_BYTES / 8], path[LIMIT_PATH_BYTES], digest[RMD_DIGEST_SIZE];
	char texts[RMD_FILING_BUFFER_SIZE];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };
	struct slice provider = slice_of(options->providers[0]);
	struct rmd_query query = options->question;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_info info = RMD_INFO_INIT;
	struct buffer documents = { 0 }, events = { 0 };
	enum rmd_status status, read;
	struct rmd *rmd = NULL;
	bool no_data, whole;
	int code;

	query.provider = provider.data;
	query.provider_length = provider.length;
	filing.buffer = texts;
	filing.buffer_size = sizeof texts;
	answer.filing = &filing;
	/* What is wrong with the snapshot the answer tells. */
	(void)rmd_open(options->directory, &rmd);
	status = rmd_check(rmd, &query, &answer);
	read = documents_read(rmd, provider, &documents);
	status = status == RMD_OK ? read : status;
	read = events_read(rmd, provider, &events);
	status = status == RMD_OK && read != RMD_ERROR_ARGUMENT ? read : status;
	no_data = answer.reason == RMD_REASON_NO_DATA;
	whole = status == RMD_OK || answer.reason == RMD_REASON_EMERGENCY_CALL;
	code = whole ? verdict_code(answer.verdict)
		     : no_data_set(options, status, no_data ? NO_DATA_ANSWER : "there is no evidence", error);
	if (whole || no_data) {
		const struct evidence evidence = {
			.query = &query,
			.result = {
				.query = provider,
				.at_given = query.at != RMD_TIME_NONE,
				.answer = &answer,
				.filing = filing.rmd_number[0] != '\0' ? &filing : NULL,
				.notices = documents.data,
				.notice_count = documents.length / sizeof(struct rmd_notice),
			},
			.info = &info,
			.events = events.data,
			.event_count = events.length / sizeof(struct rmd_event),
			.snapshot_digest = digest,
		};

		(void)rmd_info(rmd, &info);
		options_snapshot_path(options, path);
		digest_beside(path, digest);
		if (output_evidence(&out, &evidence) != 0)
			code = error_set(error, EX_SOFTWARE, "memory is short; the evidence is not complete");
	}
	code = stream_finish(&out, code, error);
	rmd_close(rmd);
	buffer_end(&documents);
	buffer_end(&events);
	return code;
}
