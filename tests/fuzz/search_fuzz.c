/* SPDX-License-Identifier: ISC
 *
 * Any bytes as what somebody searches for (the first line) and as the names of a filing (the rest): bounded, a name
 * is like itself, each of a list is a part of it, and what is no record is no name.
 */
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "cache/record.h"
#include "rmd.h"
#include "sync/names.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_likeness(const struct name_parts *asked, const struct name_parts *filed)
{
	struct name_likeness likeness = name_compare(asked, filed);

	require((likeness.penalty == 0) == (likeness.differences == 0));
	require(likeness.typing_errors <= likeness.penalty && name_score(asked, &likeness) <= 100);
}

/* What the filing is called, each in its place and found by itself. */
static void
names_require(struct slice record, const struct filing *filing, const struct name_parts *asked)
{
	static struct name_parts filed;
	static struct name_pairs pairs;
	struct name_record name;

	while (name_next(&record, &name)) {
		require(name.column < COLUMN_COUNT && name.kind >= RMD_NAME_BUSINESS &&
			name.kind <= RMD_NAME_PREVIOUS);
		require(name.begin <= filing->text[name.column].length &&
			name.length <= filing->text[name.column].length - name.begin);
		name_take(&filed, name.folded);
		require(name_compare(&filed, &filed).penalty == 0);
		require_likeness(asked, &filed);
		name_pairs_take(&pairs, &filed);
		require(name_pairs_shared(&pairs, name.folded) <= pairs.count);
	}
	require(record.length == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct name_parts asked;
	struct slice text = { (const char *)data, size }, raw = text;
	const char *end = size > 0 ? memchr(data, '\n', size) : NULL;
	struct slice query = { text.data, end != NULL ? (size_t)(end - text.data) : size };
	struct filing filing = { .number = 1 };
	char folded[LIMIT_NAME_KEY_BYTES];
	struct buffer record = { 0 };
	struct name_record name;
	size_t length;

	/* A filing's text is never longer. */
	if (size > LIMIT_FIELD_BYTES)
		return 0;
	length = name_fold_ascii(folded, sizeof folded, query);
	length = name_join_initials(folded, length);
	require(name_join_initials(folded, length) == length);
	name_take(&asked, (struct slice){ folded, length });
	filing.text[COLUMN_BUSINESS_NAME] = query;
	filing.text[COLUMN_OTHER_DBA_NAMES] = (struct slice){ text.data + query.length, text.length - query.length };
	require(names_encode(&filing, &record));
	names_require((struct slice){ record.data, record.length }, &filing, &asked);
	buffer_end(&record);
	while (name_next(&raw, &name))
		require(name.folded.length > 0 && name.folded.data + name.folded.length <= text.data + size);
	return 0;
}
