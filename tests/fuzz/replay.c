/* SPDX-License-Identifier: ISC
 *
 * Runs a fuzz target over the files of the directories given, without a fuzzer: what was once found stays fixed.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 0, or -1 where it cannot be read whole. */
static int
file_replay(int directory, const char *name)
{
	int file = openat(directory, name, O_RDONLY | O_CLOEXEC);
	uint8_t *data = NULL;
	struct stat status;
	int result = -1;
	size_t size;

	if (file < 0 || fstat(file, &status) != 0)
		goto out;
	size = (size_t)status.st_size;
	/* To the byte, so that a sanitizer sees what is read beyond. */
	data = malloc(size > 0 ? size : 1);
	if (data == NULL || read(file, data, size) != (ssize_t)size)
		goto out;
	result = LLVMFuzzerTestOneInput(data, size);
out:
	free(data);
	if (file >= 0)
		(void)close(file);
	return result;
}

/* How many inputs; -1 after a message. */
static long
directory_replay(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	long count = 0;

	if (directory == NULL) {
		perror(path);
		return -1;
	}
	while (count >= 0 && (entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (file_replay(dirfd(directory), entry->d_name) == 0) {
			count++;
		} else {
			(void)fprintf(stderr, "%s/%s: not replayed\n", path, entry->d_name);
			count = -1;
		}
	}
	(void)closedir(directory);
	return count;
}

int
main(int argc, char **argv)
{
	long total = 0;

	for (int i = 1; i < argc; i++) {
		long count = directory_replay(argv[i]);

		if (count < 0)
			return EXIT_FAILURE;
		total += count;
	}
	(void)printf("%ld inputs replayed\n", total);
	return total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
