/* SPDX-License-Identifier: ISC
 *
 * Asking and answering: providers from the command line or from stdin, answers to stdout, and the exit code of them
 * all. What an answer looks like must not enter.
 */
#include "check/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/screen.h"
#include "base/stream.h"
#include "check/evidence.h"
#include "check/output.h"
#include "check/query.h"

/* The parts that are too big for the stack; pages that are not used cost nothing. */
struct check {
	const struct options *options;
	struct rmd *rmd;
	struct rmd *before; /* with --changed-since: the snapshot of that generation */
	int64_t before_at;
	bool colour;
	bool seen[RMD_MAY_BLOCK + 1];
	bool no_data;
	bool told;
	bool hinted;
	struct shown_times shown;
	struct buffer documents; /* of struct rmd_notice, that name the provider: in the long form */
	struct rmd_answer answer;
	struct rmd_filing filing;
	struct former change; /* with --changed-since: of the peer */
	struct stream out;
	struct display display;
	struct reader reader;
	char out_buffer[LIMIT_OUTPUT_BYTES];
	char filing_buffer[RMD_FILING_BUFFER_SIZE];
};

/* A person reads colour, a pipe and a logger do not; NO_COLOR is https://no-color.org. */
static bool
is_colour_wanted(void)
{
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return terminal != NULL && strcmp(terminal, "dumb") != 0 && isatty(STDOUT_FILENO) == 1;
}

const char *
trouble_text(const struct options *options, enum rmd_status status)
{
	struct stat file;

	/* The slip that is nearest at hand, and that the system tells of in words that help nobody. */
	if (status == RMD_ERROR_SYSTEM && stat(options->directory, &file) == 0 && !S_ISDIR(file.st_mode))
		return "-d names a file, and takes the directory that rmd.mdb is in";
	return rmd_strerror(status);
}

int
no_data_set(const struct options *options, enum rmd_status status, const char *consequence, struct error *error)
{
	int system_error = status == RMD_ERROR_SYSTEM ? errno : 0;
	char path[LIMIT_PATH_BYTES];

	options_snapshot_path(options, path);
	if (system_error != 0)
		return error_set(error, EX_NOINPUT, "%s: %s (%s); %s", path, trouble_text(options, status),
				 strerror(system_error), consequence);
	return error_set(error, EX_NOINPUT, "%s: %s; %s", path, trouble_text(options, status), consequence);
}

int
verdict_code(enum rmd_verdict verdict)
{
	static const int codes[] = { [RMD_UNKNOWN] = 3, [RMD_ACCEPT] = 0, [RMD_REFUSE] = 1, [RMD_MAY_BLOCK] = 2 };

	return codes[verdict];
}

/* Writes the answer to a question. 0, or EX_SOFTWARE. */
static int
answer_write(struct check *check, struct slice query, bool at_given, struct error *error)
{
	const struct options *options = check->options;
	struct result result = {
		.query = query,
		.was = check->before != NULL ? &check->change : NULL,
		.at_given = at_given,
		.answer = &check->answer,
		.filing = check->filing.rmd_number[0] != '\0' ? &check->filing : NULL,
		.notices = check->documents.data,
		.notice_count = check->documents.length / sizeof(struct rmd_notice),
	};

	check->seen[check->answer.verdict] = true;
	if (options->json && output_json_answer(&check->out, &result, options->long_form) != 0)
		return error_set(error, EX_SOFTWARE, "memory is short; the output is not complete");
	if (!options->json && options->long_form)
		output_long(&check->out, &result, check->colour);
	else if (!options->json)
		output_line(&check->out, &result, check->colour, &check->shown);
	return 0;
}

/* What is wrong with the data, once, and at once: a batch may go on for hours. */
static void
trouble_tell(struct check *check, enum rmd_status status)
{
	struct error told = { 0, "" };

	if (check->told)
		return;
	(void)no_data_set(
		check->options, status,
		check->no_data ? NO_DATA_ANSWER : "the verdict stands, not all that it rests on can be shown", &told);
	complain("rmdcheck", told.text);
	check->told = true;
}

/* What was answered when that generation began to serve: from its own snapshot, as the operator's files of today, and
 * documents that came later, must not speak for then. */
