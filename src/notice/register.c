/* SPDX-License-Identifier: ISC
 *
 * The files of the register: which there are, and how one is written without ever being half there, or being one that
 * the next run cannot read. What stands in them as XML is xml.c's.
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
/* An element that an edit puts in: a name, a key, a date. */
#define ELEMENT_BYTES 128

/* The whole file into an empty buffer. 0, or 78 or 73. */
static int
file_read(const char *path, struct buffer *text, mode_t *mode, struct error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	ssize_t got;
	char *data = NULL;
	size_t room;

	if (file < 0 || fstat(file, &status) != 0) {
		error_set(error, error_code(EX_CONFIG), "%s: %s", path, strerror(errno));
		goto out;
	}
	if (!S_ISREG(status.st_mode) || status.st_size > LIMIT_NOTICE_BYTES) {
		error_set(error, EX_CONFIG, "%s: is no file of at most %d bytes", path, LIMIT_NOTICE_BYTES);
		goto out;
	}
	*mode = status.st_mode & 0777;
	room = (size_t)status.st_size;
	data = buffer_extend(text, room, LIMIT_NOTICE_BYTES);
	if (data == NULL) {
		error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
		goto out;
	}
	text->length = 0;
	while (text->length < room && (got = read(file, data + text->length, room - text->length)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			error_set(error, EX_CONFIG, "%s: %s", path, strerror(errno));
			goto out;
		}
		text->length += (size_t)got;
	}
out:
	if (file >= 0)
		close(file);
	return error->code;
}

static int
digest_of(struct slice text, char digest[DIGEST_TEXT_SIZE], struct error *error)
{
	struct digest *sum = digest_begin();

	if (sum != NULL && digest_update(sum, text.data, text.length) != 0) {
		digest_drop(sum);
		sum = NULL;
	}
	if (sum == NULL || digest_end(sum, digest) != 0)
		return error_set(error, EX_CANTCREAT, "the digest of a document cannot be computed");
	return 0;
}

static int
text_load(const char *path, struct slice text, struct notice *notice, struct error *error)
{
	if (notice_parse(path, text, notice, error) != 0)
		return error->code;
	if (!notice_set(&notice->path, slice_of(path)))
		error_set(error, EX_CANTCREAT, "%s: not enough memory", path);
	else
		digest_of(text, notice->digest, error);
	if (error->code != 0)
		notice_end(notice);
	return error->code;
}

