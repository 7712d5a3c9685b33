/* SPDX-License-Identifier: ISC
 *
 * Slices of text in ASCII. No locale may enter.
 */
#include "base/text.h"

#include <endian.h>
#include <string.h>

#define RMD_NUMBER_MAX 9999999
#define FRN_MAX UINT64_C(9999999999)

struct slice
slice_of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct slice
slice_trim(struct slice text)
{
	while (text.length > 0 && is_space(text.data[0])) {
		text.data++;
		text.length--;
	}
	while (text.length > 0 && is_space(text.data[text.length - 1]))
		text.length--;
	return text;
}

char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
slice_starts_fold(struct slice text, const char *prefix)
{
	size_t length = strlen(prefix);

	if (text.length < length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (ascii_lower(text.data[i]) != ascii_lower(prefix[i]))
			return false;
	return true;
}

int
hexadecimal_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
slice_equal(struct slice a, struct slice b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool
slice_equal_fold(struct slice a, const char *b)
{
	return a.length == strlen(b) && slice_starts_fold(a, b);
}

/* Eight digits at once, in the bytes of one word: first each two of them become one number, then each two of those,
 * then the last two. False: one of them is no digit. */
static bool
eight_digits(const char *text, uint32_t *value)
{
	uint64_t word;

	memcpy(&word, text, sizeof word);
	word = le64toh(word) ^ UINT64_C(0x3030303030303030);
	if (((word | (word + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) != 0)
		return false;
	word = (word * 10 + (word >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	word = (word * 100 + (word >> 16)) & UINT64_C(0x0000ffff0000ffff);
	*value = (uint32_t)(word * 10000 + (word >> 32));
	return true;
}

bool
slice_decimal(struct slice text, uint64_t maximum, uint64_t *value)
{
	uint64_t number = 0;

	if (text.length == 0 || text.length > 19)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		unsigned digit = (unsigned char)(text.data[i] - '0');

		if (digit > 9)
			return false;
		number = number * 10 + digit;
	}
	if (number > maximum)
		return false;
	*value = number;
	return true;
}

/* The length of the sequence that begins at p, 0 where it is malformed; `left` bytes may be read. The ranges of the
 * second byte are those of table 3-7 of the Unicode standard: they keep overlong forms and surrogates out. */
static size_t
utf8_sequence(const unsigned char *p, size_t left)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		length = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		length = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (left < length || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return length;
}

bool
utf8_valid(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.data;
	size_t left = text.length;

	while (left > 0) {
		uint64_t word;
		size_t step = 1;

		if (left >= sizeof word) {
			memcpy(&word, p, sizeof word);
			if ((word & UINT64_C(0x8080808080808080)) == 0) {
				p += sizeof word;
				left -= sizeof word;
				continue;
			}
		}
		if (p[0] >= 0x80) {
			step = utf8_sequence(p, left);
			if (step == 0)
				return false;
		}
		p += step;
		left -= step;
	}
	return true;
}

size_t
character_first(struct slice text, uint32_t *character)
{
	unsigned char first = (unsigned char)text.data[0];
	size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	*character = CHARACTER_INVALID;
	if (length > text.length || !utf8_valid((struct slice){ text.data, length }))
		return 1;
	*character = length == 1 ? first : first & (0x7fU >> length);
	for (size_t i = 1; i < length; i++)
		*character = *character << 6 | ((unsigned char)text.data[i] & 0x3f);
	return length;
}

bool
utf8_lossy(struct slice text)
{
	return text.length >= 3 && memmem(text.data, text.length, "\xef\xbf\xbd", 3) != NULL;
}

void
slice_copy(char *target, size_t size, struct slice text)
{
	size_t length = text.length;

	if (size == 0)
		return;
	if (length >= size) {
		length = size - 1;
		while (length > 0 && ((unsigned char)text.data[length] & 0xc0) == 0x80)
			length--;
	}
	if (length > 0)
		memcpy(target, text.data, length);
	target[length] = '\0';
}

uint32_t
rmd_number_parse(struct slice text)
{
	char digits[8] = "0";
	uint32_t number;

	if (text.length != 10 || !slice_starts_fold(text, "RMD"))
		return 0;
	memcpy(digits + 1, text.data + 3, 7);
	return eight_digits(digits, &number) ? number : 0;
}

uint64_t
frn_parse(struct slice text)
{
	unsigned first, second;
	char digits[10];
	uint32_t rest;

	if (text.length == 12 && text.data[4] == '-' && text.data[9] == '-') {
		memcpy(digits, text.data, 4);
		memcpy(digits + 4, text.data + 5, 4);
		memcpy(digits + 8, text.data + 10, 2);
		text.data = digits;
		text.length = 10;
	}
	if (text.length != 10 || !eight_digits(text.data + 2, &rest))
		return 0;
	first = (unsigned char)(text.data[0] - '0');
	second = (unsigned char)(text.data[1] - '0');
	return first <= 9 && second <= 9 ? UINT64_C(100000000) * (10 * first + second) + rest : 0;
}

uint64_t
frn_next(struct slice *text)
{
	const char *end = text->data + text->length;
	uint64_t frn = 0;

	while (text->length > 0 && frn == 0) {
		const char *begin = text->data, *p = begin;

		while (p < end && ((*p >= '0' && *p <= '9') || *p == '-'))
			p++;
		frn = frn_parse((struct slice){ begin, (size_t)(p - begin) });
		if (p < end)
			p++;
		*text = (struct slice){ p, (size_t)(end - p) };
	}
	return frn;
}

/* The way back: from two numbers of four digits to four of two, to eight of one. What is multiplied and shifted is a
 * division by 100 and by 10 that is exact this far. */
static void
eight_digits_format(char *text, uint32_t number)
{
	uint64_t word = number / 10000 | (uint64_t)(number % 10000) << 32, high;

	high = word * 10486 >> 20 & UINT64_C(0x0000007f0000007f);
	word = high | (word - high * 100) << 16;
	high = word * 103 >> 10 & UINT64_C(0x000f000f000f000f);
	word = high | (word - high * 10) << 8;
	word = htole64(word | UINT64_C(0x3030303030303030));
	memcpy(text, &word, sizeof word);
}

void
rmd_number_format(char text[11], uint32_t number)
{
	text[0] = '\0';
	if (number == 0 || number > RMD_NUMBER_MAX)
		return;
	/* Seven digits, behind a 0 that the D takes the place of. */
	eight_digits_format(text + 2, number);
	memcpy(text, "RMD", 3);
	text[10] = '\0';
}

void
frn_format(char text[11], uint64_t frn)
{
	uint32_t high;

	text[0] = '\0';
	if (frn == 0 || frn > FRN_MAX)
		return;
	high = (uint32_t)(frn / 100000000);
	text[0] = (char)('0' + high / 10);
	text[1] = (char)('0' + high % 10);
	eight_digits_format(text + 2, (uint32_t)(frn % 100000000));
	text[10] = '\0';
}

size_t
name_fold_ascii(char *target, size_t size, struct slice name)
{
	size_t length = 0;
	bool gap = false;

	for (size_t i = 0; i < name.length && length < size; i++) {
		char c = ascii_lower(name.data[i]);

		if (!is_digit(c) && !(c >= 'a' && c <= 'z') && (unsigned char)c < 0x80) {
			gap = length > 0;
			continue;
		}
		if (gap) {
			/* A name that is cut must not end in its gap. */
			if (length + 1 == size)
				break;
			gap = false;
			target[length++] = ' ';
		}
		target[length++] = c;
	}
	return length;
}
