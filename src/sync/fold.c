/* SPDX-License-Identifier: ISC
 *
 * utf8proc for the few names that need it; the rest are ASCII.
 */
#include "sync/fold.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/limits.h"

static bool
is_ascii(struct slice text)
{
	unsigned char all = 0;

	for (size_t i = 0; i < text.length; i++)
		all |= (unsigned char)text.data[i];
	return all < 0x80;
}

bool
text_fold(char *target, size_t size, struct slice text, size_t *length)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t mapped;

	if (is_ascii(text)) {
		*length = name_fold_ascii(target, size, text);
		return true;
	}
	mapped = utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.length, &folded,
			      UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
				      UTF8PROC_IGNORE | UTF8PROC_STRIPMARK | UTF8PROC_LUMP);
	/* What is no UTF-8 has no key. */
	*length = mapped < 0 ? 0 : name_fold_ascii(target, size, (struct slice){ (char *)folded, (size_t)mapped });
	free(folded);
	return mapped != UTF8PROC_ERROR_NOMEM;
}

bool
name_fold(char *target, struct slice name, size_t *length)
{
	return text_fold(target, LIMIT_NAME_KEY_BYTES, name, length);
}
