/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a document of the FCC: no crash, and what is understood of it is a file that the register takes.
 */
#include <stdlib.h>
#include <string.h>

#include "notice/import.h"
#include "notice/xml.h"

/* As rmdnotice does it: printed, and taken by the register. */
static void
document_keep(const struct notice *notice, const char *remarks)
{
	struct notice back;
	struct error error = { 0 };
	size_t length = 0;
	char *text = notice_print(notice, remarks, &length);

	if (text == NULL || notice_parse("input", (struct slice){ text, length }, &back, &error) != 0)
		abort();
	if (back.provider_count != notice->provider_count || back.traceback_count != notice->traceback_count ||
	    back.issued.instant != notice->issued.instant || back.cease_by != notice->cease_by)
		abort();
	notice_end(&back);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings findings;
	struct notice notice;
	struct error error = { 0 };
	char *remarks;

	if (!notice_begin(&notice) ||
	    import_read("input", (const char *)data, size, &notice, &findings, &error) != error.code)
		abort();
	remarks = findings_remarks(&findings);
	if (remarks == NULL || !utf8_valid(slice_of(remarks)))
		abort();
	if (error.code == 0 && notice.issued.date != DAY_NONE)
		document_keep(&notice, remarks);
	free(remarks);
	findings_end(&findings);
	notice_end(&notice);
	return 0;
}
