/* SPDX-License-Identifier: ISC
 *
 * One failure and its line. Nothing here prints.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

int
error_set(struct error *error, int code, const char *format, ...)
{
	va_list arguments;

	if (error->code != 0)
		return error->code;
	error->code = code;
	va_start(arguments, format);
	if (vsnprintf(error->text, sizeof error->text, format, arguments) < 0)
		error->text[0] = '\0';
	va_end(arguments);
	/* What a stranger's file says may hold escape sequences; a terminal must not obey them. */
	for (char *c = error->text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return code;
}
