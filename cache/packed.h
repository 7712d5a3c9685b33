/* SPDX-License-Identifier: ISC
 *
 * The packed table: everything that an ordinary check needs, in one value of the snapshot that is probed in the map
 * without a walk through a tree. Its layout, how it is built and how it is read. Neither LMDB nor the rules may
 * enter.
 *
 *   header   1024 - 16 bytes, struct packed_header
 *   slots    32 bytes each, open addressing with linear probing, half full at most
 *   lists    8-byte words: for each provider with several listed filings, or with documents of the FCC, a struct
 *            packed_list
 *
 * The value begins 16 bytes into a page (LMDB's page header), so slots begin at a multiple of 64 bytes in the map and
 * none straddles a cache line. Numbers are the machine's own, as LMDB's are; the magic number tells.
 */
#ifndef CACHE_PACKED_H
#define CACHE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/record.h"

#define PACKED_MAGIC UINT64_C(0x524d445041434b31) /* "RMDPACK1" */
#define PACKED_VERSION 1
#define PACKED_HEADER_BYTES 1008

/* The first byte of a slot's key; the rest is the value. An empty slot's key is 0. */
enum packed_kind {
	PACKED_FRN = 1,
	PACKED_RMD = 2,
	PACKED_PUBLIC_SAFETY = 3,
	/* What the operator calls a peer. Of an IPv4 prefix the value is its length and address; of the others a hash
	 * of the text, which stands in the lists. */
	PACKED_PEER = 4,
	PACKED_TRUNK = 5,
	PACKED_OCN = 6,
	PACKED_IPV4 = 7,
	PACKED_IPV6 = 8
};

static inline uint64_t
packed_key(enum packed_kind kind, uint64_t value)
{
	return (uint64_t)kind << 56 | value;
}

struct packed_header {
	uint64_t magic;
	uint64_t checksum; /* of everything behind this field */
	uint32_t version;
	uint32_t generation;
	uint64_t bytes;    /* of the whole value */
	uint64_t capacity; /* slots */
	uint64_t lists;    /* words behind the slots */
	uint32_t longest_probe;
	uint32_t role_mismatch_accepted;
	int64_t checked_at; /* this and the next two are the state's */
	int64_t data_at;
	int64_t first_checked_at;
	int64_t max_age;
	int64_t missing_grace;
	uint64_t foreign_area_codes[16];
	int64_t recertification_due[DUE_YEARS]; /* when the due day of 2026, 2027, ... has ended */
	uint64_t ipv4_lengths;                  /* bit N: a peer has an IPv4 prefix of N bits */
	uint64_t ipv6_lengths[3];               /* bit N % 64 of word N / 64 */
	unsigned char reserved[PACKED_HEADER_BYTES - 96 - 128 - 8 * DUE_YEARS - 32];
};

/* What the key leads to: the provider, and its only listed filing. */
enum packed_flag {
	PACKED_LISTED = 1 << 0, /* a listed filing, which stands in this slot where there is no list */
	PACKED_LIST = 1 << 1,   /* the filings stand in the list at `list`, and documents */
	PACKED_KNOWN = 1 << 2,  /* the history knows a filing */
	PACKED_ALIAS = 1 << 3,  /* an FRN that stands in another filing's other_frns; `number` is that filing */
	PACKED_KEY_QUARANTINED = 1 << 4, /* the last file has an unreadable row with this key */
	PACKED_LOSSY_NAME = 1 << 5,      /* of the filing */
	PACKED_ROW_QUARANTINED = 1 << 6  /* the filing is kept from an older file */
};

struct packed_slot {
	uint64_t key;
	uint64_t identity; /* FRN << 24 | RMD number: of the listed filing, or the last one that there was; of a peer
			      the one that the operator gave it */
	int64_t when;      /* listed: recertification overdue from; known but not listed: missing since */
	uint32_t list;
	uint8_t implementation;
	uint8_t roles; /* of a peer its role, enum rmd_role */
	uint16_t flags;
};

/* One of the filings in a list. */
struct packed_filing {
	uint32_t number;
	uint8_t implementation;
	uint8_t roles;
	uint16_t flags; /* PACKED_LISTED, PACKED_LOSSY_NAME, PACKED_ROW_QUARANTINED */
	int64_t overdue_from;
};

/* One document of the FCC that names the provider: a notice_record, as far as a verdict needs it. */
struct packed_document {
	int64_t issued;
	int64_t effective;
	int64_t after_48_hours;
	int64_t after_14_days;
	int64_t mitigated;
	int64_t measures;
	int64_t fcc_notified;
	int64_t lifted;   /* order: by a reinstatement */
	int64_t relisted; /* removal: the first check that had the provider again after one that had not */
	day released;
	uint32_t notice; /* its place in the register */
	uint32_t kind;   /* enum document_kind */
	char id[68];     /* cut where it is longer, and the NUL */
};

/* At most this many filings of one FRN are kept: where there are more, the first of each kind of certification and
 * roles, which decide the same (4 kinds of certification, 8 sets of roles). */
#define PACKED_LIST_MAX 32
/* The listed filings or, where none is listed, those that vanished last; behind them the documents, in the order of
 * the register. */
