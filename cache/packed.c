/* SPDX-License-Identifier: ISC
 *
 * The packed table: built once by rmdsync, checked once by each reader.
 */
#include "cache/packed.h"

#include <stdlib.h>
#include <string.h>

#define CHECKSUM_FROM offsetof(struct packed_header, version)
/* LMDB puts a value on pages of its own only when it is large; smaller ones may stand at odd addresses. */
#define PACKED_BYTES_MIN 8192

_Static_assert(sizeof(struct packed_header) == PACKED_HEADER_BYTES, "the slots would straddle cache lines");
_Static_assert((PACKED_HEADER_BYTES + 16) % 64 == 0, "the slots would straddle cache lines");
_Static_assert(sizeof(struct packed_slot) == 32, "two slots a cache line");
_Static_assert(sizeof(struct packed_filing) == 16, "lists are whole words");
_Static_assert(sizeof(struct packed_list) == 16, "lists are whole words");
_Static_assert(sizeof(struct packed_document) % 8 == 0, "lists are whole words");

/* Four lanes, so that 128 MB are summed at the speed of memory; it guards against damage, not against a forger. */
static uint64_t
checksum(const unsigned char *data, size_t bytes)
{
	const uint64_t prime = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t lane[4] = { 1, 2, 3, 4 };
	uint64_t sum = bytes;

	while (bytes >= 32) {
		uint64_t word[4];

		memcpy(word, data, sizeof word);
		for (int i = 0; i < 4; i++)
			lane[i] = (lane[i] ^ word[i]) * prime;
		data += 32;
		bytes -= 32;
	}
	for (size_t i = 0; i < bytes; i++)
		sum = (sum ^ data[i]) * prime;
	for (int i = 0; i < 4; i++)
		sum = (sum ^ lane[i] ^ lane[i] >> 29) * prime;
	return sum ^ sum >> 32;
}

bool
packed_open(struct slice value, struct packed *packed)
{
	const struct packed_header *header = (const void *)value.data;
	uint64_t left;

	if (value.length < PACKED_BYTES_MIN || (uintptr_t)value.data % 16 != 0 || header->magic != PACKED_MAGIC ||
	    header->version != PACKED_VERSION || header->bytes != value.length)
		return false;
	left = value.length - sizeof *header;
	if (header->capacity == 0 || header->capacity > left / sizeof(struct packed_slot))
		return false;
	left -= header->capacity * sizeof(struct packed_slot);
	if (header->lists > left / sizeof(uint64_t) || header->longest_probe >= header->capacity)
		return false;
	if (checksum((const unsigned char *)value.data + CHECKSUM_FROM, value.length - CHECKSUM_FROM) !=
	    header->checksum)
		return false;
	packed->header = header;
	packed->slots = (const void *)(value.data + sizeof *header);
	packed->lists = (const void *)(packed->slots + header->capacity);
	return true;
}

int64_t
packed_overdue_from(const struct packed_header *header, day last_recertified)
{
	if (last_recertified == DAY_NONE)
		return TIME_NONE;
	for (int i = 0; i < DUE_YEARS; i++)
		if (last_recertified < day_of(DUE_FIRST_YEAR + i, 2, 1))
			return header->recertification_due[i];
	return TIME_NONE;
}

static uint64_t
list_words(uint64_t filings, uint64_t documents)
{
	return (sizeof(struct packed_list) + filings * sizeof(struct packed_filing) +
		documents * sizeof(struct packed_document)) /
	       sizeof(uint64_t);
}

const struct packed_list *
packed_list_of(const struct packed *packed, const struct packed_slot *slot)
{
	const struct packed_list *list;
	uint64_t words = packed->header->lists;

	if (slot->list >= words || words - slot->list < list_words(0, 0))
		return NULL;
	list = (const void *)(packed->lists + slot->list);
	if (list->filing_count > PACKED_LIST_MAX || list->filing_count + list->document_count == 0 ||
	    list_words(list->filing_count, list->document_count) > words - slot->list)
		return NULL;
	return list;
}

/* ASCII only, as SIP compares its labels. */
void
packed_fold(char *folded, struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		folded[i] = ascii_lower(text.data[i]);
}

uint64_t
packed_text_key(enum packed_kind kind, struct slice folded)
{
	uint64_t hash = folded.length;

	for (size_t i = 0; i < folded.length; i++)
		hash = (hash ^ (unsigned char)folded.data[i]) * UINT64_C(0x100000001b3) + (hash >> 47);
	return packed_key(kind, (hash ^ hash >> 29) & ((UINT64_C(1) << 56) - 1));
}

