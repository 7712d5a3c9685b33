/* SPDX-License-Identifier: ISC
 *
 * --evidence: one PROVIDER's answer with everything that it rests on, so that it can be checked again later. Nothing
 * is judged here.
 */
#include "check/evidence.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/durable.h"
#include "base/stream.h"
#include "check/check.h"
#include "check/output.h"

bool
documents_read(struct rmd *rmd, struct slice provider, struct documents *documents)
{
	struct rmd_notices *walk;
	enum rmd_status status = rmd_notices_open(rmd, provider.data, provider.length, &walk);
	int got = 0;

	documents->count = 0;
	if (status != RMD_OK)
		return status != RMD_ERROR_MEMORY;
	do {
		struct rmd_notice *larger = array_room(documents->notices, documents->count, sizeof *larger);

		if (larger == NULL) {
			got = RMD_ERROR_MEMORY;
			break;
		}
		documents->notices = larger;
		documents->notices[documents->count] = (struct rmd_notice)RMD_NOTICE_INIT;
		got = rmd_notices_next(walk, &documents->notices[documents->count]);
		documents->count += got > 0;
	} while (got > 0);
	rmd_notices_close(walk);
	return got == 0;
}

enum rmd_status
events_read(struct rmd *rmd, const char *provider, struct events *events)
{
	struct rmd_history *walk;
	enum rmd_status status = rmd_history_open(rmd, provider, strlen(provider), &walk);
	int got;

	*events = (struct events){ 0 };
	if (status != RMD_OK)
		return status;
	do {
		struct rmd_event *larger = array_room(events->events, events->count, sizeof *larger);

		if (larger == NULL) {
			got = RMD_ERROR_MEMORY;
			break;
		}
		events->events = larger;
		events->events[events->count] = (struct rmd_event)RMD_EVENT_INIT;
		got = rmd_history_next(walk, &events->events[events->count]);
		events->count += got > 0;
	} while (got > 0);
	rmd_history_close(walk);
	return (enum rmd_status)got;
}

/* The digest that stands beside the snapshot; "" where there is none, or two while one is published. */
static void
snapshot_digest(const struct options *options, char digest[RMD_DIGEST_SIZE])
{
	char path[LIMIT_PATH_BYTES], sidecar[LIMIT_PATH_BYTES + sizeof ".sha256"], text[LIMIT_SIDECAR_BYTES];
	ssize_t got;
	int file;

	digest[0] = '\0';
	options_snapshot_path(options, path);
	if (snprintf(sidecar, sizeof sidecar, "%s.sha256", path) < 0)
		return;
	file = file_open(sidecar);
	if (file < 0)
		return;
	got = read(file, text, sizeof text);
	if (close(file) != 0 || got < RMD_DIGEST_SIZE || memchr(text, '\n', (size_t)got) != text + got - 1)
		return;
	slice_copy(digest, RMD_DIGEST_SIZE, (struct slice){ text, RMD_DIGEST_SIZE - 1 });
}

/* The exit code of a check of this one provider. */
static int
verdict_code(const struct rmd_answer *answer)
{
	static const int codes[] = { [RMD_UNKNOWN] = 3, [RMD_ACCEPT] = 0, [RMD_REFUSE] = 1, [RMD_MAY_BLOCK] = 2 };

	return answer->reason == RMD_REASON_NO_DATA ? EX_NOINPUT : codes[answer->verdict];
}

int
evidence_run(const struct options *options, struct error *error)
{
	char buffer[LIMIT_OUTPUT_BYTES / 8], digest[RMD_DIGEST_SIZE];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };
	struct rmd_query query = options->question;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_filing filing = RMD_FILING_INIT;
	struct rmd_info info = RMD_INFO_INIT;
	struct documents documents = { 0 };
	struct events events = { 0 };
	char *texts = malloc(RMD_FILING_BUFFER_SIZE);
	struct rmd *rmd = NULL;
	int code = 0;

	query.provider = options->providers[0];
	query.provider_length = strlen(query.provider);
	filing.buffer = texts;
	filing.buffer_size = RMD_FILING_BUFFER_SIZE;
	answer.filing = texts != NULL ? &filing : NULL;
	/* What is wrong with the snapshot the answer tells. */
	(void)rmd_open(options->directory, &rmd);
	(void)rmd_check(rmd, &query, &answer);
	(void)rmd_info(rmd, &info);
	snapshot_digest(options, digest);
	if (texts == NULL || !documents_read(rmd, slice_of(query.provider), &documents) ||
	    events_read(rmd, query.provider, &events) == RMD_ERROR_MEMORY)
		code = error_set(error, EX_SOFTWARE, "memory is short; there is no evidence");
	if (code == 0) {
		const struct evidence evidence = {
			.query = &query,
			.result = {
				.query = slice_of(query.provider),
				.at_given = query.at != RMD_TIME_NONE,
				.answer = &answer,
				.filing = filing.rmd_number[0] != '\0' ? &filing : NULL,
				.notices = documents.notices,
				.notice_count = documents.count,
			},
			.info = &info,
			.events = events.events,
			.event_count = events.count,
			.snapshot_digest = digest,
		};

		code = verdict_code(&answer);
		if (output_evidence(&out, &evidence) != 0)
			code = error_set(error, EX_SOFTWARE, "memory is short; the evidence is not complete");
	}
	code = stream_finish(&out, code, error);
	rmd_close(rmd);
	free(documents.notices);
	free(events.events);
	free(texts);
	return code;
}
