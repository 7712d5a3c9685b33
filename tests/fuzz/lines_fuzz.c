/* SPDX-License-Identifier: ISC
 *
 * Any bytes as each of the operator's files beside rmd.conf: read whole or refused with one line, and never a code,
 * number, day or peer that cannot be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/durable.h"
#include "rmd.h"
#include "sync/operator.h"
#include "sync/peers.h"

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

static void
require_peers(const struct peers *peers)
{
	require(peers->count <= LIMIT_PEERS);
	for (size_t i = 0; i < peers->count; i++) {
		const struct peer *peer = &peers->peers[i];
		struct peer_record record;

		require(utf8_valid(slice_of(peer->name)) && (peer->frn == 0) != (peer->number == 0));
		require(peer_decode((struct slice){ (const char *)peer->encoded, peer->length }, &record));
		require(record.frn == peer->frn && record.number == peer->number && record.role == peer->role &&
			record.key_count == peer->key_count && record.role <= RMD_ROLE_FOREIGN);
	}
}

/* peers.conf has a form of its own, and its own reader. */
static void
peers_read(const char *conf_path, const char *path)
{
	struct error error = { 0 };
	struct peers peers;

	require(peers_load(conf_path, &peers, &error) == error.code);
	require(error.code == 0 || error.code == EX_CONFIG);
	if (error.code == 0)
		require_peers(&peers);
	else
		require(strstr(error.text, path) == error.text && strchr(error.text, '\n') == NULL);
	peers_end(&peers);
}

static void
file_load(const char *conf_path, const char *path, size_t lines)
{
	struct operator_data data;
	struct calendar calendar = { 0 };
	struct error error = { 0 };
	bool no_area_codes;
	struct conf conf;

	conf_defaults(&conf);
	require(operator_load(&conf, conf_path, &data, &calendar, &no_area_codes, &error) == error.code);
	require(error.code == 0 || error.code == EX_CONFIG);
	if (error.code == 0)
		require_bounds(&data, lines);
	else
		require(strstr(error.text, path) == error.text && strchr(error.text, '\n') == NULL);
	operator_end(&data);
	calendar_end(&calendar);
	peers_read(conf_path, path);
}

/* Each in a directory of its own, made once: links to what is to be read, which never stands on a disk. */
static const char *const names[] = { "foreign-area-codes.conf", "public-safety.conf", "calendar.conf", "peers.conf" };
#define NAMES (sizeof names / sizeof names[0])
static char directories[NAMES][32];

static void
directories_remove(void)
{
	char path[LIMIT_PATH_BYTES];

	for (size_t i = 0; i < NAMES; i++)
		if (path_join(path, sizeof path, directories[i], names[i]) == 0 && unlink(path) == 0)
			(void)rmdir(directories[i]);
}

static int
directories_make(void)
{
	int file = memfd_create("lines", MFD_CLOEXEC);
	char target[64], path[LIMIT_PATH_BYTES];

	require(file >= 0 && snprintf(target, sizeof target, "/proc/self/fd/%d", file) > 0);
	for (size_t i = 0; i < NAMES; i++) {
		memcpy(directories[i], P_tmpdir "/rmd-fuzz-XXXXXX", sizeof P_tmpdir "/rmd-fuzz-XXXXXX");
		require(mkdtemp(directories[i]) != NULL);
		require(path_join(path, sizeof path, directories[i], names[i]) == 0 && symlink(target, path) == 0);
	}
	require(atexit(directories_remove) == 0);
	return file;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[LIMIT_PATH_BYTES], conf_path[LIMIT_PATH_BYTES];
	static int file = -1;
	size_t lines = 1;

	if (file < 0)
		file = directories_make();
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	require(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
	for (size_t i = 0; i < NAMES; i++) {
		require(path_join(path, sizeof path, directories[i], names[i]) == 0);
		require(path_join(conf_path, sizeof conf_path, directories[i], "rmd.conf") == 0);
		file_load(conf_path, path, lines);
	}
	return 0;
}
