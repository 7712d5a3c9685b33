/* SPDX-License-Identifier: ISC
 *
 * A filing, whole, as a caller gets it. Which one to show is decided elsewhere.
 */
#ifndef LIB_FILINGS_H
#define LIB_FILINGS_H

#include "cache/reader.h"
#include "rmd.h"

/* As it was after the check at `checked_at`. A number of 0, or no snapshot, gives an empty filing. Status: RMD_OK,
 * RMD_ERROR_DAMAGED, RMD_ERROR_TOO_LONG. */
enum rmd_status
filing_fill(const struct snapshot *snapshot, uint32_t number, int64_t checked_at, struct rmd_filing *target);

#endif
