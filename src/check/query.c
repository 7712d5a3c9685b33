/* SPDX-License-Identifier: ISC
 *
 * Lines of a batch. Nothing is allocated: a query points into the reader's buffer. What a PROVIDER means must not
 * enter.
 */
#include "check/query.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"

bool
reader_line(struct reader *reader, struct line *line)
{
	char *start = reader->buffer + reader->start;
	size_t length = reader->end - reader->start;
	char *newline = length == 0 ? NULL : memchr(start, '\n', length);

	if (reader->skipping) {
		reader->start = newline != NULL ? (size_t)(newline + 1 - reader->buffer) : reader->end;
		if (newline == NULL)
			return false;
		reader->skipping = false;
		return reader_line(reader, line);
	}
	if (newline != NULL)
		length = (size_t)(newline - start);
	else if (length <= LIMIT_BATCH_LINE && (length == 0 || !reader->ended))
		return false;
	*line = (struct line){ start, length, length > LIMIT_BATCH_LINE };
	reader->start += length + (newline != NULL ? 1 : 0);
	if (line->too_long) {
		line->length = LIMIT_KEY_BYTES;
		reader->skipping = newline == NULL;
	}
	return true;
}

int
reader_fill(struct reader *reader)
{
	ssize_t got;

	memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
	reader->end -= reader->start;
	reader->start = 0;
	do
		got = read(reader->file, reader->buffer + reader->end, sizeof reader->buffer - reader->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	reader->ended = got == 0;
	reader->end += (size_t)got;
	return got > 0 ? 1 : 0;
}

static bool
role_parse(struct slice text, enum rmd_role *role)
{
	for (enum rmd_role known = RMD_ROLE_VSP; known <= RMD_ROLE_FOREIGN; known++)
		if (slice_equal_fold(text, rmd_role_name(known))) {
			*role = known;
			return true;
		}
	return false;
}

int
parameter_set(struct rmd_query *query, enum parameter parameter, struct slice value, const char *dashes,
	      struct error *error)
{
	switch (parameter) {
	case PARAMETER_ROLE:
		if (!role_parse(value, &query->role))
			return error_set(error, EX_USAGE,
					 "%srole \"%.*s\" is none of vsp, gateway, intermediate, foreign", dashes,
					 (int)value.length, value.data);
		break;
	case PARAMETER_FROM:
		query->caller = value.data;
		query->caller_length = value.length;
		break;
	case PARAMETER_TO:
		query->called = value.data;
		query->called_length = value.length;
		break;
	default:
		query->at = time_parse(value);
		if (query->at == TIME_NONE)
			return error_set(
				error, EX_USAGE,
				"%sat \"%.*s\" is neither a time such as 2026-03-01T09:30:00-05:00 nor a date",
				dashes, (int)value.length, value.data);
		break;
	}
	return 0;
}

/* Which `key=` the word begins with, PARAMETER_COUNT for none; *value is what stands behind it. */
static enum parameter
parameter_of(struct slice word, struct slice *value)
{
	static const char *const keys[PARAMETER_COUNT] = { "role=", "from=", "to=", "at=" };
	enum parameter parameter = PARAMETER_ROLE;

	while (parameter < PARAMETER_COUNT && !slice_starts_fold(word, keys[parameter]))
		parameter++;
	if (parameter < PARAMETER_COUNT)
		*value = (struct slice){ word.data + strlen(keys[parameter]), word.length - strlen(keys[parameter]) };
	return parameter;
}

static size_t
word_length(const char *data, size_t length)
{
	size_t end = 0;

	while (end < length && data[end] != ' ' && data[end] != '\t')
		end++;
	return end;
}

static int
parameter_parse(struct slice word, struct rmd_query *query, unsigned *seen, struct error *error)
{
	struct slice value = { NULL, 0 };
	enum parameter parameter = parameter_of(word, &value);

	if (parameter == PARAMETER_COUNT)
		return error_set(error, EX_USAGE,
				 "\"%.*s\" is none of role=, from=, to=, at= (a PROVIDER with spaces needs quotes)",
				 (int)word.length, word.data);
	if ((*seen & 1U << parameter) != 0)
		return error_set(error, EX_USAGE, "\"%.*s\" comes after another one of its kind", (int)word.length,
				 word.data);
	/* In quotes a number would be none, and a call to 911 no such call. Only the name before <...> has its own.
	 */
	if (value.length > 0 && value.data[0] == '"' && memchr(value.data, '<', value.length) == NULL)
		return error_set(error, EX_USAGE, "\"%.*s\": only a PROVIDER stands in quotation marks",
				 (int)word.length, word.data);
	*seen |= 1U << parameter;
	return parameter_set(query, parameter, value, "", error);
}

/* The PROVIDER at the beginning of *rest, behind which *rest begins afterwards. *prefix is the length of `name:`
 * before an opening quote, which *provider begins with; -1 without quotes. */
static int
provider_parse(char **rest, size_t *left, struct slice *provider, ptrdiff_t *prefix, struct error *error)
{
	char *start = *rest;
	size_t word = word_length(start, *left);
	char *open = memchr(start, '"', word);
	struct slice value;

	*provider = (struct slice){ start, word };
	*prefix = -1;
	if (open != NULL) {
		char *close = memchr(open + 1, '"', *left - (size_t)(open - start) - 1);

		*prefix = open - start;
		if (*prefix > 0 && open[-1] != ':')
			return error_set(error, EX_USAGE, "a quotation mark stands inside a word");
		if (close == NULL)
			return error_set(error, EX_USAGE, "the closing quotation mark is missing");
		word = (size_t)(close + 1 - start);
		if (word < *left && close[1] != ' ' && close[1] != '\t')
			return error_set(error, EX_USAGE, "no space stands behind the closing quotation mark");
		*provider = (struct slice){ start, word - 1 };
	} else if (parameter_of(*provider, &value) != PARAMETER_COUNT) {
		return error_set(error, EX_USAGE, "the line begins with \"%.*s\" and not with a PROVIDER",
				 (int)provider->length, provider->data);
	}
	if (provider->length == (*prefix < 0 ? 0 : 1))
		return error_set(error, EX_USAGE, "no PROVIDER");
	*rest += word;
	*left -= word;
	return 0;
}

int
query_parse(struct line line, struct rmd_query *query, struct error *error)
{
	struct slice trimmed = slice_trim((struct slice){ line.data, line.length });
	char *start = line.data + (trimmed.data - line.data), *rest = start;
	size_t left = trimmed.length;
	struct rmd_query parsed = *query;
	struct slice provider;
	ptrdiff_t prefix;
	unsigned seen = 0;

	if (line.too_long)
		return error_set(error, EX_USAGE, "longer than %d bytes", LIMIT_BATCH_LINE);
	if (left > 0 && memchr(rest, '\0', left) != NULL)
		return error_set(error, EX_USAGE, "a NUL byte stands in it");
	if (provider_parse(&rest, &left, &provider, &prefix, error) != 0)
		return error->code;
	while (left > 0) {
		size_t word = word_length(rest, left);

		if (word > 0 && parameter_parse((struct slice){ rest, word }, &parsed, &seen, error) != 0)
			return error->code;
		word += word < left ? 1 : 0;
		rest += word;
		left -= word;
	}
	if (prefix >= 0) {
		/* The prefix moves over the opening quote, so that it stands together with its value. */
		memmove(start + 1, start, (size_t)prefix);
		provider = (struct slice){ start + 1, provider.length - 1 };
	}
	parsed.provider = provider.data;
	parsed.provider_length = provider.length;
	*query = parsed;
	return 0;
}
