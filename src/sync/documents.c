/* SPDX-License-Identifier: ISC
 *
 * From the register to what a snapshot carries of it. Files, XML and the history must not enter.
 */
#include "sync/documents.h"

#include <stdlib.h>
#include <string.h>

#include "base/numbers.h"

static enum document_kind
document_kind(enum notice_kind kind)
{
	static const uint8_t kinds[] = {
		[NOTICE_LETTER] = DOCUMENT_NOTICE,
		[NOTICE_PUBLIC] = DOCUMENT_PUBLIC_NOTICE,
		[NOTICE_INITIAL_DETERMINATION] = DOCUMENT_INITIAL_DETERMINATION,
		[NOTICE_FINAL_DETERMINATION] = DOCUMENT_FINAL_DETERMINATION,
		[NOTICE_REMOVAL] = DOCUMENT_REMOVAL,
		[NOTICE_REINSTATEMENT] = DOCUMENT_REINSTATEMENT,
	};

	return (enum document_kind)kinds[kind];
}

/* Providers that nobody has matched yet change no verdict. */
static uint32_t
keys_of(const struct notice *notice, struct notice_key *keys)
{
	uint32_t count = 0;

	for (size_t i = 0; i < notice->provider_count; i++)
		if (notice->providers[i].frn != 0 || notice->providers[i].number != 0)
			keys[count++] = (struct notice_key){ notice->providers[i].frn, notice->providers[i].number };
	return count;
}

/* False: no memory. */
static bool
document_compile(const struct notice *notice, const struct calendar *calendar, uint64_t removal_grace,
		 struct document *document)
{
	struct notice_key *keys = calloc(notice->provider_count + 1, sizeof *keys);
	struct notice_clock clock;
	struct notice_record record = {
		.kind = (uint8_t)document_kind(notice->kind),
		.issued = notice->issued.instant,
		.released = notice->issued.date,
		.id = slice_of(notice->id),
		.title = slice_of(notice->title),
		.source = slice_of(notice->source),
	};

	if (keys == NULL)
		return false;
	notice_clock(notice, calendar, removal_grace, &clock);
	record.effective = clock.effective;
	record.after_48_hours = clock.after_48_hours;
	record.after_14_days = clock.after_14_days;
	record.mitigated = clock.mitigated;
	record.measures = clock.measures;
	record.fcc_notified = clock.fcc_notified;
	record.blocking_began = clock.blocking_began;
	record.provider_count = keys_of(notice, keys);
	if (!digest_parse(notice->digest, record.digest))
		memset(record.digest, 0, sizeof record.digest);
	document->length = notice_encoded_length(&record);
	document->encoded = malloc(document->length);
	if (document->encoded != NULL)
		notice_encode(&record, keys, document->encoded);
	free(keys);
	return document->encoded != NULL &&
	       notice_decode((struct slice){ (const char *)document->encoded, document->length }, &document->record);
}

int
documents_compile(const struct notice_register *from, const struct calendar *calendar, uint64_t removal_grace,
		  struct documents *documents, struct error *error)
{
	*documents = (struct documents){ .documents = calloc(from->count + 1, sizeof *documents->documents) };
	if (documents->documents == NULL)
		return error_set(error, EX_CANTCREAT,
				 "not enough memory for the register; the old snapshot keeps "
				 "serving");
	for (size_t i = 0; i < from->count; i++) {
		documents->count++;
		if (!document_compile(&from->notices[i], calendar, removal_grace, &documents->documents[i]))
			return error_set(error, EX_CANTCREAT,
					 "not enough memory for the register; the old snapshot keeps serving");
	}
	return 0;
}

int
documents_load(const struct conf *conf, const char *conf_path, const struct calendar *calendar,
	       struct documents *documents, struct error *error)
{
	char directory[LIMIT_PATH_BYTES];
	struct notice_register from = { 0 };

	if (conf_beside(directory, sizeof directory, conf_path, REGISTER_NAME, error) == 0 &&
	    register_load(directory, &from, error) == 0)
		documents_compile(&from, calendar, conf->removal_grace, documents, error);
	register_end(&from);
	return error->code;
}

void
documents_end(struct documents *documents)
{
	for (size_t i = 0; i < documents->count; i++)
		free(documents->documents[i].encoded);
	free(documents->documents);
	*documents = (struct documents){ 0 };
}

bool
documents_same(const struct documents *documents, const struct snapshot *old)
{
	if (snapshot_count(old, TABLE_NOTICE) != documents->count)
		return false;
	for (size_t i = 0; i < documents->count; i++) {
		const struct document *document = &documents->documents[i];
		unsigned char key[KEY_MAX];
		struct slice value;

		if (!snapshot_get(old, TABLE_NOTICE, key_filing(key, (uint32_t)i), &value) ||
		    !slice_equal(value, (struct slice){ (const char *)document->encoded, document->length }))
			return false;
	}
	return true;
}

