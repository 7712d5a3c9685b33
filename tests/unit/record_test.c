/* SPDX-License-Identifier: ISC
 *
 * The records of a snapshot, byte by byte: what goes in comes out, keys sort as they should, and a value that was cut
 * short is never taken for a record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cache/record.h"
#include "rmd.h"

/* On the heap, to the byte: a sanitizer sees what is read beyond. */
static struct slice
exact(const void *data, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	assert_non_null(copy);
	if (length > 0)
		memcpy(copy, data, length);
	return (struct slice){ copy, length };
}

static void
drop(struct slice value)
{
	free((void *)(uintptr_t)value.data);
}

static void
text_fill(char *text, size_t length)
{
	memset(text, 'x', length);
	text[length] = '\0';
}

static void
keys_sort_as_their_numbers(void **state)
{
	static const uint32_t numbers[] = { 1, 255, 256, 65536, 9999999, UINT32_MAX };
	static const uint64_t frns[] = { 1, 255, UINT64_C(99000001), UINT64_C(9999999999) };
	static const int64_t instants[] = { INT64_MIN, -1, 0, 1, INT64_C(1760000000), INT64_MAX };
	unsigned char before[KEY_MAX], key[KEY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		assert_int_equal(key_filing(key, numbers[i]).length, 4);
		assert_int_equal(key_u32(key), numbers[i]);
		assert_true(i == 0 || memcmp(before, key, 4) < 0);
		memcpy(before, key, 4);
	}
	for (size_t i = 0; i < sizeof frns / sizeof frns[0]; i++) {
		assert_int_equal(key_by_frn(key, frns[i], 7).length, 12);
		assert_true(key_u64(key) == frns[i]);
		assert_int_equal(key_u32(key + 8), 7);
		assert_true(i == 0 || memcmp(before, key, 12) < 0);
		key_by_frn(before, frns[i], 8);
		assert_true(memcmp(key, before, 12) < 0);
	}
	for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
		assert_int_equal(key_run(key, instants[i], 3).length, 12);
		assert_true((key_u64(key) ^ UINT64_C(1) << 63) == (uint64_t)instants[i]);
		assert_true(i == 0 || memcmp(before, key, 12) < 0);
		key_run(before, instants[i], 4);
		assert_true(memcmp(key, before, 12) < 0);
	}
	assert_int_equal(key_history(key, 9, 10).length, 8);
	assert_int_equal(key_u32(key), 9);
	assert_int_equal(key_u32(key + 4), 10);
}

static void
name_keys_fit_and_end_in_the_number(void **state)
{
	char name[LIMIT_NAME_KEY_BYTES + 1];
	unsigned char key[KEY_MAX];

	(void)state;
	assert_int_equal(key_by_name(key, slice_of("alpha"), 0x01020304).length, 10);
	assert_memory_equal(key, "alpha\0\1\2\3\4", 10);
	text_fill(name, sizeof name - 1);
	assert_int_equal(key_by_name(key, slice_of(name), 5).length, LIMIT_NAME_KEY_BYTES + 5);
	assert_true(LIMIT_NAME_KEY_BYTES + 5 <= KEY_MAX);
	/* Longer ones are cut, never written beyond the key. */
	assert_int_equal(key_by_name(key, (struct slice){ name, sizeof name }, 5).length, LIMIT_NAME_KEY_BYTES + 5);
}

static void
lifecycle_round_trip(void **state)
{
	const struct lifecycle in = { true, false, 3, 4, INT64_C(1760000000), INT64_MIN };
	unsigned char bytes[LIFECYCLE_BYTES + 5];
	struct lifecycle out;
	struct slice value, form;

	(void)state;
	lifecycle_encode(&in, bytes);
	memcpy(bytes + LIFECYCLE_BYTES, "form!", 5);
	value = exact(bytes, sizeof bytes);
	assert_true(lifecycle_decode(value, &out, &form));
	assert_true(out.listed && !out.row_quarantined);
	assert_int_equal(out.first_generation, 3);
	assert_int_equal(out.since_generation, 4);
	assert_true(out.first_seen == in.first_seen && out.since == in.since);
	assert_int_equal(form.length, 5);
	assert_memory_equal(form.data, "form!", 5);
	drop(value);
	for (size_t cut = 0; cut < LIFECYCLE_BYTES; cut++) {
		value = exact(bytes, cut);
		assert_false(lifecycle_decode(value, &out, &form));
		drop(value);
	}
}

