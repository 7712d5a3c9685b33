/* SPDX-License-Identifier: ISC
 *
 * Any bytes as each record of a snapshot: bounded, and what is a record is the same when it is written again.
 */
#include <stdlib.h>
#include <string.h>

#include "cache/record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_same(struct slice value, const void *again, size_t length)
{
	require(value.length >= length && (length == 0 || memcmp(value.data, again, length) == 0));
}

static void
require_inside(struct slice value, struct slice part)
{
	require(part.length == 0 ||
		(part.data >= value.data && part.data + part.length == value.data + value.length));
}

static void
history_records(struct slice value)
{
	unsigned char again[LIFECYCLE_BYTES];
	struct lifecycle lifecycle, same;
	struct slice form, none;
	struct event event;
	int64_t until;

	if (lifecycle_decode(value, &lifecycle, &form)) {
		require_inside(value, form);
		/* A flag may be any number but 0 in the store, so the bytes need not be the same. */
		lifecycle_encode(&lifecycle, again);
		require(lifecycle_decode((struct slice){ (const char *)again, sizeof again }, &same, &none));
		require(same.listed == lifecycle.listed && same.since == lifecycle.since &&
			same.first_seen == lifecycle.first_seen &&
			same.since_generation == lifecycle.since_generation);
	}
	if (link_decode(value, &until)) {
		link_encode(until, again);
		require_same(value, again, LINK_BYTES);
	}
	if (event_decode(value, &event)) {
		require_inside(value, event.before);
		event_encode(&event, again);
		require_same(value, again, EVENT_BYTES);
	}
}

static void
notice_record(struct slice value)
{
	struct notice_record notice;
	struct notice_key *keys;
	unsigned char *again;

	if (!notice_decode(value, &notice))
		return;
	require(notice_encoded_length(&notice) == value.length);
	again = malloc(value.length);
	keys = calloc(notice.provider_count + 1, sizeof *keys);
	require(again != NULL && keys != NULL);
	for (uint32_t i = 0; i < notice.provider_count; i++)
		keys[i] = notice_provider_at(&notice, i);
	notice_encode(&notice, keys, again);
	require_same(value, again, value.length);
	free(keys);
	free(again);
}

static void
peer_record(struct slice value)
{
	struct peer_record peer, rest;
	struct peer_key *keys;
	unsigned char *again;

	if (!peer_decode(value, &peer))
		return;
	keys = calloc(peer.key_count + 1, sizeof *keys);
	require(keys != NULL);
	rest = peer;
	for (uint32_t i = 0; i < peer.key_count; i++) {
		require(peer_key_next(&rest, &keys[i]));
		require(keys[i].text.data >= value.data &&
			keys[i].text.data + keys[i].text.length <= value.data + value.length);
	}
	require(!peer_key_next(&rest, &keys[peer.key_count]));
	require(peer_encoded_length(&peer, keys) == value.length);
	again = malloc(value.length);
	require(again != NULL);
	peer_encode(&peer, keys, again);
	require_same(value, again, value.length);
	free(keys);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice value = { (const char *)data, size };
	/* The longest of them. */
	unsigned char again[STATE_ENCODED_MAX];
	struct reject_record reject;
	struct state state;
	struct run run;

	_Static_assert(STATE_ENCODED_MAX >= RUN_ENCODED_MAX && STATE_ENCODED_MAX >= REJECT_ENCODED_MAX, "it is");
	history_records(value);
	notice_record(value);
	peer_record(value);
	if (run_decode(value, &run)) {
		require(run_encode(&run, again) == size);
		require_same(value, again, size);
	}
	if (reject_decode(value, &reject)) {
		require(reject_encode(&reject, again) == size);
		require_same(value, again, size);
	}
	if (state_decode(value, &state)) {
		require(state_format(value) == state.format);
		require(state_encode(&state, again) == size);
		require_same(value, again, size);
	}
	return 0;
}
