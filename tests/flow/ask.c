/* SPDX-License-Identifier: ISC
 *
 * Puts questions to librmd for a present that is given, where rmdcheck takes the clock's: for property.py.
 *
 *   ask DIR     on stdin, separated by tabs: NOW AT ROLE CALLER CALLED PROVIDER, an empty AT for a question about
 * now; on stdout, for each line, what rmdcheck --json would say, but without names and citations
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/time.h"
#include "rmd.h"

#define WORDS 6

static void
text_write(const char *key, const char *value)
{
	if (value[0] == '\0')
		printf(",\"%s\":null", key);
	else
		printf(",\"%s\":\"%s\"", key, value);
}

static void
set_write(const char *key, unsigned set, const char *(*name)(unsigned bit))
{
	const char *separator = "";

	printf(",\"%s\":[", key);
	for (unsigned bit = 0; bit < 32; bit++)
		if (set & 1U << bit) {
			printf("%s\"%s\"", separator, name(bit));
			separator = ",";
		}
	printf("]");
}

static const char *
flag_name(unsigned bit)
{
	return rmd_flag_name((enum rmd_flag)(1U << bit));
}

static const char *
role_name(unsigned bit)
{
	return rmd_role_name((enum rmd_role)bit);
}

static void
time_write(const char *key, int64_t instant)
{
	char text[TIME_TEXT_SIZE];

	time_format(text, instant);
	text_write(key, text);
}

static void
answer_write(const struct rmd_answer *answer)
{
	printf("{\"verdict\":\"%s\"", rmd_verdict_name(answer->verdict));
	text_write("reason", rmd_reason_name(answer->reason));
	set_write("flags", answer->flags, flag_name);
	text_write("rmd_number", answer->rmd_number);
	text_write("frn", answer->frn);
	text_write("role", rmd_role_name(answer->role));
	text_write("implementation", answer->implementation == RMD_IMPLEMENTATION_UNKNOWN
					     ? ""
					     : rmd_implementation_name(answer->implementation));
	set_write("roles", answer->roles, role_name);
	time_write("effective_at", answer->effective_at);
	time_write("at", answer->at);
	time_write("checked_at", answer->checked_at);
	if (answer->data_age == RMD_TIME_NONE)
		printf(",\"data_age\":null");
	else
		printf(",\"data_age\":%" PRId64, answer->data_age);
	text_write("notice", answer->notice);
	printf("}\n");
}

/* Cuts the line at its tabs and its end; false where there are not as many words as there must be. */
static int
line_split(char *line, char *words[WORDS])
{
	for (int word = 0; word < WORDS; word++) {
		words[word] = line;
		line += strcspn(line, word < WORDS - 1 ? "\t" : "\n");
		if (*line == '\0')
			return 0;
		*line++ = '\0';
	}
	return 1;
}

static enum rmd_role
role_of(const char *name)
{
	for (enum rmd_role role = RMD_ROLE_VSP; role <= RMD_ROLE_FOREIGN; role++)
		if (strcmp(name, rmd_role_name(role)) == 0)
			return role;
	return RMD_ROLE_NONE;
}

static enum rmd_status
line_answer(struct rmd *rmd, char *words[WORDS], struct rmd_answer *answer)
{
	struct rmd_query query = RMD_QUERY_INIT;

	query.now = strtoll(words[0], NULL, 10);
	if (words[1][0] != '\0')
		query.at = strtoll(words[1], NULL, 10);
	query.role = role_of(words[2]);
	query.caller = words[3][0] == '\0' ? NULL : words[3];
	query.caller_length = strlen(words[3]);
	query.called = words[4][0] == '\0' ? NULL : words[4];
	query.called_length = strlen(words[4]);
	query.provider = words[5];
	query.provider_length = strlen(words[5]);
	return rmd_check(rmd, &query, answer);
}

int
main(int argc, char **argv)
{
	static char line[LIMIT_BATCH_LINE];
	char *words[WORDS];
	struct rmd *rmd = NULL;
	int code = 0;

	if (argc != 2 || rmd_open(argv[1], &rmd) != RMD_OK) {
		fprintf(stderr, "usage: ask DIR, of a good snapshot\n");
		code = 1;
	}
	while (code == 0 && fgets(line, sizeof(line), stdin) != NULL) {
		struct rmd_answer answer = RMD_ANSWER_INIT;

		if (!line_split(line, words) || line_answer(rmd, words, &answer) != RMD_OK)
			code = 1;
		else
			answer_write(&answer);
	}
	rmd_close(rmd);
	return code;
}