static bool
is_ipv4(const unsigned char address[16])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(address, mapped, sizeof mapped) == 0;
}

uint64_t
packed_prefix_key(const unsigned char address[16], unsigned bits, unsigned char prefix[17])
{
	memset(prefix, 0, 17);
	memcpy(prefix, address, bits / 8);
	if (bits % 8 != 0)
		prefix[bits / 8] = (unsigned char)(address[bits / 8] & (0xff00 >> (bits % 8)));
	prefix[16] = (unsigned char)bits;
	if (bits >= 96 && is_ipv4(address))
		return packed_key(PACKED_IPV4, (uint64_t)(bits - 96) << 32 | (uint64_t)prefix[12] << 24 |
						       (uint64_t)prefix[13] << 16 | (uint64_t)prefix[14] << 8 |
						       prefix[15]);
	return packed_text_key(PACKED_IPV6, (struct slice){ (const char *)prefix, 17 });
}

/* Whether the slot's own text is that: two texts may have one hash. */
static bool
text_is(const struct packed *packed, const struct packed_slot *slot, struct slice text)
{
	uint64_t words = packed->header->lists, length;

	if (slot->list >= words)
		return false;
	length = packed->lists[slot->list];
	return length == text.length && (length + 7) / 8 < words - slot->list &&
	       memcmp(packed->lists + slot->list + 1, text.data, text.length) == 0;
}

const struct packed_slot *
packed_peer(const struct packed *packed, enum packed_kind kind, struct slice text)
{
	char folded[LIMIT_KEY_BYTES];
	const struct packed_slot *slot;

	if (text.length > sizeof folded)
		return NULL;
	packed_fold(folded, text);
	text.data = folded;
	slot = packed_find(packed, packed_text_key(kind, text));
	return slot != NULL && text_is(packed, slot, text) ? slot : NULL;
}

const struct packed_slot *
packed_peer_of_address(const struct packed *packed, const unsigned char address[16])
{
	const struct packed_header *header = packed->header;
	bool ipv4 = is_ipv4(address);

	for (int bits = ipv4 ? 32 : 128; bits >= 0; bits--) {
		uint64_t lengths = ipv4 ? header->ipv4_lengths : header->ipv6_lengths[bits / 64];
		const struct packed_slot *slot;
		unsigned char prefix[17];
		uint64_t key;

		if ((lengths >> (bits % 64) & 1) == 0)
			continue;
		key = packed_prefix_key(address, (unsigned)bits + (ipv4 ? 96 : 0), prefix);
		slot = packed_find(packed, key);
		if (slot != NULL && (ipv4 || text_is(packed, slot, (struct slice){ (const char *)prefix, 17 })))
			return slot;
	}
	return NULL;
}

