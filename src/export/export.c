/* SPDX-License-Identifier: ISC
 *
 * Which formats are written, and where to. How a format looks must not enter.
 */
#include "export/export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/time.h"
#include "export/replace.h"
#include "sync/conf.h"

static int
snapshot_begin(struct edition *edition)
{
	enum rmd_status status = rmd_open(edition->directory, &edition->rmd);

	if (status == RMD_OK)
		status = rmd_info(edition->rmd, &edition->info);
	if (status == RMD_ERROR_SYSTEM && errno != 0)
		return error_set(edition->error, EX_NOINPUT,
				 "%s/rmd.mdb: %s (%s); nothing is written, old files stay", edition->directory,
				 rmd_strerror(status), strerror(errno));
	if (status != RMD_OK)
		return error_set(edition->error, EX_NOINPUT, "%s/rmd.mdb: %s; nothing is written, old files stay",
				 edition->directory, rmd_strerror(status));
	return 0;
}

/* Tells which file was replaced: whoever has to reload it sees by an empty output that there is nothing to do. */
static int
replaced_tell(const char *directory, const char *name, struct error *error)
{
	char buffer[LIMIT_PATH_BYTES];
	struct stream out = { STDOUT_FILENO, buffer, sizeof buffer, 0, 0, NULL };

	if (strcmp(directory, ".") != 0) {
		stream_escaped(&out, slice_of(directory), false);
		stream_text(&out, directory[strlen(directory) - 1] == '/' ? "" : "/");
	}
	stream_escaped(&out, slice_of(name), false);
	stream_text(&out, "\n");
	return stream_finish(&out, 0, error);
}

static int
part_export(struct edition *edition, const struct part *part, const char *directory, const char *name)
{
	bool replaced;

	if (part_replace(edition, part, directory, name, &replaced) == 0 && replaced)
		replaced_tell(directory, name, edition->error);
	return edition->error->code;
}

static int
parts_export(struct edition *edition, const struct format *format, const char *directory)
{
	if (mkdir(directory, 0755) != 0 && errno != EEXIST)
		return error_set(edition->error, EX_CANTCREAT, "%s: %s; nothing is written", directory,
				 strerror(errno));
	for (size_t i = 0; i < PARTS_MAX && format->parts[i].file != NULL; i++)
		if (part_export(edition, &format->parts[i], directory, format->parts[i].file) != 0)
			break;
	return edition->error->code;
}

/* One file, wherever the operator wants it. */
static int
file_export(struct edition *edition, const struct part *part, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char directory[LIMIT_PATH_BYTES] = ".";

	if (slash != NULL)
		slice_copy(directory, sizeof directory,
			   (struct slice){ path, slash == path ? 1 : (size_t)(slash - path) });
	if (name[0] == '\0' || strlen(path) >= sizeof directory)
		return error_set(edition->error, EX_USAGE, "--output \"%s\" does not name a file", path);
	return part_export(edition, part, directory, name);
}

static int
one_run(struct edition *edition)
{
	const struct format *format = edition->options->format;
	const char *output = edition->options->output;

	if (format->directory != NULL)
		return parts_export(edition, format, output);
	if (output != NULL)
		return file_export(edition, &format->parts[0], output);
	edition->serial = (uint32_t)edition->now;
	return part_write(edition, &format->parts[0], STDOUT_FILENO, "standard output", EX_IOERR);
}

static int
format_run(struct edition *edition, const struct format *format)
{
	char directory[LIMIT_PATH_BYTES];

	if (format->directory == NULL)
		return part_export(edition, &format->parts[0], edition->options->all, format->parts[0].file);
	if (path_join(directory, sizeof directory, edition->options->all, format->directory) != 0)
		return error_set(edition->error, EX_CANTCREAT, "%s: the path is too long", edition->options->all);
	return parts_export(edition, format, directory);
}

/* The next word of a list. */
static struct slice
word_next(struct slice *text)
{
	struct slice word;

	*text = slice_trim(*text);
	word = (struct slice){ text->data, 0 };
	while (word.length < text->length && text->data[word.length] != ' ' && text->data[word.length] != '\t')
		word.length++;
	text->data += word.length;
	text->length -= word.length;
	return word;
}

/* The words are looked at before anything is written. */
static int
formats_check(const struct conf *conf, const char *path, struct error *error)
{
	struct slice text = slice_of(conf->export_formats);
	struct slice word;

	while ((word = word_next(&text)).length > 0)
		if (format_find(word) == NULL)
			return error_set(error, EX_CONFIG,
					 "%s: formats = \"%.*s\" is none of ours; nothing is written", path,
					 (int)word.length, word.data);
	return 0;
}

/* A format that cannot be written does not keep the others from it; the first failure is the run's. */
static int
all_run(struct edition *edition, const struct conf *conf)
{
	struct slice text = slice_of(conf->export_formats);
	struct error *first = edition->error;
	struct slice word;

	while ((word = word_next(&text)).length > 0) {
		struct error error = { 0, "" };

		edition->error = &error;
		format_run(edition, format_find(word));
		if (error.code != 0 && first->code == 0)
			*first = error;
		else if (error.code != 0)
			complain("rmdexport", error.text);
	}
	edition->error = first;
	return first->code;
}

int
export_run(const struct options *options, struct error *error)
{
	const char *conf_path = options->conf_path != NULL ? options->conf_path : RMD_CONF;
	struct edition *edition = calloc(1, sizeof *edition);
	struct conf conf;

	if (edition == NULL)
		return error_set(error, EX_SOFTWARE, "memory is short; nothing is written");
	*edition = (struct edition){ .options = options, .info = RMD_INFO_INIT, .filing = RMD_FILING_INIT };
	edition->directory = options->directory != NULL ? options->directory : RMD_STATE_DIRECTORY;
	edition->now = time_now();
	edition->error = error;
	edition->filing.buffer = edition->filing_buffer;
	edition->filing.buffer_size = sizeof edition->filing_buffer;
	conf_defaults(&conf);
	if ((options->mode == MODE_ALL || options->conf_path != NULL) &&
	    (conf_read(&conf, conf_path, options->conf_path != NULL, error) != 0 ||
	     formats_check(&conf, conf_path, error) != 0)) {
		free(edition);
		return error->code;
	}
	if (snapshot_begin(edition) == 0)
		options->mode == MODE_ALL ? all_run(edition, &conf) : one_run(edition);
	rmd_close(edition->rmd);
	free(edition);
	return error->code;
}
