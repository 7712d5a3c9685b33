/* SPDX-License-Identifier: ISC
 *
 * rmdnotice: the register of the FCC's letters and orders. Parses, runs, maps to an exit code, and nothing else.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "notice/command.h"
#include "rmd.h"

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

	umask(022);
	descriptors_hold();
	/* A reader or a server that went away is an I/O error, told by write. */
	(void)signal(SIGPIPE, SIG_IGN);
	code = options_parse(&options, argc, argv, &error);
	if (code == 0)
		code = options.command == COMMAND_HELP      ? text_write("", options_help, "", &error)
		       : options.command == COMMAND_VERSION ? text_write("rmdnotice ", rmd_version(), "\n", &error)
							    : command_run(&options, &error);
	if (error.code != 0)
		complain("rmdnotice", error.text);
	return code;
}