static void
lifecycle_flags_are_told_apart(void **state)
{
	unsigned char bytes[LIFECYCLE_BYTES];
	struct lifecycle out;
	struct slice form;

	(void)state;
	for (int i = 0; i < 4; i++) {
		const struct lifecycle in = { .listed = (i & 1) != 0, .row_quarantined = (i & 2) != 0 };

		lifecycle_encode(&in, bytes);
		assert_true(lifecycle_decode((struct slice){ (char *)bytes, sizeof bytes }, &out, &form));
		assert_int_equal(out.listed, in.listed);
		assert_int_equal(out.row_quarantined, in.row_quarantined);
		assert_int_equal(form.length, 0);
	}
}

static void
link_round_trip(void **state)
{
	static const int64_t instants[] = { TIME_NONE, -1, 0, INT64_C(1760000000), INT64_MAX };
	unsigned char bytes[LINK_BYTES + 1] = { 0 };
	struct slice value;
	int64_t out;

	(void)state;
	for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
		link_encode(instants[i], bytes);
		value = exact(bytes, LINK_BYTES);
		assert_true(link_decode(value, &out));
		assert_true(out == instants[i]);
		drop(value);
	}
	for (size_t length = 0; length <= LINK_BYTES + 1; length++) {
		value = exact(bytes, length);
		assert_int_equal(link_decode(value, &out), length == LINK_BYTES);
		drop(value);
	}
}

static void
event_round_trip(void **state)
{
	const struct event in = { 2, 0x00420001, INT64_C(1760000001), { NULL, 0 } };
	unsigned char bytes[EVENT_BYTES + 3];
	struct event out;
	struct slice value;

	(void)state;
	event_encode(&in, bytes);
	memcpy(bytes + EVENT_BYTES, "old", 3);
	value = exact(bytes, sizeof bytes);
	assert_true(event_decode(value, &out));
	assert_int_equal(out.kind, in.kind);
	assert_int_equal(out.fields, in.fields);
	assert_true(out.at == in.at);
	assert_int_equal(out.before.length, 3);
	assert_memory_equal(out.before.data, "old", 3);
	drop(value);
	/* Fields that changed without what they were before: cut short too. */
	for (size_t cut = 0; cut <= EVENT_BYTES; cut++) {
		value = exact(bytes, cut);
		assert_false(event_decode(value, &out));
		drop(value);
	}
}

static void
event_kinds_and_contradictions(void **state)
{
	unsigned char bytes[EVENT_BYTES + 1] = { 0 };
	struct event out;

	(void)state;
	for (unsigned kind = 0; kind < 256; kind++) {
		const struct event in = { (uint8_t)kind, 0, 5, { NULL, 0 } };

		event_encode(&in, bytes);
		assert_int_equal(event_decode((struct slice){ (char *)bytes, EVENT_BYTES }, &out),
				 kind >= 1 && kind <= 4);
		/* A form before it, and nothing that differs. */
		assert_false(event_decode((struct slice){ (char *)bytes, EVENT_BYTES + 1 }, &out));
	}
}

static struct run
run_sample(void)
{
	struct run run = { RUN_ROLLBACK, 2, 3, 4, 5, 6, 7, 8, 1, -9, { 0 }, "" };

	for (unsigned i = 0; i < sizeof run.digest; i++)
		run.digest[i] = (unsigned char)(i + 200);
	text_fill(run.source, LIMIT_SOURCE_BYTES);
	return run;
}

