/* SPDX-License-Identifier: ISC
 *
 * For node_exporter's textfile collector. Instants, not ages: an age would be wrong as soon as the file is read.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/summary.h"
#include "export/answers.h"
#include "export/fields.h"

void
label_put(struct stream *out, struct slice text)
{
	stream_text(out, "\"");
	while (text.length > 0) {
		uint32_t character;
		size_t step = character_first(text, &character);

		if (character == CHARACTER_INVALID)
			stream_text(out, "\xef\xbf\xbd");
		else if (character == '\n')
			stream_text(out, "\\n");
		else if (character == '"' || character == '\\') {
			stream_text(out, "\\");
			stream_put(out, text.data, 1);
		} else
			stream_put(out, text.data, step);
		text.data += step;
		text.length -= step;
	}
	stream_text(out, "\"");
}

static void
head_put(struct stream *out, const char *name, const char *help)
{
	stream_text(out, "# HELP ");
	stream_text(out, name);
	stream_text(out, " ");
	stream_text(out, help);
	stream_text(out, "\n# TYPE ");
	stream_text(out, name);
	stream_text(out, " gauge\n");
}

/* `labels` as they stand between the brackets; "": none. */
static void
sample_put(struct stream *out, const char *name, const char *labels, int64_t value)
{
	stream_text(out, name);
	if (labels[0] != '\0') {
		stream_text(out, "{");
		stream_text(out, labels);
		stream_text(out, "}");
	}
	stream_text(out, value < 0 ? " -" : " ");
	stream_number(out, value < 0 ? (uint64_t)-value : (uint64_t)value);
	stream_text(out, "\n");
}

static void
metric_put(struct stream *out, const char *name, const char *help, int64_t value)
{
	head_put(out, name, help);
	sample_put(out, name, "", value);
}

static void
verdicts_put(struct stream *out, const char *name, const char *help, const int64_t counts[RMD_MAY_BLOCK + 1])
{
	static const char *const labels[RMD_MAY_BLOCK + 1] = {
		[RMD_UNKNOWN] = "verdict=\"unknown\"",
		[RMD_ACCEPT] = "verdict=\"accept\"",
		[RMD_REFUSE] = "verdict=\"refuse\"",
		[RMD_MAY_BLOCK] = "verdict=\"may-block\"",
	};

	head_put(out, name, help);
	for (enum rmd_verdict verdict = RMD_UNKNOWN; verdict <= RMD_MAY_BLOCK; verdict++)
		sample_put(out, name, labels[verdict], counts[verdict]);
}

static int
filings_count(struct edition *edition, int64_t counts[RMD_MAY_BLOCK + 1])
{
	struct answers answers;

	if (answers_begin(&answers, edition, false) == 0)
		while (answers_next(&answers) > 0)
			counts[answers.answer.verdict] += answers.provider.key == RMD_KEY_RMD;
	answers_end(&answers);
	return edition->error->code;
}

static int
peers_count(struct edition *edition, int64_t counts[RMD_MAY_BLOCK + 1])
{
	struct rmd_peer peer = RMD_PEER_INIT;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	struct rmd_peers *peers;

	if (peers_open(edition, &peers) != 0)
		return edition->error->code;
	while (edition->error->code == 0 && peers_next(edition, peers, &peer) > 0)
		if (peer.key == RMD_KEY_PEER && answer_ask(edition, RMD_KEY_PEER, peer.value, &answer) == 0)
			counts[answer.verdict]++;
	rmd_peers_close(peers);
	return edition->error->code;
}

static void
info_put(struct edition *edition)
{
	struct stream *out = &edition->out;

	head_put(out, "rmd_snapshot_info", "The list that the answers rest on: where it came from, its SHA-256.");
	stream_text(out, "rmd_snapshot_info{source=");
	label_put(out, slice_of(edition->info.source));
	stream_text(out, ",digest=");
	label_put(out, slice_of(edition->info.digest));
	stream_text(out, "} 1\n");
}

static void
state_put(struct edition *edition)
{
	const struct rmd_info *info = &edition->info;
	struct stream *out = &edition->out;

	metric_put(out, "rmd_sync_last_success_timestamp_seconds",
		   "When the source was last found good; time() less this is the age of the data.", info->checked_at);
	metric_put(out, "rmd_sync_last_change_timestamp_seconds", "When a run last changed anything.",
		   info->changed_at);
	metric_put(out, "rmd_max_age_seconds", "Older data gives no verdict.", info->max_age);
	metric_put(out, "rmd_generation", "The generation of the snapshot.", info->generation);
	metric_put(out, "rmd_list_held", "1: rmdsync holds a list that it does not believe, and a person must look.",
		   held_list_waits(edition->directory));
	head_put(out, "rmd_filings", "Filings by what became of them.");
	sample_put(out, "rmd_filings", "state=\"listed\"", (int64_t)info->filings);
	sample_put(out, "rmd_filings", "state=\"vanished\"", (int64_t)info->vanished);
	sample_put(out, "rmd_filings", "state=\"quarantined\"", (int64_t)info->quarantined);
	metric_put(out, "rmd_filings_not_certified", "Listed filings that say N/A.", (int64_t)info->not_certified);
	metric_put(out, "rmd_notices", "Documents of the FCC in the register.", (int64_t)info->notices);
}

static void
result_put(struct stream *out, enum run_result result, enum run_result last)
{
	char labels[32];

	(void)snprintf(labels, sizeof labels, "result=\"%s\"", run_result_name(result));
	sample_put(out, "rmd_last_run_result", labels, result == last);
}

static void
duration_put(struct stream *out, enum run_phase phase, int64_t milliseconds)
{
	char line[96];

	if (milliseconds == NO_DURATION)
		return;
	(void)snprintf(line, sizeof line, "rmd_last_run_duration_seconds{phase=\"%s\"} %" PRId64 ".%03" PRId64 "\n",
		       run_phase_name(phase), milliseconds / 1000, milliseconds % 1000);
	stream_text(out, line);
}

/* A snapshot that was copied to another machine has no run beside it; then nothing is told of one. */
static void
last_run_put(struct edition *edition)
{
	struct stream *out = &edition->out;
	struct summary last;

	if (!last_run_read(edition->directory, &last))
		return;
	head_put(out, "rmd_last_run_result", "How the last run of rmdsync here ended: 1 for that, 0 for the rest.");
	for (enum run_result result = RESULT_FAILED; result <= RESULT_PUBLISHED; result++)
		result_put(out, result, last.result);
	metric_put(out, "rmd_last_run_timestamp_seconds", "When it began, good or not.", last.started_at);
	head_put(out, "rmd_last_run_duration_seconds",
		 "What it took as a whole (run), and its parts where it came to them.");
	for (enum run_phase phase = PHASE_RUN; phase <= PHASE_PUBLISH; phase++)
		duration_put(out, phase, last.durations[phase]);
}

int
prometheus_export(struct edition *edition)
{
	int64_t filings[RMD_MAY_BLOCK + 1] = { 0 }, peers[RMD_MAY_BLOCK + 1] = { 0 };

	if (filings_count(edition, filings) != 0 || peers_count(edition, peers) != 0)
		return edition->error->code;
	info_put(edition);
	state_put(edition);
	last_run_put(edition);
	verdicts_put(&edition->out, "rmd_providers", "RMD numbers that are known, by today's verdict.", filings);
	verdicts_put(&edition->out, "rmd_peers", "The operator's peers, by today's verdict.", peers);
	return 0;
}
