/* SPDX-License-Identifier: ISC
 *
 * rmd_notices: the documents of the register, all or those of one provider. What follows from them for a verdict is
 * decided elsewhere. The walk has a snapshot of its own, so that it may last.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/handle.h"
#include "lib/target.h"

struct rmd_notices {
	struct snapshot *snapshot;
	const struct packed_document *documents; /* of one provider, in the snapshot; NULL: all there are */
	uint32_t count;
	uint32_t next;
};

/* A key that leads to nobody, or to several, has an empty walk: no document may be said to be another one's. */
static enum rmd_status
documents_find(struct rmd_notices *notices, struct slice provider)
{
	static const struct packed_document none;
	const struct packed *packed = snapshot_packed(notices->snapshot);
	const struct packed_slot *slot;
	const struct packed_list *list;
	struct target target = { 0 };

	notices->documents = &none;
	switch (target_find(notices->snapshot, provider, RMD_KEY_ANY, INT64_MAX, &target)) {
	case KEY_FOUND:
		break;
	case KEY_BAD:
		return RMD_ERROR_ARGUMENT;
	case KEY_UNREADABLE:
		return walk_failure(notices->snapshot, TABLE_BY_NAME);
	case KEY_AMBIGUOUS:
	case KEY_NO_SUCH_NAME:
	case KEY_NO_SUCH_PEER:
		return RMD_OK;
	}
	slot = target_slot(packed, target.frn, target.number);
	if (slot == NULL || (slot->flags & PACKED_LIST) == 0)
		return RMD_OK;
	list = packed_list_of(packed, slot);
	if (list == NULL)
		return RMD_ERROR_DAMAGED;
	notices->documents = packed_documents(list);
	notices->count = list->document_count;
	return RMD_OK;
}

enum rmd_status
rmd_notices_open(struct rmd *rmd, const char *provider, size_t length, struct rmd_notices **result)
{
	struct rmd_notices *notices;
	enum rmd_status status;

	if (result == NULL)
		return RMD_ERROR_ARGUMENT;
	*result = NULL;
	if (rmd == NULL)
		return RMD_ERROR_ARGUMENT;
	notices = calloc(1, sizeof *notices);
	if (notices == NULL)
		return RMD_ERROR_MEMORY;
	status = handle_snapshot(rmd, &notices->snapshot);
	if (status == RMD_OK && provider != NULL)
		status = documents_find(notices, (struct slice){ provider, length });
	else if (status == RMD_OK)
		notices->count = snapshot_state(notices->snapshot)->notices;
	if (status != RMD_OK) {
		rmd_notices_close(notices);
		return status;
	}
	*result = notices;
	return RMD_OK;
}

static int64_t
instant_of(int64_t instant)
{
	return instant == INT64_MAX ? RMD_TIME_NONE : instant;
}

int
rmd_notices_next(struct rmd_notices *notices, struct rmd_notice *target)
{
	const struct packed_document *document;
	struct notice_record record;
	unsigned char key[KEY_MAX];
	uint32_t index;
	struct slice value;
	size_t size;

	if (notices == NULL || target == NULL || target->size < sizeof *target)
		return RMD_ERROR_ARGUMENT;
	if (notices->next == notices->count)
		return 0;
	document = notices->documents != NULL ? &notices->documents[notices->next] : NULL;
	index = document != NULL ? document->notice : notices->next;
	notices->next++;
	if (!snapshot_get(notices->snapshot, TABLE_NOTICE, key_filing(key, index), &value) ||
	    !notice_decode(value, &record))
		return RMD_ERROR_DAMAGED;
	size = target->size;
	*target = (struct rmd_notice)RMD_NOTICE_INIT;
	target->size = size;
	target->kind = (enum rmd_notice_kind)record.kind;
	slice_copy(target->id, sizeof target->id, record.id);
	slice_copy(target->title, sizeof target->title, record.title);
	slice_copy(target->source, sizeof target->source, record.source);
	digest_text(record.digest, target->digest);
	target->issued = record.issued;
	target->effective = instant_of(record.effective);
	target->after_48_hours = instant_of(record.after_48_hours);
	target->after_14_days = instant_of(record.after_14_days);
	target->mitigated = instant_of(record.mitigated);
	target->measures = instant_of(record.measures);
	target->fcc_notified = instant_of(record.fcc_notified);
	target->blocking_began = instant_of(record.blocking_began);
	target->providers = record.provider_count;
	if (document != NULL) {
		target->lifted = instant_of(document->lifted);
		target->relisted = instant_of(document->relisted);
	}
	return 1;
}

void
rmd_notices_close(struct rmd_notices *notices)
{
	if (notices == NULL)
		return;
	snapshot_close(notices->snapshot);
	free(notices);
}