static void
run_round_trip(void **state)
{
	struct run in = run_sample(), out;
	unsigned char bytes[RUN_ENCODED_MAX];
	struct slice value;

	(void)state;
	assert_int_equal(run_encode(&in, bytes), RUN_ENCODED_MAX);
	value = exact(bytes, RUN_ENCODED_MAX);
	assert_true(run_decode(value, &out));
	drop(value);
	assert_int_equal(out.kind, in.kind);
	assert_int_equal(out.generation, 2);
	assert_int_equal(out.rows, 3);
	assert_int_equal(out.rejected, 4);
	assert_int_equal(out.added, 5);
	assert_int_equal(out.removed, 6);
	assert_int_equal(out.changed, 7);
	assert_int_equal(out.relisted, 8);
	assert_int_equal(out.operator_changed, 1);
	assert_true(out.data_at == -9);
	assert_memory_equal(out.digest, in.digest, sizeof in.digest);
	assert_string_equal(out.source, in.source);
	in.source[0] = '\0';
	assert_int_equal(run_encode(&in, bytes), RUN_BYTES);
	for (size_t cut = 0; cut <= RUN_BYTES; cut++) {
		value = exact(bytes, cut);
		assert_int_equal(run_decode(value, &out), cut == RUN_BYTES);
		drop(value);
	}
}

static void
run_source_is_bounded_text(void **state)
{
	struct run in = run_sample(), out;
	unsigned char bytes[RUN_ENCODED_MAX + 1];
	size_t length = run_encode(&in, bytes);

	(void)state;
	bytes[length] = 'x';
	assert_false(run_decode((struct slice){ (char *)bytes, length + 1 }, &out));
	bytes[length - 1] = '\0';
	assert_false(run_decode((struct slice){ (char *)bytes, length }, &out));
}

static void
reject_round_trip(void **state)
{
	struct reject_record in = { UINT64_C(0x0102030405060708), 9000001, UINT64_C(9999999999), 16, "" }, out;
	unsigned char bytes[REJECT_ENCODED_MAX + 1];
	struct slice value;
	size_t length;

	(void)state;
	text_fill(in.reason, REJECT_REASON_BYTES - 1);
	length = reject_encode(&in, bytes);
	assert_int_equal(length, REJECT_BYTES + REJECT_REASON_BYTES - 1);
	value = exact(bytes, length);
	assert_true(reject_decode(value, &out));
	drop(value);
	assert_true(out.line == in.line && out.frn == in.frn);
	assert_int_equal(out.number, in.number);
	assert_int_equal(out.column, in.column);
	assert_string_equal(out.reason, in.reason);
	bytes[length] = 'x';
	assert_false(reject_decode((struct slice){ (char *)bytes, length + 1 }, &out));
	for (size_t cut = 0; cut < REJECT_BYTES; cut++) {
		value = exact(bytes, cut);
		assert_false(reject_decode(value, &out));
		drop(value);
	}
}

static struct state
state_sample(void)
{
	struct state sample = { 1,     2, 3, 4, -5, -6, INT64_MAX, INT64_MIN, 8, 9, 10, 11, 12, 13, UINT64_C(1) << 40,
				{ 0 }, "" };

	for (unsigned i = 0; i < sizeof sample.digest; i++)
		sample.digest[i] = (unsigned char)(255 - i);
	text_fill(sample.source, LIMIT_SOURCE_BYTES);
	return sample;
}

