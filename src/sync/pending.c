/* SPDX-License-Identifier: ISC
 *
 * pending.N.json: the summary in its first line; in its second, once there is one, the name of the last hook that was
 * started. Nothing is run here.
 */
#include "sync/pending.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/text.h"

#define PREFIX "pending."
#define EVENT_SUFFIX ".json"
#define DIFFERENCE_SUFFIX ".jsonl"

/* The number in the name of an event's file; 0: it is another file. */
static uint32_t
number_of(const char *name)
{
	size_t length = strlen(name), around = sizeof PREFIX - 1 + sizeof EVENT_SUFFIX - 1;
	uint64_t number;

	if (length <= around || strncmp(name, PREFIX, sizeof PREFIX - 1) != 0 ||
	    strcmp(name + length - (sizeof EVENT_SUFFIX - 1), EVENT_SUFFIX) != 0 ||
	    !slice_decimal((struct slice){ name + sizeof PREFIX - 1, length - around }, UINT32_MAX - 1, &number))
		return 0;
	return (uint32_t)number;
}

/* The smallest number behind `after`, 0: none; the largest; how many there are. 0, or -1 with errno. */
static int
numbers_look(const char *directory, uint32_t after, uint32_t *next, uint32_t *last, uint32_t *count)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;
	int status;

	*next = *last = *count = 0;
	if (stream == NULL)
		return -1;
	errno = 0;
	while ((entry = readdir(stream)) != NULL) {
		uint32_t number = number_of(entry->d_name);

		*count += number != 0;
		if (number > *last)
			*last = number;
		if (number > after && (*next == 0 || number < *next))
			*next = number;
	}
	status = errno == 0 ? 0 : -1;
	return closedir(stream) == 0 ? status : -1;
}

static int
name_set(char *name, size_t size, uint32_t number, const char *suffix)
{
	int length = snprintf(name, size, PREFIX "%u%s", number, suffix);

	return length > 0 && (size_t)length < size ? 0 : -1;
}

/* The two lines of an event's file. False: it has others. */
static bool
event_parse(struct pending *pending, const char *text)
{
	size_t summary = strcspn(text, "\n"), started;

	if (summary == 0 || summary >= sizeof pending->summary || text[summary] != '\n')
		return false;
	memcpy(pending->summary, text, summary);
	pending->summary[summary] = '\0';
	text += summary + 1;
	started = strcspn(text, "\n");
	if (started >= sizeof pending->started)
		return false;
	memcpy(pending->started, text, started);
	pending->started[started] = '\0';
	return true;
}

uint32_t
pending_number(const char *directory, uint32_t *count)
{
	uint32_t next, last;

	return numbers_look(directory, 0, &next, &last, count) == 0 ? last + 1 : 0;
}

int
pending_next(const char *directory, struct pending *pending)
{
	char name[64], path[LIMIT_PATH_BYTES], text[sizeof pending->summary + sizeof pending->started + 2];
	uint32_t next, last, count;
	ssize_t got;
	int file;

	if (numbers_look(directory, pending->number, &next, &last, &count) != 0)
		return -1;
	if (next == 0)
		return 0;
	pending->number = next;
	if (name_set(name, sizeof name, next, EVENT_SUFFIX) != 0 ||
	    path_join(path, sizeof path, directory, name) != 0)
		return -1;
	file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (file < 0)
		return -1;
	got = read(file, text, sizeof text - 1);
	if (close(file) != 0 || got < 0)
		return -1;
	text[got] = '\0';
	if (event_parse(pending, text))
		return 1;
	errno = EINVAL;
	return -1;
}

int
pending_write(const char *directory, const struct pending *pending)
{
	char name[64], text[sizeof pending->summary + sizeof pending->started + 2];
	int length;

	length = snprintf(text, sizeof text, "%s\n%s%s", pending->summary, pending->started,
			  pending->started[0] != '\0' ? "\n" : "");
	if (length < 0 || name_set(name, sizeof name, pending->number, EVENT_SUFFIX) != 0)
		return -1;
	return durable_write(directory, name, text, (size_t)length, 0644);
}

int
pending_remove(const char *directory, const struct pending *pending)
{
	char name[64], path[LIMIT_PATH_BYTES], difference[LIMIT_PATH_BYTES];

	if (name_set(name, sizeof name, pending->number, EVENT_SUFFIX) != 0 ||
	    path_join(path, sizeof path, directory, name) != 0 ||
	    pending_difference_path(difference, directory, pending->number) != 0)
		return -1;
	if (unlink(path) != 0 || (unlink(difference) != 0 && errno != ENOENT))
		return -1;
	return durable_sync_directory(directory);
}

int
pending_difference_path(char path[LIMIT_PATH_BYTES], const char *directory, uint32_t number)
{
	char name[64];

	if (name_set(name, sizeof name, number, DIFFERENCE_SUFFIX) != 0)
		return -1;
	return path_join(path, LIMIT_PATH_BYTES, directory, name);
}
