/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a packed table, as they are and with the sums made right: no read leaves the table.
 */
#include <stdlib.h>
#include <string.h>

#include "cache/packed.h"

#define FUZZ_BYTES 16384 /* room for a few hundred slots */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* What packed.c computes, so that a fuzzer gets behind it. */
static uint64_t
checksum(const unsigned char *data, size_t bytes)
{
	const uint64_t prime = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t lane[4] = { 1, 2, 3, 4 }, sum = bytes;

	for (; bytes >= 32; data += 32, bytes -= 32)
		for (int i = 0; i < 4; i++) {
			uint64_t word;

			memcpy(&word, data + 8 * i, sizeof word);
			lane[i] = (lane[i] ^ word) * prime;
		}
	for (size_t i = 0; i < bytes; i++)
		sum = (sum ^ data[i]) * prime;
	for (int i = 0; i < 4; i++)
		sum = (sum ^ lane[i] ^ lane[i] >> 29) * prime;
	return sum ^ sum >> 32;
}

static void
sums_set(unsigned char *bytes, size_t size)
{
	struct packed_header *header = (void *)bytes;

	header->magic = PACKED_MAGIC;
	header->version = PACKED_VERSION;
	header->bytes = size;
	header->checksum = checksum(bytes + offsetof(struct packed_header, version),
				    size - offsetof(struct packed_header, version));
}

static void
require_inside(const struct packed *packed, const struct packed_slot *slot)
{
	require(slot == NULL || (slot >= packed->slots && slot < packed->slots + packed->header->capacity));
}

/* Peers, by texts and addresses that stand in the table or might. */
static void
peers_use(const struct packed *packed)
{
	static const unsigned char host[16] = { [10] = 0xff, 0xff, 192, 0, 2, 7 };
	const unsigned char *begin = (const void *)packed->lists;

	require_inside(packed, packed_peer_of_address(packed, host));
	for (uint64_t word = 0; word + 2 <= packed->header->lists && word < 64; word++) {
		const char *text = (const char *)begin + 8 * word;

		require_inside(packed, packed_peer_of_address(packed, (const unsigned char *)text));
		for (size_t length = 0; length <= 16; length += 4)
			for (enum packed_kind kind = PACKED_PEER; kind <= PACKED_OCN; kind++)
				require_inside(packed, packed_peer(packed, kind, (struct slice){ text, length }));
	}
}

/* Looks for everything that the table has, and for what it may lack. */
static void
table_use(const struct packed *packed)
{
	const unsigned char *begin = (const void *)packed->header, *end = begin + packed->header->bytes;

	for (uint64_t i = 0; i < packed->header->capacity; i++) {
		const struct packed_slot *slot = packed_find(packed, packed->slots[i].key);
		const struct packed_list *list;

		packed_find(packed, packed_key(PACKED_RMD, i));
		if (slot == NULL)
			continue;
		require((const unsigned char *)slot >= begin && (const unsigned char *)(slot + 1) <= end);
		list = packed_list_of(packed, slot);
		if (list == NULL)
			continue;
		require(list->filing_count <= PACKED_LIST_MAX);
		require((const unsigned char *)(packed_documents(list) + list->document_count) <= end);
	}
	peers_use(packed);
	packed_overdue_from(packed->header, day_of(2026, 1, 1));
}

/* What a builder makes must pass, or the sums here are not those of packed.c any more. */
static void
require_right_sums(void)
{
	static _Alignas(16) unsigned char bytes[FUZZ_BYTES];
	/* None of each, but places that they could have. */
	struct packed_source source;
	struct packed_former former;
	struct packed_attachment attachment;
	struct packed_plan plan = { .sources = &source, .formers = &former, .attachments = &attachment };
	size_t size = packed_plan(&plan);
	struct packed packed;

	require(size <= sizeof bytes);
	packed_build(&plan, bytes);
	sums_set(bytes, size);
	require(packed_open((struct slice){ (const char *)bytes, size }, &packed));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = size < 8192 ? 8192 : size > FUZZ_BYTES ? FUZZ_BYTES : size;
	unsigned char *bytes = aligned_alloc(16, (room + 15) / 16 * 16);
	struct packed packed;

	require(bytes != NULL);
	require_right_sums();
	memset(bytes, 0, room);
	if (size > 0)
		memcpy(bytes, data, size < room ? size : room);
	if (packed_open((struct slice){ (const char *)bytes, room }, &packed))
		table_use(&packed);
	sums_set(bytes, room);
	if (packed_open((struct slice){ (const char *)bytes, room }, &packed))
		table_use(&packed);
	free(bytes);
	return 0;
}
