/* SPDX-License-Identifier: ISC
 *
 * Letters folded so that what a scan confuses is one; the digits of dates, each told when it was none.
 */
#include "notice/wording.h"

#include <stdint.h>
#include <string.h>

/* Punctuation and space between two letters of a phrase: more is another sentence or column. */
#define PHRASE_GAP 6
/* The years that the register takes. */
#define YEAR_FIRST 1996
#define YEAR_LAST 2199

bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_letter(char c)
{
	c = ascii_lower(c);
	return is_digit(c) || (c >= 'a' && c <= 'z');
}

static char
letter_fold(char c)
{
	switch (c) {
	case '0':
		return 'o';
	case '1':
	case 'l':
	case 'L':
		return 'i';
	case '5':
		return 's';
	case '8':
		return 'b';
	default:
		return ascii_lower(c);
	}
}

/* The next letter, folded, behind at most `gap` bytes that are none; *at moves behind it. '\0': there is none. */
static char
letter_next(struct slice text, size_t *at, size_t gap)
{
	size_t i = *at;
	char c, next;

	while (i < text.length && i - *at < gap && !is_letter(text.data[i]))
		i++;
	if (i == text.length || !is_letter(text.data[i]))
		return '\0';
	c = letter_fold(text.data[i++]);
	next = i < text.length ? letter_fold(text.data[i]) : '\0';
	if ((c == 'r' && next == 'n') || (c == 'v' && next == 'v')) {
		c = c == 'r' ? 'm' : 'w';
		i++;
	}
	*at = i;
	return c;
}

/* Where the phrase that stands at `at` ends; 0: another stands there. */
static size_t
phrase_end(struct slice text, size_t at, struct slice phrase, size_t gap)
{
	size_t k = 0;
	char want = letter_next(phrase, &k, SIZE_MAX), got;
	bool first = true;

	while (want != '\0') {
		got = letter_next(text, &at, first ? 0 : gap);
		if (got != want)
			return 0;
		first = false;
		want = letter_next(phrase, &k, SIZE_MAX);
	}
	/* A phrase without a letter would stand everywhere. */
	if (first)
		return 0;
	if (phrase.data[phrase.length - 1] != '*' && at < text.length && is_letter(text.data[at]))
		return 0;
	return at;
}

bool
phrase_find(struct slice text, const char *phrase, size_t from, size_t to, struct span *found)
{
	struct slice wanted = slice_of(phrase);
	size_t at = 0;
	char first = letter_next(wanted, &at, SIZE_MAX);

	if (to < text.length)
		text.length = to;
	for (size_t i = from; i < text.length; i++) {
		char c = letter_fold(text.data[i]);

		/* Most places are ruled out by their letter; r may begin an m, v a w. */
		if ((c != first && (first != 'm' || c != 'r') && (first != 'w' || c != 'v')) ||
		    (i > 0 && is_letter(text.data[i - 1])))
			continue;
		*found = (struct span){ i, phrase_end(text, i, wanted, PHRASE_GAP) };
		if (found->end > 0)
			return true;
	}
	return false;
}

bool
phrase_in(struct slice text, const char *phrase)
{
	struct span found;

	return phrase_find(text, phrase, 0, SIZE_MAX, &found);
}

size_t
phrase_begins(struct slice text, const char *phrase)
{
	size_t begin = 0, end;

	while (begin < text.length && !is_letter(text.data[begin]))
		begin++;
	end = begin < text.length ? phrase_end(text, begin, slice_of(phrase), SIZE_MAX) : 0;
	return end;
}

bool
phrase_is(struct slice text, const char *phrase)
{
	size_t end = phrase_begins(text, phrase);

	return end > 0 && letter_next(text, &end, SIZE_MAX) == '\0';
}

struct slice
slice_part(struct slice text, size_t from, size_t to)
{
	/* What there is no name of has no place either. */
	if (text.data == NULL)
		return text;
	to = to < text.length ? to : text.length;
	from = from < to ? from : to;
	return slice_trim((struct slice){ text.data + from, to - from });
}