static void
state_round_trip(void **state)
{
	struct state in = state_sample(), out;
	unsigned char bytes[STATE_ENCODED_MAX + 1];
	struct slice value;

	(void)state;
	assert_int_equal(state_encode(&in, bytes), STATE_ENCODED_MAX);
	value = exact(bytes, STATE_ENCODED_MAX);
	assert_true(state_decode(value, &out));
	assert_int_equal(state_format(value), 1);
	drop(value);
	assert_int_equal(out.format, 1);
	assert_int_equal(out.generation, 2);
	assert_int_equal(out.decoder, 3);
	assert_int_equal(out.runs, 4);
	assert_true(out.checked_at == -5 && out.data_at == -6 && out.changed_at == INT64_MAX &&
		    out.first_checked_at == INT64_MIN);
	assert_int_equal(out.filings, 8);
	assert_int_equal(out.not_certified, 9);
	assert_int_equal(out.vanished, 10);
	assert_int_equal(out.rejected, 11);
	assert_int_equal(out.notices, 12);
	assert_int_equal(out.peers, 13);
	assert_true(out.events == UINT64_C(1) << 40);
	assert_memory_equal(out.digest, in.digest, sizeof in.digest);
	assert_string_equal(out.source, in.source);
	bytes[STATE_ENCODED_MAX] = 'x';
	assert_false(state_decode((struct slice){ (char *)bytes, STATE_ENCODED_MAX + 1 }, &out));
	for (size_t cut = 0; cut < STATE_BYTES; cut++) {
		value = exact(bytes, cut);
		assert_false(state_decode(value, &out));
		drop(value);
	}
	assert_true(state_decode((struct slice){ (char *)bytes, STATE_BYTES }, &out));
	assert_string_equal(out.source, "");
}

