/* SPDX-License-Identifier: ISC
 *
 * Any bytes as an XML list: no crash, no reading beyond, and what is delivered as a filing survives the store.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sync/decode.h"

static unsigned char form[FILING_ENCODED_MAX];

static int
filing_take(void *context, const struct filing *filing, uint64_t line, struct error *error)
{
	struct filing back;

	(void)context, (void)line, (void)error;
	if (!filing_decode((struct slice){ (const char *)form, filing_encode(filing, form) }, &back) ||
	    filing_difference(filing, &back) != 0)
		abort();
	return 0;
}

static int
reject_take(void *context, const struct reject *reject, struct error *error)
{
	(void)context, (void)error;
	if (reject->column >= COLUMN_COUNT || !utf8_valid(slice_of(reject->reason)))
		abort();
	return 0;
}

static void
unknown_take(void *context, struct slice name)
{
	(void)context;
	if (name.length == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct decode_sink sink = { filing_take, reject_take, unknown_take, NULL, NULL };
	int file = memfd_create("input", MFD_CLOEXEC);
	struct error error = { 0 };

	if (file < 0 || write(file, data, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) != 0)
		abort();
	if (decode(file, DECODE_XML, "input", &sink, &error) != error.code)
		abort();
	(void)close(file);
	return 0;
}
