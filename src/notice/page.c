/* SPDX-License-Identifier: ISC
 *
 * Text made even. Of its words only those are known that stand on every page.
 */
#include "notice/page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "notice/wording.h"

/* A byte of the source becomes at most three of ours. */
#define GROWTH 3

static int
no_memory(const char *path, struct error *error)
{
	return error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
}

static bool
holds_fold(struct slice text, const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i + length <= text.length; i++)
		if (text.data[i] == word[0] && slice_starts_fold((struct slice){ text.data + i, length }, word))
			return true;
	return false;
}

/* What is no text of a document: NULL, or what it is instead. */
static const char *
refusal(struct slice text)
{
	static const char *const marks[] = { "<html", "<!doctype", "<body", "</div>", "</p>", "</td>" };

	if (text.length >= 5 && memcmp(text.data, "%PDF-", 5) == 0)
		return "is a PDF; pdftotext -layout makes text of it";
	if (text.length >= 4 && memcmp(text.data, "PK\3\4", 4) == 0)
		return "is a Word file or an archive, not text: give the .txt or .pdf that docs.fcc.gov has of it";
	if (text.length > 0 && memchr(text.data, '\0', text.length) != NULL)
		return "is not text: it holds NUL bytes; give the .txt or .pdf that docs.fcc.gov has of it";
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (holds_fold(text, marks[i]))
			return "is a web page, not a document's text: give the .txt or .pdf that docs.fcc.gov has "
			       "of it";
	return NULL;
}

/* The character at `*at`, which moves behind it. Valid UTF-8, or else bytes of Windows-1252. */
static uint32_t
character_next(struct slice text, bool utf8, size_t *at)
{
	static const uint16_t windows[32] = {
		0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
		0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
		0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
	};
	unsigned char first = (unsigned char)text.data[(*at)++];
	uint32_t c;

	if (first < 0x80)
		return first;
	if (!utf8)
		return first < 0xa0 ? windows[first - 0x80] : first;
	c = first >= 0xf0 ? first & 0x07 : first >= 0xe0 ? first & 0x0f : first & 0x1f;
	while (*at < text.length && ((unsigned char)text.data[*at] & 0xc0) == 0x80)
		c = c << 6 | ((unsigned char)text.data[(*at)++] & 0x3f);
	return c;
}

static bool
is_between(uint32_t c, uint32_t first, uint32_t last)
{
	return c >= first && c <= last;
}