/* Snapshots outlive programs: these bytes are the format. */
static void
values_are_little_endian_and_keys_big(void **state)
{
	const struct lifecycle lifecycle = { true, true, 0x0a0b0c0d, 2, 3, -1 };
	const unsigned char expected[LIFECYCLE_BYTES] = { 1,  0, 0,    0,    1,    0,    0,    0,    13,   12,  11,
							  10, 2, 0,    0,    0,    3,    0,    0,    0,    0,   0,
							  0,  0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	unsigned char bytes[STATE_ENCODED_MAX];
	struct state sample = state_sample();

	(void)state;
	lifecycle_encode(&lifecycle, bytes);
	assert_memory_equal(bytes, expected, sizeof expected);
	key_by_frn(bytes, UINT64_C(0x0102030405060708), 0x090a0b0c);
	assert_memory_equal(bytes, "\1\2\3\4\5\6\7\10\11\12\13\14", 12);
	key_run(bytes, 1, 2);
	assert_memory_equal(bytes, "\200\0\0\0\0\0\0\1\0\0\0\2", 12);
	state_encode(&sample, bytes);
	assert_memory_equal(bytes, "\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\373\377\377\377", 20);
}

static void
operator_bytes_show_every_change(void **state)
{
	uint64_t numbers[] = { UINT64_C(12025550100), UINT64_C(12025550101) };
	struct operator_data data = { 1, 2, true, { 0 }, { 0 }, numbers, 2 };
	unsigned char first[OPERATOR_BYTES + 16], other[OPERATOR_BYTES + 16];

	(void)state;
	assert_int_equal(operator_encode(&data, first), sizeof first);
	data.max_age++;
	operator_encode(&data, other);
	assert_memory_not_equal(first, other, sizeof first);
	data.max_age--;
	data.missing_grace++;
	operator_encode(&data, other);
	assert_memory_not_equal(first, other, sizeof first);
	data.missing_grace--;
	data.role_mismatch_accepted = false;
	operator_encode(&data, other);
	assert_memory_not_equal(first, other, sizeof first);
	data.role_mismatch_accepted = true;
	for (unsigned i = 0; i < 16; i++) {
		data.foreign_area_codes[i] = 1;
		operator_encode(&data, other);
		assert_memory_not_equal(first, other, sizeof first);
		data.foreign_area_codes[i] = 0;
	}
	data.recertification_due[DUE_YEARS - 1] = 1;
	operator_encode(&data, other);
	assert_memory_not_equal(first, other, sizeof first);
	data.recertification_due[DUE_YEARS - 1] = 0;
	numbers[1]++;
	operator_encode(&data, other);
	assert_memory_not_equal(first, other, sizeof first);
	data.public_safety_count = 0;
	assert_int_equal(operator_encode(&data, other), OPERATOR_BYTES);
}

static void
notice_round_trip(void **state)
{
	static const struct notice_key keys[] = { { UINT64_C(9999999999), 0 }, { 0, 9999999 }, { 1, 2 } };
	struct notice_record in = { .kind = DOCUMENT_REMOVAL,
				    .issued = -1,
				    .released = -20000,
				    .effective = INT64_MAX,
				    .after_48_hours = 1,
				    .after_14_days = 2,
				    .mitigated = 3,
				    .measures = 4,
				    .fcc_notified = 5,
				    .blocking_began = 6,
				    .digest = { 7, 8, 9 },
				    .id = slice_of("DA 26-1"),
				    .title = slice_of("Order"),
				    .provider_count = 3 };
	struct notice_record out;
	size_t length = notice_encoded_length(&in);
	unsigned char bytes[512];
	struct slice value;

	(void)state;
	assert_true(length < sizeof bytes);
	notice_encode(&in, keys, bytes);
	value = exact(bytes, length);
	assert_true(notice_decode(value, &out));
	assert_int_equal(out.kind, in.kind);
	assert_true(out.issued == -1 && out.released == -20000 && out.effective == INT64_MAX);
	assert_true(out.after_48_hours == 1 && out.after_14_days == 2 && out.mitigated == 3 && out.measures == 4);
	assert_true(out.fcc_notified == 5 && out.blocking_began == 6);
	assert_memory_equal(out.digest, in.digest, sizeof in.digest);
	assert_int_equal(out.id.length, 7);
	assert_memory_equal(out.id.data, "DA 26-1", 7);
	assert_int_equal(out.title.length, 5);
	assert_int_equal(out.source.length, 0);
	assert_int_equal(out.provider_count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_true(notice_provider_at(&out, i).frn == keys[i].frn);
		assert_int_equal(notice_provider_at(&out, i).number, keys[i].number);
	}
	drop(value);
	for (size_t cut = 0; cut < length; cut++) {
		value = exact(bytes, cut);
		assert_false(notice_decode(value, &out));
		drop(value);
	}
	bytes[length] = 0;
	assert_false(notice_decode((struct slice){ (char *)bytes, length + 1 }, &out));
	bytes[0] = DOCUMENT_REINSTATEMENT + 1;
	assert_false(notice_decode((struct slice){ (char *)bytes, length }, &out));
	bytes[0] = 0;
	assert_false(notice_decode((struct slice){ (char *)bytes, length }, &out));
}

static void
peer_round_trip(void **state)
{
	static const struct peer_key keys[] = { { RMD_KEY_IP, { "192.0.2.0/24", 12 } },
						{ RMD_KEY_OCN, { "123A", 4 } } };
	struct peer_record in = { .frn = 7, .role = RMD_ROLE_FOREIGN, .name = slice_of("acme"), .key_count = 2 }, out;
	size_t length = peer_encoded_length(&in, keys);
	unsigned char bytes[128];
	struct peer_key key;
	struct slice value;

	(void)state;
	assert_true(length < sizeof bytes);
	peer_encode(&in, keys, bytes);
	value = exact(bytes, length);
	assert_true(peer_decode(value, &out));
	assert_true(out.frn == 7 && out.number == 0 && out.role == RMD_ROLE_FOREIGN && out.key_count == 2);
	assert_int_equal(out.name.length, 4);
	assert_true(peer_key_next(&out, &key));
	assert_int_equal(key.kind, RMD_KEY_IP);
	assert_memory_equal(key.text.data, "192.0.2.0/24", 12);
	assert_true(peer_key_next(&out, &key));
	assert_int_equal(key.kind, RMD_KEY_OCN);
	assert_false(peer_key_next(&out, &key));
	drop(value);
	for (size_t cut = 0; cut < length; cut++) {
		value = exact(bytes, cut);
		assert_false(peer_decode(value, &out));
		drop(value);
	}
	bytes[length] = 0;
	assert_false(peer_decode((struct slice){ (char *)bytes, length + 1 }, &out));
	/* A peer is an FRN's or an RMD number's, never both and never neither. */
	bytes[8] = 1;
	assert_false(peer_decode((struct slice){ (char *)bytes, length }, &out));
	bytes[0] = bytes[8] = 0;
	assert_false(peer_decode((struct slice){ (char *)bytes, length }, &out));
}

static void
a_peer_has_a_name_of_one_line(void **state)
{
	static char text[LIMIT_NOTICE_TEXT + 1];
	static unsigned char bytes[2 * LIMIT_NOTICE_TEXT];
	struct peer_record in = { .frn = 7, .role = RMD_ROLE_VSP }, out;

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t length = 0; length <= sizeof text; length += length == 0 ? LIMIT_NOTICE_TEXT : 1) {
		in.name = (struct slice){ text, length };
		peer_encode(&in, NULL, bytes);
		/* The encoder cuts; whoever made these bytes did not. */
		if (length > LIMIT_NOTICE_TEXT) {
			memmove(bytes + 15 + length, bytes + 15 + LIMIT_NOTICE_TEXT, 4);
			bytes[15 + LIMIT_NOTICE_TEXT] = 'x';
			bytes[13] = (unsigned char)length;
			bytes[14] = (unsigned char)(length >> 8);
		}
		assert_int_equal(peer_decode((struct slice){ (char *)bytes, 19 + length }, &out),
				 length == LIMIT_NOTICE_TEXT);
	}
}

