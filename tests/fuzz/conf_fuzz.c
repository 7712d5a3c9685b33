/* SPDX-License-Identifier: ISC
 *
 * Any bytes as rmd.conf: read whole or refused with one line, and whatever is read is within its bounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sync/conf.h"

#define LINE_BYTES (LIMIT_CONF_LINE - 1)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_text(const char *text)
{
	require(memchr(text, '\0', CONF_VALUE_SIZE) != NULL && strlen(text) <= LINE_BYTES);
}

static void
require_bounds(const struct conf *conf)
{
	const uint64_t a_day = 86400, decade = 3650 * a_day;

	require(conf->source_count >= 1 && conf->source_count <= LIMIT_SOURCES);
	for (uint64_t i = 0; i < conf->source_count; i++)
		require_text(conf->source[i]);
	require(conf->source[0][0] != '\0');
	require_text(conf->ca_file);
	require_text(conf->proxy);
	require_text(conf->contact);
	require_text(conf->export_formats);
	require_text(conf->hooks_directory);
	require(conf->format <= DECODE_XML && conf->role_mismatch_accepted <= 1);
	require(conf->max_bytes >= 1 && conf->max_bytes <= UINT64_C(1) << 40);
	require(conf->connect_timeout >= 1 && conf->connect_timeout <= a_day);
	require(conf->total_timeout >= 1 && conf->total_timeout <= a_day);
	require(conf->retry_for <= a_day && conf->hooks_timeout >= 1 && conf->hooks_timeout <= a_day);
	require(conf->guard.minimum_rows <= LIMIT_ROWS && conf->guard.vanished_rows <= LIMIT_ROWS);
	require(conf->guard.contiguous_rows <= LIMIT_ROWS && conf->guard.relisted_rows <= LIMIT_ROWS);
	require(conf->guard.vanished_percent <= 100 && conf->guard.changed_percent <= 100);
	require(conf->guard.rejected_percent <= 100 && conf->guard.release_after <= decade);
	require(conf->max_age <= decade && conf->missing_grace <= decade && conf->removal_grace <= 365);
	require(conf->keep <= LIMIT_KEEP);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int file = memfd_create("rmd.conf", MFD_CLOEXEC);
	struct error error = { 0 };
	struct conf conf;
	char path[64];

	require(file >= 0 && write(file, data, size) == (ssize_t)size);
	require(snprintf(path, sizeof path, "/proc/self/fd/%d", file) > 0);
	conf_defaults(&conf);
	require(conf_read(&conf, path, true, &error) == error.code);
	(void)close(file);
	require(error.code == 0 || error.code == EX_CONFIG);
	if (error.code == 0)
		require_bounds(&conf);
	else
		require(strstr(error.text, path) == error.text && strchr(error.text, '\n') == NULL);
	return 0;
}
