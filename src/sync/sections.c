/* SPDX-License-Identifier: ISC
 *
 * inih, with what it would pass over in silence refused: indented lines, long ones, comments behind a value.
 */
#include "sync/sections.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/lines.h"

/* A file while inih reads it. */
struct reading {
	const struct sections *sections;
	const char *path;
	FILE *file;
	unsigned line; /* the last one read: inih hands each to its handler before it reads the next */
	struct error *error;
};

/* What is wrong with a line of which inih would drop a part in silence, or which it would join to the key before;
 * NULL when nothing is. */
static const char *
line_wrong(const struct reading *reading, const char *line)
{
	struct slice text = slice_trim(slice_of(line));

	if (text.length == 0 || line[0] == '#' || line[0] == ';')
		return NULL;
	if (text.data != line)
		return "is indented";
	for (size_t i = 1; i < text.length; i++)
		if ((text.data[i] == '#' || text.data[i] == ';') &&
		    (text.data[i - 1] == ' ' || text.data[i - 1] == '\t'))
			return "must not have a comment behind it";
	if (text.data[0] != '[')
		return NULL;
	if (text.data[text.length - 1] != ']' ||
	    !reading->sections->begin(reading->sections->context, (struct slice){ text.data + 1, text.length - 2 },
				      reading->line))
		return "is not the name of a section";
	return NULL;
}

/* Hands inih the next line, if it is one that both understand alike. */
static char *
line_read(char *line, int size, void *context)
{
	struct reading *reading = context;
	size_t room = (size_t)size < LIMIT_CONF_LINE + 1 ? (size_t)size : LIMIT_CONF_LINE + 1;
	const char *wrong;

	if (reading->error->code != 0 ||
	    !line_next(reading->file, reading->path, &reading->line, line, room, reading->error))
		return NULL;
	wrong = line_wrong(reading, line);
	if (wrong != NULL) {
		struct slice text = slice_trim(slice_of(line));

		error_set(reading->error, EX_CONFIG, "%s:%u: \"%.*s\" %s; nothing was changed", reading->path,
			  reading->line, (int)text.length, text.data, wrong);
	}
	return reading->error->code == 0 ? line : NULL;
}

static int
handle(void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;

	return reading->sections->key(reading->sections->context, section, name, value, reading->line) == 0;
}

int
sections_read(const char *path, const struct sections *sections, bool *found, struct error *error)
{
	struct reading reading = { sections, path, lines_open(path, error), 0, error };
	int line;

	*found = reading.file != NULL;
	if (reading.file == NULL)
		return error->code;
	line = ini_parse_stream(line_read, &reading, handle, &reading);
	if (line != 0)
		error_set(error, EX_CONFIG, "%s:%d: neither a section, nor a key and its value; nothing was changed",
			  path, line);
	if (fclose(reading.file) != 0)
		error_set(error, EX_CONFIG, "%s: %s; nothing was changed", path, strerror(errno));
	return error->code;
}
