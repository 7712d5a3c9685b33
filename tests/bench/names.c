/* SPDX-License-Identifier: ISC
 *
 * How often a search finds the filing first whose business name it is, with one typing error, with another legal
 * form, with words swapped; and how long it takes. What a search is must not enter.
 *
 *   names DIRECTORY [EVERY [-v]]     EVERY 10: each tenth filing only; -v: every name that was not found first
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/name.h"
#include "base/text.h"
#include "rmd.h"

#define WORDS 64

/* What is done to a name. */
enum { PLAIN, TYPED, OTHER_FORM, SWAPPED, CHANGES };
static const char *const change_names[CHANGES] = { "as it is", "one typing error", "another legal form",
						   "two words swapped" };

struct tally {
	unsigned asked, first, tied, found;
	int64_t nanoseconds, longest;
};

static uint64_t dice = 1;

/* xorshift: the same names on every machine. */
static uint64_t throw(uint64_t sides)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice % sides;
}

static bool
is_letter(char c)
{
	c = ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* A letter wrong, left out, too many, or in the place of its neighbour. False: there is none. */
static bool
type_wrong(char *name, size_t length)
{
	size_t places[RMD_NAME_SIZE], count = 0, place;
	char other = (char)('a' + throw(26));

	for (size_t i = 0; i < length; i++)
		if (is_letter(name[i]))
			places[count++] = i;
	if (count == 0)
		return false;
	place = places[throw(count)];
	switch (throw(4)) {
	case 0:
		memmove(name + place, name + place + 1, length - place);
		return length > 1;
	case 1:
		memmove(name + place + 1, name + place, length - place + 1);
		name[place] = other;
		return true;
	case 2:
		if (place + 1 < length && is_letter(name[place + 1]) &&
		    ascii_lower(name[place]) != ascii_lower(name[place + 1])) {
			char swapped = name[place];

			name[place] = name[place + 1];
			name[place + 1] = swapped;
			return true;
		}
		break;
	default:
		break;
	}
	name[place] = ascii_lower(name[place]) == other ? (char)(other == 'z' ? 'a' : other + 1) : other;
	return true;
}

static bool
change_form(char *name, size_t length)
{
	static const char *const forms[] = { "LLC", "Inc", "Corp", "Ltd", "Co", "Corporation", "Incorporated" };
	char *last = strrchr(name, ' ');
	struct slice word = slice_of(last != NULL ? last + 1 : "");
	size_t form = throw(sizeof forms / sizeof forms[0]);

	while (word.length > 0 && (word.data[word.length - 1] == '.' || word.data[word.length - 1] == ','))
		word.length--;
	if (slice_equal_fold(word, forms[form]))
		form = (form + 1) % (sizeof forms / sizeof forms[0]);
	for (size_t i = 0; last != NULL && i < sizeof forms / sizeof forms[0]; i++)
		if (slice_equal_fold(word, forms[i])) {
			length = (size_t)(last - name);
			break;
		}
	return snprintf(name + length, RMD_NAME_SIZE + 32 - length, " %s", forms[form]) > 0;
}

/* Two of its words; false: it has only one. */
static bool
swap_words(char *name)
{
	char copy[RMD_NAME_SIZE + 32], *words[WORDS], *rest = copy, *word;
	size_t count = 0, one, other, used = 0;

	memcpy(copy, name, strlen(name) + 1);
	while ((word = strsep(&rest, " \t\r\n")) != NULL && count < WORDS)
		if (word[0] != '\0')
			words[count++] = word;
	if (count < 2)
		return false;
	one = throw(count);
	other = (one + 1 + throw(count - 1)) % count;
	word = words[one];
	words[one] = words[other];
	words[other] = word;
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]);

		if (i > 0)
			name[used++] = ' ';
		memcpy(name + used, words[i], length);
		used += length;
	}
	name[used] = '\0';
	return true;
}

static bool
name_change(int change, char *name)
{
	size_t length = strlen(name);

	switch (change) {
	case TYPED:
		return type_wrong(name, length);
	case OTHER_FORM:
		return change_form(name, length);
	case SWAPPED:
		return swap_words(name);
	default:
		return true;
	}
}

static bool
is_same_name(const char *a, const char *b)
{
	char folded[2][RMD_NAME_SIZE];
	size_t length = name_fold_ascii(folded[0], sizeof folded[0], slice_of(a));

	return length == name_fold_ascii(folded[1], sizeof folded[1], slice_of(b)) &&
	       memcmp(folded[0], folded[1], length) == 0;
}

