/* SPDX-License-Identifier: ISC
 *
 * The packed table: every key that went in is found with what belongs to it, none that did not, and no damaged byte
 * goes unseen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cache/packed.h"
#include "rmd.h"

#define VSP (1 << RMD_ROLE_VSP)
#define GATEWAY (1 << RMD_ROLE_GATEWAY)
#define INTERMEDIATE (1 << RMD_ROLE_INTERMEDIATE)
#define MANY 40 /* filings of one FRN: more than a list holds */

struct table {
	void *bytes;
	size_t size;
	struct packed packed;
};

static struct table
table_build(struct packed_plan *plan)
{
	struct table table = { .size = packed_plan(plan) };

	table.bytes = aligned_alloc(16, (table.size + 15) / 16 * 16);
	assert_non_null(table.bytes);
	/* What stood there before must not shine through. */
	memset(table.bytes, 0xa5, table.size);
	packed_build(plan, table.bytes);
	assert_true(packed_open((struct slice){ table.bytes, table.size }, &table.packed));
	return table;
}

static void
table_end(struct table *table)
{
	free(table->bytes);
}

static const struct packed_slot *
find(const struct table *table, enum packed_kind kind, uint64_t value)
{
	return packed_find(&table->packed, packed_key(kind, value));
}

static struct packed_source
listed(uint64_t frn, uint32_t number)
{
	return (struct packed_source){ .frn = frn,
				       .number = number,
				       .implementation = RMD_IMPLEMENTATION_COMPLETE,
				       .roles = VSP,
				       .flags = PACKED_LISTED,
				       .when = TIME_NONE };
}

static struct packed_source
vanished(uint64_t frn, uint32_t number, int64_t since)
{
	struct packed_source source = listed(frn, number);

	source.flags = 0;
	source.when = since;
	return source;
}

static void
every_key_is_found(void **state)
{
	static const size_t counts[] = { 1, 2, 3, 7, 64, 1000, 10000, 100000 };

	(void)state;
	for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
		size_t count = counts[c];
		struct packed_source *sources = calloc(count, sizeof *sources);
		struct packed_plan plan = { .sources = sources, .source_count = count };
		struct table table;

		assert_non_null(sources);
		/* Neighbours, as FRNs and numbers are; and backwards, for the table is to sort them. */
		for (size_t i = 0; i < count; i++)
			sources[i] = listed(UINT64_C(9999999999) - i, (uint32_t)(9000001 + i));
		table = table_build(&plan);
		assert_true(table.packed.header->capacity >= 4 * count);
		for (size_t i = 0; i < count; i++) {
			uint64_t frn = UINT64_C(9999999999) - i;
			const struct packed_slot *by_frn = find(&table, PACKED_FRN, frn);
			const struct packed_slot *by_number = find(&table, PACKED_RMD, 9000001 + i);

			assert_non_null(by_frn);
			assert_non_null(by_number);
			assert_true(by_frn->identity == (frn << 24 | (9000001 + i)));
			assert_true(by_number->identity == by_frn->identity);
			assert_int_equal(by_frn->flags, PACKED_KNOWN | PACKED_LISTED);
			assert_null(find(&table, PACKED_FRN, 9000001 + i));
			assert_null(find(&table, PACKED_PUBLIC_SAFETY, frn));
		}
		assert_null(find(&table, PACKED_FRN, UINT64_C(9999999999) - count));
		assert_null(find(&table, PACKED_RMD, 9000000));
		assert_null(find(&table, PACKED_RMD, 9000001 + count));
		table_end(&table);
		free(sources);
	}
}