struct slice
slice_join(char *room, size_t size, struct slice first, const char *between, struct slice second)
{
	const struct slice parts[] = { first, slice_of(first.length > 0 && second.length > 0 ? between : ""),
				       second };
	size_t used = 0;

	if (parts[0].length + parts[1].length + parts[2].length >= size)
		return (struct slice){ room, 0 };
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (parts[i].length > 0)
			memmove(room + used, parts[i].data, parts[i].length);
		used += parts[i].length;
	}
	room[used] = '\0';
	return (struct slice){ room, used };
}

bool
ends_sentence(struct slice text, size_t place)
{
	return (text.data[place] == '.' || text.data[place] == '?') && place > 0 && place + 2 < text.length &&
	       text.data[place + 1] == ' ' && is_capital(text.data[place + 2]) && !is_capital(text.data[place - 1]);
}

static struct slice
behind(struct slice text, size_t length)
{
	return (struct slice){ text.data + length, text.length - length };
}

/* How sure the digits of a date are. */
enum digits { DIGITS_PRINTED, DIGITS_LIKELY, DIGITS_GUESSED };

/* A scan reads O for 0, and l or I for 1; what it reads for 5, 8 and 2 may be many a thing. -1: no digit. */
static int
digit_of(char c, enum digits *sure)
{
	static const char likely[] = "OolI|", guessed[] = "SBZ";
	const char *place;

	if (is_digit(c))
		return c - '0';
	place = c != '\0' ? strchr(likely, c) : NULL;
	if (place != NULL) {
		*sure = *sure == DIGITS_GUESSED ? DIGITS_GUESSED : DIGITS_LIKELY;
		return place - likely < 2 ? 0 : 1;
	}
	place = c != '\0' ? strchr(guessed, c) : NULL;
	if (place == NULL)
		return -1;
	*sure = DIGITS_GUESSED;
	return c == 'S' ? 5 : c == 'B' ? 8 : 2;
}

/* A number of one to `maximum` digits: the bytes it takes. */
static size_t
number_read(struct slice text, size_t maximum, int *number, enum digits *sure)
{
	size_t length = 0;

	*number = 0;
	while (length < text.length && length < maximum) {
		int digit = digit_of(text.data[length], sure);

		if (digit < 0)
			break;
		*number = 10 * *number + digit;
		length++;
	}
	return length;
}

/* Commas, full stops and spaces between the parts of a date. */
static size_t
gap_length(struct slice text)
{
	size_t length = 0;

	while (length < text.length &&
	       (text.data[length] == ' ' || text.data[length] == ',' || text.data[length] == '.'))
		length++;
	return length;
}

/* The index of the name that the text begins with, or of its first three letters; *length what it takes. -1: none. */
static int
name_read(struct slice text, const char *const names[], int count, size_t *length)
{
	if (text.length == 0 || !is_capital(text.data[0]))
		return -1;
	for (int i = 0; i < count; i++) {
		*length = phrase_end(text, 0, slice_of(names[i]), 0);
		if (*length == 0)
			*length = phrase_end(text, 0, (struct slice){ names[i], 3 }, 0);
		if (*length > 0)
			return i;
	}
	*length = 4;
	return count == 12 && phrase_end(text, 0, slice_of("Sept"), 0) > 0 ? 8 : -1;
}

static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
				      "July",    "August",   "September", "October", "November", "December" };
static const char *const weekdays[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
};

/* A weekday and a month: what they take, 0 without a month. *weekday: -1 for none. */
static size_t
month_read(struct slice text, int *weekday, int *month)
{
	size_t taken = 0, length;

	*weekday = name_read(text, weekdays, 7, &length);
	if (*weekday >= 0) {
		taken = length;
		taken += gap_length(behind(text, taken));
	}
	*month = name_read(behind(text, taken), months, 12, &length);
	if (*month < 0)
		return 0;
	taken += length;
	length = gap_length(behind(text, taken));
	return length > 0 ? taken + length : 0;
}

/* DAY_NONE for a day that does not exist, or on which no document of the register was written. */
static day
day_checked(int year, int month, int number)
{
	day date, next;

	if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || number < 1 || number > 31)
		return DAY_NONE;
	date = day_of(year, month, number);
	next = day_of(year + month / 12, month % 12 + 1, 1);
	return date < next ? date : DAY_NONE;
}

static size_t
ordinal_length(struct slice text)
{
	bool ordinal = slice_starts_fold(text, "st") || slice_starts_fold(text, "nd") ||
		       slice_starts_fold(text, "rd") || slice_starts_fold(text, "th");

	return ordinal ? 2 : 0;
}

