/* SPDX-License-Identifier: ISC
 *
 * rmdexport: the answers of the snapshot for programs that ask elsewhere. Parses, runs, maps to an exit code, and
 * nothing else.
 */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "export/export.h"

/* A closed descriptor would be given to the next file opened. One that fails takes its place. */
static void
descriptors_hold(void)
{
	for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
		if (fcntl(file, F_GETFD) < 0)
			(void)open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int
text_write(const char *before, const char *text, const char *after, struct error *error)
{
	char buffer[256];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0 };

	stream_text(&out, before);
	stream_text(&out, text);
	stream_text(&out, after);
	return stream_finish(&out, 0, error);
}

int
main(int argc, char **argv)
{
	struct options options;
	struct error error = { 0, "" };
	int code;

	descriptors_hold();
	/* A reader that went away, and a file that may not grow, are errors of write. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	code = options_parse(&options, argc, argv, &error);
	if (code == 0)
		code = options.mode == MODE_HELP      ? text_write("", options_help, "", &error)
		       : options.mode == MODE_VERSION ? text_write("rmdexport ", rmd_version(), "\n", &error)
						      : export_run(&options, &error);
	if (error.code != 0)
		complain("rmdexport", error.text);
	return code;
}
