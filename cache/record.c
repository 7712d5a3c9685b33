/* SPDX-License-Identifier: ISC
 *
 * The records of a snapshot, byte by byte. Nothing here knows what a value means for a verdict.
 */
#include "cache/record.h"

#include <string.h>

/* Bytes go in and come out at a cursor; a value that is too short makes every later read give 0 and sets `bad`. */
struct cursor {
	const unsigned char *data;
	size_t left;
	bool bad;
};

static unsigned char *
put(unsigned char *target, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		target[i] = (unsigned char)(number >> (8 * i));
	return target + bytes;
}

static uint64_t
take(struct cursor *cursor, unsigned bytes)
{
	uint64_t number = 0;

	if (cursor->left < bytes) {
		cursor->bad = true;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		number |= (uint64_t)cursor->data[i] << (8 * i);
	cursor->data += bytes;
	cursor->left -= bytes;
	return number;
}

static void
take_bytes(struct cursor *cursor, unsigned char *target, size_t bytes)
{
	if (cursor->left < bytes) {
		cursor->bad = true;
		memset(target, 0, bytes);
		return;
	}
	memcpy(target, cursor->data, bytes);
	cursor->data += bytes;
	cursor->left -= bytes;
}

static struct cursor
cursor_of(struct slice value)
{
	return (struct cursor){ (const unsigned char *)value.data, value.length, false };
}

/* Text that ends a record: as long as the rest of it. */
static bool
take_text(struct cursor *cursor, char *target, size_t size)
{
	if (cursor->bad || cursor->left >= size || memchr(cursor->data, '\0', cursor->left) != NULL)
		return false;
	memcpy(target, cursor->data, cursor->left);
	target[cursor->left] = '\0';
	return true;
}

static size_t
put_text(unsigned char *target, const unsigned char *begin, const char *text, size_t maximum)
{
	size_t length = strnlen(text, maximum);

	memcpy(target, text, length);
	return (size_t)(target - begin) + length;
}

static size_t
put_key(unsigned char *key, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		key[i] = (unsigned char)(number >> (8 * (bytes - 1 - i)));
	return bytes;
}

static struct slice
key_of(const unsigned char *key, size_t length)
{
	return (struct slice){ (const char *)key, length };
}

struct slice
key_filing(unsigned char *key, uint32_t number)
{
	return key_of(key, put_key(key, number, 4));
}

struct slice
key_by_frn(unsigned char *key, uint64_t frn, uint32_t number)
{
	return key_of(key, put_key(key, frn, 8) + put_key(key + 8, number, 4));
}

struct slice
key_by_name(unsigned char *key, struct slice folded, uint32_t number)
{
	size_t length = folded.length > LIMIT_NAME_KEY_BYTES ? LIMIT_NAME_KEY_BYTES : folded.length;

	memcpy(key, folded.data, length);
	key[length] = '\0';
	return key_of(key, length + 1 + put_key(key + length + 1, number, 4));
}

struct slice
key_history(unsigned char *key, uint32_t number, uint32_t generation)
{
	return key_of(key, put_key(key, number, 4) + put_key(key + 4, generation, 4));
}

struct slice
key_run(unsigned char *key, int64_t checked_at, uint32_t run)
{
	/* The sign bit is turned, so that instants before 1970 come first. */
	return key_of(key, put_key(key, (uint64_t)checked_at ^ (UINT64_C(1) << 63), 8) + put_key(key + 8, run, 4));
}

uint32_t
key_u32(const void *key)
{
	const unsigned char *bytes = key;

	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

uint64_t
key_u64(const void *key)
{
	return (uint64_t)key_u32(key) << 32 | key_u32((const unsigned char *)key + 4);
}

int64_t
key_run_instant(const void *key)
{
	return (int64_t)(key_u64(key) ^ (UINT64_C(1) << 63));
}

void
lifecycle_encode(const struct lifecycle *lifecycle, unsigned char target[LIFECYCLE_BYTES])
{
	target = put(target, lifecycle->listed, 4);
	target = put(target, lifecycle->row_quarantined, 4);
	target = put(target, lifecycle->first_generation, 4);
	target = put(target, lifecycle->since_generation, 4);
	target = put(target, (uint64_t)lifecycle->first_seen, 8);
	put(target, (uint64_t)lifecycle->since, 8);
}

bool
lifecycle_decode(struct slice value, struct lifecycle *lifecycle, struct slice *form)
{
	struct cursor cursor = cursor_of(value);

	lifecycle->listed = take(&cursor, 4) != 0;
	lifecycle->row_quarantined = take(&cursor, 4) != 0;
	lifecycle->first_generation = (uint32_t)take(&cursor, 4);
	lifecycle->since_generation = (uint32_t)take(&cursor, 4);
	lifecycle->first_seen = (int64_t)take(&cursor, 8);
	lifecycle->since = (int64_t)take(&cursor, 8);
	*form = (struct slice){ (const char *)cursor.data, cursor.left };
	return !cursor.bad;
}

void
link_encode(int64_t until, unsigned char target[LINK_BYTES])
{
	put(target, (uint64_t)until, 8);
}

bool
link_decode(struct slice value, int64_t *until)
{
	struct cursor cursor = cursor_of(value);

	*until = (int64_t)take(&cursor, 8);
	return !cursor.bad && cursor.left == 0;
}

void
event_encode(const struct event *event, unsigned char target[EVENT_BYTES])
{
	target = put(target, event->kind, 1);
	target = put(target, event->fields, 4);
	put(target, (uint64_t)event->at, 8);
}

bool
event_decode(struct slice value, struct event *event)
{
	struct cursor cursor = cursor_of(value);

	event->kind = (uint8_t)take(&cursor, 1);
	event->fields = (uint32_t)take(&cursor, 4);
	event->at = (int64_t)take(&cursor, 8);
	event->before = (struct slice){ (const char *)cursor.data, cursor.left };
	return !cursor.bad && event->kind >= 1 && event->kind <= 4 && (event->fields != 0) == (cursor.left != 0);
}

size_t
run_encode(const struct run *run, unsigned char target[RUN_ENCODED_MAX])
{
	unsigned char *end = put(target, run->kind, 1);

	end = put(end, run->generation, 4);
	end = put(end, run->rows, 4);
	end = put(end, run->rejected, 4);
	end = put(end, run->added, 4);
	end = put(end, run->removed, 4);
	end = put(end, run->changed, 4);
	end = put(end, run->relisted, 4);
	end = put(end, run->operator_changed, 4);
	end = put(end, (uint64_t)run->data_at, 8);
	memcpy(end, run->digest, sizeof run->digest);
	return put_text(end + sizeof run->digest, target, run->source, LIMIT_SOURCE_BYTES);
}

bool
run_decode(struct slice value, struct run *run)
{
	struct cursor cursor = cursor_of(value);

	run->kind = (uint8_t)take(&cursor, 1);
	run->generation = (uint32_t)take(&cursor, 4);
	run->rows = (uint32_t)take(&cursor, 4);
	run->rejected = (uint32_t)take(&cursor, 4);
	run->added = (uint32_t)take(&cursor, 4);
	run->removed = (uint32_t)take(&cursor, 4);
	run->changed = (uint32_t)take(&cursor, 4);
	run->relisted = (uint32_t)take(&cursor, 4);
	run->operator_changed = (uint32_t)take(&cursor, 4);
	run->data_at = (int64_t)take(&cursor, 8);
	take_bytes(&cursor, run->digest, sizeof run->digest);
	return take_text(&cursor, run->source, sizeof run->source);
}

size_t
reject_encode(const struct reject_record *reject, unsigned char target[REJECT_ENCODED_MAX])
{
	unsigned char *end = put(target, reject->line, 8);

	end = put(end, reject->number, 4);
	end = put(end, reject->frn, 8);
	end = put(end, reject->column, 1);
	return put_text(end, target, reject->reason, REJECT_REASON_BYTES - 1);
}

bool
reject_decode(struct slice value, struct reject_record *reject)
{
	struct cursor cursor = cursor_of(value);

	reject->line = take(&cursor, 8);
	reject->number = (uint32_t)take(&cursor, 4);
	reject->frn = take(&cursor, 8);
	reject->column = (uint8_t)take(&cursor, 1);
	return take_text(&cursor, reject->reason, sizeof reject->reason);
}

size_t
operator_encode(const struct operator_data *data, unsigned char *target)
{
	unsigned char *end = put(target, (uint64_t)data->max_age, 8);

	end = put(end, (uint64_t)data->missing_grace, 8);
	end = put(end, data->role_mismatch_accepted, 8);
	for (unsigned i = 0; i < 16; i++)
		end = put(end, data->foreign_area_codes[i], 8);
	for (unsigned i = 0; i < DUE_YEARS; i++)
		end = put(end, (uint64_t)data->recertification_due[i], 8);
	for (size_t i = 0; i < data->public_safety_count; i++)
		end = put(end, data->public_safety[i], 8);
	return (size_t)(end - target);
}

size_t
state_encode(const struct state *state, unsigned char target[STATE_ENCODED_MAX])
{
	unsigned char *end = put(target, state->format, 4);

	end = put(end, state->generation, 4);
	end = put(end, state->decoder, 4);
	end = put(end, state->runs, 4);
	end = put(end, (uint64_t)state->checked_at, 8);
	end = put(end, (uint64_t)state->data_at, 8);
	end = put(end, (uint64_t)state->changed_at, 8);
	end = put(end, (uint64_t)state->first_checked_at, 8);
	end = put(end, state->filings, 4);
	end = put(end, state->not_certified, 4);
	end = put(end, state->vanished, 4);
	end = put(end, state->rejected, 4);
	end = put(end, state->notices, 4);
	end = put(end, state->peers, 4);
	end = put(end, state->events, 8);
	memcpy(end, state->digest, sizeof state->digest);
	return put_text(end + sizeof state->digest, target, state->source, LIMIT_SOURCE_BYTES);
}

uint32_t
state_format(struct slice value)
{
	struct cursor cursor = cursor_of(value);

	return (uint32_t)take(&cursor, 4);
}

bool
state_decode(struct slice value, struct state *state)
{
	struct cursor cursor = cursor_of(value);

	state->format = (uint32_t)take(&cursor, 4);
	state->generation = (uint32_t)take(&cursor, 4);
	state->decoder = (uint32_t)take(&cursor, 4);
	state->runs = (uint32_t)take(&cursor, 4);
	state->checked_at = (int64_t)take(&cursor, 8);
	state->data_at = (int64_t)take(&cursor, 8);
	state->changed_at = (int64_t)take(&cursor, 8);
	state->first_checked_at = (int64_t)take(&cursor, 8);
	state->filings = (uint32_t)take(&cursor, 4);
	state->not_certified = (uint32_t)take(&cursor, 4);
	state->vanished = (uint32_t)take(&cursor, 4);
	state->rejected = (uint32_t)take(&cursor, 4);
	state->notices = (uint32_t)take(&cursor, 4);
	state->peers = (uint32_t)take(&cursor, 4);
	state->events = take(&cursor, 8);
	take_bytes(&cursor, state->digest, sizeof state->digest);
	return take_text(&cursor, state->source, sizeof state->source);
}

static uint64_t
text_bytes(struct slice text)
{
	return text.length < LIMIT_NOTICE_TEXT ? text.length : LIMIT_NOTICE_TEXT;
}

size_t
notice_encoded_length(const struct notice_record *notice)
{
	return NOTICE_BYTES + text_bytes(notice->id) + text_bytes(notice->title) + text_bytes(notice->source) +
	       (size_t)notice->provider_count * NOTICE_PROVIDER_BYTES;
}

static unsigned char *
put_line(unsigned char *target, struct slice text)
{
	size_t length = text_bytes(text);

	target = put(target, length, 2);
	if (length > 0)
		memcpy(target, text.data, length);
	return target + length;
}

void
notice_encode(const struct notice_record *notice, const struct notice_key *keys, unsigned char *target)
{
	target = put(target, notice->kind, 1);
	target = put(target, (uint64_t)notice->issued, 8);
	target = put(target, (uint32_t)notice->released, 4);
	target = put(target, (uint64_t)notice->effective, 8);
	target = put(target, (uint64_t)notice->after_48_hours, 8);
	target = put(target, (uint64_t)notice->after_14_days, 8);
	target = put(target, (uint64_t)notice->mitigated, 8);
	target = put(target, (uint64_t)notice->measures, 8);
	target = put(target, (uint64_t)notice->fcc_notified, 8);
	target = put(target, (uint64_t)notice->blocking_began, 8);
	memcpy(target, notice->digest, sizeof notice->digest);
	target = put_line(target + sizeof notice->digest, notice->id);
	target = put_line(target, notice->title);
	target = put_line(target, notice->source);
	target = put(target, notice->provider_count, 4);
	for (uint32_t i = 0; i < notice->provider_count; i++) {
		target = put(target, keys[i].frn, 8);
		target = put(target, keys[i].number, 4);
	}
}

static struct slice
take_line(struct cursor *cursor)
{
	size_t length = (size_t)take(cursor, 2);
	struct slice text = { (const char *)cursor->data, length };

	if (length > cursor->left || length > LIMIT_NOTICE_TEXT ||
	    (length > 0 && memchr(text.data, '\0', length) != NULL)) {
		cursor->bad = true;
		return (struct slice){ NULL, 0 };
	}
	cursor->data += length;
	cursor->left -= length;
	return text;
}

bool
notice_decode(struct slice value, struct notice_record *notice)
{
	struct cursor cursor = cursor_of(value);

	notice->kind = (uint8_t)take(&cursor, 1);
	notice->issued = (int64_t)take(&cursor, 8);
	notice->released = (day)(uint32_t)take(&cursor, 4);
	notice->effective = (int64_t)take(&cursor, 8);
	notice->after_48_hours = (int64_t)take(&cursor, 8);
	notice->after_14_days = (int64_t)take(&cursor, 8);
	notice->mitigated = (int64_t)take(&cursor, 8);
	notice->measures = (int64_t)take(&cursor, 8);
	notice->fcc_notified = (int64_t)take(&cursor, 8);
	notice->blocking_began = (int64_t)take(&cursor, 8);
	take_bytes(&cursor, notice->digest, sizeof notice->digest);
	notice->id = take_line(&cursor);
	notice->title = take_line(&cursor);
	notice->source = take_line(&cursor);
	notice->provider_count = (uint32_t)take(&cursor, 4);
	notice->providers = (struct slice){ (const char *)cursor.data, cursor.left };
	return !cursor.bad && notice->kind >= DOCUMENT_NOTICE && notice->kind <= DOCUMENT_REINSTATEMENT &&
	       notice->id.length > 0 && cursor.left == (uint64_t)notice->provider_count * NOTICE_PROVIDER_BYTES;
}

struct notice_key
notice_provider_at(const struct notice_record *notice, uint32_t index)
{
	struct cursor cursor = cursor_of((struct slice){
		notice->providers.data + (size_t)index * NOTICE_PROVIDER_BYTES, NOTICE_PROVIDER_BYTES });
	struct notice_key key;

	key.frn = take(&cursor, 8);
	key.number = (uint32_t)take(&cursor, 4);
	return key;
}

size_t
peer_encoded_length(const struct peer_record *peer, const struct peer_key *keys)
{
	size_t length = PEER_BYTES + text_bytes(peer->name);

	for (uint32_t i = 0; i < peer->key_count; i++)
		length += 1 + 2 + text_bytes(keys[i].text);
	return length;
}

void
peer_encode(const struct peer_record *peer, const struct peer_key *keys, unsigned char *target)
{
	target = put(target, peer->frn, 8);
	target = put(target, peer->number, 4);
	target = put(target, peer->role, 1);
	target = put_line(target, peer->name);
	target = put(target, peer->key_count, 4);
	for (uint32_t i = 0; i < peer->key_count; i++) {
		target = put(target, keys[i].kind, 1);
		target = put_line(target, keys[i].text);
	}
}

bool
peer_key_next(struct peer_record *peer, struct peer_key *key)
{
	struct cursor cursor = cursor_of(peer->keys);

	if (cursor.left == 0)
		return false;
	key->kind = (uint8_t)take(&cursor, 1);
	key->text = take_line(&cursor);
	if (cursor.bad || key->text.length == 0)
		return false;
	peer->keys = (struct slice){ (const char *)cursor.data, cursor.left };
	return true;
}

bool
peer_decode(struct slice value, struct peer_record *peer)
{
	struct cursor cursor = cursor_of(value);
	struct peer_record copy;
	struct peer_key key;
	uint32_t count = 0;

	peer->frn = take(&cursor, 8);
	peer->number = (uint32_t)take(&cursor, 4);
	peer->role = (uint8_t)take(&cursor, 1);
	peer->name = take_line(&cursor);
	peer->key_count = (uint32_t)take(&cursor, 4);
	peer->keys = (struct slice){ (const char *)cursor.data, cursor.left };
	copy = *peer;
	while (!cursor.bad && peer_key_next(&copy, &key))
		count++;
	return !cursor.bad && copy.keys.length == 0 && count == peer->key_count && peer->name.length > 0 &&
	       (peer->frn == 0) != (peer->number == 0);
}

size_t
name_encode(const struct name_record *name, unsigned char target[NAME_ENCODED_MAX])
{
	unsigned char *place = put(target, name->column, 1);

	place = put(place, name->kind, 1);
	place = put(place, name->begin, 4);
	place = put(place, name->length, 2);
	place = put(place, name->folded.length, 2);
	memcpy(place, name->folded.data, name->folded.length);
	return (size_t)(place - target) + name->folded.length;
}

bool
name_next(struct slice *names, struct name_record *name)
{
	struct cursor cursor = cursor_of(*names);

	if (names->length == 0)
		return false;
	name->column = (uint8_t)take(&cursor, 1);
	name->kind = (uint8_t)take(&cursor, 1);
	name->begin = (uint32_t)take(&cursor, 4);
	name->length = (uint16_t)take(&cursor, 2);
	name->folded = (struct slice){ NULL, (size_t)take(&cursor, 2) };
	name->folded.data = (const char *)cursor.data;
	if (cursor.bad || name->folded.length == 0 || name->folded.length > cursor.left ||
	    name->folded.length > LIMIT_NAME_KEY_BYTES)
		return false;
	*names = (struct slice){ name->folded.data + name->folded.length, cursor.left - name->folded.length };
	return true;
}

bool
validator_good(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return text.length <= LIMIT_VALIDATOR_BYTES;
}

static unsigned char *
put_validator(unsigned char *target, const char *text)
{
	size_t length = strnlen(text, LIMIT_VALIDATOR_BYTES);

	target = put(target, length, 2);
	memcpy(target, text, length);
	return target + length;
}

static void
take_validator(struct cursor *cursor, char target[LIMIT_VALIDATOR_BYTES + 1])
{
	size_t length = (size_t)take(cursor, 2);

	if (length > LIMIT_VALIDATOR_BYTES) {
		cursor->bad = true;
		length = 0;
	}
	take_bytes(cursor, (unsigned char *)target, length);
	target[length] = '\0';
	if (strlen(target) != length || !validator_good((struct slice){ target, length }))
		cursor->bad = true;
}

size_t
validators_encode(const struct validators *validators, unsigned char target[VALIDATORS_ENCODED_MAX])
{
	unsigned char *end = put(target, (uint64_t)validators->fetched_at, 8);

	end = put_validator(end, validators->etag);
	end = put_validator(end, validators->last_modified);
	return put_text(end, target, validators->source, LIMIT_SOURCE_BYTES);
}

bool
validators_decode(struct slice value, struct validators *validators)
{
	struct cursor cursor = cursor_of(value);

	validators->fetched_at = (int64_t)take(&cursor, 8);
	take_validator(&cursor, validators->etag);
	take_validator(&cursor, validators->last_modified);
	return take_text(&cursor, validators->source, sizeof validators->source) &&
	       (validators->etag[0] != '\0' || validators->last_modified[0] != '\0');
}

void
digest_text(const unsigned char digest[32], char text[65])
{
	static const char hexadecimal[] = "0123456789abcdef";

	for (int i = 0; i < 32; i++) {
		text[2 * i] = hexadecimal[digest[i] >> 4];
		text[2 * i + 1] = hexadecimal[digest[i] & 15];
	}
	text[64] = '\0';
}

bool
digest_parse(const char *text, unsigned char digest[32])
{
	if (strlen(text) != 64)
		return false;
	for (int i = 0; i < 32; i++) {
		int high = hexadecimal_digit(text[2 * i]);
		int low = hexadecimal_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		digest[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}
