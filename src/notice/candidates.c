/* SPDX-License-Identifier: ISC
 *
 * One walk through the filings, however many providers are looked for. Names are not compared here.
 */
#include "notice/candidates.h"

#include <stdlib.h>
#include <string.h>

/* A walk, and the filing that it is at. */
struct filed {
	struct rmd_filings *walk;
	struct rmd_filing filing;
	char *buffer;
	struct error *error;
};

static int
no_memory(struct error *error)
{
	return error_set(error, EX_CANTCREAT, "not enough memory to look for filings");
}

static int
filed_begin(struct filed *filed, struct rmd *rmd, struct error *error)
{
	enum rmd_status status;

	*filed = (struct filed){ .filing = RMD_FILING_INIT, .error = error };
	status = rmd_filings_open(rmd, &filed->walk);
	if (status != RMD_OK)
		return error_set(error, EX_NOINPUT, "the snapshot cannot be read: %s (rmdsync makes it; -d names it)",
				 rmd_strerror(status));
	filed->buffer = malloc(RMD_FILING_BUFFER_SIZE);
	if (filed->buffer == NULL)
		return no_memory(error);
	filed->filing.buffer = filed->buffer;
	filed->filing.buffer_size = RMD_FILING_BUFFER_SIZE;
	return 0;
}

static bool
filed_next(struct filed *filed)
{
	int status = rmd_filings_next(filed->walk, &filed->filing);

	if (status < 0)
		error_set(filed->error, EX_NOINPUT, "the snapshot cannot be read: %s",
			  rmd_strerror((enum rmd_status)status));
	return status == 1;
}

static void
filed_end(struct filed *filed)
{
	rmd_filings_close(filed->walk);
	free(filed->buffer);
}

static bool
candidate_fill(struct candidate *candidate, const struct rmd_filing *filing, const struct likeness *likeness)
{
	*candidate = (struct candidate){ .likeness = *likeness, .listed = filing->listed == 1 };
	memcpy(candidate->rmd_number, filing->rmd_number, sizeof candidate->rmd_number);
	memcpy(candidate->frn, filing->frn, sizeof candidate->frn);
	candidate->name = strdup(filing->business_name);
	candidate->address = strdup(filing->business_address);
	return candidate->name != NULL && candidate->address != NULL;
}

void
candidate_end(struct candidate *candidate)
{
	free(candidate->name);
	free(candidate->address);
	*candidate = (struct candidate){ 0 };
}

void
candidates_end(struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count; i++)
		candidate_end(&candidates->candidates[i]);
	candidates->count = 0;
}

/* A better one pushes the last one out; of equals the first that came stays before. False: no memory. */
static bool
candidates_add(struct candidates *found, const struct rmd_filing *filing, const struct likeness *likeness)
{
	struct candidate *list = found->candidates, fresh;
	size_t place = found->count;

	if (likeness->score == 0)
		return true;
	while (place > 0 && list[place - 1].likeness.score < likeness->score)
		place--;
	if (place == LIMIT_CANDIDATES)
		return true;
	if (!candidate_fill(&fresh, filing, likeness)) {
		candidate_end(&fresh);
		return false;
	}
	if (found->count == LIMIT_CANDIDATES)
		candidate_end(&list[--found->count]);
	memmove(&list[place + 1], &list[place], (found->count - place) * sizeof *list);
	list[place] = fresh;
	found->count++;
	return true;
}

/* Holds one filing against all that are looked for. False: no memory. */
static bool
filing_judge(const struct rmd_filing *filing, const struct likeness_party *named, const bool wanted[], size_t count,
	     struct candidates found[])
{
	struct likeness_party filed;
	bool good = likeness_party_begin(&filed, filing->business_name, filing->business_address,
					 filing->other_dba_names, filing->previous_dba_names);

	for (size_t i = 0; good && i < count; i++)
		if (wanted[i]) {
			struct likeness likeness = likeness_of(&named[i], &filed);

			good = candidates_add(&found[i], filing, &likeness);
		}
	likeness_party_end(&filed);
	return good;
}

int
candidates_find(struct rmd *rmd, const struct notice *notice, const bool wanted[], struct candidates found[],
		struct error *error)
{
	struct likeness_party *named = calloc(notice->provider_count + 1, sizeof *named);
	struct filed filed;

	memset(found, 0, notice->provider_count * sizeof *found);
	if (filed_begin(&filed, rmd, error) == 0 && named == NULL)
		no_memory(error);
	for (size_t i = 0; error->code == 0 && i < notice->provider_count; i++)
		if (!likeness_party_begin(&named[i], notice->providers[i].name, notice->providers[i].address, "", ""))
			no_memory(error);
	while (error->code == 0 && filed_next(&filed))
		if (!filing_judge(&filed.filing, named, wanted, notice->provider_count, found))
			no_memory(error);
	for (size_t i = 0; named != NULL && i < notice->provider_count; i++)
		likeness_party_end(&named[i]);
	free(named);
	filed_end(&filed);
	return error->code;
}

static unsigned
digits_differing(const char *a, const char *b)
{
	unsigned differing = 0;

	for (size_t i = 0; i < RMD_NUMBER_SIZE - 1 && a[i] != '\0' && b[i] != '\0'; i++)
		differing += a[i] != b[i];
	return differing;
}

int
candidate_nearest(struct rmd *rmd, uint64_t frn, uint32_t number, struct candidate *nearest, unsigned *digits,
		  struct error *error)
{
	const struct likeness none = { 0 };
	char wanted[RMD_NUMBER_SIZE];
	struct filed filed;

	*nearest = (struct candidate){ 0 };
	*digits = RMD_NUMBER_SIZE;
	if (frn != 0)
		frn_format(wanted, frn);
	else
		rmd_number_format(wanted, number);
	filed_begin(&filed, rmd, error);
	while (error->code == 0 && *digits > 0 && filed_next(&filed)) {
		const char *key = frn != 0 ? filed.filing.frn : filed.filing.rmd_number;
		unsigned differing = digits_differing(wanted, key);

		if (key[0] == '\0' || differing >= *digits)
			continue;
		*digits = differing;
		candidate_end(nearest);
		if (!candidate_fill(nearest, &filed.filing, &none))
			no_memory(error);
	}
	if (error->code == 0 && nearest->name == NULL)
		error_set(error, EX_NOINPUT, "the snapshot has no filing with %s", frn != 0 ? "an FRN" : "a number");
	filed_end(&filed);
	if (error->code != 0)
		candidate_end(nearest);
	return error->code;
}
