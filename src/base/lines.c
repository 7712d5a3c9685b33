/* SPDX-License-Identifier: ISC
 *
 * Plain line files. Every line is read or refused; none is skipped in silence.
 */
#include "base/lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/limits.h"

FILE *
lines_open(const char *path, struct error *error)
{
	int file = file_open(path);
	FILE *stream = file >= 0 ? fdopen(file, "r") : NULL;

	if (stream != NULL)
		return stream;
	if (errno != ENOENT)
		error_set(error, error_code(EX_CONFIG), "%s: %s; nothing was changed", path,
			  errno == ESPIPE ? "is a pipe, no file" : strerror(errno));
	if (file >= 0)
		(void)close(file);
	return NULL;
}

bool
line_next(FILE *file, const char *path, unsigned *number, char *line, size_t size, struct error *error)
{
	size_t length = 0;
	int c = 0;

	while (c != '\n' && length + 1 < size && (c = getc(file)) != EOF)
		line[length++] = (char)c;
	line[length] = '\0';
	if (ferror(file) != 0)
		error_set(error, EX_CONFIG, "%s: %s; nothing was changed", path, strerror(errno));
	if (error->code != 0 || length == 0)
		return false;
	if (++*number > LIMIT_CONF_LINES)
		error_set(error, EX_CONFIG, "%s:%u: more than %d lines; nothing was changed", path, *number,
			  LIMIT_CONF_LINES);
	else if (memchr(line, '\0', length) != NULL)
		error_set(error, EX_CONFIG, "%s:%u: the line holds a NUL; nothing was changed", path, *number);
	else if (length + 1 == size && c != '\n')
		error_set(error, EX_CONFIG, "%s:%u: the line is longer than %zu bytes; nothing was changed", path,
			  *number, size - 2);
	return error->code == 0;
}

int
lines_read(const char *path, lines_item *item, void *context, bool *found, struct error *error)
{
	char line[LIMIT_CONF_LINE + 1];
	unsigned number = 0;
	FILE *file = lines_open(path, error);

	*found = file != NULL;
	if (file == NULL)
		return error->code;
	while (error->code == 0 && line_next(file, path, &number, line, sizeof line, error)) {
		struct slice text = slice_trim(slice_of(line));
		const char *why = "";

		if (text.length > 0 && text.data[0] != '#' && !item(context, text, &why))
			error_set(error, EX_CONFIG, "%s:%u: \"%.*s\" %s; nothing was changed", path, number,
				  (int)text.length, text.data, why);
	}
	if (fclose(file) != 0)
		error_set(error, EX_CONFIG, "%s: %s; nothing was changed", path, strerror(errno));
	return error->code;
}