/* Who gave a third legal form cannot be told which of two firms was meant that have the same name but for theirs. */
static bool
is_same_but_for_form(const char *a, const char *b)
{
	static struct name_parts parts[2];
	const char *const names[] = { a, b };

	for (int i = 0; i < 2; i++) {
		char folded[RMD_NAME_SIZE];
		size_t length = name_fold_ascii(folded, sizeof folded, slice_of(names[i]));

		name_take(&parts[i], (struct slice){ folded, name_join_initials(folded, length) });
	}
	return parts[0].core_count == parts[1].core_count &&
	       memcmp(parts[0].core, parts[1].core, parts[0].core_count * sizeof parts[0].core[0]) == 0;
}

static int64_t
clock_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
		abort();
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
ask(struct rmd *rmd, const char *text, const char *wanted, struct tally *tally, bool verbose)
{
	struct rmd_candidate candidate = RMD_CANDIDATE_INIT;
	char first[RMD_NAME_SIZE] = "";
	unsigned best = 0;
	struct rmd_search *search;
	int64_t begin = clock_now(), taken;
	unsigned place = 0;
	bool found = false, tied;

	tally->asked++;
	if (rmd_search(rmd, text, strlen(text), &search) != RMD_OK)
		return;
	taken = clock_now() - begin;
	tally->nanoseconds += taken;
	tally->longest = taken > tally->longest ? taken : tally->longest;
	while (!found && rmd_search_next(search, &candidate) == 1) {
		if (place++ == 0) {
			memcpy(first, candidate.name, sizeof first);
			best = candidate.score;
		}
		found = is_same_name(candidate.business_name, wanted);
	}
	rmd_search_close(search);
	tally->found += found;
	tally->first += found && place == 1;
	tied = found &&
	       (place == 1 || (candidate.score == best && is_same_but_for_form(first, candidate.business_name)));
	tally->tied += tied;
	if (verbose && !tied)
		printf("\"%s\" for \"%s\" gives \"%s\"%s\n", text, wanted, first, found ? "" : ", and it not at all");
}

static void
filing_ask(struct rmd *rmd, const char *wanted, struct tally tallies[CHANGES], bool verbose)
{
	char folded[RMD_NAME_SIZE], text[RMD_NAME_SIZE + 32];

	if (strlen(wanted) >= RMD_NAME_SIZE || name_fold_ascii(folded, sizeof folded, slice_of(wanted)) == 0)
		return;
	for (int change = 0; change < CHANGES; change++) {
		memcpy(text, wanted, strlen(wanted) + 1);
		if (name_change(change, text) && name_fold_ascii(folded, sizeof folded, slice_of(text)) > 0)
			ask(rmd, text, wanted, &tallies[change], verbose);
	}
}

int
main(int argc, char **argv)
{
	static char buffer[RMD_FILING_BUFFER_SIZE];
	struct rmd_filing filing = RMD_FILING_INIT;
	struct tally tallies[CHANGES] = { { 0 } };
	struct rmd_filings *filings = NULL;
	struct rmd *rmd = NULL;
	uint64_t every = 1, count = 0;
	int got = -1;

	filing.buffer = buffer;
	filing.buffer_size = sizeof buffer;
	if (argc > 2 && (!slice_decimal(slice_of(argv[2]), UINT32_MAX, &every) || every == 0))
		return 1;
	if (argc > 1 && rmd_open(argv[1], &rmd) == RMD_OK && rmd_filings_open(rmd, &filings) == RMD_OK)
		while ((got = rmd_filings_next(filings, &filing)) == 1)
			if (count++ % every == 0)
				filing_ask(rmd, filing.business_name, tallies, argc > 3);
	rmd_filings_close(filings);
	rmd_close(rmd);
	if (got != 0) {
		fprintf(stderr, "names: the snapshot cannot be read\n");
		return 1;
	}
	printf("%" PRIu64 " filings, each %" PRIu64 ". asked for; milliseconds of CPU\n", count, every);
	for (int change = 0; change < CHANGES; change++) {
		const struct tally *tally = &tallies[change];
		double asked = tally->asked > 0 ? tally->asked : 1;

		printf("%-20s asked %6u  first %6.2f %%  or tied %6.2f %%  found %6.2f %%  each %6.3f ms  longest "
		       "%6.3f ms\n",
		       change_names[change], tally->asked, 100 * tally->first / asked, 100 * tally->tied / asked,
		       100 * tally->found / asked, (double)tally->nanoseconds / asked / 1e6,
		       (double)tally->longest / 1e6);
	}
	return 0;
}
