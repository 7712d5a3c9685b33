/* SPDX-License-Identifier: ISC
 *
 * Every key that the snapshot knows, asked one by one as rmdcheck would: the exports cannot say anything else.
 */
#include "export/answers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

/* Unseen numbers are looked for from the end of all numbers: this many documents and filings are not there. */
#define UNSEEN_ATTEMPTS 1000

int
unreadable_set(struct edition *edition, const char *what, int status)
{
	return error_set(edition->error, EX_NOINPUT, "%s: %s; nothing is written", what,
			 rmd_strerror((enum rmd_status)status));
}

/* Several events of one filing become one word, by what an older copy has of it and what is now. */
static const char *
change_word(const char *before, enum rmd_event_kind kind)
{
	if (kind == RMD_EVENT_VANISHED)
		return "removed";
	if (before != NULL && strcmp(before, "added") == 0)
		return before;
	if (kind == RMD_EVENT_ADDED)
		return "added";
	if (kind == RMD_EVENT_RELISTED || (before != NULL && strcmp(before, "relisted") == 0))
		return "relisted";
	return "changed";
}

static int
changes_read(struct answers *answers, struct rmd_history *history)
{
	struct rmd_event event = RMD_EVENT_INIT;
	struct change *last = NULL;
	int got;

	while ((got = rmd_history_next(history, &event)) > 0) {
		const char *before = NULL;

		if (last != NULL && strcmp(last->rmd_number, event.rmd_number) == 0)
			before = last->word;
		else
			last = buffer_extend(&answers->changes, sizeof *last, LIMIT_ROWS * sizeof *last);
		if (last == NULL)
			return error_set(answers->edition->error, EX_SOFTWARE, "memory is short; nothing is written");
		memcpy(last->rmd_number, event.rmd_number, sizeof last->rmd_number);
		last->word = change_word(before, event.kind);
	}
	return got < 0 ? unreadable_set(answers->edition, "the history breaks off", got) : 0;
}

static int
changes_begin(struct answers *answers)
{
	struct edition *edition = answers->edition;
	uint32_t since = edition->options->since;
	struct rmd_history *history;
	enum rmd_status status;
	int code;

	if (since > edition->info.generation)
		return error_set(edition->error, EX_NOINPUT,
				 "generation %" PRIu32 " is still to come, the last one is %" PRIu32, since,
				 edition->info.generation);
	status = rmd_history_open_since(edition->rmd, since, &history);
	if (status != RMD_OK)
		return unreadable_set(edition, "the history cannot be read", status);
	code = changes_read(answers, history);
	rmd_history_close(history);
	return code;
}

int
answers_begin(struct answers *answers, struct edition *edition, bool filings)
{
	enum rmd_status status;

	*answers = (struct answers){
		.edition = edition, .filings = filings, .provider = RMD_PROVIDER_INIT, .answer = RMD_ANSWER_INIT
	};
	if (filings)
		answers->answer.filing = &edition->filing;
	status = rmd_providers_open(edition->rmd, &answers->providers);
	if (status != RMD_OK)
		return unreadable_set(edition, "the list of providers cannot be read", status);
	return edition->options->since_given ? changes_begin(answers) : 0;
}

/* Whether the walk is to stop at this key; with --since, and what became of it. Both go by ascending numbers. */
static bool
is_wanted(struct answers *answers)
{
	const struct change *changes = answers->changes.data;
	size_t count = answers->changes.length / sizeof *changes;
	const char *number = answers->provider.text;

	if (answers->filings && answers->provider.key != RMD_KEY_RMD)
		return false;
	if (!answers->edition->options->since_given)
		return true;
	while (answers->change_next < count && strcmp(changes[answers->change_next].rmd_number, number) < 0)
		answers->change_next++;
	if (answers->change_next == count || strcmp(changes[answers->change_next].rmd_number, number) != 0)
		return false;
	answers->change = changes[answers->change_next].word;
	return true;
}

