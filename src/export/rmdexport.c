/* SPDX-License-Identifier: ISC
 *
 * rmdexport: the answers of the snapshot for programs that ask elsewhere. Parses, runs, maps to an exit code, and
 * nothing else.
 */
#include <signal.h>

#include "export/export.h"

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
