/* SPDX-License-Identifier: ISC
 *
 * One table of keys. A key that does not stand in it, and a value that is not of its kind, stop the run.
 */
#include "sync/conf.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sync/sections.h"

enum kind { KIND_TEXT, KIND_SOURCE, KIND_FORMAT, KIND_SIZE, KIND_DURATION, KIND_COUNT, KIND_PERCENT, KIND_MISMATCH };

static const struct key {
	const char *section;
	const char *name;
	enum kind kind;
	size_t offset;
	uint64_t minimum;
	uint64_t maximum;
} keys[] = {
	{ "source", "url", KIND_SOURCE, offsetof(struct conf, source), 0, 0 },
	{ "source", "format", KIND_FORMAT, offsetof(struct conf, format), 0, 0 },
	{ "source", "ca-file", KIND_TEXT, offsetof(struct conf, ca_file), 0, 0 },
	{ "source", "proxy", KIND_TEXT, offsetof(struct conf, proxy), 0, 0 },
	{ "source", "contact", KIND_TEXT, offsetof(struct conf, contact), 0, 0 },
	{ "limits", "max-bytes", KIND_SIZE, offsetof(struct conf, max_bytes), 1, UINT64_C(1) << 40 },
	{ "limits", "connect-timeout", KIND_DURATION, offsetof(struct conf, connect_timeout), 1, 86400 },
	{ "limits", "total-timeout", KIND_DURATION, offsetof(struct conf, total_timeout), 1, 86400 },
	{ "limits", "retry-for", KIND_DURATION, offsetof(struct conf, retry_for), 0, 86400 },
	{ "guard", "minimum-rows", KIND_COUNT, offsetof(struct conf, guard.minimum_rows), 0, LIMIT_ROWS },
	{ "guard", "vanished-rows", KIND_COUNT, offsetof(struct conf, guard.vanished_rows), 0, LIMIT_ROWS },
	{ "guard", "vanished-percent", KIND_PERCENT, offsetof(struct conf, guard.vanished_percent), 0, 100 },
	{ "guard", "contiguous-rows", KIND_COUNT, offsetof(struct conf, guard.contiguous_rows), 0, LIMIT_ROWS },
	{ "guard", "relisted-rows", KIND_COUNT, offsetof(struct conf, guard.relisted_rows), 0, LIMIT_ROWS },
	{ "guard", "changed-percent", KIND_PERCENT, offsetof(struct conf, guard.changed_percent), 0, 100 },
	{ "guard", "rejected-percent", KIND_PERCENT, offsetof(struct conf, guard.rejected_percent), 0, 100 },
	{ "guard", "release-after", KIND_DURATION, offsetof(struct conf, guard.release_after), 0, 3650 * 86400ULL },
	{ "policy", "max-age", KIND_DURATION, offsetof(struct conf, max_age), 0, 3650 * 86400ULL },
	{ "policy", "missing-grace", KIND_DURATION, offsetof(struct conf, missing_grace), 0, 3650 * 86400ULL },
	{ "policy", "removal-grace", KIND_COUNT, offsetof(struct conf, removal_grace), 0, 365 },
	{ "policy", "role-mismatch", KIND_MISMATCH, offsetof(struct conf, role_mismatch_accepted), 0, 0 },
	{ "history", "keep", KIND_COUNT, offsetof(struct conf, keep), 0, LIMIT_KEEP },
	{ "export", "formats", KIND_TEXT, offsetof(struct conf, export_formats), 0, 0 },
	{ "hooks", "directory", KIND_TEXT, offsetof(struct conf, hooks_directory), 0, 0 },
	{ "hooks", "timeout", KIND_DURATION, offsetof(struct conf, hooks_timeout), 1, 86400 },
};

/* A file while it is read. */
struct reading {
	struct conf *conf;
	const char *path;
	bool sources;                                 /* the file has named one, so the default is gone */
	unsigned given[sizeof keys / sizeof keys[0]]; /* the line of each key; 0: none yet */
	struct error *error;
};

void
conf_defaults(struct conf *conf)
{
	memset(conf, 0, sizeof *conf);
	slice_copy(conf->source[0], sizeof conf->source[0], slice_of(DEFAULT_SOURCE));
	conf->source_count = 1;
	conf->format = DECODE_AUTO;
	conf->max_bytes = 256 * 1024 * 1024;
	conf->connect_timeout = 30;
	conf->total_timeout = 15 * 60;
	conf->retry_for = 10 * 60;
	conf->guard = (struct guard_limits){
		.minimum_rows = 1000,
		.vanished_rows = 250,
		.vanished_percent = 5,
		.contiguous_rows = 20,
		.relisted_rows = 100,
		.changed_percent = 50,
		.rejected_percent = 1,
		.release_after = 12 * 3600,
	};
	conf->max_age = 72 * 3600;
	conf->keep = 7;
	slice_copy(conf->export_formats, sizeof conf->export_formats, slice_of("dns csv"));
	slice_copy(conf->hooks_directory, sizeof conf->hooks_directory, slice_of("hooks.d"));
	conf->hooks_timeout = 30;
}

/* A number and a unit's letter. Where the number must have its unit, 0 alone may stand without. */
static bool
unit_parse(struct slice text, const char *units, const uint64_t *factors, bool unit_needed, uint64_t *value)
{
	uint64_t number, factor = 1;
	const char *unit;

	if (text.length == 0)
		return false;
	unit = memchr(units, text.data[text.length - 1], strlen(units));
	if (unit != NULL) {
		factor = factors[unit - units];
		text.length--;
	}
	if (!slice_decimal(text, INT64_MAX / factor, &number) || (unit == NULL && unit_needed && number != 0))
		return false;
	*value = number * factor;
	return true;
}

