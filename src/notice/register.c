/* SPDX-License-Identifier: ISC
 *
 * The files of the register: which there are, and how one is written without ever being half there. What stands in
 * them as XML is xml.c's.
 */
#include "notice/register.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "cache/digest.h"
#include "notice/xml.h"

#define NOTICE_SUFFIX ".xml"
#define NOTICE_MODE 0644

/* The whole file, freed by the caller. NULL after error_set. */
static char *
file_read(const char *path, size_t *length, struct error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char *text = NULL;
	size_t got = 0;

	if (file < 0 || fstat(file, &status) != 0) {
		error_set(error, EX_CONFIG, "%s: %s", path, strerror(errno));
		goto out;
	}
	if (!S_ISREG(status.st_mode) || status.st_size > LIMIT_NOTICE_BYTES) {
		error_set(error, EX_CONFIG, "%s: is no file of at most %d bytes", path, LIMIT_NOTICE_BYTES);
		goto out;
	}
	text = malloc((size_t)status.st_size + 1);
	if (text == NULL) {
		error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
		goto out;
	}
	while (got < (size_t)status.st_size) {
		ssize_t bytes = read(file, text + got, (size_t)status.st_size - got);

		if (bytes < 0 && errno == EINTR)
			continue;
		if (bytes < 0) {
			error_set(error, EX_CONFIG, "%s: %s", path, strerror(errno));
			free(text);
			text = NULL;
			goto out;
		}
		if (bytes == 0)
			break;
		got += (size_t)bytes;
	}
	text[got] = '\0';
	*length = got;
out:
	if (file >= 0)
		close(file);
	return text;
}

static int
digest_of(const char *text, size_t length, char digest[DIGEST_TEXT_SIZE], struct error *error)
{
	struct digest *sum = digest_begin();

	if (sum != NULL && digest_update(sum, text, length) != 0) {
		digest_drop(sum);
		sum = NULL;
	}
	if (sum == NULL || digest_end(sum, digest) != 0)
		return error_set(error, EX_CANTCREAT, "the digest of a document cannot be computed");
	return 0;
}

int
notice_load(const char *path, struct notice *notice, struct error *error)
{
	struct notice_tree *tree = NULL;
	size_t length = 0;
	char *text;

	*notice = (struct notice){ 0 };
	text = file_read(path, &length, error);
	if (text != NULL)
		tree = notice_tree_parse(path, text, length, error);
	if (tree != NULL) {
		if (!notice_begin(notice) || !notice_set(&notice->path, slice_of(path)))
			error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
		else if (digest_of(text, length, notice->digest, error) == 0)
			notice_tree_read(tree, path, notice, error);
	}
	notice_tree_end(tree);
	free(text);
	if (error->code != 0)
		notice_end(notice);
	return error->code;
}

static int
is_document(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name), suffix = strlen(NOTICE_SUFFIX);

	return entry->d_name[0] != '.' && length > suffix &&
	       strcmp(entry->d_name + length - suffix, NOTICE_SUFFIX) == 0;
}

static int
by_id(const void *a, const void *b)
{
	const struct notice *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	return order != 0 ? order : strcmp(x->path, y->path);
}

static int
documents_load(const char *directory, struct dirent **entries, int count, struct notice_register *result,
	       struct error *error)
{
	char path[LIMIT_PATH_BYTES];

	result->notices = calloc((size_t)count + 1, sizeof *result->notices);
	if (result->notices == NULL)
		return error_set(error, EX_CANTCREAT, "%s: not enough memory", directory);
	for (int i = 0; i < count; i++) {
		if (path_join(path, sizeof path, directory, entries[i]->d_name) != 0)
			return error_set(error, EX_CONFIG, "%s: the path is too long", directory);
		if (notice_load(path, &result->notices[result->count], error) != 0)
			return error->code;
		result->count++;
	}
	if (result->count > 1)
		qsort(result->notices, result->count, sizeof *result->notices, by_id);
	for (size_t i = 1; i < result->count; i++)
		if (strcmp(result->notices[i - 1].id, result->notices[i].id) == 0)
			return error_set(error, EX_CONFIG, "%s:1: <notice>: has the id of %s, \"%s\"",
					 result->notices[i].path, result->notices[i - 1].path, result->notices[i].id);
	return 0;
}

int
register_load(const char *directory, struct notice_register *result, struct error *error)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, is_document, alphasort);

	*result = (struct notice_register){ 0 };
	if (count < 0)
		return errno == ENOENT ? 0 : error_set(error, EX_CONFIG, "%s: %s", directory, strerror(errno));
	if (count > LIMIT_NOTICES)
		error_set(error, EX_CONFIG, "%s: has more than %d documents", directory, LIMIT_NOTICES);
	else
		documents_load(directory, entries, count, result, error);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	if (error->code != 0)
		register_end(result);
	return error->code;
}

void
register_end(struct notice_register *result)
{
	for (size_t i = 0; i < result->count; i++)
		notice_end(&result->notices[i]);
	free(result->notices);
	*result = (struct notice_register){ 0 };
}

const struct notice *
register_find(const struct notice_register *result, const char *id)
{
	for (size_t i = 0; i < result->count; i++)
		if (strcmp(result->notices[i].id, id) == 0)
			return &result->notices[i];
	return NULL;
}