/* Worked out by hand: a snapshot is read by machines other than that which made it. */
static void
a_search_begins_alike_on_every_machine(void **state)
{
	static const struct {
		uint64_t key, capacity, begin;
	} cases[] = {
		{ UINT64_C(0x1), 16, 9 },
		{ UINT64_C(0x100000005f5e0ff), 20018, 6785 },
		{ UINT64_C(0x1ffffffffffffff), 2000016, 1092065 },
		{ UINT64_C(0x9e3779b97f4a7c15), 4294967295, 3745787169 },
		{ UINT64_C(0xf1de83e19937733d), 4294967295, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_true(packed_begin(cases[i].key, cases[i].capacity) == cases[i].begin);
}

static void
an_empty_table_finds_nothing(void **state)
{
	struct packed_plan plan = { .source_count = 0 };
	struct table table = table_build(&plan);

	(void)state;
	assert_null(find(&table, PACKED_FRN, 1));
	assert_null(find(&table, PACKED_RMD, 1));
	table_end(&table);
}

static void
a_filing_is_told_whole(void **state)
{
	struct packed_source sources[] = { listed(5, 50), vanished(6, 60, 1234) };
	struct packed_plan plan = { .sources = sources, .source_count = 2 };
	const struct packed_slot *slot;
	struct table table;

	(void)state;
	sources[0].implementation = RMD_IMPLEMENTATION_PARTIAL;
	sources[0].roles = GATEWAY | INTERMEDIATE;
	sources[0].flags |= PACKED_LOSSY_NAME | PACKED_ROW_QUARANTINED;
	sources[0].when = INT64_C(1772400000);
	plan.header.generation = 17;
	plan.header.checked_at = 99;
	table = table_build(&plan);
	assert_int_equal(table.packed.header->generation, 17);
	assert_int_equal(table.packed.header->checked_at, 99);
	slot = find(&table, PACKED_RMD, 50);
	assert_int_equal(slot->implementation, RMD_IMPLEMENTATION_PARTIAL);
	assert_int_equal(slot->roles, GATEWAY | INTERMEDIATE);
	assert_int_equal(slot->flags, PACKED_LISTED | PACKED_KNOWN | PACKED_LOSSY_NAME | PACKED_ROW_QUARANTINED);
	assert_true(slot->when == INT64_C(1772400000));
	slot = find(&table, PACKED_FRN, 6);
	assert_int_equal(slot->flags, PACKED_KNOWN);
	assert_true(slot->when == 1234);
	assert_true(slot->identity == (UINT64_C(6) << 24 | 60));
	table_end(&table);
}

/* Every key of the provider, the vanished filing's too, leads to the same list of the listed ones. */
static void
several_filings_stand_in_a_list(void **state)
{
	struct packed_source sources[] = { listed(8, 83), vanished(8, 80, 5), listed(8, 81), listed(8, 82) };
	struct packed_plan plan = { .sources = sources, .source_count = 4 };
	const struct packed_slot *slots[4];
	const struct packed_list *list;
	struct table table;

	(void)state;
	sources[2].implementation = RMD_IMPLEMENTATION_NOT_CERTIFIED;
	sources[3].roles = GATEWAY;
	sources[3].when = 777;
	sources[0].flags |= PACKED_LOSSY_NAME | PACKED_ROW_QUARANTINED;
	table = table_build(&plan);
	slots[0] = find(&table, PACKED_FRN, 8);
	slots[1] = find(&table, PACKED_RMD, 80);
	slots[2] = find(&table, PACKED_RMD, 82);
	slots[3] = find(&table, PACKED_RMD, 83);
	for (int i = 0; i < 4; i++) {
		assert_non_null(slots[i]);
		assert_true((slots[i]->flags & PACKED_LIST) != 0);
		list = packed_list_of(&table.packed, slots[i]);
		assert_non_null(list);
		assert_int_equal(list->filing_count, 3);
		assert_int_equal(list->filing[0].number, 81);
		assert_int_equal(list->filing[0].implementation, RMD_IMPLEMENTATION_NOT_CERTIFIED);
		assert_int_equal(list->filing[1].number, 82);
		assert_int_equal(list->filing[1].roles, GATEWAY);
		assert_true(list->filing[1].overdue_from == 777);
		assert_int_equal(list->filing[2].number, 83);
		assert_int_equal(list->filing[2].flags, PACKED_LISTED | PACKED_LOSSY_NAME | PACKED_ROW_QUARANTINED);
	}
	table_end(&table);
}

static bool
list_has(const struct packed_list *list, uint8_t implementation, uint8_t roles, uint32_t number)
{
	for (uint64_t i = 0; i < list->filing_count; i++)
		if (list->filing[i].implementation == implementation && list->filing[i].roles == roles)
			return list->filing[i].number == number;
	return false;
}

static void
more_filings_than_a_list_keep_each_kind(void **state)
{
	struct packed_source sources[MANY + 1];
	struct packed_plan plan = { .sources = sources, .source_count = MANY + 1 };
	const struct packed_list *list;
	struct table table;

	(void)state;
	/* The one that qualifies comes last of all. */
	for (uint32_t i = 0; i < MANY; i++) {
		sources[i] = listed(8, 100 + i);
		sources[i].implementation = RMD_IMPLEMENTATION_NOT_CERTIFIED;
	}
	sources[MANY - 2].roles = INTERMEDIATE;
	sources[MANY - 1].implementation = RMD_IMPLEMENTATION_NONE;
	sources[MANY - 1].roles = GATEWAY;
	sources[MANY] = listed(9, 500);
	table = table_build(&plan);
	list = packed_list_of(&table.packed, find(&table, PACKED_FRN, 8));
	assert_non_null(list);
	assert_true(list->filing_count <= PACKED_LIST_MAX);
	assert_true(list_has(list, RMD_IMPLEMENTATION_NOT_CERTIFIED, VSP, 100));
	assert_true(list_has(list, RMD_IMPLEMENTATION_NOT_CERTIFIED, INTERMEDIATE, 100 + MANY - 2));
	assert_true(list_has(list, RMD_IMPLEMENTATION_NONE, GATEWAY, 100 + MANY - 1));
	assert_int_equal(find(&table, PACKED_FRN, 9)->flags, PACKED_KNOWN | PACKED_LISTED);
	table_end(&table);
}

/* Bug: of more than 32 filings of one kind a list of one was left, and the flag multiple-filings got lost. */
static void
more_filings_than_a_list_of_one_kind_stay_several(void **state)
{
	struct packed_source sources[MANY];
	struct packed_plan plan = { .sources = sources, .source_count = MANY };
	const struct packed_list *list;
	struct table table;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++)
		sources[i] = listed(8, 100 + i);
	table = table_build(&plan);
	list = packed_list_of(&table.packed, find(&table, PACKED_FRN, 8));
	assert_non_null(list);
	assert_int_equal(list->filing_count, 2);
	assert_int_equal(list->filing[0].number, 100);
	assert_int_equal(list->filing[1].number, 101);
	table_end(&table);
}

/* All 32 kinds that there are, each twice: the list is full and holds no more than it may. */
static void
every_kind_at_once_fits(void **state)
{
	struct packed_source sources[2 * PACKED_LIST_MAX];
	struct packed_plan plan = { .sources = sources, .source_count = 2 * PACKED_LIST_MAX };
	const struct packed_list *list;
	struct table table;

	(void)state;
	for (uint32_t i = 0; i < 2 * PACKED_LIST_MAX; i++) {
		sources[i] = listed(8, 100 + i);
		sources[i].implementation = (uint8_t)(1 + i / 2 / 8);
		sources[i].roles = (uint8_t)(i / 2 % 8 << 1);
	}
	table = table_build(&plan);
	list = packed_list_of(&table.packed, find(&table, PACKED_FRN, 8));
	assert_non_null(list);
	assert_int_equal(list->filing_count, PACKED_LIST_MAX);
	assert_true(list_has(list, RMD_IMPLEMENTATION_COMPLETE, GATEWAY, 100 + 52));
	table_end(&table);
}

static void
filings_without_an_frn_stand_for_themselves(void **state)
{
	struct packed_source sources[] = { listed(0, 11), listed(0, 12), vanished(0, 13, 44) };
	struct packed_plan plan = { .sources = sources, .source_count = 3 };
	struct table table = table_build(&plan);

	(void)state;
	assert_null(find(&table, PACKED_FRN, 0));
	assert_int_equal(find(&table, PACKED_RMD, 11)->flags, PACKED_KNOWN | PACKED_LISTED);
	assert_true(find(&table, PACKED_RMD, 11)->identity == 11);
	assert_true(find(&table, PACKED_RMD, 12)->identity == 12);
	assert_int_equal(find(&table, PACKED_RMD, 13)->flags, PACKED_KNOWN);
	assert_true(find(&table, PACKED_RMD, 13)->when == 44);
	table_end(&table);
}

static void
of_vanished_filings_the_last_to_go_is_told(void **state)
{
	struct packed_source sources[] = { vanished(3, 31, 100), vanished(3, 32, 300), vanished(3, 33, 200) };
	struct packed_plan plan = { .sources = sources, .source_count = 3 };
	struct table table = table_build(&plan);

	(void)state;
	assert_int_equal(find(&table, PACKED_FRN, 3)->flags, PACKED_KNOWN);
	assert_true(find(&table, PACKED_FRN, 3)->when == 300);
	assert_true(find(&table, PACKED_RMD, 31)->identity == (UINT64_C(3) << 24 | 32));
	table_end(&table);
}

static void
former_frns(void **state)
{
	struct packed_source sources[] = { listed(1, 10), listed(2, 20), vanished(3, 30, 500), vanished(4, 40, 50) };
	struct packed_former formers[] = {
		{ 99, 10, 400 }, { 99, 20, 100 }, /* two gave it up: the last one counts */
		{ 2, 10, 900 },                   /* somebody has it now */
		{ 3, 10, 400 },                   /* another filing had it longer */
		{ 4, 20, 60 },                    /* another filing had it, and went before */
	};
	struct packed_plan plan = { .sources = sources, .source_count = 4, .formers = formers, .former_count = 5 };
	struct table table = table_build(&plan);

	(void)state;
	assert_int_equal(find(&table, PACKED_FRN, 99)->flags, PACKED_KNOWN);
	assert_true(find(&table, PACKED_FRN, 99)->when == 400);
	assert_true(find(&table, PACKED_FRN, 99)->identity == (UINT64_C(99) << 24 | 10));
	assert_true((find(&table, PACKED_FRN, 2)->flags & PACKED_LISTED) != 0);
	assert_true(find(&table, PACKED_FRN, 2)->identity == (UINT64_C(2) << 24 | 20));
	assert_true(find(&table, PACKED_FRN, 3)->when == 500);
	assert_true(find(&table, PACKED_FRN, 3)->identity == (UINT64_C(3) << 24 | 30));
	assert_true(find(&table, PACKED_FRN, 4)->when == 60);
	assert_true(find(&table, PACKED_FRN, 4)->identity == (UINT64_C(4) << 24 | 20));
	/* By its RMD number the same. */
	assert_true(find(&table, PACKED_RMD, 40)->when == 60);
	assert_true(find(&table, PACKED_RMD, 40)->identity == (UINT64_C(4) << 24 | 20));
	table_end(&table);
}

static void
aliases_never_hide_a_filing(void **state)
{
	struct packed_source sources[] = { listed(1, 10), vanished(2, 20, 7) };
	struct packed_former formers[] = { { 5, 10, 8 } };
	uint64_t aliases[] = { UINT64_C(7) << 24 | 20, UINT64_C(7) << 24 | 10, UINT64_C(1) << 24 | 20,
			       UINT64_C(2) << 24 | 10, UINT64_C(5) << 24 | 20 };
	struct packed_plan plan = { .sources = sources,
				    .source_count = 2,
				    .formers = formers,
				    .former_count = 1,
				    .aliases = aliases,
				    .alias_count = 5 };
	struct table table = table_build(&plan);

	(void)state;
	assert_int_equal(find(&table, PACKED_FRN, 7)->flags, PACKED_ALIAS);
	assert_true(find(&table, PACKED_FRN, 7)->identity == (UINT64_C(7) << 24 | 10));
	assert_int_equal(find(&table, PACKED_FRN, 1)->flags, PACKED_KNOWN | PACKED_LISTED);
	assert_int_equal(find(&table, PACKED_FRN, 2)->flags, PACKED_KNOWN);
	assert_int_equal(find(&table, PACKED_FRN, 5)->flags, PACKED_KNOWN);
	table_end(&table);
}

static void
quarantined_keys(void **state)
{
	struct packed_source sources[] = { listed(1, 10), vanished(2, 20, 7) };
	uint64_t aliases[] = { UINT64_C(4) << 24 | 10 };
	uint64_t frns[] = { 3, 1, 4 }, numbers[] = { 30, 20 };
	struct packed_plan plan = { .sources = sources,
				    .source_count = 2,
				    .aliases = aliases,
				    .alias_count = 1,
				    .quarantined_frns = frns,
				    .quarantined_frn_count = 3,
				    .quarantined_numbers = numbers,
				    .quarantined_number_count = 2 };
	struct table table = table_build(&plan);

	(void)state;
	assert_int_equal(find(&table, PACKED_FRN, 3)->flags, PACKED_KEY_QUARANTINED);
	assert_int_equal(find(&table, PACKED_RMD, 30)->flags, PACKED_KEY_QUARANTINED);
	assert_int_equal(find(&table, PACKED_FRN, 1)->flags, PACKED_KNOWN | PACKED_LISTED | PACKED_KEY_QUARANTINED);
	assert_int_equal(find(&table, PACKED_RMD, 20)->flags, PACKED_KNOWN | PACKED_KEY_QUARANTINED);
	/* Whichever key of a provider it is that the row has, all its keys tell of it. */
	assert_int_equal(find(&table, PACKED_RMD, 10)->flags, PACKED_KNOWN | PACKED_LISTED | PACKED_KEY_QUARANTINED);
	assert_int_equal(find(&table, PACKED_FRN, 2)->flags, PACKED_KNOWN | PACKED_KEY_QUARANTINED);
	assert_int_equal(find(&table, PACKED_FRN, 4)->flags, PACKED_ALIAS | PACKED_KEY_QUARANTINED);
	assert_null(find(&table, PACKED_FRN, 30));
	table_end(&table);
}

static void
public_safety_numbers_are_keys_of_their_own(void **state)
{
	struct packed_source sources[] = { listed(UINT64_C(2025550100), 10) };
	const uint64_t numbers[] = { UINT64_C(12025550100), UINT64_C(999999999999999) };
	struct packed_plan plan = {
		.sources = sources, .source_count = 1, .public_safety = numbers, .public_safety_count = 2
	};
	struct table table = table_build(&plan);

	(void)state;
	assert_non_null(find(&table, PACKED_PUBLIC_SAFETY, UINT64_C(12025550100)));
	assert_non_null(find(&table, PACKED_PUBLIC_SAFETY, UINT64_C(999999999999999)));
	assert_null(find(&table, PACKED_PUBLIC_SAFETY, UINT64_C(2025550100)));
	assert_null(find(&table, PACKED_FRN, UINT64_C(12025550100)));
	table_end(&table);
}

static struct table
damage_sample(void)
{
	static struct packed_source sources[3];
	static struct packed_plan plan;

	sources[0] = listed(1, 10);
	sources[1] = listed(2, 20);
	sources[2] = listed(2, 21);
	plan = (struct packed_plan){ .sources = sources, .source_count = 3 };
	return table_build(&plan);
}

static void
damage_of_any_byte_is_seen(void **state)
{
	struct table table = damage_sample();
	unsigned char *bytes = table.bytes;
	struct packed packed;

	(void)state;
	for (size_t i = 0; i < table.size; i++) {
		unsigned char bit = (unsigned char)(1 << i % 8);

		bytes[i] ^= bit;
		assert_false(packed_open((struct slice){ table.bytes, table.size }, &packed));
		bytes[i] ^= 0xff;
		assert_false(packed_open((struct slice){ table.bytes, table.size }, &packed));
		bytes[i] ^= 0xff ^ bit;
	}
	assert_true(packed_open((struct slice){ table.bytes, table.size }, &packed));
	table_end(&table);
}

static void
another_length_or_address_is_damage(void **state)
{
	struct table table = damage_sample();
	char *copy = aligned_alloc(16, table.size + 32);
	struct packed packed;

	(void)state;
	assert_non_null(copy);
	for (size_t offset = 0; offset < 32; offset++) {
		memcpy(copy + offset, table.bytes, table.size);
		assert_int_equal(packed_open((struct slice){ copy + offset, table.size }, &packed), offset % 16 == 0);
	}
	memcpy(copy, table.bytes, table.size);
	memset(copy + table.size, 0, 32);
	for (size_t length = 0; length < table.size + 32; length += 13)
		if (length != table.size)
			assert_false(packed_open((struct slice){ copy, length }, &packed));
	free(copy);
	table_end(&table);
}

static void
a_list_that_points_outside_is_none(void **state)
{
	struct table table = damage_sample();
	struct packed_slot slot = *find(&table, PACKED_FRN, 2);
	uint64_t words = table.packed.header->lists;
	struct packed_list *list = (struct packed_list *)(uintptr_t)table.packed.lists;

	(void)state;
	assert_int_equal(words, 6);
	assert_non_null(packed_list_of(&table.packed, &slot));
	for (uint64_t place = 1; place < words + 4; place++) {
		slot.list = (uint32_t)place;
		assert_null(packed_list_of(&table.packed, &slot));
	}
	slot.list = UINT32_MAX;
	assert_null(packed_list_of(&table.packed, &slot));
	slot.list = 0;
	list->filing_count = 3;
	assert_null(packed_list_of(&table.packed, &slot));
	list->filing_count = UINT32_MAX;
	assert_null(packed_list_of(&table.packed, &slot));
	list->filing_count = 2;
	list->document_count = 1;
	assert_null(packed_list_of(&table.packed, &slot));
	list->document_count = UINT32_MAX;
	assert_null(packed_list_of(&table.packed, &slot));
	list->filing_count = list->document_count = 0;
	assert_null(packed_list_of(&table.packed, &slot));
	table_end(&table);
}

static struct packed_attachment
attached(uint64_t frn, uint32_t number, uint32_t notice)
{
	return (struct packed_attachment){ .frn = frn,
					   .number = number,
					   .document = {
						   .notice = notice, .issued = 1000 + notice, .id = "DA 26-1" } };
}

static void
assert_documents(const struct table *table, const struct packed_slot *slot, uint32_t filings, uint32_t documents,
		 uint32_t first_notice)
{
	const struct packed_list *list;

	assert_non_null(slot);
	assert_true((slot->flags & PACKED_LIST) != 0);
	list = packed_list_of(&table->packed, slot);
	assert_non_null(list);
	assert_int_equal(list->filing_count, filings);
	assert_int_equal(list->document_count, documents);
	for (uint32_t i = 0; i < documents; i++)
		assert_int_equal(packed_documents(list)[i].notice, first_notice + i);
	assert_true(packed_documents(list)->issued == 1000 + first_notice);
	assert_string_equal(packed_documents(list)->id, "DA 26-1");
}

/* Providers with one filing, two, none any more, none ever; by FRN and by number: whoever asks by whichever key gets
 * the same documents. */
static void
documents_stand_with_the_provider_they_name(void **state)
{
	struct packed_source sources[] = { listed(5, 50),      listed(6, 60),      listed(6, 61),
					   vanished(7, 70, 4), vanished(7, 71, 9), vanished(7, 72, 9),
					   listed(0, 11),      vanished(0, 12, 5), listed(9, 90) };
	struct packed_attachment attachments[] = {
		attached(7, 0, 3), attached(5, 0, 2),  attached(8, 0, 4),  attached(0, 99, 5), attached(5, 0, 1),
		attached(6, 0, 6), attached(0, 11, 7), attached(0, 12, 8), attached(6, 0, 7),
	};
	struct packed_plan plan = {
		.sources = sources, .source_count = 9, .attachments = attachments, .attachment_count = 9
	};
	const struct packed_list *list;
	struct table table;

	(void)state;
	sources[1].last_updated = 20000;
	sources[2].last_updated = 10000;
	table = table_build(&plan);
	assert_documents(&table, find(&table, PACKED_FRN, 5), 1, 2, 1);
	assert_documents(&table, find(&table, PACKED_RMD, 50), 1, 2, 1);
	assert_documents(&table, find(&table, PACKED_FRN, 6), 2, 2, 6);
	assert_documents(&table, find(&table, PACKED_RMD, 61), 2, 2, 6);
	list = packed_list_of(&table.packed, find(&table, PACKED_FRN, 6));
	assert_int_equal(list->last_updated, 20000);
	/* Of those that are gone, those that went last. */
	assert_documents(&table, find(&table, PACKED_FRN, 7), 2, 1, 3);
	assert_documents(&table, find(&table, PACKED_RMD, 70), 2, 1, 3);
	list = packed_list_of(&table.packed, find(&table, PACKED_FRN, 7));
	assert_int_equal(list->last_updated, DAY_NONE);
	assert_int_equal(list->filing[0].number, 71);
	assert_int_equal(list->filing[1].number, 72);
	assert_int_equal(list->filing[0].flags & PACKED_LISTED, 0);
	assert_int_equal(find(&table, PACKED_FRN, 7)->flags & PACKED_LISTED, 0);
	/* Never seen. */
	assert_documents(&table, find(&table, PACKED_FRN, 8), 0, 1, 4);
	assert_int_equal(find(&table, PACKED_FRN, 8)->flags, PACKED_LIST);
	assert_documents(&table, find(&table, PACKED_RMD, 99), 0, 1, 5);
	/* Filings without an FRN. */
	assert_documents(&table, find(&table, PACKED_RMD, 11), 1, 1, 7);
	assert_documents(&table, find(&table, PACKED_RMD, 12), 1, 1, 8);
	/* Nobody else's. */
	assert_int_equal(find(&table, PACKED_FRN, 9)->flags, PACKED_KNOWN | PACKED_LISTED);
	assert_null(find(&table, PACKED_FRN, 4));
	table_end(&table);
}

/* An FRN that a filing gave up, an alias and an unreadable row keep the documents of their key. */
static void
documents_of_keys_that_lead_to_no_filing(void **state)
{
	struct packed_source sources[] = { listed(5, 50) };
	struct packed_attachment attachments[] = { attached(3, 0, 1), attached(4, 0, 2), attached(6, 0, 3) };
	struct packed_former formers[] = { { 3, 50, 77 } };
	uint64_t aliases[] = { UINT64_C(4) << 24 | 50 }, quarantined[] = { 6 };
	struct packed_plan plan = {
		.sources = sources,
		.source_count = 1,
		.attachments = attachments,
		.attachment_count = 3,
		.formers = formers,
		.former_count = 1,
		.aliases = aliases,
		.alias_count = 1,
		.quarantined_frns = quarantined,
		.quarantined_frn_count = 1,
	};
	struct table table;

	(void)state;
	table = table_build(&plan);
	assert_documents(&table, find(&table, PACKED_FRN, 3), 0, 1, 1);
	assert_int_equal(find(&table, PACKED_FRN, 3)->flags, PACKED_KNOWN | PACKED_LIST);
	assert_documents(&table, find(&table, PACKED_FRN, 4), 0, 1, 2);
	assert_int_equal(find(&table, PACKED_FRN, 4)->flags, PACKED_ALIAS | PACKED_LIST);
	assert_documents(&table, find(&table, PACKED_FRN, 6), 0, 1, 3);
	assert_int_equal(find(&table, PACKED_FRN, 6)->flags, PACKED_KEY_QUARANTINED | PACKED_LIST);
	table_end(&table);
}

static void
of_those_that_lost_an_frn_at_once_the_first_is_told(void **state)
{
	struct packed_source sources[] = { listed(1, 10), listed(2, 20), listed(2, 30), vanished(3, 40, 50) };
	struct packed_former formers[] = { { 99, 30, 400 }, { 99, 10, 400 }, { 99, 20, 100 }, { 98, 10, 100 },
					   { 98, 20, 200 }, { 97, 20, 7 },   { 97, 20, 7 },   { 3, 10, 50 } };
	struct packed_plan plan = { .sources = sources, .source_count = 4, .formers = formers, .former_count = 8 };
	struct table table = table_build(&plan);

	(void)state;
	assert_true(find(&table, PACKED_FRN, 99)->identity == (UINT64_C(99) << 24 | 10));
	assert_true(find(&table, PACKED_FRN, 98)->identity == (UINT64_C(98) << 24 | 20));
	assert_true(find(&table, PACKED_FRN, 97)->identity == (UINT64_C(97) << 24 | 20));
	assert_true(find(&table, PACKED_FRN, 3)->identity == (UINT64_C(3) << 24 | 10));
	table_end(&table);
}

/* Bug: where the last filing took another FRN, one that had vanished before stood for it while an order was not yet
 * in effect. */
static void
the_last_filings_are_those_with_which_the_last_one_went(void **state)
{
	struct packed_source sources[] = { vanished(3, 30, 50), vanished(4, 40, 60) };
	struct packed_attachment attachments[] = { attached(3, 0, 1), attached(4, 0, 2) };
	struct packed_former formers[] = { { 3, 99, 60 }, { 4, 99, 60 } };
	struct packed_plan plan = { .sources = sources,
				    .source_count = 2,
				    .attachments = attachments,
				    .attachment_count = 2,
				    .formers = formers,
				    .former_count = 2 };
	struct table table;

	(void)state;
	table = table_build(&plan);
	assert_documents(&table, find(&table, PACKED_FRN, 3), 0, 1, 1);
	assert_documents(&table, find(&table, PACKED_FRN, 4), 1, 1, 2);
	/* Of two that went at once the first is shown. */
	assert_true(find(&table, PACKED_FRN, 4)->identity == (UINT64_C(4) << 24 | 40));
	table_end(&table);
}

#define PREFIXES 40
#define ADDRESSES 20000

/* Whether the address lies in the prefix, bit by bit. */
static bool
lies_in(const unsigned char address[16], const unsigned char prefix[16], unsigned bits)
{
	for (unsigned i = 0; i < bits; i++)
		if (((address[i / 8] ^ prefix[i / 8]) >> (7 - i % 8) & 1) != 0)
			return false;
	return true;
}

/* Nested prefixes of both families: for each address the answer is that of a plain search through all of them. */
static void
the_longest_prefix_wins(void **state)
{
	static unsigned char texts[PREFIXES][17];
	struct packed_name names[PREFIXES];
	unsigned bits[PREFIXES];
	struct packed_plan plan = { .peers = names, .peer_count = 0 };
	uint64_t random = 1;
	unsigned hits = 0;
	struct table table;

	(void)state;
	for (unsigned i = 0; i < PREFIXES; i++) {
		unsigned char address[16] = { 0 };
		bool ipv4 = i % 2 == 0, known = false;
		uint64_t key;

		if (ipv4)
			address[10] = address[11] = 0xff;
		for (unsigned k = ipv4 ? 12 : 0; k < 16; k++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			/* Few values, so that prefixes lie in each other. */
			address[k] = (unsigned char)(random >> 62);
		}
		bits[plan.peer_count] = ipv4 ? 96 + i % 33 : i * 3 % 129;
		key = packed_prefix_key(address, bits[plan.peer_count], texts[plan.peer_count]);
		for (size_t k = 0; k < plan.peer_count; k++)
			known = known || names[k].key == key;
		if (known)
			continue;
		names[plan.peer_count] = (struct packed_name){ .key = key, .number = 1 + i };
		if (key >> 56 == PACKED_IPV6)
			names[plan.peer_count].text = (struct slice){ (const char *)texts[plan.peer_count], 17 };
		plan.peer_count++;
	}
	table = table_build(&plan);
	for (unsigned i = 0; i < ADDRESSES; i++) {
		unsigned char address[16] = { 0 };
		const struct packed_slot *slot;
		size_t best = SIZE_MAX;

		if (i % 2 == 0)
			address[10] = address[11] = 0xff;
		for (unsigned k = i % 2 == 0 ? 12 : 0; k < 16; k++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			address[k] = (unsigned char)(random >> 62);
		}
		for (size_t k = 0; k < plan.peer_count; k++)
			if ((names[k].key >> 56 == PACKED_IPV4) == (i % 2 == 0) &&
			    lies_in(address, texts[k], bits[k]) && (best == SIZE_MAX || bits[k] > bits[best]))
				best = k;
		slot = packed_peer_of_address(&table.packed, address);
		if (best == SIZE_MAX) {
			assert_null(slot);
			continue;
		}
		hits++;
		assert_non_null(slot);
		assert_int_equal(slot->identity, names[best].number);
	}
	assert_true(hits > ADDRESSES / 10);
	table_end(&table);
}

/* Two texts may have one hash: the slot's own text decides. */
static void
a_name_is_compared_not_only_hashed(void **state)
{
	struct packed_name names[] = { { packed_text_key(PACKED_PEER, slice_of("acme")), slice_of("acme"), 7, 0, 2 },
				       { packed_text_key(PACKED_TRUNK, slice_of("tg-1")), slice_of("other"), 8, 0,
					 0 } };
	struct packed_plan plan = { .peers = names, .peer_count = 2 };
	struct table table;

	(void)state;
	table = table_build(&plan);
	assert_non_null(packed_peer(&table.packed, PACKED_PEER, slice_of("ACME")));
	assert_int_equal(packed_peer(&table.packed, PACKED_PEER, slice_of("acme"))->roles, 2);
	assert_null(packed_peer(&table.packed, PACKED_TRUNK, slice_of("acme")));
	assert_null(packed_peer(&table.packed, PACKED_PEER, slice_of("acm")));
	assert_null(packed_peer(&table.packed, PACKED_TRUNK, slice_of("tg-1")));
	table_end(&table);
}

static void
a_text_of_the_same_length_is_compared(void **state)
{
	unsigned char address[16] = { 0x20, 1 }, prefix[17], other[17];
	struct packed_name names[2] = {
		{ packed_text_key(PACKED_PEER, slice_of("acme")), slice_of("acne"), 7, 0, 0 },
		{ packed_prefix_key(address, 128, prefix), { (const char *)other, 17 }, 8, 0, 0 },
	};
	struct packed_plan plan = { .peers = names, .peer_count = 2 };
	struct table table;

	(void)state;
	memcpy(other, prefix, sizeof other);
	other[15] ^= 1;
	table = table_build(&plan);
	assert_null(packed_peer(&table.packed, PACKED_PEER, slice_of("acme")));
	assert_null(packed_peer_of_address(&table.packed, address));
	table_end(&table);
}

static void
a_text_that_points_outside_is_none(void **state)
{
	static char text[LIMIT_KEY_BYTES + 1];
	struct packed_name name = { packed_text_key(PACKED_PEER, slice_of("acme")), slice_of("acme"), 7, 0, 0 };
	struct packed_plan plan = { .peers = &name, .peer_count = 1 };
	struct table table = table_build(&plan);
	struct packed_slot *slot =
		(struct packed_slot *)(uintptr_t)packed_peer(&table.packed, PACKED_PEER, name.text);
	uint64_t *texts = (uint64_t *)(uintptr_t)table.packed.lists;
	uint32_t list;

	(void)state;
	assert_non_null(slot);
	list = slot->list;
	slot->list = (uint32_t)table.packed.header->lists;
	assert_null(packed_peer(&table.packed, PACKED_PEER, name.text));
	slot->list = UINT32_MAX;
	assert_null(packed_peer(&table.packed, PACKED_PEER, name.text));
	/* It says that its text has four bytes, and there is no room for them. */
	slot->list = (uint32_t)table.packed.header->lists - 1;
	texts[slot->list] = 4;
	assert_null(packed_peer(&table.packed, PACKED_PEER, name.text));
	slot->list = list;
	/* No peer has a name so long. */
	memset(text, 'x', sizeof text);
	assert_null(packed_peer(&table.packed, PACKED_PEER, (struct slice){ text, sizeof text }));
	table_end(&table);
}

static void
overdue_from_the_first_window_after(void **state)
{
	static const struct {
		int year, month, dayofmonth, due;
	} cases[] = {
		{ 1900, 1, 1, 0 },   { 2025, 12, 31, 0 }, { 2026, 1, 31, 0 },   { 2026, 2, 1, 1 },
		{ 2026, 3, 1, 1 },   { 2027, 1, 31, 1 },  { 2027, 2, 1, 2 },    { 2088, 2, 1, 63 },
		{ 2089, 1, 31, 63 }, { 2089, 2, 1, -1 },  { 9999, 12, 31, -1 },
	};
	struct packed_header header = { 0 };

	(void)state;
	for (int i = 0; i < DUE_YEARS; i++)
		header.recertification_due[i] = 1000 + i;
	assert_true(packed_overdue_from(&header, DAY_NONE) == TIME_NONE);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_true(
			packed_overdue_from(&header, day_of(cases[i].year, cases[i].month, cases[i].dayofmonth)) ==
			(cases[i].due < 0 ? TIME_NONE : 1000 + cases[i].due));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_found),
		cmocka_unit_test(a_search_begins_alike_on_every_machine),
		cmocka_unit_test(an_empty_table_finds_nothing),
		cmocka_unit_test(a_filing_is_told_whole),
		cmocka_unit_test(several_filings_stand_in_a_list),
		cmocka_unit_test(more_filings_than_a_list_keep_each_kind),
		cmocka_unit_test(more_filings_than_a_list_of_one_kind_stay_several),
		cmocka_unit_test(every_kind_at_once_fits),
		cmocka_unit_test(filings_without_an_frn_stand_for_themselves),
		cmocka_unit_test(of_vanished_filings_the_last_to_go_is_told),
		cmocka_unit_test(former_frns),
		cmocka_unit_test(of_those_that_lost_an_frn_at_once_the_first_is_told),
		cmocka_unit_test(aliases_never_hide_a_filing),
		cmocka_unit_test(quarantined_keys),
		cmocka_unit_test(public_safety_numbers_are_keys_of_their_own),
		cmocka_unit_test(damage_of_any_byte_is_seen),
		cmocka_unit_test(another_length_or_address_is_damage),
		cmocka_unit_test(a_list_that_points_outside_is_none),
		cmocka_unit_test(documents_stand_with_the_provider_they_name),
		cmocka_unit_test(documents_of_keys_that_lead_to_no_filing),
		cmocka_unit_test(the_longest_prefix_wins),
		cmocka_unit_test(a_name_is_compared_not_only_hashed),
		cmocka_unit_test(a_text_of_the_same_length_is_compared),
		cmocka_unit_test(a_text_that_points_outside_is_none),
		cmocka_unit_test(the_last_filings_are_those_with_which_the_last_one_went),
		cmocka_unit_test(overdue_from_the_first_window_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
