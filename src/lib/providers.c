/* SPDX-License-Identifier: ISC
 *
 * rmd_providers: every FRN and RMD number that the packed table has, for exports. What an answer says of it must not
 * enter.
 */
#include <stdlib.h>

#include "base/numbers.h"
#include "lib/handle.h"

struct rmd_providers {
	uint64_t *keys; /* of the packed table, ascending */
	size_t count;
	size_t next;
};

static bool
is_provider(uint64_t key)
{
	return key >> 56 == PACKED_FRN || key >> 56 == PACKED_RMD;
}

static enum rmd_status
keys_collect(struct rmd_providers *providers, const struct packed *packed)
{
	uint64_t capacity = packed->header->capacity;
	size_t count = 0;

	for (uint64_t i = 0; i < capacity; i++)
		count += is_provider(packed->slots[i].key);
	providers->keys = calloc(count + 1, sizeof *providers->keys);
	if (providers->keys == NULL)
		return RMD_ERROR_MEMORY;
	for (uint64_t i = 0; i < capacity; i++)
		if (is_provider(packed->slots[i].key))
			providers->keys[providers->count++] = packed->slots[i].key;
	numbers_sort(providers->keys, providers->count);
	return RMD_OK;
}

enum rmd_status
rmd_providers_open(struct rmd *rmd, struct rmd_providers **result)
{
	struct rmd_providers *providers;
	struct snapshot *snapshot = NULL;
	enum rmd_status status;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	if (rmd == NULL)
		return RMD_ERROR_ARGUMENT;
	providers = calloc(1, sizeof *providers);
	if (providers == NULL)
		return RMD_ERROR_MEMORY;
	status = handle_snapshot(rmd, &snapshot);
	if (status == RMD_OK)
		status = keys_collect(providers, snapshot_packed(snapshot));
	snapshot_close(snapshot);
	if (status != RMD_OK) {
		rmd_providers_close(providers);
		return status;
	}
	*result = providers;
	return RMD_OK;
}

int
rmd_providers_next(struct rmd_providers *providers, struct rmd_provider *target)
{
	uint64_t key, value;

	if (providers == NULL || target == NULL || target->size < sizeof *target)
		return RMD_ERROR_ARGUMENT;
	if (providers->next == providers->count)
		return 0;
	key = providers->keys[providers->next++];
	value = key & ((UINT64_C(1) << 56) - 1);
	if (key >> 56 == PACKED_FRN) {
		target->key = RMD_KEY_FRN;
		frn_format(target->text, value);
	} else {
		target->key = RMD_KEY_RMD;
		rmd_number_format(target->text, (uint32_t)value);
	}
	return 1;
}

void
rmd_providers_close(struct rmd_providers *providers)
{
	if (providers == NULL)
		return;
	free(providers->keys);
	free(providers);
}