/* An id as the name of a file: what a shell or a directory could take for something else becomes a hyphen. */
static void
name_of(char name[NAME_MAX + 1], const char *id)
{
	size_t length = 0;

	for (; length < LIMIT_NOTICE_NAME && id[length] != '\0'; length++) {
		char c = id[length];
		bool plain = (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' ||
			     (c == '.' && length > 0);

		name[length] = plain ? c : '-';
	}
	memcpy(name + length, NOTICE_SUFFIX, sizeof NOTICE_SUFFIX);
}

static int
tree_store(const struct notice_tree *tree, const char *directory, const char *name, struct error *error)
{
	char path[LIMIT_PATH_BYTES];
	char *text = NULL;
	size_t length = 0;

	if (path_join(path, sizeof path, directory, name) != 0)
		return error_set(error, EX_CANTCREAT, "%s: the path is too long", directory);
	if (notice_tree_write(tree, path, &text, &length, error) == 0 &&
	    durable_write(directory, name, text, length, NOTICE_MODE) != 0)
		error_set(error, EX_CANTCREAT, "%s: cannot be written: %s; nothing was changed", path,
			  strerror(errno));
	free(text);
	return error->code;
}

int
notice_store(const char *directory, struct notice *notice, const char *remarks, struct error *error)
{
	char path[LIMIT_PATH_BYTES], name[NAME_MAX + 1];
	struct notice_tree *tree = NULL;
	int place = -1;

	name_of(name, notice->id);
	if (mkdir(directory, 0755) != 0 && errno != EEXIST)
		return error_set(error, EX_CANTCREAT, "%s: cannot be made: %s", directory, strerror(errno));
	if (path_join(path, sizeof path, directory, name) != 0)
		return error_set(error, EX_CANTCREAT, "%s: the path is too long", directory);
	/* Whoever makes the name first has it. */
	place = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, NOTICE_MODE);
	if (place < 0)
		return error_set(error, EX_CANTCREAT, "%s: %s", path,
				 errno == EEXIST ? "is there already; nothing was changed" : strerror(errno));
	tree = notice_tree_make(notice, remarks);
	if (tree == NULL || !notice_set(&notice->path, slice_of(path)))
		error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
	else
		tree_store(tree, directory, name, error);
	notice_tree_end(tree);
	if (close(place) != 0)
		error_set(error, EX_CANTCREAT, "%s: %s", path, strerror(errno));
	if (error->code != 0 && unlink(path) != 0)
		errno = 0;
	return error->code;
}

/* A change to a document that is on file. False: no memory. */
typedef bool
edit(struct notice_tree *tree, const void *change);

static int
notice_edit(const char *path, edit *apply, const void *change, struct error *error)
{
	char directory[LIMIT_PATH_BYTES];
	const char *slash = strrchr(path, '/');
	struct notice_tree *tree = NULL;
	struct notice after = { 0 };
	size_t length = 0;
	char *text;

	slice_copy(directory, sizeof directory,
		   slash != NULL ? (struct slice){ path, (size_t)(slash - path) } : slice_of("."));
	text = file_read(path, &length, error);
	if (text != NULL)
		tree = notice_tree_parse(path, text, length, error);
	if (tree != NULL && !apply(tree, change))
		error_set(error, EX_CANTCREAT, "%s: not enough memory; nothing was changed", path);
	/* The result must be as sound as a document that is read. */
	if (tree != NULL && error->code == 0) {
		if (!notice_begin(&after))
			error_set(error, EX_CANTCREAT, "%s: not enough memory; nothing was changed", path);
		else if (notice_tree_read(tree, path, &after, error) != 0)
			error->code = EX_DATAERR;
		notice_end(&after);
	}
	if (tree != NULL && error->code == 0)
		tree_store(tree, directory, slash != NULL ? slash + 1 : path, error);
	notice_tree_end(tree);
	free(text);
	return error->code;
}

struct match_change {
	size_t provider;
	uint64_t frn;
	uint32_t number;
	const struct moment *at;
};

static bool
match_apply(struct notice_tree *tree, const void *context)
{
	const struct match_change *change = context;

	return notice_tree_match(tree, change->provider, change->frn, change->number, change->at);
}

int
notice_edit_match(const char *path, size_t provider, uint64_t frn, uint32_t number, const struct moment *at,
		  struct error *error)
{
	const struct match_change change = { provider, frn, number, at };

	return notice_edit(path, match_apply, &change, error);
}

struct record_change {
	const char *name;
	const char *kind;
	const struct moment *at;
};

static bool
record_apply(struct notice_tree *tree, const void *context)
{
	const struct record_change *change = context;

	return notice_tree_record(tree, change->name, change->kind, change->at);
}

int
notice_edit_response(const char *path, enum notice_response_kind kind, const struct moment *at, struct error *error)
{
	const struct record_change change = { "response", notice_response_name(kind), at };

	return notice_edit(path, record_apply, &change, error);
}

int
notice_edit_fcc_notified(const char *path, const struct moment *at, struct error *error)
{
	const struct record_change change = { "fcc-notified", NULL, at };

	return notice_edit(path, record_apply, &change, error);
}

int
notice_edit_blocking_began(const char *path, const struct moment *at, struct error *error)
{
	const struct record_change change = { "blocking-began", NULL, at };

	return notice_edit(path, record_apply, &change, error);
}
