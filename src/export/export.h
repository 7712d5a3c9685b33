/* SPDX-License-Identifier: ISC
 *
 * What a format of rmdexport is: a name, the files that it consists of, and who writes each. A new one is a file with
 * a writer and a row in formats.c.
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdbool.h>

#include "base/stream.h"
#include "export/options.h"
#include "rmd.h"

/* What a writer works with. */
struct edition {
	const struct options *options;
	const char *directory; /* of the snapshot */
	struct rmd *rmd;
	struct rmd_info info; /* of the snapshot that is exported */
	int64_t now;
	uint32_t serial; /* for the writer of a format that has one */
	struct stream out;
	struct error *error;
	struct rmd_filing filing; /* of the last answer, where it was asked for */
	char filing_buffer[RMD_FILING_BUFFER_SIZE];
	char out_buffer[LIMIT_OUTPUT_BYTES];
};

/* Writes one file, whole. 0, or the error's code; a failure of edition->out is not a writer's matter. */
typedef int
export_writer(struct edition *edition);

struct part {
	const char *file; /* its name in the directory of --all, or in the format's own */
	export_writer *write;
	/* For files that count their versions: the one that the beginning of an old file bears; 0: none. NULL: no
	 * count. */
	uint32_t (*serial)(struct slice text);
};

#define PARTS_MAX 3
struct format {
	const char *name;
	bool since;            /* can hold only what changed since a generation */
	const char *directory; /* its own below that of --all, where it has several files; NULL: none */
	struct part parts[PARTS_MAX];
};

/* Ends with a row without a name. */
extern const struct format formats[];

export_writer address_list_export;
export_writer csv_export;
export_writer dns_export;
export_writer htable_version_export;
export_writer htable_export;
export_writer html_export;
export_writer json_export;
export_writer prometheus_export;
export_writer rbldnsd_export;
export_writer redis_export;

uint32_t
dns_serial(struct slice text);

/* Everything that the options ask for. The exit code of the contract, and the error where there is something to tell.
 */
int
export_run(const struct options *options, struct error *error);

#endif
