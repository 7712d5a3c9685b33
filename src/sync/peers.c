/* SPDX-License-Identifier: ISC
 *
 * One section a peer. Two peers that share a prefix, trunk, OCN or name would make a verdict a matter of luck: both
 * lines are named, and nothing is built.
 */
#include "sync/peers.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rmd.h"
#include "sync/conf.h"
#include "sync/sections.h"

#define PEER_SECTION "peer "

struct reading {
	struct peers *peers;
	const char *path;
	struct error *error;
};

static int
fail(const struct reading *reading, unsigned line, const char *name, const char *value, const char *what)
{
	return error_set(reading->error, EX_CONFIG, "%s:%u: %s = \"%s\" %s; nothing was changed", reading->path, line,
			 name, value, what);
}

static int
no_memory(struct error *error)
{
	return error_set(error, EX_CANTCREAT, "not enough memory for the peers; the old snapshot keeps serving");
}

static bool
peer_begin(void *context, struct slice name, unsigned line)
{
	struct reading *reading = context;
	struct peers *peers = reading->peers;
	struct peer *larger;

	if (!slice_starts_fold(name, PEER_SECTION))
		return false;
	name = slice_trim((struct slice){ name.data + strlen(PEER_SECTION), name.length - strlen(PEER_SECTION) });
	if (name.length == 0 || !utf8_valid(name) || peers->count == LIMIT_PEERS)
		return false;
	larger = array_room(peers->peers, peers->count, sizeof *larger);
	if (larger == NULL) {
		no_memory(reading->error);
		return true;
	}
	peers->peers = larger;
	larger = &peers->peers[peers->count];
	*larger = (struct peer){ .name = strndup(name.data, name.length), .line = line };
	if (larger->name == NULL)
		no_memory(reading->error);
	else
		peers->count++;
	return true;
}

static int
key_add(struct reading *reading, enum rmd_key kind, struct slice text, unsigned line)
{
	struct peer *peer = &reading->peers->peers[reading->peers->count - 1];
	struct peer_key_line *larger = array_room(peer->keys, peer->key_count, sizeof *larger);
	char *copy = strndup(text.data, text.length);

	if (larger != NULL)
		peer->keys = larger;
	if (larger == NULL || copy == NULL) {
		free(copy);
		return no_memory(reading->error);
	}
	larger[peer->key_count++] = (struct peer_key_line){ { (uint8_t)kind, { copy, text.length } }, line };
	return 0;
}

/* Reads an address or a prefix: IPv4 as ::ffff:a.b.c.d, its bits 96 more. False where it is neither. */
static bool
prefix_read(struct slice text, unsigned char address[16], unsigned *bits)
{
	const char *slash = memchr(text.data, '/', text.length);
	size_t length = slash != NULL ? (size_t)(slash - text.data) : text.length;
	char host[INET6_ADDRSTRLEN];
	uint64_t given = 0;
	unsigned widest = 128;

	memset(address, 0, 16);
	if (length >= sizeof host)
		return false;
	slice_copy(host, sizeof host, (struct slice){ text.data, length });
	if (inet_pton(AF_INET, host, address + 12) == 1) {
		address[10] = address[11] = 0xff;
		widest = 32;
	} else if (inet_pton(AF_INET6, host, address) != 1) {
		return false;
	}
	if (slash != NULL && !slice_decimal((struct slice){ slash + 1, text.length - length - 1 }, widest, &given))
		return false;
	*bits = (slash != NULL ? (unsigned)given : widest) + 128 - widest;
	return true;
}

