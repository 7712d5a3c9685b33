/* SPDX-License-Identifier: ISC
 *
 * Any bytes as the stored form of a filing: what is taken for one is exactly the form of what was read.
 */
#include <stdlib.h>
#include <string.h>

#include "cache/filing.h"

static unsigned char form[FILING_ENCODED_MAX];

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filing filing;

	if (filing_decode((struct slice){ (const char *)data, size }, &filing) &&
	    (filing_encode(&filing, form) != size || memcmp(form, data, size) != 0))
		abort();
	return 0;
}
