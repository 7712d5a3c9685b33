/* SPDX-License-Identifier: ISC
 *
 * The past, from the filing as it is now and the events behind it, the newest first. Slower than the packed table,
 * and never in the path of a call.
 */
#include "lib/past.h"

#include <string.h>

/* Whether the history knows a filing by this key. A table that then does not give it could not be read: nobody may
 * take that for an absence. */
static bool
packed_knows(const struct snapshot *snapshot, uint64_t key)
{
	const struct packed_slot *slot = packed_find(snapshot_packed(snapshot), key);

	return slot != NULL && (slot->flags & PACKED_KNOWN) != 0;
}

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
	walk_seek(walk, key_history(behind, number + 1, 0), &key, &value);
	more = walk_previous(walk, &key, &value);
	while (more && key.length == 8 && key_u32(key.data) == number) {
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

	*filing = (struct past_filing){ .since = TIME_NONE, .first_seen = TIME_NONE };
	if (!snapshot_get(snapshot, TABLE_FILING, key_filing(key, number), &value))
		return !packed_knows(snapshot, packed_key(PACKED_RMD, number));
	if (!lifecycle_decode(value, &lifecycle, &filing->form))
		return false;
	filing->known = true;
	filing->listed = lifecycle.listed;
	filing->since = lifecycle.since;
	filing->first_seen = lifecycle.first_seen;
	/* As it is now: there is nothing to take back. */
	if (checked_at >= snapshot_state(snapshot)->checked_at)
		return true;
	return events_undo(snapshot, number, checked_at, filing);
}

static bool
form_decode(struct slice form, struct filing *filing)
{
	return filing_decode(form, filing);
}

/* The check at or before `checked_at` that first saw the filing without this FRN, which it had before; TIME_NONE: it
 * never had it. False: memory is short. */
static bool
frn_given_up(const struct snapshot *snapshot, uint32_t number, uint64_t frn, int64_t checked_at, int64_t *given_up)
{
	struct walk *walk = walk_begin(snapshot, TABLE_HISTORY);
	unsigned char first[KEY_MAX];
	struct slice key, value;
	struct filing before;
	struct event event;
	bool more;

	*given_up = TIME_NONE;
	if (walk == NULL)
		return false;
	more = walk_seek(walk, key_history(first, number, 0), &key, &value);
	while (more && key.length == 8 && key_u32(key.data) == number && event_decode(value, &event) &&
	       event.at <= checked_at) {
		if ((event.fields & UINT32_C(1) << COLUMN_FRN) != 0 && form_decode(event.before, &before) &&
		    before.frn == frn)
			*given_up = event.at;
		more = walk_next(walk, &key, &value);
	}
	walk_end(walk);
	return true;
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

/* What the provider lost before counts no more. */
static void
missing_add(struct provider_facts *provider, uint32_t number, int64_t since)
{
	if (provider->last_number != 0 && provider->missing_since >= since)
		return;
	provider->last_number = number;
	provider->missing_since = since;
	provider->vanished_count = 0;
}

static struct filing_facts
facts_of(const struct snapshot *snapshot, const struct filing *filing, bool listed)
{
	return (struct filing_facts){
		.number = filing->number,
		.implementation = filing->implementation,
		.roles = filing->roles,
		.lossy_name = utf8_lossy(filing->text[COLUMN_BUSINESS_NAME]),
		.overdue_from =
			listed ? packed_overdue_from(snapshot_packed(snapshot)->header, filing->last_recertified)
			       : TIME_NONE,
	};
}

/* While none is listed, those with which the last one went are kept. */
static void
vanished_add(const struct snapshot *snapshot, const struct filing *filing, int64_t since,
	     struct filing_facts *filings, struct provider_facts *provider)
{
	missing_add(provider, filing->number, since);
	if (provider->filing_count == 0 && since == provider->missing_since &&
	    provider->vanished_count < PACKED_LIST_MAX)
		filings[provider->vanished_count++] = facts_of(snapshot, filing, false);
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
		int64_t given_up;

		if (!frn_given_up(snapshot, number, provider->frn, checked_at, &given_up))
			return false;
		if (given_up != TIME_NONE) {
			provider->known = true;
			missing_add(provider, number, given_up);
		}
		return true;
	}
	provider->known = true;
	if (!past.listed) {
		vanished_add(snapshot, &filing, past.since, filings, provider);
		return true;
	}
	provider->vanished_count = 0;
	if (filing.last_updated > provider->last_updated)
		provider->last_updated = filing.last_updated;
	/* As in the packed table: of very many filings the first of each kind decides the same, and two are several.
	 */
	if (provider->filing_count == PACKED_LIST_MAX ||
	    (provider->filing_count >= 2 && kind_present(provider, &filing)))
		return true;
	filings[provider->filing_count++] = facts_of(snapshot, &filing, true);
	return true;
}

/* Whether the filing names this FRN among its others. */
static bool
form_names(struct slice form, uint64_t frn)
{
	struct filing filing;
	uint64_t other;

	if (!form_decode(form, &filing))
		return false;
	do
		other = frn_next(&filing.text[COLUMN_OTHER_FRNS]);
	while (other != 0 && other != frn);
	return other == frn;
}

/* The form in a record of the table, where it has one. */
static struct slice
form_of(enum snapshot_table table, struct slice value)
{
	struct slice form = { NULL, 0 };
	struct lifecycle lifecycle;
	struct event event;

	if (table == TABLE_FILING && lifecycle_decode(value, &lifecycle, &form))
		return form;
	if (table == TABLE_HISTORY && event_decode(value, &event))
		return event.before;
	return (struct slice){ NULL, 0 };
}

/* Whether a filing named the FRN among its others at that check: the packed table knows that of the last check only.
 * What a filing said then is what it says now, or stands before one of its events; `table` is one of these two. */
static bool
alias_in(const struct snapshot *snapshot, enum snapshot_table table, uint64_t frn, int64_t checked_at, bool *alias)
{
	struct walk *walk = walk_begin(snapshot, table);
	struct past_filing past;
	struct slice key, value;

	if (walk == NULL)
		return false;
	while (!*alias && walk_next(walk, &key, &value))
		*alias = key.length >= 4 && form_names(form_of(table, value), frn) &&
			 past_filing(snapshot, key_u32(key.data), checked_at, &past) && past.listed &&
			 form_names(past.form, frn);
	walk_end(walk);
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
	bool more, good = true, found = false;

	*provider = (struct provider_facts){
		.frn = frn, .filings = filings, .last_updated = DAY_NONE, .missing_since = TIME_NONE
	};
	if (frn == 0) {
		if (!past_filing(snapshot, number, checked_at, &past))
			return false;
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
	more = walk_seek(walk, key_by_frn(first, provider->frn, 0), &key, &value);
	while (good && more && key.length == 12 && key_u64(key.data) == provider->frn) {
		good = provider_add(snapshot, key_u32(key.data + 8), checked_at, filings, provider);
		more = walk_next(walk, &key, &value);
		found = true;
	}
	walk_end(walk);
	if (!found && packed_knows(snapshot, packed_key(PACKED_FRN, provider->frn)))
		return false;
	if (good && !provider->known)
		good = alias_in(snapshot, TABLE_FILING, provider->frn, checked_at, &provider->alias) &&
		       alias_in(snapshot, TABLE_HISTORY, provider->frn, checked_at, &provider->alias);
	return good;
}