/* A prefix in the one form that it is told in: 192.0.2.0/24, and a host without its length. */
static int
address_add(struct reading *reading, const char *value, unsigned line)
{
	unsigned char address[16], prefix[17];
	char host[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 8];
	unsigned bits;
	bool ipv4;
	int written;

	if (!prefix_read(slice_of(value), address, &bits))
		return fail(reading, line, "address", value, "is no IP address, and no prefix");
	(void)packed_prefix_key(address, bits, prefix);
	if (memcmp(address, prefix, 16) != 0)
		return fail(reading, line, "address", value, "has bits set behind its prefix");
	ipv4 = strchr(value, ':') == NULL;
	if (inet_ntop(ipv4 ? AF_INET : AF_INET6, ipv4 ? address + 12 : address, host, sizeof host) == NULL)
		return fail(reading, line, "address", value, "cannot be written");
	if (bits == 128)
		written = snprintf(text, sizeof text, "%s", host);
	else
		written = snprintf(text, sizeof text, "%s/%u", host, ipv4 ? bits - 96 : bits);
	if (written < 0)
		return fail(reading, line, "address", value, "cannot be written");
	return key_add(reading, RMD_KEY_IP, slice_of(text), line);
}

/* Four letters or digits. */
static bool
is_ocn(struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = ascii_lower(text.data[i]);

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z'))
			return false;
	}
	return text.length == 4;
}

static int
provider_set(struct reading *reading, const char *name, const char *value, unsigned line)
{
	struct peer *peer = &reading->peers->peers[reading->peers->count - 1];

	if (peer->frn != 0 || peer->number != 0)
		return fail(reading, line, name, value, "is a second provider of this peer");
	if (strcmp(name, "frn") == 0)
		peer->frn = frn_parse(slice_of(value));
	else
		peer->number = rmd_number_parse(slice_of(value));
	if (peer->frn == 0 && peer->number == 0)
		return fail(reading, line, name, value,
			    strcmp(name, "frn") == 0 ? "is no FRN of ten digits" : "is no RMD number");
	return 0;
}

static int
role_set(struct reading *reading, const char *value, unsigned line)
{
	static const char *const names[] = { [RMD_ROLE_VSP] = "vsp",
					     [RMD_ROLE_GATEWAY] = "gateway",
					     [RMD_ROLE_INTERMEDIATE] = "intermediate",
					     [RMD_ROLE_FOREIGN] = "foreign" };
	struct peer *peer = &reading->peers->peers[reading->peers->count - 1];

	if (peer->role != RMD_ROLE_NONE)
		return fail(reading, line, "role", value, "is a second role of this peer");
	for (unsigned role = RMD_ROLE_VSP; role <= RMD_ROLE_FOREIGN; role++)
		if (strcmp(value, names[role]) == 0)
			peer->role = (uint8_t)role;
	if (peer->role == RMD_ROLE_NONE)
		return fail(reading, line, "role", value, "is none of vsp, gateway, intermediate, foreign");
	return 0;
}

static int
peer_key_read(void *context, const char *section, const char *name, const char *value, unsigned line)
{
	struct reading *reading = context;
	struct slice text = slice_of(value);

	if (reading->error->code != 0)
		return reading->error->code;
	if (section[0] == '\0' || reading->peers->count == 0)
		return fail(reading, line, name, value, "stands before the first [peer]");
	if (strcmp(name, "frn") == 0 || strcmp(name, "rmd") == 0)
		return provider_set(reading, name, value, line);
	if (strcmp(name, "role") == 0)
		return role_set(reading, value, line);
	if (strcmp(name, "address") == 0)
		return address_add(reading, value, line);
	if (strcmp(name, "trunk") == 0)
		return text.length > 0 && utf8_valid(text)
			       ? key_add(reading, RMD_KEY_TRUNK, text, line)
			       : fail(reading, line, name, value, "is no name of a trunk");
	if (strcmp(name, "ocn") == 0)
		return is_ocn(text) ? key_add(reading, RMD_KEY_OCN, text, line)
				    : fail(reading, line, name, value, "is no OCN of four letters and digits");
	return fail(reading, line, name, value, "is no key of a peer");
}

/* What must not stand twice. */
struct claim {
	struct packed_name name;
	unsigned line;
	const char *what;
	const char *text; /* as the operator wrote it */
};

static int
claim_order(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->name.key != y->name.key)
		return x->name.key < y->name.key ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* The packed table's key for a peer's key, its text folded into memory of its own. */