/* A title is a stranger's: what is longer than a line is cut, and still read back. */
static void
a_notice_with_long_texts_is_cut(void **state)
{
	static char text[3 * LIMIT_NOTICE_TEXT];
	static unsigned char bytes[NOTICE_BYTES + 3 * LIMIT_NOTICE_TEXT];
	struct notice_record in = { .kind = DOCUMENT_NOTICE }, out;

	(void)state;
	memset(text, 'x', sizeof text);
	in.id = in.title = in.source = (struct slice){ text, sizeof text };
	assert_int_equal(notice_encoded_length(&in), sizeof bytes);
	notice_encode(&in, NULL, bytes);
	assert_true(notice_decode((struct slice){ (char *)bytes, sizeof bytes }, &out));
	assert_int_equal(out.source.length, LIMIT_NOTICE_TEXT);
}

static void
digest_round_trip(void **state)
{
	unsigned char in[32], out[32];
	char text[65];

	(void)state;
	for (unsigned i = 0; i < sizeof in; i++)
		in[i] = (unsigned char)(i * 8 + 7);
	digest_text(in, text);
	assert_int_equal(strlen(text), 64);
	assert_memory_equal(text, "070f171f", 8);
	assert_true(digest_parse(text, out));
	assert_memory_equal(in, out, sizeof in);
	text[3] = 'F';
	assert_true(digest_parse(text, out));
	assert_memory_equal(in, out, sizeof in);
	for (size_t i = 0; i < 64; i++) {
		char kept = text[i];

		text[i] = i % 2 == 0 ? 'g' : '/';
		assert_false(digest_parse(text, out));
		text[i] = '\0';
		assert_false(digest_parse(text, out));
		text[i] = kept;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_sort_as_their_numbers),
		cmocka_unit_test(name_keys_fit_and_end_in_the_number),
		cmocka_unit_test(lifecycle_round_trip),
		cmocka_unit_test(lifecycle_flags_are_told_apart),
		cmocka_unit_test(link_round_trip),
		cmocka_unit_test(event_round_trip),
		cmocka_unit_test(event_kinds_and_contradictions),
		cmocka_unit_test(run_round_trip),
		cmocka_unit_test(run_source_is_bounded_text),
		cmocka_unit_test(reject_round_trip),
		cmocka_unit_test(state_round_trip),
		cmocka_unit_test(values_are_little_endian_and_keys_big),
		cmocka_unit_test(operator_bytes_show_every_change),
		cmocka_unit_test(notice_round_trip),
		cmocka_unit_test(peer_round_trip),
		cmocka_unit_test(a_peer_has_a_name_of_one_line),
		cmocka_unit_test(a_notice_with_long_texts_is_cut),
		cmocka_unit_test(digest_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