bool
duration_parse(struct slice text, uint64_t *seconds)
{
	static const uint64_t factors[] = { 1, 60, 3600, 86400 };

	return unit_parse(text, "smhd", factors, true, seconds);
}

bool
size_parse(struct slice text, uint64_t *bytes)
{
	static const uint64_t factors[] = { 1024, 1024 * 1024, 1024 * 1024 * 1024 };

	return unit_parse(text, "KMG", factors, false, bytes);
}

/* The value of a word out of a list that ends in NULL. */
static bool
word_parse(const char *const *words, struct slice text, uint64_t *value)
{
	for (*value = 0; words[*value] != NULL; ++*value)
		if (slice_equal(text, slice_of(words[*value])))
			return true;
	return false;
}

static bool
source_add(struct reading *reading, struct slice text)
{
	struct conf *conf = reading->conf;

	if (!reading->sources)
		conf->source_count = 0;
	reading->sources = true;
	if (text.length == 0 || conf->source_count == LIMIT_SOURCES)
		return false;
	slice_copy(conf->source[conf->source_count++], CONF_VALUE_SIZE, text);
	return true;
}

/* What a value must be, for the person who wrote another one; NULL when it is fine. */
static const char *
value_set(struct reading *reading, const struct key *key, struct slice text)
{
	static const char *const formats[] = { "auto", "csv", "xml", NULL };
	static const char *const mismatch[] = { "refuse", "accept", NULL };
	char *place = (char *)reading->conf + key->offset;
	uint64_t *number = (uint64_t *)(void *)place;
	const char *must = NULL;

	switch (key->kind) {
	case KIND_TEXT:
		slice_copy(place, CONF_VALUE_SIZE, text);
		return NULL;
	case KIND_SOURCE:
		return source_add(reading, text) ? NULL : "must be an address, and there can be 8";
	case KIND_FORMAT:
		return word_parse(formats, text, number) ? NULL : "must be auto, csv or xml";
	case KIND_MISMATCH:
		return word_parse(mismatch, text, number) ? NULL : "must be refuse or accept";
	case KIND_SIZE:
		must = size_parse(text, number) ? NULL : "must be a size such as 256M";
		break;
	case KIND_DURATION:
		must = duration_parse(text, number) ? NULL : "must be a time such as 90s, 15m, 12h or 30d";
		break;
	case KIND_COUNT:
	case KIND_PERCENT:
		must = slice_decimal(text, INT64_MAX, number) ? NULL : "must be a whole number";
		break;
	}
	if (must == NULL && *number > key->maximum)
		must = "is larger than any that makes sense";
	else if (must == NULL && *number < key->minimum)
		must = "must not be 0";
	return must;
}

static int
key_read(void *context, const char *section, const char *name, const char *value, unsigned line)
{
	struct reading *reading = context;
	const size_t count = sizeof keys / sizeof keys[0];
	const struct key *key;
	const char *must;
	size_t i = 0;

	while (i < count && (strcmp(section, keys[i].section) != 0 || strcmp(name, keys[i].name) != 0))
		i++;
	if (i == count) {
		error_set(reading->error, EX_CONFIG, "%s:%u: unknown key \"%s\" in section [%s]; nothing was changed",
			  reading->path, line, name, section);
		return reading->error->code;
	}
	key = &keys[i];
	if (reading->given[i] != 0 && key->kind != KIND_SOURCE) {
		error_set(reading->error, EX_CONFIG, "%s:%u: %s stands in line %u too; nothing was changed",
			  reading->path, line, name, reading->given[i]);
		return reading->error->code;
	}
	reading->given[i] = line;
	must = value_set(reading, key, slice_of(value));
	if (must != NULL)
		error_set(reading->error, EX_CONFIG, "%s:%u: %s = \"%s\" %s; nothing was changed", reading->path,
			  line, name, value, must);
	return reading->error->code;
}

static bool
is_section(void *context, struct slice name, unsigned line)
{
	(void)context;
	(void)line;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (slice_equal(name, slice_of(keys[i].section)))
			return true;
	return false;
}

int
conf_read(struct conf *conf, const char *path, bool required, struct error *error)
{
	struct reading reading = { .conf = conf, .path = path, .error = error };
	const struct sections sections = { is_section, key_read, &reading };
	bool found;

	if (sections_read(path, &sections, &found, error) == 0 && !found && required)
		error_set(error, EX_CONFIG, "%s: %s; nothing was changed", path, strerror(ENOENT));
	return error->code;
}

int
conf_beside(char *path, size_t size, const char *conf_path, const char *name, struct error *error)
{
	const char *slash = strrchr(conf_path, '/');
	char directory[LIMIT_PATH_BYTES] = ".";
	int length;

	if (slash != NULL)
		slice_copy(directory, sizeof directory,
			   (struct slice){ conf_path, slash == conf_path ? 1 : (size_t)(slash - conf_path) });
	length = name[0] == '/' ? snprintf(path, size, "%s", name) : snprintf(path, size, "%s/%s", directory, name);
	if (length < 0 || (size_t)length >= size)
		return error_set(error, EX_CONFIG, "%s: the path is too long; nothing was changed", conf_path);
	return 0;
}