static bool
claim_make(struct claim *claim, enum packed_kind kind, struct slice text)
{
	unsigned char address[16], prefix[17];
	char *copy = calloc(1, text.length + sizeof prefix);
	unsigned bits;

	if (copy == NULL)
		return false;
	claim->name.text.data = copy;
	claim->name.text.length = text.length;
	if (kind != PACKED_IPV6) {
		packed_fold(copy, text);
		claim->name.key = packed_text_key(kind, claim->name.text);
		return true;
	}
	/* It was written by address_add. */
	if (!prefix_read(text, address, &bits))
		bits = 0;
	claim->name.key = packed_prefix_key(address, bits, prefix);
	memcpy(copy, prefix, sizeof prefix);
	claim->name.text.length = claim->name.key >> 56 == PACKED_IPV4 ? 0 : sizeof prefix;
	return true;
}

static enum packed_kind
packed_kind_of(uint8_t key)
{
	return key == RMD_KEY_IP ? PACKED_IPV6 : key == RMD_KEY_TRUNK ? PACKED_TRUNK : PACKED_OCN;
}

static const char *
word_of(uint8_t key)
{
	return key == RMD_KEY_IP ? "address" : key == RMD_KEY_TRUNK ? "trunk" : "ocn";
}

static size_t
claims_fill(const struct peers *peers, struct claim *claims, struct error *error)
{
	size_t count = 0;

	for (size_t i = 0; i < peers->count && error->code == 0; i++) {
		const struct peer *peer = &peers->peers[i];
		struct packed_name name = { .frn = peer->frn, .number = peer->number, .role = peer->role };

		claims[count] = (struct claim){ name, peer->line, "peer", peer->name };
		if (!claim_make(&claims[count], PACKED_PEER, slice_of(peer->name)))
			no_memory(error);
		else
			count++;
		for (size_t k = 0; k < peer->key_count && error->code == 0; k++) {
			const struct peer_key_line *key = &peer->keys[k];

			claims[count] = (struct claim){ name, key->line, word_of(key->key.kind), key->key.text.data };
			if (!claim_make(&claims[count], packed_kind_of(key->key.kind), key->key.text))
				no_memory(error);
			else
				count++;
		}
	}
	return count;
}

/* Sorts all that peers go by, and refuses what two of them go by. */
static int
names_make(struct reading *reading)
{
	struct peers *peers = reading->peers;
	struct claim *claims;
	size_t count = 0;

	for (size_t i = 0; i < peers->count; i++)
		count += 1 + peers->peers[i].key_count;
	claims = calloc(count + 1, sizeof *claims);
	peers->names = calloc(count + 1, sizeof *peers->names);
	if (claims == NULL || peers->names == NULL) {
		free(claims);
		return no_memory(reading->error);
	}
	count = claims_fill(peers, claims, reading->error);
	if (count > 1)
		qsort(claims, count, sizeof *claims, claim_order);
	for (size_t i = 0; i < count; i++) {
		peers->names[i] = claims[i].name;
		if (i > 0 && claims[i - 1].name.key == claims[i].name.key)
			error_set(reading->error, EX_CONFIG,
				  "%s:%u: %s \"%s\" stands in line %u too; nothing was changed", reading->path,
				  claims[i].line, claims[i].what, claims[i].text, claims[i - 1].line);
	}
	peers->name_count = count;
	free(claims);
	return reading->error->code;
}

static bool
peer_pack(struct peer *peer)
{
	struct peer_record record = { .frn = peer->frn,
				      .number = peer->number,
				      .role = peer->role,
				      .name = slice_of(peer->name),
				      .key_count = (uint32_t)peer->key_count };
	struct peer_key *keys = calloc(peer->key_count + 1, sizeof *keys);

	if (keys == NULL)
		return false;
	for (size_t i = 0; i < peer->key_count; i++)
		keys[i] = peer->keys[i].key;
	peer->length = peer_encoded_length(&record, keys);
	peer->encoded = malloc(peer->length);
	if (peer->encoded != NULL)
		peer_encode(&record, keys, peer->encoded);
	free(keys);
	return peer->encoded != NULL;
}