static bool
has_changed(struct check *check, const struct rmd_query *query, const struct rmd_peer *peer)
{
	struct former *change = &check->change;
	const struct rmd_answer *answer = &check->answer;
	struct rmd_answer before = RMD_ANSWER_INIT;
	struct rmd_query then = *query;
	struct buffer events = { 0 };
	const struct rmd_event *event;

	then.at = check->before_at;
	(void)rmd_check(check->before, &then, &before);
	*change = (struct former){ before.verdict, before.reason, false };
	change->filing = strcmp(answer->rmd_number, before.rmd_number) != 0 || strcmp(answer->frn, before.frn) != 0;
	/* A history that cannot be read has told its trouble with the answer. */
	(void)events_read(check->rmd, slice_of(peer->frn[0] != '\0' ? peer->frn : peer->rmd_number), &events);
	event = events.data;
	for (size_t i = 0; i < events.length / sizeof *event; i++)
		change->filing = change->filing || event[i].generation > check->options->changed_since;
	buffer_end(&events);
	return change->filing || answer->verdict != before.verdict || answer->reason != before.reason;
}

/* What to ask instead, once: a person who mistook the year does not know when the history begins. */
static void
history_hint(struct check *check)
{
	struct rmd_info info = RMD_INFO_INIT;
	char begins[TIME_TEXT_SIZE], text[LIMIT_ERROR_BYTES];

	if (check->hinted || check->options->json || check->options->batch || rmd_info(check->rmd, &info) != RMD_OK)
		return;
	time_format(begins, info.first_checked_at);
	if (snprintf(text, sizeof text, "the history begins at %s: ask with that --at or a later one, or without it",
		     begins) > 0)
		complain("rmdcheck", text);
	check->hinted = true;
}

/* `peer` where only an answer that has changed is wanted, else NULL. */
static int
question_answer(struct check *check, const struct rmd_query *query, const struct rmd_peer *peer, struct error *error)
{
	struct slice text = { query->provider, query->provider_length };
	enum rmd_status status;

	check->filing.rmd_number[0] = '\0';
	check->documents.length = 0;
	status = rmd_check(check->rmd, query, &check->answer);
	if (status == RMD_ERROR_ARGUMENT || status == RMD_ERROR_TOO_LONG)
		return error_set(error, EX_SOFTWARE, "the library refused a question: %s", rmd_strerror(status));
	if (check->answer.reason == RMD_REASON_NO_DATA)
		check->no_data = true;
	if (check->options->long_form && status == RMD_OK)
		status = documents_read(check->rmd, text, &check->documents);
	if (status != RMD_OK && check->answer.reason != RMD_REASON_EMERGENCY_CALL)
		trouble_tell(check, status);
	if (check->answer.reason == RMD_REASON_BEFORE_HISTORY)
		history_hint(check);
	if (peer != NULL && !has_changed(check, query, peer))
		return 0;
	return answer_write(check, text, query->at != RMD_TIME_NONE, error);
}

/* A line that is no question has an answer too, so that the lines of the output are those of the input. */
static int
line_refused(struct check *check, struct line line, uint64_t number, const char *why, struct error *error)
{
	struct rmd_filing *filing = check->answer.filing;
	struct error told = { 0, "" };

	(void)error_set(&told, EX_USAGE, "line %llu: %s; answered unknown, bad-key", (unsigned long long)number, why);
	complain("rmdcheck", told.text);
	check->answer = (struct rmd_answer)RMD_ANSWER_INIT;
	check->answer.reason = RMD_REASON_BAD_KEY;
	check->answer.filing = filing;
	check->filing.rmd_number[0] = '\0';
	check->documents.length = 0;
	return answer_write(check, slice_trim((struct slice){ line.data, line.length }), false, error);
}

static int
line_answer(struct check *check, struct line line, uint64_t number, struct error *error)
{
	struct rmd_query query = check->options->question;
	struct error wrong;

	wrong.code = 0;
	if (query_parse(line, &query, &wrong) != 0)
		return line_refused(check, line, number, wrong.text, error);
	return question_answer(check, &query, NULL, error);
}

static int
batch_run(struct check *check, struct error *error)
{
	uint64_t number = 0;
	int got;

	do {
		struct line line;

		got = reader_fill(&check->reader);
		if (got < 0)
			return error_set(error, EX_IOERR, "standard input: %s; lines after %llu are not answered",
					 strerror(errno), (unsigned long long)number);
		while (reader_line(&check->reader, &line))
			if (line_answer(check, line, ++number, error) != 0)
				return error->code;
		/* Whoever writes questions one by one waits for each answer. */
		if (stream_finish(&check->out, 0, error) != 0)
			return EX_IOERR;
	} while (got > 0);
	return 0;
}

static int
providers_run(struct check *check, struct error *error)
{
	for (int i = 0; i < check->options->provider_count; i++) {
		struct rmd_query query = check->options->question;

		query.provider = check->options->providers[i];
		query.provider_length = strlen(query.provider);
		if (question_answer(check, &query, NULL, error) != 0)
			return error->code;
	}
	return 0;
}