static int
source_order(const void *a, const void *b)
{
	const struct packed_source *x = a, *y = b;

	if (x->frn != y->frn)
		return x->frn < y->frn ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int
former_order(const void *a, const void *b)
{
	const struct packed_former *x = a, *y = b;

	if (x->frn != y->frn)
		return x->frn < y->frn ? -1 : 1;
	return x->until < y->until ? -1 : x->until > y->until;
}

int
word_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The words are in order. */
static bool
has_word(const uint64_t *words, size_t count, uint64_t word)
{
	return count > 0 && bsearch(&word, words, count, sizeof word, word_order) != NULL;
}

static void
sort(void *array, size_t count, size_t size, int (*order)(const void *, const void *))
{
	if (count > 1)
		qsort(array, count, size, order);
}

static int
attachment_order(const void *a, const void *b)
{
	const struct packed_attachment *x = a, *y = b;

	if (x->frn != y->frn)
		return x->frn < y->frn ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->document.notice < y->document.notice ? -1 : x->document.notice > y->document.notice;
}

static uint64_t
identity(uint64_t frn, uint32_t number)
{
	return frn << 24 | number;
}

/* A filing without an FRN stands for itself. */
static uint64_t
provider_key(uint64_t frn, uint32_t number)
{
	return identity(frn, frn == 0 ? number : 0);
}

/* One provider: the filings that lead to it, those that had its FRN once, and the documents that name it. */
struct group {
	uint64_t provider; /* as provider_key gives it */
	const struct packed_source *sources;
	size_t source_count;
	size_t listed;
	const struct packed_former *formers;
	size_t former_count;
	const struct packed_attachment *attachments;
	size_t attachment_count;
	uint32_t last; /* where none is listed: the filing that it lost last, of several the first; 0: none */
	int64_t since; /* and when */
};

static void
group_lose(struct group *group, uint32_t number, int64_t at)
{
	if (group->last != 0 && (at < group->since || (at == group->since && number > group->last)))
		return;
	group->last = number;
	group->since = at;
}

/* The provider behind the last one; of a fresh group the first. All arrays are in the order of the providers. */
static bool
group_next(const struct packed_plan *plan, struct group *group)
{
	const struct packed_source *source = group->sources + group->source_count;
	const struct packed_source *source_end = plan->sources + plan->source_count;
	const struct packed_former *former = group->formers + group->former_count;
	const struct packed_former *former_end = plan->formers + plan->former_count;
	const struct packed_attachment *attachment = group->attachments + group->attachment_count;
	const struct packed_attachment *attachment_end = plan->attachments + plan->attachment_count;
	uint64_t provider = UINT64_MAX;

	if (source != source_end)
		provider = provider_key(source->frn, source->number);
	if (former != former_end && provider_key(former->frn, 0) < provider)
		provider = provider_key(former->frn, 0);
	if (attachment != attachment_end && provider_key(attachment->frn, attachment->number) < provider)
		provider = provider_key(attachment->frn, attachment->number);
	if (provider == UINT64_MAX)
		return false;
	*group = (struct group){
		.provider = provider, .sources = source, .formers = former, .attachments = attachment
	};
	for (; source != source_end && provider_key(source->frn, source->number) == provider; source++) {
		group->source_count++;
		if ((source->flags & PACKED_LISTED) != 0)
			group->listed++;
		else
			group_lose(group, source->number, source->when);
	}
	for (; former != former_end && provider_key(former->frn, 0) == provider; former++) {
		group->former_count++;
		group_lose(group, former->number, former->until);
	}
	for (; attachment != attachment_end && provider_key(attachment->frn, attachment->number) == provider;
	     attachment++)
		group->attachment_count++;
	return true;
}

static struct group
group_begin(const struct packed_plan *plan)
{
	return (struct group){ .sources = plan->sources, .formers = plan->formers, .attachments = plan->attachments };
}

/* Which filings stand in a provider's list: those that are listed, or else those with which the last one went. */
static bool
in_list(const struct group *group, const struct packed_source *source)
{
	return group->listed > 0 ? (source->flags & PACKED_LISTED) != 0 : source->when == group->since;
}

static bool
needs_list(const struct group *group)
{
	return group->attachment_count > 0 || group->listed > 1;
}

/* The words that the lists may need. */
static uint64_t
lists_words(const struct packed_plan *plan)
{
	struct group group = group_begin(plan);
	uint64_t words = 0;

	while (group_next(plan, &group)) {
		size_t filings = 0;

		if (!needs_list(&group))
			continue;
		for (size_t i = 0; i < group.source_count; i++)
			filings += in_list(&group, &group.sources[i]);
		words += list_words(filings < PACKED_LIST_MAX ? filings : PACKED_LIST_MAX, group.attachment_count);
	}
	return words;
}

size_t
packed_plan(struct packed_plan *plan)
{
	static struct packed_source no_source;
	static struct packed_former no_former;
	static struct packed_attachment no_attachment;
	size_t bytes, keys;

	/* An array of none is walked like any other, and must be somewhere for that. */
	if (plan->sources == NULL)
		plan->sources = &no_source;
	if (plan->formers == NULL)
		plan->formers = &no_former;
	if (plan->attachments == NULL)
		plan->attachments = &no_attachment;
	sort(plan->sources, plan->source_count, sizeof *plan->sources, source_order);
	sort(plan->formers, plan->former_count, sizeof *plan->formers, former_order);
	sort(plan->attachments, plan->attachment_count, sizeof *plan->attachments, attachment_order);
	sort(plan->aliases, plan->alias_count, sizeof *plan->aliases, word_order);
	sort(plan->quarantined_frns, plan->quarantined_frn_count, sizeof *plan->quarantined_frns, word_order);
	sort(plan->quarantined_numbers, plan->quarantined_number_count, sizeof *plan->quarantined_numbers,
	     word_order);
	/* Every filing gives an RMD number, and at most one FRN. */
	keys = 2 * plan->source_count + plan->former_count + plan->alias_count + plan->attachment_count +
	       plan->quarantined_frn_count + plan->quarantined_number_count + plan->public_safety_count +
	       plan->peer_count;
	plan->header.capacity = 2 * keys + 16;
	plan->header.lists = lists_words(plan);
	for (size_t i = 0; i < plan->peer_count; i++)
		plan->header.lists += plan->peers[i].text.length > 0 ? 1 + (plan->peers[i].text.length + 7) / 8 : 0;
	bytes = sizeof plan->header + plan->header.capacity * sizeof(struct packed_slot) +
		plan->header.lists * sizeof(uint64_t);
	plan->header.bytes = bytes < PACKED_BYTES_MIN ? PACKED_BYTES_MIN : bytes;
	return plan->header.bytes;
}

/* The table while it is filled. */
struct filling {
	struct packed_header *header;
	struct packed_slot *slots;
	uint64_t *lists;
	uint64_t words; /* of the lists, used */
};

/* The slot of a key, new or already there. */
static struct packed_slot *
slot_of(struct filling *table, enum packed_kind kind, uint64_t value)
{
	uint64_t key = packed_key(kind, value);
	uint64_t capacity = table->header->capacity;
	uint64_t index = packed_begin(key, capacity);
	uint32_t probe = 0;

	while (table->slots[index].key != 0 && table->slots[index].key != key) {
		index = index + 1 == capacity ? 0 : index + 1;
		probe++;
	}
	if (probe > table->header->longest_probe)
		table->header->longest_probe = probe;
	table->slots[index].key = key;
	return &table->slots[index];
}

static bool
list_has_kind(const struct packed_list *list, const struct packed_source *source)
{
	for (uint32_t i = 0; i < list->filing_count; i++)
		if (list->filing[i].implementation == source->implementation &&
		    list->filing[i].roles == source->roles)
			return true;
	return false;
}

static void
list_add(struct packed_list *list, const struct packed_source *source)
{
	bool listed = (source->flags & PACKED_LISTED) != 0;

	list->filing[list->filing_count++] = (struct packed_filing){
		.number = source->number,
		.implementation = source->implementation,
		.roles = source->roles,
		.flags = (uint16_t)(source->flags & (PACKED_LISTED | PACKED_LOSSY_NAME | PACKED_ROW_QUARANTINED)),
		.overdue_from = listed ? source->when : TIME_NONE,
	};
}

/* Writes a provider's list behind the others and returns its place. */
static uint32_t
list_write(struct filling *table, const struct group *group)
{
	struct packed_list *list = (struct packed_list *)(void *)(table->lists + table->words);
	struct packed_document *documents;
	uint32_t place = (uint32_t)table->words;
	size_t filings = 0;

	list->last_updated = DAY_NONE;
	for (size_t i = 0; i < group->source_count; i++) {
		const struct packed_source *source = &group->sources[i];

		filings += in_list(group, source);
		if ((source->flags & PACKED_LISTED) != 0 && source->last_updated > list->last_updated)
			list->last_updated = source->last_updated;
	}
	for (size_t i = 0; i < group->source_count; i++)
		/* Two of them in any case: several stay several. */
		if (in_list(group, &group->sources[i]) && list->filing_count < PACKED_LIST_MAX &&
		    (filings <= PACKED_LIST_MAX || list->filing_count < 2 ||
		     !list_has_kind(list, &group->sources[i])))
			list_add(list, &group->sources[i]);
	documents = (struct packed_document *)(void *)(list->filing + list->filing_count);
	for (size_t i = 0; i < group->attachment_count; i++)
		documents[i] = group->attachments[i].document;
	list->document_count = (uint32_t)group->attachment_count;
	table->words += list_words(list->filing_count, list->document_count);
	return place;
}

/* Whether the last file has an unreadable row with a key of the provider. */
static bool
is_quarantined(const struct packed_plan *plan, const struct group *group)
{
	uint64_t frn = group->provider >> 24;

	if (has_word(plan->quarantined_frns, plan->quarantined_frn_count, frn))
		return true;
	for (size_t i = 0; i < group->source_count; i++)
		if (has_word(plan->quarantined_numbers, plan->quarantined_number_count, group->sources[i].number))
			return true;
	return false;
}

/* What a provider's keys lead to, each of them to the same. */
static struct packed_slot
provider_of(struct filling *table, const struct packed_plan *plan, const struct group *group)
{
	const struct packed_source *shown = group->sources;
	struct packed_slot slot = { .identity = group->provider };

	if (group->listed > 0) {
		while ((shown->flags & PACKED_LISTED) == 0)
			shown++;
		slot.flags = PACKED_KNOWN | shown->flags;
		slot.identity = identity(shown->frn, shown->number);
		slot.when = shown->when;
		slot.implementation = shown->implementation;
		slot.roles = shown->roles;
	} else if (group->last != 0) {
		slot.flags = PACKED_KNOWN;
		slot.identity |= group->last;
		slot.when = group->since;
	}
	if (is_quarantined(plan, group))
		slot.flags |= PACKED_KEY_QUARANTINED;
	if (needs_list(group)) {
		slot.flags |= PACKED_LIST;
		slot.list = list_write(table, group);
	}
	return slot;
}

static void
slot_set(struct filling *table, enum packed_kind kind, uint64_t value, const struct packed_slot *content)
{
	struct packed_slot *slot = slot_of(table, kind, value);
	uint64_t key = slot->key;

	*slot = *content;
	slot->key = key;
}

static void
add_providers(struct filling *table, const struct packed_plan *plan)
{
	struct group group = group_begin(plan);

	while (group_next(plan, &group)) {
		struct packed_slot content = provider_of(table, plan, &group);
		uint64_t frn = group.provider >> 24;

		if (frn != 0)
			slot_set(table, PACKED_FRN, frn, &content);
		else if (group.source_count == 0)
			slot_set(table, PACKED_RMD, group.provider, &content);
		for (size_t i = 0; i < group.source_count; i++)
			slot_set(table, PACKED_RMD, group.sources[i].number, &content);
	}
}

/* Keys that lead to no filing, nor have: an alias, an unreadable row. */
static void
add_other_keys(struct filling *table, const struct packed_plan *plan)
{
	for (size_t i = 0; i < plan->alias_count; i++) {
		struct packed_slot *slot = slot_of(table, PACKED_FRN, plan->aliases[i] >> 24);

		if ((slot->flags & (PACKED_KNOWN | PACKED_ALIAS)) != 0)
			continue;
		slot->flags |= PACKED_ALIAS;
		slot->identity = plan->aliases[i];
	}
	for (size_t i = 0; i < plan->quarantined_frn_count; i++)
		slot_of(table, PACKED_FRN, plan->quarantined_frns[i])->flags |= PACKED_KEY_QUARANTINED;
	for (size_t i = 0; i < plan->quarantined_number_count; i++)
		slot_of(table, PACKED_RMD, plan->quarantined_numbers[i])->flags |= PACKED_KEY_QUARANTINED;
	for (size_t i = 0; i < plan->public_safety_count; i++)
		slot_of(table, PACKED_PUBLIC_SAFETY, plan->public_safety[i]);
}

static void
add_peers(struct filling *table, const struct packed_plan *plan)
{
	for (size_t i = 0; i < plan->peer_count; i++) {
		const struct packed_name *peer = &plan->peers[i];
		struct packed_slot *slot =
			slot_of(table, (enum packed_kind)(peer->key >> 56), peer->key & ((UINT64_C(1) << 56) - 1));
		unsigned bits;

		slot->identity = identity(peer->frn, peer->number);
		slot->roles = peer->role;
		if (peer->key >> 56 == PACKED_IPV4) {
			table->header->ipv4_lengths |= UINT64_C(1) << (peer->key >> 32 & 63);
			continue;
		}
		slot->list = (uint32_t)table->words;
		table->lists[table->words] = peer->text.length;
		memcpy(table->lists + table->words + 1, peer->text.data, peer->text.length);
		table->words += 1 + (peer->text.length + 7) / 8;
		if (peer->key >> 56 != PACKED_IPV6)
			continue;
		bits = (unsigned char)peer->text.data[16];
		table->header->ipv6_lengths[bits / 64] |= UINT64_C(1) << (bits % 64);
	}
}

void
packed_build(const struct packed_plan *plan, void *target)
{
	struct filling table = { .header = target };

	memset(target, 0, plan->header.bytes);
	*table.header = plan->header;
	table.header->magic = PACKED_MAGIC;
	table.header->version = PACKED_VERSION;
	table.header->longest_probe = 0;
	table.slots = (struct packed_slot *)((unsigned char *)target + sizeof *table.header);
	table.lists = (uint64_t *)(table.slots + table.header->capacity);
	add_providers(&table, plan);
	add_other_keys(&table, plan);
	add_peers(&table, plan);
	table.header->checksum =
		checksum((const unsigned char *)target + CHECKSUM_FROM, plan->header.bytes - CHECKSUM_FROM);
}
