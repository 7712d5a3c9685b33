/* SPDX-License-Identifier: ISC
 *
 * Any bytes as each of the operator's plain files: read whole or refused with one line, and never a code, number or
 * day that cannot be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/durable.h"
#include "sync/operator.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_bounds(const struct operator_data *data, size_t lines)
{
	for (unsigned code = 0; code < 1024; code++)
		if ((data->foreign_area_codes[code / 64] & UINT64_C(1) << code % 64) != 0)
			require(code >= 200 && code <= 999);
	require(data->public_safety_count <= lines);
	for (size_t i = 0; i < data->public_safety_count; i++) {
		/* The shortest that is taken is + and seven digits, the first of them not 0. */
		require(data->public_safety[i] >= 1000000 && data->public_safety[i] <= UINT64_C(999999999999999));
		require(i == 0 || data->public_safety[i - 1] < data->public_safety[i]);
	}
	/* Closures move a due day on; so many that they meet make two of them one. */
	for (int i = 1; i < DUE_YEARS; i++)
		require(data->recertification_due[i - 1] <= data->recertification_due[i]);
}

/* The file that `name` leads to, as the one that stands beside rmd.conf. */
static void
file_load(const char *directory, const char *name, const char *target, size_t lines)
{
	char path[LIMIT_PATH_BYTES], conf_path[LIMIT_PATH_BYTES];
	struct operator_data data;
	struct error error = { 0 };
	bool no_area_codes;
	struct conf conf;

	require(path_join(path, sizeof path, directory, name) == 0);
	require(path_join(conf_path, sizeof conf_path, directory, "rmd.conf") == 0);
	require(symlink(target, path) == 0);
	conf_defaults(&conf);
	require(operator_load(&conf, conf_path, &data, &no_area_codes, &error) == error.code);
	require(error.code == 0 || error.code == EX_CONFIG);
	if (error.code == 0)
		require_bounds(&data, lines);
	else
		require(strstr(error.text, path) == error.text && strchr(error.text, '\n') == NULL);
	operator_end(&data);
	require(unlink(path) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "foreign-area-codes.conf", "public-safety.conf", "calendar.conf" };
	int file = memfd_create("lines", MFD_CLOEXEC);
	char directory[] = P_tmpdir "/rmd-fuzz-XXXXXX", target[64];
	size_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	require(file >= 0 && write(file, data, size) == (ssize_t)size);
	require(snprintf(target, sizeof target, "/proc/self/fd/%d", file) > 0 && mkdtemp(directory) != NULL);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		file_load(directory, names[i], target, lines);
	require(rmdir(directory) == 0);
	(void)close(file);
	return 0;
}
