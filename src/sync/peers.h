/* SPDX-License-Identifier: ISC
 *
 * peers.conf: who hands us calls. Read, checked, and compiled into what a snapshot carries. What the database says of
 * a peer is told, never judged.
 */
#ifndef SYNC_PEERS_H
#define SYNC_PEERS_H

#include "base/buffer.h"
#include "base/error.h"
#include "cache/packed.h"
#include "cache/reader.h"

struct peer_key_line {
	struct peer_key key; /* its text belongs to the peers */
	unsigned line;
};

struct peer {
	char *name;
	unsigned line;
	uint64_t frn;
	uint32_t number;
	uint8_t role; /* enum rmd_role */
	struct peer_key_line *keys;
	size_t key_count;
	unsigned char *encoded; /* as the table `peer` has it */
	size_t length;
};

struct peers {
	struct peer *peers; /* in the order of the file */
	size_t count;
	struct packed_name *names; /* of all peers, as the packed table takes them */
	size_t name_count;
};

/* Reads peers.conf beside `conf_path`; a missing file is none. 0, or 78 or 73 and one line with file and line. */
int
peers_load(const char *conf_path, struct peers *peers, struct error *error);
void
peers_end(struct peers *peers);

/* Whether the snapshot carries just these. */
bool
peers_same(const struct peers *peers, const struct snapshot *old);

/* What is odd about a peer in the database, a clause for a person: no filing, several, none with its role. NULL:
 * nothing. */
const char *
peer_oddity(const struct peer *peer, const struct packed *packed);

#endif
