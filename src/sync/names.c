/* SPDX-License-Identifier: ISC
 *
 * Free text as names. The filers' separators are also in the names ("Smith, Jones & Co, Inc."), so a comma splits and
 * does not: the pieces are names, each few neighbours together are one, and so is all that stands between two
 * semicolons. One name too many costs a line; one that is lost is never found.
 */
#include "sync/names.h"

#include <string.h>

#include "base/name.h"
#include "cache/record.h"
#include "rmd.h"
#include "sync/fold.h"

/* A name with as many commas less one is found whole in a longer list. */
#define PIECES_TOGETHER 4

struct naming {
	struct buffer *record;
	struct slice text; /* of the column */
	uint8_t column;
	unsigned count;
	bool no_memory;
};

/* Filers who have none say so in many ways (source.md): folded, with initials joined. */
static bool
is_placeholder(struct slice name)
{
	static const char *const words[] = { "none",         "na",
					     "n a",          "no",
					     "non",          "nine",
					     "nona",         "not applicable",
					     "null",         "see list in attached rmp",
					     "already filed" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (slice_equal_fold(name, words[i]))
			return true;
	return name_is_form(name);
}

static void
add(struct naming *naming, struct slice name, enum rmd_name_kind kind)
{
	unsigned char encoded[NAME_ENCODED_MAX];
	char folded[LIMIT_NAME_KEY_BYTES];
	struct name_record record = { .column = naming->column, .kind = (uint8_t)kind, .folded = { folded, 0 } };
	size_t bytes;
	void *place;

	name = slice_trim(name);
	if (name.length == 0 || naming->count == LIMIT_FILING_NAMES || naming->no_memory)
		return;
	if (!name_fold(folded, name, &record.folded.length)) {
		naming->no_memory = true;
		return;
	}
	record.folded.length = name_join_initials(folded, record.folded.length);
	if (record.folded.length == 0 || (kind != RMD_NAME_BUSINESS && is_placeholder(record.folded)))
		return;
	record.begin = (uint32_t)(name.data - naming->text.data);
	record.length = (uint16_t)(name.length < UINT16_MAX ? name.length : UINT16_MAX);
	bytes = name_encode(&record, encoded);
	place = buffer_extend(naming->record, bytes, SIZE_MAX / 2);
	naming->no_memory = place == NULL;
	naming->count++;
	if (place != NULL)
		memcpy(place, encoded, bytes);
}

static bool
is_letter(char c)
{
	c = ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The length of "d/b/a", "D.B.A." and the like at the beginning of the text, and what it makes of the name behind it;
 * 0: there is none. */
static size_t
mark_length(struct slice text, enum rmd_name_kind *kind)
{
	static const struct {
		const char *letters;
		enum rmd_name_kind kind;
	} marks[] = {
		{ "dba", RMD_NAME_DBA },
		{ "aka", RMD_NAME_DBA },
		{ "doingbusinessas", RMD_NAME_DBA },
		{ "fka", RMD_NAME_PREVIOUS },
		{ "formerlyknownas", RMD_NAME_PREVIOUS },
		{ "formerly", RMD_NAME_PREVIOUS },
	};

	for (size_t mark = 0; mark < sizeof marks / sizeof marks[0]; mark++) {
		const char *letter = marks[mark].letters;
		size_t i = 0;

		for (; i < text.length && *letter != '\0'; i++) {
			if (ascii_lower(text.data[i]) == *letter)
				letter++;
			else if (i == 0 || is_letter(text.data[i]))
				break;
		}
		if (*letter != '\0' || (i < text.length && is_letter(text.data[i])))
			continue;
		while (i < text.length && !is_letter(text.data[i]))
			i++;
		*kind = marks[mark].kind;
		return i;
	}
	return 0;
}

/* A name whole, which may begin with a mark by chance ("AKA Management"), and where it says "A d/b/a B", A and B too.
 */
static void
add_marked(struct naming *naming, struct slice name, enum rmd_name_kind kind)
{
	size_t begin = 0;

	add(naming, name, kind);
	for (size_t i = 0; i < name.length; i++) {
		struct slice rest = { name.data + i, name.length - i };
		enum rmd_name_kind behind = kind;
		size_t length = i > 0 && is_letter(name.data[i - 1]) ? 0 : mark_length(rest, &behind);

		if (length == 0)
			continue;
		add(naming, (struct slice){ name.data + begin, i - begin }, kind);
		/* Among the DBA and the previous names a mark says nothing new. */
		if (kind == RMD_NAME_BUSINESS)
			kind = behind;
		begin = i + length;
		i = begin - 1;
	}
	if (begin > 0)
		add(naming, (struct slice){ name.data + begin, name.length - begin }, kind);
}

static struct slice
without_comma(struct slice text)
{
	text = slice_trim(text);
	while (text.length > 0 && text.data[0] == ',') {
		text.data++;
		text.length--;
	}
	while (text.length > 0 && text.data[text.length - 1] == ',')
		text.length--;
	return slice_trim(text);
}

/* Whether nothing but legal forms stands there: "Inc." is no name, and belongs to the piece before it. */
static bool
is_form(struct slice piece)
{
	char folded[32];
	struct slice words = { folded, 0 };

	if (piece.length >= sizeof folded)
		return false;
	words.length = name_fold_ascii(folded, sizeof folded, piece);
	words.length = name_join_initials(folded, words.length);
	while (words.length > 0)
		if (!name_is_form(name_word_next(&words)))
			return false;
	return true;
}

/* The end of the piece that begins the text: at its comma, or at two spaces. */
static size_t
piece_length(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] == ',' || (text.data[i] == ' ' && i + 1 < text.length && text.data[i + 1] == ' '))
			return i;
	return text.length;
}

