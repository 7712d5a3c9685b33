/* SPDX-License-Identifier: ISC
 *
 * The command line of rmdexport, read into one struct. Nothing is opened or looked up here.
 */
#ifndef EXPORT_OPTIONS_H
#define EXPORT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum mode { MODE_ONE, MODE_ALL, MODE_HELP, MODE_VERSION };

/* A domain name has at most 253 characters (RFC 1035); here a dot and a NUL follow, and a mailbox's dots are escaped.
 */
#define DOMAIN_SIZE 512

struct options {
	enum mode mode;
	const struct format *format; /* MODE_ONE */
	const char *conf_path;       /* NULL: the one compiled in */
	const char *directory;       /* NULL: the one compiled in */
	const char *output;          /* a file, or for a format of several files a directory; NULL: standard output */
	const char *all;             /* the directory of --all */
	bool since_given;
	uint32_t since;
	char name_server[DOMAIN_SIZE]; /* absolute names, as a zone has them */
	char contact[DOMAIN_SIZE];
};

extern const char options_help[];

/* 0, or EX_USAGE and the error names the option or value. */
int
options_parse(struct options *options, int argc, char **argv, struct error *error);

/* NULL: there is no format of that name. */
const struct format *
format_find(struct slice name);

#endif
