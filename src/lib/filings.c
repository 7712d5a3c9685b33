/* SPDX-License-Identifier: ISC
 *
 * Filings, whole, for a caller: one of them, and the walk through all. What they mean for a verdict is not known
 * here.
 */
#include "lib/filings.h"

#include <stdlib.h>
#include <string.h>

#include "lib/handle.h"
#include "lib/past.h"

struct rmd_filings {
	struct snapshot *snapshot;
	struct walk *walk;
};

/* Where a text goes in the caller's buffer. */
struct text_place {
	enum column column;
	const char **text;
};

static enum rmd_status
filing_texts(const struct filing *filing, struct rmd_filing *target)
{
	const struct text_place places[] = {
		{ COLUMN_BUSINESS_NAME, &target->business_name },
		{ COLUMN_BUSINESS_ADDRESS, &target->business_address },
		{ COLUMN_COUNTRY, &target->country },
		{ COLUMN_OTHER_FRNS, &target->other_frns },
		{ COLUMN_OTHER_DBA_NAMES, &target->other_dba_names },
		{ COLUMN_PREVIOUS_DBA_NAMES, &target->previous_dba_names },
		{ COLUMN_CONTACT_NAME, &target->contact_name },
		{ COLUMN_CONTACT_TITLE, &target->contact_title },
		{ COLUMN_CONTACT_DEPARTMENT, &target->contact_department },
		{ COLUMN_CONTACT_BUSINESS_ADDRESS, &target->contact_business_address },
		{ COLUMN_CONTACT_COUNTRY, &target->contact_country },
		{ COLUMN_CONTACT_TELEPHONE_NUMBER, &target->contact_telephone_number },
		{ COLUMN_CONTACT_PHONE_EXTENSION, &target->contact_phone_extension },
		{ COLUMN_FILING_URL, &target->filing_url },
	};
	size_t used = 0;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct slice text = filing->text[places[i].column];

		*places[i].text = "";
		if (text.length == 0)
			continue;
		if (target->buffer == NULL || target->buffer_size - used <= text.length)
			return RMD_ERROR_TOO_LONG;
		memcpy(target->buffer + used, text.data, text.length);
		target->buffer[used + text.length] = '\0';
		*places[i].text = target->buffer + used;
		used += text.length + 1;
	}
	return RMD_OK;
}

enum rmd_status
filing_fill(const struct snapshot *snapshot, uint32_t number, int64_t checked_at, struct rmd_filing *target)
{
	struct past_filing past;
	struct filing filing;

	*target = (struct rmd_filing){
		.size = target->size,
		.buffer = target->buffer,
		.buffer_size = target->buffer_size,
		.first_seen = RMD_TIME_NONE,
		.since = RMD_TIME_NONE,
		.business_name = "",
		.business_address = "",
		.country = "",
		.other_frns = "",
		.other_dba_names = "",
		.previous_dba_names = "",
		.contact_name = "",
		.contact_title = "",
		.contact_department = "",
		.contact_business_address = "",
		.contact_country = "",
		.contact_telephone_number = "",
		.contact_phone_extension = "",
		.filing_url = "",
	};
	if (number == 0 || snapshot == NULL)
		return RMD_OK;
	if (!past_filing(snapshot, number, checked_at, &past) || !past.known || !filing_decode(past.form, &filing))
		return RMD_ERROR_DAMAGED;
	rmd_number_format(target->rmd_number, filing.number);
	frn_format(target->frn, filing.frn);
	target->listed = past.listed;
	target->implementation = (enum rmd_implementation)filing.implementation;
	target->roles = filing.roles;
	target->foreign_provider = filing.foreign == FOREIGN_YES ? 1 : filing.foreign == FOREIGN_NO ? 0 : -1;
	day_format(target->last_updated, filing.last_updated);
	day_format(target->last_recertified, filing.last_recertified);
	target->first_seen = past.first_seen;
	target->since = past.since;
	return filing_texts(&filing, target);
}

enum rmd_status
rmd_filings_open(struct rmd *rmd, struct rmd_filings **result)
{
	struct rmd_filings *filings;
	enum rmd_status status;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	if (rmd == NULL)
		return RMD_ERROR_ARGUMENT;
	filings = calloc(1, sizeof *filings);
	if (filings == NULL)
		return RMD_ERROR_MEMORY;
	status = handle_walk(rmd, TABLE_FILING, &filings->snapshot, &filings->walk);
	if (status != RMD_OK) {
		rmd_filings_close(filings);
		return status;
	}
	*result = filings;
	return RMD_OK;
}

int
rmd_filings_next(struct rmd_filings *filings, struct rmd_filing *target)
{
	struct slice key, value;
	enum rmd_status status;

	if (filings == NULL || target == NULL || target->size < sizeof *target)
		return RMD_ERROR_ARGUMENT;
	if (!walk_next(filings->walk, &key, &value))
		return 0;
	if (key.length != 4)
		return RMD_ERROR_DAMAGED;
	status = filing_fill(filings->snapshot, key_u32(key.data), INT64_MAX, target);
	return status == RMD_OK ? 1 : (int)status;
}

void
rmd_filings_close(struct rmd_filings *filings)
{
	if (filings == NULL)
		return;
	walk_end(filings->walk);
	snapshot_close(filings->snapshot);
	free(filings);
}