struct packed_list {
	uint32_t filing_count;
	uint32_t document_count;
	day last_updated; /* the latest of the listed filings; DAY_NONE: none */
	uint32_t unused;
	struct packed_filing filing[];
};

static inline const struct packed_document *
packed_documents(const struct packed_list *list)
{
	return (const struct packed_document *)(const void *)(list->filing + list->filing_count);
}

/* A table in a snapshot. The pointers are into the map. */
struct packed {
	const struct packed_header *header;
	const struct packed_slot *slots;
	const uint64_t *lists;
};

/* Holds the value against its own sizes and checksum. False: damaged. */
bool
packed_open(struct slice value, struct packed *packed);

/* The slot at which the search for a key begins: the upper half of a product of 128 bits. */
static inline uint64_t
packed_begin(uint64_t key, uint64_t capacity)
{
	uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);

	return (uint64_t)(((unsigned __int128)hash * capacity) >> 64);
}

/* The slot of a key, NULL where there is none. At most longest_probe slots are looked at. */
static inline const struct packed_slot *
packed_find(const struct packed *packed, uint64_t key)
{
	uint64_t capacity = packed->header->capacity;
	uint64_t index = packed_begin(key, capacity);

	for (uint32_t probe = 0; probe <= packed->header->longest_probe; probe++) {
		const struct packed_slot *slot = &packed->slots[index];

		if (slot->key == key)
			return slot;
		if (slot->key == 0)
			return NULL;
		index = index + 1 == capacity ? 0 : index + 1;
	}
	return NULL;
}

/* The instant from which a filing that was last recertified on that day is overdue: its filing window of a later year
 * opens on February 1. TIME_NONE for DAY_NONE: a blank is "no date", not "never". */
int64_t
packed_overdue_from(const struct packed_header *header, day last_recertified);

/* The list of a slot that has PACKED_LIST; NULL when it points outside: a damaged table. */
const struct packed_list *
packed_list_of(const struct packed *packed, const struct packed_slot *slot);

/* One filing that the history knows, as the builder has it. */
struct packed_source {
	uint64_t frn; /* 0: none */
	uint32_t number;
	uint8_t implementation;
	uint8_t roles;
	uint16_t flags; /* PACKED_LISTED, PACKED_LOSSY_NAME, PACKED_ROW_QUARANTINED */
	int64_t when;   /* listed: overdue from; else missing since */
	day last_updated;
};

/* A document for the provider that an FRN leads to, or an RMD number. */
struct packed_attachment {
	uint64_t frn;    /* 0: by the number */
	uint32_t number; /* of a filing without an FRN, or of none that is known; 0: by the FRN */
	struct packed_document document;
};

/* An FRN that a filing had until `until` (a filing that changed its FRN). */
struct packed_former {
	uint64_t frn;
	uint32_t number;
	int64_t until;
};

/* A name, trunk, OCN or address prefix of a peer. */
struct packed_name {
	uint64_t key;      /* packed_text_key or packed_prefix_key */
	struct slice text; /* folded, or the 16 bytes of an IPv6 prefix and its length; none for IPv4 */
	uint64_t frn;
	uint32_t number;
	uint8_t role;
};

/* For qsort and bsearch: keys, FRNs and numbers of 64 bits, ascending. */
int
word_order(const void *a, const void *b);

/* Names, trunks and OCNs do not differ by the case of ASCII letters. `folded` holds as many bytes as the text. */
void
packed_fold(char *folded, struct slice text);
uint64_t
packed_text_key(enum packed_kind kind, struct slice folded);

/* The first `bits` of an address, IPv4 as ::ffff:a.b.c.d, whose prefixes have 96 bits more. The rest is cleared; an
 * IPv6 prefix's text is `prefix`, 17 bytes. */
uint64_t
packed_prefix_key(const unsigned char address[16], unsigned bits, unsigned char prefix[17]);

/* The peer of that kind and name; NULL: none. */
const struct packed_slot *
packed_peer(const struct packed *packed, enum packed_kind kind, struct slice text);
/* The peer that has the longest prefix of that address; NULL: none. */
const struct packed_slot *
packed_peer_of_address(const struct packed *packed, const unsigned char address[16]);

/* Everything that a table is made of. The arrays belong to the caller; packed_plan sorts the sources, formers
 * and attachments by FRN, and the rest by value. */
struct packed_plan {
	struct packed_header header; /* generation, instants, policy and area codes filled by the caller */
	struct packed_source *sources;
	size_t source_count;
	struct packed_former *formers;
	size_t former_count;
	uint64_t *aliases; /* identity of each: alias FRN << 24 | number of the filing that names it */
	size_t alias_count;
	struct packed_attachment *attachments; /* no two of one document for one provider */
	size_t attachment_count;
	uint64_t *quarantined_frns;
	size_t quarantined_frn_count;
	uint64_t *quarantined_numbers;
	size_t quarantined_number_count;
	const uint64_t *public_safety;
	size_t public_safety_count;
	const struct packed_name *peers;
	size_t peer_count;
};

/* Sorts the arrays and works out the table's size in bytes. */
size_t
packed_plan(struct packed_plan *plan);

/* Writes the table into `target`, which is zeroed here, is aligned to 16 bytes and holds that many bytes. */
void
packed_build(const struct packed_plan *plan, void *target);

#endif
