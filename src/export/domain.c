/* SPDX-License-Identifier: ISC
 *
 * Verdicts as addresses, and text as TXT. Which names there are must not enter.
 */
#include "export/domain.h"

#include <stddef.h>
#include <stdio.h>

/* RFC 1035: the length of a string is one byte. */
#define STRING_MAX 255

const char *
domain_subtree(enum rmd_key key)
{
	return key == RMD_KEY_FRN ? ".frn" : ".rmd";
}

const char *
domain_address(enum rmd_verdict verdict)
{
	switch (verdict) {
	case RMD_ACCEPT:
		return DOMAIN_ACCEPT;
	case RMD_MAY_BLOCK:
		return DOMAIN_MAY_BLOCK;
	case RMD_REFUSE:
		return DOMAIN_REFUSE;
	case RMD_UNKNOWN:
		break;
	}
	return NULL;
}

const char *
domain_address_unseen(enum rmd_verdict verdict)
{
	return verdict == RMD_REFUSE ? DOMAIN_REFUSE_UNSEEN : domain_address(verdict);
}

static void
character_put(struct stream *out, unsigned char c)
{
	char escape[8];
	int length = 1;

	if (c == '"' || c == '\\')
		length = snprintf(escape, sizeof escape, "\\%c", c);
	else if (c < ' ' || c > '~')
		length = snprintf(escape, sizeof escape, "\\%03u", (unsigned)c);
	else
		escape[0] = (char)c;
	if (length > 0)
		stream_put(out, escape, (size_t)length);
}

void
txt_put(struct stream *out, struct slice text)
{
	stream_text(out, "\"");
	for (size_t i = 0; i < text.length; i++) {
		if (i > 0 && i % STRING_MAX == 0)
			stream_text(out, "\" \"");
		character_put(out, (unsigned char)text.data[i]);
	}
	stream_text(out, "\"");
}