/* What stands between two semicolons: whole, by its pieces, and by each few pieces that stand together. */
static void
add_part(struct naming *naming, struct slice part, enum rmd_name_kind kind)
{
	const char *begins[PIECES_TOGETHER] = { NULL };
	const char *end;
	unsigned count = 0;

	part = without_comma(part);
	end = part.data + part.length;
	add_marked(naming, part, kind);
	while (part.length > 0) {
		size_t length = piece_length(part);
		const char *stop;

		/* A piece takes the legal forms behind it. */
		while (length < part.length) {
			struct slice rest = without_comma((struct slice){ part.data + length, part.length - length });
			struct slice next = { rest.data, piece_length(rest) };

			if (next.length == 0 || !is_form(next))
				break;
			length = (size_t)(next.data + next.length - part.data);
		}
		stop = part.data + length;
		memmove(begins + 1, begins, (PIECES_TOGETHER - 1) * sizeof *begins);
		begins[0] = part.data;
		count++;
		for (unsigned i = 0; i < PIECES_TOGETHER && i < count; i++) {
			struct slice name = { begins[i], (size_t)(stop - begins[i]) };

			/* All of them is what was added first. */
			if (i + 1 == count && stop == end)
				continue;
			if (i == 0)
				add_marked(naming, name, kind);
			else
				add(naming, name, kind);
		}
		part = without_comma((struct slice){ stop, (size_t)(end - stop) });
	}
}

static bool
is_separator(char c)
{
	return c == ';' || c == '\n' || c == '\r' || c == '\t' || c == '|';
}

static void
add_list(struct naming *naming, const struct filing *filing, enum column column, enum rmd_name_kind kind)
{
	struct slice text = filing->text[column];
	size_t begin = 0;

	naming->text = text;
	naming->column = (uint8_t)column;
	for (size_t i = 0; text.length > 0 && i <= text.length; i++) {
		if (i < text.length && !is_separator(text.data[i]))
			continue;
		add_part(naming, (struct slice){ text.data + begin, i - begin }, kind);
		begin = i + 1;
	}
}

bool
names_encode(const struct filing *filing, struct buffer *record)
{
	struct naming naming = {
		.record = record,
		.text = filing->text[COLUMN_BUSINESS_NAME],
		.column = COLUMN_BUSINESS_NAME,
	};

	record->length = 0;
	add_marked(&naming, naming.text, RMD_NAME_BUSINESS);
	add_list(&naming, filing, COLUMN_OTHER_DBA_NAMES, RMD_NAME_DBA);
	add_list(&naming, filing, COLUMN_PREVIOUS_DBA_NAMES, RMD_NAME_PREVIOUS);
	return !naming.no_memory;
}