/* FRNs and RMD numbers in one set: as keys of the packed table they do not meet. */
static bool
removed_keys(const struct documents *documents, int64_t at, struct buffer *keys)
{
	for (size_t i = 0; i < documents->count; i++) {
		const struct notice_record *record = &documents->documents[i].record;

		if (record->kind != DOCUMENT_REMOVAL || record->issued > at)
			continue;
		for (uint32_t k = 0; k < record->provider_count; k++) {
			struct notice_key key = notice_provider_at(record, k);
			uint64_t *place = buffer_extend(keys, 2 * sizeof *place, SIZE_MAX / 2);

			if (place == NULL)
				return false;
			place[0] = packed_key(PACKED_FRN, key.frn);
			place[1] = packed_key(PACKED_RMD, key.number);
		}
	}
	numbers_sort(keys->data, keys->length / sizeof(uint64_t));
	return true;
}

static bool
has_key(const struct buffer *keys, enum packed_kind kind, uint64_t value)
{
	return value != 0 && numbers_have(keys->data, keys->length / sizeof(uint64_t), packed_key(kind, value));
}

bool
documents_explain(const struct documents *documents, const struct snapshot *old, int64_t at,
		  struct difference *difference)
{
	struct buffer keys = { 0 };
	bool good = removed_keys(documents, at, &keys);

	difference->ordered = 0;
	for (size_t i = 0; good && keys.length > 0 && i < difference->count; i++) {
		const struct outcome *outcome = &difference->outcomes[i];
		unsigned char key[KEY_MAX];
		struct lifecycle lifecycle;
		struct slice value, form;
		struct filing filing;

		if (outcome->kind != OUTCOME_VANISHED)
			continue;
		good = snapshot_get(old, TABLE_FILING, key_filing(key, outcome->number), &value) &&
		       lifecycle_decode(value, &lifecycle, &form) && filing_decode(form, &filing);
		if (good && (has_key(&keys, PACKED_RMD, filing.number) || has_key(&keys, PACKED_FRN, filing.frn)))
			difference->ordered++;
	}
	buffer_end(&keys);
	return good;
}

static int
number_order(const void *a, const void *b)
{
	const struct packed_source *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static bool
attach(struct buffer *attachments, uint64_t frn, uint32_t number, const struct notice_record *record, uint32_t index)
{
	size_t count = attachments->length / sizeof(struct packed_attachment);
	struct packed_attachment *made = attachments->data;
	struct packed_attachment *attachment;

	/* A document may name one provider by several keys, one behind the other. */
	while (count > 0 && made[count - 1].document.notice == index) {
		count--;
		if (made[count].frn == frn && made[count].number == number)
			return true;
	}
	attachment = buffer_extend(attachments, sizeof *attachment, SIZE_MAX / 2);
	if (attachment == NULL)
		return false;
	*attachment = (struct packed_attachment){
		.frn = frn,
		.number = number,
		.document = {
			.issued = record->issued,
			.effective = record->effective,
			.after_48_hours = record->after_48_hours,
			.after_14_days = record->after_14_days,
			.mitigated = record->mitigated,
			.measures = record->measures,
			.fcc_notified = record->fcc_notified,
			.lifted = CLOCK_NEVER,
			.relisted = CLOCK_NEVER,
			.released = record->released,
			.notice = index,
			.kind = record->kind,
		},
	};
	slice_copy(attachment->document.id, sizeof attachment->document.id, record->id);
	return true;
}

bool
documents_attach(const struct documents *documents, const struct packed_source *sources, size_t source_count,
		 struct buffer *attachments)
{
	for (size_t i = 0; i < documents->count; i++) {
		const struct notice_record *record = &documents->documents[i].record;

		for (uint32_t k = 0; k < record->provider_count; k++) {
			struct notice_key key = notice_provider_at(record, k);
			struct packed_source wanted = { .number = key.number };
			const struct packed_source *found = NULL;

			if (key.frn != 0 && !attach(attachments, key.frn, 0, record, (uint32_t)i))
				return false;
			if (key.number == 0)
				continue;
			if (source_count > 0)
				found = bsearch(&wanted, sources, source_count, sizeof *sources, number_order);
			/* A number leads to all filings of its FRN. */
			if (found != NULL && found->frn != 0
				    ? !attach(attachments, found->frn, 0, record, (uint32_t)i)
				    : !attach(attachments, 0, key.number, record, (uint32_t)i))
				return false;
		}
	}
	return true;
}