int
notice_load(const char *path, struct notice *notice, struct error *error)
{
	struct buffer text = { 0 };
	mode_t mode;

	*notice = (struct notice){ 0 };
	if (file_read(path, &text, &mode, error) == 0)
		text_load(path, (struct slice){ text.data, text.length }, notice, error);
	buffer_end(&text);
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

static bool
is_there(const char *path)
{
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int
documents_load(const char *directory, struct dirent **entries, int count, struct notice_register *result, bool *gone,
	       struct error *error)
{
	char path[LIMIT_PATH_BYTES];

	result->notices = calloc((size_t)count + 1, sizeof *result->notices);
	if (result->notices == NULL)
		return error_set(error, EX_CANTCREAT, "%s: not enough memory", directory);
	for (int i = 0; i < count; i++) {
		if (path_join(path, sizeof path, directory, entries[i]->d_name) != 0)
			return error_set(error, EX_CONFIG, "%s: the path is too long", directory);
		if (notice_load(path, &result->notices[result->count], error) != 0) {
			*gone = !is_there(path);
			return error->code;
		}
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

/* *gone: a document that was listed is not there any more. */
static int
register_read(const char *directory, struct notice_register *result, bool *gone, struct error *error)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, is_document, alphasort);

	*result = (struct notice_register){ 0 };
	*gone = false;
	if (count < 0)
		return errno == ENOENT
			       ? 0
			       : error_set(error, error_code(EX_CONFIG), "%s: %s", directory, strerror(errno));
	if (count > LIMIT_NOTICES)
		error_set(error, EX_CONFIG, "%s: has more than %d documents", directory, LIMIT_NOTICES);
	else
		documents_load(directory, entries, count, result, gone, error);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	if (error->code != 0)
		register_end(result);
	return error->code;
}

int
register_load(const char *directory, struct notice_register *result, struct error *error)
{
	bool gone = true;

	/* One that was renamed must not be missed: no verdict without it. */
	for (int attempts = 0; gone && attempts < LIMIT_REGISTER_ATTEMPTS; attempts++) {
		*error = (struct error){ 0 };
		register_read(directory, result, &gone, error);
	}
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

/* An id as the name of a file: what a shell, a program or a directory could take for something else becomes a hyphen;
 * at the beginning an underscore, for a name must be neither hidden nor an option. */
static void
name_of(char name[NAME_MAX + 1], const char *id)
{
	size_t length = 0;

	for (; length < LIMIT_NOTICE_NAME && id[length] != '\0'; length++) {
		char c = ascii_lower(id[length]);
		bool plain =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (length > 0 && (c == '_' || c == '.'));

		name[length] = plain ? id[length] : length > 0 ? '-' : '_';
	}
	memcpy(name + length, NOTICE_SUFFIX, sizeof NOTICE_SUFFIX);
}

/* What is not read back by a run is not written. `notice` becomes what the text says. */
static int
text_check(const char *path, struct slice text, struct notice *notice, struct error *error)
{
	if (text_load(path, text, notice, error) == EX_CONFIG)
		error->code = EX_DATAERR;
	return error->code;
}

static int
text_store(const char *directory, const char *path, struct slice text, mode_t mode, struct error *error)
{
	const char *slash = strrchr(path, '/');

	if (durable_write(directory, slash != NULL ? slash + 1 : path, text.data, text.length, mode) != 0)
		return error_set(error, EX_CANTCREAT, "%s: cannot be written: %s; nothing was changed", path,
				 strerror(errno));
	return 0;
}

static int
directory_make(const char *directory, struct error *error)
{
	char parent[LIMIT_PATH_BYTES];

	if (mkdir(directory, 0755) != 0)
		return errno == EEXIST
			       ? 0
			       : error_set(error, EX_CANTCREAT, "%s: cannot be made: %s", directory, strerror(errno));
	if (path_join(parent, sizeof parent, directory, "..") != 0 || durable_sync_directory(parent) != 0)
		return error_set(error, EX_CANTCREAT, "%s: %s", directory, strerror(errno));
	return 0;
}

int
notice_store(const char *directory, struct notice *notice, const char *remarks, struct error *error)
{
	char path[LIMIT_PATH_BYTES], name[NAME_MAX + 1];
	struct notice stored = { 0 };
	size_t length = 0;
	char *text = NULL;
	int lock = -1;

	name_of(name, notice->id);
	if (path_join(path, sizeof path, directory, name) != 0)
		return error_set(error, EX_CANTCREAT, "%s: the path is too long", directory);
	if (directory_make(directory, error) != 0 || (lock = directory_lock(directory, error)) < 0)
		return error->code;
	if (is_there(path)) {
		error_set(error, EX_CANTCREAT, "%s: is there already; nothing was changed", path);
		goto out;
	}
	text = notice_print(notice, remarks, &length);
	if (text == NULL)
		error_set(error, EX_CANTCREAT, "%s: not enough memory; nothing was changed", path);
	else if (text_check(path, (struct slice){ text, length }, &stored, error) == 0 &&
		 text_store(directory, path, (struct slice){ text, length }, NOTICE_MODE, error) == 0 &&
		 !notice_set(&notice->path, slice_of(path)))
		error_set(error, EX_CANTCREAT, "%s: not enough memory, but the document was written", path);
out:
	notice_end(&stored);
	free(text);
	close(lock);
	return error->code;
}

/* A document under change. */
struct edit {
	const char *path;
	char directory[LIMIT_PATH_BYTES];
	int lock;
	struct buffer text;
	mode_t mode;
	struct notice notice; /* as it was, and then as it shall be */
	size_t matched;       /* the provider that got a key, counted from 1; 0: none */
};

static int
edit_begin(struct edit *edit, const char *path, struct error *error)
{
	const char *slash = strrchr(path, '/');

	*edit = (struct edit){ .path = path };
	slice_copy(edit->directory, sizeof edit->directory,
		   slash != NULL ? (struct slice){ path, (size_t)(slash - path) } : slice_of("."));
	/* Held until it is written again: nobody else's words are lost between. */
	edit->lock = directory_lock(edit->directory, error);
	if (edit->lock >= 0 && file_read(path, &edit->text, &edit->mode, error) == 0)
		notice_parse(path, (struct slice){ edit->text.data, edit->text.length }, &edit->notice, error);
	return error->code;
}

/* A place that was found wrongly would give one provider's key to another. */
static int
edit_verify(struct edit *edit, const struct notice *after, struct error *error)
{
	size_t expected_length = 0, length = 0;
	char *expected, *text;

	/* It is dated as whichever of its keys stands last. */
	if (edit->matched > 0 && edit->matched <= after->provider_count)
		edit->notice.providers[edit->matched - 1].matched_at = after->providers[edit->matched - 1].matched_at;
	expected = notice_print(&edit->notice, NULL, &expected_length);
	text = notice_print(after, NULL, &length);
	if (expected == NULL || text == NULL)
		error_set(error, EX_CANTCREAT, "%s: not enough memory; nothing was changed", edit->path);
	else if (length != expected_length || memcmp(text, expected, length) != 0)
		error_set(error, EX_DATAERR, "%s: cannot be amended as it is written; nothing was changed",
			  edit->path);
	free(expected);
	free(text);
	return error->code;
}

static int
edit_end(struct edit *edit, struct error *error)
{
	const struct slice text = { edit->text.data, edit->text.length };
	struct notice after = { 0 };

	if (error->code == 0 && text_check(edit->path, text, &after, error) == 0 &&
	    edit_verify(edit, &after, error) == 0)
		text_store(edit->directory, edit->path, text, edit->mode, error);
	notice_end(&after);
	notice_end(&edit->notice);
	buffer_end(&edit->text);
	if (edit->lock >= 0)
		close(edit->lock);
	return error->code;
}

static int
key_amend(struct edit *edit, const char *name, const char *key, const struct moment *at, struct error *error)
{
	const size_t provider = edit->matched - 1;
	char date[TIME_TEXT_SIZE], element[ELEMENT_BYTES];
	const struct notice_amendment amendment = { .provider = &provider, .name = name, .element = element };

	moment_format(date, at);
	if (snprintf(element, sizeof element, "<%s match=\"operator\" date=\"%s\">%s</%s>", name, date, key, name) <
	    0)
		element[0] = '\0';
	edit->notice.providers[provider].matched = true;
	return notice_amend(edit->path, &edit->text, &amendment, error);
}

/* A key that stands there already stays as it is: the document's own word is not made the operator's. */
static int
keys_amend(struct edit *edit, uint64_t frn, uint32_t number, const struct moment *at, struct error *error)
{
	struct notice_provider *provider = &edit->notice.providers[edit->matched - 1];
	char key[11];

	if (frn != 0 && frn != provider->frn) {
		provider->frn = frn;
		frn_format(key, frn);
		key_amend(edit, "frn", key, at, error);
	}
	if (error->code == 0 && number != 0 && number != provider->number) {
		provider->number = number;
		rmd_number_format(key, number);
		key_amend(edit, "rmd", key, at, error);
	}
	return error->code;
}

int
notice_edit_match(const char *path, size_t provider, uint64_t frn, uint32_t number, const struct moment *at,
		  struct error *error)
{
	struct edit edit;

	if (edit_begin(&edit, path, error) == 0) {
		edit.matched = provider + 1;
		if (provider < edit.notice.provider_count)
			keys_amend(&edit, frn, number, at, error);
		else
			error_set(error, EX_DATAERR, "%s: names %zu providers, and none of the index %zu", path,
				  edit.notice.provider_count, provider);
	}
	return edit_end(&edit, error);
}

/* `attribute`: one more beside the date; then beside others of that name, too. */
static int
record_amend(struct edit *edit, const char *name, const char *attribute, const struct moment *at, struct error *error)
{
	char date[TIME_TEXT_SIZE], element[ELEMENT_BYTES];
	const struct notice_amendment amendment = { .name = name,
						    .element = element,
						    .beside = attribute[0] != '\0' };

	moment_format(date, at);
	if (snprintf(element, sizeof element, "<%s%s date=\"%s\"/>", name, attribute, date) < 0)
		element[0] = '\0';
	return notice_amend(edit->path, &edit->text, &amendment, error);
}

int
notice_edit_response(const char *path, enum notice_response_kind kind, const struct moment *at, struct error *error)
{
	struct notice_response *response;
	char attribute[ELEMENT_BYTES / 2];
	struct edit edit;

	if (snprintf(attribute, sizeof attribute, " kind=\"%s\"", notice_response_name(kind)) < 0)
		attribute[0] = '\0';
	if (edit_begin(&edit, path, error) == 0) {
		response = notice_add_response(&edit.notice);
		if (response != NULL) {
			*response = (struct notice_response){ kind, *at };
			record_amend(&edit, "response", attribute, at, error);
		} else {
			error_set(error, EX_DATAERR, "%s: takes no response beside the %zu that it has", path,
				  edit.notice.response_count);
		}
	}
	return edit_end(&edit, error);
}

int
notice_edit_fcc_notified(const char *path, const struct moment *at, struct error *error)
{
	struct edit edit;

	if (edit_begin(&edit, path, error) == 0) {
		edit.notice.fcc_notified = *at;
		record_amend(&edit, "fcc-notified", "", at, error);
	}
	return edit_end(&edit, error);
}

int
notice_edit_blocking_began(const char *path, const struct moment *at, struct error *error)
{
	struct edit edit;

	if (edit_begin(&edit, path, error) == 0) {
		edit.notice.blocking_began = *at;
		record_amend(&edit, "blocking-began", "", at, error);
	}
	return edit_end(&edit, error);
}
