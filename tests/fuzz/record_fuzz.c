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
