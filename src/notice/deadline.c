/* SPDX-License-Identifier: ISC
 *
 * A day that a document may print several times, sure or not: what becomes of it. What announces it is not known
 * here.
 */
#include "notice/reading.h"

static const char two_days[] = "another day is given elsewhere";

void
deadline_add(struct deadline *deadline, struct deadline another)
{
	bool sure = another.why[0] == '\0';

	if (!sure)
		another.date = DAY_NONE;
	if (deadline->length == 0 || (sure && deadline->date == DAY_NONE && deadline->why != two_days))
		*deadline = another;
	else if (sure && deadline->date != DAY_NONE && deadline->date != another.date)
		*deadline = (struct deadline){ DAY_NONE, another.place, another.length, two_days };
}

int
deadline_tell(struct import *import, const char *field, const struct deadline *deadline, bool open, day *target)
{
	unsigned line = flow_line(&import->page, deadline->place);
	char text[11];

	if (deadline->date == DAY_NONE)
		return doubt_add(import, field,
				 slice_part(import->flow, deadline->place, deadline->place + deadline->length), line,
				 open, deadline->why);
	*target = deadline->date;
	day_format(text, deadline->date);
	return finding_add(import, field, slice_of(text), line);
}

size_t
deadline_read(const struct import *import, size_t place, struct deadline *deadline)
{
	struct slice rest = flow_rest(&import->page, place);
	bool doubtful = false;

	*deadline = (struct deadline){ .date = DAY_NONE, .place = place, .why = "" };
	deadline->length = date_read(rest, &deadline->date, &doubtful);
	if (deadline->length == 0) {
		deadline->date = DAY_NONE;
		deadline->length = date_like(rest);
	}
	if (deadline->length > 0 && deadline->date == DAY_NONE)
		deadline->why = "it is no date that there is";
	else if (doubtful)
		deadline->why = "letters among its digits, or not the weekday that it says";
	return deadline->length;
}
