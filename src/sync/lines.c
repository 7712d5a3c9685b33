/* SPDX-License-Identifier: ISC
 *
 * Plain line files. Every line is read or refused; none is skipped in silence.
 */
#include "sync/lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

int
lines_read(const char *path, lines_item *item, void *context, bool *found, struct error *error)
{
	char line[LIMIT_CONF_LINE + 2];
	unsigned number = 0;
	FILE *file = fopen(path, "re");

	*found = file != NULL;
	if (file == NULL) {
		if (errno == ENOENT)
			return 0;
		return error_set(error, EX_CONFIG, "%s: %s; the old snapshot keeps serving", path, strerror(errno));
	}
	while (error->code == 0 && fgets(line, sizeof line, file) != NULL) {
		struct slice text = slice_of(line);
		const char *why = "";

		number++;
		if (text.length == sizeof line - 1 && text.data[text.length - 1] != '\n')
			error_set(error, EX_CONFIG, "%s:%u: the line is longer than %d bytes; nothing was changed", path,
				  number, LIMIT_CONF_LINE);
		text = slice_trim(text);
		if (error->code != 0 || text.length == 0 || text.data[0] == '#')
			continue;
		if (!item(context, text, &why))
			error_set(error, EX_CONFIG, "%s:%u: \"%.*s\" %s; nothing was changed", path, number,
				  (int)text.length, text.data, why);
		else if (number == LIMIT_CONF_LINES)
			error_set(error, EX_CONFIG, "%s:%u: more than %d lines; nothing was changed", path, number,
				  LIMIT_CONF_LINES);
	}
	if (error->code == 0 && ferror(file) != 0)
		error_set(error, EX_CONFIG, "%s: %s; nothing was changed", path, strerror(errno));
	if (fclose(file) != 0 && error->code == 0)
		error_set(error, EX_CONFIG, "%s: %s; nothing was changed", path, strerror(errno));
	return error->code;
}
