/* SPDX-License-Identifier: ISC
 *
 * What stands beside rmd.conf, compiled into the form that the snapshot carries: the policy, the public-safety
 * numbers, the area codes that are not US, the calendar.
 */
#ifndef SYNC_OPERATOR_H
#define SYNC_OPERATOR_H

#include "cache/record.h"
#include "notice/calendar.h"
#include "sync/conf.h"

/* The files are looked for beside `conf_path`. *no_area_codes tells that there is no foreign-area-codes.conf, so that
 * every NANP number counts as US. The calendar, which is empty before, is for the register too, and the caller's to
 * end. 0, or 78 and one line. */
int
operator_load(const struct conf *conf, const char *conf_path, struct operator_data *data, struct calendar *calendar,
	      bool *no_area_codes, struct error *error);

void
operator_end(struct operator_data *data);

#endif