int
answers_next(struct answers *answers)
{
	struct edition *edition = answers->edition;
	int got;

	do
		got = rmd_providers_next(answers->providers, &answers->provider);
	while (got > 0 && !is_wanted(answers));
	if (got < 0) {
		(void)unreadable_set(edition, "the list of providers breaks off", got);
		return -1;
	}
	if (got == 0)
		return 0;
	edition->filing.rmd_number[0] = '\0';
	return answer_ask(edition, answers->provider.key, answers->provider.text, &answers->answer) == 0 ? 1 : -1;
}

void
answers_end(struct answers *answers)
{
	rmd_providers_close(answers->providers);
	buffer_end(&answers->changes);
}

int
peers_open(struct edition *edition, struct rmd_peers **peers)
{
	enum rmd_status status = rmd_peers_open(edition->rmd, peers);

	return status != RMD_OK ? unreadable_set(edition, "the list of peers cannot be read", status) : 0;
}

int
peers_next(struct edition *edition, struct rmd_peers *peers, struct rmd_peer *peer)
{
	int got = rmd_peers_next(peers, peer);

	if (got >= 0)
		return got;
	(void)unreadable_set(edition, "the list of peers breaks off", got);
	return -1;
}

int
answer_ask(struct edition *edition, enum rmd_key key, const char *text, struct rmd_answer *answer)
{
	struct rmd_query query = RMD_QUERY_INIT;
	enum rmd_status status;

	query.provider = text;
	query.provider_length = strlen(text);
	query.key = key;
	query.now = edition->now;
	status = rmd_check(edition->rmd, &query, answer);
	if (status != RMD_OK)
		return error_set(edition->error, status == RMD_ERROR_ARGUMENT ? EX_SOFTWARE : EX_NOINPUT,
				 "%s cannot be answered: %s; nothing is written", text, rmd_strerror(status));
	return 0;
}

int
answer_of_unseen(struct edition *edition, struct rmd_answer *answer)
{
	for (uint64_t frn = 9999999999; frn > 9999999999 - UNSEEN_ATTEMPTS; frn--) {
		char text[RMD_NUMBER_SIZE];

		frn_format(text, frn);
		if (answer_ask(edition, RMD_KEY_FRN, text, answer) != 0)
			return -1;
		if (answer->reason == RMD_REASON_NOT_LISTED || answer->reason == RMD_REASON_STALE)
			return 1;
	}
	return 0;
}

static size_t
text_append(char text[ANSWER_TEXT_SIZE], size_t used, const char *label, const char *value)
{
	int length = value[0] == '\0' ? 0 : snprintf(text + used, ANSWER_TEXT_SIZE - used, "%s%s", label, value);

	/* The longest words, two instants and a digest fit twice. */
	return length > 0 && (size_t)length < ANSWER_TEXT_SIZE - used ? used + (size_t)length : used;
}

void
answer_text(char text[ANSWER_TEXT_SIZE], const struct rmd_answer *answer)
{
	char since[TIME_TEXT_SIZE];
	size_t used;

	time_format(since, answer->effective_at);
	used = text_append(text, 0, "", rmd_verdict_name(answer->verdict));
	used = text_append(text, used, " ", rmd_reason_name(answer->reason));
	used = text_append(text, used, " since=", since);
	used = text_append(text, used, " notice=", answer->notice);
	for (size_t i = 0; i < used; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	text[used] = '\0';
}

void
meta_text(char text[ANSWER_TEXT_SIZE], const struct rmd_info *info)
{
	char checked_at[TIME_TEXT_SIZE];
	int length;

	time_format(checked_at, info->checked_at);
	length = snprintf(text, ANSWER_TEXT_SIZE, "generation=%" PRIu32 " checked-at=%s digest=%s", info->generation,
			  checked_at, info->digest);
	if (length < 0 || length >= ANSWER_TEXT_SIZE)
		text[0] = '\0';
}

int64_t
answers_expire(const struct edition *edition)
{
	int64_t checked_at = edition->info.checked_at;

	/* A check that lies far ahead of the clock tells no age, as in librmd. */
	if (checked_at == RMD_TIME_NONE || edition->now == RMD_TIME_NONE ||
	    edition->now - checked_at > edition->info.max_age || checked_at - edition->now > LIMIT_CLOCK_BEHIND)
		return RMD_TIME_NONE;
	return checked_at + edition->info.max_age;
}