static size_t
month_date_read(struct slice text, day *date, bool *doubtful)
{
	enum digits sure = DIGITS_PRINTED;
	int weekday, month, number, year;
	size_t taken = month_read(text, &weekday, &month), length;

	if (taken == 0)
		return 0;
	length = number_read(behind(text, taken), 2, &number, &sure);
	taken += length;
	taken += ordinal_length(behind(text, taken));
	if (length == 0 || gap_length(behind(text, taken)) == 0)
		return 0;
	taken += gap_length(behind(text, taken));
	if (number_read(behind(text, taken), 4, &year, &sure) != 4)
		return 0;
	taken += 4;
	if (taken < text.length && is_letter(text.data[taken]))
		return 0;
	*date = day_checked(year, month + 1, number);
	if (*date == DAY_NONE)
		return 0;
	*doubtful = weekday >= 0 ? weekday != day_weekday(*date) || sure == DIGITS_GUESSED : sure != DIGITS_PRINTED;
	return taken;
}

/* "7/21/2022", "07/21/22". */
static size_t
slashed_date_read(struct slice text, day *date, bool *doubtful)
{
	int parts[3];
	size_t taken = 0, lengths[3];

	for (size_t i = 0; i < 3; i++) {
		lengths[i] = 0;
		parts[i] = 0;
		while (taken < text.length && lengths[i] < 4 && is_digit(text.data[taken])) {
			parts[i] = 10 * parts[i] + (text.data[taken++] - '0');
			lengths[i]++;
		}
		if (lengths[i] == 0 || (i < 2 && (taken == text.length || text.data[taken++] != '/')))
			return 0;
	}
	if (lengths[0] > 2 || lengths[1] > 2 || (lengths[2] != 2 && lengths[2] != 4) ||
	    (taken < text.length && (is_letter(text.data[taken]) || text.data[taken] == '/')))
		return 0;
	*doubtful = lengths[2] == 2;
	*date = day_checked(lengths[2] == 2 ? 2000 + parts[2] : parts[2], parts[0], parts[1]);
	return *date != DAY_NONE ? taken : 0;
}

size_t
date_read(struct slice text, day *date, bool *doubtful)
{
	size_t length = month_date_read(text, date, doubtful);

	if (length == 0)
		length = slashed_date_read(text, date, doubtful);
	if (length > 0 || text.length < 10 || (text.length > 10 && is_letter(text.data[10])))
		return length;
	*doubtful = false;
	*date = day_parse((struct slice){ text.data, 10 });
	return *date != DAY_NONE && day_year(*date) >= YEAR_FIRST && day_year(*date) <= YEAR_LAST ? 10 : 0;
}

size_t
date_like(struct slice text)
{
	int weekday, month;
	size_t taken = month_read(text, &weekday, &month), end = taken;
	enum digits sure = DIGITS_PRINTED;
	bool digit = false;

	/* A day, which begins with something like a digit, and a year, or what became of them. */
	if (taken == 0 || taken == text.length || digit_of(text.data[taken], &sure) < 0)
		return 0;
	for (int word = 0; word < 2; word++) {
		while (end < text.length && (is_letter(text.data[end]) || text.data[end] == '|'))
			digit = is_digit(text.data[end++]) || digit;
		taken = end;
		end += gap_length(behind(text, end));
	}
	return digit ? taken : 0;
}

size_t
document_number_length(struct slice text)
{
	size_t taken = slice_starts_fold(text, "DA") ? 2 : slice_starts_fold(text, "FCC") ? 3 : 0, digits = 0;

	if (taken == 0)
		return 0;
	while (taken < text.length && (text.data[taken] == ' ' || text.data[taken] == '-'))
		taken++;
	if (slice_starts_fold(behind(text, taken), "No. "))
		taken += 4;
	if (taken + 3 > text.length || !is_digit(text.data[taken]) || !is_digit(text.data[taken + 1]) ||
	    text.data[taken + 2] != '-')
		return 0;
	taken += 3;
	while (taken < text.length && digits < 5 && is_digit(text.data[taken])) {
		taken++;
		digits++;
	}
	return digits > 0 && (taken == text.length || !is_letter(text.data[taken])) ? taken : 0;
}
