/* SPDX-License-Identifier: ISC
 *
 * rmdnotice: the register of the FCC's letters and orders. Parses, runs, maps to an exit code, and nothing else.
 */
#include <signal.h>
#include <sys/stat.h>

#include "notice/command.h"
#include "rmd.h"

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
	/* Nothing could be waited for where whoever started us ignores it. */
	(void)signal(SIGCHLD, SIG_DFL);
	code = options_parse(&options, argc, argv, &error);
	if (code == 0)
		code = options.command == COMMAND_HELP      ? text_write("", options_help, "", &error)
		       : options.command == COMMAND_VERSION ? text_write("rmdnotice ", rmd_version(), "\n", &error)
							    : command_run(&options, &error);
	if (error.code != 0)
		complain("rmdnotice", error.text);
	return code;
}
