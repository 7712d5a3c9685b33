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

size_t
text_fold(char *target, size_t size, struct slice text)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t length;
	size_t result;

	if (is_ascii(text))
		return name_fold_ascii(target, size, text);
	length = utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.length, &folded,
			      UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
				      UTF8PROC_IGNORE | UTF8PROC_STRIPMARK | UTF8PROC_LUMP);
	if (length < 0)
		return 0;
	result = name_fold_ascii(target, size, (struct slice){ (char *)folded, (size_t)length });
	free(folded);
	return result;
}

size_t
name_fold(char *target, struct slice name)
{
	return text_fold(target, LIMIT_NAME_KEY_BYTES, name);
}
