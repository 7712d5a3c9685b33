/* SPDX-License-Identifier: ISC
 *
 * A little world for the tests that need a snapshot: a directory of their own, lists written row by row, nights that
 * are run with run(). What a test expects must not enter.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/time.h"
#include "sync/run.h"

/* A row names only the columns that its test is about; the rest are usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define COMPLETE "Complete STIR/SHAKEN Implementation"
#define PARTIAL "Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation"

static char world[64];        /* the directory */
static char world_conf[128];  /* rmd.conf */
static char world_state[128]; /* the state directory */
static char world_list[128];  /* the list of the next night */

struct row {
	const char *number, *frn, *name, *other_frns, *implementation, *roles /* VGI, - for No */, *recertified;
};

static void
world_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
world_policy(const char *policy)
{
	char text[512], path[160];

	snprintf(text, sizeof text,
		 "[guard]\nminimum-rows = 1\nvanished-rows = 1000\nvanished-percent = 100\nchanged-percent = "
		 "100\nrejected-percent = 100\n[policy]\n%s\n",
		 policy);
	world_write(world_conf, text);
	snprintf(path, sizeof path, "%s/foreign-area-codes.conf", world);
	world_write(path, "# Toronto\n416\n");
	snprintf(path, sizeof path, "%s/public-safety.conf", world);
	world_write(path, "+12025550911\n");
}

static int
world_begin(void **state)
{
	(void)state;
	strcpy(world, "/tmp/rmd-world.XXXXXX");
	if (mkdtemp(world) == NULL)
		return -1;
	snprintf(world_conf, sizeof world_conf, "%s/rmd.conf", world);
	snprintf(world_state, sizeof world_state, "%s/state", world);
	snprintf(world_list, sizeof world_list, "%s/list.csv", world);
	world_policy("");
	return 0;
}

static int
world_remove(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
	(void)status;
	(void)flag;
	(void)walk;
	return remove(path);
}

static int
world_end(void **state)
{
	(void)state;
	return nftw(world, world_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static void
world_rows(const struct row *rows, size_t count)
{
	FILE *file = fopen(world_list, "w");

	assert_non_null(file);
	fputs("number,frn,business_name,other_frns,foreign_voice_provider,implementation,voice_service_provider_"
	      "choice,"
	      "gateway_provider_choice,intermediate_provider_choice,last_recertified\n",
	      file);
	for (size_t i = 0; i < count; i++) {
		const char *roles = rows[i].roles != NULL ? rows[i].roles : "V--";

		fprintf(file, "%s,%s,\"%s\",\"%s\",No,%s,%s,%s,%s,%s\n", rows[i].number, rows[i].frn, rows[i].name,
			rows[i].other_frns != NULL ? rows[i].other_frns : "",
			rows[i].implementation != NULL ? rows[i].implementation : COMPLETE,
			roles[0] == 'V' ? "Yes" : "No", roles[1] == 'G' ? "Yes" : "No",
			roles[2] == 'I' ? "Yes" : "No", rows[i].recertified != NULL ? rows[i].recertified : "");
	}
	assert_int_equal(fclose(file), 0);
}

/* One run over the list as it is, at that time; the code is the one expected. */
static struct report
world_run(const char *at, int code)
{
	char source[160];
	struct run_options options = {
		.conf_path = world_conf,
		.conf_required = true,
		.directory = world_state,
		.source = source,
		.quiet = true,
		.as_of = time_parse(slice_of(at)),
		.now = time_parse(slice_of(at)),
	};
	struct error error = { 0 };
	struct report report;
	int got;

	snprintf(source, sizeof source, "file://%s", world_list);
	got = run(&options, &report, &error);
	if (got != code)
		fail_msg("the run ended with %d, not %d: %s", got, code, error.text);
	return report;
}

static struct report __attribute__((unused)) world_night(const char *at, const struct row *rows, size_t count)
{
	world_rows(rows, count);
	return world_run(at, 0);
}

#define NIGHT(at, ...)                                                                                               \
	world_night(at, (const struct row[]){ __VA_ARGS__ },                                                         \
		    sizeof(const struct row[]){ __VA_ARGS__ } / sizeof(struct row))

#endif
