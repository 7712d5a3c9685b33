/* SPDX-License-Identifier: ISC
 *
 * The past, from the filing as it is now and the events behind it, the newest first. Slower than the packed table, and
 * never in the path of a call.
 */
#include "lib/past.h"

#include <string.h>

/* Takes one event back. */
static void
event_undo(struct past_filing *filing, const struct event *event)
{
	switch (event->kind) {
	case RMD_EVENT_ADDED:
		filing->known = false;
		filing->listed = false;
		break;
	case RMD_EVENT_VANISHED:
		filing->listed = true;
		break;
	case RMD_EVENT_RELISTED:
		filing->listed = false;
		break;
	default:
		break;
	}
	if (event->before.length > 0)
		filing->form = event->before;
}

/* Goes from the newest event of the filing back to the last one that the check at `checked_at` saw. */
static bool
events_undo(const struct snapshot *snapshot, uint32_t number, int64_t checked_at, struct past_filing *filing)
{
	struct walk *walk = walk_begin(snapshot, TABLE_HISTORY);
	unsigned char behind[KEY_MAX];
	struct slice key, value;
	struct event event;
	bool more;

	if (walk == NULL)
		return false;
	/* Behind the last event of this filing stands the first of the next one, or the end of the table. */
	walk_seek(walk, (struct slice){ (const char *)behind, key_history(behind, number + 1, 0) }, &key, &value);
	more = walk_previous(walk, &key, &value);
	while (more && key.length == 8 && key_u32((const unsigned char *)key.data) == number) {
		if (!event_decode(value, &event)) {
			walk_end(walk);
			return false;
		}
		if (event.at <= checked_at) {
			if (event.kind != RMD_EVENT_CHANGED) {
				filing->since = event.at;
				break;
			}
		} else {
			event_undo(filing, &event);
		}
		more = walk_previous(walk, &key, &value);
	}
	walk_end(walk);
	return true;
}

bool
past_filing(const struct snapshot *snapshot, uint32_t number, int64_t checked_at, struct past_filing *filing)
{
	unsigned char key[KEY_MAX];
	struct lifecycle lifecycle;
	struct slice value;

	if (!snapshot_get(snapshot, TABLE_FILING, (struct slice){ (const char *)key, key_filing(key, number) }, &value) ||
	    !lifecycle_decode(value, &lifecycle, &filing->form))
		return false;
	filing->known = true;
	filing->listed = lifecycle.listed;
	filing->since = lifecycle.since;
	filing->first_seen = lifecycle.first_seen;
	return events_undo(snapshot, number, checked_at, filing);
}

static bool
form_decode(struct slice form, struct filing *filing)
{
	return filing_decode((const unsigned char *)form.data, form.length, filing);
}

/* The check at or before `checked_at` that first saw the filing without this FRN, which it had before; TIME_NONE: it never
 * had it. */
static int64_t
frn_given_up(const struct snapshot *snapshot, uint32_t number, uint64_t frn, int64_t checked_at)
{
	struct walk *walk = walk_begin(snapshot, TABLE_HISTORY);
	unsigned char first[KEY_MAX];
	int64_t given_up = TIME_NONE;
	struct slice key, value;
	struct filing before;
	struct event event;
	bool more;

	if (walk == NULL)
		return TIME_NONE;
	more = walk_seek(walk, (struct slice){ (const char *)first, key_history(first, number, 0) }, &key, &value);
	while (more && key.length == 8 && key_u32((const unsigned char *)key.data) == number &&
	       event_decode(value, &event) && event.at <= checked_at) {
		if ((event.fields & UINT32_C(1) << COLUMN_FRN) != 0 && form_decode(event.before, &before) &&
		    before.frn == frn)
			given_up = event.at;
		more = walk_next(walk, &key, &value);
	}
	walk_end(walk);
	return given_up;
}

static bool
kind_present(const struct provider_facts *provider, const struct filing *filing)
{
	for (unsigned i = 0; i < provider->filing_count; i++)
		if (provider->filings[i].implementation == filing->implementation &&
		    provider->filings[i].roles == filing->roles)
			return true;
	return false;
}

static void
missing_add(struct provider_facts *provider, uint32_t number, int64_t since)
{
	if (provider->last_number != 0 && provider->missing_since >= since)
		return;
	provider->last_number = number;
	provider->missing_since = since;
}

/* Adds what one filing, whose number the FRN had at some time, was to the provider then. */
static bool
provider_add(const struct snapshot *snapshot, uint32_t number, int64_t checked_at, struct filing_facts *filings,
	     struct provider_facts *provider)
{
	struct past_filing past;
	struct filing filing;

	if (!past_filing(snapshot, number, checked_at, &past))
		return false;
	if (!past.known)
		return true;
	if (!form_decode(past.form, &filing))
		return false;
	if (filing.frn != provider->frn) {
		int64_t given_up = frn_given_up(snapshot, number, provider->frn, checked_at);

		if (given_up != TIME_NONE) {
			provider->known = true;
			missing_add(provider, number, given_up);
		}
		return true;
	}
	provider->known = true;
	if (!past.listed) {
		missing_add(provider, number, past.since);
		return true;
	}
	/* As in the packed table: of very many filings the first of each kind decides the same. */
	if (provider->filing_count == PACKED_LIST_MAX ||
	    (provider->filing_count >= PACKED_LIST_MAX / 2 && kind_present(provider, &filing)))
		return true;
	filings[provider->filing_count++] = (struct filing_facts){
		.number = number,
		.implementation = filing.implementation,
		.roles = filing.roles,
		.lossy_name = utf8_lossy(filing.text[COLUMN_BUSINESS_NAME]),
		.overdue_from =
			packed_overdue_from(snapshot_packed(snapshot)->header, filing.last_recertified),
	};
	return true;
}

bool
past_provider(const struct snapshot *snapshot, uint64_t frn, uint32_t number, int64_t checked_at,
	      struct filing_facts *filings, struct provider_facts *provider)
{
	unsigned char first[KEY_MAX];
	struct slice key, value;
	struct past_filing past;
	struct filing filing;
	struct walk *walk;
	bool more, good = true;

	*provider = (struct provider_facts){ .frn = frn, .filings = filings, .missing_since = TIME_NONE };
	if (frn == 0) {
		if (!past_filing(snapshot, number, checked_at, &past))
			return true;
		if (!past.known)
			return true;
		if (!form_decode(past.form, &filing))
			return false;
		provider->frn = filing.frn;
		if (filing.frn == 0)
			return provider_add(snapshot, number, checked_at, filings, provider);
	}
	walk = walk_begin(snapshot, TABLE_BY_FRN);
	if (walk == NULL)
		return false;
	more = walk_seek(walk, (struct slice){ (const char *)first, key_by_frn(first, provider->frn, 0) }, &key,
			 &value);
	while (good && more && key.length == 12 && key_u64((const unsigned char *)key.data) == provider->frn) {
		good = provider_add(snapshot, key_u32((const unsigned char *)key.data + 8), checked_at, filings, provider);
		more = walk_next(walk, &key, &value);
	}
	walk_end(walk);
	return good;
}
