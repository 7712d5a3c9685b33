/* SPDX-License-Identifier: ISC
 *
 * rmd.conf: what the operator chose, checked whole before anything is done.
 */
#ifndef SYNC_CONF_H
#define SYNC_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/decode.h"
#include "sync/guard.h"

#define DEFAULT_SOURCE "https://fccprod.servicenowservices.com/api/x_g_fmc_rmd/rmd/csv_download"

/* Longest value: a line less its shortest key. */
#define CONF_VALUE_SIZE (LIMIT_CONF_LINE + 1)

struct conf {
	char source[LIMIT_SOURCES][CONF_VALUE_SIZE];
	uint64_t source_count;
	uint64_t format; /* enum decode_format */
	char ca_file[CONF_VALUE_SIZE];
	char proxy[CONF_VALUE_SIZE];
	char contact[CONF_VALUE_SIZE];
	uint64_t max_bytes;
	uint64_t connect_timeout; /* seconds, as all times here */
	uint64_t total_timeout;
	uint64_t retry_for;
	struct guard_limits guard;
	uint64_t max_age;
	uint64_t missing_grace;
	uint64_t removal_grace; /* business days */
	uint64_t role_mismatch_accepted;
	uint64_t keep;
	char export_formats[CONF_VALUE_SIZE];
	char hooks_directory[CONF_VALUE_SIZE];
	uint64_t hooks_timeout;
};

/* The defaults of the manual. */
void
conf_defaults(struct conf *conf);

/* Reads `path` over what is there. A missing file is a failure only where `required`. 0, or 78 and one line with
 * file, line and key. */
int
conf_read(struct conf *conf, const char *path, bool required, struct error *error);

/* The path of a file, or directory, that stands beside rmd.conf; a `name` that is absolute is its own. 0, or 78. */
int
conf_beside(char *path, size_t size, const char *conf_path, const char *name, struct error *error);

/* `90s`, `15m`, `12h`, `30d`, or a bare 0: seconds. */
bool
duration_parse(struct slice text, uint64_t *seconds);

/* `64K`, `256M`, `2G` or bytes. */
bool
size_parse(struct slice text, uint64_t *bytes);

#endif
