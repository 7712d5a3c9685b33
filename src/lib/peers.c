/* SPDX-License-Identifier: ISC
 *
 * rmd_peers: what the operator calls its upstreams, for reports and exports. A check does not come here: it finds a
 * peer in the packed table.
 */
#include <stdlib.h>

#include "lib/handle.h"

struct rmd_peers {
	struct snapshot *snapshot;
	struct walk *walk;
	struct peer_record peer; /* whose keys are walked through */
	bool begun;
};

enum rmd_status
rmd_peers_open(struct rmd *rmd, struct rmd_peers **result)
{
	struct rmd_peers *peers;
	enum rmd_status status;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	if (rmd == NULL)
		return RMD_ERROR_ARGUMENT;
	peers = calloc(1, sizeof *peers);
	if (peers == NULL)
		return RMD_ERROR_MEMORY;
	status = handle_walk(rmd, TABLE_PEER, &peers->snapshot, &peers->walk);
	if (status != RMD_OK) {
		rmd_peers_close(peers);
		return status;
	}
	*result = peers;
	return RMD_OK;
}

int
rmd_peers_next(struct rmd_peers *peers, struct rmd_peer *target)
{
	struct peer_key key = { RMD_KEY_PEER, { NULL, 0 } };
	struct slice name, value;
	size_t size;

	if (peers == NULL || target == NULL || target->size < sizeof *target)
		return RMD_ERROR_ARGUMENT;
	if (!peers->begun || !peer_key_next(&peers->peer, &key)) {
		if (!walk_next(peers->walk, &name, &value))
			return 0;
		if (!peer_decode(value, &peers->peer))
			return RMD_ERROR_DAMAGED;
		peers->begun = true;
		key = (struct peer_key){ RMD_KEY_PEER, peers->peer.name };
	}
	size = target->size;
	*target = (struct rmd_peer)RMD_PEER_INIT;
	target->size = size;
	slice_copy(target->name, sizeof target->name, peers->peer.name);
	slice_copy(target->value, sizeof target->value, key.text);
	rmd_number_format(target->rmd_number, peers->peer.number);
	frn_format(target->frn, peers->peer.frn);
	target->role = (enum rmd_role)peers->peer.role;
	target->key = (enum rmd_key)key.kind;
	return 1;
}

void
rmd_peers_close(struct rmd_peers *peers)
{
	if (peers == NULL)
		return;
	walk_end(peers->walk);
	snapshot_close(peers->snapshot);
	free(peers);
}
