/* SPDX-License-Identifier: ISC
 *
 * What takes an order's force away: a reinstatement on file, or a provider that the database had not, and has again.
 * Notices and their clocks must not enter.
 */
#ifndef SYNC_LIFTING_H
#define SYNC_LIFTING_H

#include "sync/build.h"

/* Fills `lifted` and `relisted` of the documents in a plan that packed_plan has put in order. 0, or 73 and one
 * line. */
int
lifting_fill(const struct build_request *request, struct packed_plan *plan, struct error *error);

#endif