/* What a character is to a reader who knows only ASCII's punctuation: NULL for one that is kept as it is. */
static const char *
character_plain(uint32_t c)
{
	static const char *const ligatures[] = { "ff", "fi", "fl", "ffi", "ffl" };

	if (is_between(c, 0xfb00, 0xfb04))
		return ligatures[c - 0xfb00];
	if (c == 0xa0 || is_between(c, 0x2000, 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
	    c == 0x3000)
		return " ";
	if (is_between(c, 0x2018, 0x201b) || c == 0x2032 || c == 0x2bc)
		return "'";
	if (is_between(c, 0x201c, 0x201f) || c == 0x2033)
		return "\"";
	if (is_between(c, 0x2010, 0x2015) || c == 0x2212)
		return "-";
	if (c == 0x2026)
		return "...";
	/* Marks of footnotes, of the order of bytes, of the direction of writing; soft hyphens. */
	if (c == 0xb9 || c == 0xb2 || c == 0xb3 || c == 0x2070 || is_between(c, 0x2074, 0x2079) || c == 0xad ||
	    is_between(c, 0x200b, 0x200f) || is_between(c, 0x202a, 0x202e) || is_between(c, 0x2060, 0x2069) ||
	    c == 0xfeff || (c & 0xfffe) == 0xfffe)
		return "";
	return c < 0x20 || is_between(c, 0x7f, 0x9f) ? " " : NULL;
}

static size_t
character_put(char *target, uint32_t c)
{
	const char *plain = c == '\n' || c == '\t' || c == '\f' ? NULL : character_plain(c);
	size_t length = 0;

	if (plain != NULL) {
		length = strlen(plain);
		memcpy(target, plain, length);
		return length;
	}
	if (c < 0x80) {
		target[length++] = (char)c;
		return length;
	}
	if (c >= 0x10000)
		target[length++] = (char)(0xf0 | c >> 18);
	if (c >= 0x800)
		target[length++] = (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12);
	target[length++] = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
	target[length++] = (char)(0x80 | (c & 0x3f));
	return length;
}

/* A tag that text recognition leaves for underlined and heavy letters: its length, 0 for none. */
static size_t
tag_length(struct slice text)
{
	static const char *const tags[] = { "<u>", "</u>", "<b>", "</b>", "<i>", "</i>", "<em>", "</em>" };

	for (size_t i = 0; text.data[0] == '<' && i < sizeof tags / sizeof tags[0]; i++)
		if (slice_starts_fold(text, tags[i]))
			return strlen(tags[i]);
	return 0;
}

/* Lines end in LF alone; form feeds stay for lines_split. */
static bool
text_copy(struct page *page, struct slice text)
{
	bool utf8 = utf8_valid(text);
	size_t used = 0;

	page->text = malloc(GROWTH * text.length + 2);
	if (page->text == NULL)
		return false;
	for (size_t i = 0; i < text.length;) {
		size_t tag = tag_length((struct slice){ text.data + i, text.length - i });
		uint32_t c;

		if (tag > 0) {
			i += tag;
			continue;
		}
		c = character_next(text, utf8, &i);
		if (c == '\r' && i < text.length && text.data[i] == '\n')
			continue;
		used += character_put(page->text + used, c == '\r' ? '\n' : c);
	}
	if (used > 0 && page->text[used - 1] != '\n')
		page->text[used++] = '\n';
	page->text[used] = '\0';
	return true;
}

static bool
is_page_number(struct slice line)
{
	size_t digits = 0;

	if (slice_starts_fold(line, "Page ") && line.length <= 16)
		line = slice_trim((struct slice){ line.data + 5, line.length - 5 });
	for (size_t i = 0; i < line.length; i++) {
		char c = line.data[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (c != '-' && c != ' ' && !(digits > 0 && (c == 'o' || c == 'f')))
			return false;
	}
	return digits > 0 && digits <= 6 && line.length <= 12;
}

static bool
is_running_head(struct slice line)
{
	size_t length = phrase_begins(line, "Federal Communications Commission");
	struct slice number = slice_trim((struct slice){ line.data + length, line.length - length });

	return length > 0 && document_number_length(number) == number.length && number.length > 0;
}

/* A page ends inside of a line: lines stay those that an editor counts. */
static bool
lines_split(struct page *page)
{
	struct buffer lines = { 0 };
	bool pages = strchr(page->text, '\f') != NULL;
	unsigned number = 1;

	for (char *at = page->text; *at != '\0';) {
		char *end = strchr(at, '\n');
		struct line *line = buffer_extend(&lines, sizeof *line, SIZE_MAX / 2);

		if (line == NULL) {
			buffer_end(&lines);
			return false;
		}
		for (char *c = at; c < end; c++)
			/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): all is written. */
			if (*c == '\f') {
				*c = ' ';
				number++;
			}
		*line = (struct line){ { at, (size_t)(end - at) }, pages ? number : 0, false };
		line->furniture = is_page_number(slice_trim(line->text)) || is_running_head(slice_trim(line->text));
		at = end + 1;
	}
	page->lines = lines.data;
	page->line_count = lines.length / sizeof(struct line);
	return true;
}

static bool
flow_make(struct page *page)
{
	size_t size = strlen(page->text) + 2;

	page->flow = malloc(size);
	page->flow_line = malloc(size * sizeof *page->flow_line);
	if (page->flow == NULL || page->flow_line == NULL)
		return false;
	for (size_t i = 0; i < page->line_count; i++) {
		struct slice line = page->lines[i].text;
		bool word = false;

		for (size_t k = 0; k < line.length && !page->lines[i].furniture; k++) {
			if (line.data[k] == ' ' || line.data[k] == '\t') {
				word = false;
				continue;
			}
			if (!word && page->flow_length > 0) {
				page->flow[page->flow_length] = ' ';
				page->flow_line[page->flow_length++] = (unsigned)i + 1;
			}
			word = true;
			page->flow[page->flow_length] = line.data[k];
			page->flow_line[page->flow_length++] = (unsigned)i + 1;
		}
	}
	page->flow[page->flow_length] = '\0';
	return true;
}

int
page_begin(struct page *page, const char *path, const char *text, size_t length, struct error *error)
{
	const char *why;

	*page = (struct page){ 0 };
	if (length > LIMIT_NOTICE_BYTES)
		return error_set(error, EX_DATAERR, "%s: is longer than %d bytes; no document of the FCC is", path,
				 LIMIT_NOTICE_BYTES);
	why = refusal((struct slice){ text, length });
	if (why != NULL)
		return error_set(error, EX_DATAERR, "%s: %s", path, why);
	if (!text_copy(page, (struct slice){ text, length }) || !lines_split(page) || !flow_make(page))
		return no_memory(path, error);
	return 0;
}

void
page_end(struct page *page)
{
	free(page->text);
	free(page->lines);
	free(page->flow);
	free(page->flow_line);
	*page = (struct page){ 0 };
}

struct slice
flow_rest(const struct page *page, size_t place)
{
	return (struct slice){ page->flow + place, page->flow_length - place };
}

unsigned
flow_line(const struct page *page, size_t place)
{
	return place < page->flow_length ? page->flow_line[place] : (unsigned)page->line_count;
}

struct slice
line_text(const struct page *page, size_t index)
{
	return slice_trim(page->lines[index].text);
}

bool
is_between_rows(const struct page *page, size_t index)
{
	struct slice line = line_text(page, index);

	/* A number in a column of tabs is a cell. */
	return line.length == 0 || phrase_is(line, "Federal Communications Commission") ||
	       (page->lines[index].furniture &&
		memchr(page->lines[index].text.data, '\t', page->lines[index].text.length) == NULL);
}
