/* SPDX-License-Identifier: ISC
 *
 * Names as keys: the only file that knows Unicode's case folding, through utf8proc.
 */
#ifndef SYNC_FOLD_H
#define SYNC_FOLD_H

#include "base/text.h"

/* The key of a name: folded by Unicode, accents and compatibility forms gone, then as name_fold_ascii. `target` holds
 * LIMIT_NAME_KEY_BYTES. *length is 0 for a name without a letter or digit. False: memory is short, there is no key.
 */
bool
name_fold(char *target, struct slice name, size_t *length);

/* Likewise, of any text and as far as it fits. */
bool
text_fold(char *target, size_t size, struct slice text, size_t *length);

#endif