static int
peers_finish(struct reading *reading)
{
	for (size_t i = 0; i < reading->peers->count; i++) {
		struct peer *peer = &reading->peers->peers[i];

		if (peer->frn == 0 && peer->number == 0)
			return error_set(reading->error, EX_CONFIG,
					 "%s:%u: [peer %s] has neither frn nor rmd; nothing was changed",
					 reading->path, peer->line, peer->name);
		if (!peer_pack(peer))
			return no_memory(reading->error);
	}
	return names_make(reading);
}

int
peers_load(const char *conf_path, struct peers *peers, struct error *error)
{
	char path[LIMIT_PATH_BYTES];
	struct reading reading = { peers, path, error };
	const struct sections sections = { peer_begin, peer_key_read, &reading };
	bool found;

	*peers = (struct peers){ 0 };
	if (conf_beside(path, sizeof path, conf_path, "peers.conf", error) == 0 &&
	    sections_read(path, &sections, &found, error) == 0)
		peers_finish(&reading);
	if (error->code != 0)
		peers_end(peers);
	return error->code;
}

void
peers_end(struct peers *peers)
{
	for (size_t i = 0; i < peers->count; i++) {
		for (size_t k = 0; k < peers->peers[i].key_count; k++)
			free((char *)(uintptr_t)peers->peers[i].keys[k].key.text.data);
		free(peers->peers[i].keys);
		free(peers->peers[i].name);
		free(peers->peers[i].encoded);
	}
	for (size_t i = 0; i < peers->name_count; i++)
		free((char *)(uintptr_t)peers->names[i].text.data);
	free(peers->peers);
	free(peers->names);
	*peers = (struct peers){ 0 };
}

bool
peers_same(const struct peers *peers, const struct snapshot *old)
{
	if (snapshot_count(old, TABLE_PEER) != peers->count)
		return false;
	for (size_t i = 0; i < peers->count; i++) {
		unsigned char key[KEY_MAX];
		struct slice value;

		if (!snapshot_get(old, TABLE_PEER, key_filing(key, (uint32_t)i), &value) ||
		    !slice_equal(value,
				 (struct slice){ (const char *)peers->peers[i].encoded, peers->peers[i].length }))
			return false;
	}
	return true;
}

/* The columns of which one must say Yes, as rules.h has them. */
static bool
has_role(uint8_t roles, uint8_t role)
{
	uint8_t column = role == RMD_ROLE_FOREIGN ? RMD_ROLE_VSP : role;

	if (roles == 0)
		roles = 1u << RMD_ROLE_VSP;
	return role == RMD_ROLE_NONE || (roles >> column & 1) != 0;
}

const char *
peer_oddity(const struct peer *peer, const struct packed *packed)
{
	const struct packed_slot *slot = packed_find(packed, peer->frn != 0 ? packed_key(PACKED_FRN, peer->frn)
									    : packed_key(PACKED_RMD, peer->number));
	const struct packed_list *list;
	bool right = false;

	if (slot == NULL || (slot->flags & PACKED_LISTED) == 0)
		return "has no filing in the database";
	if ((slot->flags & PACKED_LIST) == 0)
		return slot->implementation == RMD_IMPLEMENTATION_NOT_CERTIFIED
			       ? "has a filing without a certification"
		       : has_role(slot->roles, peer->role) ? NULL
							   : "has no filing in its role";
	list = packed_list_of(packed, slot);
	for (uint32_t i = 0; list != NULL && i < list->filing_count; i++)
		right = right || (list->filing[i].implementation != RMD_IMPLEMENTATION_NOT_CERTIFIED &&
				  has_role(list->filing[i].roles, peer->role));
	if (!right)
		return "has no certified filing in its role";
	return list->filing_count > 1 ? "has several filings" : NULL;
}
