/* SPDX-License-Identifier: ISC
 *
 * Filings on their way from a decoder to the difference. Nothing is judged here but doubled numbers.
 */
#include "sync/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/durable.h"

void
staging_begin(struct staging *staging, const char *directory)
{
	memset(staging, 0, sizeof *staging);
	staging->directory = directory;
	staging->file = -1;
}

static int
file_fail(struct staging *staging, struct error *error)
{
	return error_set(error, EX_CANTCREAT,
			 "%s: cannot keep the new filings there: %s; the old snapshot keeps serving",
			 staging->directory, strerror(errno));
}

static int
file_begin(struct staging *staging, struct error *error)
{
	char path[LIMIT_PATH_BYTES];

	if (path_join(path, sizeof path, staging->directory, ".staging-XXXXXX") != 0)
		return file_fail(staging, error);
	staging->file = mkostemp(path, O_CLOEXEC);
	/* Without a name nothing is left behind, however the run ends. */
	if (staging->file < 0 || unlink(path) != 0)
		return file_fail(staging, error);
	return 0;
}

static int
flush(struct staging *staging, struct error *error)
{
	if (staging->file < 0 && file_begin(staging, error) != 0)
		return error->code;
	if (write_all(staging->file, staging->forms.data, staging->forms.length) != 0)
		return file_fail(staging, error);
	staging->forms.length = 0;
	return 0;
}

static int
stage_filing(void *context, const struct filing *filing, uint64_t line, struct error *error)
{
	struct staging *staging = context;
	struct staged *staged;
	unsigned char *form;

	staged = buffer_extend(&staging->index, sizeof *staged, (size_t)LIMIT_ROWS * sizeof *staged);
	if (staged == NULL)
		return error_set(error, EX_CANTCREAT,
				 "not enough memory for %zu filings; the old snapshot keeps serving",
				 staging->count + 1);
	staging->filings = staging->index.data;
	staging->count++;
	staging->with_frn += filing->frn != 0;
	staging->with_name += filing->text[COLUMN_BUSINESS_NAME].length != 0;
	if (staging->forms.length + FILING_ENCODED_MAX > LIMIT_BUILD_SLICE && flush(staging, error) != 0)
		return error->code;
	form = buffer_extend(&staging->forms, FILING_ENCODED_MAX, LIMIT_BUILD_SLICE);
	if (form == NULL)
		return error_set(error, EX_CANTCREAT,
				 "not enough memory for the new filings; the old snapshot keeps serving");
	*staged = (struct staged){
		.number = filing->number,
		.line = line,
		.offset = staging->bytes,
		.length = (uint32_t)filing_encode(filing, form),
	};
	staging->forms.length -= FILING_ENCODED_MAX - staged->length;
	staging->bytes += staged->length;
	return 0;
}

static int
stage_reject(void *context, const struct reject *reject, struct error *error)
{
	struct staging *staging = context;
	struct reject *kept;

	staging->reject_count++;
	if (staging->rejects_kept == LIMIT_REJECTS)
		return 0;
	kept = buffer_extend(&staging->reject_list, sizeof *kept, (size_t)LIMIT_REJECTS * sizeof *kept);
	if (kept == NULL)
		return error_set(error, EX_CANTCREAT,
				 "not enough memory for %zu quarantined rows; the old snapshot keeps serving",
				 staging->rejects_kept + 1);
	*kept = *reject;
	staging->rejects = staging->reject_list.data;
	staging->rejects_kept++;
	return 0;
}

struct decode_sink
staging_sink(struct staging *staging)
{
	return (struct decode_sink){ .filing = stage_filing, .reject = stage_reject, .context = staging };
}

static int
staged_order(const void *a, const void *b)
{
	const struct staged *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

int
staging_finish(struct staging *staging, const char *name, struct error *error)
{
	bool sorted = true;

	for (size_t i = 1; i < staging->count && sorted; i++)
		sorted = staging->filings[i - 1].number < staging->filings[i].number;
	if (!sorted)
		qsort(staging->filings, staging->count, sizeof *staging->filings, staged_order);
	for (size_t i = 1; i < staging->count && !sorted; i++) {
		const struct staged *a = &staging->filings[i - 1], *b = &staging->filings[i];
		char number[11];

		rmd_number_format(number, b->number);
		if (a->number == b->number)
			return error_set(error, EX_DATAERR,
					 "%s:%llu: number %s stands in line %llu too; the file is refused, the old "
					 "snapshot keeps serving",
					 name, (unsigned long long)b->line, number, (unsigned long long)a->line);
	}
	if (staging->file < 0)
		return 0;
	if (flush(staging, error) != 0)
		return error->code;
	buffer_end(&staging->forms);
	staging->map = mmap(NULL, staging->bytes, PROT_READ, MAP_SHARED, staging->file, 0);
	if (staging->map == MAP_FAILED) {
		staging->map = NULL;
		return file_fail(staging, error);
	}
	return 0;
}

struct slice
staging_form(struct staging *staging, size_t index)
{
	const struct staged *staged = &staging->filings[index];

	if (staging->map == NULL)
		return (struct slice){ (const char *)staging->forms.data + staged->offset, staged->length };
	if (staged->offset < staging->given_back) {
		staging->given_back = 0;
	} else if (staged->offset - staging->given_back > LIMIT_BUILD_SLICE) {
		uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
		uint64_t until = staged->offset & ~(page - 1);

		/* The pages stay in the page cache; a failure costs memory only. */
		if (madvise(staging->map + staging->given_back, until - staging->given_back, MADV_DONTNEED) == 0)
			staging->given_back = until;
	}
	return (struct slice){ staging->map + staged->offset, staged->length };
}

void
staging_end(struct staging *staging)
{
	if (staging->map != NULL)
		munmap(staging->map, staging->bytes);
	if (staging->file >= 0)
		close(staging->file);
	buffer_end(&staging->forms);
	buffer_end(&staging->index);
	buffer_end(&staging->reject_list);
	memset(staging, 0, sizeof *staging);
	staging->file = -1;
}