/* The snapshot of the generation that the answers are held against, and when it began to serve. */
static int
before_open(struct check *check, struct error *error)
{
	struct rmd_info info = RMD_INFO_INIT;
	char path[LIMIT_PATH_BYTES];

	if (rmd_open_generation(check->options->directory, check->options->changed_since, &check->before) == RMD_OK &&
	    rmd_info(check->before, &info) == RMD_OK) {
		check->before_at = info.changed_at;
		return 0;
	}
	options_snapshot_path(check->options, path);
	return error_set(error, EX_NOINPUT,
			 "%s: generation %" PRIu32 " is neither this one nor kept beside it ([history] keep in "
			 "rmd.conf says how many are); nothing is compared",
			 path, check->options->changed_since);
}

static int
peers_run(struct check *check, struct error *error)
{
	struct rmd_peer peer = RMD_PEER_INIT;
	struct rmd_peers *peers;
	enum rmd_status status = rmd_peers_open(check->rmd, &peers);
	bool any = false;
	int got;

	if (status != RMD_OK)
		return no_data_set(check->options, status, NO_DATA_ANSWER, error);
	if (check->options->changed_since != 0 && before_open(check, error) != 0) {
		rmd_peers_close(peers);
		return error->code;
	}
	while ((got = rmd_peers_next(peers, &peer)) > 0 && error->code == 0) {
		struct rmd_query query = check->options->question;

		if (peer.key != RMD_KEY_PEER)
			continue;
		query.provider = peer.value;
		query.provider_length = strlen(peer.value);
		query.key = RMD_KEY_PEER;
		question_answer(check, &query, check->before != NULL ? &peer : NULL, error);
		any = true;
	}
	rmd_peers_close(peers);
	if (got < 0)
		error_set(error, EX_NOINPUT, "the list of peers breaks off: %s", rmd_strerror((enum rmd_status)got));
	if (!any && error->code == 0)
		complain("rmdcheck",
			 "the snapshot has no peers: peers.conf beside rmd.conf names them, and rmdsync reads it");
	return error->code;
}

/* Of several the first of refuse, unknown, may-block, accept; no data is the unknown that the operator must mend. */
static int
verdicts_code(const struct check *check)
{
	if (check->seen[RMD_REFUSE])
		return 1;
	if (check->no_data)
		return EX_NOINPUT;
	if (check->seen[RMD_UNKNOWN])
		return 3;
	return check->seen[RMD_MAY_BLOCK] ? 2 : 0;
}

int
check_run(const struct options *options, struct error *error)
{
	struct check *check = calloc(1, sizeof *check);
	int code;

	if (check == NULL)
		return error_set(error, EX_SOFTWARE, "memory is short; nothing is answered");
	check->options = options;
	check->colour = !options->json && is_colour_wanted();
	check->answer = (struct rmd_answer)RMD_ANSWER_INIT;
	check->filing = (struct rmd_filing)RMD_FILING_INIT;
	check->filing.buffer = check->filing_buffer;
	check->filing.buffer_size = sizeof check->filing_buffer;
	/* The name alone would take three times as long as the rest of an answer: a plain batch goes without. */
	if (!options->batch || options->json || options->long_form)
		check->answer.filing = &check->filing;
	check->out = (struct stream){ STDOUT_FILENO, check->out_buffer, sizeof check->out_buffer, 0, 0, NULL };
	if (!options->json)
		display_begin(&check->display, &check->out);
	check->reader.file = STDIN_FILENO;
	/* What is wrong with the snapshot every answer tells again. */
	(void)rmd_open(options->directory, &check->rmd);
	code = options->batch                ? batch_run(check, error)
	       : options->mode == MODE_PEERS ? peers_run(check, error)
					     : providers_run(check, error);
	code = stream_finish(&check->out, code == 0 ? verdicts_code(check) : code, error);
	rmd_close(check->rmd);
	rmd_close(check->before);
	buffer_end(&check->documents);
	free(check);
	return code;
}

int
word_run(const struct options *options, struct error *error)
{
	struct rmd_query query = options->question;
	struct rmd_answer answer = RMD_ANSWER_INIT;
	char buffer[32];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };
	enum rmd_status status;
	struct rmd *rmd;
	int code;

	query.provider = options->providers[0];
	query.provider_length = strlen(query.provider);
	(void)rmd_open(options->directory, &rmd);
	status = rmd_check(rmd, &query, &answer);
	code = verdict_code(answer.verdict);
	if (answer.reason == RMD_REASON_NO_DATA)
		code = no_data_set(options, status, NO_DATA_ANSWER, error);
	else if (status == RMD_ERROR_ARGUMENT)
		code = error_set(error, EX_SOFTWARE, "the library refused the question: %s", rmd_strerror(status));
	stream_text(&out, rmd_verdict_name(answer.verdict));
	code = stream_finish(&out, code, error);
	rmd_close(rmd);
	return code;
}
