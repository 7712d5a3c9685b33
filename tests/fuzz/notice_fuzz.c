/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a document of the register: no crash, one line for what is wrong; what is read is printed as what is
 * read as the same; and what is amended says the same and the new besides.
 */
#include <stdlib.h>
#include <string.h>

#include "notice/xml.h"

#define RECORD "<blocking-began date=\"2025-09-01\"/>"

static char *
print(const struct notice *notice, size_t *length)
{
	char *text = notice_print(notice, NULL, length);

	if (text == NULL)
		abort();
	return text;
}

static void
parse_again(struct slice text, struct notice *notice)
{
	struct error error = { 0 };

	if (notice_parse("again", text, notice, &error) != 0)
		abort();
}

static void
print_and_parse(const struct notice *notice)
{
	size_t length, again_length;
	char *text = print(notice, &length), *again;
	struct notice copy;

	parse_again((struct slice){ text, length }, &copy);
	again = print(&copy, &again_length);
	if (again_length != length || memcmp(again, text, length) != 0)
		abort();
	notice_end(&copy);
	free(again);
	free(text);
}

/* What is taken for an amendment (other encodings than UTF-8 are not) must be right. */
static void
amend(struct notice *notice, const uint8_t *data, size_t size)
{
	const struct notice_amendment amendment = { .name = "blocking-began", .element = RECORD };
	struct buffer text = { 0 };
	struct error error = { 0 };
	struct notice amended;
	void *place = buffer_extend(&text, size, LIMIT_NOTICE_BYTES);
	char *expected, *got;
	size_t expected_length, length;

	if (place == NULL)
		abort();
	memcpy(place, data, size);
	if (notice_amend("text", &text, &amendment, &error) == 0) {
		parse_again((struct slice){ text.data, text.length }, &amended);
		(void)moment_parse(slice_of("2025-09-01"), &notice->blocking_began);
		expected = print(notice, &expected_length);
		got = print(&amended, &length);
		if (length != expected_length || memcmp(got, expected, length) != 0)
			abort();
		notice_end(&amended);
		free(expected);
		free(got);
	}
	buffer_end(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { 0 };
	struct notice notice;

	if (notice_parse("input", (struct slice){ (const char *)data, size }, &notice, &error) != 0) {
		if (error.code == 0 || error.text[0] == '\0' || strchr(error.text, '\n') != NULL)
			abort();
		return 0;
	}
	print_and_parse(&notice);
	amend(&notice, data, size);
	notice_end(&notice);
	return 0;
}
