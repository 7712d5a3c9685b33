/* SPDX-License-Identifier: ISC
 *
 * One failure and its line. Nothing here prints.
 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* U+0080 to U+009F are controls too, and these turn the direction of writing. */
static bool
is_control_sequence(const unsigned char *c)
{
	return (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f) ||
	       (c[0] == 0xe2 && c[1] == 0x80 && ((c[2] >= 0xaa && c[2] <= 0xae) || c[2] == 0x8e || c[2] == 0x8f)) ||
	       (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9);
}

/* What a stranger's file says may hold escape sequences; a terminal must not obey them. */
static void
controls_replace(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
		if (*c < 0x20 || *c == 0x7f)
			*c = '?';
		else if (is_control_sequence(c))
			for (size_t length = c[0] == 0xc2 ? 2 : 3; length > 0; length--)
				c[length - 1] = '?';
	}
}

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
	controls_replace(error->text);
	return code;
}

int
error_code(int otherwise)
{
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? EX_TEMPFAIL : otherwise;
}

int
option_refused(const char *program, int answer, char **argv, struct error *error)
{
	const char *word = argv[optind - 1];

	if (answer == ':')
		return error_set(error, EX_USAGE, "%s needs a value; see %s --help", word, program);
	if (optopt > 0 && optopt < 256 && strncmp(word, "--", 2) != 0)
		return error_set(error, EX_USAGE, "unknown option -%c; see %s --help", optopt, program);
	return error_set(error, EX_USAGE, "unknown, ambiguous or misused option %s; see %s --help", word, program);
}
